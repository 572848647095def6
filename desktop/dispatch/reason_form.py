"""A step with one text, and pictures where there is something to show: raised, recalled, resumed, reported on, done."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QLabel, QWidget

from desktop.dispatch.actions import key_of_command
from desktop.dispatch.case_view import handler
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import TextField
from desktop.dispatch.form import Form
from desktop.dispatch.photo_strip import photos_of
from desktop.dispatch.picture_field import PastingText, PictureField
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
        self._put_fields(case)
        self.reason.textChanged.connect(self.changed)
        self.title.setText(f"{words(f'form.{asked.name}')}  {key_of_command(kind)}")
        self.send_button.setText(words("form.send", what=words(f"form.{asked.name}.send", **said)))

    def _put_fields(self, case: Case) -> None:
        """The text, and below it the pictures where the command takes any."""
        seat, asked = self.seat, self._asked
        hint = seat.words("field.reason.hint" if asked.field == "reason" else "field.words.hint")
        self.pictures: PictureField | None = None
        self._is_waiting = False
        if asked.stage and seat.photos is not None:
            category = seat.situation.rules.categories.get(case.incident.category)
            is_needed = self.kind is c.Complete and category is not None and category.evidence
            self.pictures = PictureField(seat, seat.photos, asked.stage, is_needed)
            self.reason: TextField = PastingText(hint, 2, self.pictures.take_mime)
        else:
            self.reason = TextField(hint, 2)
        self.refused_fields = {asked.field: self.reason}
        self.body.addWidget(self.hint)
        self.body.addWidget(self.reason)
        if self.pictures is not None:
            self._shown = {photo.sha256 for photo in photos_of(case)}
            self.refused_fields["attachments"] = self.pictures
            self.body.addWidget(self.pictures)
            self.pictures.changed.connect(self._pictures_changed)
            self.pictures.refused.connect(self._picture_refused)

    def command(self) -> c.Command:
        """The command with its text, and its pictures."""
        text, pictures = self.reason.toPlainText().strip(), self.pictures
        if not text and self._asked.is_needed and not (self.kind is c.Progress and pictures and pictures.named):
            raise Refused("reason_needed" if self._asked.field == "reason" else "text_needed", self._asked.field)
        more = {"attachments": pictures.named} if pictures is not None else {}
        made: c.Command = self.kind(**{self._asked.field: text}, **more)
        return made

    def send(self) -> None:
        """Send it once the server has its pictures."""
        pictures = self.pictures
        if pictures is not None and not pictures.are_there and self.order_id is None:
            self._is_waiting = True
            self.say(self.seat.words("pictures.waiting"), "dim")
            pictures.bring_again()
            return
        self._is_waiting = False
        super().send()

    def show_refusal(self, refused: Refused) -> None:
        """Say it beside the field; pictures that the server has lost are brought again with the next try."""
        self._is_waiting = False
        if self.pictures is not None and refused.code == "no_such_bytes":
            self.pictures.bring_again(all_of_them=True)
        super().show_refusal(refused)

    def begin(self) -> None:
        """Restore the text and the pictures; those that hang on the case by now are not put to it again."""
        if self.pictures is not None and self.seat.photos is not None:
            kept = self.seat.photos.kept.get(self.draft, ())
            self.pictures.put_back(tuple(each for each in kept if each.sha256 not in self._shown))
        super().begin()

    def keep(self) -> None:
        """Keep the text on disk, the pictures in memory."""
        super().keep()
        if self.pictures is not None and self.seat.photos is not None:
            self.seat.photos.kept[self.draft] = self.pictures.pictures

    def stop(self) -> None:
        """Listen to nothing any more."""
        if self.pictures is not None:
            self.pictures.stop()
        super().stop()

    def _pictures_changed(self) -> None:
        """A picture came, went or is with the server: what waited for it goes."""
        assert self.pictures is not None
        if self._is_waiting and self.pictures.are_there:
            self.send()
        elif not self._is_waiting:
            self.changed()

    def _picture_refused(self, refused: Refused) -> None:
        super().show_refusal(refused)
        self._is_waiting = False

    def fields(self) -> Fields:
        """The text."""
        return {"reason": self.reason.toPlainText()}

    def restore(self, fields: Fields) -> None:
        """Put the text back."""
        self.reason.setPlainText(str(fields.get("reason", "")))

    def default_field(self) -> QWidget:
        """The text."""
        return self.reason
