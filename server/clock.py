"""The clock process: timers that ran out are fired, and rules that come into force told of, each once, whoever is killed.

A timer is claimed by locking its incident (SKIP LOCKED) and fired in the same transaction under an order id derived
from the timer and how often it had fired, so that a repeat finds its own answer.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import psycopg
import structlog

from governance.commands import TimerFired
from governance.lifecycle import SYSTEM_OFFICER
from governance.refusal import Refused
from server.boundaries.turning import Turner
from server.handling.order_book import enter
from server.ledger import chain_watch, rules_turn, timers
from server.ledger.chain_watch import Looked
from server.ledger.ids import order_id_of
from server.ledger.ledger import Ledger
from server.shifts import watch as shifts_watch

LOOK_EVERY_S = 0.2
AFTER_TROUBLE_S = 1.0
REFUSED_ASIDE = timedelta(minutes=10)
FAILED_ASIDE = timedelta(minutes=1)
LAID_ASIDE_LIMIT = 1_000
SHIFTS_EVERY_S = 5.0
CHAINS_EVERY_S = 300.0
CHAINS_GOING_ON_S = 1.0
CHAINS_AT_ONCE = 10
CHAINS_BACK = timedelta(hours=24)
"""Every five minutes the logs of what changed within a day are checked, a few a second."""

LaidAside = dict[timers.Standing, datetime]
"""Timers that could not be fired as they stand, and until when they are passed over."""

log = structlog.get_logger()


def fire_due(ledger: Ledger, now: datetime, laid_aside: LaidAside | None = None) -> int:
    """Fire every timer that is due; how many.

    Those a rule refuses, and those a bug keeps from firing, are laid aside for a while or until they change.
    """
    fired = 0
    aside = laid_aside if laid_aside is not None else {}
    for standing in [standing for standing, until in aside.items() if until <= now]:
        del aside[standing]
    while True:
        claimed = _fire_one(ledger, now, aside)
        if claimed is None:
            return fired
        fired += claimed


def run(ledger: Ledger, ready: Callable[[], None], stop: threading.Event, turner: Turner | None = None) -> None:
    """Look five times a second until told to stop; changes of boundaries come into force by `turner`."""
    laid_aside: LaidAside = {}
    looked: Looked | None = None
    look_at, shifts_at = time.monotonic() + CHAINS_EVERY_S, 0.0
    ready()
    while not stop.wait(LOOK_EVERY_S):
        try:
            version = rules_turn.turn(ledger, datetime.now(UTC))
            if version is not None:
                log.info("rules came into force", version=version)
            fire_due(ledger, datetime.now(UTC), laid_aside)
            if time.monotonic() >= shifts_at:
                shifts_watch.look(ledger, datetime.now(UTC))
                turn_boundaries(turner, datetime.now(UTC))
                shifts_at = time.monotonic() + SHIFTS_EVERY_S
            if time.monotonic() >= look_at:
                looked = look_at_chains(ledger, looked or Looked(datetime.now(UTC) - CHAINS_BACK))
                look_at = time.monotonic() + (CHAINS_GOING_ON_S if looked else CHAINS_EVERY_S)
        except psycopg.OperationalError as problem:
            log.warning("ledger unreachable", problem=str(problem)[:200])
            stop.wait(AFTER_TROUBLE_S)
        if len(laid_aside) > LAID_ASIDE_LIMIT:
            laid_aside.clear()


def turn_boundaries(turner: Turner | None, now: datetime) -> None:
    """Whatever change of boundaries is due comes into force; a bug of one keeps no clock from going."""
    if turner is None:
        return
    try:
        turner.turn(now)
    except psycopg.OperationalError:
        raise
    except Exception:
        log.exception("boundaries not changed")


def look_at_chains(ledger: Ledger, looked: Looked) -> Looked | None:
    """Check the logs of some recent incidents, telling of broken ones; how far it came, None when through."""
    try:
        came, broken = chain_watch.look(ledger, looked, CHAINS_AT_ONCE)
    except psycopg.OperationalError:
        raise
    except Exception:  # a bug of the look; the clocks go on
        log.exception("chains not looked at")
        return None
    for incident, seq in broken.items():
        log.error("the log of an incident is broken", incident=str(incident), seq=seq)
    return came


def _fire_one(ledger: Ledger, now: datetime, aside: LaidAside) -> int | None:
    """Fire the timer that is due longest: 1, or 0 where a rule refused it; None where none is due."""
    due = None
    try:
        with ledger.transaction() as connection:
            due = timers.claim(connection, now, aside)
            if due is None:
                return None
            command = TimerFired(due.timer, due.kind, due.fired)
            order_id = order_id_of("timer", due.timer, due.fired)
            entered = enter(ledger, connection, order_id, due.incident, 0, command, SYSTEM_OFFICER, now)
        if entered.case is None:  # another clock was faster by a moment: it stands otherwise already
            aside[due.standing] = now + FAILED_ASIDE
            return 0
        return 1
    except Refused as no:
        assert due is not None
        log.warning("a timer was refused", timer=str(due.timer), kind=due.kind.value, code=no.code)
        aside[due.standing] = now + REFUSED_ASIDE
        return 0
    except psycopg.OperationalError:
        raise
    except Exception:
        if due is None:
            raise
        log.exception("a timer failed", timer=str(due.timer), kind=due.kind.value)  # a bug; the other clocks go on
        aside[due.standing] = now + FAILED_ASIDE
        return 0
