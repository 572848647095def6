"""Which cameras are played in their main stream."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.wants import MOST_MAINS, Want, mains

CASES: list[tuple[str, list[Want], set[str], set[str]]] = [
    ("nothing", [], set(), set()),
    ("small tiles", [Want("a", 320), Want("b", 959)], set(), set()),
    ("a wide one", [Want("a", 320), Want("b", 960)], set(), {"b"}),
    ("a selected one, however small", [Want("a", 200, True), Want("b", 320)], set(), {"a"}),
    ("two tiles of one camera", [Want("a", 200), Want("a", 1280)], set(), {"a"}),
    ("selected before wide", [Want(c, 1000 + k) for k, c in enumerate("abcd")] + [Want("e", 100, True)], set(), set("bcde")),
    ("the widest", [Want(c, 1000 + k) for k, c in enumerate("abcdef")], set(), set("cdef")),
    ("who is shown so already, among equals", [Want(c, 1000) for c in "abcdef"], set("cf"), set("abcf")),
]


@pytest.mark.parametrize(("wants", "before", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_wide_and_selected_tiles_get_the_main_stream(wants: list[Want], before: set[str], wanted: set[str]) -> None:
    assert mains(wants, before) == wanted


@given(st.lists(st.builds(Want, st.sampled_from("abcdefgh"), st.integers(0, 4000), st.booleans()), max_size=30))
def test_never_more_than_four_and_the_choice_is_at_rest(wants: list[Want]) -> None:
    chosen = mains(wants)
    assert len(chosen) <= MOST_MAINS
    assert mains(wants, chosen) == chosen
