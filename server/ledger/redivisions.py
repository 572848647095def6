"""Changes of boundaries as the ledger keeps them: what is drawn, who has what in hand, who did what."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias, cast
from uuid import UUID

import shapely

from governance.places import Level
from governance.redivision import Act, Change, Stage
from governance.refusal import Refused
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.tables.columns import SRID

Shape: TypeAlias = shapely.Polygon | shapely.MultiPolygon
LOCK_LASTS = timedelta(minutes=2)
"""A desk that edits renews its locks; one that is not heard of any more keeps nobody away."""
_CHANGE = "id, title, reason, document, area, edition, stage, version, effective_on, editors, approver, publisher"


@dataclass(frozen=True, slots=True)
class AreaStands:
    """An area as it is in force on a day, or as a draft has it."""

    code: str
    name: str
    parent: str
    level: Level
    kind: str
    """What the field calls it: 区, 街道, 社区, 网格."""
    shape: Shape | None
    """In degrees of CGCS2000; None for an area above grids that a draft only names."""
    area: UUID | None = None
    """Its identity, which survives another name or code; None where it has none yet."""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """One area of a draft that differs from what is in force."""

    stands: AreaStands
    was: str = ""
    """The code it had; empty for a new one."""
    is_gone: bool = False
    """There is no such area any more: `stands` is what it was."""


@dataclass(frozen=True, slots=True)
class Lock:
    """A grid somebody has in hand."""

    code: str
    session: UUID
    staff: UUID
    name: str
    since: datetime


def in_force(connection: Connection, day: date) -> dict[str, AreaStands]:
    """Every area as it is in force on a day, by code, the highest first."""
    rows = connection.execute(
        "SELECT code, name, parent_code, level, kind_name, ST_AsBinary(boundary), area, lower(valid) FROM area_version "
        "WHERE valid @> %s ORDER BY level DESC, code",
        (day,),
    ).fetchall()
    shapes = shapely.from_wkb([bytes(row[5]) for row in rows])
    return {
        code: AreaStands(code, name, parent, Level(level), kind, _plain(shape), area, since)
        for (code, name, parent, level, kind, _, area, since), shape in zip(rows, shapes, strict=True)
    }


def open_change(connection: Connection, change: Change, staff: UUID, now: datetime) -> None:
    """A new change stands in the ledger."""
    connection.execute(
        f"INSERT INTO boundary_change ({_CHANGE}, made_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (*_values(change), now),
    )
    log(connection, change, "open", staff, now, change.title)


def find(connection: Connection, change: UUID, lock: bool = False) -> Change:
    """One change; Refused where there is none. With `lock` it is ours until the transaction ends."""
    row = connection.execute(
        f"SELECT {_CHANGE} FROM boundary_change WHERE id = %s{' FOR UPDATE' if lock else ''}", (change,)
    ).fetchone()
    if row is None:
        raise Refused("no_such_change", "change")
    return _change(row)


def listed(connection: Connection) -> list[tuple[Change, datetime, str, Mapping[str, Any] | None]]:
    """All changes, the newest first: each with when it was made, its trouble and its outcome."""
    rows = connection.execute(f"SELECT {_CHANGE}, made_at, trouble, outcome FROM boundary_change ORDER BY made_at DESC, id")
    return [(_change(row[:12]), *row[12:]) for row in rows]


def due(connection: Connection, day: date) -> list[UUID]:
    """Changes whose day has come and that are not in force, those of the earlier day first."""
    rows = connection.execute(
        "SELECT id FROM boundary_change WHERE stage = %s AND effective_on <= %s ORDER BY effective_on, made_at",
        (Stage.PUBLISHED.value, day),
    )
    return [row[0] for row in rows]


def ask_back(connection: Connection, change: UUID, day: date) -> None:
    """The change is to be taken back from a day on."""
    connection.execute("UPDATE boundary_change SET back_on = %s WHERE id = %s", (day, change))


def due_back(connection: Connection, day: date) -> list[UUID]:
    """Changes that are in force and are to be taken back by now, the newest first."""
    rows = connection.execute(
        "SELECT id FROM boundary_change WHERE stage = %s AND back_on <= %s ORDER BY effective_on DESC, made_at DESC",
        (Stage.IN_FORCE.value, day),
    )
    return [row[0] for row in rows]


def overtaken(connection: Connection, change: UUID, area: str, since_act: str) -> bool:
    """Whether another change came into force, or was taken back, in or around an area after this one was opened or came in."""
    row = connection.execute(
        "SELECT 1 FROM boundary_log b JOIN area_lineage l ON l.change = b.change WHERE b.change <> %(change)s "
        "AND b.act IN ('come_into_force', 'take_back') AND b.at > (SELECT max(at) FROM boundary_log WHERE change = %(change)s "
        "AND act = %(act)s) AND (starts_with(l.from_code, %(area)s) OR starts_with(l.to_code, %(area)s) "
        "OR starts_with(%(area)s, l.from_code)) LIMIT 1",
        {"change": change, "act": since_act, "area": area},
    ).fetchone()
    return row is not None


def trouble(connection: Connection, change: UUID, what: str) -> None:
    """Why a change did not come into force on its day."""
    connection.execute("UPDATE boundary_change SET trouble = %s WHERE id = %s", (what, change))


def keep(connection: Connection, change: Change, outcome: Mapping[str, Any] | None = None, trouble: str = "") -> None:
    """The change stands as it is now; an outcome is that of its draft, and goes with any edit."""
    connection.execute(
        "UPDATE boundary_change SET edition = %s, stage = %s, version = %s, effective_on = %s, editors = %s, approver = %s, "
        "publisher = %s, outcome = CASE WHEN %s THEN NULL ELSE coalesce(%s::jsonb, outcome) END, trouble = %s WHERE id = %s",
        (
            *(change.edition, change.stage.value, change.version, change.effective_on, sorted(change.editors)),
            *(change.approver, change.publisher, change.stage is Stage.DRAFT),
            *(None if outcome is None else json.dumps(outcome), trouble, change.id),
        ),
    )


def outcome_of(connection: Connection, change: UUID) -> Mapping[str, Any] | None:
    """What the check of a change found, as it was kept; None where it was not checked."""
    row = connection.execute("SELECT outcome FROM boundary_change WHERE id = %s", (change,)).fetchone()
    return row[0] if row else None


def log(connection: Connection, change: Change, act: str | Act, staff: UUID, now: datetime, detail: str = "") -> None:
    """What was done is on record."""
    connection.execute(
        "INSERT INTO boundary_log VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (new_id(), change.id, now, str(act), staff, change.version, detail),
    )


def names_of(connection: Connection, accounts: Collection[UUID]) -> dict[UUID, str]:
    """Whose accounts these are."""
    rows = connection.execute(
        "SELECT a.id, s.name FROM account a JOIN staff s ON s.id = a.staff WHERE a.id = ANY(%s)", (list(accounts),)
    )
    return dict(rows.fetchall())


# ---- drafts ------------------------------------------------------------------------------------------------------------


def draw(connection: Connection, change: UUID, drawn: Sequence[Drawn], undrawn: Collection[str]) -> None:
    """These areas are as drawn, those others as they are in force."""
    if undrawn:
        connection.execute(
            "UPDATE boundary_draft SET is_left = true WHERE change = %s AND code = ANY(%s)", (change, list(undrawn))
        )
    for each in drawn:
        area = each.stands
        shape = None if area.shape is None else shapely.to_wkb(shapely.set_srid(_many(area.shape), SRID), include_srid=True)
        connection.execute(
            "INSERT INTO boundary_draft (change, code, was, level, name, parent_code, kind_name, is_gone, boundary) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (change, code) DO UPDATE SET is_left = false, "
            "was = excluded.was, level = excluded.level, name = excluded.name, parent_code = excluded.parent_code, "
            "kind_name = excluded.kind_name, is_gone = excluded.is_gone, boundary = excluded.boundary",
            (change, area.code, each.was, int(area.level), area.name, area.parent, area.kind, each.is_gone, shape),
        )


def drawn_of(connection: Connection, change: UUID, after: str = "", limit: int | None = None) -> list[Drawn]:
    """What a draft has drawn, in the order of codes, of those after a code."""
    rows = connection.execute(
        "SELECT code, was, level, name, parent_code, kind_name, is_gone, ST_AsBinary(boundary) FROM boundary_draft "
        "WHERE change = %s AND NOT is_left AND code > %s ORDER BY code LIMIT %s",
        (change, after, limit),
    )
    return [
        Drawn(
            AreaStands(code, name, parent, Level(level), kind, _plain(shapely.from_wkb(bytes(wkb))) if wkb else None), was, gone
        )
        for code, was, level, name, parent, kind, gone, wkb in rows
    ]


def staff_drawn(connection: Connection, change: UUID, chosen: Mapping[UUID, str]) -> None:
    """Which grid some workers get; an empty code leaves it to the rule."""
    for worker, code in chosen.items():
        connection.execute(
            "INSERT INTO boundary_staffing VALUES (%s, %s, %s) ON CONFLICT (change, worker) DO UPDATE SET code = excluded.code",
            (change, worker, code),
        )


def staffing_of(connection: Connection, change: UUID) -> dict[UUID, str]:
    """The grids that were chosen for workers."""
    asked = "SELECT worker, code FROM boundary_staffing WHERE change = %s AND code <> ''"
    return dict(connection.execute(asked, (change,)).fetchall())


# ---- who has what in hand ----------------------------------------------------------------------------------------------


def locks(connection: Connection, change: UUID, now: datetime) -> tuple[Lock, ...]:
    """The grids that somebody has in hand now."""
    rows = connection.execute(
        "SELECT l.code, l.session, l.staff, s.name, l.since FROM boundary_lock l JOIN staff s ON s.id = l.staff "
        "WHERE change = %s AND until > %s ORDER BY l.code",
        (change, now),
    )
    return tuple(Lock(*row) for row in rows)


def take(connection: Connection, change: UUID, codes: Collection[str], session: UUID, staff: UUID, now: datetime) -> None:
    """These grids are in this session's hand for a while; Refused('grid_locked') where another has one, and none is taken."""
    free = (
        "INSERT INTO boundary_lock VALUES (%(change)s, %(code)s, %(session)s, %(staff)s, %(now)s, %(until)s) "
        "ON CONFLICT (change, code) DO UPDATE SET session = excluded.session, staff = excluded.staff, until = excluded.until, "
        "since = CASE WHEN boundary_lock.session = excluded.session THEN boundary_lock.since ELSE excluded.since END "
        "WHERE boundary_lock.session = excluded.session OR boundary_lock.until <= %(now)s RETURNING code"
    )
    for code in sorted(codes):
        asked = {"change": change, "code": code, "session": session, "staff": staff, "now": now, "until": now + LOCK_LASTS}
        if connection.execute(free, asked).fetchone() is None:
            holder = next((lock for lock in locks(connection, change, now) if lock.code == code), None)
            raise Refused("grid_locked", "codes", grid=code, who=holder.name if holder else "")


def let_go(connection: Connection, change: UUID, codes: Collection[str], session: UUID, now: datetime) -> None:
    """These grids are in this session's hand no more."""
    connection.execute(
        "UPDATE boundary_lock SET until = %s WHERE change = %s AND session = %s AND code = ANY(%s) AND until > %s",
        (now, change, session, list(codes), now),
    )


def _values(change: Change) -> tuple[Any, ...]:
    return (
        *(change.id, change.title, change.reason, change.document, change.area, change.edition, change.stage.value),
        *(change.version, change.effective_on, sorted(change.editors), change.approver, change.publisher),
    )


def _change(row: Sequence[Any]) -> Change:
    key, title, reason, document, area, edition, stage, version, effective_on, editors, approver, publisher = row
    return Change(
        key,
        title,
        reason,
        document,
        area,
        edition,
        Stage(stage),
        version,
        effective_on,
        frozenset(editors),
        approver,
        publisher,
    )


def _plain(shape: Any) -> Shape:
    """A polygon where there is one part."""
    parts = shapely.get_parts(shape)
    return cast(Shape, parts[0] if len(parts) == 1 else shape)


def _many(shape: Shape) -> shapely.MultiPolygon:
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])
