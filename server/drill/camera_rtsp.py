"""One RTSP connection of the simulated cameras: requests in, answers and pictures out (RFC 2326, over TCP only).

No library on PyPI serves live RTSP (aiortsp is a client, aio-rtsp-toolkit serves files), hence this small server: it is the
product's outside world, not the product.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import struct
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from server.drill.camera_encoder import STREAMS, AccessUnit, Stream
from server.drill.camera_faults import Fault
from server.drill.camera_rtp import RtpLane, session_description
from server.drill.camera_source import Viewer

MOST_HEAD_BYTES = 8192
MOST_BODY_BYTES = 65536
SLOW_BYTES = 1_000_000
"""What may wait in a connection before its viewer has to wait for the next key picture."""
IDLE_S = 75.0
METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN, GET_PARAMETER, SET_PARAMETER"


class Cameras(Protocol):
    """What a connection asks of the cameras behind it."""

    def knows(self, camera: str) -> bool:
        """Whether there is such a camera."""
        ...

    def admits(self, camera: str, token: str) -> bool:
        """Whether the token opens the camera now."""
        ...

    def fault_of(self, camera: str) -> Fault | None:
        """What is wrong with a camera now."""
        ...

    def parameters(self, stream: Stream) -> tuple[bytes, bytes]:
        """SPS and PPS of a stream."""
        ...

    def watch(self, camera: str, stream: Stream, viewer: Viewer) -> bool:
        """Start handing pictures to a viewer; False where too many cameras are encoded already."""
        ...

    def unwatch(self, camera: str, stream: Stream, viewer: Viewer) -> None:
        """Stop handing pictures to a viewer."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One RTSP request, its address taken apart."""

    method: str
    url: str
    camera: str
    stream: str
    token: str
    headers: dict[str, str]


def parsed(head: bytes) -> Request | None:
    """The request in a head without its blank line, None where it is none."""
    lines = head.decode("utf-8", "replace").split("\r\n")
    first = lines[0].split(" ")
    if len(first) != 3 or not first[2].startswith("RTSP/1."):
        return None
    headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if ":" in line)}
    try:
        url = urlsplit(first[1])
        tokens = parse_qs(url.query).get("token", [""])
    except ValueError:
        return None
    parts = [unquote(part) for part in url.path.split("/") if part and not re.fullmatch(r"track\d+", part)]
    camera, stream = [*parts, "", ""][:2]
    clean = f"{url.scheme}://{url.netloc}/{camera}/{stream}"
    return Request(first[0], clean, camera, stream, tokens[0].split("/")[0], headers)


class Connection:
    """One client; also the viewer that a source hands its pictures to."""

    def __init__(self, cameras: Cameras, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._cameras = cameras
        self._reader = reader
        self._writer = writer
        self._granted: set[str] = set()
        self._session = secrets.token_hex(8)
        self._lane: RtpLane | None = None
        self.watching: tuple[str, Stream] | None = None

    async def serve(self) -> None:
        """Answer requests until the client leaves; never raises for what a client sends."""
        try:
            while True:
                request = await asyncio.wait_for(self._next_request(), IDLE_S)
                if request is None or not await self._answer(request):
                    break
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError, ConnectionError):
            pass
        finally:
            self._stop_watching()
            self._writer.close()

    def take(self, unit: AccessUnit, due_s: float) -> bool:
        """Send one access unit; False where too much waits to be sent already."""
        if self._lane is None or self._writer.transport.get_write_buffer_size() > SLOW_BYTES:
            return False
        self._writer.write(self._lane.packets(unit, due_s))
        return True

    def drop(self) -> None:
        """Break the connection at once."""
        self._stop_watching()
        self._writer.transport.abort()

    async def _next_request(self) -> Request | None:
        """The next request; interleaved packets of the client (its receiver reports) are passed over."""
        while True:
            first = await self._reader.readexactly(1)
            if first == b"$":
                _, size = struct.unpack(">BH", await self._reader.readexactly(3))
                await self._reader.readexactly(size)
                continue
            head = first + await self._reader.readuntil(b"\r\n\r\n")
            request = parsed(head[:-4])
            if request is None:
                self._reply("0", "400 Bad Request")
                return None
            body = request.headers.get("content-length", "0")
            if not body.isdigit() or int(body) > MOST_BODY_BYTES:
                self._reply(request.headers.get("cseq", "0"), "413 Request Entity Too Large")
                return None
            await self._reader.readexactly(int(body))
            return request

    async def _answer(self, request: Request) -> bool:
        """Answer one request; False where the connection ends with it."""
        number = request.headers.get("cseq", "0")
        if request.method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER"):
            self._reply(number, "200 OK", {"Public": METHODS} if request.method == "OPTIONS" else {})
            return True
        if request.method == "TEARDOWN":
            self._reply(number, "200 OK")
            await self._writer.drain()
            return False
        fault = self._cameras.fault_of(request.camera)
        if fault is Fault.DEAD:
            self._writer.transport.abort()
            return False
        if fault is Fault.HANG:
            await asyncio.sleep(600.0)
        refusal = self._refusal(request, fault)
        if refusal:
            self._reply(number, refusal)
            return True
        return self._open(number, request, STREAMS[request.stream])

    def _refusal(self, request: Request, fault: Fault | None) -> str:
        """The status line that refuses a request for a picture; empty where nothing speaks against it."""
        if request.method not in ("DESCRIBE", "SETUP", "PLAY"):
            return "501 Not Implemented"
        known = self._cameras.knows(request.camera) and request.stream in STREAMS
        if not known or fault is Fault.NOT_FOUND:
            return "404 Not Found"
        granted = request.camera in self._granted
        if fault is Fault.REFUSES or not (granted or self._cameras.admits(request.camera, request.token)):
            return "401 Unauthorized"
        self._granted.add(request.camera)
        return ""

    def _open(self, number: str, request: Request, stream: Stream) -> bool:
        if request.method == "DESCRIBE":
            sps, pps = self._cameras.parameters(stream)
            headers = {"Content-Base": request.url + "/", "Content-Type": "application/sdp"}
            self._reply(number, "200 OK", headers, session_description(stream, sps, pps))
        elif request.method == "SETUP":
            self._set_up(number, request.headers.get("transport", ""))
        elif self._lane is None:
            self._reply(number, "455 Method Not Valid in This State")
        else:
            self._play(number, request, stream)
        return True

    def _set_up(self, number: str, transport: str) -> None:
        if "TCP" not in transport:
            self._reply(number, "461 Unsupported Transport")
            return
        match = re.search(r"interleaved=(\d{1,3})", transport)
        channel = min(int(match.group(1)), 254) if match else 0
        ssrc = secrets.randbits(32)
        self._lane = RtpLane(channel, ssrc)
        spoken = f"RTP/AVP/TCP;unicast;interleaved={channel}-{channel + 1};ssrc={ssrc:08X}"
        self._reply(number, "200 OK", {"Transport": spoken, "Session": f"{self._session};timeout=60"})

    def _play(self, number: str, request: Request, stream: Stream) -> None:
        self._stop_watching()
        if not self._cameras.watch(request.camera, stream, self):
            self._reply(number, "453 Not Enough Bandwidth")
            return
        self.watching = (request.camera, stream)
        self._reply(number, "200 OK", {"Range": "npt=now-", "Session": self._session})

    def _stop_watching(self) -> None:
        if self.watching is not None:
            camera, stream = self.watching
            self.watching = None
            self._cameras.unwatch(camera, stream, self)

    def _reply(self, number: str, status: str, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        lines = [f"RTSP/1.0 {status}", f"CSeq: {number}", "Server: Gridwarden drill"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
