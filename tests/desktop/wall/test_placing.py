"""Where slots lie on one screen, on several, on screens that differ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.arrangement import Box
from desktop.wall.placing import GAP_PX, in_rows, placed
from governance.wall import Layout, Slot
from governance.wall_layouts import READY
from governance.wall_shapes import even_grid

HD = Box(0, 0, 1920, 1080)
BESIDE = Box(1920, 0, 1366, 768)


def outer(box: Box) -> tuple[int, int, int, int]:
    """A slot's place with its share of the gaps: left, top, right, bottom."""
    half = GAP_PX // 2
    return box.left - half, box.top - half, box.left + box.width + half, box.top + box.height + half


@pytest.mark.parametrize(
    ("layout", "screens", "wanted"),
    [
        (even_grid(2, 1), [HD], [(0, 0, 960, 1080), (960, 0, 1920, 1080)]),
        (even_grid(2, 1), [HD, BESIDE], [(0, 0, 1920, 1080), (1920, 0, 3286, 768)]),
        (even_grid(4, 1), [BESIDE, HD], [(0, 0, 960, 1080), (960, 0, 1920, 1080), (1920, 0, 2603, 768), (2603, 0, 3286, 768)]),
        (even_grid(1, 2), [HD, Box(0, 1080, 1920, 1080)], [(0, 0, 1920, 1080), (0, 1080, 1920, 2160)]),
        (Layout(2, 1, (Slot(0, 0, 2, 1),)), [HD, BESIDE], [(0, 0, 3286, 768)]),
        (even_grid(1, 1), [HD, Box(1920, 0, 1920, 1080), Box(0, 1080, 1920, 1080)], [(0, 0, 3840, 2160)]),
    ],
)
def test_a_slot_ends_where_its_screen_ends(layout: Layout, screens: list[Box], wanted: list[tuple[int, int, int, int]]) -> None:
    assert [outer(box) for box in placed(layout, screens)] == wanted


@pytest.mark.parametrize("name", READY)
def test_the_ready_scenes_fill_a_screen_without_overlapping(name: str) -> None:
    boxes = [outer(box) for box in placed(READY[name], [HD])]
    assert sum((right - left) * (bottom - top) for left, top, right, bottom in boxes) == 1920 * 1080


@given(st.integers(1, 12), st.integers(1, 12), st.integers(200, 4000), st.integers(200, 2200), st.integers(1, 4))
def test_slots_stay_on_the_screens_and_apart(columns: int, rows: int, width: int, height: int, screens: int) -> None:
    there = [Box(n * width, 0, width, height) for n in range(screens)]
    boxes = placed(even_grid(columns, rows), there)
    for number, box in enumerate(boxes):
        assert box.left >= 0
        assert box.top >= 0
        assert box.left + max(box.width - GAP_PX, 0) <= screens * width
        assert box.top + max(box.height - GAP_PX, 0) <= height
        right = number + 1
        if right % columns and box.width > 1:
            assert box.left + box.width <= boxes[right].left


def test_screens_that_make_no_lattice_count_as_one() -> None:
    assert in_rows([HD, Box(1920, 0, 10, 10), Box(0, 1080, 10, 10)]) == [[Box(0, 0, 1930, 1090)]]
    assert in_rows([BESIDE, HD]) == [[HD, BESIDE]]
