"""Arcs and areas of a mesh as an edit is to leave them, before it is known whether it may."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import shapely

from gis_data.boundaries.mesh import OUTSIDE, Arc, Mesh, NotAllowed, Patch, Point, Ring, assembled, twice_area


def nearest_edge(points: Sequence[Point], to: Point) -> tuple[float, int]:
    """How far a point is from a line of points, in millimetres, and from which of its edges."""
    return min((_distance(to, a, b), k) for k, (a, b) in enumerate(pairwise(points)))


def _distance(point: Point, a: Point, b: Point) -> float:
    """From a point to a stretch."""
    along_x, along_y = b[0] - a[0], b[1] - a[1]
    length = along_x * along_x + along_y * along_y
    share = ((point[0] - a[0]) * along_x + (point[1] - a[1]) * along_y) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return math.hypot(a[0] + share * along_x - point[0], a[1] + share * along_y - point[1])


class Overlay:
    """Arcs and areas as they are to become, over those of a mesh."""

    def __init__(self, mesh: Mesh) -> None:
        """Begins as the mesh is."""
        self._mesh = mesh
        self._halves: dict[int, list[int]] = {}
        self._arcs: dict[int, Arc | None] = {}
        self._areas: dict[int, tuple[Ring, ...] | None] = {}
        self._next_arc, self._next_area = mesh.next_arc, mesh.next_area

    def patch(self) -> Patch:
        """What changed."""
        return Patch(
            {n: (self._mesh.arcs.get(n), arc) for n, arc in self._arcs.items() if self._mesh.arcs.get(n) != arc},
            {n: (self._mesh.areas.get(n), rings) for n, rings in self._areas.items() if self._mesh.areas.get(n) != rings},
        )

    def _arc(self, number: int) -> Arc:
        arc = self._arcs.get(number, self._mesh.arcs.get(number))
        assert arc is not None
        return arc

    def _rings(self, area: int) -> tuple[Ring, ...]:
        rings = self._areas.get(area, self._mesh.areas.get(area))
        assert rings is not None
        return rings

    def _new_arc(self, arc: Arc) -> int:
        number = self._next_arc
        self._next_arc += 1
        self._arcs[number] = arc
        return number

    def cut_at(self, number: int, point: Point) -> None:
        """Make a point on an arc a node; the arc may have been cut before."""
        halves = [number, *self._halves.get(number, [])]
        number = min(halves, key=lambda half: nearest_edge(self._arc(half).points, point)[0])
        arc = self._arc(number)
        _, k = nearest_edge(arc.points, point)
        points = arc.points if point in arc.points else (*arc.points[: k + 1], point, *arc.points[k + 1 :])
        at = points.index(point)
        self._arcs[number] = Arc(points, arc.left, arc.right)
        if at in (0, len(points) - 1):
            return
        second = self._new_arc(Arc(points[at:], arc.left, arc.right))
        self._arcs[number] = Arc(points[: at + 1], arc.left, arc.right)
        self._halves.setdefault(halves[0], []).append(second)
        for area in {arc.left, arc.right} - {OUTSIDE}:
            self._areas[area] = tuple(_with_cut(ring, number, second) for ring in self._rings(area))

    def divide(self, area: int, line: tuple[Point, ...]) -> None:
        """Divide an area along a line between two nodes of one ring."""
        first, last = line[0], line[-1]
        rings = self._rings(area)
        begins_of = [[self._begin(signed) for signed in ring] for ring in rings]
        index = next((k for k, begins in enumerate(begins_of) if first in begins and last in begins), None)
        if index is None:
            raise NotAllowed("several_times", area)  # the ends lie on two rings: nothing would be divided
        ring, begins = rings[index], begins_of[index]
        i, j = begins.index(first), begins.index(last)
        to_last = ring[i:j] if i < j else ring[i:] + ring[:j]
        to_first = ring[j:i] if j < i else ring[j:] + ring[:i]
        fresh = self._next_area
        self._next_area += 1
        number = self._new_arc(Arc(line, area, fresh))
        kept, gone = (*to_first, number), (*to_last, -number)
        if twice_area(self._points(gone)) <= 0:  # both ends on a hole: what is cut off lies on the line's other side
            kept, gone = gone, kept
            self._arcs[number] = Arc(line, fresh, area)
        others = [other for at, other in enumerate(rings) if at != index]
        new_land = assembled([self._points(gone)])
        mine, its = [kept], [gone]
        for other in others:
            spot = shapely.Point(self._points(other)[0])
            (its if shapely.covers(new_land, spot) else mine).append(other)
        self._areas[area], self._areas[fresh] = tuple(mine), tuple(its)
        for ring_of_new in its:
            for signed in ring_of_new:
                if abs(signed) != number:
                    self._give(signed, fresh)

    def _give(self, signed: int, area: int) -> None:
        """Let an arc have an area on the side it is walked by."""
        arc = self._arc(abs(signed))
        left, right = (area, arc.right) if signed > 0 else (arc.left, area)
        self._arcs[abs(signed)] = Arc(arc.points, left, right)

    def _begin(self, signed: int) -> Point:
        points = self._arc(abs(signed)).points
        return points[0] if signed > 0 else points[-1]

    def _end(self, signed: int) -> Point:
        return self._begin(-signed)

    def _points(self, ring: Ring) -> list[Point]:
        return self._mesh.ring_points(ring, {n: arc for n, arc in self._arcs.items() if arc is not None})

    def merge(self, area: int, other: int, shared: Sequence[int]) -> None:
        """Take the arcs between two areas away, walk what is left, and join arcs that need no node any more."""
        left = [s for of in (area, other) for ring in self._rings(of) for s in ring if abs(s) not in shared]
        if not left:
            raise NotAllowed("collapsed", area, other)
        rings = self._walked(left)
        for signed in {s for ring in self._rings(other) for s in ring if abs(s) not in shared}:
            self._give(signed, area)
        ends = {end for number in shared for end in (self._arc(number).points[0], self._arc(number).points[-1])}
        for number in shared:
            self._arcs[number] = None
        self._areas[area], self._areas[other] = tuple(rings), None
        for end in sorted(ends):
            self._join_at(end)

    def _walked(self, left: list[int]) -> list[Ring]:
        """Rings out of arcs: where several begin the next is the one furthest to the right, so that rings only touch."""
        begins: dict[Point, list[int]] = {}
        for signed in left:
            begins.setdefault(self._begin(signed), []).append(signed)
        rings = []
        while begins:
            start = next(iter(begins))
            ring = [begins[start].pop()]
            while (here := self._end(ring[-1])) != start:
                ring.append(self._rightmost(ring[-1], begins[here]))
                begins[here].remove(ring[-1])
            rings += self._apart(ring)
            begins = {point: signed for point, signed in begins.items() if signed}
        return rings

    def _apart(self, ring: list[int]) -> list[Ring]:
        """A ring that comes to a point again as several that only touch there."""
        rings: list[Ring] = []
        walked: list[int] = []
        for signed in ring:
            walked.append(signed)
            end = self._end(signed)
            begins = [self._begin(each) for each in walked]
            if end in begins:
                at = begins.index(end)
                rings.append(tuple(walked[at:]))
                del walked[at:]
        return rings

    def _rightmost(self, walked: int, choices: list[int]) -> int:
        if len(choices) == 1:
            return choices[0]
        points = self._arc(abs(walked)).points
        back = points[-2] if walked > 0 else points[1]
        here = self._end(walked)

        def turn(signed: int) -> float:
            way = self._arc(abs(signed)).points
            ahead = way[1] if signed > 0 else way[-2]
            a = math.atan2(back[1] - here[1], back[0] - here[0])
            b = math.atan2(ahead[1] - here[1], ahead[0] - here[0])
            return (b - a) % (2 * math.pi)

        return max(choices, key=turn)

    def _join_at(self, node: Point) -> None:
        """Make one arc of two that meet at a node no other arc comes to."""
        meet = list(self._all_at(node))
        if len(meet) != 2:
            return
        a, b = meet
        first, second = self._arc(a), self._arc(b)
        if first.points[0] == first.points[-1] or second.points[0] == second.points[-1]:
            return
        one = first if first.points[-1] == node else Arc(first.points[::-1], first.right, first.left)
        two = second if second.points[0] == node else Arc(second.points[::-1], second.right, second.left)
        if (one.left, one.right) != (two.left, two.right):
            return
        whole = self._new_arc(Arc((*one.points, *two.points[1:]), one.left, one.right))
        sign_a, sign_b = (1 if one is first else -1), (1 if two is second else -1)
        for area in {one.left, one.right} - {OUTSIDE}:
            self._areas[area] = tuple(_with_join(ring, a * sign_a, b * sign_b, whole) for ring in self._rings(area))
        self._arcs[a] = self._arcs[b] = None

    def _all_at(self, node: Point) -> list[int]:
        found = set(self._mesh.nodes.get(node, frozenset()))
        found |= {n for n, arc in self._arcs.items() if arc is not None and node in (arc.points[0], arc.points[-1])}
        kept = [n for n in found if self._arcs.get(n, self._mesh.arcs.get(n)) is not None]
        return sorted(n for n in kept if node in (self._arc(n).points[0], self._arc(n).points[-1]))


def _with_cut(ring: Ring, number: int, second: int) -> Ring:
    """A ring whose arc was cut in two."""
    walked: list[int] = []
    for signed in ring:
        walked += [number, second] if signed == number else [-second, -number] if signed == -number else [signed]
    return tuple(walked)


def _with_join(ring: Ring, one: int, two: int, whole: int) -> Ring:
    """A ring with two arcs, walked one after the other either way, joined to one."""
    for first, then, signed in ((one, two, whole), (-two, -one, -whole)):
        if first in ring:
            at = ring.index(first)
            turned = ring[at:] + ring[:at]
            if len(turned) > 1 and turned[1] == then:
                return (signed, *turned[2:])
    return ring
