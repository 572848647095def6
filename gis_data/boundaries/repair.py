"""Repairs proposed for single defects: what the features would become, to be looked at before anything is done.

A proposal changes no layer: `Repair.becomes` are the new shapes of the features concerned. Where a vertex of the layer stands
on a lattice point its own coordinates are kept, so that a repair moves nothing by less than a millimetre.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.check import Layer
from gis_data.boundaries.defect import Defect, Kind
from gis_data.boundaries.lattice import Lattice

_ON_EDGE_MM = 25.0
"""A vertex this near to a neighbour's edge belongs on it."""
Shapes = npt.NDArray[np.object_]
Near = dict[int, shapely.Geometry]


class Way(StrEnum):
    """How a defect is mended."""

    GIVE = "give"
    """The ground goes to the neighbour with the longest shared boundary."""
    TAKE = "take"
    """The ground stays with the first and is taken from the others."""
    CLIP = "clip"
    """What stands out of the parent is taken away."""
    NODE = "node"
    """Each neighbour gets the vertices of the other."""
    SMOOTH = "smooth"
    """The tip of a spike is left out."""
    VALID = "valid"
    """A ring that crosses itself becomes the areas it runs around; repeated vertices are left out, a ring is turned."""
    REMOVE = "remove"
    """All but the first of features that are the same are removed."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One proposal."""

    defect: Defect
    way: Way
    becomes: Mapping[int, shapely.Geometry | None]
    """By position in the layer; None for a feature that is removed."""
    moved_m2: float
    """Ground that would change hands, on the ellipsoid."""


def proposed(layer: Layer, defect: Defect, lattice: Lattice) -> Repair | None:
    """The way to mend one defect of a report; None where only people can say."""
    way = _WAYS.get(defect.kind)
    if way is None or not defect.features:
        return None
    name, mend = way
    near = {k: _on(lattice, layer.shapes[k]) for k in defect.features}
    became = mend(near, defect)
    if became is None:
        return None
    kept = _corners(layer.shapes[list(defect.features)], lattice)
    becomes = {
        k: None if shape is None else _back(_as_it_ran(shape, near[k], defect), lattice, kept) for k, shape in became.items()
    }
    moved = sum(
        lattice.area_m2(shapely.symmetric_difference(near[k], _on(lattice, shape)))
        for k, shape in becomes.items()
        if shape is not None and shapely.is_valid(near[k])
    )
    return Repair(defect, name, becomes, moved)


def _give(near: Near, defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    """A gap to the first feature beside it, which shares most of its boundary."""
    if defect.shape is None:
        return None
    first = defect.features[0]
    return _together({**near, first: shapely.union(near[first], defect.shape)}, {first})


def _take(near: Near, defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    """An overlap from all but the first of those that cover it."""
    if defect.shape is None:
        return None
    others = {k: shapely.difference(near[k], defect.shape) for k in defect.features[1:]}
    return _together({**near, **others}, set(others))


def _clip(near: Near, defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    if defect.shape is None:
        return None
    return {k: shapely.difference(near[k], defect.shape) for k in defect.features}


def _node(near: Near, _defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    return _together(dict(near), set(near))


def _smooth(near: Near, defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    """Without what runs out and back, by opening the ring there: nothing is done where that leaves no valid area."""
    (k,) = defect.features
    if defect.why == "turned":
        return {k: near[k]}
    if defect.why == "repeated":
        return {k: shapely.remove_repeated_points(near[k])}
    shape = shapely.make_valid(near[k], method="structure", keep_collapsed=False)
    land = shapely.get_parts(shape)
    land = land[shapely.get_type_id(land) == shapely.GeometryType.POLYGON]
    if not len(land):
        return None
    return {k: land[0] if len(land) == 1 else shapely.MultiPolygon(land.tolist())}


def _remove(_near: Near, defect: Defect) -> dict[int, shapely.Geometry | None] | None:
    return dict.fromkeys(defect.features[1:])


_WAYS: dict[Kind, tuple[Way, Callable[[Near, Defect], dict[int, shapely.Geometry | None] | None]]] = {
    Kind.GAP: (Way.GIVE, _give),
    Kind.SLIVER_GAP: (Way.GIVE, _give),
    Kind.OVERLAP: (Way.TAKE, _take),
    Kind.SLIVER_OVERLAP: (Way.TAKE, _take),
    Kind.OUTSIDE_PARENT: (Way.CLIP, _clip),
    Kind.UNNODED: (Way.NODE, _node),
    Kind.SPIKE: (Way.SMOOTH, _smooth),
    Kind.INVALID: (Way.VALID, _smooth),
    Kind.DUPLICATE: (Way.REMOVE, _remove),
}


def _together(shapes: Near, changed: set[int]) -> dict[int, shapely.Geometry | None]:
    """The shapes with every vertex of each on whose edges it lies in the others too; those that are others now."""
    corners = {k: shapely.get_coordinates(shape) for k, shape in shapes.items()}
    became: dict[int, shapely.Geometry | None] = {}
    for k, shape in shapes.items():
        others = np.concatenate([xy for other, xy in corners.items() if other != k] or [np.zeros((0, 2))])
        noded = _with_vertices(shape, others)
        if k in changed or not shapely.equals_exact(noded, shape):
            became[k] = noded
    return became


def _with_vertices(shape: shapely.Geometry, points: npt.NDArray[np.float64]) -> shapely.Geometry:
    """A shape whose edges run through the points near them."""
    near = points[shapely.dwithin(shape.boundary, shapely.points(points), _ON_EDGE_MM)] if len(points) else points
    near = np.unique(near, axis=0)
    if not len(near):
        return shape
    parts = []
    for part in shapely.get_parts(shape):
        rings = [_ring_through(shapely.get_coordinates(ring)[:-1], near) for ring in (part.exterior, *part.interiors)]
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _ring_through(ring: npt.NDArray[np.float64], points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    there = {tuple(xy) for xy in ring.tolist()}
    missing = np.array([xy for xy in points.tolist() if tuple(xy) not in there]).reshape(-1, 2)
    walked: list[npt.NDArray[np.float64]] = []
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        walked.append(a[None])
        along = b - a
        if not len(missing):
            continue
        share = (missing - a) @ along / max(float(along @ along), 1e-9)
        aside = np.abs((missing - a) @ np.array([-along[1], along[0]])) / max(float(np.hypot(*along)), 1e-9)
        on = (share > 0) & (share < 1) & (aside <= _ON_EDGE_MM)
        walked.append(missing[on][np.argsort(share[on])])
    return np.concatenate(walked)


def _on(lattice: Lattice, shape: shapely.Geometry) -> shapely.Geometry:
    return lattice.rounded(np.array([shape], dtype=object))[0]


def _as_it_ran(shape: shapely.Geometry, before: shapely.Geometry, defect: Defect) -> shapely.Geometry:
    """A shape whose outer rings run as they ran before, unless that was what was wrong."""
    xy = shapely.get_coordinates(shapely.get_exterior_ring(shapely.get_parts(before)[0]))
    x, y = (xy - xy[0]).T  # by the area: what is told by the highest corner of a ring goes wrong at a spike
    ran_left = float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum()) > 0
    return shapely.orient_polygons(shape, exterior_cw=ran_left == (defect.why == "turned"))


def _corners(shapes: Shapes, lattice: Lattice) -> dict[tuple[int, int], tuple[float, float]]:
    """The layer's own coordinates by lattice point."""
    xy = shapely.get_coordinates(shapes)
    return {(int(x), int(y)): (float(a), float(b)) for (x, y), (a, b) in zip(lattice.whole(xy), xy, strict=True)}


def _back(shape: shapely.Geometry, lattice: Lattice, kept: dict[tuple[int, int], tuple[float, float]]) -> shapely.Geometry:
    """A shape of the lattice in the layer's coordinates."""

    def own(mm: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        there = lattice.source(mm)
        for k, (x, y) in enumerate(np.rint(mm).astype(np.int64).tolist()):
            if (x, y) in kept:
                there[k] = kept[x, y]
        return there

    return shapely.transform(shape, own)
