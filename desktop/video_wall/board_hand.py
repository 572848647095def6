"""What the pointer and the keys do on a board of tiles; mixed into the board.

Click chooses, double click enlarges, the wheel zooms into a picture, a drag moves what is zoomed, else carries the camera to
another slot. What may be dropped: cameras from the map, from lists, from other boards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication

from desktop.video_wall.camera_drag import camera_in, drag, slot_in
from desktop.video_wall.slots import WHOLE
from desktop.video_wall.tile import Tile

if TYPE_CHECKING:
    from desktop.video_wall.tile_board import TileBoard

    Host = TileBoard
else:
    Host = object

KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
WHEEL_STEP, KEY_STEP, MOVE_SHARE = 1.25, 1.5, 0.2
WAYS = {KEY.Key_Left: (-1, 0), KEY.Key_Right: (1, 0), KEY.Key_Up: (0, -1), KEY.Key_Down: (0, 1)}


class Turner(Protocol):
    """Takes keys and pointer of the board while a camera is in hand."""

    @property
    def is_in_hand(self) -> bool:
        """Whether the camera of the chosen tile is."""
        ...

    def pressed(self, event: QKeyEvent) -> bool:
        """A key; False where it means nothing to the camera."""
        ...

    def released(self, event: QKeyEvent) -> bool:
        """A key is held no more; False where it moved nothing."""
        ...

    def dragged(self, kind: QEvent.Type, spot: QPointF, picture: QRect) -> bool:
        """The pointer on the chosen tile, whose picture lies there; False where it turns nothing."""
        ...

    def stop(self) -> None:
        """Keys and pointer went elsewhere."""
        ...


class BoardHand(Host):
    """The officer's hand on a board."""

    menu_wanted = Signal(QPoint)
    """A right click, in pixels of the screen; the slot under it is chosen."""
    page_wanted = Signal(int)
    """A page of turns further or back."""
    undo_wanted = Signal()
    past_wanted = Signal(bool)
    """Farther back in the past of the chosen camera, or (False) live again."""
    turner: Turner | None = None
    is_waiting: Callable[[], bool] = staticmethod(lambda: False)
    """Whether Esc has to take back first what was asked for."""
    """What turns cameras; None where nothing does."""
    _pressed_at: QPointF | None = None
    _last_at: QPointF | None = None

    # ---- pointer -------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What the pointer does on a tile it does on the board; a click on a tile that is down tries again as well."""
        if not isinstance(watched, Tile):
            return False
        at = self.slot_of(watched)
        if at is None:
            return False
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonDblClick:
            self.choose(at)
            self.enlarge()
            return True
        if isinstance(event, QMouseEvent):
            self._moused(event, at, watched)
            return event.type() != QEvent.Type.MouseButtonPress
        if isinstance(event, QWheelEvent):
            self._wheeled(event, at, watched)
            return True
        if isinstance(event, QContextMenuEvent):
            self.choose(at)
            self.menu_wanted.emit(event.globalPos())
            return True
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the empty slot under the pointer."""
        at = self.slot_at(event.position().toPoint())
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if at is not None:
            self.choose(at)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the empty slot under the pointer."""
        at = self.slot_at(event.pos())
        if at is not None:
            self.choose(at)
            self.menu_wanted.emit(event.globalPos())

    def _moused(self, event: QMouseEvent, at: int, tile: Tile) -> None:
        if event.type() == QEvent.Type.MouseButtonPress and event.button() is Qt.MouseButton.LeftButton:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.choose(at)
            self._point_at(event.position(), at, tile)
            self._pressed_at = self._last_at = event.position()
            if self._turned(event, tile):
                self._pressed_at = None
        elif self._turned(event, tile):
            return
        elif event.type() == QEvent.Type.MouseMove and self._pressed_at is not None and self._last_at is not None:
            zoom, box = self.tiles.slots[at].zoom, tile.image_box()
            if zoom.times > 1.0:
                by, self._last_at = event.position() - self._last_at, event.position()
                moved = zoom.moved(-by.x() / max(1, box.width()), -by.y() / max(1, box.height()))
                self.change(self.tiles.zoomed(at, moved))
            elif (event.position() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
                self._pressed_at = None
                drag(self, tile.near.camera.id, tile.near.camera.name, self.palette_worn, f"{id(self)} {at}")
        elif event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed_at = self._last_at = None

    def _turned(self, event: QMouseEvent, tile: Tile) -> bool:
        """Whether the pointer turns the camera of the chosen tile."""
        kind = event.type()
        if self.turner is None or (kind == QEvent.Type.MouseButtonPress and event.button() is not Qt.MouseButton.LeftButton):
            return False
        return self.turner.dragged(kind, event.position(), tile.image_box())

    def _point_at(self, spot: QPointF, at: int, tile: Tile) -> None:
        """Remember where in the picture was pressed: what is seen there lies in that direction."""
        box, (left, _, size) = tile.image_box(), self.tiles.slots[at].zoom.part()
        if box.width() > 0:
            self.across = left + size * min(1.0, max(0.0, (spot.x() - box.left()) / box.width()))

    def _wheeled(self, event: QWheelEvent, at: int, tile: Tile) -> None:
        """Zoom into a picture; the place under the pointer stays where it is."""
        notches, box = event.angleDelta().y() / 120.0, tile.image_box()
        event.accept()
        if not notches or box.isEmpty():
            return
        x = min(1.0, max(0.0, (event.position().x() - box.left()) / box.width()))
        y = min(1.0, max(0.0, (event.position().y() - box.top()) / box.height()))
        self.change(self.tiles.zoomed(at, self.tiles.slots[at].zoom.by(WHEEL_STEP**notches, x, y)))

    # ---- dropping ------------------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A camera may come."""
        if camera_in(event.mimeData()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Show where it would fall."""
        self._aim(self.slot_at(event.position().toPoint()))
        event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        """It goes elsewhere."""
        self._aim(None)

    def dropEvent(self, event: QDropEvent) -> None:
        """A camera falls into a slot; from another slot of this board the two exchange places."""
        self._aim(None)
        at, camera = self.slot_at(event.position().toPoint()), camera_in(event.mimeData())
        if at is None or not camera:
            return
        event.acceptProposedAction()
        board, _, before = slot_in(event.mimeData()).partition(" ")
        is_here = board == str(id(self)) and before in map(str, self.tiles.seen())
        if is_here and self.tiles.slots[int(before)].camera == camera:
            self.change(self.tiles.swapped(int(before), at))
        else:  # from elsewhere, or a page was turned while it was carried
            self.change(self.tiles.put(at, camera))
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.choose(at)

    def _aim(self, at: int | None) -> None:
        if at != self.target:
            self.target = at
            self.update()

    # ---- keys ----------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keys that mean something here are no shortcuts of the window meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            key, is_plain = KEY(event.key()), not event.modifiers() & CTRL
            in_hand = self.turner is not None and self.turner.is_in_hand
            leaves = key == KEY.Key_Escape and (in_hand or (self.large is not None and not self.is_waiting()))
            if leaves or (is_plain and key in (KEY.Key_PageUp, KEY.Key_PageDown)):
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose, with Ctrl exchange, with Shift move what is zoomed; the rest is in the table of the board."""
        if self.turner is not None and self.turner.pressed(event):
            return
        key, modifiers = KEY(event.key()), event.modifiers()
        if key in WAYS:
            self._way(*WAYS[key], with_ctrl=bool(modifiers & CTRL), with_shift=bool(modifiers & SHIFT))
        elif not (self._with_ctrl(key) if modifiers & CTRL else self._plain(key, event.isAutoRepeat())):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A camera in hand stops where nothing is held any more."""
        if self.turner is None or not self.turner.released(event):
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen slot is shown as such."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And not any more; nothing is held that nobody hears the end of."""
        if self.turner is not None:
            self.turner.stop()
        super().focusOutEvent(event)
        self.update()

    def _way(self, right: int, down: int, *, with_ctrl: bool, with_shift: bool) -> None:
        zoom = self.tiles.slots[self.at].zoom
        if with_ctrl:
            other = self.beside(right, down)
            self.change(self.tiles.swapped(self.at, other))
            self.choose(other)
        elif with_shift:
            self.change(self.tiles.zoomed(self.at, zoom.moved(right * MOVE_SHARE, down * MOVE_SHARE)))
        else:
            self.step(right, down)

    def _with_ctrl(self, key: Qt.Key) -> bool:
        if key == KEY.Key_Z:
            self.undo_wanted.emit()
        elif key in (KEY.Key_Plus, KEY.Key_Equal):
            self.change(self.tiles.enlarged(self.at, 1))
        elif key == KEY.Key_Minus:
            self.change(self.tiles.enlarged(self.at, -1))
        else:
            return False
        return True

    def _plain(self, key: Qt.Key, is_repeat: bool) -> bool:
        slot = self.tiles.slots[self.at]
        if key in (KEY.Key_PageUp, KEY.Key_PageDown):
            self.page_wanted.emit(1 if key == KEY.Key_PageDown else -1)
        elif key in (KEY.Key_Plus, KEY.Key_Equal):
            self.change(self.tiles.zoomed(self.at, slot.zoom.by(KEY_STEP)))
        elif key == KEY.Key_Minus:
            self.change(self.tiles.zoomed(self.at, slot.zoom.by(1 / KEY_STEP)))
        elif key == KEY.Key_0:
            self.change(self.tiles.zoomed(self.at, WHOLE))
        elif key in (KEY.Key_Home, KEY.Key_End):
            self.past_wanted.emit(key == KEY.Key_Home)
        elif key in (KEY.Key_Delete, KEY.Key_Backspace):
            self.change(self.tiles.emptied(self.at))
        elif is_repeat:
            return False
        elif key in (KEY.Key_Return, KEY.Key_Enter) or (key == KEY.Key_Escape and self.large is not None):
            self.enlarge()
        elif key == KEY.Key_Space:
            self.change(self.tiles.locked(self.at, not slot.is_locked))
        else:
            return False
        return True
