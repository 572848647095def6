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
    if raised > 0.0 and len(shown.open_count):
        share = shown.load_share().astype(np.float32) * np.float32(raised * axes[1, 2])
        down += np.where(shown.worker_grid >= 0, share[shown.worker_grid], np.float32(0.0))
    inside = (across >= 0) & (across < columns * CELL_PX) & (down >= 0) & (down < rows * CELL_PX) & ~hidden
    cell = (down[inside] / CELL_PX).astype(np.int32) * columns + (across[inside] / CELL_PX).astype(np.int32)
    count = np.bincount(cell, minlength=rows * columns)[: rows * columns]
    filled = count[count > 0]
    full = float(np.percentile(filled, 95)) if len(filled) else 1.0
    strength = np.where(count > 0, FAINTEST + (STRONGEST - FAINTEST) * np.clip(count / max(full, 1.0), 0.0, 1.0), 0.0)
    ink = np.array([*rgb(shown.colours.worker), 1.0], np.float32)
    pixels = np.rint(strength[:, None] * ink * 255).astype(np.uint8).reshape(rows, columns, 4)
    return CrowdPicture(pixels, -margin_px, -margin_px, int(inside.sum()))
