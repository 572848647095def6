"""What is counted of cameras (K34): whole minutes each could be watched, of those it was there, by area and by its unit.

A camera is there from the moment it was entered until it is retired. How it stood comes from its states on record, whose it
was and where from `camera_was`; one that never changed stood as it stands. A camera its owner reports at fault is not online.
"""

from __future__ import annotations

from collections.abc import Sequence

from governance.indicators import Boundaries
from server.indicators.formula import Rows
from server.indicators.population import finest, placed


def watchable(boundaries: Boundaries, digits: Sequence[int]) -> str:
    """Every camera of the area that was there, with its minutes."""
    source = (
        "SELECT c.id, c.state, CASE WHEN w.camera IS NULL THEN c.unit ELSE w.unit END AS unit, "
        "coalesce(w.grid_code, c.grid_code) AS grid, coalesce(w.place, c.place) AS place, "
        "greatest(coalesce(w.since, c.since), %(start)s) AS since, least(coalesce(CASE WHEN w.camera IS NULL "
        "THEN c.retired_at ELSE w.retired_at END, %(until)s), %(until)s) AS until FROM camera c LEFT JOIN LATERAL ("
        "SELECT * FROM camera_was w WHERE w.camera = c.id AND w.until > %(cut)s ORDER BY w.until LIMIT 1) w ON true"
    )
    return f"""
stood_there AS MATERIALIZED (
    SELECT y.id, y.unit, {finest(digits)} AS code, y.since, y.until, y.state
    FROM ({placed(source, "x.id, x.unit, x.since, x.until, x.state", boundaries)}) y
    WHERE since < until AND starts_with(code, %(area)s)
),
spells AS MATERIALIZED (
    SELECT c.id, c.since AS begins, c.until, coalesce(
        (SELECT s.state FROM camera_state s WHERE s.camera = c.id AND s.at <= c.since ORDER BY s.at DESC LIMIT 1),
        (SELECT s.was FROM camera_state s WHERE s.camera = c.id AND s.at > c.since ORDER BY s.at LIMIT 1), c.state) AS state
    FROM stood_there c
    UNION ALL
    SELECT c.id, s.at, c.until, s.state FROM stood_there c
    JOIN camera_state s ON s.camera = c.id AND s.at > c.since AND s.at < c.until
),
shone AS MATERIALIZED (
    SELECT id, sum(extract(epoch FROM ends - begins)) AS seconds FROM (
        SELECT id, begins, state, lead(begins, 1, until) OVER (PARTITION BY id ORDER BY begins) AS ends FROM spells) s
    WHERE state = 'online' GROUP BY id
),
watchable AS MATERIALIZED (
    SELECT c.id, c.code, c.unit, floor(extract(epoch FROM c.until - c.since) / 60) AS minutes,
        floor(coalesce(o.seconds, 0) / 60) AS online FROM stood_there c LEFT JOIN shone o USING (id)
)"""


SOURCE = "SELECT * FROM watchable"
ROWS: Rows = (("camera_online/1", "sum(online)", "sum(minutes)", None, None, "true"),)
