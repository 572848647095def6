"""Plans shifts from the F8 sheet: reads how a unit stands, sends each wish once, shows it as done when the server said so."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject

from desktop.handover.plan_form import PlanForm
from desktop.handover.plan_times import moment_of
from desktop.handover.talk import ShiftTalk
from desktop.seat import Seat
from governance.refusal import Refused
from wire import shift_requests as ask
from wire.shift_requests import PlansAre, ShiftReply


class Planning(QObject):
    """The form and what it sends. Main thread only."""

    def __init__(self, seat: Seat, talk: ShiftTalk, form: PlanForm, parent: QObject | None = None) -> None:
        """Nothing is asked before the form is opened."""
        super().__init__(parent)
        self._seat, self._talk, self.form = seat, talk, form
        self._unit: UUID | None = None
        self._names: dict[str, str] = {}
        form.plan_wanted.connect(self.send)
        form.cancel_wanted.connect(self._cancel)
        form.lead_wanted.connect(self._change_lead)
        form.unit_wanted.connect(self._choose)

    def read(self) -> None:
        """Read how the unit stands."""
        wanted = self._unit

        def came(reply: ShiftReply | None, refused: Refused | None) -> None:
            if wanted != self._unit:
                return
            if isinstance(reply, PlansAre):
                self.form.show_plans(reply)
            elif refused is not None:
                self.form.refuse(refused)

        self._talk.ask(ask.ReadPlans(0, wanted), came)

    def _choose(self, unit: object) -> None:
        self._unit = unit if isinstance(unit, UUID) else None
        self.read()

    def send(self) -> None:
        """Plan the shift, or change the one that is planned."""
        form, plans, seat = self.form, self.form.plans, self._seat
        if plans is None or form.is_sending:
            return
        try:
            starts = moment_of(form.starts_at.text(), "starts_at", seat.now())
            ends = moment_of(form.ends_at.text(), "ends_at", starts)
        except Refused as no:
            form.refuse(no)
            return
        name, lead, until = self._name(), form.lead.currentData(), form.ends_current.isChecked()
        coming, unit = plans.standing.coming, plans.unit
        if not name:
            form.refuse(Refused("text_needed", "name"))
        elif coming is None:
            act = f"plan {unit} {name} {starts} {ends} {lead} {until}"
            self._order(act, lambda order: ask.PlanShift(0, order, name, starts, ends, unit, lead, until), "plan.done")
        else:
            act = f"change {coming.id} {name} {starts} {ends} {lead} {until}"
            self._order(act, lambda order: ask.ChangeShift(0, order, coming.id, name, starts, ends, lead, until), "plan.done")

    def _name(self) -> str:
        """The name as it is kept: a known one by its key, whatever language it was shown in."""
        typed, words = self.form.name.text().strip(), self._seat.words
        plans = self.form.plans
        known = (
            [plans.next.name, *(each.name for each in (plans.standing.coming, plans.standing.current) if each)] if plans else []
        )
        return next((each for each in known if words.has(f"shift.{each}") and words(f"shift.{each}") == typed), typed)

    def _cancel(self) -> None:
        plans, reason = self.form.plans, self.form.reason.text().strip()
        coming = plans.standing.coming if plans else None
        if coming is None or self.form.is_sending:
            return
        if not reason:
            self.form.refuse(Refused("reason_needed", "reason"))
            return
        self._order(f"cancel {coming.id}", lambda order: ask.CancelShift(0, order, coming.id, reason), "plan.cancelled")

    def _change_lead(self) -> None:
        form, plans = self.form, self.form.plans
        current = plans.standing.current if plans else None
        lead, reason = form.new_lead.currentData(), form.lead_reason.text().strip()
        if current is None or form.is_sending:
            return
        if lead is None:
            form.refuse(Refused("lead_needed", "new_lead"))
        elif not reason:
            form.refuse(Refused("reason_needed", "lead_reason"))
        else:
            act = f"lead {current.id} {lead}"
            self._order(
                act, lambda order: ask.ChangeLead(0, order, current.id, lead, reason), "plan.lead_changed", is_lead=True
            )

    def _order(self, act: str, make: Callable[[UUID], object], done: str, is_lead: bool = False) -> None:
        """Send one wish; what was refused about the lead of now stands beside his field."""
        self.form.sending(True)

        def answered(_reply: ShiftReply | None, refused: Refused | None) -> None:
            self.form.sending(False)
            if refused is not None:
                about = (
                    {"lead": "new_lead", "reason": "lead_reason"}.get(refused.about, refused.about)
                    if is_lead
                    else refused.about
                )
                self.form.refuse(Refused(refused.code, about, **refused.details))
                return
            self.form.forget_typed()
            self.form.tell(self._seat.words(done))
            self.read()

        self._talk.order(act, make, answered)
