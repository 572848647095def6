"""What the map shows at this moment, whoever paints it; no Qt. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.map.colours import NIGHT, MapColours
from desktop.map.grid_figures import GridFigures
from desktop.map.indoors import Indoors, hiders
from desktop.map.moving import MovingDots
from desktop.map.oblique import Oblique
from desktop.map.picking import Found
from desktop.map.reach import Reach
from desktop.map.scene import Cameras, Geometry, Pins
from desktop.map.tracks_shown import TracksShown
from desktop.map.trails import Trails
from desktop.map.viewpoint import Viewpoint

if TYPE_CHECKING:
    from desktop.map.ground_pictures import GroundPictures

RAISED_PX = 30.0
RAISED_FROM_M_PER_PX = (5.0, 8.0)
"""Grids are flat below the first scale and fully raised above the second."""

FLAT_FROM_M_PER_PX = (60.0, 110.0)
"""They sink again from the first scale on and are flat above the second, where a grid is no wider than its wall is high."""

FLOORS_BELOW_M_PER_PX = 3.0
"""Farther off a storey is less than two pixels high: incidents stand at the foot of their building."""

CATEGORY_GLYPHS = "党经城社卫综治纠安市"
REPORTED_GLYPH = "报"
"""On a pin without a category."""
LAYERS = (
    *("basemap", "land", "water", "grids", "boundaries", "roads", "buildings"),
    *("tracks", "trails", "cameras", "sectors", "workers", "incidents", "labels"),
)
HIDDEN_AT_FIRST = ("sectors", "trails")

MOST_DOTS = 8_000
"""Where more workers are in view they are a crowd: how many stand where is told, not who."""


@dataclass(frozen=True, slots=True, eq=False)
class InView:
    """The workers whose dots are drawn, and whether there are so many in view that only some have one."""

    rows: NDArray[np.int32]
    is_crowd: bool


class Shown:
    """The state behind a map.

    `statics` counts changes of the whole cached picture, `loads` those of single grids in it, `marks` those of pins and
    names.
    """

    def __init__(self) -> None:
        """An empty map at night, in Chinese."""
        self.geometry: Geometry | None = None
        self.colours: MapColours = NIGHT
        self.language = "zh"
        self.figures = GridFigures.none(0)
        self.pins = Pins.none()
        self.pin_xy = np.zeros((0, 2))
        self.pin_grid = np.zeros(0, np.int32)
        self.indoors = Indoors.none(0)
        self.faded: frozenset[int] = frozenset()
        """Numbers of the buildings that would hide what is selected."""
        self._faded_for: tuple[object, ...] = ()
        self.cameras = Cameras.none()
        self.camera_xy = np.zeros((0, 2))
        self.camera_grid = np.zeros(0, np.int32)
        self.workers = MovingDots()
        self.worker_grid = np.zeros(0, np.int32)
        self.candidates = np.zeros(0, np.int32)
        self.in_view = InView(np.zeros(0, np.int32), is_crowd=False)
        self.tracks = TracksShown()
        self.trails = Trails()
        self.followed: tuple[str, ...] = ()
        """Numbers of workers whose trails are drawn although nobody selected them."""
        self.basemap: GroundPictures | None = None
        self.selected: Found | None = None
        self.hovered: Found | None = None
        self.raise_asked: bool | None = None
        """None raises grids only when zoomed out; True always, False never."""
        self.category_glyphs = CATEGORY_GLYPHS
        self.layer_visible = {name: name not in HIDDEN_AT_FIRST for name in LAYERS}
        self.statics = 0
        self.marks = 0
        self.loads = 0
        self._changed_grids: list[NDArray[np.int64]] | None = None

    def show_geometry(self, geometry: Geometry) -> None:
        """Replace the town; marks set before are placed anew."""
        self.geometry = geometry
        self.figures = GridFigures.none(len(geometry.grids.codes))
        self.show_pins(self.pins)
        self.show_cameras(self.cameras)
        self._changed_grids = None
        self.statics += 1

    @property
    def overdue(self) -> NDArray[np.bool_]:
        """Which grids have overdue incidents."""
        return self.figures.overdue

    def show_load(self, open_count: NDArray[np.int32], overdue: NDArray[np.int32]) -> bool:
        """Colour and raise the grids by their open incidents; False where nothing changed."""
        return self.show_figures(GridFigures.of_load(np.asarray(open_count), np.asarray(overdue)))

    def show_figures(self, figures: GridFigures) -> bool:
        """Colour and raise the grids; False where nothing changed. No geometry is touched by it."""
        if self.geometry is None or len(figures.ramp) != len(self.geometry.grids.codes):
            raise ValueError("there must be one figure for each grid of the geometry")
        changed = figures.differs(self.figures)
        if not changed.any():
            return False
        self.figures = figures
        if self._changed_grids is not None:
            self._changed_grids.append(np.nonzero(changed)[0])
        self.loads += 1
        self.marks += 1
        return True

    def take_changed_grids(self) -> NDArray[np.int64] | None:
        """Numbers of the grids whose load changed since last asked; None means all of them."""
        changed, self._changed_grids = self._changed_grids, []
        if changed is None:
            return None
        return np.unique(np.concatenate(changed)) if changed else np.zeros(0, np.int64)

    def show_pins(self, pins: Pins) -> None:
        """Replace all pins."""
        self.pins = pins
        self.pin_xy, self.pin_grid = self._placed(pins.lon, pins.lat)
        self.indoors = Indoors.of(self.geometry, self.pin_xy, pins.floors)
        self.marks += 1

    def far_off(self) -> tuple[str, ...]:
        """The incidents whose coordinates lie so far from the town that nobody will look there."""
        if self.geometry is None:
            return ()
        seen = Reach.of(self.geometry.outline).holds(self.pin_xy, np.arange(len(self.pin_xy) + 1))
        return tuple(self.pins.ids[row] for row in np.flatnonzero(~seen).tolist())

    def show_cameras(self, cameras: Cameras) -> None:
        """Replace all cameras."""
        self.cameras = cameras
        self.camera_xy, self.camera_grid = self._placed(cameras.lon, cameras.lat)
        self.marks += 1

    def show_workers(self, numbers: Sequence[str], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        """Replace all workers; a place that is not a number hides the dot."""
        xy, self.worker_grid = self._placed(lon, lat)
        self.workers.start_with(numbers, xy)
        self.trails.start_with(len(xy))
        self.candidates = np.zeros(0, np.int32)

    def move_workers(self, rows: NDArray[np.int32], lon: NDArray[np.float64], lat: NDArray[np.float64], now_s: float) -> None:
        """Let some workers glide to new places from `now_s` on."""
        xy, grid = self._placed(lon, lat)
        trailing = self.trails.slot_of[rows] >= 0
        if trailing.any():
            left = rows[trailing]
            self.trails.leave(left, self.workers.ends(left), self.worker_grid[left], xy[trailing], now_s)
        self.worker_grid[rows] = grid
        self.workers.move(rows, xy, now_s)

    def light_workers(self) -> None:
        """Brighten the dots while an incident is selected; rank the candidates."""
        asked = self.selected is not None and self.selected.kind == "incident"
        self.workers.light(asked, self.candidates[:9])

    def look_for_dots(self, oblique: Oblique) -> None:
        """Note which workers a camera sees; amid a crowd only the candidates and who is selected or pointed at are told."""
        rows = self.workers.within(oblique.ground_box(8.0, self.raise_m(oblique.viewpoint.metres_per_pixel)))
        is_crowd = len(rows) > MOST_DOTS
        if is_crowd:
            named = [found.id for found in (self.selected, self.hovered) if found is not None and found.kind == "worker"]
            named += self.followed
            told = [row for row in map(self.workers.row, named) if row is not None]
            rows = np.unique(np.concatenate([self.candidates, np.array(told, np.int32)])).astype(np.int32)
        if is_crowd != self.in_view.is_crowd or not np.array_equal(rows, self.in_view.rows):
            self.in_view = InView(rows, is_crowd)
            self.trails.keep(rows)

    def shows_floors(self, metres_per_pixel: float) -> bool:
        """Whether incidents in buildings stand on their floors at a scale."""
        return self.layer_visible["buildings"] and metres_per_pixel < FLOORS_BELOW_M_PER_PX

    def pin_height_at(self, rows: NDArray[np.int64], metres_per_pixel: float) -> NDArray[np.float64]:
        """Metres above the plane at which pins stand: on their grid, and on their floor where that is shown."""
        z = self.height_at(self.pin_grid[rows], metres_per_pixel)
        return z + self.indoors.height_m[rows] if self.shows_floors(metres_per_pixel) else z

    def floor_m(self, found: Found, metres_per_pixel: float) -> float:
        """Metres above its grid at which a thing stands, on a floor of a building."""
        if found.kind != "incident" or found.id not in self.pins.ids or not self.shows_floors(metres_per_pixel):
            return 0.0
        return float(self.indoors.height_m[self.pins.ids.index(found.id)])

    def look_behind(self, viewpoint: Viewpoint, metres_per_pixel: float) -> None:
        """Fade the buildings that hide what is selected, and no others; turn and tilt decide, not the place on the screen."""
        found = self.selected
        place = self.place_of(found) if found is not None and found.kind in ("incident", "camera") else None
        is_asked = place is not None and self.shows_floors(metres_per_pixel) and bool(np.isfinite(place[0]))
        raised = self.raise_m(metres_per_pixel)
        key = (is_asked, found, place, viewpoint.turn_deg, viewpoint.tilt_deg, raised, self.loads if raised else 0)
        if key == self._faded_for:
            return
        self._faded_for = key
        faded: frozenset[int] = frozenset()
        if is_asked and place is not None and found is not None and self.geometry is not None:
            z = float(self.height_at(np.array([place[2]], np.int32), metres_per_pixel)[0])
            if found.kind == "incident":
                z += max(float(self.indoors.height_m[self.pins.ids.index(found.id)]), 0.0)
            ground = self.height_at(self.geometry.building_grid, metres_per_pixel)
            faded = hiders(self.geometry, np.array(place[:2]), z, ground, viewpoint)
        if faded != self.faded:
            self.faded = faded
            self.statics += 1

    def raise_m(self, metres_per_pixel: float) -> float:
        """Metres by which a fully loaded grid stands out at a scale."""
        low, high = RAISED_FROM_M_PER_PX
        share = min(max((metres_per_pixel - low) / (high - low), 0.0), 1.0)
        sinks, flat = FLAT_FROM_M_PER_PX
        share *= 1.0 - min(max((metres_per_pixel - sinks) / (flat - sinks), 0.0), 1.0)
        if self.raise_asked is not None:
            share = float(self.raise_asked)
        return RAISED_PX * metres_per_pixel * share

    def load_share(self) -> NDArray[np.float64]:
        """How high every grid stands, 0..1."""
        return self.figures.height

    @staticmethod
    def load_strength(metres_per_pixel: float) -> float:
        """How much of the load's colour shows: all of it from afar, a hint close up, where buildings must be read."""
        return min(max(0.3 + (metres_per_pixel - 0.8) * 0.2, 0.3), 1.0)

    def grid_values(self) -> NDArray[np.float32]:
        """Colour and height of every grid as float32[g, 4], red, green, blue, height 0..1."""
        return np.hstack([self.figures.tints(self.colours), self.figures.height[:, None]]).astype(np.float32)

    def late_values(self) -> NDArray[np.float32]:
        """float32[g, 4]: 1 first where a grid has overdue incidents, then the numbers of its street and its community."""
        values = np.zeros((len(self.overdue), 4), np.float32)
        values[:, 0] = self.overdue
        if self.geometry is not None:
            values[:, 1], values[:, 2] = self.geometry.street_of_grid, self.geometry.community_of_grid
        return values

    def height_at(self, grid: NDArray[np.int32], metres_per_pixel: float) -> NDArray[np.float64]:
        """Metres above the ground at which things of these grids stand; 0 outside every grid."""
        raised = self.raise_m(metres_per_pixel)
        if raised == 0.0 or len(self.figures.height) == 0:
            return np.zeros(len(grid))
        return np.where(grid >= 0, self.load_share()[grid], 0.0) * raised

    def grid_number(self, code: str) -> int | None:
        """Number of a grid by its code."""
        return self.geometry.grids.number_of.get(code) if self.geometry is not None else None

    def place_of(self, found: Found) -> tuple[float, float, int] | None:
        """Plane metres and grid number of a thing; None where it is not on the map."""
        if found.kind == "incident" and found.id in self.pins.ids:
            row = self.pins.ids.index(found.id)
            return float(self.pin_xy[row, 0]), float(self.pin_xy[row, 1]), int(self.pin_grid[row])
        if found.kind == "camera" and found.id in self.cameras.ids:
            row = self.cameras.ids.index(found.id)
            return float(self.camera_xy[row, 0]), float(self.camera_xy[row, 1]), int(self.camera_grid[row])
        if found.kind == "worker" and (at := self.workers.row(found.id)) is not None:
            return (*self.workers.ends(slice(at, at + 1))[0].tolist(), int(self.worker_grid[at]))
        number = self.grid_number(found.id) if found.kind == "grid" else None
        if number is None or self.geometry is None:
            return None
        return (*self.geometry.grids.centres[number].tolist(), number)

    def _placed(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
        """Plane metres float64[n, 2] and grid numbers of places; NaN and -1 where a place is none."""
        if self.geometry is None or len(lon) == 0:
            return np.full((len(lon), 2), np.nan), np.full(len(lon), -1, np.int32)
        known = np.isfinite(lon) & np.isfinite(lat)
        xy = np.full((len(lon), 2), np.nan)
        grid = np.full(len(lon), -1, np.int32)
        xy[known] = self.geometry.plane.to_plane(np.asarray(lon)[known], np.asarray(lat)[known])
        grid[known] = self.geometry.grid_raster.at(xy[known, 0], xy[known, 1])
        return xy, grid
