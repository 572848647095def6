"""Which incidents a post may see, asked of the ledger."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from governance.audience import may_see
from governance.people import Officer
from governance.roles import SIGHT, Reach, clearances_of
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ledger import Connection

_IN_AREA = "SELECT id FROM incident WHERE id = ANY(%s) AND starts_with(grid, %s) AND confidentiality = ANY(%s)"
_THERE = "SELECT id FROM incident WHERE id = ANY(%s)"


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
