"""Where a map is looked at from, whichever canvas paints it. Main thread only."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from desktop.map.oblique import Oblique, fitted, panned, zoomed
from desktop.map.pacing import SETTLE_S
from desktop.map.shown import Shown
from desktop.map.viewpoint import Viewpoint, between
from governance.places import LonLat

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer, SignalInstance
    from PySide6.QtWidgets import QWidget

    from desktop.map.furniture import Furniture

    Host = QWidget
else:
    Host = object

GO_TO_M_PER_PX = 1.1
GLIDE_VIEW_S = 0.28
FARTHEST_GLIDE_PICTURES = 4.0
"""A place that many pictures away, at the wider of both scales, is jumped to: nobody learns the way from a blur."""


class Looking(Host):
    """Pan, zoom, turn, tilt, go; every change of the viewpoint goes through `set_viewpoint`."""

    shown: Shown
    furniture: Furniture
    _viewpoint: Viewpoint
    _fit_wanted: bool
    _moving_view: bool
    _settle: QTimer
    _glide_timer: QTimer
    _way: tuple[Viewpoint, Viewpoint, float] | None
    """Where a glide began, where it ends, and when it began."""
    if TYPE_CHECKING:
        viewpoint_changed: SignalInstance

        def place_at(self, px: float, py: float) -> tuple[float, float]: ...

    @property
    def viewpoint(self) -> Viewpoint:
        """Where the map is looked at from."""
        return self._viewpoint

    @property
    def destination(self) -> Viewpoint:
        """Where a glide under way will end; else where the map is looked at from."""
        return self._way[1] if self._way is not None else self._viewpoint

    def set_viewpoint(self, viewpoint: Viewpoint) -> None:
        """Look from there, at once; a glide under way ends."""
        self._way = None
        self._look(viewpoint)

    def _look(self, viewpoint: Viewpoint) -> None:
        if viewpoint == self._viewpoint:
            return
        if viewpoint.shape != self._viewpoint.shape:
            self._moving_view = True
            self._settle.start(round(SETTLE_S * 1000))
        self._viewpoint = viewpoint
        self._fit_wanted = False
        self.furniture.look_from(self._oblique())
        self.viewpoint_changed.emit()
        self.update()

    def fit_all(self) -> None:
        """Show the whole district; again when the widget first gets its size."""
        if self.shown.geometry is None:
            return
        self.set_viewpoint(self._whole())
        self._fit_wanted = True
        self.update()

    def _whole(self) -> Viewpoint:
        assert self.shown.geometry is not None
        view, size = self._viewpoint, (max(self.width(), 2), max(self.height(), 2))
        return fitted(self.shown.geometry.outline, *size, view.turn_deg, view.tilt_deg)

    def go_to(self, place: LonLat, metres_per_pixel: float | None = None) -> None:
        """Put a place in the middle, at a scale or at least close enough to see its buildings."""
        if self.shown.geometry is None:
            return
        self.set_viewpoint(self._going(place, metres_per_pixel))

    def glide_to(self, place: LonLat, metres_per_pixel: float | None = None) -> None:
        """The same, but moving there within a third of a second, so that one sees where it is; far places are jumped to."""
        if self.shown.geometry is not None:
            self._glide(self._going(place, metres_per_pixel))

    def glide_to_view(self, end: Viewpoint) -> None:
        """Look from there, moving."""
        if self.shown.geometry is not None:
            self._glide(end)

    def glide_to_all(self) -> None:
        """Show the whole district, moving there."""
        if self.shown.geometry is not None:
            self._glide(self._whole())
            self._fit_wanted = True

    def _going(self, place: LonLat, metres_per_pixel: float | None) -> Viewpoint:
        assert self.shown.geometry is not None
        x, y = self.shown.geometry.plane.to_plane(place.lon, place.lat)[0].tolist()
        scale = metres_per_pixel or min(self.destination.metres_per_pixel, GO_TO_M_PER_PX)
        return self._viewpoint.at(x, y).scaled(scale)

    def _glide(self, end: Viewpoint) -> None:
        start, self._fit_wanted = self._viewpoint, False
        wide_m = max(start.metres_per_pixel, end.metres_per_pixel) * max(self.width(), self.height(), 1)
        if not self.isVisible() or math.hypot(end.x - start.x, end.y - start.y) > FARTHEST_GLIDE_PICTURES * wide_m:
            self.set_viewpoint(end)
            return
        self._way = (start, end, time.monotonic())
        self._glide_on()

    def _glide_on(self) -> None:
        """One step of the glide; the next comes when Qt has painted this one."""
        if self._way is None:
            return
        start, end, began_s = self._way
        share = (time.monotonic() - began_s) / GLIDE_VIEW_S
        if share >= 1.0:
            self._way = None
        fit_wanted = self._fit_wanted
        self._look(between(start, end, share))
        self._fit_wanted = fit_wanted
        if self._way is not None:
            self._glide_timer.start(12)

    def turn(self, degrees: float) -> None:
        """Turn clockwise around the middle."""
        self.set_viewpoint(self._viewpoint.turned(degrees))

    def tilt_by(self, degrees: float) -> None:
        """Lean back, or forward when negative."""
        self.set_viewpoint(self._viewpoint.tilted(degrees))

    def turn_and_tilt(self, turn_deg: float, tilt_deg: float) -> None:
        """Turn and lean in one step."""
        self.set_viewpoint(self._viewpoint.turned(turn_deg).tilted(tilt_deg))

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """Come closer by a factor, the pixel `at` (the middle when not given) staying on its place."""
        middle = (self.width() / 2, self.height() / 2)
        self.set_viewpoint(zoomed(self._viewpoint, self.width(), self.height(), factor, at or middle))

    def zoom_to_pixel(self, px: float, py: float) -> None:
        """Put the place under a pixel in the middle, twice as close."""
        x, y = self.place_at(px, py)
        self.set_viewpoint(self._viewpoint.at(x, y).scaled(self._viewpoint.metres_per_pixel / 2))

    def pan_by(self, px: float, py: float) -> None:
        """Drag the map by pixels, right and down positive."""
        self.set_viewpoint(panned(self._viewpoint, px, py))

    def _oblique(self) -> Oblique:
        return Oblique(self._viewpoint, self.width(), self.height())
