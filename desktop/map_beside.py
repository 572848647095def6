"""A list over the map that stands beside what it is about, on the side with room; else the map moves so that it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QHideEvent, QMoveEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame

from desktop.map.looking import GO_TO_M_PER_PX
from desktop.map.oblique import Oblique, fitted, panned
from desktop.map.viewpoint import Viewpoint
from desktop.seat import Seat
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

EDGE_PX, LOW_PX, LEAST_PX = 12, 190, 180
"""How far a list stays from the edge of the map, and how much below it stays free for what stands in the corners; the
least height of a list that has more to say."""
AROUND_PX = (28.0, 52.0, 28.0, 20.0)
"""Left, above, right and below a place: its pin or its mark."""


class ListBeside(QFrame):
    """A list on the map. Whoever derives says what it is about, and stands it with `stand`. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """To be hidden once it is laid out."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._is_left = False
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        panel.lists.append(self)
        panel.installEventFilter(self)

    def about(self) -> NDArray[np.float64]:
        """Plane metres float64[n, 2] of what the list is about: a place, or the corners of a shape."""
        return np.zeros((0, 2))

    def place(self) -> None:
        """Stand where there is room."""

    def stand(self, width: int, top: int, height: int) -> None:
        """Stand to the right of the map, or to the left where it would cover what it is about and does not there."""
        box = self.box_about()
        right, left = self._panel.width() - width - EDGE_PX, EDGE_PX
        hidden = {x: covered_px2(box, QRectF(x, top, width, height)) for x in (right, left)}
        better = left if hidden[left] < hidden[right] else right
        stays = left if self._is_left and self.isVisible() and hidden[left] <= hidden[right] else better
        self._is_left = stays == left
        room = self._free_below(QRectF(stays, top, width, height)) - top
        self.setGeometry(stays, top, width, min(height, max(room, LEAST_PX)))

    def _free_below(self, box: QRectF) -> int:
        """Down to where the list may reach before it covers what the map has unfolded there: layers, legend."""
        furniture = self._panel.canvas.furniture
        parts = [part.geometry() for part in (furniture.layers, furniture.legend) if part.isVisibleTo(self._panel.canvas)]
        return min((part.top() - 6 for part in parts if covered_px2(QRectF(part), box) > 0.0), default=int(box.bottom()) + 1)

    def clear(self) -> None:
        """Move the map where the list covers what it is about wherever it stands: no farther than needed."""
        box, free, canvas = self.box_about(), free_part(self._panel), self._panel.canvas
        if covered_px2(box, QRectF(self.geometry())) <= 0.0 or free.isEmpty():
            return
        view = canvas.destination
        if box.width() > free.width() or box.height() > free.height():
            before, above, after, below = AROUND_PX
            room = (free.width() - before - after, free.height() - above - below)
            whole = fitted(self.about(), *room, view.turn_deg, view.tilt_deg)
            canvas.glide_to_view(beside(whole.scaled(max(whole.metres_per_pixel, view.metres_per_pixel)), self._panel))
            return
        right = max(free.left() - box.left(), 0.0) - max(box.right() - free.right(), 0.0)
        down = max(free.top() - box.top(), 0.0) - max(box.bottom() - free.bottom(), 0.0)
        canvas.glide_to_view(panned(view, right, down))

    def box_about(self) -> QRectF:
        """Where what the list is about is on the map, or will be when it stands still; empty where it is about nothing."""
        pixels = pixels_of(self._panel, self.about())
        if not len(pixels):
            return QRectF()
        (left, top), (right, low) = pixels.min(axis=0).tolist(), pixels.max(axis=0).tolist()
        before, above, after, below = AROUND_PX
        return QRectF(left - before, top - above, right - left + before + after, low - top + above + below)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep its place on the map."""
        if watched is self._panel and event.type() == QEvent.Type.Resize:
            self.place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """The map knows what is under it."""
        super().showEvent(event)
        self._panel.tell_lists()

    def hideEvent(self, event: QHideEvent) -> None:
        """The map is whole again."""
        super().hideEvent(event)
        self._panel.tell_lists()

    def moveEvent(self, event: QMoveEvent) -> None:
        """The map knows what is under it."""
        super().moveEvent(event)
        self._panel.tell_lists()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The map knows what is under it."""
        super().resizeEvent(event)
        self._panel.tell_lists()


def covered_px2(box: QRectF, cover: QRectF) -> float:
    """How much of a box lies under another."""
    both = box.intersected(cover)
    return both.width() * both.height() if not both.isEmpty() else 0.0


def pixels_of(panel: MapPanel, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels float64[n, 2] of places in plane metres, once the map stands still; on their grids where these are raised."""
    canvas, geometry = panel.canvas, panel.geometry_shown
    if geometry is None or not len(xy):
        return np.zeros((0, 2))
    view = canvas.destination
    top_m = canvas.shown.height_at(geometry.grid_raster.at(xy[:, 0], xy[:, 1]), view.metres_per_pixel)
    return Oblique(view, canvas.width(), canvas.height()).screen(xy[:, 0], xy[:, 1], np.asarray(top_m, np.float64))


def free_part(panel: MapPanel) -> QRectF:
    """What of the map lies under no list and below the buttons; all of it where no list is shown."""
    shown = [each.geometry() for each in panel.lists if each.isVisibleTo(panel)]
    if not shown:
        return QRectF(panel.canvas.rect())
    left, right = 0.0, float(panel.width())
    for box in shown:
        if box.center().x() < panel.width() / 2:
            left = max(left, box.right() + 1.0)
        else:
            right = min(right, float(box.left()))
    top = float(panel.below_strip + 1)
    return QRectF(left, top, right - left, panel.height() - top)


def beside(view: Viewpoint, panel: MapPanel) -> Viewpoint:
    """The same view with its middle in the middle of what no list covers."""
    free = free_part(panel)
    away = free.center() - QRectF(panel.canvas.rect()).center()
    return panned(view, away.x(), away.y()) if not free.isEmpty() else view


def towards(panel: MapPanel, place: LonLat, metres_per_pixel: float | None = None) -> Viewpoint:
    """The view with a place in the middle of what no list covers, close enough to see its buildings."""
    assert panel.geometry_shown is not None
    x, y = panel.geometry_shown.plane.to_plane(place.lon, place.lat)[0].tolist()
    view = panel.canvas.destination
    scale = metres_per_pixel or min(view.metres_per_pixel, GO_TO_M_PER_PX)
    return beside(view.at(x, y).scaled(scale), panel)
