"""The board of a direct order: one row for each who got it, who has not acknowledged on top, and when it widens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.dispatch.direct_form import takers_of
from desktop.phrases import clock_text, countdown, reason_text
from desktop.seat import Seat
from desktop.style.marks import Mark, draw_hatching, draw_mark
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from governance.commands import TakeLead
from governance.guards import AT_WORK
from governance.incident import Assignment, AssignmentState, Case, LeadRole, TimerKind, TimerState
from governance.lifecycle import may

A = AssignmentState
ROW_PX = 30
MARK_PX = 12
UNANSWERED = frozenset({A.SENT, A.DELIVERED})
MARK_OF: dict[AssignmentState, Mark] = {
    A.SENT: Mark.DOT,
    A.DELIVERED: Mark.RING,
    A.ACKED: Mark.HALF,
    A.ACCEPTED: Mark.HALF,
    A.EN_ROUTE: Mark.HALF,
    A.ARRIVED: Mark.FULL,
    A.DONE: Mark.CHECKED,
}
WIDENED, DIRECT = "E49", "E48"
SENDS = frozenset({DIRECT, "E12", "E13", "E16", "E25", "E42", "E60"})
"""Rows by which somebody is sent."""
SAID_AFTER_MIN = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """How one recipient stands."""

    name: str
    is_lead: bool
    state: AssignmentState
    since: datetime
    added_at: datetime | None
    """When the order widened to him; None where he got it at first."""
    is_late: bool
    """Whether the minute to acknowledge is over."""
    reason: str = ""


def standings(case: Case, now: datetime, patience_s: float) -> tuple[Standing, ...]:
    """Those who got the order in this cycle: who has not acknowledged first, then by how far they are, who is out last."""
    orders = [each for each in case.assignments if each.cycle == case.incident.cycle]
    if not orders:
        return ()
    first_at = min(each.sent_at for each in orders)
    found = [_standing(each, first_at, now, patience_s) for each in orders]
    place = list(A)

    def first(each: Standing) -> tuple[int, bool, int, datetime, str]:
        out = 2 if each.state not in MARK_OF else 0 if each.state in UNANSWERED else 1
        return out, not each.is_lead, -place.index(each.state), each.since, each.name

    return tuple(sorted(found, key=first))


def _standing(order: Assignment, first_at: datetime, now: datetime, patience_s: float) -> Standing:
    moments = (order.done_at, order.arrived_at, order.accepted_at, order.acked_at, order.delivered_at, order.sent_at)
    since = next(at for at in moments if at is not None)
    late = order.state in UNANSWERED and (now - order.sent_at).total_seconds() > patience_s
    added = order.sent_at if order.sent_at > first_at else None
    return Standing(order.worker_name, order.role is LeadRole.LEAD, order.state, since, added, late, order.ended_reason)


class DirectBoard(QWidget):
    """The head with the countdown, the rows, who was added, and another lead by one button. Wish: `wanted` with an action."""

    wanted = Signal(str)

    def __init__(self, seat: Seat) -> None:
        """Nothing yet."""
        super().__init__()
        self._seat = seat
        self._case: Case | None = None
        self.head, self.widened = QLabel(), QLabel()
        self.rows = StandingRows(seat)
        self.take, self.recall = QPushButton(), QPushButton()
        self.widened.setProperty("look", "dim")
        for label in (self.head, self.widened):
            label.setWordWrap(True)
        for button in (self.take, self.recall):
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.take.clicked.connect(lambda: self.wanted.emit("direct"))
        self.recall.clicked.connect(lambda: self.wanted.emit("recall"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.take)
        buttons.addWidget(self.recall)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (self.head, self.rows, self.widened):
            column.addWidget(part)
        column.addLayout(buttons)
        self._second = QTimer(self)
        self._second.timeout.connect(self.count_down)
        self._second.start(1000)

    @staticmethod
    def is_for(case: Case) -> bool:
        """Whether the last order of a case was a direct one, in this cycle; also once it was stopped."""
        last = next((step.row for step in reversed(case.steps) if step.row in SENDS), "")
        is_direct = case.incident.mode == "direct" or (last == DIRECT and case.incident.state == "filed")
        return is_direct and any(a.cycle == case.incident.cycle for a in case.assignments)

    def show_case(self, case: Case) -> None:
        """Show how a direct order stands."""
        self._case = case
        self.count_down()

    def count_down(self) -> None:
        """Say it again: once a second."""
        case, seat, words = self._case, self._seat, self._seat.words
        if case is None or not self.is_for(case):
            return
        now = seat.now()
        timer = next((t for t in case.timers if t.kind is TimerKind.T4_ACK and t.state is TimerState.RUNNING), None)
        rows = standings(case, now, timer.limit_s if timer is not None else 60.0)
        live = [row for row in rows if row.state in MARK_OF]
        done = sum(row.state not in UNANSWERED for row in live)
        parts = (
            [words("direct.count", done=done, all=len(live)), self._next(case, now, len(live))] if live else [self._end(case)]
        )
        self.head.setText(words("sep").join(part for part in parts if part))
        look = "live" if live and done == len(live) else "warn"
        if self.head.property("look") != look:
            self.head.setProperty("look", look)
            self.head.style().unpolish(self.head)
            self.head.style().polish(self.head)
        self.rows.show_rows(rows)
        self.widened.setText("\n".join(self._widenings(case)))
        self.widened.setVisible(bool(self.widened.text()))
        self._tell_buttons(case)

    def _end(self, case: Case) -> str:
        """Why nobody has the order any more."""
        stop = next((step for step in reversed(case.steps) if step.action == "recall"), None)
        return self._seat.words("direct.back", reason=stop.reason) if stop is not None else ""

    def _next(self, case: Case, now: datetime, live: int) -> str:
        """When it widens next, or why it does not."""
        words, most = self._seat.words, self._seat.situation.rules.widen_most
        timer = next((t for t in case.timers if t.kind is TimerKind.T4_ACK and t.state is TimerState.RUNNING), None)
        if timer is None or timer.due_at is None:
            return words("direct.answered") if case.lead is not None and case.lead.state in AT_WORK else ""
        if live >= most:
            return words("direct.full", most=most)
        return words("direct.widens", clock=countdown(max((timer.due_at - now).total_seconds(), 0.0)))

    def _widenings(self, case: Case) -> list[str]:
        """Who was added, and when, the latest first."""
        words = self._seat.words
        steps = [step for step in reversed(case.steps) if step.row == WIDENED and step.detail.get("wider")]
        return [words("direct.widened", time=clock_text(step.at), names=step.detail["wider"]) for step in steps[:4]]

    def _tell_buttons(self, case: Case) -> None:
        seat, words = self._seat, self._seat.words
        takers = takers_of(case)
        may_take = bool(takers) and may(case, TakeLead, seat.officer, seat.situation.rules, seat.now()) is None
        self.take.setVisible(may_take)
        if may_take:
            lead, worker = case.lead.worker_name if case.lead else "", takers[0].worker_name
            self.take.setText(f"{words('direct.take', worker=worker)}  D")
            self.take.setToolTip(words("direct.take.tip", lead=lead, worker=worker))
        self.recall.setText(words("direct.recall"))
        self.recall.setVisible(case.incident.state == "dispatched")


class StandingRows(QWidget):
    """The rows, painted: shape, name and role, state, seconds since; hatched where the minute is over."""

    def __init__(self, seat: Seat) -> None:
        """None yet."""
        super().__init__()
        self._seat = seat
        self.rows: tuple[Standing, ...] = ()
        self._bold, self._plain, self._small = face(BASE_PX, bold=True), face(BASE_PX), face(SMALL_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: tuple[Standing, ...]) -> None:
        """Show these."""
        is_other = len(rows) != len(self.rows)
        self.rows = rows
        if is_other:
            self.updateGeometry()
        self.update()

    def said(self, row: Standing) -> str:
        """How one stands, in words: 已送达 0:42."""
        words = self._seat.words
        passed = (self._seat.now() - row.since).total_seconds()
        shown = countdown(passed) if passed < SAID_AFTER_MIN * 60 else clock_text(row.since)
        parts = [f"{words(f'direct.steps.{row.state}')} {shown}"]
        parts.append(words("direct.added", time=clock_text(row.added_at)) if row.added_at is not None else "")
        parts.append(reason_text(words, row.reason) if row.reason else "")
        return words("sep").join(part for part in parts if part)

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(200, len(self.rows) * ROW_PX)

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must."""
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        for number, row in enumerate(self.rows):
            self._row(painter, QRect(0, number * ROW_PX, self.width(), ROW_PX), row)

    def _row(self, painter: QPainter, box: QRect, row: Standing) -> None:
        palette, words = self._seat.palette, self._seat.words
        is_out = row.state not in MARK_OF
        ink = palette.dim if is_out else palette.urgent if row.is_late else palette.text
        if row.is_late:
            draw_hatching(painter, QRectF(box.left(), box.top() + 3, 5, box.height() - 6), palette.urgent)
        if not is_out:
            colour = palette.live if row.state is A.ARRIVED else palette.urgent if row.is_late else palette.focus
            draw_mark(painter, MARK_OF[row.state], QPointF(box.left() + 16, box.center().y()), MARK_PX, colour)
        role = words("direct.lead" if row.is_lead else "direct.assist")
        name = f"{row.name} · {role}" if not is_out else row.name
        painter.setFont(self._bold if row.is_lead and not is_out else self._plain)
        painter.setPen(QColor(ink))
        left = box.left() + 30
        room = QFontMetrics(painter.font()).horizontalAdvance(name)
        most = max((box.width() - 30) * 6 // 10, 60)
        shown = QFontMetrics(painter.font()).elidedText(name, Qt.TextElideMode.ElideRight, most)
        painter.drawText(QRect(left, box.top(), min(room, most) + 4, box.height()), int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setFont(self._small)
        painter.setPen(QColor(palette.urgent if row.is_late else palette.dim))
        rest = QRect(left + min(room, most) + 8, box.top(), box.width() - left - min(room, most) - 10, box.height())
        said = QFontMetrics(self._small).elidedText(self.said(row), Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), said)
