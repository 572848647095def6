"""Reads limits, duties, days and settings out of what an administrator wrote; every mistake is noted, none is guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time
from itertools import pairwise
from uuid import UUID

from governance.categories import Limit, Stage, TimeUnit
from governance.incident import SupervisionGrade, Urgency
from governance.mistakes import Mistake, Path, Row, time_of
from governance.places import Level, level_of
from governance.rules import Calendar, DutyRow, Rules, Spans

NEEDED_EVERYWHERE = frozenset(Stage) - {Stage.VERIFY}
"""Stages that need a limit for every urgency and every category."""

REASONED = ("reject", "decline")
"""Actions whose reason is chosen from a list."""

DUTIES = ("lead", "assist", "check")
DAY_KINDS = ("work", "rest", "makeup_work")
LIMIT_FIELDS = ("category", "area", "stage", "urgency", "amount", "unit")
DUTY_FIELDS = ("category", "area", "unit", "duty", "priority")
DAY_FIELDS = ("day", "kind", "am_start", "am_end", "pm_start", "pm_end")
MOST_AMOUNT = 100_000.0
NO_UNIT = UUID(int=0)
"""Stands in a row whose unit is not known; such rows are noted, and go no further."""

_SHORTENED = re.compile(r"[0-9.]+E\+[0-9]+", re.IGNORECASE)
"""What a spreadsheet makes of a long code."""
_NUMBERS = ("reopen_days", "reconsider_days", "unmerge_hours", "undo_merge_minutes")
_COUNTS = ("widen_step", "widen_most")
_TABLES = ("supervision_hours", "suspend_days", "candidate_weights")
SETTING_FIELDS = ("ladder", "hours", "sample_percent", "plan_areas", *_COUNTS, *_NUMBERS, *_TABLES)


def read_limits(rows: list[Row], categories: frozenset[str]) -> tuple[Limit, ...]:
    """Limits in order; `categories` are the codes they may name."""
    found: dict[tuple[str, str, Urgency, Stage], tuple[Limit, Path]] = {}
    for row in rows:
        noted = len(row.mistakes)
        row.only(LIMIT_FIELDS)
        category, area = _category(row, categories), _area(row)
        stage, urgency = row.named(Stage, "stage", Stage.RESOLVE), row.named(Urgency, "urgency", Urgency.NORMAL)
        amount = row.number("amount", 0.0, most=MOST_AMOUNT, above=True)
        limit = Limit(category, area, urgency, stage, amount, row.named(TimeUnit, "unit", TimeUnit.MINUTE))
        key = (category, area, urgency, stage)
        if len(row.mistakes) > noted:  # what is wrong clashes with nothing
            continue
        if key in found:
            row.wrong("limit_twice", "", found[key][1])
        else:
            found[key] = limit, row.path
    return tuple(limit for limit, _ in found.values())


def read_duties(
    rows: list[Row], categories: frozenset[str], units: Mapping[str, UUID], areas: frozenset[str] | None
) -> tuple[DutyRow, ...]:
    """Rows of the duty matrix. `units`: ids by code; `areas`: the codes there are, None where nobody knows them."""
    found: dict[tuple[str, str, UUID, str], Path] = {}
    leads: dict[tuple[str, str], Path] = {}
    duties: list[DutyRow] = []
    for row in rows:
        row.only(DUTY_FIELDS)
        category, area, code = _category(row, categories), _area(row, areas), row.text("unit", needed=True)
        unit = units.get(code, NO_UNIT)
        if code and unit is NO_UNIT:
            row.wrong("unit_unknown", "unit", unit=code)
        duty = row.one_of("duty", DUTIES)
        duties.append(DutyRow(category, area, unit, duty, row.whole("priority", 0) if row.raw.get("priority") else 0))
        if unit is NO_UNIT:
            continue
        if (category, area, unit, duty) in found:
            row.wrong("duty_twice", "", found[category, area, unit, duty])
        elif duty == "lead" and (category, area) in leads:
            row.wrong("two_leads", "", leads[category, area], category=category or "*", area=area)
        found.setdefault((category, area, unit, duty), row.path)
        if duty == "lead":
            leads.setdefault((category, area), row.path)
    return tuple(sorted(duties, key=lambda each: (each.category, each.area, each.duty, each.priority, each.unit)))


def read_days(rows: list[Row], calendar: Calendar) -> Calendar:
    """The calendar with these days instead of its own; a day that only says what its weekday says is left out."""
    days: dict[date, tuple[str, Spans]] = {}
    places: dict[date, Path] = {}
    for row in rows:
        row.only(DAY_FIELDS)
        day, kind = row.day("day"), row.one_of("kind", DAY_KINDS)
        spans = _halves(row)
        if kind == "rest" and spans:
            row.wrong("rest_with_hours", "am_start" if row.raw.get("am_start") else "pm_start")
        if day is None:
            continue
        if day in days:
            row.wrong("day_twice", "day", places[day], day=day)
        days.setdefault(day, (kind, spans))
        places.setdefault(day, row.path)
    return replace(
        calendar,
        rest_days=frozenset(day for day, (kind, _) in days.items() if kind == "rest" and day.weekday() < 5),
        makeup_days=frozenset(day for day, (kind, _) in days.items() if kind != "rest" and day.weekday() >= 5),
        day_hours=tuple((day, spans) for day, (_, spans) in sorted(days.items()) if spans),
    )


def read_settings(row: Row, rules: Rules) -> Rules:
    """The rules with the settings that are named; the others stay."""
    row.only(SETTING_FIELDS)
    changed: dict[str, object] = {}
    if "ladder" in row.raw:
        changed["ladder"] = _ladder(row) or rules.ladder
    if "hours" in row.raw:
        changed["calendar"] = replace(rules.calendar, hours=_hours(row) or rules.calendar.hours)
    if "sample_percent" in row.raw:
        changed["sample_percent"] = row.number("sample_percent", 100.0, most=100.0)
    changed |= {name: row.whole(name, 1, least=1, most=100) for name in _COUNTS if name in row.raw}
    changed |= {name: row.number(name, 1.0, most=3_650.0) for name in _NUMBERS if name in row.raw}
    if "plan_areas" in row.raw:
        areas = row.words("plan_areas")
        for area in areas:
            if not _is_area(area):
                row.wrong("area_unknown", "plan_areas", area=area)
        changed["plan_areas"] = areas
    hours = row.row("supervision_hours")
    if hours is not None:
        grades = {grade.name.lower(): rules.supervision_hours[grade] for grade in SupervisionGrade}
        changed["supervision_hours"] = (0.0, *_numbers(hours, grades, above=True).values())
    for name in ("suspend_days", "candidate_weights"):
        table = row.row(name)
        if table is not None:
            changed[name] = _numbers(table, getattr(rules, name), above=name == "suspend_days")
    return replace(rules, **changed)  # type: ignore[arg-type]


def read_reasons(row: Row) -> dict[str, frozenset[str]]:
    """The codes a reason is chosen from, by action."""
    row.only(REASONED)
    found: dict[str, frozenset[str]] = {}
    for action in REASONED:
        codes = row.words(action)
        if not codes or not all(code.isidentifier() and code.isascii() for code in codes):
            row.wrong("reasons_wrong", action if action in row.raw else "", field=action)
        found[action] = frozenset(codes)
    return found


def _category(row: Row, known: frozenset[str]) -> str:
    """The category a row names; empty for any."""
    code = row.text("category")
    if code and code not in known:
        meant = [each for each in (f"0{code}", f"0{code}0", f"{code}0") if each in known]
        if meant:  # not guessed: 1.1 was 01.10 or 1.10, and only who wrote it knows
            row.wrong("zero_lost", "category", category=code, known=", ".join(meant))
        else:
            row.wrong("category_unknown", "category", category=code)
    return code


def _area(row: Row, known: frozenset[str] | None = None) -> str:
    """The area a row names; empty for the whole district."""
    area = row.text("area")
    if _SHORTENED.fullmatch(area):
        row.wrong("code_shortened", "area", area=area)
    elif area and (not _is_area(area) or (known is not None and area not in known)):
        row.wrong("area_unknown", "area", area=area)
    return area


def _is_area(code: str) -> bool:
    try:
        level_of(code)
    except ValueError:
        return False
    return code.isascii()


def _halves(row: Row) -> Spans:
    """The hours of a day of its own: morning and afternoon, either of which may be left out."""
    spans: list[tuple[time, time]] = []
    for half in ("am", "pm"):
        start, end = row.moment(f"{half}_start"), row.moment(f"{half}_end")
        if start is not None and end is not None:
            spans.append((start, end))
        elif (row.raw.get(f"{half}_start") or "") != (row.raw.get(f"{half}_end") or "") and (start is None) != (end is None):
            row.wrong("half_a_span", f"{half}_start")
    if not are_apart(spans):
        row.wrong("spans_overlap", "pm_start")
    return tuple(spans)


def are_apart(spans: list[tuple[time, time]]) -> bool:
    """Whether each span begins after the one before has ended; the last may pass midnight, but not into the first."""
    if any(following[0] < span[1] or span[1] <= span[0] for span, following in pairwise(spans)):
        return False
    return len(spans) < 2 or spans[-1][1] > spans[-1][0] or spans[-1][1] <= spans[0][0]


def _hours(row: Row) -> Spans:
    """The hours of every working day: [["08:30", "12:00"], ["13:30", "17:30"]]."""
    value = row.raw["hours"]
    pairs = value if isinstance(value, list) and value else [()]
    spans: list[tuple[time, time]] = []
    for pair in pairs:
        found = [time_of(each) for each in pair if isinstance(each, str)] if isinstance(pair, list) else []
        if len(found) != 2 or found[0] is None or found[1] is None:
            row.wrong("hours_wrong", "hours")
            return ()
        spans.append((found[0], found[1]))
    if not are_apart(spans):
        row.wrong("spans_overlap", "hours")
    return tuple(spans)


def _ladder(row: Row) -> tuple[Level, ...]:
    """The rungs from the lowest up."""
    words = row.words("ladder", [level.name.lower() for level in Level])
    rungs = tuple(Level[word.upper()] for word in words if word.upper() in Level.__members__)
    if list(rungs) != sorted(set(rungs)) or len(rungs) < 2 or (rungs and rungs[-1] is not Level.DISTRICT):
        row.wrong("ladder_wrong", "ladder")
    return rungs


def _numbers(row: Row, known: Mapping[str, float], above: bool) -> dict[str, float]:
    """Numbers by name; those that are not named stay."""
    row.only(known)
    least = 0.0 if above else -1_000.0
    return {name: row.number(name, value, least, 100_000.0, above) for name, value in known.items()}


def incomplete(limits: tuple[Limit, ...]) -> list[Mistake]:
    """Stages that no limit is set for where no closer one fits."""
    held = {(limit.urgency, limit.stage) for limit in limits if not limit.category and not limit.area}
    return [
        Mistake((), "limit_missing", {"stage": stage.value, "urgency": urgency.name.lower()})
        for stage in Stage
        for urgency in Urgency
        if stage in NEEDED_EVERYWHERE and (urgency, stage) not in held
    ]
