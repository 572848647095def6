"""Who hears of a case: by exactly the streams his post hears; a handler and a checker only of what is theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from governance import commands as c
from governance.audience import area_audience, case_streams, may_see, narrow_audiences
from governance.incident import Case
from governance.lifecycle import after
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.roles import SIGHT
from tests.governance.chance import PHOTO, attempt, grid_of_report, reporting
from tests.governance.field import (
    DISTRICT,
    DO,
    ELSEWHERE,
    LEAF,
    NOON,
    RULES,
    STREET,
    UNITS,
    WHOLE,
    named,
    officer,
    recipient,
    report,
    reported,
    walk,
    worker,
)

STREETS = (STREET, ELSEWHERE[:9])
DEPARTMENT, SQUAD = named("department"), named("squad")
HANDLER = replace(officer(Role.HANDLER), unit=DEPARTMENT, teams=frozenset({SQUAD}))
CHECKER, OTHER = officer(Role.CHECKER), officer(Role.CHECKER, "second checker")
FIRST_THERE = replace(reported(), incident=replace(reported().incident, first_unit=DEPARTMENT))
FILED = walk(reported(), (c.File(LEAF), DO))
SENT = walk(FILED, (c.Dispatch(recipient("li"), reason="near"), DO))
DONE = walk(SENT, (c.Acknowledge(), worker("li")), (c.Accept(), worker("li")), (c.Complete("done", (PHOTO,)), worker("li")))


def given(case: Case, unit: object) -> Case:
    """The case with its newest assignment given to somebody of a unit."""
    return replace(case, assignments=(*case.assignments[:-1], replace(case.assignments[-1], unit=unit)))


def secret(case: Case) -> Case:
    """The same, confidential."""
    return replace(case, incident=replace(case.incident, confidentiality=3))


@pytest.mark.parametrize(
    ("case", "who", "sees"),
    {
        "a handler: nothing of what others have": (SENT, HANDLER, False),
        "a handler: what his unit was given": (given(SENT, DEPARTMENT), HANDLER, True),
        "a handler: what a team under his unit was given": (given(SENT, SQUAD), HANDLER, True),
        "a handler: of his own also what is confidential": (secret(given(SENT, DEPARTMENT)), HANDLER, True),
        "a handler: of his own also what is elsewhere": (given(SENT, DEPARTMENT), replace(HANDLER, scope="330199"), True),
        "a handler: not what has an owner": (FILED, HANDLER, False),
        "a handler: what lies with the back-stop": (walk(reported(grid=ELSEWHERE), (c.File(LEAF), DO)), HANDLER, True),
        "a handler: not before it is filed": (reported(grid=ELSEWHERE), HANDLER, False),
        "a handler: nothing confidential of the back-stop's": (
            secret(walk(reported(grid=ELSEWHERE), (c.File(LEAF), DO))),
            HANDLER,
            False,
        ),
        "a handler: the back-stop's in his area only": (
            walk(reported(grid=ELSEWHERE), (c.File(LEAF), DO)),
            replace(HANDLER, scope=STREET),
            False,
        ),
        "a handler: what his unit took the first report of": (FIRST_THERE, HANDLER, True),
        "a checker: nothing before a check is asked for": (DONE, CHECKER, False),
        "a checker: a check that is nobody's": (walk(DONE, (c.SendCheck(), DO)), CHECKER, True),
        "a checker: nobody's in his area only": (walk(DONE, (c.SendCheck(), DO)), replace(CHECKER, scope="330105"), False),
        "a checker: not a confidential one that is nobody's": (secret(walk(DONE, (c.SendCheck(), DO))), CHECKER, False),
        "a checker: his own": (walk(DONE, (c.SendCheck(CHECKER.staff), DO)), CHECKER, True),
        "a checker: his own, confidential": (
            secret(walk(DONE, (c.SendCheck(CHECKER.staff), DO))),
            replace(CHECKER, clearance=0),
            True,
        ),
        "a checker: not another's": (walk(DONE, (c.SendCheck(CHECKER.staff), DO)), OTHER, False),
    }.values(),
    ids=lambda value: value.name if isinstance(value, Officer) else "",
)
def test_a_handler_and_a_checker_see_what_is_theirs(case: Case, who: Officer, sees: bool) -> None:
    assert may_see(who, case, RULES) is sees
    assert is_told(who, case) is sees


def test_a_checker_passes_the_confidential_check_he_was_given_whatever_his_clearance() -> None:
    checking, low = secret(walk(DONE, (c.SendCheck(CHECKER.staff), DO))), replace(CHECKER, clearance=0)
    assert walk(checking, (c.CheckPass(condition_met=True), low)).incident.state == "closed"
    with pytest.raises(Refused, match="not_cleared"):
        walk(secret(walk(DONE, (c.SendCheck(), DO))), (c.CheckPass(condition_met=True), low))


def is_told(who: Officer, case: Case) -> bool:
    """Whether one of the streams a post hears tells of a case."""
    heard = case_streams(who, tuple(street for street in STREETS if street.startswith(who.scope)))
    return bool({area_audience(case), *narrow_audiences(case, WHOLE)} & set(heard))


POSTS = tuple(
    replace(officer(role, name, scope, clearance=clearance), unit=unit, teams=teams)
    for role, name in (*((role, "") for role in Role if role is not Role.SYSTEM), (Role.CHECKER, "second checker"))
    for scope in (DISTRICT, STREET, "330105")
    for clearance in range(4)
    for unit, teams in ((UNITS["street"], frozenset({UNITS["community"]})), (DEPARTMENT, frozenset()))
    if role in SIGHT
)


@pytest.mark.parametrize("seed", range(20))
def test_a_post_sees_a_case_exactly_where_one_of_its_streams_tells_of_it(seed: int) -> None:
    chance, now = Random(seed), NOON
    for number in range(8):
        made = report(number + 1, grid_of_report(chance), **reporting(chance))
        case: Case = after(None, made, DO, WHOLE, now)
        for _ in range(40):
            now += timedelta(minutes=chance.choice((1, 10, 300)))
            command, by = attempt(chance, case)
            try:
                case = after(case, command, by, WHOLE, now)
            except Refused:
                continue
            wrong = [who for who in POSTS if may_see(who, case, WHOLE) != is_told(who, case)]
            assert not wrong, (case.steps[-1].row, wrong[0])
