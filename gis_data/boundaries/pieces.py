"""Ground that is covered wrongly, piece by piece: of each pair that overlaps, and of each area that stands out.

In a face of unmatched edges the number of areas that cover the ground is the same everywhere, but which they are may change:
a boundary that fits its neighbour runs through it unseen. So wrong faces are cut by the areas themselves.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.edges import Whole
from gis_data.boundaries.faces import Face, Suspects

MOST_PAIRS = 20_000
"""So many pairs that overlap are looked at: ten thousand areas in one place are fifty million."""
_ON_EDGE_MM = 0.05
_LEAST_MM2 = 1.0
"""Less than this is no ground."""

Shapes = npt.NDArray[np.object_]


def on_an_edge(points: Shapes, suspects: Suspects) -> npt.NDArray[np.bool_]:
    """bool[n]: which points lie on a boundary, so that they cannot tell who covers their face."""
    lines = shapely.boundary(np.concatenate([suspects.areas, suspects.parents]))
    hit = np.zeros(len(points), bool)
    if len(lines):
        at, _ = shapely.STRtree(lines).query(points, predicate="dwithin", distance=_ON_EDGE_MM)
        hit[at] = True
    return hit


def elsewhere(faces: Shapes, random: np.random.Generator) -> Shapes:
    """Another point within each face, by chance: boundaries take up none of it."""
    found = []
    for face in faces:
        triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(face))
        corners = shapely.get_coordinates(triangles[int(np.argmax(shapely.area(triangles)))])[:3]
        found.append(shapely.Point(random.dirichlet((2.0, 2.0, 2.0)) @ corners))
    return np.array(found, dtype=object)


def overlaps(faces: list[Face], suspects: Suspects) -> tuple[list[Face], int]:
    """A face for each piece of ground that two areas share, and how many pairs were left out."""
    chosen = _touching(faces, suspects)
    areas, index = suspects.areas[chosen], suspects.index[chosen]
    one, other = shapely.STRtree(areas).query(areas, predicate="intersects")
    first = one < other
    one, other = one[first], other[first]
    left_out = max(len(one) - MOST_PAIRS, 0)
    one, other = one[:MOST_PAIRS], other[:MOST_PAIRS]
    shared = shapely.intersection(areas[one], areas[other])
    found = []
    for k, part in _grounds(shared):
        pair = tuple(sorted((int(index[one[k]]), int(index[other[k]]))))
        found.append(Face(part, shapely.point_on_surface(part), pair, -1))
    return found, left_out


def standing_out(faces: list[Face], suspects: Suspects) -> list[Face]:
    """A face for each piece of ground that an area covers beyond its parent."""
    if not faces:
        return []
    shapes = np.array([face.shape for face in faces], dtype=object)
    at, which = shapely.STRtree(suspects.areas).query(shapes, predicate="intersects")
    shared = shapely.intersection(shapes[at], suspects.areas[which])
    found = []
    for k, part in _grounds(shared):
        area = int(suspects.index[which[k]])
        found.append(replace(faces[at[k]], shape=part, inner=shapely.point_on_surface(part), covering=(area,)))
    return found


def _touching(faces: list[Face], suspects: Suspects) -> Whole:
    """Positions among the suspects of those that reach into some faces."""
    if not faces:
        return np.zeros(0, np.int64)
    shapes = np.array([face.shape for face in faces], dtype=object)
    return np.unique(shapely.STRtree(suspects.areas).query(shapes, predicate="intersects")[1])


def _grounds(shapes: Shapes) -> list[tuple[int, shapely.Polygon]]:
    """The polygons in each shape, with whose they are; lines and points are no ground."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, nested = shapely.get_parts(parts, return_index=True)  # a collection may hold a multipolygon
    owner = owner[nested]
    are = (shapely.get_type_id(parts) == shapely.GeometryType.POLYGON) & (shapely.area(parts) > _LEAST_MM2)
    return [(int(k), part) for k, part in zip(owner[are].tolist(), parts[are], strict=True)]
