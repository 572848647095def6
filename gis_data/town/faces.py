"""The blocks of a real town: the faces between its roads and waters inside its outline, noded to the millimetre."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.bad_town import BadTown
from gis_data.town.town import RoadClass

_MILLIMETRE = 0.001
_FACES_A_GRID = 4.0
_LEAST_FACES_A_GRID = 1.6
_LARGEST_FACE = 2.5
"""Times a grid's usual ground: a larger face is cut."""
_MOST_CUTS = 4_000


def faces_of(
    outline: Any,
    roads: npt.NDArray[np.object_],
    road_class: npt.NDArray[np.uint8],
    others: npt.NDArray[np.object_],
    grids: int,
) -> npt.NDArray[np.object_]:
    """The faces of the outline between streets; between lanes and then paths too, where the streets alone make too few.

    `others` are further lines that part faces (shores, administrative borders). Metres on the plane.
    """
    faces = np.array([outline], dtype=object)
    for tier in (RoadClass.STREET, RoadClass.LANE, RoadClass.PATH):
        lines = np.concatenate([roads[road_class <= tier], others])
        near = lines[shapely.intersects(lines, outline)]
        faces = _parted(np.append(near, outline.boundary), outline)
        if len(faces) >= grids * _FACES_A_GRID:
            break
    return faces


def cut_faces(faces: npt.NDArray[np.object_], area_m2: float, grids: int) -> npt.NDArray[np.object_]:
    """The faces, with the largest cut straight across where one is larger than two grids or there are too few of them.

    A cut is no road and lowers the boundary fit: it is for woods, water and fields that have no roads.
    Raises BadTown where even that gives too few faces.
    """
    largest = area_m2 / grids * _LARGEST_FACE
    queue = [(-float(face.area), k) for k, face in enumerate(faces)]
    heapq.heapify(queue)
    known = list(faces)
    cuts: list[Any] = []
    while len(cuts) < _MOST_CUTS and (-queue[0][0] > largest or len(queue) < grids * _LEAST_FACES_A_GRID):
        face = known[heapq.heappop(queue)[1]]
        cuts.append(_across(face))
        for half in _parted(np.array([shapely.boundary(face), cuts[-1]], dtype=object), face):
            heapq.heappush(queue, (-float(half.area), len(known)))
            known.append(half)
    if cuts:
        faces = _parted(np.append(shapely.boundary(faces), cuts), shapely.union_all(faces))
    if len(faces) < grids:
        raise BadTown("too_many_grids", f"{len(faces)} blocks for {grids} grids")
    return faces


def _parted(lines: npt.NDArray[np.object_], inside: Any) -> npt.NDArray[np.object_]:
    """The faces that lines enclose within a polygon, in a fixed order."""
    noded = shapely.union_all(lines, grid_size=_MILLIMETRE)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    shapely.prepare(inside)
    faces = faces[shapely.contains(inside, shapely.point_on_surface(faces))]
    centres = shapely.get_coordinates(shapely.centroid(faces))
    return np.asarray(faces[np.lexsort((centres[:, 1], centres[:, 0]))])


def _across(face: Any) -> Any:
    """A straight line through the middle of a face, across its longer side, from edge to edge."""
    corners = shapely.get_coordinates(shapely.oriented_envelope(face))[:4]
    sides = corners[1] - corners[0], corners[2] - corners[1]
    first = np.hypot(*sides[0]) >= np.hypot(*sides[1])
    a, b = (
        ((corners[0] + corners[1]) / 2, (corners[2] + corners[3]) / 2)
        if first
        else ((corners[1] + corners[2]) / 2, (corners[3] + corners[0]) / 2)
    )
    line = shapely.LineString([a + (a - b) * 0.01, b + (b - a) * 0.01])
    return shapely.intersection(line, face)
