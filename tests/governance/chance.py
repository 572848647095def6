"""Commands by chance: mostly sensible ones, sometimes wrong ones, from a given source of numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from governance import commands as c
from governance.attempt import pending_approval
from governance.commands import Command, TimerFired
from governance.incident import ApprovalKind as K
from governance.incident import Attachment, Case, Channel, FeedbackState, Severity, State, SupervisionGrade, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER
from governance.people import Officer, Role
from governance.places import LonLat
from tests.governance.field import (
    AUTOMATIC,
    COMMUNITY,
    ELSEWHERE,
    GAS,
    GRID,
    LEAF,
    LOW,
    PLACE,
    PLAIN,
    SECRET,
    SEEN,
    STREET,
    TOLD_FIRST,
    named,
    officer,
    recipient,
    worker,
)
from tests.governance.likely import LIKELY, NEEDS, WATCHING

NAMES = ("li", "wang", "zhao", "chen")
PHOTO = Attachment(named("photo"), "0" * 64, "image/jpeg", 3, "after")
BEFORE = Attachment(named("before"), "1" * 64, "image/jpeg", 3, "before")
PHONES = tuple(worker(name) for name in NAMES)
TWO_HATS = (officer(Role.OPERATOR, "li"), officer(Role.CHECKER, "zhao"), officer(Role.SHIFT_LEAD, "chen"))
"""People who can be sent, and have a post beside."""
OFFICE = (
    *(officer(role) for role in Role if role not in (Role.GRID_WORKER, Role.SYSTEM, Role.OUTSIDE)),
    officer(Role.SHIFT_LEAD, "second lead"),
    officer(Role.CHECKER, "second checker"),
    officer(Role.AUDITOR, "second lead"),
    officer(Role.OPERATOR, "street centre", STREET),
    officer(Role.OPERATOR, "next street", ELSEWHERE[:9]),
    officer(Role.HANDLER, "team", shift=None),
    *TWO_HATS,
)
EVERYBODY = (*OFFICE, *PHONES, SYSTEM_OFFICER, officer(Role.OUTSIDE))
Make = Callable[[Random, Case], Command]


def _word(chance: Random) -> str:
    """A reason, seldom none."""
    return "" if chance.random() < 0.1 else "because"


def _to(chance: Random) -> c.Recipient:
    """Somebody to send."""
    return recipient(chance.choice(NAMES), chance.choice(("community", "community", "centre")))


def _dispatch(chance: Random, _: Case) -> Command:
    lead, *assists = chance.sample(NAMES, chance.choice((1, 1, 1, 1, 2, 3)))
    unit = chance.choice(("community", "street"))
    return c.Dispatch(
        recipient(lead, unit), tuple(recipient(a) for a in assists), "go", chance.choice(("", "nearest", "nearest"))
    )


def _direct(chance: Random, _: Case) -> Command:
    lead, *assists = chance.sample(NAMES, chance.randint(1, 3))
    return c.DirectOrder(recipient(lead), tuple(recipient(a) for a in assists), "at once")


def _fire(chance: Random, case: Case) -> Command:
    """A clock that is due, or any."""
    running = [t for t in case.timers if t.state is TimerState.RUNNING]
    timer = chance.choice(running) if running and chance.random() < 0.9 else chance.choice(case.timers or (None,))
    if timer is None:
        return c.Archive()
    wider = (recipient("chen"), recipient("zhao")) if chance.random() < 0.5 else ()
    return TimerFired(timer.id, timer.kind, max(timer.fired - (chance.random() < 0.05), 0), wider)


def _ask(chance: Random, case: Case) -> Command:
    kinds = {
        State.FILED: (K.SUSPEND_DEFER, K.SUSPEND_LIST, K.VOID),
        State.DISPATCHED: (K.RETURN, K.RETURN, K.RETURN, K.VOID),
        State.HANDLING: (K.SUSPEND_DEFER, K.SUSPEND_LIST, K.EXTEND, K.EXTEND, K.CLOSE_SPECIAL, K.VOID),
    }
    kind = chance.choice(kinds.get(case.incident.state, tuple(K)))
    started: datetime = case.steps[-1].at
    until = started + timedelta(days=chance.choice((0, 1, 10, 29, 170)))
    return c.Ask(kind, _word(chance), until, chance.choice((0.0, 3600.0, 1e5)))


def _decide(chance: Random, case: Case) -> Command:
    pending = pending_approval(case)
    asked = pending.id if pending else named("no request")
    if chance.random() < 0.25:
        return c.Deny(asked, _word(chance))
    return c.Approve(asked)


def _correct(chance: Random, _: Case) -> Command:
    if chance.random() < 0.5:
        return c.Correct(_word(chance), chance.choice((LEAF, PLAIN, SECRET, TOLD_FIRST)))
    place = LonLat(PLACE.lon + 0.01, PLACE.lat)
    return c.Correct(_word(chance), place=place, grid=GRID, origin_worker=named(chance.choice(NAMES)))


def _feedback(chance: Random, case: Case) -> Command:
    one = chance.choice(case.feedback).id if case.feedback and chance.random() < 0.3 else None
    text, waived = chance.choice((("told", ""), ("told", ""), ("", ""), ("", "unreachable")))
    return c.SendFeedback(text, one, chance.choice((None, 3, 5, 7)), waived)


def _edit(chance: Random, case: Case) -> Command:
    field = chance.choice(("title", "place_text", "floor", "text"))
    base = getattr(case.incident, field) if chance.random() < 0.8 else "something else"
    return c.Edit(field, base, chance.choice(("", "3", "at the gate")))


def _mark(chance: Random, case: Case) -> Command:
    sent = [echo for echo in case.feedback if echo.state is FeedbackState.SENT]
    known = chance.choice(sent or list(case.feedback)).id if case.feedback else named("none")
    return c.MarkFeedback(known, chance.choice(("read", "failed", "failed", "lost")))


def _take(chance: Random, _: Case) -> Command:
    return c.TakeLead(chance.choice((None, *(named(name) for name in NAMES))))


CATEGORIES = (LEAF, LEAF, LEAF, PLAIN, PLAIN, GAS, SEEN, TOLD_FIRST, AUTOMATIC, SECRET, LOW, "99.99", "03")
SEVERITIES = (Severity.NONE,) * 12 + (Severity.II, Severity.IV)
URGENCIES = (Urgency.NORMAL, Urgency.NORMAL, Urgency.URGENT, Urgency.IMMEDIATE)
MAKERS: dict[str, Make] = {
    "file": lambda r, _: c.File(r.choice(CATEGORIES), r.choice(URGENCIES), severity=r.choice(SEVERITIES), reason=_word(r)),
    "verify": lambda r, _: c.SendVerify(r.choice((recipient("li"), recipient("wang"), None))),
    "looked": lambda r, _: c.VerifyResult(r.choice(("exist", "not_exist", "unable", "what")), _word(r)),
    "self": lambda r, _: c.SelfHandle("away", r.choice((LEAF, PLAIN, GAS, "")), r.choice(((BEFORE, PHOTO), (PHOTO,)))),
    "reject": lambda r, _: c.Reject(r.choice(("", "not_ours", "not_ours")), _word(r)),
    "reconsider": lambda r, _: c.Reconsider(_word(r)),
    "transfer": lambda r, _: c.TransferOut("119", _word(r), r.choice(("", "no. 7"))),
    "dispatch": _dispatch,
    "claim": lambda r, _: c.Claim(_to(r)),
    "raise": lambda r, _: c.RaiseLevel(_word(r)),
    "lower": lambda r, _: c.LowerLevel(_word(r)),
    "arbitrate": lambda r, _: c.Arbitrate(_to(r), _word(r)),
    "direct": _direct,
    "take": _take,
    "ack": lambda _, __: c.Acknowledge(),
    "accept": lambda _, __: c.Accept(),
    "decline": lambda r, _: c.Decline(r.choice(("", "ill", "ill"))),
    "recall": lambda r, _: c.Recall(_word(r)),
    "arrive": lambda r, _: c.Arrive(r.choice((PLACE, None)), _word(r)),
    "progress": lambda r, _: c.Progress(r.choice(("", "half done"))),
    "assist": lambda r, _: c.AddAssist(_to(r)),
    "release": lambda r, _: c.ReleaseAssist(_to(r), _word(r)),
    "reassign": lambda r, _: c.Reassign(_to(r), _word(r)),
    "complete": lambda r, _: c.Complete(r.choice(("", "done", "done")), r.choice(((), (PHOTO,), (PHOTO,)))),
    "ask": _ask,
    "decide": _decide,
    "resume": lambda _, __: c.Resume(),
    "check": lambda r, _: c.SendCheck(r.choice((None, None, None, named("CK"), named("li")))),
    "pass": lambda r, _: c.CheckPass("ok", r.random() < 0.9),
    "fail": lambda r, _: c.CheckFail(_word(r)),
    "feedback": _feedback,
    "mark": _mark,
    "archive": lambda _, __: c.Archive(),
    "close": lambda _, __: c.AutoClose(),
    "reopen": lambda r, _: c.Reopen(_word(r)),
    "severity": lambda r, _: c.SetSeverity(r.choice(tuple(Severity)), _word(r)),
    "supervise": lambda r, _: c.Supervise(r.choice(tuple(SupervisionGrade)), _word(r)),
    "reply": lambda r, _: c.ReplySupervision(r.choice(("", "coming", "coming"))),
    "reject_reply": lambda r, _: c.RejectReply(_word(r)),
    "end_watch": lambda _, __: c.CloseSupervision(),
    "notify": lambda r, _: c.NotifyOut(r.choice(("gas", "120")), r.choice(("", "Chen"))),
    "correct": _correct,
    "edit": _edit,
    "backfill": lambda r, _: c.Backfill(r.choice(CATEGORIES)),
    "above": lambda r, _: c.EmergencyReport(r.choice(("first", "written", "followup", "final")), "as it stands"),
    "urge": lambda r, _: c.Urge(_word(r)),
    "tell_leader": lambda r, _: c.ReportLeader(_word(r), r.choice(("", "Zhao")), leaders=r.choice(("", "Zhao"))),
    "dial": lambda r, _: c.Dial(r.choice(("worker", "caller", "unit")), named("li"), r.choice(("", "li"))),
    "leader_says": lambda r, _: c.AnswerReport(_word(r)),
    "fire": _fire,
    "rehome": lambda r, case: c.Rehome(f"{case.incident.grid[:-3]}{r.choice((1, 2)):03d}", "民政〔2026〕1号"),
}
ON_PHONE = (c.Acknowledge, c.Accept, c.Decline, c.Arrive, c.Progress, c.Complete)
LEADS = (Role.SHIFT_LEAD, Role.AUDITOR, Role.LEADER)
FITTING: dict[type, tuple[Role, ...]] = {
    c.TimerFired: (Role.SYSTEM,),
    c.Rehome: (Role.SYSTEM,),
    c.Archive: (Role.SYSTEM,),
    c.AutoClose: (Role.SYSTEM,),
    c.CheckPass: (Role.CHECKER, Role.CHECKER, Role.SHIFT_LEAD),
    c.CheckFail: (Role.CHECKER,),
    c.Reassign: (Role.DISPATCHER, Role.SHIFT_LEAD),
    c.ReleaseAssist: (Role.DISPATCHER, Role.SHIFT_LEAD, Role.DUTY_OFFICER),
    c.Reconsider: LEADS[:2],
    c.Reopen: LEADS[:2],
    c.Approve: LEADS,
    c.Deny: LEADS,
    c.Arbitrate: (Role.SHIFT_LEAD, Role.COORDINATOR),
    c.Claim: (Role.HANDLER, Role.OPERATOR),
    c.Resume: (Role.DISPATCHER, Role.SHIFT_LEAD),
    c.Supervise: (*LEADS, Role.COORDINATOR),
    c.CloseSupervision: LEADS,
    c.RejectReply: LEADS,
    c.TransferOut: (Role.SHIFT_LEAD, Role.DUTY_OFFICER),
    c.TakeLead: (Role.DUTY_OFFICER, Role.SHIFT_LEAD),
    c.SetSeverity: (Role.DUTY_OFFICER, Role.SHIFT_LEAD),
    c.AnswerReport: (Role.LEADER,),
}
OF_THE_DESK = (Role.DUTY_OFFICER, Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.DISPATCHER, Role.OPERATOR, Role.NIGHT_WATCH)
IN_ROLE = {role: tuple(each for each in EVERYBODY if each.role is role) for role in Role}


def attempt(chance: Random, case: Case, mood: frozenset[str] = frozenset()) -> tuple[Command, Officer]:
    """A command and who gives it: one of a mood, likely for the state, or any at all."""
    wild, likely = chance.random(), LIKELY[case.incident.state]
    fits = [name for name in likely if name in mood] if wild > 0.4 else []
    among = tuple(MAKERS) if wild < 0.02 else WATCHING if wild < 0.08 else fits or likely
    name = chance.choice(among)
    for _ in range(3):
        if name not in NEEDS or NEEDS[name](case) or chance.random() < 0.1:
            break
        name = chance.choice(among)
    command = MAKERS[name](chance, case)
    if chance.random() < 0.06:
        return command, chance.choice(EVERYBODY)
    return command, _fitting(chance, command, case)


DECIDERS = {
    K.RETURN: (Role.DISPATCHER, Role.SHIFT_LEAD, Role.DUTY_OFFICER),
    K.SUSPEND_DEFER: (Role.SHIFT_LEAD, Role.LEADER),
    K.SUSPEND_LIST: (Role.AUDITOR, Role.LEADER),
    K.EXTEND: (Role.SHIFT_LEAD, Role.LEADER),
    K.CLOSE_SPECIAL: (Role.SHIFT_LEAD, Role.AUDITOR),
    K.VOID: (Role.SHIFT_LEAD, Role.AUDITOR),
    K.REOPEN: (Role.SHIFT_LEAD, Role.AUDITOR),
}


def _fitting(chance: Random, command: Command, case: Case) -> Officer:
    """Somebody whose business it is."""
    if isinstance(command, ON_PHONE) or (isinstance(command, c.TakeLead | c.Ask) and chance.random() < 0.5):
        live = [a.worker for a in case.assignments if a.is_live]
        sent = chance.choice(live) if live else None
        return next((phone for phone in PHONES if phone.staff == sent), chance.choice(PHONES))
    if isinstance(command, c.Approve | c.Deny) and (pending := pending_approval(case)):
        return chance.choice(IN_ROLE[chance.choice(DECIDERS[pending.kind])])
    if isinstance(command, c.VerifyResult | c.SelfHandle):
        return chance.choice(PHONES[:2])
    if isinstance(command, c.MarkFeedback) and chance.random() < 0.5:
        return chance.choice(PHONES)
    return chance.choice(IN_ROLE[chance.choice(FITTING.get(type(command), OF_THE_DESK))])


def reporting(chance: Random) -> dict[str, object]:
    """What is told of a report, beside its number and place."""
    by_worker = chance.random() < 0.3
    return {
        "channel": Channel.WORKER_APP if by_worker else chance.choice(tuple(Channel)),
        "reporter_kind": "worker" if by_worker else chance.choice(("citizen", "citizen", "camera")),
        "reporter_worker": named(chance.choice(NAMES)) if by_worker else None,
        "anonymous": chance.random() < 0.2,
        "confidential": chance.random() < 0.1,
        "urgency": chance.choice(URGENCIES),
        "category": chance.choice(("", "", LEAF, LOW)),
        "origin_worker": chance.choice((None, named("li"), named("chen"))),
    }


def grid_of_report(chance: Random) -> str:
    """Where it is: mostly in one grid."""
    return chance.choice((GRID, GRID, GRID, COMMUNITY + "001", ELSEWHERE))
