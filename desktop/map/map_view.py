"""What both canvases share: when they paint, and what a click on them means. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QToolTip

from desktop.map.crowd import REFRESH_S
from desktop.map.furniture import Furniture
from desktop.map.looking import Looking
from desktop.map.moving import Drawn
from desktop.map.oblique import Oblique
from desktop.map.pacing import SETTLE_S, Pace
from desktop.map.picking import BUILDING_BITS, GRID_BITS, Found, nearest, struck, topmost, within
from desktop.map.shown import Shown
from desktop.map.track_showing import TrackShowing
from desktop.map.viewpoint import Viewpoint
from desktop.memory import give_back
from desktop.style.as_written import tip_as_written

if TYPE_CHECKING:
    from PySide6.QtCore import SignalInstance

START_TURN_DEG, START_TILT_DEG = 12.0, 42.0
GIVE_BACK_S = 60.0
"""How often, when the hand rests, memory that was freed is handed back: some milliseconds each time."""


class MapView(TrackShowing, Looking):
    """The part of a canvas that does not depend on how it paints; mixed into a QWidget that has the signals."""

    if TYPE_CHECKING:
        picked: SignalInstance
        hovered: SignalInstance
        pointer_at: SignalInstance
        asked_at: SignalInstance
        handled: SignalInstance

    def _begin(self, clock: Callable[[], float]) -> None:
        """Call once from the widget's constructor, after Qt's own."""
        self.shown = Shown()
        self.clock: Callable[[], float] = clock
        self._clock_zero = clock()
        self.tooltip: Callable[[str, str], str] | None = None
        self._viewpoint = Viewpoint(0.0, 0.0, 10.0, START_TURN_DEG, START_TILT_DEG)
        self._fit_wanted = False
        self.pace = Pace(software=True)
        self._moving_view = self._dots_touched = False
        self._settle = self._timer(self._settled)
        self._motion = self._timer(self._motion_due)
        self._glide_timer = self._timer(self._glide_on)
        self._way = None
        self._looking = self._timer(self._look_for_made)
        self._begin_tracks()
        self._frame_no = 0
        self.asks_place = False
        """Whether a click means the place it falls on, whatever stands there."""
        self._given_back_s = 0.0
        self._painted_dots = Drawn.none()
        self._crowd_painted = (-1, 0.0)
        """How often workers had moved when a frame was last painted with something new of them, and when that was."""
        self.furniture = Furniture(self, self.shown.colours)
        self.furniture.minimap.pressed_at.connect(self._look_at)
        self.furniture.layers.switched.connect(self.set_layer_visible)
        self.setMouseTracking(True)

    def _timer(self, call: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(call)
        return timer

    def now_s(self) -> float:
        """Seconds since the canvas was made, on its own clock."""
        return self.clock() - self._clock_zero

    def _settled(self) -> None:
        """The officer let go: once more, smooth and with margin; now and then what was freed goes back to the machine."""
        self._moving_view = False
        self.update()
        if self.now_s() - self._given_back_s >= GIVE_BACK_S:
            self._given_back_s = self.now_s()
            give_back()

    # When it paints

    def _arm_motion(self) -> None:
        """See to it that moving dots are painted when the pace allows."""
        if not self._motion.isActive() and self.isVisible():
            self._motion.start(round(self.pace.wait_s(self.now_s()) * 1000))

    def _motion_due(self) -> None:
        """Paint if a dot moved by a pixel or dashes must walk; look again while something is under way."""
        if not self.isVisible() or self.window().isMinimized():
            return
        now = self.now_s()
        workers = self.shown.workers
        self.shown.look_for_dots(self.drawn_oblique())
        asked = self._dots_touched or bool(self.shown.pins.pending.any()) or self._crowd_changed(now)
        if asked:
            self.update()
        elif self.pace.is_worth_painting(self.dots_px(now), self.width(), self.height()):
            self.paint_moved()
        elif workers.is_gliding(now) or self._crowd_moves():
            self._motion.start(round(self.pace.interval_s * 1000))

    def paint_moved(self) -> None:
        """Ask for a frame in which the dots stand where they are now."""
        self.update()

    def _crowd_moves(self) -> bool:
        """Whether anybody went on since the crowd was last painted."""
        return self.shown.in_view.is_crowd and self.shown.workers.moves != self._crowd_painted[0]

    def _crowd_changed(self, now_s: float) -> bool:
        return self._crowd_moves() and now_s - self._crowd_painted[1] >= REFRESH_S

    def dots_px(self, now_s: float) -> Drawn:
        """Where the dots in view stand at a moment."""
        workers, rows = self.shown.workers, self.shown.in_view.rows
        xy = workers.at(now_s, rows)
        z = self.shown.height_at(self.shown.worker_grid[rows], self._viewpoint.metres_per_pixel)
        px = self.drawn_oblique().screen(xy[:, 0], xy[:, 1], z)
        px[~workers.shown(rows)] = -1e6
        return Drawn(rows, np.nan_to_num(px, nan=-1e6))

    def _after_frame(self, now_s: float, dots: Drawn) -> None:
        """Remember what was painted, and come back while something is still under way."""
        self._painted_dots = dots
        if self.shown.workers.moves != self._crowd_painted[0]:
            self._crowd_painted = (self.shown.workers.moves, now_s)
        self._dots_touched = False
        if self._moving_view:
            self._settle.start(round(SETTLE_S * 1000))
        self.pace.painted(now_s, dots)
        if self.shown.basemap is not None and self.shown.layer_visible["basemap"] and not self._moving_view:
            self.shown.basemap.look(self.drawn_oblique())
        if self.shown.workers.is_gliding(now_s) or bool(self.shown.pins.pending.any()):
            self._arm_motion()

    # What is where

    def drawn_oblique(self) -> Oblique:
        """The camera of the last frame, in logical pixels."""
        raise NotImplementedError

    def mark_boxes(self, part: str) -> tuple[list[Found | None], NDArray[np.float64]]:
        """Things of a part of the layout (pins, cameras, names) and their boxes in the last frame."""
        raise NotImplementedError

    def id_at(self, px: float, py: float) -> tuple[int, int] | None:
        """Kind and number, as in the ids of `picking`, of what a pixel of the last frame shows; None on empty ground."""
        raise NotImplementedError

    def static_at(self, px: float, py: float) -> Found | None:
        """The grid under a pixel, through the building that stands there."""
        found, geometry = self.id_at(px, py), self.shown.geometry
        if found is None or geometry is None:
            return None
        kind, number = found
        if kind == BUILDING_BITS:
            number = int(geometry.building_grid[number])
        if kind not in (GRID_BITS, BUILDING_BITS) or not 0 <= number < len(geometry.grids.codes):
            return None
        return Found("grid", geometry.grids.codes[number])

    def place_at(self, px: float, py: float) -> tuple[float, float]:
        """Plane metres of the place a pixel of the last frame shows, on the roof or wall of what stands there."""
        found, geometry, oblique = self.id_at(px, py), self.shown.geometry, self.drawn_oblique()
        if found is None or geometry is None:
            return oblique.ground(px, py)
        kind, number = found
        grid = int(geometry.building_grid[number]) if kind == BUILDING_BITS else number
        top_m = float(self.shown.height_at(np.array([grid], np.int32), oblique.viewpoint.metres_per_pixel)[0])
        if kind == BUILDING_BITS:
            ring = geometry.buildings.rings_of(number)[0]
            top_m += float(geometry.building_height_m[number])
            return struck(oblique, px, py, top_m, lambda places: within(ring, places))
        return struck(oblique, px, py, top_m, lambda places: geometry.grid_raster.at(*places.T) == grid)

    def where_drawn(self, number: str) -> tuple[float, float] | None:
        """The pixel where a worker's dot was drawn in the last frame; None where it was not drawn."""
        row = self.shown.workers.row(number)
        return self._painted_dots.of(row) if row is not None else None

    def drawn_pin(self, id_: str) -> tuple[float, float, float, float] | None:
        """Box (left, top, right, bottom) of an incident's pin in the last frame; None where it is none or in a cluster."""
        things, boxes = self.mark_boxes("pins")
        wanted = Found("incident", id_)
        last = (
            len(things) - 1 - things[::-1].index(wanted) if wanted in things else None
        )  # the name of its floor goes before it
        return tuple(boxes[last].tolist()) if last is not None else None

    def thing_at(self, px: float, py: float) -> Found | None:
        """What a click at a pixel means: pin or cluster, worker, camera, fix of a track, else the grid."""
        for part in ("pins", "workers", "cameras"):
            if part == "workers":
                dots = self._painted_dots
                at = nearest(dots.px, px, py) if self.shown.layer_visible["workers"] else None
                if at is not None:
                    return Found("worker", self.shown.workers.numbers[int(dots.rows[at])])
                continue
            things, boxes = self.mark_boxes(part)
            at = topmost(boxes, px, py)
            if at is not None:
                return things[at]
        fix = self.shown.tracks.fix_at(self.shown, self.drawn_oblique(), px, py) if self.shown.layer_visible["tracks"] else None
        return fix or self.static_at(px, py)

    def cluster_ids(self, number: str) -> tuple[str, ...]:
        """The incidents behind a cluster."""
        raise NotImplementedError

    def _clicked(self, px: float, py: float) -> None:
        found = self.thing_at(px, py)
        self._tell_place(px, py)
        if found is not None and found.kind == "cluster" and not self.asks_place:
            self.zoom_by(2.0, (px, py))
        elif found is not None:
            self.picked.emit(found.kind, found.id)

    def _asked(self, px: float, py: float) -> None:
        geometry = self.shown.geometry
        if geometry is not None:
            lon, lat = geometry.plane.to_lonlat(*self.place_at(px, py))[0].tolist()
            self.asked_at.emit(lon, lat)

    def _look_at(self, x: float, y: float) -> None:
        self.handled.emit()
        self.set_viewpoint(self._viewpoint.at(x, y))

    def _pointer_moved(self, px: float, py: float) -> None:
        if self.shown.geometry is None:
            return
        self._tell_place(px, py)
        found = self.thing_at(px, py)
        if found != self.shown.hovered:
            self.shown.hovered = found
            self.hovered.emit(*(found or ("", "")))
            self.update()
            text = self.tooltip(*found) if found is not None and self.tooltip is not None else ""
            QToolTip.showText(self.mapToGlobal(QPoint(round(px) + 12, round(py) + 12)), tip_as_written(text), self)

    def _tell_place(self, px: float, py: float) -> None:
        geometry = self.shown.geometry
        if geometry is not None:
            lon, lat = geometry.plane.to_lonlat(*self.place_at(px, py))[0].tolist()
            self.pointer_at.emit(lon, lat)

    def _pointer_left(self) -> None:
        if self.shown.hovered is not None:
            self.shown.hovered = None
            self.hovered.emit("", "")
            self.update()
