"""What is counted of reports (domain model, part C): what came in, what was decided and verified, what was told back."""

from __future__ import annotations

from governance.incident import Discovery
from server.indicators.formula import Counting, Rows, count, ids_hash, month_of, share
from server.indicators.population import NEVER

DISCOVERIES = tuple(kind.value for kind in Discovery)

REPORTED = f"""
reported AS MATERIALIZED (
    SELECT r.id, r.discovery, r.reporter_worker, h.nature, h.code, h.unit, h.filed_at IS NOT NULL AS is_filed,
        h.state = 'merged' OR (h.filed_at IS NOT NULL AND h.state NOT IN {NEVER}) AS is_valid
    FROM report r JOIN here h ON h.incident = coalesce(r.origin, r.incident)
    WHERE {month_of("r.received_at")} AND h.state <> 'voided'
)"""
REPORT_SOURCE = "SELECT * FROM reported"
REPORT_ROWS: Rows = (
    ("reported/1", count("true"), None, None, "@n", "true"),
    share("share_service/1", "nature = 'service'", "is_filed"),
    share("share_regulation/1", "nature = 'regulation'", "is_filed"),
)
WORKER_SOURCE = "SELECT * FROM reported WHERE reporter_worker IS NOT NULL"
WORKER_ROWS: Rows = (share("valid_reports/1", "is_valid", "reporter_worker IS NOT NULL"),)


def shares_of_discovery(counting: Counting) -> str:
    """K27: hundredths of a percent by largest remainder, so that the three total 100; of equal ones the first gets it."""
    kinds = ", ".join(f"sum(count) FILTER (WHERE discovery = '{d}') AS {d}" for d in DISCOVERIES)
    counted = (
        f"SELECT subject, sum(count) AS total, {kinds}, NULL::bytea AS ids_hash FROM (SELECT code, unit, discovery, count(*) "
    )
    counted += "FROM reported GROUP BY 1, 2, 3) c"
    if counting.with_ids:
        kinds = ", ".join(f"{count(f'discovery = {d!r}')} AS {d}" for d in DISCOVERIES)
        hashed = ids_hash("id::text", "true", counting)
        counted = f"SELECT subject, count(*) AS total, {kinds}, {hashed} AS ids_hash FROM reported"
    return f"""
SELECT subject, 'share_' || kind || '/1', n::numeric, total::numeric, NULL::numeric,
    round((units + (row_number() OVER (PARTITION BY subject ORDER BY rest DESC, place)
        <= 10000 - sum(units) OVER (PARTITION BY subject))::integer)::numeric / 100, 2), NULL::integer, ids_hash
FROM (SELECT subject, kind, n, total, place, div(10000 * n, total) AS units, mod(10000 * n, total) AS rest, ids_hash
    FROM ({counted}, unnest({counting.subjects}) AS subject GROUP BY subject) g,
    LATERAL (VALUES {", ".join(f"('{d}', coalesce({d}, 0)::numeric, {place})" for place, d in enumerate(DISCOVERIES))})
        AS v(kind, n, place)) u"""


DECISION_SOURCE = f"""
SELECT DISTINCT ON (t.incident, t.seq) t.incident, t.seq, h.code, h.unit, t.row IN ('E06', 'E07', 'E48')
        AND NOT (h.state = 'transferred' AND t.at >= coalesce(h.filed_at, t.at)) AS is_filed,
    coalesce(m.fired = 0 AND m.consumed_s <= m.limit_s, true) AS is_in_time
FROM incident_transition t JOIN here h USING (incident)
LEFT JOIN timer m ON m.incident = t.incident AND m.kind = 'T1' AND m.started_at <= t.at
WHERE {month_of("t.at")} AND (t.row IN ('E06', 'E07', 'E08') OR (t.row IN ('E10', 'E48') AND t.from_state = 'reported'))
    AND NOT (h.state IN ('voided', 'merged') AND t.at >= coalesce(h.filed_at, t.at))
ORDER BY t.incident, t.seq, m.ord DESC"""
DECISION_ROWS: Rows = (
    share("filing_rate/1", "is_filed", "true"),
    share("intake_in_time/1", "is_in_time", "true"),
)

# Working time is dear to work out: once for both ends of a day, and by itself only where the month or the rules end between.
VERIFY_SOURCE = f"""
WITH asked AS MATERIALIZED (
    SELECT k.id, p.code, p.unit, k.done_at <= %(cut)s AND m.fired = 0 AND m.consumed_s <= m.limit_s AS is_in_time,
        m.working, m.started_at, m.limit_s, date_trunc('day', m.started_at) AS day
    FROM verify_task k JOIN timer m ON m.incident = k.incident AND m.kind = 'T2' AND m.started_at = k.assigned_at
    JOIN stood s ON s.incident = k.incident JOIN spot p ON p.incident = k.incident AND p.cycle = k.cycle
    WHERE k.kind = 'verify' AND k.assigned_at < %(until)s AND s.state NOT IN ('voided', 'merged')
),
span AS MATERIALIZED (
    SELECT day, limit_s, rules_in_force(day) = rules_in_force(day + interval '1 day') AS is_one,
        work_later(day, limit_s, rules_in_force(day)) AS least,
        work_later(day + interval '1 day', limit_s, rules_in_force(day)) AS most
    FROM (SELECT DISTINCT day, limit_s FROM asked WHERE working) d
)
SELECT id, code, unit, is_in_time FROM asked LEFT JOIN span USING (day, limit_s)
WHERE CASE WHEN NOT working THEN {month_of("started_at + make_interval(secs => limit_s)")}
    WHEN is_one AND least >= %(start)s AND most < %(until)s THEN true
    WHEN is_one AND (most < %(start)s OR least >= %(until)s) THEN false
    ELSE {month_of("work_later(started_at, limit_s, rules_in_force(started_at))")} END"""
VERIFY_ROWS: Rows = (share("verify_in_time/1", "is_in_time", "true"),)

_WAS = {name: f"CASE WHEN e.body IS NULL THEN f.{name} ELSE " for name in ("sent_at", "state", "satisfaction")}
ECHO = f"""
echo AS MATERIALIZED (
    SELECT * FROM (SELECT f.id, p.code, p.unit, f.due_at,
        {_WAS["sent_at"]}(e.body ->> 'sent_at')::timestamptz END AS sent_at,
        {_WAS["state"]}e.body ->> 'state' END AS state,
        {_WAS["satisfaction"]}(e.body ->> 'satisfaction')::integer END AS satisfaction
    FROM feedback f JOIN stood s ON s.incident = f.incident JOIN spot p ON p.incident = f.incident AND p.cycle = f.cycle
    LEFT JOIN earlier e ON s.is_past AND e.id = f.id WHERE s.state <> 'merged') x
    WHERE {month_of("due_at")} OR {month_of("sent_at")}
)"""
ECHO_SOURCE = "SELECT * FROM echo"
OWED = f"state <> 'waived' AND {month_of('due_at')}"
SENT = f"state IN ('sent', 'read') AND {month_of('sent_at')}"
ECHO_ROWS: Rows = (share("feedback_in_time/1", "state IN ('sent', 'read') AND sent_at <= due_at", OWED),)
RATED = f"{SENT} AND satisfaction IS NOT NULL"
RATED_ROWS: Rows = (share("satisfied/1", "satisfaction >= 4", RATED),)
ANSWERED_ROWS: Rows = (share("rated/1", "satisfaction IS NOT NULL", SENT),)
