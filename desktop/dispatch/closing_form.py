"""C: asking for a check, checking; and the other steps that need no words."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from desktop.dispatch.actions import key_of_command
from desktop.dispatch.case_view import handler
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import Choice, TextField, TickBox, label, rows
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.seat import Seat
from governance.commands import WORD_OF, Accept, Acknowledge, CheckFail, CheckPass, Command, SendCheck
from governance.incident import Case
from governance.refusal import Refused

STEPS = (SendCheck, Acknowledge, Accept)


def hint(text: str) -> QLabel:
    """A dim line above the fields."""
    made = QLabel(text)
    made.setProperty("look", "dim")
    made.setWordWrap(True)
    return made


class StepForm(Form):
    """A step without fields: 发起核查, 签收, 接单."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kind: type) -> None:
        """A hint and a button, for one kind of STEPS."""
        name = WORD_OF[kind]
        super().__init__(seat, drafts, f"{name} {case.incident.id}", case.incident.id)
        words, lead = seat.words, handler(case)
        self._kind = kind
        result = lead.result_text if lead else ""
        self.body.addWidget(hint(words(f"form.{name}.hint", worker=lead.worker_name if lead else "", result=result)))
        self.title.setText(f"{words(f'form.{name}')}  {key_of_command(kind)}")
        self.send_button.setText(words("form.send", what=words(f"form.{name}.send")))

    def command(self) -> Command:
        """The step."""
        made: Command = self._kind()
        return made


class CheckForm(Form):
    """核查: passed and closed, or back for rework."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kinds: tuple[type, ...] = (CheckPass, CheckFail)) -> None:
        """Pass is chosen; failing needs a reason, and stands there only where it is allowed (no second signature fails)."""
        super().__init__(seat, drafts, f"check {case.incident.id}", case.incident.id)
        words, lead = seat.words, handler(case)
        result = lead.result_text if lead else ""
        said = words("form.send_check.hint", worker=lead.worker_name if lead else "", result=result)
        offered = [("pass", words("form.check.pass"))] if CheckPass in kinds else []
        self.result = Choice([*offered, *([("fail", words("form.check.fail"))] if CheckFail in kinds else [])])
        self.condition = TickBox(seat, words("form.check.condition"))
        self.note = TextField(words("field.reason.hint"), 2)
        self.refused_fields = {"reason": self.note, "note": self.note, "condition_met": self.condition}
        self.body.addWidget(hint(said))
        self._rows = rows()
        self._rows.addRow(label(words("field.result")), self.result)
        self._rows.addRow(label(""), self.condition)
        self._rows.addRow(label(words("field.note")), self.note)
        self.body.addLayout(self._rows)
        self.condition.installEventFilter(self.result)  # left and right choose from there too
        self.result.changed.connect(self.changed)
        self.condition.toggled.connect(self.changed)
        self.note.textChanged.connect(self.changed)

    def command(self) -> Command:
        """CheckPass of what was ticked, or CheckFail with its reason."""
        note = self.note.toPlainText().strip()
        if self.result.value == "pass":
            if not self.condition.isChecked():
                raise Refused("condition_not_met", "condition_met")
            return CheckPass(note, condition_met=True)
        if not note:
            raise Refused("reason_needed", "reason")
        return CheckFail(note)

    def fill(self, filling: Filling) -> None:
        """Passed or failed, and the note."""
        self.result.choose({"check_pass": "pass", "check_fail": "fail"}.get(filling.action, ""))
        super().fill(filling)
        self.changed()

    def fields(self) -> Fields:
        """The note and the result; a plain pass leaves no draft."""
        return {"note": self.note.toPlainText(), "result": "" if self.result.value == "pass" else "fail"}

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        self.note.setPlainText(str(fields.get("note", "")))
        self.result.choose(str(fields.get("result", "") or "pass"))

    def default_field(self) -> QWidget:
        """What has to be ticked before it may pass: nobody ticks it but the officer."""
        return self.condition if self.result.value == "pass" else self.note

    def tell(self) -> None:
        """Say what the button does."""
        words, passing = self.seat.words, self.result.value == "pass"
        self.title.setText(f"{words('form.check')}  C")
        self._rows.setRowVisible(self.result, self.result.is_open)
        self._rows.setRowVisible(self.condition, passing)
        self.note.setPlaceholderText(words("field.note.hint" if passing else "field.reason.hint"))
        is_ready = self.condition.isChecked() or not passing
        what = words("form.send", what=words("form.check.pass" if passing else "form.check.fail"))
        self.send_button.setText(what if is_ready else words("form.check.tick"))
        self.send_button.setEnabled(is_ready and self.order_id is None)
