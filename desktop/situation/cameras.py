"""Cameras by id, by grid, and which of them can see a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from governance.camera import Camera, CameraState
from governance.changes import CameraChanged
from governance.places import LonLat

DEGREE_M = 111_195.0
"""Metres of a degree of latitude on the sphere of governance.places."""


class Cameras:
    """All cameras the post may see. Main thread only."""

    def __init__(self, cameras: Iterable[Camera] = ()) -> None:
        """Rows in the order given."""
        self._cameras = list(cameras)
        self._row_of = {camera.id: row for row, camera in enumerate(self._cameras)}
        self._lon = np.array([camera.place.lon for camera in self._cameras])
        self._lat = np.array([camera.place.lat for camera in self._cameras])
        self._reach_m = np.array([camera.range_m for camera in self._cameras])

    def __len__(self) -> int:
        """How many cameras there are."""
        return len(self._cameras)

    def all(self) -> list[Camera]:
        """All cameras in the order of the snapshot, as they are now."""
        return self._cameras

    def get(self, camera: str) -> Camera | None:
        """One camera by its id."""
        row = self._row_of.get(camera)
        return None if row is None else self._cameras[row]

    def in_grid(self, grid: str) -> list[Camera]:
        """The cameras of an area: a grid, or anything above it."""
        return [camera for camera in self._cameras if camera.grid.startswith(grid)]

    def seeing(self, place: LonLat, limit: int) -> list[Camera]:
        """The cameras whose sector holds a place: those that can be watched first, the nearest first."""
        if not self._cameras:
            return []
        north = np.abs(self._lat - place.lat) * DEGREE_M
        east = np.abs(self._lon - place.lon) * DEGREE_M * np.cos(np.radians(place.lat))
        near = np.flatnonzero(np.hypot(north, east) <= self._reach_m * 1.01 + 1.0)
        found = [camera for camera in (self._cameras[row] for row in near.tolist()) if camera.sees(place)]
        found.sort(key=lambda camera: (camera.state is not CameraState.ONLINE, camera.place.distance_m(place), camera.id))
        return found[:limit]

    def change(self, fact: CameraChanged) -> bool:
        """Take over the state of one camera; whether it is known."""
        row = self._row_of.get(fact.camera)
        if row is None:
            return False
        self._cameras[row] = replace(self._cameras[row], state=fact.state)
        return True
