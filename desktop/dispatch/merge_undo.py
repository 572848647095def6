"""Undoing a merge: the line on the card with the time that is left, and the form that asks for the reason."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import Choice
from desktop.dispatch.form import Form
from desktop.dispatch.merge_rows import why_not_undone
from desktop.phrases import countdown, moment_text
from desktop.seat import Seat
from governance.commands import Command, Source, Unmerge
from governance.incident import Case, State
from governance.refusal import Refused


def merged_together(seat: Seat, case: Case) -> tuple[Case, ...]:
    """What the same order merged as an incident that was merged, itself first; of a master what was merged into it last.

    Only what this officer can give back now: nothing where it is not all of it.
    """
    is_source = case.incident.state is State.MERGED
    master = case.incident.merged_into if is_source else case.incident.id
    into = [each for each in seat.situation.cases.values() if master is not None and each.incident.merged_into == master]
    if not is_source:
        into = [each for each in into if why_not_undone(seat, each) is None]
        last = max((at for each in into if (at := each.incident.merged_at)), default=None)
        return tuple(each for each in into if each.incident.merged_at == last)
    act = (case.incident.merged_at, case.incident.merged_by)
    others = [each for each in into if (each.incident.merged_at, each.incident.merged_by) == act and each is not case]
    return tuple(each for each in (case, *others) if why_not_undone(seat, each) is None)


class MergeUndo(QFrame):
    """When something was merged, by whom, and how long it can be taken back. Wishes: `wanted` to undo, `chosen` to look."""

    wanted = Signal()
    chosen = Signal(object)
    """UUID of the master."""

    def __init__(self, seat: Seat) -> None:
        """Nothing to say."""
        super().__init__()
        self._seat = seat
        self._case: Case | None = None
        self.said, self.go, self.back = QLabel(), QPushButton(), QPushButton()
        self.said.setProperty("look", "warn")
        self.said.setWordWrap(True)
        for button in (self.go, self.back):
            button.setProperty("look", "small")
        self.go.clicked.connect(self._look)
        self.back.clicked.connect(self.wanted)
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 4, 16, 4)
        line.setSpacing(8)
        line.addWidget(self.said, 1)
        line.addWidget(self.go)
        line.addWidget(self.back)
        self._second = QTimer(self)
        self._second.timeout.connect(self.count_down)
        self._second.start(1000)
        self.hide()

    def show_case(self, case: Case | None) -> None:
        """Say what was merged of a case, and whether it can be undone."""
        self._case = case
        self.count_down()

    def count_down(self) -> None:
        """Say it again: once a second, while time is left."""
        case, seat, words = self._case, self._seat, self._seat.words
        undone = merged_together(seat, case) if case is not None else ()
        is_merged = case is not None and case.incident.state is State.MERGED
        self.setVisible(bool(undone) or is_merged)
        if case is None or self.isHidden():
            return
        about = undone[0] if undone else case
        at = about.incident.merged_at or seat.now()
        left = at + timedelta(minutes=seat.situation.rules.undo_merge_minutes) - seat.now()
        has_time = bool(undone) and about.incident.merged_by == seat.officer.staff and left > timedelta(0)
        details: dict[str, object] = {
            "time": moment_text(at, seat.now()),
            "count": len(undone),
            "number": self._master_number(case),
            "who": self._who(about),
            "clock": countdown(max(left.total_seconds(), 0.0)),
        }
        if is_merged:
            key = "undo.source.left" if has_time else "undo.merged" if details["who"] else "undo.merged.nobody"
        else:
            key = "undo.left" if has_time else "undo.took"
        self.said.setText(words(key, **details))
        self.back.setText(words("undo.take_back"))
        self.back.setToolTip(words("tip.key", what=words("undo.take_back"), key="M"))
        self.back.setVisible(bool(undone))
        self.go.setText(words("undo.go"))
        self.go.setVisible(is_merged and case.incident.merged_into in seat.situation.cases)

    def _master_number(self, case: Case) -> str:
        into = case.incident.merged_into
        master = self._seat.situation.cases.get(into) if into is not None else None
        if master is not None:
            return master.incident.number
        return next((step.detail.get("number", "") for step in reversed(case.steps) if step.row == "E51"), "")

    @staticmethod
    def _who(case: Case) -> str:
        return next((step.actor_name for step in reversed(case.steps) if step.row == "E51"), "")

    def _look(self) -> None:
        if self._case is not None:
            self.chosen.emit(self._case.incident.merged_into)


class UnmergeForm(Form):
    """取消合并: of one incident, or of all that one order merged; one order, whole or not at all."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """What would be given back now, and an empty reason."""
        super().__init__(seat, drafts, f"unmerge {case.incident.id}", case.incident.id)
        words = seat.words
        self._together = [each.incident.id for each in merged_together(seat, case)] or [case.incident.id]
        self.extent: Choice | None = None
        if case.incident.state is State.MERGED and len(self._together) > 1:
            count = len(self._together)
            self.extent = Choice([("one", words("undo.one")), ("all", words("undo.all", count=count))])
            self.extent.changed.connect(self.changed)
            self.body.addWidget(self.extent)
        self.hint, self.reason = QLabel(), QLineEdit()
        self.hint.setProperty("look", "dim")
        self.hint.setWordWrap(True)
        self.reason.setPlaceholderText(words("field.reason.hint"))
        self.refused_fields = {"reason": self.reason, "sources": self.hint}
        self.body.addWidget(self.hint)
        self.body.addWidget(self.reason)
        self.reason.textChanged.connect(self.changed)

    @property
    def sources(self) -> list[UUID]:
        """What comes back, the one the order is about first."""
        return self._together[:1] if self.extent is not None and self.extent.value == "one" else self._together

    def command(self) -> Command:
        """Unmerge with its reason, and with the others of the same merge."""
        reason = self.reason.text().strip()
        if not reason:
            raise Refused("reason_needed", "reason")
        cases = self.seat.situation.cases
        self.incident, *others = self.sources
        return Unmerge(reason, tuple(Source(each, cases[each].incident.version) for each in others if each in cases))

    def fields(self) -> Fields:
        """The reason."""
        return {"reason": self.reason.text()}

    def restore(self, fields: Fields) -> None:
        """Put the reason back."""
        self.reason.setText(str(fields.get("reason", "")))

    def default_field(self) -> QWidget:
        """The reason."""
        return self.reason

    def tell(self) -> None:
        """What comes back."""
        words, cases = self.seat.words, self.seat.situation.cases
        count = len(self.sources)
        self.title.setText(f"{words('undo.form')}  M")
        source = cases.get(self.sources[0])
        moved = self._reports_of(source) if source is not None else 0
        number = source.incident.number if source is not None else ""
        self.hint.setText(words("undo.hint.many" if count > 1 else "undo.hint", count=count, number=number, reports=moved))
        what = words("undo.send.many" if count > 1 else "undo.send", count=count)
        self.send_button.setText(words("form.send", what=what))

    def _reports_of(self, source: Case) -> int:
        """How many of the master's reports came with an incident."""
        into = source.incident.merged_into
        master = self.seat.situation.cases.get(into) if into is not None else None
        return sum(report.origin == source.incident.id for report in master.reports) if master is not None else 0
