"""A step with one text, and pictures where there is something to show: raised, recalled, resumed, reported on, done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QWidget

from desktop.dispatch.actions import key_of_command
from desktop.dispatch.case_view import handler
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import TextField
from desktop.dispatch.photo_strip import photos_of
from desktop.dispatch.picture_field import PastingText
from desktop.dispatch.picture_form import PictureForm
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
    stage: str = ""
    """What pictures put to it show, where it takes any."""


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
    c.Progress: OneText("progress", "text", stage="during"),
    c.Complete: OneText("complete", "text", stage="after"),
}


class ReasonForm(PictureForm):
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
        self._put_fields(case)
        self.reason.textChanged.connect(self.changed)
        self.title.setText(f"{words(f'form.{asked.name}')}  {key_of_command(kind)}")
        self.send_button.setText(words("form.send", what=words(f"form.{asked.name}.send", **said)))

    def _put_fields(self, case: Case) -> None:
        """The text, and below it the pictures where the command takes any."""
        seat, asked = self.seat, self._asked
        hint = seat.words("field.reason.hint" if asked.field == "reason" else "field.words.hint")
        pictures = None
        if asked.stage:
            category = seat.situation.rules.categories.get(case.incident.category)
            is_needed = self.kind is c.Complete and category is not None and category.evidence
            pictures = self.take_pictures(asked.stage, is_needed, frozenset(photo.sha256 for photo in photos_of(case)))
        self.reason = PastingText(hint, 2, pictures.take_mime) if pictures is not None else TextField(hint, 2)
        self.refused_fields[asked.field] = self.reason
        self.body.addWidget(self.hint)
        self.body.addWidget(self.reason)
        if pictures is not None:
            self.body.addWidget(pictures)

    def command(self) -> c.Command:
        """The command with its text, and its pictures."""
        text, pictures = self.reason.toPlainText().strip(), self.pictures
        if not text and self._asked.is_needed and not (self.kind is c.Progress and pictures and pictures.named):
            raise Refused("reason_needed" if self._asked.field == "reason" else "text_needed", self._asked.field)
        more = {"attachments": pictures.named} if pictures is not None else {}
        made: c.Command = self.kind(**{self._asked.field: text}, **more)
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
