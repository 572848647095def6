"""Proof that the areas of a level cover the area above them without gap or overlap, on integer millimetres.

Valid polygons whose oriented boundaries sum to the parent's oriented boundary have indicator functions that sum to the
parent's: every point of the parent lies in exactly one of them. So each child edge counts +1 or -1 by its direction,
the parent's edges count the other way round, and every edge must come to zero. No tolerance is involved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely

from governance.places import Level, LonLat

_M_PER_DEGREE_LAT = 111_132.95
_M_PER_DEGREE_LON = 111_319.49
_SPAN_MM = 2**31


class Bounded(Protocol):
    """Anything with a code, the code above it and a polygon in longitude and latitude."""

    @property
    def code(self) -> str:
        """Its own code."""

    @property
    def parent(self) -> str:
        """The code above; empty at the top."""

    @property
    def level(self) -> Level:
        """Its level."""

    @property
    def polygon(self) -> shapely.Polygon | shapely.MultiPolygon:
        """Its boundary in degrees."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a coverage, and where."""

    kind: str
    """invalid, gap, overlap, outside, unmatched, no_parent, wrong_parent, childless or twice."""
    parent: str
    codes: tuple[str, ...]
    place: LonLat | None
    area_m2: float = 0.0

    def __str__(self) -> str:
        """One line: kind, codes, place and size."""
        where = f" at {self.place.lon:.6f},{self.place.lat:.6f}" if self.place else ""
        return f"{self.kind} in {self.parent or '-'}: {', '.join(self.codes) or '-'}{where}, {self.area_m2:.3f} m2"


@dataclass(frozen=True, slots=True)
class Cover:
    """What a check of coverage looked at and what it found wrong."""

    areas: int
    parents: int
    edges: int
    faults: tuple[Fault, ...]

    @property
    def is_exact(self) -> bool:
        """Whether every parent is covered by its children without gap or overlap."""
        return not self.faults


class BadCover(ValueError):
    """Areas that do not cover their parents exactly; carries what was found."""

    def __init__(self, cover: Cover) -> None:
        """Say the first faults."""
        self.cover = cover
        super().__init__("; ".join(str(fault) for fault in cover.faults[:3]))


def check_cover(areas: Sequence[Bounded]) -> Cover:
    """What is wrong with a nested set of areas; nothing, if each parent is the exact sum of its children.

    Coordinates are rounded to a lattice of one millimetre around the areas, which must span less than 2,100 km and not
    cross the antimeridian. Only a grid
    may be without children; an area's parent must be among the areas unless it is empty.
    """
    if not areas:
        return Cover(0, 0, 0, (Fault("no_parent", "", (), None),))
    lattice = _Lattice(areas)
    by_code = {area.code: k for k, area in enumerate(areas)}
    faults = _family_faults(areas, by_code)
    rounded = lattice.round_polygons([area.polygon for area in areas])
    for k in np.flatnonzero(~shapely.is_valid(rounded) | shapely.is_empty(rounded)).tolist():
        faults.append(Fault("invalid", areas[k].parent, (areas[k].code,), lattice.some_place(areas[k].polygon)))
    family = np.array([by_code.get(area.parent, -1) for area in areas])
    edges = _signed_edges(rounded, family)
    for parent, segments in _unmatched(edges):
        children = np.flatnonzero(family == parent)
        faults += _locate(lattice, areas, rounded, parent, children, segments)
    return Cover(len(areas), len(set(family[family >= 0].tolist())), len(edges.sign), tuple(faults))


def require_cover(areas: Sequence[Bounded]) -> Cover:
    """The check's result where the cover is exact; raises BadCover where it is not."""
    cover = check_cover(areas)
    if not cover.is_exact:
        raise BadCover(cover)
    return cover


class _Lattice:
    """Degrees to whole millimetres around the areas, and back."""

    def __init__(self, areas: Sequence[Bounded]) -> None:
        west, south, east, north = shapely.total_bounds(np.array([area.polygon for area in areas], dtype=object))
        self._corner = np.array([west, south])
        shrink = float(np.cos(np.radians((south + north) / 2)))
        self._mm_per_degree = np.array([_M_PER_DEGREE_LON * max(shrink, 1e-6), _M_PER_DEGREE_LAT]) * 1000.0
        if ((np.array([east, north]) - self._corner) * self._mm_per_degree >= _SPAN_MM - 2).any():
            raise ValueError("areas span more than 2,100 km")

    def round_polygons(self, polygons: Sequence[shapely.Polygon | shapely.MultiPolygon]) -> npt.NDArray[np.object_]:
        """The polygons with whole millimetres as coordinates."""
        return np.asarray(
            shapely.transform(
                np.array(polygons, dtype=object), lambda degrees: np.rint((degrees - self._corner) * self._mm_per_degree)
            )
        )

    def place(self, point: shapely.Point) -> LonLat:
        """A lattice point in degrees."""
        lon, lat = np.array([point.x, point.y]) / self._mm_per_degree + self._corner
        return LonLat(float(lon), float(lat))

    def some_place(self, polygon: shapely.Polygon | shapely.MultiPolygon) -> LonLat | None:
        """The first vertex of a polygon."""
        vertices = shapely.get_coordinates(polygon)
        return LonLat(float(vertices[0, 0]), float(vertices[0, 1])) if len(vertices) else None


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    parent: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    sign: npt.NDArray[np.int64]
    points: npt.NDArray[np.int64]


def _family_faults(areas: Sequence[Bounded], by_code: dict[str, int]) -> list[Fault]:
    """Codes given twice, parents that are missing or not one level up, areas above the grids with nothing in them."""
    faults = []
    if len(by_code) != len(areas):
        seen: set[str] = set()
        for area in areas:
            if area.code in seen:
                faults.append(Fault("twice", area.parent, (area.code,), None))
            seen.add(area.code)
    above_something = {area.parent for area in areas}
    for area in areas:
        if area.level is not Level.GRID and area.code not in above_something:
            faults.append(Fault("childless", area.parent, (area.code,), None))
        if not area.parent:
            continue
        above = by_code.get(area.parent)
        if above is None:
            faults.append(Fault("no_parent", area.parent, (area.code,), None))
        elif areas[above].level != area.level + 1:
            faults.append(Fault("wrong_parent", area.parent, (area.code,), None))
    return faults


def _signed_edges(rounded: npt.NDArray[np.object_], family: npt.NDArray[np.int64]) -> _Edges:
    """Every edge of every child (+) and of every area that has children (-), shells turned left and holes right."""
    start_xy, end_xy, owner = _oriented_edges(rounded)
    packed = np.concatenate([start_xy, end_xy])
    points, ids = np.unique((packed[:, 0] << 31) | packed[:, 1], return_inverse=True)
    start, end = ids[: len(start_xy)], ids[len(start_xy) :]
    has_children = np.isin(owner, family)
    child = family[owner] >= 0
    parent = np.concatenate([family[owner][child], owner[has_children]])
    a = np.concatenate([start[child], start[has_children]])
    b = np.concatenate([end[child], end[has_children]])
    sign = np.concatenate([np.ones(int(child.sum()), np.int64), -np.ones(int(has_children.sum()), np.int64)])
    return _Edges(parent, np.minimum(a, b), np.maximum(a, b), np.where(a < b, sign, -sign), points)


def _oriented_edges(
    rounded: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Start and end points as int64[n, 2] and the owner of every edge that has a length."""
    parts, owner_of_part = shapely.get_parts(rounded, return_index=True)
    parts = shapely.orient_polygons(parts)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    points = xy.astype(np.int64)
    same = ring_of[1:] == ring_of[:-1]
    start, end, ring = points[:-1][same], points[1:][same], ring_of[:-1][same]
    moved = (start != end).any(axis=1)
    owner = owner_of_part[part_of_ring[ring[moved]]].astype(np.int64)
    return start[moved], end[moved], owner


def _unmatched(edges: _Edges) -> list[tuple[int, npt.NDArray[np.float64]]]:
    """For each parent whose edges do not cancel, those edges as float64[k, 2, 2] in lattice millimetres."""
    if not len(edges.sign):
        return []
    n = len(edges.points)
    key = (edges.parent * n + edges.start) * n + edges.end
    keys, inverse = np.unique(key, return_inverse=True)
    net = np.bincount(inverse, weights=edges.sign, minlength=len(keys))
    left = keys[net != 0]
    xy = np.column_stack([edges.points >> 31, edges.points & (_SPAN_MM - 1)]).astype(float)
    segments = np.stack([xy[left // n % n], xy[left % n]], axis=1)
    parents = left // (n * n)
    return [(int(p), segments[parents == p]) for p in np.unique(parents)]


def _locate(
    lattice: _Lattice,
    areas: Sequence[Bounded],
    rounded: npt.NDArray[np.object_],
    parent: int,
    children: npt.NDArray[np.int64],
    segments: npt.NDArray[np.float64],
) -> list[Fault]:
    """The gaps, overlaps and overhangs that the edges left over enclose; the edges themselves where they enclose none."""
    code = areas[parent].code
    lines = shapely.linestrings(segments)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(lines))))
    sound = np.array([shapely.make_valid(rounded[k]) for k in children], dtype=object)
    inside_parent = shapely.make_valid(rounded[parent])
    faults = []
    for face in faces:
        point = shapely.point_on_surface(face)
        over = children[shapely.contains(sound, point)] if len(sound) else children[:0]
        within = bool(shapely.contains(inside_parent, point))
        if len(over) == within:
            continue
        kind = "gap" if not len(over) else "overlap" if len(over) > 1 else "outside"
        codes = tuple(areas[k].code for k in over)
        faults.append(Fault(kind, code, codes, lattice.place(point), float(shapely.area(face)) / 1e6))
    if not faults:
        middle = shapely.line_interpolate_point(lines[0], 0.5, normalized=True)
        faults.append(Fault("unmatched", code, (), lattice.place(middle)))
    return faults
