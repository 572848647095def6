"""Answers what desks and displays ask about walls; every function may wait for the ledger, so none runs on the loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from governance.people import Officer, Role
from governance.refusal import Refused
from governance.roles import CONFIDENTIAL, SIGHT, may_watch, share_of
from governance.wall import (
    Content,
    Layout,
    PopUp,
    Slot,
    WallStanding,
    require_arranger,
    require_controller,
    require_lease,
    taken,
    wall_stream,
)
from governance.wall_layouts import (
    LONGEST_NAME,
    READY,
    cameras_of,
    pushed,
    require_for_walls,
    require_rev,
    require_sound,
)
from governance.wall_pop_ups import popped_up, reserved, shows, still_up, that_see
from server import sessions
from server.ledger import cameras, incidents, sight, walls
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from server.walls.board import BoardCounter
from server.walls.leases import Leases
from server.walls.shown import Shown
from wire import wall_requests as asked
from wire.requests import Done
from wire.wall_requests import WallDone, WallIs, WallReply, WallsAre

Now = Callable[[], datetime]
Changed = tuple[WallStanding, str, str]
"""How a wall is to stand, what was done, and what with."""


class WallCounter:
    """The part of the service window where walls are seen to. Any thread."""

    def __init__(self, ledger: Ledger, now: Now = lambda: datetime.now(UTC)) -> None:
        """`now` tells the time, aware, UTC."""
        self._ledger, self._now = ledger, now
        self.shown, self.leases, self._board = Shown(), Leases(ledger), BoardCounter(ledger, now)
        self.table: dict[type, Callable[[Session, Any], WallReply | Done]] = {
            asked.ReadWalls: self._list,
            asked.ReadWall: self._read,
            asked.TakeWall: self._take,
            asked.GiveWall: self._give,
            asked.PutLayout: lambda s, r: self._laid_out(s, r, lambda standing, c: _put(c, s.officer, standing, r)),
            asked.PutScene: lambda s, r: self._laid_out(s, r, lambda standing, c: _put_scene(c, s.officer, standing, r)),
            asked.PutBack: lambda s, r: self._laid_out(s, r, lambda standing, c: _put_back(c, s.officer, standing, r)),
            asked.PushSlot: lambda s, r: self._laid_out(s, r, lambda standing, c: _push(c, s.officer, standing, r)),
            asked.KeepScene: self._keep,
            asked.PopUpIncident: self._pop_up,
            asked.ReportWall: self._report,
            asked.ReadWallBoard: self._read_board,
        }

    def require_shown(self, connection: Connection, officer: Officer, camera: str, now: datetime) -> None:
        """Refused where a display asks for a camera that its wall does not show; nothing for anybody else."""
        if officer.role is not Role.WALL:
            return
        standing = walls.of_account(connection, officer.account) if officer.account is not None else None
        if standing is None or not shows(standing, camera, now):
            raise Refused("no_such_camera", "camera")
        found = cameras.find(connection, camera)
        require_for_walls(found, found is not None and may_watch(officer, found))

    def vouches(self, session: Session, camera: str) -> bool:
        """Whether a session is a wall's display whose word about a camera needs no other: one that sees another camera live."""
        code = _wall_of(session)
        return code is not None and self.shown.sees_another(code, session.key, camera, self._now())

    # ---- read ------------------------------------------------------------------------------------------------------

    def _list(self, session: Session, request: asked.ReadWalls) -> WallsAre:
        """The walls this session hears of."""
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, self._now())
            return WallsAre(request.n, walls.visible(connection, session.streams))

    def _read(self, session: Session, request: asked.ReadWall) -> WallIs:
        """One of them, with what its displays show."""
        now = self._now()
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            _require_hearing(session, request.wall)
            standing = walls.find(connection, request.wall)
            names = (*READY, *(name for name in walls.scenes(connection, request.wall) if name not in READY))
            machines = walls.machines(connection, request.wall)
        return WallIs(request.n, standing, self.shown.of(request.wall, machines), names, now)

    def _read_board(self, session: Session, request: asked.ReadWallBoard) -> asked.WallBoardIs:
        """What a wall tells of its area."""
        _require_hearing(session, request.wall)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, self._now())
            area = walls.find(connection, request.wall).wall.area
        found = self._board.of(area)
        return asked.WallBoardIs(request.n, found.at, found.incidents, found.total, found.figures)

    def _report(self, session: Session, request: asked.ReportWall) -> Done:
        """What a display shows; kept a while, in memory only."""
        if session.officer.role is not Role.WALL:
            raise Refused("not_your_role", role=session.officer.role.value)
        code = _wall_of(session)
        if code is None:
            raise Refused("no_such_wall", "wall", wall="")
        self.shown.said(code, session.key, request, self._now())
        return Done(request.n)

    # ---- the lease -------------------------------------------------------------------------------------------------

    def _take(self, session: Session, request: asked.TakeWall) -> WallDone:
        """The officer controls it from now on."""
        officer, now = session.officer, self._now()

        def take(standing: WallStanding, connection: Connection) -> Changed:
            row = connection.execute("SELECT title FROM post WHERE id = %s", (officer.post,)).fetchone()
            lease = taken(standing, officer, row[0] if row else officer.role.value, request.over, now)
            before = standing.lease.title if standing.lease is not None and standing.lease.staff != officer.staff else ""
            return replace(standing, lease=lease), "lease_taken", before

        return self._changed(session, request, take)

    def _give(self, session: Session, request: asked.GiveWall) -> WallDone:
        """And controls it no more."""

        def give(standing: WallStanding, _connection: Connection) -> Changed:
            require_lease(standing, session.officer)
            return replace(standing, lease=None), "lease_given", ""

        return self._changed(session, request, give)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def _laid_out(self, session: Session, request: Any, doing: Callable[[WallStanding, Connection], Changed]) -> WallDone:
        """Another layout, by who holds the wall and saw the one it follows."""

        def lay_out(standing: WallStanding, connection: Connection) -> Changed:
            require_lease(standing, session.officer)
            require_rev(standing.layout, request.rev)
            after, act, detail = doing(standing, connection)
            require_sound(after.layout)
            return replace(after, pop_ups=still_up(after, self._now())), act, detail

        return self._changed(session, request, lay_out)

    def _pop_up(self, session: Session, request: asked.PopUpIncident) -> WallDone:
        """The cameras that see an incident come up, whoever holds the wall: reserved slots are left open for that."""
        officer, now = session.officer, self._now()

        def pop_up(standing: WallStanding, connection: Connection) -> Changed:
            require_controller(officer, standing.wall)
            rules = self._ledger.rules(connection, now)
            case = incidents.load(connection, request.incident)
            if not sight.sees(connection, officer, rules, request.incident):
                raise Refused("no_such_incident", "incident")
            incident = case.incident
            if incident.confidentiality >= CONFIDENTIAL:
                raise Refused("incident_confidential", "incident")
            share = min(share_of(officer), SIGHT[Role.WALL].cameras)
            there = cameras.visible(connection, standing.wall.area, share)
            seeing = that_see(incident.place, there, max(1, len(reserved(standing.layout))))
            if not seeing:
                raise Refused("no_camera_sees", "incident")
            until = now + timedelta(seconds=min(max(request.seconds, 0), 86_400))
            wanted = [PopUp(0, each.id, incident.id, incident.category, incident.grid, until) for each in seeing]
            after = replace(standing, pop_ups=popped_up(standing, wanted, now))
            return after, "pop_up", " ".join(each.id for each in seeing)

        return self._changed(session, request, pop_up, request.incident)

    def _keep(self, session: Session, request: asked.KeepScene) -> WallDone:
        """The layout of now is kept under a name."""
        officer, now, name = session.officer, self._now(), request.scene.strip()
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
            raise Refused("bad_value", "scene")
        if name in READY:
            raise Refused("scene_comes_ready", "scene", scene=name)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            standing = walls.find(connection, request.wall, to_change=True)
            require_arranger(officer, standing.wall)
            require_rev(standing.layout, request.rev)
            walls.keep_scene(connection, request.wall, name, standing.layout, now)
            walls.note(connection, standing, "scene_kept", now, officer, detail=name)
        return WallDone(request.n, standing)

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _changed(
        self,
        session: Session,
        request: Any,
        doing: Callable[[WallStanding, Connection], Changed],
        incident: UUID | None = None,
    ) -> WallDone:
        """Do it in one transaction, on record, and tell whoever looks; a wall that stands as before is told of no more."""
        now = self._now()
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            before = walls.find(connection, request.wall, to_change=True)
            after, act, detail = doing(before, connection)
            if after != before:
                after = walls.store(connection, before, after, now)
                walls.note(connection, after, act, now, session.officer, incident, detail)
                walls.tell(connection, after, now)
        self.leases.heard(session.officer.staff)
        return WallDone(request.n, after)


def _put(connection: Connection, officer: Officer, standing: WallStanding, request: asked.PutLayout) -> Changed:
    """A whole layout."""
    layout = replace(request.layout, scene="")
    require_sound(layout)
    _require_cameras(connection, officer, set(cameras_of(layout)) - set(cameras_of(standing.layout)))
    return replace(standing, layout=replace(layout, rev=standing.layout.rev)), "layout", ""


def _put_scene(connection: Connection, officer: Officer, standing: WallStanding, request: asked.PutScene) -> Changed:
    """A saved scene."""
    found = walls.scenes(connection, request.wall).get(request.scene) or READY.get(request.scene)
    if found is None:
        raise Refused("no_such_scene", "scene", scene=request.scene[:LONGEST_NAME])
    return _brought_back(connection, officer, standing, replace(found, scene=request.scene)), "scene", request.scene


def _put_back(connection: Connection, officer: Officer, standing: WallStanding, request: asked.PutBack) -> Changed:
    """What the wall showed at an earlier revision, with its scene."""
    found = walls.layout(connection, request.wall, request.to)
    if found is None:
        raise Refused("no_such_rev", "to", rev=str(request.to))
    return _brought_back(connection, officer, standing, found), "layout", f"as at {request.to}"


def _brought_back(connection: Connection, officer: Officer, standing: WallStanding, found: Layout) -> WallStanding:
    """The wall with a layout that was kept; a camera in it that is no more is shown as what it is."""
    there = {camera for camera in cameras_of(found) if cameras.find(connection, camera) is not None}
    _require_cameras(connection, officer, there - set(cameras_of(standing.layout)))
    return replace(standing, layout=replace(found, rev=standing.layout.rev))


def _push(connection: Connection, officer: Officer, standing: WallStanding, request: asked.PushSlot) -> Changed:
    """Something else in one slot."""
    try:
        content = Content(request.content)
    except ValueError:
        raise Refused("bad_value", "content") from None
    if content is Content.CAMERA:
        _require_cameras(connection, officer, [request.camera])
    shown = Slot(0, 0, 1, 1, content, request.camera, request.stream, request.view)
    detail = " ".join(filter(None, (str(request.slot), content.value, request.camera)))
    return replace(standing, layout=pushed(standing.layout, request.slot, shown)), "slot", detail


def _require_cameras(connection: Connection, officer: Officer, wanted: Iterable[str]) -> None:
    """Refused where one of some cameras may not be pushed by an officer, or not to a wall."""
    for each in sorted(wanted):
        camera = cameras.find(connection, each)
        require_for_walls(camera, camera is not None and may_watch(officer, camera))


def _wall_of(session: Session) -> str | None:
    """The wall that a display's session shows; None where it is none of a display."""
    if session.officer.role is not Role.WALL:
        return None
    prefix = wall_stream("")
    return next((stream.removeprefix(prefix) for stream in session.streams if stream.startswith(prefix)), None)


def _require_hearing(session: Session, code: str) -> None:
    """Refused where a session hears nothing of a wall: whether there is one is not told."""
    if wall_stream(code) not in session.streams:
        raise Refused("no_such_wall", "wall", wall=code[:32])
