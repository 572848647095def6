"""The cameras of the simulated town: one RTSP server on loopback that answers for all of them.

`rtsp://127.0.0.1:PORT/CAMERA/sub?token=...` is 640x360 at 15 pictures a second, `/main` 1280x720 at 10; a stream is drawn and
encoded only while somebody watches. Tokens are those of server/camera_access.py. A JSON line to the control port, such as
`{"set": {"CAMERA": "freeze"}}` (dead, stall, freeze, hang, 404, 401, or null to mend), breaks cameras on command; the
answer tells the faults set by hand and what is watched.

    python -m server.drill.cameras --town-cameras FILE.json --port 0 --key FILE

The file is a JSON list of {"id", "name"} and, where not "online", "state"; the key file holds at least 32 bytes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from governance.camera import Camera, CameraState
from server.camera_access import verify
from server.drill.camera_encoder import STREAMS, Stream, parameter_sets
from server.drill.camera_faults import Fault, Faults
from server.drill.camera_rtsp import MOST_HEAD_BYTES, Connection
from server.drill.camera_source import Source, Viewer

LOOPBACK = "127.0.0.1"
MOST_CLIENTS = 256
STANDING_FAULTS = {CameraState.OFFLINE: Fault.DEAD, CameraState.FAULT: Fault.FREEZE}


class CameraServer:
    """All cameras behind one port; made by serve(), lives in its event loop."""

    def __init__(self, names: Mapping[str, str], key: bytes, faults: Faults) -> None:
        self._names = dict(names)
        self._key = key
        self._faults = faults
        self._parameters = {stream: parameter_sets(stream) for stream in STREAMS.values()}
        self._executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="camera")
        self._sources: dict[tuple[str, str], Source] = {}
        self._clients: dict[asyncio.Task[None], Connection] = {}
        self._listeners: list[asyncio.Server] = []
        self.port = 0
        self.control_port = 0

    def set_fault(self, camera: str, fault: str | None) -> None:
        """Break one camera, or mend it with None; it takes effect with the next picture. ValueError on an unknown kind."""
        self._faults.set(camera, None if fault is None else Fault(fault))

    def watched(self) -> dict[str, int]:
        """Viewers of every stream that is encoded now, by 'camera/stream'."""
        return {f"{camera}/{stream}": source.viewers for (camera, stream), source in self._sources.items()}

    def knows(self, camera: str) -> bool:
        """Whether there is such a camera."""
        return camera in self._names

    def admits(self, camera: str, token: str) -> bool:
        """Whether the token opens the camera now."""
        return verify(self._key, camera, token, datetime.now(UTC))

    def fault_of(self, camera: str) -> Fault | None:
        """What is wrong with a camera now."""
        return self._faults.of(camera, time.time())

    def parameters(self, stream: Stream) -> tuple[bytes, bytes]:
        """SPS and PPS of a stream."""
        return self._parameters[stream]

    def watch(self, camera: str, stream: Stream, viewer: Viewer) -> bool:
        """Start handing pictures to a viewer; False where too many cameras are encoded at this size already."""
        key = (camera, stream.name)
        if key not in self._sources:
            if sum(name == stream.name for _, name in self._sources) >= stream.most:
                return False
            self._sources[key] = Source(camera, self._names[camera], stream, self._executor, lambda: self.fault_of(camera))
        self._sources[key].join(viewer)
        return True

    def unwatch(self, camera: str, stream: Stream, viewer: Viewer) -> None:
        """Stop handing pictures to a viewer; the last one to leave ends the encoding."""
        source = self._sources.get((camera, stream.name))
        if source is not None:
            source.leave(viewer)
            if not source.viewers:
                del self._sources[camera, stream.name]

    async def listen(self, port: int, control_port: int) -> None:
        """Open both ports on loopback; 0 lets the system choose."""
        rtsp = await asyncio.start_server(self._serve_client, LOOPBACK, port, limit=MOST_HEAD_BYTES)
        control = await asyncio.start_server(self._serve_control, LOOPBACK, control_port, limit=MOST_HEAD_BYTES)
        self._listeners = [rtsp, control]
        self.port = rtsp.sockets[0].getsockname()[1]
        self.control_port = control.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the ports and every connection, and end the encoder threads."""
        for listener in self._listeners:
            listener.close()
        tasks = tuple(self._clients)
        for connection in tuple(self._clients.values()):
            connection.drop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self._executor.shutdown, wait=True, cancel_futures=True)

    async def _serve_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or len(self._clients) >= MOST_CLIENTS:
            writer.close()
            return
        connection = Connection(self, reader, writer)
        self._clients[task] = connection
        try:
            await connection.serve()
        except asyncio.CancelledError:
            pass
        finally:
            del self._clients[task]

    async def _serve_control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), 10.0)
            writer.write((json.dumps(self._obeyed(line)) + "\n").encode())
            await writer.drain()
        except (TimeoutError, ValueError, ConnectionError):
            pass
        finally:
            writer.close()

    def _obeyed(self, line: bytes) -> dict[str, object]:
        try:
            wish = json.loads(line or b"{}")
            for camera, fault in dict(wish.get("set", {})).items():
                self.set_fault(str(camera), fault)
        except (ValueError, TypeError, AttributeError) as wrong:
            return {"error": str(wrong)}
        by_hand = {camera: fault for camera, fault in self._faults.by_hand.items() if fault is not None}
        return {"faults": by_hand, "watched": self.watched(), "clients": len(self._clients)}


async def serve(
    cameras: Iterable[Camera | Mapping[str, object]], port: int, key: bytes,
    *, control_port: int = 0, fault_share: float = 0.0, seed: int = 0,
) -> CameraServer:  # fmt: skip
    """A server for these cameras (Camera, or a mapping with 'id', 'name', 'state') that listens on loopback; close() it.

    A camera whose state is offline is dead, one at fault shows a frozen picture. fault_share is the share of the others
    that are out of order at any moment (the demo uses 0.015), drawn from the seed.
    """
    names, standing = {}, {}
    for camera in cameras:
        if isinstance(camera, Camera):
            camera_id, name, state = camera.id, camera.name, camera.state
        else:
            camera_id, name = str(camera["id"]), str(camera.get("name", ""))
            state = CameraState(str(camera.get("state", CameraState.ONLINE)))
        names[camera_id] = name
        if state in STANDING_FAULTS:
            standing[camera_id] = STANDING_FAULTS[state]
    server = CameraServer(names, key, Faults(share=fault_share, seed=seed, standing=standing))
    await server.listen(port, control_port)
    return server


async def _run(wishes: argparse.Namespace) -> None:
    cameras = json.loads(wishes.town_cameras.read_text(encoding="utf-8"))
    server = await serve(
        cameras, wishes.port, wishes.key.read_bytes(),
        control_port=wishes.control_port, fault_share=wishes.fault_share, seed=wishes.seed,
    )  # fmt: skip
    sys.stdout.write(f"ready {server.port} {server.control_port}\n")
    sys.stdout.flush()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    await server.close()


def main() -> None:
    """Serve the cameras of a file until SIGTERM; prints `ready PORT CONTROLPORT` once both ports are open."""
    parser = argparse.ArgumentParser(prog="python -m server.drill.cameras", description=main.__doc__)
    parser.add_argument("--town-cameras", type=Path, required=True)
    parser.add_argument("--key", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--control-port", type=int, default=0)
    parser.add_argument("--fault-share", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=0)
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
