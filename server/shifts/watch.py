"""Notices hand-overs that take too long, and shifts that nobody handed over at their time; tells the leader on duty."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import psycopg
import structlog

from governance import shifts as rules
from governance.shifts import AWAITED, NORMAL, UnitShifts
from server.ledger import change_log, duty_log, leaders
from server.ledger import shifts as store
from server.ledger.ledger import Connection, Ledger

OVERRUN, MISSED = "handover_overrun", "handover_missed"

log = structlog.get_logger()


def look(ledger: Ledger, now: datetime) -> int:
    """Tell of every hand-over that is overdue as of now, each once in half an hour whoever is killed; how many were told of.

    `now` is aware, UTC. What was told stands with the shift, in the same transaction as the line in the log and the fact on
    the feed. A unit whose shifts somebody is changing is left for the next look; a bug of one unit does not stop the others.
    """
    with ledger.transaction(snapshot=True) as connection:
        late = sorted(unit for unit, each in store.standings(connection).items() if rules.must_tell(each, now))
    return sum(_tell(ledger, unit, now) for unit in late)


def _tell(ledger: Ledger, unit: UUID, now: datetime) -> bool:
    """Tell of one unit, unless somebody else does; whether it was told of."""
    try:
        with ledger.transaction() as connection:
            if not store.try_lock(connection, unit):
                return False
            standing = store.standing(connection, unit)
            if not rules.must_tell(standing, now):
                return False
            _write_down(connection, rules.told(standing, now), now)
        return True
    except psycopg.OperationalError:
        raise
    except Exception:
        log.exception("an overdue hand-over was not told of", unit=str(unit))
        return False


def _write_down(connection: Connection, standing: UnitShifts, now: datetime) -> None:
    """The line, the mark at the shift, and last the fact."""
    current, since = standing.current, rules.late_since(standing)
    assert current is not None, "a shift was late"
    assert since is not None, "it is late since then"
    kind, normal = (OVERRUN, NORMAL) if standing.handover else (MISSED, AWAITED)
    waited_min = int((now - since + normal) / timedelta(minutes=1))
    told = " · ".join(
        [f"{waited_min} min", *leaders.signed_on(connection, store.place_of(connection, standing.unit).area, now)]
    )
    duty_log.write(connection, kind, told, current.id, now)
    store.store(connection, current)
    change_log.append(connection, [store.fact(connection, standing)], None, now)
