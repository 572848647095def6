"""Whether clocks rang as they should: each that was due once, and again only after a further period.

A firing is remembered under an order id made of the clock and of how often it had fired (server/clock.py), so that the
moment of every one of them is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import chain, pairwise
from typing import Any
from uuid import UUID

import psycopg

from governance.clocks import OVERDUE_REPEATS
from governance.incident import TimerKind
from server.ledger.ids import order_id_of

_DUE = "SELECT id, fired FROM timer WHERE state = 'running' AND due_at <= now()"
_STAND = "SELECT id, kind, fired, limit_s FROM timer WHERE fired > 0"
_HEARD = "SELECT order_id, at FROM answered_order WHERE order_id = ANY(%s)"
_STEPS = "SELECT count(*) FROM incident_transition WHERE actor_kind = 'timer'"

Ledger = psycopg.Connection[Any]


def due_clocks(ledger: Ledger) -> dict[UUID, int]:
    """Clocks that are due now, and how often each has fired before."""
    return dict(ledger.execute(_DUE).fetchall())


def never(ledger: Ledger, due: Mapping[UUID, int]) -> int:
    """How many of the clocks that were due have not fired since, and are due yet; to end one is an answer too."""
    return sum(due.get(timer) == fired for timer, fired in ledger.execute(_DUE))


def too_often(ledger: Ledger, due: Mapping[UUID, int] | None = None) -> int:
    """How many firings came before a further period of their clock was over, and steps of clocks that no firing made.

    Of a clock in `due` only what came since counts: it may have been made due by hand.
    """
    since = due or {}
    with ledger.transaction():  # clocks go on ringing meanwhile
        ledger.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        clocks = [
            ([order_id_of("timer", timer, n) for n in range(fired)], kind, limit_s, since.get(timer, 0))
            for timer, kind, fired, limit_s in ledger.execute(_STAND)
        ]
        wanted = list(chain.from_iterable(order_ids for order_ids, _, _, _ in clocks))
        heard: dict[UUID, datetime] = dict(ledger.execute(_HEARD, (wanted,)).fetchall())
        ((steps,),) = ledger.execute(_STEPS).fetchall()
    early = 0
    for order_ids, kind, limit_s, known in clocks:
        period = timedelta(seconds=limit_s * (OVERDUE_REPEATS if kind == TimerKind.T7_RESOLVE else 1))
        rang = [heard[order_id] for order_id in order_ids[known:] if order_id in heard]
        early += sum(later - earlier < period for earlier, later in pairwise(rang))
    return early + abs(int(steps) - len(heard))
