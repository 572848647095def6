"""Which cameras are opened for a place, where tiles go, and what an address tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.arrangement import Box, arrange, height_for
from desktop.video_wall.nearby import cameras_near
from desktop.video_wall.stream_address import StreamAddress
from governance.camera import Camera, CameraState
from governance.places import LonLat

PLACE = LonLat(120.2, 30.27)
DEGREE_M = 111_195.0


def camera(name: str, north_m: float, heading_deg: float = 0.0, state: CameraState = CameraState.ONLINE) -> Camera:
    """A camera north of the place (negative: south) that reaches 150 m over 90 degrees."""
    place = LonLat(PLACE.lon, PLACE.lat + north_m / DEGREE_M)
    return Camera(name, name, place, "330104005051003", "公安", heading_deg, 90.0, 150.0, state=state)


def names(cameras: list[Camera], limit: int = 4) -> list[str]:
    """The ids that are opened for the place, best first."""
    return [near.camera.id for near in cameras_near(PLACE, cameras, limit)]


@pytest.mark.parametrize(
    ("cameras", "wanted"),
    [
        ([], []),
        ([camera("far", -500)], []),
        ([camera("near but looks away", -20, 180), camera("sees", -120)], ["sees", "near but looks away"]),
        ([camera("b", -60), camera("a", -30)], ["a", "b"]),
        ([camera("b", -60), camera("a", -60)], ["a", "b"]),
        ([camera("down", -30, state=CameraState.OFFLINE), camera("works", -90)], ["works", "down"]),
        ([camera("down", -30, state=CameraState.FAULT), camera("blind", -10, 180)], ["down", "blind"]),
        ([camera(str(k), -10 * k) for k in range(1, 9)], ["1", "2", "3", "4"]),
    ],
)
def test_cameras_that_see_the_place_come_first_then_the_nearest(cameras: list[Camera], wanted: list[str]) -> None:
    assert names(cameras) == wanted


headings = st.builds(camera, st.uuids().map(str), st.floats(-600, 600), st.floats(0, 359))


@given(st.lists(headings, max_size=25), st.integers(0, 9))
def test_no_camera_that_sees_is_left_out_for_one_that_does_not(cameras: list[Camera], limit: int) -> None:
    chosen = cameras_near(PLACE, cameras, limit)
    assert len(chosen) <= limit
    seeing = sum(c.sees(PLACE) for c in cameras)
    assert sum(near.sees for near in chosen) == min(seeing, limit)
    assert [near.sees for near in chosen] == sorted((near.sees for near in chosen), reverse=True)


@given(st.integers(0, 16), st.integers(40, 2000), st.integers(40, 2000))
def test_tiles_lie_in_the_rectangle_and_apart(count: int, width: int, height: int) -> None:
    boxes = arrange(count, width, height, 38, 8)
    assert len(boxes) in (0, count)
    for k, box in enumerate(boxes):
        assert box.left >= 0
        assert box.top >= 0
        assert box.left + box.width <= width
        assert box.top + box.height <= height
        assert not any(_touch(box, other) for other in boxes[:k])


def _touch(one: Box, other: Box) -> bool:
    return (one.left < other.left + other.width and other.left < one.left + one.width
            and one.top < other.top + other.height and other.top < one.top + one.height)  # fmt: skip


@pytest.mark.parametrize(("count", "columns"), [(1, 1), (2, 2), (3, 2), (4, 2)])
def test_at_its_wished_height_a_panel_fills_its_width(count: int, columns: int) -> None:
    boxes = arrange(count, 424, height_for(count, 2, 424, 38, 8), 38, 8)
    assert len({box.left for box in boxes}) == columns
    assert max(box.left + box.width for box in boxes) >= 424 - 3


def test_an_address_is_good_until_shortly_before_it_expires_and_keeps_its_secret() -> None:
    ends = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    address = StreamAddress("rtsp://me:secret@127.0.0.1:554/cam/sub?token=123.abc", ends)
    assert address.is_good(ends - timedelta(seconds=3))
    assert not address.is_good(ends - timedelta(seconds=1))
    for text in (repr(address), str(address), address.spoken):
        assert not any(secret in text for secret in ("secret", "123.abc", "me:"))
    assert address.spoken == "rtsp://127.0.0.1:554/cam/sub"
    assert StreamAddress("rtsp://[broken", ends).spoken == "?"
