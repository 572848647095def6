"""What an officer might order of a case now: any order the rules would let him give, with parameters that make sense."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from governance import commands as c
from governance.asking import LEGAL_IN
from governance.attempt import pending_approval
from governance.incident import Case, Severity, State, SupervisionGrade, Urgency
from governance.lifecycle import may
from governance.people import Officer
from governance.places import LonLat
from governance.rules import Rules

LEAF, OTHER, WHY = "06.01", "07.01", "因为"


@dataclass(frozen=True)
class World:
    """What orders are made of."""

    rules: Rules
    workers: tuple[UUID, ...]
    places: tuple[LonLat, ...]
    cases: tuple[Case, ...]
    """All there are now, for what is merged."""


Make = Callable[[Random, Case, World, datetime], c.Command | None]


def _worker(chance: Random, world: World) -> c.Recipient:
    return c.Recipient(chance.choice(world.workers))


def _dispatch(chance: Random, _: Case, world: World, __: datetime) -> c.Command:
    lead, *assists = chance.sample(world.workers, chance.randint(1, 3))
    return c.Dispatch(c.Recipient(lead), tuple(c.Recipient(a) for a in assists), "请办", WHY)


def _direct(chance: Random, _: Case, world: World, __: datetime) -> c.Command:
    lead, *assists = chance.sample(world.workers, chance.randint(1, 3))
    return c.DirectOrder(c.Recipient(lead), tuple(c.Recipient(a) for a in assists), "立即到场")


def _merge(chance: Random, case: Case, world: World, _: datetime) -> c.Command | None:
    others = [o.incident for o in world.cases if o.incident.id != case.incident.id and o.incident.state is State.REPORTED]
    chosen = chance.sample(others, min(len(others), chance.randint(1, 3)))
    return c.Merge(tuple(c.Source(each.id, each.version) for each in chosen)) if chosen else None


def _ask(chance: Random, case: Case, _: World, now: datetime) -> c.Command | None:
    kinds = [kind for kind, states in LEGAL_IN.items() if case.incident.state in states]
    if not kinds:
        return None
    return c.Ask(chance.choice(kinds), WHY, now + timedelta(days=1), min(case.incident.limit_s, 3600.0))


def _answer(kind: type, chance: Random, case: Case) -> c.Command | None:
    pending = pending_approval(case)
    answer: c.Command | None = kind(pending.id, chance.choice((WHY, "同意"))) if pending else None
    return answer


def _edit(chance: Random, case: Case, _: World, __: datetime) -> c.Command:
    return c.Edit("title", case.incident.title, f"标题{chance.randint(0, 9999)}")


def _report_above(_: Random, case: Case, __: World, ___: datetime) -> c.Command:
    done = [step.detail.get("kind") for step in case.steps if step.row == "E62"]
    kind = "first" if not done else "followup" if "written" in done else "written"
    return c.EmergencyReport(kind, "情况如下")


MAKERS: dict[type, Make] = {
    c.SendVerify: lambda *_: c.SendVerify(),
    c.File: lambda r, *_: c.File(r.choice((LEAF, OTHER)), r.choice(tuple(Urgency)), severity=_rarely(r), reason=WHY),
    c.Reject: lambda *_: c.Reject("not_ours", WHY),
    c.Reconsider: lambda *_: c.Reconsider(WHY),
    c.TransferOut: lambda *_: c.TransferOut("12345", WHY, "A-1"),
    c.Dispatch: _dispatch,
    c.Arbitrate: lambda r, _, w, __: c.Arbitrate(_worker(r, w), WHY),
    c.DirectOrder: _direct,
    c.RaiseLevel: lambda *_: c.RaiseLevel(WHY),
    c.LowerLevel: lambda *_: c.LowerLevel(WHY),
    c.Recall: lambda *_: c.Recall(WHY),
    c.ReleaseAssist: lambda r, _, w, __: c.ReleaseAssist(_worker(r, w), "另有任务"),
    c.AddAssist: lambda r, _, w, __: c.AddAssist(_worker(r, w)),
    c.Reassign: lambda r, _, w, __: c.Reassign(_worker(r, w), WHY),
    c.Ask: _ask,
    c.Approve: lambda r, case, *_: _answer(c.Approve, r, case),
    c.Deny: lambda r, case, *_: _answer(c.Deny, r, case),
    c.Resume: lambda *_: c.Resume(WHY),
    c.SendCheck: lambda *_: c.SendCheck(),
    c.CheckPass: lambda *_: c.CheckPass("好", condition_met=True),
    c.CheckFail: lambda *_: c.CheckFail(WHY),
    c.SendFeedback: lambda *_: c.SendFeedback("已办结"),
    c.Reopen: lambda *_: c.Reopen(WHY),
    c.SetSeverity: lambda r, *_: c.SetSeverity(r.choice(tuple(Severity)), WHY),
    c.Merge: _merge,
    c.Unmerge: lambda *_: c.Unmerge(WHY),
    c.Split: lambda *_: c.Split((c.Part(LEAF, "甲"), c.Part(OTHER, "乙"))),
    c.Supervise: lambda r, *_: c.Supervise(r.choice(tuple(SupervisionGrade)), WHY),
    c.ReplySupervision: lambda *_: c.ReplySupervision("在办"),
    c.RejectReply: lambda *_: c.RejectReply(WHY),
    c.CloseSupervision: lambda *_: c.CloseSupervision(),
    c.NotifyOut: lambda *_: c.NotifyOut("119", "老赵"),
    c.Correct: lambda r, _, w, __: c.Correct(WHY, r.choice(("", OTHER)), r.choice(w.places)),
    c.Edit: _edit,
    c.Backfill: lambda *_: c.Backfill(LEAF),
    c.EmergencyReport: _report_above,
    c.Urge: lambda *_: c.Urge("请抓紧"),
    c.ReportLeader: lambda *_: c.ReportLeader("情况如下", "值班室"),
    c.Dial: lambda r, _, w, __: c.Dial("worker", _worker(r, w).worker),
    c.AnswerReport: lambda *_: c.AnswerReport("知悉"),
}
LESS_OFTEN = {
    c.Reject: 0.1,
    c.TransferOut: 0.05,
    c.Merge: 0.15,
    c.Edit: 0.1,
    c.Correct: 0.1,
    c.NotifyOut: 0.1,
    c.SetSeverity: 0.1,
    c.Split: 0.1,
    c.Supervise: 0.15,
    c.Recall: 0.3,
    c.SendVerify: 0.3,
    c.LowerLevel: 0.2,
    c.RaiseLevel: 0.2,
    c.Reassign: 0.2,
    c.Reopen: 0.2,
    c.Resume: 0.5,
    c.Ask: 0.4,
}
"""How likely an order is beside those that lead on, which are 1."""


def _rarely(chance: Random) -> Severity:
    return Severity.II if chance.random() < 0.05 else Severity.NONE


def next_order(chance: Random, case: Case, officer: Officer, world: World, now: datetime) -> c.Command | None:
    """An order the rules let this officer give of a case now, as far as they know; None where there is none."""
    open_to = [kind for kind in MAKERS if may(case, kind, officer, world.rules, now) is None]
    if not open_to:
        return None
    (chosen,) = chance.choices(open_to, [LESS_OFTEN.get(kind, 1.0) for kind in open_to])
    return MAKERS[chosen](chance, case, world, now)
