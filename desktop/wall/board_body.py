"""The open incidents on a wall: kind, place by grid, how grave, level of handling, time left; no word that anybody wrote."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent

from desktop.phrases import category_name, level_word, time_left
from desktop.style.marks import SEVERITY_MARKS, draw_mark
from desktop.wall.slot_body import SlotBody
from desktop.wall.wall_seat import SCALE, large
from governance.kinds import Urgency
from governance.wall_board import WallIncident

ROW_PX = 30
EDGE_PX = 10
NARROW_PX = 300
"""With less room than this at a desk the handling is left out."""
MIDDLE = Qt.AlignmentFlag.AlignVCenter


class BoardBody(SlotBody):
    """As many rows as fit, the gravest first."""

    def tells_age(self) -> bool:
        """It ages."""
        return True

    def age_s(self) -> float | None:
        """How old the figures are."""
        return self.seat.board_age_s()

    def board_came(self) -> None:
        """Other rows."""
        self.update()

    def pass_second(self) -> None:
        """Limits run."""
        self.update()

    def rows(self) -> tuple[WallIncident, ...]:
        """What is on the board now, as far as it fits."""
        board = self.seat.board
        fits = max(int(self.height() / (ROW_PX * SCALE)), 1)
        if board is None:
            return ()
        return board.incidents[: fits if board.total <= fits else fits - 1]

    def paintEvent(self, _: QPaintEvent) -> None:
        """Row by row; the last line says how many there are beside."""
        painter = QPainter(self)
        palette, words, board = self.seat.palette, self.seat.words, self.seat.board
        painter.fillRect(self.rect(), QColor(palette.panel))
        painter.setFont(large(13))
        if board is None or not board.incidents:
            painter.setPen(QColor(palette.dim))
            said = words("wall.age.none" if board is None else "wall.board.none")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, said)
            return
        row_px, now, rows = ROW_PX * SCALE, self.seat.now(), self.rows()
        limits = [self._limit(incident, now) for incident in rows]
        metrics = QFontMetricsF(painter.font())
        limit_px = max((metrics.horizontalAdvance(limit) for limit in limits), default=0.0)
        for number, (incident, limit) in enumerate(zip(rows, limits, strict=True)):
            line = QRectF(EDGE_PX * SCALE, number * row_px, self.width() - 2 * EDGE_PX * SCALE, row_px)
            self._paint_row(painter, line, incident, (limit, limit_px))
        if board.total > len(rows):
            painter.setPen(QColor(palette.dim))
            painter.setFont(large(12))
            line = QRectF(EDGE_PX * SCALE, len(rows) * row_px, self.width(), row_px)
            painter.drawText(line, MIDDLE, words("wall.board.more", n=board.total - len(rows)))

    def _paint_row(self, painter: QPainter, line: QRectF, incident: WallIncident, limit: tuple[str, float]) -> None:
        """One incident; `limit`: how long it has, and how wide the widest of these is."""
        palette, words = self.seat.palette, self.seat.words
        painter.setPen(QColor(palette.line))
        painter.drawLine(QPointF(0, line.bottom()), QPointF(self.width(), line.bottom()))
        ink = palette.severity[incident.severity - 1] if incident.severity else palette.dim
        draw_mark(
            painter, SEVERITY_MARKS[incident.severity], QPointF(line.left() + 8, line.center().y()), 16 * SCALE * 0.8, ink
        )
        said, limit_px = limit
        painter.setFont(large(13))
        metrics = QFontMetricsF(painter.font())
        painter.setPen(QColor(palette.immediate if incident.is_overdue else palette.text))
        painter.drawText(line, MIDDLE | Qt.AlignmentFlag.AlignRight, said)
        room = line.adjusted(26 * SCALE, 0, -limit_px - 16, 0)
        stands = f"{level_word(words, incident.level)} {words(f'state.{incident.state.value}')}"
        kind = category_name(words, self.seat.situation.rules, incident.category)
        if incident.urgency is not Urgency.NORMAL:
            kind = f"{words(f'urgency.{int(incident.urgency)}')} {kind}"
        shares = (0.42, 0.29, 0.29) if room.width() >= NARROW_PX * SCALE else (0.58, 0.42, 0.0)
        widths = [room.width() * share for share in shares]
        left = room.left()
        inks = ((palette.text, palette.urgent, palette.immediate)[incident.urgency], palette.dim, palette.dim)
        for text, wide, colour in zip((kind, self.seat.place_of(incident.grid), stands), widths, inks, strict=True):
            if not wide:
                continue
            painter.setPen(QColor(colour))
            box = QRectF(left, line.top(), wide - 8, line.height())
            painter.drawText(box, MIDDLE, metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))
            left += wide

    def _limit(self, incident: WallIncident, now: datetime) -> str:
        """剩 2 小时, 超时."""
        left_s = None if incident.deadline is None else (incident.deadline - now).total_seconds()
        if incident.is_overdue and (left_s is None or left_s > 0):
            return self.seat.words("overdue.word")
        return "" if left_s is None else time_left(self.seat.words, left_s, incident.is_overdue)
