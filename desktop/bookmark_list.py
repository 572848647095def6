"""Ctrl+D: the views an officer keeps; type a name to find one or to keep the view of now, Enter goes, Delete forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from desktop.bookmarks import LONGEST, MOST, Bookmark, BookmarksFile
from desktop.map.viewpoint import Viewpoint
from desktop.named_list import APART_PX, NamedList
from desktop.phrases import lonlat_text
from desktop.seat import Seat
from desktop.shortcuts import key_of

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel


class BookmarkList(NamedList):
    """Over the map panel, hidden until asked for. Main thread only."""

    about = "bookmarks"
    longest, most = LONGEST, MOST

    def __init__(self, seat: Seat, panel: MapPanel, file: BookmarksFile) -> None:
        """The views of the officer's file."""
        super().__init__(seat, panel)
        self._panel, self.file = panel, file
        self._gone: tuple[int, Bookmark] | None = None

    def entries(self) -> Sequence[tuple[str, str]]:
        """The views, and where each looks."""
        return [(view.name, lonlat_text(view.place)) for view in self.file.views]

    def go(self, name: str) -> bool:
        """Look from the view of a name; False where there is none."""
        view, geometry = self.file.named(name.strip()), self._panel.geometry_shown
        if view is None or geometry is None:
            return False
        x, y = geometry.plane.to_plane(view.lon, view.lat)[0].tolist()
        self._panel.following.end()
        there = Viewpoint(x, y, 1.0).turned(view.turn_deg).tilted(view.tilt_deg)
        self._panel.canvas.glide_to_view(there.scaled(view.metres_per_pixel))
        return True

    def keep(self, name: str) -> bool:
        """Keep the view of now under a name; False where there is no map, no name, or no room."""
        geometry, view, name = self._panel.geometry_shown, self._panel.canvas.destination, name.strip()[:LONGEST]
        if geometry is None or not name or (self.file.named(name) is None and len(self.file.views) >= MOST):
            return False
        same = self.file.named(name)
        lon, lat = geometry.plane.to_lonlat(view.x, view.y)[0].tolist()
        made = Bookmark(name, lon, lat, view.metres_per_pixel, view.turn_deg, view.tilt_deg)
        self.file.keep(made if same is None else replace(made, name=same.name))
        return True

    def forget(self, name: str) -> None:
        """Keep a view no longer."""
        view = self.file.named(name)
        if view is not None:
            self._gone = (self.file.drop(view), view)

    def bring_back(self, _name: str) -> None:
        """The view that was forgotten last stands where it stood."""
        if self._gone is not None:
            at, view = self._gone
            self._gone = None
            self.file.keep(view, at)

    def told(self, name: str) -> None:
        """Say under which key the view is found again."""
        self._panel.tell(self._seat.words("bookmarks.kept", name=name, key=key_of("bookmarks")))

    def top_px(self) -> int:
        """Below the buttons on the map."""
        return self._panel.below_strip + APART_PX
