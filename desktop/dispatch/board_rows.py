"""Which rows the board shows, in which order; plain, so that 'nothing moves' can be tested without a screen.

What arrives waits. What left its queue is taken out only below the selected row; above it stays, dimmed, until the
officer refills the list (a tab, the filter, 新 ↑). So the selected row never moves by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from desktop.dispatch.floods import floods
from desktop.situation.incidents import first_in, queues_of
from governance.incident import Case

SECTIONS = ("intake", "dispatch", "accept", "handling", "check", "feedback")
FOLLOWED_BY = {"intake": ("dispatch", "handling"), "dispatch": ("handling",), "accept": ("handling",), "check": ("handling",)}


@dataclass(frozen=True, slots=True)
class Row:
    """A case, the heading of a section, or that of a flood."""

    case: UUID | None
    section: str
    flood: UUID | None = None
    """Of a flood's heading: the first of its cases, which stands below it and names it."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a batch did to the list: rows to repaint, rows taken out (from the end forwards)."""

    repainted: tuple[int, ...] = ()
    taken_out: tuple[int, ...] = ()


Matches = Callable[[Case], bool]


class BoardRows:
    """The rows of one tab."""

    def __init__(self) -> None:
        """Nothing to show yet."""
        self.queue = "intake"
        self.rows: list[Row] = []
        self.gone: set[UUID] = set()
        self._floods: dict[UUID, list[UUID]] = {}
        """Name of each flood (what was its first case) -> its cases."""
        self._flood_of: dict[UUID, UUID] = {}
        self._open: set[UUID] = set()
        """Cases whose floods the officer unfolded."""
        self._waiting: dict[UUID, None] = {}
        self._at: dict[UUID, int] = {}
        self._matches: Matches = lambda _case: True
        self.is_ours: Matches = lambda _case: True
        """Whether the officer may do what the queue waits for: such cases come first."""

    @property
    def waiting(self) -> tuple[UUID, ...]:
        """What arrived since the list was filled, oldest first."""
        return tuple(self._waiting)

    def fill(self, cases: Mapping[UUID, Case], queue: str | None = None, matches: Matches | None = None) -> None:
        """Build the list anew: because the officer asked for it."""
        self.queue = queue or self.queue
        self._matches = matches or self._matches
        self._waiting.clear()
        self.gone.clear()
        self._floods.clear()
        self._flood_of.clear()
        by_section: dict[str, list[Case]] = {}
        for case in cases.values():
            section = self.section_of(case)
            if section and self._matches(case):
                by_section.setdefault(section, []).append(case)
        self.rows = []
        for number, section in enumerate(self._sections()):
            found = sorted(by_section.get(section, ()), key=first_in(section))
            found.sort(key=lambda case: not self.is_ours(case))
            if found and (number or self.queue == "all"):
                self.rows.append(Row(None, section))
            self._add(found, section)
        self._index()

    def _add(self, found: list[Case], section: str) -> None:
        """Add the rows of a section, each flood together where its first case stands."""
        for flood in floods(found):
            self._floods[flood[0]] = list(flood)
            self._flood_of |= dict.fromkeys(flood, flood[0])
        for case in found:
            first = self._flood_of.get(case.incident.id)
            if first is None:
                self.rows.append(Row(case.incident.id, section))
            elif first == case.incident.id:
                self.rows.append(Row(None, section, first))
                self.rows.extend(Row(member, section) for member in self._seen(first))

    def _seen(self, first: UUID) -> list[UUID]:
        """The cases of a flood that have a row: all where it is unfolded, else the first."""
        members = self._floods[first]
        return members if self.is_unfolded(first) else members[:1]

    def flood(self, first: UUID) -> tuple[UUID, ...]:
        """All cases of a flood, folded ones too."""
        return tuple(case for case in self._floods.get(first, ()) if case not in self.gone)

    def is_unfolded(self, first: UUID) -> bool:
        """Whether a flood shows all its cases."""
        return any(member in self._open for member in self._floods.get(first, ()))

    def flood_of(self, incident: UUID | None) -> UUID | None:
        """The first case of the flood a case belongs to; None where it belongs to none."""
        return self._flood_of.get(incident) if incident is not None else None

    def fold(self, first: UUID, is_unfolded: bool) -> None:
        """Show all cases of a flood, or the first only; what waits goes on waiting."""
        members = self._floods.get(first)
        heading = next((n for n, row in enumerate(self.rows) if row.flood == first), -1)
        if members is None or heading < 0:
            return
        self._open = self._open | set(members) if is_unfolded else self._open - set(members)
        section = self.rows[heading].section
        end = heading + 1
        while end < len(self.rows) and self.rows[end].case in members:
            end += 1
        self.rows[heading + 1 : end] = [Row(member, section) for member in self._seen(first)]
        self._index()

    def section_of(self, case: Case) -> str:
        """The section of this tab a case stands in; empty where it has none."""
        queues = queues_of(case)
        if self.queue != "all" and self.queue in queues:
            return self.queue
        return next((queue for queue in queues if queue in self._sections()), "")

    def touch(self, cases: Mapping[UUID, Case], touched: Iterable[UUID], selected: UUID | None) -> Moved:
        """Take in what changed without moving the selected row."""
        repainted, out = [], []
        pivot = self._at.get(selected, -1) if selected is not None else -1
        for incident in touched:
            case = cases.get(incident)
            belongs = case is not None and bool(self.section_of(case)) and self._matches(case)
            row = self._at.get(incident)
            if row is None:
                if incident in self._flood_of:  # folded: its heading counts it
                    repainted += [] if belongs else [self._leave_flood(incident)]
                elif belongs:
                    self._waiting[incident] = None
                else:
                    self._waiting.pop(incident, None)
                continue
            if belongs:
                self.gone.discard(incident)
            elif row > pivot:
                out += self._taken_from(row, incident)
                continue
            else:
                self.gone.add(incident)
            repainted.append(row)
        for row in sorted(out, reverse=True):
            del self.rows[row]
        if out:
            self._index()
        return Moved(tuple(repainted), tuple(sorted(out, reverse=True)))

    def _leave_flood(self, incident: UUID) -> int:
        """A case is no longer part of its flood: the row of the heading, which counts it no more."""
        first = self._flood_of.pop(incident)
        self._floods[first].remove(incident)
        return next(number for number, row in enumerate(self.rows) if row.flood == first)

    def _taken_from(self, row: int, incident: UUID) -> list[int]:
        """The rows that go with a case: its own; that of a flood's heading with the last of it."""
        first = self._flood_of.get(incident)
        if first is None:
            return [row]
        is_folded = not self.is_unfolded(first)
        heading = self._leave_flood(incident)
        if not self._floods[first]:
            return [row, heading]
        if is_folded:  # the next one stands for it
            self.rows[row] = Row(self._floods[first][0], self.rows[row].section)
            self._index()
            return []
        return [row]

    def row_of(self, incident: UUID | None) -> int:
        """The row of a case; -1 where it is not shown."""
        return self._at.get(incident, -1) if incident is not None else -1

    def neighbour(self, incident: UUID | None, step: int) -> UUID | None:
        """The case so many rows further, headings skipped; the first or last where nothing is selected or at the end."""
        shown = [row.case for row in self.rows if row.case is not None]
        if not shown:
            return None
        if incident not in self._at:
            return shown[0] if step > 0 else shown[-1]
        return shown[min(max(shown.index(incident) + step, 0), len(shown) - 1)]

    def is_empty_of(self, section: str) -> bool:
        """Whether a section holds no case."""
        return not any(row.case is not None and row.section == section for row in self.rows)

    def _sections(self) -> tuple[str, ...]:
        return SECTIONS if self.queue == "all" else (self.queue, *FOLLOWED_BY.get(self.queue, ()))

    def _index(self) -> None:
        self._at = {row.case: number for number, row in enumerate(self.rows) if row.case is not None}
