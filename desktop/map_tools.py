"""What an officer does on the map by hand: a place marked, a view kept, a way measured, things inside a shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from desktop.basemap_on_map import BasemapOnMap
from desktop.bookmark_list import BookmarkList
from desktop.bookmarks import BookmarksFile
from desktop.inside_list import InsideList
from desktop.map.oblique import fitted
from desktop.map.tracks import Track
from desktop.map_beside import beside, free_part
from desktop.map_candidates import CandidateLines
from desktop.map_here import Here
from desktop.map_marked import MarkedPlace
from desktop.map_measure import Measuring
from desktop.map_named import ChosenName
from desktop.map_pick import Picking
from desktop.map_sector import SectorEditing
from desktop.map_sheet import MapSheet
from desktop.paper.leaving import Asked
from desktop.paper.picture import Drawing
from desktop.seat import Seat
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

RIM_PX, CLOSEST_M_PER_PX = 60, 0.5
MOST_FIXES = 2_000
"""So many fixes of a track, spread over it, and its outermost ones say how far it reaches."""


class MapTools(QObject):
    """The tools of one map panel. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """None is in use."""
        super().__init__(panel)
        self._panel = panel
        self._seat = seat
        self.marked = MarkedPlace(seat, panel)
        self.named = ChosenName(seat, panel)
        self.candidates = CandidateLines(seat, panel)
        self.here = Here(seat, panel)
        self.measuring = Measuring(seat, panel)
        self.picking = Picking(seat, panel)
        self.sector = SectorEditing(seat, panel)
        self.inside = InsideList(seat, panel, self.picking.step_out, self.pick, lambda: self.picking.kind)
        self.picking.picked.connect(lambda: self.inside.show_inside(self.picking.inside(), self.picking.corners_of_shape()))
        self.picking.let_go.connect(self._let_go)
        self.basemap = BasemapOnMap(seat, panel)
        self.bookmarks = BookmarkList(seat, panel, BookmarksFile(seat.folder, str(seat.officer.staff)))

    def acts(self) -> dict[str, Callable[[], object]]:
        """Action of the key table -> what it does."""
        return {
            "bookmarks": self.bookmarks.begin,
            "measure": self.measure,
            "pick_area": self.pick,
            "edit_sector": self.edit_sector,
            "sight": lambda: self.ask_about("cameras"),
            "near": lambda: self.ask_about("people"),
            "fit": self.fit,
            "basemap": self.basemap.begin,
        }

    def ask_about(self, group: str) -> None:
        """Cameras that see a place, or who is near: that asked about or marked, the incident's, the middle of the map."""
        chosen = self._seat.selection.incident
        case = self._seat.situation.cases.get(chosen) if chosen is not None else None
        place = self.here.place or self.marked.place or (case.incident.place if case is not None else self._panel.centre())
        if place is not None:
            self.here.look(place, group)

    def fit(self) -> None:
        """Show all of what is drawn: in the past the tracks; else who could go, or the cameras that see; else the district."""
        past = self._panel.past
        if past is not None:
            self.show_tracks(past.tracks)
        else:
            self._show_whole(self.here.plane_of(self.candidates.places() or self.here.places()))

    def show_tracks(self, tracks: Iterable[Track]) -> None:
        """Show all of some tracks; the whole district where they are none."""
        geometry, found = self._panel.geometry_shown, [track for track in tracks if len(track)]
        lonlat = np.concatenate([_corners_of(track) for track in found]) if found else np.zeros((0, 2))
        xy = geometry.plane.to_plane(lonlat[:, 0], lonlat[:, 1]) if geometry is not None and found else lonlat
        self._show_whole(xy[np.isfinite(xy).all(axis=1)])

    def _show_whole(self, xy: NDArray[np.float64]) -> None:
        """Show all of some places, plane metres float64[n, 2]; the whole district where they are none."""
        panel = self._panel
        if panel.geometry_shown is None or not len(xy):
            panel.home()
            return
        panel.following.end()
        view, free = panel.canvas.destination, free_part(panel)
        found = fitted(xy, free.width() - 2 * RIM_PX, free.height() - 2 * RIM_PX, view.turn_deg, view.tilt_deg)
        panel.canvas.glide_to_view(beside(found.scaled(max(found.metres_per_pixel, CLOSEST_M_PER_PX)), panel))

    def measure(self) -> None:
        """Measure anew; only one mode holds the pointer."""
        if not self.sector.holds():
            self.picking.end()
            self.measuring.begin()

    def pick(self) -> None:
        """Draw a shape anew."""
        if not self.sector.holds():
            self.measuring.end()
            self.picking.begin()

    def edit_sector(self) -> None:
        """Change what the selected camera covers; all of it is brought into view."""
        self.measuring.end()
        self.picking.end()
        before = self.sector.draft
        self.sector.begin()
        if self.sector.draft is not before:
            self._show_whole(self.sector.corners())

    def go_to(self, place: LonLat, name: str) -> None:
        """Fly to a place and mark it."""
        self._panel.go_to(place)
        self.marked.mark(place, name)

    def go_to_area(self, code: str, name: str) -> bool:
        """Fly to a grid, community or street, all of it in view, and mark it; False where the map does not know it."""
        panel, place = self._panel, self._panel.place_of_area(code)
        if place is None:
            return False
        panel.go_to(place)
        self.marked.mark(place, name, code)
        view, free, corners = panel.canvas.destination, free_part(panel), self.marked.corners()
        if len(corners):
            whole = fitted(corners, free.width() - 2 * RIM_PX, free.height() - 2 * RIM_PX, view.turn_deg, view.tilt_deg)
            panel.canvas.glide_to_view(beside(whole.scaled(max(whole.metres_per_pixel, view.metres_per_pixel)), panel))
        return True

    def on_paper(self, asked: Asked) -> list[tuple[str, Drawing]]:
        """What is drawn on the map by hand and goes on paper with it: what it is called there, and how it is drawn."""
        sheets = [each for each in self._panel.findChildren(MapSheet) if each.on_paper and each.has_something()]
        told = [each for each in sheets if (asked.people or not each.tells_of_people)]
        return [(each.on_paper, each.paint_on) for each in told if asked.confidential or not each.tells_of_secrets]

    def selected(self) -> tuple[int, str] | None:
        """How much lies in the shape drawn on the map, and what shape it is; None where none is drawn."""
        if self.picking.shape is None:
            return None
        inside = self.picking.inside()
        return len(inside.cases) + len(inside.workers) + len(inside.cameras), self.picking.kind

    def step_out(self) -> bool:
        """One step out of what is in use; False where nothing is."""
        if self.basemap.form.isVisible():
            self.basemap.form.leave()
        elif self.bookmarks.isVisible():
            self.bookmarks.leave()
        elif self.sector.step_out() or self.measuring.step_out() or self.picking.step_out() or self.here.step_out():
            pass
        elif self.marked.place is not None:
            self.marked.mark(None)
        else:
            return False
        return True

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.bookmarks.retell()
        self.basemap.retell()
        self.measuring.refresh()
        self.picking.refresh()
        self.sector.retell()
        self.inside.retell()
        self.here.retell()
        self.candidates.refresh()

    def _let_go(self) -> None:
        """The shape is gone, and its list; the keys go back to whoever had them."""
        had_keys = self.inside.rows.hasFocus()
        self.inside.hide()
        if had_keys:
            self.picking.give_keys_back()


def _corners_of(track: Track) -> NDArray[np.float64]:
    """Enough places of a track to show all of it, degrees float64[k, 2]."""
    lon, lat = track.lon, track.lat
    rows = np.linspace(0, len(track) - 1, min(len(track), MOST_FIXES)).astype(int)
    rows = np.append(rows, [each.argmin() for each in (lon, lat)] + [each.argmax() for each in (lon, lat)])
    return np.column_stack([lon[rows], lat[rows]])
