"""Answers what desks ask about changes of boundaries. May wait for the ledger: never on the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import shapely

from governance.people import Officer, Role
from governance.places import CODE_DIGITS, Level, is_inside
from governance.redivision import LONGEST_REASON, LONGEST_TITLE, READERS, Act, Change, Stage, acted
from governance.refusal import Refused
from server import sessions
from server.boundaries.turning import kept_of, look_at
from server.ledger import grids, redivisions
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.ledger.redivisions import AreaStands, Drawn
from server.sessions import Session
from wire import boundary_requests as asked
from wire.boundary_requests import (
    BoundaryChangeIs,
    BoundaryChangesAre,
    BoundaryDraftIs,
    BoundaryOutcomeIs,
    DrawnArea,
    GridInHand,
    GridsHeld,
)

Now = Callable[[], datetime]
MOST_AT_ONCE = 200
"""Areas in one slice of a draft."""
MOST_MOVED = 2_000
LONGEST = {"name": 40, "kind": 12, "document": 60}
_NOTED = 200


class BoundaryCounter:
    """The part of the service window where boundaries are changed. Any thread."""

    def __init__(self, ledger: Ledger, now: Now = lambda: datetime.now(UTC)) -> None:
        """`now` tells the time, aware, UTC."""
        self._ledger, self._now = ledger, now
        self.table: dict[type, Callable[[Session, Any], Any]] = {
            asked.ReadBoundaryChanges: self._list,
            asked.OpenBoundaryChange: self._open,
            asked.ReadBoundaryDraft: self._draft,
            asked.SaveBoundaries: self._save,
            asked.HoldGrids: self._hold,
            asked.ActOnBoundaries: self._act,
            asked.ReadBoundaryOutcome: self._outcome,
        }

    # ---- read ------------------------------------------------------------------------------------------------------

    def _list(self, session: Session, request: asked.ReadBoundaryChanges) -> BoundaryChangesAre:
        """The changes in the area of the post."""
        officer = _reader(session)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, self._now())
            found = [each for each in redivisions.listed(connection) if _concerns(each[0], officer)]
            named = redivisions.names_of(connection, {account for change, *_ in found for account in _accounts(change)})
        return BoundaryChangesAre(request.n, tuple(_told(*each, named) for each in found))

    def _draft(self, session: Session, request: asked.ReadBoundaryDraft) -> BoundaryDraftIs:
        """A slice of what is drawn."""
        with self._ledger.transaction(snapshot=True) as connection:
            sessions.require_live(connection, session.id, self._now())
            change = self._seen(connection, session, request.change)
            drawn = redivisions.drawn_of(connection, change.id, request.after, MOST_AT_ONCE + 1)
            staffing = () if request.after else tuple(sorted(redivisions.staffing_of(connection, change.id).items()))
        shown, more = tuple(_as_asked(each) for each in drawn[:MOST_AT_ONCE]), len(drawn) > MOST_AT_ONCE
        return BoundaryDraftIs(request.n, change.id, change.version, shown, staffing, more)

    def _outcome(self, session: Session, request: asked.ReadBoundaryOutcome) -> BoundaryOutcomeIs:
        """A slice of what it moves, as it was reckoned when it was checked."""
        with self._ledger.transaction(snapshot=True) as connection:
            sessions.require_live(connection, session.id, self._now())
            change = self._seen(connection, session, request.change)
            kept = redivisions.outcome_of(connection, change.id)
        if kept is None:
            raise Refused("not_checked", "change")
        after = max(0, request.after)
        moved = tuple(asked.MovedIs(**each) for each in kept["moved"][after : after + MOST_MOVED])
        ancestry = () if after else tuple(asked.AncestryIs(**each) for each in kept["ancestry"])
        return BoundaryOutcomeIs(
            request.n, change.id, change.version, datetime.fromisoformat(kept["reckoned_at"]), ancestry,
            tuple(kept["unstaffed"]), moved, len(kept["moved"]) > after + MOST_MOVED,
        )  # fmt: skip

    def _seen(self, connection: Connection, session: Session, change: UUID, lock: bool = False) -> Change:
        """A change the officer may see; Refused where there is none for him."""
        officer = _reader(session)
        found = redivisions.find(connection, change, lock)
        if not _concerns(found, officer):
            raise Refused("no_such_change", "change")
        return found

    # ---- draw ------------------------------------------------------------------------------------------------------

    def _open(self, session: Session, request: asked.OpenBoundaryChange) -> BoundaryChangesAre:
        """A new draft; the same order again finds it."""
        officer, now = session.officer, self._now()
        if officer.role is not Role.GIS_STAFF:
            raise Refused("not_your_right", "role", act=Act.EDIT.value)
        for name, text, most in (("title", request.title, LONGEST_TITLE), ("reason", request.reason, LONGEST_REASON)):
            if not text.strip():
                raise Refused("text_needed", name)
            _require_length(name, text, most)
        _require_length("document", request.document, LONGEST["document"])
        if not is_inside(request.area, officer.scope):
            raise Refused("not_your_area", "area")
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            there = self._ledger.grids(connection, now).areas.get(request.area)
            if there is None or there.level is Level.GRID:
                raise Refused("no_such_area", "area", area=request.area)
            opened = connection.execute("SELECT 1 FROM boundary_change WHERE id = %s", (request.order_id,)).fetchone()
            if opened is None:
                change = Change(
                    request.order_id, request.title.strip(), request.reason.strip(), request.document.strip(), request.area,
                    grids.edition_in_force(connection), Stage.DRAFT, 1, None, frozenset({_account(officer)}),
                )  # fmt: skip
                redivisions.open_change(connection, change, officer.staff, now)
        return self._list(session, asked.ReadBoundaryChanges(request.n))

    def _save(self, session: Session, request: asked.SaveBoundaries) -> GridsHeld:
        """The draft has these areas; every grid that is touched has to be in this session's hand."""
        officer, now = session.officer, self._now()
        drawn = [_drawn(each) for each in request.drawn]
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            change = self._seen(connection, session, request.change, lock=True)
            after = acted(change, Act.EDIT, officer, _account(officer), local_day(now))
            _require_in_hand(connection, change.id, session, drawn, request.undrawn, now)
            redivisions.draw(connection, change.id, drawn, request.undrawn)
            redivisions.staff_drawn(connection, change.id, dict(request.staffing))
            redivisions.keep(connection, after)
            redivisions.log(connection, after, Act.EDIT, officer.staff, now, f"{len(drawn)}+{len(request.undrawn)}")
            return _held(connection, request.n, after, session, now)

    def _hold(self, session: Session, request: asked.HoldGrids) -> GridsHeld:
        """These grids are in this session's hand, or no more."""
        officer, now = session.officer, self._now()
        if officer.role is not Role.GIS_STAFF and (request.take or request.let_go):
            raise Refused("not_your_right", "role", act=Act.EDIT.value)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            change = self._seen(connection, session, request.change, lock=bool(request.take))
            redivisions.let_go(connection, change.id, request.let_go, session.id, now)
            redivisions.take(connection, change.id, request.take, session.id, officer.staff, now)
            return _held(connection, request.n, change, session, now)

    # ---- decide ----------------------------------------------------------------------------------------------------

    def _act(self, session: Session, request: asked.ActOnBoundaries) -> BoundaryChangesAre:
        """One more stage, by who may; what comes into force today does within seconds, by the clock."""
        officer, now = session.officer, self._now()
        try:
            act = Act(request.act)
        except ValueError:
            raise Refused("bad_value", "act") from None
        if act in (Act.EDIT, Act.COME_INTO_FORCE):
            raise Refused("bad_value", "act")
        _require_length("note", request.note, _NOTED)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            change = self._seen(connection, session, request.change, lock=True)
            if change.version != request.version:
                raise Refused("stale_version", "version", version=str(change.version))
            after = acted(change, act, officer, _account(officer), local_day(now), request.effective_on)
            self._do(connection, act, change, after, now)
            redivisions.log(connection, after, act, officer.staff, now, request.note.strip())
        return self._list(session, asked.ReadBoundaryChanges(request.n))

    def _do(self, connection: Connection, act: Act, change: Change, after: Change, now: datetime) -> None:
        """What an act needs beside its stage."""
        if act is Act.TAKE_BACK:  # the clock does it, in one transaction, within seconds
            redivisions.ask_back(connection, change.id, local_day(now))
            redivisions.keep(connection, replace(change, version=after.version))
        elif act in (Act.CHECK, Act.APPROVE, Act.PUBLISH):
            *_, reckoned = look_at(connection, change, local_day(now), now)
            if act is not Act.CHECK and reckoned.outcome.unstaffed:
                _refuse_unstaffed(reckoned.outcome.unstaffed)
            redivisions.keep(connection, after, kept_of(reckoned))
        else:
            redivisions.keep(connection, after)


def _refuse_unstaffed(codes: Sequence[str]) -> None:
    raise Refused("grids_unstaffed", "grids", grids=", ".join(codes[:8]), count=str(len(codes)))


def _reader(session: Session) -> Officer:
    """Who may see changes of boundaries at all."""
    if session.officer.role not in READERS:
        raise Refused("not_your_role", role=session.officer.role.value)
    return session.officer


def _concerns(change: Change, officer: Officer) -> bool:
    """Whether a change lies in the area of a post."""
    return is_inside(change.area, officer.scope)


def _account(officer: Officer) -> UUID:
    if officer.account is None:
        raise Refused("not_your_role", role=officer.role.value)
    return officer.account


def _accounts(change: Change) -> set[UUID]:
    return {each for each in (*change.editors, change.approver, change.publisher) if each is not None}


def _require_length(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Refused("too_long", name, most=str(most))


def _drawn(said: DrawnArea) -> Drawn:
    """An area as a draft keeps it; Refused where it is none."""
    for name in ("name", "kind"):
        _require_length(name, getattr(said, name), LONGEST[name])
    fits = said.level in tuple(Level) and len(said.code) == CODE_DIGITS[said.level] and said.code.isdecimal()
    if not fits or max(len(said.parent), len(said.was)) > CODE_DIGITS[Level.GRID]:
        raise Refused("code_wrong", "code", grid=said.code[:20], parent=said.parent[:20])
    if not said.is_gone and not said.name.strip():
        raise Refused("text_needed", "name")
    shape = None
    if said.boundary:
        try:
            shape = shapely.from_wkb(said.boundary)
        except shapely.errors.GEOSException:
            raise Refused("bad_value", "boundary") from None
        if not isinstance(shape, shapely.Polygon | shapely.MultiPolygon) or not shapely.is_valid(shape) or shape.is_empty:
            raise Refused("boundary_invalid", "boundary", grid=said.code)
    if shape is None and said.level == Level.GRID and not said.is_gone:
        raise Refused("boundary_invalid", "boundary", grid=said.code)
    level = Level(said.level)
    stands = AreaStands(said.code, said.name.strip(), said.parent, level, said.kind, shape if level is Level.GRID else None)
    return Drawn(stands, said.was, said.is_gone)


def _as_asked(drawn: Drawn) -> DrawnArea:
    """The same for a desk."""
    area = drawn.stands
    shape = b"" if area.shape is None else shapely.to_wkb(area.shape)
    return DrawnArea(area.code, area.name, area.parent, int(area.level), area.kind, drawn.was, drawn.is_gone, shape)


def _require_in_hand(
    connection: Connection, change: UUID, session: Session, drawn: Sequence[Drawn], undrawn: Sequence[str], now: datetime
) -> None:
    """Every grid that is touched is held by this session; Refused('grid_locked') or ('not_in_hand')."""
    held = {lock.code: lock for lock in redivisions.locks(connection, change, now)}
    touched = {each.stands.code for each in drawn if each.stands.level is Level.GRID} | {each.was for each in drawn if each.was}
    for code in sorted(touched | {code for code in undrawn if len(code) == CODE_DIGITS[Level.GRID]}):
        lock = held.get(code)
        if lock is None and len(code) == CODE_DIGITS[Level.GRID]:
            raise Refused("not_in_hand", "codes", grid=code)
        if lock is not None and lock.session != session.id:
            raise Refused("grid_locked", "codes", grid=code, who=lock.name)


def _held(connection: Connection, n: int, change: Change, session: Session, now: datetime) -> GridsHeld:
    """Everybody's grids in hand."""
    found = redivisions.locks(connection, change.id, now)
    told = tuple(GridInHand(each.code, each.name, each.since, each.session == session.id) for each in found)
    return GridsHeld(n, change.id, change.version, told)


def _told(change: Change, made_at: datetime, trouble: str, kept: Any, named: dict[UUID, str]) -> BoundaryChangeIs:
    """How a change stands, for a desk."""
    counts: dict[str, int] = {}
    for each in kept["moved"] if kept else ():
        counts[each["kind"]] = counts.get(each["kind"], 0) + 1
    return BoundaryChangeIs(
        change.id, change.title, change.reason, change.document, change.area, change.stage.value, change.version, made_at,
        change.effective_on, tuple(sorted(named.get(each, "") for each in change.editors)),
        named.get(change.approver, "") if change.approver else "", named.get(change.publisher, "") if change.publisher else "",
        trouble, counts, tuple(kept["unstaffed"]) if kept else (),
    )  # fmt: skip
