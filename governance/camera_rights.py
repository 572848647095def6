"""Who may look through a camera, turn it, and say what it covers, and when a reason is asked for (domain model D.1, D.2)."""

from __future__ import annotations

from enum import StrEnum

from governance.camera import Camera
from governance.people import Officer, Role
from governance.places import is_inside
from governance.refusal import Refused
from governance.roles import may_watch, roles_of

REASON_FROM_SHARE = 2
"""From this share level on a reason is asked for (D.2, rule 8)."""
DESK_WORD = "desk"
"""What a desk says where nobody wrote anything: enough for the record, never where words are asked for."""
SHORTEST_REASON, LONGEST_REASON = 4, 500
"""Letters."""


class Watching(StrEnum):
    """What is done with a camera; each is on record."""

    LIVE = "live"
    PTZ = "ptz"
    LOOK_BACK = "look_back"
    """The last minutes of what a desk has open, out of its own memory."""
    PLAYBACK = "playback"
    SNAPSHOT = "snapshot"


TURNERS = frozenset({Role.DUTY_OFFICER, Role.SHIFT_LEAD, Role.COORDINATOR})
REPLAYERS = frozenset({Role.SHIFT_LEAD, Role.COORDINATOR})
EDITORS = frozenset({Role.GIS_STAFF})
"""Who says what a camera covers: its sector, not its pictures."""
RANKS: dict[Role, int] = {Role.DUTY_OFFICER: 1, Role.NIGHT_WATCH: 1, Role.COORDINATOR: 2, Role.SHIFT_LEAD: 3}
"""Who takes the turning of a camera over from whom: the higher from the lower."""


def why_not(
    officer: Officer, camera: Camera, doing: Watching, reason: str, has_incident: bool, is_own: bool = False
) -> Refused | None:
    """Why an officer may not do this with a camera; None where he may.

    Nobody opens a camera without a word. From share level 2 on it is an incident or a reason in words; for a sensitive view and
    for playback words alone count. Turning is refused off shift. `is_own`: the clip that is played is one he recorded himself:
    he has seen it already.
    """
    if not may_watch(officer, camera):
        return Refused("no_such_camera", "camera")
    if doing is Watching.PTZ:
        no = why_no_turning(officer, camera)
        if no is not None:
            return no
    if doing is Watching.PLAYBACK and not is_own and not REPLAYERS & roles_of(officer.role):
        return Refused("not_your_role", role=officer.role.value)
    return _why_no_reason(camera, doing, " ".join(reason.split()), has_incident)


def why_no_turning(officer: Officer, camera: Camera) -> Refused | None:
    """Why an officer may not turn a camera he may watch."""
    if not TURNERS & roles_of(officer.role):
        return Refused("not_your_role", role=officer.role.value)
    if officer.shift is None:
        return Refused("off_shift")
    return None if camera.is_ptz else Refused("no_ptz", "camera")


def words_wanted(camera: Camera, has_incident: bool, doing: Watching = Watching.LIVE) -> str | None:
    """Why words of the officer's own are asked for before this is done with a camera; None where none are."""
    if camera.is_sensitive:
        return "sensitive_camera"
    if doing is Watching.PLAYBACK:
        return "playback"
    return "shared_with_few" if camera.share_level >= REASON_FROM_SHARE and not has_incident else None


def _why_no_reason(camera: Camera, doing: Watching, reason: str, has_incident: bool) -> Refused | None:
    """Why what was said is not enough."""
    if not reason:
        return Refused("reason_needed", "reason")
    because, written = words_wanted(camera, has_incident, doing), "" if reason == DESK_WORD else reason
    return Refused("reason_needed", "reason", because=because) if because and len(written) < SHORTEST_REASON else None


def why_no_editing(officer: Officer, camera: Camera) -> Refused | None:
    """Why an officer may not say what a camera covers."""
    if officer.role not in EDITORS:
        return Refused("not_your_role", role=officer.role.value)
    if not is_inside(camera.grid, officer.scope):
        return Refused("no_such_camera", "camera")
    return None


def rank_of(officer: Officer) -> int:
    """How far an officer may take the turning of a camera over; 0 never."""
    return RANKS.get(officer.role, 0)
