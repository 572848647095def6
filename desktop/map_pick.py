"""Ctrl+G: a box, a lasso, a circle or some grids drawn on the map; what lies inside is listed beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from desktop.inside_area import Inside, counts_text, inside_of
from desktop.map.inside import Shape, is_something, outline
from desktop.map_mode import MapMode
from desktop.phrases import length_text
from desktop.seat import Seat
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

KINDS = ("box", "lasso", "circle", "grids")
KEYS = (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4)
APART_PX, CLOSE_PX, LEAST_PX = 4.0, 9.0, 3.0
MOST_CORNERS = 2_000


class Picking(MapMode):
    """Draws one shape. Says `picked` when it is whole, `let_go` when it is gone. Main thread only."""

    on_paper = "paper.mark.picked"
    picked = Signal()
    let_go = Signal()

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """No shape; a box comes first."""
        self.kind = "box"
        self.corners: list[LonLat] = []
        """Corners of a box or a lasso, the middle of a circle: as far as they are drawn."""
        self.grids: set[int] = set()
        self.shape: Shape | None = None
        self._counted: tuple[tuple[Shape | None, frozenset[int]], Inside] | None = None
        super().__init__(seat, panel)

    @property
    def draws(self) -> bool:  # type: ignore[override]
        """A drag draws, but where grids are clicked one by one."""
        return self.kind != "grids"

    def has_something(self) -> bool:
        """Whether it is in use, or a shape still stands there."""
        return self.is_on or self.shape is not None

    def use(self, kind: str) -> None:
        """Draw another kind of shape, anew."""
        self.kind = kind
        self.begin()

    def put(self, px: float, py: float) -> None:
        """The next corner; the second of a box, the rim of a circle and the first of a lasso once more end it."""
        if self.kind == "grids":
            self._switch_grid(px, py)
        elif not self.corners:
            self.corners = [self.place_at(px, py)]
        elif self.kind == "lasso":
            near = (self.screen_of(self.corners[:1])[0] - QPointF(px, py)).manhattanLength() <= CLOSE_PX
            if near and len(self.corners) >= 3:
                self.finish()
            elif len(self.corners) < MOST_CORNERS:
                self.corners.append(self.place_at(px, py))
        else:
            self._end_with(self._shape_to(px, py))

    def drawn(self, px: float, py: float, began: tuple[float, float], is_over: bool) -> None:
        """A drag: from corner to corner, from middle to rim, or along the edge."""
        self._cross = QPointF(px, py)
        if not self.corners or self.kind != "lasso":
            self.corners = [self.place_at(*began)]
        last = self.screen_of(self.corners[-1:])[0]
        if self.kind == "lasso" and (last - self._cross).manhattanLength() >= APART_PX and len(self.corners) < MOST_CORNERS:
            self.corners.append(self.place_at(px, py))
        if is_over:
            self.finish()
        self.refresh()

    def take_back(self) -> None:
        """Take the last corner back."""
        if self.corners:
            self.corners.pop()

    def finish(self) -> None:
        """The shape as it is drawn now."""
        self._end_with(self.shape_now())

    def forget(self) -> None:
        """No shape is left."""
        had, self.shape = self.shape, None
        self.corners, self.grids, self._counted = [], set(), None
        if had is not None:
            self.let_go.emit()

    def pressed(self, event: QKeyEvent) -> bool:
        """1 to 4 choose what is drawn, Tab the next of them."""
        at = KEYS.index(Qt.Key(event.key())) if event.key() in KEYS and not event.modifiers() else -1
        if event.key() == Qt.Key.Key_Tab:
            at = (KINDS.index(self.kind) + 1) % len(KINDS)
        if at < 0:
            return False
        self.use(KINDS[at])
        return True

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab is a key of this mode."""
        return False

    def shape_now(self) -> Shape | None:
        """What is drawn, with the cross-hair as its end; None where that is nothing."""
        if self.shape is not None:
            return self.shape
        if self.kind == "grids":
            return self._shape_of_grids()
        if self.kind == "lasso":
            rings = (self.plane_of(self.corners),)
            return Shape(rings) if is_something(rings) else None
        return self._shape_to(self._cross.x(), self._cross.y()) if self.corners else None

    def told(self) -> tuple[str, ...]:
        """What is drawn and what lies inside; then the keys."""
        words, shape, geometry = self._seat.words, self.shape_now(), self._panel.geometry_shown
        kinds = "  ".join(f"{n} {words(f'pick.{kind}')}" for n, kind in enumerate(KINDS, start=1) if kind != self.kind)
        name = words(f"pick.{self.kind}")
        if shape is None or geometry is None:
            return (words("pick.begin", kind=name), words(f"pick.how.{self.kind}"), words("pick.keys", kinds=kinds))
        inside = self.inside() if self.shape is not None or self.grids else None
        counts = counts_text(self._seat, inside) if inside is not None else ""
        size = words("pick.radius", length=length_text(words, shape.radius_m)) if shape.radius_m else ""
        size = words("pick.grids_count", count=len(self.grids)) if self.grids else size
        found = words("sep").join(part for part in (name, size, counts) if part)
        return (found, words("pick.keys", kinds=kinds)) if self.is_on else (found, words("pick.done"))

    def inside(self) -> Inside:
        """What lies in the shape; looked for once for each shape."""
        shape, geometry = self.shape_now(), self._panel.geometry_shown
        if shape is None or geometry is None:
            return Inside()
        known = (self.shape, frozenset(self.grids))
        if self._counted is None or self._counted[0] != known:
            self._counted = (known, inside_of(self._panel.seat_shown, shape, geometry.plane))
        return self._counted[1]

    def corners_of_shape(self) -> NDArray[np.float64]:
        """Plane metres float64[n, 2] of the corners of the shape there is."""
        rings = outline(self.shape) if self.shape is not None else []
        return np.vstack(rings) if rings else np.zeros((0, 2))

    def draw_marks(self, painter: QPainter) -> None:
        """The shape, washed inside."""
        shape = self.shape_now() if self._paper is None else self.shape
        focus, halo = QColor(self.ink.focus), QColor(self.ink.ground)
        wash = QColor(focus)
        wash.setAlpha(36)
        rings = [QPolygonF(self.screen_xy(ring)) for ring in outline(shape)] if shape is not None else []
        for ring in rings:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(wash)
            painter.drawPolygon(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (QPen(halo, 4.0), QPen(focus, 2.0)):
                painter.setPen(pen)
                painter.drawPolygon(ring)
        painter.setPen(QPen(halo, 1.5))
        painter.setBrush(focus)
        for at in self.screen_of(self.corners) if self.is_on and self._paper is None and len(self.corners) < 40 else []:
            painter.drawEllipse(at, 3.5, 3.5)

    # ---- within --------------------------------------------------------------------------------------------------

    def _end_with(self, shape: Shape | None) -> None:
        """The shape is whole; one that holds nothing is begun anew."""
        if shape is None:
            self.corners = []
            return
        self.shape = shape
        self.end()
        self.picked.emit()

    def _shape_to(self, px: float, py: float) -> Shape | None:
        """The box from the first corner to a pixel, as it stands on the screen, or the circle through it."""
        begun = self.screen_of(self.corners[:1])[0]
        if (begun - QPointF(px, py)).manhattanLength() < LEAST_PX:
            return None
        if self.kind == "circle":
            middle, rim = self.plane_of([self.corners[0], self.place_at(px, py)])
            return Shape((), (float(middle[0]), float(middle[1])), float(np.hypot(*(rim - middle))))
        pixels = ((begun.x(), begun.y()), (px, begun.y()), (px, py), (begun.x(), py))
        rings = (self.plane_of([self.place_at(*pixel) for pixel in pixels]),)
        return Shape(rings) if is_something(rings) else None

    def _switch_grid(self, px: float, py: float) -> None:
        geometry, place = self._panel.geometry_shown, self.place_at(px, py)
        if geometry is not None:
            number = geometry.borders.grid_at(place.lon, place.lat)
            self.grids ^= {number} if number >= 0 else set()

    def _shape_of_grids(self) -> Shape | None:
        geometry = self._panel.geometry_shown
        if geometry is None or not self.grids:
            return None
        fine = geometry.grids.fine
        return Shape(tuple(ring for number in sorted(self.grids) for ring in fine.rings_of(number)))
