"""What the ledger has of a past period: the changes of incidents, the states of cameras, tracks and who looked at them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import numpy as np

from governance.audience import may_see
from governance.people import Officer, Worker
from governance.roles import CONFIDENTIAL, SIGHT, Reach, clearances_of, share_of
from governance.rules import Rules
from server.ledger import incidents
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from wire.past_requests import FIXES_AT_ONCE, CameraWas
from wire.publications import POSITION, Numbered, Positions

_PERIOD = (
    "SELECT {} FROM (SELECT id FROM incident WHERE changed_at > %(since)s AND reported_at <= %(until)s UNION "
    f"SELECT id FROM incident WHERE state NOT IN ({incidents.ENDED})) n JOIN incident i ON i.id = n.id "
    "WHERE i.reported_at <= %(until)s AND i.id > %(after)s AND {} "
)
"""Those that were not over when the period began: an index finds either half, of a ledger of any age."""
_MOMENTS = (
    "SELECT DISTINCT {} FROM incident_transition t WHERE t.incident = ANY(%(ids)s) AND t.seq < coalesce((SELECT min(x.seq) "
    "FROM incident_transition x WHERE x.incident = t.incident AND x.at > %(until)s), 2147483647)"
)
_TOLD_THEN = "JOIN change_log c ON c.at = s.at WHERE c.stream = ANY(%(streams)s) AND c.kind IN ('case', 'gone')"
_CHANGES = (
    "SELECT stream, number, at, order_id, kind, body FROM (SELECT c.stream, c.number, c.at, c.order_id, c.kind, c.body, "
    "sum(octet_length(c.body)) OVER (ORDER BY c.at, c.stream, c.number) - octet_length(c.body) AS before "
    f"FROM ({_MOMENTS.format('t.at')}) s {_TOLD_THEN}) d WHERE before < %(bytes)s ORDER BY at, stream, number"
)
_SIZES = (
    "SELECT s.incident, sum(octet_length(c.body))::bigint "
    f"FROM ({_MOMENTS.format('t.incident, t.at')}) s {_TOLD_THEN} GROUP BY s.incident"
)
_CAMERAS = (
    "SELECT c.id, s.at, s.was, s.state, c.state FROM camera c LEFT JOIN LATERAL ("
    "(SELECT at, was, state FROM camera_state WHERE camera = c.id AND at <= %(since)s ORDER BY at DESC LIMIT 1) UNION ALL "
    "(SELECT at, was, state FROM camera_state WHERE camera = c.id AND at > %(since)s AND at <= %(until)s) UNION ALL "
    "(SELECT at, was, state FROM camera_state WHERE camera = c.id AND at > %(until)s ORDER BY at LIMIT 1)) s ON true "
    "WHERE starts_with(c.grid_code, %(scope)s) AND c.share_level <= %(share)s AND c.retired_at IS NULL ORDER BY c.id, s.at"
)
_FIXES_SHOWN = (
    "FROM worker_position WHERE worker = %(worker)s AND at > %(since)s AND at <= %(until)s AND (%(area)s = '' OR ST_Intersects("
    "place, (SELECT boundary FROM area_version WHERE code = %(area)s AND valid @> %(day)s::date)))"
)
_FIXES = (
    "SELECT extract(epoch FROM at)::bigint, round(ST_X(place) * 1e7)::int, round(ST_Y(place) * 1e7)::int, "
    "round(speed_m_s * 100)::int, round(heading_deg * 100)::int, round(accuracy_m * 10)::int, battery_percent "
    f"{_FIXES_SHOWN} ORDER BY at LIMIT %(most)s"
)
PAGE_BYTES, MOST_OF_ONE = 4_194_304, 16_777_216
"""A page ends before the incident that goes beyond the first; of one that is larger itself no more than the second is told."""
_FIELDS = ("at", "lon", "lat", "speed", "heading", "accuracy", "battery")


class Walk(NamedTuple):
    """What is shown of where a worker was."""

    worker: int
    """His number."""
    since: datetime
    until: datetime
    area: str
    """No fix outside of this area; empty: everywhere."""
    day: date
    """The local day whose boundaries count."""


class _Named(msgspec.Struct):
    """As much of an incident as tells which it is."""

    id: UUID


class _CaseBody(msgspec.Struct):
    """As much of a changed case."""

    incident: _Named


class _GoneBody(msgspec.Struct):
    """As much of a case that left its stream."""

    incident: UUID


_case_body, _gone_body = msgspec.msgpack.Decoder(_CaseBody), msgspec.msgpack.Decoder(_GoneBody)


def sees_nothing(officer: Officer) -> bool:
    """Whether a post sees neither incidents nor cameras, and so nothing of the past."""
    return SIGHT[officer.role].incidents not in incidents.REACHED and share_of(officer) < 0


def incidents_of(
    connection: Connection, officer: Officer, rules: Rules, period: tuple[datetime, datetime], after: UUID, most: int
) -> tuple[list[UUID], UUID | None]:
    """Incidents of a period that a post may see today, in the order of their ids, and what to go on after, if anything.

    What a post saw then and may not see any more (it became confidential, it went to another street) is not among them.
    """
    sight = SIGHT[officer.role].incidents
    if sight not in incidents.REACHED:
        return [], None
    query = _PERIOD.format("i.id", incidents.REACHED[sight]) + "ORDER BY i.id LIMIT %(most)s"
    rows = connection.execute(query, _asked(officer, period, after) | {"most": most}).fetchall()
    ids = [row[0] for row in rows]
    seen = ids if sight is Reach.AREA else [each for each in ids if may_see(officer, incidents.load(connection, each), rules)]
    return seen, ids[-1] if len(ids) == most else None


def count_of(connection: Connection, officer: Officer, period: tuple[datetime, datetime]) -> int:
    """How many incidents of a period there are to look through."""
    sight = SIGHT[officer.role].incidents
    if sight not in incidents.REACHED:
        return 0
    query = _PERIOD.format("count(*)", incidents.REACHED[sight])
    row = connection.execute(query, _asked(officer, period, UUID(int=0))).fetchone()
    return int(row[0]) if row else 0


def fitting(
    connection: Connection, ids: Sequence[UUID], streams: Collection[str], until: datetime
) -> tuple[Sequence[UUID], Collection[UUID]]:
    """As many of some incidents, from the first on, as one page holds, one at least; and those it holds but in part."""
    asked = {"ids": list(ids), "until": until, "streams": list(streams)}
    sizes: dict[UUID, int] = dict(connection.execute(_SIZES, asked).fetchall())
    total = 0
    for count, each in enumerate(ids):
        total += sizes.get(each, 0)
        if count and total > PAGE_BYTES:
            return ids[:count], ()
        if total > MOST_OF_ONE:
            return ids[:1], ids[:1]
    return ids, ()


def changes_of(connection: Connection, ids: Sequence[UUID], streams: Collection[str], until: datetime) -> tuple[Numbered, ...]:
    """What some streams told of some incidents up to a moment, by time; the first of it where it is very much."""
    wanted = frozenset(ids)
    asked = {"ids": list(ids), "until": until, "streams": list(streams), "bytes": MOST_OF_ONE}
    return tuple(
        Numbered(stream, number, at, order, kind, msgspec.Raw(body))
        for stream, number, at, order, kind, body in connection.execute(_CHANGES, asked)
        if _incident_in(kind, body) in wanted
    )


def confidential_of(connection: Connection, ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Which of some incidents are confidential today: an ended one stands with no desk that could tell."""
    query = "SELECT id FROM incident WHERE id = ANY(%s) AND confidentiality >= %s ORDER BY id"
    return tuple(row[0] for row in connection.execute(query, (list(ids), CONFIDENTIAL)))


def cameras_of(connection: Connection, officer: Officer, since: datetime, until: datetime) -> tuple[CameraWas, ...]:
    """How the cameras a post may watch stood when a period began, and what became of them in it."""
    asked = {"since": since, "until": until, "scope": officer.scope, "share": share_of(officer)}
    return tuple(_stood(connection.execute(_CAMERAS, asked), since, until))


def put_on_record(
    connection: Connection, officer: Officer, worker: Worker, period: tuple[datetime, datetime], reason: str, now: datetime
) -> UUID:
    """It is on record that an officer looks at a worker's track; commit this before a fix is read."""
    access = new_id()
    connection.execute(
        "INSERT INTO track_access (id, staff, post, worker, since, until, reason, at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (access, officer.staff, officer.post, worker.id, *period, reason, now),
    )
    return access


def on_record(connection: Connection, access: UUID, officer: Officer) -> tuple[Any, ...] | None:
    """Worker, his number, period and moment of what an officer put on record; None where he did not."""
    return connection.execute(
        "SELECT t.worker, w.number, t.since, t.until, t.at FROM track_access t JOIN worker w ON w.staff = t.worker "
        "WHERE t.id = %s AND t.staff = %s AND t.post = %s",
        (access, officer.staff, officer.post),
    ).fetchone()


def count_fixes(connection: Connection, walk: Walk, most: int) -> int:
    """How many fixes of a walk are shown, counted to one beyond `most`."""
    query = f"SELECT count(*) FROM (SELECT 1 {_FIXES_SHOWN} LIMIT %(most)s) f"
    row = connection.execute(query, walk._asdict() | {"most": most + 1}).fetchone()
    return int(row[0]) if row else 0


def fixes(connection: Connection, walk: Walk) -> Positions:
    """The first fixes of a walk that are shown, POSITION[k], k <= FIXES_AT_ONCE, the oldest first."""
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(_FIXES, walk._asdict() | {"most": FIXES_AT_ONCE}).fetchall()
    packed = np.zeros(len(rows), POSITION)
    packed["worker"] = walk.worker
    if rows:
        for name, column in zip(_FIELDS, np.array(rows, np.int64).T, strict=True):
            packed[name] = column
    return packed


def _asked(officer: Officer, period: tuple[datetime, datetime], after: UUID) -> dict[str, Any]:
    """What the statements about incidents ask with."""
    return {
        "since": period[0],
        "until": period[1],
        "after": after,
        "scope": officer.scope,
        "classes": list(clearances_of(officer)),
        "units": list(officer.units),
        "staff": officer.staff,
    }


def _incident_in(kind: str, body: bytes) -> UUID:
    """Which incident a fact tells of, without reading the rest."""
    return _case_body.decode(body).incident.id if kind == "case" else _gone_body.decode(body).incident


def _stood(rows: Any, since: datetime, until: datetime) -> Iterator[CameraWas]:
    """Of each camera how it stood first, then its changes within the period."""
    last = ""
    for camera, at, was, became, now in rows:
        if camera != last:
            last = camera
            first = now if at is None else became if at <= since else was
            yield CameraWas(camera, since, first)
        if at is not None and since < at <= until:
            yield CameraWas(camera, at, became)
