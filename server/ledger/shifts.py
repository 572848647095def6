"""Shifts and running hand-overs as the ledger keeps them: how a unit stands, and the facts that tell of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.changes import Fact, ShiftChanged, around_of
from governance.refusal import Refused
from governance.shifts import Handover, Shift, ShiftState, Signature, UnitShifts, covering
from server.ledger.ids import new_id
from server.ledger.ledger import Connection

SHIFT_CLEARANCE = 1
"""The class of who leads a shift and who signed: internal, as names of workers are."""
DESK_KINDS = ("centre", "street_centre")
"""Units whose people sit at desks: only their shifts are covered by name."""

_SHIFTS = (
    "SELECT s.id, s.unit, s.name, s.starts_at, s.ends_at, s.state, s.lead, coalesce(t.name, ''), s.opened_at, s.closed_at, "
    "s.told_at FROM shift s LEFT JOIN staff t ON t.id = s.lead "
)
HANDOVERS = (
    "SELECT h.id, h.unit, h.out_shift, h.in_shift, h.began_at, b.name, h.signed_out_by, coalesce(o.name, ''), h.signed_out_at, "
    "h.instead_of, h.signed_in_by, coalesce(i.name, ''), h.signed_in_at FROM handover h JOIN staff b ON b.id = h.began_by "
    "LEFT JOIN staff o ON o.id = h.signed_out_by LEFT JOIN staff i ON i.id = h.signed_in_by "
)
_RUNS = "h.signed_in_at IS NULL AND h.taken_back_at IS NULL"
_UPSERT = (
    "INSERT INTO shift (id, unit, name, starts_at, ends_at, state, lead, opened_at, closed_at, told_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET ends_at = excluded.ends_at, "
    "state = excluded.state, lead = excluded.lead, opened_at = excluded.opened_at, closed_at = excluded.closed_at, "
    "told_at = excluded.told_at"
)
_MOVE = (
    "UPDATE desk_session d SET shift = %(to)s FROM account a, post p WHERE a.id = d.account AND p.id = d.post "
    "AND d.ended_at IS NULL AND d.shift IS DISTINCT FROM %(to)s AND ({}) RETURNING d.id, p.id, a.staff, d.seat"
)
_WHO_STAYS = (
    "d.shift = %(old)s AND (p.unit <> %(unit)s OR a.staff = %(lead)s OR (d.began_at >= %(since)s AND NOT EXISTS "
    "(SELECT 1 FROM shift_member m WHERE m.shift = %(old)s AND m.staff = a.staff AND m.on_at < %(since)s)))"
)


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit with what shifts ask of it."""

    id: UUID
    name: str
    area: str
    parent: UUID | None
    kind: str

    @property
    def stream(self) -> str:
        """The stream its shifts are told on."""
        return around_of(self.area, SHIFT_CLEARANCE)


def lock(connection: Connection, unit: UUID) -> None:
    """The shifts of a unit are ours until the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 12))", (str(unit),))


def try_lock(connection: Connection, unit: UUID) -> bool:
    """The same where nobody else has them; whether we got them."""
    row = connection.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 12))", (str(unit),)).fetchone()
    return bool(row and row[0])


def places(connection: Connection) -> dict[UUID, UnitPlace]:
    """All units by id."""
    rows = connection.execute("SELECT id, name, area_code, parent, kind FROM unit")
    return {row[0]: UnitPlace(*row) for row in rows}


def place_of(connection: Connection, unit: UUID) -> UnitPlace:
    """One unit; Refused where there is none."""
    row = connection.execute("SELECT id, name, area_code, parent, kind FROM unit WHERE id = %s", (unit,)).fetchone()
    if row is None:
        raise Refused("no_such_unit")
    return UnitPlace(*row)


def standing(connection: Connection, unit: UUID) -> UnitShifts:
    """How one unit stands."""
    return _standings(connection, "{}.unit = %s", unit).get(unit, UnitShifts(unit))


def standings(connection: Connection) -> dict[UUID, UnitShifts]:
    """How every unit stands that has a shift in force or a planned one."""
    return _standings(connection, "%s", True)


def visible(connection: Connection, streams: Iterable[str]) -> tuple[UnitShifts, ...]:
    """The standings that the streams given tell the changes of, in the order of the units' codes."""
    heard = set(streams)
    found = standings(connection)
    rows = connection.execute("SELECT id, area_code FROM unit WHERE id = ANY(%s) ORDER BY code", (list(found),)).fetchall()
    return tuple(found[unit] for unit, area in rows if around_of(area, SHIFT_CLEARANCE) in heard)


def store(connection: Connection, *shifts: Shift | None) -> None:
    """The shifts stand in their table as they are now, those that end first: one of a unit is in force at any time."""
    for shift in sorted(filter(None, shifts), key=lambda each: each.state is not ShiftState.CLOSED):
        times = (shift.opened_at, shift.closed_at, shift.told_at)
        values = (shift.id, shift.unit, shift.name, shift.starts_at, shift.ends_at, shift.state.value, shift.lead, *times)
        connection.execute(_UPSERT, values)


def find(connection: Connection, shift: UUID) -> Shift:
    """One shift; Refused where there is none."""
    row = connection.execute(_SHIFTS + "WHERE s.id = %s", (shift,)).fetchone()
    if row is None:
        raise Refused("no_such_shift", "shift")
    return _shift(row)


def fact(connection: Connection, now_stands: UnitShifts) -> tuple[str, Fact]:
    """The fact that tells how a unit stands, with its stream."""
    return place_of(connection, now_stands.unit).stream, ShiftChanged(now_stands)


def covering_unit(connection: Connection, unit: UUID) -> UUID | None:
    """The nearest unit above with a shift in force."""
    above = {place.id: place.parent for place in places(connection).values()}
    return covering(unit, above, {each.unit for each in standings(connection).values() if each.current})


def covers(connection: Connection) -> dict[UUID, UUID]:
    """Every unit with desks and without a shift in force -> the shift that covers it."""
    units, stand = places(connection), standings(connection)
    in_force = {unit: each.current.id for unit, each in stand.items() if each.current is not None}
    above = {place.id: place.parent for place in units.values()}
    found: dict[UUID, UUID] = {}
    for place in units.values():
        if place.kind in DESK_KINDS and place.id not in in_force:
            upper = covering(place.id, above, in_force)
            if upper is not None:
                found[place.id] = in_force[upper]
    return found


def take_along(connection: Connection, old: UUID, new: Shift, since: datetime, now: datetime) -> int:
    """Who came for the next shift, or sits in a unit that it covers as the last one did, goes on in it; how many.

    All others of the shift that went are off it: their right has ended.
    """
    known = {"old": old, "unit": new.unit, "lead": new.lead, "since": since}
    return _move(connection, _WHO_STAYS, new.id, now, known)


def call_in(connection: Connection, shift: Shift, now: datetime) -> int:
    """Who sits in a unit whose shift opened is in that shift and no longer in the one that covered it; how many."""
    return _move(connection, "p.unit = %(unit)s", shift.id, now, {"unit": shift.unit})


def leave_to(connection: Connection, old: Shift, cover: UUID, now: datetime) -> int:
    """Who sat in a unit that a shift which closed had covered is covered by the shift above from now on; how many."""
    return _move(connection, "d.shift = %(old)s AND p.unit <> %(unit)s", cover, now, {"old": old.id, "unit": old.unit})


def _move(connection: Connection, which: str, to: UUID, now: datetime, known: dict[str, Any]) -> int:
    """Sessions go on in another shift; how many."""
    moved = connection.execute(_MOVE.format(which), known | {"to": to}).fetchall()
    for session, post, staff, seat in moved:
        connection.execute("UPDATE shift_member SET off_at = %s WHERE session = %s AND off_at IS NULL", (now, session))
        connection.execute(
            "INSERT INTO shift_member (id, shift, post, staff, session, seat, on_at) VALUES (%s, %s, %s, %s, %s, %s, %s) "
            "ON CONFLICT DO NOTHING",
            (new_id(), to, post, staff, session, seat, now),
        )
    return len(moved)


def _standings(connection: Connection, which: str, value: object) -> dict[UUID, UnitShifts]:
    """The standings of the units chosen (`which`: a condition, {} the table's alias); those that have nothing are left out."""
    current: dict[UUID, Shift] = {}
    coming: dict[UUID, Shift] = {}
    for row in connection.execute(_SHIFTS + "WHERE s.state <> 'closed' AND " + which.format("s"), (value,)):
        shift = _shift(row)
        (current if shift.is_in_force else coming)[shift.unit] = shift
    running = connection.execute(HANDOVERS + f"WHERE {_RUNS} AND " + which.format("h"), (value,))
    handovers = {each.unit: each for each in map(handover_of, running)}
    units = current.keys() | coming.keys()
    return {unit: UnitShifts(unit, current.get(unit), coming.get(unit), handovers.get(unit)) for unit in units}


def _shift(row: tuple[Any, ...]) -> Shift:
    key, unit, name, starts_at, ends_at, state, *rest = row
    return Shift(key, unit, name, starts_at, ends_at, ShiftState(state), *rest)


def handover_of(row: tuple[Any, ...]) -> Handover:
    """One row of HANDOVERS."""
    key, unit, out, into, began_at, began_by, out_by, out_name, out_at, instead, in_by, in_name, in_at = row
    signed_out = Signature(out_by, out_name, out_at, instead) if out_by else None
    signed_in = Signature(in_by, in_name, in_at) if in_by else None
    return Handover(key, unit, out, into, began_at, began_by, signed_out, signed_in)
