"""What desks ask about cameras: sectors, pictures with a reason, turning one at a time, and how the pictures are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import structs

from desktop.situation.cameras import Cameras
from governance.camera import Camera, CameraState, GroupKind
from governance.changes import CameraChanged
from governance.people import Role
from governance.places import LonLat
from governance.refusal import Refused
from governance.sectors import Sector
from server.camera_counter import CameraCounter
from server.drill.onvif_device import OnvifDevice
from server.indicators import exports
from server.ledger import camera_groups, camera_sources, cameras, change_log
from server.ledger.camera_sources import Source, SourceKind
from server.sessions import Session, sign_on
from server.walls.counter import WallCounter
from wire.camera_requests import (
    CameraGroupsAre,
    CameraHeld,
    EditSector,
    GoToPreset,
    HoldCamera,
    LetGoCamera,
    ReadCameraGroups,
    RecordViewing,
    ReportHealth,
    SectorEdited,
    TurnCamera,
)
from wire.codec import decode_change
from wire.requests import Address, AskSnapshot, OpenCamera, SignOn, Snapshot

from .conftest import District, RawDesk, small_town

IDS = [camera.id for camera in small_town().cameras]
START = datetime.now(UTC)


class Desks:
    """Officers at desks of their own before one counter, and a clock that is moved by hand."""

    def __init__(self, district: District) -> None:
        self.district, self.now = district, START
        shown = WallCounter(district.ledger).require_shown
        self.counter = CameraCounter(district.ledger, district.keys, district.settings, shown, lambda: self.now)
        self._sessions: dict[tuple[str, str], Session] = {}

    def session(self, login: str, seat: str = "") -> Session:
        """Somebody signed on, at one of his desks."""
        if (login, seat) not in self._sessions:
            asked = SignOn(1, login, self.district.seeded.passwords[login])
            begun = sign_on(self.district.ledger, uuid4().hex, asked, datetime.now(UTC), 1.0)
            assert isinstance(begun, Session)
            self._sessions[login, seat] = begun
        return self._sessions[login, seat]

    def asks(self, login: str, request: Any, seat: str = "", role: Role | None = None, **about: Any) -> Any:
        """The answer to an officer, in another role or post where that is said; or the code he is refused with."""
        session = self.session(login, seat)
        if role is not None or about:
            changed = replace(session.officer, **({"role": role} if role else {}), **about)
            session = replace(session, officer=changed)
        try:
            return self.counter.table[type(request)](session, request)
        except Refused as no:
            return no.code

    def camera(self, code: str) -> Camera:
        """A camera as it is."""
        with self.district.ledger.transaction() as connection:
            found = cameras.find(connection, code)
        assert found is not None
        return found

    def executes(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """What the owner sees."""
        with self.district.owner.transaction() as connection:
            return connection.execute(statement, values).fetchall()


@pytest.fixture
def desks(district: District) -> Desks:
    """The counter of a district."""
    return Desks(district)


def edit(camera: Camera, sector: Sector, order_id: UUID | None = None) -> EditSector:
    """The order that a camera covers a sector."""
    return EditSector(1, order_id or uuid4(), camera.id, camera.version, *(getattr(sector, name) for name in SECTOR))


SECTOR = ("heading_deg", "field_of_view_deg", "range_m", "height_m", "coverage", "place")


def test_a_sector_is_a_change_on_the_feed_once_and_its_old_values_take_it_back(desks: Desks) -> None:
    before, order_id = desks.camera(IDS[6]), uuid4()
    near = before.place
    ring = (LonLat(near.lon, near.lat), LonLat(near.lon + 0.001, near.lat), LonLat(near.lon, near.lat + 0.001))
    wanted = edit(before, Sector(270.0, 45.0, 120.0, 6.5, ring), order_id)
    done = desks.asks("duty1", wanted, role=Role.GIS_STAFF)
    assert isinstance(done, SectorEdited)
    assert done.stream == f"cameras/{before.grid[:9]}/3"
    assert desks.asks("duty1", wanted, role=Role.GIS_STAFF) == done
    assert desks.asks("duty2", wanted, role=Role.GIS_STAFF) == "key_reused"
    after = desks.camera(before.id)
    assert Sector.of(after) == Sector(270.0, 45.0, 120.0, 6.5, ring)
    assert after.sees(LonLat(near.lon + 0.0003, near.lat + 0.0003))
    assert not after.sees(LonLat(near.lon - 0.0003, near.lat))
    assert desks.asks("duty1", edit(before, Sector.of(before)), role=Role.GIS_STAFF) == "stale_version"
    assert isinstance(desks.asks("duty1", edit(after, Sector.of(before)), role=Role.GIS_STAFF), SectorEdited)
    assert desks.camera(before.id) == replace(before, version=3)
    told = Cameras([before])
    with desks.district.ledger.transaction() as connection:
        found = change_log.read_after(connection, done.stream, 0, 100)
    for each in found:
        fact = decode_change(each).fact
        assert isinstance(fact, CameraChanged)
        told.change(fact)
    assert told.all() == [desks.camera(before.id)]
    rows = desks.executes("SELECT staff, was ->> 'range_m', became ->> 'range_m' FROM camera_order ORDER BY version")
    assert rows == [(desks.session("duty1").officer.staff, "80.0", "120.0"), (rows[0][0], "120.0", "80.0")]


def test_a_camera_that_is_moved_stands_in_the_grid_it_came_to(desks: Desks) -> None:
    before, other = desks.camera(IDS[0]), desks.camera(IDS[1])
    assert before.grid != other.grid
    there = other.place
    desks.district.owner_executes(
        "UPDATE camera SET place = ST_SetSRID(ST_MakePoint(%s, %s), 4490) WHERE id = %s",
        there.lon,
        there.lat + 0.001,
        before.id,
    )
    wanted = edit(before, replace(Sector.of(before), place=there))
    assert desks.asks("duty1", wanted, role=Role.GIS_STAFF, scope=before.grid) == "not_your_area"
    assert isinstance(desks.asks("duty1", wanted, role=Role.GIS_STAFF), SectorEdited)
    after = desks.camera(before.id)
    assert (after.grid, after.place, after.version) == (other.grid, there, before.version + 1)
    assert desks.executes("SELECT camera, grid_code FROM camera_was") == [(before.id, before.grid)]


WRONG_SECTORS: dict[str, tuple[Callable[[Camera], Sector], str]] = {
    "range": (lambda c: replace(Sector.of(c), range_m=2_001.0), "out_of_range"),
    "view": (lambda c: replace(Sector.of(c), field_of_view_deg=0.0), "out_of_range"),
    "height": (lambda c: replace(Sector.of(c), height_m=-1.0), "out_of_range"),
    "two corners": (
        lambda c: replace(Sector.of(c), coverage=(c.place, LonLat(c.place.lon, c.place.lat + 0.001))),
        "corners_wrong",
    ),
    "moved far": (lambda c: replace(Sector.of(c), place=LonLat(c.place.lon, c.place.lat + 0.02)), "moved_too_far"),
    "far": (lambda c: replace(Sector.of(c), coverage=(c.place, LonLat(0.0, 0.0), LonLat(1.0, 1.0))), "ring_too_far"),
}


def test_what_no_camera_covers_is_refused(desks: Desks) -> None:
    camera = desks.camera(IDS[0])
    for case, (made, code) in WRONG_SECTORS.items():
        assert desks.asks("duty1", edit(camera, made(camera)), role=Role.GIS_STAFF) == code, case
    assert desks.camera(IDS[0]) == camera


def test_only_who_keeps_the_map_says_what_a_camera_covers(desks: Desks) -> None:
    camera = desks.camera(IDS[0])
    for role in Role:
        answer = desks.asks("duty1", edit(camera, Sector.of(camera)), role=role)
        assert isinstance(answer, SectorEdited) if role is Role.GIS_STAFF else answer == "not_your_role", role
    elsewhere = edit(desks.camera(IDS[7]), Sector.of(desks.camera(IDS[7])))
    assert desks.asks("duty1", elsewhere, role=Role.GIS_STAFF, scope="990001001") == "no_such_camera"


def opens(desks: Desks, code: str, reason: str, login: str = "duty1", **about: Any) -> Any:
    """An opening."""
    return desks.asks(login, OpenCamera(1, code, reason), **about)


def test_a_reason_in_words_is_asked_for_where_few_may_look(desks: Desks) -> None:
    assert isinstance(opens(desks, IDS[0], "巡"), Address)
    assert [opens(desks, IDS[4], said) for said in ("巡", "desk")] == ["reason_needed"] * 2  # share level 2
    assert isinstance(opens(desks, IDS[4], "核对现场"), Address)
    assert opens(desks, IDS[6], "核对现场") == "no_such_camera"  # share level 3: not for a duty officer
    assert isinstance(opens(desks, IDS[6], "核对现场", "lead1"), Address)
    desks.district.owner_executes("UPDATE camera SET is_sensitive = true WHERE id = %s", IDS[0])
    assert opens(desks, IDS[0], "巡") == "reason_needed"
    assert opens(desks, IDS[0], "核对现场", role=Role.GIS_STAFF) == "no_such_camera"  # its place, not its pictures
    unit = desks.session("handler1").officer.unit
    desks.district.owner_executes("UPDATE camera SET unit = NULL WHERE id = %s", IDS[7])
    assert opens(desks, IDS[7], "核对现场", "handler1") == "no_such_camera"
    desks.district.owner_executes("UPDATE camera SET unit = %s WHERE id = %s", unit, IDS[7])
    assert isinstance(opens(desks, IDS[7], "核对现场", "handler1"), Address)  # his own, whatever it is shared with
    rows = desks.executes("SELECT camera, action FROM video_session")
    assert sorted(rows) == sorted((code, "live") for code in (IDS[0], IDS[4], IDS[6], IDS[7]))


def test_a_camera_of_a_device_is_opened_at_the_device_with_its_log_on(desks: Desks) -> None:
    source = Source(IDS[1], SourceKind.DAHUA, "10.0.0.9", user="admin", password="secret")
    with desks.district.owner.transaction() as connection:
        camera_sources.keep(connection, desks.district.owner.seal, source, START)
        camera_sources.keep(
            connection,
            desks.district.owner.seal,
            replace(source, camera=IDS[2], kind=SourceKind.ONVIF, address="127.0.0.1:9"),
            START,
        )
    answer = opens(desks, IDS[1], "核对现场")
    assert answer.url == "rtsp://admin:secret@10.0.0.9:554/cam/realmonitor?channel=1&subtype=1"
    assert answer.expires_at > START
    assert opens(desks, IDS[2], "核对现场") in ("device_away", "device_cannot")
    assert len(desks.executes("SELECT 1 FROM video_session")) == 2  # on record before the device was asked


@pytest.fixture
def dome(desks: Desks) -> Iterator[OnvifDevice]:
    """Camera 0 is a device that turns."""
    with OnvifDevice() as device:
        desks.district.owner_executes("UPDATE camera SET is_ptz = true WHERE id = ANY(%s)", IDS[:2])
        with desks.district.owner.transaction() as connection:
            source = Source(IDS[0], SourceKind.ONVIF, device.service)
            camera_sources.keep(connection, desks.district.owner.seal, source, START)
        yield device


def test_a_camera_is_turned_by_one_desk_until_it_lets_go_or_is_outranked(desks: Desks, dome: OnvifDevice) -> None:
    hold, turn = HoldCamera(1, IDS[0], "看清车牌"), TurnCamera(2, IDS[0], 0.5, 0.0, 0.0, 0.01)
    assert desks.asks("duty1", turn) == "ptz_not_held"
    held = desks.asks("duty1", hold)
    assert isinstance(held, CameraHeld)
    assert [each.name for each in held.presets] == ["大门", "停车场"]
    assert isinstance(desks.asks("duty1", turn), CameraHeld)
    assert desks.asks("duty2", hold) == "ptz_held"
    with pytest.raises(Refused) as no:
        desks.counter.table[HoldCamera](desks.session("duty2"), hold)
    assert datetime.fromisoformat(no.value.details["since"]) == START
    assert (no.value.details["who"], no.value.details["may_take"]) == (desks.session("duty1").officer.name, "no")
    assert desks.asks("duty2", replace_hold(hold)) == "ptz_held"  # no higher rank
    assert desks.asks("lead1", hold) == "ptz_held"  # asked first
    assert isinstance(desks.asks("lead1", replace_hold(hold)), CameraHeld)
    assert desks.asks("duty1", turn) == "ptz_taken"
    assert desks.asks("duty1", replace_hold(hold)) == "ptz_held"
    assert isinstance(desks.asks("lead1", GoToPreset(3, IDS[0], "1")), CameraHeld)
    assert desks.asks("lead1", LetGoCamera(4, IDS[0])) is None
    assert isinstance(desks.asks("duty2", hold), CameraHeld)
    desks.now += timedelta(seconds=31)
    assert desks.asks("duty2", turn) == "ptz_not_held"
    assert isinstance(desks.asks("duty1", hold), CameraHeld)
    assert [(each.pan, each.preset) for each in dome.moved] == [(0.5, ""), (0.0, ""), (0.0, "1")]
    rows = desks.executes("SELECT action, reason FROM video_session")
    assert rows == [("ptz", "看清车牌")] * 4


def replace_hold(hold: HoldCamera) -> HoldCamera:
    """The same, and taken over where somebody else has it."""
    return HoldCamera(hold.n, hold.camera, hold.reason, hold.incident, True)


def test_nobody_turns_off_shift_or_without_the_right_or_what_does_not_turn(desks: Desks, dome: OnvifDevice) -> None:
    hold = HoldCamera(1, IDS[0], "看清车牌")
    assert desks.asks("duty1", hold, shift=None) == "off_shift"
    turners = {Role.DUTY_OFFICER, Role.NIGHT_WATCH, Role.SHIFT_LEAD, Role.COORDINATOR}
    for role in Role:
        answer = desks.asks("duty1", hold, role=role)
        assert isinstance(answer, CameraHeld) == (role in turners), (role, answer)
    assert desks.asks("duty1", HoldCamera(1, IDS[0], " ")) == "reason_needed"
    assert desks.asks("duty1", HoldCamera(1, IDS[1], "看清车牌")) == "device_cannot"  # our gateway turns nothing
    assert desks.asks("duty1", HoldCamera(1, IDS[2], "看清车牌")) == "no_ptz"
    assert isinstance(desks.asks("duty1", hold), CameraHeld)
    for wrong in (
        TurnCamera(1, IDS[0], 2.0, 0.0, 0.0),
        TurnCamera(1, IDS[0], 0.0, float("nan"), 0.0),
        TurnCamera(1, IDS[0], 1.0, 0.0, 0.0, 60.0),
    ):
        assert desks.asks("duty1", wrong) == "out_of_range"
    dome.fault = "slow"
    desks.counter._turning._patience_s = 0.1
    assert desks.asks("duty1", TurnCamera(1, IDS[0], 1.0, 0.0, 0.0, 0.0)) == "device_silent"


def test_each_way_of_looking_leaves_a_row_with_who_when_why_and_what_was_done(desks: Desks, dome: OnvifDevice) -> None:
    desks.district.owner_executes("UPDATE camera SET is_sensitive = true WHERE id = %s", IDS[0])
    officers = {login: desks.session(login).officer for login in ("duty1", "duty2", "lead1")}
    clip = uuid4()
    with desks.district.ledger.transaction() as connection:
        exports.record(connection, clip, START, officers["duty1"], "", 1, {"camera": IDS[0]}, "clip")
    wanted: list[tuple[str, str, Any]] = [
        ("duty1", "live", OpenCamera(1, IDS[0], "核对车牌")),
        ("duty1", "ptz", HoldCamera(1, IDS[0], "核对车牌")),
        ("duty1", "look_back", RecordViewing(1, IDS[0], "look_back", "核对车牌")),
        ("duty2", "snapshot", RecordViewing(1, IDS[0], "snapshot", "核对车牌")),
        ("duty1", "playback", RecordViewing(1, IDS[0], "playback", "核对车牌", clip=clip)),
        ("lead1", "playback", RecordViewing(1, IDS[0], "playback", "核对车牌")),
    ]
    rows = []
    for login, kind, request in wanted:
        desks.now += timedelta(seconds=1)
        curt = structs.replace(request, reason="巡")
        assert desks.asks(login, curt) == "reason_needed", kind
        assert not isinstance(desks.asks(login, request), str), kind
        rows.append((officers[login].staff, kind, "核对车牌", desks.now))
    for request in (
        RecordViewing(1, IDS[0], "playback", "核对车牌"),
        RecordViewing(1, IDS[1], "playback", "核对车牌", clip=clip),
        RecordViewing(1, IDS[0], "playback", "核对车牌", clip=uuid4()),
    ):
        assert desks.asks("duty1", request) == "not_your_role"
    assert desks.asks("duty2", RecordViewing(1, IDS[0], "playback", "核对车牌", clip=clip)) == "not_your_role"
    assert desks.asks("lead1", RecordViewing(1, IDS[0], "live", "核对车牌")) == "bad_value"
    assert desks.asks("lead1", RecordViewing(1, "none", "look_back", "核对车牌")) == "no_such_camera"
    assert desks.executes("SELECT staff, action, reason, at FROM video_session ORDER BY at") == rows


def health(code: str = IDS[0], is_live: bool = False) -> ReportHealth:
    """What a desk says of a camera."""
    return ReportHealth(1, code, is_live, START)


def test_two_officers_at_two_desks_are_believed_and_one_is_not(desks: Desks) -> None:
    assert desks.asks("duty1", health()) == "not_watching"
    desks.now += timedelta(seconds=6)
    for login, seat in (("duty1", ""), ("duty1", "2"), ("duty2", ""), ("lead1", "")):
        assert isinstance(desks.asks(login, OpenCamera(1, IDS[0], "核对现场"), seat), Address)
    assert desks.asks("duty1", health()) is None
    assert desks.asks("duty1", health()) == "busy"
    assert desks.asks("duty1", health(), "2") is None  # the same officer at another desk is one still
    assert desks.camera(IDS[0]).state is CameraState.ONLINE
    desks.now += timedelta(seconds=91)
    assert desks.asks("duty2", health()) is None  # what the other said is too old
    assert desks.camera(IDS[0]).state is CameraState.ONLINE
    assert desks.asks("lead1", health(is_live=True)) is None
    assert desks.asks("duty1", health()) is None  # two against one who sees it
    assert desks.camera(IDS[0]).state is CameraState.ONLINE
    desks.now += timedelta(seconds=91)
    assert [desks.asks(login, health()) for login in ("duty1", "duty2")] == [None, None]
    assert desks.camera(IDS[0]).state is CameraState.OFFLINE
    desks.now += timedelta(seconds=6)
    assert [desks.asks(login, health(is_live=True)) for login in ("duty1", "duty2")] == [None, None]
    assert desks.camera(IDS[0]).state is CameraState.ONLINE
    assert desks.executes("SELECT was, state FROM camera_state ORDER BY at") == [("online", "offline"), ("offline", "online")]


def test_a_post_hears_of_the_groups_of_its_own_cameras_alone(desks: Desks) -> None:
    with desks.district.owner.transaction() as connection:
        wanted = {(IDS[0], GroupKind.PLACE): (("菜场", "东门"),), (IDS[7], GroupKind.PLACE): (("菜场",),)}
        camera_groups.set_memberships(connection, wanted)
    answer = desks.asks("duty1", ReadCameraGroups(1))
    assert isinstance(answer, CameraGroupsAre)
    told = [(each.kind, each.path, each.cameras) for each in answer.groups if each.path[0] == "菜场"]
    assert told == [("place", ("菜场", "东门"), (IDS[0],))]
    departments = [(each.path, each.cameras) for each in answer.groups if each.kind == "department"]
    assert departments == [
        (("区社会治安综合治理办公室", "街道1"), tuple(IDS[:4])),
        (("区社会治安综合治理办公室", "街道2"), tuple(IDS[4:6])),
    ]


def test_a_sector_reaches_the_desks_that_may_know_of_the_camera(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    district.owner_executes(
        "UPDATE post SET role = 'GS' WHERE id = (SELECT a.post FROM post_assignment a JOIN account c ON c.staff = a.staff "
        "WHERE c.login = 'dispatch1')"
    )
    district.start("desk")
    keeper, near, far = raw_desk(), raw_desk(), raw_desk()
    keeper.sign_on("dispatch1", listen=False)
    near.sign_on("street1")
    far.sign_on("street2")
    snapshot = keeper.ask(AskSnapshot(0))
    assert isinstance(snapshot, Snapshot)
    assert [camera.id for camera in snapshot.cameras] == IDS  # of every share level, without the right to their pictures
    camera = snapshot.cameras[0]
    done = keeper.ask(edit(camera, replace(Sector.of(camera), heading_deg=90.0)))
    assert isinstance(done, SectorEdited)

    def is_told(said: Any) -> bool:
        facts = [decode_change(each).fact for each in getattr(said, "changes", ())]
        return any(isinstance(fact, CameraChanged) and fact.whole is not None for fact in facts)

    assert near.hears(is_told)
    assert not far.hears(is_told, 0.3)
