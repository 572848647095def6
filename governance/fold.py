"""What the log of an incident adds up to: each step says which fields it changed, and together they are the incident."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum

from governance.incident import Incident
from governance.places import LonLat

_FIELDS = tuple(item.name for item in fields(Incident))
NOTHING = "-"
"""Stands for None: a word no field of an incident can hold, for a text is written with quotation marks."""


def words_of(incident: Incident | None) -> dict[str, str]:
    """Every field of an incident as a word that is equal exactly where the value is; {} where there is none."""
    if incident is None:
        return {}
    return {name: _word(getattr(incident, name)) for name in _FIELDS}


def became(before: Incident | None, after: Incident) -> dict[str, str]:
    """The fields that are another after a step, as words."""
    if before is None:
        return words_of(after)
    return {name: _word(getattr(after, name)) for name in _FIELDS if _differ(getattr(before, name), getattr(after, name))}


def folded(steps: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What the changes of all steps add up to: `words_of` the incident, where nobody touched either."""
    whole: dict[str, str] = {}
    for step in steps:
        whole |= step
    return whole


def _differ(old: object, new: object) -> bool:
    """Whether two values have different words: 0 and 0.0 are equal, and said otherwise."""
    return old is not new and (type(old) is not type(new) or old != new)


def _word(value: object) -> str:
    """One value as a word."""
    if value is None:
        return NOTHING
    kind = type(value)
    if kind is str:
        return f'"{value}"'
    if kind is float or kind is int:
        return repr(value)
    if kind is bool:
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, LonLat):
        return f"{value.lon!r} {value.lat!r}"
    return str(value)
