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
from PySide6.QtCore import QTimer

from desktop.duty_window import DutyWindow
from desktop.legible import legible
from desktop.map.labels import whole
from desktop.map_panel import MapPanel
from desktop.seat import Seat
from desktop.video_wall.tile_panel import TilePanel

TILES_APART_S = 1.0
READ_MS = 150
WATCHED = 40
"""Workers whose dots are followed, spread over all rows."""
PIXEL = 1.0


class MeasureLog:
    """Writes a line when a frame that shows something was swapped. Main thread only.

    Kinds: started; painted (ms from the map's first draw call to the swap); tiles (camera, whether it is online, state,
    age, where on the screen; once a second while cameras are shown, and once empty when they are put away); ready (the
    town and the cases are painted); case_painted (incident, version, state: the frame shows it as a row of the board, as
    the open card or as a pin of its own; one that waits is logged with the frame that shows it); attention (selected
    incident, the form or command line that has the keys, ranked candidates); view (scale of the map); dot_painted (worker
    number, fix_at in seconds since 1970: the dot is on the map, within a pixel of the fix); texts (what the window says in
    words and the incident that is selected, only where that was asked for: to read a whole window costs milliseconds).
    """

    def __init__(self, path: Path, seat: Seat, reads: bool = False) -> None:
        """Begin a new file; `follow` says whose window is watched, `reads` whether its words are written too."""
        self._file: IO[str] = path.open("w", encoding="utf-8", buffering=1)
        self._seat = seat
        self._duty: DutyWindow | None = None
        self._cases: dict[UUID, list[tuple[int, str]]] = {}
        """What each touched case came to, version and state, until a frame shows it."""
        self._said: dict[str, dict[str, Any]] = {}
        self._dots: dict[int, float] = {}
        self._is_ready = False
        self._tiles: TilePanel | None = None
        self._tiles_at = 0.0
        self._are_tiles_shown = False
        self._read_again = QTimer()
        self._read_again.timeout.connect(self._read)
        if reads:
            self._read_again.start(READ_MS)
        self.write("started")

    def write(self, kind: str, **details: Any) -> None:
        """Write one line stamped now."""
        self._file.write(json.dumps({"t": time.monotonic(), "kind": kind, **details}) + "\n")

    def follow(self, seat: Seat, duty: DutyWindow, tiles: TilePanel) -> None:
        """Watch the frames of an officer's window, and the tiles in it; what was watched before counts no more."""
        self._seat, self._duty, self._tiles = seat, duty, tiles
        self._cases.clear()
        self._dots.clear()
        panel: MapPanel = duty.map_panel
        panel.canvas.frame_swapped.connect(self._swapped)
        panel.canvas_changed.connect(lambda: panel.canvas.frame_swapped.connect(self._swapped))
        panel.fix_shown.connect(self._fixes)

    def touched(self, cases: Iterable[UUID]) -> None:
        """These cases were just handed to the board, the card and the map."""
        for incident in cases:
            case = self._seat.situation.cases.get(incident)
            if case is not None:
                came_to = self._cases.setdefault(incident, [])
                now = (case.incident.version, str(case.incident.state))
                if now not in came_to:
                    came_to.append(now)

    def close(self) -> None:
        """End the file."""
        self._read_again.stop()
        self.write("ended")
        self._file.close()

    def _read(self) -> None:
        """Write down what the window says, where it says something else."""
        if self._duty is not None and self._duty.isVisible():
            self._say_if_new("attention", **self._attention(self._duty))
            self._say_if_new("texts", incident=str(self._seat.selection.incident or ""), texts=legible(self._duty))

    def _fixes(self, rows: npt.NDArray[np.int32]) -> None:
        at_s = self._seat.situation.workers.at_s
        step = max(1, len(at_s) // WATCHED)
        for row in rows.tolist():
            if row % step == 0:
                self._dots[row] = float(at_s[row])

    def _swapped(self, number: int) -> None:
        if self._duty is None:
            return
        panel: MapPanel = self._duty.map_panel
        took_s = getattr(panel.canvas, "frame_s", 0.0)
        if took_s:
            self.write("painted", ms=round(took_s * 1e3, 2))
        self._look_at_tiles()
        self._say_if_new("attention", **self._attention(self._duty))
        if panel.geometry_shown is None:
            return
        self._say_if_new("view", metres_per_pixel=panel.canvas.viewpoint.metres_per_pixel)
        if not self._is_ready and not self._seat.is_loading:
            self._is_ready = True
            self.write("ready", frame=number, cases=len(self._seat.situation.cases))
        if self._cases:
            self._look_at_cases(self._duty, number)
        if self._dots:
            self._look_at_dots(panel, number)

    def _say_if_new(self, kind: str, **details: Any) -> None:
        """Write a line that says something else than the last of its kind."""
        if self._said.get(kind) != details:
            self._said[kind] = details
            self.write(kind, **details)

    def _attention(self, duty: DutyWindow) -> dict[str, Any]:
        """What is selected, and who has the keys: CommandLine, the class of the open form, or nothing of both."""
        chosen, form = self._seat.selection, duty.card.open_form
        taker = type(form).__name__ if form is not None else ""
        if duty.window().focusWidget() is duty.top.command:  # the application has no focus where nobody manages windows
            taker = "CommandLine"
        return {"incident": str(chosen.incident or ""), "form": taker, "candidates": len(chosen.candidates)}

    def _look_at_cases(self, duty: DutyWindow, frame: int) -> None:
        """Log the touched cases that this frame shows; the others wait for theirs."""
        shown = duty.board.shown() | _pins_in_sight(duty.map_panel.canvas)
        if duty.card.case is not None and duty.card.isVisible():
            shown.add(duty.card.case.incident.id)
        for incident in shown & self._cases.keys():
            for version, state in self._cases.pop(incident):
                self.write("case_painted", frame=frame, incident=str(incident), version=version, state=state)

    def _look_at_tiles(self) -> None:
        """Log what the tiles show, once a second."""
        if self._tiles is None or not self._tiles.isVisible():
            if self._are_tiles_shown:
                self._are_tiles_shown, self._tiles_at = False, 0.0
                self.write("tiles", tiles=[])
            return
        if time.monotonic() < self._tiles_at:
            return
        self._are_tiles_shown, self._tiles_at = True, time.monotonic() + TILES_APART_S
        shown = [
            {
                "camera": tile.camera_id,
                "is_online": tile.is_online,
                "sight": str(tile.sight),
                "age_s": tile.age_s,
                "box": [tile.picture.x(), tile.picture.y(), tile.picture.width(), tile.picture.height()],
            }
            for tile in self._tiles.shown()
        ]
        self.write("tiles", tiles=shown)

    def _look_at_dots(self, panel: MapPanel, frame: int) -> None:
        """Log the dots that are drawn where their fix is, to a pixel, and on the map."""
        workers, geometry = self._seat.situation.workers, panel.geometry_shown
        assert geometry is not None
        rows = np.fromiter(self._dots, np.int64, len(self._dots))
        plane = geometry.plane.to_plane(workers.lon[rows], workers.lat[rows])
        shown, scale = panel.canvas.shown, panel.canvas.viewpoint.metres_per_pixel
        height_m = shown.height_at(shown.worker_grid[rows], scale)
        wanted = panel.canvas.drawn_oblique().screen(plane[:, 0], plane[:, 1], height_m)
        for row, place in zip(rows.tolist(), wanted, strict=True):
            drawn = panel.canvas.where_drawn(str(int(workers.numbers[row])))
            if drawn is None or not (0 <= drawn[0] < panel.canvas.width() and 0 <= drawn[1] < panel.canvas.height()):
                continue
            if np.hypot(drawn[0] - place[0], drawn[1] - place[1]) <= PIXEL:
                self.write("dot_painted", frame=frame, worker=int(workers.numbers[row]), fix_at=self._dots.pop(row))


def _pins_in_sight(canvas: Any) -> set[UUID]:
    """The incidents whose own pin stands whole and uncovered on the map in its last frame; none in a cluster."""
    if not canvas.isVisible():
        return set()
    things, boxes = canvas.mark_boxes("pins")
    seen = whole(boxes, (0.0, 0.0, canvas.width(), canvas.height()), canvas.furniture.covered())
    return {
        UUID(thing.id) for thing, is_seen in zip(things, seen, strict=True) if is_seen and thing and thing.kind == "incident"
    }
