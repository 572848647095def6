"""Cameras by id, by grid, and which of them can see a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from governance.camera import Camera, CameraState
from governance.changes import CameraChanged
from governance.places import LonLat

DEGREE_M = 111_195.0
"""Metres of a degree of latitude on the sphere of governance.places."""

Columns = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]


class Cameras:
    """All cameras the post may see. Main thread only."""

    def __init__(self, cameras: Iterable[Camera] = ()) -> None:
        """In the order given."""
        self._by_id = {camera.id: camera for camera in cameras}
        self._listed: list[Camera] | None = None
        self._has_new = False
        self._columns: Columns | None = None
        """Longitude, latitude, reach in metres; worked out when a place is asked about."""
        self._gone: dict[str, int] = {}
        """The version at which a camera last left a stream: what is older and comes later through another is past."""

    def __len__(self) -> int:
        """How many cameras there are."""
        return len(self._by_id)

    def all(self) -> list[Camera]:
        """All cameras in the order of the snapshot, new ones by their codes among them, as they are now."""
        if self._listed is None and self._has_new:
            self._by_id, self._has_new = dict(sorted(self._by_id.items())), False
        if self._listed is None:
            self._listed = list(self._by_id.values())
        return self._listed

    def get(self, camera: str) -> Camera | None:
        """One camera by its id."""
        return self._by_id.get(camera)

    def in_grid(self, grid: str) -> list[Camera]:
        """The cameras of an area: a grid, or anything above it."""
        return [camera for camera in self.all() if camera.grid.startswith(grid)]

    def seeing(self, place: LonLat, limit: int) -> list[Camera]:
        """The cameras whose sector holds a place: those that can be watched first, the nearest first."""
        cameras = self.all()
        if not cameras:
            return []
        lon, lat, reach_m = self._known_columns()
        north = np.abs(lat - place.lat) * DEGREE_M
        east = np.abs(lon - place.lon) * DEGREE_M * np.cos(np.radians(place.lat))
        near = np.flatnonzero(np.hypot(north, east) <= reach_m * 1.01 + 1.0)
        found = [camera for camera in (cameras[row] for row in near.tolist()) if camera.sees(place)]
        found.sort(key=lambda camera: (camera.state is not CameraState.ONLINE, camera.place.distance_m(place), camera.id))
        return found[:limit]

    def change(self, fact: CameraChanged) -> bool:
        """Take over what became of one camera; whether anything here is another now."""
        if fact.is_gone:
            return self._forget(fact.camera, fact.version)
        if fact.whole is not None:
            return self._take(fact.whole)
        known = self._by_id.get(fact.camera)
        if known is None or fact.version not in (0, known.version):
            return False
        self._by_id[fact.camera] = replace(known, state=fact.state)
        self._listed = None
        return True

    def _take(self, camera: Camera) -> bool:
        """A camera as it is now; the same, or something newer, may have come through another stream."""
        known = self._by_id.get(camera.id)
        if max(self._gone.get(camera.id, 0), known.version if known else 0) > camera.version:
            return False
        self._by_id[camera.id] = camera
        self._has_new |= known is None
        self._listed = self._columns = None
        return True

    def _forget(self, camera: str, version: int) -> bool:
        """A camera left a stream, but where another told something as new or newer of it."""
        self._gone[camera] = max(version, self._gone.get(camera, 0))
        known = self._by_id.get(camera)
        if known is None or known.version >= version:
            return False
        del self._by_id[camera]
        self._listed = self._columns = None
        return True

    def _known_columns(self) -> Columns:
        """Where they stand and how far they see."""
        if self._columns is None:
            cameras = self.all()
            self._columns = (
                np.array([camera.place.lon for camera in cameras]),
                np.array([camera.place.lat for camera in cameras]),
                np.array([camera.reach_m for camera in cameras]),
            )
        return self._columns
