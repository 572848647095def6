"""A form of named fields: what is typed, kept and refused by the names of the command it makes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget

from desktop.dispatch.actions import key_of_command
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import CategoryField, Choice, WrappedLine, label, rows
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.seat import Seat
from governance.commands import WORD_OF
from governance.incident import Case
from governance.refusal import Refused

Field = Choice | QLineEdit | QPlainTextEdit | CategoryField


def text_of(field: Field) -> str:
    """What stands in a field."""
    if isinstance(field, Choice):
        return field.value
    return (field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()).strip()


def put(field: Field, text: str) -> None:
    """Put a text into a field, or choose a value."""
    if isinstance(field, Choice):
        field.choose(text)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    else:
        field.setText(text)


class FieldForm(Form):
    """A form of one kind of command about one case. A kind of form puts its fields in and makes the command of them."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kind: type) -> None:
        """No fields yet."""
        word = WORD_OF[kind]
        super().__init__(seat, drafts, f"{word} {case.incident.id}", case.incident.id)
        self.case, self.word = case, word
        self.named: dict[str, Field] = {}
        self._defaults: Fields = {}
        self._is_begun = False
        self.form_rows = rows()
        self.title.setText(f"{seat.words(f'form.{word}')}  {key_of_command(kind)}".rstrip())

    def begin(self) -> None:
        """Restore the draft if there is one, and take the focus; what stands in the fields now is no draft."""
        self._is_begun, self._defaults = True, self.fields()
        super().begin()

    def changed(self) -> None:
        """A field changed; what is put in while the form is built is no change."""
        if self._is_begun:
            super().changed()

    def put_in(self, name: str, said: str, field: Field) -> None:
        """Put a field in under the name the command has for it; a hint about it stands in `say_of`."""
        self.named[name] = field
        self.refused_fields[name] = field
        self.form_rows.addRow(label(self.seat.words(said)), field)
        if self.form_rows.parent() is None:
            self.body.addLayout(self.form_rows)
        (field.changed if isinstance(field, Choice) else field.textChanged).connect(self.changed)

    def put_line(self, look: str = "dim") -> QLabel:
        """A line that says something about the field above it."""
        line = WrappedLine(look)
        self.form_rows.addRow(label(""), line)
        return line

    def text(self, name: str) -> str:
        """What stands in a field."""
        return text_of(self.named[name])

    def needed(self, name: str, code: str) -> str:
        """What stands in a field; Refused with a code where nothing does."""
        text = self.text(name)
        if not text:
            raise Refused(code, name)
        return text

    def show_row(self, field: QWidget, is_shown: bool) -> None:
        """Show a field with its label, or neither."""
        self.form_rows.setRowVisible(field, is_shown)

    # ---- what every form says --------------------------------------------------------------------------------------

    def fields(self) -> Fields:
        """Everything typed and chosen, by name."""
        return {name: text_of(field) for name, field in self.named.items()}

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        for name, field in self.named.items():
            if name in fields:
                put(field, str(fields[name]))

    def keep(self) -> None:
        """Keep a draft only of what differs from what stood there."""
        if self.fields() == self._defaults:
            self._pause.stop()
            self.drafts.drop(self.draft)
        else:
            super().keep()

    def fill(self, filling: Filling) -> None:
        """Choose and write what a line of the command line said."""
        chosen = {
            "kind": filling.kind,
            "target": filling.target,
            "reason_code": filling.code,
            "grade": "" if filling.grade is None else str(int(filling.grade)),
            "severity": "" if filling.severity is None else str(int(filling.severity)),
        }
        for name, value in chosen.items():
            if value and name in self.named:
                put(self.named[name], value)
        category = self.named.get("category")
        if filling.category and isinstance(category, CategoryField):
            category.choose(filling.category)
        super().fill(filling)
        self.changed()

    def sends(self) -> str:
        """What the button says it does."""
        return self.seat.words(f"form.{self.word}.send")

    def tell(self) -> None:
        """Say what the button does."""
        self.send_button.setText(self.seat.words("form.send", what=self.sends()))

    def default_field(self) -> QWidget | None:
        """The first field that has nothing in it, else the first."""
        shown = [field for field in self.named.values() if field.isVisibleTo(self)]
        return next((field for field in shown if not text_of(field)), shown[0] if shown else None)
