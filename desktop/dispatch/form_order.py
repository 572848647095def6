"""Which form the allowed commands open."""

from __future__ import annotations

from desktop.dispatch.closing_form import CheckForm, FeedbackForm, StepForm
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.form import Form
from desktop.dispatch.reason_form import ReasonForm
from desktop.dispatch.triage_form import TriageForm
from desktop.seat import Seat
from governance.commands import Archive, CheckFail, CheckPass, File, RaiseLevel, Recall, Reject, SendCheck, SendFeedback
from governance.incident import Case


def form_for(kinds: tuple[type, ...], seat: Seat, drafts: Drafts, case: Case) -> Form:
    """The form that makes the first of the allowed kinds of command about a case; it offers no other than these."""
    kind = kinds[0]
    if kind in (File, Reject):
        return TriageForm(seat, drafts, case, kinds)
    if kind is RaiseLevel or kind is Recall:
        return ReasonForm(seat, drafts, case, kind)
    if kind is SendCheck or kind is Archive:
        return StepForm(seat, drafts, case, kind)
    if kind in (CheckPass, CheckFail):
        return CheckForm(seat, drafts, case, kinds)
    if kind is SendFeedback:
        return FeedbackForm(seat, drafts, case)
    raise ValueError(f"no form for {kind.__name__}")
