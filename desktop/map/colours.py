"""The colours of the map, as the theme of the desk names them."""

from __future__ import annotations

from desktop.style.palette import NIGHT as NIGHT_THEME
from desktop.style.palette import MapTokens, Palette, luminance

MapColours = MapTokens
NIGHT = NIGHT_THEME.map


def map_colours(theme: Palette | MapTokens) -> MapColours:
    """The map's part of a theme, given the theme or the part itself."""
    return theme.map if isinstance(theme, Palette) else theme


def is_dark(colours: MapColours) -> bool:
    """Whether these are the colours of a night."""
    return luminance(colours.ground) < 0.2


def rgb(colour: str) -> tuple[float, float, float]:
    """Red, green and blue of #RRGGBB between 0 and 1."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)
