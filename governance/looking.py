"""What is looked into before it is filed, and what a worker settles on the spot (E03-E05, E07)."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid5

from governance.attempt import Attempt
from governance.commands import File, SelfHandle, SendVerify, Split, VerifyResult
from governance.effects import SENSITIVE, confidential_as, gravest
from governance.guards import GRAVE
from governance.incident import (
    Assignment,
    AssignmentState,
    Case,
    CheckTask,
    Discovery,
    LeadRole,
    Magnitude,
    Urgency,
)
from governance.places import Level
from governance.refusal import Refused
from governance.routing import on_ladder, queue_unit_of

RESULTS = frozenset({"exist", "not_exist", "unable"})
STAGES_OF_SELF_HANDLING = frozenset({"before", "after"})


# ---- may it be ------------------------------------------------------------------------------------------------------


def somebody_reported(attempt: Attempt) -> Refused | None:
    """It is known from outside: what a worker saw himself needs no second look."""
    return Refused("seen_already") if attempt.incident.discovery is Discovery.ACTIVE else None


def not_verified_yet(attempt: Attempt) -> Refused | None:
    """Nobody was asked to look in this cycle."""
    case, cycle = attempt.case, attempt.incident.cycle
    asked = case is not None and any(c.kind == "verify" and c.cycle == cycle for c in case.checks)
    return Refused("already_verified") if asked else None


def verifier_named(attempt: Attempt) -> Refused | None:
    """Somebody is named to go and look."""
    send = attempt.command
    assert isinstance(send, SendVerify)
    return None if send.worker else Refused("nobody_on_duty", "worker")


def result_said(attempt: Attempt) -> Refused | None:
    """A result of the three, with a picture or a reason."""
    said = attempt.command
    assert isinstance(said, VerifyResult)
    if said.result not in RESULTS:
        return Refused("bad_value", "result")
    return None if said.reason.strip() or said.attachments else Refused("reason_needed", "reason")


def verified_or_reason(attempt: Attempt) -> Refused | None:
    """Where the category asks for a look before filing, somebody saw it, or a reason says why it is filed (E06)."""
    file = attempt.command
    assert isinstance(file, File)
    category = attempt.rules.categories.get(file.category)
    needed = category is not None and category.verify and attempt.incident.discovery is not Discovery.ACTIVE
    found = _found(attempt.case, attempt.incident.cycle)
    if not needed or file.urgency is Urgency.IMMEDIATE or "exist" in found or file.reason.strip():
        return None
    return Refused("reason_needed", "reason", because="not_found" if "not_exist" in found else "not_verified")


def less_urgent_why(attempt: Attempt) -> Refused | None:
    """What was reported as more urgent is filed as less with a reason; an emergency is 特急 whatever is said (E06)."""
    file, incident = attempt.command, attempt.incident
    assert isinstance(file, File)
    is_grave = gravest(incident.severity, file.severity) in GRAVE
    if is_grave or file.urgency >= incident.urgency or file.reason.strip():
        return None
    return Refused("reason_needed", "reason", because="less_urgent")


def others_told_first(attempt: Attempt) -> Refused | None:
    """What belongs to 110, 119, 120 or 122 becomes ours alone, by whatever way, only after one of them was told (E58)."""
    about, codes = "category", [str(getattr(attempt.command, "category", ""))]
    if isinstance(attempt.command, Split):
        about, codes = "parts", [part.category for part in attempt.command.parts]
    elif isinstance(attempt.command, SelfHandle):
        codes = [attempt.command.category or attempt.incident.category]
    told = {step.detail.get("target") for step in attempt.case.steps if step.row == "E58"} if attempt.case else set()
    for category in (attempt.rules.categories.get(code) for code in codes):
        if category is not None and category.outside and not told & set(category.outside):
            return Refused("outside_first", about, to="、".join(category.outside))
    return None


def minor_and_calm(attempt: Attempt) -> Refused | None:
    """A worker saw a minor matter that nobody is hurried by (E07)."""
    incident = attempt.incident
    if incident.discovery is not Discovery.ACTIVE:
        return Refused("not_seen_by_worker")
    return Refused("too_urgent") if incident.urgency is not Urgency.NORMAL else None


def before_and_after(attempt: Attempt) -> Refused | None:
    """Pictures before and after, words, and a minor category."""
    own = attempt.command
    assert isinstance(own, SelfHandle)
    category = attempt.rules.categories.get(own.category or attempt.incident.category)
    if category is None or not category.is_leaf:
        return Refused("category_unknown" if category is None else "category_not_leaf", "category")
    if category.magnitude is not Magnitude.MINOR:
        return Refused("not_minor", "category", category=category.code)
    reports = attempt.case.reports if attempt.case else ()
    shown = {each.stage for each in own.attachments} | {
        "before" if each.stage == "report" else each.stage for report in reports for each in report.attachments
    }
    if not own.text.strip():
        return Refused("text_needed", "text")
    return None if shown >= STAGES_OF_SELF_HANDLING else Refused("photo_needed", "attachments")


def _found(case: Case | None, cycle: int) -> set[str]:
    """What those who were asked to look in a cycle found."""
    return {c.result for c in case.checks if c.kind == "verify" and c.cycle == cycle} if case is not None else set()


# ---- what follows ---------------------------------------------------------------------------------------------------


def verification_asked(attempt: Attempt, case: Case) -> Case:
    """Somebody is asked to look."""
    send = attempt.command
    assert isinstance(send, SendVerify)
    assert send.worker is not None, "demanded"
    number = uuid5(case.incident.id, f"check{len(case.checks) + 1}")
    task = CheckTask(
        number,
        case.incident.cycle,
        "verify",
        attempt.now,
        send.worker.worker,
        note=send.order_text,
        checker_name=send.worker.name,
    )
    return replace(case, checks=(*case.checks, task))


def verification_answered(attempt: Attempt, case: Case) -> Case:
    """What was found stands in the task."""
    said = attempt.command
    assert isinstance(said, VerifyResult)
    return _answered(case, result=said.result, note=said.reason, done_at=attempt.now, attachments=said.attachments)


def verification_lapsed(attempt: Attempt, case: Case) -> Case:
    """Nobody looked in time (E05)."""
    return _answered(case, result="unable", note="T2", done_at=attempt.now)


def verification_overtaken(attempt: Attempt, case: Case) -> Case:
    """What became 特急 meanwhile waits for no look (E05)."""
    return _answered(case, result="unable", note="immediate", done_at=attempt.now)


def _answered(case: Case, **answer: object) -> Case:
    """The case with its open verification answered."""
    checks = tuple(
        replace(c, **answer) if c.kind == "verify" and not c.done_at else c  # type: ignore[arg-type]
        for c in case.checks
    )
    return replace(case, checks=checks)


def handled_by_himself(attempt: Attempt, case: Case) -> Case:
    """Filed and done by the worker of the grid, in one step."""
    own, now, rules = attempt.command, attempt.now, attempt.rules
    assert isinstance(own, SelfHandle)
    before = case.incident
    category = rules.categories[own.category or before.category]
    level = on_ladder(rules, Level.GRID)
    incident = replace(
        before,
        category=category.code,
        nature=category.nature,
        magnitude=category.magnitude,
        filed_at=now,
        completed_at=now,
        handling_level=level,
        oversight_level=max(level, before.oversight_level),
        highest_level=max(level, before.highest_level),
        queue_unit=queue_unit_of(rules, before.grid, level),
    )
    officer = attempt.officer
    number = uuid5(incident.id, f"assignment{len(case.assignments) + 1}")
    order = Assignment(
        number,
        incident.cycle,
        LeadRole.LEAD,
        officer.staff,
        own.worker_name or officer.name,
        officer.unit,
        AssignmentState.DONE,
        "",
        now,
        delivered_at=now,
        acked_at=now,
        accepted_at=now,
        arrived_at=now,
        done_at=now,
        result_text=own.text,
        attachments=own.attachments,
    )
    incident = confidential_as(incident, SENSITIVE if category.sensitive else 0)
    return replace(case, incident=incident, assignments=(*case.assignments, order))
