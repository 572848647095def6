"""Edits of a mesh: vertices moved, put in and taken out, boundaries reshaped, areas divided and merged; each one guarded.

An edit either comes back as a patch that was applied, or raises NotAllowed and changes nothing. Undo and redo apply patches.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import shapely

from gis_data.boundaries.mesh import Arc, Mesh, NotAllowed, Patch, Point, assembled, twice_area
from gis_data.boundaries.overlay import Overlay, nearest_edge

SHORTEST_MM = 100.0
"""Edges of an edited boundary are at least this long."""
SNAP_MM = 500.0
"""The end of a dividing line goes to a vertex this near; on the rim always to a vertex."""


class Editor:
    """A mesh with what was done to it: unlimited undo and redo."""

    def __init__(self, mesh: Mesh) -> None:
        """Begins with nothing done."""
        self.mesh = mesh
        self.done: list[Patch] = []
        self.undone: list[Patch] = []

    def undo(self) -> Patch | None:
        """Take the last edit back; what was changed, None where nothing was done."""
        if not self.done:
            return None
        patch = self.done.pop()
        self.mesh.apply(patch.inverse)
        self.undone.append(patch)
        return patch.inverse

    def redo(self) -> Patch | None:
        """Do again what was taken back last."""
        if not self.undone:
            return None
        patch = self.undone.pop()
        self.mesh.apply(patch)
        self.done.append(patch)
        return patch

    def move(self, arc: int, vertex: int, to: Point) -> Patch:
        """Move a vertex of an arc; a node takes the ends of all its arcs along."""
        old = self._vertex(arc, vertex)
        points = self.mesh.arcs[arc].points
        if vertex not in (0, len(points) - 1):
            return self._replaced({arc: (*points[:vertex], to, *points[vertex + 1 :])})
        if to in self.mesh.nodes:
            raise NotAllowed("node_there")
        return self._replaced({number: _with_end(self.mesh.arcs[number].points, old, to) for number in self.mesh.nodes[old]})

    def insert(self, arc: int, after: int, at: Point) -> Patch:
        """Put a vertex between two of an arc."""
        points = self.mesh.arcs[arc].points
        if not 0 <= after < len(points) - 1:
            raise NotAllowed("no_vertex")
        return self._replaced({arc: (*points[: after + 1], at, *points[after + 1 :])})

    def delete(self, arc: int, vertex: int) -> Patch:
        """Take a vertex out of an arc; nodes stay."""
        self._vertex(arc, vertex)
        points = self.mesh.arcs[arc].points
        if vertex in (0, len(points) - 1):
            raise NotAllowed("needs_node")
        return self._replaced({arc: (*points[:vertex], *points[vertex + 1 :])})

    def reshape(self, arc: int, inner: Sequence[Point]) -> Patch:
        """Put other vertices between the ends of an arc."""
        points = self.mesh.arcs[arc].points
        return self._replaced({arc: (points[0], *inner, points[-1])})

    def divide(self, area: int, line: Sequence[Point]) -> Patch:
        """Divide an area by a line that crosses it once; the new area, on the line's right, has the mesh's next number."""
        if area not in self.mesh.areas:
            raise NotAllowed("no_area", area)
        inner = _across(self.mesh.polygon(area), line)
        first, last = (self._landing(area, end) for end in (inner[0], inner[-1]))
        if first[1] == last[1]:
            raise NotAllowed("same_end", area)
        overlay = Overlay(self.mesh)
        overlay.cut_at(*first)
        overlay.cut_at(*last)
        overlay.divide(area, (first[1], *inner[1:-1], last[1]))
        return self._commit(overlay.patch())

    def merge(self, area: int, other: int) -> Patch:
        """Make one area of two neighbours; it keeps the number of the first."""
        if area == other:
            raise NotAllowed("itself", area)
        if not {area, other} <= self.mesh.areas.keys():
            raise NotAllowed("no_area", area, other)
        shared = self.mesh.shared(area, other)
        if not shared:
            raise NotAllowed("not_neighbours", area, other)
        overlay = Overlay(self.mesh)
        overlay.merge(area, other, shared)
        return self._commit(overlay.patch())

    def _vertex(self, arc: int, vertex: int) -> Point:
        if arc not in self.mesh.arcs or not 0 <= vertex < len(self.mesh.arcs[arc].points):
            raise NotAllowed("no_vertex")
        return self.mesh.arcs[arc].points[vertex]

    def _replaced(self, points_of: Mapping[int, tuple[Point, ...]]) -> Patch:
        """Give arcs other points."""
        arcs = {}
        for number, points in points_of.items():
            arc = self.mesh.arcs[number]
            if arc.is_locked:
                raise NotAllowed("locked")
            arcs[number] = (arc, Arc(points, arc.left, arc.right))
        return self._commit(Patch(arcs, {}))

    def _commit(self, patch: Patch) -> Patch:
        """Apply a patch whose areas stay valid."""
        guard(self.mesh, patch)
        self.mesh.apply(patch)
        self.mesh.next_arc = max(self.mesh.next_arc, *(number + 1 for number in patch.arcs), 1)
        self.mesh.next_area = max(self.mesh.next_area, *(number + 1 for number in patch.areas), 1)
        self.done.append(patch)
        self.undone.clear()
        return patch

    def _landing(self, area: int, end: Point) -> tuple[int, Point]:
        """Where a line's end meets an area's boundary: the arc, and the point; a vertex where one is near, or on the rim."""
        numbers = {abs(signed) for ring in self.mesh.areas[area] for signed in ring}
        (_, k), number = min((nearest_edge(self.mesh.arcs[number].points, end), number) for number in numbers)
        arc = self.mesh.arcs[number]
        near = min(arc.points[k : k + 2], key=lambda vertex: math.dist(vertex, end))
        return number, near if arc.is_locked or math.dist(near, end) <= SNAP_MM else end


def guard(mesh: Mesh, patch: Patch) -> None:
    """Refuse a patch that spoils an area: raises NotAllowed."""
    arcs = {number: after for number, (_, after) in patch.arcs.items() if after is not None}
    known = {edge for before, _ in patch.arcs.values() if before is not None for edge in _edges_both_ways(before)}
    for before, after in patch.arcs.values():
        if after is not None and (before is None or after.points != before.points):
            _refuse_short(after, known)
    for area in sorted(patch.touched):
        rings = patch.areas[area][1] if area in patch.areas else mesh.areas.get(area)
        if rings is None:
            continue
        walked = [mesh.ring_points(ring, arcs) for ring in rings]
        if any(len(ring) < 3 for ring in walked):
            raise NotAllowed("collapsed", area)
        if area in mesh.areas and area not in patch.areas:
            old = [mesh.ring_points(ring) for ring in mesh.areas[area]]
            if any((twice_area(a) > 0) != (twice_area(b) > 0) for a, b in zip(old, walked, strict=True)):
                raise NotAllowed("turned_over", area)
        if not any(twice_area(ring) > 0 for ring in walked):
            raise NotAllowed("turned_over", area)
        if not shapely.is_valid(assembled(walked)):
            raise NotAllowed("crosses", area)


def _edges_both_ways(arc: Arc) -> Iterable[tuple[Point, Point]]:
    yield from pairwise(arc.points)
    yield from pairwise(arc.points[::-1])


def _refuse_short(arc: Arc, known: set[tuple[Point, Point]]) -> None:
    """Refuse edges that are new and too short."""
    for a, b in pairwise(arc.points):
        if a == b or ((a, b) not in known and math.dist(a, b) < SHORTEST_MM):
            raise NotAllowed("too_short")


def _with_end(points: tuple[Point, ...], old: Point, to: Point) -> tuple[Point, ...]:
    """An arc's points with its end or ends at a node moved."""
    moved = list(points)
    for at in (0, -1):
        if points[at] == old:
            moved[at] = to
    return tuple(moved)


def _across(polygon: shapely.Polygon | shapely.MultiPolygon, line: Sequence[Point]) -> list[Point]:
    """The piece of a line within a polygon, from boundary to boundary, in whole points."""
    if len(line) < 2:
        raise NotAllowed("not_across")
    inside = shapely.get_parts(shapely.line_merge(shapely.intersection(shapely.LineString(line), polygon)))
    pieces = [piece for piece in inside if piece.geom_type == "LineString" and piece.length > SHORTEST_MM]
    rim = polygon.boundary
    across = [piece for piece in pieces if all(shapely.distance(rim, shapely.Point(end)) < 1.0 for end in _ends(piece))]
    if not across:
        raise NotAllowed("not_across")
    if len(across) > 1:
        raise NotAllowed("several_times")
    xy = shapely.get_coordinates(across[0])
    if not np.allclose(xy[0], line[0]) and np.hypot(*(xy[0] - line[0])) > np.hypot(*(xy[-1] - line[0])):
        xy = xy[::-1]
    return [(round(x), round(y)) for x, y in xy.tolist()]


def _ends(line: shapely.LineString) -> Iterable[tuple[float, float]]:
    xy = shapely.get_coordinates(line)
    return (tuple(xy[0].tolist()), tuple(xy[-1].tolist()))
