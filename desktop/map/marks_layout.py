"""Where pins, clusters, cameras and names stand at one scale and turn; the same for both canvases. Main thread only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from desktop.map.clusters import (
    CELL_PX,
    FROM_AFAR_M_PER_PX,
    MERGE_PX,
    WIDE_CELL_PX,
    WIDE_MERGE_PX,
    Clusters,
    clustered,
)
from desktop.map.labels import LabelKind, Name, area_names, astray, fitting, road_names, steps_of, whole
from desktop.map.oblique import Oblique
from desktop.map.picking import Found
from desktop.map.shown import REPORTED_GLYPH, Shown
from desktop.map.sprites import CameraLook, ClusterLook, LabelLook, Look, PinLook, Sprites
from desktop.map.tiles import Box

CAMERAS_BELOW_M_PER_PX = 1.3
PIN_AIR_PX = 1.0
PINS_BEYOND_PX = 120.0
"""Pins this far outside are laid out too: their heads reach in."""

CLUSTERS_BEYOND_PX = 600.0
"""Pins this far outside still decide which of those inside stand together."""

MOST_THAT_DODGE = 60
"""While the view moves and more names than these would like to be seen, none looks for another place."""

MOST_ALONE = 400
"""Pins of grave incidents stand alone, unless there are more of them in view than anybody can look at."""


FLOOR_RIGHT_PX, FLOOR_UP_PX = 27.0, 26.0
"""From the foot of a pin to the name of its floor, clear of the ring around its head."""


@dataclass(slots=True)
class Stand:
    """Pictures and where each stands: plane metres and height; `found` is what a click on it means."""

    looks: list[Look] = field(default_factory=list)
    places: list[tuple[float, float, float]] = field(default_factory=list)
    found: list[Found | None] = field(default_factory=list)

    def add(self, look: Look, place: tuple[float, float, float], found: Found | None = None) -> None:
        """Put one more picture on top of the others."""
        self.looks.append(look)
        self.places.append(place)
        self.found.append(found)

    def first(self, count: int) -> Stand:
        """Only so many of the pictures, those added first."""
        return Stand(self.looks[:count], self.places[:count], self.found[:count])

    def only(self, wanted: NDArray[np.bool_]) -> Stand:
        """Those of the pictures that are wanted, in the same order."""
        rows = np.nonzero(wanted)[0].tolist()
        return Stand([self.looks[n] for n in rows], [self.places[n] for n in rows], [self.found[n] for n in rows])

    def place_array(self) -> NDArray[np.float64]:
        """Places as float64[n, 3]."""
        return np.array(self.places, np.float64).reshape(-1, 3)

    def rooms(self, oblique: Oblique, sprites: Sprites) -> NDArray[np.float64]:
        """Boxes [left, top, right, bottom] in logical pixels that the pictures need, known before they are drawn."""
        at = self.place_array()
        known = {id(look): sprites.extent(look) for look in _each_once(self.looks)}
        extents = np.array([known[id(look)] for look in self.looks], np.float64)
        return np.asarray(np.tile(oblique.screen(at[:, 0], at[:, 1], at[:, 2]), 2) + extents, np.float64)

    def boxes(self, oblique: Oblique, sprites: Sprites) -> NDArray[np.float64]:
        """Boxes [left, top, right, bottom] in logical pixels where each picture is drawn."""
        if not self.looks:
            return np.zeros((0, 4))
        at = self.place_array()
        feet = oblique.screen(at[:, 0], at[:, 1], at[:, 2])
        known = {}
        for look in _each_once(self.looks):
            size = sprites.size(look)
            known[id(look)] = (-size.foot_x, -size.foot_y, size.wide - size.foot_x, size.tall - size.foot_y)
        return np.tile(feet, 2) + np.array([known[id(look)] for look in self.looks]) / sprites.pixel_ratio


def _each_once(looks: list[Look]) -> Iterable[Look]:
    """Every look object once: many marks share one, and to ask of each what it looks like takes longest."""
    return {id(look): look for look in looks}.values()


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Which incidents every cluster stands for."""

    ids: tuple[str, ...]
    rows: NDArray[np.int64]
    first: NDArray[np.int64]
    """int64[clusters + 1], where each one's rows begin."""

    def of(self, number: int) -> tuple[str, ...]:
        """The incidents behind a cluster."""
        return tuple(self.ids[row] for row in self.rows[self.first[number] : self.first[number + 1]].tolist())


@dataclass(slots=True)
class MarksLayout:
    """Everything that stands on the map besides workers."""

    laid_names: Stand = field(default_factory=Stand)
    """Names that have room, some of them in the margin."""
    names: Stand = field(default_factory=Stand)
    """Those of them that are painted: the ones wholly in view, under nothing that stands on the map's edge."""
    cameras: Stand = field(default_factory=Stand)
    pins: Stand = field(default_factory=Stand)
    clusters: Members | None = None

    def show_whole_names(self, oblique: Oblique, sprites: Sprites, covered: NDArray[np.float64]) -> None:
        """Leave out the names that the edge of the picture, or a box float64[n, 4] of what covers it, would cut."""
        boxes = np.round(self.laid_names.boxes(oblique, sprites))
        self.names = self.laid_names.only(whole(boxes, (0.0, 0.0, oblique.width_px, oblique.height_px), covered))


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Where names may stand, in logical pixels of the picture that is laid out."""

    margin_px: float
    """How far beyond the picture things are laid out."""
    seen: tuple[float, float, float, float]
    """Left, top, right, bottom of what is on the screen now."""
    covered: NDArray[np.float64]
    """float64[n, 4], boxes of the screen that something covers."""

    def picture(self, oblique: Oblique) -> tuple[float, float, float, float]:
        """Left, top, width and height of the picture with its margin."""
        rim = self.margin_px
        return (-rim, -rim, oblique.width_px + 2 * rim, oblique.height_px + 2 * rim)

    def is_seen(self, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which boxes can be seen whole at this moment."""
        left, top = self.seen[:2]
        return whole(boxes, self.seen, np.add(self.covered, (left, top, left, top)))


def laid_out(shown: Shown, oblique: Oblique, sprites: Sprites, box: Box, room: Room, *, moving: bool) -> MarksLayout:
    """The layout for a picture (logical pixels) and a margin around it; names of roads wait while the view moves."""
    layout = MarksLayout()
    if shown.geometry is None:
        return layout
    if shown.layer_visible["incidents"]:
        _stand_pins(shown, oblique, box, layout)
    if shown.layer_visible["cameras"]:
        _stand_cameras(shown, oblique, box, layout)
    if shown.layer_visible["labels"]:
        _stand_names(shown, oblique, sprites, box, room, layout, moving)
    return layout


def _within(xy: NDArray[np.float64], box: Box, rim_m: float = 0.0) -> NDArray[np.bool_]:
    """Which places float64[n, 2] lie in a box, or so near it; none that is not a number."""
    west, south, east, north = box
    x, y = xy[:, 0], xy[:, 1]
    return np.asarray((x > west - rim_m) & (x < east + rim_m) & (y > south - rim_m) & (y < north + rim_m))


def _stand_pins(shown: Shown, oblique: Oblique, box: Box, layout: MarksLayout) -> None:
    """Clusters first, then single pins, the urgent and the selected last and so on top."""
    pins, scale = shown.pins, oblique.viewpoint.metres_per_pixel
    known = np.nonzero(_within(shown.pin_xy, box, CLUSTERS_BEYOND_PX * scale))[0]
    if len(known) == 0:
        return
    xy = shown.pin_xy[known]
    z = shown.pin_height_at(known, scale)
    chosen = np.zeros(len(known), bool)
    if shown.selected is not None and shown.selected.kind == "incident" and shown.selected.id in pins.ids:
        chosen[known == pins.ids.index(shown.selected.id)] = True
    graver = (pins.urgency[known] == 2) | ((pins.severity[known] > 0) & (pins.severity[known] <= 2))
    alone = chosen | pins.pending[known]
    if (graver & _within(xy, box)).sum() <= MOST_ALONE:
        alone |= graver
    middle = oblique.viewpoint.at(0.0, 0.0)
    px = Oblique(middle, oblique.width_px, oblique.height_px).screen(xy[:, 0], xy[:, 1])
    wide = (WIDE_CELL_PX, WIDE_MERGE_PX) if scale > FROM_AFAR_M_PER_PX else (CELL_PX, MERGE_PX)
    groups = clustered(px, alone, *wide)
    _stand_clusters(shown, groups, known, np.column_stack([xy, z]), layout)
    single = groups.alone[_within(xy[groups.alone], box, PINS_BEYOND_PX * scale)]
    order = single[np.lexsort((px[single, 1], pins.urgency[known[single]], chosen[single]))]
    standing = [(int(known[at]), (float(xy[at, 0]), float(xy[at, 1]), float(z[at]))) for at in order.tolist()]
    for row, place in standing if shown.shows_floors(scale) else ():
        _name_floor(shown, oblique, row, place, layout)
    for row, place in standing:
        layout.pins.add(pin_look(shown, row), place, Found("incident", pins.ids[row]))


def _name_floor(shown: Shown, oblique: Oblique, row: int, place: tuple[float, float, float], layout: MarksLayout) -> None:
    """Beside the head of a pin, and below all of them, the floor it is on."""
    floor = shown.indoors.floor[row]
    if floor is None:
        return
    name = floor.label(shown.language)
    half_px = sum(7.0 if letter > "\xff" else 4.0 for letter in name)
    right, up = _shift(oblique, FLOOR_RIGHT_PX + half_px, -FLOOR_UP_PX)
    look = _label_look(name, LabelKind.COMMUNITY, 0)
    layout.pins.add(look, (place[0] + right, place[1] + up, place[2]), Found("incident", shown.pins.ids[row]))


def _stand_clusters(
    shown: Shown, groups: Clusters, known: NDArray[np.int64], xyz: NDArray[np.float64], layout: MarksLayout
) -> None:
    """Each cluster in the middle of its pins, as high as the highest and as urgent as the most urgent."""
    by_cluster = np.argsort(groups.member, kind="stable")[len(groups.alone) :]
    if len(by_cluster) == 0:
        return
    first = np.concatenate([[0], np.cumsum(groups.count)[:-1]])
    middles = np.add.reduceat(xyz[by_cluster, :2], first) / groups.count[:, None]
    heights = np.maximum.reduceat(xyz[by_cluster, 2], first).tolist()
    urgencies = np.maximum.reduceat(shown.pins.urgency[known[by_cluster]], first).tolist()
    for number, (count, (x, y), z, urgency) in enumerate(
        zip(groups.count.tolist(), middles.tolist(), heights, urgencies, strict=True)
    ):
        layout.pins.add(_cluster_look(count, urgency), (x, y, z), Found("cluster", str(number)))
    layout.clusters = Members(shown.pins.ids, known[by_cluster], np.concatenate([first, [len(by_cluster)]]))


def pin_look(shown: Shown, row: int) -> PinLook:
    """How one pin looks."""
    pins, glyphs = shown.pins, shown.category_glyphs
    category = int(pins.category[row])
    glyph = glyphs[category] if category < len(glyphs) else REPORTED_GLYPH
    urgency, severity = min(int(pins.urgency[row]), 2), int(pins.severity[row])
    return _pin_look(glyph, urgency, severity if severity <= 4 else 0, int(pins.state[row]), bool(pins.overdue[row]))


_pin_look = cache(PinLook)
_label_look = cache(LabelLook)
_cluster_look = cache(ClusterLook)
_camera_look = cache(CameraLook)


def _stand_cameras(shown: Shown, oblique: Oblique, box: Box, layout: MarksLayout) -> None:
    scale = oblique.viewpoint.metres_per_pixel
    xy = shown.camera_xy
    if len(xy) == 0:
        return
    near = _within(xy, box)
    if scale >= CAMERAS_BELOW_M_PER_PX:
        chosen = shown.selected.id if shown.selected is not None and shown.selected.kind == "camera" else ""
        near &= np.array([id_ == chosen for id_ in shown.cameras.ids]) if chosen else False
    rows = np.nonzero(near)[0]
    z = shown.height_at(shown.camera_grid[rows], scale)
    for at, row in enumerate(rows.tolist()):
        place = (float(xy[row, 0]), float(xy[row, 1]), float(z[at]))
        layout.cameras.add(_camera_look(int(shown.cameras.state[row])), place, Found("camera", shown.cameras.ids[row]))


def _wished_names(shown: Shown, oblique: Oblique, box: Box, margin_px: float, moving: bool) -> list[Name]:
    geometry, scale = shown.geometry, oblique.viewpoint.metres_per_pixel
    if geometry is None:
        return []
    wished = area_names(geometry.streets, LabelKind.STREET, box, scale)
    wished += area_names(geometry.communities, LabelKind.COMMUNITY, box, scale)
    wished += area_names(geometry.grids, LabelKind.GRID, box, scale)
    if not moving:
        wished += road_names(geometry.roads, geometry.road_boxes, oblique, {}, margin_px)
    return wished


def _stand_names(
    shown: Shown, oblique: Oblique, sprites: Sprites, box: Box, room: Room, layout: MarksLayout, moving: bool
) -> None:
    wished = _wished_names(shown, oblique, box, room.margin_px, moving)
    if not wished or shown.geometry is None:
        return
    x, y = np.array([name.x for name in wished]), np.array([name.y for name in wished])
    grid = shown.geometry.grid_raster.at(x, y)
    z = shown.height_at(grid, oblique.viewpoint.metres_per_pixel)
    stand, group, name_of = _places_to_try(wished, z, oblique, sprites, moving)
    at = stand.place_array()
    kinds = np.array([name.kind for name in wished])[name_of]
    stray = astray(shown.geometry, kinds, grid[name_of], shown.geometry.grid_raster.at(at[:, 0], at[:, 1]))
    taken = np.vstack([layout.pins.boxes(oblique, sprites), layout.cameras.boxes(oblique, sprites)])
    taken[:, :2] -= PIN_AIR_PX
    taken[:, 2:] += PIN_AIR_PX
    repeated: dict[str, list[NDArray[np.float64]]] = {}
    boxes = stand.rooms(oblique, sprites)
    order = np.lexsort((~room.is_seen(boxes), group))
    order = order[~stray[order]]
    kept = fitting(boxes[order], taken, room.picture(oblique), group[order].tolist())
    for row in order[kept].tolist():
        chosen = stand.looks[row]
        if isinstance(chosen, LabelLook) and chosen.kind is LabelKind.ROAD and _is_repeated(repeated, chosen.text, boxes[row]):
            continue
        layout.laid_names.add(chosen, stand.places[row])


def _places_to_try(
    wished: list[Name], z: NDArray[np.float64], oblique: Oblique, sprites: Sprites, moving: bool
) -> tuple[Stand, NDArray[np.int64], NDArray[np.int64]]:
    """Every place a name may take, the best first; which of them are for one name: only one of those is shown; whose it is.

    While the view moves names of grids do not dodge.
    A community named like its street shares the street's group, so that the same word is not said twice.
    """
    stand, group, name_of = Stand(), list[int](), list[int]()
    stays = moving and len(wished) > MOST_THAT_DODGE
    (right_x, right_y), (down_x, down_y) = _shift(oblique, 1.0, 0.0), _shift(oblique, 0.0, 1.0)
    streets = {name.text: number for number, name in enumerate(wished) if name.kind is LabelKind.STREET}
    for number, (name, height) in enumerate(zip(wished, z.tolist(), strict=True)):
        look = LabelLook(name.text, name.kind, name.turn_deg)
        one_of = streets.get(name.text, number) if name.kind is LabelKind.COMMUNITY else number
        left_edge, _, right_edge, _ = sprites.extent(look)
        steps = steps_of(name.kind, right_edge - left_edge)
        for right, down in steps[:1] if stays or (moving and name.kind is LabelKind.GRID) else steps:
            place = (name.x + right * right_x + down * down_x, name.y + right * right_y + down * down_y, height)
            stand.add(look, place)
            group.append(one_of)
            name_of.append(number)
    return stand, np.array(group), np.array(name_of)


def _shift(oblique: Oblique, right_px: float, down_px: float) -> tuple[float, float]:
    """Metres east and north of a step on the screen."""
    level = Oblique(oblique.viewpoint.at(0.0, 0.0), 0.0, 0.0)
    return level.ground(0.5 + right_px, 0.5 + down_px)


def _is_repeated(seen: dict[str, list[NDArray[np.float64]]], text: str, box: NDArray[np.float64]) -> bool:
    """Whether the same road is named closer by; the place is remembered where it is not."""
    middle = (box[:2] + box[2:]) / 2
    others = seen.setdefault(text, [])
    if any(np.hypot(*(middle - other)) < 340.0 for other in others):
        return True
    others.append(middle)
    return False
