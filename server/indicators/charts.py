"""What is drawn of a month: by day, by root category, and how long what is open is overdue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.indicators.formula import month_of

AGES = (("1", "1 day"), ("3", "3 days"), ("7", "7 days"), ("30", "30 days"))
_BUCKET = " ".join(f"WHEN %(until)s - due <= interval '{span}' THEN '{name}'" for name, span in AGES)
_DAY = "({} AT TIME ZONE 'Asia/Shanghai')::date"
CHARTS = f"""
SELECT day::text AS subject, 'trend' AS formula, sum(reported) AS num, sum(filed) AS den, sum(closed) AS raw,
    NULL::numeric AS value, NULL::integer AS persons, NULL::bytea AS ids_hash FROM (
    SELECT {_DAY.format("r.received_at")} AS day, count(*) AS reported, 0 AS filed, 0 AS closed FROM report r
    JOIN here h ON h.incident = coalesce(r.origin, r.incident)
    WHERE {month_of("r.received_at")} AND h.state <> 'voided' GROUP BY 1
    UNION ALL SELECT {_DAY.format("filed_at")}, 0, count(*), 0 FROM cycled WHERE {month_of("filed_at")} GROUP BY 1
    UNION ALL SELECT {_DAY.format("closed_at")}, 0, 0, count(*) FROM cycled WHERE {month_of("closed_at")} GROUP BY 1
) d GROUP BY day
UNION ALL
SELECT left(category, 2), 'category', count(*), count(*) FILTER (WHERE overdue OR (done_at IS NULL AND due < %(until)s)),
    NULL, NULL, NULL, NULL
FROM cycled WHERE {month_of("filed_at")} AND category <> '' GROUP BY 1
UNION ALL
SELECT CASE {_BUCKET} ELSE 'more' END, 'ageing', count(*), NULL, NULL, NULL, NULL, NULL FROM cycled
WHERE done_at IS NULL AND closed_at IS NULL AND due < %(until)s GROUP BY 1"""
"""The charts as rows of what a family of formulas has (server.indicators.formula): counts in num, den, raw."""

Chart = dict[str, tuple[int, ...]]
NUMBERS = {"trend": 3, "category": 2, "ageing": 1}


def read(rows: Iterable[tuple[Any, ...]]) -> dict[str, Chart]:
    """Chart -> key -> counts: trend (reported, filed, closed), category (filed, overdue), ageing (open)."""
    found: dict[str, Chart] = {name: {} for name in NUMBERS}
    for key, chart, *counts in rows:
        if chart in found:
            found[chart][key] = tuple(int(each) for each in counts[: NUMBERS[chart]])
    return found
