"""Who could be sent: workers ranked for an incident, each with the reasons; pure, and it never ends in nobody.

Order: workers on duty with what the category asks for, by weighted score of skill, freedom, grid, way and load; then those on
duty whose phone is silent; then those on call; then the handlers of departments (before all where theirs has it by the duty
matrix); then those who said no to it; then the street's squad. Reasons are codes with
numbers; words are put at the edge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from governance.belongings import Assignment
from governance.incident import AssignmentState, Case
from governance.people import Duty, Unit, Worker
from governance.places import Level, at_level
from governance.routing import backstop_of, units_on_duty
from governance.rules import Rules

WEIGHTS = {
    "skill": 40.0,
    "free": 25.0,
    "own_grid": 12.0,
    "neighbour_grid": 6.0,
    "same_community": 3.0,
    "road_minutes": -1.5,
    "load": -5.0,
    "declined": -4.0,
    "declined_here": -200.0,
    "stale": -8.0,
    "off_rule": -30.0,
}
"""Points where the rules set none; minutes, tasks and refusals count each."""
SAID_NO = frozenset({AssignmentState.DECLINED, AssignmentState.EXPIRED})
METRES_A_MINUTE = 200.0
"""An e-bike in a district: 12 km/h."""
UNKNOWN_ROAD_MIN = 60.0
STALE_AFTER_S = 120.0
TIER = {Duty.LOST: 1, Duty.ON_CALL: 2}
DEPARTMENT, SQUAD = 3, 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for or against a candidate: a code, a number where it has one, a word where it has one."""

    code: str
    """distance (m), minutes, free, busy (tasks), on_call, silent (s since the last fix; 0: never seen), skill (word), no_skill
    (word), own_grid, next_grid, same_community, stale (s), no_position, declined (times today), declined_here (said no to
    this incident, or did not answer), off_rule, department, squad (unit's name)."""
    number: float = 0.0
    word: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker who could be sent, or (worker None) the squad of a unit to ring up."""

    worker: UUID | None
    score: float
    reasons: tuple[Reason, ...]
    tier: int = 0
    """0 on duty, 1 on duty and silent, 2 on call, 3 a department's handler, 4 the street's squad."""
    unit: UUID | None = None
    needs_reason: bool = False
    """Whether sending this one as lead is off the duty matrix."""


def rank(
    case: Case,
    workers: Iterable[Worker],
    road_m: Mapping[UUID, float],
    fix_age_s: Mapping[UUID, float],
    rules: Rules,
    neighbours: frozenset[str] = frozenset(),
    units: Mapping[UUID, Unit] | None = None,
) -> tuple[Candidate, ...]:
    """Candidates, the best first; ties by way, then by id, so that the order is always the same.

    `road_m` and `fix_age_s` say metres by road and seconds since the last fix of the workers of whom they are known;
    `neighbours` are the grids that touch the incident's. Workers who are off duty or already on it are left out.
    """
    taken = {a.worker for a in case.assignments if a.is_live}
    place = Place(
        frozenset(a.worker for a in case.assignments if _took_no_order(a) and a.cycle == case.incident.cycle),
        case.incident.grid,
        neighbours,
        category.skills if (category := rules.categories.get(case.incident.category)) else (),
        units_on_duty(rules, case.incident.category, case.incident.grid),
        {**WEIGHTS, **rules.candidate_weights},
    )
    found = [
        _candidate(place, worker, road_m.get(worker.id), fix_age_s.get(worker.id))
        for worker in workers
        if worker.id not in taken and worker.duty is not Duty.OFF
    ]
    found.sort(
        key=lambda c: (
            c.worker in place.said_no,
            c.tier,
            -c.score,
            road_m.get(c.worker, float("inf")) if c.worker else 0.0,
            str(c.worker),
        )
    )
    squad = _squad(case, rules, units or {})
    return (*found, squad) if squad else tuple(found)


def _took_no_order(order: Assignment) -> bool:
    """Whether somebody declined it, let it run out, or was called back after he did not answer a reminder."""
    was_silent = order.state is AssignmentState.RECALLED and order.acked_at is None and order.reminders > 0
    return order.state in SAID_NO or was_silent


@dataclass(frozen=True, slots=True)
class Place:
    """What all workers are measured by."""

    said_no: frozenset[UUID]
    """Who declined this incident, let the order run out, or was called back because he did not answer."""
    grid: str
    neighbours: frozenset[str]
    skills: tuple[str, ...]
    units: frozenset[UUID]
    weight: Mapping[str, float]


def _candidate(place: Place, worker: Worker, road_m: float | None, age_s: float | None) -> Candidate:
    """One worker with the score and the reasons."""
    weight = place.weight
    off_rule = worker.unit not in place.units
    parts = [
        *([(Reason("declined_here"), weight["declined_here"])] if worker.id in place.said_no else []),
        *(_way(road_m, age_s, weight, worker.duty is Duty.LOST) if worker.is_in_field else [(Reason("department"), 0.0)]),
        *_freedom(worker, weight),
        *_skills(place.skills, worker, weight),
        *(_nearness(place, worker.grid) if worker.is_in_field else []),
    ]
    if worker.declined_today:
        parts.append((Reason("declined", worker.declined_today), weight["declined"] * worker.declined_today))
    if off_rule:
        parts.append((Reason("off_rule"), weight["off_rule"]))
    score = sum(points for _, points in parts)
    tier = TIER.get(worker.duty, 0) if worker.is_in_field else DEPARTMENT * off_rule
    return Candidate(worker.id, score, tuple(reason for reason, _ in parts), tier, worker.unit, off_rule)


Part = tuple[Reason, float]


def _way(road_m: float | None, age_s: float | None, weight: Mapping[str, float], is_silent: bool) -> list[Part]:
    """How far by road, how long, and how old the position is; of the silent that comes first."""
    if road_m is None or age_s is None:
        unseen = Reason("silent") if is_silent else Reason("no_position")
        return [(unseen, weight["road_minutes"] * UNKNOWN_ROAD_MIN)]
    minutes = road_m / METRES_A_MINUTE
    parts = [(Reason("distance", road_m), 0.0), (Reason("minutes", minutes), weight["road_minutes"] * minutes)]
    if is_silent:
        return [(Reason("silent", age_s), weight["stale"]), *parts]
    return [*parts, (Reason("stale", age_s), weight["stale"])] if age_s > STALE_AFTER_S else parts


def _freedom(worker: Worker, weight: Mapping[str, float]) -> list[Part]:
    """On duty and free, at work on something, or on call; of a silent one nobody knows."""
    if worker.duty is Duty.LOST:
        return []
    if worker.duty is Duty.ON_CALL:
        return [(Reason("on_call"), 0.0)]
    if worker.live_tasks or worker.duty is Duty.ON_TASK:
        tasks = max(worker.live_tasks, 1)
        return [(Reason("busy", tasks), weight["load"] * tasks)]
    return [(Reason("free"), weight["free"])]


def _skills(needed: tuple[str, ...], worker: Worker, weight: Mapping[str, float]) -> list[Part]:
    """What the category asks for, held or missing."""
    share = weight["skill"] / max(len(needed), 1)
    return [(Reason("skill", word=s), share) if s in worker.skills else (Reason("no_skill", word=s), -share) for s in needed]


def _nearness(place: Place, home: str) -> list[Part]:
    """Own grid, the next one, or the same community."""
    if home == place.grid:
        return [(Reason("own_grid"), place.weight["own_grid"])]
    if home in place.neighbours:
        return [(Reason("next_grid"), place.weight["neighbour_grid"])]
    if at_level(home, Level.COMMUNITY) == at_level(place.grid, Level.COMMUNITY):
        return [(Reason("same_community"), place.weight["same_community"])]
    return []


def _squad(case: Case, rules: Rules, units: Mapping[UUID, Unit]) -> Candidate | None:
    """The street's own unit, whoever has it in the queue; else that one, or the backstop: somebody is always there to ask."""
    street = rules.queue_units.get(at_level(case.incident.grid, Level.STREET))
    unit = street or case.incident.queue_unit or backstop_of(rules, case.incident.grid)
    if unit is None:
        return None
    named = units.get(unit)
    return Candidate(None, 0.0, (Reason("squad", word=named.name if named else ""),), SQUAD, unit)
