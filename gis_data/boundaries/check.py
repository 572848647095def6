"""Every defect of a layer of boundaries, found and located: by proof where it is right, by its faces where it is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.codes import code_defects
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.defect import Defect, Kind, Tolerances
from gis_data.boundaries.edges import Edges, Whole, edges_of, hashes_of, unmatched
from gis_data.boundaries.faces import Face, Suspects, faces_of, judged, loose, with_those_beside
from gis_data.boundaries.judging import Judge
from gis_data.boundaries.lattice import Lattice
from gis_data.boundaries.pieces import elsewhere, on_an_edge, overlaps, standing_out
from gis_data.boundaries.rings import Spike, repeated, sames, spikes, turned_unlike_most
from gis_data.boundaries.validity import are_finite, reason_of

Shapes = npt.NDArray[np.object_]
_TRIES = 4
"""A point by chance lies on a boundary once in a great many."""
_REACH_MM = 2.0
"""Rounding moves no vertex by more than half a millimetre on either axis."""
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Features of a file in its order."""

    shapes: Shapes
    """shapely geometries, None where a feature has none."""
    crs: SourceCrs
    codes: tuple[str, ...] = ()
    """Where they have codes, that of each."""
    exclaves: npt.NDArray[np.bool_] | None = None
    """bool[n]: which may have several parts; none where it is not given."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a check looked at and found."""

    features: int
    defects: tuple[Defect, ...]
    lattice: Lattice | None = None
    """On which defects have their shapes; None where no feature is an area."""
    hairline_m: float = 0.0
    """Narrower than this a gap or overlap was called unnoded."""
    left_out: int = 0
    """Pairs of areas that may overlap and were not looked at, since there are too many in one place."""

    @property
    def counts(self) -> dict[str, int]:
        """How many defects of each kind there are, the gravest first."""
        counts = Counter(defect.kind for defect in self.defects)
        return {kind.value: counts[kind] for kind in Kind if counts[kind]}


def check(layer: Layer, parents: Layer | None = None, tolerances: Tolerances | None = None) -> Report:
    """All defects of a layer; with parents also what they leave empty and what stands out.

    Parents are in the layer's coordinate system; raises BadParents where they are no areas, cross themselves or overlap. Raises
    TooWide where the layer spans more than 2,147 km.
    """
    limits = tolerances or Tolerances()
    if parents is not None:
        _require_parents(parents)
    found = list(_unusable(layer.shapes))
    unusable = {defect.features[0] for defect in found}
    index = np.array([k for k in range(len(layer.shapes)) if k not in unusable], np.int64)
    lattice, left_out, hairline_m = None, 0, limits.hairline_m
    if len(index):
        checked = _Check(layer, index, parents, limits)
        found = [*found, *checked.found()]
        lattice, left_out, hairline_m = checked.lattice, checked.left_out, checked.hairline_m()
    elif layer.codes:
        found += code_defects(layer.codes, {})
    order = list(Kind)
    found.sort(key=lambda defect: (order.index(defect.kind), defect.features))
    return Report(len(layer.shapes), tuple(found), lattice, hairline_m, left_out)


class BadParents(ValueError):
    """Parents that are no areas each of its own ground: nothing can be judged by them. `defects` are theirs."""

    def __init__(self, defects: tuple[Defect, ...]) -> None:
        """What is wrong with them."""
        super().__init__(f"{len(defects)} defects")
        self.defects = defects


_JUDGE_NOTHING = (Kind.DUPLICATE, Kind.OVERLAP, Kind.SLIVER_OVERLAP)


def _require_parents(parents: Layer) -> None:
    """Refuse parents by which nothing can be judged; gaps between them are theirs."""
    own = check(Layer(parents.shapes, parents.crs))
    bad = [
        d for d in own.defects if d.kind in _JUDGE_NOTHING or (d.kind is Kind.INVALID and d.why not in ("turned", "repeated"))
    ]
    if bad or not len(parents.shapes):
        raise BadParents(tuple(bad))


def _unusable(shapes: Shapes) -> Iterable[Defect]:
    """Features that are no area with a place."""
    nothing = shapely.is_missing(shapes) | shapely.is_empty(shapes) | _have_empty_parts(shapes)
    sorts = shapely.get_type_id(shapes)
    no_area = ~nothing & ~np.isin(sorts, _AREAS)
    for k in np.flatnonzero(nothing).tolist():
        yield Defect(Kind.INVALID, (k,), None, 0.0, "empty")
    for k in np.flatnonzero(no_area).tolist():
        yield Defect(Kind.INVALID, (k,), None, 0.0, "no_area", {"sort": shapely.GeometryType(sorts[k]).name.lower()})
    areas = np.flatnonzero(~nothing & ~no_area)
    for k in areas[~are_finite(shapes[areas])].tolist():
        yield Defect(Kind.INVALID, (k,), None, 0.0, "not_numbers")


class _Check:
    """One check of the usable shapes of a layer; positions within are those among the usable until they are told."""

    def __init__(self, layer: Layer, index: Whole, parents: Layer | None, limits: Tolerances) -> None:
        self._layer, self._index, self._limits = layer, index, limits
        self._shapes: Shapes = layer.shapes[index]
        self._parents: Shapes = np.zeros(0, object) if parents is None else parents.shapes
        self._parent_codes = () if parents is None else parents.codes
        self._has_parents = parents is not None
        extent = shapely.total_bounds(np.concatenate([self._shapes, self._parents]))
        self.lattice = Lattice.around(extent, layer.crs)
        with ThreadPoolExecutor(1, "validity") as beside:  # GEOS lets go of Python's lock: half of it is another core's
            valid = beside.submit(shapely.is_valid, self._shapes)
            self._edges = edges_of(self._shapes, self.lattice)
            self._hashes = hashes_of(self._edges)
            self._spikes = spikes(self._edges, limits)
            invalid = np.flatnonzero(~valid.result())
        self._sharp: set[tuple[int, int]] = set()
        self.left_out = 0
        """Pairs that overlap and were not looked at, since there are too many."""
        self._mended, self._crossing = self._without_spikes(invalid)

    def found(self) -> list[Defect]:
        """Everything, with positions of the layer."""
        parent_of = self._parent_of()
        found = [*self._of_cover(parent_of)]
        found += self._of_rings()
        parts = shapely.get_num_geometries(self._shapes)
        for k in np.flatnonzero(parts > 1).tolist():
            if self._layer.exclaves is None or not self._layer.exclaves[self._index[k]]:
                found.append(Defect(Kind.MULTIPART, (k,), self._place_of(k), 0.0, "parts", {"parts": int(parts[k])}))
        told = [self._told(defect) for defect in found]
        if self._layer.codes:
            above = np.full(len(self._layer.shapes), -1, np.int64)
            above[self._index] = parent_of if self._has_parents else -1
            wrong = code_defects(self._layer.codes, {}, self._parent_codes, above.tolist())
            told += [self._with_place(defect) for defect in wrong]
        return told

    def _told(self, defect: Defect) -> Defect:
        features = tuple(int(self._index[k]) for k in defect.features)
        return replace(defect, features=features)

    def _with_place(self, defect: Defect) -> Defect:
        at = np.searchsorted(self._index, defect.features[0])
        usable = at < len(self._index) and self._index[at] == defect.features[0]
        place = self._place_of(int(at)) if usable else None
        return replace(defect, at=place)

    def _place_of(self, k: int) -> tuple[float, float]:
        """The first vertex of a shape."""
        return self._lonlat(shapely.get_coordinates(self._shapes[k])[0].tolist())

    def _lonlat(self, xy: Iterable[float]) -> tuple[float, float]:
        lon, lat = self._layer.crs.to_wgs84(np.array([list(xy)], float))[0].tolist()
        return lon, lat

    def _at(self, mm: tuple[int, int]) -> tuple[float, float]:
        return self.lattice.place(shapely.Point(mm))

    def _without_spikes(self, invalid: Whole) -> tuple[dict[int, shapely.Geometry], dict[int, str]]:
        """Invalid shapes made right by leaving the tips of their spikes out, and why the others are invalid."""
        tips = {spike.owner for spike in self._spikes}
        mended, crossing = dict[int, shapely.Geometry](), dict[int, str]()
        for k in invalid.tolist():
            without = _leaving_out(self._shapes[k], self.lattice, self._spikes, k) if k in tips else self._shapes[k]
            if without is not None and shapely.is_valid(without):
                mended[k] = without
            else:
                crossing[k] = reason_of(self._shapes[k])[0]
        return mended, crossing

    def _of_rings(self) -> Iterable[Defect]:
        """What single rings tell."""
        for k, reason in self._crossing.items():
            _, at = reason_of(self._shapes[k])
            place = self._lonlat(at) if at is not None and np.isfinite(at).all() else self._place_of(k)
            yield Defect(Kind.INVALID, (k,), place, 0.0, "ring", {"reason": reason})
        for spike in self._spikes:
            if spike.wide_m and spike.tip not in self._sharp and spike.owner not in self._mended:
                continue
            figures = {"long_m": round(spike.long_m, 2), "wide_m": round(spike.wide_m, 3)}
            yield Defect(Kind.SPIKE, (spike.owner,), self._at(spike.tip), 0.0, "spike", dict(figures))
        for k, (count, at_mm) in repeated(self._edges).items():
            yield Defect(Kind.INVALID, (k,), self._at(at_mm), 0.0, "repeated", {"count": count})
        for k in turned_unlike_most(self._edges).tolist():
            yield Defect(Kind.INVALID, (k,), self._place_of(k), 0.0, "turned")

    def _of_cover(self, parent_of: Whole) -> Iterable[Defect]:
        """What is covered twice, by nobody, or by whom it should not."""
        twins = sames(self._edges, self._hashes)
        for group in twins:
            area = self.lattice.area_m2(shapely.make_valid(self.lattice.rounded(self._shapes[[group[0]]])[0]))
            yield Defect(Kind.DUPLICATE, group, self._place_of(group[0]), area, "same", {"count": len(group)})
        above = edges_of(self._parents, self.lattice) if len(self._parents) else None
        own, over = unmatched(self._edges, parent_of, above, hashes=self._hashes)
        segments = self._edges.segments(own)
        owners = self._edges.owner[own]
        if above is not None and len(over):
            segments = np.concatenate([segments, above.segments(over)])
            owners = np.concatenate([owners, np.full(len(over), -1)])
        if not len(segments):
            return
        lines = segments.astype(float)
        faces = faces_of(lines)
        judge = Judge(self.lattice, self._limits, self.hairline_m(), self._median_mm2(), parent_of, self._has_parents)
        crossing = {k: _reach_of(self.lattice.rounded(self._shapes[[k]])[0]) for k in self._crossing}
        judge.leave_out(crossing, twins, [spike.tip for spike in self._spikes])
        yield from judge.of_faces(with_those_beside(self._wrong(faces, judge), lines, owners))
        self._sharp = judge.sharp
        alone = loose(faces, lines)
        yield from judge.of_loose(lines[alone], owners[alone])

    def _wrong(self, faces: list[shapely.Polygon], judge: Judge) -> list[Face]:
        """Ground that is not covered as it should be: each gap, each piece that two areas share, each that stands out."""
        random, shapes = np.random.default_rng(0), np.array(faces, dtype=object)
        points = shapely.point_on_surface(shapes)
        for _ in range(_TRIES):
            suspects = self._suspects(points)
            blind = np.flatnonzero(on_an_edge(points, suspects))
            if not len(blind):
                break
            points[blind] = elsewhere(shapes[blind], random)
        wrong = [face for face in judged(faces, points, suspects) if not judge.is_right(face)]
        gaps = [face for face in wrong if not face.covering]
        several, out = (
            [face for face in wrong if (len(face.covering) > 1) == is_over and face.covering] for is_over in (True, False)
        )
        reached = self._suspects(np.array([face.shape for face in (*several, *out)], dtype=object))
        shared, self.left_out = overlaps(several, reached)
        return [*gaps, *shared, *standing_out(out, reached)]

    def _suspects(self, ground: Shapes) -> Suspects:
        """The shapes that may reach some points or faces of the lattice, and all parents, on the lattice."""
        box = shapely.bounds(ground).reshape(-1, 4)
        low, high = self.lattice.source(box[:, :2] - _REACH_MM), self.lattice.source(box[:, 2:] + _REACH_MM)
        boxes = shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1])
        near = np.unique(shapely.STRtree(self._shapes).query(boxes)[1]) if len(boxes) else np.zeros(0, np.int64)
        near = near[~np.isin(near, list(self._crossing))]
        usable = np.array([self._mended.get(k, self._shapes[k]) for k in near.tolist()], dtype=object)
        areas = _sound(self.lattice.rounded(usable)) if len(usable) else usable
        parents = _sound(self.lattice.rounded(self._parents)) if len(self._parents) else self._parents
        return Suspects(areas, near, parents, np.arange(len(parents)))

    def _parent_of(self) -> Whole:
        """int64[n]: the parent each shape lies in, by a point within; -1 where it is none.

        0 for all where there is but one, or none: what lies outside of it is seen by its ground.
        """
        if len(self._parents) == 0:
            return np.full(len(self._shapes), -1 if self._has_parents else 0, np.int64)
        if len(self._parents) == 1:
            return np.zeros(len(self._shapes), np.int64)
        whole = self._shapes.copy()
        for k in (*self._mended, *self._crossing):
            whole[k] = shapely.make_valid(whole[k])
        points = shapely.centroid(whole)
        outside = np.flatnonzero(~shapely.contains(whole, points))
        points[outside] = shapely.point_on_surface(whole[outside])
        which, at = shapely.STRtree(points).query(_sound(self._parents), predicate="intersects")
        parent_of = np.full(len(points), -1, np.int64)
        parent_of[at[::-1]] = which[::-1]
        return parent_of

    def hairline_m(self) -> float:
        """Narrower than this two boundaries cannot be told apart: coordinates written coarsely miss by half their step."""
        sample = shapely.get_coordinates(self._shapes[:: max(len(self._shapes) // 200, 1)])
        coarse_m = 0.5 * written_to(sample) * float(self.lattice.mm_per_unit.max()) / 1e3
        return min(max(self._limits.hairline_m, coarse_m), self._limits.sliver_m)

    def _median_mm2(self) -> float:
        area = shapely.area(self._shapes) * float(np.prod(self.lattice.mm_per_unit))
        return float(np.median(area))


def written_to(xy: npt.NDArray[np.float64]) -> float:
    """To which step coordinates are written, in their unit: 1, 0.1, ... 1e-9; 0 where they are finer."""
    for digits in range(10):
        scaled = xy * 10.0**digits
        if (np.abs(scaled - np.rint(scaled)) <= np.maximum(np.abs(scaled), 1.0) * 1e-14 * 4).all():
            return 10.0**-digits
    return 0.0


def _reach_of(shape: shapely.Geometry) -> shapely.Polygon:
    """How far the ground of a ring that crosses itself may have been meant to reach."""
    left, low, right, high = shapely.bounds(shape).tolist()
    rim = 0.25 * float(np.hypot(right - left, high - low))
    return shapely.box(left - rim, low - rim, right + rim, high + rim)


def _have_empty_parts(shapes: Shapes) -> npt.NDArray[np.bool_]:
    """bool[n]: which shapes have a part or a hole without any vertex."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    hollow = np.zeros(len(shapes), bool)
    hollow[owner[shapely.is_empty(parts)]] = True
    hollow[owner[part[shapely.is_empty(rings)]]] = True
    return hollow


def _sound(shapes: Shapes) -> Shapes:
    broken = ~shapely.is_valid(shapes)
    if broken.any():
        shapes = shapes.copy()
        shapes[broken] = shapely.make_valid(shapes[broken])
    return shapes


def _leaving_out(shape: shapely.Geometry, lattice: Lattice, found: list[Spike], owner: int) -> shapely.Geometry | None:
    """A shape without the tips of its spikes; None where a ring would be left with less than three corners."""
    tips = np.array([spike.tip for spike in found if spike.owner == owner])

    def rid(ring: shapely.LinearRing) -> npt.NDArray[np.float64]:
        xy = shapely.get_coordinates(ring)[:-1]
        keep = ~(lattice.whole(xy)[:, None, :] == tips[None, :, :]).all(axis=2).any(axis=1)
        kept: npt.NDArray[np.float64] = xy[keep]
        return kept

    parts = []
    for part in shapely.get_parts(shape):
        rings = [rid(ring) for ring in (part.exterior, *part.interiors)]
        if any(len(ring) < 3 for ring in rings):
            return None
        parts.append(shapely.Polygon(rings[0], rings[1:]))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def still_covers(old: Shapes, new: Shapes, lattice: Lattice) -> bool:
    """Whether areas that took the place of others cover exactly what those covered, each place once.

    Only the areas an edit touched are looked at: that of a whole coverage then stays right. Some 0.5 ms for three areas.
    """
    if not shapely.is_valid(new).all():
        return False
    before, after = edges_of(old, lattice), edges_of(new, lattice)
    own, over = unmatched(before, np.zeros(len(old), np.int64), after, np.zeros(len(new), np.int64))
    return not len(own) and not len(over)


__all__ = ["Edges", "Layer", "Report", "check", "still_covers", "written_to"]
