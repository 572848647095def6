"""S and E: whoever has to act is urged; the leader on duty is told of what cannot be raised further, and answers."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.emergency_text import emergency_text
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import TextField
from desktop.phrases import moment_text
from desktop.seat import Seat
from governance.commands import AnswerReport, Command, ReportLeader, Urge
from governance.incident import Case
from governance.urging import must_act, unanswered_report


def urged_name(seat: Seat, case: Case) -> str:
    """Who would be urged: a person by name, else the unit whose queue it is in."""
    whom, unit = must_act(case), seat.situation.units.get(case.incident.queue_unit) if case.incident.queue_unit else None
    if whom.is_queue:
        return unit.name if unit is not None else seat.words(f"urged.{whom.to}")
    return whom.name or seat.words(f"urged.{whom.to}")


class UrgeForm(FieldForm):
    """催办: who is urged, and a word that goes with it."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """Who has to act now; nothing need be typed."""
        super().__init__(seat, drafts, case, Urge)
        self.whom = urged_name(seat, case)
        self.body.addWidget(hint(seat.words("form.urge.whom", whom=self.whom)))
        self.put_in("text", "field.note", TextField(seat.words("form.urge.text"), 2))

    def command(self) -> Command:
        """Urge."""
        return Urge(self.text("text"))

    def sends(self) -> str:
        """Whom."""
        return self.seat.words("form.urge.send", whom=self.whom)


class ReportLeaderForm(FieldForm):
    """报告带班领导: prefilled from the incident; who took the call, where no leader is at his desk."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """How things stand, as it will be told."""
        super().__init__(seat, drafts, case, ReportLeader)
        words = seat.words
        self.body.addWidget(hint(words("form.report_leader.hint")))
        self.put_in("text", "field.text", TextField("", 5))
        self.put_in("person", "field.leader_person", QLineEdit())
        self.put_in("receipt", "field.receipt", QLineEdit())
        self.named["person"].setPlaceholderText(words("field.leader_person.hint"))  # type: ignore[union-attr]
        self.named["receipt"].setPlaceholderText(words("field.receipt.hint"))  # type: ignore[union-attr]
        self._written = emergency_text(seat, case, "leader")
        self.named["text"].setPlainText(self._written)  # type: ignore[union-attr]

    def command(self) -> Command:
        """ReportLeader; Refused without words."""
        return ReportLeader(self.needed("text", "text_needed"), self.text("person"), self.text("receipt"))

    def restore(self, fields: Fields) -> None:
        """Put a draft back; what was not typed stands as things are now."""
        super().restore({name: value for name, value in fields.items() if value})

    def fields(self) -> Fields:
        """What was typed: the text only where it differs from what was prefilled."""
        found = super().fields()
        return found | {"text": "" if found["text"] == self._written.strip() else found["text"]}

    def default_field(self) -> TextField:
        """The text, which is read before it is sent."""
        field = self.named["text"]
        assert isinstance(field, TextField)
        return field


class AnswerReportForm(FieldForm):
    """领导批示: the report, and what is to be done; empty: seen."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The report that waits."""
        super().__init__(seat, drafts, case, AnswerReport)
        told = unanswered_report(case)
        if told is not None:
            said = {"who": told.actor_name, "at": moment_text(told.at, seat.now()), "text": told.detail.get("text", "")}
            self.body.addWidget(hint(seat.words("form.answer_report.hint", **said)))
        self.put_in("text", "field.text", TextField(seat.words("form.answer_report.text"), 3))

    def command(self) -> Command:
        """AnswerReport."""
        return AnswerReport(self.text("text"))
