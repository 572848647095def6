"""How a wall may be cut into slots: equal ones, one large among small, two over four, a banner on top.

What was shown goes on in its order. Large slots come first, so that what is looked at most stays large.
"""

from __future__ import annotations

from dataclasses import replace

from governance.refusal import Refused
from governance.wall import Content, Layout, Slot
from governance.wall_layouts import require_slot


def even_grid(columns: int, rows: int) -> Layout:
    """A layout of equal empty slots in reading order."""
    return Layout(columns, rows, tuple(Slot(n % columns, n // columns, 1, 1) for n in range(columns * rows)))


def _around(side: int, left: int, top: int, cells: int) -> Layout:
    """One large square among small ones in a lattice of `side` by `side` cells."""
    taken = {(left + across, top + down) for across in range(cells) for down in range(cells)}
    small = (Slot(n % side, n // side, 1, 1) for n in range(side * side) if (n % side, n // side) not in taken)
    return Layout(side, side, (Slot(left, top, cells, cells), *small))


SHAPES: dict[str, Layout] = {
    **{str(side * side): even_grid(side, side) for side in (1, 2, 3, 4, 5, 6)},
    "1+5": _around(3, 0, 0, 2),
    "1+7": _around(4, 0, 0, 3),
    "1+12": _around(4, 1, 1, 2),
    "2+4": Layout(4, 3, (Slot(0, 0, 2, 2), Slot(2, 0, 2, 2), *(Slot(n, 2, 1, 1) for n in range(4)))),
    "banner": Layout(6, 5, (Slot(0, 0, 6, 1), *(Slot(2 * (n % 3), 1 + 2 * (n // 3), 2, 2) for n in range(6)))),
}
"""By name, in the order they are offered."""


def reshaped(layout: Layout, shape: Layout) -> Layout:
    """What a layout shows, in the slots of another shape, in its order; what finds no room is left out.

    Where there are fewer slots than before, those that show something come forward.
    """
    shown = list(layout.slots)
    if len(shown) > len(shape.slots):
        shown.sort(key=lambda each: each.content is Content.EMPTY and not each.locked)
    pairs = zip(shown, shape.slots, strict=False)
    kept = (replace(old, left=new.left, top=new.top, width=new.width, height=new.height) for old, new in pairs)
    return replace(layout, columns=shape.columns, rows=shape.rows, slots=(*kept, *shape.slots[len(shown) :]), scene="")


def regridded(layout: Layout, columns: int, rows: int) -> Layout:
    """What a layout shows, in equal slots."""
    return reshaped(layout, even_grid(columns, rows))


def shape_of(layout: Layout) -> str:
    """The name of the shape a layout has; empty where it has none of these."""
    mine = (layout.columns, layout.rows, _places(layout))
    return next((name for name, each in SHAPES.items() if (each.columns, each.rows, _places(each)) == mine), "")


def swapped(layout: Layout, one: int, other: int) -> Layout:
    """The layout where two slots exchange what they show; how large each is stays. Refused where one is locked or missing."""
    for number in (one, other):
        require_slot(layout, number)
        if layout.slots[number - 1].locked:
            raise Refused("slot_locked", "slot", slot=str(number))
    slots = list(layout.slots)
    first, second = slots[one - 1], slots[other - 1]
    slots[one - 1], slots[other - 1] = _showing(first, second), _showing(second, first)
    return replace(layout, slots=tuple(slots), scene="" if _shows(first) != _shows(second) else layout.scene)


def _showing(place: Slot, what: Slot) -> Slot:
    """A slot where one is, showing what another does."""
    return replace(place, content=what.content, camera=what.camera, stream=what.stream, view=what.view)


def _shows(slot: Slot) -> tuple[object, ...]:
    return slot.content, slot.camera, slot.stream, slot.view


def _places(layout: Layout) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((each.left, each.top, each.width, each.height) for each in layout.slots)
