"""Who may do what in which state: B.2 'Who' with B.8 and D.1, written down a second time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from governance.audience import case_streams
from governance.commands import (
    COMMANDS,
    Accept,
    AddAssist,
    Archive,
    CheckPass,
    DirectOrder,
    Dispatch,
    File,
    Reopen,
    ReplySupervision,
    SendCheck,
    SendFeedback,
    Supervise,
)
from governance.incident import ApprovalKind as K
from governance.incident import (
    Case,
    Severity,
    SupervisionGrade,
    TimerKind,
    Urgency,
)
from governance.lifecycle import SYSTEM_OFFICER, may
from governance.people import Officer, Role
from governance.places import Level
from governance.roles import classes_around, clearances_of, roles_of
from tests.governance.field import (
    CK,
    COMMUNITY,
    DISTRICT,
    DO,
    GRID,
    LEAF,
    NOON,
    SL,
    STREET,
    TO_FILED,
    UNITS,
    WHOLE,
    officer,
    recipient,
    reported,
    walk,
)
from tests.governance.taken import ASKED, REJECTED, RETURNED_TWICE, SIGNED, TRANSFER, VERIFYING
from tests.governance.ways import AU, DONE, FILED, LI, MERGED, Fire, answered, asked, carried_out, raised

OFFICE = {"DO", "SL", "DP"}
QUEUE = OFFICE | {"OP"}
PHONE = {"GW", "GL", "OP", "DH"}
REPORTERS = PHONE | OFFICE | {"CR", "EXT", "SYS"}
SEERS = {"SL", "AU", "LD", "CR"}
OPEN = {
    "reported", "verifying", "filed", "dispatched", "handling", "suspended", "resolved", "checking", "closed", "told",
    "direct", "direct unanswered", "returned twice", "raised", "unowned", "grave", "supervised", "replied",
    *(f"{kind.value} asked" for kind in ASKED if kind is not K.REOPEN),
}  # fmt: skip
IN_WORK = {"handling", "supervised", "replied", "extend asked", "suspend_defer asked", "close_special asked"}
IN_QUEUE = {"filed", "returned twice", "raised", "unowned", "grave", "suspend_list asked"}
SENT_OUT = {"dispatched", "return asked", "void asked"}
SEEN_FROM_TOP = {"grave", "raised", "returned twice", "direct", "direct unanswered"}
FREE = {"filed", "returned twice", "raised", "unowned", "grave"}
"""In the queue with no request waiting."""


def _in(names: set[str], roles: set[str]) -> dict[str, set[str]]:
    """The same roles in several states."""
    return dict.fromkeys(names, roles)


ALLOWED: dict[str, dict[str, set[str]]] = {
    "attach": _in(OPEN - {"closed", "told"}, REPORTERS),
    "send_verify": {"reported": QUEUE},
    "file": {"reported": QUEUE},
    "reject": {"reported": QUEUE},
    "reconsider": {"rejected": {"SL", "AU"}},
    "transfer_out": _in({"reported"} | IN_QUEUE, {"SL", "DO"}),
    "dispatch": _in(FREE, QUEUE),
    "claim": {"unowned": {"DH", "OP"}},
    "raise_level": _in(IN_QUEUE - {"raised"}, QUEUE),
    "lower_level": _in(IN_QUEUE - {"returned twice"}, QUEUE),
    "arbitrate": {"returned twice": {"SL", "CR"}},
    "direct_order": {"grave": {"DO", "SL", "CR"}},
    "take_lead": {"direct unanswered": {"DO", "SL"}},
    "recall": {**_in(SENT_OUT, QUEUE), **_in({"direct", "direct unanswered"}, {"SL"})},
    "add_assist": _in(IN_WORK, {"DP", "SL", "DO"}),
    "release_assist": _in({"supervised", "replied"}, {"DP", "SL", "DO"}),
    "reassign": _in({"handling", "supervised", "replied"}, {"DP", "SL", "CR"}),
    "request": _in({"dispatched", "handling", "supervised", "replied"} | FREE, QUEUE),
    "approve": {
        "return asked": QUEUE,
        **_in({"suspend_defer asked", "extend asked"}, {"SL", "LD"}),
        "suspend_list asked": {"LD", "AU"},
        **_in({"close_special asked", "void asked"}, {"SL", "AU"}),
    },
    "deny": {
        "return asked": QUEUE,
        **_in({"suspend_defer asked", "extend asked"}, {"SL", "LD"}),
        "suspend_list asked": {"LD", "AU"},
        **_in({"close_special asked", "void asked", "reopen asked"}, {"SL", "AU"}),
    },
    "resume": {"suspended": {"DP", "SL"}},
    "send_check": {"resolved": QUEUE | {"SYS"}, "checking": QUEUE},
    "check_pass": {"checking": {"CK", "OP"}},
    "check_fail": {"checking": {"CK", "OP"}},
    "feedback": _in({"closed", "rejected", "transferred", "voided"}, {"DO", "SYS"}),
    "mark_feedback": _in({"closed", "told", "archived", "reopen asked", "rejected", "transferred", "voided"}, {"DO", "SYS"}),
    "archive": {"told": {"SYS"}},
    "reopen": {**_in({"closed", "told"}, {"SL"}), "archived": {"SL", "AU"}, "reopen asked": {"AU"}},
    "set_severity": _in(OPEN, {"DO", "SL", "CR"}),
    "merge": _in(OPEN - {"closed", "told"}, QUEUE),
    "unmerge": {"merged": {"SL"}},
    "split": _in(IN_QUEUE | IN_WORK, {"DP", "SL"}),
    "supervise": _in(
        IN_QUEUE | IN_WORK | SENT_OUT | {"suspended", "resolved", "checking", "direct", "direct unanswered"}, SEERS
    ),
    "reply_supervision": {"supervised": QUEUE, "direct unanswered": QUEUE},
    "reject_reply": {"replied": {"SL", "AU", "LD"}},
    "close_supervision": {"replied": {"SL", "AU", "LD"}},
    "notify_out": _in(OPEN, QUEUE),
    "correct": _in(OPEN, QUEUE),
    "edit": _in(OPEN, QUEUE),
    "rehome": _in(OPEN, {"SYS"}),
    "backfill": _in({"direct", "direct unanswered"}, QUEUE),
    "emergency_report": {"grave": {"DO", "SL", "CR"}},
    "urge": _in(OPEN - {"suspended", "closed", "told"}, OFFICE | {"OP", "CR"}),
    "dial": _in(OPEN, OFFICE | {"OP", "CR"}),
    "report_leader": _in(SEEN_FROM_TOP, OFFICE | {"CR"}),
    "auto_close": {"resolved": {"SYS"}},
}
"""Roles of strangers that may, by what is ordered and where it stands."""
WHO_WAS_SENT: dict[str, set[str]] = {
    "ack": SENT_OUT | {"direct", "direct unanswered"},
    "accept": {"dispatched", "direct", "direct unanswered"},
    "decline": SENT_OUT | {"direct", "direct unanswered"},
    "arrive": IN_WORK,
    "progress": IN_WORK,
    "complete": {"handling", "supervised", "replied"},
    "request": {"dispatched", "handling", "supervised", "replied"},
    "reply_supervision": {"supervised", "direct unanswered"},
    "verify_result": {"verifying"},
}
"""Where who was sent may, in the roles of the phone."""
NEVER_WHO_DID_IT = {"check_pass", "check_fail", "approve", "deny"}
"""What nobody may of his own work."""
OF_THE_QUEUE = {"dispatch", "lower_level", "request", "merge", "notify_out", "correct", "edit"}
"""What an operator may only where it lies in the queue of his level."""
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
HANDLED = STANDING["handling"]
STANDING |= {
    "told": walk(STANDING["closed"], (SendFeedback("ok"), DO)),
    "rejected": REJECTED,
    "transferred": walk(reported(), (TRANSFER, DO)),
    "verifying": VERIFYING,
    "voided": answered(SIGNED[K.VOID], AU),
    "merged": MERGED,
    "direct": walk(reported(urgency=Urgency.IMMEDIATE), (DirectOrder(recipient("li")), DO)),
    "returned twice": RETURNED_TWICE,
    "raised": raised(FILED),
    "unowned": walk(reported(), (File(LEAF), DO)),
    "grave": walk(reported(), (File(LEAF, severity=Severity.II), DO)),
    "supervised": walk(HANDLED, (AddAssist(recipient("zhao")), DO), (Supervise(SupervisionGrade.NOTICE, "hurry"), SL)),
    "suspended": answered(asked(HANDLED, K.SUSPEND_DEFER), SL, at=NOON),
}
STANDING["archived"] = walk(STANDING["told"], (Archive(), SYSTEM_OFFICER))
STANDING["replied"] = walk(STANDING["supervised"], (ReplySupervision("coming"), DO))
STANDING["direct unanswered"] = carried_out(STANDING["direct"], Fire(TimerKind.T4_ACK), SYSTEM_OFFICER)
STANDING |= {
    f"{kind.value} asked": asked(STANDING[where], kind)
    for kind, where in {
        K.RETURN: "dispatched",
        K.VOID: "dispatched",
        K.SUSPEND_DEFER: "handling",
        K.EXTEND: "handling",
        K.CLOSE_SPECIAL: "handling",
        K.SUSPEND_LIST: "filed",
    }.items()
}
STANDING["reopen asked"] = walk(STANDING["archived"], (Reopen("it is back"), SL))
BACKSTOP_ONLY = replace(WHOLE, duty_matrix=())


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("word", list(COMMANDS))
def test_nobody_may_what_the_table_does_not_list_for_his_role(word: str, role: Role) -> None:
    wrong = []
    for name, case in STANDING.items():
        rules = BACKSTOP_ONLY if name == "unowned" else WHOLE
        for who in _as(role):
            refusal = may(case, COMMANDS[word], who, rules, NOON)
            if (refusal is None) != _allowed(word, name, who):
                wrong.append(f"{role} {'li ' if who.staff == LI.staff else ''}in {name}: {refusal}")
    assert not wrong


def _allowed(word: str, name: str, who: Officer) -> bool:
    """Whether the tables above let somebody."""
    roles = {each.value for each in roles_of(who.role)}
    is_li, orders = who.staff == LI.staff, STANDING[name].assignments
    if is_li and word in NEVER_WHO_DID_IT and any(a.accepted_at for a in orders):
        return False
    if is_li and word == "reopen" and name in ("archived", "reopen asked"):
        return False
    if is_li and roles & PHONE and name in WHO_WAS_SENT.get(word, set()):
        return True
    if name == "raised" and word in OF_THE_QUEUE:
        roles -= {"OP"}
    return bool(roles & ALLOWED.get(word, {}).get(name, set()))


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
        refusal = may(replace(STANDING["checking"], incident=handled), COMMANDS[word], _as(role)[0], WHOLE, NOON)
        assert (refusal is None) == (stands >= level)


@pytest.mark.parametrize("level", list(Level))
def test_operators_cover_the_queues_below_that_have_no_desk_and_none_above(level: Level) -> None:
    lies = replace(reported().incident, handling_level=level, oversight_level=Level.DISTRICT)
    for scope, post in ((COMMUNITY, Level.COMMUNITY), (STREET, Level.STREET), (DISTRICT, Level.DISTRICT)):
        no = may(replace(reported(), incident=lies), File, officer(Role.OPERATOR, "op", scope=scope), WHOLE, NOON)
        covers = level == post or (level < post and level < Level.STREET)
        assert (no.code if no else "") == ("" if covers else "not_your_queue"), (scope, level)


@pytest.mark.parametrize(
    ("role", "may_report"),
    [(role, role.value in {"GW", "GL", "DH", "EXT", "SYS", "DO", "SL", "DP", "OP", "CR", "NW"}) for role in Role],
)
def test_who_may_report(role: Role, may_report: bool) -> None:
    refusal = may(None, COMMANDS["report"], _as(role)[0], WHOLE, NOON)
    assert (refusal is None) == may_report


@pytest.mark.parametrize(
    ("unit", "code"), [("community", ""), ("centre", "held_by_another"), ("street", "held_by_another")], ids=str
)
def test_an_order_of_supervision_is_answered_by_the_unit_that_has_it(unit: str, code: str) -> None:
    own = replace(officer(Role.HANDLER, f"of the {unit}", shift=None), unit=UNITS[unit])
    watched = walk(reported(), *PATH["handling"], (Supervise(SupervisionGrade.RED, "hurry"), officer(Role.SHIFT_LEAD)))
    no = may(watched, ReplySupervision, own, WHOLE, NOON)
    assert (no.code if no else "") == code


@pytest.mark.parametrize("role", [Role.GIS_STAFF, Role.WALL], ids=lambda role: role.value)
def test_posts_that_may_see_only_a_part_of_a_case_hear_of_no_whole_one(role: Role) -> None:
    officer = replace(DO, role=role, clearance=3)
    assert case_streams(officer, ("330104001", "330104002")) == ()
    assert clearances_of(officer) == ()


def test_a_wall_hears_of_what_surrounds_cases_and_boundary_staff_of_nothing() -> None:
    wall, boundaries = replace(DO, role=Role.WALL), replace(DO, role=Role.GIS_STAFF)
    assert classes_around(DO) == (0, 1)
    assert classes_around(wall) == (0,), "names of workers are of class 1"
    assert classes_around(boundaries) == ()
