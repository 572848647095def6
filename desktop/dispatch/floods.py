"""Floods: many open reports of one kind from one place within a short time, which a person takes in as one; plain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from governance.incident import Case, State, Urgency
from governance.places import Level, at_level

FEWEST = 5
"""So many are a flood: fewer are read faster than they are unfolded."""
GAP = timedelta(minutes=10)
"""Reports further apart belong to two floods (ISA-18.2 counts alarms by ten minutes)."""

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
    """The floods among cases; within each the ids in the given order."""
    kinds: dict[Kind, list[Case]] = {}
    for case in cases:
        kind = kind_of(case)
        if kind is not None:
            kinds.setdefault(kind, []).append(case)
    found: list[tuple[UUID, ...]] = []
    place = {case.incident.id: number for number, case in enumerate(cases)}
    for alike in kinds.values():
        if len(alike) < FEWEST:
            continue
        for wave in _waves(sorted(alike, key=lambda case: case.incident.reported_at)):
            if len(wave) >= FEWEST:
                found.append(tuple(sorted((case.incident.id for case in wave), key=lambda one: place[one])))
    return found


def _waves(cases: Sequence[Case]) -> list[list[Case]]:
    """Cases by time, cut where nothing came for a while."""
    waves: list[list[Case]] = []
    for case in cases:
        if waves and case.incident.reported_at - waves[-1][-1].incident.reported_at <= GAP:
            waves[-1].append(case)
        else:
            waves.append([case])
    return waves
