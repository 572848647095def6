"""The simulated cameras: streets that can be drawn, strips that can be read, access, faults, encoding on demand."""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from governance.camera import Camera, CameraState
from governance.places import LonLat
from server.camera_access import sign, stream_url, verify
from server.drill.camera_encoder import MAIN, SUB
from server.drill.camera_faults import Fault, Faults
from server.drill.camera_picture import CameraPicture
from server.drill.camera_rtp import MTU, fragments
from server.drill.camera_rtsp import parsed
from server.drill.camera_scene import light_at, street_of
from server.drill.camera_sprite import Planes
from server.drill.camera_strip import Strip, camera_crc, draw, frame_at, read
from server.drill.camera_traffic import KEPT_BYTES_PER_PX, Traffic
from server.drill.cameras import CameraServer, serve

pytestmark = pytest.mark.anyio

KEY = bytes(range(32))
CAMERAS = [{"id": f"330104000013200{n:05d}", "name": f"景芳二区{n}号门"} for n in range(3790)]
QUICK = {"rtsp_transport": "tcp", "analyzeduration": "200000", "probesize": "65536"}
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC).timestamp()


@pytest.fixture
def anyio_backend() -> str:
    """The loop the server is written for."""
    return "asyncio"


def camera_id(number: int) -> str:
    """The id of the camera with a number."""
    return CAMERAS[number]["id"]


def address(server: CameraServer, number: int, stream: str = "sub", lifetime_s: float = 60.0) -> str:
    """A good address of a stream."""
    expires_at = datetime.now(UTC) + timedelta(seconds=lifetime_s)
    return stream_url(server.port, camera_id(number), stream, sign(KEY, camera_id(number), expires_at))


@asynccontextmanager
async def running(**wishes: float) -> AsyncIterator[CameraServer]:
    """A server of all cameras for one test."""
    server = await serve(CAMERAS, 0, KEY, **wishes)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        await server.close()


def first_picture(url: str, timeout_s: float = 5.0) -> np.ndarray:
    """The first picture of a stream, as RGB."""
    with av.open(url, options=QUICK, timeout=timeout_s) as container:
        return next(container.decode(video=0)).to_ndarray(format="rgb24")


# --- access ---


@given(st.binary(min_size=32, max_size=64), st.text(min_size=1, max_size=30), st.integers(1, 4_000_000_000))
def test_a_token_opens_its_camera_until_it_expires_and_no_other(key: bytes, camera: str, expiry: int) -> None:
    ends = datetime.fromtimestamp(expiry, UTC)
    token = sign(key, camera, ends)
    assert verify(key, camera, token, ends - timedelta(seconds=1))
    assert not verify(key, camera, token, ends)
    assert not verify(key, camera + "0", token, ends - timedelta(seconds=1))
    assert not verify(bytes(b ^ 1 for b in key), camera, token, ends - timedelta(seconds=1))
    later = f"{expiry + 1000}.{token.partition('.')[2]}"
    assert not verify(key, camera, later, ends - timedelta(seconds=1))


@given(st.text(max_size=80))
def test_a_malformed_token_opens_nothing(token: str) -> None:
    assert not verify(KEY, camera_id(1), token, datetime.now(UTC))


def test_a_short_key_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign(b"short", camera_id(1), datetime.now(UTC))


# --- the strip ---


@given(
    st.integers(0, 2**32 - 1), st.integers(0, 65535), st.integers(160, 640), st.floats(0.35, 1.0), st.integers(0, 40)
)  # fmt: skip
def test_a_strip_is_read_at_every_size_and_dimmed(crc: int, frame: int, width: int, dim: float, lift: int) -> None:
    luma = np.random.default_rng(frame).integers(0, 255, (360, 640)).astype(np.uint8)
    draw(luma, Strip(crc, frame))
    small = Image.fromarray(luma).resize((width, width * 9 // 16), Image.Resampling.BILINEAR)
    seen = np.clip(np.asarray(small, np.float32) * dim + lift, 0, 255).astype(np.uint8)
    assert read(seen) == Strip(crc, frame)


def test_a_picture_without_a_strip_reads_as_none() -> None:
    rng = np.random.default_rng(7)
    assert read(np.full((360, 640), 90, np.uint8)) is None
    noise = [read(rng.integers(0, 255, (117, 208, 3)).astype(np.uint8)) for _ in range(200)]
    assert sum(strip is not None for strip in noise) == 0
    assert read(np.zeros((10, 10), np.uint8)) is None


def test_the_strip_tells_the_age() -> None:
    now = 1_800_000_000.0
    assert Strip(0, frame_at(now - 0.2, 15)).age_s(15, now) == pytest.approx(0.2, abs=1 / 15)
    assert Strip(camera_crc("a"), 0).is_of("a")
    assert not Strip(camera_crc("a"), 0).is_of("b")


# --- the picture ---


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 3789), st.integers(0, 86_399), st.integers(0, 65535))
def test_every_street_can_be_drawn_at_every_hour(number: int, second: int, frame: int) -> None:
    picture = CameraPicture(camera_id(number), CAMERAS[number]["name"], SUB.width, SUB.height)
    for step in range(3):
        yuv = picture.at(NOON + second + step * 1.7, frame)
        assert read(yuv[: SUB.height]) == Strip(zlib.crc32(camera_id(number).encode()), frame)


def test_a_street_moves_is_its_own_and_is_darker_at_night() -> None:
    one, other = (CameraPicture(camera_id(n), "", SUB.width, SUB.height) for n in (1, 2))
    noon = one.at(NOON, 0)[: SUB.height].copy()
    later = one.at(NOON + 2, 0)[: SUB.height].copy()
    road = slice(120, 300)
    assert (noon[road] != later[road]).mean() > 0.001
    assert (noon != other.at(NOON, 0)[: SUB.height]).mean() > 0.3
    night = one.at(NOON + 12 * 3600, 0)[: SUB.height]
    assert night[road].mean() < 0.8 * noon[road].mean()


@pytest.mark.parametrize("number", range(3))
def test_a_camera_watched_for_long_keeps_no_more_sprites_than_its_picture_is_worth(number: int) -> None:
    street = street_of(zlib.crc32(camera_id(number).encode()), SUB.width, SUB.height)
    traffic = Traffic(street, light_at(12.0))
    planes = Planes(np.zeros((SUB.height, SUB.width), np.uint8), np.zeros((2, SUB.height // 2, SUB.width // 2), np.uint8))
    for second in range(600):
        traffic.paste(planes, NOON + 7.3 * second)
        assert traffic.kept_bytes <= KEPT_BYTES_PER_PX * SUB.width * SUB.height


def test_both_streams_of_a_camera_show_the_same_street() -> None:
    sub = CameraPicture(camera_id(5), "", SUB.width, SUB.height).at(NOON, 1)[: SUB.height].copy()
    main = CameraPicture(camera_id(5), "", MAIN.width, MAIN.height).at(NOON, 1)[: MAIN.height].copy()
    small = np.asarray(Image.fromarray(main).resize((SUB.width, SUB.height)), np.float32)
    assert np.corrcoef(sub[:300].ravel().astype(np.float32), small[:300].ravel())[0, 1] > 0.85


# --- faults, requests, packets ---


def test_about_the_given_share_of_cameras_is_faulty_and_the_seed_decides_which() -> None:
    faults, again, others = Faults(0.015, seed=1), Faults(0.015, seed=1), Faults(0.015, seed=2)
    ids = [camera["id"] for camera in CAMERAS]
    broken = {i for i in ids if faults.of(i, NOON)}
    assert 0.008 < len(broken) / len(ids) < 0.025
    assert broken == {i for i in ids if again.of(i, NOON)}
    assert broken != {i for i in ids if others.of(i, NOON)}
    assert any(not faults.of(i, NOON + 1200) for i in broken), "a fault passes"
    by_hand = next(iter(broken))
    faults.set(by_hand, None)
    assert faults.of(by_hand, NOON) is None
    faults.set(by_hand, Fault.HANG)
    assert faults.of(by_hand, NOON) is Fault.HANG


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_a_request(head: bytes) -> None:
    request = parsed(head)
    assert request is None or isinstance(request.camera, str)


@given(st.binary(min_size=1, max_size=6000))
def test_fragments_hold_the_whole_unit_and_fit_a_packet(nal: bytes) -> None:
    parts = fragments(nal)
    assert all(len(part) <= MTU + 2 for part in parts)
    if len(parts) == 1:
        assert parts[0] == nal
    else:
        assert bytes([parts[0][0] & 0xE0 | parts[0][1] & 0x1F]) + b"".join(part[2:] for part in parts) == nal
        assert [part[1] >> 6 for part in parts] == [2, *[0] * (len(parts) - 2), 1]


# --- the server ---


async def test_a_camera_the_town_calls_offline_cannot_be_watched() -> None:
    place = LonLat(120.2, 30.27)
    down = Camera("1" * 20, "下线", place, "330104005051003", "公安", 0.0, 90.0, 100.0, state=CameraState.OFFLINE)
    works = {"id": camera_id(1), "name": "在线", "state": "online"}
    server = await serve([down, works], 0, KEY)
    try:
        token = sign(KEY, down.id, datetime.now(UTC) + timedelta(minutes=1))
        with pytest.raises((av.error.FFmpegError, OSError)):
            await asyncio.to_thread(first_picture, stream_url(server.port, down.id, "sub", token))
        assert read(await asyncio.to_thread(first_picture, address(server, 1))) is not None
    finally:
        await server.close()


async def test_any_of_all_cameras_is_shown_and_only_what_is_watched_is_encoded() -> None:
    async with running() as server:
        for number in (0, 1777, 3789):
            rgb = await asyncio.to_thread(first_picture, address(server, number))
            strip = read(rgb)
            assert strip is not None
            assert strip.is_of(camera_id(number))
            assert strip.age_s(SUB.fps, time.time()) < 1.0
        async with asyncio.timeout(3):
            while server.watched():
                await asyncio.sleep(0.05)


async def test_the_main_stream_is_larger_and_two_at_most_are_encoded() -> None:
    async with running() as server:
        rgb = await asyncio.to_thread(first_picture, address(server, 7, "main"))
        assert rgb.shape == (720, 1280, 3)
        strip = read(rgb)
        assert strip is not None
        assert strip.is_of(camera_id(7))
        with ExitStack() as watchers:
            for n in (8, 9):
                opened = await asyncio.to_thread(av.open, address(server, n, "main"), options=QUICK, timeout=5.0)
                watchers.enter_context(opened)
            assert len(server.watched()) == 2
            with pytest.raises(av.error.FFmpegError):
                await asyncio.to_thread(first_picture, address(server, 10, "main"))


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("sub", av.error.HTTPUnauthorizedError),
        ("sub?token=1.2", av.error.HTTPUnauthorizedError),
        ("other?token=GOOD", av.error.HTTPNotFoundError),
        ("../sub", av.error.HTTPNotFoundError),
    ],
)
async def test_without_a_good_token_or_a_known_stream_nothing_is_shown(path: str, wrong: type[Exception]) -> None:
    async with running() as server:
        token = sign(KEY, camera_id(3), datetime.now(UTC) + timedelta(minutes=1))
        url = f"rtsp://127.0.0.1:{server.port}/{camera_id(3)}/{path.replace('GOOD', token)}"
        with pytest.raises(wrong):
            await asyncio.to_thread(first_picture, url)


async def test_a_token_of_another_camera_or_an_expired_one_is_refused() -> None:
    async with running() as server:
        for url in (
            address(server, 3).replace(camera_id(3), camera_id(4)),
            address(server, 3, lifetime_s=-5),
        ):
            with pytest.raises(av.error.HTTPUnauthorizedError):
                await asyncio.to_thread(first_picture, url)
        unknown = sign(KEY, "9" * 20, datetime.now(UTC) + timedelta(minutes=1))
        with pytest.raises(av.error.HTTPNotFoundError):
            await asyncio.to_thread(first_picture, stream_url(server.port, "9" * 20, "sub", unknown))


async def test_hostile_bytes_harm_nobody_else() -> None:
    async with running() as server:
        for junk in (
            b"\x00" * 3000,
            b"GET / HTTP/1.1\r\n\r\n",
            b"A" * 20_000,
            b"DESCRIBE x RTSP/1.0\r\nContent-Length: 999999999\r\n\r\n",
        ):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(junk)
            await writer.drain()
            writer.write_eof()
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
        strip = read(await asyncio.to_thread(first_picture, address(server, 11)))
        assert strip is not None
        assert strip.is_of(camera_id(11))


async def test_the_control_port_breaks_and_mends_and_refuses_nonsense() -> None:
    async with running() as server:

        async def told(line: bytes) -> dict[str, object]:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.control_port)
            writer.write(line + b"\n")
            answer: dict[str, object] = json.loads(await reader.readline())
            writer.close()
            return answer

        assert (await told(json.dumps({"set": {camera_id(1): "404"}}).encode()))["faults"] == {camera_id(1): "404"}
        with pytest.raises(av.error.HTTPNotFoundError):
            await asyncio.to_thread(first_picture, address(server, 1))
        assert (await told(json.dumps({"set": {camera_id(1): None}}).encode()))["faults"] == {}
        await asyncio.to_thread(first_picture, address(server, 1))
        for nonsense in (b"{", b"[]", b'{"set": {"x": "melt"}}', b'{"set": 3}', b"\xff"):
            assert "error" in await told(nonsense)


async def test_a_stream_says_what_it_is() -> None:
    async with running() as server:
        opened = await asyncio.to_thread(av.open, address(server, 12), options=QUICK, timeout=5.0)
        with opened as container:
            assert [stream.type for stream in container.streams] == ["video"]
            stream = container.streams.video[0]
            assert (stream.codec_context.name, stream.width, stream.height) == ("h264", SUB.width, SUB.height)
            assert stream.guessed_rate == SUB.fps
