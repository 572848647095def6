"""Shapes as flat arrays: one coordinate array, one offset array."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.town import Coords, Offsets, Patches, PatchKind

Carrier = Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]


def flat_lines(lines: Sequence[npt.NDArray[np.float64]], carry: Carrier) -> tuple[Coords, Offsets]:
    """The vertices of all lines carried to longitude and latitude, and where each line begins."""
    offsets = np.zeros(len(lines) + 1, np.int64)
    np.cumsum([len(line) for line in lines], out=offsets[1:])
    if not len(lines):
        return np.zeros((0, 2)), offsets
    return carry(np.concatenate(lines)), offsets


def flat_rings(shapes: Sequence[shapely.Polygon], kinds: Sequence[PatchKind], names: Sequence[str], carry: Carrier) -> Patches:
    """Polygons as patches; one with holes becomes several without."""
    rings, kind, name = [], [], []
    for shape, a_kind, a_name in zip(shapes, kinds, names, strict=True):
        for piece in without_holes(shape):
            rings.append(shapely.get_coordinates(piece.exterior))
            kind.append(a_kind)
            name.append(a_name)
    return Patches(*flat_lines(rings, carry), np.array(kind, np.uint8), tuple(name))


def without_holes(shape: shapely.Polygon | shapely.MultiPolygon) -> list[shapely.Polygon]:
    """The same surface as polygons that have no holes, cut through the middle of each hole."""
    done: list[shapely.Polygon] = []
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    left = [part for part in shapely.get_parts(shapely.get_parts(whole)) if part.geom_type == "Polygon" and part.area > 0]
    while left:
        part = left.pop()
        if not part.interiors:
            done.append(part)
            continue
        hole = part.interiors[0]
        middle = (hole.bounds[0] + hole.bounds[2]) / 2
        west, south, east, north = part.bounds
        for box in (shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)):
            pieces = shapely.get_parts(shapely.intersection(part, box))
            left += [piece for piece in pieces if piece.geom_type == "Polygon" and piece.area > 0]
    return done
