"""The camera round (巡检): every camera is asked in turn whether it can be watched, and the ledger learns what changed.

Two failed asks make a camera offline, one good one brings it back. A camera that its owner reports at fault stays so: a bad
picture is nothing an address tells. Where the gateway itself does not listen nothing is learnt of any camera behind it.
A camera that is no channel of our gateway is asked at its own address.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import psycopg
import structlog

from governance.camera import CameraState
from server.camera_access import sign, stream_url
from server.camera_devices.probing import PlatformAway, answers
from server.ledger import camera_sources, cameras
from server.ledger.camera_sources import Source, SourceKind
from server.ledger.ledger import Ledger

AT_ONCE = 8
PATIENCE_S = 5.0
AGAIN_AFTER_S = 10.0
AFTER_TROUBLE_S = 5.0
ADDRESS_LIVES = timedelta(minutes=1)

log = structlog.get_logger()


class GatewayAway(PlatformAway):
    """Nobody takes connections where our own streams should be."""


class CameraRound:
    """Asks every camera once a round. One event loop only; the ledger is its own, so that no timer waits for it."""

    def __init__(
        self, ledger: Ledger, rtsp_base: str, key: bytes,
        round_s: float, again_after_s: float = AGAIN_AFTER_S, patience_s: float = PATIENCE_S,
    ) -> None:  # fmt: skip
        """A round of `round_s` seconds; a camera that did not answer is asked again after `again_after_s`."""
        self._ledger, self._key = ledger, key
        gateway = urlsplit(rtsp_base)
        self._host, self._port = gateway.hostname or "", gateway.port or 554
        self._round_s, self._again_after_s, self._patience_s = round_s, again_after_s, patience_s
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._writing = asyncio.Lock()

    async def once(self) -> int:
        """Ask all of them, spread evenly over the round; how many changed. Raises psycopg.OperationalError."""
        standing = await asyncio.to_thread(self._standing)
        loop = asyncio.get_running_loop()
        began = loop.time()
        async with asyncio.TaskGroup() as group:
            asked = []
            for n, (source, state) in enumerate(standing):
                await asyncio.sleep(began + self._round_s * n / len(standing) - loop.time())
                await self._slots.acquire()
                asked.append(group.create_task(self._look_at(source, state)))
            await asyncio.sleep(began + self._round_s - loop.time())
        changed = sum(each.result() for each in asked)
        log.info("camera round", asked=len(asked), changed=changed)
        return changed

    async def _look_at(self, source: Source, state: CameraState) -> bool:
        """Whether the camera stands in another state than the ledger had; its slot is given back."""
        try:
            answered = await self._answers(source)
        except PlatformAway:
            return False
        finally:
            self._slots.release()
        if answered or state is not CameraState.ONLINE:
            return answered and state is CameraState.OFFLINE and await self._write(source.camera, CameraState.ONLINE)
        await asyncio.sleep(self._again_after_s)
        try:
            async with self._slots:
                answered = await self._answers(source)
        except PlatformAway:
            return False
        return not answered and await self._write(source.camera, CameraState.OFFLINE)

    async def _answers(self, source: Source) -> bool:
        """Whether a camera describes its stream; PlatformAway where nobody could be asked."""
        if source.kind is not SourceKind.GATEWAY:
            return await answers(source, self._patience_s)
        return await self._gateway_answers(source.camera)

    async def _gateway_answers(self, camera: str) -> bool:
        """The same of a channel of our gateway; GatewayAway where nobody listens."""
        address = stream_url(self._port, camera, "sub", sign(self._key, camera, datetime.now(UTC) + ADDRESS_LIVES), self._host)
        try:
            opened = asyncio.open_connection(self._host, self._port)
            reader, writer = await asyncio.wait_for(opened, self._patience_s)
        except (OSError, TimeoutError) as problem:
            raise GatewayAway from problem
        try:
            writer.write(f"DESCRIBE {address} RTSP/1.0\r\nCSeq: 1\r\nAccept: application/sdp\r\n\r\n".encode())
            line = await asyncio.wait_for(reader.readline(), self._patience_s)
            return line.split(b" ")[1:2] == [b"200"]
        except (OSError, TimeoutError, ValueError):  # ValueError: a line without an end
            return False
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _write(self, camera: str, state: CameraState) -> bool:
        """One at a time: the round has one connection and no haste."""
        async with self._writing:
            try:
                return await asyncio.to_thread(self._set_state, camera, state)
            except psycopg.OperationalError as problem:
                log.warning("ledger unreachable", problem=str(problem)[:200])
                return False

    def _standing(self) -> list[tuple[Source, CameraState]]:
        with self._ledger.transaction() as connection:
            sources = camera_sources.all_of(connection, self._ledger.seal)
            return [(sources.get(code, Source(code)), state) for code, state in cameras.watchable(connection)]

    def _set_state(self, camera: str, state: CameraState) -> bool:
        with self._ledger.transaction() as connection:
            return cameras.set_state(connection, camera, state, datetime.now(UTC))


def run(ledger: Ledger, rtsp_base: str, key: bytes, round_s: float, stop: threading.Event) -> None:
    """Round after round until told to stop; for a thread of its own."""
    asyncio.run(_until(stop, ledger, rtsp_base, key, round_s))


async def _until(stop: threading.Event, ledger: Ledger, rtsp_base: str, key: bytes, round_s: float) -> None:
    rounds = asyncio.create_task(_rounds(CameraRound(ledger, rtsp_base, key, round_s)))
    await asyncio.to_thread(stop.wait)
    rounds.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await rounds


async def _rounds(camera_round: CameraRound) -> None:
    while True:
        try:
            await camera_round.once()
        except psycopg.OperationalError as problem:
            log.warning("ledger unreachable", problem=str(problem)[:200])
            await asyncio.sleep(AFTER_TROUBLE_S)
        except Exception:  # a bug of one round; the next begins anew
            log.exception("the camera round failed")
            await asyncio.sleep(AFTER_TROUBLE_S)
