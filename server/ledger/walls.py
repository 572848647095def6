"""Display walls as the ledger keeps them: how each stands, its layouts by revision, its scenes, its machines, its log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from governance.changes import WallChanged
from governance.people import Officer, Role
from governance.refusal import Refused
from governance.wall import Layout, Lease, PopUp, Wall, WallStanding, may_look
from server.ledger import change_log
from server.ledger.ids import new_id
from server.ledger.ledger import Connection

_STANDING = (
    "SELECT w.code, w.title, w.area, w.rev, w.lease::text, w.pop_ups::text, l.layout::text FROM wall w "
    "JOIN wall_layout l ON l.wall = w.code AND l.rev = w.rev "
)
_layouts = msgspec.json.Decoder(Layout)
_leases = msgspec.json.Decoder(Lease)
_pop_ups = msgspec.json.Decoder(tuple[PopUp, ...])


class WallPlace(NamedTuple):
    """A wall with what says who hears of it."""

    wall: Wall
    account: UUID

    def is_heard_by(self, officer: Officer) -> bool:
        """Whether a post hears what becomes of it: its own displays, and who may control it."""
        return officer.account == self.account if officer.role is Role.WALL else may_look(officer, self.wall)


def places(connection: Connection) -> tuple[WallPlace, ...]:
    """All walls, in the order of their codes."""
    rows = connection.execute("SELECT code, title, area, account FROM wall ORDER BY code")
    return tuple(WallPlace(Wall(code, title, area), account) for code, title, area, account in rows)


def heard(connection: Connection, officer: Officer) -> tuple[str, ...]:
    """The codes of the walls whose stream a post hears."""
    return tuple(place.wall.code for place in places(connection) if place.is_heard_by(officer))


def visible(connection: Connection, streams: Iterable[str]) -> tuple[WallStanding, ...]:
    """How the walls stand that the streams given tell of, in the order of their codes."""
    wanted = set(streams)
    found = (_standing(row) for row in connection.execute(_STANDING + "ORDER BY w.code"))
    return tuple(standing for standing in found if standing.stream in wanted)


def find(connection: Connection, code: str, to_change: bool = False) -> WallStanding:
    """How one wall stands; ours until the transaction ends where it is read to be changed. Refused where there is none."""
    row = connection.execute(_STANDING + "WHERE w.code = %s" + (" FOR UPDATE OF w" if to_change else ""), (code,)).fetchone()
    if row is None:
        raise Refused("no_such_wall", "wall", wall=code[:32])
    return _standing(row)


def of_account(connection: Connection, account: UUID) -> WallStanding | None:
    """The wall whose displays an account is for."""
    row = connection.execute(_STANDING + "WHERE w.account = %s", (account,)).fetchone()
    return None if row is None else _standing(row)


def store(connection: Connection, before: WallStanding, after: WallStanding, now: datetime) -> WallStanding:
    """A wall stands otherwise, and its stream says so; with another layout it has the next revision. What stands now."""
    if after.layout != before.layout:
        after = replace(after, layout=replace(after.layout, rev=before.layout.rev + 1))
        connection.execute(
            "INSERT INTO wall_layout (wall, rev, layout, at) VALUES (%s, %s, %s::jsonb, %s)",
            (after.wall.code, after.layout.rev, _json(after.layout), now),
        )
    lease = None if after.lease is None else _json(after.lease)
    connection.execute(
        "UPDATE wall SET rev = %s, lease = %s::jsonb, pop_ups = %s::jsonb WHERE code = %s",
        (after.layout.rev, lease, _json(after.pop_ups), after.wall.code),
    )
    return after


def tell(connection: Connection, standing: WallStanding, now: datetime) -> None:
    """The stream of a wall says how it stands; the last thing in a transaction."""
    change_log.append(connection, [(standing.stream, WallChanged(standing))], None, now)


def note(
    connection: Connection,
    standing: WallStanding,
    act: str,
    now: datetime,
    officer: Officer | None = None,
    incident: UUID | None = None,
    detail: str = "",
) -> None:
    """It is on record who did what with a wall; nobody where the server did it by itself."""
    who = (officer.staff, officer.post) if officer is not None else (None, None)
    connection.execute(
        "INSERT INTO wall_log (id, wall, at, act, staff, post, rev, incident, detail) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (new_id(), standing.wall.code, now, act, *who, standing.layout.rev, incident, detail[:200]),
    )


def leased(connection: Connection) -> tuple[WallStanding, ...]:
    """The walls that somebody controls now."""
    rows = connection.execute(_STANDING + "WHERE w.lease IS NOT NULL ORDER BY w.code")
    return tuple(_standing(row) for row in rows)


def layout(connection: Connection, code: str, rev: int) -> Layout | None:
    """What a wall showed at a revision; None where it never had one of that number."""
    row = connection.execute("SELECT layout::text FROM wall_layout WHERE wall = %s AND rev = %s", (code, rev)).fetchone()
    return None if row is None else replace(_layouts.decode(row[0]), rev=rev)


def machines(connection: Connection, code: str) -> dict[str, str]:
    """The names of the machines that are bound to a wall, by their keys."""
    rows = connection.execute("SELECT client_key, name FROM wall_machine WHERE wall = %s AND is_open", (code,))
    return {str(key): str(name) for key, name in rows}


def scenes(connection: Connection, code: str) -> dict[str, Layout]:
    """The saved scenes of a wall by name, in the order of their names."""
    rows = connection.execute("SELECT name, layout::text FROM wall_scene WHERE wall = %s ORDER BY name", (code,))
    return {name: _layouts.decode(layout) for name, layout in rows}


def keep_scene(connection: Connection, code: str, name: str, layout: Layout, now: datetime) -> None:
    """A layout is kept under a name; what had the name before is gone."""
    connection.execute(
        "INSERT INTO wall_scene (wall, name, layout, at) VALUES (%s, %s, %s::jsonb, %s) "
        "ON CONFLICT (wall, name) DO UPDATE SET layout = excluded.layout, at = excluded.at",
        (code, name, _json(replace(layout, scene=name, rev=0)), now),
    )


def bound_to(connection: Connection, code: str, client_key: str) -> UUID | None:
    """The account of a wall's displays, where a machine with this key is bound to it and not closed; else None."""
    row = connection.execute(
        "SELECT w.account FROM wall_machine m JOIN wall w ON w.code = m.wall "
        "WHERE m.wall = %s AND m.client_key = %s AND m.is_open",
        (code, client_key),
    ).fetchone()
    return None if row is None else row[0]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _standing(row: tuple[Any, ...]) -> WallStanding:
    code, title, area, rev, lease, pop_ups, layout = row
    found = replace(_layouts.decode(layout), rev=rev)
    return WallStanding(Wall(code, title, area), found, _leases.decode(lease) if lease else None, _pop_ups.decode(pop_ups))
