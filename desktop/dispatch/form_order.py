"""The table of forms: which form makes which command. A new form is a row here; keys and the command line find it there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from desktop.dispatch.actions import is_allowed
from desktop.dispatch.amend_form import BackfillForm, CorrectForm, EditForm
from desktop.dispatch.asking_form import AskForm, DecideForm
from desktop.dispatch.closing_form import STEPS, CheckForm, StepForm
from desktop.dispatch.dial_form import DialForm
from desktop.dispatch.direct_form import DirectForm, TakeForm
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.echo_form import FeedbackForm, MarkForm
from desktop.dispatch.form import Form
from desktop.dispatch.merge_form import MergeForm
from desktop.dispatch.merge_rights import may
from desktop.dispatch.merge_undo import UnmergeForm
from desktop.dispatch.outside_form import EmergencyForm, NotifyForm, TransferForm
from desktop.dispatch.reaching_form import AnswerReportForm, ReportLeaderForm, UrgeForm
from desktop.dispatch.reason_form import ONE_TEXT, ReasonForm
from desktop.dispatch.release_form import ReleaseForm
from desktop.dispatch.split_form import SplitForm
from desktop.dispatch.supervise_form import SeverityForm, SuperviseForm
from desktop.dispatch.triage_form import TriageForm
from desktop.dispatch.verify_form import DeclineForm, VerifyForm, VerifyResultForm
from desktop.seat import Seat
from governance.commands import COMMANDS, WORD_OF
from governance.incident import Case
from governance.people import Officer
from governance.refusal import Refused
from governance.rules import Rules

FormMaker = Callable[[Seat, Drafts, Case, tuple[type, ...]], Form]
"""Makes the form of some commands about a case: those that are allowed now and that it can make, the wanted one first."""


def _one(make: Callable[[Seat, Drafts, Case, type], Form]) -> FormMaker:
    """The maker of a form that makes one command: the first of those it is asked for."""
    return lambda seat, drafts, case, kinds: make(seat, drafts, case, kinds[0])


def _alone(make: Callable[[Seat, Drafts, Case], Form]) -> FormMaker:
    """The maker of a form of one kind of command."""
    return lambda seat, drafts, case, _kinds: make(seat, drafts, case)


_REASON, _STEP = _one(ReasonForm), _one(StepForm)
FORMS: dict[str, FormMaker] = {
    "file": TriageForm,
    "reject": TriageForm,
    "check_pass": CheckForm,
    "check_fail": CheckForm,
    "approve": DecideForm,
    "deny": DecideForm,
    "send_verify": _alone(VerifyForm),
    "verify_result": _alone(VerifyResultForm),
    "transfer_out": _alone(TransferForm),
    "decline": _alone(DeclineForm),
    "request": _alone(AskForm),
    "feedback": _alone(FeedbackForm),
    "mark_feedback": _alone(MarkForm),
    "set_severity": _alone(SeverityForm),
    "supervise": _alone(SuperviseForm),
    "notify_out": _alone(NotifyForm),
    "emergency_report": _alone(EmergencyForm),
    "urge": _alone(UrgeForm),
    "dial": _alone(DialForm),
    "report_leader": _alone(ReportLeaderForm),
    "answer_report": _alone(AnswerReportForm),
    "correct": _alone(CorrectForm),
    "edit": _alone(EditForm),
    "backfill": _alone(BackfillForm),
    "direct_order": _alone(DirectForm),
    "take_lead": _alone(TakeForm),
    "release_assist": _alone(ReleaseForm),
    "merged_into": lambda seat, drafts, case, _kinds: MergeForm(seat, drafts, case, attaches=True),
    "merge": _alone(MergeForm),
    "unmerge": _alone(UnmergeForm),
    "split": _alone(SplitForm),
    **{WORD_OF[kind]: _REASON for kind in ONE_TEXT},
    **{WORD_OF[kind]: _STEP for kind in STEPS},
}
"""Word of a command -> its form."""
SHARED = (("file", "reject"), ("check_pass", "check_fail"), ("approve", "deny"))
"""Words of one form, which are chosen between within it: 受理 and 不予受理."""
OF_THE_CARD = frozenset({"report", "attach", "dispatch", "reassign", "add_assist", "claim", "arbitrate"})
"""Words whose form the card holds itself (card_forms): the report, and the candidates."""


def form_for(kinds: tuple[type, ...], seat: Seat, drafts: Drafts, case: Case) -> Form:
    """The form that makes the first of the allowed kinds of command about a case; it offers no other than these."""
    return FORMS[WORD_OF[kinds[0]]](seat, drafts, case, kinds)


def made_by_one(kinds: tuple[type, ...]) -> tuple[type, ...]:
    """Of some kinds of command those that the form of the first of them makes."""
    first = WORD_OF[kinds[0]]
    sharing = next((words for words in SHARED if first in words), (first,))
    return tuple(kind for kind in kinds if WORD_OF[kind] in sharing)


def has_form(word: str) -> bool:
    """Whether this desk has a form for a command."""
    return word in FORMS or word in OF_THE_CARD


def kinds_of(word: str, case: Case, officer: Officer, rules: Rules, now: datetime) -> tuple[type, ...]:
    """The commands the form of a word may offer now, in the order of the table."""
    sharing = next((words for words in SHARED if word in words), (word,))
    return tuple(COMMANDS[other] for other in sharing if is_allowed(COMMANDS[other], case, officer, rules, now))


def ways_of(kinds: tuple[type, ...]) -> tuple[str, ...]:
    """The words among which one key chooses; of forms that choose within themselves only the first, but for 不予受理."""
    words = tuple(word for kind in kinds if has_form(word := WORD_OF[kind]))
    firsts = {shared: next((word for word in words if word in shared), "") for shared in SHARED if "file" not in shared}
    return tuple(word for word in words if all(word not in shared or word == first for shared, first in firsts.items()))


def refused_now(word: str, case: Case | None, officer: Officer, rules: Rules, now: datetime) -> Refused | None:
    """Why a command cannot be given now, by the rules; None where it can."""
    kind = COMMANDS.get(word)
    if kind is None:
        return Refused("no_form_here")
    if word == "report":
        return may(None, kind, officer, rules, now)
    return Refused("no_incident") if case is None else may(case, kind, officer, rules, now)
