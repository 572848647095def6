"""Whose track (轨迹) may be replayed by whom, how far back, and that another person's needs a reason (D.1, D.2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from governance.people import Officer, Role, Worker
from governance.places import Level, is_inside
from governance.refusal import Refused
from governance.roles import level_of_post

KEPT = timedelta(days=90)
"""So long single fixes are kept and shown (D.2, rule 7)."""
LONGEST = timedelta(days=31)
"""One replay of a track shows no more than this at once."""
LEAST_LETTERS, MOST_LETTERS = 4, 200
"""Letters and digits of a reason at least, and all of it at most."""
OF_AN_AREA = frozenset({Role.SHIFT_LEAD, Role.OPERATOR, Role.COORDINATOR, Role.AUDITOR})
OF_THEIR_TEAMS = frozenset({Role.HANDLER})
AT_ANY_TIME = frozenset({Role.AUDITOR})
"""Who needs no open shift for it, as for nothing else."""


def may_ask_tracks(officer: Officer) -> Refused | None:
    """Why a post may replay nobody's track but its officer's own; None where it may.

    D.1: where the matrix says 'live' alone (duty officer, dispatcher, leader, a community's operator) none is shown.
    """
    if officer.role not in OF_AN_AREA | OF_THEIR_TEAMS:
        return Refused("not_your_role", role=officer.role.value)
    if officer.role is Role.OPERATOR and level_of_post(officer) < Level.STREET:
        return Refused("below_level", level=str(int(Level.STREET)))
    if officer.shift is None and officer.role not in AT_ANY_TIME:
        return Refused("off_shift")
    return None


def why_no_track(
    officer: Officer, worker: Worker, since: datetime, until: datetime, reason: str, now: datetime
) -> Refused | None:
    """Why an officer gets no replay of a worker's track over a period; None where he does."""
    if since >= until:
        return Refused("ends_before_it_starts", "until")
    if until - since > LONGEST:
        return Refused("track_too_long", "since", days=str(LONGEST.days))
    if since < now - KEPT:
        return Refused("track_too_old", "since", days=str(KEPT.days))
    if worker.id == officer.staff:
        return _why_too_long(reason)
    if (no := may_ask_tracks(officer)) is not None:
        return no
    if officer.role in OF_THEIR_TEAMS:
        if worker.unit not in officer.units:
            return Refused("not_your_unit", "worker")
    elif not is_inside(worker.grid, officer.scope):
        return Refused("not_your_area", "worker", area=worker.grid, scope=officer.scope)
    return why_no_reason(reason)


def area_shown(officer: Officer, worker: UUID) -> str:
    """The area outside of which no fix of another person is shown; empty where none bounds it.

    A worker of today's grid walked elsewhere before, or on another's ground: a street does not see that.
    """
    is_bounded = officer.role in OF_AN_AREA and level_of_post(officer) < Level.DISTRICT
    return officer.scope if is_bounded and worker != officer.staff else ""


def why_no_reason(reason: str) -> Refused | None:
    """Why a text is no reason; None where it is one."""
    letters = [letter for letter in reason if letter.isalnum()]
    if len(letters) < LEAST_LETTERS or len(set(letters)) < 2:
        return Refused("reason_too_short", "reason", letters=str(LEAST_LETTERS))
    return _why_too_long(reason)


def _why_too_long(reason: str) -> Refused | None:
    if len(reason) > MOST_LETTERS:
        return Refused("reason_too_long", "reason", letters=str(MOST_LETTERS))
    return None
