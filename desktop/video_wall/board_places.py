"""Where the slots of a set of tiles lie on a board, and which one lies beside another; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from desktop.video_wall.arrangement import Box, arrange
from desktop.video_wall.slots import TileSet

SIDEWAYS = 2.0
"""How much farther a tile seems that lies aside of the way: the one straight ahead is meant."""


def places_of(tiles: TileSet, width: int, height: int, caption_px: int, gap_px: int) -> dict[int, Box]:
    """Slot -> its place in a rectangle of pixels; empty where the rectangle is too small.

    Where every slot takes one cell the tiles stand in as many columns as make the pictures largest; a slot of several cells
    needs the lattice to be square.
    """
    seen = tiles.seen()
    if all(min(tiles.slots[at].cells, tiles.side) == 1 for at in seen):
        return dict(
            zip(seen, _in_the_middle(arrange(len(seen), width, height, caption_px, gap_px), width, height), strict=False)
        )
    wide, high = ((room - gap_px * (tiles.side - 1)) / tiles.side for room in (width, height))
    if wide < caption_px or high <= caption_px:
        return {}
    places = {}
    for at, square in enumerate(tiles.squares()):
        if square is not None:
            left, right = (round(column * (wide + gap_px)) for column in (square.column, square.column + square.cells))
            top, low = (round(row * (high + gap_px)) for row in (square.row, square.row + square.cells))
            places[at] = Box(left, top, right - left - gap_px, low - top - gap_px)
    return places


def _in_the_middle(boxes: list[Box], width: int, height: int) -> list[Box]:
    """The same places with as much room before as after them."""
    right = (width - max((box.left + box.width for box in boxes), default=width)) // 2
    down = (height - max((box.top + box.height for box in boxes), default=height)) // 2
    return [replace(box, left=box.left + right, top=box.top + down) for box in boxes]


def beside(places: Mapping[int, Box], at: int, right: int, down: int) -> int:
    """The slot that lies next to one in a direction (-1, 0 or 1 right and down); itself where there is none."""
    here = places.get(at)
    if here is None:
        return at
    x, y = here.left + here.width / 2, here.top + here.height / 2
    best, found = float("inf"), at
    for number, box in places.items():
        across, along = box.left + box.width / 2 - x, box.top + box.height / 2 - y
        ahead, aside = (across * right, abs(along)) if right else (along * down, abs(across))
        starts = box.left - here.left - here.width if right > 0 else here.left - box.left - box.width
        starts = starts if right else (box.top - here.top - here.height if down > 0 else here.top - box.top - box.height)
        if number != at and starts >= -1 and ahead > 0 and ahead + SIDEWAYS * aside < best:
            best, found = ahead + SIDEWAYS * aside, number
    return found
