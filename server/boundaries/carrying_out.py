"""A change of boundaries carried out in one transaction: areas, what became of them, and everything that hangs on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import shapely

from governance.changes import DISTRICT_STREAM, EditionChanged, Fact, around_of
from governance.commands import Rehome
from governance.lifecycle import SYSTEM_OFFICER
from governance.redivision import Change, Moved, heir_of
from server.boundaries.publishing import next_edition
from server.boundaries.reckoning import Reckoned
from server.boundaries.standing import Standing
from server.handling.order_book import enter
from server.ledger import cameras, change_log, incidents, rules_store
from server.ledger.ids import new_id, order_id_of
from server.ledger.ledger import Connection, Ledger
from server.ledger.redivisions import AreaStands
from server.ledger.seed import AREA_KINDS
from server.ledger.tables.columns import SRID


@dataclass(frozen=True, slots=True)
class Step:
    """One carrying out: which change, from what to what, since when."""

    change: Change
    before: Mapping[str, AreaStands]
    now: Standing
    reckoned: Reckoned
    day: date
    moment: datetime
    is_back: bool = False


def carry_out(ledger: Ledger, connection: Connection, packs: Path, step: Step) -> None:
    """Everything stands as the step says, or nothing does: call it inside a transaction of the ledger's owner.

    The ledger must not be used for anything else afterwards where the transaction fails: it remembers what it read.
    """
    moved = step.reckoned.outcome.moved
    of: dict[str, list[Moved]] = {}
    for each in moved:
        of.setdefault(each.kind, []).append(each)
    incidents.lock(connection, *(UUID(each.id) for each in of.get("incident", ())))
    connection.execute("SET LOCAL gridwarden.rehoming = 'on'")  # incidents keep the areas they were filed in
    identities = _areas(connection, step)
    _lineage(connection, step, identities)
    _workers(connection, step, of.get("worker", ()), identities)
    _held(connection, step, of)
    _rules(ledger, connection, step)
    facts = _cameras(connection, of.get("camera", ()), step.moment)
    digest = next_edition(connection, packs, step.now, step.day, step.moment)
    connection.execute("SELECT 1 FROM stream_counter ORDER BY stream FOR UPDATE")  # all, in one order: no deadlock
    for each in of.get("incident", ()):
        order_id = order_id_of("rehome", step.change.id, step.change.version, each.id)
        command = Rehome(each.new, step.change.document or step.change.title)
        enter(ledger, connection, order_id, UUID(each.id), 0, command, SYSTEM_OFFICER, step.moment)
    told = [(around_of(DISTRICT_STREAM, 0), EditionChanged(digest))]
    change_log.append(connection, [*facts, *told], None, step.moment)


# ---- areas -------------------------------------------------------------------------------------------------------------


def _areas(connection: Connection, step: Step) -> dict[str, UUID]:
    """The old versions end on the day, the new ones begin; the identity of every area that is there now, by code.

    A version that began on this very day never was: it becomes the new one of its area, or goes.
    """
    begun = {code: _identity(step, step.now[code]) or new_id() for code in step.reckoned.begun}
    of_identity = {identity: code for code, identity in begun.items()}
    became, doomed = set[str](), list[UUID]()
    for code in step.reckoned.ended:
        today = connection.execute(
            "SELECT id, area FROM area_version WHERE code = %s AND lower(valid) = %s AND upper_inf(valid)", (code, step.day)
        ).fetchone()
        if today is None:
            connection.execute(
                "UPDATE area_version SET valid = daterange(lower(valid), %s) WHERE code = %s AND valid @> %s",
                (step.day, code, step.day),
            )
        elif today[1] in of_identity:
            _become(connection, today[0], step.now[of_identity[today[1]]])
            became.add(of_identity[today[1]])
        else:
            doomed.append(today[0])
    for code, identity in begun.items():
        area = step.now[code]
        if connection.execute("SELECT 1 FROM area WHERE id = %s", (identity,)).fetchone() is None:
            connection.execute("INSERT INTO area VALUES (%s, %s, %s)", (identity, AREA_KINDS[area.level], code))
        if code not in became:
            _begin(connection, identity, area, step.day)
    _never_were(connection, doomed, step.day)
    known = {code: each.area for code, each in step.before.items() if each.area is not None and code in step.now}
    return known | begun


def _become(connection: Connection, version: UUID, area: AreaStands) -> None:
    """A version that began today says something else."""
    connection.execute(
        "UPDATE area_version SET code = %s, name = %s, parent_code = %s, kind_name = %s, boundary = %s WHERE id = %s",
        (area.code, area.name, area.parent, area.kind, _wkb(area), version),
    )


def _never_were(connection: Connection, doomed: Sequence[UUID], day: date) -> None:
    """Versions of areas that began today and are no more: what was filed there today was filed in those there are."""
    for level, column in _FROZEN.items() if doomed else ():
        connection.execute(
            f"UPDATE incident SET {column} = (SELECT v.id FROM area_version v WHERE v.level = %s AND v.valid @> %s "
            f"AND v.id <> ALL(%s) AND ST_Intersects(v.boundary, place) ORDER BY v.code LIMIT 1) WHERE {column} = ANY(%s)",
            (level, day, list(doomed), list(doomed)),
        )
    connection.execute("DELETE FROM area_version WHERE id = ANY(%s)", (list(doomed),))


_FROZEN = {4: "county_version", 3: "street_version", 2: "community_version", 1: "grid_version"}


def _wkb(area: AreaStands) -> bytes:
    assert area.shape is not None
    many = area.shape if isinstance(area.shape, shapely.MultiPolygon) else shapely.MultiPolygon([area.shape])
    return bytes(shapely.to_wkb(shapely.set_srid(many, SRID), include_srid=True))


def _identity(step: Step, area: AreaStands) -> UUID | None:
    """The identity an area goes on with: its own, or that of the one whole area it was under another code."""
    if area.area is not None:
        return area.area
    mine = [each for each in step.reckoned.outcome.ancestry if each.new == area.code and each.relation.value in _WHOLE]
    return step.before[mine[0].old].area if len(mine) == 1 else None


_WHOLE = ("recode", "move", "rename")


def _begin(connection: Connection, identity: UUID, area: AreaStands, day: date) -> None:
    """A version begins."""
    connection.execute(
        "INSERT INTO area_version (id, area, valid, level, code, parent_code, name, kind_name, boundary) "
        "VALUES (%s, %s, daterange(%s, NULL), %s, %s, %s, %s, %s, %s)",
        (new_id(), identity, day, int(area.level), area.code, area.parent, area.name, area.kind, _wkb(area)),
    )


def _lineage(connection: Connection, step: Step, identities: Mapping[str, UUID]) -> None:
    """What became of each area is on record for good."""
    for each in step.reckoned.outcome.ancestry:
        connection.execute(
            "INSERT INTO area_lineage (change, from_area, to_area, from_code, to_code, relation, area_share, on_day, is_back) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(step.change.id, step.before[each.old].area, identities.get(each.new), each.old, each.new),
                *(each.relation.value, min(1.0, each.share), step.day, step.is_back),
            ),
        )


# ---- what hangs on them ------------------------------------------------------------------------------------------------


def _workers(connection: Connection, step: Step, moved: Sequence[Moved], identities: Mapping[str, UUID]) -> None:
    """Workers have their new grids; who was where until when stays on record."""
    for each in moved:
        staff = UUID(each.id)
        connection.execute("UPDATE worker SET grid_code = %s WHERE staff = %s", (each.new, staff))
        old, new = step.before[each.old].area, identities[each.new]
        if old == new:
            continue
        held = "area = %s AND staff = %s AND valid @> %s"
        asked = (old, staff, step.day)
        duties = [row[0] for row in connection.execute(f"SELECT duty FROM grid_staffing WHERE {held}", asked)]
        connection.execute(f"DELETE FROM grid_staffing WHERE {held} AND lower(valid) = %s", (*asked, step.day))
        connection.execute(f"UPDATE grid_staffing SET valid = daterange(lower(valid), %s) WHERE {held}", (step.day, *asked))
        for duty in duties:
            connection.execute(
                "INSERT INTO grid_staffing (id, area, staff, duty, valid) VALUES (%s, %s, %s, %s, daterange(%s, NULL))",
                (new_id(), new, staff, duty, step.day),
            )


def _held(connection: Connection, step: Step, of: Mapping[str, Sequence[Moved]]) -> None:
    """Posts, units and walls belong to the heirs of their areas; who signed on in such a post signs on anew."""
    for each in of.get("post", ()):
        connection.execute("UPDATE post SET scope = %s WHERE id = %s", (each.new, UUID(each.id)))
    for each in of.get("wall", ()):
        connection.execute("UPDATE wall SET area = %s WHERE code = %s", (each.new, each.id))
    for each in of.get("unit", ()):
        unit = UUID(each.id)
        connection.execute(
            "INSERT INTO unit_was VALUES (%s, %s, %s) ON CONFLICT (unit, until) DO NOTHING", (unit, each.old, step.day)
        )
        connection.execute(
            "UPDATE unit u SET area_code = %s, is_backstop = u.is_backstop AND NOT EXISTS (SELECT 1 FROM unit o "
            "WHERE o.id <> u.id AND o.is_backstop AND o.area_code = %s AND o.valid && u.valid) WHERE id = %s",
            (each.new, each.new, unit),
        )


def _rules(ledger: Ledger, connection: Connection, step: Step) -> None:
    """Rules that name areas, or units by theirs, are a new version from now on; those of the past stay what they were."""
    old = ledger.rules(connection, step.moment)
    codes, heirs = frozenset(step.now), step.reckoned.heirs

    def heir(area: str) -> str:
        return heir_of(area, heirs, codes) if area in step.before else area

    new = replace(
        old,
        limits=tuple(replace(each, area=heir(each.area)) for each in old.limits),
        duty_matrix=tuple(replace(each, area=heir(each.area)) for each in old.duty_matrix),
        plan_areas=tuple(heir(each) for each in old.plan_areas),
    )
    has_moved = any(each.kind == "unit" for each in step.reckoned.outcome.moved)
    if new != old or has_moved:
        row = connection.execute("SELECT max(version) FROM rules_version").fetchone()
        assert row is not None
        rules_store.store(connection, replace(new, version=int(row[0]) + 1), step.moment)


def _cameras(connection: Connection, moved: Sequence[Moved], now: datetime) -> list[tuple[str, Fact]]:
    """Cameras have the grids they stand in; the facts that say so."""
    facts: list[tuple[str, Fact]] = []
    for each in moved:
        before = cameras.find(connection, each.id, lock=True)
        if before is None:
            continue
        after = replace(before, grid=each.new, version=before.version + 1)
        cameras.move(connection, after, now)
        cameras.set_sector(connection, after)
        facts += cameras.change_facts(before, after)
    return facts
