"""Which names fit on the map: greedy, most important first, never over a pin, never over one another; no Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from desktop.map.oblique import Oblique
from desktop.map.scene import Areas, Geometry, Lines

CELL_PX = 4
ROAD_STEP_PX = 420.0
STRAIGHT_ENOUGH = 0.985


class LabelKind(IntEnum):
    """What a name belongs to, in order of importance."""

    STREET = 0
    COMMUNITY = 1
    GRID = 2
    ROAD = 3


SHOWN_BETWEEN = {
    LabelKind.STREET: (1.6, math.inf),
    LabelKind.COMMUNITY: (0.55, 9.5),
    LabelKind.GRID: (0.0, 3.6),
}
"""Metres per pixel between which names of a kind are shown."""

ROAD_SHOWN_BELOW = (9.0, 6.0, 2.6, 0.9, 0.45)
"""Metres per pixel below which names of roads of a class are shown."""


PLACES_TO_TRY = {
    LabelKind.STREET: tuple((dx, dy) for dy in (0, 30, -30, 60, -60, 90, -90) for dx in (0, 45, -45, 90, -90, 130, -130)),
    LabelKind.COMMUNITY: tuple((dx, dy) for dy in (0, 22, -22, 40, -40) for dx in (0, 30, -30)),
    LabelKind.GRID: ((0, 0), (0, 20), (0, -20), (30, 0), (-30, 0), (60, 0), (-60, 0)),
}
"""Steps in pixels, right and down, by which a name may move away from the middle of its area to find room."""

MOST_WISHED, ROOM_PX = 300, (110.0, 44.0)
"""Where more names of a kind would like to be seen than these, one in a room so wide and high is asked for."""

AFAR_FROM_M_PER_PX, AFAR_ROOM_PX = 60.0, (320.0, 160.0)
"""From this scale on a city or more is in view, and one street in each so large room is named: enough to know where one is."""

BESIDE_PX = 26.0
"""How far from the middle of its area a name of a street or community begins or ends that found room only beside it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that would like to be on the map, at a place in plane metres, turned by degrees on the screen."""

    text: str
    kind: LabelKind
    x: float
    y: float
    turn_deg: int = 0


class Occupied:
    """The part of the picture that is taken, in cells of a few pixels."""

    def __init__(self, left: float, top: float, width_px: float, height_px: float) -> None:
        """Nothing taken yet of a picture with that corner and size."""
        self._left, self._top = left, top
        self._cells = np.zeros((int(height_px / CELL_PX) + 1, int(width_px / CELL_PX) + 1), bool)

    def take(self, box: tuple[float, float, float, float]) -> None:
        """Mark a box (left, top, right, bottom) as taken."""
        self._part(box)[...] = True

    def is_free(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box lies within the picture and touches nothing taken."""
        rows, columns = self._cells.shape
        outside = box[0] < self._left or box[1] < self._top
        outside |= box[2] > self._left + columns * CELL_PX or box[3] > self._top + rows * CELL_PX
        return not outside and not self._part(box).any()

    def _part(self, box: tuple[float, float, float, float]) -> NDArray[np.bool_]:
        left, right = int(box[0] - self._left) // CELL_PX, int(box[2] - self._left) // CELL_PX + 1
        top, bottom = int(box[1] - self._top) // CELL_PX, int(box[3] - self._top) // CELL_PX + 1
        return self._cells[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]


def area_names(areas: Areas, kind: LabelKind, box: tuple[float, float, float, float], metres_per_pixel: float) -> list[Name]:
    """Names of areas whose centres lie in a box of plane metres, none where the scale does not show the kind."""
    nearest, farthest = SHOWN_BETWEEN[kind]
    if not nearest <= metres_per_pixel < farthest or len(areas.codes) == 0:
        return []
    west, south, east, north = box
    x, y = areas.centres[:, 0], areas.centres[:, 1]
    rows = np.nonzero((x > west) & (x < east) & (y > south) & (y < north))[0]
    is_afar = metres_per_pixel >= AFAR_FROM_M_PER_PX
    if len(rows) > MOST_WISHED or is_afar:
        room = AFAR_ROOM_PX if is_afar else ROOM_PX
        cell = np.floor(areas.centres[rows] / (np.array(room) * metres_per_pixel)).astype(np.int64)
        _, first = np.unique(cell[:, 1] * (1 << 31) + cell[:, 0], return_index=True)
        rows = rows[np.sort(first)]
    return [Name(areas.labels[row], kind, float(x[row]), float(y[row])) for row in rows.tolist()]


def road_names(
    roads: Lines, boxes: NDArray[np.float64], oblique: Oblique, widths_px: dict[str, float], margin_px: float
) -> list[Name]:
    """Places along named roads where the road is straight enough for its name, with the angle on the screen.

    `boxes` float64[lines, 4] lie around the roads; `widths_px` holds the drawn width of each name; roads of more important
    classes come first.
    """
    shown = [kind for kind, below in enumerate(ROAD_SHOWN_BELOW) if oblique.viewpoint.metres_per_pixel < below]
    if not shown or len(roads.names) == 0:
        return []
    west, south, east, north = oblique.ground_box(margin_px)
    near = (boxes[:, 0] < east) & (boxes[:, 2] > west) & (boxes[:, 1] < north) & (boxes[:, 3] > south)
    rows = np.nonzero(near & (roads.kinds <= shown[-1]))[0]
    low, high = -margin_px, np.array([oblique.width_px, oblique.height_px]) + margin_px
    names: list[Name] = []
    for line in rows[np.argsort(roads.kinds[rows], kind="stable")].tolist():
        text, part = roads.names[line], slice(int(roads.offsets[line]), int(roads.offsets[line + 1]))
        if text:
            px = oblique.screen(roads.xy[part, 0], roads.xy[part, 1])
            if ((px > low) & (px < high)).all(axis=1).any():
                names.extend(_along(text, px, roads.xy[part], widths_px.get(text, 13.0 * len(text))))
    return names


def _along(text: str, px: NDArray[np.float64], xy: NDArray[np.float64], width_px: float) -> list[Name]:
    """Names at regular steps along one line, where the chord under the text is nearly as long as the line."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(px, axis=0).T))])
    length = float(along[-1])
    if length < width_px * 1.3:
        return []
    count = max(1, int(length // ROAD_STEP_PX))
    names = []
    for middle in ((np.arange(count) + 0.5) * length / count).tolist():
        span = np.array([middle - width_px / 2, middle, middle + width_px / 2])
        sx, sy = np.interp(span, along, px[:, 0]), np.interp(span, along, px[:, 1])
        if math.hypot(sx[2] - sx[0], sy[2] - sy[0]) < STRAIGHT_ENOUGH * width_px:
            continue
        turn = math.degrees(math.atan2(sy[2] - sy[0], sx[2] - sx[0]))
        turn = turn - 180 if turn > 90 else turn + 180 if turn <= -90 else turn
        x, y = np.interp(middle, along, xy[:, 0]), np.interp(middle, along, xy[:, 1])
        names.append(Name(text, LabelKind.ROAD, float(x), float(y), round(turn / 3) * 3))
    return names


def steps_of(kind: LabelKind, width_px: float) -> list[tuple[float, float]]:
    """Steps to try for a name that wide, the nearest first."""
    steps: list[tuple[float, float]] = list(PLACES_TO_TRY.get(kind, ((0, 0),)))
    if kind in (LabelKind.STREET, LabelKind.COMMUNITY):
        beside = width_px / 2 + BESIDE_PX
        steps += [(side * beside, down) for down in (0, 24, -24) for side in (1, -1)]
    return sorted(steps, key=lambda step: math.hypot(*step))


def astray(
    geometry: Geometry, kinds: NDArray[np.int64], home: NDArray[np.int32], there: NDArray[np.int32]
) -> NDArray[np.bool_]:
    """Which names of streets and communities would stand in another one: kind, own grid and grid of the place, all [n].

    Outside every grid, as on a river, nothing is mistaken for anything.
    """
    found = np.zeros(len(kinds), bool)
    for kind, owner in ((LabelKind.STREET, geometry.street_of_grid), (LabelKind.COMMUNITY, geometry.community_of_grid)):
        placed = (kinds == kind) & (home >= 0) & (there >= 0)
        found[placed] = owner[there[placed]] != owner[home[placed]]
    return found


def whole(
    boxes: NDArray[np.float64], picture: tuple[float, float, float, float], covered: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which boxes [left, top, right, bottom] lie wholly in the picture (left, top, right, bottom) and under no cover."""
    left, top, right, bottom = picture
    seen = (boxes[:, 0] >= left) & (boxes[:, 1] >= top) & (boxes[:, 2] <= right) & (boxes[:, 3] <= bottom)
    for cover in covered.tolist():
        seen &= (boxes[:, 2] <= cover[0]) | (boxes[:, 0] >= cover[2]) | (boxes[:, 3] <= cover[1]) | (boxes[:, 1] >= cover[3])
    return np.asarray(seen)


def fitting(
    boxes: NDArray[np.float64],
    taken: NDArray[np.float64],
    picture: tuple[float, float, float, float],
    group: Sequence[int] | None = None,
) -> list[int]:
    """Rows of the boxes [left, top, right, bottom] that fit, earlier rows first; `taken` are boxes of pins.

    `picture` is left, top, width, height in the same pixels. Of boxes of one group only the first that fits is kept.
    """
    occupied = Occupied(*picture)
    for box in taken.tolist():
        occupied.take(tuple(box))
    kept: list[int] = []
    done: set[int] = set()
    for row, box in enumerate(boxes.tolist()):
        one_of = row if group is None else group[row]
        if one_of not in done and occupied.is_free(tuple(box)):
            occupied.take(tuple(box))
            done.add(one_of)
            kept.append(row)
    return kept
