"""Mouse and wheel on the map: drag pans, right or shift drag turns and tilts, a right click asks about a place, wheel zooms.

What measures or selects may hold the pointer meanwhile: clicks are its, and where it draws so is the left drag.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

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


class Hand(Protocol):
    """What holds the pointer instead of the map; all places in pixels of the canvas."""

    @property
    def draws(self) -> bool:
        """Whether a drag with the left button is its, too."""

    def clicked(self, px: float, py: float) -> None:
        """A press and release without a drag."""

    def double_clicked(self, px: float, py: float) -> None:
        """Twice in the same place; the first was a click."""

    def pointed(self, px: float, py: float) -> None:
        """The pointer is there, nothing pressed."""

    def drawn(self, px: float, py: float, began: tuple[float, float], is_over: bool) -> None:
        """A drag that began somewhere went on to a place, or ended there."""


class Gestures(Host):
    """What the pointer does on a canvas; mixed into both canvases."""

    hand: Hand | None = None
    """Who holds the pointer; a form that asks for a place goes before it."""
    carry: Callable[[str], None] | None = None
    """Takes a camera along with the pointer where a drag begins on its mark; without it such a drag pans."""
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
            if self.hand is not None:
                self.hand.pointed(at.x(), at.y())
            return
        drawing = self._drawing(move)
        if not self._dragging and (at - self._pressed_at).manhattanLength() > CLICK_SLOP_PX and self._carries(move):
            self._pressed_at = None
            return
        if (at - self._pressed_at).manhattanLength() > CLICK_SLOP_PX:
            self._dragging = True
            if drawing is None:
                self.handled.emit()
        if self._dragging and drawing is not None:
            drawing.drawn(at.x(), at.y(), self._pressed_at.toTuple(), False)  # type: ignore[arg-type]
        elif self._dragging:
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
        is_left, at = release.button() == Qt.MouseButton.LeftButton, release.position()
        if pressed is not None and not self._dragging and is_left:
            if self.hand is not None and not self.asks_place:
                self.hand.clicked(at.x(), at.y())
            else:
                self._clicked(at.x(), at.y())
        elif pressed is not None and is_left and (drawing := self._drawing(release)) is not None:
            drawing.drawn(at.x(), at.y(), pressed.toTuple(), True)  # type: ignore[arg-type]
        elif pressed is not None and not self._dragging and release.button() == Qt.MouseButton.RightButton:
            self._asked(at.x(), at.y())
        self._dragging = False

    def mouseDoubleClickEvent(self, click: QMouseEvent) -> None:
        """Go to the place and closer."""
        self._pressed_at = None
        if self.hand is not None and not self.asks_place:
            self.hand.double_clicked(click.position().x(), click.position().y())
            return
        self.handled.emit()
        self.zoom_to_pixel(click.position().x(), click.position().y())

    def wheelEvent(self, wheel: QWheelEvent) -> None:
        """Zoom, the place under the pointer staying where it is."""
        notches = wheel.angleDelta().y() / 120.0
        if notches:
            self.handled.emit()
            self.zoom_by(WHEEL_STEP**notches, (wheel.position().x(), wheel.position().y()))
        wheel.accept()

    def _carries(self, move: QMouseEvent) -> bool:
        """Whether a drag that begins now takes a camera along; it has ended then."""
        is_plain = move.buttons() == Qt.MouseButton.LeftButton and not move.modifiers()
        if self.carry is None or self._pressed_at is None or not is_plain or self._drawing(move) is not None or self.asks_place:
            return False
        found = self.thing_at(self._pressed_at.x(), self._pressed_at.y())
        if found is None or found.kind != "camera":
            return False
        self.carry(found.id)
        return True

    def _drawing(self, event: QMouseEvent) -> Hand | None:
        """Whose this drag is; None where it moves the map: not the left button, or with shift."""
        buttons = event.buttons() | event.button()
        is_plain = buttons == Qt.MouseButton.LeftButton and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        return self.hand if self.hand is not None and self.hand.draws and is_plain and not self.asks_place else None

    def leaveEvent(self, leave: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self._pointer_left()
        leave.accept()
