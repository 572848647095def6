"""Which open incidents are listed as perhaps the same matter."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.duplicates import MOST, alike, likeness_of
from governance.incident import Case, Incident, State
from governance.places import LonLat

from .field import GAS, LEAF, NOON, PLACE, RULES, named

GAS_RULES = replace(RULES, categories=RULES.categories | {GAS: replace(RULES.categories[GAS], merge_radius_m=300.0)})
METRE = 1 / 111_195


def incident(
    name: str,
    north_m: float = 0.0,
    minutes: float = 0.0,
    category: str = LEAF,
    state: State = State.REPORTED,
    text: str = "路边有人摆摊，占了人行道",
    house: str = "",
) -> Incident:
    """An incident so far north of the place, so long after noon."""
    place = LonLat(PLACE.lon, PLACE.lat + north_m * METRE)
    return Incident(
        named(name), name, state, "", text, place, house, "330104005051003", category, NOON + timedelta(minutes=minutes)
    )


MINE = incident("mine")


@pytest.mark.parametrize(
    ("other", "is_listed"),
    [
        (incident("near", 20), True),
        (incident("a little beyond thirty metres", 31), False),
        (incident("the same house beyond them", 80, house="12 幢"), False),
        (incident("yesterday", 5, -23 * 60), True),
        (incident("the day before", 5, -25 * 60), False),
        (incident("another kind", 5, category=GAS), False),
        (incident("not sorted yet, like words", 5, category=""), True),
        (incident("not sorted yet, other words", 5, category="", text="楼道灯坏了"), False),
        (incident("over", 5, state=State.ARCHIVED), False),
        (incident("being worked at", 5, state=State.HANDLING), True),
    ],
    ids=lambda each: each.number if isinstance(each, Incident) else "",
)
def test_only_what_is_open_near_and_of_the_same_kind_is_listed(other: Incident, is_listed: bool) -> None:
    assert bool(alike(MINE, [Case(other)], RULES)) is is_listed


def test_the_radius_is_the_categorys_and_a_house_is_one_place() -> None:
    leak = incident("leak", category=GAS)
    assert alike(leak, [Case(incident("down the road", 290, category=GAS))], GAS_RULES)
    assert not alike(leak, [Case(incident("too far", 310, category=GAS))], GAS_RULES)
    quarrel = replace(GAS_RULES.categories[GAS], merge_radius_m=0.0)
    rules = replace(RULES, categories=RULES.categories | {GAS: quarrel})
    here = incident("here", category=GAS, house="12 幢 302")
    assert alike(here, [Case(incident("said again", 8, category=GAS, house="12 幢 302"))], rules)
    assert not alike(here, [Case(incident("next door", 8, category=GAS, house="12 幢 301"))], rules)


def test_an_incident_is_not_like_itself_and_the_nearest_comes_first() -> None:
    others = [incident("far", 25), incident("nearest", 2), incident("middle", 12), incident("last", 29)]
    listed = alike(MINE, [Case(each) for each in (MINE, *others)], RULES)
    assert [each.incident for each in listed] == [named("nearest"), named("middle"), named("far")]
    assert len(listed) == MOST
    assert all(one.distance_m <= other.distance_m for one, other in pairwise(listed))


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_either_way(one: str, other: str) -> None:
    assert 0.0 <= likeness_of(one, other) == likeness_of(other, one) <= 1.0


@given(st.text("甲乙丙丁 ", min_size=4).filter(lambda text: len("".join(text.split())) > 1))
def test_a_text_is_like_itself_whatever_its_spaces(text: str) -> None:
    assert likeness_of(text, "".join(text.split())) == 1.0
