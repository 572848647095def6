"""The duty matrix names exactly one lead for every leaf in every grid, and a level is a rung of the district's own ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

import governance
from gis_data.town.generate import generate
from governance.categories import Category
from governance.incident import Nature
from governance.places import Level, at_level, is_inside
from governance.routing import (
    Routed,
    backstop_of,
    below,
    closest,
    first_level,
    lead_unit,
    next_up,
    on_ladder,
    queue_unit_of,
    units_on_duty,
)
from governance.rules import DutyRow, Rules
from governance.seed_rules import rules_from_toml
from server.ledger.seed_people import DEPARTMENTS, Units, duty_matrix
from tests.governance.field import COMMUNITY, DISTRICT, GRID, STREET, named

FOUR = (Level.GRID, Level.COMMUNITY, Level.STREET, Level.DISTRICT)
THREE = FOUR[1:]
CATEGORIES = rules_from_toml((Path(governance.__file__).parent / "categories.toml").read_text("utf-8"))[0]
LEAVES = [code for code, category in CATEGORIES.items() if category.is_leaf]
CENTRE = named("centre")


def of_ladder(*rungs: Level, **more: object) -> Rules:
    """Rules of a ladder."""
    return replace(Rules(1, ladder=rungs), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ladder", "level", "up", "down", "on"),
    [
        (FOUR, 1, 2, 1, 1),
        (FOUR, 2, 3, 1, 2),
        (FOUR, 4, 4, 3, 4),
        (THREE, 1, 2, 1, 2),  # below the bottom there is nothing to go down to
        (THREE, 2, 3, 2, 2),
        (THREE, 3, 4, 2, 3),
        (THREE, 4, 4, 3, 4),
        ((Level.COMMUNITY, Level.STREET), 4, 4, 3, 3),  # above the top: the top
    ],
)
def test_a_level_goes_along_the_ladder(ladder: tuple[Level, ...], level: int, up: int, down: int, on: int) -> None:
    rules = of_ladder(*ladder)
    assert (next_up(rules, Level(level)), below(rules, Level(level)), on_ladder(rules, Level(level))) == (up, down, on)


@given(st.sets(st.sampled_from(FOUR), min_size=2).map(lambda rungs: tuple(sorted(rungs))))
def test_going_up_and_down_passes_every_rung_once(ladder: tuple[Level, ...]) -> None:
    rules = of_ladder(*ladder)
    going_up, going_down = [ladder[0]], [ladder[-1]]
    while next_up(rules, going_up[-1]) is not going_up[-1]:
        going_up.append(next_up(rules, going_up[-1]))
    while below(rules, going_down[-1]) is not going_down[-1]:
        going_down.append(below(rules, going_down[-1]))
    assert tuple(going_up) == tuple(reversed(going_down)) == ladder


@pytest.mark.parametrize(("ladder", "expected"), [(FOUR, {"03.01": 2, "09.01": 3, "07.04": 4}), (THREE, {"03.01": 2})])
def test_the_first_level_is_the_category_s_or_the_next_rung_there_is(
    ladder: tuple[Level, ...], expected: dict[str, int]
) -> None:
    rules = of_ladder(*ladder, categories=CATEGORIES)
    assert {code: first_level(rules, code) for code in expected} == expected
    at_grid = replace(CATEGORIES["03.01"], first_level=Level.GRID)
    assert first_level(replace(rules, categories={"03.01": at_grid}), "03.01") == ladder[0]
    assert first_level(rules, "") == Level.COMMUNITY


def test_a_queue_is_that_of_the_level_or_of_the_next_above_that_has_one() -> None:
    queues = {STREET: named("street"), DISTRICT: CENTRE}
    rules = of_ladder(*FOUR, queue_units=queues)
    found = [queue_unit_of(rules, GRID, level) for level in FOUR]
    assert found == [named("street"), named("street"), named("street"), CENTRE]
    assert queue_unit_of(of_ladder(*FOUR), GRID, Level.GRID) is None


ROWS = [
    ("nothing but the district", [("", DISTRICT, "a", 0)], "a"),
    ("a street rather than the district", [("", STREET, "a", 0), ("03.02", DISTRICT, "b", 9)], "a"),
    ("a leaf rather than its root", [("03", STREET, "a", 9), ("03.02", STREET, "b", 0)], "b"),
    ("a root rather than anything", [("", STREET, "a", 9), ("03", STREET, "b", 0)], "b"),
    ("the higher priority", [("03", STREET, "a", 1), ("03", STREET, "b", 2)], "b"),
    ("no other root", [("", DISTRICT, "a", 0), ("04", GRID, "b", 0)], "a"),
    ("no other street", [("", DISTRICT, "a", 0), ("03", "330104006", "b", 0)], "a"),
    ("one even where the value holds two", [("03", STREET, "a", 0), ("03", STREET, "b", 0)], None),
]


@pytest.mark.parametrize(("rows", "wanted"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_the_closest_row_of_the_duty_matrix_leads(rows: list[tuple[str, str, str, int]], wanted: str | None) -> None:
    matrix = tuple(DutyRow(category, area, named(unit), "lead", priority) for category, area, unit, priority in rows)
    found = lead_unit(Rules(1, duty_matrix=matrix), "03.02", GRID)
    assert found is not None
    assert not found.is_backstop
    assert found.unit == (named(wanted) if wanted else min(named("a"), named("b")))
    assert found == lead_unit(Rules(1, duty_matrix=tuple(reversed(matrix))), "03.02", GRID)


def test_who_assists_or_checks_does_not_lead() -> None:
    matrix = tuple(DutyRow("", DISTRICT, named(duty), duty) for duty in ("assist", "check"))
    rules = Rules(1, duty_matrix=matrix, backstop_units={DISTRICT: CENTRE, STREET: named("street")})
    assert lead_unit(rules, "03.02", GRID) == Routed(named("street"), True)
    assert units_on_duty(rules, "03.02", GRID, "check") == {named("check")}
    assert units_on_duty(rules, "03.02", GRID) == {named("street")}


def test_what_nobody_owns_and_no_back_stop_takes_has_no_lead() -> None:
    rules = Rules(1, backstop_units={"330104006": CENTRE})
    assert (lead_unit(rules, "03.02", GRID), backstop_of(rules, GRID), units_on_duty(rules, "03.02", GRID)) == (
        None,
        None,
        frozenset(),
    )


areas = st.sampled_from([DISTRICT, STREET, COMMUNITY, GRID, "330104006", "330104005052"])
kinds = st.sampled_from(["", "03", "03.02", "03.01", "06"])
matrices = st.lists(
    st.builds(DutyRow, kinds, areas, st.sampled_from([named(x) for x in "abcd"]), st.just("lead"), st.integers(0, 2)),
    max_size=8,
    unique_by=lambda row: (row.category, row.area),
)


@given(matrices, st.sampled_from(["03.02", "03.01", "06.01"]), st.sampled_from([GRID, "330104006001001"]))
def test_any_matrix_with_a_back_stop_names_one_lead_and_the_row_it_names_is_the_closest(
    matrix: list[DutyRow], category: str, grid: str
) -> None:
    rules = Rules(1, duty_matrix=tuple(matrix), backstop_units={DISTRICT: CENTRE})
    found = lead_unit(rules, category, grid)
    assert found is not None
    rows = closest(rules, category, grid, "lead")
    assert len(rows) == (0 if found.is_backstop else 1)
    for row in rows:
        for other in matrix:
            if is_inside(grid, other.area) and other.category in ("", category[:2], category):
                assert (len(other.area), len(other.category)) <= (len(row.area), len(row.category))


def district(streets: Iterable[str], code: str) -> Rules:
    """The seeded rules of a district: its matrix and back-stops."""
    centres = {street: named(street) for street in streets}
    departments = {platform: named(platform) for platform, _ in DEPARTMENTS}
    town = type("Coded", (), {"code": code})()
    matrix = duty_matrix(town, Units(CENTRE, centres, departments))
    return Rules(1, CATEGORIES, duty_matrix=matrix, backstop_units={code: CENTRE, **centres})


def leads(rules: Rules, grids: Iterable[str]) -> Counter[tuple[UUID, bool]]:
    """How often each unit leads, as owner and as back-stop, over every leaf and grid; fails where one has no lead."""
    found: Counter[tuple[UUID, bool]] = Counter()
    for grid in grids:
        for leaf in LEAVES:
            routed = lead_unit(rules, leaf, grid)
            assert routed is not None, f"{leaf} in {grid}"
            found[routed.unit, routed.is_backstop] += 1
    return found


def test_every_leaf_in_every_grid_of_the_generated_district_has_one_lead() -> None:
    town = generate(1)
    grids = [area.code for area in town.at(Level.GRID)]
    rules = district({grid[:9] for grid in grids}, town.code)
    found = leads(rules, grids)
    assert sum(found.values()) == len(LEAVES) * 543
    assert {unit for unit, is_backstop in found} == {named(street) for street in {grid[:9] for grid in grids}}
    fewer = replace(rules, duty_matrix=tuple(row for row in rules.duty_matrix if row.category not in ("08", "09")))
    unowned = leads(fewer, grids)
    assert sum(count for (_, is_backstop), count in unowned.items() if is_backstop) == 543 * sum(
        leaf[:2] in ("08", "09") for leaf in LEAVES
    )


def test_every_leaf_in_every_village_of_a_county_of_three_levels_has_one_lead() -> None:
    county, towns = "330122", [f"330122{n:03d}" for n in range(100, 114)]
    grids = [f"{town}{village:03d}{grid:03d}" for town in towns for village in range(200, 206) for grid in (1, 2)]
    queues = {at_level(grid, Level.COMMUNITY): named(grid[:12]) for grid in grids}
    rules = replace(
        district(towns, county),
        ladder=THREE,
        queue_units=queues | {town: named(town) for town in towns} | {county: CENTRE},
    )
    villages = Category("11.01", "x", "x", "11", Nature.SERVICE, "x", first_level=Level.GRID)
    rules = replace(rules, categories=CATEGORIES | {"11.01": villages})
    assert sum(leads(rules, grids).values()) == len(LEAVES) * len(grids)
    assert first_level(rules, "11.01") is Level.COMMUNITY
    assert queue_unit_of(rules, grids[0], first_level(rules, "11.01")) == named(grids[0][:12])
