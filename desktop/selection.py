"""What is selected now: the only thing panels share."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class Joined:
    """What is to become one: where the master is, where what goes into it is, and how far its kind reaches."""

    master: LonLat
    sources: tuple[LonLat, ...]
    radius_m: float


@dataclass(frozen=True, slots=True)
class RankedWorker:
    """One who could go: why, and whether he is out of the run."""

    worker: UUID
    name: str
    why: str
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Ranked:
    """Who could go to a place, the best first; the numbers of the keys are their positions."""

    place: LonLat
    people: tuple[RankedWorker, ...]
    chosen: UUID | None = None
    asker: str = "card"
    """Who asked: card (a form that sends somebody) or here (who is nearest to a place)."""


class Selection(QObject):
    """The incident, worker, camera and place the officer means. Main thread only.

    Nothing that arrives from outside may change it: only keys, clicks and commands do.
    """

    incident_changed = Signal(object)
    """UUID | None."""
    worker_changed = Signal(object)
    camera_changed = Signal(object)
    place_picked = Signal(object)
    """LonLat: the officer pointed at the map while a form asked for a place."""
    picking_changed = Signal(bool)
    candidates_changed = Signal(object)
    """tuple[UUID, ...]: the workers the card offers, best first."""

    ranked_changed = Signal(object)
    """Ranked | None: who is being chosen from, with the reasons, so that the map can show why."""
    pointed_changed = Signal(object)
    """UUID | None: the worker the pointer is at, in a list or on the map."""
    joined_changed = Signal(object)
    """Joined | None: what a form would make one, so that the map can show it."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Nothing is selected."""
        super().__init__(parent)
        self.incident: UUID | None = None
        self.worker: UUID | None = None
        self.camera: str | None = None
        self.candidates: tuple[UUID, ...] = ()
        self.ranked: Ranked | None = None
        self.pointed: UUID | None = None
        self.joined: Joined | None = None
        self.is_picking = False

    def choose_incident(self, incident: UUID | None) -> None:
        """Select an incident, or none."""
        if incident != self.incident:
            self.incident = incident
            self.incident_changed.emit(incident)

    def choose_worker(self, worker: UUID | None) -> None:
        """Select a worker, or none."""
        if worker != self.worker:
            self.worker = worker
            self.worker_changed.emit(worker)

    def choose_camera(self, camera: str | None) -> None:
        """Select a camera, or none."""
        if camera != self.camera:
            self.camera = camera
            self.camera_changed.emit(camera)

    def offer(self, candidates: tuple[UUID, ...]) -> None:
        """Say which workers the card offers, best first, so that the map can light them."""
        if candidates != self.candidates:
            self.candidates = candidates
            self.candidates_changed.emit(candidates)
        if not candidates:
            self.unrank("card")

    def unrank(self, asker: str) -> None:
        """Whoever asked does not choose any more; what another asked for stays."""
        if self.ranked is not None and self.ranked.asker == asker:
            self.rank(None)

    def rank(self, ranked: Ranked | None) -> None:
        """Say who is being chosen from; None when nobody is any more."""
        if ranked != self.ranked:
            self.ranked = ranked
            self.ranked_changed.emit(ranked)

    def point_at(self, worker: UUID | None) -> None:
        """Say which worker the pointer is at."""
        if worker != self.pointed:
            self.pointed = worker
            self.pointed_changed.emit(worker)

    def join(self, joined: Joined | None) -> None:
        """Say what would become one."""
        if joined != self.joined:
            self.joined = joined
            self.joined_changed.emit(joined)

    def ask_place(self, asked: bool) -> None:
        """Begin or end asking for a place by a click on the map."""
        if asked != self.is_picking:
            self.is_picking = asked
            self.picking_changed.emit(asked)

    def pick_place(self, place: LonLat) -> None:
        """Hand the place that was clicked to whoever asked for it."""
        self.ask_place(False)
        self.place_picked.emit(place)
