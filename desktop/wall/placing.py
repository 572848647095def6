"""Where the slots of a layout lie on one or several screens; pure.

The columns of a layout are dealt out evenly to screens that stand side by side, its rows to those that stand above one
another, so that a slot ends where a screen ends wherever the cells allow it, whatever the screens measure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from desktop.video_wall.arrangement import Box
from governance.wall import Layout

GAP_PX = 4
NEARLY = 1e-9


def union(screens: Sequence[Box]) -> Box:
    """The smallest rectangle that holds all screens."""
    left, top = min(each.left for each in screens), min(each.top for each in screens)
    right = max(each.left + each.width for each in screens)
    bottom = max(each.top + each.height for each in screens)
    return Box(left, top, right - left, bottom - top)


def in_rows(screens: Sequence[Box]) -> list[list[Box]]:
    """Screens as they stand, row by row from left to right; all of it as one where the rows are not equally long."""
    rows: list[list[Box]] = []
    for screen in sorted(screens, key=lambda each: (each.top, each.left)):
        middle = screen.top + screen.height / 2
        row = next((row for row in rows if row[0].top <= middle < row[0].top + row[0].height), None)
        if row is None:
            rows.append([screen])
        else:
            row.append(screen)
    if len({len(row) for row in rows}) != 1:
        return [[union(screens)]]
    return [sorted(row, key=lambda each: each.left) for row in rows]


def placed(layout: Layout, screens: Sequence[Box]) -> list[Box]:
    """The place of every slot in pixels, in order; one over several screens is no higher and no wider than all of them."""
    rows = in_rows(screens)
    down, across = len(rows), len(rows[0])
    boxes: list[Box] = []
    for slot in layout.slots:
        left, right = _share(slot.left, layout.columns, across), _share(slot.left + slot.width, layout.columns, across)
        top, bottom = _share(slot.top, layout.rows, down), _share(slot.top + slot.height, layout.rows, down)
        here = [line[_first(left) : _last(right) + 1] for line in rows[_first(top) : _last(bottom) + 1]]
        boxes.append(
            _inset(
                max(_at(line[0].left, line[0].width, left) for line in here),
                max(_at(screen.top, screen.height, top) for screen in here[0]),
                min(_at(line[-1].left, line[-1].width, right, ends=True) for line in here),
                min(_at(screen.top, screen.height, bottom, ends=True) for screen in here[-1]),
            )
        )
    return boxes


def _share(cell: int, cells: int, screens: int) -> float:
    """How many screens lie before the edge of a cell."""
    return cell * screens / cells


def _first(share: float) -> int:
    """The screen an edge is the left or upper one on."""
    return math.floor(share + NEARLY)


def _last(share: float) -> int:
    """The screen an edge is the right or lower one on."""
    return max(math.ceil(share - NEARLY) - 1, 0)


def _at(start: int, length: int, share: float, ends: bool = False) -> int:
    """The pixel of an edge on the screen it lies on, as the right or lower one where it `ends` a slot."""
    return round(start + (share - (_last(share) if ends else _first(share))) * length)


def _inset(left: int, top: int, right: int, bottom: int) -> Box:
    half = GAP_PX // 2
    return Box(left + half, top + half, max(right - left - GAP_PX, 1), max(bottom - top - GAP_PX, 1))
