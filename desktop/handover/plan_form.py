"""The form of the shift that comes next, and of who leads the one in force: each refusal stands beside its field."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.handover.plan_times import written
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.refusal import Refused
from governance.shift_plans import LONGEST_NAME
from governance.shifts import Shift
from wire.shift_requests import PlansAre

FIELDS = ("name", "starts_at", "ends_at", "lead", "reason")
LEAD_FIELDS = ("new_lead", "lead_reason")


class PlanForm(QFrame):
    """Wishes: `plan_wanted`, `cancel_wanted`, `lead_wanted`, and `unit_wanted` with another unit."""

    plan_wanted = Signal()
    cancel_wanted = Signal()
    lead_wanted = Signal()
    unit_wanted = Signal(object)
    """UUID."""

    def __init__(self, seat: Seat, shift_name: Callable[[str], str]) -> None:
        """Nothing read yet; `shift_name` says a shift's name in the officer's language."""
        super().__init__()
        self._seat, self._shift_name = seat, shift_name
        self.plans: PlansAre | None = None
        self._filled: tuple[UUID, UUID | None] | None = None
        """The unit and the planned shift the fields were filled from: what is typed since is not written over."""
        self._refused: Refused | None = None
        self.is_sending = False
        self.setProperty("look", "form")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.state, self.current, self.said = QLabel(), QLabel(), QLabel(), QLabel()
        self.unit, self.lead, self.new_lead = QComboBox(), QComboBox(), QComboBox()
        self.name, self.starts_at, self.ends_at, self.reason, self.lead_reason = (QLineEdit() for _ in range(5))
        self.ends_current = QCheckBox()
        self.plan, self.cancel, self.change_lead = QPushButton(), QPushButton(), QPushButton()
        everything = ("unit", *FIELDS, *LEAD_FIELDS)
        self.labels, self.notes = {each: QLabel() for each in everything}, {each: QLabel() for each in everything}
        self.fields: dict[str, QWidget] = {each: getattr(self, each) for each in everything}
        self._lay_out()
        self.plan.clicked.connect(self.plan_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.change_lead.clicked.connect(self.lead_wanted)
        self.unit.activated.connect(lambda _at: self.unit_wanted.emit(self.unit.currentData()))

    def _lay_out(self) -> None:
        for label in (self.title, self.current):
            label.setProperty("look", "name")
        self.state.setProperty("look", "dim")
        for label in (self.state, self.current, self.said):
            label.setWordWrap(True)
        self.name.setMaxLength(LONGEST_NAME)
        for line in (self.reason, self.lead_reason):
            line.setMaxLength(500)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for number, each in enumerate(("unit", "name", "starts_at", "ends_at", "lead", "reason")):
            self._row(grid, number, each)
        grid.addWidget(self.ends_current, 14, 1)
        own = QGridLayout()
        own.setHorizontalSpacing(10)
        own.setVerticalSpacing(2)
        own.setColumnStretch(1, 1)
        for number, each in enumerate(LEAD_FIELDS):
            self._row(own, number, each)
        self.plan.setProperty("look", "go")
        for button in (self.plan, self.cancel, self.change_lead):
            button.setAutoDefault(False)
        buttons = QHBoxLayout()
        buttons.addWidget(self.plan, 1)
        buttons.addWidget(self.cancel)
        rule = QFrame()
        rule.setProperty("look", "rule")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        for part in (self.title, self.state):
            column.addWidget(part)
        column.addLayout(grid)
        column.addWidget(self.said)
        column.addLayout(buttons)
        column.addWidget(rule)
        column.addWidget(self.current)
        column.addLayout(own)
        column.addWidget(self.change_lead, 0, Qt.AlignmentFlag.AlignRight)
        column.addStretch(1)

    def _row(self, grid: QGridLayout, number: int, each: str) -> None:
        """A field with its name before it and what is wrong with it below."""
        self.labels[each].setProperty("look", "field")
        self.notes[each].setProperty("look", "refused")
        self.notes[each].setWordWrap(True)
        self.notes[each].hide()
        grid.addWidget(self.labels[each], 2 * number, 0)
        grid.addWidget(self.fields[each], 2 * number, 1)
        grid.addWidget(self.notes[each], 2 * number + 1, 1)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def show_plans(self, plans: PlansAre) -> None:
        """How the unit stands; fields that were filled from the same plan keep what is typed."""
        self.plans = plans
        coming = plans.standing.coming
        filled = (plans.unit, coming.id if coming else None)
        self._fill_choices(plans)
        if filled != self._filled:
            self._filled = filled
            self._fill(coming or plans.next, coming)
        self.retell()

    def _fill(self, shift: Shift, planned: Shift | None) -> None:
        """The fields as the planned shift has them, or as the next would."""
        standing = self.plans.standing if self.plans else None
        current = standing.current if standing else None
        starts = shift.starts_at
        if planned is None and current is not None and shift.starts_at < current.ends_at <= shift.ends_at:
            starts = current.ends_at
        self.name.setText(self._shift_name(shift.name))
        self.starts_at.setText(written(starts))
        self.ends_at.setText(written(shift.ends_at))
        self.lead.setCurrentIndex(max(self.lead.findData(shift.lead), 0))
        self.ends_current.setChecked(False)
        self.reason.clear()

    def _fill_choices(self, plans: PlansAre) -> None:
        words, chosen, new = self._seat.words, self.lead.currentData(), self.new_lead.currentData()
        self.unit.clear()
        for each in plans.units:
            self.unit.addItem(each.name, each.unit)
        self.unit.setCurrentIndex(max(self.unit.findData(plans.unit), 0))
        current = plans.standing.current
        self.lead.clear()
        self.lead.addItem(words("plan.lead.open"), None)
        self.new_lead.clear()
        self.new_lead.addItem(words("plan.lead.choose"), None)
        for each in plans.leads:
            said = f"{each.name}  {each.title}".strip()
            self.lead.addItem(said, each.staff)
            if current is None or each.staff != current.lead:
                self.new_lead.addItem(said, each.staff)
        self.lead.setCurrentIndex(max(self.lead.findData(chosen), 0))
        self.new_lead.setCurrentIndex(max(self.new_lead.findData(new), 0))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, plans = self._seat.words, self.plans
        self.title.setText(words("plan.title"))
        for each, label in self.labels.items():
            label.setText(words(f"plan.{each}"))
        for line in (self.starts_at, self.ends_at):
            line.setPlaceholderText(words("plan.time.hint"))
        self.reason.setPlaceholderText(words("plan.reason.hint"))
        self.lead_reason.setPlaceholderText(words("plan.lead_reason.hint"))
        self.ends_current.setText(words("plan.ends_current"))
        coming = plans.standing.coming if plans else None
        current = plans.standing.current if plans else None
        if plans is None:
            self.state.setText("" if self._refused else words("plan.loading"))
        elif coming is not None:
            times = f"{written(coming.starts_at)} - {written(coming.ends_at)}"
            lead = coming.lead_name or words("plan.lead.open")
            self.state.setText(words("plan.coming", name=self._shift_name(coming.name), times=times, lead=lead))
        else:
            self.state.setText(words("plan.none"))
        self.plan.setText(words("plan.sending" if self.is_sending else "plan.change" if coming else "plan.plan"))
        self.cancel.setText(words("plan.cancel"))
        self.change_lead.setText(words("plan.change_lead"))
        self.current.setText(
            words("plan.current", name=self._shift_name(current.name), lead=current.lead_name, until=written(current.ends_at))
            if current
            else words("plan.current.none")
            if plans is not None
            else ""
        )
        for field in self.fields.values():
            field.setEnabled(plans is not None or self._refused is None)
        for button in (self.plan, self.cancel, self.change_lead):
            button.setEnabled(plans is not None and not self.is_sending)
        self._show(coming is not None, current is not None, plans is not None and len(plans.units) > 1)
        self._say()

    def _show(self, is_planned: bool, is_current: bool, has_units: bool) -> None:
        for each in (self.unit, self.labels["unit"]):
            each.setVisible(has_units)
        for part in (self.cancel, self.reason, self.labels["reason"]):
            part.setVisible(is_planned)
        for part in (
            *(self.fields[each] for each in LEAD_FIELDS),
            *(self.labels[each] for each in LEAD_FIELDS),
            self.change_lead,
        ):
            part.setVisible(is_current)

    # ---- what was refused ------------------------------------------------------------------------------------------

    def sending(self, is_so: bool) -> None:
        """Whether something was sent that is not answered yet."""
        self.is_sending = is_so
        self._refused = None if is_so else self._refused
        self.retell()

    def refuse(self, refused: Refused) -> None:
        """Say why not, beside the field concerned, and put the cursor there."""
        self.is_sending, self._refused = False, refused
        self.retell()
        field = self.fields.get(refused.about)
        if field is not None and field.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget_typed(self) -> None:
        """What was typed is done: the fields follow the plan again."""
        self._filled, self._refused = None, None
        self.lead_reason.clear()
        self.new_lead.setCurrentIndex(0)
        self.said.clear()

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._refused = None
        self._say()
        _look(self.said, "live")
        self.said.setText(sentence)
        self.said.setVisible(True)

    def _say(self) -> None:
        about = self._refused.about if self._refused else ""
        sentence = refusal_sentence(self._seat.words, self._refused) if self._refused else ""
        for each, note in self.notes.items():
            is_here = each == about and bool(sentence)
            note.setText(sentence if is_here else "")
            note.setVisible(is_here)
            _flag(self.fields[each], is_here)
        elsewhere = bool(sentence) and about not in self.notes
        _look(self.said, "refused")
        self.said.setText(sentence if elsewhere else "")
        self.said.setVisible(elsewhere)


def _look(widget: QWidget, look: str) -> None:
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _flag(widget: QWidget, is_refused: bool) -> None:
    if bool(widget.property("refused")) != is_refused:
        widget.setProperty("refused", is_refused)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
