"""Mouse and wheel on the map: drag pans, right or shift drag turns and tilts, wheel zooms at the pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

if TYPE_CHECKING:
    from desktop.map.map_view import MapView

    Host = MapView
else:
    Host = object

WHEEL_STEP = 1.22
CLICK_SLOP_PX = 4.0
TURN_DEG_PER_PX, TILT_DEG_PER_PX = 0.3, 0.25


class Gestures(Host):
    """What the pointer does on a canvas; mixed into both canvases."""

    _pressed_at: QPointF | None = None
    _last_at: QPointF | None = None
    _dragging = False

    def mousePressEvent(self, press: QMouseEvent) -> None:
        """Remember where a drag or click began."""
        self._pressed_at = self._last_at = press.position()
        self._dragging = False

    def mouseMoveEvent(self, move: QMouseEvent) -> None:
        """Pan, turn, or see what is under the pointer."""
        at = move.position()
        if self._pressed_at is None or self._last_at is None or not move.buttons():
            self._pointer_moved(at.x(), at.y())
            return
        if (at - self._pressed_at).manhattanLength() > CLICK_SLOP_PX:
            self._dragging = True
            self.handled.emit()
        if self._dragging:
            by = at - self._last_at
            turning = move.buttons() & Qt.MouseButton.RightButton
            if turning or move.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.turn_and_tilt(-by.x() * TURN_DEG_PER_PX, -by.y() * TILT_DEG_PER_PX)
            else:
                self.pan_by(by.x(), by.y())
            self._last_at = at

    def mouseReleaseEvent(self, release: QMouseEvent) -> None:
        """A press and release without a drag picks what lies there."""
        pressed, self._pressed_at = self._pressed_at, None
        if pressed is not None and not self._dragging and release.button() == Qt.MouseButton.LeftButton:
            self._clicked(release.position().x(), release.position().y())
        self._dragging = False

    def mouseDoubleClickEvent(self, click: QMouseEvent) -> None:
        """Go to the place and closer."""
        self._pressed_at = None
        self.handled.emit()
        self.zoom_to_pixel(click.position().x(), click.position().y())

    def wheelEvent(self, wheel: QWheelEvent) -> None:
        """Zoom, the place under the pointer staying where it is."""
        notches = wheel.angleDelta().y() / 120.0
        if notches:
            self.handled.emit()
            self.zoom_by(WHEEL_STEP**notches, (wheel.position().x(), wheel.position().y()))
        wheel.accept()

    def leaveEvent(self, leave: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer_left()
        leave.accept()
