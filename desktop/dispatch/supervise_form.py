"""S and X: an order to look after it, or a graver one; how grave it is."""

from __future__ import annotations

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.probing import grades, severities
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.attempt import open_supervision
from governance.commands import Command, SetSeverity, Supervise
from governance.guards import GRAVE
from governance.incident import Case, Severity, SupervisionGrade


class SuperviseForm(FieldForm):
    """督办: only the grades above the one that stands."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The grades that may be ordered, and why."""
        super().__init__(seat, drafts, case, Supervise)
        words, order = seat.words, open_supervision(case)
        legal = [grade for grade, no in grades(seat, case).items() if no is None] or list(SupervisionGrade)
        if order is not None:
            stands = words(
                "form.supervise.stands",
                grade=words(f"grade.{int(order.grade)}"),
                who=order.issued_by if order.issued_by_staff else words("actor.timer"),
            )
            self.body.addWidget(hint(stands))
        self.put_in("grade", "field.grade", Choice([(str(int(grade)), words(f"grade.{int(grade)}")) for grade in legal]))
        self.due = self.put_line()
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))

    def command(self) -> Command:
        """Supervise with its reason."""
        return Supervise(SupervisionGrade(int(self.text("grade"))), self.needed("reason", "reason_needed"))

    def sends(self) -> str:
        """The grade."""
        return self.seat.words("form.supervise.send", grade=self.seat.words(f"grade.{self.text('grade')}"))

    def tell(self) -> None:
        """Say by when it is to be answered."""
        super().tell()
        hours = self.seat.situation.rules.supervision_hours[int(self.text("grade"))]
        self.due.setText(self.seat.words("form.supervise.due", hours=f"{hours:g}"))


class SeverityForm(FieldForm):
    """定级: what the post may set, and what follows from it."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The severities that may be set, and why."""
        super().__init__(seat, drafts, case, SetSeverity)
        words, found = seat.words, severities(seat, case)
        legal = [severity for severity, no in found.items() if no is None] or list(Severity)
        now = words(f"severity.{int(case.incident.severity)}")
        self.body.addWidget(hint(words("form.set_severity.stands", severity=now)))
        gravest = [severity for severity in Severity if severity in legal and severity] + [each for each in legal if not each]
        options = [(str(int(severity)), words(f"severity.{int(severity)}")) for severity in gravest]
        self.put_in("severity", "field.severity", Choice(options, columns=3))
        self.follows = self.put_line("warn")
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))
        no = next((no for no in found.values() if no is not None and no.code == "shift_lead_needed"), None)
        if no is not None:
            self.body.addWidget(hint(refusal_sentence(words, no)))

    def command(self) -> Command:
        """SetSeverity with its reason."""
        return SetSeverity(Severity(int(self.text("severity"))), self.needed("reason", "reason_needed"))

    def sends(self) -> str:
        """The severity."""
        return self.seat.words("form.set_severity.send", severity=self.seat.words(f"severity.{self.text('severity')}"))

    def tell(self) -> None:
        """Say what an emergency brings with it."""
        super().tell()
        is_grave = Severity(int(self.text("severity"))) in GRAVE
        self.follows.setText(self.seat.words("form.set_severity.grave"))
        self.show_row(self.follows, is_grave)
