"""Flat shading of buildings: each face tells from the next, also where a projector's room is not dark."""

from __future__ import annotations

import numpy as np
import pytest

from desktop.map.plain_solids import SUNS, Ink, RoofInk, WallInk
from desktop.map.plain_standing import lit
from desktop.style.palette import THEMES, Palette, luminance

PALETTES = [pytest.param(palette, id=name) for name, palette in THEMES.items()]
HEIGHTS = (1, 4, 10, 20, 30)
"""Steps of five metres: a hut to a tower of 150 m."""

SCREEN, PROJECTOR = 0.05, 0.1
"""Light of the room on black, as a share of white: WCAG's for a screen, and a 10:1 projection with the lamps on."""


def ratio(one: float, other: float, room: float) -> float:
    """Contrast of two luminances in a lit room."""
    light, dark = max(one, other), min(one, other)
    return (light + room) / (dark + room)


def shade(palette: Palette, ink: Ink) -> float:
    """Luminance of a face, as the shaders mix it too."""
    parts = np.clip(np.rint(lit(palette.map, ink) * 255), 0, 255).astype(int)
    return luminance("#" + "".join(f"{part:02X}" for part in parts.tolist()))


def least(palette: Palette, room: float) -> tuple[float, float, float]:
    """The poorest contrast between roof and wall, darkest and lightest wall, building (roof or wall) and ground."""
    grounds = [luminance(colour) for colour in (palette.map.inside, *palette.map.land)]
    faces, walls_apart, on_ground = [], [], []
    for tall in HEIGHTS:
        roof, walls = shade(palette, RoofInk(tall)), [shade(palette, WallInk(tall, sun)) for sun in range(SUNS + 1)]
        faces.append(min(ratio(roof, wall, room) for wall in walls))
        walls_apart.append(ratio(min(walls), max(walls), room))
        on_ground.append(max(min(ratio(face, ground, room) for ground in grounds) for face in (roof, walls[0])))
    return min(faces), min(walls_apart), min(on_ground)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("room", "faces", "walls", "ground"), [(SCREEN, 1.25, 1.4, 1.5), (PROJECTOR, 1.18, 1.25, 1.4)])
def test_roofs_walls_and_ground_tell_from_each_other(
    palette: Palette, room: float, faces: float, walls: float, ground: float
) -> None:
    found = least(palette, room)
    assert all(at_least <= value for value, at_least in zip(found, (faces, walls, ground), strict=True)), found
