"""What is sent unseen because it can be taken back can be: the rules are asked, for every such verb and every role."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desktop.command.taking_back import goes_back
from desktop.command.verbs import ORDERS
from desktop.dispatch import merge_rights
from governance.commands import (
    COMMANDS,
    Claim,
    CloseSupervision,
    Command,
    Merge,
    MergedInto,
    Reassign,
    Source,
    Supervise,
    TimerFired,
)
from governance.incident import Case, SupervisionGrade, TimerKind, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.supervising import TAKEN_BACK_WITHIN
from tests.governance.field import DO, SL, WHOLE, named, officer, recipient, reported
from tests.governance.taken import UNOWNED
from tests.governance.ways import AT_WORK, CR, DH, DP, FILED, LATER, ORDER, OTHER, SEND, refusal_of

SUPERVISE = Supervise(SupervisionGrade.RED, "拖延")
GIVEN: dict[str, tuple[Case, Command]] = {
    "dispatch": (FILED, SEND),
    "claim": (UNOWNED, Claim(recipient("li", "centre"))),
    "direct_order": (reported(urgency=Urgency.IMMEDIATE), ORDER),
    "reassign": (AT_WORK, Reassign(recipient("chen"), "离得近")),
    "merge": (FILED, Merge((Source(OTHER.incident.id, OTHER.incident.version),))),
    "supervise": (FILED, SUPERVISE),
}
"""Verbs that something takes back, each with a fresh case and a command on it."""
BACKS = {verb.action: verb.back for verb in ORDERS if verb.back}
OFFICERS = [officer(role, shift=None if role is Role.HANDLER else named("shift")) for role in Role if role is not Role.SYSTEM]


def really_goes_back(case: Case, command: Command, back: str, who: Officer) -> bool:
    """Whether the rules allow it of the case as the rules have left it."""
    if isinstance(command, Merge):
        into = MergedInto(case.incident.id, case.incident.number)
        source = after(OTHER, into, who, WHOLE, LATER, beside=(case,))
        return merge_rights.may(source, COMMANDS[back], who, WHOLE, LATER) is None
    made = after(case, command, who, WHOLE, LATER)
    return merge_rights.may(made, COMMANDS[back], who, WHOLE, LATER) is None


@pytest.mark.parametrize("action", BACKS)
def test_whatever_is_sent_unseen_may_be_taken_back_at_once(action: str) -> None:
    case, command = GIVEN[action]
    able = []
    for who in OFFICERS:
        if refusal_of(lambda who=who: really_goes_back(case, command, BACKS[action], who)):
            continue  # may not give it at all
        said = goes_back(command, BACKS[action], case, who, WHOLE, LATER)
        assert said is really_goes_back(case, command, BACKS[action], who), who.role
        able += [who.role] if said else []
    assert able or action == "claim", "nobody may take it back"


@pytest.mark.parametrize(
    ("action", "who", "back"),
    [
        ("claim", DH, False),
        ("reassign", CR, False),
        ("reassign", DP, True),
        ("dispatch", DO, True),
        ("supervise", SL, True),
        ("direct_order", SL, True),
        ("merge", DO, True),
    ],
)
def test_who_may_not_take_it_back_sees_the_form_first(action: str, who: Officer, back: bool) -> None:
    case, command = GIVEN[action]
    assert goes_back(command, BACKS[action], case, who, WHOLE, LATER) is back


def test_what_the_rules_refuse_is_never_sent_unseen() -> None:
    assert not goes_back(SEND, "recall", AT_WORK, DO, WHOLE, LATER)
    assert not goes_back(SUPERVISE, "close_supervision", FILED, DP, WHOLE, LATER)


def test_who_supervised_a_moment_ago_may_think_better_of_it() -> None:
    ordered = after(FILED, SUPERVISE, SL, WHOLE, LATER)
    ended = after(ordered, CloseSupervision("督错了"), SL, WHOLE, LATER + TAKEN_BACK_WITHIN)
    assert [order.state for order in ended.supervision] == ["closed"]
    other = officer(Role.SHIFT_LEAD, "second lead")
    late = LATER + TAKEN_BACK_WITHIN + timedelta(seconds=1)
    for who, at in ((SL, late), (other, LATER)):
        with pytest.raises(Refused, match="not_replied"):
            after(ordered, CloseSupervision("x"), who, WHOLE, at)


def test_an_order_that_rose_over_another_is_not_taken_back() -> None:
    noticed = after(FILED, Supervise(SupervisionGrade.NOTICE, "催"), SL, WHOLE, LATER)
    risen = after(noticed, SUPERVISE, officer(Role.LEADER), WHOLE, LATER)
    for who in (SL, officer(Role.LEADER)):
        assert refusal_of(lambda who=who: after(risen, CloseSupervision("x"), who, WHOLE, LATER)) == "not_replied"
    clock = next(timer for timer in noticed.timers if timer.kind is TimerKind.T10_SUPERVISION)
    assert clock.due_at is not None
    rang = after(noticed, TimerFired(clock.id, clock.kind, 0), SYSTEM_OFFICER, WHOLE, clock.due_at)
    assert refusal_of(lambda: after(rang, CloseSupervision("x"), SL, WHOLE, clock.due_at)) == "not_replied"
