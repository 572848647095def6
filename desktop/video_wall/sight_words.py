"""A picture's state and age in words: the badge of a tile, and what stands in the middle of a picture that is not live."""

from __future__ import annotations

import math
from dataclasses import dataclass

from desktop.video_wall.budget import Thrift
from desktop.video_wall.watchdog import NO_CODEC, Sight, Watch
from desktop.video_wall.words import Say

AGELESS = (Sight.REFUSED, Sight.WRONG_ADDRESS, Sight.NO_VIDEO, Sight.ENDED)
"""States in which no age is told: there is no picture it would be the age of, or it does not matter."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The texts of a tile at one moment."""

    sight: Sight
    kind: str
    """The state alone."""
    badge: str
    """State and age, for the caption."""
    headline: str
    """For the middle of the picture."""
    hint: str
    """What the officer can do, or what is being done."""
    reason: str
    """What the server said when it refused, or why it cannot be shown; empty otherwise."""
    stream: str = ""
    """Which stream of the camera is seen."""


def shown_words(watch: Watch, now: float, say: Say) -> Shown:
    """What a tile says about a stream now."""
    sight = watch.sight(now)
    kind = say(f"video.{sight}")
    if sight is Sight.LIVE and watch.thrift is not Thrift.NONE:
        kind = f"{kind} · {say('video.fewer' if watch.thrift is Thrift.FEWER else 'video.keys_only')}"
    age_s = watch.age_s(now)
    if sight is Sight.FROZEN:
        age_s = watch.unchanged_s(now)
    elif sight in (Sight.CONNECTING, Sight.WAITING):
        age_s = watch.waited_s(now) if watch.waited_s(now) >= 1.0 else None
    elif sight in AGELESS:
        age_s = None
    badge = kind if age_s is None else f"{kind} {spoken_age(age_s, say)}"
    if sight is Sight.PLAYBACK and age_s is not None:
        badge = f"{badge} {say('video.ago')}"
    headline, hint = badge, ""
    reason = say("video.no_codec") if watch.reason == NO_CODEC else watch.reason
    if sight is Sight.RECONNECTING and watch.frames == 0:
        headline, hint = say("video.no_signal"), kind
    elif sight is Sight.WAITING and reason:
        headline, hint = reason, say("video.write_reason")
    elif sight is Sight.ENDED:
        hint = say("video.replay")
    elif sight in AGELESS:
        headline, hint = reason or kind, say("video.retry")
    return Shown(sight, kind, badge, headline, hint, reason, say(f"video.stream_{watch.stream}"))


def spoken_age(age_s: float, say: Say) -> str:
    """An age as an officer reads it: tenths below two seconds, then seconds, minutes from two minutes on."""
    if age_s < 2.0:
        return f"{max(1, math.ceil(age_s * 10)) / 10:.1f} {say('video.seconds')}"
    if age_s < 120.0:
        return f"{int(age_s)} {say('video.seconds')}"
    return f"{int(age_s // 60)} {say('video.minutes')}"
