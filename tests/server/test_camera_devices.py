"""Addresses of every make, and what comes of devices and platforms that are slow, fail or lie: over real HTTP."""

from __future__ import annotations

import asyncio
import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from governance.refusal import Refused
from server import camera_sources
from server.camera_devices import certificates, forms, onvif, probing
from server.camera_devices.patience import DeviceFailed, within
from server.camera_devices.turning import Move
from server.camera_turning import Turning
from server.drill.onvif_device import OnvifDevice
from server.drill.wvp_platform import WvpPlatform
from server.ledger.camera_sources import Source, SourceKind
from tests.fakes.self_signed import self_signed

CAMERA, DEVICE = "33010400001320000001", "33010400001110000001"
AT = datetime(2026, 11, 30, 4, 0, tzinfo=UTC)
QUICK_S = 0.4
FORMED = [
    (SourceKind.HIKVISION, "10.0.0.8", 1, "sub", "rtsp://admin:p%40s%2Fs@10.0.0.8:554/Streaming/Channels/102"),
    (SourceKind.HIKVISION, "10.0.0.8:8554", 12, "main", "rtsp://admin:p%40s%2Fs@10.0.0.8:8554/Streaming/Channels/1201"),
    (SourceKind.DAHUA, "cam.lan", 3, "main", "rtsp://admin:p%40s%2Fs@cam.lan:554/cam/realmonitor?channel=3&subtype=0"),
    (SourceKind.DAHUA, "[fd00::8]:554", 1, "sub", "rtsp://admin:p%40s%2Fs@[fd00::8]:554/cam/realmonitor?channel=1&subtype=1"),
    (SourceKind.RTSP, "rtsp://h:1554/", 1, "sub", "rtsp://admin:p%40s%2Fs@h:1554/low"),
    (SourceKind.RTSP, "rtsp://h", 1, "main", "rtsp://admin:p%40s%2Fs@h/high"),
    (SourceKind.HTTP, "http://gw:8080", 1, "main", "http://admin:p%40s%2Fs@gw:8080/high"),
]


@pytest.mark.parametrize(("kind", "address", "channel", "stream", "url"), FORMED)
def test_an_address_has_the_form_of_its_make(kind: SourceKind, address: str, channel: int, stream: str, url: str) -> None:
    paths = ("/high", "/low") if kind in forms.SCHEMES else ("", "")
    source = Source(CAMERA, kind, address, channel, *paths, user="admin", password="p@s/s")
    assert forms.why_no_source(source) is None
    assert forms.formed_url(source, stream) == url
    assert "p@s" not in repr(source)
    assert "@" not in forms.formed_url(replace(source, user=""), stream)


@pytest.fixture
def platform() -> Iterator[WvpPlatform]:
    """A platform with one device of two channels."""
    with WvpPlatform({DEVICE: {CAMERA: True, CAMERA[:-1] + "2": False}}, "gw", "secret", "key-1") as made:
        yield made


@pytest.fixture
def device() -> Iterator[OnvifDevice]:
    """A camera with ONVIF."""
    with OnvifDevice("admin", "p@ss词") as made:
        yield made


def of(platform: WvpPlatform, user: str = "gw", password: str = "secret", camera: str = CAMERA) -> Source:
    """A channel of the platform."""
    return Source(camera, SourceKind.GB28181, platform.url, device=DEVICE, user=user, password=password)


def at(device: OnvifDevice, password: str = "p@ss词") -> Source:
    """The camera as a source."""
    return Source(CAMERA, SourceKind.ONVIF, device.service, user="admin", password=password)


def asked(source: Source, stream: str = "sub", patience_s: float = QUICK_S) -> str:
    """The address of a camera, or the code it was refused with."""
    try:
        keys = settings = None
        return camera_sources.address(source, keys, settings, stream, AT, patience_s).url  # type: ignore[arg-type]
    except Refused as no:
        return no.code


def test_a_platform_names_where_it_serves_a_channel(platform: WvpPlatform, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    wanted = f"rtsp://127.0.0.1:554/rtp/{DEVICE}_{CAMERA}?originTypeStr=rtp_push"
    assert asked(of(platform)) == wanted
    assert asked(of(platform, user="", password="key-1")) == wanted
    assert platform.playing == {CAMERA}
    assert hashlib.md5(b"secret").hexdigest() in str(platform.asked)
    assert hashlib.md5(b"secret").hexdigest() not in caplog.text  # no log-on is logged, whoever logs


def test_a_platform_that_is_slow_fails_or_lies_is_refused_in_time(platform: WvpPlatform) -> None:
    expected = {"slow": "device_silent", "drip": "device_silent", "huge": "device_wrong", "html": "device_wrong"}
    began = time.monotonic()
    for fault, code in (expected | {"cut": "device_silent"}).items():
        platform.fault = fault
        assert asked(of(platform)) == code, fault
    assert time.monotonic() - began < 5 * QUICK_S + 2.0
    platform.fault = ""
    for lie in ("another", "scheme", "nothing", "text"):
        platform.lie = lie
        assert asked(of(platform)) == "device_wrong", lie
    platform.lie, platform.refuses_play = "", "点播超时"
    assert asked(of(platform)) == "device_cannot"
    assert asked(of(platform, password="wrong")) == "device_refused"
    assert asked(of(platform, user="", password="wrong")) == "device_refused"
    assert asked(of(platform, camera="33010400001320000009")) == "device_cannot"
    assert asked(replace(of(platform), address="http://127.0.0.1:9")) == "device_away"


def test_a_platform_turns_a_channel_and_stops_it(platform: WvpPlatform) -> None:
    turning = Turning(2.0)
    turning.move(of(platform), Move(pan=-0.5, tilt=1.0), 0.02)
    turning.move(of(platform), Move(zoom=1.0), 0.02)
    assert [(each.command, each.speeds) for each in platform.turned] == [
        ("upleft", (128, 255, 0)), ("stop", (0, 0, 0)), ("zoomin", (0, 0, 15)), ("stop", (0, 0, 0)),
    ]  # fmt: skip
    assert [(each.token, each.name) for each in turning.presets(of(platform))] == [("1", "东门"), ("2", "2")]
    turning.go_to(of(platform), "2")
    assert platform.called == [(CAMERA, "2")]
    with pytest.raises(Refused) as no:
        turning.go_to(of(platform), "../stop")
    assert no.value.code == "device_cannot"


def test_a_newer_movement_goes_on_where_an_older_one_would_have_stopped_it(platform: WvpPlatform) -> None:
    turning = Turning(2.0)
    older = threading.Thread(target=turning.move, args=(of(platform), Move(pan=1.0), 0.4))
    older.start()
    while not platform.turned:
        time.sleep(0.005)
    turning.move(of(platform), Move(pan=-1.0), 0.6)
    older.join()
    assert [each.command for each in platform.turned] == ["right", "left", "stop"]


def test_what_is_asked_first_and_comes_last_moves_nothing(platform: WvpPlatform) -> None:
    turning, hand, other = Turning(2.0), uuid4(), uuid4()
    turning.move(of(platform), Move(), 0.0, (hand, 8))
    turning.move(of(platform), Move(pan=1.0), 0.02, (hand, 7))  # it was on its way when the key was released
    assert [each.command for each in platform.turned] == ["stop"]
    turning.move(of(platform), Move(pan=1.0), 0.02, (other, 1))
    assert [each.command for each in platform.turned] == ["stop", "right", "stop"]


def test_a_device_that_falls_silent_amid_a_movement_is_not_waited_for(device: OnvifDevice) -> None:
    turning, began = Turning(0.3), time.monotonic()
    moving = Move(pan=1.0)

    def falls_silent() -> None:
        while not device.moved:
            time.sleep(0.005)
        device.fault = "slow"

    watcher = threading.Thread(target=falls_silent)
    watcher.start()
    with pytest.raises(Refused) as no:
        turning.move(at(device), moving, 0.1)
    watcher.join()
    assert no.value.code == "device_silent"
    assert time.monotonic() - began < 2.0


def test_an_onvif_camera_names_its_streams_by_their_size(device: OnvifDevice) -> None:
    for stream, token in (("sub", "sub_1"), ("main", "main_1")):
        # It takes itself to be elsewhere: what counts is where it was reached.
        url = f"rtsp://admin:p%40ss%E8%AF%8D@127.0.0.1:554/{token}?unicast=true&proto=Onvif"
        assert asked(at(device), stream, 3.0) == url
    chosen = replace(at(device), sub_path="main_1")
    assert "/main_1?" in asked(chosen, "sub", 3.0)


def test_an_onvif_camera_that_is_slow_fails_or_lies_is_refused_in_time(device: OnvifDevice) -> None:
    for fault in ("slow", "drip"):
        device.fault = fault
        began = time.monotonic()
        assert asked(at(device)) == "device_silent", fault
        assert time.monotonic() - began < 2.0
    device.fault = "html"
    assert asked(at(device)) in ("device_wrong", "device_cannot", "device_away")
    device.fault = ""
    for lie in ("scheme", "nothing", "empty"):
        device.lie = lie
        assert asked(at(device), patience_s=3.0) == "device_wrong", lie
    device.lie = ""
    assert asked(at(device, "wrong"), patience_s=3.0) == "device_refused"
    assert asked(replace(at(device), address="http://127.0.0.1:9/onvif/device_service"), patience_s=3.0) in (
        "device_away", "device_cannot",
    )  # fmt: skip


def test_a_device_that_signs_its_own_certificate_is_known_by_its_fingerprint(tmp_path: Path) -> None:
    ours, others = (self_signed(tmp_path, name) for name in ("factory", "other"))
    with OnvifDevice("admin", "p@ss词", ours.context) as device, OnvifDevice("admin", "p@ss词", others.context) as impostor:
        shown = within(3.0, certificates.shown_by(at(device)))
        assert (shown.fingerprint, shown.subject) == (ours.fingerprint, "CN=factory")
        known = replace(at(device), fingerprint=shown.fingerprint)
        assert asked(at(device), patience_s=3.0) == "device_untrusted"  # nobody vouches for it
        assert asked(known, patience_s=3.0).startswith("rtsp://admin:p%40ss")
        Turning(3.0).go_to(known, "2")
        assert device.moved[-1].preset == "2"
        assert asyncio.run(probing.answers(known, 3.0))
        instead = replace(known, address=impostor.service)
        assert asked(instead, patience_s=3.0) == "device_untrusted"
        assert not asyncio.run(probing.answers(instead, 3.0))
        assert impostor.asked == [], "it was sent nothing"
        with pytest.raises(DeviceFailed) as no:
            within(3.0, certificates.shown_by(replace(known, address="https://127.0.0.1:9/onvif/device_service")))
        assert no.value.code == "device_away"
    with OnvifDevice() as plain, pytest.raises(DeviceFailed) as no:
        within(3.0, certificates.shown_by(replace(known, address=plain.service.replace("http:", "https:"))))
    assert no.value.code == "device_wrong"


def test_an_onvif_camera_turns_for_a_moment_and_stops_by_itself_too(device: OnvifDevice) -> None:
    turning = Turning(3.0)
    turning.move(at(device), Move(pan=0.5, tilt=-0.25), 0.02)
    moved, stopped = device.moved
    assert (moved.pan, moved.tilt, moved.timeout) == (0.5, -0.25, "PT1.02S")
    assert (stopped.pan, stopped.tilt, stopped.zoom, stopped.preset) == (0.0, 0.0, 0.0, "")
    assert [(each.token, each.name) for each in turning.presets(at(device))] == [("1", "大门"), ("2", "停车场")]
    turning.go_to(at(device), "2")
    assert device.moved[-1].preset == "2"
    with pytest.raises(Refused):
        turning.go_to(at(device), "9")


def test_whoever_is_no_channel_of_our_gateway_is_asked_at_his_own_address(platform: WvpPlatform, device: OnvifDevice) -> None:
    async def story() -> None:
        async def camera(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            line = await reader.readline()
            assert b"@" not in line
            status = line.split(b"/Channels/")[1][:1]
            writer.write({b"1": b"RTSP/1.0 401 U\r\n\r\n", b"2": b"RTSP/1.0 404 N\r\n\r\n", b"3": b"x" * 5_000}[status])
            writer.close()

        async with await asyncio.start_server(camera, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            hik = Source(CAMERA, SourceKind.HIKVISION, f"127.0.0.1:{port}", user="u", password="p")
            for channel, is_there in ((1, True), (2, False), (3, False)):
                assert await probing.answers(replace(hik, channel=channel), 2.0) is is_there
        assert await probing.answers(replace(hik, address="127.0.0.1:9"), 2.0) is False
        assert await probing.answers(of(platform), 2.0) is True
        assert await probing.answers(of(platform, camera=CAMERA[:-1] + "2"), 2.0) is False
        assert await probing.answers(at(device, ""), 3.0) is True
        platform.fault = device.fault = "slow"
        assert await probing.answers(at(device), 0.2) is False
        with pytest.raises(probing.PlatformAway):
            await probing.answers(of(platform), 0.2)

    asyncio.run(story())


def test_what_is_asked_of_a_device_ends_in_time() -> None:
    with pytest.raises(DeviceFailed) as no:
        within(0.02, asyncio.sleep(10.0))
    assert no.value.code == "device_silent"
    for wrong in ("", None, 3, "rtsp://h/\n", "file:///x", "ftp://h/x", "rtsp:///x", "rtsp://h/" + "x" * 3_000, "rtsp://h:x/"):
        with pytest.raises(DeviceFailed):
            forms.checked(wrong)


def test_a_discovery_waits_no_longer_than_it_is_told() -> None:
    began = time.monotonic()
    assert isinstance(onvif.discover(0.05), tuple)
    assert time.monotonic() - began < 3.0
