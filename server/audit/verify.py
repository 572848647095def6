"""Reads the whole ledger and compares it with its log: chains, sums, the state each log adds up to, and numbers.

One altered byte of a step, of an incident or of what belongs to it is found, and where it is is named. Who could alter
the database and recompute every hash behind it is found by an anchor: a file of hashes kept elsewhere.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from governance import fold
from governance.incident import Case
from server.audit.findings import Finding
from server.ledger import incidents, step_chain
from server.ledger.ledger import Connection, Ledger

AT_ONCE = 100
_NEXT = "SELECT id, number FROM incident WHERE id > %s ORDER BY id LIMIT %s"
_CHAIN = "SELECT seq, prev_hash, hash, became, whole FROM incident_transition WHERE incident = %s ORDER BY seq"
_NUMBERS = (
    "SELECT c.day, n FROM day_counter c, generate_series(1, c.number) n WHERE NOT EXISTS "
    "(SELECT 1 FROM incident i WHERE i.number LIKE '%%-' || c.day || '-' || lpad(n::text, greatest(4, length(n::text)), '0'))"
    " ORDER BY c.day, n LIMIT 1000"
)
_STREAMS = (
    "SELECT c.stream, (SELECT count(*) FROM change_log l WHERE l.stream = c.stream), c.number FROM stream_counter c "
    "ORDER BY c.stream"
)
_BREAK = (
    "SELECT min(n) FROM generate_series(1, %s) n WHERE NOT EXISTS "
    "(SELECT 1 FROM change_log l WHERE l.stream = %s AND l.number = n)"
)

Anchor = Mapping[UUID, tuple[int, bytes]]
"""Incident -> the seq of a step and its hash, as they once stood."""


@dataclass
class Verified:
    """What was looked at, and what was found."""

    incidents: int = 0
    steps: int = 0
    changes: int = 0
    findings: list[Finding] = field(default_factory=list)
    heads: dict[UUID, tuple[str, int, bytes]] = field(default_factory=dict)
    """Incident -> its number, the seq of its newest step and that step's hash."""


def verify(ledger: Ledger, anchor: Anchor | None = None, told: Callable[[int], None] = lambda _: None) -> Verified:
    """The whole ledger, in snapshots of a hundred incidents each; `told` hears how many were looked at."""
    found = Verified()
    after = UUID(int=0)
    while True:
        with ledger.transaction(snapshot=True) as connection:
            named = connection.execute(_NEXT, (after, AT_ONCE)).fetchall()
            for incident, number in named:
                _look_at(connection, incident, number, found)
        if not named:
            break
        after = named[-1][0]
        told(found.incidents)
    with ledger.transaction(snapshot=True) as connection:
        found.findings += _numbers(connection)
        found.findings += _streams(connection, found)
    found.findings += _against(anchor or {}, found, ledger)
    return found


def _look_at(connection: Connection, incident: UUID, number: str, found: Verified) -> None:
    """One incident: its chain, what its log adds up to, and what belongs to it."""
    try:
        case = incidents.load(connection, incident)
    except ValueError as problem:  # a word that is none of its list: nothing of ours could have written it
        found.findings.append(Finding("unreadable", number, what=str(problem)[:200]))
        return
    rows = connection.execute(_CHAIN, (incident,)).fetchall()
    found.incidents += 1
    found.steps += len(rows)
    if not rows:
        found.findings.append(Finding("no_steps", number))
        return
    found.heads[incident] = (number, rows[-1][0], bytes(rows[-1][2]))
    broken = _first_broken(incident, case, rows)
    if broken is not None:
        found.findings.append(Finding("step", number, broken, case.steps[broken - 1].row if broken <= len(case.steps) else ""))
    logged, stands = fold.folded(row[3] for row in rows), fold.words_of(case.incident)
    names = sorted(logged.keys() | stands.keys())
    found.findings += [Finding("field", number, what=name) for name in names if logged.get(name) != stands.get(name)]
    apart = step_chain.groups_apart(step_chain.whole_of(case), bytes(rows[-1][4]))
    found.findings += [Finding("belongings", number, rows[-1][0], name) for name in apart]


def _first_broken(incident: UUID, case: Case, rows: list[tuple[int, bytes, bytes, dict[str, str], bytes]]) -> int | None:
    """The first seq that is missing, or whose hash does not follow from what it holds and the hash before; None: all do."""
    last = step_chain.START
    for expected, (step, (seq, previous, stored, became, whole)) in enumerate(zip(case.steps, rows, strict=True), 1):
        if seq != expected:
            return expected
        computed = step_chain.digest(last, incident, step, became, bytes(whole))
        if bytes(previous) != last or bytes(stored) != computed:
            return seq
        last = computed
    return None


def _numbers(connection: Connection) -> Iterator[Finding]:
    """Incidents whose running number was given and who are not there."""
    for day, n in connection.execute(_NUMBERS).fetchall():
        yield Finding("number_missing", f"{day}-{n:04d}")


def _streams(connection: Connection, found: Verified) -> Iterator[Finding]:
    """Streams with a hole, or whose end was cut off."""
    for stream, count, newest in connection.execute(_STREAMS).fetchall():
        found.changes += count
        if count != newest:
            row = connection.execute(_BREAK, (newest, stream)).fetchone()
            yield Finding("stream", stream, int(row[0]) if row and row[0] else newest + 1)


def _against(anchor: Anchor, found: Verified, ledger: Ledger) -> Iterator[Finding]:
    """Steps of an anchor that are gone, or hold another hash now."""
    with ledger.transaction(snapshot=True) as connection:
        for incident, (seq, digest) in anchor.items():
            row = connection.execute(
                "SELECT hash FROM incident_transition WHERE incident = %s AND seq = %s", (incident, seq)
            ).fetchone()
            where = found.heads[incident][0] if incident in found.heads else str(incident)
            if row is None:
                yield Finding("anchor_gone", where, seq)
            elif bytes(row[0]) != digest:
                yield Finding("anchor_changed", where, seq)


def write_anchor(path: Path, found: Verified) -> None:
    """The newest step of every incident and its hash, as a CSV file to keep elsewhere; OSError where it cannot be written."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["incident", "number", "seq", "hash"])
        for incident, (number, seq, digest) in sorted(found.heads.items()):
            writer.writerow([str(incident), number, seq, digest.hex()])


def read_anchor(path: Path) -> Anchor:
    """What an anchor file holds; ValueError naming the line where it is none, OSError where it cannot be read."""
    held: dict[UUID, tuple[int, bytes]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.reader(file), 1):
            if line == 1 and row[:1] == ["incident"]:
                continue
            try:
                held[UUID(row[0])] = (int(row[2]), bytes.fromhex(row[3]))
            except (ValueError, IndexError) as problem:
                raise ValueError(f"{path}:{line}: {problem}") from problem
    return held
