"""The camera round learns from the streams themselves which cameras can be watched, and says so on the feed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

from governance.camera import CameraState
from governance.changes import CameraChanged, cameras_of
from server.camera_round import CameraRound
from server.drill.cameras import CameraServer, serve
from server.ledger import camera_sources, cameras, change_log
from server.ledger.camera_sources import Source, SourceKind
from wire.codec import decode_change

from .conftest import District, small_town

CAMERAS = small_town().cameras
IDS = [camera.id for camera in CAMERAS]
Round = Callable[[], Awaitable[int]]


@asynccontextmanager
async def gateway(district: District) -> AsyncIterator[tuple[CameraServer, Round]]:
    """The drill's cameras of the small district, and a quick round over them."""
    server = await serve(CAMERAS, 0, district.keys.camera_key)
    try:
        yield server, quick_round(district, server.port)
    finally:
        await server.close()


def quick_round(district: District, port: int) -> Round:
    """A round without pauses."""
    base = f"rtsp://127.0.0.1:{port}"
    return CameraRound(district.ledger, base, district.keys.camera_key, 0.0, again_after_s=0.05, patience_s=0.5).once


def offline(district: District) -> set[str]:
    """Which cameras the ledger has as offline."""
    with district.ledger.transaction() as connection:
        return {each.id for each in cameras.visible(connection, "", 9) if each.state is CameraState.OFFLINE}


def said(district: District, number: int) -> list[CameraState]:
    """What the street's stream said of a camera, in order."""
    stream = cameras_of(CAMERAS[number].grid, CAMERAS[number].share_level)
    with district.ledger.transaction() as connection:
        facts = [decode_change(each).fact for each in change_log.read_after(connection, stream, 0, 1000)]
    return [fact.state for fact in facts if isinstance(fact, CameraChanged) and fact.camera == IDS[number]]


def test_a_camera_that_dies_goes_offline_and_comes_back(district: District) -> None:
    broken = {1: "dead", 2: "hang", 3: "404", 7: "401"}

    async def story() -> None:
        async with gateway(district) as (server, once):
            assert await once() == 0
            for number, fault in broken.items():
                server.set_fault(IDS[number], fault)
            server.set_fault(IDS[4], "freeze")
            assert await once() == len(broken)
            assert offline(district) == {IDS[number] for number in broken}
            assert await once() == 0
            for number in broken:
                server.set_fault(IDS[number], None)
            assert await once() == len(broken)

    asyncio.run(story())
    assert offline(district) == set()
    for number in range(len(IDS)):
        assert said(district, number) == ([CameraState.OFFLINE, CameraState.ONLINE] if number in broken else [])


def test_one_failed_ask_is_no_reason(district: District) -> None:
    asked: list[bytes] = []

    async def first_time_deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readuntil(b"\r\n\r\n")).split(b"?")[0]
        if line in asked:
            writer.write(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n")
        asked.append(line)
        writer.close()

    async def story() -> None:
        async with await asyncio.start_server(first_time_deaf, "127.0.0.1", 0) as server:
            assert await quick_round(district, server.sockets[0].getsockname()[1])() == 0

    asyncio.run(story())
    assert len(asked) == 2 * len(IDS)
    assert offline(district) == set()


def test_a_gateway_that_is_away_says_nothing_of_its_cameras(district: District) -> None:
    async def story() -> None:
        async with gateway(district) as (_, once):
            pass
        assert await once() == 0

    asyncio.run(story())
    assert offline(district) == set()


def test_a_camera_its_owner_reports_at_fault_is_left_so(district: District) -> None:
    district.owner_executes("UPDATE camera SET state = 'fault' WHERE id = %s", IDS[0])

    async def story() -> None:
        async with gateway(district) as (_, once):
            assert await once() == 0

    asyncio.run(story())
    with district.ledger.transaction() as connection:
        camera = cameras.find(connection, IDS[0])
    assert camera is not None
    assert camera.state is CameraState.FAULT


def test_the_clock_process_goes_the_round_and_ends_amid_it(district: District) -> None:
    async def story() -> None:
        async with gateway(district) as (server, _):
            base = f"rtsp://127.0.0.1:{server.port}"
            replace(district.settings, rtsp_base=base, camera_round_s=0.5).write()
            district.owner_executes("UPDATE camera SET state = 'offline' WHERE id = %s", IDS[5])
            clock = await asyncio.to_thread(district.start, "clock")
            until = time.monotonic() + 20.0
            while offline(district) and time.monotonic() < until:
                await asyncio.sleep(0.05)
            assert offline(district) == set()
            for camera in IDS:
                server.set_fault(camera, "hang")
            began = time.monotonic()
            clock.terminate()
            assert await asyncio.to_thread(clock.wait, 10) == 0
            assert time.monotonic() - began < 4.0

    asyncio.run(story())


def test_a_camera_of_a_device_is_asked_at_the_device(district: District) -> None:
    asked: list[bytes] = []

    async def device(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(
            b"RTSP/1.0 401 Unauthorized\r\nCSeq: 1\r\n\r\n" if b"/102 " in asked[-1] else b"RTSP/1.0 404 Not Found\r\n\r\n"
        )
        writer.close()

    async def story() -> None:
        async with gateway(district) as (_, once), await asyncio.start_server(device, "127.0.0.1", 0) as server:
            address = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            with district.owner.transaction() as connection:
                for number, channel in ((0, 1), (1, 2)):
                    source = Source(IDS[number], SourceKind.HIKVISION, address, channel, user="admin", password="secret")
                    camera_sources.keep(connection, district.owner.seal, source, datetime.now(UTC))
            assert await once() == 1

    asyncio.run(story())
    assert offline(district) == {IDS[1]}
    assert not any(b"secret" in each for each in asked)
