"""Who is logged on with which key, post and shift; a session ends on log-off, expiry, or when its right ends.

Sessions live in the ledger, so that they survive a restart of the desk process and the lane knows them too.
"""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.people import Officer, Role
from governance.places import Level
from governance.refusal import Refused
from server import password
from server.duty_roster import HeldPost, open_shift, posts_of, streams_of
from server.ledger import walls
from server.ledger.ids import new_id
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.ledger.walls import WallPlace
from server.login_locks import LoginLocks
from wire.frames import TOPIC_BYTES
from wire.requests import SignOn

_NOBODY = password.hashed("nobody")

_LIVE = (
    "SELECT s.id, s.client_key, a.login, t.id, t.name, s.post, s.role, s.scope, s.clearance, s.shift, p.unit, a.id, u.name, "
    "coalesce(h.name, ''), s.feed_topic, s.lane_topic, s.expires_at, a.must_change, CASE "
    "WHEN s.ended_at IS NOT NULL THEN s.ended_reason WHEN s.expires_at <= %s THEN 'expired' "
    "WHEN NOT a.is_open THEN 'account_closed' WHEN a.expires_on <= %s THEN 'account_expired' "
    "WHEN NOT (p.is_open AND p.valid @> %s) THEN 'post_closed' "
    "WHEN (p.role, p.scope, p.clearance) <> (s.role, s.scope, s.clearance) THEN 'role_changed' "
    "WHEN NOT EXISTS (SELECT 1 FROM post_assignment x WHERE x.post = s.post AND x.staff = t.id AND x.valid @> %s) "
    "THEN 'post_taken' WHEN s.role = 'VW' AND NOT EXISTS (SELECT 1 FROM wall w JOIN wall_machine m ON m.wall = w.code "
    "WHERE w.account = a.id AND m.client_key = s.client_key AND m.is_open) THEN 'machine_closed' "
    "WHEN s.shift IS NOT NULL AND h.state NOT IN ('open', 'handing_over') THEN 'shift_closed' END "
    "FROM desk_session s JOIN account a ON a.id = s.account JOIN staff t ON t.id = a.staff JOIN post p ON p.id = s.post "
    "JOIN unit u ON u.id = p.unit LEFT JOIN shift h ON h.id = s.shift WHERE "
)


@dataclass(frozen=True, slots=True)
class Session:
    """One desk that is signed on: the key of its connections, who sits there, and the topics only it was told."""

    id: UUID
    key: str
    """Public CURVE key of its connections, hex."""
    account: str
    officer: Officer
    unit_name: str
    shift_name: str
    feed_topic: bytes
    lane_topic: bytes
    expires_at: datetime
    must_change_password: bool
    streams: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrongPassword(Exception):
    """The log-in failed; `tries` says how often in a row, so that the answer can be slowed down."""

    tries: int


def sign_on(
    ledger: Ledger,
    key: str,
    request: SignOn,
    now: datetime,
    hours: float,
    address: str = "",
    locks: LoginLocks | None = None,
) -> Session | tuple[HeldPost, ...]:
    """The new session of this key, or the posts to choose from; raises Refused or WrongPassword. Slow: argon2.

    A login that does not exist gets the same answers. `address`: of the peer; `locks`: what failed from where.
    """
    account, staff = authenticated(ledger, request.login, request.password, now, address, locks or LoginLocks())
    with ledger.transaction() as connection:
        posts = tuple(post for post in posts_of(connection, staff, now) if post.has_desk)
        if request.post is None and len(posts) > 1:
            return posts
        post = next((p for p in posts if request.post in (None, p.id)), None)
        if post is None:
            raise Refused("not_your_post" if request.post else "no_desk_post", "post")
        session = _begin(connection, key, account, staff, post, request.seat, now, hours)
        return _read(ledger, connection, session, now)


def sign_on_wall(ledger: Ledger, key: str, wall: str, seat: str, now: datetime, hours: float) -> Session:
    """The new session of a display machine, known by its key alone; Refused where no such machine is bound to the wall.

    It sits in no shift, so that no hand-over ends it.
    """
    with ledger.transaction() as connection:
        account = walls.bound_to(connection, wall, key)
        row = connection.execute("SELECT staff, is_open FROM account WHERE id = %s", (account,)).fetchone()
        if account is None or row is None or not row[1]:
            raise Refused("machine_not_bound", "wall", wall=wall[:32])
        post = next((each for each in posts_of(connection, row[0], now) if each.role is Role.WALL), None)
        if post is None:
            raise Refused("machine_not_bound", "wall", wall=wall[:32])
        session = _begin(connection, key, account, row[0], post, seat, now, hours)
        return _read(ledger, connection, session, now)


def authenticated(ledger: Ledger, login: str, secret: str, now: datetime, address: str, locks: LoginLocks) -> tuple[UUID, UUID]:
    """Account and person of a login whose password is right; raises Refused or WrongPassword. Slow: argon2.

    `address`: where it is tried from, for the locks.
    """
    until = locks.locked_until(login, address, now)
    if until is not None:
        raise Refused("account_locked", "login", until=until.isoformat())
    with ledger.transaction() as connection:
        row = connection.execute(
            "SELECT id, staff, password_hash, is_open, locked_until, expires_on FROM account WHERE login = %s", (login,)
        ).fetchone()
    right = password.is_right(secret, row[2] if row else _NOBODY)
    if row is None or not right:
        _record_failure(ledger, login, now)
        raise WrongPassword(locks.failed(login, address, now))
    locks.succeeded(login, address)
    account, staff, _, is_open, locked_until, expires_on = row
    if locked_until is not None and locked_until > now:
        raise Refused("account_locked", "login", until=locked_until.isoformat())
    if not is_open:
        raise Refused("account_closed", "login")
    if expires_on is not None and expires_on <= local_day(now):
        raise Refused("account_expired", "login", on=expires_on.isoformat())
    return account, staff


def sign_off(ledger: Ledger, session: UUID, reason: str, now: datetime) -> None:
    """The session is over."""
    with ledger.transaction() as connection:
        _end(connection, session, reason, now)


def live(ledger: Ledger, known: Iterable[UUID], now: datetime) -> tuple[dict[str, Session], dict[UUID, str]]:
    """All sessions whose right still stands, by key; and why the others that are not ended yet, or were known, are over.

    It only reads, so that nobody who holds a row can keep a desk listening; `end_all` ends what is over.
    """
    with ledger.transaction() as connection:
        around = _around(ledger, connection, now)
        found: dict[str, Session] = {}
        over: dict[UUID, str] = {}
        for row in connection.execute(_LIVE + "s.ended_at IS NULL", _asked(now)).fetchall():
            if row[-1] is None:
                session = _session(row, around)
                found[session.key] = session
            else:
                over[row[0]] = row[-1]
        gone = set(known) - over.keys() - {session.id for session in found.values()}
        rows = connection.execute(_LIVE + "s.id = ANY(%s)", (*_asked(now), list(gone))).fetchall() if gone else []
        return found, over | {row[0]: row[-1] or "unknown" for row in rows}


def _asked(now: datetime) -> tuple[datetime, date, date, date]:
    """What `_LIVE` asks about: the moment, and the local day for account, post and assignment."""
    day = local_day(now)
    return now, day, day, day


def end_all(ledger: Ledger, over: Mapping[UUID, str], now: datetime) -> None:
    """Sessions whose right has ended are over in the ledger too; one that somebody else holds is left for the next time."""
    with ledger.transaction() as connection:
        free = connection.execute(
            "SELECT id FROM desk_session WHERE id = ANY(%s) AND ended_at IS NULL ORDER BY id FOR UPDATE SKIP LOCKED",
            (list(over),),
        ).fetchall()
        for (session,) in free:
            _end(connection, session, over[session], now)


def require_live(connection: Connection, session: UUID, now: datetime) -> None:
    """Refused('session_over') where the right of the session has ended; asked inside the order's own transaction."""
    row = connection.execute(_LIVE + "s.id = %s", (*_asked(now), session)).fetchone()
    if row is None or row[-1] is not None:
        raise Refused("session_over", reason=row[-1] if row else "unknown")


def _record_failure(ledger: Ledger, login: str, now: datetime) -> None:
    """A failure is on record, also one of a login that nobody has: the answer must not come sooner."""
    with ledger.transaction() as connection:
        row = connection.execute(
            "UPDATE account SET failed_count = failed_count + 1 WHERE login = %s RETURNING staff", (login,)
        ).fetchone()
        staff = row[0] if row else None
        connection.execute("INSERT INTO duty_log (at, kind, staff, text) VALUES (%s, 'login_failed', %s, '')", (now, staff))


def _begin(
    connection: Connection,
    key: str,
    account: UUID,
    staff: UUID,
    post: HeldPost,
    seat: str,
    now: datetime,
    hours: float,
) -> UUID:
    """The id of a new session; an older one of the same key is over."""
    older = connection.execute("SELECT id FROM desk_session WHERE client_key = %s AND ended_at IS NULL", (key,)).fetchall()
    for (session,) in older:
        _end(connection, session, "signed_on_again", now)
    shift = None if post.role is Role.WALL else open_shift(connection, post.unit)
    session = new_id()
    connection.execute(
        "INSERT INTO desk_session (id, client_key, account, post, shift, seat, feed_topic, lane_topic, role, scope, clearance, "
        "began_at, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(session, key, account, post.id, shift[0] if shift else None, seat[:80]),
            *(secrets.token_bytes(TOPIC_BYTES), secrets.token_bytes(TOPIC_BYTES)),
            *(post.role.value, post.scope, post.clearance, now, now + timedelta(hours=hours)),
        ),
    )
    connection.execute(
        "UPDATE account SET failed_count = 0, locked_until = NULL, last_login = %s WHERE id = %s", (now, account)
    )
    if shift:
        connection.execute(
            "INSERT INTO shift_member (id, shift, post, staff, session, seat, on_at) VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (session, shift[0], post.id, staff, session, seat[:80], now),
        )
    connection.execute(
        "INSERT INTO duty_log (at, kind, staff, post, text, shift) VALUES (%s, 'signed_on', %s, %s, %s, %s)",
        (now, staff, post.id, seat[:80], shift[0] if shift else None),
    )
    return session


def _end(connection: Connection, session: UUID, reason: str, now: datetime) -> None:
    """Ended in the ledger, with a line in the duty log; nothing where it was over already."""
    row = connection.execute(
        "UPDATE desk_session s SET ended_at = %s, ended_reason = %s FROM account a "
        "WHERE s.id = %s AND s.ended_at IS NULL AND a.id = s.account RETURNING a.staff, s.post, s.shift",
        (now, reason, session),
    ).fetchone()
    if row is None:
        return
    connection.execute("UPDATE shift_member SET off_at = %s WHERE session = %s AND off_at IS NULL", (now, session))
    connection.execute(
        "INSERT INTO duty_log (at, kind, staff, post, shift, text) VALUES (%s, 'signed_off', %s, %s, %s, %s)",
        (now, *row, reason),
    )


def _read(ledger: Ledger, connection: Connection, session: UUID, now: datetime) -> Session:
    """A session just begun."""
    row = connection.execute(_LIVE + "s.id = %s", (*_asked(now), session)).fetchone()
    assert row is not None, "it was inserted in this transaction"
    return _session(row, _around(ledger, connection, now))


@dataclass(frozen=True, slots=True)
class _Around:
    """What says which streams a post hears."""

    streets: list[str]
    under: Mapping[UUID, list[UUID]]
    walls: tuple[WallPlace, ...]


def _around(ledger: Ledger, connection: Connection, now: datetime) -> _Around:
    areas = ledger.grids(connection, now).areas.values()
    streets = [area.code for area in areas if area.level is Level.STREET]
    return _Around(streets, _units_under(connection), walls.places(connection))


def _units_under(connection: Connection) -> dict[UUID, list[UUID]]:
    """Unit -> the units right under it."""
    under: dict[UUID, list[UUID]] = defaultdict(list)
    for unit, parent in connection.execute("SELECT id, parent FROM unit WHERE parent IS NOT NULL"):
        under[parent].append(unit)
    return under


def _teams(unit: UUID, under: Mapping[UUID, list[UUID]]) -> frozenset[UUID]:
    """All units under one."""
    return frozenset(under.get(unit, ())).union(*(_teams(each, under) for each in under.get(unit, ())))


def _session(row: tuple[Any, ...], around: _Around) -> Session:
    """One row of `_LIVE`."""
    (session, key, login, staff, name, post, role, scope, clearance, shift, unit, account, unit_name, *rest) = row
    shift_name, feed_topic, lane_topic, expires_at, must_change, _over = rest
    teams = _teams(unit, around.under) if Role(role) is Role.HANDLER else frozenset[UUID]()
    officer = Officer(staff, name, post, Role(role), scope, clearance, shift, unit, account, teams)
    return Session(
        session,
        key,
        login,
        officer,
        unit_name,
        shift_name,
        bytes(feed_topic),
        bytes(lane_topic),
        expires_at,
        must_change,
        streams_of(officer, around.streets, [place.wall.code for place in around.walls if place.is_heard_by(officer)]),
    )
