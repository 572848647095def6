"""A camera's sector while somebody changes it: step by step, each taken back, nothing sent before it is saved. No Qt."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

from msgspec import structs

from desktop.seat import Seat
from governance.camera import Camera
from governance.camera_rights import EDITORS, why_no_editing
from governance.places import LonLat, is_inside
from governance.refusal import Refused
from governance.sectors import LEAST_RANGE_M, LEAST_VIEW_DEG, MOST_RANGE_M, Sector, what_is_wrong
from wire.camera_requests import EditSector

MOST_STEPS = 200
DEGREE_M = 111_195.0
"""Metres of a degree of latitude on the sphere of governance.places."""
FIGURES = ("heading_deg", "field_of_view_deg", "range_m", "height_m")
"""What is a number in it, in the order of the form."""


class SectorDraft:
    """One camera, what it would cover, and how it came to that. Main thread only."""

    def __init__(self, camera: Camera) -> None:
        """As the camera is now."""
        self.camera = camera
        self.now = self._first = sector_of(camera)
        self._before: list[Sector] = []
        self._kind = ""
        """What the last step did: more of the same in one go is the same step."""
        self._order: EditSector | None = None

    @property
    def is_changed(self) -> bool:
        """Whether it would be another than it was when this began."""
        return self.now != self._first

    @property
    def moved_m(self) -> float:
        """How far the camera would stand from where it stands."""
        place = self.now.place
        return self.camera.place.distance_m(place) if place is not None else 0.0

    def change(self, sector: Sector, kind: str = "") -> None:
        """It would cover this; steps of one kind in a row are taken back together, those without a kind one by one."""
        if sector == self.now:
            return
        if not kind or kind != self._kind:
            self._before = [*self._before, self.now][-MOST_STEPS:]
        self.now, self._kind = sector, kind

    def settle(self) -> None:
        """What comes now is a step of its own."""
        self._kind = ""

    def undo(self) -> bool:
        """As it was before the last step; False where there is none."""
        self.settle()
        if not self._before:
            return False
        self.now = self._before.pop()
        return True

    def turn(self, by_deg: float) -> None:
        """It would look farther to the right."""
        self.change(replace(self.now, heading_deg=round((self.now.heading_deg + by_deg) % 360.0, 1) % 360.0))

    def widen(self, by_deg: float) -> None:
        """It would see more to both sides."""
        self.change(replace(self.now, field_of_view_deg=within_view(self.now.field_of_view_deg + by_deg)))

    def reach(self, by_m: float) -> None:
        """It would see farther."""
        self.change(replace(self.now, range_m=within_range(self.now.range_m + by_m)))

    def move(self, east_m: float, north_m: float) -> None:
        """It would stand elsewhere."""
        place = self.now.place or self.camera.place
        lat = place.lat + north_m / DEGREE_M
        lon = place.lon + east_m / (DEGREE_M * math.cos(math.radians(place.lat)))
        self.change(replace(self.now, place=LonLat(lon, lat)))

    def follow(self, camera: Camera) -> None:
        """The camera is another version now; what is being made of it stays, and would take the place of that."""
        self.camera = camera
        self._first = sector_of(camera)

    def why_not(self, seat: Seat) -> Refused | None:
        """What the server would refuse, as far as this desk can tell: the first of it."""
        no = why_no_editing(seat.officer, self.camera) or what_is_wrong(self._sent(), self.camera)
        if no is not None or self.moved_m == 0.0 or self.now.place is None:
            return no
        grid = seat.grid_at(self.now.place.lon, self.now.place.lat)
        if not grid:
            return Refused("outside_district", "place")
        return None if is_inside(grid, seat.officer.scope) else Refused("not_your_area", "place")

    def order(self, new_id: Callable[[], UUID] = uuid4) -> EditSector:
        """What is sent; the same once more is the same order."""
        sent, last = self._sent(), self._order
        known = last.order_id if last is not None else new_id()
        wanted = EditSector(
            0, known, self.camera.id, self.camera.version, sent.heading_deg, sent.field_of_view_deg, sent.range_m,
            sent.height_m, sent.coverage, sent.place,
        )  # fmt: skip
        if last is not None and wanted != last:
            wanted = structs.replace(wanted, order_id=new_id())
        self._order = wanted
        return wanted

    def _sent(self) -> Sector:
        """The sector; what was drawn by hand went when anything else of it changed, and a place is said where it is another."""
        is_moved = self.moved_m > 0.0
        same = replace(self.now, coverage=(), height_m=None) == replace(self._first, coverage=(), height_m=None)
        return replace(self.now, place=self.now.place if is_moved else None, coverage=self.camera.coverage if same else ())


def sector_of(camera: Camera) -> Sector:
    """What a camera covers now, with where it stands."""
    return replace(Sector.of(camera), place=camera.place)


def within_view(degrees: float) -> float:
    """The nearest angle a camera may open to."""
    return min(max(round(degrees, 1), LEAST_VIEW_DEG), 360.0)


def within_range(metres: float) -> float:
    """The nearest range a camera may have."""
    return min(max(round(metres, 1), LEAST_RANGE_M), MOST_RANGE_M)


def why_no_sector(seat: Seat) -> Refused | None:
    """Why the selected camera's sector is not changed here and now; None where it can be."""
    if seat.officer.role not in EDITORS:
        return Refused("not_your_role", role=seat.officer.role.value)
    if seat.held_back is not None:
        return seat.held_back
    camera = seat.situation.cameras.get(seat.selection.camera) if seat.selection.camera else None
    if camera is None:
        return Refused("no_camera_chosen")
    return why_no_editing(seat.officer, camera)
