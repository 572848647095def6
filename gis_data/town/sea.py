"""The sea beside a town, which OpenStreetMap draws only as a coastline with the land on its left."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

_MILLIMETRE = 0.001
_ASIDE_M = 0.4
_CLEAR = 0.15
"""A face is sea only where so little of its shore, at most, says it is land."""
_DRAWN = 0.25
"""And where so much of its shore, at least, is coast of the file: what lies between two coasts drawn on is invented."""


def sea_of(coast: list[npt.NDArray[np.float64]], frame: Any) -> list[Any]:
    """The sea within a frame, in metres: the faces on the right of the coastline; nothing where the coast does not say.

    A coast that ends inside the frame (a file cut out of a larger one) is drawn on, straight, to the frame's edge.
    """
    if not coast:
        return []
    merged = shapely.get_parts(
        shapely.line_merge(shapely.multilinestrings([shapely.LineString(line) for line in coast]), directed=True)
    )
    lines = [_drawn_on(shapely.get_coordinates(line), frame) for line in merged]
    noded = shapely.union_all([shapely.LineString(line) for line in lines] + [frame.boundary], grid_size=_MILLIMETRE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.contains(frame, shapely.point_on_surface(faces))]
    right, left = _votes(lines, faces, 1.0), _votes(lines, faces, -1.0)
    sea = faces[(right > 0) & (left <= _CLEAR * right)]
    return list(sea[_drawn_share(sea, merged, frame) >= _DRAWN])


def _drawn_share(faces: npt.NDArray[np.object_], coast: npt.NDArray[np.object_], frame: Any) -> npt.NDArray[np.float64]:
    """How much of the shore of each face, the frame's edge aside, the file draws as coast."""
    shore = shapely.difference(shapely.boundary(faces), frame.boundary.buffer(_ASIDE_M))
    drawn = shapely.intersection(shore, shapely.union_all(shapely.buffer(coast, _ASIDE_M, quad_segs=2)))
    return np.asarray(shapely.length(drawn) / np.maximum(shapely.length(shore), _MILLIMETRE))


def _drawn_on(line: npt.NDArray[np.float64], frame: Any) -> npt.NDArray[np.float64]:
    """The line with loose ends inside the frame carried on along its general direction, out of the frame."""
    start, end = line[0], line[-1]
    run = float(np.hypot(*(end - start)))
    if run < 1.0:
        return line
    reach = (end - start) / run * 2 * float(np.hypot(frame.bounds[2] - frame.bounds[0], frame.bounds[3] - frame.bounds[1]))
    if frame.contains(shapely.Point(start)):
        line = np.concatenate([[start - reach], line])
    if frame.contains(shapely.Point(end)):
        line = np.concatenate([line, [end + reach]])
    return line


def _votes(lines: list[npt.NDArray[np.float64]], faces: npt.NDArray[np.object_], sign: float) -> npt.NDArray[np.float64]:
    """For each face, the metres of coastline that have it on their right (+) or left (-)."""
    tree = shapely.STRtree(faces)
    votes = np.zeros(len(faces))
    for line in lines:
        step = np.diff(line, axis=0)
        length = np.hypot(*step.T)
        kept = length > 1.0
        along = step[kept] / length[kept, None]
        aside = np.column_stack([along[:, 1], -along[:, 0]]) * (_ASIDE_M * sign)
        at, face = tree.query(shapely.points(line[:-1][kept] + step[kept] / 2 + aside), predicate="within")
        np.add.at(votes, face, length[kept][at])
    return votes
