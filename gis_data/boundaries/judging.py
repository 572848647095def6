"""What each face and each unmatched edge of a coverage is called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.defect import Defect, Kind, Tolerances
from gis_data.boundaries.edges import Whole
from gis_data.boundaries.faces import Face
from gis_data.boundaries.lattice import Lattice

_TOUCH_MM = 2.0
_TOLD_BESIDE = 8
"""A gap names so many neighbours at most."""


class Judge:
    """Names defects by what covers a face, how wide it is, and what was found before."""

    def __init__(
        self,
        lattice: Lattice,
        limits: Tolerances,
        hairline_m: float,
        median_mm2: float,
        parent_of: Whole,
        has_parents: bool,
    ) -> None:
        """`parent_of` int64[areas]; `median_mm2` the median area."""
        self._lattice, self._limits, self._hairline_m = lattice, limits, hairline_m
        self._median_mm2, self._parent_of, self._has_parents = median_mm2, parent_of, has_parents
        self._invalid: Mapping[int, shapely.Polygon] = {}
        self._twins: tuple[frozenset[int], ...] = ()
        self._tips: dict[tuple[int, int], shapely.Point] = {}
        self.sharp: set[tuple[int, int]] = set()
        """Tips of spikes that leave thin ground out or cover it twice: a sharp corner that fits its neighbours is none."""

    def leave_out(
        self, invalid: Mapping[int, shapely.Polygon], twins: Iterable[tuple[int, ...]], tips: Iterable[tuple[int, int]]
    ) -> None:
        """What was told already: gaps within reach of an invalid ring, ground of areas that are the same, spikes."""
        self._invalid = invalid
        self._twins = tuple(map(frozenset, twins))
        self._tips = {tip: shapely.Point(tip) for tip in tips}

    def of_faces(self, faces: Sequence[Face]) -> Iterable[Defect]:
        """The defects that wrong faces are; neighbours that lack each other's vertices are told once for each pair."""
        unnoded: dict[frozenset[int], list[Face]] = {}
        for face in faces:
            if self._is_told(face):
                continue
            if face.width_m < self._hairline_m:
                unnoded.setdefault(frozenset(_pair(face)), []).append(face)
                continue
            kind, features = self._named(face)
            figures = {"width_m": round(face.width_m, 3)}
            area = self._area_m2(face.shape)
            yield Defect(kind, features, self._place(face.inner), area, _WHY[kind], dict(figures), face.shape)
        for several in unnoded.values():
            widest = max(several, key=lambda face: face.width_m)
            area = sum(self._area_m2(face.shape) for face in several)
            figures = {"count": len(several), "width_m": round(widest.width_m, 4)}
            shape = shapely.MultiPolygon([face.shape for face in several])
            yield Defect(Kind.UNNODED, _pair(widest), self._place(widest.inner), area, "loose", dict(figures), shape)

    def is_right(self, face: Face) -> bool:
        """Whether a face is covered as it should be."""
        if not self._has_parents:
            return len(face.covering) == 1
        if len(face.covering) == 1:
            return face.within >= 0 and int(self._parent_of[face.covering[0]]) == face.within
        return not face.covering and face.within < 0

    def _is_told(self, face: Face) -> bool:
        along = self._invalid.keys() & set(face.beside)
        if not face.covering and any(shapely.covers(self._invalid[k], face.shape) for k in along):
            return True
        if len(face.covering) > 1 and any(set(face.covering) <= twins for twins in self._twins):
            return True
        if face.width_m >= self._limits.sliver_m:
            return False
        near = {tip for tip, point in self._tips.items() if shapely.dwithin(face.shape, point, _TOUCH_MM)}
        self.sharp |= near
        return bool(near)

    def _named(self, face: Face) -> tuple[Kind, tuple[int, ...]]:
        """The kind of a face and the areas concerned."""
        is_sliver = face.width_m < self._limits.sliver_m
        if len(face.covering) > 1:
            return (Kind.SLIVER_OVERLAP if is_sliver else Kind.OVERLAP), face.covering
        if face.covering:
            return Kind.OUTSIDE_PARENT, face.covering
        beside = face.beside[:_TOLD_BESIDE]
        large = float(face.shape.area) > self._limits.missing_share * self._median_mm2
        if large and face.compactness > self._limits.compact:
            return Kind.MISSING, beside
        return (Kind.SLIVER_GAP if is_sliver else Kind.GAP), beside

    def of_loose(self, segments: npt.NDArray[np.float64], owners: Whole) -> Iterable[Defect]:
        """Boundaries that run on one line without the same vertices: float64[n, 2, 2] with their areas, -1 of a parent."""
        if not len(segments):
            return
        lines = shapely.linestrings(segments)
        tree = shapely.STRtree(lines)
        middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
        at, by = tree.query(middles, predicate="dwithin", distance=_TOUCH_MM)
        partners: dict[frozenset[int], list[int]] = {}
        for k, other in zip(at.tolist(), by.tolist(), strict=True):
            pair = frozenset((int(owners[k]), int(owners[other])))
            if len(pair) == 2:
                partners.setdefault(pair, []).append(k)
        for pair, which in partners.items():
            features = tuple(sorted(pair - {-1}))
            if self._invalid.keys() & set(features) or not features:
                continue
            ends = segments[which].reshape(-1, 2)
            corners, counts = np.unique(ends, axis=0, return_counts=True)
            extra = shapely.Point(corners[int(np.argmax(counts))])
            yield Defect(Kind.UNNODED, features, self._place(extra), 0.0, "loose", {"count": len(which), "width_m": 0.0})

    def _place(self, point: shapely.Point) -> tuple[float, float]:
        return self._lattice.place(point)

    def _area_m2(self, shape: shapely.Polygon) -> float:
        return self._lattice.area_m2(shape)


_WHY = {
    Kind.OVERLAP: "width",
    Kind.SLIVER_OVERLAP: "width",
    Kind.GAP: "width",
    Kind.SLIVER_GAP: "width",
    Kind.MISSING: "hole",
    Kind.OUTSIDE_PARENT: "parent_of_other",
}


def _pair(face: Face) -> tuple[int, ...]:
    """The two areas that run along a hairline."""
    return (face.covering or face.beside)[:2]
