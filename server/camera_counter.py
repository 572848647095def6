"""Answers what desks ask about cameras: pictures, what they cover, how they are, turning them. May wait: never on the loop.

Whatever is looked at or turned is on record before the device is asked; no device is asked inside a transaction.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from governance.camera import Camera, CameraState
from governance.camera_rights import LONGEST_REASON, Watching, rank_of, why_no_editing, why_no_turning, why_not
from governance.people import Officer
from governance.places import LonLat, is_inside
from governance.refusal import Refused
from governance.roles import may_watch, own_units, share_shown
from governance.sectors import Sector, what_is_wrong
from server import camera_sources, sessions
from server.camera_turning import Turning
from server.indicators import exports
from server.keys import ServerKeys
from server.ledger import camera_groups, camera_holds, camera_sightings, cameras, change_log, sight
from server.ledger import camera_sources as kept_sources
from server.ledger.camera_holds import Holder
from server.ledger.camera_sightings import Sighting
from server.ledger.ledger import Connection, Ledger
from server.sessions import Session
from server.settings import Settings
from wire import camera_requests as asked
from wire.camera_requests import CameraGroupIs, CameraGroupsAre, CameraHeld, PresetIs, SectorEdited
from wire.requests import Address, OpenCamera

Now = Callable[[], datetime]
Shown = Callable[[Connection, Officer, str, datetime], None]
Vouches = Callable[[Session, str], bool]
LONGEST_PULSE_S = 2.0
VIEWED = frozenset({Watching.LOOK_BACK.value, Watching.PLAYBACK.value, Watching.SNAPSHOT.value})
"""What a desk does with what it holds itself of a camera: no address is given for it."""
TELLS_AGAIN = timedelta(seconds=5)
"""So often a desk may say how one camera is."""
MOST_REMEMBERED = 20_000


class CameraCounter:
    """The part of the service window where cameras are seen to. Any thread."""

    def __init__(
        self, ledger: Ledger, keys: ServerKeys, settings: Settings, shown: Shown, now: Now = lambda: datetime.now(UTC),
        vouches: Vouches = lambda _session, _camera: False,
    ) -> None:  # fmt: skip
        """`shown` refuses a wall's display what its wall does not show, `vouches` says whose word of a camera needs no other.

        `now` tells the time, aware, UTC.
        """
        self._ledger, self._keys, self._settings, self._shown, self._now = ledger, keys, settings, shown, now
        self._vouches = vouches
        self._turning = Turning()
        self._told: dict[tuple[UUID, str], datetime] = {}
        self._lock = threading.Lock()
        self.table: dict[type, Callable[[Session, Any], Any]] = {
            OpenCamera: self._open,
            asked.EditSector: self._edit,
            asked.ReportHealth: self._health,
            asked.HoldCamera: self._hold,
            asked.TurnCamera: self._turn,
            asked.GoToPreset: self._go_to,
            asked.LetGoCamera: self._let_go,
            asked.ReadCameraGroups: self._groups,
            asked.RecordViewing: self._view,
        }

    # ---- pictures -------------------------------------------------------------------------------------------------

    def _open(self, session: Session, request: OpenCamera) -> Address:
        """An address that expires; on record before its device is asked for it."""
        now = self._now()
        expires_at = camera_sources.expiry(now)
        with self._recorded(session, request, Watching.LIVE, now, expires_at) as (connection, camera):
            source = kept_sources.find(connection, self._ledger.seal, camera.id)
        served = camera_sources.address(source, self._keys, self._settings, request.stream, expires_at)
        return Address(request.n, camera.id, served.url, served.expires_at)

    @contextmanager
    def _recorded(
        self, session: Session, request: Any, doing: Watching, now: datetime, until: datetime
    ) -> Iterator[tuple[Connection, Camera]]:
        """The camera, in the transaction that puts on record what is done with it; Refused where it may not be."""
        reason = str(request.reason)
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            camera = cameras.find(connection, request.camera)
            if camera is None or not may_watch(session.officer, camera):
                raise Refused("no_such_camera", "camera")
            self._shown(connection, session.officer, camera.id, now)
            is_own = self._is_own_clip(connection, session.officer, request)
            if (no := why_not(session.officer, camera, doing, reason, request.incident is not None, is_own)) is not None:
                raise no
            if request.incident is not None:
                rules = self._ledger.rules(connection, now)
                if not sight.sees(connection, session.officer, rules, request.incident):
                    raise Refused("no_such_incident", "incident")
            yield connection, camera
            said = reason[:LONGEST_REASON]
            cameras.log_opening(connection, camera, session.officer, request.incident, said, now, until, doing)

    @staticmethod
    def _is_own_clip(connection: Connection, officer: Officer, request: Any) -> bool:
        """Whether what is to be played is a clip of this camera that the officer himself recorded."""
        clip = getattr(request, "clip", None)
        return clip is not None and exports.is_of(connection, clip, "clip", officer.staff, "camera", request.camera)

    def _view(self, session: Session, request: asked.RecordViewing) -> None:
        """What a desk holds itself of a camera is on record before it is shown there."""
        if request.doing not in VIEWED:
            raise Refused("bad_value", "doing")
        now = self._now()
        with self._recorded(session, request, Watching(request.doing), now, now):
            pass

    # ---- what they cover ------------------------------------------------------------------------------------------

    def _edit(self, session: Session, request: asked.EditSector) -> SectorEdited:
        """A camera covers what is said: a change on the feed, with the old and the new on record, once for an order id."""
        try:
            with self._ledger.transaction() as connection:
                return self._edited(connection, session, request)
        except psycopg.errors.UniqueViolation as problem:
            if problem.diag.constraint_name != "pk_camera_order":
                raise
        with self._ledger.transaction() as connection:
            answered = _answered(connection, request, session)
        assert answered is not None, "its answer was just met"
        return answered

    def _edited(self, connection: Connection, session: Session, request: asked.EditSector) -> SectorEdited:
        """The same inside the transaction."""
        answered, now = _answered(connection, request, session), self._now()
        if answered is not None:
            return answered
        sessions.require_live(connection, session.id, now)
        before = cameras.find(connection, request.camera, lock=True)
        if before is None:
            raise Refused("no_such_camera", "camera")
        if (no := why_no_editing(session.officer, before)) is not None:
            raise no
        if request.version != before.version:
            raise Refused("stale_version", "version", version=str(before.version))
        names = ("heading_deg", "field_of_view_deg", "range_m", "height_m", "coverage", "place")
        wanted = Sector(*(getattr(request, name) for name in names))
        if (no := what_is_wrong(wanted, before)) is not None:
            raise no
        after = wanted.on(before)
        if after.place != before.place:
            after = replace(after, grid=self._grid_of(connection, session.officer, after.place, now))
            cameras.move(connection, after, now)
        cameras.set_sector(connection, after)
        (stream, number), *_ = change_log.append(connection, cameras.change_facts(before, after), request.order_id, now)
        connection.execute(
            "INSERT INTO camera_order (order_id, staff, camera, was, became, version, stream, number, at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(request.order_id, session.officer.staff, before.id),
                *(json.dumps(asdict(Sector.of(each))) for each in (before, after)),
                *(after.version, stream, number, now),
            ),
        )
        return SectorEdited(request.n, request.order_id, before.id, after.version, stream, number)

    def _grid_of(self, connection: Connection, officer: Officer, place: LonLat, now: datetime) -> str:
        """The grid a camera is moved into; Refused where that is none, or not the officer's."""
        grid = self._ledger.grids(connection, now).grid_of(place)
        if not grid:
            raise Refused("outside_district", "place")
        if not is_inside(grid, officer.scope):
            raise Refused("not_your_area", "place")
        return grid

    # ---- how they are ---------------------------------------------------------------------------------------------

    def _health(self, session: Session, request: asked.ReportHealth) -> None:
        """What a desk or display says is kept; where another says the same, or it needs no other, the camera stands so."""
        now = self._now()
        if not self._may_tell(session.id, request.camera, now):
            raise Refused("busy", "camera")
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            camera = cameras.find(connection, request.camera)
            if camera is None or not may_watch(session.officer, camera):
                raise Refused("no_such_camera", "camera")
            self._shown(connection, session.officer, camera.id, now)
            if not camera_sightings.has_opened(connection, camera.id, session.officer.staff, now):
                raise Refused("not_watching", "camera")
            said = Sighting(camera.id, session.id, session.officer.staff, request.is_live, min(request.since, now))
            enough = 1 if self._vouches(session, camera.id) else camera_sightings.ENOUGH
            agreed = camera_sightings.note(connection, said, now, enough)
            believed = CameraState.ONLINE if request.is_live else CameraState.OFFLINE
            if agreed and camera.state not in (believed, CameraState.FAULT):
                cameras.set_state(connection, camera.id, believed, now)

    def _may_tell(self, session: UUID, camera: str, now: datetime) -> bool:
        """Whether a desk has not just said how a camera is."""
        with self._lock:
            last = self._told.get((session, camera))
            if last is not None and timedelta() <= now - last < TELLS_AGAIN:
                return False
            if len(self._told) >= MOST_REMEMBERED:
                self._told = {key: at for key, at in self._told.items() if now - at < TELLS_AGAIN}
            if len(self._told) >= MOST_REMEMBERED:
                return False
            self._told[session, camera] = now
            return True

    # ---- turning them ---------------------------------------------------------------------------------------------

    def _hold(self, session: Session, request: asked.HoldCamera) -> CameraHeld:
        """Turning the camera is this desk's; what it remembers is asked of it afterwards."""
        now = self._now()
        with self._recorded(session, request, Watching.PTZ, now, now + camera_holds.HOLD_LASTS) as (connection, camera):
            source = kept_sources.find(connection, self._ledger.seal, camera.id)
            if not self._turning.can(source):
                raise Refused("device_cannot", "camera")
            officer = session.officer
            who = Holder(session.id, officer.staff, rank_of(officer), officer.name)
            until = camera_holds.take(connection, camera.id, who, request.take_over, now)
        presets = tuple(PresetIs(each.token, each.name) for each in self._turning.presets(source))
        return CameraHeld(request.n, camera.id, until, presets)

    def _turn(self, session: Session, request: asked.TurnCamera) -> CameraHeld:
        """The camera moves for a moment."""
        if not 0.0 <= request.seconds <= LONGEST_PULSE_S:
            raise Refused("out_of_range", "seconds", least="0", most=f"{LONGEST_PULSE_S:g}")
        move = self._turning.move_of(request.pan, request.tilt, request.zoom)
        source, until = self._renewed(session, request.camera)
        self._turning.move(source, move, request.seconds, (session.id, request.n))
        return CameraHeld(request.n, request.camera, until)

    def _go_to(self, session: Session, request: asked.GoToPreset) -> CameraHeld:
        """The camera turns to a view it remembers."""
        source, until = self._renewed(session, request.camera)
        self._turning.go_to(source, request.preset, (session.id, request.n))
        return CameraHeld(request.n, request.camera, until)

    def _let_go(self, session: Session, request: asked.LetGoCamera) -> None:
        """Somebody else may turn it."""
        with self._ledger.transaction() as connection:
            camera_holds.let_go(connection, request.camera, session.id, self._now())

    def _renewed(self, session: Session, code: str) -> tuple[kept_sources.Source, datetime]:
        """Where the camera is reached and until when this desk has it; Refused where it has not, or may not any more."""
        now = self._now()
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            camera = cameras.find(connection, code)
            if camera is None or not may_watch(session.officer, camera):
                raise Refused("no_such_camera", "camera")
            if (no := why_no_turning(session.officer, camera)) is not None:
                raise no
            until = camera_holds.renew(connection, camera.id, session.id, now)
            return kept_sources.find(connection, self._ledger.seal, camera.id), until

    # ---- what they are gathered by --------------------------------------------------------------------------------

    def _groups(self, session: Session, request: asked.ReadCameraGroups) -> CameraGroupsAre:
        """The groups of the cameras the session may see, and no others."""
        officer, now = session.officer, self._now()
        with self._ledger.transaction(snapshot=True) as connection:
            sessions.require_live(connection, session.id, now)
            seen = {each.id for each in cameras.visible(connection, officer.scope, share_shown(officer), own_units(officer))}
            found = camera_groups.memberships(connection)
        gathered: dict[tuple[str, camera_groups.GroupPath], list[str]] = {}
        for (camera, kind), paths in sorted(found.items()):
            for path in paths if camera in seen else ():
                gathered.setdefault((kind.value, path), []).append(camera)
        groups = tuple(CameraGroupIs(kind, path, tuple(of)) for (kind, path), of in sorted(gathered.items()))
        return CameraGroupsAre(request.n, groups)


def _answered(connection: Connection, request: asked.EditSector, session: Session) -> SectorEdited | None:
    """What was answered to this order once; Refused('key_reused') where it was somebody else's or of another camera."""
    row = connection.execute(
        "SELECT staff, camera, version, stream, number FROM camera_order WHERE order_id = %s", (request.order_id,)
    ).fetchone()
    if row is None:
        return None
    if row[:2] != (session.officer.staff, request.camera):
        raise Refused("key_reused", "order_id")
    return SectorEdited(request.n, request.order_id, *row[1:])
