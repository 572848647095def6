"""Boundaries that areas share, each coordinate once: nodes, arcs between them, and areas as rings of arcs.

Every arc has one area on its left and one on its right, so neither gaps nor overlaps can arise. What an edit may spoil is the
single area: the areas it touches must stay valid, and then the whole coverage is as right as before (see edges.py). Coordinates
are whole millimetres of a lattice. What lies on the rim belongs to the parent and is locked. One thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

Point = tuple[int, int]
Ring = tuple[int, ...]
"""Arcs by their numbers in the order they are walked; negative ones from their end to their beginning."""
OUTSIDE = 0
"""The area beyond the rim."""


class NotACoverage(ValueError):
    """Areas that overlap or run along each other without the same vertices: they have no shared boundaries yet."""


class NotAllowed(ValueError):
    """Why an edit is not made; `reason` is one of REASONS."""

    def __init__(self, reason: str, *areas: int) -> None:
        """One reason, and the areas it concerns."""
        super().__init__(f"{reason}: {areas}")
        self.reason, self.areas = reason, areas


REASONS = (
    "locked", "no_vertex", "node_there", "too_short", "collapsed", "turned_over", "crosses", "needs_node", "too_few",
    "not_across", "several_times", "same_end", "not_neighbours", "no_area", "itself", "other_parent", "no_name", "code_wrong",
    "code_taken", "no_code_left",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arc:
    """A stretch of boundary between two nodes, or a whole ring that meets no other."""

    points: tuple[Point, ...]
    left: int
    right: int

    def has(self, area: int) -> bool:
        """Whether an area lies on one of its sides."""
        return area in (self.left, self.right)

    @property
    def is_locked(self) -> bool:
        """Whether it is a piece of the rim."""
        return self.has(OUTSIDE)


@dataclass(frozen=True, slots=True)
class Patch:
    """What an edit changes: before and after of each arc and area it touches; None where there is none."""

    arcs: Mapping[int, tuple[Arc | None, Arc | None]]
    areas: Mapping[int, tuple[tuple[Ring, ...] | None, tuple[Ring, ...] | None]]

    @property
    def inverse(self) -> Patch:
        """What takes it back."""
        return Patch(
            {number: (after, before) for number, (before, after) in self.arcs.items()},
            {number: (after, before) for number, (before, after) in self.areas.items()},
        )

    @property
    def touched(self) -> frozenset[int]:
        """Areas whose boundary is another now, those that ended and those that began among them."""
        beside = {side for pair in self.arcs.values() for arc in pair if arc is not None for side in (arc.left, arc.right)}
        return frozenset(beside | set(self.areas)) - {OUTSIDE}


@dataclass(slots=True)
class Mesh:
    """All arcs and areas of a coverage."""

    arcs: dict[int, Arc] = field(default_factory=dict)
    areas: dict[int, tuple[Ring, ...]] = field(default_factory=dict)
    nodes: dict[Point, frozenset[int]] = field(default_factory=dict)
    """Arcs that begin or end at a point."""
    next_arc: int = 1
    next_area: int = 1

    @classmethod
    def of(cls, polygons: npt.NDArray[np.object_]) -> Mesh:
        """The mesh of valid polygons whose coordinates are whole millimetres; area k+1 is polygon k. Raises NotACoverage."""
        rings = [list(_rings_left(polygon)) for polygon in polygons]
        sides = _sides_of(rings)
        ends = _nodes_of(sides)
        mesh = cls()
        arc_of: dict[tuple[Point, Point], int] = {}
        for k, of_area in enumerate(rings):
            walked = [mesh._walk(ring, k + 1, ends, arc_of, sides) for ring in of_area]
            mesh.areas[k + 1] = tuple(walked)
        mesh.next_area = len(rings) + 1
        for number, arc in mesh.arcs.items():
            mesh._link(number, arc)
        return mesh

    def _walk(
        self,
        ring: list[Point],
        area: int,
        ends: set[Point],
        arc_of: dict[tuple[Point, Point], int],
        sides: Mapping[tuple[Point, Point], int],
    ) -> Ring:
        """A ring as arcs; those nobody walked before are made."""
        cuts = [k for k, point in enumerate(ring) if point in ends] or [ring.index(min(ring))]
        walked = []
        for first, last in zip(cuts, [*cuts[1:], cuts[0] + len(ring)], strict=True):
            points = tuple(ring[k % len(ring)] for k in range(first, last + 1))
            known = arc_of.get((points[1], points[0]))
            if known is not None:
                walked.append(-known)
                continue
            self.arcs[self.next_arc] = Arc(points, area, sides.get((points[1], points[0]), OUTSIDE))
            arc_of.update(dict.fromkeys(itertools.pairwise(points), self.next_arc))
            walked.append(self.next_arc)
            self.next_arc += 1
        return tuple(walked)

    def _link(self, number: int, arc: Arc) -> None:
        for end in {arc.points[0], arc.points[-1]}:
            self.nodes[end] = self.nodes.get(end, frozenset()) | {number}

    def _unlink(self, number: int, arc: Arc) -> None:
        for end in {arc.points[0], arc.points[-1]}:
            left = self.nodes[end] - {number}
            if left:
                self.nodes[end] = left
            else:
                del self.nodes[end]

    def apply(self, patch: Patch) -> None:
        """Make what a patch says true; it must begin from what is there."""
        for number, (before, after) in patch.arcs.items():
            if before is not None:
                self._unlink(number, before)
                del self.arcs[number]
            if after is not None:
                self.arcs[number] = after
        for number, (_, after) in patch.arcs.items():
            if after is not None:
                self._link(number, after)
        for area, (_, rings) in patch.areas.items():
            if rings is None:
                del self.areas[area]
            else:
                self.areas[area] = rings

    def ring_points(self, ring: Ring, arcs: Mapping[int, Arc] | None = None) -> list[Point]:
        """The vertices of a ring, not closed; `arcs` go before those of the mesh."""
        points: list[Point] = []
        for signed in ring:
            arc = self.arc(abs(signed), arcs)
            points += arc.points[:-1] if signed > 0 else arc.points[:0:-1]
        return points

    def arc(self, number: int, arcs: Mapping[int, Arc] | None = None) -> Arc:
        """An arc; `arcs` go before those of the mesh."""
        return self.arcs[number] if arcs is None or number not in arcs else arcs[number]

    def polygon(self, area: int) -> shapely.Polygon | shapely.MultiPolygon:
        """An area in lattice millimetres."""
        return assembled([self.ring_points(ring) for ring in self.areas[area]])

    def polygons(self, areas: Iterable[int]) -> npt.NDArray[np.object_]:
        """Several."""
        return np.array([self.polygon(area) for area in areas], dtype=object)

    def neighbours(self, area: int) -> frozenset[int]:
        """Areas that share a boundary with one."""
        beside = {side for ring in self.areas[area] for signed in ring for side in _sides(self.arcs[abs(signed)])}
        return frozenset(beside) - {area, OUTSIDE}

    def shared(self, area: int, other: int) -> list[int]:
        """Arcs between two areas."""
        mine = {abs(signed) for ring in self.areas[area] for signed in ring}
        return sorted(number for number in mine if self.arcs[number].has(other))


def assembled(rings: Sequence[list[Point]]) -> shapely.Polygon | shapely.MultiPolygon:
    """The shape of rings that run left around land and right around holes."""
    lands = [ring for ring in rings if twice_area(ring) > 0]
    holes = [ring for ring in rings if twice_area(ring) <= 0]
    if len(lands) == 1:
        return shapely.Polygon(lands[0], holes)
    shells = [shapely.Polygon(land) for land in lands]
    within: list[list[list[Point]]] = [[] for _ in lands]
    for hole in holes:
        ground = shapely.Polygon(hole) if len(hole) >= 3 else shapely.Point(hole[0])
        around = [k for k, shell in enumerate(shells) if shapely.covers(shell, ground)]
        home = min(around, key=lambda k: shells[k].area, default=0)  # an island in a hole has holes of its own
        within[home].append(hole)
    return shapely.MultiPolygon([shapely.Polygon(land, of) for land, of in zip(lands, within, strict=True)])


def twice_area(ring: Sequence[Point]) -> int:
    """Twice the area that a ring runs around, in square millimetres: more than 0 where it runs left."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))


def _sides(arc: Arc) -> tuple[int, int]:
    return arc.left, arc.right


def _rings_left(polygon: shapely.Polygon | shapely.MultiPolygon) -> Iterable[list[Point]]:
    """Rings as whole points, land left and holes right, without repeated vertices."""
    for part in shapely.get_parts(shapely.orient_polygons(polygon)):
        for ring in (part.exterior, *part.interiors):
            xy = [(round(x), round(y)) for x, y in shapely.get_coordinates(ring)[:-1].tolist()]
            yield [point for k, point in enumerate(xy) if point != xy[k - 1]]


def _sides_of(rings: list[list[list[Point]]]) -> dict[tuple[Point, Point], int]:
    """Which area lies left of each edge by its direction."""
    sides: dict[tuple[Point, Point], int] = {}
    for k, of_area in enumerate(rings):
        for ring in of_area:
            for a, b in zip(ring, [*ring[1:], ring[0]], strict=True):
                if (a, b) in sides:
                    raise NotACoverage(f"areas {sides[a, b] - 1} and {k} lie on the same side of a boundary")
                sides[a, b] = k + 1
    return sides


def _nodes_of(sides: Mapping[tuple[Point, Point], int]) -> set[Point]:
    """Points where other than two edges meet, or where an edge's sides are not those of the next."""
    meets: dict[Point, set[Point]] = {}
    pairs: dict[Point, set[frozenset[int]]] = {}
    for (a, b), left in sides.items():
        both = frozenset((left, sides.get((b, a), OUTSIDE)))
        for here, there in ((a, b), (b, a)):
            meets.setdefault(here, set()).add(there)
            pairs.setdefault(here, set()).add(both)
    return {point for point, others in meets.items() if len(others) != 2 or len(pairs[point]) != 1}
