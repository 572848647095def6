"""What became visible when, as JSON lines: for whoever compares two desks on one machine (CLOCK_MONOTONIC)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from desktop.map_panel import MapPanel
from desktop.seat import Seat
from desktop.video_wall.tile_panel import TilePanel

TILES_APART_S = 1.0
WATCHED = 40
"""Workers whose dots are followed, spread over all rows."""
PIXEL = 1.0


class MeasureLog:
    """Writes a line when a frame that shows something was swapped. Main thread only.

    Kinds: started; painted (ms from the map's first draw call to the swap); tiles (camera, state, age, where on the
    screen; once a second while cameras are shown); ready (the town and the cases are painted); case_painted (incident,
    version, state); dot_painted (worker number, fix_at in seconds since 1970: the dot is within a pixel of the fix).
    """

    def __init__(self, path: Path, seat: Seat) -> None:
        """Begin a new file."""
        self._file: IO[str] = path.open("w", encoding="utf-8", buffering=1)
        self._seat = seat
        self._panel: MapPanel | None = None
        self._cases: dict[UUID, int] = {}
        self._dots: dict[int, float] = {}
        self._is_ready = False
        self._tiles: TilePanel | None = None
        self._tiles_at = 0.0
        self.write("started")

    def write(self, kind: str, **details: Any) -> None:
        """Write one line stamped now."""
        self._file.write(json.dumps({"t": time.monotonic(), "kind": kind, **details}) + "\n")

    def follow(self, panel: MapPanel, tiles: TilePanel) -> None:
        """Watch the frames of a map, and the tiles beside it."""
        self._panel, self._tiles = panel, tiles
        panel.canvas.frame_swapped.connect(self._swapped)
        panel.fix_shown.connect(self._fixes)

    def touched(self, cases: Iterable[UUID]) -> None:
        """These cases were just handed to the board, the card and the map."""
        for incident in cases:
            case = self._seat.situation.cases.get(incident)
            if case is not None:
                self._cases[incident] = case.incident.version

    def close(self) -> None:
        """End the file."""
        self.write("ended")
        self._file.close()

    def _fixes(self, rows: npt.NDArray[np.int32]) -> None:
        at_s = self._seat.situation.workers.at_s
        step = max(1, len(at_s) // WATCHED)
        for row in rows.tolist():
            if row % step == 0:
                self._dots[row] = float(at_s[row])

    def _swapped(self, number: int) -> None:
        panel = self._panel
        took_s = getattr(panel.canvas, "frame_s", 0.0) if panel is not None else 0.0
        if took_s:
            self.write("painted", ms=round(took_s * 1e3, 2))
        self._look_at_tiles()
        if not self._is_ready and panel is not None and panel.geometry_shown is not None and not self._seat.is_loading:
            self._is_ready = True
            self.write("ready", frame=number, cases=len(self._seat.situation.cases))
        for incident, version in self._cases.items():
            case = self._seat.situation.cases.get(incident)
            state = str(case.incident.state) if case else ""
            self.write("case_painted", frame=number, incident=str(incident), version=version, state=state)
        self._cases.clear()
        if self._dots and panel is not None and panel.geometry_shown is not None:
            self._look_at_dots(panel, number)

    def _look_at_tiles(self) -> None:
        """Log what the tiles show, once a second."""
        if self._tiles is None or not self._tiles.isVisible() or time.monotonic() < self._tiles_at:
            return
        self._tiles_at = time.monotonic() + TILES_APART_S
        shown = [
            {
                "camera": tile.camera_id,
                "sight": str(tile.sight),
                "age_s": tile.age_s,
                "box": [tile.picture.x(), tile.picture.y(), tile.picture.width(), tile.picture.height()],
            }
            for tile in self._tiles.shown()
        ]
        self.write("tiles", tiles=shown)

    def _look_at_dots(self, panel: MapPanel, frame: int) -> None:
        """Log the dots that are drawn where their fix is, to a pixel."""
        workers, geometry = self._seat.situation.workers, panel.geometry_shown
        assert geometry is not None
        rows = np.fromiter(self._dots, np.int64, len(self._dots))
        plane = geometry.plane.to_plane(workers.lon[rows], workers.lat[rows])
        shown, scale = panel.canvas.shown, panel.canvas.viewpoint.metres_per_pixel
        height_m = shown.height_at(shown.worker_grid[rows], scale)
        wanted = panel.canvas.drawn_oblique().screen(plane[:, 0], plane[:, 1], height_m)
        for row, place in zip(rows.tolist(), wanted, strict=True):
            drawn = panel.canvas.where_drawn(str(int(workers.numbers[row])))
            if drawn is not None and np.hypot(drawn[0] - place[0], drawn[1] - place[1]) <= PIXEL:
                self.write("dot_painted", frame=frame, worker=int(workers.numbers[row]), fix_at=self._dots.pop(row))
