"""The name beside the worker or the camera that is selected: always there, whatever room the other names take."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from desktop.map.picking import Found
from desktop.map_sheet import MapSheet

APART_PX = 17.0


class ChosenName(MapSheet):
    """Nothing is selected to begin with; it goes with whoever walks. Main thread only."""

    _painted: tuple[str, QPointF] | None = None

    def has_something(self) -> bool:
        """Whether a worker or a camera is selected that has a place."""
        return self.said() is not None

    def said(self) -> tuple[str, QPointF] | None:
        """What it is called and where it is drawn; None where nothing is to be named."""
        chosen, geometry = self._panel.canvas.shown.selected, self._panel.geometry_shown
        name = self._name(chosen) if chosen is not None and geometry is not None else ""
        if not name:
            return None
        xy = self._xy(chosen)
        return (name, self.screen_xy(xy)[0]) if np.isfinite(xy).all() else None

    def draw_marks(self, painter: QPainter) -> None:
        """Beside its ring."""
        self._painted = self.said()
        if self._painted is not None:
            name, at = self._painted
            self.draw_plate(painter, at, APART_PX, name, self.ink.focus)

    # ---- within --------------------------------------------------------------------------------------------------

    def _name(self, chosen: Found) -> str:
        """Name and number of a worker, the name of a camera; empty for anything else, and where another sheet says it."""
        seat = self._panel.seat_shown
        if chosen.kind == "camera":
            camera = seat.situation.cameras.get(chosen.id)
            return camera.name if camera is not None else ""
        row = seat.situation.workers.row_of_number(int(chosen.id)) if chosen.kind == "worker" else None
        if row is None or self._panel.shows_past:
            return ""
        person = seat.situation.workers.people()[row]
        ranked = self._seat.selection.ranked
        is_said = ranked is not None and any(each.worker == person.id for each in ranked.people)
        return "" if is_said else f"{person.name} #{person.number}"

    def _xy(self, chosen: Found) -> np.ndarray:
        """Plane metres float64[1, 2] where the canvas draws it at this moment."""
        canvas = self._panel.canvas
        row = canvas.shown.workers.row(chosen.id) if chosen.kind == "worker" else None
        if row is not None:
            return np.asarray(canvas.shown.workers.at(canvas.now_s(), np.array([row], np.int32)))
        place = canvas.shown.place_of(chosen)
        return np.array([place[:2]] if place is not None else [(np.nan, np.nan)], np.float64)

    def _catch_up(self, *_counts: int) -> None:
        """The canvas painted: something else may be selected, or whoever is selected went on."""
        said = self.said()
        if (said is None) != self.isHidden():
            self.refresh()
        if said != self._painted and self.isVisible():
            self.update()
