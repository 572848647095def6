"""The places where a coverage is wrong: faces that the unmatched edges enclose, and who covers each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.edges import Whole, keys_of, mixed

_ON_EDGE_MM = 1.5
"""An edge this near to the middle of a face's side runs along it."""

Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Face:
    """A piece of ground with its boundary among the unmatched edges."""

    shape: shapely.Polygon
    """In lattice millimetres."""
    inner: shapely.Point
    """A point within."""
    covering: tuple[int, ...]
    """Areas that cover it."""
    within: int
    """The parent it lies in; -1 outside all of them, and where there are no parents."""
    beside: tuple[int, ...] = ()
    """Areas with unmatched edges along it, the longest shared first."""

    @property
    def width_m(self) -> float:
        """Its mean width: of a strip its width, of a thin triangle half its height."""
        return 2e-3 * float(self.shape.area) / max(float(self.shape.length), 1e-9)

    @property
    def compactness(self) -> float:
        """1 of a circle, 0.79 of a square, 0 of a line."""
        return 4 * np.pi * float(self.shape.area) / max(float(self.shape.length), 1e-9) ** 2


@dataclass(frozen=True, slots=True, eq=False)
class Suspects:
    """What the faces are judged by: the areas near them and the parents, valid and on the lattice."""

    areas: Shapes
    index: Whole
    """int64[n]: positions of the areas in the layer."""
    parents: Shapes
    parent_index: Whole


def faces_of(segments: npt.NDArray[np.float64]) -> list[shapely.Polygon]:
    """The faces that segments float64[n, 2, 2] enclose, noded where they cross."""
    if not len(segments):
        return []
    noded = shapely.union_all(shapely.linestrings(segments))  # on a grid of its own it would take the square of their number
    return list(shapely.get_parts(shapely.polygonize(shapely.get_parts(noded))))


def judged(faces: list[shapely.Polygon], points: Shapes, suspects: Suspects) -> list[Face]:
    """Every face with who covers it, by a point within each; who is beside is not asked yet."""
    if not faces:
        return []
    covering = _by_face(points, suspects.areas, suspects.index, len(faces))
    within = _by_face(points, suspects.parents, suspects.parent_index, len(faces))
    return [
        Face(face, points[k], tuple(sorted(covering[k])), within[k][0] if within[k] else -1) for k, face in enumerate(faces)
    ]


def with_those_beside(faces: list[Face], segments: npt.NDArray[np.float64], owners: Whole) -> list[Face]:
    """Faces with the areas along them; `owners` int64[n] are those of the segments, -1 of a parent's."""
    if not faces:
        return []
    a, b, face = _sides_of([each.shape for each in faces])
    lengths = np.hypot(*(b - a).T)
    tree = shapely.STRtree(shapely.linestrings(segments))
    side, which = tree.query(shapely.points((a + b) / 2), predicate="dwithin", distance=_ON_EDGE_MM)
    shared: list[dict[int, float]] = [{} for _ in faces]
    for k, owner, length in zip(face[side].tolist(), owners[which].tolist(), lengths[side].tolist(), strict=True):
        if owner >= 0:
            shared[k][owner] = shared[k].get(owner, 0.0) + length
    beside = [tuple(sorted(each, key=lambda owner: (-each[owner], owner))) for each in shared]
    return [replace(each, beside=found) for each, found in zip(faces, beside, strict=True)]


def _by_face(points: Shapes, shapes: Shapes, index: Whole, count: int) -> list[list[int]]:
    """For each point the shapes it lies in."""
    found: list[list[int]] = [[] for _ in range(count)]
    if len(shapes):
        at, which = shapely.STRtree(shapes).query(points, predicate="within")
        for k, shape in zip(at.tolist(), index[which].tolist(), strict=True):
            found[k].append(shape)
    return found


def loose(faces: list[shapely.Polygon], segments: npt.NDArray[np.float64]) -> Whole:
    """Segments that run along no face: two boundaries on the same line without the same vertices."""
    if not faces:
        return np.arange(len(segments))
    a, b, _ = _sides_of(faces)
    rest = np.flatnonzero(~np.isin(_keys(segments[:, 0], segments[:, 1]), _keys(a, b)))
    if not len(rest):
        return rest
    tree = shapely.STRtree(shapely.linestrings(segments[rest]))  # cut where they were noded: a face runs along a piece of them
    _, along = tree.query(shapely.points((a + b) / 2), predicate="dwithin", distance=_ON_EDGE_MM)
    return np.delete(rest, np.unique(along))


def _sides_of(faces: list[shapely.Polygon]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], Whole]:
    """Both ends of every side of some faces, float64[n, 2], and whose it is."""
    rings, face_of_ring = shapely.get_rings(np.array(faces, dtype=object), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    return xy[:-1][same], xy[1:][same], face_of_ring[ring[:-1][same]]


def _keys(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.uint64]:
    """One number for each stretch, whichever way it runs."""
    from_a, from_b = (mixed(keys_of(np.rint(end).astype(np.int64))) for end in (a, b))
    return (from_a + from_b) ^ (from_a * from_b)
