"""The formulas (domain model, part C), family by family: each counts once what its indicators have in common.

A family is a SELECT of subject, formula, num, den, raw, value, persons, ids_hash over the population. Percentages have two
decimals, half up; 0/0 is NULL. Sums are of numeric, which does not depend on the order of rows. `ids_hash` is SHA-256 over
the sorted ids a figure was counted from, where it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from governance.incident import Discovery
from governance.indicators import Boundaries
from server.indicators.population import NEVER, placed, subjects

IdsOf = Callable[[str], str]
"""From a condition to the hash of the ids it holds for."""
IN_MONTH = "{0} >= %(start)s AND {0} < %(until)s"
HOUR, MINUTE = 3600, 60
DISCOVERIES = tuple(kind.value for kind in Discovery)
Rows = Sequence[tuple[str, str, str | None, str | None, str | None, str]]
"""Formula, num, den, raw, value (None: the percentage), the condition its ids are counted under; SQL each."""


def month_of(moment: str) -> str:
    """The moment lies in the month, as far as that has been seen."""
    return "(" + IN_MONTH.format(moment) + ")"


def ids_hash(key: str) -> IdsOf:
    """Hashes of sorted ids."""

    def of(condition: str) -> str:
        listed = f"string_agg({key}, ',' ORDER BY {key}) FILTER (WHERE {condition})"
        return f"sha256(convert_to(coalesce({listed}, ''), 'UTF8'))"

    return of


def no_hash(_key: str) -> IdsOf:
    """No hash: a figure that is only looked at."""
    return lambda _condition: "NULL::bytea"


def family(source: str, key: str, rows: Rows, hashed: Callable[[str], IdsOf], persons: str = "NULL::integer") -> str:
    """One pass over a source with `subjects`, grouped by subject; a row of values for every formula.

    OFFSET 0 keeps the source whole: without it PostgreSQL works each of its expressions out again in every condition.
    """
    ids = hashed(f'({key}) COLLATE "C"')
    kept: dict[str, str] = {}
    columns = [f"{persons} AS persons"]
    for *_, condition in rows:
        if condition not in kept:
            kept[condition] = f"ids{len(kept)}"
            columns.append(f"{ids(condition)} AS {kept[condition]}")
    values = []
    for number, (formula, num, den, raw, value, condition) in enumerate(rows):
        columns += [f"({num})::numeric AS n{number}", f"({den or 'NULL'})::numeric AS d{number}"]
        columns.append(f"({raw or 'NULL'})::numeric AS r{number}")
        shown = value or f"percent_of(n{number}, d{number})"
        shown = shown.replace("@n", f"n{number}").replace("@d", f"d{number}")
        values.append(f"('{formula}', n{number}, d{number}, r{number}, {shown}, {kept[condition]})")
    return (
        f"SELECT subject, v.formula, v.num, v.den, v.raw, v.value, persons, v.ids_hash FROM (SELECT subject, "
        f"{', '.join(columns)} FROM ({source} OFFSET 0) x, unnest(x.subjects) AS subject GROUP BY subject) s, "
        f"LATERAL (VALUES {', '.join(values)}) AS v(formula, num, den, raw, value, ids_hash)"
    )


def count(condition: str) -> str:
    """How many rows it holds for."""
    return f"count(*) FILTER (WHERE {condition})"


def _mean(what: str, condition: str, per: int) -> tuple[str, str, None, str]:
    """num, den, raw, value of a mean."""
    total = f"coalesce(sum(round(({what})::numeric, 3)) FILTER (WHERE {condition}), 0)"
    return total, count(condition), None, f"CASE WHEN @d > 0 THEN round(@n / @d / {per}, 2) END"


def _rank(what: str, condition: str, at: str, per: int) -> tuple[str, str, None, str]:
    """num, den, raw, value of a median or another rank; num is the rank itself, in seconds."""
    rank = f"round((percentile_cont({at}) WITHIN GROUP (ORDER BY {what}) FILTER (WHERE {condition}))::numeric, 3)"
    return rank, count(condition), None, f"round(@n / {per}, 2)"


CYCLE_SOURCE = f"""
SELECT c.*, p.subjects, (CASE
    WHEN closed_at <= due OR due IS NULL THEN coalesce({month_of("closed_at")}, false)
    WHEN due >= %(until)s OR closed_at < %(start)s THEN false
    WHEN due >= %(start)s AND closed_at < %(until)s THEN true
    ELSE {month_of("least(closed_at, check_due(due, filed_at, category, grid, urgency, mode))")} END) AS to_close,
    coalesce({month_of("least(coalesce(done_at, CASE WHEN close_type = 'special' THEN closed_at END), due)")}, false)
        AS to_handle,
    {month_of("filed_at")} AS is_filed,
    coalesce({month_of("closed_at")}, false) AS is_closed,
    coalesce(close_type IN ('normal', 'overdue'), false) AS is_solved,
    extract(epoch FROM done_at - filed_at) AS wall_s,
    coalesce(g.defers, false) AS was_deferred, coalesce(g.lists, false) AS was_listed
FROM cycled c JOIN spot p USING (incident, cycle) LEFT JOIN (
    SELECT incident, cycle, bool_or(kind = 'suspend_defer') AS defers, bool_or(kind = 'suspend_list') AS lists FROM approval
    WHERE state = 'granted' AND decided_at <= %(cut)s GROUP BY incident, cycle) g USING (incident, cycle)"""
DONE = "to_handle AND done_at IS NOT NULL"
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


def _share(formula: str, part: str, whole: str) -> tuple[str, str, str, None, None, str]:
    """A percentage of rows."""
    return formula, count(f"{whole} AND {part}"), count(whole), None, None, whole


CYCLE_ROWS: Rows = (
    ("should_handle/1", count("to_handle"), None, None, "@n", "to_handle"),
    _share("handled/1", "done_at IS NOT NULL", "to_handle"),
    _share("handled_in_time/1", "done_at IS NOT NULL AND used_s <= limit_s", "to_handle"),
    ("should_close/1", count("to_close"), None, None, "@n", "to_close"),
    (
        *("closed/1", count("to_close AND closed_at IS NOT NULL"), f"{count('to_close')} - {DEFERRED}"),
        *(count("to_close"), None, "to_close"),
    ),
    (
        *("closed_in_time/1", count("to_close AND closed_at IS NOT NULL AND NOT overdue")),
        *(f"{count('to_close')} - {DEFERRED}", count("to_close"), None, "to_close"),
    ),
    _share("urgent_closed/1", "closed_at IS NOT NULL", URGENT),
    _share("urgent_closed_in_time/1", "closed_at IS NOT NULL AND NOT overdue", URGENT),
    _share("solved/1", "is_solved", "is_filed"),
    _share("solved_service/1", "is_solved", "is_filed AND nature = 'service'"),
    _share("solved_regulation/1", "is_solved", "is_filed AND nature = 'regulation'"),
    _share("extended_rate/1", "extended > 0", "to_handle"),
    _share("deferred_rate/1", "was_deferred", "is_filed"),
    _share("listed_rate/1", "was_listed", "is_filed"),
    ("used_mean/1", *_mean("used_s", DONE, HOUR), DONE),
    ("used_median/1", *_rank("used_s", DONE, "0.5", HOUR), DONE),
    ("used_p90/1", *_rank("used_s", DONE, "0.9", HOUR), DONE),
    ("wall_mean/1", *_mean("wall_s", DONE, HOUR), DONE),
    ("wall_median/1", *_rank("wall_s", DONE, "0.5", HOUR), DONE),
    ("wall_p90/1", *_rank("wall_s", DONE, "0.9", HOUR), DONE),
    ("overtime_mean/1", *_mean("used_s / limit_s - 1", LATE, 1), LATE),
    *(_share(f"contained_{name}/1", part, whole) for name, (whole, part) in CONTAINED.items()),
)

ORDER_SOURCE = """
SELECT o.*, p.subjects, c.return_count,
    CASE WHEN o.acked_at <= %(cut)s THEN extract(epoch FROM o.acked_at - o.sent_at) END AS ack_s,
    CASE WHEN o.accepted_at <= %(cut)s THEN extract(epoch FROM o.accepted_at - o.sent_at) END AS accept_s,
    CASE WHEN o.arrived_at <= %(cut)s THEN extract(epoch FROM o.arrived_at - o.sent_at) END AS arrive_s,
    o.ord = min(o.ord) FILTER (WHERE o.role = 'lead') OVER (PARTITION BY o.incident, o.cycle) AS is_first
FROM ordered o JOIN cycled c USING (incident, cycle) JOIN spot p USING (incident, cycle)
WHERE o.done_at IS DISTINCT FROM o.sent_at"""
FIRST = f"is_first AND {month_of('sent_at')}"
LED = f"role = 'lead' AND {month_of('sent_at')}"
WRONG = "(state = 'returned' OR (state = 'recalled' AND accepted_at IS NULL))"
"""Given back, or taken back before it was taken up; what is taken from who works on it is given to another, not wrong."""
ORDER_ROWS: Rows = (
    _share("dispatch_accuracy/1", f"NOT {WRONG}", FIRST),
    _share("return_rate/1", "return_count > 0", FIRST),
    *(
        (f"{name}_median/1", *_rank(f"{name}_s", f"{LED} AND {name}_s IS NOT NULL", "0.5", MINUTE), LED)
        for name in ("ack", "accept", "arrive")
    ),
)

REPORT_SOURCE = f"""
SELECT r.id, r.discovery, r.reporter_worker, s.nature, p.subjects, s.filed_at IS NOT NULL AS is_filed,
    s.state = 'merged' OR (s.filed_at IS NOT NULL AND s.state NOT IN {NEVER}) AS is_valid
FROM report r JOIN stood s ON s.incident = coalesce(r.origin, r.incident)
JOIN spot p ON p.incident = s.incident AND p.cycle = s.cycle
WHERE {month_of("r.received_at")} AND s.state <> 'voided'"""
REPORT_ROWS: Rows = (
    ("reported/1", count("true"), None, None, "@n", "true"),
    _share("share_service/1", "nature = 'service'", "is_filed"),
    _share("share_regulation/1", "nature = 'regulation'", "is_filed"),
)
WORKER_ROWS: Rows = (_share("valid_reports/1", "is_valid", "reporter_worker IS NOT NULL"),)
WORKERS = "count(DISTINCT reporter_worker)::integer"


def shares_of_discovery(hashed: Callable[[str], IdsOf]) -> str:
    """K27: hundredths of a percent by largest remainder, so that the three total 100; of equal ones the first gets it."""
    ids = hashed('id::text COLLATE "C"')("true")
    return f"""
SELECT subject, 'share_' || kind || '/1', n::numeric, total::numeric, NULL::numeric,
    round((units + (row_number() OVER (PARTITION BY subject ORDER BY rest DESC, place)
        <= 10000 - sum(units) OVER (PARTITION BY subject))::integer)::numeric / 100, 2), NULL::integer, ids_hash
FROM (SELECT subject, kind, n, total, place, 10000 * n / total AS units, mod(10000 * n, total) AS rest, ids_hash
    FROM (SELECT subject, count(*) AS total, {", ".join(count(f"discovery = '{d}'") + f" AS {d}" for d in DISCOVERIES)},
        {ids} AS ids_hash FROM reported, unnest(subjects) AS subject GROUP BY subject) g,
    LATERAL (VALUES {", ".join(f"('{d}', {d}, {place})" for place, d in enumerate(DISCOVERIES))}) AS v(kind, n, place)) u"""


DECISION_SOURCE = f"""
SELECT t.incident, t.seq, p.subjects, t.row IN ('E06', 'E07', 'E48')
        AND NOT (s.state = 'transferred' AND t.at >= coalesce(s.filed_at, t.at)) AS is_filed,
    coalesce((SELECT m.fired = 0 AND m.consumed_s <= m.limit_s FROM timer m WHERE m.incident = t.incident AND m.kind = 'T1'
        AND m.started_at <= t.at ORDER BY m.ord DESC LIMIT 1), true) AS is_in_time
FROM incident_transition t JOIN stood s ON s.incident = t.incident JOIN spot p ON p.incident = s.incident AND p.cycle = s.cycle
WHERE {month_of("t.at")} AND (t.row IN ('E06', 'E07', 'E08') OR (t.row IN ('E10', 'E48') AND t.from_state = 'reported'))
    AND NOT (s.state IN ('voided', 'merged') AND t.at >= coalesce(s.filed_at, t.at))"""
DECISION_ROWS: Rows = (
    _share("filing_rate/1", "is_filed", "true"),
    _share("intake_in_time/1", "is_in_time", "true"),
)

VERIFY_SOURCE = f"""
SELECT * FROM (SELECT k.id, p.subjects, k.done_at <= %(cut)s AND m.fired = 0 AND m.consumed_s <= m.limit_s AS is_in_time,
    CASE WHEN m.working THEN work_later(m.started_at, m.limit_s, rules_in_force(m.started_at))
        ELSE m.started_at + make_interval(secs => m.limit_s) END AS due
FROM verify_task k JOIN timer m ON m.incident = k.incident AND m.kind = 'T2' AND m.started_at = k.assigned_at
JOIN stood s ON s.incident = k.incident JOIN spot p ON p.incident = k.incident AND p.cycle = k.cycle
WHERE k.kind = 'verify' AND k.assigned_at < %(until)s AND s.state NOT IN ('voided', 'merged')) v WHERE {month_of("due")}"""
VERIFY_ROWS: Rows = (_share("verify_in_time/1", "is_in_time", "true"),)

CHECK_SOURCE = f"""
SELECT k.incident, k.cycle, p.subjects, count(*) FILTER (WHERE k.result = 'fail') AS fails
FROM verify_task k JOIN cycled c USING (incident, cycle) JOIN spot p USING (incident, cycle)
WHERE k.kind = 'check' AND k.result IN ('pass', 'fail') AND {month_of("k.done_at")}
GROUP BY k.incident, k.cycle, p.subjects"""
CHECK_ROWS: Rows = (
    _share("rework_rate/1", "fails > 0", "true"),
    ("rework_total/1", "coalesce(sum(fails), 0)", None, None, "@n", "fails > 0"),
)

# What is told per hundred filed needs both in one source: `what` says which of them a row is.
WATCH_SOURCE = f"""
SELECT t.incident::text || '/' || t.seq AS id, 'rise' AS what, false AS is_red, false AS is_owed, false AS is_in_time,
    p.subjects
FROM incident_transition t JOIN stood s ON s.incident = t.incident JOIN spot p ON p.incident = s.incident AND p.cycle = s.cycle
WHERE {month_of("t.at")} AND t.row IN ('E11', 'E17', 'E22', 'E38') AND s.state NOT IN ('voided', 'merged')
UNION ALL
SELECT incident::text || '/' || cycle, 'filed', false, false, false, p.subjects FROM cycled JOIN spot p USING (incident, cycle)
WHERE {month_of("filed_at")}
UNION ALL
SELECT o.id::text, 'order', x.grade >= 3,
    x.replied_at IS NOT NULL OR x.cause = 'T10' OR (x.state IN ('issued', 'rejected') AND x.reply_due <= %(cut)s),
    coalesce(x.replied_at <= x.reply_due AND x.cause <> 'T10', false), p.subjects
FROM supervision_order o JOIN stood s ON s.incident = o.incident
JOIN spot p ON p.incident = s.incident AND p.cycle = s.cycle
LEFT JOIN LATERAL (SELECT body FROM earlier_state
    WHERE s.is_past AND id = o.id AND until > %(cut)s ORDER BY number LIMIT 1) e ON true,
LATERAL jsonb_populate_record(o, coalesce(e.body, '{{}}')) x
WHERE {month_of("o.issued_at")} AND s.state NOT IN ('voided', 'merged')"""
"""An answer is owed where one was given, where the clock of one ran out (T10), and where its time is over."""
WATCH_ROWS: Rows = (
    ("auto_escalations/1", count("what = 'rise'"), count("what = 'filed'"), None, "percent_of(@n, @d)", "what = 'rise'"),
    ("supervision_issued/1", count("what = 'order'"), None, None, "@n", "what = 'order'"),
    _share("supervision_in_time/1", "is_in_time", "what = 'order' AND is_owed"),
    ("supervision_red/1", count("what = 'order' AND is_red"), None, None, "@n", "what = 'order' AND is_red"),
    ("supervision_per_100/1", count("what = 'order'"), count("what = 'filed'"), None, "percent_of(@n, @d)", "what = 'order'"),
)

ECHO_SOURCE = f"""
SELECT f.id, p.subjects, f.due_at, x.sent_at, x.state, x.satisfaction
FROM feedback f JOIN stood s ON s.incident = f.incident JOIN spot p ON p.incident = f.incident AND p.cycle = f.cycle
LEFT JOIN LATERAL (SELECT body FROM earlier_state
    WHERE s.is_past AND id = f.id AND until > %(cut)s ORDER BY number LIMIT 1) e ON true,
LATERAL jsonb_populate_record(f, coalesce(e.body, '{{}}')) x
WHERE s.state <> 'merged' AND ({month_of("f.due_at")} OR {month_of("x.sent_at")})"""
OWED = f"state <> 'waived' AND {month_of('due_at')}"
SENT = f"state IN ('sent', 'read') AND {month_of('sent_at')}"
ECHO_ROWS: Rows = (_share("feedback_in_time/1", "state IN ('sent', 'read') AND sent_at <= due_at", OWED),)
RATED = f"{SENT} AND satisfaction IS NOT NULL"
RATED_ROWS: Rows = (_share("satisfied/1", "satisfaction >= 4", RATED),)
ANSWERED_ROWS: Rows = (_share("rated/1", "satisfaction IS NOT NULL", SENT),)

REPEAT_SOURCE = f"""
SELECT incident::text || '/' || cycle AS id, true AS is_closed, false AS is_repeat, p.subjects
FROM cycled JOIN spot p USING (incident, cycle) WHERE {month_of("closed_at")}
UNION ALL
SELECT s.incident::text, false, true, p.subjects FROM stood s JOIN spot p USING (incident, cycle)
WHERE s.repeat_of IS NOT NULL AND {month_of("s.reported_at")} AND s.state NOT IN {NEVER}"""
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
SELECT incident::text || '/' || cycle AS id, is_closed, {subjects(digits)} AS subjects
FROM ({placed(_ALL_TIME, "x.incident, x.cycle, x.is_closed", boundaries)}) y LEFT JOIN ({_LED_EVER}) l USING (incident, cycle)
WHERE starts_with(code, %(area)s)"""


ALL_TIME_ROWS: Rows = (_share("completed_to_date/1", "is_closed", "true"),)
