"""Demands: guards on the parameters of a command; each says no with a reason and the field it concerns, or None."""

from __future__ import annotations

from governance.attempt import Attempt, handlers_of, live_assists
from governance.commands import (
    AddAssist,
    Arrive,
    AttachReport,
    CheckFail,
    CheckPass,
    Claim,
    Complete,
    Dispatch,
    File,
    MakeReport,
    Progress,
    Reassign,
    Recipient,
    Reject,
    ReleaseAssist,
    SendCheck,
    SendFeedback,
    Split,
)
from governance.echoes import owed_now
from governance.headline import TITLE_LONGEST
from governance.places import CODE_DIGITS, Level
from governance.refusal import Refused
from governance.roles import level_of_scope
from governance.routing import units_on_duty
from governance.rules import Rules

ARRIVAL_M = 100.0
"""Further away than this an arrival needs a reason (E23)."""
PLACE_LONGEST = {"place_text": 200, "floor": 40, "camera": 64}
"""Letters of what is said of a place, by field, as at the intake; of the camera that saw it, its number."""


def reason_given(attempt: Attempt) -> Refused | None:
    """A reason stands in the command."""
    return None if str(getattr(attempt.command, "reason", "")).strip() else Refused("reason_needed", "reason")


def reason_code_given(attempt: Attempt) -> Refused | None:
    """A reason was chosen from the list the rules hold for the action."""
    code = str(getattr(attempt.command, "reason_code", "")).strip()
    if not code:
        return Refused("reason_needed", "reason_code")
    known = attempt.rules.reason_codes.get(attempt.action, frozenset())
    return None if code in known else Refused("reason_unknown", "reason_code", reason=code)


def identified(attempt: Attempt) -> Refused | None:
    """The server has filled in what identifies the incident; the report says something."""
    report = attempt.command
    assert isinstance(report, MakeReport)
    if report.incident is None or not report.number:
        return Refused("not_identified", "incident")
    if not report.grid:
        return Refused("grid_unknown", "place")
    if not (report.text.strip() or report.title.strip() or report.attachments):
        return Refused("text_needed", "text")
    if report.category and report.category not in attempt.rules.categories:
        return Refused("category_unknown", "category", category=report.category)
    return None


def title_fits(attempt: Attempt) -> Refused | None:
    """The title, wherever one is given, is no longer than a title may be."""
    made = attempt.command.report if isinstance(attempt.command, AttachReport) else attempt.command
    given = str(getattr(made, "title", ""))
    return Refused("too_long", "title", most=str(TITLE_LONGEST)) if len(given) > TITLE_LONGEST else None


def place_fits(attempt: Attempt) -> Refused | None:
    """What is said of the place is no longer than every desk and phone can show."""
    made = attempt.command.report if isinstance(attempt.command, AttachReport) else attempt.command
    parts = made.parts if isinstance(made, Split) else (made,)
    return next(
        (
            Refused("too_long", "parts" if isinstance(made, Split) else name, most=str(most))
            for part in parts
            for name, most in PLACE_LONGEST.items()
            if len(str(getattr(part, name, ""))) > most
        ),
        None,
    )


def category_is_leaf(attempt: Attempt) -> Refused | None:
    """The incident is filed under a leaf the rules know."""
    file = attempt.command
    assert isinstance(file, File)
    category = attempt.rules.categories.get(file.category)
    if category is None:
        return Refused("category_unknown", "category", category=file.category)
    return None if category.is_leaf else Refused("category_not_leaf", "category", category=file.category)


def grid_known(attempt: Attempt) -> Refused | None:
    """The place lies in a grid."""
    return None if len(attempt.incident.grid) == CODE_DIGITS[Level.GRID] else Refused("grid_unknown", "place")


def is_off_rule(rules: Rules, category: str, grid: str, recipient: Recipient) -> bool:
    """Whether sending this worker as lead needs a reason: his unit has no lead duty here."""
    return recipient.unit not in units_on_duty(rules, category, grid)


def recipients_fit(attempt: Attempt) -> Refused | None:
    """Nobody is named twice, and the lead is in the duty matrix or a reason is given."""
    order = attempt.command
    assert isinstance(order, Dispatch | Reassign)
    assists = order.assists if isinstance(order, Dispatch) else ()
    named = [order.lead.worker, *(a.worker for a in assists)]
    if len(set(named)) != len(named):
        return Refused("named_twice", "assists")
    incident = attempt.incident
    if is_off_rule(attempt.rules, incident.category, incident.grid, order.lead) and not order.reason.strip():
        return Refused("reason_needed", "reason", because="off_duty_matrix", name=order.lead.name)
    return None


def new_lead(attempt: Attempt) -> Refused | None:
    """The one it is given to is not on it already."""
    order = attempt.command
    assert isinstance(order, Reassign | AddAssist)
    worker = order.lead.worker if isinstance(order, Reassign) else order.assist.worker
    live = {a.worker for a in attempt.case.assignments if a.is_live} if attempt.case else set()
    return Refused("already_assigned", "worker") if worker in live else None


def goes_along(attempt: Attempt) -> Refused | None:
    """The one named is one of those who go along."""
    release = attempt.command
    assert isinstance(release, ReleaseAssist)
    named = {a.worker for a in live_assists(attempt.case)} if attempt.case else set()
    return None if release.assist.worker in named else Refused("goes_not_along", "assist", name=release.assist.name)


def near_or_reason(attempt: Attempt) -> Refused | None:
    """The position is within 100 m of the place, or a reason says why not."""
    arrival = attempt.command
    assert isinstance(arrival, Arrive)
    if arrival.reason.strip():
        return None
    if arrival.place is None:
        return Refused("reason_needed", "reason", because="no_position")
    away_m = arrival.place.distance_m(attempt.incident.place)
    return None if away_m <= ARRIVAL_M else Refused("reason_needed", "reason", because="too_far", metres=f"{away_m:.0f}")


def evidence_given(attempt: Attempt) -> Refused | None:
    """There are words, and a photo where the category asks for one."""
    done = attempt.command
    assert isinstance(done, Complete)
    if not done.text.strip():
        return Refused("text_needed", "text")
    category = attempt.rules.categories.get(attempt.incident.category)
    kept = attempt.mine.attachments if attempt.mine else ()
    if category and category.evidence and not done.attachments and not kept:
        return Refused("photo_needed", "attachments")
    return None


def text_given(attempt: Attempt) -> Refused | None:
    """There are words, or a photo, or for an echo the reason why none is given."""
    said = attempt.command
    assert isinstance(said, Progress | SendFeedback)
    extra = bool(said.attachments) if isinstance(said, Progress) else bool(said.waive_reason.strip())
    return None if said.text.strip() or extra else Refused("text_needed", "text")


def feedback_known(attempt: Attempt) -> Refused | None:
    """The echo named is owed, and the grade given for it is one."""
    echo = attempt.command
    assert isinstance(echo, SendFeedback)
    if echo.satisfaction is not None and not 1 <= echo.satisfaction <= 5:
        return Refused("satisfaction_out_of_range", "satisfaction")
    owed = {f.id for f in owed_now(attempt.case)} if attempt.case else set()
    return Refused("no_such_feedback", "feedback") if echo.feedback and echo.feedback not in owed else None


def condition_met(attempt: Attempt) -> Refused | None:
    """The closing condition was ticked."""
    assert isinstance(attempt.command, CheckPass)
    return None if attempt.command.condition_met else Refused("condition_not_met", "condition_met")


def reason_or_photo(attempt: Attempt) -> Refused | None:
    """What is sent back says why, in words or in a picture."""
    fail = attempt.command
    assert isinstance(fail, CheckFail)
    return None if fail.reason.strip() or fail.attachments else Refused("reason_needed", "reason")


def checker_is_no_handler(attempt: Attempt) -> Refused | None:
    """The checker named handled nothing in this cycle."""
    send = attempt.command
    assert isinstance(send, SendCheck)
    if attempt.case and send.checker is not None and send.checker in handlers_of(attempt.case):
        return Refused("handler_is_checker", "checker")
    return None


def checker_not_below_handling(attempt: Attempt) -> Refused | None:
    """The checker named stands no lower than who handles; one whose post is not known is asked when he checks."""
    send, wanted = attempt.command, attempt.incident.handling_level
    assert isinstance(send, SendCheck)
    if send.checker_scope and level_of_scope(send.checker_scope) < wanted:
        return Refused("below_handling_level", "checker", level=str(int(wanted)))
    return None


def reason_words_given(attempt: Attempt) -> Refused | None:
    """A rejection has its code and its words."""
    assert isinstance(attempt.command, Reject)
    return reason_code_given(attempt) or reason_given(attempt)


def text_of_completion(attempt: Attempt) -> Refused | None:
    """Who assisted says what was done."""
    assert isinstance(attempt.command, Complete)
    return None if attempt.command.text.strip() else Refused("text_needed", "text")


def parts_closed(attempt: Attempt) -> Refused | None:
    """What was split from it is over (E53)."""
    done = attempt.command
    assert isinstance(done, Complete)
    return Refused("parts_open", count=str(done.parts_open)) if done.parts_open else None


def of_own_unit(attempt: Attempt) -> Refused | None:
    """Who claims an incident sends somebody of his own unit (E60)."""
    claim, unit = attempt.command, attempt.officer.unit
    assert isinstance(claim, Claim)
    return None if unit is not None and claim.lead.unit == unit else Refused("not_your_unit", "lead", name=claim.lead.name)
