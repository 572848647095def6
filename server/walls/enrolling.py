"""Walls are made and display machines bound to them, by an administrator at the server's machine; all or nothing."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

import msgspec
from zmq.utils import z85

from governance.people import Role
from governance.refusal import Refused
from governance.wall import CODE, LONGEST_TITLE, WallStanding
from governance.wall_layouts import BAROMETER, READY
from server.ledger import walls
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.password import hashed

KEY_LETTERS = 40
"""Of a public CURVE key in Z85."""
_UNIT = (
    "SELECT id FROM unit WHERE kind IN ('centre', 'street_centre') AND starts_with(%s, area_code) "
    "ORDER BY length(area_code) DESC LIMIT 1"
)


def add(connection: Connection, code: str, title: str, area: str, now: datetime) -> WallStanding:
    """A wall with the scene 晴雨表, its account that knows no password, and its first layout; Refused where it cannot be."""
    if not CODE.fullmatch(code):
        raise Refused("wall_code", "wall", wall=code[:40])
    if not (title.strip() and len(title) <= LONGEST_TITLE and title.isprintable()):
        raise Refused("wall_title", "title", most=str(LONGEST_TITLE))
    if connection.execute("SELECT 1 FROM wall WHERE code = %s", (code,)).fetchone():
        raise Refused("wall_exists", "wall", wall=code)
    unit = connection.execute(_UNIT, (area,)).fetchone()
    if unit is None or not connection.execute("SELECT 1 FROM area_version WHERE code = %s", (area,)).fetchone():
        raise Refused("no_such_area", "area", area=area[:20])
    account = _account(connection, code, title.strip(), area, unit[0])
    connection.execute(
        "INSERT INTO wall (code, title, area, account, rev) VALUES (%s, %s, %s, %s, 1)", (code, title.strip(), area, account)
    )
    first = msgspec.json.encode(READY[BAROMETER]).decode()
    connection.execute("INSERT INTO wall_layout (wall, rev, layout, at) VALUES (%s, 1, %s::jsonb, %s)", (code, first, now))
    standing = walls.find(connection, code)
    walls.note(connection, standing, "made", now)
    walls.tell(connection, standing, now)
    return standing


def bind(connection: Connection, code: str, public_key: str, name: str, now: datetime) -> UUID:
    """A machine with this public key (Z85) may show a wall from now on; Refused where it may not be bound."""
    client_key = client_key_of(public_key)
    if not (name.strip() and len(name) <= LONGEST_TITLE and name.isprintable()):
        raise Refused("machine_name", "name", most=str(LONGEST_TITLE))
    standing = walls.find(connection, code)
    taken = connection.execute("SELECT wall FROM wall_machine WHERE client_key = %s AND is_open", (client_key,)).fetchone()
    if taken is not None:
        raise Refused("machine_taken", "key", wall=taken[0])
    machine = new_id()
    connection.execute(
        "INSERT INTO wall_machine (id, wall, client_key, name, bound_at) VALUES (%s, %s, %s, %s, %s)",
        (machine, code, client_key, name.strip(), now),
    )
    walls.note(connection, standing, "machine_bound", now, detail=f"{name.strip()} {client_key[:16]}")
    return machine


def close(connection: Connection, code: str, name: str, now: datetime) -> int:
    """The machines of a wall that are called so show it no more; how many. Refused where there is none."""
    standing = walls.find(connection, code)
    closed = connection.execute(
        "UPDATE wall_machine SET is_open = false WHERE wall = %s AND name = %s AND is_open", (code, name.strip())
    ).rowcount
    if not closed:
        raise Refused("no_such_machine", "name", name=name[:40])
    walls.note(connection, standing, "machine_closed", now, detail=name.strip())
    return closed


def client_key_of(public_key: str) -> str:
    """The key of a machine as connections name it, hex; Refused where the text is no public key."""
    text = public_key.strip()
    try:
        raw = z85.decode(text.encode("ascii")) if len(text) == KEY_LETTERS else b""
    except (ValueError, KeyError, UnicodeEncodeError):
        raw = b""
    if len(raw) != 32:
        raise Refused("machine_key", "key")
    return raw.hex()


def _account(connection: Connection, code: str, title: str, area: str, unit: UUID) -> UUID:
    """The account of a wall in its one post: read-only, of class 0."""
    staff, account, post = new_id(), new_id(), new_id()
    connection.execute(
        "INSERT INTO staff (id, staff_no, name, unit) VALUES (%s, %s, %s, %s)", (staff, f"WALL-{code}", title, unit)
    )
    connection.execute(
        "INSERT INTO account (id, staff, login, password_hash) VALUES (%s, %s, %s, %s)",
        (account, staff, f"wall:{code}", hashed(secrets.token_urlsafe(32))),
    )
    connection.execute(
        "INSERT INTO post (id, unit, role, title, scope, clearance) VALUES (%s, %s, %s, %s, %s, 0)",
        (post, unit, Role.WALL.value, "大屏", area),
    )
    connection.execute(
        "INSERT INTO post_assignment (id, post, staff, valid) VALUES (%s, %s, %s, '[2000-01-01,)')", (new_id(), post, staff)
    )
    return account
