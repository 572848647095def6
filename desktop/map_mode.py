"""A mode of the map: pointer and keys are its until Esc. A cross-hair moved by arrow keys does all the pointer does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.map_sheet import MapSheet
from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

STEP_PX, FINE_PX, EDGE_PX, CROSS_PX = 12.0, 1.0, 6.0, 12.0
APART_PX, PAD_PX, LINE_PX = 10.0, 10.0, 20.0
KEY = Qt.Key
ARROWS = {KEY.Key_Left: (-1, 0), KEY.Key_Right: (1, 0), KEY.Key_Up: (0, -1), KEY.Key_Down: (0, 1)}


class MapMode(MapSheet):
    """Nothing is under way to begin with. What it does with places is its children's. Main thread only."""

    draws = False

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Not in use."""
        self.is_on = False
        self._cross = QPointF()
        self._before: QWidget | None = None
        """Who had the keys when it began."""
        super().__init__(seat, panel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # ---- what a mode is ------------------------------------------------------------------------------------------

    def put(self, px: float, py: float) -> None:
        """A click, or the key that stands for it, at a pixel."""
        raise NotImplementedError

    def take_back(self) -> None:
        """Take the last step back."""
        raise NotImplementedError

    def finish(self) -> None:
        """What was drawn is done; it stays until Esc."""
        raise NotImplementedError

    def forget(self) -> None:
        """Nothing is drawn any more."""
        raise NotImplementedError

    def told(self) -> tuple[str, ...]:
        """What stands above the map: what was found, then which keys do what."""
        raise NotImplementedError

    def pressed(self, _event: QKeyEvent) -> bool:
        """A key that only this mode knows; False where it does not."""
        return False

    # ---- coming and going ----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Take pointer and keys; what was drawn before goes."""
        if self._panel.geometry_shown is None:
            return
        self.forget()
        if not self.is_on:
            self._before = self.window().focusWidget()
        self.is_on = True
        canvas = self._panel.canvas
        self._cross = QPointF(canvas.width() / 2, canvas.height() / 2)
        self.hold()
        self.refresh()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def end(self) -> None:
        """Give pointer and keys back."""
        if not self.is_on:
            return
        self.is_on = False
        self.hold()
        if self.hasFocus():
            self.give_keys_back()
        self.refresh()

    def give_keys_back(self) -> None:
        """To whoever had them when the mode began."""
        before = self._before
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def step_out(self) -> bool:
        """Out of the mode, with what was drawn; False where there is neither."""
        if not self.is_on and not self.has_something():
            return False
        self.end()
        self.forget()
        self.refresh()
        return True

    def hold(self) -> None:
        """Hold the pointer of the canvas there is now, or let it go."""
        canvas = self._panel.canvas
        canvas.hand = self if self.is_on else None if canvas.hand is self else canvas.hand
        canvas.setCursor(Qt.CursorShape.CrossCursor if self.is_on else Qt.CursorShape.ArrowCursor)

    def follow_canvas(self) -> None:
        """Another canvas, the same hand on it."""
        super().follow_canvas()
        if self.is_on:
            self.hold()

    # ---- pointer and keys ----------------------------------------------------------------------------------------

    def clicked(self, px: float, py: float) -> None:
        """The pointer stands for the cross-hair."""
        self._cross = QPointF(px, py)
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.put(px, py)
        self.refresh()

    def double_clicked(self, _px: float, _py: float) -> None:
        """The second click ends."""
        self.finish()
        self.refresh()

    def pointed(self, px: float, py: float) -> None:
        """The cross-hair follows the pointer."""
        self._cross = QPointF(px, py)
        self.update()

    def drawn(self, px: float, py: float, began: tuple[float, float], is_over: bool) -> None:
        """Nothing is drawn by dragging here."""

    @property
    def cross(self) -> LonLat:
        """The place under the cross-hair."""
        return self.place_at(self._cross.x(), self._cross.y())

    def event(self, event: QEvent) -> bool:
        """Esc is this mode's while it has the keys, not the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == KEY.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cross-hair, Space puts, Backspace takes back, Enter ends, Esc leaves; the rest is the window's."""
        key, bare = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        fine = bare == Qt.KeyboardModifier.ControlModifier
        plain = bare == Qt.KeyboardModifier.NoModifier
        if not self.is_on:
            event.ignore()
        elif key in ARROWS and (plain or fine):
            self._move(*ARROWS[key], FINE_PX if fine else STEP_PX)
        elif key == KEY.Key_Space and plain:
            self.put(self._cross.x(), self._cross.y())
        elif key == KEY.Key_Backspace:
            self.take_back()
        elif key in (KEY.Key_Return, KEY.Key_Enter) and plain:
            self.finish()
        elif key == KEY.Key_Escape:
            self.step_out()
        elif not self.pressed(event):
            event.ignore()
            return
        self.refresh()

    def _move(self, right: int, down: int, step_px: float) -> None:
        """Move the cross-hair; at the edge the map moves under it."""
        to = self._cross + QPointF(right, down) * step_px
        inside = QRectF(self.rect()).adjusted(EDGE_PX, EDGE_PX, -EDGE_PX, -EDGE_PX)
        if inside.contains(to):
            self._cross = to
        else:
            self._panel.pan(right * 0.1, down * 0.1)

    # ---- how it looks --------------------------------------------------------------------------------------------

    def has_something(self) -> bool:
        """Whether the mode is in use."""
        return self.is_on

    def draw(self, painter: QPainter) -> None:
        """What was drawn, the cross-hair and what is told."""
        self.draw_marks(painter)
        if self.is_on:
            self._draw_cross(painter)
        self.draw_told(painter)

    def _draw_cross(self, painter: QPainter) -> None:
        for pen in (QPen(QColor(self._seat.palette.ground), 4.0), QPen(QColor(self._seat.palette.text), 1.6)):
            painter.setPen(pen)
            for right, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                arm = QPointF(right, down)
                painter.drawLine(self._cross + arm * 3.0, self._cross + arm * CROSS_PX)

    def draw_told(self, painter: QPainter) -> None:
        """What was found and which keys do what, in a box below the buttons."""
        palette, lines = self._seat.palette, self.told()
        fonts = [face(BASE_PX, bold=True), *[face(SMALL_PX)] * (len(lines) - 1)]
        room = self.width() - 24 - 2 * PAD_PX
        shown = [
            QFontMetricsF(font).elidedText(line, Qt.TextElideMode.ElideRight, room)
            for font, line in zip(fonts, lines, strict=True)
        ]
        wide = max((QFontMetricsF(font).horizontalAdvance(line) for font, line in zip(fonts, shown, strict=True)), default=0.0)
        box = QRectF(0, self._panel.below_strip + APART_PX, wide + 2 * PAD_PX, LINE_PX * len(lines) + 10.0)
        box.moveLeft((self.width() - box.width()) / 2)
        painter.setPen(QPen(QColor(palette.focus if self.is_on else palette.line), 1.0))
        painter.setBrush(QColor(palette.panel))
        painter.drawRoundedRect(box, 4.0, 4.0)
        for number, (font, line) in enumerate(zip(fonts, shown, strict=True)):
            painter.setFont(font)
            painter.setPen(QColor(palette.text if number == 0 else palette.dim))
            at = QRectF(box.left(), box.top() + 5.0 + number * LINE_PX, box.width(), LINE_PX)
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, line)
