"""Whose track may be replayed: the row of the role matrix, written down a second time, and what bounds it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from governance.people import Officer, Role, Worker
from governance.tracks import KEPT, LEAST_LETTERS, LONGEST, MOST_LETTERS, area_shown, why_no_track
from tests.governance.field import COMMUNITY, DISTRICT, GRID, NOON, STREET, UNITS, named, officer

ELSEWHERE = "330104006001001"
WORKER = Worker(named("walker"), 7, "李建国", GRID, UNITS["community"])
HOUR = timedelta(hours=1)
SINCE = NOON - timedelta(days=1)
REASON = "核对到场时间"
MAY = {
    (Role.SHIFT_LEAD, DISTRICT),
    (Role.OPERATOR, STREET),
    (Role.OPERATOR, DISTRICT),
    (Role.COORDINATOR, DISTRICT),
    (Role.COORDINATOR, STREET),
    (Role.AUDITOR, DISTRICT),
    (Role.AUDITOR, STREET),
    (Role.SHIFT_LEAD, STREET),
    (Role.SHIFT_LEAD, COMMUNITY),
    (Role.COORDINATOR, COMMUNITY),
    (Role.AUDITOR, COMMUNITY),
}
"""D.1: s of OP, d of SL, p of CR, d(reason) of AU; what says 'live' (GL, OP of a community, DO, DP, LD) shows no past track."""


def asked(who: Officer, worker: Worker = WORKER, reason: str = REASON) -> str:
    no = why_no_track(who, worker, SINCE, SINCE + HOUR, reason, NOON)
    return no.code if no is not None else ""


def sits(role: Role, scope: str, **more: object) -> Officer:
    return replace(officer(role, scope=scope), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
@pytest.mark.parametrize("scope", [DISTRICT, STREET, COMMUNITY])
def test_another_persons_track_is_shown_where_the_matrix_says_more_than_live(role: Role, scope: str) -> None:
    who = sits(role, scope, unit=named("another unit"), teams=frozenset())
    assert (asked(who) == "") == ((role, scope) in MAY), asked(who)
    if (role, scope) in MAY:
        assert asked(who, replace(WORKER, grid=ELSEWHERE)) == ("" if scope == DISTRICT else "not_your_area")
        assert asked(replace(who, shift=None)) == ("" if role is Role.AUDITOR else "off_shift")
        assert asked(who, reason="") == "reason_too_short"


def test_a_department_sees_its_own_teams() -> None:
    handler = sits(Role.HANDLER, DISTRICT, unit=UNITS["community"], teams=frozenset())
    assert asked(handler) == ""
    assert asked(replace(handler, unit=named("unit"), teams=frozenset({WORKER.unit}))) == ""
    assert asked(replace(handler, unit=named("unit"))) == "not_your_unit"


def test_below_the_district_only_the_ground_of_the_post_is_shown_of_another_person() -> None:
    for role, scope, area in ((Role.SHIFT_LEAD, STREET, STREET), (Role.AUDITOR, DISTRICT, ""), (Role.HANDLER, STREET, "")):
        assert area_shown(sits(role, scope), WORKER.id) == area
        assert area_shown(sits(role, scope, staff=WORKER.id), WORKER.id) == ""


def test_ones_own_track_needs_neither_role_nor_shift_nor_reason() -> None:
    own = sits(Role.GRID_WORKER, GRID, staff=WORKER.id, shift=None)
    assert asked(own, reason="") == ""
    assert asked(own, reason="汉" * (MOST_LETTERS + 1)) == "reason_too_long"
    assert asked(replace(own, staff=named("somebody")), reason=REASON) == "not_your_role"


@pytest.mark.parametrize(
    ("reason", "refused"),
    [
        (REASON, ""),
        ("查", "reason_too_short"),
        ("    ", "reason_too_short"),
        ("。，！？；", "reason_too_short"),
        ("aaaaaaaa", "reason_too_short"),
        ("x" * LEAST_LETTERS + "y", ""),
        ("核查" * (MOST_LETTERS // 2), ""),
        ("核查" * (MOST_LETTERS // 2) + "了", "reason_too_long"),
    ],
)
def test_a_reason_is_some_letters(reason: str, refused: str) -> None:
    assert asked(sits(Role.SHIFT_LEAD, DISTRICT), reason=reason) == refused


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (NOON - KEPT, NOON - KEPT + HOUR, ""),
        (NOON - KEPT - HOUR, NOON - KEPT + HOUR, "track_too_old"),
        (NOON - LONGEST, NOON, ""),
        (NOON - LONGEST - HOUR, NOON, "track_too_long"),
        (NOON, NOON, "ends_before_it_starts"),
        (NOON, NOON - HOUR, "ends_before_it_starts"),
    ],
)
def test_a_period_is_bounded_for_everybody(since: object, until: object, refused: str) -> None:
    for who in (sits(Role.SHIFT_LEAD, DISTRICT), sits(Role.GRID_WORKER, GRID, staff=WORKER.id)):
        no = why_no_track(who, WORKER, since, until, REASON, NOON)  # type: ignore[arg-type]
        assert (no.code if no is not None else "") == refused
