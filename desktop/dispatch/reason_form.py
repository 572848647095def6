"""A step with one text: raised, lowered, recalled, reconsidered, resumed, opened again, answered, reported on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QWidget

from desktop.dispatch.actions import key_of_command
from desktop.dispatch.case_view import handler
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import TextField
from desktop.dispatch.form import Form
from desktop.phrases import level_word
from desktop.seat import Seat
from governance import commands as c
from governance.attempt import open_supervision
from governance.incident import Case, State
from governance.refusal import Refused
from governance.routing import below, next_up


@dataclass(frozen=True, slots=True)
class OneText:
    """How a command with one text is asked for: its word in the translations, and whether the text may stay empty."""

    name: str
    field: str = "reason"
    is_needed: bool = True


ONE_TEXT: dict[type, OneText] = {
    c.RaiseLevel: OneText("raise"),
    c.Recall: OneText("recall"),
    c.LowerLevel: OneText("lower_level"),
    c.Reconsider: OneText("reconsider"),
    c.Reopen: OneText("reopen"),
    c.Resume: OneText("resume", is_needed=False),
    c.RejectReply: OneText("reject_reply"),
    c.CloseSupervision: OneText("close_supervision", is_needed=False),
    c.ReplySupervision: OneText("reply_supervision", "text"),
    c.Arrive: OneText("arrive", is_needed=False),
    c.Progress: OneText("progress", "text"),
    c.Complete: OneText("complete", "text"),
}


class ReasonForm(Form):
    """A hint, a text, a button."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kind: type) -> None:
        """An empty text for one kind of ONE_TEXT."""
        asked = ONE_TEXT[kind]
        super().__init__(seat, drafts, f"{asked.name} {case.incident.id}", case.incident.id)
        words, incident, lead = seat.words, case.incident, handler(case)
        self.kind, self._asked = kind, asked
        order = open_supervision(case)
        said: dict[str, object] = {
            "level": level_word(words, incident.handling_level),
            "up": level_word(words, next_up(seat.situation.rules, incident.handling_level)),
            "down": level_word(words, below(seat.situation.rules, incident.handling_level)),
            "worker": lead.worker_name if lead else "",
            "from": words(f"state.{incident.suspended_from or State.FILED}"),
            "reply": order.reply if order else "",
            "grade": words(f"grade.{int(order.grade)}") if order else "",
            "reason": order.reason if order else "",
        }
        key = f"form.{asked.name}.hint"
        if kind is c.Reopen and incident.state is State.ARCHIVED:
            key = (
                "form.reopen.second"
                if any(a.first_by and a.state == "pending" for a in case.approvals)
                else "form.reopen.first"
            )
        self.hint = QLabel(words(key, **said))
        self.hint.setProperty("look", "dim")
        self.hint.setWordWrap(True)
        self.reason = TextField(words("field.reason.hint" if asked.field == "reason" else "field.words.hint"), 2)
        self.refused_fields = {asked.field: self.reason}
        self.body.addWidget(self.hint)
        self.body.addWidget(self.reason)
        self.reason.textChanged.connect(self.changed)
        self.title.setText(f"{words(f'form.{asked.name}')}  {key_of_command(kind)}")
        self.send_button.setText(words("form.send", what=words(f"form.{asked.name}.send", **said)))

    def command(self) -> c.Command:
        """The command with its text."""
        text = self.reason.toPlainText().strip()
        if not text and self._asked.is_needed:
            raise Refused("reason_needed" if self._asked.field == "reason" else "text_needed", self._asked.field)
        made: c.Command = self.kind(**{self._asked.field: text})
        return made

    def fields(self) -> Fields:
        """The text."""
        return {"reason": self.reason.toPlainText()}

    def restore(self, fields: Fields) -> None:
        """Put the text back."""
        self.reason.setPlainText(str(fields.get("reason", "")))

    def default_field(self) -> QWidget:
        """The text."""
        return self.reason
