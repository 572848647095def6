"""What is pointed at and chosen on the map: a click chooses, what is chosen elsewhere is marked here and brought into sight."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Qt

from desktop.map_beside import towards
from desktop.map_in_sight import is_in_sight
from desktop.seat import Seat
from desktop.video_wall.camera_drag import drag
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel


class MapChosen(QObject):
    """Selection both ways between one map panel and the rest of the desk. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing was pointed at yet."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._pointer: tuple[float, float] | None = None
        selection = seat.selection
        selection.incident_changed.connect(self._incident_chosen)
        selection.worker_changed.connect(self._worker_chosen)
        selection.camera_changed.connect(self._camera_chosen)
        selection.candidates_changed.connect(self.show_candidates)
        selection.ranked_changed.connect(self.show_candidates)
        selection.picking_changed.connect(self._ask_place)

    def follow_canvas(self) -> None:
        """Clicks on the canvas there is now choose."""
        canvas = self._panel.canvas
        canvas.picked.connect(self._picked)
        canvas.pointer_at.connect(self._pointed_at)
        canvas.carry = self._carry

    def show_now(self) -> None:
        """Mark what is chosen on a map that was shown anew."""
        self._mark_incident(self._seat.selection.incident)
        self.show_candidates()

    def show_candidates(self, _what: object = None) -> None:
        """Number those who are chosen from by the keys of their list; else those whom the card offers."""
        chosen, row_of = self._seat.selection, self._seat.situation.workers.row_of if not self._panel.shows_past else {}
        ranked = tuple(each.worker for each in chosen.ranked.people) if chosen.ranked is not None else chosen.candidates
        self._panel.canvas.set_candidates([row_of[worker] for worker in ranked if worker in row_of])

    def step_out(self) -> bool:
        """Let go of the selected worker or camera; False where there is neither."""
        chosen = self._seat.selection
        if chosen.worker is None and chosen.camera is None:
            return False
        chosen.choose_worker(None)
        chosen.choose_camera(None)
        self._incident_chosen(chosen.incident)
        return True

    # ---- chosen elsewhere ----------------------------------------------------------------------------------------

    def _mark_incident(self, incident: UUID | None) -> None:
        self._panel.canvas.select("incident", str(incident) if incident else None)

    def _incident_chosen(self, incident: UUID | None) -> None:
        self._mark_incident(incident)
        case = self._seat.situation.cases.get(incident) if incident else None
        if case is not None and self._panel.geometry_shown is not None and self._panel.isVisible():
            self._bring_in(case.incident.place)

    def _bring_in(self, place: LonLat) -> None:
        """Move the map only where the chosen place is not on it, or lies under what stands on its edge."""
        panel = self._panel
        assert panel.geometry_shown is not None
        if not is_in_sight(panel.canvas, panel.geometry_shown, place):
            panel.canvas.glide_to_view(towards(panel, place, panel.canvas.destination.metres_per_pixel))

    def _worker_chosen(self, worker: UUID | None) -> None:
        workers = self._seat.situation.workers
        row = workers.row_of.get(worker) if worker else None
        if row is not None:
            self._panel.canvas.select("worker", str(int(workers.numbers[row])))

    def _camera_chosen(self, camera: str | None) -> None:
        self._panel.canvas.select("camera", camera)

    # ---- pointed at and clicked ----------------------------------------------------------------------------------

    def _picked(self, kind: str, name: str) -> None:
        chosen, workers = self._seat.selection, self._seat.situation.workers
        if chosen.is_picking:
            if self._pointer is not None:
                chosen.pick_place(LonLat(*self._pointer))
            return
        if self._panel.shows_past:
            self._panel.past_picked.emit(name if kind == "incident" else "")
        elif kind == "incident":
            chosen.choose_incident(UUID(name))
        elif kind == "worker":
            row = workers.row_of_number(int(name))
            chosen.choose_worker(workers.ids[row] if row is not None else None)
        elif kind == "camera":
            chosen.choose_camera(name)

    def _pointed_at(self, lon: float, lat: float) -> None:
        self._pointer = (lon, lat)
        self._panel.pointed.emit(lon, lat)

    def _carry(self, camera: str) -> None:
        """A camera is dragged from the map; in the past there is nothing to be seen of it."""
        found = self._seat.situation.cameras.get(camera)
        if found is not None and not self._panel.shows_past:
            drag(self._panel.canvas, camera, found.name, self._seat.palette)

    def _ask_place(self, asked: bool) -> None:
        self._panel.canvas.asks_place = asked
        self._panel.canvas.setCursor(Qt.CursorShape.CrossCursor if asked else Qt.CursorShape.ArrowCursor)
