"""Several incidents of one small district under one clock, moved as the server moves them: all of an order, or nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from governance import commands as c
from governance.attempt import Attempt, open_supervision
from governance.clocks import due_timers
from governance.commands import WORD_OF, Command
from governance.guards import GRAVE
from governance.incident import TERMINAL, Case, State, TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after, following, row_for
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.rules import Rules
from governance.transitions import TABLE
from governance.watching import gravity, reports_made
from tests.governance.chance import EVERYBODY, IN_ROLE, NAMES, attempt, grid_of_report, reporting
from tests.governance.field import LEAF, NOON, PLAIN, named, recipient, report
from tests.governance.invariants import broken
from tests.governance.likely import MOODS
from tests.governance.watch import Watch

Trail = list[Case]
AUTOMATIC_ROWS = {(row.id, row.target): row for row in TABLE if row.automatic}


def lost_by_joining(master: Case, source: Case) -> list[str]:
    """What of a matter that was merged the one it went into does not have."""
    now, was = master.incident, source.incident
    order, before = open_supervision(master), open_supervision(source)
    kept = {
        "urgency": now.urgency >= was.urgency,
        "severity": gravity(now.severity) >= gravity(was.severity),
        "oversight": now.oversight_level >= was.oversight_level,
        "order": before is None or (order is not None and order.grade >= before.grade),
    }
    return [name for name, is_kept in kept.items() if not is_kept]


class District:
    """The incidents of a district, each checked after each of its steps, and all of them together after each order."""

    def __init__(self, rules: Rules, now: datetime = NOON, name: str = "") -> None:
        """Nothing was reported yet; `name` makes its incidents others than those of another district."""
        self.rules, self.now, self.name = rules, now, name
        self.cases: dict[UUID, Case] = {}
        self.watches: dict[UUID, Watch] = {}
        self.reports: dict[UUID, object] = {}
        self.rows: Counter[int] = Counter()
        self.steps: Counter[str] = Counter()
        self.states: Counter[State] = Counter()
        self.refused: Counter[str] = Counter()
        self.parts = 0

    # ---- what the server does ----

    def report(self, command: c.MakeReport, who: Officer) -> UUID:
        """A new incident."""
        number = named(f"{self.name} incident {len(self.cases) + 1}")
        made = replace(
            command, incident=number, report=uuid5(number, "report1"), number=f"JG-20261123-{len(self.cases) + 1:04d}"
        )
        self._commit({number: self._moved(None, made, who)})
        return number

    def order(self, about: UUID, command: Command, who: Officer, client_at: datetime | None = None) -> None:
        """One order with all that follows from it in every incident it touches; Refused where a rule says no."""
        case = self.cases[about]
        if isinstance(command, c.Complete):
            command = replace(command, parts_open=self._parts_open(about))
        if isinstance(command, c.Merge):
            self._commit(self._merged(case, command, who))
        elif isinstance(command, c.Unmerge):
            self._commit(self._parted(case, command, who))
        elif isinstance(command, c.Split):
            self._commit(self._split(case, command, who))
        else:
            trail = self._moved(case, command, who, client_at=client_at)
            category = self.rules.categories.get(trail[-1].incident.category)
            if isinstance(command, c.File) and category and category.auto_dispatch:
                trail += self._moved(trail[-1], c.AutoDispatch(recipient("li")), SYSTEM_OFFICER)
            self._commit({about: trail})

    def fire_due(self, about: UUID, wider: tuple[c.Recipient, ...] = ()) -> int:
        """Every clock of an incident that is due by now; how many."""
        fired = 0
        while due := due_timers(self.cases[about], self.now):
            timer = next(t for t in self.cases[about].timers if t.id == due[0])
            self.order(about, c.TimerFired(timer.id, timer.kind, timer.fired, wider), SYSTEM_OFFICER)
            fired += 1
        return fired

    def _moved(
        self, case: Case | None, command: Command, who: Officer, *beside: Case, client_at: datetime | None = None
    ) -> Trail:
        made = after(case, command, who, self.rules, self.now, client_at, beside)
        word = WORD_OF[type(command)]
        self.rows[id(row_for(Attempt(case, command, who, self.rules, self.now, client_at, word, beside), type(command)))] += 1
        trail = [made, *following(made, self.rules, self.now)]
        self.rows.update(id(AUTOMATIC_ROWS[each.steps[-1].row, each.incident.state]) for each in trail[1:])
        return trail

    def _merged(self, master: Case, command: c.Merge, who: Officer) -> dict[UUID, Trail]:
        sources = [self.cases[source.incident] for source in command.sources if source.incident in self.cases]
        trails = {master.incident.id: self._moved(master, command, who, *sources)}
        lost = [what for source in sources for what in lost_by_joining(trails[master.incident.id][0], source)]
        assert not lost, f"{lost} of {sources} merged into {master}"
        into = c.MergedInto(master.incident.id, master.incident.number)
        return trails | {source.incident.id: self._moved(source, into, who, master) for source in sources}

    def _parted(self, source: Case, command: c.Unmerge, who: Officer) -> dict[UUID, Trail]:
        number = source.incident.merged_into
        masters = [self.cases[number]] if number else []
        trails = {source.incident.id: self._moved(source, command, who, *masters)}
        parted = c.PartedFrom(source.incident.id, source.incident.number)
        back = trails[source.incident.id][0]
        rings = any(t.kind is TimerKind.T14_REPORT and t.state is TimerState.RUNNING for t in back.timers)
        is_told = "final" in reports_made(back)
        assert rings == (back.incident.severity in GRAVE and not is_told), f"an emergency comes back as one: {back}"
        return trails | {master.incident.id: self._moved(master, parted, who, source) for master in masters}

    def _split(self, whole: Case, command: c.Split, who: Officer) -> dict[UUID, Trail]:
        trails = {whole.incident.id: self._moved(whole, command, who)}
        for number, part in enumerate(command.parts, self.parts + 1):
            made = named(f"{self.name} part {number}")
            off = c.SplitOff(part, made, f"JG-20261123-{9000 + number}", whole.incident.grid, part.category)
            trails[made] = self._moved(None, off, who, whole)
        self.parts += len(command.parts)
        return trails

    def _parts_open(self, whole: UUID) -> int:
        cases = self.cases.values()
        return sum(p.incident.split_from == whole and p.incident.state not in TERMINAL | {State.CLOSED} for p in cases)

    # ---- what holds ----

    def _commit(self, trails: dict[UUID, Trail]) -> None:
        """Everything of an order stands; each step of it is checked."""
        for about, trail in trails.items():
            before = self.cases.get(about)
            watch = self.watches.setdefault(about, Watch())
            for case in trail:
                wrong = broken(before, case) + watch.broken(before, case, self.rules)
                assert not wrong, f"{wrong} after {case.steps[-1]} of {before}"
                self.steps[case.steps[-1].row] += 1
                self.states[case.incident.state] += 1
                before = case
            now = trail[-1].incident
            waits = now.state in (State.VERIFYING, State.SUSPENDED)
            assert not (waits and now.urgency is Urgency.IMMEDIATE), f"特急 waits for nothing: {trail[-1]}"
            self.cases[about] = trail[-1]
        if len(trails) > 1 or any(len(t[0].steps) == 1 or t[0].steps[-1].action == "attach" for t in trails.values()):
            self.holds_together()

    def holds_together(self) -> None:
        """Every report hangs on exactly one incident, and what is merged is merged once."""
        found = {report.id: report for case in self.cases.values() for report in case.reports}
        assert sum(len(case.reports) for case in self.cases.values()) == len(found), "13 a report hangs on two incidents"
        assert all(found.get(number) == known for number, known in self.reports.items()), "13 no report is lost or changed"
        self.reports = dict(found)
        merged = Counter(case.incident.merged_into for case in self.cases.values() if case.incident.merged_into)
        for case in self.cases.values():
            assert case.incident.merged_count == merged[case.incident.id], "13 who is merged into it is counted"
            assert not (case.incident.merged_into and case.incident.merged_count), "13 merged one deep"
            assert (case.incident.merged_into is not None) == (case.incident.state is State.MERGED), "13 merged into something"

    # ---- what chance does ----

    def live(self, chance: Random, moves: int, incidents: int) -> None:
        """So many random moves on so many incidents, the clocks fired late or not at all."""
        mood = chance.choice(MOODS)
        for move in range(moves):
            self.now += timedelta(seconds=chance.choice((0, 1, 5, 60, 60, 600, 600, 7200, 7200, 20_000, 90_000)))
            if chance.random() < 0.01:
                self.now += timedelta(days=chance.choice((3, 12, 35)))
            try:
                if len(self.cases) < incidents and (not self.cases or move % 7 == 0):
                    self.report(report(1, grid_of_report(chance), **reporting(chance)), self._reporter(chance))
                else:
                    self._act(chance, mood)
            except Refused as no:
                self.refused[no.code] += 1

    def _reporter(self, chance: Random) -> Officer:
        return chance.choice(IN_ROLE[chance.choice((Role.DUTY_OFFICER, Role.DUTY_OFFICER, Role.SYSTEM, Role.GRID_WORKER))])

    def _act(self, chance: Random, mood: frozenset[str]) -> None:
        about, case = self._chosen(chance)
        kind = chance.random()
        if kind < 0.1:
            self.fire_due(about, (recipient(chance.choice(NAMES)),))
        elif kind < 0.13 or (case.incident.state is State.MERGED and kind < 0.6):
            self._join(chance, case)
        elif kind < 0.15:
            more = replace(report(1, **reporting(chance)), report=named(f"{self.name} {sum(self.steps.values())}"))
            self.order(about, c.AttachReport(more), chance.choice(IN_ROLE[Role.DUTY_OFFICER]))
        else:
            command, who = attempt(chance, case, mood)
            offline = self.now - timedelta(minutes=9) if chance.random() < 0.1 else None
            self.order(about, command, who, offline)

    def _chosen(self, chance: Random) -> tuple[UUID, Case]:
        """An incident, seldom one that is over."""
        known = list(self.cases.items())
        about, case = chance.choice(known)
        if case.incident.state in TERMINAL and chance.random() < 0.8:
            return chance.choice(known)
        return about, case

    def _join(self, chance: Random, case: Case) -> None:
        """Merge, part or split; the wrong people try as well."""
        who = chance.choice(EVERYBODY) if chance.random() < 0.1 else chance.choice(IN_ROLE[Role.SHIFT_LEAD])
        about = case.incident.id
        if case.incident.state is State.MERGED:
            self.order(about, c.Unmerge("two matters"), who)
        elif chance.random() < 0.2:
            self.order(about, c.Split((c.Part(LEAF, "one half"), c.Part(PLAIN, "the other half"))), who)
        else:
            others = chance.sample(list(self.cases), min(chance.choice((1, 1, 1, 2, 5)), len(self.cases)))
            self.order(about, c.Merge(tuple(c.Source(each, 0) for each in others)), who)
