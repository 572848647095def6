"""Whether a camera that is no channel of our own gateway answers: asked at its own address, without any log-on."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from urllib.parse import urlsplit

from server.camera_devices import gb28181, onvif
from server.camera_devices.forms import formed_url, host_and_port
from server.camera_devices.patience import DeviceFailed, in_time
from server.ledger.camera_sources import Source, SourceKind

ALIVE = (b"200", b"401", b"403")
"""Who asks for a log-on is there."""
LONGEST_LINE = 1_000


class PlatformAway(ConnectionError):
    """The platform that speaks for a camera cannot be asked: nothing is learnt of the camera."""


async def answers(source: Source, patience_s: float) -> bool:
    """Whether the camera can be watched, as far as asking tells; PlatformAway where nobody could be asked."""
    try:
        if source.kind is SourceKind.GB28181:
            return await in_time(patience_s, gb28181.is_online(source))
        if source.kind is SourceKind.ONVIF:
            return await in_time(patience_s, onvif.is_there(source))
        return await in_time(patience_s, _first_line(source)) in ALIVE
    except DeviceFailed as no:
        if source.kind is SourceKind.GB28181:
            raise PlatformAway(no.code) from None
        return False
    except (OSError, ValueError):
        return False


async def _first_line(source: Source) -> bytes:
    """The status the device answers with."""
    url = formed_url(replace(source, user="", password=""), "sub")
    host, port = host_and_port(source)
    reader, writer = await asyncio.open_connection(host, port, limit=LONGEST_LINE)
    try:
        writer.write(_question(url))
        line = await reader.readline()
        return (line.split(b" ", 2)[1:2] or [b""])[0]
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _question(url: str) -> bytes:
    """What is asked: RTSP's description of the stream, or the first bytes of an HTTP one."""
    if url.startswith("rtsp"):
        return f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n".encode()
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"GET {path or '/'} HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode()
