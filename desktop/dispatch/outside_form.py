"""O and F: other services told, what is not ours given to them, and the reports to those above."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLineEdit

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.emergency_text import emergency_text
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.moments import clock_before
from desktop.dispatch.outside_told import TARGETS, outside_line, usual_targets
from desktop.dispatch.probing import reports_due
from desktop.phrases import SHANGHAI, UTC
from desktop.seat import Seat
from governance.commands import Command, EmergencyReport, NotifyOut, TransferOut
from governance.incident import Case
from governance.refusal import Refused
from governance.watching import REPORT_KINDS, kind_due

EMERGENCY_SERVICES = ("110", "119", "120", "122")


def target_options(seat: Seat, targets: tuple[str, ...]) -> list[tuple[str, str]]:
    """Services as one chooses among them."""
    return [(target, seat.words(f"target.{target}")) for target in targets]


class NotifyForm(FieldForm):
    """联动通报: who outside was told, who took the call, when, and the receipt; our own handling goes on."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The services, those first that are usually told of such a matter and were not yet."""
        super().__init__(seat, drafts, case, NotifyOut)
        words = seat.words
        self.body.addWidget(hint(outside_line(seat, case) or words("outside.none")))
        first = usual_targets(seat, case, is_told=False)
        ordered = (*first, *(target for target in TARGETS if target not in first))
        self.put_in("target", "field.target", Choice(target_options(seat, ordered), columns=3))
        self.put_in("person", "field.person", QLineEdit())
        self.put_in("receipt", "field.receipt", QLineEdit())
        self.put_in("told_at", "field.told_at", QLineEdit())
        self.put_in("note", "field.note", TextField(words("field.note.hint"), 2))
        self.refused_fields["text"] = self.named["note"]
        for name in ("person", "receipt", "told_at"):
            self.named[name].setPlaceholderText(words(f"field.{name}.hint"))  # type: ignore[union-attr]

    def command(self) -> Command:
        """NotifyOut; Refused where neither a name nor a receipt is given, or the time is none."""
        person, receipt = self.text("person"), self.text("receipt")
        if not (person or receipt):
            raise Refused("person_needed", "person")
        return NotifyOut(self.text("target"), person, receipt, self.text("note"), self._told_at())

    def sends(self) -> str:
        """Whom."""
        return self.seat.words("form.notify_out.send", target=self.seat.words(f"target.{self.text('target')}"))

    def default_field(self) -> Choice | QLineEdit:
        """Who took the call; the service that comes first is chosen already."""
        field = self.named["person"]
        assert isinstance(field, QLineEdit)
        return field

    def _told_at(self) -> datetime | None:
        typed = self.text("told_at")
        if not typed:
            return None
        found = clock_before(typed, self.seat.now().astimezone(SHANGHAI))
        if found is None:
            raise Refused("bad_time", "told_at")
        return found.astimezone(UTC)


class TransferForm(FieldForm):
    """移交: what is not ours at all goes to 110, 119, 120, 122 or another platform, with its receipt."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The services, and a line for another platform."""
        super().__init__(seat, drafts, case, TransferOut)
        words = seat.words
        self.body.addWidget(hint(words("form.transfer_out.hint")))
        category = seat.situation.rules.categories.get(case.incident.category)
        first = tuple(target for target in (category.outside if category else ()) if target in EMERGENCY_SERVICES)
        ordered = (*first, *(target for target in EMERGENCY_SERVICES if target not in first))
        options = [*target_options(seat, ordered), ("", words("form.transfer_out.other"))]
        self.put_in("target", "field.target", Choice(options, columns=3))
        self.put_in("other", "form.transfer_out.other", QLineEdit())
        self.put_in("receipt", "field.receipt", QLineEdit())
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))
        self.named["receipt"].setPlaceholderText(words("form.transfer_out.receipt"))  # type: ignore[union-attr]

    def command(self) -> Command:
        """TransferOut; Refused where no platform or no receipt is named."""
        target = self.text("target") or self.text("other")
        if not target:
            raise Refused("target_needed", "other")
        receipt = self.needed("receipt", "receipt_needed")
        return TransferOut(target, self.needed("reason", "reason_needed"), receipt)

    def sends(self) -> str:
        """To whom."""
        target = self.text("target")
        name = (
            self.seat.words(f"target.{target}") if target else self.text("other") or self.seat.words("form.transfer_out.other")
        )
        return self.seat.words("form.transfer_out.send", target=name)

    def tell(self) -> None:
        """Show the line for another platform only where that is chosen."""
        super().tell()
        self.show_row(self.named["other"], not self.text("target"))


class EmergencyForm(FieldForm):
    """首报, 书面, 续报, 终报: prefilled from the incident; only what is due in its turn."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The kinds that may be reported now, and the text of the first of them."""
        super().__init__(seat, drafts, case, EmergencyReport)
        words = seat.words
        legal = [kind for kind, no in reports_due(seat, case).items() if no is None] or list(REPORT_KINDS)
        choice = Choice([(kind, words(f"emergency.{kind}")) for kind in legal], columns=3)
        choice.choose(kind_due(case) if kind_due(case) in legal else legal[0])
        self.put_in("kind", "field.kind", choice)
        self.put_in("text", "field.text", TextField("", 7))
        self._written = ""
        """The text as it was prefilled: what differs from it was typed, and stays."""
        self._prefill()

    def command(self) -> Command:
        """EmergencyReport."""
        return EmergencyReport(self.text("kind"), self.needed("text", "text_needed"))

    def restore(self, fields: Fields) -> None:
        """Put a draft back; what was not typed is written anew, as things stand now."""
        super().restore(fields)
        if not fields.get("text"):
            self._prefill()

    def fields(self) -> Fields:
        """The kind, and the text where it differs from what was prefilled."""
        found = super().fields()
        return found | {"text": "" if found["text"] == self._written.strip() else found["text"]}

    def changed(self) -> None:
        """Another kind is chosen: another text, unless something was typed."""
        super().changed()
        if self._is_begun and self.text("text") in (self._written.strip(), ""):
            self._prefill()

    def sends(self) -> str:
        """The kind."""
        return self.seat.words("form.emergency_report.send", kind=self.seat.words(f"emergency.{self.text('kind')}"))

    def _prefill(self) -> None:
        text = emergency_text(self.seat, self.case, self.text("kind"))
        if text != self._written:
            self._written = text
            self.named["text"].setPlainText(text)  # type: ignore[union-attr]
