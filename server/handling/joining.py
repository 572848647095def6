"""Several reports, one matter: attached, merged, parted again, split; every case it touches in one transaction."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid5

from governance.commands import (
    AttachReport,
    Backfill,
    Command,
    Correct,
    Edit,
    Merge,
    MergedInto,
    PartedFrom,
    Rehome,
    Source,
    Split,
    SplitOff,
    Unmerge,
)
from governance.incident import Case
from governance.refusal import Refused
from server.handling.triage import completed, grid_worker, next_number, require_reporter
from server.ledger import entry as entries
from server.ledger.entry import Entry
from server.ledger.ids import new_id
from server.ledger.ledger import Connection


def beside(connection: Connection, incident: UUID, command: Command) -> tuple[UUID, ...]:
    """The incidents a command joins with its own, to be locked with it."""
    if isinstance(command, Merge):
        return tuple(dict.fromkeys(source.incident for source in command.sources if source.incident != incident))
    if isinstance(command, Unmerge):
        row = connection.execute("SELECT merged_into FROM incident WHERE id = %s", (incident,)).fetchone()
        masters = [row[0]] if row and row[0] else []
        named = [source.incident for source in command.sources if source.incident != incident]
        return tuple(dict.fromkeys((*masters, *named)))
    return ()


def attach(entry: Entry, command: AttachReport) -> None:
    """并入: one more report of an open incident, wherever in the district it was made."""
    assert entry.case is not None, "the order book opened it"
    report = completed(entry, command.report)
    require_reporter(entry, report)
    taken = entry.case.incident
    known = replace(report, incident=taken.id, number=taken.number, report=uuid5(entry.order_id, "report"))
    entry.apply(AttachReport(known))


def merge(entry: Entry, command: Merge) -> None:
    """并案: every source becomes part of the master, or none does."""
    master = entry.case
    assert master is not None, "the order book opened it"
    _require_current(entry, entry.beside, command.sources)
    taken = entry.beside
    entry.apply(command, *taken)
    for case in taken:
        entry.apply_beside(case.incident.id, MergedInto(master.incident.id, master.incident.number), master)


def unmerge(entry: Entry, command: Unmerge) -> None:
    """取消合并: the reports it came with go back to it, and those of the others of the same merge to them, or none do."""
    source = entry.case
    assert source is not None, "the order book opened it"
    into = source.incident.merged_into
    masters = tuple(case for case in entry.beside if case.incident.id == into)
    others = tuple(case for case in entry.beside if case.incident.id != into)
    _require_current(entry, others, command.sources)
    entry.apply(command, *masters, *others)
    for other in others:
        entry.apply_beside(other.incident.id, Unmerge(command.reason), *masters)
    numbers = "、".join(case.incident.number for case in (source, *others))
    for master in masters:
        entry.apply_beside(master.incident.id, PartedFrom(source.incident.id, numbers), source, *others)


def _require_current(entry: Entry, cases: tuple[Case, ...], named: tuple[Source, ...]) -> None:
    """Refused where one of the cases is not at the version it was looked at."""
    wanted = {source.incident: source.version for source in named}
    for case in cases:
        if wanted[case.incident.id] < 1:
            raise Refused("version_needed", "sources")
        if entries.may_know(entry.officer, case, entry.rules) and not entries.is_current(case, wanted[case.incident.id]):
            raise entries.stale(case)  # who may not know of it hears from the rules that it is none of his


def split(entry: Entry, command: Split) -> None:
    """拆分: each part is an incident of its own, filed, with the time that is left of the whole."""
    whole = entry.case
    assert whole is not None, "the order book opened it"
    numbers = tuple(next_number(entry) for _ in command.parts)
    entry.apply(replace(command, numbers=numbers))
    for part, number in zip(command.parts, numbers, strict=True):
        grid = entry.grids.grid_of(part.place) if part.place else whole.incident.grid
        if not grid:
            raise Refused("outside_district", "place")
        worker, name = grid_worker(entry, grid)
        made = SplitOff(part, new_id(), number, grid, part.category, worker, name)
        entry.apply_beside(made.incident, made, whole)


def correct(entry: Entry, command: Correct) -> None:
    """更正: the grid of a new place is found, and who is its worker."""
    if command.place is None:
        entry.apply(replace(command, grid="", origin_worker=None, origin_worker_name=""))
        return
    grid = entry.grids.grid_of(command.place)
    if not grid:
        raise Refused("outside_district", "place")
    worker, name = grid_worker(entry, grid)
    entry.apply(replace(command, grid=grid, origin_worker=worker, origin_worker_name=name))


def describe(entry: Entry, command: Edit | Backfill | Rehome) -> None:
    """修改, 补录, 区划调整: the rules need nothing beside the case."""
    entry.apply(command)
