"""GB/T 28181 through a WVP platform: it is asked over HTTP and names where ZLMediaKit serves the stream; we speak no SIP.

What is used of WVP's interface: `/api/user/login`, `/api/play/start`, `/api/front-end/ptz`, `/api/front-end/preset/query` and
`/call`, and `/api/device/query/devices/DEVICE/channels`. Every answer is `{"code": 0, "msg": ..., "data": ...}`.
A source without a user has the platform's api-key as its password.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

import httpx

from server.camera_devices.forms import checked
from server.camera_devices.patience import DeviceFailed
from server.camera_devices.turning import MOST_PRESETS, Move, Preset
from server.ledger.camera_sources import Source

MOST_BYTES = 1_048_576
PREFERRED = ("rtsp", "ts", "flv", "fmp4", "hls")
"""What a desk plays best comes first."""
FASTEST_TURN, FASTEST_ZOOM = 255, 15
CODES = re.compile(r"(?<!\d)\d{20}(?!\d)")
for _told in ("httpx", "httpcore"):
    logging.getLogger(_told).setLevel(logging.WARNING)  # they tell whole addresses, and a log-on stands in some


async def stream_url(source: Source) -> str:
    """Where the platform serves the channel of a camera, which it starts where nobody watched; raises DeviceFailed."""
    async with _platform(source) as ask:
        data = await ask(f"/api/play/start/{_channel(source)}")
    if not isinstance(data, dict):
        raise DeviceFailed("device_wrong", "no stream")
    named = {code for code in CODES.findall(str(data.get("stream", ""))) if code not in (source.device, source.camera)}
    if named:
        raise DeviceFailed("device_wrong", "the stream of another channel")
    url = next((data[kind] for kind in PREFERRED if data.get(kind)), None)
    return checked(url)


async def is_online(source: Source) -> bool:
    """Whether the platform has the channel as registered; raises DeviceFailed where it does not say."""
    async with _platform(source) as ask:
        data = await ask(f"/api/device/query/devices/{quote(source.device)}/channels", query=source.camera, page=1, count=10)
    listed = data.get("list") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        raise DeviceFailed("device_wrong", "no list of channels")
    for each in listed:
        if isinstance(each, dict) and source.camera in (each.get("deviceId"), each.get("channelId"), each.get("gbDeviceId")):
            return str(each.get("status", each.get("gbStatus", ""))).upper() in ("ON", "OK", "TRUE", "1")
    return False


async def move(source: Source, wanted: Move) -> None:
    """The camera moves until it is told to stop; of a movement and a zoom at once it does the movement."""
    way = _way(wanted)
    speeds = {
        "horizonSpeed": round(abs(wanted.pan) * FASTEST_TURN),
        "verticalSpeed": round(abs(wanted.tilt) * FASTEST_TURN),
        "zoomSpeed": round(abs(wanted.zoom) * FASTEST_ZOOM),
    }
    async with _platform(source) as ask:
        await ask(f"/api/front-end/ptz/{_channel(source)}", command=way, **speeds)


async def presets(source: Source) -> tuple[Preset, ...]:
    """The views the camera remembers."""
    async with _platform(source) as ask:
        data = await ask(f"/api/front-end/preset/query/{_channel(source)}")
    if not isinstance(data, list):
        raise DeviceFailed("device_wrong", "no list of presets")
    found = [(each.get("presetId"), each.get("presetName")) for each in data if isinstance(each, dict)]
    return tuple(
        Preset(str(token)[:40], str(name or token)[:80]) for token, name in found[:MOST_PRESETS] if token not in (None, "")
    )


async def go_to(source: Source, preset: str) -> None:
    """The camera turns to a view it remembers."""
    if not (preset.isascii() and preset.isdigit() and len(preset) <= 3):
        raise DeviceFailed("device_cannot", "no such preset")
    async with _platform(source) as ask:
        await ask(f"/api/front-end/preset/call/{_channel(source)}", presetId=preset)


def _way(wanted: Move) -> str:
    """The platform's word for a movement."""
    way = ("up" if wanted.tilt > 0 else "down" if wanted.tilt < 0 else "") + (
        "right" if wanted.pan > 0 else "left" if wanted.pan < 0 else ""
    )
    return way or ("zoomin" if wanted.zoom > 0 else "zoomout" if wanted.zoom < 0 else "stop")


def _channel(source: Source) -> str:
    return f"{quote(source.device, safe='')}/{quote(source.camera, safe='')}"


class _Ask:
    """One conversation with a platform."""

    def __init__(self, client: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    async def __call__(self, path: str, **query: str | int) -> Any:
        """The `data` of the platform's answer; raises DeviceFailed."""
        try:
            async with self._client.stream("GET", path, params=query, headers=self._headers) as answer:
                body = bytearray()
                async for part in answer.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise DeviceFailed("device_wrong", "too long an answer")
                status = answer.status_code
        except httpx.ConnectError as problem:
            raise DeviceFailed("device_away", type(problem).__name__) from None
        except httpx.HTTPError as problem:
            raise DeviceFailed("device_silent", type(problem).__name__) from None
        except httpx.InvalidURL:
            raise DeviceFailed("device_wrong", "no address of a platform") from None
        return _data(status, bytes(body))


def _data(status: int, body: bytes) -> Any:
    """What an answer holds where it says that all went well."""
    if status in (401, 403):
        raise DeviceFailed("device_refused", str(status))
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise DeviceFailed("device_wrong", f"no JSON, status {status}") from None
    if not isinstance(said, dict) or "code" not in said:
        raise DeviceFailed("device_wrong", f"no answer of a platform, status {status}")
    if said["code"] == 401:
        raise DeviceFailed("device_refused", "401")
    if said["code"] != 0 or status != 200:
        raise DeviceFailed("device_cannot", f"code {said['code']!r}"[:40])
    return said.get("data")


@asynccontextmanager
async def _platform(source: Source) -> AsyncIterator[_Ask]:
    """Signed on to a platform."""
    async with httpx.AsyncClient(base_url=source.address.rstrip("/"), trust_env=False, timeout=httpx.Timeout(None)) as client:
        if not source.user:
            yield _Ask(client, {"api-key": source.password} if source.password else {})
            return
        digest = hashlib.md5(source.password.encode(), usedforsecurity=False).hexdigest()  # what WVP asks for
        try:
            said = await _Ask(client, {})("/api/user/login", username=source.user, password=digest)
        except DeviceFailed as no:
            raise DeviceFailed("device_refused" if no.code == "device_cannot" else no.code, no.why) from None
        token = said.get("accessToken") if isinstance(said, dict) else None
        if not isinstance(token, str) or not (token.isascii() and token.isprintable() and len(token) < 4_000):
            raise DeviceFailed("device_refused", "no token")
        yield _Ask(client, {"access-token": token})
