"""Where tiles go in a rectangle: the arrangement with the largest pictures. Pure."""

from __future__ import annotations

from dataclasses import dataclass

WIDE, HIGH = 16, 9


@dataclass(frozen=True, slots=True)
class Box:
    """A place for one tile, in pixels."""

    left: int
    top: int
    width: int
    height: int


def arrange(count: int, width: int, height: int, caption_px: int, gap_px: int) -> list[Box]:
    """Places of `count` tiles in a rectangle, in reading order: 16:9 pictures with a caption under each, as large as fits."""
    best: list[Box] = []
    for columns in range(1, count + 1):
        boxes = _in_columns(count, columns, width, height, caption_px, gap_px)
        if boxes and (not best or boxes[0].width > best[0].width):
            best = boxes
    return best


def height_for(count: int, columns: int, width: int, caption_px: int, gap_px: int) -> int:
    """How high the rows of `count` tiles are when they fill the width in so many columns."""
    if count <= 0:
        return 0
    columns = min(columns, count)
    rows = -(-count // columns)
    picture = (width - gap_px * (columns - 1)) // columns
    return rows * (picture * HIGH // WIDE + caption_px) + gap_px * (rows - 1)


def _in_columns(count: int, columns: int, width: int, height: int, caption_px: int, gap_px: int) -> list[Box]:
    rows = -(-count // columns)
    cell_width = (width - gap_px * (columns - 1)) // columns
    cell_height = (height - gap_px * (rows - 1)) // rows
    picture = min(cell_width, (cell_height - caption_px) * WIDE // HIGH)
    if picture < WIDE:
        return []
    tall = picture * HIGH // WIDE + caption_px
    return [Box((k % columns) * (picture + gap_px), (k // columns) * (tall + gap_px), picture, tall) for k in range(count)]
