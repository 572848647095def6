"""W on a desk: the sheet of a wall, worked by keys; what is shown is what displays report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.phrases import SHANGHAI
from governance.incident import Case
from governance.people import Officer
from governance.refusal import Refused
from governance.shifts import Shift, ShiftState, UnitShifts
from governance.wall import Content, SlotShown, View, WallStanding
from governance.wall_layouts import with_lock
from tests.desktop.on_wall.wall_at_desk import KEY, LAID, LEAD, LOCKED, NIGHT, RESERVED, WallAtDesk, held_by
from tests.fakes import situations, walls
from tests.fakes.desks import FakeDesk
from wire.wall_requests import (
    DisplayShows,
    GiveWall,
    KeepScene,
    PopUpIncident,
    PushSlot,
    PutBack,
    PutLayout,
    PutScene,
    TakeWall,
)


def test_w_opens_the_sheet_and_it_shows_what_displays_report(qtbot: QtBot, wall: WallAtDesk) -> None:
    reported = (
        SlotShown(1, Content.CAMERA, walls.EYES[0], "live", 0.1),
        SlotShown(2, Content.CAMERA, walls.EYES[1], "stale", 7.2),
        SlotShown(3, Content.MAP, age_s=1.0),
    )
    wall.displays = (DisplayShows("hall", situations.NOW, 3, 1920, 1080, reported),)
    wall.open(qtbot)
    assert wall.sheet.view.isVisible()
    told = wall.sheet.view.preview.told
    assert [each.title for each in told][2] == "地图"
    assert [each.state for each in told][:2] == ["实时 0.1 s", "画面滞后 7 s"]
    assert "hall" in wall.sheet.view.display.text()
    wall.displays = ()
    wall.sheet.read()
    wall.answer()
    assert [each.state for each in wall.sheet.view.preview.told] == ["无报告"] * 3


def test_a_display_that_is_behind_does_not_vouch_for_the_layout(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.displays = (DisplayShows("hall", situations.NOW, 2, 1920, 1080, (SlotShown(1, Content.CLOCK),)),)
    wall.open(qtbot)
    assert "第 2 版" in wall.sheet.view.display.text()
    assert not any(each.is_reported for each in wall.sheet.view.preview.told)


def test_arrows_choose_the_slot_and_enter_takes_the_wall_and_pushes(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.desk.selection.choose_camera(walls.EYES[2])
    wall.open(qtbot)
    wall.press(qtbot, KEY.Key_Right)
    assert wall.sheet.view.preview.slot == 2
    wall.press(qtbot, KEY.Key_Down)
    assert wall.sheet.view.preview.slot == 3
    wall.press(qtbot, KEY.Key_Up)
    wall.press(qtbot, KEY.Key_Return)
    assert wall.asked() == [TakeWall(0, "main", False)]
    wall.answer()
    (push,) = wall.asked()
    assert (push.rev, push.content, push.camera) == (3, "camera", walls.EYES[2])
    assert push.slot == wall.sheet.view.preview.slot
    wall.answer()
    assert "主屏" in wall.sheet.view.said.text()


@pytest.mark.parametrize(
    ("key", "kind", "what"),
    [
        (KEY.Key_M, PushSlot, {"content": "map", "view": View(situations.CENTRE, 900.0)}),
        (KEY.Key_Return, PushSlot, {"content": "map", "camera": ""}),
        (KEY.Key_Delete, PushSlot, {"content": "empty"}),
        (KEY.Key_2, PutScene, {"scene": "参观"}),
        (KEY.Key_R, PushSlot, {"content": "reserved", "slot": 1}),
        (KEY.Key_Space, PutLayout, {"layout": with_lock(LAID.layout, 1, True)}),
        (KEY.Key_G, GiveWall, {}),
    ],
)
def test_each_key_of_the_sheet_asks_for_one_thing(
    qtbot: QtBot, wall: WallAtDesk, key: Qt.Key, kind: type, what: dict[str, object]
) -> None:
    wall.stands(walls.standing(*LAID.layout.slots, by=LEAD))
    wall.open(qtbot)
    wall.press(qtbot, key)
    (request,) = wall.asked()
    assert isinstance(request, kind)
    assert {name: getattr(request, name) for name in what} == what


def test_a_shift_lead_takes_a_wall_from_another_and_others_are_told_by_whom_it_is_held(
    qtbot: QtBot, wall: WallAtDesk, new_desk: Callable[..., FakeDesk]
) -> None:
    held = walls.standing(*LAID.layout.slots, by=replace(LEAD, staff=situations.named("somebody")))
    wall.stands(held)
    wall.open(qtbot)
    assert "由值班长控制" in wall.sheet.view.lease.text()
    assert "按 T 可以接管" in wall.sheet.view.note.text()
    wall.press(qtbot, KEY.Key_Return)
    assert wall.asked() == []
    wall.press(qtbot, KEY.Key_T)
    assert wall.asked()[-1] == TakeWall(0, "main", True)
    wall.answer()
    assert "由本人控制" in wall.sheet.view.lease.text()
    assert wall.sheet.view.note.isHidden()
    night = WallAtDesk(new_desk(officer=NIGHT))
    night.stands(held)
    night.open(qtbot)
    assert "可请对方按 G 交还" in night.sheet.view.note.text()
    night.press(qtbot, KEY.Key_T)
    assert night.asked() == []
    assert "只有值班长可以接管" in night.sheet.view.said.text()
    night.stands(replace(held, lease=None))
    assert night.sheet.view.said.text() == "", "it is over"
    night.press(qtbot, KEY.Key_T)
    night.answer(Refused("wall_held", "wall", by="值班长"))
    assert "值班长" in night.sheet.view.said.text(), "somebody was faster"


def test_the_selected_incident_pops_up(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.open(qtbot)
    wall.press(qtbot, KEY.Key_P)
    assert "先选中" in wall.sheet.view.said.text()
    case = wall.desk.choose("handling")
    wall.sheet.pop_up()
    assert wall.asked()[-1] == PopUpIncident(0, "main", case.incident.id)


def test_without_a_wall_the_sheet_says_who_may_or_how_one_is_made(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    now, lead = situations.NOW, LEAD.staff
    shift = Shift(situations.named("s"), LEAD.unit, "早班", now, now, ShiftState.OPEN, lead, "许岚")
    desk.situation.shifts[shift.unit] = UnitShifts(shift.unit, shift)
    desk.window.act("wall")
    wall = WallAtDesk(desk)
    view = wall.sheet.view
    for said in ("值班员岗位不能控制大屏", "值班长 · 夜间值守", "许岚"):
        assert said in view.blank.text()
    assert not view.preview.isVisible()
    assert set(wall.grey()) == set(view.buttons)
    wall.press(qtbot, KEY.Key_Return)
    assert "没有可以控制的大屏" in view.said.text()
    assert wall.asked() == []
    desk.window.lines.enter("上墙 3 地图")
    assert "值班员岗位不能控制大屏" in desk.top.answer.said
    desk.window.act("back")
    assert not view.isVisible()
    may = new_desk(officer=LEAD, language="en")
    may.window.act("wall")
    assert "./gridwarden walls add --wall main" in may.window.sheets.wall.view.blank.text()
    assert [each for each in may.wishes if "Wall" in repr(each)] == [], "nothing is asked of no wall"


GREY: dict[str, tuple[WallStanding, Officer, dict[str, str]]] = {
    "free": (LAID, LEAD, {"give": "接管", "pop_up": "先选中", "next_wall": "只有"}),
    "mine": (held_by(LEAD), LEAD, {"take": "本人", "pop_up": "先选中", "next_wall": "只有"}),
    "another's": (
        *(held_by(LEAD), NIGHT),
        dict.fromkeys(("push", "map", "empty", "undo", "lock", "reserve", "shape", "take", "give"), "只有值班长")
        | {"pop_up": "先选中", "next_wall": "只有"},
    ),
    "off shift": (
        *(LAID, replace(LEAD, shift=None)),
        dict.fromkeys(("push", "map", "empty", "undo", "lock", "reserve", "shape", "take", "give", "pop_up", "lasts"), "开班")
        | {"next_wall": "只有"},
    ),
    "a locked slot": (
        *(LOCKED, LEAD),
        dict.fromkeys(("push", "map", "empty", "reserve"), "第 1 格已锁定")
        | {"take": "本人", "pop_up": "先选中", "next_wall": "只有"},
    ),
    "its first layout": (
        *(replace(held_by(LEAD), layout=replace(LAID.layout, rev=1)), LEAD),
        {"undo": "更早", "take": "本人", "pop_up": "先选中", "next_wall": "只有"},
    ),
}


def test_what_does_nothing_is_grey_and_says_why(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.open(qtbot)
    for about, (standing, officer, wanted) in GREY.items():
        wall.desk.seat.officer = officer
        wall.stands(standing)
        grey = wall.grey()
        assert set(grey) == set(wanted), about
        assert {name: word for name, word in wanted.items() if word not in grey[name]} == {}, about
    wall.desk.seat.officer = LEAD
    wall.stands(RESERVED)
    assert wall.sheet.view.buttons["reserve"].text().startswith("不预留")
    case: Case = wall.desk.choose("handling")
    assert "pop_up" not in wall.grey()
    secret = replace(case, incident=replace(case.incident, confidentiality=2))
    wall.desk.situation.cases[case.incident.id] = secret
    wall.sheet.show_now()
    assert "涉密" in wall.grey()["pop_up"]


def test_a_display_that_fell_silent_is_grey_with_the_moment_since_when(qtbot: QtBot, wall: WallAtDesk) -> None:
    live = tuple(SlotShown(n, Content.CAMERA, walls.EYES[n], "live", 0.1) for n in (1, 2, 3))
    late = (replace(live[0], sight="stale", age_s=9.0), *live[1:])
    wall.displays = (
        DisplayShows("hall", situations.NOW, 3, 1920, 1080, live),
        DisplayShows("lobby", situations.NOW, 3, 1920, 1080, late),
    )
    wall.open(qtbot)
    preview, display = wall.sheet.view.preview, wall.sheet.view.display
    vouched = preview.grab().toImage()
    assert [each.state for each in preview.told] == ["画面滞后 9 s", "实时 0.1 s", "实时 0.1 s"], "the worst of two displays"
    assert display.property("look") == "dim"
    wall.desk.now += timedelta(seconds=4.5)
    wall.sheet.show_now()
    since = situations.NOW.astimezone(SHANGHAI).strftime("%H:%M:%S")
    assert {each.state for each in preview.told} == {f"自 {since} 不明"}
    assert not any(each.is_reported for each in preview.told)
    assert (f"lobby · 自 {since} 无报告" in display.text(), display.property("look")) == (True, "warn")
    assert preview.grab().toImage() != vouched


def test_lines_do_what_the_sheet_does(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.stands(walls.standing(*LAID.layout.slots, by=LEAD))
    wall.desk.wishes.clear()
    lines = wall.desk.window.lines
    lines.enter("上墙 2 地图")
    lines.enter("上墙 场景 参观")
    lines.enter("wall give")
    kinds = [type(each) for each in wall.asked()]
    assert kinds == [PushSlot, PutScene, GiveWall]
    wall.desk.wishes.clear()
    lines.enter("上墙 存为 防汛")
    lines.enter("上墙 宫格 3x3")
    lines.enter("wall 2 lock")
    kept, laid, locked = wall.asked()
    assert kept == KeepScene(0, "main", 3, "防汛")
    assert [slot.camera for slot in laid.layout.slots[:3]] == [walls.EYES[0], walls.EYES[1], ""]
    assert (len(laid.layout.slots), [slot.locked for slot in locked.layout.slots]) == (9, [False, True, False])
    wall.desk.wishes.clear()
    lines.enter("上墙 互换 1 3")
    lines.enter("上墙 版式 banner")
    lines.enter("wall undo")
    lines.enter("上墙 2 预留")
    swapped, shaped, undone, reserved = wall.asked()
    assert [slot.content for slot in swapped.layout.slots] == [Content.MAP, Content.CAMERA, Content.CAMERA]
    assert (len(shaped.layout.slots), shaped.layout.slots[0].width) == (7, 6)
    assert (undone, reserved.content) == (PutBack(0, "main", 3, 2), "reserved")
    lines.enter("上墙 1 取消预留")
    assert "不是预留格" in wall.desk.top.answer.said
    lines.enter("上墙 7 锁定")
    assert "没有第 7 格" in wall.desk.top.answer.said
    lines.enter("上墙 列表")
    assert "主屏" in wall.desk.top.answer.said
    lines.enter("上墙 乱写")
    assert "不明白" in wall.desk.top.answer.said
    lines.enter("上墙")
    assert wall.sheet.view.isVisible()
    lines.enter("上墙 main")
    assert wall.sheet.view.isVisible(), "a wall that is named is not put away"
