"""The menu of a tile: what can be done with it, each with its key. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.video_wall.slots import WHOLE

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel


def show_menu(seat: Seat, panel: VideoPanel, spot: QPoint) -> None:
    """Show what can be done with the chosen tile at a place of the screen."""
    words, board, slot = seat.words, panel.board, panel.board.tiles.slots[panel.board.at]
    camera = seat.situation.cameras.get(slot.camera)
    menu = QMenu(panel)

    def wish(name: str) -> Callable[[], object]:
        return lambda: panel.wanted.emit(name)

    rows: list[tuple[str, str, bool, Callable[[], object]]] = [
        ("large_off" if board.large is not None else "large", "Enter", bool(slot.camera), board.enlarge),
        ("unlock" if slot.is_locked else "lock", "Space", bool(slot.camera), panel.switch_lock),
        ("whole", "0", slot.zoom != WHOLE, lambda: board.change(board.tiles.zoomed(board.at, WHOLE))),
        ("wider", "Ctrl +", board.tiles.side > slot.cells, lambda: board.change(board.tiles.enlarged(board.at, 1))),
        ("smaller", "Ctrl −", slot.cells > 1, lambda: board.change(board.tiles.enlarged(board.at, -1))),
        ("turn", key_of("video_turn"), camera is not None and camera.is_ptz, wish("video_turn")),
        ("back", "Home", bool(slot.camera), panel.past.look_back),
        ("live", "End", bool(board.past.ago_s(slot.camera)), lambda: panel.past.look_back(False)),
        ("report", key_of("video_report"), bool(slot.camera), wish("video_report")),
        ("clip", key_of("video_clip"), bool(slot.camera), wish("video_clip")),
        ("clips", key_of("video_clips"), True, wish("video_clips")),
        ("retry", "", bool(slot.camera), lambda: board.retry(board.at)),
        ("empty", "Delete", bool(slot.camera), lambda: board.change(board.tiles.emptied(board.at))),
        ("empty_all", "", bool(board.tiles.cameras()), panel.empty_all),
        ("undo", "Ctrl+Z", panel.can_undo, panel.undo),
    ]
    for name, key, is_on, does in rows:
        entry = menu.addAction(words(f"tile.{name}") + (f"\t{key}" if key else ""), does)
        entry.setEnabled(is_on)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(spot)
