"""Whether a shape is a valid one by the rules of OGC, and where it is not: GEOS's judgement, its reason and place."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import shapely

_REASON = re.compile(r"^(?P<reason>[^\[]*)(?:\[(?P<x>\S+) (?P<y>\S+)(?: \S+)*\])?$")


def reason_of(shape: shapely.Geometry) -> tuple[str, tuple[float, float] | None]:
    """Why a shape is invalid, in GEOS's words, and at which of its coordinates; an empty reason for a valid one."""
    if shapely.is_valid(shape):
        return "", None
    found = _REASON.match(shapely.is_valid_reason(shape))
    if found is None:
        return "invalid", None
    if found["x"] is None:
        return found["reason"].strip(), None
    return found["reason"].strip(), (float(found["x"]), float(found["y"]))


def are_finite(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    """bool[n]: whether every coordinate of each shape is a number."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    finite = np.ones(len(shapes), bool)
    finite[owner[~np.isfinite(xy).all(axis=1)]] = False
    return finite
