"""Raising a case or taking an order back: a hint, a reason, a button."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from desktop.dispatch.case_view import handler
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import TextField
from desktop.dispatch.form import Form
from desktop.phrases import level_word
from desktop.seat import Seat
from governance.commands import Command, RaiseLevel, Recall
from governance.incident import Case
from governance.refusal import Refused


class ReasonForm(Form):
    """E 提级 or R 撤回."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kind: type[RaiseLevel] | type[Recall]) -> None:
        """An empty reason for one of the two."""
        name = "raise" if kind is RaiseLevel else "recall"
        super().__init__(seat, drafts, f"{name} {case.incident.id}", case.incident.id)
        words, incident, lead = seat.words, case.incident, handler(case)
        worker = lead.worker_name if lead else ""
        self._kind = kind
        self.hint = QLabel(words(f"form.{name}.hint", level=level_word(words, incident.handling_level), worker=worker))
        self.hint.setProperty("look", "dim")
        self.hint.setWordWrap(True)
        self.reason = TextField(words("field.reason.hint"), 2)
        self.refused_fields = {"reason": self.reason}
        self.body.addWidget(self.hint)
        self.body.addWidget(self.reason)
        self.reason.textChanged.connect(self.changed)
        self.title.setText(f"{words(f'form.{name}')}  {'E' if kind is RaiseLevel else 'R'}")
        what = words(f"form.{name}.send", level=level_word(words, incident.handling_level.next_up), worker=worker)
        self.send_button.setText(words("form.send", what=what))

    def command(self) -> Command:
        """RaiseLevel or Recall with its reason."""
        reason = self.reason.toPlainText().strip()
        if not reason:
            raise Refused("reason_needed", "reason")
        return self._kind(reason)

    def fields(self) -> Fields:
        """The reason."""
        return {"reason": self.reason.toPlainText()}

    def restore(self, fields: Fields) -> None:
        """Put the reason back."""
        self.reason.setPlainText(str(fields.get("reason", "")))

    def default_field(self) -> QWidget:
        """The reason."""
        return self.reason
