"""The head of the card: number, urgency, time left; title, category, place, what was said."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.dispatch.case_view import due_stage, is_due, left_said, remaining_s, running, severity_mark, warning_said
from desktop.dispatch.fields import WrappedLine
from desktop.dispatch.step_list import NO_BREAK
from desktop.phrases import ago, category_path, countdown, level_word, moment_text, span, time_left, title_of
from desktop.seat import Seat
from desktop.style.drawn_icon import drawing
from desktop.style.marks import Mark, draw_mark
from governance.incident import Case, Timer, TimerKind, Urgency

TEXT_LIMIT = 220
ICON_PX = 20
MARGIN_PX, SPACE_PX = 16, 6


class MarkView(QWidget):
    """One shape of severity."""

    def __init__(self, seat: Seat) -> None:
        """A dot until told otherwise."""
        super().__init__()
        self._seat = seat
        self.mark, self.colour = Mark.DOT, seat.palette.edge
        self.setFixedSize(QSize(18, 18))

    def show_mark(self, mark: Mark, colour: str) -> None:
        """Show a shape in a colour."""
        if (mark, colour) != (self.mark, self.colour):
            self.mark, self.colour = mark, colour
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape."""
        draw_mark(QPainter(self), self.mark, QPointF(9, 9), 15, self.colour)


def line(look: str, wraps: bool = False, selectable: bool = False) -> QLabel:
    """A label with a look."""
    label = QLabel()
    label.setProperty("look", look)
    label.setWordWrap(wraps)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class CardHead(QWidget):
    """What the incident is, at a glance."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty head."""
        super().__init__(parent)
        self._seat = seat
        self._case: Case | None = None
        self._is_long_shown = False
        self.number, self.urgency, self.left = line("dim", selectable=True), line("urgent"), line("clock")
        self.stage = line("dim")
        self.mark, self.icon = MarkView(seat), QLabel()
        self.title, self.kind, self.place = line("heading", True), line("dim", True), line("", True, True)
        self.text, self.clocks = line("", True, True), WrappedLine("dim")
        top = QHBoxLayout()
        top.setSpacing(SPACE_PX)
        top.addWidget(self.number)
        top.addStretch(1)
        for part in (self.urgency, self.mark, self.stage, self.left):
            top.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN_PX, 10, MARGIN_PX, 6)
        column.setSpacing(5)
        column.addLayout(top)
        named = QHBoxLayout()
        named.setSpacing(8)
        named.addWidget(self.icon, 0, Qt.AlignmentFlag.AlignTop)
        named.addWidget(self.title, 1)
        column.addLayout(named)
        for label in (self.kind, self.place, self.text, self.clocks):
            column.addWidget(label)

    def show_case(self, case: Case) -> None:
        """Show a case; only what differs is touched by Qt."""
        self._case = case
        seat, words, incident = self._seat, self._seat.words, case.incident
        rules = seat.situation.rules
        self.number.setText(incident.number)
        self.number.setToolTip(incident.number)
        self._tell_urgency(case)
        category = rules.categories.get(incident.category)
        ratio = self.devicePixelRatioF()
        self.icon.setPixmap(drawing(category.icon if category else "question", seat.palette.dim, ICON_PX, ratio))
        title, text = title_of(words, rules, case), incident.text.strip()
        self.title.setText(title)
        parts = [*self._standing(case), category_path(words, rules, incident.category), incident.floor]
        parts.append(words("card.level", level=level_word(words, incident.handling_level)))
        unit = seat.situation.units.get(incident.first_unit) if incident.first_unit else None
        parts.append(words("card.first", unit=unit.name) if unit else "")
        parts.append(words("card.reports", count=len(case.reports)) if len(case.reports) > 1 else "")
        photos = sum(len(report.attachments) for report in case.reports) + sum(len(a.attachments) for a in case.assignments)
        parts.append(words("card.photos", count=photos) if photos else "")
        self.kind.setText(words("sep").join(part for part in parts if part))
        self.place.setText(seat.place_line(incident.grid, incident.place_text))
        said = incident.text if len(incident.text) <= TEXT_LIMIT else f"{incident.text[:TEXT_LIMIT]}…"
        self.text.setText(said)
        self.text.setToolTip(f"<p>{escape(incident.text)}</p>" if said != incident.text else "")
        self.text.setVisible(bool(text) and text != title.strip())
        self.count_down()

    def _standing(self, case: Case) -> list[str]:
        """What is out of the ordinary: a later cycle, a direct order, something to fill in, until when it is suspended."""
        words, incident = self._seat.words, case.incident
        said = [words("card.cycle", number=incident.cycle)] if incident.cycle > 1 else []
        said += [words("card.direct")] if incident.mode == "direct" else []
        said += [words("card.backfill")] if incident.backfill_owed else []
        if incident.suspended_until is not None:
            kind = words(f"approval.{incident.suspended_kind}") if incident.suspended_kind else words("state.suspended")
            until = moment_text(incident.suspended_until, self._seat.now())
            said.append(words("card.suspended", kind=kind, time=until))
        return said

    def count_down(self) -> None:
        """Say the time left again: once a second."""
        case = self._case
        if case is None:
            return
        words, now = self._seat.words, self._seat.now()
        left_s = remaining_s(case, now, self._seat.situation.rules.calendar)
        late = left_s is not None and left_s < 0
        if left_s is None or abs(left_s) >= 172_800:
            told = left_said(words, case, now, self._seat.situation.rules.calendar)
        elif late:
            told = words("overdue", time=countdown(left_s))
        else:
            told = words("left.clock", clock=countdown(left_s))
        self.left.setText(told)
        stage = due_stage(case)
        calendar = self._seat.situation.rules.calendar
        warned = warning_said(words, case, now, calendar)
        self.stage.setText(words(f"stage.{stage}") if stage is not None else warned)
        self._look(self.left, "clock_late" if late else "clock")
        self._fit_top()
        clocks = [
            self._clock_said(timer, (timer.due_at - now).total_seconds(), warned)
            for timer in running(case)
            if timer.due_at is not None
        ]
        since = ago(words, case.incident.reported_at, now)
        unrecorded = [words("card.due")] if is_due(case, now, calendar) else []
        parts = [*unrecorded, words("card.since.now" if since == words("time.now") else "card.since", time=since), *clocks]
        self.clocks.setText(words("sep").join(part.replace(" ", NO_BREAK) for part in parts))

    def _clock_said(self, timer: Timer, rest_s: float, warned: str) -> str:
        """What is left of a clock; of one that rang already when it rings again, for nothing of it is left."""
        words = self._seat.words
        stage = words(f"stage.{timer.kind}")
        if timer.fired and rest_s > 0:
            return words("card.clock.again", stage=stage, time=span(words, rest_s))
        half = f"{warned} " if warned and timer.kind is TimerKind.T7_RESOLVE else ""
        return f"{words('card.clock', stage=stage)} {half}{time_left(words, rest_s, False)}"

    def resizeEvent(self, resize: QResizeEvent) -> None:
        """More or less fits into the first line."""
        super().resizeEvent(resize)
        self._fit_top()

    def _fit_top(self) -> None:
        """Leave out of the first line what goes without saying or stands below too, where it would be cut off."""
        case = self._case
        if case is None:
            return
        self.number.setText(case.incident.number)
        parts = [self.number, self.urgency, self.left, *([] if self.mark.isHidden() else [self.mark])]
        room = self.width() - 2 * MARGIN_PX - sum(part.sizeHint().width() + SPACE_PX for part in parts)
        is_plain = case.incident.urgency is Urgency.NORMAL
        self.urgency.setVisible(room >= 0 or not is_plain)
        if room < 0 and not is_plain:  # the clock matters more: the whole number is in the tooltip, the search and the log
            self.number.setText(f"…{case.incident.number[-4:]}")
        self.stage.setVisible(bool(self.stage.text()) and room >= self.stage.sizeHint().width())

    def _tell_urgency(self, case: Case) -> None:
        palette, incident = self._seat.palette, case.incident
        self.urgency.setText(self._seat.words(f"urgency.{int(incident.urgency)}"))
        looks = {Urgency.IMMEDIATE: "immediate", Urgency.URGENT: "urgent", Urgency.NORMAL: "dim"}
        self._look(self.urgency, looks[incident.urgency])
        severity = int(incident.severity)
        self.mark.show_mark(severity_mark(case), palette.severity[severity - 1] if severity else palette.edge)
        self.mark.setToolTip(self._seat.words(f"severity.{severity}"))
        self.mark.setVisible(bool(severity))

    @staticmethod
    def _look(label: QLabel, look: str) -> None:
        if label.property("look") != look:
            label.setProperty("look", look)
            label.style().unpolish(label)
            label.style().polish(label)
