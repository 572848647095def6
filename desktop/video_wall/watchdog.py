"""What may be said about a picture: live, stale, frozen, gone or played back, and how old it is.

A Watch is a frozen value: the decoding thread makes the next one for each thing that happens, the main thread asks the newest
what is true now. So the state follows from the clock alone and not from when a library's read returns. Times are seconds
of one monotonic clock; "now" is an argument.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop.video_wall.budget import Thrift
from governance.camera import StreamKind


class Sight(StrEnum):
    """What an officer is told about a picture."""

    WAITING = "waiting"
    """等待地址: the server has not said yet where the stream is."""
    CONNECTING = "connecting"
    """连接中: nothing was seen yet."""
    LIVE = "live"
    """实时"""
    STALE = "stale"
    """画面滞后: no picture for two seconds."""
    FROZEN = "frozen"
    """画面冻结: pictures come, all the same."""
    RECONNECTING = "reconnecting"
    """重连中: the connection was lost; it is tried again."""
    REFUSED = "refused"
    """鉴权失败: the camera or the server says no."""
    WRONG_ADDRESS = "wrong_address"
    """地址错误: there is no such stream."""
    NO_VIDEO = "no_video"
    """无视频信号: there is a stream, and no pictures in it."""
    PLAYBACK = "playback"
    """回放: what was, never what is."""
    ENDED = "ended"
    """播放完毕: a recording came to its end."""


class Failure(StrEnum):
    """Why a stream ended or did not begin."""

    LOST = "lost"
    """Unreachable, silent, ended or garbled: trying again may help."""
    REFUSED = "refused"
    WRONG_ADDRESS = "wrong_address"
    NO_VIDEO = "no_video"
    ENDED = "ended"
    """A recording was played to its end: nothing is tried again unasked."""


NO_CODEC = "no_codec"
"""The reason of a watch where there are pictures that nothing here can decode."""
KEYS_PATIENCE_S = 4.0
"""Between two key pictures of a camera lies this much and seldom more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the watchdog waits for what."""

    stale_s: float = 2.0
    frozen_s: float = 4.0
    first_retry_s: float = 0.5
    longest_retry_s: float = 3.0
    """Lengthened by the jitter and with the time to open: a camera is live again within five seconds of its return."""
    jitter: float = 0.3
    """A wait is lengthened by up to this share, so that a whole wall does not knock at once."""
    refused_retry_s: float = 30.0
    """How long before somebody who was refused is tried again unasked: knocking on locks accounts out."""
    settled_s: float = 5.0
    """A stream that was live this long has earned the shortest wait again."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Everything known about one stream at one moment."""

    asked_at: float
    patience: Patience = Patience()
    has_address: bool = False
    frames: int = 0
    frame_at: float | None = None
    """When the last picture came."""
    changed_at: float | None = None
    """When a picture last differed from the one before it."""
    digest: int | None = None
    failure: Failure | None = None
    """Why there is no stream now; None while there is one or the first try is under way."""
    reason: str = ""
    """What the server said when it refused, for the officer."""
    retry_at: float | None = None
    tries: int = 0
    """Failures in a row."""
    live_since: float | None = None
    thrift: Thrift = Thrift.NONE
    """What the machine saves on this stream's pictures."""
    stream: StreamKind = StreamKind.SUB
    """Which stream of the camera is seen."""
    is_playback: bool = False
    """Whether this is what was, out of memory or a recording."""
    captured_at: float | None = None
    """When the camera sent the picture that is played back, where that is known."""

    def addressed(self) -> Watch:
        """An address came: now the stream is being opened."""
        return replace(self, has_address=True)

    def framed(self, now: float, digest: int | None) -> Watch:
        """A picture came; digest is None where it was not compared."""
        differs = self.changed_at is None or self.failure is not None or (digest is not None and digest != self.digest)
        since = now if self.live_since is None or self.failure is not None else self.live_since
        settled = now - since >= self.patience.settled_s
        return replace(
            self, frames=self.frames + 1, frame_at=now, changed_at=now if differs else self.changed_at,
            digest=self.digest if digest is None else digest, failure=None, reason="", retry_at=None,
            tries=0 if settled else self.tries, live_since=since, has_address=True,
        )  # fmt: skip

    def failed(self, now: float, failure: Failure, chance: float, reason: str = "", spent_s: float = 0.0) -> Watch:
        """The stream ended or did not begin; chance (0 to 1, from the caller's random numbers) sets the jitter.

        What the try took, `spent_s`, counts as waiting: a camera that never answers is asked as often as a dead one.
        """
        wait = wait_s(self.patience, failure, self.tries, chance)
        left_s = max(min(wait, self.patience.first_retry_s), wait - spent_s)
        return replace(
            self, failure=failure, reason=reason, tries=self.tries + 1, live_since=None,
            retry_at=None if failure is Failure.ENDED else now + left_s,
        )  # fmt: skip

    def retried(self, now: float) -> Watch:
        """The officer wants another try at once."""
        return self if self.failure is None else replace(self, retry_at=now, tries=0)

    def sight(self, now: float) -> Sight:
        """What is true of the picture now."""
        if self.failure is not None:
            return Sight.RECONNECTING if self.failure is Failure.LOST else Sight(self.failure)
        if self.frame_at is None or self.changed_at is None:
            return Sight.CONNECTING if self.has_address else Sight.WAITING
        if self.is_playback:
            return Sight.PLAYBACK
        seldom_s = KEYS_PATIENCE_S if self.thrift is Thrift.KEYS else 0.0
        if now - self.frame_at > self.patience.stale_s + seldom_s:
            return Sight.STALE
        if now - self.changed_at > self.patience.frozen_s + seldom_s:
            return Sight.FROZEN
        return Sight.LIVE

    def age_s(self, now: float) -> float | None:
        """Seconds since the last picture came, None before the first; of what is played back, since the camera sent it."""
        if self.is_playback:
            return None if self.captured_at is None else max(0.0, now - self.captured_at)
        return None if self.frame_at is None else max(0.0, now - self.frame_at)

    def unchanged_s(self, now: float) -> float | None:
        """Seconds since the picture last changed, None before the first."""
        return None if self.changed_at is None else max(0.0, now - self.changed_at)

    def waited_s(self, now: float) -> float:
        """Seconds since the picture was asked for."""
        return max(0.0, now - self.asked_at)


def wait_s(patience: Patience, failure: Failure, tries: int, chance: float) -> float:
    """Seconds before the next try after `tries` failures before this one: doubling, capped, lengthened by the jitter."""
    if failure in (Failure.LOST, Failure.WRONG_ADDRESS):
        plain = min(patience.first_retry_s * 2.0 ** min(tries, 16), patience.longest_retry_s)
    else:
        plain = patience.refused_retry_s
    return plain * (1.0 + patience.jitter * chance)


def said_of(watch: Watch, held: Callable[[str], str] | None, camera: str) -> Watch:
    """The same, with why its address is not asked for yet, where it waits for that."""
    why = held(camera) if held is not None and watch.failure is None and not watch.has_address else ""
    return replace(watch, reason=why) if why else watch
