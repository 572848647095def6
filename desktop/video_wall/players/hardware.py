"""Decoding on the graphics card, where the setting asks for it and there is one; without a word by the processor otherwise."""

from __future__ import annotations

import logging
from functools import cache

import av
from av.codec.hwaccel import HWAccel, hwdevices_available

OFF, AUTO = "off", "auto"
TRIED = ("vaapi", "cuda", "videotoolbox", "d3d11va", "qsv")
"""For `auto`, in this order."""

log = logging.getLogger(__name__)


def known_devices() -> tuple[str, ...]:
    """What the setting may name: kinds of device that this FFmpeg knows, whether one is there or not."""
    return (OFF, AUTO, *hwdevices_available())


def acceleration(setting: str) -> HWAccel | None:
    """What av.open is to decode with; None where the processor decodes. A device that fails later is fallen back from too."""
    kind = _usable(setting)
    return None if kind is None else HWAccel(kind, allow_software_fallback=True)


@cache
def _usable(setting: str) -> str | None:
    """The kind of device that can be opened here, asked once."""
    if setting == OFF:
        return None
    known = hwdevices_available()
    for kind in TRIED if setting == AUTO else (setting,):
        if kind in known and _opens(kind):
            log.info("pictures are decoded by %s", kind)
            return kind
    log.info("no device decodes pictures (%s): the processor does", setting)
    return None


def _opens(kind: str) -> bool:
    """Whether a decoder can be made on such a device."""
    try:
        av.CodecContext.create("h264", "r", hwaccel=HWAccel(kind, allow_software_fallback=False))
    except (av.error.FFmpegError, NotImplementedError, RuntimeError, OSError, ValueError):
        return False
    return True
