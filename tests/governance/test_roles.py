"""Who may do what in which state: B.2 'Who' with B.8 and D.1, written down a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from governance.commands import (
    COMMANDS,
    Accept,
    Archive,
    CheckPass,
    Dispatch,
    Reject,
    SendCheck,
    SendFeedback,
)
from governance.incident import (
    Case,
)
from governance.lifecycle import SYSTEM_OFFICER, may
from governance.people import Officer, Role
from governance.places import Level
from governance.roles import roles_of
from tests.governance.field import (
    CK,
    COMMUNITY,
    DISTRICT,
    DO,
    GRID,
    NOON,
    RULES,
    TO_FILED,
    officer,
    recipient,
    reported,
    walk,
)
from tests.governance.ways import DONE, LI

OFFICE = {"DO", "SL", "DP"}
QUEUE = OFFICE | {"OP"}
PHONE = {"GW", "GL", "OP", "DH"}
ALLOWED: dict[str, dict[str, set[str]]] = {
    "file": {"reported": QUEUE},
    "reject": {"reported": QUEUE},
    "dispatch": {"filed": QUEUE},
    "raise_level": {"filed": QUEUE},
    "recall": {"dispatched": QUEUE},
    "ack": {"dispatched": PHONE},
    "accept": {"dispatched": PHONE},
    "decline": {"dispatched": PHONE},
    "arrive": {"handling": PHONE},
    "progress": {"handling": PHONE},
    "complete": {"handling": PHONE},
    "add_assist": {"handling": {"DP", "SL", "DO"}},
    "reassign": {"handling": {"DP", "SL", "CR"}},
    "send_check": {"resolved": QUEUE | {"SYS"}, "checking": QUEUE},
    "check_pass": {"checking": {"CK", "OP"}},
    "check_fail": {"checking": {"CK", "OP"}},
    "feedback": {"closed": {"DO", "SYS"}, "rejected": {"DO", "SYS"}},
    "archive": {"told": {"SYS"}},
    "report": {},
    "timer": {},
}
ALONE = Dispatch(recipient("li"))
PATH: dict[str, tuple[Any, ...]] = {
    "reported": (),
    "filed": TO_FILED,
    "dispatched": (*TO_FILED, (ALONE, DO)),
    "handling": (*TO_FILED, (ALONE, DO), (Accept(), LI)),
    "resolved": (*TO_FILED, (ALONE, DO), (Accept(), LI), (DONE, LI)),
    "checking": (*TO_FILED, (ALONE, DO), (Accept(), LI), (DONE, LI), (SendCheck(), DO)),
    "closed": (*TO_FILED, (ALONE, DO), (Accept(), LI), (DONE, LI), (SendCheck(), DO), (CheckPass(condition_met=True), CK)),
}
STANDING: dict[str, Case] = {name: walk(reported(), *moves) for name, moves in PATH.items()}
STANDING["told"] = walk(STANDING["closed"], (SendFeedback("ok"), DO))
STANDING["archived"] = walk(STANDING["told"], (Archive(), SYSTEM_OFFICER))
STANDING["rejected"] = walk(reported(), (Reject("not_ours", "words"), DO))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("word", list(COMMANDS))
def test_nobody_may_what_the_table_does_not_list_for_his_role(word: str, role: Role) -> None:
    for name, case in STANDING.items():
        for who in _as(role):
            allowed = bool({each.value for each in roles_of(role)} & ALLOWED[word].get(name, set()))
            refusal = may(case, COMMANDS[word], who, RULES, NOON)
            is_worker_row = ALLOWED[word] and next(iter(ALLOWED[word].values())) == PHONE
            if allowed and is_worker_row and who.staff != LI.staff:
                allowed = False
            if allowed and word.startswith("check_") and who.staff == LI.staff:
                allowed = False
            assert (refusal is None) == allowed, f"{role} {word} in {name}: {refusal}"


def _as(role: Role) -> tuple[Officer, ...]:
    """An officer of a role with the widest fitting scope: a stranger to the case, and the one it was given to."""
    if role is Role.SYSTEM:
        return (SYSTEM_OFFICER,)
    scope = {Role.OPERATOR: COMMUNITY, Role.GRID_LEADER: GRID, Role.GRID_WORKER: GRID}.get(role, DISTRICT)
    stranger = officer(role, f"some {role.value}", scope=scope)
    return stranger, replace(stranger, staff=LI.staff)


@pytest.mark.parametrize("role", [Role.GRID_LEADER, Role.OPERATOR, Role.CHECKER])
@pytest.mark.parametrize("level", list(Level))
def test_nobody_checks_what_was_handled_above_him(role: Role, level: Level) -> None:
    handled = replace(STANDING["checking"].incident, handling_level=level, oversight_level=Level.DISTRICT)
    stands = {Role.GRID_LEADER: Level.GRID, Role.OPERATOR: Level.COMMUNITY}.get(role, Level.DISTRICT)
    for word in ("check_pass", "check_fail"):
        refusal = may(replace(STANDING["checking"], incident=handled), COMMANDS[word], _as(role)[0], RULES, NOON)
        assert (refusal is None) == (stands >= level)


@pytest.mark.parametrize(
    ("role", "may_report"),
    [(role, role.value in {"GW", "GL", "DH", "EXT", "SYS", "DO", "SL", "DP", "OP", "CR", "NW"}) for role in Role],
)
def test_who_may_report(role: Role, may_report: bool) -> None:
    refusal = may(None, COMMANDS["report"], _as(role)[0], RULES, NOON)
    assert (refusal is None) == may_report
