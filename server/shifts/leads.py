"""Who may lead the shifts of a unit, and for which units an officer may plan them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from governance.people import Officer, Role
from governance.places import is_inside
from governance.refusal import Refused
from governance.shift_plans import LeadOffer, require_planner
from governance.shifts import require_lead
from server.ledger import shifts as store
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day
from server.shifts.templates import next_shift
from wire.shift_requests import PlansAre, PlanUnit, ReadPlans

_HOLDERS = (
    "SELECT t.id, t.name, p.id, p.title, p.role, p.scope, p.clearance FROM post p JOIN post_assignment a ON a.post = p.id "
    "JOIN staff t ON t.id = a.staff WHERE p.unit = %s AND p.is_open AND a.valid @> %s AND p.valid @> %s ORDER BY p.role, t.name"
)


def of_unit(connection: Connection, unit: UUID, at: datetime) -> tuple[LeadOffer, ...]:
    """Whose post may lead a shift of a unit on the local day of a moment, each once."""
    found: dict[UUID, LeadOffer] = {}
    for staff, name, post, title, role, scope, clearance in connection.execute(_HOLDERS, (unit, *[local_day(at)] * 2)):
        if _may(lambda: require_lead(Officer(staff, name, post, Role(role), scope, clearance, None, unit), unit)):  # noqa: B023
            found.setdefault(staff, LeadOffer(staff, name, title))
    return tuple(found.values())


def plans(connection: Connection, officer: Officer, request: ReadPlans, now: datetime) -> PlansAre:
    """What an officer may plan for a unit; Refused where nothing."""
    units = store.places(connection)
    wanted = request.unit or officer.unit
    place = units.get(wanted) if wanted is not None else None
    if place is None:
        raise Refused("not_your_unit", "unit")
    require_planner(officer, place.id, _is_above(officer, place.area))
    offered = [
        each
        for each in units.values()
        if each.kind in store.DESK_KINDS and _may(lambda: require_planner(officer, each.id, _is_above(officer, each.area)))  # noqa: B023
    ]
    offered.sort(key=lambda each: (each.id != officer.unit, each.area, each.name))
    return PlansAre(
        request.n,
        place.id,
        tuple(PlanUnit(each.id, each.name) for each in offered),
        store.standing(connection, place.id),
        of_unit(connection, place.id, now),
        next_shift(connection, place.id, now),
        _is_above(officer, place.area),
    )


def _is_above(officer: Officer, area: str) -> bool:
    """Whether the post is of the level above an area."""
    return len(area) > len(officer.scope) and is_inside(area, officer.scope)


def _may(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except Refused:
        return False
    return True
