"""A wall as it is, small: each slot with what its display truly shows and how old that is; one slot is chosen.

A camera is dropped into a slot from anywhere on the desk; a slot dragged onto another exchanges with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QApplication, QWidget

from desktop.style.palette import Palette
from desktop.style.type_face import SMALL_PX, TITLE_PX, face
from desktop.video_wall.camera_drag import camera_in, drag, slot_in
from desktop.video_wall.sight_marks import draw_sight
from desktop.video_wall.watchdog import Sight
from governance.wall import Layout

WIDE, HIGH = 16, 9
EDGE_PX = 6
LINE_PX = 18
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
    """Whether a display says so now; what none vouches for is grey."""
    is_locked: bool = False
    is_reserved: bool = False
    """Whether incidents come up in it."""
    more: str = ""
    """How long what came up stays."""


class Preview(QWidget):
    """The slots of one wall. Main thread only."""

    chosen = Signal(int)
    """The number of the slot that is chosen now."""
    pressed_twice = Signal()
    camera_dropped = Signal(int, str)
    """A camera, by its id, was let fall into a slot."""
    swap_wanted = Signal(int, int)
    """Two slots are to exchange what they show; the second is where the first was let fall."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        """Nothing yet."""
        super().__init__(parent)
        self._palette = palette
        self._layout = Layout(1, 1, ())
        self._pressed_at: QPointF | None = None
        self.told: tuple[SlotTold, ...] = ()
        self.slot = 1
        self.target: int | None = None
        """The slot that what is dragged would fall into."""
        self.shape = (WIDE, HIGH)
        self.setAcceptDrops(True)
        self.setMinimumSize(240, 135)

    def sizeHint(self) -> QSize:
        """The least; it takes all that what is written around it leaves."""
        return self.minimumSize()

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

    # ---- choosing --------------------------------------------------------------------------------------------------

    def step(self, key: Qt.Key) -> bool:
        """Choose the nearest slot in the direction of an arrow key; whether it was one."""
        if key not in STEPS:
            return False
        self.choose(self.beside(key))
        return True

    def beside(self, key: Qt.Key) -> int:
        """The slot nearest to the chosen one in the direction of an arrow key; itself where there is none."""
        dx, dy = STEPS[key]
        boxes = self._boxes()
        if not 1 <= self.slot <= len(boxes):
            return self.slot
        here = boxes[self.slot - 1].center()
        best, best_px = self.slot, float("inf")
        for number, box in enumerate(boxes, start=1):
            ahead = (box.center().x() - here.x()) * dx + (box.center().y() - here.y()) * dy
            beside = abs((box.center().x() - here.x()) * dy) + abs((box.center().y() - here.y()) * dx)
            if ahead > 1 and ahead + 2 * beside < best_px:
                best, best_px = number, ahead + 2 * beside
        return best

    def choose(self, slot: int) -> None:
        """This slot is chosen."""
        if 1 <= slot <= len(self._layout.slots) and slot != self.slot:
            self.slot = slot
            self.update()
            self.chosen.emit(slot)

    def slot_at(self, spot: QPointF) -> int | None:
        """The number of the slot at a place of this widget; None between them."""
        boxes = enumerate(self._boxes(), start=1)
        return next((number for number, box in boxes if box.contains(spot)), None)

    # ---- pointer ---------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press chooses; a drag may begin."""
        at = self.slot_at(event.position())
        if at is not None:
            self.choose(at)
            if event.button() is Qt.MouseButton.LeftButton:
                self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The slot goes along with the pointer."""
        began = self._pressed_at
        if began is None or (event.position() - began).manhattanLength() < QApplication.startDragDistance():
            return
        self._pressed_at = None
        if self.slot <= len(self.told):
            slot = self._layout.slots[self.slot - 1]
            drag(self, slot.camera, f"{self.slot} {self.told[self.slot - 1].title}", self._palette, f"{id(self)} {self.slot}")

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """No drag any more."""
        self._pressed_at = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A second one pushes."""
        self.mousePressEvent(event)
        self._pressed_at = None
        self.pressed_twice.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A camera may come, or a slot of this wall."""
        if camera_in(event.mimeData()) or self._own_slot(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would fall."""
        self._aim(self.slot_at(event.position()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        self._aim(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """A camera falls into a slot; of a slot of this wall the two exchange what they show."""
        self._aim(None)
        at, before, camera = self.slot_at(event.position()), self._own_slot(event), camera_in(event.mimeData())
        if at is None or not (before or camera):
            return
        event.acceptProposedAction()
        self.choose(at)
        if not before:
            self.camera_dropped.emit(at, camera)
        elif before != at:
            self.swap_wanted.emit(before, at)

    def _own_slot(self, event: QDropEvent) -> int:
        """Which slot of this very wall is carried; 0 where none is."""
        board, _, number = slot_in(event.mimeData()).partition(" ")
        is_here = board == str(id(self)) and number.isdecimal() and 1 <= int(number) <= len(self._layout.slots)
        return int(number) if is_here else 0

    def _aim(self, at: int | None) -> None:
        if at != self.target:
            self.target = at
            self.update()

    # ---- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, _: QPaintEvent) -> None:
        """Slot by slot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, (box, told) in enumerate(zip(self._boxes(), self.told, strict=False), start=1):
            self._paint_box(painter, box, number, told)
            self._paint_words(painter, box, number, told)

    def _paint_box(self, painter: QPainter, box: QRectF, number: int, told: SlotTold) -> None:
        """Filled where a display vouches for it, hatched where none does; outlined by what may come into it."""
        palette, is_chosen, is_target = self._palette, number == self.slot, number == self.target
        inside = box.adjusted(1, 1, -1, -1)
        ground = palette.chosen if is_chosen or is_target else palette.raised if told.is_reported else palette.ground
        painter.fillRect(inside, QColor(ground))
        if not told.is_reported:
            painter.fillRect(inside, QBrush(QColor(palette.line), Qt.BrushStyle.BDiagPattern))
        pen = QPen(QColor(palette.focus if is_chosen or is_target else palette.edge), 3 if is_target else 2 if is_chosen else 1)
        if told.is_reserved:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(inside)

    def _paint_words(self, painter: QPainter, box: QRectF, number: int, told: SlotTold) -> None:
        """Number and marks, what it shows, state and age, as far as there is room."""
        palette = self._palette
        room = box.adjusted(EDGE_PX + 2, EDGE_PX, -EDGE_PX - 2, -EDGE_PX)
        left = Qt.AlignmentFlag.AlignLeft
        painter.setFont(face(TITLE_PX, bold=True))
        painter.setPen(QColor(palette.text if told.is_reported else palette.dim))
        head = QRectF(room.left(), room.top(), room.width(), 20)
        said = f"{number}{' ■' if told.is_locked else ''}"
        painter.drawText(head, left, said)
        beside_px = QFontMetricsF(painter.font()).horizontalAdvance(said) + EDGE_PX
        painter.setFont(face(SMALL_PX))
        metrics = QFontMetricsF(painter.font())
        line = QRectF(room.left(), head.bottom(), room.width(), LINE_PX)
        if line.bottom() > room.bottom() + 4:  # a low slot: beside its number
            line = QRectF(room.left() + beside_px, room.top() + 2, room.width() - beside_px, LINE_PX)
        painter.drawText(line, left, metrics.elidedText(told.title, Qt.TextElideMode.ElideMiddle, line.width()))
        ink = self._ink(told)
        for text in filter(None, (told.state, told.more)):
            line = line.translated(0, LINE_PX)
            if line.bottom() > room.bottom() + 4:
                return
            at = line.left()
            if told.sight is not None and text is told.state:
                draw_sight(painter, told.sight, QPointF(at + 5, line.center().y()), 9, ink)
                at += 14
            painter.setPen(QColor(ink if text is told.state else palette.urgent))
            said = metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.right() - at)
            painter.drawText(QRectF(at, line.top(), line.right() - at, LINE_PX), left, said)

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
