"""The paper of a hand-over, made from the ledger at one moment, and the part of it that a post may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.handover_paper import Flow, HandoverItem, compared, items_of, since_signed
from governance.shifts import UnitShifts
from server.ledger import duty_log, handovers, incidents
from server.ledger.ledger import Connection, Ledger
from server.ledger.shifts import UnitPlace


@dataclass(frozen=True, slots=True)
class Paper:
    """What is handed over as of now: every item, whoever may read it."""

    items: tuple[HandoverItem, ...]
    flow: tuple[Flow, ...]
    since: datetime | None


def as_of_now(ledger: Ledger, connection: Connection, place: UnitPlace, standing: UnitShifts, now: datetime) -> Paper:
    """The paper of the hand-over that runs, or the one there would be; marked by how it differs from the last one."""
    handover = standing.handover
    last = handovers.last_signed(connection, place.id)
    since = last.signed_in.at if last and last.signed_in else standing.current.opened_at if standing.current else None
    cases = [incidents.load(connection, each) for each in handovers.concerned(connection, place.area, now)]
    lines = duty_log.open_lines(connection, place.id)
    desks = handovers.handed_in(connection, handover.id) if handover else ()
    found = items_of(cases, lines, desks, ledger.rules(connection).calendar, now)
    items = compared(found, handovers.read_paper(connection, last.id, "in") if last else ())
    if handover is not None and handover.signed_out is not None:
        items = since_signed(items, handovers.read_paper(connection, handover.id, "out"))
    flow = handovers.flow(connection, place.area, since or now, now)
    return Paper(items, flow, since)


def legible(items: Iterable[HandoverItem], seen: Collection[UUID]) -> tuple[HandoverItem, ...]:
    """The items a post may read: what is of no incident, and what is of one it may see now."""
    return tuple(item for item in items if item.incident is None or item.incident in seen)


def since_of(connection: Connection, unit: UUID, handover_signed_at: datetime) -> datetime | None:
    """When the hand-over before one was signed."""
    before = handovers.last_signed(connection, unit, handover_signed_at)
    return before.signed_in.at if before and before.signed_in else None
