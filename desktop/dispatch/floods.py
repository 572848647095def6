"""Floods: many open reports of one kind from one place within a short time, which a person takes in as one; plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from governance.duplicates import speak_alike
from governance.incident import Case, State, Urgency
from governance.places import Level, at_level

FEWEST = 5
"""So many are a flood: fewer are read faster than they are unfolded."""
GAP = timedelta(minutes=10)
"""Reports further apart belong to two floods (ISA-18.2 counts alarms by ten minutes)."""

NEAR_M, NEAR_DEG = 300.0, 0.0028
"""Reports without a category are of one place within so many metres; so many degrees of latitude at least."""
MOST_COMPARED, MOST_OWN = 8, 24
"""With so many of a kind the words of a report are compared, and with so many kinds that nobody has named."""

Kind = tuple[str, str, Urgency]


def kind_of(case: Case) -> Kind | None:
    """Category group, community and urgency of an open report; None where it is none or nobody named its category.

    The urgency is part of it, so that nothing more urgent than the row one sees ever lies folded behind it.
    """
    incident = case.incident
    if incident.state is not State.REPORTED or not incident.category:
        return None
    return incident.category[:2], at_level(incident.grid, Level.COMMUNITY), incident.urgency


def floods(cases: Sequence[Case]) -> list[tuple[UUID, ...]]:
    """The floods among cases; within each the ids in the given order.

    A report without a category goes with the kind whose reports of the same place and while it speaks like, and is no more
    urgent than; else with others that have none either and speak like it. It is shown so, and nothing is merged by it.
    """
    kinds: dict[Kind, list[Case]] = {}
    for case in cases:
        kind = kind_of(case)
        if kind is not None:
            kinds.setdefault(kind, []).append(case)
    _take_in_unnamed(kinds, [case for case in cases if case.incident.state is State.REPORTED and not case.incident.category])
    found: list[tuple[UUID, ...]] = []
    place = {case.incident.id: number for number, case in enumerate(cases)}
    for alike in kinds.values():
        if len(alike) < FEWEST:
            continue
        for wave in _waves(sorted(alike, key=lambda case: case.incident.reported_at)):
            if len(wave) >= FEWEST:
                found.append(tuple(sorted((case.incident.id for case in wave), key=lambda one: place[one])))
    return found


def _take_in_unnamed(kinds: dict[Kind, list[Case]], unnamed: Sequence[Case]) -> None:
    """Each report without a category to the kind it speaks like; those that speak like none to a kind of their own."""
    named = {kind: tuple(alike) for kind, alike in kinds.items()}
    own: list[tuple[Kind, list[Case]]] = []
    for case in sorted(unnamed, key=lambda each: each.incident.reported_at):
        community, urgency = at_level(case.incident.grid, Level.COMMUNITY), case.incident.urgency
        fits = (
            kind for kind, alike in named.items() if kind[1] == community and kind[2] >= urgency and _speaks_like(case, alike)
        )
        kind = min(fits, key=lambda each: each[2], default=None)
        if kind is not None:
            kinds[kind].append(case)
            continue
        latest = own[-MOST_OWN:]
        like = (
            alike for (_, where, how), alike in latest if (where, how) == (community, urgency) and _speaks_like(case, alike)
        )
        alike = next(like, None)
        if alike is None:
            own.append((("", community, urgency), [case]))
        else:
            alike.append(case)
    for number, ((_, community, urgency), alike) in enumerate(own):
        kinds[f"?{number}", community, urgency] = alike


def _speaks_like(case: Case, others: Sequence[Case]) -> bool:
    """Whether one of the few that came at about its time, close by, says the same; looked at from the last on."""
    incident, compared = case.incident, 0
    at, place, text = incident.reported_at, incident.place, incident.text
    for each in reversed(others):
        other = each.incident
        if abs(other.place.lat - place.lat) > NEAR_DEG or abs(other.reported_at - at) > GAP:
            continue
        if other.place.distance_m(place) <= NEAR_M:
            if speak_alike(text, other.text):
                return True
            compared += 1
            if compared >= MOST_COMPARED:
                return False
    return False


def _waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Cases by time, cut where nothing came for a while."""
    waves: list[list[Case]] = []
    for case in cases:
        if waves and case.incident.reported_at - waves[-1][-1].incident.reported_at <= GAP:
            waves[-1].append(case)
        else:
            waves.append([case])
    return waves
