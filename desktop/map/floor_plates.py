"""The floors of buildings that incidents are on, as both canvases draw them: a plate, and a line to the ground."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from desktop.map.indoors import is_in_picture, plate
from desktop.map.oblique import Oblique
from desktop.map.shown import Shown
from desktop.map.sprites import pin_colour

MOST = 40
"""Plates at a time; the selected one is always among them."""

FILL, CHOSEN_FILL = 0.28, 0.5
EDGE_PX, LEADER_PX = 1.8, 1.6


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """A floor with somebody's incident on it."""

    rings: list[NDArray[np.float64]]
    """Closed rings float64[n, 2], plane metres."""
    top_m: float
    ground_m: float
    foot: tuple[float, float]
    """Where the pin stands, plane metres."""
    colour: str
    is_chosen: bool
    is_below: bool
    """Under the ground: its edge is dashed."""


def plates(shown: Shown, oblique: Oblique, metres_per_pixel: float) -> list[Plate]:
    """The floors in the picture, the selected last and so on top."""
    geometry, indoors, pins = shown.geometry, shown.indoors, shown.pins
    if geometry is None or not shown.shows_floors(metres_per_pixel):
        return []
    rows = np.nonzero(indoors.building >= 0)[0]
    chosen = shown.selected.id if shown.selected is not None and shown.selected.kind == "incident" else ""
    ground = shown.height_at(shown.pin_grid[rows], metres_per_pixel)
    found = []
    for row, ground_m in zip(rows.tolist(), ground.tolist(), strict=True):
        x, y = shown.pin_xy[row].tolist()
        top_m = ground_m + float(indoors.height_m[row])
        if is_in_picture(oblique, x, y, top_m):
            colour = pin_colour(int(pins.urgency[row]), int(pins.severity[row]), shown.colours)
            rings = plate(geometry, int(indoors.building[row]))
            is_chosen = pins.ids[row] == chosen
            found.append(Plate(rings, top_m, ground_m, (x, y), colour, is_chosen, float(indoors.height_m[row]) < 0.0))
    found.sort(key=lambda each: each.is_chosen)
    return found[-MOST:]
