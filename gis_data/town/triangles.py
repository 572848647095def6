"""Triangles of polygons, cut once by whoever makes a town so that no desk has to."""

from __future__ import annotations

import itertools

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from gis_data.town.town import Coords, Offsets

Triangles = npt.NDArray[np.uint32]


def triangulate_rings(coords: Coords, offsets: Offsets) -> tuple[Triangles, Offsets]:
    """Triangles of closed rings without holes: uint32[m, 3] into coords, and where each ring's triangles begin."""
    pieces = [
        triangulate(coords, np.array([start, end], np.int64))
        for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
    ]
    return stack(pieces)


def triangulate(coords: Coords, ring_offsets: Offsets) -> Triangles:
    """Triangles of one polygon, its shell first and then its holes, as uint32[m, 3] into coords."""
    if len(ring_offsets) == 2 and ring_offsets[1] - ring_offsets[0] < 4:
        return np.zeros((0, 3), np.uint32)
    rings = [np.arange(a, b - 1) for a, b in itertools.pairwise(ring_offsets)]
    index = np.concatenate(rings)
    points = coords[index]
    # Degrees are small numbers with long tails: earcut wants them near zero.
    local = np.ascontiguousarray((points - points.min(axis=0)) * 1e5)
    ends = np.cumsum([len(ring) for ring in rings]).astype(np.uint32)
    flat = mapbox_earcut.triangulate_float64(local, ends)
    return index[flat].astype(np.uint32).reshape(-1, 3)


def stack(pieces: list[Triangles]) -> tuple[Triangles, Offsets]:
    """Triangle lists one after another, and where each begins."""
    offsets = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum([len(piece) for piece in pieces], out=offsets[1:])
    return (np.concatenate(pieces) if pieces else np.zeros((0, 3), np.uint32)), offsets
