"""The table of forms: which form makes which command. A new form is a row here; keys and the command line find it there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop.dispatch.closing_form import CheckForm, FeedbackForm, StepForm
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.form import Form
from desktop.dispatch.reason_form import ReasonForm
from desktop.dispatch.triage_form import TriageForm
from desktop.seat import Seat
from governance.commands import COMMANDS, WORD_OF
from governance.incident import Case
from governance.lifecycle import may
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules

FormMaker = Callable[[Seat, Drafts, Case, tuple[type, ...]], Form]
"""Makes the form of some commands about a case: those that are allowed now and that it can make, the wanted one first."""


def _reason(seat: Seat, drafts: Drafts, case: Case, kinds: tuple[type, ...]) -> Form:
    return ReasonForm(seat, drafts, case, kinds[0])


def _step(seat: Seat, drafts: Drafts, case: Case, kinds: tuple[type, ...]) -> Form:
    return StepForm(seat, drafts, case, kinds[0])


def _feedback(seat: Seat, drafts: Drafts, case: Case, _kinds: tuple[type, ...]) -> Form:
    return FeedbackForm(seat, drafts, case)


FORMS: dict[str, FormMaker] = {
    "file": TriageForm,
    "reject": TriageForm,
    "raise_level": _reason,
    "recall": _reason,
    "send_check": _step,
    "archive": _step,
    "check_pass": CheckForm,
    "check_fail": CheckForm,
    "feedback": _feedback,
}
"""Word of a command -> its form. Words of one form share it: 受理 and 不予受理 are chosen between within it."""
OF_THE_CARD = frozenset({"report", "dispatch", "reassign", "add_assist"})
"""Words whose form the card holds itself (card_forms): the report, and the candidates."""


def form_for(kinds: tuple[type, ...], seat: Seat, drafts: Drafts, case: Case) -> Form:
    """The form that makes the first of the allowed kinds of command about a case; it offers no other than these."""
    return FORMS[WORD_OF[kinds[0]]](seat, drafts, case, kinds)


def has_form(word: str) -> bool:
    """Whether this desk has a form for a command."""
    return word in FORMS or word in OF_THE_CARD


def kinds_of(word: str, case: Case, officer: Officer, rules: Rules, now: datetime) -> tuple[type, ...]:
    """The commands the form of a word may offer now, in the order of the table."""
    if word in OF_THE_CARD:
        sharing: tuple[str, ...] = (word,)
    else:
        sharing = tuple(other for other, maker in FORMS.items() if maker is FORMS[word] and not _is_single(maker)) or (word,)
    return tuple(COMMANDS[other] for other in sharing if may(case, COMMANDS[other], officer, rules, now) is None)


def refused_now(word: str, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why a command cannot be given now, by the rules; None where it can."""
    kind = COMMANDS.get(word)
    if kind is None:
        return Refused("no_form_here")
    if word == "report":
        return may(None, kind, officer, rules, now)
    return Refused("no_incident") if case is None else may(case, kind, officer, rules, now)


def _is_single(maker: FormMaker) -> bool:
    """Whether a form makes one command only, whichever of those it can make it was opened for."""
    return maker in (_reason, _step, _feedback)
