"""Shapes of a town without a single corner: each gets a few on the far side of the earth, where it is left out and named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis_data.town.pack import AreasPack
from governance.places import LonLat

Offsets = NDArray[np.int64]
CORNERS = 4


def filled(packs: Mapping[str, Any], origin: LonLat) -> dict[str, Any]:
    """The packs by layer; those in which every shape has corners are the same objects as before."""
    far = (origin.lon - 180.0 if origin.lon > 0 else origin.lon + 180.0, -origin.lat)
    return {layer: _filled(pack, far) for layer, pack in packs.items()}


def _filled(pack: Any, far: tuple[float, float]) -> Any:
    if isinstance(pack, AreasPack):
        area_offsets, polygon_offsets = _with_children(pack.area_offsets, pack.polygon_offsets)
        polygon_offsets, rings = _with_children(polygon_offsets, pack.ring_offsets)
        pack = (
            pack
            if len(rings) == len(pack.ring_offsets)
            else replace(pack, area_offsets=area_offsets, polygon_offsets=polygon_offsets, ring_offsets=rings)
        )
        return _with_corners(pack, "ring_offsets", far)
    return _with_corners(pack, "offsets", far) if hasattr(pack, "offsets") else pack


def _with_children(offsets: Offsets, children: Offsets) -> tuple[Offsets, Offsets]:
    """One empty child for each that has none."""
    is_empty = np.diff(offsets) == 0
    at = offsets[:-1][is_empty]
    more = offsets.copy()
    more[1:] += np.cumsum(is_empty)
    return more, np.insert(children, at, children[at])


def _with_corners(pack: Any, name: str, far: tuple[float, float]) -> Any:
    offsets = getattr(pack, name)
    is_empty = np.diff(offsets) == 0
    if not is_empty.any():
        return pack
    at, more = offsets[:-1][is_empty], offsets.copy()
    more[1:] += CORNERS * np.cumsum(is_empty)
    changed = {name: more, "coords": np.insert(pack.coords, np.repeat(at, CORNERS), far, axis=0)}
    if hasattr(pack, "triangles"):
        corners = pack.triangles.astype(np.int64)
        moved = corners + CORNERS * np.searchsorted(at, corners, side="right")
        changed["triangles"] = moved.astype(pack.triangles.dtype)
    return replace(pack, **changed)
