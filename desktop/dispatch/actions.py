"""What an officer may do with a case: the key, its word, the commands behind it; greyed by the rules themselves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from desktop.dispatch.merge_rights import may
from governance import commands as c
from governance.attempt import open_supervision, pending_approval
from governance.guards import GRAVE
from governance.incident import Case, State
from governance.people import Officer, Role
from governance.places import Level
from governance.refusal import Refused
from governance.roles import roles_of
from governance.rules import Rules
from governance.transitions import TABLE
from governance.watching import kind_due


@dataclass(frozen=True, slots=True)
class Action:
    """A key that opens a form; it is on while the rules allow at least one of its commands."""

    name: str
    key: str
    commands: tuple[type, ...]
    needs_case: bool = True


ACTIONS: tuple[Action, ...] = (
    Action("file", "F", (c.File, c.Reject, c.SendVerify, c.TransferOut, c.VerifyResult, c.Reconsider)),
    Action("assign", "A", (c.Dispatch, c.Arbitrate, c.Claim, c.Reassign, c.AddAssist)),
    Action("raise", "E", (c.RaiseLevel, c.AnswerReport, c.ReportLeader, c.LowerLevel)),
    Action("recall", "R", (c.Recall, c.ReleaseAssist)),
    Action("check", "C", (c.SendCheck, c.CheckPass, c.CheckFail, c.SendFeedback, c.MarkFeedback, c.Reopen)),
    Action("direct", "D", (c.DirectOrder, c.TakeLead)),
    Action("attach", "I", (c.MergedInto,)),
    Action("merge", "M", (c.Merge, c.Unmerge, c.Split)),
    Action("ask", "Y", (c.Ask, c.Resume)),
    Action("decide", "Q", (c.Approve, c.Deny)),
    Action("supervise", "S", (c.Supervise, c.ReplySupervision, c.RejectReply, c.CloseSupervision, c.Urge)),
    Action("severity", "X", (c.SetSeverity,)),
    Action("above", "Shift+O", (c.EmergencyReport,)),
    Action("tell", "O", (c.NotifyOut, c.EmergencyReport)),
    Action("dial", "T", (c.Dial,)),
    Action("amend", "P", (c.Backfill, c.Correct, c.Edit)),
    Action("task", "Z", (c.Acknowledge, c.Accept, c.Arrive, c.Progress, c.Complete, c.Decline)),
    Action("new", "N", (c.MakeReport,), needs_case=False),
)
BY_NAME = {action.name: action for action in ACTIONS}
MAIN = ("file", "assign", "raise", "recall", "check")
"""What stands in the first row of buttons: the way every incident goes."""


SUPERVISE_FIRST = frozenset({Role.SHIFT_LEAD, Role.LEADER, Role.AUDITOR, Role.COORDINATOR})
"""Posts for whom S is 督办; for everybody else it is 催办."""


def commands_of(action: Action, officer: Officer, case: Case | None) -> tuple[type, ...]:
    """The commands of an action in the order they are offered to a post: an answer that is owed goes before what it may ask."""
    if action.name != "supervise" or officer.role in SUPERVISE_FIRST:
        return action.commands
    order = open_supervision(case) if case is not None else None
    first = (c.ReplySupervision, c.Urge) if order is not None and order.state != "replied" else (c.Urge,)
    return (*first, *(kind for kind in action.commands if kind not in first))


def said_as(name: str, case: Case | None, officer: Officer) -> str:
    """What an action is called on its key now: S is 催办 or 督办 by the post, E is the leader's where nothing is above."""
    if name == "supervise":
        return {c.Urge: "action.urge", c.ReplySupervision: "action.answer"}.get(
            commands_of(BY_NAME[name], officer, case)[0], "action.supervise"
        )
    if name == "above" and case is not None and case.incident.severity in GRAVE:
        return f"emergency.{kind_due(case)}"
    if name == "raise" and officer.role is Role.LEADER:
        return "action.answer_report"
    if name == "raise" and case is not None and _is_at_top(case):
        return "action.tell_leader"
    return f"action.{name}"


def _is_at_top(case: Case) -> bool:
    """Whether raising is over: it lies with the district, or is being worked on and the district looks on."""
    at = case.incident
    return Level.DISTRICT in ((at.handling_level,) if at.state is State.FILED else (at.handling_level, at.oversight_level))


def key_of_command(kind: type) -> str:
    """The key under which a command is found; empty where it has none."""
    return next((action.key for action in ACTIONS if kind in action.commands), "")


def allowed(action: Action, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> tuple[type, ...]:
    """The commands of an action the rules allow now, in its order: what its form may offer."""
    if action.needs_case and case is None:
        return ()
    about = case if action.needs_case else None
    return tuple(kind for kind in commands_of(action, officer, about) if is_allowed(kind, about, officer, rules, now))


def is_allowed(kind: type, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> bool:
    """Whether the rules allow a command now; an echo is marked only where one was sent."""
    if kind is c.MarkFeedback and not any(echo.state == "sent" for echo in (case.feedback if case else ())):
        return False
    return may(case, kind, officer, rules, now) is None


def is_read_only(officer: Officer) -> bool:
    """Whether the rules give the officer's post no action at all, whatever the incident."""
    wanted, roles = {kind for action in ACTIONS for kind in action.commands}, roles_of(officer.role)
    return not any(roles & party.roles for row in TABLE if row.action in wanted for party in row.who)


def is_ever(action: Action, officer: Officer) -> bool:
    """Whether the rules give the officer's post a command of an action in any state at all."""
    roles = roles_of(officer.role)
    return any(roles & party.roles for row in TABLE if row.action in action.commands for party in row.who)


def why_not(action: Action, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why an action is greyed, in the sense of its nearest miss; None where it is on."""
    if action.needs_case and case is None:
        return Refused("no_incident")
    about = case if action.needs_case else None
    if allowed(action, case, officer, rules, now):
        return None
    if action.name == "decide" and case is not None and pending_approval(case) is None:
        return Refused("nothing_pending")
    lead = case.lead if case is not None and case.incident.state is State.DISPATCHED else None
    if action.name == "assign" and lead is not None and is_allowed(c.Recall, case, officer, rules, now):
        return Refused("sent_already", worker=lead.worker_name)
    said = [no for kind in commands_of(action, officer, about) if (no := may(about, kind, officer, rules, now)) is not None]
    ours = [no for no in said if no.code != "not_your_role"] or said
    if action.name in ("supervise", "raise") and ours:
        return ours[0]  # what the key is for; its other forms are of other moments
    if not ours:  # an echo that was never sent
        return Refused("no_feedback_owed")
    return next((refused for refused in ours if refused.code != "not_in_state"), ours[0])
