"""Keeps the rules, each version whole and for good, and reads any of them back into one frozen value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, get_type_hints
from uuid import UUID

import msgspec

from governance.categories import Category, Limit, ResponseCard, Stage, TimeUnit
from governance.incident import Urgency
from governance.rules import Calendar, DutyRow, FormerLimits, Rules, Spans
from server.ledger.copying import copy_rows
from server.ledger.local_day import local_day

if TYPE_CHECKING:
    from server.ledger.ledger import Connection

_QUEUE_KINDS = ["centre", "street_centre", "community_office"]
_CATEGORY = tuple(item.name for item in fields(Category))
_OWN = tuple(name for name in _CATEGORY if name != "parent")
"""What a version says of a category itself: its parent never changes."""
_ELSEWHERE = {"former_limits", "version", "categories", "limits", "duty_matrix", "calendar", "queue_units", "backstop_units"}
SETTINGS = {name: kind for name, kind in get_type_hints(Rules).items() if name not in _ELSEWHERE}
"""The fields of the rules that have no table of their own, and their types."""
FORMER_DAYS = 400
"""How long limits that are in force no more count for what was filed under them; a suspension lasts 180 days at most."""
_HALVES = "am_start, am_end, pm_start, pm_end"


@dataclass(frozen=True, slots=True)
class Version:
    """A version and when it takes force, UTC."""

    number: int
    since: datetime


def versions(connection: Connection) -> tuple[Version, ...]:
    """All versions, as they were loaded."""
    return tuple(Version(*row) for row in connection.execute("SELECT version, since FROM rules_version ORDER BY version"))


def version_in_force(connection: Connection, at: datetime) -> int:
    """The version in force at a moment: of those that began by then the one that began last, of two of a day the later load.

    Before the first began, the first; 0 in a ledger that was never seeded.
    """
    row = connection.execute(
        "SELECT version FROM rules_version ORDER BY since > %(at)s, CASE WHEN since <= %(at)s THEN since END DESC, "
        "CASE WHEN since <= %(at)s THEN version END DESC, since, version LIMIT 1",
        {"at": at},
    ).fetchone()
    return int(row[0]) if row else 0


def load(connection: Connection, version: int) -> Rules:
    """The rules of a version; whoever loads it, whenever, finds the same. LookupError where there is none of that number.

    Queues and back-stops are those of the units of the local day on which it takes force.
    """
    row = connection.execute("SELECT settings, since FROM rules_version WHERE version = %s", (version,)).fetchone()
    if row is None:
        raise LookupError(f"no rules of version {version}")
    settings: dict[str, Any] = row[0]
    queues, backstops = queues_and_backstops(connection, local_day(row[1]))
    return Rules(
        version=version,
        categories={category.code: category for category in _categories(connection, version)},
        limits=_limits(connection, version),
        duty_matrix=_duties(connection, version),
        calendar=_calendar(connection, version, settings["hours"]),
        queue_units=queues,
        backstop_units=backstops,
        former_limits=_former_limits(connection, Version(version, row[1])),
        **{name: msgspec.convert(settings[name], kind, strict=False) for name, kind in SETTINGS.items()},
    )


def at(connection: Connection, moment: datetime) -> Rules:
    """The rules in force at a moment, past or to come."""
    return load(connection, version_in_force(connection, moment))


def store(connection: Connection, rules: Rules, since: datetime) -> None:
    """The rules stand as the version they say, from then on; psycopg.Error where that number is taken or a row does not fit.

    `connection` is the owner's.
    """
    settings = {name: msgspec.to_builtins(getattr(rules, name), str_keys=True) for name in SETTINGS}
    settings["hours"] = [[start.isoformat(), end.isoformat()] for start, end in rules.calendar.hours]
    settings["reason_codes"] = {action: sorted(codes) for action, codes in rules.reason_codes.items()}
    connection.execute("INSERT INTO rules_version VALUES (%s, %s, %s::jsonb)", (rules.version, since, json.dumps(settings)))
    connection.cursor().executemany(
        "INSERT INTO category (code, parent) VALUES (%s, %s) ON CONFLICT (code) DO NOTHING",
        [(c.code, c.parent) for c in rules.categories.values()],
    )
    number = rules.version
    _put(connection, "category_version", f"{', '.join(_OWN)}, ord", number, _category_rows(rules))
    _put(connection, "category_sla", "category, area, urgency, stage, amount, unit, ord", number, _limit_rows(rules))
    duties = ((row.category, row.area, row.unit, row.duty, row.priority) for row in rules.duty_matrix)
    _put(connection, "duty_matrix", "category, area, unit, duty, priority", number, duties)
    _put(connection, "work_calendar", f"day, kind, {_HALVES}", number, _day_rows(rules.calendar))


def queues_and_backstops(connection: Connection, day: date) -> tuple[dict[str, UUID], dict[str, UUID]]:
    """The units whose queue an area is, and those that take what nobody owns, by area, on a local day."""
    rows = connection.execute(
        "SELECT coalesce((SELECT w.area_code FROM unit_was w WHERE w.unit = u.id AND w.until > %(day)s ORDER BY w.until "
        "LIMIT 1), u.area_code), u.id, u.kind, u.is_backstop FROM unit u WHERE u.valid @> %(day)s ORDER BY u.code",
        {"day": day},
    ).fetchall()
    queues = {area: unit for area, unit, kind, _ in rows if kind in _QUEUE_KINDS}
    return queues, {area: unit for area, unit, _, is_backstop in rows if is_backstop}


def _put(connection: Connection, table: str, columns: str, version: int, rows: Iterable[Sequence[Any]]) -> None:
    """The rows stand in the table as those of the version."""
    copy_rows(connection, table, f"version, {columns}", ((version, *row) for row in rows))


def _categories(connection: Connection, version: int) -> list[Category]:
    """The categories of a version, in the order of their file."""
    rows = connection.execute(
        f"SELECT {', '.join(_CATEGORY)} FROM category_version JOIN category USING (code) WHERE version = %s ORDER BY ord",
        (version,),
    )
    return [msgspec.convert(dict(zip(_CATEGORY, row, strict=True)), Category) for row in rows]


def _category_rows(rules: Rules) -> Iterable[Sequence[Any]]:
    """Rows of category_version."""
    for ordinal, category in enumerate(rules.categories.values()):
        yield (*(_column(getattr(category, name)) for name in _OWN), ordinal)


def _column(value: Any) -> Any:
    """A field of a category as a column takes it: a list is an array, a card is JSON."""
    if isinstance(value, ResponseCard):
        return json.dumps(msgspec.to_builtins(value))
    return list(value) if isinstance(value, tuple) else msgspec.to_builtins(value)


def _limits(connection: Connection, version: int) -> tuple[Limit, ...]:
    """The limits of a version, in the order of their file."""
    rows = connection.execute(
        "SELECT category, area, urgency, stage, amount, unit FROM category_sla WHERE version = %s ORDER BY ord", (version,)
    )
    return tuple(Limit(c, a, Urgency(u), Stage(s), amount, TimeUnit(unit)) for c, a, u, s, amount, unit in rows)


def _former_limits(connection: Connection, version: Version) -> tuple[FormerLimits, ...]:
    """The limits of the versions before one, each until the next began; those nobody can be bound by any more left out."""
    rows = connection.execute(
        "SELECT DISTINCT ON (since) version, since FROM rules_version WHERE (since, version) <= (%s, %s) "
        "ORDER BY since, version DESC",
        (version.since, version.number),
    ).fetchall()
    chain = [(_limits(connection, number), since) for number, since in rows]
    oldest = version.since - timedelta(days=FORMER_DAYS)
    return tuple(
        FormerLimits(until, limits)
        for (limits, _), (following, until) in pairwise(chain)
        if limits != following and until >= oldest
    )


def _limit_rows(rules: Rules) -> Iterable[Sequence[Any]]:
    """Rows of category_sla."""
    for ordinal, r in enumerate(rules.limits):
        yield r.category, r.area, int(r.urgency), r.stage.value, r.amount, r.unit.value, ordinal


def _duties(connection: Connection, version: int) -> tuple[DutyRow, ...]:
    """The duty matrix of a version."""
    rows = connection.execute(
        "SELECT category, area, unit, duty, priority FROM duty_matrix WHERE version = %s "
        "ORDER BY category, area, duty, priority, unit",
        (version,),
    )
    return tuple(DutyRow(*row) for row in rows)


def _calendar(connection: Connection, version: int, hours: list[list[str]]) -> Calendar:
    """Working hours, and the days that differ from Monday to Friday or from those hours."""
    rows = connection.execute(f"SELECT day, kind, {_HALVES} FROM work_calendar WHERE version = %s ORDER BY day", (version,))
    days: list[tuple[date, str, *tuple[time | None, ...]]] = rows.fetchall()
    own = tuple((day, spans) for day, _, *halves in days if (spans := _spans(halves)))
    return Calendar(
        hours=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in hours),
        rest_days=frozenset(day for day, kind, *_ in days if kind == "rest" and day.weekday() < 5),
        makeup_days=frozenset(day for day, kind, *_ in days if kind != "rest" and day.weekday() >= 5),
        day_hours=own,
    )


def _day_rows(calendar: Calendar) -> Iterable[Sequence[Any]]:
    """Rows of work_calendar: the days that differ, the hours only where they are the day's own."""
    own = dict(calendar.day_hours)
    for day in sorted(calendar.rest_days | calendar.makeup_days | own.keys()):
        kind = "rest" if day in calendar.rest_days else "makeup_work" if day in calendar.makeup_days else "work"
        spans = own.get(day, ())
        yield day, kind, *(moment for span in spans[:2] for moment in span), *(None,) * (4 - 2 * len(spans))


def _spans(halves: Sequence[time | None]) -> Spans:
    """The spans of a day from its four columns."""
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return tuple((start, end) for start, end in pairs if start is not None and end is not None)
