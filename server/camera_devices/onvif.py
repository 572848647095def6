"""ONVIF cameras through onveef: the stream of a profile, movements, views they remember, and which are there at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from onveef import AsyncOnvifClient, wsdiscovery
from onveef.exceptions import (
    OnvifAuthError,
    OnvifCapabilityMissingError,
    OnvifError,
    OnvifFaultError,
    OnvifOperationNotSupportedError,
    OnvifTimeoutError,
    OnvifTransportError,
)

from server.camera_devices.certificates import Trust
from server.camera_devices.forms import checked, service_url, with_log_on
from server.camera_devices.patience import ANSWER_S, DeviceFailed
from server.camera_devices.turning import MOST_PRESETS, Move, Preset
from server.ledger.camera_sources import Source

MOST_BYTES = 1_048_576
MOST_PROFILES = 32
FAILS: tuple[tuple[type[OnvifError], str], ...] = (
    (OnvifAuthError, "device_refused"),
    (OnvifTimeoutError, "device_silent"),
    (OnvifTransportError, "device_away"),
    (OnvifCapabilityMissingError, "device_cannot"),
    (OnvifOperationNotSupportedError, "device_cannot"),
    (OnvifFaultError, "device_cannot"),
    (OnvifError, "device_wrong"),
)
"""What onveef raises -> our code; the first that fits."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One of the pictures a device makes."""

    token: str
    pixels: int
    turns: bool
    """Whether movements may be asked for under it."""


@dataclass(frozen=True, slots=True)
class Discovered:
    """A device that answered on the network."""

    address: str
    name: str
    hardware: str


async def stream_url(source: Source, stream: str) -> str:
    """Where a device serves its 'sub' or 'main' stream, with its log-on in it: never log it. Raises DeviceFailed."""
    async with _device(source) as device:
        token = source.main_path if stream == "main" else source.sub_path
        if not token:
            profiles = await _profiles(device)
            largest_first = sorted(profiles, key=lambda each: -each.pixels)
            token = largest_first[0 if stream == "main" else -1].token
        url = checked(await device.get_stream_uri(profile_token=token))
    if urlsplit(url).scheme not in ("rtsp", "rtsps"):
        raise DeviceFailed("device_wrong", "no RTSP address")
    return with_log_on(url, source.user, source.password)


async def move(source: Source, wanted: Move, seconds: float) -> None:
    """The camera moves for so long, or stops; a device that knows how stops by itself, whatever becomes of us."""
    async with _device(source) as device:
        token = await _turning_profile(device, source)
        if wanted.is_stop:
            await device.ptz_stop(profile_token=token)
            return
        pan, tilt, zoom = wanted.pan, wanted.tilt, wanted.zoom
        await device.ptz_continuous_move(profile_token=token, pan=pan, tilt=tilt, zoom=zoom, timeout=f"PT{seconds:g}S")


async def presets(source: Source) -> tuple[Preset, ...]:
    """The views the camera remembers."""
    async with _device(source) as device:
        found = await device.ptz_get_presets(profile_token=await _turning_profile(device, source))
    listed = [(str(each.get("token") or ""), str(each.get("name") or "")) for each in found[:MOST_PRESETS]]
    return tuple(Preset(token[:64], (name or token)[:80]) for token, name in listed if token)


async def go_to(source: Source, preset: str) -> None:
    """The camera turns to a view it remembers."""
    async with _device(source) as device:
        await device.ptz_goto_preset(profile_token=await _turning_profile(device, source), preset_token=preset)


async def is_there(source: Source) -> bool:
    """Whether the device tells the time, which it does to anybody."""
    async with _device(source) as device:
        return bool(await device.get_system_date_time())


def discover(seconds: float = 3.0) -> tuple[Discovered, ...]:
    """The devices that answer a probe on the networks of this machine; waits so long."""
    found = wsdiscovery.discover(timeout_s=seconds)
    listed = {each.device_service: each for each in found if each.device_service}
    return tuple(Discovered(url, str(each.name or ""), str(each.hardware or "")) for url, each in sorted(listed.items()))


@asynccontextmanager
async def _device(source: Source) -> AsyncIterator[Any]:
    """A client of a device; what onveef raises becomes DeviceFailed.

    Over HTTPS the device is the one whose certificate was accepted; where none was, one that an authority vouches for.
    """
    trust = Trust(source.fingerprint)
    try:
        async with AsyncOnvifClient(
            service_url(source),
            username=source.user,
            password=source.password,
            timeout_s=ANSWER_S,
            retries=0,
            max_response_bytes=MOST_BYTES,
            verify_tls=trust.context,
        ) as device:
            yield device
    except OnvifError as problem:
        code = next(code for kind, code in FAILS if isinstance(problem, kind))
        raise DeviceFailed("device_untrusted" if trust.is_broken else code, type(problem).__name__) from None
    except (asyncio.CancelledError, DeviceFailed):
        raise
    except (OSError, ValueError) as problem:
        raise DeviceFailed("device_wrong", type(problem).__name__) from None


async def _profiles(device: Any) -> list[Profile]:
    """The profiles of a device; DeviceFailed where it has none."""
    found = []
    for each in (await device.get_profiles())[:MOST_PROFILES]:
        encoder = each.get("video_encoder") or {}
        pixels = int(encoder.get("width") or 0) * int(encoder.get("height") or 0)
        if each.get("token"):
            found.append(Profile(str(each["token"]), pixels, bool(each.get("ptz"))))
    if not found:
        raise DeviceFailed("device_wrong", "no profiles")
    return found


async def _turning_profile(device: Any, source: Source) -> str:
    """The profile movements are asked for under."""
    if source.main_path:
        return source.main_path
    profiles = await _profiles(device)
    return next((each for each in profiles if each.turns), profiles[0]).token
