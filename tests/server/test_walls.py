"""Walls on the real ledger: one controls a wall, layouts follow one another, displays say what they show, all on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from governance.camera import CameraState
from governance.commands import MakeReport
from governance.refusal import Refused
from governance.wall import SILENT_AFTER, Content, Layout, Slot, SlotShown, View, WallStanding
from governance.wall_layouts import READY
from governance.wall_pop_ups import shown_now
from server import sessions, snapshot
from server.ledger import cameras, change_log
from server.walls import enrolling
from server.walls.leases import Leases
from server.walls.shown import Shown
from tests.server.conftest import District, middle
from tests.server.wall_desks import EYE, FIRST_EYE, RESERVED, SECRET_EYE, SHARED_EYE, WallDesks
from wire.camera_requests import ReportHealth
from wire.codec import decode_change
from wire.requests import Address, Done, OpenCamera
from wire.wall_requests import (
    GiveWall,
    KeepScene,
    PopUpIncident,
    PushSlot,
    PutBack,
    PutLayout,
    PutScene,
    ReadWall,
    ReadWallBoard,
    ReadWalls,
    ReportWall,
    TakeWall,
    WallBoardIs,
    WallIs,
    WallsAre,
)

MAP = Slot(0, 0, 1, 1, Content.MAP)


@pytest.fixture
def desks(district: District) -> WallDesks:
    return WallDesks(district)


def told(district: District) -> list[WallStanding]:
    """What the wall's stream says, in order."""
    with district.ledger.transaction() as connection:
        changes = change_log.read_after(connection, "wall/main", 0, 100)
    return [decode_change(each).fact.standing for each in changes]  # type: ignore[union-attr]


def record(district: District) -> list[tuple[object, ...]]:
    with district.owner.transaction() as connection:
        return connection.execute("SELECT act, staff IS NULL, rev, detail FROM wall_log ORDER BY at, id").fetchall()


def test_of_two_who_want_a_wall_one_has_it_and_a_lead_takes_it_over(desks: WallDesks) -> None:
    assert desks.no("night1", PutScene(1, "main", 1, "参观")) == "wall_not_taken"
    desks.taken("night1")
    assert desks.no("lead1", TakeWall(1, "main")) == "wall_held"
    assert desks.no("lead1", PutScene(1, "main", 1, "参观")) == "wall_held"
    over = desks.put("lead1", TakeWall(1, "main", over=True))
    assert over.lease is not None
    assert over.lease.title == "值班长"
    assert desks.no("night1", GiveWall(1, "main")) == "wall_held"
    assert desks.put("lead1", GiveWall(1, "main")).lease is None
    assert [each.lease and each.lease.title for each in told(desks.district)] == [None, "夜间值守", "值班长", None]
    assert [row[0] for row in record(desks.district)] == ["made", "machine_bound", "lease_taken", "lease_taken", "lease_given"]


def test_who_may_not_control_a_wall_hears_of_none(desks: WallDesks) -> None:
    for login in ("duty1", "street1", "leader1"):
        assert desks.no(login, ReadWall(1, "main")) == "no_such_wall"
        listed = desks.ask(login, ReadWalls(1))
        assert isinstance(listed, WallsAre)
        assert listed.walls == ()
        assert desks.no(login, TakeWall(1, "main")) in ("not_your_role", "not_your_area")
        assert not any(stream.startswith("wall/") for stream in desks.sessions[login].streams)


def test_a_layout_follows_the_one_its_author_saw(desks: WallDesks) -> None:
    rev = desks.lay_out(EYE, RESERVED)
    assert rev == 2
    assert desks.no("lead1", PushSlot(1, "main", 1, 1, "map")) == "stale_rev"
    after = desks.put("lead1", PushSlot(1, "main", rev, 1, "map", view=View(middle(0), 900.0)))
    assert after.layout.rev == 3
    assert after.layout.slots[0].view == View(middle(0), 900.0)
    assert [each.layout.rev for each in told(desks.district)] == [1, 1, 2, 3]
    assert record(desks.district)[-1] == ("slot", False, 3, "1 map")
    with desks.district.owner.transaction() as connection:
        revs = connection.execute("SELECT rev FROM wall_layout WHERE wall = 'main' ORDER BY rev").fetchall()
    assert revs == [(1,), (2,), (3,)], "every layout it ever had is kept"


CANNOT: tuple[tuple[Any, str], ...] = (
    (PushSlot(1, "main", 2, 9, "map"), "no_such_slot"),
    (PushSlot(1, "main", 2, 1, "camera"), "no_such_camera"),
    (PushSlot(1, "main", 2, 1, "camera", "99000100001320000099"), "no_such_camera"),
    (PushSlot(1, "main", 2, 1, "camera", SECRET_EYE), "camera_not_for_walls"),
    (PushSlot(1, "main", 2, 1, "map", FIRST_EYE), "slot_camera"),
    (PushSlot(1, "main", 2, 1, "tree"), "bad_value"),
    (PushSlot(1, "main", 2, 2, "clock"), "slot_locked"),
    (PutLayout(1, "main", 2, Layout(1, 1, ())), "layout_slots"),
    (PutLayout(1, "main", 2, Layout(1, 1, (Slot(0, 0, 1, 1, Content.CAMERA, SECRET_EYE),))), "camera_not_for_walls"),
    (PutScene(1, "main", 2, "无此"), "no_such_scene"),
    (KeepScene(1, "main", 2, ""), "bad_value"),
    (KeepScene(1, "main", 2, "参观"), "scene_comes_ready"),
    (PopUpIncident(1, "main", uuid4(), 60), "no_such_incident"),
    (TakeWall(1, "none"), "no_such_wall"),
)


def test_what_cannot_be_shown_is_refused_and_changes_nothing(desks: WallDesks) -> None:
    desks.lay_out(MAP, Slot(1, 0, 1, 1, Content.CLOCK, locked=True))
    before = desks.stands_now()
    assert [(push, desks.no("lead1", push)) for push, _ in CANNOT] == list(CANNOT)
    assert desks.stands_now() == before


def test_a_scene_is_kept_and_shown_again_also_when_a_camera_of_it_is_gone(desks: WallDesks) -> None:
    rev = desks.lay_out(EYE, RESERVED)
    desks.put("lead1", KeepScene(1, "main", rev, "防汛"))
    shown = desks.put("lead1", PutScene(1, "main", rev, "晴雨表"))
    assert (shown.layout.scene, shown.layout.slots) == ("晴雨表", READY["晴雨表"].slots)
    desks.district.owner_executes("UPDATE camera SET retired_at = now() WHERE id = %s", FIRST_EYE)
    again = desks.put("lead1", PutScene(1, "main", shown.layout.rev, "防汛"))
    assert again.layout.slots == (EYE, RESERVED)
    read = desks.ask("lead1", ReadWall(1, "main"))
    assert isinstance(read, WallIs)
    assert read.scenes == ("晴雨表", "参观", "防汛")


def test_the_cameras_that_see_an_incident_come_up_for_a_time_whoever_has_the_wall(desks: WallDesks) -> None:
    desks.lay_out(EYE, RESERVED, login="night1")
    made = desks.district.order(MakeReport("井盖丢失", middle(2)), "duty1")
    up = desks.put("lead1", PopUpIncident(1, "main", made.incident, 60))
    (pop_up,) = up.pop_ups
    assert (pop_up.slot, pop_up.camera, pop_up.incident) == (2, SHARED_EYE, made.incident)
    soon, late = datetime.now(UTC), datetime.now(UTC) + timedelta(seconds=61)
    assert [slot.camera for slot in shown_now(up, soon)] == [FIRST_EYE, SHARED_EYE]
    assert [slot.camera for slot in shown_now(up, late)] == [FIRST_EYE, ""]
    laid = desks.put("night1", PushSlot(1, "main", up.layout.rev, 2, "clock"))
    assert laid.pop_ups == (), "its slot is reserved no more"


def test_nothing_confidential_and_nothing_unseen_comes_up(desks: WallDesks) -> None:
    desks.lay_out(EYE, RESERVED)
    secret = desks.district.order(MakeReport("有人上访", middle(0)), "duty1")
    desks.district.owner_executes(
        "UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", secret.incident
    )
    assert desks.no("lead1", PopUpIncident(1, "main", secret.incident, 60)) == "incident_confidential"
    unseen = desks.district.order(MakeReport("井盖丢失", middle(5)), "duty1")
    assert desks.no("lead1", PopUpIncident(1, "main", unseen.incident, 60)) == "no_camera_sees"
    seen = desks.district.order(MakeReport("井盖丢失", middle(1)), "duty1")
    assert desks.no("lead1", PopUpIncident(1, "main", seen.incident, 5)) == "pop_up_time"


def test_a_lease_lapses_a_minute_after_its_desk_is_silent(desks: WallDesks) -> None:
    now_s = [0.0]
    desks.taken("lead1")
    leases = Leases(desks.district.ledger, lambda: now_s[0])
    staff = desks.sessions["lead1"].officer.staff
    leases.heard(staff)
    now_s[0] = 59.0
    assert leases.lapse(datetime.now(UTC)) == ()
    leases.heard(staff)
    now_s[0] = 118.0
    assert leases.lapse(datetime.now(UTC)) == ()
    now_s[0] = 119.0
    (freed,) = leases.lapse(datetime.now(UTC))
    assert freed.lease is None
    assert desks.stands_now().lease is None
    assert record(desks.district)[-1] == ("lease_lapsed", True, 1, "值班长")
    assert told(desks.district)[-1].lease is None


def test_a_server_that_begins_anew_takes_no_wall_away(desks: WallDesks) -> None:
    now_s = [1_000.0]
    desks.taken("lead1")
    leases = Leases(desks.district.ledger, lambda: now_s[0])
    now_s[0] += 59.0
    assert leases.lapse(datetime.now(UTC)) == ()


def test_a_desk_sees_what_a_display_says_it_shows_as_long_as_it_is_heard(desks: WallDesks) -> None:
    display = desks.display()
    slots = (SlotShown(1, Content.CAMERA, FIRST_EYE, "stale", 3.5),)
    assert desks.window.answer(display, ReportWall(1, 2, 1920, 1080, slots))
    read = desks.ask("lead1", ReadWall(1, "main"))
    assert isinstance(read, WallIs)
    assert [(each.machine, each.rev, each.width, each.slots) for each in read.displays] == [("hall", 2, 1920, slots)]
    assert desks.no("lead1", ReportWall(1, 2, 1920, 1080, slots)) == "not_your_role"


def test_a_display_that_is_lost_is_told_with_the_moment_it_was_heard_last(desks: WallDesks) -> None:
    shown, now = Shown(), datetime.now(UTC)
    live, other = SlotShown(1, Content.CAMERA, FIRST_EYE, "live", 0.1), SlotShown(2, Content.CAMERA, SHARED_EYE, "stale", 9.0)
    shown.said("main", desks.key, ReportWall(1, 1, 1920, 1080, (live, other)), now)
    (told,) = shown.of("main", {desks.key: "hall"})
    assert (told.machine, told.at, told.slots) == ("hall", now, (live, other))
    assert shown.of("main", {}) == (), "of a machine that was closed nothing is told"
    later = now + SILENT_AFTER + timedelta(seconds=0.1)
    sees = [(SHARED_EYE, now), (FIRST_EYE, now), (SHARED_EYE, later)]
    assert [shown.sees_another("main", desks.key, camera, at) for camera, at in sees] == [True, False, False]


def test_a_wall_alone_is_believed_of_a_dead_camera_while_it_sees_another(desks: WallDesks) -> None:
    district = desks.district
    desks.lay_out(EYE, Slot(1, 0, 1, 1, Content.CAMERA, SHARED_EYE))
    seen = SlotShown(2, Content.CAMERA, SHARED_EYE, "live", 0.2)

    def state_after(is_live: bool, *slots: SlotShown) -> CameraState:
        """What becomes of the first camera by the word of a display that shows this."""
        display = desks.display()
        assert isinstance(desks.window.answer(display, OpenCamera(1, FIRST_EYE, "wall")), Address)
        desks.window.answer(display, ReportWall(1, 2, 1920, 1080, slots))
        said = desks.window.answer(display, ReportHealth(1, FIRST_EYE, is_live, datetime.now(UTC)))
        assert isinstance(said, Done), said
        with district.ledger.transaction() as connection:
            found = cameras.find(connection, FIRST_EYE)
        assert found is not None
        return found.state

    assert state_after(False) is CameraState.ONLINE, "its own network may be what is down"
    assert state_after(False, seen) is CameraState.OFFLINE
    assert state_after(True, seen) is CameraState.ONLINE
    elsewhere = desks.window.answer(desks.display(), ReportHealth(1, SECRET_EYE, False, datetime.now(UTC)))
    assert getattr(elsewhere, "code", "") == "no_such_camera", "of what its wall does not show it says nothing"


def test_a_wall_goes_back_to_an_earlier_revision_as_a_new_one(desks: WallDesks) -> None:
    rev = desks.lay_out(EYE, RESERVED)
    desks.put("lead1", PutScene(1, "main", rev, "参观"))
    desks.put("lead1", PushSlot(1, "main", 3, 4, "map"))
    back = desks.put("lead1", PutBack(1, "main", 4, 3)).layout
    assert (back.rev, back.scene, back.slots) == (5, "参观", READY["参观"].slots)
    assert desks.put("lead1", PutBack(1, "main", 5, rev)).layout.slots == (EYE, RESERVED)
    assert record(desks.district)[-1] == ("layout", False, 6, "as at 2")
    assert [each.layout.rev for each in told(desks.district)][-3:] == [4, 5, 6]
    assert desks.no("lead1", PutBack(1, "main", 5, 2)) == "stale_rev"
    assert desks.no("lead1", PutBack(1, "main", 6, 9)) == "no_such_rev"
    assert desks.no("night1", PutBack(1, "main", 6, 5)) == "wall_held"
    desks.put("lead1", PutBack(1, "main", 6, 3))
    desks.district.owner_executes("UPDATE camera SET is_sensitive = true WHERE id = %s", FIRST_EYE)
    assert desks.no("lead1", PutBack(1, "main", 7, 6)) == "camera_not_for_walls", (
        "what is not for walls any more does not return"
    )


NO_REPORTS = (
    ReportWall(1, 1, 0, 1080, ()),
    ReportWall(1, 1, 1920, 1080, (SlotShown(0, Content.MAP),)),
    ReportWall(1, 1, 1920, 1080, (SlotShown(1, Content.MAP, age_s=-1.0),)),
    ReportWall(1, 1, 1920, 1080, (SlotShown(1, Content.CAMERA, "9" * 41),)),
    ReportWall(1, 1, 1920, 1080, tuple(SlotShown(1, Content.MAP) for _ in range(65))),
)


def test_a_report_that_is_none_is_refused(desks: WallDesks) -> None:
    shown = Shown()
    for report in NO_REPORTS:
        with pytest.raises(Refused, match="bad_value"):
            shown.said("main", desks.key, report, datetime.now(UTC))


def test_an_old_snapshot_plus_the_changes_equals_a_new_one(desks: WallDesks) -> None:
    session = desks.on("lead1")
    old = snapshot.take(desks.district.ledger, session, 1, datetime.now(UTC))
    assert [each.layout.rev for each in old.walls] == [1]
    desks.lay_out(EYE, RESERVED)
    new = snapshot.take(desks.district.ledger, session, 1, datetime.now(UTC))
    assert told(desks.district)[-1] == new.walls[0]
    assert new.numbers["wall/main"] == old.numbers["wall/main"] + 2


def test_the_board_counts_the_day_and_holds_no_word_that_anybody_wrote(desks: WallDesks) -> None:
    district, display = desks.district, desks.display()
    district.order(MakeReport("老王家漏水 13800005678", middle(0), place_text="老王家"), "duty1")
    secret = district.order(MakeReport("有人上访", middle(1)), "duty1")
    district.owner_executes("UPDATE incident SET confidentiality = 2, version = version + 1 WHERE id = %s", secret.incident)
    board = desks.window.answer(display, ReadWallBoard(1, "main"))
    assert isinstance(board, WallBoardIs)
    assert (board.total, [each.grid for each in board.incidents]) == (1, ["990001001001001"])
    figures = board.figures
    assert (figures.reported, figures.open, figures.workers, figures.cameras) == (1, 1, 16, 8)
    assert [(each.reported, each.closed) for each in figures.trend] == [(0, 0)] * 6 + [(1, 0)]
    assert "老王" not in repr(board)
    assert "上访" not in repr(board)


def test_a_display_gets_pictures_of_what_its_wall_shows_and_of_nothing_else(desks: WallDesks) -> None:
    display = desks.display()
    desks.lay_out(EYE, RESERVED)
    assert isinstance(desks.window.answer(display, OpenCamera(1, FIRST_EYE, "wall")), Address)
    for camera in (SHARED_EYE, SECRET_EYE):
        refused = desks.window.answer(display, OpenCamera(1, camera, "wall"))
        assert getattr(refused, "code", "") == "no_such_camera"


def test_only_a_bound_machine_is_a_display_and_closing_it_ends_its_session(desks: WallDesks) -> None:
    district = desks.district
    for key, wall in (("0" * 64, "main"), (desks.key, "other")):
        with pytest.raises(Refused, match="machine_not_bound"):
            sessions.sign_on_wall(district.ledger, key, wall, "", datetime.now(UTC), 8.0)
    display = desks.display()
    assert (display.officer.clearance, display.officer.shift) == (0, None)
    with district.owner.transaction() as connection:
        enrolling.close(connection, "main", "hall", datetime.now(UTC))
    assert sessions.live(district.ledger, (), datetime.now(UTC))[1][display.id] == "machine_closed"
    with pytest.raises(Refused, match="machine_not_bound"):
        desks.display()


WRONG: tuple[tuple[Callable[[Any], object], str], ...] = (
    (lambda c: enrolling.add(c, "Main!", "屏", "990001", datetime.now(UTC)), "wall_code"),
    (lambda c: enrolling.add(c, "main", "屏", "990001", datetime.now(UTC)), "wall_exists"),
    (lambda c: enrolling.add(c, "two", " ", "990001", datetime.now(UTC)), "wall_title"),
    (lambda c: enrolling.add(c, "two", "屏", "110101", datetime.now(UTC)), "no_such_area"),
    (lambda c: enrolling.bind(c, "main", "x" * 39, "a", datetime.now(UTC)), "machine_key"),
    (lambda c: enrolling.bind(c, "none", "0" * 40, "a", datetime.now(UTC)), "no_such_wall"),
    (lambda c: enrolling.close(c, "main", "nobody", datetime.now(UTC)), "no_such_machine"),
)


def test_what_an_administrator_gets_wrong_is_said(desks: WallDesks) -> None:
    with desks.district.owner.transaction() as connection:
        for act, code in WRONG:
            with pytest.raises(Refused, match=code):
                act(connection)


def test_a_machine_shows_one_wall(desks: WallDesks) -> None:
    with desks.district.owner.transaction() as connection, pytest.raises(Refused, match="machine_taken"):
        enrolling.bind(connection, "main", desks.public.decode(), "again", datetime.now(UTC))


def test_a_camera_that_became_sensitive_is_shown_on_no_wall_any_more(desks: WallDesks) -> None:
    display = desks.display()
    desks.lay_out(EYE, RESERVED)
    desks.district.owner_executes("UPDATE camera SET is_sensitive = true WHERE id = %s", FIRST_EYE)
    refused = desks.window.answer(display, OpenCamera(1, FIRST_EYE, "wall main, as it is laid out"))
    assert getattr(refused, "code", "") == "camera_not_for_walls"
