"""What every slot of a wall shows at a moment: its layout, and over reserved slots what an incident brings up for a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from governance.camera import Camera, CameraState
from governance.places import LonLat
from governance.refusal import Refused
from governance.wall import Content, Layout, PopUp, Slot, WallStanding

SHORTEST_POP_UP, POP_UP, LONGEST_POP_UP = timedelta(seconds=10), timedelta(minutes=2), timedelta(minutes=30)


def shown_now(standing: WallStanding, now: datetime) -> tuple[Slot, ...]:
    """What every slot shows at a moment: the layout, and over its reserved slots what pops up there."""
    over = {pop_up.slot: pop_up for pop_up in standing.pop_ups if pop_up.until > now}
    slots: list[Slot] = []
    for number, slot in enumerate(standing.layout.slots, start=1):
        pop_up = over.get(number)
        takes = pop_up is not None and slot.content is Content.RESERVED and not slot.locked
        slots.append(replace(slot, content=Content.CAMERA, camera=pop_up.camera) if pop_up and takes else slot)
    return tuple(slots)


def shows(standing: WallStanding, camera: str, now: datetime) -> bool:
    """Whether a wall shows a camera at a moment."""
    return any(slot.content is Content.CAMERA and slot.camera == camera for slot in shown_now(standing, now))


def still_up(standing: WallStanding, now: datetime) -> tuple[PopUp, ...]:
    """The pop-ups that have not run out and whose slot is still reserved for them."""
    slots = standing.layout.slots
    return tuple(
        each
        for each in standing.pop_ups
        if each.until > now and each.slot <= len(slots) and slots[each.slot - 1].content is Content.RESERVED
    )


def require_still(standing: WallStanding, numbers: Iterable[int], now: datetime) -> None:
    """Refused where an incident has come up in one of some slots: what is shown there is not moved away meanwhile."""
    busy = {each.slot for each in still_up(standing, now)}
    for number in numbers:
        if number in busy:
            raise Refused("slot_popped_up", "slot", slot=str(number))


def that_see(place: LonLat, cameras: Iterable[Camera], count: int) -> tuple[Camera, ...]:
    """The cameras for an incident's place, at most so many: those that see it, working ones first, then the nearest."""
    seeing = [camera for camera in cameras if camera.sees(place) and not camera.is_sensitive]
    seeing.sort(key=lambda each: (each.state is not CameraState.ONLINE, each.place.distance_m(place), each.id))
    return tuple(seeing[: max(count, 0)])


def reserved(layout: Layout) -> tuple[int, ...]:
    """The numbers of the slots that pop-ups may take."""
    slots = enumerate(layout.slots, start=1)
    return tuple(number for number, slot in slots if slot.content is Content.RESERVED and not slot.locked)


def popped_up(standing: WallStanding, wanted: Sequence[PopUp], now: datetime) -> tuple[PopUp, ...]:
    """The pop-ups after some more came: in free reserved slots first, then over those that would go soonest.

    `wanted` name no slot yet (0); more than there are reserved slots are left out. What the same incident had up goes.
    Refused where no slot is reserved, or for a time that is none.
    """
    rooms = reserved(standing.layout)
    if not rooms:
        raise Refused("no_reserved_slot", "wall")
    for each in wanted:
        if not SHORTEST_POP_UP <= each.until - now <= LONGEST_POP_UP:
            raise Refused("pop_up_time", "seconds", least=_seconds(SHORTEST_POP_UP), most=_seconds(LONGEST_POP_UP))
    incidents = {each.incident for each in wanted}
    up = {each.slot: each for each in still_up(standing, now) if each.incident not in incidents}
    order = sorted(rooms, key=lambda room: (room in up, up[room].until if room in up else now, room))
    for room, each in zip(order, wanted, strict=False):
        up[room] = replace(each, slot=room)
    return tuple(up[room] for room in sorted(up))


def _seconds(span: timedelta) -> str:
    return str(int(span.total_seconds()))
