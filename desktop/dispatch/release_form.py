"""R on an incident that is worked on: one who goes along is let go, so that the lead can finish without him."""

from __future__ import annotations

from uuid import UUID

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.filling import Filling
from desktop.seat import Seat
from governance.attempt import live_assists
from governance.commands import Command, Recipient, ReleaseAssist
from governance.incident import Case
from governance.refusal import Refused


class ReleaseForm(FieldForm):
    """解除协办: who, and why."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """Those who go along, with how far each has come; the first is chosen."""
        super().__init__(seat, drafts, case, ReleaseAssist)
        words = seat.words
        self._names = {str(each.worker): each.worker_name for each in live_assists(case)}
        said = [(str(each.worker), self._said(each.worker_name, each.state)) for each in live_assists(case)]
        self.body.addWidget(hint(words("form.release_assist.hint")))
        self.put_in("assist", "field.assist", Choice(said or [("", "-")], columns=1))
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))

    def command(self) -> Command:
        """ReleaseAssist; Refused without a reason."""
        worker = self.needed("assist", "no_assist")
        return ReleaseAssist(Recipient(UUID(worker), self._names[worker]), self.needed("reason", "reason_needed"))

    def fill(self, filling: Filling) -> None:
        """Who was named; somebody who does not go along is said so."""
        if filling.workers:
            named = str(filling.workers[0])
            person = self.seat.situation.workers.person(filling.workers[0])
            if named in self._names:
                self.named["assist"].choose(named)  # type: ignore[union-attr]
            else:
                self.show_refusal(Refused("goes_not_along", "assist", name=person.name if person is not None else "?"))
        super().fill(filling)

    def sends(self) -> str:
        """Whom."""
        return self.seat.words("form.release_assist.send", worker=self._names.get(self.text("assist"), ""))

    def default_field(self) -> TextField:
        """The reason."""
        field = self.named["reason"]
        assert isinstance(field, TextField)
        return field

    def _said(self, name: str, state: str) -> str:
        return f"{name}{self.seat.words('sep')}{self.seat.words(f'direct.steps.{state}')}"
