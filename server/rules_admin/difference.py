"""What differs between two sets of rules, line by line: read before anybody says yes, and kept on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum, IntEnum
from uuid import UUID

from governance.categories import Category
from governance.rules import Calendar, Rules
from server.ledger.rules_store import SETTINGS

LONGEST = 120
"""Letters of a value that are shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that differs: a code of words.DIFFERENCE and its parameters."""

    code: str
    params: dict[str, str]


def differences(old: Rules, new: Rules, unit_codes: Mapping[UUID, str]) -> list[Line]:
    """Everything that differs, in the order categories, limits, duties, days, settings; none where they mean the same."""
    return [
        *_categories(old, new),
        *_lines("limit", _limits(old), _limits(new)),
        *_lines("duty", _duties(old, unit_codes), _duties(new, unit_codes)),
        *_lines("day", _days(old.calendar), _days(new.calendar)),
        *_settings(old, new),
    ]


def _categories(old: Rules, new: Rules) -> Iterable[Line]:
    """Categories that came, went, or say something else."""
    for code in sorted(old.categories.keys() | new.categories.keys()):
        before, after = old.categories.get(code), new.categories.get(code)
        if before is None or after is None:
            one = before or after
            assert one is not None
            yield Line("category_new" if before is None else "category_gone", {"code": code, "name": one.name_zh})
            continue
        for field in fields(Category):
            was, becomes = getattr(before, field.name), getattr(after, field.name)
            if was != becomes:
                values = {"old": shown(was), "new": shown(becomes)}
                yield Line("category_changed", {"code": code, "field": field.name, **values})


def _limits(rules: Rules) -> dict[str, str]:
    """Limits by what they are of."""
    return {
        f"{limit.category or '*'} {limit.area or '*'} {limit.stage.value} {limit.urgency.name.lower()}": (
            f"{limit.amount:g} {limit.unit.value}"
        )
        for limit in rules.limits
    }


def _duties(rules: Rules, unit_codes: Mapping[UUID, str]) -> dict[str, str]:
    """Duties by category, area, duty and unit; a lead by what it leads, so that a change of the unit is one line."""
    found: dict[str, str] = {}
    for row in rules.duty_matrix:
        unit = unit_codes.get(row.unit, str(row.unit))
        place = f"{row.category or '*'} {row.area or '*'} {row.duty}"
        if row.duty == "lead":
            found[place] = f"{unit} {row.priority}"
        else:
            found[f"{place} {unit}"] = str(row.priority)
    return found


def _days(calendar: Calendar) -> dict[str, str]:
    """Days that differ from Monday to Friday, or from the hours of every day."""
    own = dict(calendar.day_hours)
    days: dict[date, str] = dict.fromkeys(own, "work")
    days |= dict.fromkeys(calendar.makeup_days, "makeup_work")
    days |= dict.fromkeys(calendar.rest_days, "rest")
    return {day.isoformat(): " ".join([kind, *spans_shown(own.get(day, ()))]) for day, kind in sorted(days.items())}


def _settings(old: Rules, new: Rules) -> Iterable[Line]:
    """Settings, the hours of every day among them."""
    hours = " ".join(spans_shown(old.calendar.hours)), " ".join(spans_shown(new.calendar.hours))
    pairs = [("hours", *hours)] + [(name, shown(getattr(old, name)), shown(getattr(new, name))) for name in SETTINGS]
    for name, was, becomes in pairs:
        if was != becomes:
            yield Line("setting_changed", {"key": name, "old": was, "new": becomes})


def _lines(kind: str, old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[Line]:
    """What came, went, or has another value."""
    for key in sorted(old.keys() | new.keys()):
        was, becomes = old.get(key), new.get(key)
        if was == becomes:
            continue
        change = "new" if was is None else "gone" if becomes is None else "changed"
        yield Line(f"{kind}_{change}", {"key": key, "old": was or "", "new": becomes or ""})


def spans_shown(spans: Iterable[tuple[object, object]]) -> list[str]:
    """08:30-12:00."""
    return [f"{str(start)[:5]}-{str(end)[:5]}" for start, end in spans]


def shown(value: object) -> str:
    """A value in a few words."""
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, tuple | list):
        text = ", ".join(shown(each) for each in value)
    elif isinstance(value, dict):
        text = ", ".join(f"{key} {shown(each)}" for key, each in sorted(value.items()))
    elif isinstance(value, float):
        text = f"{value:g}"
    else:
        text = "-" if value in (None, "") else str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
