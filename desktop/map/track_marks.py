"""The marks on tracks, as both canvases draw them: starts, ends, arrows, and where everybody was at the moment shown; no Qt."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np

from desktop.map.shown import Shown
from desktop.map.tracks import Colouring, Spot, Way
from desktop.map.tracks_shown import TINTS

LINE_PX, CASING_PX = 2.6, 2.2
"""How wide a track is, and what its dark or light edge adds to that."""


class MarkKind(IntEnum):
    """What a mark on a track looks like, as in track_mark.frag.glsl."""

    ARROW = 0
    START = 1
    END = 2
    SEEN = 3
    UNSEEN = 4


def tints(shown: Shown) -> tuple[str, ...]:
    """The six colours of the lines: one after the other in time or speed, or as different as can be."""
    colours = shown.colours
    return colours.track_own if shown.tracks.colouring == Colouring.OWN else colours.track


SIZE_PX = {MarkKind.ARROW: 5.5, MarkKind.START: 5.0, MarkKind.END: 5.0, MarkKind.SEEN: 8.0, MarkKind.UNSEEN: 8.0}


class TrackMark(NamedTuple):
    """One mark: where it stands in plane metres, the way it points, its tint."""

    kind: MarkKind
    place: tuple[float, float, float]
    along: tuple[float, float]
    tint: int


def standing_marks(shown: Shown, metres_per_pixel: float) -> list[TrackMark]:
    """Where each track begins and ends, and above those where everybody was at the last moment shown."""
    tracks, marks = shown.tracks, []
    for number, way in enumerate(tracks.ways):
        first = int(np.searchsorted(way.at_s, tracks.since_s, "left"))
        last = int(np.searchsorted(way.at_s, tracks.until_s, "right")) - 1
        if first > last:
            continue
        marks.append(_at_fix(shown, MarkKind.START, way, first, metres_per_pixel, tracks.tint_of(number, first)))
        if last == len(way.at_s) - 1:
            marks.append(_at_fix(shown, MarkKind.END, way, last, metres_per_pixel, tracks.tint_of(number, last)))
    for number, (way, spot) in tracks.spots():
        marks.append(_spot(shown, way, spot, metres_per_pixel, tracks.tint_of(number, spot.row)))
    return marks


def _at_fix(shown: Shown, kind: MarkKind, way: Way, row: int, metres_per_pixel: float, tint: int) -> TrackMark:
    z = float(shown.height_at(way.grid[row : row + 1], metres_per_pixel)[0])
    x, y = way.xy[row].tolist()
    return TrackMark(kind, (x, y, z), (0.0, 0.0), tint % TINTS)


def _spot(shown: Shown, way: Way, spot: Spot, metres_per_pixel: float, tint: int) -> TrackMark:
    z = float(shown.height_at(way.grid[spot.row : spot.row + 1], metres_per_pixel)[0])
    return TrackMark(MarkKind.SEEN if spot.is_seen else MarkKind.UNSEEN, (spot.x, spot.y, z), (0.0, 0.0), tint % TINTS)
