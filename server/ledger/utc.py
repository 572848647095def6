"""Times as the ledger gives them back: in UTC, so that what was stored and what is read are the same to the byte."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def in_utc(value: T) -> T:
    """A frozen value with every time in it in UTC, also in what it holds; a time without a zone stays as it is."""
    changed: Any = _changed(value)
    return value if changed is None else changed


def _changed(value: Any) -> Any:
    """The value with its times in UTC; None where nothing is another."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo not in (None, UTC) else None
    if isinstance(value, tuple):
        each = [_changed(item) for item in value]
        return tuple(new if new is not None else old for new, old in zip(each, value, strict=True)) if any(each) else None
    if is_dataclass(value) and not isinstance(value, type):
        found = {item.name: new for item in fields(value) if (new := _changed(getattr(value, item.name))) is not None}
        return replace(value, **found) if found else None
    return None
