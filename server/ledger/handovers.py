"""Hand-overs on record: their signatures, the papers they stand under, and what desks handed in for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from governance.handover_paper import Carried, DeskItems, Flow, HandoverItem, Mark, Section
from governance.incident import TERMINAL
from governance.people import Officer
from governance.refusal import Refused
from governance.shifts import Handover
from server.ledger.ledger import Connection
from server.ledger.shifts import HANDOVERS, handover_of
from wire.shift_requests import PastHandover

PAST = 10

_SIGN = (
    "UPDATE handover SET signed_out_by = %s, signed_out_at = %s, instead_of = %s, signed_in_by = %s, signed_in_at = %s "
    "WHERE id = %s"
)
_ITEM = (
    "INSERT INTO handover_item (handover, paper, ord, section, item, title, stands, at, who, incident, number, grid, "
    "confidentiality, mark, came_late) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_ITEMS = (
    "SELECT section, item, title, stands, at, who, incident, number, grid, confidentiality, mark, came_late "
    "FROM handover_item WHERE handover = %s AND paper = %s ORDER BY ord"
)
_MOVED = (
    "SELECT t.from_state, t.to_state, count(*) FROM incident_transition t JOIN incident i ON i.id = t.incident "
    "WHERE i.changed_at >= %(since)s AND t.at > %(since)s AND t.at <= %(now)s AND starts_with(i.grid, %(area)s) "
    "AND t.from_state IS DISTINCT FROM t.to_state GROUP BY 1, 2"
)
_LIE = "SELECT state, count(*) FROM incident WHERE state <> ALL(%s) AND starts_with(grid, %s) GROUP BY 1"
_CONCERNED = (
    "SELECT i.id FROM incident i WHERE starts_with(i.grid, %(area)s) AND ((i.state <> ALL(%(ended)s) AND (i.urgency = 2 "
    "OR i.severity BETWEEN 1 AND 3 OR i.overdue OR EXISTS (SELECT 1 FROM timer t WHERE t.incident = i.id "
    "AND t.state = 'running' AND (t.fired > 0 OR t.due_at <= %(now)s)))) "
    "OR EXISTS (SELECT 1 FROM supervision_order s WHERE s.incident = i.id AND s.state <> 'closed') "
    "OR EXISTS (SELECT 1 FROM feedback f WHERE f.incident = i.id AND f.state = 'pending') "
    "OR EXISTS (SELECT 1 FROM approval a WHERE a.incident = i.id AND a.state = 'pending')) ORDER BY i.reported_at, i.id"
)
"""The incidents that have a line in the paper (governance.handover_paper says which), so that not every open one is loaded."""
_carried = msgspec.msgpack.Decoder(tuple[Carried, ...])


@dataclass(frozen=True, slots=True)
class Words:
    """What the two leads wrote, and the flow as it was counted at the second signature."""

    summary: str
    remark: str
    flow: tuple[Flow, ...]


def begin(connection: Connection, handover: Handover, by: Officer) -> None:
    """The hand-over is on record; nobody has signed."""
    connection.execute(
        "INSERT INTO handover (id, unit, out_shift, in_shift, began_at, began_by) VALUES (%s, %s, %s, %s, %s, %s)",
        (handover.id, handover.unit, handover.out_shift, handover.in_shift, handover.began_at, by.staff),
    )


def take_back(connection: Connection, handover: UUID, now: datetime) -> None:
    """The hand-over was called off."""
    connection.execute("UPDATE handover SET taken_back_at = %s WHERE id = %s", (now, handover))


def write_summary(connection: Connection, handover: UUID, summary: str) -> None:
    """What the one who goes says; before he signs."""
    connection.execute("UPDATE handover SET summary = %s WHERE id = %s", (summary, handover))


def write_remark(connection: Connection, handover: UUID, remark: str, flow: Iterable[Flow]) -> None:
    """What the one who comes adds, and how much went in and out; before he signs."""
    counted = Jsonb([msgspec.to_builtins(each) for each in flow])
    connection.execute("UPDATE handover SET remark = %s, flow = %s WHERE id = %s", (remark, counted, handover))


def sign(connection: Connection, handover: Handover) -> None:
    """The signatures stand; with the second nothing of it changes any more."""
    out, into = handover.signed_out, handover.signed_in
    values = (out.staff, out.at, out.instead_of) if out else (None, None, "")
    connection.execute(_SIGN, (*values, *((into.staff, into.at) if into else (None, None)), handover.id))


def find(connection: Connection, handover: UUID) -> tuple[Handover, Words]:
    """A hand-over and what was written; Refused where there is none."""
    row = connection.execute(HANDOVERS + "WHERE h.id = %s", (handover,)).fetchone()
    words = connection.execute("SELECT summary, remark, flow FROM handover WHERE id = %s", (handover,)).fetchone()
    if row is None or words is None:
        raise Refused("no_such_handover", "handover")
    return handover_of(row), Words(words[0], words[1], msgspec.convert(words[2], tuple[Flow, ...]))


def last_signed(connection: Connection, unit: UUID, before: datetime | None = None) -> Handover | None:
    """The newest hand-over of a unit that both signed, before a moment where one is given."""
    rows = _signed(connection, unit, 1, before)
    return rows[0] if rows else None


def past(connection: Connection, unit: UUID) -> tuple[PastHandover, ...]:
    """The last hand-overs of a unit that both signed, the newest first."""
    found = _signed(connection, unit, PAST, None)
    shifts = [each.out_shift for each in found] + [each.in_shift for each in found]
    names: dict[UUID, str] = dict(connection.execute("SELECT id, name FROM shift WHERE id = ANY(%s)", (shifts,)).fetchall())
    return tuple(PastHandover(each, names[each.out_shift], names[each.in_shift]) for each in found)


def write_paper(connection: Connection, handover: UUID, paper: str, items: Iterable[HandoverItem]) -> None:
    """The paper as one of the two signs it: `out` or `in`."""
    rows = [
        (
            *(handover, paper, ordinal, item.section.value, item.key, item.title, item.stands, item.at, item.who),
            *(item.incident, item.number, item.grid, item.confidentiality, item.mark.value, item.came_late),
        )
        for ordinal, item in enumerate(items)
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_ITEM, rows)


def read_paper(connection: Connection, handover: UUID, paper: str) -> tuple[HandoverItem, ...]:
    """The items of a paper, in order."""
    return tuple(_item(row) for row in connection.execute(_ITEMS, (handover, paper)))


def hand_in(connection: Connection, handover: UUID, staff: UUID, items: tuple[Carried, ...], now: datetime) -> None:
    """What a desk carries is known; what it said before counts no more."""
    connection.execute(
        "INSERT INTO handover_carried (handover, staff, items, at) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (handover, staff) DO UPDATE SET items = excluded.items, at = excluded.at",
        (handover, staff, msgspec.msgpack.encode(items), now),
    )


def handed_in(connection: Connection, handover: UUID) -> tuple[DeskItems, ...]:
    """What the desks carry, by the name of who sits there."""
    rows = connection.execute(
        "SELECT t.name, c.items FROM handover_carried c JOIN staff t ON t.id = c.staff WHERE c.handover = %s "
        "ORDER BY t.staff_no",
        (handover,),
    )
    return tuple(DeskItems(name, _carried.decode(items)) for name, items in rows)


def concerned(connection: Connection, area: str, now: datetime) -> tuple[UUID, ...]:
    """The incidents of an area that may have a line in the paper, oldest first; a few among all that are open."""
    known = {"area": area, "ended": [each.value for each in TERMINAL], "now": now}
    return tuple(incident for (incident,) in connection.execute(_CONCERNED, known))


def flow(connection: Connection, area: str, since: datetime, now: datetime) -> tuple[Flow, ...]:
    """How many incidents of an area came into each state and left it between two moments, and how many lie there."""
    came: dict[str, int] = {}
    went: dict[str, int] = {}
    for before, after, count in connection.execute(_MOVED, {"since": since, "now": now, "area": area}):
        came[after] = came.get(after, 0) + count
        if before is not None:
            went[before] = went.get(before, 0) + count
    lie: dict[str, int] = dict(connection.execute(_LIE, ([each.value for each in TERMINAL], area)).fetchall())
    return tuple(Flow(s, came.get(s, 0), went.get(s, 0), lie.get(s, 0)) for s in sorted(came.keys() | went.keys() | lie.keys()))


def _signed(connection: Connection, unit: UUID, limit: int, before: datetime | None) -> list[Handover]:
    rows = connection.execute(
        HANDOVERS + "WHERE h.unit = %s AND h.signed_in_at IS NOT NULL AND (%s::timestamptz IS NULL OR h.signed_in_at < %s) "
        "ORDER BY h.signed_in_at DESC LIMIT %s",
        (unit, before, before, limit),
    )
    return [handover_of(row) for row in rows]


def _item(row: tuple[Any, ...]) -> HandoverItem:
    section, key, title, stands, at, who, incident, number, grid, confidentiality, mark, came_late = row
    about = (incident, number, grid, confidentiality)
    return HandoverItem(Section(section), key, title, stands, at, who, *about, Mark(mark), came_late)
