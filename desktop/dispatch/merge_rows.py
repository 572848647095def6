"""What a merge is made of: the incidents that may be one matter, which of them is the master, which go into it; plain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from desktop.dispatch.floods import floods
from desktop.seat import Seat
from governance.attempt import Attempt
from governance.commands import Merge, Source
from governance.duplicates import alike
from governance.incident import Assignment, Case, State
from governance.joining import SOURCES_AT_MOST, may_be_undone, source_fits
from governance.lifecycle import may
from governance.refusal import Refused

MOST_ROWS = 8
PROGRESS = (State.REPORTED, State.VERIFYING, State.FILED, State.SUSPENDED, State.DISPATCHED, State.HANDLING)
"""How far an incident is: the master is the one that somebody works at already."""


@dataclass(frozen=True, slots=True)
class Row:
    """One incident, or a flood that goes in as a whole."""

    incidents: tuple[UUID, ...]
    is_in: bool = False

    @property
    def is_flood(self) -> bool:
        """Whether it stands for many."""
        return len(self.incidents) > 1


@dataclass(frozen=True, slots=True)
class Group:
    """The incidents one looks at together; all changes make a new one."""

    rows: tuple[Row, ...]
    master: UUID | None = None

    def toggled(self, number: int) -> Group:
        """Row `number` goes in, or stays out; the master does neither."""
        if not 0 <= number < len(self.rows) or self.rows[number].incidents == (self.master,):
            return self
        changed = replace(self.rows[number], is_in=not self.rows[number].is_in)
        return replace(self, rows=(*self.rows[:number], changed, *self.rows[number + 1 :]))

    def led_by(self, incident: UUID, stays: bool = True) -> Group:
        """Another master; who was it goes in, where it can (`stays`)."""
        rows = tuple(replace(row, is_in=stays if row.incidents == (self.master,) else row.is_in) for row in self.rows)
        return replace(self, rows=rows, master=incident)

    def with_incident(self, incident: UUID, is_in: bool) -> Group:
        """One more row, where it is not there yet."""
        if any(incident in row.incidents for row in self.rows):
            number = next(n for n, row in enumerate(self.rows) if incident in row.incidents)
            return self if self.rows[number].is_in or not is_in else self.toggled(number)
        return replace(self, rows=(*self.rows, Row((incident,), is_in)))

    @property
    def sources(self) -> tuple[UUID, ...]:
        """What goes into the master, in order."""
        return tuple(i for row in self.rows if row.is_in for i in row.incidents if i != self.master)


def why_no_source(seat: Seat, case: Case) -> Refused | None:
    """Why an incident cannot become part of another now; None where it can."""
    return source_fits(Attempt(None, None, seat.officer, seat.situation.rules, seat.now(), action="merge"), case)


def why_no_master(seat: Seat, case: Case) -> Refused | None:
    """Why an incident cannot take others in now."""
    return may(case, Merge, seat.officer, seat.situation.rules, seat.now())


def why_not_undone(seat: Seat, case: Case) -> Refused | None:
    """Why what an incident was merged into cannot give it back now."""
    if case.incident.state is not State.MERGED or case.incident.merged_into is None:
        return Refused("not_in_state", state=case.incident.state.value, action="unmerge")
    master = seat.situation.cases.get(case.incident.merged_into)
    beside = (master,) if master is not None else ()
    attempt = Attempt(case, None, seat.officer, seat.situation.rules, seat.now(), action="unmerge", beside=beside)
    return may_be_undone(attempt)


def flood_of(seat: Seat, case: Case) -> tuple[UUID, ...]:
    """The flood of reports an incident belongs to, itself among them; empty where it belongs to none."""
    if case.incident.state is not State.REPORTED:
        return ()
    waiting = [each for each in seat.situation.cases.values() if each.incident.state is State.REPORTED]
    return next((flood for flood in floods(waiting) if case.incident.id in flood), ())


def attaching(seat: Seat, case: Case) -> Group:
    """并入: the incident goes into the likeliest of those that are open; its flood goes with it."""
    flood = flood_of(seat, case)
    near = _near(seat, case, flood)
    rest = tuple(i for i in flood if i != case.incident.id)
    rows = [Row((case.incident.id,), is_in=True), *([Row(rest, is_in=True)] if rest else []), *(Row((i,)) for i in near)]
    masters = (i for i in near if why_no_master(seat, seat.situation.cases[i]) is None)
    return Group(tuple(rows), next(masters, case.incident.id if rest else None))


def merging(seat: Seat, case: Case, named: Iterable[UUID] = ()) -> Group:
    """合并: the incident and what may be the same; the one that is furthest is the master, reports nobody works at go in."""
    cases, flood = seat.situation.cases, flood_of(seat, case)
    near = _near(seat, case, flood)
    rest = tuple(i for i in flood if i != case.incident.id)
    taken = [i for i in near if cases[i].incident.state is State.REPORTED and why_no_source(seat, cases[i]) is None]
    rows = [Row((case.incident.id,), is_in=True), *([Row(rest, is_in=True)] if rest else [])]
    group = Group((*rows, *(Row((i,), i in taken) for i in near)), case.incident.id)
    for incident in named:
        group = group.with_incident(incident, is_in=True)
    if not named:
        eligible = [cases[i] for i in (case.incident.id, *near) if why_no_master(seat, cases[i]) is None]
        master = likely_master(eligible)
        group = replace(group, master=master if master is not None else case.incident.id)
    return group


def likely_master(cases: Iterable[Case]) -> UUID | None:
    """The one that is furthest, has most in it already, and came first."""

    def rank(case: Case) -> tuple[int, int, float]:
        incident = case.incident
        far = PROGRESS.index(incident.state) if incident.state in PROGRESS else len(PROGRESS)
        return -far, -incident.merged_count, incident.reported_at.timestamp()

    first = min(cases, key=rank, default=None)
    return first.incident.id if first is not None else None


def command_of(seat: Seat, group: Group, reason: str) -> Merge:
    """The order the group makes; Refused where it lacks a master or sources, or one of them cannot be merged.

    Of a flood those that cannot go in any more are left out.
    """
    cases = seat.situation.cases
    if group.master is None or group.master not in cases:
        raise Refused("master_needed", "master")
    if (no := why_no_master(seat, cases[group.master])) is not None:
        raise no
    sources = [cases[i] for i in sent_of(seat, group)]
    if not sources:
        raise Refused("source_needed", "sources")
    for case in sources:
        if (no := why_no_source(seat, case)) is not None:
            raise no
    return Merge(tuple(Source(case.incident.id, case.incident.version) for case in sources), reason)


def sent_of(seat: Seat, group: Group) -> tuple[UUID, ...]:
    """The sources that would be sent: of a flood those that fit, in all as many as one order takes."""
    cases = seat.situation.cases
    fit = [
        i
        for row in group.rows
        if row.is_in
        for i in row.incidents
        if i != group.master and i in cases and not (row.is_flood and why_no_source(seat, cases[i]) is not None)
    ]
    return tuple(fit[:SOURCES_AT_MOST])


def recalled(cases: Iterable[Case]) -> list[tuple[Assignment, str]]:
    """The live orders that end with a merge, each with the number of its incident."""
    return [(order, case.incident.number) for case in cases for order in case.assignments if order.is_live]


def _near(seat: Seat, case: Case, flood: tuple[UUID, ...]) -> tuple[UUID, ...]:
    """The open incidents that may be the same, the likeliest first, none of the flood."""
    left_out = set(flood)
    others = (each for i, each in seat.situation.cases.items() if i not in left_out)
    found = alike(case.incident, others, seat.situation.rules, MOST_ROWS - (2 if flood else 1))
    return tuple(each.incident for each in found)
