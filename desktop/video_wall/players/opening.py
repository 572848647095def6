"""A stream opened by FFmpeg in its turn, and what is wrong with an address that cannot be: refused, wrong or out of reach.

What FFmpeg says is never kept: it names the address, token and all. On the threads of streams.
"""

from __future__ import annotations

import threading
from urllib.parse import urlsplit

import av
from av.codec.hwaccel import HWAccel

from desktop.video_wall.players.right_of_way import WINDOW_FIRST
from desktop.video_wall.watchdog import Failure

OPEN_S, READ_S = 3.5, 3.3
"""How long an address may be silent while it is opened, and a stream bring no picture.

The second has to be the shorter one, else what ffmpeg held back comes before our own watch bites."""
OPENING = threading.Semaphore(4)
"""So many streams are opened at once: three dozen together hold up the window for a quarter of a second."""
OPENING_WAIT_S = 0.3
"""Nobody waits longer for his turn: cameras that never answer must not keep the others away."""
USUAL_FPS = 25.0
_known: set[str] = set()
"""RTSP devices that were opened and have not failed since."""
OPTIONS = {
    "rtsp_transport": "tcp",
    "analyzeduration": "200000",
    "fpsprobesize": "0",  # else ffmpeg looks at up to seven pictures, at some moments of a stream, to tell their rate,
    "max_ts_probe": "0",  # and when the first was, before it hands over the first
    "probesize": "65536",
    "flags": "low_delay",
    "timeout": f"{OPEN_S * 1e6:.0f}",
}

# The address stands in what ffmpeg writes to stderr, token and all.
av.logging.set_level(av.logging.PANIC)


def opened(url: str, accelerated: HWAccel | None = None) -> av.container.InputContainer:
    """The stream behind an address, in its turn; FFmpeg's errors go through.

    RTSP of a device that was opened before has the limit of its socket alone: PyAV's takes Python's lock a hundred times for
    each camera, and a page of cameras held the window by that. But a device that sends something now and then, and never an
    answer, would be waited for without end: so one that is new here, or has failed since, has PyAV's limit too.
    """
    has_turn = OPENING.acquire(timeout=OPENING_WAIT_S)
    WINDOW_FIRST.wait()
    try:
        most_s = None if _device(url) in _known else OPEN_S
        container = av.open(url, options=OPTIONS, timeout=(most_s, READ_S), hwaccel=accelerated)
    except Exception:
        mistrust(url)
        raise
    finally:
        if has_turn:
            OPENING.release()
    if device := _device(url):
        _known.add(device)
    return container


def rate_of(url: str) -> float:
    """How many pictures a second a recording has; 25 where that cannot be told."""
    try:
        with opened(url) as container:
            rate = container.streams.video[0].guessed_rate if container.streams.video else None
            return float(rate) if rate else USUAL_FPS
    except (av.error.FFmpegError, OSError, ValueError):
        return USUAL_FPS


def mistrust(url: str) -> None:
    """What came from an address ended by itself: the next time its device is not waited for without a limit. Any thread."""
    _known.discard(_device(url))


def _device(url: str) -> str:
    """Which device an RTSP address is of; empty of any other address."""
    try:
        parts = urlsplit(url)
        return f"{parts.hostname}:{parts.port or ''}" if parts.scheme == "rtsp" else ""
    except ValueError:
        return ""


def failure_of(problem: Exception) -> Failure:
    """What an error of FFmpeg's says of the stream."""
    if isinstance(problem, av.error.HTTPUnauthorizedError | av.error.HTTPForbiddenError):
        return Failure.REFUSED
    if isinstance(problem, av.error.HTTPNotFoundError | av.error.HTTPBadRequestError | av.error.ProtocolNotFoundError):
        return Failure.WRONG_ADDRESS
    return Failure.LOST


def asked_why(url: str, is_recorded: bool) -> Failure:
    """Why nothing was seen of an address, for a player that does not say it: it is opened once more, and let go.

    A live stream that has pictures is lost and will be tried again soon. Of a recording that is not there, or is none, the
    address is wrong: it will not come by waiting.
    """
    try:
        with opened(url) as container:
            return Failure.LOST if container.streams.video and not is_recorded else Failure.NO_VIDEO
    except (av.error.FileNotFoundError, av.error.InvalidDataError) as problem:
        return Failure.WRONG_ADDRESS if is_recorded else failure_of(problem)
    except (av.error.FFmpegError, OSError, ValueError) as problem:
        return failure_of(problem)
