"""Indicators from the transition log alone, in plain Python: what the ledger's SQL has to agree with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from governance.deadline import later
from governance.indicators import Month
from governance.rules import Calendar

OVER = ("voided", "merged", "rejected", "transferred")
DISPATCHES = ("E12", "E13", "E16", "E60", "E48")


@dataclass
class Cycle:
    """One cycle, told by its steps."""

    filed_at: datetime | None = None
    due: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    close_type: str = ""
    used_s: float = 0.0
    limit_s: float = 0.0
    overdue: bool = False
    returns: int = 0
    extended: int = 0
    level: int = 1
    magnitude: str = ""
    state: str = "reported"
    sent: list[datetime] = field(default_factory=list)
    wrong_first: bool = False
    checked: list[tuple[datetime, bool]] = field(default_factory=list)


def cycles_of(steps: Iterable[tuple[Any, ...]]) -> list[Cycle]:
    """The cycles of one incident; steps are (row, to_state, at, became) in order."""
    found = [Cycle()]
    for row, state, at, became in steps:
        if row == "E09" or (row == "E47" and state == "filed"):
            old = found[-1]  # a step says only what it changed
            found.append(Cycle(limit_s=old.limit_s, magnitude=old.magnitude, level=old.level))
        cycle = found[-1]
        _learn(cycle, became)
        _follow(cycle, row, state, at)
    return found


def _learn(cycle: Cycle, became: dict[str, str]) -> None:
    """What the step says it changed."""
    for name, key, read in (
        ("due", "deadline", _moment), ("filed_at", "filed_at", _moment), ("used_s", "used_s", float),
        ("limit_s", "limit_s", float), ("overdue", "overdue", lambda word: word == "yes"), ("returns", "return_count", int),
        ("extended", "extended", int), ("level", "highest_level", int), ("magnitude", "magnitude", str),
    ):  # fmt: skip
        if key in became:
            setattr(cycle, name, read(became[key]))  # type: ignore[operator]


def _follow(cycle: Cycle, row: str, state: str, at: datetime) -> None:
    """What the row of the step means."""
    if row in DISPATCHES or row == "E25" or (row == "E42" and state == "dispatched"):
        cycle.sent.append(at)
    if row in ("E20", "E20'", "E30") and len(cycle.sent) == 1:
        cycle.wrong_first = True
    if row in ("E27", "E07") and state == "resolved":
        cycle.done_at = at
    if row == "E42":
        cycle.done_at = None
    if row in ("E41", "E42"):
        cycle.checked.append((at, row == "E42"))
    if state == "closed" and cycle.closed_at is None:
        cycle.closed_at, cycle.close_type = at, "special" if row == "E33" else "solved"
    cycle.state = state


def _moment(word: str) -> datetime | None:
    return None if word == "-" else datetime.fromisoformat(word)


@dataclass(frozen=True)
class Counted:
    """Numerators and denominators of a month, as (num, den)."""

    month: Month
    cut: datetime
    check_s: float
    """The check limit of everything the test files: working seconds of the plain calendar."""

    def of(self, incidents: list[list[tuple[Any, ...]]]) -> dict[str, tuple[int, int]]:
        """Every indicator that is compared."""
        cycles = [c for steps in incidents for c in cycles_of(steps) if c.state not in OVER and c.filed_at is not None]
        handle = [c for c in cycles if self._in(self._handled(c))]
        close = [c for c in cycles if self._in(self._closed(c))]
        filed = [c for c in cycles if self._in(c.filed_at)]
        first = [c for c in cycles if c.sent and self._in(c.sent[0])]
        checked = [[fails for at, fails in c.checked if self._in(at)] for c in cycles]
        ended = [c for c in cycles if self._in(c.closed_at)]
        minor = [c for c in ended if c.magnitude == "minor"]
        kept = [steps for steps in incidents if steps[-1][1] not in ("voided", "merged")]
        rises = sum(row in ("E11", "E17", "E22", "E38") and self._in(at) for steps in kept for row, _, at, _ in steps)
        return {
            "K06": (len(handle), 0),
            "K07": _share(handle, lambda c: c.done_at is not None),
            "K08": _share(handle, lambda c: c.done_at is not None and c.used_s <= c.limit_s),
            "K09": (len(close), 0),
            "K10": _share(close, lambda c: c.closed_at is not None),
            "K11": _share(close, lambda c: c.closed_at is not None and not c.overdue),
            "K13": _share(filed, lambda c: c.close_type == "solved"),
            "K05": _share(first, lambda c: not c.wrong_first),
            "K15a": (sum(any(each) for each in checked), sum(bool(each) for each in checked)),
            "K16": _share(first, lambda c: c.returns > 0),
            "K17a": _share(handle, lambda c: c.extended > 0),
            "K21a": _share(minor, lambda c: c.level <= 2),
            "K22": (rises, len(filed)),
        }

    def _in(self, at: datetime | None) -> bool:
        return at is not None and self.month.start <= at < min(self.month.end, self.cut)

    def _handled(self, cycle: Cycle) -> datetime | None:
        ended = cycle.done_at or (cycle.closed_at if cycle.close_type == "special" else None)
        return min((m for m in (ended, self._due(cycle)) if m), default=None)

    def _closed(self, cycle: Cycle) -> datetime | None:
        due = self._due(cycle)
        return min((m for m in (cycle.closed_at, due and later(due, self.check_s, True, Calendar())) if m), default=None)

    @staticmethod
    def _due(cycle: Cycle) -> datetime | None:
        return None if cycle.state == "suspended" else cycle.due


def _share(cycles: list[Cycle], holds: Any) -> tuple[int, int]:
    return sum(bool(holds(c)) for c in cycles), len(cycles)
