"""What indicators count: incidents, cycles and leads as they stood at a moment, each with the areas and the unit it counts for.

SQL texts with the parameters `start`, `until`, `cut`, `day` and `area`. `start` and `until` bound the month, and `until` is
no later than `cut`, the moment that is looked from: what happened after it is not seen. An incident that was changed after
`cut` is read from its log, for every step says what it changed; of rows beside it `earlier_state` tells how they stood.
`day` is the local day of `cut`, for boundaries in force; `area` is the code of the area asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from governance.incident import TERMINAL
from governance.indicators import Boundaries

_ENDED = ", ".join(f"'{state.value}'" for state in sorted(TERMINAL))
NEVER = "('voided', 'merged', 'rejected', 'transferred')"
"""States in which a cycle does not count, but where an indicator names them."""
_DONE = "('resolved', 'checking', 'closed', 'archived')"

CANDIDATES = f"""
looked_at AS MATERIALIZED (
    SELECT id FROM incident WHERE changed_at >= %(start)s AND reported_at < %(until)s
    UNION SELECT id FROM incident WHERE state NOT IN ({_ENDED}) AND reported_at < %(until)s
    UNION SELECT incident FROM feedback WHERE due_at >= %(start)s AND due_at < %(until)s
),
changed_since AS MATERIALIZED (
    SELECT i.id, jsonb_object_agg(b.key, b.value ORDER BY t.seq) AS was
    FROM incident i JOIN incident_transition t ON t.incident = i.id AND t.at <= %(cut)s,
        LATERAL jsonb_each_text(t.became) b
    WHERE i.changed_at > %(cut)s AND i.reported_at < %(until)s AND NOT (t.row = 'E73' AND b.key = 'grid') GROUP BY i.id
),
earlier AS MATERIALIZED (
    SELECT DISTINCT ON (id) id, body FROM earlier_state WHERE until > %(cut)s ORDER BY id, number
)"""
"""Incidents that may count in the month; of those changed since then, every field as a word (governance.fold); and how the
rows beside them stood that were changed since."""

# Column -> how it is read from the words of the log.
_FIELDS = {
    "cycle": "(was ->> 'cycle')::integer",
    "state": "was ->> 'state'",
    "category": "trim('\"' FROM was ->> 'category')",
    "nature": "was ->> 'nature'",
    "magnitude": "was ->> 'magnitude'",
    "urgency": "(was ->> 'urgency')::integer",
    "mode": "trim('\"' FROM was ->> 'mode')",
    "grid": "trim('\"' FROM was ->> 'grid')",
    "place": "ST_SetSRID(ST_MakePoint(split_part(was ->> 'place', ' ', 1)::float8, "
    "split_part(was ->> 'place', ' ', 2)::float8), 4490)",
    "reported_at": "(was ->> 'reported_at')::timestamptz",
    "filed_at": "nullif(was ->> 'filed_at', '-')::timestamptz",
    "deadline": "nullif(was ->> 'deadline', '-')::timestamptz",
    "completed_at": "nullif(was ->> 'completed_at', '-')::timestamptz",
    "closed_at": "nullif(was ->> 'closed_at', '-')::timestamptz",
    "close_type": "nullif(was ->> 'close_type', '-')",
    "limit_s": "(was ->> 'limit_s')::float8",
    "used_s": "(was ->> 'used_s')::float8",
    "overdue": "was ->> 'overdue' = 'yes'",
    "return_count": "(was ->> 'return_count')::integer",
    "extended": "(was ->> 'extended')::integer",
    "highest_level": "(was ->> 'highest_level')::integer",
    "repeat_of": "nullif(was ->> 'repeat_of', '-')::uuid",
}

_STANDING = {"grid": "coalesce((SELECT v.code FROM area_version v WHERE v.id = grid_version), grid) AS grid"}
"""What stands is read as it is, but for the grid: where the boundaries changed since (E73), the one it was filed in counts."""

STOOD = f"""
stood AS MATERIALIZED (
    SELECT id AS incident, {", ".join(_STANDING.get(name, name) for name in _FIELDS)}, false AS is_past
    FROM incident JOIN looked_at USING (id) WHERE changed_at <= %(cut)s
    UNION ALL
    SELECT id, {", ".join(_FIELDS.values())}, true FROM changed_since
),
ordered AS MATERIALIZED (
    SELECT a.incident, a.cycle, a.ord, a.unit, a.sent_at, a.acked_at, a.accepted_at, a.arrived_at, a.done_at,
        coalesce(e.body ->> 'role', a.role) = 'lead' AS is_lead, coalesce(e.body ->> 'state', a.state) AS state
    FROM stood s JOIN assignment a ON a.incident = s.incident LEFT JOIN earlier e ON s.is_past AND e.id = a.id
    WHERE a.sent_at <= %(cut)s
),
led AS MATERIALIZED (
    SELECT DISTINCT ON (incident, cycle) incident, cycle, unit FROM ordered WHERE is_lead
    ORDER BY incident, cycle, ord DESC
)"""
"""Every incident and every order as it stood; the unit whose order to lead was the last of each cycle.

Of `is_lead` PostgreSQL expects half to be true, of a word it compares one in two hundred: then it would go through all that led
once for every incident.
"""

OVER = """
over AS MATERIALIZED (
    SELECT c.*, f.grid, f.place, f.nature, f.magnitude, f.urgency, f.mode
    FROM incident_cycle c JOIN cycle_frame f USING (incident, cycle) JOIN looked_at l ON l.id = c.incident
    WHERE c.ended_at <= %(cut)s
)"""
"""Cycles that are over because their incident was opened again."""

CYCLES = f"""
here AS MATERIALIZED (
    SELECT s.incident, s.state, s.nature, s.reported_at, s.filed_at, s.repeat_of, s.is_past, p.code, p.unit
    FROM stood s JOIN spot p USING (incident, cycle)
),
cycled AS MATERIALIZED (
    SELECT incident, cycle, state, category, nature, magnitude, urgency, mode, grid, filed_at,
        CASE WHEN state <> 'suspended' THEN deadline END AS due,
        CASE WHEN state IN {_DONE} AND close_type IS DISTINCT FROM 'special' THEN completed_at END AS done_at,
        CASE WHEN state IN ('closed', 'archived') THEN closed_at END AS closed_at,
        close_type, limit_s, used_s, overdue, return_count, extended, highest_level, p.code, p.unit
    FROM stood JOIN spot p USING (incident, cycle) WHERE filed_at < %(until)s AND state NOT IN {NEVER}
    UNION ALL
    SELECT incident, cycle, 'archived', category, nature, magnitude, urgency, mode, grid, filed_at, deadline,
        CASE WHEN close_type IS DISTINCT FROM 'special' THEN completed_at END, closed_at,
        close_type, limit_s, used_s, overdue, return_count, extended, handling_level, p.code, p.unit
    FROM over JOIN spot p USING (incident, cycle) WHERE filed_at < %(until)s
)"""
"""Every incident of the area where it is now, and every cycle there that counts: not void, merged, rejected or transferred. A
suspended one has no moment it is due at; one that was closed specially was never done."""

_NOW = """CASE WHEN g.valid @> (x.since AT TIME ZONE 'Asia/Shanghai')::date THEN x.grid ELSE (
    SELECT n.code FROM area_version n WHERE n.level = 1 AND n.valid @> %(day)s AND ST_Covers(n.boundary, x.place)
    ORDER BY n.code LIMIT 1) END"""
_JOIN_NOW = "LEFT JOIN area_version g ON g.level = 1 AND g.code = x.grid AND g.valid @> %(day)s"


def placed(source: str, columns: str, boundaries: Boundaries) -> str:
    """Rows of a source (with grid, place and since) and the `code` of the grid they count for.

    With boundaries in force a grid that is still the same is itself; of another the place says in which one it lies now.
    OFFSET 0: looking a place up is dear, and is done once a row.
    """
    if boundaries is Boundaries.FILING:
        return f"SELECT {columns}, x.grid AS code FROM ({source}) x"
    return f"SELECT {columns}, {_NOW} AS code FROM ({source}) x {_JOIN_NOW} OFFSET 0"


def finest(digits: Sequence[int]) -> str:
    """The `code` of the smallest area of these lengths that a grid's code lies in."""
    return f"left(code, {max(map(int, digits))})"


def subjects(digits: Sequence[int]) -> str:
    """The areas (codes cut to these lengths) and the unit that a row with `code` and `unit` counts for."""
    areas = ", ".join(f"left(code, {int(count)})" for count in digits)
    return f"array_remove(ARRAY[{areas}, unit::text], NULL)"


_SPOTS = """
SELECT incident, cycle, grid, place, coalesce(filed_at, reported_at) AS since FROM stood
UNION ALL SELECT incident, cycle, grid, place, filed_at FROM over
UNION ALL SELECT s.incident, n, s.grid, s.place, s.reported_at FROM stood s, generate_series(1, s.cycle - 1) n
    WHERE s.cycle > 1 AND NOT EXISTS (SELECT 1 FROM incident_cycle c WHERE c.incident = s.incident AND c.cycle = n)"""


def spots(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """The smallest area each cycle counts for, inside the area asked for, and the unit that led."""
    return f"""
spot AS MATERIALIZED (
    SELECT y.incident, y.cycle, {finest(digits)} AS code, unit
    FROM ({placed(_SPOTS, "x.incident, x.cycle", boundaries)}) y LEFT JOIN led USING (incident, cycle)
    WHERE starts_with(code, %(area)s)
)"""


def population(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """WITH ...: all of the above."""
    return "WITH " + ",".join((CANDIDATES, STOOD, OVER, spots(boundaries, digits), CYCLES))
