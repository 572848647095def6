"""Which incidents a post may see, asked of the ledger, and what may be told today of what was told once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

import msgspec

from governance.audience import may_see
from governance.changes import CaseChanged, CaseGone
from governance.people import Officer
from governance.roles import SIGHT, Reach, clearances_of
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ledger import Connection
from wire.codec import decode_change, encode_fact
from wire.publications import Numbered

_IN_AREA = "SELECT id FROM incident WHERE id = ANY(%s) AND starts_with(grid, %s) AND confidentiality = ANY(%s)"
_THERE = "SELECT id FROM incident WHERE id = ANY(%s)"
_LIES_WITH = "SELECT id, incident FROM report WHERE id = ANY(%s)"


class _Named(msgspec.Struct):
    """As much of an incident or a report as tells which it is."""

    id: UUID


class _Moved(msgspec.Struct):
    """As much of a changed case as tells whose it is and which reports it brought."""

    incident: _Named
    reports_added: tuple[_Named, ...] = ()


_moved = msgspec.msgpack.Decoder(_Moved)


def sees(connection: Connection, officer: Officer, rules: Rules, incident: UUID) -> bool:
    """Whether a post may see one incident; Refused where there is none."""
    return may_see(officer, incidents.load(connection, incident), rules)


def seen(connection: Connection, officer: Officer, rules: Rules, asked: Collection[UUID]) -> frozenset[UUID]:
    """Those of some incidents that a post may see; what does not exist is none of them."""
    wanted = list(set(asked))
    if SIGHT[officer.role].incidents is Reach.AREA:
        rows = connection.execute(_IN_AREA, (wanted, officer.scope, list(clearances_of(officer))))
        return frozenset(row[0] for row in rows)
    there = [row[0] for row in connection.execute(_THERE, (wanted,)).fetchall()]
    return frozenset(each for each in there if sees(connection, officer, rules, each))


def retold(
    connection: Connection,
    officer: Officer,
    rules: Rules,
    changes: Sequence[Numbered],
    known: Collection[UUID] = frozenset(),
) -> tuple[Numbered, ...]:
    """Changes of once as a post may hear them today; `known`: incidents that it may see, as was asked already.

    Of an incident that it may not see any more only that it is gone; nowhere a report that lies with such a one now. The
    numbers stay as they are.
    """
    moved = [_moved.decode(sent.fact) if sent.kind == "case" else None for sent in changes]
    brought = {report.id for each in moved if each is not None for report in each.reports_added}
    lies_with: dict[UUID, UUID] = dict(connection.execute(_LIES_WITH, (list(brought),)).fetchall()) if brought else {}
    asked = {each.incident.id for each in moved if each is not None} | set(lies_with.values())
    shown = frozenset(known) | seen(connection, officer, rules, asked.difference(known))
    hidden = {report for report in brought if lies_with.get(report) not in shown}
    return tuple(_told_today(changes, moved, shown, hidden))


def _told_today(
    changes: Sequence[Numbered], moved: Sequence[_Moved | None], shown: Collection[UUID], hidden: Collection[UUID]
) -> Iterator[Numbered]:
    """Each change, without what is hidden; read whole only where something is."""
    for sent, read in zip(changes, moved, strict=True):
        is_out = read is not None and read.incident.id not in shown
        if read is None or not (is_out or any(report.id in hidden for report in read.reports_added)):
            yield sent
            continue
        fact = decode_change(sent).fact
        assert isinstance(fact, CaseChanged)
        kept = tuple(report for report in fact.reports_added if report.id not in hidden)
        gone = CaseGone(fact.incident.id, fact.incident.version)
        word, body = encode_fact(gone if is_out else replace(fact, reports_added=kept))
        yield msgspec.structs.replace(sent, kind=word, fact=msgspec.Raw(body))
