"""Coverages whose areas share every vertex, and one defect put into them at a time; plane metres of EPSG:4549."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

CELL_M = 600.0
CORNER = np.array([500_000.0, 3_350_000.0])
INNER = 5
"""Vertices within each side, where nobody says how many."""
Points = npt.NDArray[np.float64]


@dataclass
class Noded:
    """Areas in rows, each with a ring of its own to change."""

    side: int
    rings: list[Points]
    """Of each area, not closed, running left."""
    between: dict[tuple[int, int], Points]
    """The vertices within the side that two areas share, running up or right; -1 is the outside."""
    outline: shapely.Polygon = field(default_factory=shapely.Polygon)
    extra: list[shapely.Geometry] = field(default_factory=list)
    gone: set[int] = field(default_factory=set)
    shapes_of: dict[int, shapely.Geometry] = field(default_factory=dict)
    """Areas that are no single ring any more."""

    def polygons(self) -> npt.NDArray[np.object_]:
        """As a layer holds them."""
        kept = [k for k in range(len(self.rings)) if k not in self.gone]
        shapes = [self.shapes_of.get(k, shapely.Polygon(self.rings[k])) for k in kept]
        return np.array([*shapes, *self.extra], dtype=object)

    def replace(self, area: int, inner: Points, new: Points) -> None:
        """Put other vertices in the place of some that follow each other in an area's ring."""
        ring = self.rings[area]
        at = [int(np.flatnonzero((ring == point).all(axis=1))[0]) for point in inner]
        forward = (at[0] + len(inner) - 1) % len(ring) == at[-1]
        first = at[0] if forward else at[-1]
        self.rings[area] = np.vstack([new if forward else new[::-1], np.roll(ring, -first, axis=0)[len(inner) :]])


def noded(side: int, seed: int, *, inner: int = INNER, count: int | None = None) -> Noded:
    """side x side areas around jittered corners, with crooked sides of so many vertices; the first `count` of them."""
    random = np.random.default_rng(seed)
    at = np.stack(np.meshgrid(np.arange(side + 1.0), np.arange(side + 1.0), indexing="ij"), axis=-1)
    corners = np.round(CORNER + CELL_M * (at + random.uniform(-0.2, 0.2, at.shape)), 3)
    up = _crooked(corners[:, :-1], corners[:, 1:], inner, random)
    right = _crooked(corners[:-1], corners[1:], inner, random)
    many = side * side if count is None else count
    rings, between = [], {}
    for me in range(many):
        i, j = divmod(me, side)
        rings.append(
            np.vstack([
                corners[i, j], right[i, j], corners[i + 1, j], up[i + 1, j],
                corners[i + 1, j + 1], right[i, j + 1][::-1], corners[i, j + 1], up[i, j][::-1],
            ])
        )  # fmt: skip
        between[me, me + side if me + side < many else -1] = up[i + 1, j]
        between[me, me + 1 if j + 1 < side and me + 1 < many else -2] = right[i, j + 1]
    made = Noded(side, rings, between)
    made.outline = shapely.coverage_union_all(made.polygons())
    return made


def _crooked(a: Points, b: Points, inner: int, random: np.random.Generator) -> Points:
    """Vertices float64[n, m, inner, 2] within the sides from corners to corners float64[n, m, 2]."""
    along = np.linspace(0, 1, inner + 2)[1:-1, None]
    step = (b - a)[:, :, None, :]
    normal = np.stack([-step[..., 1], step[..., 0]], axis=-1)
    aside = random.uniform(-0.03, 0.03, (*a.shape[:2], inner, 1))
    made: Points = np.round(a[:, :, None, :] + along * step + normal * aside, 3)
    return made


def _outward(made: Noded, area: int, inner: Points) -> Points:
    """The unit vector that leads out of an area across a side."""
    along = inner[-1] - inner[0]
    normal = np.array([-along[1], along[0]]) / np.hypot(*along)
    outward: Points = normal if (inner.mean(axis=0) - made.rings[area].mean(axis=0)) @ normal > 0 else -normal
    return outward


def bulge(by_m: float) -> Callable[[Noded, int, int], tuple[int, ...]]:
    """One area's side moves out (or in, by less than 0) and the neighbour's does not."""

    def put(made: Noded, area: int, other: int) -> tuple[int, ...]:
        inner = made.between[area, other]
        profile = np.ones((len(inner), 1))
        profile[[0, -1]] = 0.5
        made.replace(area, inner, np.round(inner + _outward(made, area, inner) * profile * by_m, 3))
        return tuple(k for k in (area, other) if k >= 0)

    return put


def remove(made: Noded, area: int, _other: int) -> tuple[int, ...]:
    """The area is not there."""
    made.gone.add(area)
    return ()


def repeat(made: Noded, area: int, _other: int) -> tuple[int, ...]:
    """The area is there twice."""
    made.extra.append(shapely.Polygon(made.rings[area]))
    return (area, len(made.polygons()) - 1)


def cross(made: Noded, area: int, other: int) -> tuple[int, ...]:
    """A vertex lies beyond the area's other side: the ring crosses itself."""
    inner = made.between[area, other]
    middle = len(inner) // 2
    thrown = inner.copy()
    thrown[middle] = np.round(inner[middle] + 2.2 * (made.rings[area].mean(axis=0) - inner[middle]), 3)
    made.replace(area, inner, thrown)
    return (area,)


def spike(wide_m: float) -> Callable[[Noded, int, int], tuple[int, ...]]:
    """The ring runs 90 m into the neighbour and back, so wide at its beginning."""

    def put(made: Noded, area: int, other: int) -> tuple[int, ...]:
        inner = made.between[area, other]
        tip = np.round(inner[2] + _outward(made, area, inner) * 90.0, 3)
        back = inner[2:3]
        if wide_m:  # where it ends is a vertex of both
            along = (inner[3] - inner[2]) / np.hypot(*(inner[3] - inner[2]))
            back = np.round(inner[2:3] + along * wide_m, 3)
            made.replace(other, inner, np.vstack([inner[:3], back, inner[3:]]))
        made.replace(area, inner, np.vstack([inner[:3], tip, back, inner[3:]]))
        return (area,)

    return put


def extra_vertex(made: Noded, area: int, other: int) -> tuple[int, ...]:
    """A vertex on the shared side that the neighbour lacks."""
    inner = made.between[area, other]
    middle = np.round((inner[2] + inner[3]) / 2, 3)
    made.replace(area, inner, np.vstack([inner[:3], middle, inner[3:]]))
    return (area, other)


def exclave(made: Noded, area: int, other: int) -> tuple[int, ...]:
    """A round piece of the neighbour belongs to the area."""
    piece = shapely.Point(made.rings[other].mean(axis=0)).buffer(15.0)
    piece = shapely.orient_polygons(shapely.transform(piece, lambda xy: np.round(xy, 3)))
    made.shapes_of[area] = shapely.MultiPolygon([shapely.Polygon(made.rings[area]), piece])
    made.shapes_of[other] = shapely.Polygon(made.rings[other], [shapely.get_coordinates(piece.exterior)])
    return (area,)


def twice_the_vertex(made: Noded, area: int, other: int) -> tuple[int, ...]:
    """A vertex is written twice."""
    inner = made.between[area, other]
    made.replace(area, inner, np.vstack([inner[:3], inner[2:]]))
    return (area,)


def turn_round(made: Noded, area: int, _other: int) -> tuple[int, ...]:
    """The ring runs right."""
    made.rings[area] = made.rings[area][::-1]
    return (area,)


INNER_DEFECTS: dict[str, tuple[str, Callable[[Noded, int, int], tuple[int, ...]]]] = {
    "overlap": ("overlap", bulge(30.0)),
    "thin overlap": ("sliver_overlap", bulge(0.4)),
    "gap": ("gap", bulge(-30.0)),
    "thin gap": ("sliver_gap", bulge(-0.4)),
    "hairline": ("unnoded", bulge(0.002)),
    "missing": ("missing", remove),
    "twice": ("duplicate", repeat),
    "crossing": ("invalid", cross),
    "spike": ("spike", spike(0.0)),
    "thin spike": ("spike", spike(0.3)),
    "extra vertex": ("unnoded", extra_vertex),
    "exclave": ("multipart", exclave),
    "repeated vertex": ("invalid", twice_the_vertex),
    "turned": ("invalid", turn_round),
}
"""What may be wrong between an area within and its neighbour: the kind it is to be told as."""
BORDER_DEFECTS = {"standing out": ("outside_parent", bulge(25.0)), "standing back": ("gap", bulge(-25.0))}
"""What may be wrong between an area at the rim and the parent."""
