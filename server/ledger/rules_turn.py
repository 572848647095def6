"""Tells the feed, once, that another version of the rules has come into force: at its moment, whoever is killed meanwhile."""

from __future__ import annotations

from datetime import datetime

from governance.changes import DISTRICT_STREAM, RulesChanged, around_of
from server.ledger import change_log, rules_store
from server.ledger.ledger import Ledger


def turn(ledger: Ledger, now: datetime) -> int | None:
    """The version that has come into force and was told of only now; None where the one in force was told of before.

    That it was told stands in the ledger with the change itself. What began and was replaced before anybody looked is never
    told: nobody works by it.
    """
    with ledger.transaction() as connection:
        version = rules_store.version_in_force(connection, now)
        if not version or connection.execute("SELECT 1 FROM rules_entered WHERE version = %s", (version,)).fetchone():
            return None
        entered = connection.execute(
            "INSERT INTO rules_entered VALUES (%s, %s) ON CONFLICT DO NOTHING RETURNING version", (version, now)
        ).fetchone()
        if entered is None:  # another clock was faster
            return None
        change_log.append(connection, [(around_of(DISTRICT_STREAM, 0), RulesChanged(version))], None, now)
        return version
