"""The cameras that see the place of the selected incident, beside it; live when asked for by V."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.seat import Seat
from desktop.seeing import seeing
from governance.camera import Camera, CameraState
from governance.incident import TERMINAL, Case
from governance.places import LonLat

MOST = 4
NEAR_M, NEAR_DEG = 400.0, 0.008
"""How far off a camera that does not see the place is still worth showing; a little more in degrees, to look quickly."""


class Pictures(QWidget):
    """A heading, a count, and the tiles. The tiles come from outside and show what `show_cameras` is given."""

    def __init__(self, seat: Seat, tiles: Any | None, parent: QWidget | None = None) -> None:
        """No camera yet."""
        super().__init__(parent)
        self._seat, self.tiles = seat, tiles
        self._case: Case | None = None
        self.is_open = True
        self._is_blind = False
        self.heading, self.count, self.none = QLabel(), QLabel(), QLabel()
        self.heading.setProperty("look", "name")
        for label in (self.count, self.none):
            label.setProperty("look", "dim")
        top = QHBoxLayout()
        top.setContentsMargins(0, 8, 0, 2)
        top.setSpacing(8)
        rule = QFrame()
        rule.setProperty("look", "rule")
        top.addWidget(self.heading)
        top.addWidget(rule, 1)
        top.addWidget(self.count)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.none)
        if tiles is not None:
            column.addWidget(tiles)
        self.retell()

    def show_case(self, case: Case | None) -> None:
        """Show the cameras that see a case's place, else the nearest; no case, no pictures (and no stream is held open)."""
        self._case = case
        words = self._seat.words
        place = case.incident.place if case and case.incident.state not in TERMINAL else None
        found = [near.camera for near in seeing(self._seat, place, MOST) if near.sees] if place else []
        cameras = found or (self._nearest(place) if place else [])
        self._is_blind = bool(cameras) and not found
        self._tell_heading()
        self.none.setVisible(not found)
        self.none.setText(words("card.pictures.blind" if cameras else "card.pictures.none"))
        reach = round(min((camera.place.distance_m(place) for camera in cameras if place), default=0))
        self.count.setText(words("card.pictures.count", count=len(cameras), reach=reach) if cameras else "")
        if self.tiles is not None:
            self.tiles.setVisible(bool(cameras) and self.is_open)
            self.tiles.show_cameras(cameras if self.is_open else [], place)

    def _nearest(self, place: LonLat) -> list[Camera]:
        """The closest cameras that work, whether they look this way or not."""
        near = [
            camera
            for camera in self._seat.situation.cameras.all()
            if abs(camera.place.lat - place.lat) < NEAR_DEG
            and abs(camera.place.lon - place.lon) < NEAR_DEG
            and camera.state is CameraState.ONLINE
        ]
        near = [camera for camera in near if camera.place.distance_m(place) <= NEAR_M]
        return sorted(near, key=lambda camera: (camera.place.distance_m(place), camera.id))[:MOST]

    def switch(self) -> None:
        """Open the pictures or close them: a closed one holds no stream."""
        self.is_open = not self.is_open
        self.show_case(self._case)
        self._seat.ask_reason()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.show_case(self._case)

    def _tell_heading(self) -> None:
        """Cameras that see the place, or those near by; and that V shows them again."""
        words = self._seat.words
        said = words("card.pictures.near" if self._is_blind else "card.pictures")
        self.heading.setText(f"{said}  V" if self.is_open else f"{said}  {words('card.pictures.closed')}")
