"""The figures of the scene 晴雨表: today, who is there, seven days; posts by what they are, nobody by name."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent

from desktop.wall.slot_body import SlotBody, fitting
from desktop.wall.wall_seat import SCALE, large
from governance.people import Role
from governance.wall_board import DayCount, WallFigures

GAP_PX = 10
SHARE_PX, POSTS_PX, TREND_LEAST_PX = 40, 58, 110
NARROWEST_PX = 56
"""Of one of four counts side by side."""
LEFT, RIGHT, MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter


class IndicatorsBody(SlotBody):
    """Four counts, two shares, the posts, the trend; what does not fit is left out from below."""

    def tells_age(self) -> bool:
        """It ages."""
        return True

    def age_s(self) -> float | None:
        """How old the figures are."""
        return self.seat.board_age_s()

    def board_came(self) -> None:
        """Other figures."""
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """From the most important down."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, board = self.seat.palette, self.seat.board
        painter.fillRect(self.rect(), QColor(palette.panel))
        if board is None:
            painter.setFont(large(13))
            painter.setPen(QColor(palette.dim))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.seat.words("wall.age.none"))
            return
        gap = GAP_PX * SCALE
        room = QRectF(self.rect()).adjusted(gap, gap / 2, -gap, -gap)
        share, posts = SHARE_PX * SCALE, POSTS_PX * SCALE
        below = 2 * share + posts + TREND_LEAST_PX * SCALE + 3 * gap
        columns = 4 if room.width() > room.height() / 1.2 and room.width() >= 4 * NARROWEST_PX * SCALE else 2
        least, most = (72.0, 110.0) if columns == 4 else (144.0, 200.0)
        counts = QRectF(room.left(), room.top(), room.width(), min(max(room.height() - below, least * SCALE), most * SCALE))
        self._paint_counts(painter, counts, columns, board.figures)
        top = counts.bottom() + gap
        for key, count, every in (
            ("wall.workers", board.figures.workers_on_duty, board.figures.workers),
            ("wall.cameras", board.figures.cameras_online, board.figures.cameras),
        ):
            if top + share <= room.bottom():
                self._paint_share(painter, QRectF(room.left(), top, room.width(), share), key, count, every)
            top += share
        top += gap
        if top + posts <= room.bottom():
            self._paint_posts(painter, QRectF(room.left(), top, room.width(), posts), board.figures)
        top += posts + gap
        if room.bottom() - top >= TREND_LEAST_PX * SCALE * 0.8:
            self._paint_trend(painter, QRectF(room.left(), top, room.width(), room.bottom() - top), board.figures.trend)

    def _paint_counts(self, painter: QPainter, box: QRectF, columns: int, figures: WallFigures) -> None:
        """Two by two, or four in a row."""
        palette, words = self.seat.palette, self.seat.words
        counts = (
            ("wall.figure.reported", figures.reported, palette.text),
            ("wall.figure.closed", figures.closed, palette.live),
            ("wall.figure.overdue", figures.overdue, palette.urgent if figures.overdue else palette.text),
            ("wall.figure.immediate", figures.immediate, palette.immediate if figures.immediate else palette.text),
        )
        gap = GAP_PX * SCALE / 2
        wide, rows = (box.width() - gap * (columns - 1)) / columns, len(counts) // columns
        high = (box.height() - gap * (rows - 1)) / rows
        longest = max((words(key) for key, _, _ in counts), key=QFontMetricsF(large(13)).horizontalAdvance)
        one_face = fitting(longest, QRectF(0, 0, wide - 28, 22 * SCALE), most_px=13)
        for number, (key, count, ink) in enumerate(counts):
            cell = QRectF(
                box.left() + number % columns * (wide + gap), box.top() + number // columns * (high + gap), wide, high
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.raised))
            painter.drawRoundedRect(cell, 6, 6)
            said = words(key)
            label = QRectF(cell.left() + 14, cell.top() + 8, cell.width() - 28, 22 * SCALE)
            painter.setPen(QColor(palette.dim))
            painter.setFont(one_face)
            painter.drawText(label, LEFT | MIDDLE, elided(painter, said, label.width()))
            figure = QRectF(cell.left() + 14, label.bottom(), cell.width() - 28, cell.bottom() - label.bottom() - 6)
            painter.setPen(QColor(ink))
            painter.setFont(fitting(str(count), figure, most_px=42, bold=True))
            painter.drawText(figure, LEFT | MIDDLE, str(count))

    def _paint_share(self, painter: QPainter, line: QRectF, key: str, count: int, every: int) -> None:
        """A name, how many of how many, and a bar."""
        palette, words = self.seat.palette, self.seat.words
        painter.setFont(large(13))
        said = words("wall.of", count=count, all=every)
        upper = QRectF(line.left(), line.top(), line.width(), line.height() - 12 * SCALE)
        painter.setPen(QColor(palette.dim))
        painter.drawText(upper, LEFT | MIDDLE, words(key))
        painter.setPen(QColor(palette.text))
        painter.drawText(upper, RIGHT | MIDDLE, said)
        bar = QRectF(line.left(), upper.bottom() + 2, line.width(), 5 * SCALE)
        painter.fillRect(bar, QColor(palette.line))
        bar.setWidth(bar.width() * (min(count / every, 1.0) if every else 0.0))
        painter.fillRect(bar, QColor(palette.live))

    def _paint_posts(self, painter: QPainter, box: QRectF, figures: WallFigures) -> None:
        """Whether a leader is there, and how many sit in which kind of post."""
        palette, words = self.seat.palette, self.seat.words
        there = {each.role: each.count for each in figures.posts}
        is_there = bool(there.pop(Role.LEADER, 0))
        half = box.height() / 2
        upper, lower = QRectF(box.left(), box.top(), box.width(), half), QRectF(box.left(), box.top() + half, box.width(), half)
        painter.setFont(large(13))
        painter.setPen(QColor(palette.dim))
        painter.drawText(upper, LEFT | MIDDLE, words("wall.leader"))
        painter.setPen(QColor(palette.live if is_there else palette.urgent))
        painter.drawText(upper, RIGHT | MIDDLE, words("wall.leader.on" if is_there else "wall.leader.off"))
        posts = "  ".join(f"{words(f'role.{role.value}')} {count}" for role, count in there.items())
        painter.setPen(QColor(palette.dim))
        painter.drawText(lower, LEFT | MIDDLE, words("wall.posts"))
        room = lower.adjusted(QFontMetricsF(painter.font()).horizontalAdvance(words("wall.posts")) + 20, 0, 0, 0)
        painter.setPen(QColor(palette.text))
        painter.drawText(room, RIGHT | MIDDLE, elided(painter, posts or words("wall.posts.none"), room.width()))

    def _paint_trend(self, painter: QPainter, box: QRectF, trend: tuple[DayCount, ...]) -> None:
        """Two bars a day, with their numbers; what each colour is stands above."""
        palette, words = self.seat.palette, self.seat.words
        painter.setFont(large(12))
        head = QRectF(box.left(), box.top(), box.width(), 20 * SCALE)
        painter.setPen(QColor(palette.dim))
        painter.drawText(head, LEFT | MIDDLE, words("wall.trend"))
        metrics = QFontMetricsF(painter.font())
        right = head.right()
        for key, ink in (("wall.trend.closed", palette.live), ("wall.trend.reported", palette.focus)):
            said = words(key)
            right -= metrics.horizontalAdvance(said)
            painter.setPen(QColor(palette.dim))
            painter.drawText(QPointF(right, head.center().y() + metrics.ascent() / 2 - 1), said)
            painter.fillRect(QRectF(right - 10 * SCALE, head.center().y() - 4 * SCALE, 8 * SCALE, 8 * SCALE), QColor(ink))
            right -= 20 * SCALE
        foot_px = 17 * SCALE
        bars = QRectF(box.left(), head.bottom() + foot_px, box.width(), box.height() - head.height() - 2 * foot_px)
        most = max((max(day.reported, day.closed) for day in trend), default=0) or 1
        wide = bars.width() / max(len(trend), 1)
        for number, day in enumerate(trend):
            left = bars.left() + number * wide
            for side, (count, ink) in enumerate(((day.reported, palette.focus), (day.closed, palette.live))):
                high = bars.height() * count / most
                bar = QRectF(left + wide * (0.16 + 0.36 * side), bars.bottom() - high, wide * 0.32, high)
                painter.fillRect(bar, QColor(ink))
                painter.setPen(QColor(palette.text))
                over = QRectF(bar.center().x() - wide / 2, bar.top() - foot_px, wide, foot_px)
                painter.drawText(over, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, str(count))
            painter.setPen(QColor(palette.dim))
            foot = QRectF(left, bars.bottom(), wide, foot_px)
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, f"{day.day.month}-{day.day.day}")


def elided(painter: QPainter, text: str, room_px: float) -> str:
    """A text as much of it as there is room for."""
    return QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room_px)
