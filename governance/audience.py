"""Who hears of a case on the feed: everyone in its area, or only the unit that was given it and who is to check it (D.1)."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from governance.changes import stream_of
from governance.incident import Case, State
from governance.people import Officer
from governance.places import is_inside
from governance.roles import CONFIDENTIAL, SIGHT, Reach, clearances_of
from governance.routing import is_unowned
from governance.rules import Rules


def unit_stream(unit: UUID) -> str:
    """The stream of what a unit was given, of every confidentiality."""
    return f"unit/{unit}"


def person_stream(staff: UUID) -> str:
    """The stream of what somebody was given to check, of every confidentiality."""
    return f"person/{staff}"


def unclaimed_stream(area: str, clearance: int) -> str:
    """The stream of what lies with the back-stop of a street: any unit may claim it (认领)."""
    return f"unclaimed/{stream_of(area, clearance)}"


def unchecked_stream(area: str, clearance: int) -> str:
    """The stream of what waits in a street for any checker to take it."""
    return f"unchecked/{stream_of(area, clearance)}"


def is_unclaimed(case: Case, rules: Rules) -> bool:
    """Whether any unit may claim it: filed, with no unit named for it, and not confidential."""
    incident = case.incident
    if incident.state is not State.FILED or incident.confidentiality >= CONFIDENTIAL:
        return False
    return is_unowned(rules, incident.category, incident.grid)


def is_unchecked(case: Case) -> bool:
    """Whether any checker may take it: a check was asked for and given to nobody, and it is not confidential."""
    task = case.checks[-1] if case.checks else None
    waits = task is not None and task.kind == "check" and not task.done_at and task.checker is None
    return waits and case.incident.confidentiality < CONFIDENTIAL


def units_given(case: Case) -> frozenset[UUID]:
    """The units it was given to in any cycle, and the one that took the first report (首问责任)."""
    given = {each.unit for each in case.assignments} | {case.incident.first_unit}
    return frozenset(unit for unit in given if unit is not None)


def checkers_given(case: Case) -> frozenset[UUID]:
    """Who was given a check or a look at it, in any cycle."""
    return frozenset(task.checker for task in case.checks if task.checker is not None)


def area_audience(case: Case) -> str:
    """The one stream for those who see everything in an area."""
    return stream_of(case.incident.grid, case.incident.confidentiality)


def narrow_audiences(case: Case, rules: Rules) -> frozenset[str]:
    """The streams for those who see only what they were given or may take."""
    where = case.incident.grid, case.incident.confidentiality
    found = {unit_stream(unit) for unit in units_given(case)} | {person_stream(staff) for staff in checkers_given(case)}
    if is_unclaimed(case, rules):
        found.add(unclaimed_stream(*where))
    if is_unchecked(case):
        found.add(unchecked_stream(*where))
    return frozenset(found)


def may_see(officer: Officer, case: Case, rules: Rules) -> bool:
    """Whether a case may be shown to a desk in this post: exactly where one of its streams tells of it."""
    incident, sight = case.incident, SIGHT[officer.role]
    if sight.incidents in (Reach.AREA, Reach.ANYWHERE):
        return incident.confidentiality in clearances_of(officer) and is_inside(incident.grid, officer.scope)
    reaches = is_inside(incident.grid, officer.scope) and incident.confidentiality in clearances_of(officer)
    if sight.incidents is Reach.UNIT:
        return bool(units_given(case) & officer.units) or (reaches and is_unclaimed(case, rules))
    if sight.incidents is Reach.CHECK:
        return officer.staff in checkers_given(case) or (reaches and is_unchecked(case))
    return False


def case_streams(officer: Officer, streets: Iterable[str]) -> tuple[str, ...]:
    """The streams that tell a post of cases; `streets`: codes of those within its scope."""
    places = [(street, clearance) for street in streets for clearance in clearances_of(officer)]
    sight = SIGHT[officer.role].incidents
    if sight in (Reach.AREA, Reach.ANYWHERE):
        return tuple(stream_of(*place) for place in places)
    if sight is Reach.UNIT:
        return (*map(unit_stream, sorted(officer.units)), *(unclaimed_stream(*place) for place in places))
    if sight is Reach.CHECK:
        return (person_stream(officer.staff), *(unchecked_stream(*place) for place in places))
    return ()
