"""What a post may see (domain model D.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from governance.audience import may_see
from governance.camera import Camera
from governance.incident import Case
from governance.people import Officer, Role
from governance.places import Level
from governance.roles import SIGHT, level_of_post, may_see_positions, may_watch
from tests.governance.field import COMMUNITY, DISTRICT, GRID, PLACE, RULES, STREET, officer, reported

CASE = reported()
INCIDENT = CASE.incident
CAMERA = Camera("33010400001320000001", "c", PLACE, GRID, "公安", 0, 90, 80)


def is_shown(officer: Officer, case: Case = CASE) -> bool:
    """Whether a case may be shown to an officer."""
    return may_see(officer, case, RULES)


def test_every_role_has_its_sight() -> None:
    assert set(SIGHT) == set(Role)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.GRID_WORKER, Role.OUTSIDE])
def test_who_has_no_business_there_sees_no_incident(role: Role) -> None:
    assert not is_shown(officer(role, scope=DISTRICT))


@pytest.mark.parametrize(
    ("scope", "sees"), [("", True), (DISTRICT, True), (STREET, True), (COMMUNITY, True), ("330104006", False)]
)
def test_a_post_sees_its_own_subtree(scope: str, sees: bool) -> None:
    assert is_shown(officer(Role.DUTY_OFFICER, scope=scope)) is sees


def test_what_is_confidential_needs_the_role_and_the_clearance() -> None:
    secret = replace(CASE, incident=replace(INCIDENT, confidentiality=2))
    assert is_shown(officer(Role.DUTY_OFFICER, clearance=2), secret)
    assert not is_shown(officer(Role.DUTY_OFFICER, clearance=1), secret)
    assert is_shown(officer(Role.DISPATCHER, clearance=2), secret)
    assert not is_shown(officer(Role.OPERATOR, clearance=3), secret)


WATCHES = {
    **{(role, DISTRICT): 2 for role in ("DO", "DP", "NW", "LD")},
    **{(role, DISTRICT): 3 for role in ("SL", "CR")},
    **{(role, DISTRICT): -1 for role in ("CK", "DH", "GS", "AU", "AD", "EXT")},
    ("OP", STREET): 1,
    ("OP", COMMUNITY): 0,
    ("GL", GRID): -1,
    ("GW", GRID): -1,
    ("VW", DISTRICT): 1,
}
"""The highest share level each post may watch (D.1, 'Video live')."""


@pytest.mark.parametrize("share", range(4))
@pytest.mark.parametrize(("role", "scope"), WATCHES)
def test_cameras_are_shared_by_level(role: str, scope: str, share: int) -> None:
    assert may_watch(officer(Role(role), scope=scope), replace(CAMERA, share_level=share)) is (share <= WATCHES[role, scope])
    assert not may_watch(officer(Role(role), scope="330105"), replace(CAMERA, share_level=share))


def test_every_post_is_asked_whether_it_may_watch() -> None:
    assert {role for role, _ in WATCHES} == {role.value for role in Role} - {"SYS"}


@pytest.mark.parametrize(
    ("role", "sees"), [("DP", True), ("DO", True), ("AD", False), ("CK", False), ("DH", False), ("AU", False)]
)
def test_positions_are_for_those_who_dispatch(role: str, sees: bool) -> None:
    assert may_see_positions(officer(Role(role))) is sees


def test_a_scope_wider_than_a_district_is_that_of_the_district() -> None:
    levels = [level_of_post(officer(Role.OPERATOR, scope=scope)) for scope in ("", "33", DISTRICT, STREET, COMMUNITY, GRID)]
    assert levels == [Level.DISTRICT] * 3 + [Level.STREET, Level.COMMUNITY, Level.GRID]
