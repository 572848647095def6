"""What is counted of cycles (domain model, part C): handling, closing, times, orders, checks, watching, repeats."""

from __future__ import annotations

from collections.abc import Sequence

from governance.indicators import Boundaries
from server.indicators.formula import HOUR, MINUTE, Rows, count, mean, month_of, rank, share
from server.indicators.population import NEVER, finest, placed

# Only where neither the due moment nor the closing decides does the time of the check have to be worked out, and that is dear:
# so it is worked out for both ends of a day (of longer spans where no day lies near the end of the month), for a check limit
# never ends earlier for what is due later. Only what is due on a day on which the month ends is worked out by itself.
COUNTED = f"""
late AS MATERIALIZED (
    SELECT incident, cycle, due, closed_at, filed_at, category, grid, urgency, mode,
        (SELECT max(since) FROM rules_version WHERE since <= filed_at) AS ruled,
        left(grid, (SELECT coalesce(max(length(area)), 0) FROM category_sla WHERE stage = 'check')) AS around,
        CASE WHEN due >= %(start)s THEN CASE WHEN due < %(until)s - interval '10 days' THEN %(start)s
            ELSE date_trunc('day', due) END ELSE CASE WHEN due >= %(start)s - interval '10 days' THEN date_trunc('day', due) END
            END AS low,
        CASE WHEN due < %(start)s - interval '10 days' THEN %(start)s - interval '10 days'
            WHEN due >= %(start)s AND due < %(until)s - interval '10 days' THEN %(until)s - interval '10 days'
            ELSE date_trunc('day', due) + interval '1 day' END AS high
    FROM cycled WHERE due < %(until)s AND (closed_at > due OR closed_at IS NULL) AND NOT coalesce(closed_at < %(start)s, false)
        AND NOT (due >= %(start)s AND coalesce(closed_at < %(until)s, false))
),
span AS MATERIALIZED (
    SELECT category, around, urgency, mode, ruled, low, high,
        CASE WHEN low IS NOT NULL THEN check_due(low, filed_at, category, around, urgency, mode) END AS least,
        check_due(high, filed_at, category, around, urgency, mode) AS most
    FROM (SELECT category, around, urgency, mode, ruled, low, high, min(filed_at) AS filed_at
        FROM late GROUP BY 1, 2, 3, 4, 5, 6, 7) k
),
to_be_closed AS MATERIALIZED (
    SELECT incident, cycle, CASE WHEN most < %(start)s THEN false
        WHEN least >= %(start)s AND (most < %(until)s OR coalesce(closed_at < %(until)s, false)) THEN true
        WHEN least >= %(until)s AND coalesce(closed_at >= %(until)s, true) THEN false
        ELSE {month_of("least(closed_at, check_due(due, filed_at, l.category, grid, l.urgency, l.mode))")} END AS to_close
    FROM late l JOIN span s ON s.category = l.category AND s.around = l.around AND s.urgency = l.urgency AND s.mode = l.mode
        AND s.high = l.high AND s.ruled IS NOT DISTINCT FROM l.ruled AND s.low IS NOT DISTINCT FROM l.low
),
counted AS MATERIALIZED (
    SELECT c.*, CASE WHEN closed_at <= due OR due IS NULL THEN coalesce({month_of("closed_at")}, false)
            WHEN due >= %(until)s OR closed_at < %(start)s THEN false ELSE coalesce(to_close, true) END AS to_close,
        coalesce({month_of("least(coalesce(done_at, CASE WHEN close_type = 'special' THEN closed_at END), due)")}, false)
            AS to_handle,
        {month_of("filed_at")} AS is_filed,
        coalesce({month_of("closed_at")}, false) AS is_closed,
        coalesce(close_type IN ('normal', 'overdue'), false) AS is_solved,
        date_part('epoch', done_at - filed_at) AS wall_s,
        coalesce(g.defers, false) AS was_deferred, coalesce(g.lists, false) AS was_listed
    FROM cycled c LEFT JOIN to_be_closed USING (incident, cycle) LEFT JOIN (
        SELECT incident, cycle, bool_or(kind = 'suspend_defer') AS defers, bool_or(kind = 'suspend_list') AS lists FROM approval
        WHERE state = 'granted' AND decided_at <= %(cut)s GROUP BY incident, cycle) g USING (incident, cycle)
)"""
"""Cycles with what is asked of them in the month."""
CYCLE_SOURCE = "SELECT * FROM counted"
DONE = "to_handle AND done_at IS NOT NULL"
DONE_SOURCE = f"SELECT incident, cycle, code, unit, to_handle, done_at, used_s, wall_s FROM counted WHERE {DONE}"
LATE = f"{DONE} AND used_s > limit_s AND limit_s > 0"
DEFERRED = "count(*) FILTER (WHERE to_close AND state = 'suspended')"
URGENT = "to_close AND urgency = 2"
CONTAINED = {
    "minor": ("is_closed AND magnitude = 'minor'", "highest_level <= 2"),
    "major": ("is_closed AND magnitude = 'major'", "highest_level <= 3"),
    "grave": ("is_closed AND magnitude = 'grave'", "highest_level <= 4"),
    "disputes": ("is_closed AND left(category, 2) = '08'", "highest_level <= 1"),
}
"""Who closed it at or below the level that kind should be contained at (domain model B.5; disputes: S1)."""

CYCLE_ROWS: Rows = (
    ("should_handle/1", count("to_handle"), None, None, "@n", "to_handle"),
    share("handled/1", "done_at IS NOT NULL", "to_handle"),
    share("handled_in_time/1", "done_at IS NOT NULL AND used_s <= limit_s", "to_handle"),
    ("should_close/1", count("to_close"), None, None, "@n", "to_close"),
    (
        *("closed/1", count("to_close AND closed_at IS NOT NULL"), f"{count('to_close')} - {DEFERRED}"),
        *(count("to_close"), None, "to_close"),
    ),
    (
        *("closed_in_time/1", count("to_close AND closed_at IS NOT NULL AND NOT overdue")),
        *(f"{count('to_close')} - {DEFERRED}", count("to_close"), None, "to_close"),
    ),
    share("urgent_closed/1", "closed_at IS NOT NULL", URGENT),
    share("urgent_closed_in_time/1", "closed_at IS NOT NULL AND NOT overdue", URGENT),
    share("solved/1", "is_solved", "is_filed"),
    share("solved_service/1", "is_solved", "is_filed AND nature = 'service'"),
    share("solved_regulation/1", "is_solved", "is_filed AND nature = 'regulation'"),
    share("extended_rate/1", "extended > 0", "to_handle"),
    share("deferred_rate/1", "was_deferred", "is_filed"),
    share("listed_rate/1", "was_listed", "is_filed"),
    mean("used_mean/1", "used_s", DONE, HOUR),
    mean("wall_mean/1", "wall_s", DONE, HOUR),
    mean("overtime_mean/1", "used_s / limit_s - 1", LATE, 1),
    *(share(f"contained_{name}/1", part, whole) for name, (whole, part) in CONTAINED.items()),
)
DONE_ROWS: Rows = (
    rank("used_median/1", "used_s", DONE, "0.5", HOUR),
    rank("used_p90/1", "used_s", DONE, "0.9", HOUR),
    rank("wall_median/1", "wall_s", DONE, "0.5", HOUR),
    rank("wall_p90/1", "wall_s", DONE, "0.9", HOUR),
)

LED = month_of("sent_at")
ORDERS = """
led_order AS MATERIALIZED (
    SELECT o.incident, o.cycle, o.ord, o.state, o.sent_at, o.accepted_at, c.code, c.unit, c.return_count,
        CASE WHEN o.acked_at <= %(cut)s THEN date_part('epoch', o.acked_at - o.sent_at) END AS ack_s,
        CASE WHEN o.accepted_at <= %(cut)s THEN date_part('epoch', o.accepted_at - o.sent_at) END AS accept_s,
        CASE WHEN o.arrived_at <= %(cut)s THEN date_part('epoch', o.arrived_at - o.sent_at) END AS arrive_s,
        o.ord = min(o.ord) OVER (PARTITION BY o.incident, o.cycle) AS is_first
    FROM ordered o JOIN cycled c USING (incident, cycle) WHERE o.done_at IS DISTINCT FROM o.sent_at AND o.is_lead
)"""
"""Orders to lead; who settled a matter himself was sent by nobody."""
ORDER_SOURCE = f"SELECT * FROM led_order WHERE {LED}"
FIRST = f"is_first AND {month_of('sent_at')}"
WRONG = "(state = 'returned' OR (state = 'recalled' AND accepted_at IS NULL))"
"""Given back, or taken back before it was taken up; what is taken from who works on it is given to another, not wrong."""
ORDER_ROWS: Rows = (
    share("dispatch_accuracy/1", f"NOT {WRONG}", FIRST),
    share("return_rate/1", "return_count > 0", FIRST),
)
ANSWER_ROWS: Rows = tuple(
    rank(f"{name}_median/1", f"{name}_s", f"{LED} AND {name}_s IS NOT NULL", "0.5", MINUTE, LED)
    for name in ("ack", "accept", "arrive")
)

CHECK_SOURCE = f"""
SELECT k.incident, k.cycle, c.code, c.unit, count(*) FILTER (WHERE k.result = 'fail') AS fails
FROM verify_task k JOIN cycled c USING (incident, cycle)
WHERE k.kind = 'check' AND k.result IN ('pass', 'fail') AND {month_of("k.done_at")}
GROUP BY k.incident, k.cycle, c.code, c.unit"""
CHECK_ROWS: Rows = (
    share("rework_rate/1", "fails > 0", "true"),
    ("rework_total/1", "coalesce(sum(fails), 0)", None, None, "@n", "fails > 0"),
)

# What is told per hundred filed needs both in one source: `what` says which of them a row is.
WATCH_SOURCE = f"""
SELECT t.incident::text || '/' || t.seq AS id, 'rise' AS what, false AS is_red, false AS is_owed, false AS is_in_time,
    h.code, h.unit
FROM incident_transition t JOIN here h USING (incident)
WHERE {month_of("t.at")} AND t.row IN ('E11', 'E17', 'E22', 'E38') AND h.state NOT IN ('voided', 'merged')
UNION ALL
SELECT incident::text || '/' || cycle, 'filed', false, false, false, code, unit FROM cycled WHERE {month_of("filed_at")}
UNION ALL
SELECT o.id::text, 'order', x.grade >= 3,
    x.replied_at IS NOT NULL OR x.cause = 'T10' OR (x.state IN ('issued', 'rejected') AND x.reply_due <= %(cut)s),
    coalesce(x.replied_at <= x.reply_due AND x.cause <> 'T10', false), h.code, h.unit
FROM supervision_order o JOIN here h USING (incident) LEFT JOIN earlier e ON h.is_past AND e.id = o.id,
LATERAL jsonb_populate_record(o, coalesce(e.body, '{{}}')) x
WHERE {month_of("o.issued_at")} AND h.state NOT IN ('voided', 'merged')"""
"""An answer is owed where one was given, where the clock of one ran out (T10), and where its time is over."""
WATCH_ROWS: Rows = (
    ("auto_escalations/1", count("what = 'rise'"), count("what = 'filed'"), None, "percent_of(@n, @d)", "what = 'rise'"),
    ("supervision_issued/1", count("what = 'order'"), None, None, "@n", "what = 'order'"),
    share("supervision_in_time/1", "is_in_time", "what = 'order' AND is_owed"),
    ("supervision_red/1", count("what = 'order' AND is_red"), None, None, "@n", "what = 'order' AND is_red"),
    ("supervision_per_100/1", count("what = 'order'"), count("what = 'filed'"), None, "percent_of(@n, @d)", "what = 'order'"),
)

REPEAT_SOURCE = f"""
SELECT incident::text || '/' || cycle AS id, true AS is_closed, false AS is_repeat, code, unit
FROM cycled WHERE {month_of("closed_at")}
UNION ALL
SELECT incident::text, false, true, code, unit FROM here
WHERE repeat_of IS NOT NULL AND {month_of("reported_at")} AND state NOT IN {NEVER}"""
REPEAT_ROWS: Rows = (("repeated/1", count("is_repeat"), count("is_closed"), None, None, "is_repeat"),)

_ALL_TIME = f"""
SELECT i.id AS incident, i.cycle, i.grid, i.place, i.filed_at AS since, i.state IN ('closed', 'archived') AS is_closed
FROM incident i WHERE i.filed_at < %(until)s AND i.changed_at <= %(cut)s AND i.state NOT IN {NEVER}
UNION ALL
SELECT incident, cycle, grid, place, filed_at, state IN ('closed', 'archived') FROM stood
WHERE is_past AND filed_at < %(until)s AND state NOT IN {NEVER}
UNION ALL
SELECT c.incident, c.cycle, f.grid, f.place, c.filed_at, true FROM incident_cycle c JOIN cycle_frame f USING (incident, cycle)
WHERE c.filed_at < %(until)s AND c.ended_at <= %(cut)s"""
_LED_EVER = """
SELECT incident, cycle, unit FROM led UNION ALL SELECT * FROM (
    SELECT DISTINCT ON (a.incident, a.cycle) a.incident, a.cycle, a.unit FROM assignment a
    WHERE a.role = 'lead' AND NOT EXISTS (SELECT 1 FROM stood s WHERE s.incident = a.incident)
    ORDER BY a.incident, a.cycle, a.ord DESC) o"""


def all_time_source(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """Every cycle ever filed until then (K14)."""
    return f"""
SELECT incident, cycle, is_closed, {finest(digits)} AS code, unit
FROM ({placed(_ALL_TIME, "x.incident, x.cycle, x.is_closed", boundaries)}) y LEFT JOIN ({_LED_EVER}) l USING (incident, cycle)
WHERE starts_with(code, %(area)s)"""


ALL_TIME_ROWS: Rows = (share("completed_to_date/1", "is_closed", "true"),)
