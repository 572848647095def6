"""What is counted of visits and patrols (K30, 8630), of every worker who is to walk a grid.

8 hours and 2 visits a week, half a day every Saturday (6), 30 households a month, no verification left open at its end (0).

A week counts in the month it ends in, once it is over. A worker belongs to the grid he had on the last day that counts. Where
nobody in the district told of anything, nothing is known, and there is no figure.
"""

from __future__ import annotations

from collections.abc import Sequence

from governance.indicators import Boundaries
from server.indicators.formula import Rows, share
from server.indicators.population import finest

HOURS, VISITS, HALF_DAY, HOUSEHOLDS = "8 hours", 2, "210 minutes", 30
"""S1, 8630. Half a day is the morning of the working hours, from half past eight to twelve."""
OBLIGED = "('leader', 'full_time', 'part_time', 'instructor')"
_LOCAL_UNTIL = "(%(until)s AT TIME ZONE 'Asia/Shanghai')"
_LOCAL_START = "(%(start)s AT TIME ZONE 'Asia/Shanghai')"
_LAST_DAY = f"({_LOCAL_UNTIL} - interval '1 microsecond')::date"


def walked(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """Every worker who is to walk a grid of the area, and what he did of what is asked."""
    valid = _LAST_DAY if boundaries is Boundaries.FILING else "%(day)s"
    return f"""
told AS MATERIALIZED (
    SELECT worker, household, began_at AT TIME ZONE 'Asia/Shanghai' AS began, ended_at - began_at AS spent FROM visit
    WHERE began_at >= %(start)s - interval '7 days' AND began_at < %(until)s AND received_at <= %(cut)s
),
weeks AS MATERIALIZED (
    SELECT week FROM generate_series(date_trunc('week', {_LOCAL_START}), {_LOCAL_UNTIL} - interval '7 days', '7 days') week
),
saturdays AS MATERIALIZED (
    SELECT day FROM generate_series({_LOCAL_START}, {_LOCAL_UNTIL} - interval '1 day', '1 day') day
    WHERE extract(isodow FROM day) = 6
),
obliged AS MATERIALIZED (
    SELECT DISTINCT ON (g.staff) g.staff AS worker, {finest(digits)} AS code, s.unit
    FROM grid_staffing g JOIN area_version v ON v.area = g.area AND v.level = 1 AND v.valid @> {valid}
    JOIN staff s ON s.id = g.staff
    WHERE g.valid @> {_LAST_DAY} AND g.duty IN {OBLIGED} AND starts_with(code, %(area)s)
        AND EXISTS (SELECT 1 FROM told) ORDER BY g.staff, code
),
of_weeks AS MATERIALIZED (
    SELECT worker, count(*) AS met FROM (
        SELECT worker, date_trunc('week', began) AS week FROM told GROUP BY 1, 2
        HAVING sum(spent) >= '{HOURS}' AND count(household) >= {VISITS}) w JOIN weeks USING (week) GROUP BY worker
),
of_saturdays AS MATERIALIZED (
    SELECT worker, count(*) AS met FROM (
        SELECT worker, date_trunc('day', began) AS day FROM told GROUP BY 1, 2 HAVING sum(spent) >= '{HALF_DAY}') d
    JOIN saturdays USING (day) GROUP BY worker
),
of_households AS MATERIALIZED (
    SELECT worker, count(DISTINCT household) AS visited FROM told WHERE began >= {_LOCAL_START} GROUP BY worker
),
left_open AS MATERIALIZED (
    SELECT DISTINCT k.checker AS worker FROM verify_task k JOIN stood s ON s.incident = k.incident
    WHERE k.kind = 'verify' AND k.assigned_at < %(until)s
        AND (k.done_at >= %(until)s OR (k.done_at IS NULL AND s.state = 'verifying'))
),
walked AS MATERIALIZED (
    SELECT o.worker, o.code, o.unit, (SELECT count(*) FROM weeks) AS weeks, coalesce(w.met, 0) AS weeks_met,
        (SELECT count(*) FROM saturdays) AS saturdays, coalesce(d.met, 0) AS saturdays_met,
        coalesce(h.visited, 0) >= {HOUSEHOLDS} AS has_visited, l.worker IS NULL AS has_finished
    FROM obliged o LEFT JOIN of_weeks w USING (worker) LEFT JOIN of_saturdays d USING (worker)
    LEFT JOIN of_households h USING (worker) LEFT JOIN left_open l USING (worker)
)"""


SOURCE = "SELECT * FROM walked"
ROWS: Rows = (
    share("patrol/1", "weeks_met = weeks AND saturdays_met = saturdays AND has_visited AND has_finished", "true"),
    ("patrol_weeks/1", "sum(weeks_met)", "sum(weeks)", None, None, "true"),
    ("patrol_saturdays/1", "sum(saturdays_met)", "sum(saturdays)", None, None, "true"),
    share("patrol_households/1", "has_visited", "true"),
    share("patrol_backlog/1", "has_finished", "true"),
)
