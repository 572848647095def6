"""A slot of a wall on the screen: a head that says what it shows and how old that is, and the body below it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.phrases import category_name, countdown
from desktop.wall.board_body import BoardBody
from desktop.wall.indicators_body import IndicatorsBody
from desktop.wall.map_body import MapBody
from desktop.wall.slot_body import ClockBody, EmptyBody, SlotBody
from desktop.wall.video_body import VideoBody
from desktop.wall.wall_seat import SCALE, WallSeat, large
from governance.wall import Content, PopUp, Slot, SlotShown

HEAD_PX = 22
OLD_AFTER_S = 10.0
"""Figures older than this are said to be old in another colour."""
BODIES: dict[Content, type[SlotBody]] = {
    Content.EMPTY: EmptyBody,
    Content.RESERVED: EmptyBody,
    Content.CLOCK: ClockBody,
    Content.CAMERA: VideoBody,
    Content.BOARD: BoardBody,
    Content.INDICATORS: IndicatorsBody,
    Content.MAP: MapBody,
}


class SlotFrame(QWidget):
    """One slot. Main thread only."""

    def __init__(self, number: int, slot: Slot, seat: WallSeat, parent: QWidget) -> None:
        """It shows what the slot says from the moment it is seen."""
        super().__init__(parent)
        self.number, self.slot, self._seat = number, slot, seat
        self.pop_up: PopUp | None = None
        self.body = BODIES[slot.content](seat, slot, self)
        self._said: tuple[str, str] = ("", "")

    def shows_the_same(self, slot: Slot) -> bool:
        """Whether another slot shows what this one does, wherever it lies."""
        mine = (self.slot.content, self.slot.camera, self.slot.stream, self.slot.view)
        return mine == (slot.content, slot.camera, slot.stream, slot.view)

    def pop(self, pop_up: PopUp | None) -> None:
        """It shows what an incident brought up, until then; or (None) what the layout says."""
        if pop_up != self.pop_up:
            self.pop_up = pop_up
            self._lay_out()
            self.update()

    def pass_second(self) -> None:
        """Ages and times left are others now."""
        self.body.pass_second()
        if self._texts() != self._said:
            self.update(0, 0, self.width(), self._head_px())

    def shown(self) -> SlotShown:
        """What it truly shows, for the report."""
        camera = self.slot.camera if self.slot.content is Content.CAMERA else ""
        age_s = self.body.age_s()
        return SlotShown(self.number, self.slot.content, camera, self.body.sight(), None if age_s is None else round(age_s, 2))

    def put_away(self) -> None:
        """It is shown no more."""
        self.body.put_away()
        self.hide()
        self.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The body fills what the head leaves."""
        super().resizeEvent(event)
        self._lay_out()

    def paintEvent(self, _: QPaintEvent) -> None:
        """The head: what, and how old."""
        head = self._head_px()
        if not head:
            return
        painter = QPainter(self)
        palette = self._seat.palette
        painter.fillRect(0, 0, self.width(), head, QColor(palette.wash if self.pop_up else palette.raised))
        self._said = title, aged = self._texts()
        painter.setFont(large(12))
        metrics = QFontMetricsF(painter.font())
        line = QRectF(10, 0, self.width() - 20, head)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._age_ink()))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, aged)
        painter.setPen(QColor(palette.text))
        room = line.width() - metrics.horizontalAdvance(aged) - 16
        painter.drawText(line, middle, metrics.elidedText(title, Qt.TextElideMode.ElideRight, room))

    def _head_px(self) -> int:
        return round(HEAD_PX * SCALE) if self.body.has_head or self.pop_up is not None else 0

    def _lay_out(self) -> None:
        head = self._head_px()
        self.body.setGeometry(0, head, self.width(), max(self.height() - head, 1))

    def _texts(self) -> tuple[str, str]:
        """What the head says, left and right."""
        seat, pop_up = self._seat, self.pop_up
        if pop_up is not None:
            category = category_name(seat.words, seat.situation.rules, pop_up.category)
            title = seat.words("wall.pop_up", category=category, place=seat.place_of(pop_up.grid))
            return title, seat.words("wall.left", time=countdown(_left_s(pop_up, seat.now())))
        return self.body.title, seat.said_age(self.body.age_s()) if self.body.tells_age() else ""

    def _age_ink(self) -> str:
        age_s, palette = self.body.age_s(), self._seat.palette
        is_old = self.body.tells_age() and (age_s is None or age_s > OLD_AFTER_S)
        return palette.urgent if is_old else palette.text if self.pop_up else palette.dim


def _left_s(pop_up: PopUp, now: datetime) -> float:
    return max((pop_up.until - now).total_seconds(), 0.0)
