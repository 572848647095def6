"""Which ground of an OpenStreetMap file is the district, and which parts of it are its streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.bad_town import BadTown
from gis_data.town.osm_file import Content

_LEAST_SHARE = 0.6
_LEAST_TOGETHER = 0.8
_HULL_RATIO = 0.3
_REACH_M = 260.0
_MARGIN_M = 60.0
_SEA_MARGIN_M = 120.0
_SMOOTHING_M = 2.0
LEAST_AREA_M2 = 20_000.0
MOST_AREA_M2 = 5e9


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """The district in metres on the plane."""

    shape: Any
    name: str
    """Of the administrative area it is; empty where the file has none that fits."""
    quarters: tuple[tuple[str, Any], ...]
    """Administrative areas inside it, largest first, at least two; or none."""


def outline_of(content: Content, houses: npt.NDArray[np.object_], boundaries: npt.NDArray[np.object_]) -> Outline:
    """The administrative area that holds most of the houses, else the built-up ground.

    All shapes in metres; `boundaries` in step with content.boundaries. Raises BadTown too_small or too_large.
    """
    hull = _built_up(houses)
    if hull.area > MOST_AREA_M2:
        raise BadTown("too_large", f"{hull.area / 1e6:,.0f} km2")
    centres = shapely.centroid(houses)
    best_name, best = "", hull
    levels = [level for level, _, _ in content.boundaries]
    for level in sorted(set(levels)):
        mine = [k for k, other in enumerate(levels) if other == level]
        for name, shape in [(content.boundaries[k][1], boundaries[k]) for k in mine] + [
            ("", shapely.union_all(boundaries[mine]))
        ]:
            shapely.prepare(shape)
            if shapely.contains(shape, centres).mean() >= _LEAST_SHARE and shape.area < best.area * 1.02 + 1:
                best_name, best = name, _largest(shape.intersection(hull.buffer(_SEA_MARGIN_M)))
    best = _largest(shapely.set_precision(best.simplify(_SMOOTHING_M), 0.001))
    if best.area < LEAST_AREA_M2:
        raise BadTown("too_small", f"{best.area:,.0f} m2")
    return Outline(best, best_name, _quarters(content, boundaries, best))


def ground_of(roads: npt.NDArray[np.object_]) -> Outline:
    """The ground between the roads of a town without a single house; raises BadTown too_small or too_large."""
    hull = shapely.convex_hull(shapely.union_all(roads)).simplify(_SMOOTHING_M)
    shape = _largest(shapely.set_precision(hull.buffer(_MARGIN_M, join_style="mitre"), 0.001))
    if shape.area > MOST_AREA_M2:
        raise BadTown("too_large", f"{shape.area / 1e6:,.0f} km2")
    if shape.area < LEAST_AREA_M2:
        raise BadTown("too_small", f"{shape.area:,.0f} m2")
    return Outline(shape, "", ())


def _built_up(houses: npt.NDArray[np.object_]) -> Any:
    """The ground around the houses, gaps between them filled; a hull of them all where they lie too far apart.

    Roads are left out: a file cut out of a larger one has long ways that lead far away.
    """
    centres = shapely.centroid(houses)
    near = shapely.union_all(shapely.buffer(centres, _REACH_M, quad_segs=3)).buffer(_MARGIN_M - _REACH_M, quad_segs=3)
    ground = [part for part in shapely.get_parts(near) if part.geom_type == "Polygon" and part.area > 0]
    if ground:
        largest = shapely.Polygon(max(ground, key=lambda part: part.area).exterior)
        shapely.prepare(largest)
        if shapely.contains(largest, centres).mean() >= _LEAST_TOGETHER:
            return largest.simplify(8.0)
    hull = shapely.concave_hull(shapely.multipoints(shapely.get_coordinates(centres)), ratio=_HULL_RATIO)
    return shapely.Polygon(_largest(hull.buffer(_MARGIN_M, quad_segs=2)).exterior).simplify(8.0)


def _quarters(content: Content, boundaries: npt.NDArray[np.object_], district: Any) -> tuple[tuple[str, Any], ...]:
    """The named areas of the coarsest level that divides the district into two or more parts and covers most of it."""
    for level in sorted({level for level, _, _ in content.boundaries}):
        parts = [
            (name, shape.intersection(district))
            for (own, name, _), shape in zip(content.boundaries, boundaries, strict=True)
            if own == level and name
        ]
        parts = [(name, shape) for name, shape in parts if shape.area > 0.02 * district.area]
        if len(parts) > 1 and sum(shape.area for _, shape in parts) > 0.8 * district.area:
            return tuple(sorted(parts, key=lambda part: (-part[1].area, part[0])))
    return ()


def _largest(shape: Any) -> Any:
    """The largest polygon of a shape."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        raise BadTown("too_small", "no ground at all")
    return max(parts, key=lambda part: part.area)
