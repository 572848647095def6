"""Filing a report, defaults filled, or rejecting it with a reason."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from desktop.dispatch.category_clues import Suggestion, suggestion
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import CategoryField, Choice, WrappedLine, label, rows
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.probing import refused
from desktop.phrases import category_name, refusal_sentence, title_of
from desktop.seat import Seat
from governance.commands import Command, File, Reject
from governance.incident import Case, Urgency
from governance.refusal import Refused

REJECT_CODES = ("not_ours", "untrue", "no_place", "repeat", "other")


class TriageForm(Form):
    """F: 受理/立案, or 不予受理."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kinds: tuple[type, ...] = (File, Reject)) -> None:
        """The report's own category, urgency and title as defaults; of filing and rejecting only what is allowed."""
        super().__init__(seat, drafts, f"file {case.incident.id}", case.incident.id)
        words, incident = seat.words, case.incident
        offered = [("file", words("form.file.send"))] if File in kinds else []
        self.choice = Choice([*offered, *([("reject", words("form.file.reject"))] if Reject in kinds else [])])
        self.category = CategoryField(seat)
        self.suggested = None if incident.category else self._suggestion(case)
        self.category.choose(self.suggested.code if self.suggested else incident.category)
        self.suggestion = WrappedLine("warn")
        self.urgency = Choice([(str(int(urgency)), words(f"urgency.{int(urgency)}")) for urgency in Urgency])
        self.urgency.choose(str(int(incident.urgency)))
        self.heading, self.reason, self.code = QLineEdit(), QLineEdit(), QComboBox()
        self.heading.setText(title_of(words, seat.situation.rules, case))
        self.heading.setCursorPosition(0)
        self.reason.setPlaceholderText(words("field.reason.hint"))
        for code in REJECT_CODES:
            self.code.addItem(words(f"reject.{code}"), code)
        self.told_first = ""
        """Who outside is to be told before it can be filed."""
        self._defaults = self.fields()
        self.refused_fields = {
            "category": self.category,
            "reason": self.reason,
            "reason_code": self.code,
            "title": self.heading,
        }
        self._rows = rows()
        self._rows.addRow(label(words("form.file.choice")), self.choice)
        self._rows.addRow(label(words("field.category")), self.category)
        self._rows.addRow(label(""), self.suggestion)
        self._rows.addRow(label(words("field.urgency")), self.urgency)
        self._rows.addRow(label(words("field.title")), self.heading)
        self._rows.addRow(label(words("field.reject_code")), self.code)
        self.first = WrappedLine("warn")
        self._rows.addRow(label(""), self.first)
        self._rows.addRow(label(words("field.reason")), self.reason)
        self.body.addLayout(self._rows)
        for signal in (self.choice.changed, self.urgency.changed, self.category.textChanged, self.heading.textChanged):
            signal.connect(self.changed)
        self.reason.textChanged.connect(self.changed)
        self.code.currentIndexChanged.connect(self.changed)

    @property
    def is_rejecting(self) -> bool:
        """Whether the report is to be rejected."""
        return self.choice.value == "reject"

    def command(self) -> Command:
        """File, or Reject with a reason."""
        reason = self.reason.text().strip()
        if self.is_rejecting:
            if not reason:
                raise Refused("reason_needed", "reason")
            return Reject(str(self.code.currentData()), reason)
        if not self.category.code:
            raise Refused("category_unknown", "category", category=self.category.text().strip())
        return File(self.category.code, Urgency(int(self.urgency.value)), self.heading.text().strip(), reason=reason)

    def fields(self) -> Fields:
        """Everything typed."""
        return {
            "choice": self.choice.value,
            "category": self.category.text(),
            "urgency": self.urgency.value,
            "title": self.heading.text(),
            "code": str(self.code.currentData()),
            "reason": self.reason.text(),
        }

    def restore(self, fields: Fields) -> None:
        """Put a draft back."""
        self.choice.choose(str(fields.get("choice", "file")))
        self.category.setText(str(fields.get("category", "")))
        self.urgency.choose(str(fields.get("urgency", "0")))
        self.heading.setText(str(fields.get("title", "")))
        self.code.setCurrentIndex(max(0, self.code.findData(str(fields.get("code", "")))))
        self.reason.setText(str(fields.get("reason", "")))

    def fill(self, filling: Filling) -> None:
        """Choose between filing and rejecting, then the category, the reason and its code."""
        self.choice.choose(filling.action)
        self.category.choose(filling.category or self.category.code)
        self.code.setCurrentIndex(max(0, self.code.findData(filling.code)) if filling.code else self.code.currentIndex())
        super().fill(filling)
        self.changed()

    def choose_way(self, word: str) -> None:
        """Choose between filing and rejecting, where the key offers both above the form."""
        self.choice.choose(word)
        self.changed()

    def send(self) -> None:
        """File or reject it; where others are to be told first, their form comes, and this one after it."""
        if self.told_first and self.order_id is None:
            self.first_wanted.emit(Filling("notify_out", self.incident, target=self.told_first))
        else:
            super().send()

    def keep(self) -> None:
        """Keep a draft only of what differs from the defaults."""
        if self.fields() == self._defaults:
            self._pause.stop()
            self.drafts.drop(self.draft)
        else:
            super().keep()

    def default_field(self) -> QWidget:
        """The category, where the report named none; else the decision. Ctrl+Enter files it as it stands."""
        if self.is_rejecting and not self.choice.is_open:
            return self.reason
        if self.suggested or not self.category.code:
            return self.category
        return self.ways_choice or (self.choice if self.choice.is_open else self.category)

    def tell(self) -> None:
        """Show the fields of the choice and say what the button does."""
        words, rejecting = self.seat.words, self.is_rejecting
        self.title.setText(f"{words('form.file')}  F")
        what = words("form.file.reject") if rejecting else words("form.file.send")
        self.send_button.setText(words("form.send", what=what))
        self._rows.setRowVisible(self.choice, self.choice.is_open and self.ways_choice is None)
        if self.ways_choice is not None:
            self.ways_choice.choose(self.choice.value)
        filing: tuple[QWidget, ...] = (self.category, self.urgency, self.heading)
        refusing: tuple[QWidget, ...] = (self.code, self.reason)
        for field in (*filing, *refusing):
            self._rows.setRowVisible(field, rejecting == (field in refusing))
        self._tell_first()
        self._tell_suggestion()
        if self.told_first:
            to = words(f"target.{self.told_first}")
            self.send_button.setText(words("form.send", what=words("form.file.first", to=to)))

    def _tell_first(self) -> None:
        """Say before it is sent what the rules ask for first: a look, or that others are told; a reason where one will do."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        no = None
        if case is not None and self.category.code and not self.is_rejecting:
            no = refused(self.seat, case, File(self.category.code, Urgency(int(self.urgency.value))))
        asks_reason = no is not None and no.about == "reason"
        is_first = asks_reason or (no is not None and no.code == "outside_first")
        self.told_first = str(no.details["to"]).split("、")[0] if no is not None and no.code == "outside_first" else ""
        self.first.setText(refusal_sentence(self.seat.words, no) if no is not None and is_first else "")
        self._rows.setRowVisible(self.first, is_first)
        self._rows.setRowVisible(self.reason, self.is_rejecting or asks_reason or bool(self.reason.text().strip()))

    def _tell_suggestion(self) -> None:
        """Say that the category stands there because of a word, until another is chosen."""
        words, found = self.seat.words, self.suggested
        stands = found is not None and self.category.code == found.code and not self.is_rejecting
        self._rows.setRowVisible(self.suggestion, stands)
        if found is not None:
            kind = category_name(words, self.seat.situation.rules, found.code)
            self.suggestion.setText(words("form.file.suggested", kind=kind, word=found.word))

    def _suggestion(self, case: Case) -> Suggestion | None:
        rules, own = self.seat.situation.rules, f"{case.incident.title}\n{case.incident.text}"
        return suggestion(rules, own) or suggestion(rules, "\n".join(report.text for report in case.reports))
