"""A redivision goes from hand to hand, each in its turn; what became of each area is told, so that the past is found again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from governance.people import Officer, Role
from governance.places import Level
from governance.redivision import (
    RULES,
    Act,
    Ancestry,
    Change,
    Descent,
    Outcome,
    Relation,
    Stage,
    acted,
    ancestry,
    heir_of,
    levels_between,
    require_staffed,
)
from governance.refusal import Refused

TODAY = date(2026, 12, 1)
EDITOR, APPROVER, PUBLISHER = (UUID(int=number) for number in (1, 2, 3))
BY = {Role.GIS_STAFF: EDITOR, Role.AUDITOR: APPROVER, Role.ADMINISTRATOR: PUBLISHER}


def officer(role: Role, scope: str = "") -> Officer:
    return Officer(UUID(int=20), "某", UUID(int=21), role, scope, 2, None, UUID(int=22))


def a_change(stage: Stage = Stage.DRAFT) -> Change:
    return Change(UUID(int=9), "凯旋街道调整", "合并", "江政发〔2026〕1号", "330104", 1, stage, 3, None, frozenset({EDITOR}))


def test_it_goes_from_hand_to_hand_to_its_day() -> None:
    change = a_change()
    for act, role in (
        (Act.EDIT, Role.GIS_STAFF),
        (Act.CHECK, Role.GIS_STAFF),
        (Act.APPROVE, Role.AUDITOR),
        (Act.PUBLISH, Role.ADMINISTRATOR),
        (Act.COME_INTO_FORCE, Role.SYSTEM),
    ):
        change = acted(change, act, officer(role), BY.get(role, UUID(int=0)), TODAY, TODAY + timedelta(days=30))
    assert (change.stage, change.version) == (Stage.IN_FORCE, 8)
    assert (change.approver, change.publisher, change.effective_on) == (APPROVER, PUBLISHER, date(2026, 12, 31))


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("act", Act)
def test_an_act_is_for_its_stages_and_its_roles_alone(stage: Stage, act: Act) -> None:
    rule = RULES[act]
    for role in Role:
        if role in rule.roles and stage in rule.stages:
            assert acted(a_change(stage), act, officer(role), UUID(int=77), TODAY, TODAY).stage is rule.to
            continue
        with pytest.raises(Refused) as no:
            acted(a_change(stage), act, officer(role), UUID(int=77), TODAY, TODAY)
        assert no.value.code == ("stage_wrong" if role in rule.roles else "not_your_right")


@pytest.mark.parametrize(
    ("act", "stage", "role", "account", "code"),
    [
        (Act.APPROVE, Stage.CHECKED, Role.AUDITOR, EDITOR, "editor_approves"),
        (Act.PUBLISH, Stage.APPROVED, Role.ADMINISTRATOR, EDITOR, "same_person_publishes"),
        (Act.PUBLISH, Stage.APPROVED, Role.ADMINISTRATOR, APPROVER, "same_person_publishes"),
    ],
)
def test_nobody_passes_his_own_drawing_on(act: Act, stage: Stage, role: Role, account: UUID, code: str) -> None:
    change = replace(a_change(stage), approver=APPROVER)
    with pytest.raises(Refused) as no:
        acted(change, act, officer(role), account, TODAY)
    assert no.value.code == code


@pytest.mark.parametrize("days", [-1, 2000])
def test_a_day_gone_by_or_far_off_is_no_day_for_it(days: int) -> None:
    with pytest.raises(Refused, match="day_out_of_range"):
        acted(
            a_change(Stage.APPROVED), Act.PUBLISH, officer(Role.ADMINISTRATOR), PUBLISHER, TODAY, TODAY + timedelta(days=days)
        )


def test_only_who_sees_all_of_the_area_changes_it() -> None:
    with pytest.raises(Refused, match="not_your_area"):
        acted(a_change(), Act.EDIT, officer(Role.GIS_STAFF, "330104005"), EDITOR, TODAY)


WAS = {"a": ("甲", "p"), "b": ("乙", "p"), "c": ("丙", "p")}


@pytest.mark.parametrize(
    ("descents", "now", "expected"),
    [
        ([Descent("a", "a", 1, 1)], {"a": ("甲", "p")}, []),
        ([Descent("a", "a", 1, 1)], {"a": ("新甲", "p")}, [Ancestry("a", "a", Relation.RENAME, 1.0)]),
        ([Descent("a", "a", 1, 1)], {"a": ("甲", "q")}, [Ancestry("a", "a", Relation.MOVE, 1.0)]),
        ([Descent("a", "x", 1, 1)], {"x": ("甲", "p")}, [Ancestry("a", "x", Relation.RECODE, 1.0)]),
        ([Descent("a", "x", 1, 1)], {"x": ("甲", "q")}, [Ancestry("a", "x", Relation.MOVE, 1.0)]),
        (
            [Descent("a", "a", 0.6, 1), Descent("a", "d", 0.4, 1)],
            {"a": ("甲", "p"), "d": ("丁", "p")},
            [Ancestry("a", "a", Relation.SPLIT, 0.6), Ancestry("a", "d", Relation.SPLIT, 0.4)],
        ),
        (
            [Descent("a", "a", 1, 0.5), Descent("b", "a", 1, 0.5)],
            {"a": ("甲", "p")},
            [Ancestry("a", "a", Relation.MERGE, 1.0), Ancestry("b", "a", Relation.MERGE, 1.0)],
        ),
        (
            [Descent("a", "a", 0.9995, 1), Descent("a", "b", 0.0005, 0.0005), Descent("b", "b", 1, 0.9995)],
            {"a": ("甲", "p"), "b": ("乙", "p")},
            [],
        ),
        (
            [Descent("a", "a", 0.8, 1), Descent("a", "b", 0.2, 0.2), Descent("b", "b", 1, 0.8)],
            {"a": ("甲", "p"), "b": ("乙", "p")},
            [
                Ancestry("a", "a", Relation.SPLIT, 0.8),
                Ancestry("a", "b", Relation.SPLIT, 0.2),
                Ancestry("b", "b", Relation.RESHAPE, 1.0),
            ],
        ),
    ],
)
def test_what_became_of_an_area_is_called_by_its_name(
    descents: list[Descent], now: dict[str, tuple[str, str]], expected: list[Ancestry]
) -> None:
    was = {code: WAS[code] for code in {each.old for each in descents}}
    assert list(ancestry(descents, was, now)) == expected


def test_an_area_with_no_heir_was_abolished() -> None:
    assert ancestry([], {"c": WAS["c"]}, {}) == (Ancestry("c", "", Relation.ABOLISH, 1.0),)


def test_who_had_an_area_that_is_gone_has_that_of_the_largest_share() -> None:
    grid, other = "330104005051001", "330104005051002"
    here, there = "330104006001001", "330104006001002"
    descents = [Descent(grid, here, 0.7, 1), Descent(grid, there, 0.3, 1), Descent(other, there, 1, 0.8)]
    now = frozenset({here, there, "330104006001", "330104006"})
    assert heir_of(grid, descents, now) == here
    assert heir_of("330104005051", descents, now) == "330104006001"
    assert heir_of("330104005", descents, now) == "330104006"
    assert heir_of("330104006", descents, now) == "330104006"
    assert heir_of("", descents, now) == ""
    with pytest.raises(Refused, match="no_heir"):
        heir_of("330105", descents, now)


def test_nothing_is_approved_while_a_grid_has_nobody() -> None:
    outcome = Outcome((), (), ("330104005051001",), datetime(2026, 12, 1, tzinfo=UTC))
    with pytest.raises(Refused, match="grids_unstaffed"):
        require_staffed(outcome)
    require_staffed(replace(outcome, unstaffed=()))


def test_what_lies_below_an_area_may_be_drawn_anew() -> None:
    assert levels_between("330104") == (Level.GRID, Level.COMMUNITY, Level.STREET)
    assert levels_between("330104005051") == (Level.GRID,)
