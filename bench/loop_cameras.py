"""Cameras that serve loops: an RTSP server of its own, so that a bench measures the desk and not the drawing of pictures.

    python -m bench.loop_cameras FOLDER

serves every FOLDER/CAMERA.STREAM.loop (bench/loops.py) as rtsp://127.0.0.1:PORT/CAMERA/STREAM and prints `ready PORT CONTROL`;
it ends with its standard input.
Loops are aligned to the wall clock: at time T the picture number int(T * fps) modulo their length is shown. One JSON line to
the control port sets faults, e.g. {"set": {"CAMERA": "freeze"}}: dead, stall, freeze, hang, 404, 401, corrupt, or null; jump:
its clock leaps by hours each second; flood: 64 KB of no meaning before each picture; as:OTHER: it sends what another
camera does, also where it is being watched; drip: a line now and then and never an answer.
"""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from bench.loops import Loop
from server.drill.camera_encoder import split_nals
from server.drill.camera_rtp import MTU, fragments

ROOT = Path(__file__).resolve().parents[1]
CLOCKS = {"h264": 90_000, "hevc": 90_000, "svac": 90_000, "pcmu": 8_000}
PAYLOADS = {"h264": 96, "hevc": 96, "svac": 96, "pcmu": 0}
FU_H265 = 49
SLOW_BYTES = 2_000_000
HOUR_S = 3600


class Served:
    """One loop, cut into RTP payloads once."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.payloads = [self._payloads(data) for _, data in loop.units]

    @property
    def description(self) -> bytes:
        """The SDP of the stream."""
        codec, payload = self.loop.codec, PAYLOADS[self.loop.codec]
        lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=loop", "c=IN IP4 0.0.0.0", "t=0 0", "a=control:*"]
        kind = "audio" if codec == "pcmu" else "video"
        lines += [f"m={kind} 0 RTP/AVP {payload}"]
        names = {"h264": "H264/90000", "hevc": "H265/90000", "svac": "SVAC/90000", "pcmu": "PCMU/8000"}
        lines += [f"a=rtpmap:{payload} {names[codec]}"]
        if codec == "h264":
            sets = [nal for nal in split_nals(self.loop.units[0][1]) if nal[0] & 31 in (7, 8)]
            lines += [f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={','.join(_text(nal) for nal in sets)}"]
        elif codec == "hevc":
            by_kind = {nal[0] >> 1 & 63: nal for nal in split_nals(self.loop.units[0][1])}
            named = ((32, "vps"), (33, "sps"), (34, "pps"))
            lines += ["a=fmtp:96 " + ";".join(f"sprop-{name}={_text(by_kind[k])}" for k, name in named if k in by_kind)]
        return "\r\n".join([*lines, "a=control:track0", ""]).encode()

    def key_before(self, index: int) -> int:
        """The key picture that a picture needs."""
        while not self.loop.units[index][0] and index:
            index -= 1
        return index

    def _payloads(self, data: bytes) -> list[bytes]:
        if self.loop.codec == "pcmu":
            return [data]
        cut = fragments if self.loop.codec == "h264" else _fragments_h265
        return [part for nal in split_nals(data) for part in cut(nal)]


@dataclass(slots=True)
class Viewer:
    """One connection."""

    writer: asyncio.StreamWriter
    session: str
    path: str = ""
    playing: asyncio.Task[None] | None = None


class Cameras:
    """All loops behind one port."""

    def __init__(self, loops: dict[str, Loop]) -> None:
        self._served = {path: Served(loop) for path, loop in loops.items()}
        self._faults: dict[str, str] = {}
        self._watched: dict[int, str] = {}

    async def serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one viewer until it leaves."""
        viewer = Viewer(writer, secrets.token_hex(4))
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
            while True:
                first = await reader.readexactly(1)
                if first == b"$":
                    await reader.readexactly(struct.unpack(">xH", await reader.readexactly(3))[0])
                    continue
                head = (first + await reader.readuntil(b"\r\n\r\n")).decode("utf-8", "replace")
                if not await self._answer(viewer, head):
                    break
        if viewer.playing is not None:
            viewer.playing.cancel()
        self._watched.pop(id(viewer), None)
        writer.close()

    async def serve_control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Obey one line."""
        wish = json.loads(await reader.readline() or b"{}")
        for camera, fault in wish.get("set", {}).items():
            self._faults[camera] = fault or ""
        watched = sorted(self._watched.values())
        writer.write(json.dumps({"watched": {path: watched.count(path) for path in watched}}).encode() + b"\n")
        await writer.drain()
        writer.close()

    async def _answer(self, viewer: Viewer, head: str) -> bool:
        lines = head.split("\r\n")
        method, url = lines[0].split(" ")[:2]
        headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:] if ":" in line)}
        path = re.sub(r"/track\d+$", "", re.sub(r"^rtsp://[^/]+/", "", url).split("?")[0].strip("/"))
        reply = _Reply(viewer, headers.get("cseq", "0"))
        if method in ("OPTIONS", "GET_PARAMETER", "SET_PARAMETER"):
            reply("200 OK", "Public: DESCRIBE, SETUP, PLAY, TEARDOWN\r\n")
            return True
        if method == "TEARDOWN":
            reply("200 OK")
            return False
        fault = self._faults.get(path.split("/")[0], "")
        if fault == "dead":
            return False
        if fault == "hang":
            await asyncio.sleep(600)
        while fault == "drip":
            viewer.writer.write(b"not yet\r\n")
            await viewer.writer.drain()
            await asyncio.sleep(0.2)
        if fault == "401":
            reply("401 Unauthorized")
        elif fault == "404" or path not in self._served:
            reply("404 Not Found")
        elif method == "DESCRIBE":
            described = self._sent(path).description
            reply("200 OK", f"Content-Base: {url.rstrip('/')}/\r\nContent-Type: application/sdp\r\n", described)
        elif method == "SETUP":
            reply("200 OK", "Transport: RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=00000001\r\n")
        elif method == "PLAY":
            reply("200 OK", "Range: npt=now-\r\n")
            viewer.path = self._watched[id(viewer)] = path
            viewer.playing = viewer.playing or asyncio.create_task(self._play(viewer))
        return True

    def _sent(self, path: str) -> Served:
        """What a camera sends now under a path: its own loop, or that of another."""
        camera, _, stream = path.partition("/")
        fault = self._faults.get(camera, "")
        return self._served[f"{fault.removeprefix('as:')}/{stream}" if fault.startswith("as:") else path]

    async def _play(self, viewer: Viewer) -> None:
        """Send what is due, from the last key picture on; after a key picture again where a viewer was too slow."""
        served, camera = self._sent(viewer.path), viewer.path.split("/")[0]
        loop, fps, sequence, is_begun = served.loop, served.loop.fps, 0, False
        due = int(time.time() * fps) + 1
        with suppress(ConnectionError):
            while True:
                await asyncio.sleep(max(0.0, due / fps - time.time()))
                if self._sent(viewer.path) is not served:
                    served, is_begun = self._sent(viewer.path), False
                    loop, fps = served.loop, served.loop.fps
                    due = int(time.time() * fps) + 1
                    continue
                fault, index = self._faults.get(camera, ""), due % len(loop.units)
                if fault == "dead":
                    viewer.writer.transport.abort()
                    return
                if fault == "flood":
                    viewer.writer.write(secrets.token_bytes(65_536))
                if fault == "stall" or viewer.writer.transport.get_write_buffer_size() > SLOW_BYTES:
                    due, is_begun = due + 1, False
                    continue
                if fault == "freeze":
                    indices = range(1)
                else:
                    indices = range(index if is_begun else served.key_before(index), index + 1)
                is_begun = fault != "freeze"
                for each in indices:
                    leap_s = HOUR_S * (int(time.time()) % 3 - 1) if fault == "jump" else 0
                    stamp = int(((due - (indices[-1] - each)) / fps + leap_s) * CLOCKS[loop.codec]) & 0xFFFFFFFF
                    payloads = served.payloads[each]
                    if fault == "corrupt" and not loop.units[each][0]:
                        payloads = [_hurt(payload) for payload in payloads]
                    viewer.writer.write(_packets(payloads, sequence, stamp, PAYLOADS[loop.codec]))
                    sequence += len(payloads)
                due += 1


class _Reply:
    """Answers one request."""

    def __init__(self, viewer: Viewer, number: str) -> None:
        self._viewer, self._number = viewer, number

    def __call__(self, status: str, headers: str = "", body: bytes = b"") -> None:
        length = f"Content-Length: {len(body)}\r\n" if body else ""
        head = f"RTSP/1.0 {status}\r\nCSeq: {self._number}\r\nSession: {self._viewer.session};timeout=60\r\n"
        self._viewer.writer.write(f"{head}{headers}{length}\r\n".encode() + body)


def _packets(payloads: list[bytes], sequence: int, stamp: int, payload_type: int) -> bytes:
    out = bytearray()
    for k, payload in enumerate(payloads):
        marker = 0x80 if k == len(payloads) - 1 else 0
        number = (sequence + k) & 0xFFFF
        out += struct.pack(">cBHBBHII", b"$", 0, 12 + len(payload), 0x80, marker | payload_type, number, stamp, 1) + payload
    return bytes(out)


def _fragments_h265(nal: bytes) -> list[bytes]:
    """A NAL unit as RTP payloads (RFC 7798): itself where it fits, else fragments."""
    if len(nal) <= MTU:
        return [nal]
    kind, body = nal[0] >> 1 & 63, nal[2:]
    head = bytes([(nal[0] & 0x81) | FU_H265 << 1, nal[1]])
    chunks = [body[k : k + MTU] for k in range(0, len(body), MTU)]
    last = len(chunks) - 1
    return [head + bytes([(k == 0) << 7 | (k == last) << 6 | kind]) + chunk for k, chunk in enumerate(chunks)]


def _hurt(payload: bytes) -> bytes:
    """The payload with its middle overwritten."""
    middle = len(payload) // 2
    return payload[:middle] + bytes(byte ^ 0x5A for byte in payload[middle : middle + 60]) + payload[middle + 60 :]


def _text(nal: bytes) -> str:
    return base64.b64encode(nal).decode()


async def _run(folder: Path) -> None:
    loops = {path.name.removesuffix(".loop").replace(".", "/"): Loop.load(path) for path in sorted(folder.glob("*.loop"))}
    cameras = Cameras(loops)
    rtsp = await asyncio.start_server(cameras.serve_client, "127.0.0.1", 0)
    control = await asyncio.start_server(cameras.serve_control, "127.0.0.1", 0)
    ports = (server.sockets[0].getsockname()[1] for server in (rtsp, control))
    print("ready", *ports, flush=True)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(sys.stdin, ended.set)  # whoever started it is gone
    await ended.wait()


@contextmanager
def loop_cameras(folder: Path) -> Iterator[tuple[int, int, Popen[Any]]]:
    """The loops of a folder served by a process of their own: its port, its control port, the process."""
    process = Popen([sys.executable, "-m", "bench.loop_cameras", str(folder)], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True)
    try:
        assert process.stdout is not None
        ready, port, control_port = process.stdout.readline().split()
        assert ready == "ready"
        yield int(port), int(control_port), process
    finally:
        process.kill()
        process.wait(10)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1])))
