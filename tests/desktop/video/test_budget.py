"""All streams together stay within 70 % of the cores: fewer pictures first, then key pictures only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.video_wall.budget import Cost, Thrift, thrift_for
from desktop.video_wall.sight_words import shown_words
from desktop.video_wall.watchdog import Patience, Sight, Watch
from desktop.video_wall.words import LANGUAGES, say_in

SUB, MAIN = Cost(0.8, 0.3, 1 / 15), Cost(2.7, 0.9, 1 / 25)
CASES = [
    ("four tiles on two cores", [SUB] * 4, 2, Thrift.NONE, Thrift.NONE),
    ("a wall of 36 on two cores", [SUB] * 36, 2, Thrift.NONE, Thrift.NONE),
    ("84 are just too many", [SUB] * 85, 2, Thrift.NONE, Thrift.FEWER),
    ("more than decoding all allows", [SUB] * 120, 2, Thrift.NONE, Thrift.KEYS),
    ("main streams on one core", [MAIN] * 9, 1, Thrift.NONE, Thrift.FEWER),
    ("nothing is saved on nothing", [], 1, Thrift.KEYS, Thrift.NONE),
    ("no better picture for a little room", [SUB] * 80, 2, Thrift.FEWER, Thrift.FEWER),
    ("a better one for enough", [SUB] * 70, 2, Thrift.FEWER, Thrift.NONE),
    ("more than any saving allows", [SUB] * 9000, 1, Thrift.NONE, Thrift.KEYS),
]


@pytest.mark.parametrize(("costs", "cores", "before", "wanted"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_as_little_is_saved_as_the_machine_allows(costs: list[Cost], cores: float, before: Thrift, wanted: Thrift) -> None:
    assert thrift_for(costs, cores, before) is wanted


@given(st.lists(st.builds(Cost, st.floats(0, 50), st.floats(0, 50), st.floats(0.005, 1.0)), max_size=60), st.floats(0.1, 64))
def test_saving_more_never_costs_more_and_the_choice_is_at_rest(costs: list[Cost], cores: float) -> None:
    for cost in costs:
        assert cost.load_ms(Thrift.NONE) >= cost.load_ms(Thrift.FEWER) >= cost.load_ms(Thrift.KEYS)
    for before in Thrift:
        chosen = thrift_for(costs, cores, before)
        assert thrift_for(costs, cores, chosen) is chosen


def test_a_stream_is_judged_by_its_own_figures() -> None:
    cost = SUB
    for _ in range(200):
        cost = cost.decoded(5.0).shown(2.0).came(0.04)
    assert cost.load_ms(Thrift.NONE) == pytest.approx(7.0 * 25, rel=0.01)
    assert cost.came(0.0).came(-3.0).came(3600.0) == cost


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tile_says_what_is_saved(language: str) -> None:
    watch = Watch(0.0).framed(1.0, 7)
    spoken = {
        thrift: shown_words(Watch(0.0, frame_at=1.0, changed_at=1.0, thrift=thrift), 1.1, say_in(language)).badge
        for thrift in Thrift
    }
    assert len(set(spoken.values())) == 3
    assert shown_words(watch, 1.1, say_in(language)).badge == spoken[Thrift.NONE]


def test_a_key_picture_is_not_late_before_the_next_can_come() -> None:
    watch = Watch(0.0, Patience(), frame_at=1.0, changed_at=1.0, thrift=Thrift.KEYS)
    assert watch.sight(6.9) is Sight.LIVE
    assert watch.sight(7.1) is Sight.STALE
