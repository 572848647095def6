"""The panels of the desk: title, key, side, sizes; a new one is a row here and a factory in run.py."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: `name` keys its title (panel.NAME) and its action (panel_NAME)."""

    name: str
    key: str
    wide_px: int
    """Width on a screen of 1600 pixels and more; 0 takes what is left."""
    narrow_px: int
    """Width on a smaller one."""
    least_px: int


PANELS: tuple[Panel, ...] = (
    Panel("board", "Ctrl+1", 380, 300, 240),
    Panel("map", "Ctrl+2", 0, 0, 320),
    Panel("card", "Ctrl+3", 440, 340, 300),
)
NARROW_BELOW_PX = 1600
