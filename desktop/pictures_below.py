"""The pictures of a few cameras below a list on the map; a stream is open only while it is seen. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from desktop.seat import Seat
from governance.camera import Camera
from governance.places import LonLat

MOST = 4


class PicturesBelow:
    """None to begin with; at most four, the one opened first goes first."""

    def __init__(self, seat: Seat, column: QVBoxLayout, at: int, changed: Callable[[], object]) -> None:
        """In a column of a list, at a position; `changed` is told when it takes more or less room."""
        self._seat, self._column, self._at, self._changed = seat, column, at, changed
        self.opened: list[Camera] = []
        self._tiles: Any = None

    def switch(self, camera: Camera, place: LonLat | None = None) -> None:
        """Open the pictures of a camera, or close them; captions say how far it is from a place."""
        others = [each for each in self.opened if each.id != camera.id]
        self._show(others if len(others) < len(self.opened) else [*others, camera][-MOST:], place)

    def close(self) -> None:
        """No stream stays open."""
        self._show([], None)

    def _show(self, cameras: list[Camera], place: LonLat | None) -> None:
        had, self.opened = bool(self.opened), cameras
        if self._tiles is None and cameras and self._seat.new_tiles is not None:
            self._tiles = self._seat.new_tiles()
            self._column.insertWidget(self._at, self._tiles)
        if self._tiles is not None:
            self._tiles.show_cameras(cameras, place)
            self._tiles.setVisible(bool(cameras))
            self._seat.ask_reason()
        if had or cameras:
            self._changed()
