"""Answers what desks ask about incidents that ended more than a day ago: within the sight of the post, in bounds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import psycopg

from governance.audience import may_see
from governance.incident import TERMINAL, Case
from governance.people import Officer
from governance.refusal import Refused
from governance.roles import CONFIDENTIAL, SIGHT, Reach, clearances_of
from governance.rules import Rules
from server import sessions
from server.ledger import incidents, reporters
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from wire.archive_requests import HITS, ArchiveReply, EndedAre, EndedHit, EndedIs, FindEnded, OpenEnded

SHORTEST, LONGEST, MOST_WORDS = 2, 80, 4
"""Letters of a search, and words of it that count."""
LOOKED_AT = 5 * HITS
"""Incidents that are read at most until enough are found that the post may see."""
PATIENCE = "SET LOCAL statement_timeout = '4s'"
_ENDED = ", ".join(f"'{state.value}'" for state in sorted(TERMINAL))
_WORD = (
    "(position(%s in lower(concat_ws(E'\\n', i.number, i.title, i.place_text, i.text))) > 0 OR i.category = ANY(%s) "
    "OR EXISTS (SELECT 1 FROM report r WHERE r.incident = i.id AND position(%s in lower(r.text)) > 0) "
    "OR EXISTS (SELECT 1 FROM assignment a JOIN staff s ON s.id = a.worker WHERE a.incident = i.id "
    "AND position(%s in lower(s.name)) > 0) "
    "OR EXISTS (SELECT 1 FROM area_version v WHERE v.level < 4 AND starts_with(i.grid, v.code) "
    "AND position(%s in lower(v.name)) > 0))"
)
_FOUND = (
    f"SELECT i.id FROM incident i WHERE i.state IN ({_ENDED}) AND i.changed_at <= %s AND {{}} "
    "ORDER BY i.changed_at DESC, i.id LIMIT %s"
)
_IN_AREA = "starts_with(i.grid, %s) AND i.confidentiality = ANY(%s)"
_OF_UNIT = "(i.first_unit = ANY(%s) OR EXISTS (SELECT 1 FROM assignment a WHERE a.incident = i.id AND a.unit = ANY(%s)))"
_OF_CHECKER = "EXISTS (SELECT 1 FROM verify_task t WHERE t.incident = i.id AND t.checker = %s)"


class ArchiveCounter:
    """The part of the service window where the archive is asked for."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` tells the time, aware, UTC."""
        self._ledger, self._now = ledger, now
        self.table: dict[type, Callable[[Session, Any], ArchiveReply]] = {FindEnded: self._find, OpenEnded: self._open}

    def _find(self, session: Session, request: FindEnded) -> EndedAre:
        """The newest that fit every word of a text."""
        words = request.text.lower().split()[:MOST_WORDS]
        if not words or len("".join(words)) < SHORTEST or len(request.text) > LONGEST:
            raise Refused("bad_value", "text")
        now = self._now()
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            connection.execute(PATIENCE)
            rules = self._ledger.rules(connection, now)
            try:
                found = _found(connection, session.officer, rules, words, now)
            except psycopg.errors.QueryCanceled:
                raise Refused("search_too_wide", "text") from None
        return EndedAre(request.n, tuple(_hit(case) for case in found[:HITS]), len(found) > HITS)

    def _open(self, session: Session, request: OpenEnded) -> EndedIs:
        """One of them; where it is confidential that is on record before it is read."""
        now, officer = self._now(), session.officer
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            rules = self._ledger.rules(connection, now)
            case = incidents.load(connection, request.incident)
            if case.incident.state not in TERMINAL or not may_see(officer, case, rules):
                raise Refused("no_such_incident", "incident")
            if case.incident.confidentiality >= CONFIDENTIAL:
                reporters.log_archive(connection, case.incident, officer, now)
        return EndedIs(request.n, case)


def _found(connection: Connection, officer: Officer, rules: Rules, words: list[str], now: datetime) -> list[Case]:
    """Those that fit and that the post may see, the newest first; one more than are told at most."""
    values: list[Any] = [now - incidents.KEPT_AFTER_END]
    units = list(officer.units)
    reached: dict[Reach | None, tuple[str, list[Any]]] = {
        Reach.AREA: (_IN_AREA, [officer.scope, list(clearances_of(officer))]),
        Reach.UNIT: (_OF_UNIT, [units, units]),
        Reach.CHECK: (_OF_CHECKER, [officer.staff]),
    }
    sight = SIGHT[officer.role].incidents
    if sight not in reached:
        return []
    wanted = [reached[sight][0]]
    values += reached[sight][1]
    for word in words:
        named = [c.code for c in rules.categories.values() if word in c.name_zh.lower() or word in c.name_en.lower()]
        wanted.append(_WORD)
        values += [word, named, word, word, word]
    rows = connection.execute(_FOUND.format(" AND ".join(wanted)), (*values, LOOKED_AT)).fetchall()
    seen: list[Case] = []
    for (incident,) in rows:
        case = incidents.load(connection, incident)
        if may_see(officer, case, rules):
            seen.append(case)
        if len(seen) > HITS:
            break
    return seen


def _hit(case: Case) -> EndedHit:
    """How one is told of."""
    incident = case.incident
    is_open = incident.confidentiality < CONFIDENTIAL
    return EndedHit(
        incident.id,
        incident.number,
        incident.state.value,
        incident.category,
        incident.grid,
        incident.title if is_open else "",
        incident.place_text if is_open else "",
        case.steps[-1].at,
    )
