"""Computes the indicators of a month in one statement, as of any moment; what a code means is read by date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from governance.indicators import FEW_PERSONS, Boundaries, Direction, Figure, Indicator, Missing, Month
from server.indicators.charts import Chart, read
from server.indicators.families import of_charts, of_workers, statement
from server.ledger.local_day import local_day

if TYPE_CHECKING:
    from server.ledger.ledger import Connection

# No JIT: it takes longer than these statements. Sorts and hashes stay in memory. No merges: with no statistics of what is
# worked out on the way, PostgreSQL expects billions of rows and sorts both sides of every join.
_QUICKLY = ("SET LOCAL jit = off", "SET LOCAL work_mem = '256MB'", "SET LOCAL enable_mergejoin = off")
_IN_FORCE = """
SELECT DISTINCT ON (i.ord) v.code, v.formula, v.unit, v.direction, v.weight::text, v.target::text, i.name_zh, i.name_en
FROM indicator_version v JOIN indicator i USING (code) WHERE v.since <= %s ORDER BY i.ord, v.since DESC
"""


@dataclass(frozen=True, slots=True)
class Value:
    """What a formula came to for one subject: exact, before anything is kept back."""

    subject: str
    code: str
    num: Decimal | None
    den: Decimal | None
    raw: Decimal | None
    value: Decimal | None
    persons: int | None
    ids_hash: bytes | None


def definitions(connection: Connection, month: Month) -> tuple[Indicator, ...]:
    """What each code means in a month, in their order."""
    rows = connection.execute(_IN_FORCE, (month.first,))
    return tuple(Indicator(code, formula, unit, Direction(way), *rest) for code, formula, unit, way, *rest in rows)


def compute(
    connection: Connection,
    month: Month,
    cut: datetime,
    boundaries: Boundaries,
    area: str,
    digits: Sequence[int],
    with_ids: bool = False,
) -> tuple[Value, ...]:
    """The indicators of a month as they stood at `cut`, by subject and code in their order.

    Subjects are the areas whose codes have `digits` inside `area`, and the units that led there; a figure of which nothing
    happened, 0 or 0/0, is left out. `cut` is aware; of a month that runs only what lies before it counts. Call it in a
    transaction that reads one moment.
    """
    rows = _rows(connection, statement(boundaries, digits, with_ids), parameters_of(month, cut, area))
    return _values(rows, definitions(connection, month))


def compute_of_workers(
    connection: Connection, month: Month, cut: datetime, boundaries: Boundaries, area: str, digits: Sequence[int]
) -> tuple[Value, ...]:
    """What is counted of each worker (server.indicators.families.OF_A_WORKER): his reports from the area, his rounds there."""
    rows = _rows(connection, of_workers(boundaries, digits), parameters_of(month, cut, area))
    return _values(rows, definitions(connection, month))


def draw(
    connection: Connection, month: Month, cut: datetime, boundaries: Boundaries, area: str, digits: Sequence[int]
) -> dict[str, Chart]:
    """The charts of a month (server.indicators.charts)."""
    return read(_rows(connection, of_charts(boundaries, digits), parameters_of(month, cut, area)))


def compute_and_draw(
    connection: Connection, month: Month, cut: datetime, boundaries: Boundaries, area: str, digits: Sequence[int]
) -> tuple[tuple[Value, ...], dict[str, Chart]]:
    """Both at once, which takes little longer than one of them."""
    rows = _rows(connection, statement(boundaries, digits, with_charts=True), parameters_of(month, cut, area))
    return _values(rows, definitions(connection, month)), read(rows)


def _rows(connection: Connection, text: str, parameters: dict[str, object]) -> list[tuple[Any, ...]]:
    """What a statement found."""
    for setting in _QUICKLY:
        connection.execute(setting)
    return connection.execute(text, parameters, prepare=False).fetchall()


def _values(rows: Sequence[tuple[Any, ...]], wanted: Sequence[Indicator]) -> tuple[Value, ...]:
    """The values of the formulas that have a code, by subject and code."""
    code_of = {each.formula: each.code for each in wanted}
    found = [
        Value(subject, code_of[formula], num, den, raw, value, persons, None if ids is None else bytes(ids))
        for subject, formula, num, den, raw, value, persons, ids in rows
        if formula in code_of and (num or den)
    ]
    return tuple(sorted(found, key=lambda each: (each.subject, each.code)))


def parameters_of(month: Month, cut: datetime, area: str) -> dict[str, object]:
    """What server.indicators.population asks for."""
    cut = max(cut, month.start)
    until = min(month.end, cut)
    return {"start": month.start, "until": until, "cut": cut, "day": local_day(cut), "area": area}


def shown(values: Sequence[Value], wanted: Sequence[Indicator], subject: str) -> tuple[Figure, ...]:
    """What may be shown of one subject, every indicator of it: few persons are kept back, and what is missing says why."""
    found = {each.code: each for each in values if each.subject == subject}
    return tuple(_figure(subject, each, found.get(each.code)) for each in wanted)


def _figure(subject: str, indicator: Indicator, found: Value | None) -> Figure:
    """One of them."""
    if found is None:
        if indicator.unit == "count":
            return Figure(subject, indicator.code, "0", value="0")
        return Figure(subject, indicator.code, missing=Missing.NOTHING)
    if found.persons is not None and 0 < found.persons < FEW_PERSONS:
        return Figure(subject, indicator.code, missing=Missing.FEW)
    num, den, raw, value = (None if each is None else f"{each:f}" for each in (found.num, found.den, found.raw, found.value))
    return Figure(subject, indicator.code, num, den, raw, value, Missing.NOTHING if value is None else None)
