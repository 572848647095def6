"""Reads the rules in force from their tables into one frozen value."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from governance.categories import Category, CheckMode, Limit, Stage, TimeUnit
from governance.incident import Magnitude, Nature, Urgency
from governance.places import Level
from governance.rules import Calendar, DutyRow, Rules
from server.ledger.local_day import local_day

if TYPE_CHECKING:
    from server.ledger.ledger import Connection

_QUEUE_KINDS = ["centre", "street_centre", "community_office"]


def version_in_force(connection: Connection) -> int:
    """The newest version; 0 in a ledger that was never seeded."""
    row = connection.execute("SELECT coalesce(max(version), 0) FROM rules_version").fetchone()
    assert row is not None
    return int(row[0])


def load(connection: Connection, version: int) -> Rules:
    """The rules of a version: what was valid on the day it began, so that whoever loads it finds the same.

    What becomes valid later takes a further version. LookupError where there is none of that number.
    """
    row = connection.execute("SELECT settings, since FROM rules_version WHERE version = %s", (version,)).fetchone()
    if row is None:
        raise LookupError(f"no rules of version {version}")
    settings: dict[str, Any] = row[0]
    day = local_day(row[1])
    queue = connection.execute(
        "SELECT area_code, id FROM unit WHERE kind = ANY(%s) AND valid @> %s ORDER BY code", (_QUEUE_KINDS, day)
    ).fetchall()
    backstop = connection.execute(
        "SELECT area_code, id FROM unit WHERE is_backstop AND valid @> %s ORDER BY code", (day,)
    ).fetchall()
    return Rules(
        version=version,
        categories={category.code: category for category in _categories(connection)},
        limits=_limits(connection, day),
        duty_matrix=tuple(
            DutyRow(*row)
            for row in connection.execute(
                "SELECT category, area, unit, duty, priority FROM duty_matrix WHERE valid @> %s "
                "ORDER BY category, area, duty, priority, unit",
                (day,),
            )
        ),
        calendar=_calendar(connection, settings["hours"]),
        queue_units=dict(queue),
        backstop_units=dict(backstop),
        ladder=tuple(Level(level) for level in settings["ladder"]),
        reason_codes={action: frozenset(codes) for action, codes in settings["reason_codes"].items()},
        candidate_weights={name: float(weight) for name, weight in settings["candidate_weights"].items()},
    )


def _categories(connection: Connection) -> list[Category]:
    """All categories, in the order of their file."""
    rows = connection.execute(
        "SELECT code, name_zh, name_en, parent, nature, icon, platform, magnitude, first_level, check_mode, skills, "
        "evidence, sensitive, merge_radius_m, merge_window_h FROM category ORDER BY ord"
    )
    return [_category(*row) for row in rows]


def _category(code: str, zh: str, en: str, parent: str, nature: str, icon: str, platform: str, *rest: Any) -> Category:
    """One row as a category."""
    magnitude, level, check, skills, evidence, sensitive, radius_m, window_h = rest
    return Category(
        code,
        zh,
        en,
        parent,
        Nature(nature),
        icon,
        platform,
        Magnitude(magnitude),
        Level(level),
        CheckMode(check),
        tuple(skills),
        evidence,
        sensitive,
        radius_m,
        window_h,
    )


def _limits(connection: Connection, day: date) -> tuple[Limit, ...]:
    """The limits of a day, in the order of their file."""
    rows = connection.execute(
        "SELECT category, area, urgency, stage, amount, unit FROM category_sla WHERE valid @> %s ORDER BY ord", (day,)
    )
    return tuple(Limit(c, a, Urgency(u), Stage(s), amount, TimeUnit(unit)) for c, a, u, s, amount, unit in rows)


def _calendar(connection: Connection, hours: list[list[str]]) -> Calendar:
    """Working hours, and the days that differ from Monday to Friday."""
    days: list[tuple[date, str]] = connection.execute("SELECT day, kind FROM work_calendar").fetchall()
    return Calendar(
        hours=tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in hours),
        rest_days=frozenset(day for day, kind in days if kind == "rest" and day.weekday() < 5),
        makeup_days=frozenset(day for day, kind in days if kind != "rest" and day.weekday() >= 5),
    )
