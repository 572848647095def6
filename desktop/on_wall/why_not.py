"""Why a button of the sheet of a wall does nothing now: who may, whose the wall is, what the slot allows. No widgets.

The same rules as at the server, asked beforehand, so that a button that would be refused is grey and says why.
"""

from __future__ import annotations

from desktop.seat import Seat
from governance.people import Role
from governance.refusal import Refused
from governance.roles import CONFIDENTIAL, may_watch
from governance.wall import WallStanding, require_controller, require_lease, taken
from governance.wall_layouts import require_for_walls, require_slot
from governance.wall_pop_ups import require_still, reserved

INTO_A_SLOT = frozenset({"push", "map", "empty", "reserve"})
"""What changes what the chosen slot shows."""
OF_THE_DESK = frozenset({"next_wall", "lasts"})
"""What changes nothing on a wall."""


def why_not(seat: Seat, standing: WallStanding | None, act: str, slot: int) -> Refused | None:
    """Why an act of the sheet does nothing with a slot now; None where it works."""
    try:
        if act == "next_wall":
            if len(seat.situation.walls) < 2:
                raise Refused("only_wall")
            return None
        if standing is None:
            raise Refused("no_wall_here")
        require_controller(seat.officer, standing.wall)
        if act not in OF_THE_DESK:
            _require(seat, standing, act, slot)
    except Refused as no:
        return no
    return None


def _require(seat: Seat, standing: WallStanding, act: str, slot: int) -> None:
    """Refused where an officer who may control a wall cannot do this with it now."""
    officer = seat.officer
    if act == "take":
        if standing.lease is not None and standing.lease.staff == officer.staff:
            raise Refused("wall_yours", "wall")
        taken(standing, officer, "", True, seat.now())
    elif act == "pop_up":
        _require_incident(seat, standing)
    else:
        if act == "give" or standing.lease is not None:
            _require_mine(seat, standing)
        _require_layout(seat, standing, act, slot)


def _require_mine(seat: Seat, standing: WallStanding) -> None:
    """Refused where the wall is another's, in words that say what this officer can do about it."""
    try:
        require_lease(standing, seat.officer)
    except Refused as no:
        if no.code == "wall_held" and seat.officer.role is not Role.SHIFT_LEAD:
            raise Refused("wall_only_lead_takes", "wall", **no.details) from None
        raise


def _require_incident(seat: Seat, standing: WallStanding) -> None:
    """Refused where nothing can come up: no incident, one that is none for a wall, no room for it."""
    chosen = seat.selection.incident
    case = seat.situation.cases.get(chosen) if chosen is not None else None
    if case is None:
        raise Refused("no_incident")
    if case.incident.confidentiality >= CONFIDENTIAL:
        raise Refused("incident_confidential", "incident")
    if not reserved(standing.layout):
        raise Refused("no_reserved_slot", "wall")


def _require_layout(seat: Seat, standing: WallStanding, act: str, slot: int) -> None:
    """Refused where the slot is locked, or there is nothing to go back to, or the camera is none for a wall."""
    if act == "undo" and standing.layout.rev < 2:
        raise Refused("no_layout_before")
    if act == "swap":
        require_still(standing, (slot,), seat.now())
    if act not in INTO_A_SLOT | {"swap"}:
        return
    require_slot(standing.layout, slot)
    if standing.layout.slots[slot - 1].locked:
        raise Refused("slot_locked", "slot", slot=str(slot))
    camera = seat.situation.cameras.get(seat.selection.camera or "") if act == "push" else None
    if camera is not None:
        require_for_walls(camera, may_watch(seat.officer, camera))
