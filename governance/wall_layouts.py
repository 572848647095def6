"""Layouts of a wall: which can be shown, what is pushed into a slot, and the scenes that come ready."""

from __future__ import annotations

import math
from dataclasses import replace

from governance.camera import Camera
from governance.people import Role
from governance.refusal import Refused
from governance.roles import SIGHT
from governance.wall import Content, Layout, Slot, View

MOST_CELLS = 64
"""Columns or rows of a layout."""
MOST_SLOTS = 64
LONGEST_NAME = 20
"""Letters of the name of a scene."""
NEAREST_M, FARTHEST_M = 50.0, 200_000.0
"""Metres a view of the map is across."""


def with_lock(layout: Layout, number: int, locked: bool) -> Layout:
    """The layout with one slot locked or free; Refused where there is no such slot."""
    require_slot(layout, number)
    slots = list(layout.slots)
    slots[number - 1] = replace(slots[number - 1], locked=locked)
    return replace(layout, slots=tuple(slots))


def require_slot(layout: Layout, number: int) -> None:
    """Refused where a layout has no slot of a number."""
    if not 1 <= number <= len(layout.slots):
        raise Refused("no_such_slot", "slot", slot=str(number), most=str(len(layout.slots)))


def require_rev(layout: Layout, expected: int) -> None:
    """Refused where somebody changed the layout since."""
    if layout.rev != expected:
        raise Refused("stale_rev", "rev", rev=str(layout.rev))


def require_sound(layout: Layout) -> None:
    """Refused, with the number of the slot, where a layout cannot be shown."""
    if not (1 <= layout.columns <= MOST_CELLS and 1 <= layout.rows <= MOST_CELLS):
        raise Refused("layout_cells", "columns", most=str(MOST_CELLS))
    if not 1 <= len(layout.slots) <= MOST_SLOTS:
        raise Refused("layout_slots", "slots", most=str(MOST_SLOTS))
    if len(layout.scene) > LONGEST_NAME:
        raise Refused("bad_value", "scene")
    for number, slot in enumerate(layout.slots, start=1):
        _require_slot(layout, number, slot)
        for later, other in enumerate(layout.slots[number:], start=number + 1):
            if slot.touches(other):
                raise Refused("slots_overlap", "slots", slot=str(number), other=str(later))


def _require_slot(layout: Layout, number: int, slot: Slot) -> None:
    """Refused where one slot is none."""
    across = slot.left >= 0 and slot.width >= 1 and slot.left + slot.width <= layout.columns
    down = slot.top >= 0 and slot.height >= 1 and slot.top + slot.height <= layout.rows
    if not (across and down):
        raise Refused("slot_outside", "slots", slot=str(number))
    if (slot.content is Content.CAMERA) != bool(slot.camera):
        raise Refused("slot_camera", "slots", slot=str(number))
    if slot.view is not None and slot.content is not Content.MAP:
        raise Refused("slot_view", "slots", slot=str(number))
    if slot.view is not None and not is_view(slot.view):
        raise Refused("slot_view", "slots", slot=str(number))


def is_view(view: View) -> bool:
    """Whether a map can be shown so."""
    numbers = (view.across_m, view.turn_deg, view.tilt_deg)
    return all(map(math.isfinite, numbers)) and NEAREST_M <= view.across_m <= FARTHEST_M and 0.0 <= view.tilt_deg <= 90.0


def pushed(layout: Layout, number: int, shown: Slot) -> Layout:
    """The layout with something else in one slot, where it stands; Refused where there is no such slot or it is locked.

    Of `shown` counts what it shows, not where it lies.
    """
    require_slot(layout, number)
    before = layout.slots[number - 1]
    if before.locked:
        raise Refused("slot_locked", "slot", slot=str(number))
    what = {"content": shown.content, "camera": shown.camera, "stream": shown.stream, "view": shown.view}
    after = replace(before, **what)  # type: ignore[arg-type]
    slots = (*layout.slots[: number - 1], after, *layout.slots[number:])
    return replace(layout, slots=slots, scene="")


def cameras_of(layout: Layout) -> tuple[str, ...]:
    """The cameras a layout shows, each once, in the order of its slots."""
    return tuple(dict.fromkeys(slot.camera for slot in layout.slots if slot.content is Content.CAMERA))


def require_for_walls(camera: Camera | None, watches: bool) -> None:
    """Refused where a camera is none for a wall: whoever passes sees it, so its share level counts and whether it is sensitive.

    `watches`: whether the officer who pushes it may watch it himself.
    """
    if camera is None or not watches:
        raise Refused("no_such_camera", "camera")
    if camera.share_level > SIGHT[Role.WALL].cameras or camera.is_sensitive:
        raise Refused("camera_not_for_walls", "camera", name=camera.name)


BAROMETER, VISITORS = "晴雨表", "参观"
READY: dict[str, Layout] = {
    BAROMETER: Layout(
        12,
        8,
        (
            Slot(0, 0, 4, 1, Content.CLOCK),
            Slot(0, 1, 4, 7, Content.INDICATORS),
            Slot(4, 0, 8, 5, Content.MAP),
            Slot(4, 5, 5, 3, Content.BOARD),
            Slot(9, 5, 3, 3, Content.RESERVED),
        ),
        BAROMETER,
    ),
    VISITORS: Layout(
        12,
        8,
        (
            Slot(0, 0, 12, 1, Content.CLOCK, locked=True),
            Slot(0, 1, 8, 7, Content.MAP),
            Slot(8, 1, 4, 4, Content.INDICATORS),
            Slot(8, 5, 4, 3),
        ),
        VISITORS,
    ),
}
"""Nothing pops up on the scene for visitors: none of its slots is reserved."""
