"""Paints one row of the board: mark, urgency and title, place and age, time left, state and who."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from desktop.dispatch.board_model import CASE, FLOOD, GONE, SECTION
from desktop.dispatch.case_view import is_due, severity_mark, share_used, state_mark, time_said
from desktop.dispatch.row_texts import row_texts
from desktop.dispatch.supervision_list import holder
from desktop.phrases import ago, title_of
from desktop.seat import Seat
from desktop.style.marks import draw_dashes, draw_hatching, draw_hollow_edge, draw_mark, draw_notches, draw_share
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from governance.deadline import WARN_AT, has_missed, warnings
from governance.incident import Case, Urgency

ROW_PX = 52
HEADING_PX = 26
EDGE_PX = 5
INDENT_PX = 36
RIM_PX = 12
OF_THEIR_OWN = ("approval", "supervised")
"""Queues whose rows tell the time of what the queue waits for."""
Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """The delegate of the board. Reads the case from the model, never changes anything."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Paint with the seat's palette and words."""
        super().__init__(parent)
        self._seat = seat
        self.phase = 0.0
        """How far the dashes of pending rows have walked, pixels."""
        self._title, self._bold, self._small = face(BASE_PX), face(BASE_PX, bold=True), face(SMALL_PX)
        self._measures = {id(font): QFontMetrics(font) for font in (self._title, self._bold, self._small)}

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """52 px for a case, 26 for a heading."""
        return QSize(200, ROW_PX if index.data(CASE) is not None else HEADING_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the row."""
        box: QRect = option.rect  # type: ignore[attr-defined]
        case: Case | None = index.data(CASE)
        painter.save()
        painter.setClipRect(box)
        if case is None and index.data(FLOOD) is not None:
            self._flood(painter, box, *index.data(FLOOD))
        elif case is None:
            self._heading(painter, box, index.data(SECTION))
        else:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
            hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)  # type: ignore[attr-defined]
            self._ground(painter, box, chosen, hovered)
            painter.setOpacity(0.55 if index.data(GONE) and not chosen else 1.0)  # what is worked on is read in full
            self._case(painter, box, case, index.data(SECTION))
            self._edges(painter, box, case, index.data(SECTION))
        painter.restore()

    def _heading(self, painter: QPainter, box: QRect, section: str) -> None:
        words, palette = self._seat.words, self._seat.palette
        painter.fillRect(box, QColor(palette.panel))
        self._text(painter, box.adjusted(RIM_PX, 4, -RIM_PX, 0), words(f"queue.{section}"), self._small, palette.dim)

    def _flood(self, painter: QPainter, box: QRect, said: str, is_unfolded: bool) -> None:
        palette = self._seat.palette
        painter.fillRect(box, QColor(palette.raised))
        left = box.left() + 19
        middle = box.center().y() + 0.5
        corners = ((-4, -2), (0, 2), (4, -2)) if is_unfolded else ((-2, -4), (2, 0), (-2, 4))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette.dim), 1.6))
        painter.drawPolyline(QPolygonF([QPointF(left + x, middle + y) for x, y in corners]))
        self._text(painter, box.adjusted(INDENT_PX, 0, -RIM_PX, 0), said, self._bold, palette.text)

    def _ground(self, painter: QPainter, box: QRect, chosen: bool, hovered: bool) -> None:
        palette = self._seat.palette
        colour = palette.chosen if chosen else palette.raised if hovered else palette.panel
        painter.fillRect(box, QColor(colour))
        if chosen:
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(palette.focus))

    def _case(self, painter: QPainter, box: QRect, case: Case, section: str) -> None:
        seat, words, palette = self._seat, self._seat.words, self._seat.palette
        incident, now = case.incident, self._seat.now()
        upper = QRect(box.left() + INDENT_PX, box.top() + 5, box.width() - INDENT_PX - RIM_PX, 20)
        lower = upper.translated(0, 20)
        colours = {Urgency.IMMEDIATE: palette.immediate, Urgency.URGENT: palette.urgent}
        severity = int(incident.severity)
        ink = palette.severity[severity - 1] if severity else colours.get(incident.urgency, palette.edge)
        draw_mark(painter, severity_mark(case), QPointF(box.left() + 19, box.top() + 20), 15, ink)
        title = title_of(words, seat.situation.rules, case)
        rest, late, said = row_texts(seat, case, section)
        if self._crowds(rest, title, upper.width()) and section not in OF_THEIR_OWN:
            rest = time_said(words, case, now, seat.situation.rules.calendar, is_short=True)  # the rest stands on the card
        used = self._text(painter, upper, rest, self._title, palette.immediate if late else palette.text, right=True)
        upper.setRight(upper.right() - used - 8)
        if incident.urgency is not Urgency.NORMAL:
            word = words(f"urgency.{int(incident.urgency)}")
            upper.setLeft(upper.left() + self._text(painter, upper, word, self._bold, colours[incident.urgency]) + 5)
        self._text(painter, upper, title, self._title, palette.text)
        widest = lower.width() * 3 // 5
        said = self._measures[id(self._small)].elidedText(said, Qt.TextElideMode.ElideRight, widest)
        used = self._text(painter, lower, said, self._small, palette.dim, right=True)
        draw_mark(painter, state_mark(case), QPointF(lower.right() - used - 9, lower.center().y() + 1), 10, palette.dim)
        lower.setRight(lower.right() - used - 24)
        where = seat.place_short(incident.grid, incident.place_text)
        since = ago(words, incident.reported_at, now)
        parts = (holder(seat, case), where) if section == "supervised" else (where, since)  # whom to ask, not how old it is
        self._text(painter, lower, words("sep").join(parts), self._small, palette.dim)

    def _crowds(self, rest: str, title: str, width: int) -> bool:
        """Whether the time left would cut the title short, with room for a word of urgency."""
        measures = self._measures[id(self._title)]
        return measures.horizontalAdvance(rest) + measures.horizontalAdvance(title) + 60 > width

    def _edges(self, painter: QPainter, box: QRect, case: Case, section: str) -> None:
        palette, incident = self._seat.palette, case.incident
        now, calendar = self._seat.now(), self._seat.situation.rules.calendar
        share, warned = share_used(case, now, calendar), warnings(case, now, calendar)
        line = QRectF(box.left() + RIM_PX, box.bottom() - 3, box.width() - 2 * RIM_PX, 3)
        late = row_texts(self._seat, case, section)[1] if section in OF_THEIR_OWN else has_missed(case)
        due = not late and is_due(case, now, calendar)
        ink = palette.immediate if late or due or share >= 1 else palette.urgent if share >= WARN_AT[-1] else palette.focus
        draw_share(painter, line, share, ink, palette.line)
        edge = QRectF(box.right() - EDGE_PX, box.top(), EDGE_PX + 1, box.height() - 1)
        if late:
            draw_hatching(painter, edge, palette.immediate)
        elif due:
            draw_hollow_edge(painter, edge, palette.immediate)
        elif warned and section not in OF_THEIR_OWN:
            draw_notches(painter, edge, warned, palette.urgent)
        if self._seat.orders.is_pending(incident.id):
            draw_dashes(painter, QRectF(box).adjusted(1, 0, -1, -1), palette.focus, self.phase)

    def _text(self, painter: QPainter, box: QRect, text: str, font: object, colour: str, right: bool = False) -> int:
        """Draw one line, elided to the box; returns its width in pixels."""
        measures = self._measures[id(font)]
        shown = measures.elidedText(text, Qt.TextElideMode.ElideRight, max(box.width(), 0))
        painter.setFont(font)  # type: ignore[arg-type]
        painter.setPen(QColor(colour))
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
        return measures.horizontalAdvance(shown)
