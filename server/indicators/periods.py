"""Months that are frozen: what they came to stands for good, and is computed again to the byte from the log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import psycopg
from psycopg.types.json import Jsonb

from governance.indicators import Boundaries, Month, require_freezer
from governance.people import Officer
from governance.places import CODE_DIGITS, Level
from governance.refusal import Refused
from server.indicators.computing import Value, compute
from server.ledger.copying import copy_rows

if TYPE_CHECKING:
    from server.ledger.ledger import Connection, Ledger

LEVELS = tuple(CODE_DIGITS[level] for level in (Level.DISTRICT, Level.STREET, Level.COMMUNITY))
"""Lengths of the codes of the areas that are frozen: district, streets, communities; and every unit that led."""
_COLUMNS = "subject, code, num, den, raw, value, persons, ids_hash"
LOCK = 0x67776576


@dataclass(frozen=True, slots=True)
class Period:
    """A month that is frozen."""

    month: Month
    state: str
    """frozen or published."""
    frozen_at: datetime
    digest: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """What a frozen figure is now; None where there was none, or is none any more."""

    boundaries: Boundaries
    frozen: Value | None
    now: Value | None


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of computing a frozen month again."""

    period: Period
    is_same: bool
    """The figures as of the moment it was frozen are those that stand, to the byte."""
    broken: tuple[Difference, ...]
    """Those that are not: the ledger or the frozen figures were tampered with."""
    later: tuple[Difference, ...]
    """What differs as the ledger stands now: late changes, which are told and never written over."""


Figures = dict[Boundaries, tuple[Value, ...]]
Permit = Callable[["Connection"], None]


def find(connection: Connection, month: Month) -> Period | None:
    """The month, where it is frozen."""
    row = connection.execute("SELECT state, frozen_at, digest FROM eval_period WHERE month = %s", (month.first,)).fetchone()
    return None if row is None else Period(month, row[0], row[1], bytes(row[2]))


def frozen_values(connection: Connection, month: Month, boundaries: Boundaries) -> tuple[Value, ...]:
    """What a frozen month came to, by subject and code; nothing where it is open."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM eval_value WHERE month = %s AND boundaries = %s "
        'ORDER BY subject COLLATE "C", code COLLATE "C"',
        (month.first, boundaries.value),
    )
    return tuple(Value(s, c, n, d, r, v, p, bytes(ids)) for s, c, n, d, r, v, p, ids in rows)


def digest_of(figures: Figures) -> bytes:
    """SHA-256 over every figure with its ids, in order: equal exactly where all of them are."""
    digest = hashlib.sha256()
    for boundaries in Boundaries:
        for each in figures[boundaries]:
            numbers = (each.num, each.den, each.raw, each.value)
            words = [boundaries.value, each.subject, each.code, *("-" if n is None else f"{n:f}" for n in numbers)]
            words += [str(each.persons), (each.ids_hash or b"").hex()]
            digest.update("\t".join(words).encode() + b"\n")
    return digest.digest()


def signatures(connection: Connection, month: Month) -> tuple[datetime, str, datetime | None, str] | None:
    """Of a frozen month: when it was frozen and by whom, when it was published and by whom; None where it is open."""
    row = connection.execute(
        "SELECT p.frozen_at, f.name, p.published_at, coalesce(s.name, '') FROM eval_period p "
        "JOIN staff f ON f.id = p.frozen_by LEFT JOIN staff s ON s.id = p.published_by WHERE p.month = %s",
        (month.first,),
    ).fetchone()
    return None if row is None else (row[0], row[1], row[2], row[3])


def freeze(
    ledger: Ledger, month: Month, officer: Officer, os_user: str, now: datetime, permit: Permit = lambda _connection: None
) -> Period:
    """The month stands for good, and who froze it is on record; Refused where it may not be, or runs, or is frozen.

    Slow: every level is computed by both boundaries, with the ids each figure was counted from. `permit` may refuse inside
    the transaction.
    """
    require_freezer(officer)
    if now < month.end:
        raise Refused("month_not_over", "month", month=str(month))
    try:
        return _freeze(ledger, month, officer, os_user, now, permit)
    except psycopg.errors.UniqueViolation as problem:  # this reading began before somebody else's freezing was done
        raise Refused("month_frozen", "month", month=str(month)) from problem
    except psycopg.errors.LockNotAvailable as problem:
        raise Refused("month_busy", "month", month=str(month)) from problem


def _freeze(ledger: Ledger, month: Month, officer: Officer, os_user: str, now: datetime, permit: Permit) -> Period:
    """The same in one transaction, in which everything is of one moment."""
    with ledger.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        permit(connection)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        if find(connection, month) is not None:
            raise Refused("month_frozen", "month", month=str(month))
        figures = _figures(connection, month, now)
        digest = digest_of(figures)
        connection.execute(
            "INSERT INTO eval_period (month, state, frozen_at, frozen_by, digest) VALUES (%s, 'frozen', %s, %s, %s)",
            (month.first, now, officer.staff, digest),
        )
        for boundaries, values in figures.items():
            rows = ((month.first, boundaries.value, *_row(each)) for each in values)
            copy_rows(connection, "eval_value", f"month, boundaries, {_COLUMNS}", rows)
        log_act(connection, "freeze", month, officer, os_user, now, {"digest": digest.hex()})
        return Period(month, "frozen", now, digest)


def publish(
    ledger: Ledger, month: Month, officer: Officer, os_user: str, now: datetime, permit: Permit = lambda _connection: None
) -> None:
    """The month is published, for good; Refused where it is not frozen, or is published."""
    require_freezer(officer)
    with ledger.transaction() as connection:
        permit(connection)
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        period = find(connection, month)
        if period is None:
            raise Refused("month_open", "month", month=str(month))
        if period.state == "published":
            raise Refused("month_published", "month", month=str(month))
        connection.execute(
            "UPDATE eval_period SET state = 'published', published_at = %s, published_by = %s WHERE month = %s",
            (now, officer.staff, month.first),
        )
        log_act(connection, "publish", month, officer, os_user, now, {})


def verify(ledger: Ledger, month: Month, now: datetime) -> Verified:
    """A frozen month computed again: as of the moment it was frozen, and as the ledger stands now. Refused where it is open."""
    with ledger.transaction() as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        period = find(connection, month)
        if period is None:
            raise Refused("month_open", "month", month=str(month))
        stands = {boundaries: frozen_values(connection, month, boundaries) for boundaries in Boundaries}
        then, today = _figures(connection, month, period.frozen_at), _figures(connection, month, now)
    is_same = digest_of(then) == period.digest == digest_of(stands)
    return Verified(period, is_same, differences(stands, then), differences(stands, today))


def differences(frozen: Figures, other: Figures) -> tuple[Difference, ...]:
    """The figures that are not the same, or were counted from other ids."""
    found: list[Difference] = []
    for boundaries in Boundaries:
        old = {(each.subject, each.code): each for each in frozen[boundaries]}
        new = {(each.subject, each.code): each for each in other[boundaries]}
        keys = sorted(old.keys() | new.keys())
        found += [Difference(boundaries, old.get(k), new.get(k)) for k in keys if old.get(k) != new.get(k)]
    return tuple(found)


def log_act(
    connection: Connection, act: str, month: Month, officer: Officer | None, os_user: str, now: datetime, detail: dict[str, str]
) -> None:
    """Who did what with a month is on record."""
    connection.execute(
        "INSERT INTO eval_act (at, act, month, staff, os_user, detail) VALUES (%s, %s, %s, %s, %s, %s)",
        (now, act, month.first, officer.staff if officer else None, os_user, Jsonb(detail)),
    )


def _figures(connection: Connection, month: Month, cut: datetime) -> Figures:
    """Everything a month comes to as of a moment."""
    return {each: compute(connection, month, cut, each, "", LEVELS, with_ids=True) for each in Boundaries}


def _row(value: Value) -> Sequence[object]:
    """The columns of a value."""
    assert value.ids_hash is not None, "computed with its ids"
    return value.subject, value.code, value.num, value.den, value.raw, value.value, value.persons, value.ids_hash
