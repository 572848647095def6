"""Which open incidents are listed as perhaps the same matter."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.duplicates import MOST, alike, alike_to_draft, is_repeatable, likeness_of, repeated_by
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
        (incident("closed, its echoes owed", 5, state=State.CLOSED), False),
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


LEAK = incident("leak", category=GAS, text="景芳二区三号楼楼道里煤气味很重，有老人头晕，请尽快派人")
WATER, PIPE = "05.01", "05.02"
GROUPED = replace(
    GAS_RULES,
    categories=GAS_RULES.categories
    | {code: replace(RULES.categories[LEAF], code=code, merge_group="water", merge_radius_m=100.0) for code in (WATER, PIPE)},
)


@pytest.mark.parametrize(
    ("text", "north_m", "category", "minutes", "is_listed"),
    [
        ("煤气味", 40, "", 3, True),
        ("煤", 40, "", 3, False),
        ("楼道里有煤气味", 290, GAS, 3, True),
        ("", 290, GAS, 3, True),
        ("", 290, "", 3, False),
        ("煤气味", 320, GAS, 3, False),
        ("煤气味", 40, GAS, 25 * 60, False),
        ("路灯不亮了", 5, "", 3, False),
        ("煤气味", 5, LEAF, 3, False),
    ],
    ids=lambda value: str(value) if isinstance(value, str) else "",
)
def test_a_draft_is_compared_from_its_first_words(
    text: str, north_m: float, category: str, minutes: float, is_listed: bool
) -> None:
    place = LonLat(PLACE.lon, PLACE.lat + north_m * METRE)
    listed = alike_to_draft(text, place, category, NOON + timedelta(minutes=minutes), [Case(LEAK)], GAS_RULES)
    assert bool(listed) is is_listed


def test_a_draft_without_a_place_is_like_nothing() -> None:
    assert alike_to_draft("煤气味", None, GAS, NOON, [Case(LEAK)], GAS_RULES) == ()


def test_what_nobody_has_sorted_yet_is_of_the_kind_its_words_speak_for() -> None:
    first = Case(incident("first", 120, category="", text="三号楼楼道里有很浓的煤气味"))

    def said(text: str) -> str:
        return GAS if "煤气" in text else ""

    typed = ("楼下闻到一股气味", PLACE, GAS, NOON, [first], GAS_RULES)
    assert not alike_to_draft(*typed), "the words alone are not like enough"
    assert [each.incident for each in alike_to_draft(*typed, kind_of=said)] == [first.incident.id]
    assert not alike_to_draft("摊位占道", PLACE, LEAF, NOON, [first], GAS_RULES, kind_of=said)


def test_categories_of_one_group_are_one_kind_and_others_are_not() -> None:
    burst = Case(incident("burst", 80, category=WATER, text="水漫到路上"))
    assert alike_to_draft("", PLACE, PIPE, NOON, [burst], GROUPED)
    assert not alike_to_draft("水漫到路上", PLACE, LEAF, NOON, [burst], GROUPED)


@pytest.mark.parametrize(
    ("state", "days", "north_m", "is_repeated"),
    [
        (State.ARCHIVED, 29.0, 10, True),
        (State.CLOSED, 1.0, 10, True),
        (State.ARCHIVED, 31.0, 10, False),
        (State.ARCHIVED, 2.0, 31, False),
        (State.REJECTED, 2.0, 10, False),
        (State.HANDLING, 2.0, 10, False),
    ],
)
def test_what_was_closed_within_thirty_days_is_repeated(state: State, days: float, north_m: float, is_repeated: bool) -> None:
    closed_at = NOON if state in (State.ARCHIVED, State.CLOSED) else None
    before = replace(incident("before", north_m, -600, state=state), closed_at=closed_at)
    at = NOON + timedelta(days=days)
    found = repeated_by("又有人摆摊", PLACE, LEAF, at, [Case(before)], RULES)
    assert bool(found) is is_repeated
    assert not alike_to_draft("又有人摆摊", PLACE, LEAF, at, [Case(before)], RULES)
    assert is_repeatable(before, NOON - timedelta(minutes=1)) is False


def test_five_thousand_open_incidents_are_looked_through_at_every_key() -> None:
    dice = random.Random(3)
    texts = [
        f"{place}{what}，{end}"
        for place in ("景芳二区", "凯旋路")
        for what in ("路灯不亮", "煤气味很重", "有人摆摊")
        for end in "甲乙丙丁"
    ]
    cases = [
        Case(incident(f"n{n}", dice.uniform(-9000, 9000) if n % 5 else dice.uniform(-25, 25), text=dice.choice(texts) + str(n)))
        for n in range(5000)
    ]
    for end in range(1, 12):
        listed = alike_to_draft("凯旋路有人摆摊占道请来看看"[:end], PLACE, LEAF, NOON, cases, GAS_RULES)
        near = [
            case.incident
            for case in cases
            if case.incident.place.distance_m(PLACE) <= GAS_RULES.categories[LEAF].merge_radius_m
        ]
        assert {each.incident for each in listed} <= {each.id for each in near}
    assert len(listed) == MOST
