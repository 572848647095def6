"""Months of any size in the ledger: incidents with all that belongs to them, made in SQL from one seed, past every trigger.

Of a hundred reported, 3 are turned away, 2 void, 2 merged, 2 suspended, 6 open; the others were done and closed, one in
six late. One in twenty was opened again, so that it has two cycles. Every incident has its reports, its steps, its order, its
clocks, its check and its echoes; some have a verification, an approval, a supervision order.
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from governance.indicators import Month

TABLES = (
    *("incident", "incident_cycle", "cycle_frame", "incident_transition", "report", "assignment", "timer"),
    *("verify_task", "feedback", "approval", "supervision_order"),
)
_LAID = """
CREATE TEMP TABLE laid AS
SELECT n, (lpad(to_hex((extract(epoch FROM reported_at) * 1000)::bigint), 12, '0') || '7'
        || left(md5(%(month)s || n), 19))::uuid AS id, reported_at,
    CASE WHEN chance >= 0.03 THEN reported_at + interval '8 minutes' END AS filed_at,
    CASE WHEN chance >= 0.15 THEN reported_at + interval '1 hour' + pace * interval '6 days' END AS done_at,
    reported_at + interval '5 days' AS due, chance, another,
    CASE WHEN chance < 0.03 THEN 'rejected' WHEN chance < 0.05 THEN 'voided' WHEN chance < 0.07 THEN 'merged'
        WHEN chance < 0.09 THEN 'suspended' WHEN chance < 0.15 THEN 'handling' ELSE 'archived' END AS state,
    CASE WHEN chance >= 0.95 THEN 2 ELSE 1 END AS cycle, grid.code AS grid, grid.place, worker.staff AS worker, worker.unit,
    (ARRAY['03.01', '03.02', '04.01', '07.05', '08.01', '09.01'])[1 + n %% 6] AS category,
    CASE WHEN n %% 6 IN (2, 4) THEN 'service' ELSE 'regulation' END AS nature
FROM (SELECT n, %(start)s + random() * (%(end)s - %(start)s) AS reported_at, random() AS chance, random() AS pace,
    random() AS another FROM generate_series(1, %(count)s) n) x
JOIN (SELECT row_number() OVER (ORDER BY code) - 1 AS nth, count(*) OVER () AS of, code, ST_PointOnSurface(boundary) AS place
    FROM area_version WHERE level = 1) grid ON grid.nth = x.n %% grid.of
JOIN (SELECT row_number() OVER (ORDER BY number) - 1 AS nth, count(*) OVER () AS of, w.staff, s.unit
    FROM worker w JOIN staff s ON s.id = w.staff) worker ON worker.nth = x.n %% worker.of
"""
_CLOSED = "done_at + interval '3 hours'"
_ENDED = f"CASE WHEN state = 'archived' THEN {_CLOSED} END"
_INTO = {
    "incident": f"""
SELECT id, 'BENCH-' || id, state, 'bench', repeat('路面有积水，行人绕行。', 4), place, '', grid, category, reported_at,
    (another < 0.05)::int * 2, 0, CASE WHEN another < 0.9 THEN 'minor' ELSE 'major' END, nature, 'passive', 'normal', '', 1, 2,
    2, '', cycle, CASE WHEN cycle = 2 THEN {_CLOSED} + interval '1 day' ELSE filed_at END,
    CASE WHEN filed_at IS NOT NULL THEN due + (cycle - 1) * interval '5 days' END,
    CASE WHEN state = 'archived' THEN done_at + (cycle - 1) * interval '2 days' END, 432000,
    coalesce(extract(epoch FROM done_at - filed_at), 0), coalesce(done_at > due, false), 0, (another < 0.04)::int, 0,
    cycle - 1, 0, 0, (another > 0.97)::int, 0, 2, false, false, CASE WHEN state = 'suspended' THEN 'handling' END,
    CASE WHEN state = 'suspended' THEN due + interval '90 days' END,
    CASE WHEN state = 'suspended' THEN 'suspend_defer' ELSE '' END,
    CASE WHEN state = 'merged' THEN lag(id) OVER (ORDER BY n) END, false,
    CASE WHEN state <> 'archived' THEN NULL WHEN done_at > due THEN 'overdue' ELSE 'normal' END,
    {_ENDED} + (cycle - 1) * interval '2 days', 9,
    coalesce({_CLOSED} + cycle * interval '1 day', reported_at + interval '1 day')
FROM laid""",
    "incident_cycle": f"""
SELECT id, 0, 1, category, 2, filed_at, due, done_at, {_CLOSED}, {_CLOSED} + interval '1 day',
    CASE WHEN done_at > due THEN 'overdue' ELSE 'normal' END, 432000, extract(epoch FROM done_at - filed_at), done_at > due,
    0, 0, 0, 0, unit FROM laid WHERE cycle = 2""",
    "cycle_frame": "SELECT id, 1, grid, place, nature, 'minor', 0, 'normal' FROM laid WHERE cycle = 2",
    "incident_transition": """
SELECT id, step.seq, step.row, step.action, step.was, step.becomes, 'user', step.at, '王', '', '{}',
    jsonb_build_object('state', step.becomes, 'version', step.seq), decode(repeat('00', 144), 'hex'),
    sha256(convert_to(id::text || step.seq, 'UTF8')), sha256(convert_to(id::text || step.seq + 1, 'UTF8'))
FROM laid, LATERAL (VALUES (1, 'E01', 'make_report', NULL, 'reported', reported_at),
    (2, CASE WHEN filed_at IS NULL THEN 'E08' ELSE 'E06' END, 'file', 'reported', 'filed', reported_at + interval '8 minutes'),
    (3, 'E12', 'dispatch', 'filed', 'dispatched', filed_at + interval '5 minutes'),
    (4, 'E24', 'accept', 'dispatched', 'handling', filed_at + interval '12 minutes'),
    (5, CASE WHEN another < 0.1 THEN 'E22' ELSE 'E26' END, 'arrive', 'handling', 'handling', filed_at + interval '40 minutes'),
    (6, 'E27', 'complete', 'handling', 'resolved', done_at), (7, 'E36', 'send_check', 'resolved', 'checking', done_at),
    (8, 'E41', 'check_pass', 'checking', 'closed', done_at + interval '3 hours')) step (seq, row, action, was, becomes, at)
WHERE step.at IS NOT NULL""",
    "report": """
SELECT md5(id::text || k)::uuid, id, k, CASE WHEN n % 2 = 0 THEN 'worker_app' ELSE 'hotline' END,
    CASE WHEN n % 2 = 0 THEN 'active' WHEN n % 97 = 0 THEN 'smart' ELSE 'passive' END, reported_at + k * interval '1 hour',
    repeat('路面有积水，行人绕行。', 4), place, '', 5, CASE WHEN n % 2 = 0 THEN 'worker' ELSE 'citizen' END,
    CASE WHEN n % 2 = 0 THEN worker END, false, false, '', id
FROM laid, generate_series(0, (another < 0.15)::int) k""",
    "assignment": """
SELECT md5(id::text || 'order' || k)::uuid, id, k - 1, k, 'lead', worker, '王', unit,
    CASE WHEN done_at IS NULL THEN 'accepted' ELSE 'done' END, '请处置', sent, '', sent + interval '4 minutes',
    sent + interval '7 minutes', sent + interval '35 minutes', done_at, '', '', 0
FROM laid, generate_series(1, cycle) k, LATERAL (SELECT filed_at + interval '5 minutes' + (k - 1) * interval '7 days') s (sent)
WHERE filed_at IS NOT NULL""",
    "timer": """
SELECT md5(id::text || kind)::uuid, id, nth, kind, 'cancelled', reported_at, due, 3600, 480, 0, false
FROM laid, unnest(ARRAY['T1', 'T3', 'T4', 'T5', 'T7', 'T8']) WITH ORDINALITY k (kind, nth)
UNION ALL SELECT md5(id::text || 'T2')::uuid, id, 9, 'T2', 'cancelled', reported_at + interval '2 minutes', due, 86400, 300, 0,
    true FROM laid WHERE another > 0.85""",
    "verify_task": """
SELECT md5(id::text || 'verify')::uuid, id, 0, 1, 'verify', reported_at + interval '2 minutes', 'exist', '',
    reported_at + interval '50 minutes', '李' FROM laid WHERE another > 0.85
UNION ALL SELECT md5(id::text || 'check')::uuid, id, 1, 1, 'check', done_at, CASE WHEN n % 40 = 0 THEN 'fail' ELSE 'pass' END,
    '', done_at + interval '3 hours', '李' FROM laid WHERE done_at IS NOT NULL""",
    "feedback": f"""
SELECT md5(id::text || 'echo' || k)::uuid, id, k, 1, CASE k WHEN 0 THEN 'reporter' ELSE 'grid_worker' END, 'sent',
    CASE k WHEN 0 THEN md5(id::text || 0)::uuid END, {_CLOSED} + interval '1 day', {_CLOSED} + interval '2 hours', '已处理',
    CASE WHEN n % 3 = 0 THEN 1 + n % 5 END, '' FROM laid, generate_series(0, 1) k WHERE state = 'archived'""",
    "approval": """
SELECT md5(id::text || 'approval')::uuid, id, 0, 1, 'suspend_defer', 'granted', worker, '王', filed_at + interval '1 hour', '',
    3, 0, '', '', (SELECT min(staff::text)::uuid FROM account), '张', filed_at + interval '2 hours', ''
FROM laid WHERE state = 'suspended'""",
    "supervision_order": """
SELECT md5(id::text || 'order')::uuid, id, 0, 1 + n % 3, 'OVERDUE', 'closed', due, due + interval '1 day', '', '', '', '',
    due + interval '5 hours' FROM laid WHERE done_at > due""",
}
_COLUMNS = {
    "incident": "id number state title text place place_text grid category reported_at urgency severity magnitude nature "
    "discovery mode floor confidentiality handling_level oversight_level origin_worker_name cycle filed_at deadline "
    "completed_at limit_s used_s overdue rework_count return_count recall_count reopen_count suspend_count decline_count "
    "extended merged_count highest_level no_return backfill_owed suspended_from suspended_until suspended_kind merged_into "
    "supervised close_type closed_at version changed_at",
    "incident_cycle": "incident ord cycle category handling_level filed_at deadline completed_at closed_at ended_at close_type "
    "limit_s used_s overdue rework_count return_count recall_count extended lead_unit",
    "cycle_frame": "incident cycle grid place nature magnitude urgency mode",
    "incident_transition": "incident seq row action from_state to_state actor_kind at actor_name reason detail became whole "
    "prev_hash hash",
    "report": "id incident ord channel discovery received_at text place place_text accuracy_m reporter_kind reporter_worker "
    "anonymous confidential camera origin",
    "assignment": "id incident ord cycle role worker worker_name unit state order_text sent_at off_rule_reason acked_at "
    "accepted_at arrived_at done_at ended_reason result_text reminders",
    "timer": "id incident ord kind state started_at due_at limit_s consumed_s fired working",
    "verify_task": "id incident ord cycle kind assigned_at result note done_at checker_name",
    "feedback": "id incident ord cycle target state report due_at sent_at text satisfaction waived_reason",
    "approval": "id incident ord cycle kind state asked_by asked_name asked_at reason level extend_s first_name first_role "
    "decided_by decided_name decided_at decision",
    "supervision_order": "id incident ord grade cause state issued_at reply_due issued_by reason reply replied_by replied_at",
}


_VISITS = """
INSERT INTO visit (id, worker, kind, began_at, ended_at, received_at, place, grid, household, is_seen, reason)
SELECT gen_random_uuid(), w.staff, CASE WHEN saturday THEN 'saturday' ELSE 'routine' END, began, began + lasts, began + lasts,
    place, w.grid_code, sha256(convert_to((w.number % 7 * n)::text, 'UTF8')), true, ''
FROM worker w JOIN (SELECT code, ST_PointOnSurface(boundary) AS place FROM area_version WHERE level = 1) g
        ON g.code = w.grid_code,
    (SELECT n, %(start)s + n * interval '1 day' + interval '9 hours' AS began, extract(isodow FROM day) = 6 AS saturday,
        CASE WHEN extract(isodow FROM day) = 6 THEN interval '4 hours' ELSE interval '100 minutes' END AS lasts
    FROM (SELECT n, (%(start)s AT TIME ZONE 'Asia/Shanghai') + n * interval '1 day' AS day FROM generate_series(0, 30) n) x
    WHERE extract(isodow FROM day) < 7 AND %(start)s + n * interval '1 day' < %(end)s) d
"""
_FOR_YEARS = "UPDATE area_version SET valid = daterange('2020-01-01', upper(valid))"


def settle(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """The boundaries have been in force for years. `connection` is the superuser's."""
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(_FOR_YEARS)


def lay(connection: psycopg.Connection[tuple[object, ...]], month: Month, cycles: int) -> int:
    """Incidents with so many cycles that count lie in a month, and every worker's visits on each of its workdays.

    How many cycles there are. `connection` is the superuser's.
    """
    incidents = round(cycles / 0.975)
    with connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute("SELECT setseed(0.5)")
        told: dict[str, int | str | datetime] = {
            "month": str(month),
            "start": month.start,
            "end": month.end,
            "count": incidents,
        }
        connection.execute(_LAID, told)
        for table, rows in _INTO.items():
            connection.execute(f"INSERT INTO {table} ({', '.join(_COLUMNS[table].split())}) {rows}".encode())
        connection.execute(_VISITS.replace("% 7", "%% 7"), told)
        found = connection.execute("SELECT sum(cycle) FROM laid WHERE state NOT IN ('rejected', 'voided', 'merged')").fetchone()
        connection.execute("DROP TABLE laid")
    connection.execute("VACUUM ANALYZE")
    assert found is not None, "an aggregate has a row"
    return int(str(found[0]))


def scan(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    """Every row of these tables is read once, from its pages: what no statement over all of them can be faster than."""
    with connection.transaction():
        for way in ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"):
            connection.execute(f"SET LOCAL {way} = off")
        parts = " UNION ALL ".join(f"SELECT count(*) FROM {table}" for table in TABLES)
        connection.execute(f"SELECT sum(count) FROM ({parts}) x".encode())
