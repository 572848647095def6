"""What is remembered of a camera: bounded, in order, and read on across reconnections and streams."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.players.past import Coded, Form, PastMemory, PastReader, StreamClock
from governance.camera import StreamKind

SUB = Form("h264", b"sets", 640, 360, StreamKind.SUB)
MAIN = Form("h264", b"more", 1920, 1080, StreamKind.MAIN)


def fill(memory: PastMemory, camera: str, form: Form, start: float, end: float, size: int = 100, every_s: float = 0.5) -> None:
    """A stretch with a key picture every two seconds."""
    stretch, at, number = memory.begin(camera, form), start, 0
    while at <= end:
        memory.add(stretch, Coded(b"x" * size, number % round(2.0 / every_s) == 0, at, at))
        at, number = at + every_s, number + 1


def times(reader: PastReader) -> list[float]:
    """When what is read came."""
    found = []
    while (read := reader.next()) is not None:
        found.append(read[1].at)
    return found


def test_no_more_than_the_time_is_kept_and_what_was_seen_then_can_be_decoded() -> None:
    memory = PastMemory(longest_s=10.0)
    fill(memory, "a", SUB, 0.0, 31.0)
    since = memory.since("a")
    assert since is not None
    assert 19.0 <= since <= 21.0
    reader = PastReader(memory, "a")
    assert reader.seek(25.2)
    form, first = reader.next() or pytest.fail("nothing")
    assert (form, first.is_key, first.at) == (SUB, True, 24.0)


def test_over_the_bytes_of_the_desk_the_oldest_goes_first_whosever_it_is() -> None:
    memory = PastMemory(most_bytes=1500)
    fill(memory, "old", SUB, 0.0, 3.5)
    fill(memory, "new", SUB, 10.0, 14.9)
    assert memory.size <= 1500
    assert memory.since("old") == 2.0
    fill(memory, "new", SUB, 20.0, 24.9)
    assert memory.since("old") is None
    memory.forget("new")
    assert memory.size == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans(), st.integers(1, 400), st.floats(0.01, 3.0)), max_size=80))
def test_the_bounds_hold_whatever_comes(pictures: list[tuple[str, bool, int, float]]) -> None:
    memory, now = PastMemory(longest_s=5.0, most_bytes=1500), 0.0
    stretches = {camera: memory.begin(camera, SUB) for camera in "abc"}
    for camera, is_key, size, gap_s in pictures:
        now += gap_s
        memory.add(stretches[camera], Coded(b"x" * size, is_key, now, now))
        assert memory.size <= 1500
    held = [p for s in stretches.values() for group in s.groups for p in group.pictures]
    assert memory.size == sum(len(picture.data) for picture in held)
    assert all(s.groups[0].pictures[0].is_key for s in stretches.values() if s.groups)


def test_reading_goes_on_over_a_reconnection_and_into_the_other_stream() -> None:
    memory = PastMemory()
    fill(memory, "a", SUB, 0.0, 4.0)
    reader = PastReader(memory, "a")
    assert reader.seek(1.0)
    assert times(reader) == [k * 0.5 for k in range(9)]
    assert reader.next() is None
    fill(memory, "a", SUB, 9.0, 10.0)
    assert times(reader) == [9.0, 9.5, 10.0]
    fill(memory, "a", MAIN, 9.5, 11.5)
    read = reader.next()
    assert read is not None
    assert (read[0], read[1].at, read[1].is_key) == (MAIN, 9.5, True), "from its key picture: nothing is left out"
    assert times(reader) == [10.0, 10.5, 11.0, 11.5]


def test_reading_from_now_waits_for_what_comes() -> None:
    memory = PastMemory()
    fill(memory, "a", SUB, 0.0, 5.0)
    reader = PastReader(memory, "a")
    assert not reader.seek(5.2)
    assert reader.next() is None
    stretch = memory.begin("a", SUB)
    memory.add(stretch, Coded(b"x", True, 6.0, 6.0))
    read = reader.next()
    assert read is not None
    assert read[1].at == 6.0


def test_what_nobody_watches_is_not_kept() -> None:
    memory = PastMemory()
    stretch = memory.begin("a", SUB)
    memory.forget("a")
    memory.add(stretch, Coded(b"x", True, 1.0, 1.0))
    assert memory.size == 0


CLOCKS = [
    ("even stamps, uneven arrival", [(10.0, 0.0), (10.3, 0.1), (10.3, 0.2), (10.35, 0.3)], [10.0, 10.1, 10.2, 10.3]),
    ("a stamp that jumps", [(10.0, 0.0), (10.1, 500.0), (10.2, 500.1)], [10.0, 10.1, 10.2]),
    ("a stamp that goes back", [(10.0, 5.0), (10.1, 1.0)], [10.0, 10.1]),
    ("no stamps", [(10.0, None), (10.5, None)], [10.0, 10.5]),
    ("after a pause", [(10.0, 0.0), (40.0, 0.1)], [10.0, 40.0]),
    ("twice at once", [(10.0, None), (10.0, None)], [10.0, 10.001]),
]


@pytest.mark.parametrize(("came", "wanted"), [case[1:] for case in CLOCKS], ids=[case[0] for case in CLOCKS])
def test_one_clock_out_of_stamps_and_arrivals(came: list[tuple[float, float | None]], wanted: list[float]) -> None:
    clock = StreamClock()
    assert [clock.at(now, stamp) for now, stamp in came] == pytest.approx(wanted)
