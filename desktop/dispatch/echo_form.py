"""C: the echoes that are owed: told, waived with a reason, and what became of what was sent."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from desktop.dispatch.case_view import handler
from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.filling import Filling
from desktop.phrases import clock_text
from desktop.seat import Seat
from governance.commands import Command, MarkFeedback, SendFeedback
from governance.echoes import owed_now
from governance.incident import Case, Feedback, FeedbackState, State
from governance.refusal import Refused

MOST_EACH = 9
"""So many are chosen among one by one; more are told all together."""


def echo_name(seat: Seat, case: Case, echo: Feedback) -> str:
    """Whom an echo is for: 上报人 1, 本格网格员 陈伟."""
    words = seat.words
    named = seat.situation.workers.person(echo.worker) if echo.worker else None
    reports = [report.id for report in case.reports]
    number = str(reports.index(echo.report) + 1) if echo.report in reports and len(reports) > 1 else ""
    return " ".join(part for part in (words(f"echo.{echo.target}"), named.name if named else number) if part)


class FeedbackForm(FieldForm):
    """反馈/回访: one text to all who are still owed an echo, or to one of them; or none, with the reason."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """What was done, as a first draft of the text."""
        super().__init__(seat, drafts, case, SendFeedback)
        words, lead = seat.words, handler(case)
        owed = owed_now(case)
        who = [
            words(f"form.feedback.{target}", count=count)
            for target in ("reporter", "worker", "grid_worker")
            if (count := sum(echo.target == target for echo in owed))
        ]
        self.body.addWidget(hint(words("form.feedback.owed", who=words("list").join(who))))
        self._result = lead.result_text if lead else ""
        each = [(str(echo.id), echo_name(seat, case, echo)) for echo in owed] if 1 < len(owed) <= MOST_EACH else []
        self.put_in("feedback", "form.feedback.to", Choice([("", words("form.feedback.all")), *each], columns=3))
        told = [("tell", words("form.feedback.tell")), ("waive", words("form.feedback.waive"))]
        self.put_in("way", "form.feedback.way", Choice(told))
        self.put_in("text", "field.text", TextField(words("field.reason.hint"), 3))
        self.text_field.setPlainText(self._result)
        rated = [("", words("form.feedback.unrated")), *((str(stars), str(stars)) for stars in range(1, 6))]
        self.put_in("satisfaction", "form.feedback.satisfaction", Choice(rated))
        self.refused_fields["waive_reason"] = self.text_field

    @property
    def text_field(self) -> TextField:
        """The text, or the reason why none is given."""
        field = self.named["text"]
        assert isinstance(field, TextField)
        return field

    @property
    def satisfaction(self) -> Choice:
        """How content they are."""
        field = self.named["satisfaction"]
        assert isinstance(field, Choice)
        return field

    def command(self) -> Command:
        """SendFeedback to all that are pending or to one; waived with the text as its reason."""
        text, meant = self.text("text"), self.text("feedback")
        one = UUID(meant) if meant else None
        if self.text("way") == "waive":
            if not text or text == self._result.strip():
                raise Refused("reason_needed", "text")
            return SendFeedback("", one, None, text)
        if not text:
            raise Refused("text_needed", "text")
        rated = self.satisfaction.value
        return SendFeedback(text, one, int(rated) if rated else None)

    def fill(self, filling: Filling) -> None:
        """The text, and the stars."""
        self.satisfaction.choose("" if filling.stars is None else str(filling.stars))
        super().fill(filling)

    def fields(self) -> Fields:
        """Everything chosen, and the text where it differs from what stood there."""
        found = super().fields()
        way = "" if found["way"] == "tell" else found["way"]
        return found | {"text": "" if found["text"] == self._result.strip() else found["text"], "way": way}

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        super().restore(fields)
        if not fields.get("text"):
            self.text_field.setPlainText(self._result)

    def sends(self) -> str:
        """Tell, or waive."""
        return self.seat.words("form.feedback.send" if self.text("way") == "tell" else "form.feedback.send_waive")

    def tell(self) -> None:
        """Who is asked how content he is only where somebody is told."""
        super().tell()
        to = self.named["feedback"]
        self.show_row(to, isinstance(to, Choice) and to.is_open)
        self.show_row(self.satisfaction, self.text("way") == "tell")

    def default_field(self) -> TextField:
        """The text."""
        return self.text_field


class MarkForm(FieldForm):
    """回音结果: what was sent was read, or did not arrive: then it is owed again."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The echoes that were sent."""
        super().__init__(seat, drafts, case, MarkFeedback)
        words = seat.words
        sent = [echo for echo in case.feedback if echo.state is FeedbackState.SENT]
        is_over = case.incident.state is State.ARCHIVED
        self.body.addWidget(hint(words("form.mark_feedback.hint.archived" if is_over else "form.mark_feedback.hint")))
        options = [(str(echo.id), self._named(echo)) for echo in sent]
        self.put_in("feedback", "form.feedback.to", Choice(options or [("", "-")], columns=1))
        self.put_in("state", "field.result", Choice([(state, words(f"echo.state.{state}")) for state in ("read", "failed")]))
        self.put_in("reason", "field.note", TextField(words("field.note.hint"), 2))

    def command(self) -> Command:
        """MarkFeedback."""
        return MarkFeedback(UUID(self.needed("feedback", "no_such_feedback")), self.text("state"), self.text("reason"))

    def fill(self, filling: Filling) -> None:
        """Read, or not arrived."""
        self.named["state"].choose(filling.kind)  # type: ignore[union-attr]
        super().fill(filling)

    def default_field(self) -> QWidget:
        """What became of it."""
        return self.named["state"]

    def _named(self, echo: Feedback) -> str:
        name = echo_name(self.seat, self.case, echo)
        return f"{name} {clock_text(echo.sent_at)}" if echo.sent_at is not None else name
