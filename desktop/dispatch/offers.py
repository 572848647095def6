"""Who may be sent, best first, each with the reasons in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from desktop.phrases import distance, span
from desktop.seat import Seat
from desktop.words import Words
from governance.candidates import METRES_A_MINUTE, STALE_AFTER_S, Candidate, Reason, rank
from governance.incident import Case
from governance.people import Duty
from governance.places import LonLat

ROAD_FACTOR = 1.3
"""Way by road over the straight line, while the roads are not there yet (typical of European and Chinese streets)."""

OUT = frozenset({"declined_here", "off_rule", "silent", "no_position"})
"""Reasons that put somebody out of the run."""
LOOKED_AT = 60
"""So many of the nearest as the crow flies are measured along the roads."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One candidate as the card shows it."""

    worker: UUID | None
    """None for the squad of a unit, which is rung up."""
    name: str
    why: str
    is_off_rule: bool
    """Whether the unit is not in the duty matrix for this: a reason is asked for."""
    is_silent: bool = False
    """On duty, but nothing is heard of the phone."""
    is_out: bool = False
    """Out of the run, though he may be sent: said no, off the duty matrix, silent, or nobody knows where he is."""


def offers(seat: Seat, case: Case, count: int) -> tuple[Offer, ...]:
    """The best candidates for a case, best first; the last of all, beyond the count, is the unit's squad: somebody to ring."""
    situation, now = seat.situation, seat.now().timestamp()
    fixes = situation.workers.last_fixes()
    ages = {worker: max(0.0, now - fixed_at) for worker, (_, fixed_at) in fixes.items()}
    roads = ways_m(seat, case.incident.place, {worker: place for worker, (place, _) in fixes.items()})
    neighbours = situation.grids_beside(case.incident.grid)
    ranked = rank(case, situation.workers.people(), roads, ages, situation.rules, neighbours, situation.units)
    people = [found for found in ranked if found.worker is not None][:count]
    squad = [found for found in ranked if found.worker is None]
    return tuple(_offer(seat, found) for found in (*people, *squad))


def near_place(seat: Seat, place: LonLat, count: int) -> tuple[Offer, ...]:
    """Who is nearest to a place by road, for no incident: those on duty first, then those who are silent or on call."""
    workers, now = seat.situation.workers, seat.now().timestamp()
    fixes = {who: fix for who, fix in workers.last_fixes().items() if (it := workers.person(who)) and it.duty is not Duty.OFF}
    near = sorted(fixes, key=lambda who: place.distance_m(fixes[who][0]))[:LOOKED_AT]
    roads = ways_m(seat, place, {who: fixes[who][0] for who in near})
    found = []
    for who in near:
        person = workers.person(who)
        assert person is not None, "they were looked up above"
        age_s = max(0.0, now - fixes[who][1])
        reasons = [Reason("distance", roads[who]), Reason("minutes", roads[who] / METRES_A_MINUTE)]
        if person.duty is Duty.LOST or age_s > STALE_AFTER_S:
            reasons.append(Reason("silent" if person.duty is Duty.LOST else "stale", age_s))
        elif person.duty is Duty.ON_CALL:
            reasons.append(Reason("on_call"))
        else:
            reasons.append(Reason("busy", max(person.live_tasks, 1)) if person.live_tasks else Reason("free"))
        is_out = person.duty in (Duty.LOST, Duty.ON_CALL)
        found.append((is_out, roads[who], Candidate(who, 0.0, tuple(reasons))))
    found.sort(key=lambda each: (each[0], each[1], str(each[2].worker)))
    return tuple(replace(_offer(seat, candidate), is_out=is_out) for is_out, _, candidate in found[:count])


def ways_m(seat: Seat, to: LonLat, people: dict[UUID, LonLat]) -> dict[UUID, float]:
    """Metres from each of the people to a place: along the roads, or estimated while the roads are not there."""
    if seat.roads is None:
        return {who: to.distance_m(place) * ROAD_FACTOR for who, place in people.items()}
    places = np.array([(place.lon, place.lat) for place in people.values()])
    return dict(zip(people, seat.roads.distance_m(to, places).tolist(), strict=True))


def _offer(seat: Seat, candidate: Candidate) -> Offer:
    words = seat.words
    if candidate.worker is None:
        unit = seat.situation.units.get(candidate.unit) if candidate.unit else None
        name = unit.name if unit else words("why.squad")
        return Offer(None, name, words("why.squad"), candidate.needs_reason)
    worker = seat.situation.workers.person(candidate.worker)
    why = words("sep").join(reason_text(words, reason) for reason in candidate.reasons)
    codes = {reason.code for reason in candidate.reasons}
    name = worker.name if worker else "?"
    if worker is not None and not worker.is_in_field and worker.unit in seat.situation.units:
        name = words("offer.of_unit", name=name, unit=seat.situation.units[worker.unit].name)
    return Offer(candidate.worker, name, why, candidate.needs_reason, "silent" in codes, bool(codes & OUT))


def reason_text(words: Words, reason: Reason) -> str:
    """One reason in words."""
    if reason.code == "distance":
        return distance(words, reason.number)
    if reason.code == "silent" and not reason.number:
        return words("why.silent.never")
    if reason.code in ("stale", "silent"):
        return words(f"why.{reason.code}", age=span(words, reason.number))
    skill = words(f"skill.{reason.word}") if words.has(f"skill.{reason.word}") else reason.word
    number = max(1, round(reason.number))
    return words(f"why.{reason.code}", minutes=number, tasks=number, count=number, skill=skill, unit=reason.word)
