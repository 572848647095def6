"""Workers too many to tell apart: how many stand where, as a picture of small cells; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.colours import rgb
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown

CELL_PX = 4
FAINTEST, STRONGEST = 0.06, 0.45
"""How opaque a cell with one worker is, and one among the fullest."""

REFRESH_S = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class CrowdPicture:
    """A picture of cells, red, green, blue and alpha uint8[rows, columns, 4] from the top; colours are multiplied by alpha."""

    pixels: NDArray[np.uint8]
    left_px: float
    """Where its left edge lies in the frame it was made for."""
    top_px: float
    counted: int


def crowd_picture(shown: Shown, oblique: Oblique, margin_px: int) -> CrowdPicture:
    """Where workers stand as seen through a camera, and so many pixels around; those off duty are left out."""
    columns = int(np.ceil((oblique.width_px + 2 * margin_px) / CELL_PX))
    rows = int(np.ceil((oblique.height_px + 2 * margin_px) / CELL_PX))
    x, y, hidden = shown.workers.places32()
    view, axes = oblique.viewpoint, oblique.axes_px().astype(np.float32)
    east, north = x - np.float32(view.x), y - np.float32(view.y)
    across = east * axes[0, 0] + north * axes[0, 1] + np.float32(oblique.width_px / 2 + margin_px)
    down = east * axes[1, 0] + north * axes[1, 1] + np.float32(oblique.height_px / 2 + margin_px)
    raised = shown.raise_m(view.metres_per_pixel)
    if raised > 0.0 and len(shown.load_share()):
        share = shown.load_share().astype(np.float32) * np.float32(raised * axes[1, 2])
        down += np.where(shown.worker_grid >= 0, share[shown.worker_grid], np.float32(0.0))
    column, row = (np.floor(px / CELL_PX).astype(np.int32) for px in (across, down))
    inside = (column.view(np.uint32) < columns) & (row.view(np.uint32) < rows) & ~hidden
    cell = (row * np.int32(columns) + column)[inside]
    count = np.bincount(cell, minlength=rows * columns)
    pixels = _inks(shown, full := _fullest(count))[np.minimum(count, full)].reshape(rows, columns, 4)
    return CrowdPicture(pixels, -margin_px, -margin_px, len(cell))


def _fullest(count: NDArray[np.int64]) -> int:
    """How many are in a cell that is fuller than all but a twentieth of those where anybody is."""
    filled = count[count > 0]
    at = int(len(filled) * 0.95)
    return int(np.partition(filled, at)[at]) if at < len(filled) else 1


def _inks(shown: Shown, full: int) -> NDArray[np.uint8]:
    """The colour of a cell by how many are in it, uint8[full + 1, 4]."""
    share = np.arange(full + 1) / full
    strength = np.where(share > 0, FAINTEST + (STRONGEST - FAINTEST) * share, 0.0)[:, None]
    return np.rint(strength * np.array([*rgb(shown.colours.worker), 1.0]) * 255).astype(np.uint8)
