"""A wall as it is, small: each slot with what its display truly shows and how old that is; one slot is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.style.palette import Palette
from desktop.style.type_face import SMALL_PX, TITLE_PX, face
from desktop.video_wall.sight_marks import draw_sight
from desktop.video_wall.watchdog import Sight
from governance.wall import Layout

WIDE, HIGH = 16, 9
EDGE_PX = 6
STEPS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


@dataclass(frozen=True, slots=True)
class SlotTold:
    """What is said of a slot."""

    title: str
    """What it shows."""
    state: str
    """State and age, as the display reports; empty where there is nothing to report."""
    sight: Sight | None = None
    is_reported: bool = True
    is_locked: bool = False


class Preview(QWidget):
    """The slots of one wall. Main thread only."""

    chosen = Signal(int)
    """The number of the slot that is chosen now."""
    pressed_twice = Signal()

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        """Nothing yet."""
        super().__init__(parent)
        self._palette = palette
        self._layout = Layout(1, 1, ())
        self.told: tuple[SlotTold, ...] = ()
        self.slot = 1
        self.shape = (WIDE, HIGH)
        self.setMinimumSize(320, 180)

    def sizeHint(self) -> QSize:
        """Large enough to read the names of sixteen slots."""
        return QSize(760, 428)

    def wear(self, palette: Palette) -> None:
        """Other colours."""
        self._palette = palette
        self.update()

    def show_wall(self, layout: Layout, told: tuple[SlotTold, ...], shape: tuple[int, int]) -> None:
        """Show these slots; `shape`: width and height of what displays it."""
        if (layout, told, shape) == (self._layout, self.told, self.shape):
            return
        self._layout, self.told, self.shape = layout, told, shape
        self.slot = min(max(self.slot, 1), max(len(layout.slots), 1))
        self.update()

    def step(self, key: Qt.Key) -> bool:
        """Choose the nearest slot in the direction of an arrow key; whether it was one."""
        if key not in STEPS:
            return False
        dx, dy = STEPS[key]
        boxes = self._boxes()
        if not boxes:
            return True
        here = boxes[self.slot - 1].center()
        best, best_px = self.slot, float("inf")
        for number, box in enumerate(boxes, start=1):
            ahead = (box.center().x() - here.x()) * dx + (box.center().y() - here.y()) * dy
            beside = abs((box.center().x() - here.x()) * dy) + abs((box.center().y() - here.y()) * dx)
            if ahead > 1 and ahead + 2 * beside < best_px:
                best, best_px = number, ahead + 2 * beside
        self.choose(best)
        return True

    def choose(self, slot: int) -> None:
        """This slot is chosen."""
        if 1 <= slot <= len(self._layout.slots) and slot != self.slot:
            self.slot = slot
            self.update()
            self.chosen.emit(slot)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click chooses."""
        for number, box in enumerate(self._boxes(), start=1):
            if box.contains(event.position()):
                self.choose(number)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second one pushes."""
        self.mousePressEvent(event)
        self.pressed_twice.emit()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Slot by slot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (box, told) in enumerate(zip(self._boxes(), self.told, strict=False), start=1):
            self._paint_slot(painter, box, number, told)

    def _paint_slot(self, painter: QPainter, box: QRectF, number: int, told: SlotTold) -> None:
        palette, is_chosen = self._palette, number == self.slot
        painter.setBrush(QColor(palette.chosen if is_chosen else palette.raised))
        painter.setPen(QPen(QColor(palette.focus if is_chosen else palette.edge), 2 if is_chosen else 1))
        painter.drawRect(box.adjusted(1, 1, -1, -1))
        room = box.adjusted(EDGE_PX + 2, EDGE_PX, -EDGE_PX - 2, -EDGE_PX)
        painter.setFont(face(TITLE_PX, bold=True))
        painter.setPen(QColor(palette.text))
        head = QRectF(room.left(), room.top(), room.width(), 20)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, f"{number}{' ■' if told.is_locked else ''}")
        painter.setFont(face(SMALL_PX))
        metrics = QFontMetricsF(painter.font())
        line = QRectF(room.left(), head.bottom(), room.width(), 18)
        painter.drawText(
            line, Qt.AlignmentFlag.AlignLeft, metrics.elidedText(told.title, Qt.TextElideMode.ElideMiddle, line.width())
        )
        if line.bottom() + 18 > room.bottom() + 4 or not told.state:
            return
        below = QRectF(room.left(), line.bottom(), room.width(), 18)
        ink = self._ink(told)
        left = below.left()
        if told.sight is not None:
            draw_sight(painter, told.sight, QPointF(left + 5, below.center().y()), 9, ink)
            left += 14
        painter.setPen(QColor(ink))
        said = metrics.elidedText(told.state, Qt.TextElideMode.ElideRight, below.right() - left)
        painter.drawText(QRectF(left, below.top(), below.right() - left, 18), Qt.AlignmentFlag.AlignLeft, said)

    def _ink(self, told: SlotTold) -> str:
        palette = self._palette
        if not told.is_reported or told.sight in (None, Sight.WAITING, Sight.CONNECTING):
            return palette.dim
        if told.sight is Sight.LIVE:
            return palette.live
        return palette.immediate if told.sight in (Sight.REFUSED, Sight.WRONG_ADDRESS) else palette.urgent

    def _boxes(self) -> list[QRectF]:
        """Where the slots lie: all of the wall in its shape, in the middle."""
        wide, high = self.shape
        scale = min(self.width() / max(wide, 1), self.height() / max(high, 1))
        left, top = (self.width() - wide * scale) / 2, (self.height() - high * scale) / 2
        across, down = wide * scale / self._layout.columns, high * scale / self._layout.rows
        return [
            QRectF(left + each.left * across, top + each.top * down, each.width * across - 2, each.height * down - 2)
            for each in self._layout.slots
        ]
