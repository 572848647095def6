"""What is drawn of a month: by day, by root category, and how long what is open is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from governance.indicators import Boundaries, Month
from server.indicators.computing import parameters_of, quickly
from server.indicators.families import month_of
from server.indicators.population import population

if TYPE_CHECKING:
    from server.ledger.ledger import Connection

AGES = (("1", "1 day"), ("3", "3 days"), ("7", "7 days"), ("30", "30 days"))
_BUCKET = " ".join(f"WHEN %(until)s - c.due <= interval '{span}' THEN '{name}'" for name, span in AGES)
_DAY = "(({} AT TIME ZONE 'Asia/Shanghai')::date)::text"
_CHARTS = f"""
SELECT 'trend', day, sum(reported)::integer, sum(filed)::integer, sum(closed)::integer FROM (
    SELECT {_DAY.format("r.received_at")} AS day, 1 AS reported, 0 AS filed, 0 AS closed FROM report r
    JOIN stood s ON s.incident = coalesce(r.origin, r.incident) JOIN spot p ON p.incident = s.incident AND p.cycle = s.cycle
    WHERE {month_of("r.received_at")} AND s.state <> 'voided'
    UNION ALL SELECT {_DAY.format("filed_at")}, 0, 1, 0 FROM cycled JOIN spot USING (incident, cycle)
    WHERE {month_of("filed_at")}
    UNION ALL SELECT {_DAY.format("closed_at")}, 0, 0, 1 FROM cycled JOIN spot USING (incident, cycle)
    WHERE {month_of("closed_at")}) d GROUP BY day
UNION ALL
SELECT 'category', left(category, 2), count(*)::integer,
    count(*) FILTER (WHERE overdue OR (done_at IS NULL AND due < %(until)s))::integer, 0
FROM cycled JOIN spot USING (incident, cycle) WHERE {month_of("filed_at")} AND category <> '' GROUP BY 2
UNION ALL
SELECT 'ageing', CASE {_BUCKET} ELSE 'more' END, count(*)::integer, 0, 0 FROM cycled c JOIN spot USING (incident, cycle)
WHERE c.done_at IS NULL AND c.closed_at IS NULL AND c.due < %(until)s GROUP BY 2
"""

Chart = dict[str, tuple[int, ...]]


def charts(
    connection: Connection, month: Month, cut: datetime, boundaries: Boundaries, area: str, digits: Sequence[int]
) -> dict[str, Chart]:
    """Chart -> key -> counts: trend (reported, filed, closed), category (filed, overdue), ageing (open)."""
    quickly(connection)
    statement = population(boundaries, digits) + _CHARTS
    found: dict[str, Chart] = {"trend": {}, "category": {}, "ageing": {}}
    for chart, key, *counts in connection.execute(statement, parameters_of(month, cut, area), prepare=False):
        found[chart][key] = tuple(counts[: 3 if chart == "trend" else 2 if chart == "category" else 1])
    return found
