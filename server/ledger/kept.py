"""Values as the ledger gives them back, so that what was stored and what is read are the same to the byte.

Times come back in UTC, nought without a sign (JSON from the database says -0, which is read as 0), and what may have a fraction
as such a number even where it has none.
"""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")


def as_kept(value: T) -> T:
    """A frozen value with every time in it in UTC and every nought plain, also in what it holds.

    A time without a zone stays as it is.
    """
    changed: Any = _changed(value)
    return value if changed is None else changed


def _changed(value: Any) -> Any:
    """The value with its times in UTC and its noughts plain; None where nothing is another."""
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo not in (None, UTC) else None
    if isinstance(value, float):
        return 0.0 if value == 0 and math.copysign(1.0, value) < 0 else None
    if isinstance(value, tuple):
        each = [_changed(item) for item in value]
        if all(new is None for new in each):
            return None
        return tuple(old if new is None else new for new, old in zip(each, value, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        found = {item.name: new for item in fields(value) if (new := _field(item.type, getattr(value, item.name))) is not None}
        return replace(value, **found) if found else None
    return None


def _field(kind: Any, value: Any) -> Any:
    """The same of a field: a whole number where the field holds any is the number the ledger gives back."""
    return float(value) if kind in ("float", float) and type(value) is int else _changed(value)
