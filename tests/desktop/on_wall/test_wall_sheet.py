"""W on a desk: the sheet of a wall, worked by keys; what is shown is what displays report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from governance.people import Role
from governance.refusal import Refused
from governance.wall import Content, Slot, SlotShown, View, WallStanding
from tests.fakes import situations, walls
from tests.fakes.desks import FakeDesk
from wire.wall_requests import (
    DisplayShows,
    GiveWall,
    KeepScene,
    PopUpIncident,
    PushSlot,
    PutScene,
    ReadWall,
    TakeWall,
    WallDone,
    WallIs,
)

KEY = Qt.Key
LEAD = situations.SHIFT_LEAD
SCENES = ("晴雨表", "参观")
LAID = walls.standing(walls.eye(0, 0), walls.eye(1, 1), Slot(0, 1, 2, 1, Content.MAP))


class WallAtDesk:
    """A shift lead's desk before a wall, and a server that answers what is asked of it."""

    def __init__(self, desk: FakeDesk) -> None:
        self.desk, self.sheet = desk, desk.window.sheets.wall
        self.displays: tuple[DisplayShows, ...] = ()
        self.sheet.view_now = lambda: View(situations.CENTRE, 900.0)

    def stands(self, standing: WallStanding) -> None:
        self.desk.situation.walls["main"] = standing
        self.sheet.show_now()

    def press(self, qtbot: QtBot, key: Qt.Key) -> None:
        qtbot.keyClick(QApplication.focusWidget(), key)

    def open(self, qtbot: QtBot) -> None:
        self.desk.window.act("wall")
        self.answer()

    def asked(self) -> list[Any]:
        """What was asked of walls and waits for an answer, in order; not what only reads."""
        return [each.request for each in self._waiting() if not isinstance(each.request, ReadWall)]

    def _waiting(self) -> list[Enquire]:
        asked = (each for each in self.desk.wishes if isinstance(each, Enquire))
        return [each for each in asked if type(each.request).__module__ == "wire.wall_requests"]

    def answer(self, refused: Refused | None = None) -> None:
        """Answer everything that waits as the server would, or refuse what changes something."""
        waiting = self._waiting()
        self.desk.wishes.clear()
        for wish in waiting:
            standing = self.desk.situation.walls["main"]
            reply: Any = WallIs(0, standing, self.displays, SCENES, situations.NOW)
            no = None
            if not isinstance(wish.request, ReadWall):
                no, reply = refused, None if refused else WallDone(0, self._after(wish.request, standing))
            self.desk.queue.put(Enquired(wish.key, reply, no))
        self.desk.ticker.tick()

    def _after(self, request: Any, standing: WallStanding) -> WallStanding:
        if isinstance(request, TakeWall):
            standing = walls.standing(*standing.layout.slots, rev=standing.layout.rev, by=LEAD)
        elif isinstance(request, GiveWall):
            standing = replace(standing, lease=None)
        self.desk.situation.walls["main"] = standing
        return standing


@pytest.fixture
def wall(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> WallAtDesk:
    made = WallAtDesk(new_desk(officer=LEAD))
    made.stands(LAID)
    return made


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
        (KEY.Key_G, GiveWall, {}),
        (KEY.Key_T, TakeWall, {"over": False}),
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
    wall.press(qtbot, KEY.Key_T)
    assert wall.asked()[-1] == TakeWall(0, "main", True)
    night = WallAtDesk(new_desk(officer=replace(LEAD, role=Role.NIGHT_WATCH)))
    night.stands(held)
    night.open(qtbot)
    night.press(qtbot, KEY.Key_T)
    assert night.asked()[-1] == TakeWall(0, "main", False)
    night.answer(Refused("wall_held", "wall", by="值班长"))
    assert "值班长" in night.sheet.view.said.text()


def test_the_selected_incident_pops_up(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.open(qtbot)
    wall.press(qtbot, KEY.Key_P)
    assert "先选中" in wall.sheet.view.said.text()
    case = wall.desk.choose("handling")
    wall.sheet.pop_up()
    assert wall.asked()[-1] == PopUpIncident(0, "main", case.incident.id)


def test_without_a_wall_the_sheet_says_so_and_asks_nothing(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.act("wall")
    assert "没有本岗位可以控制的大屏" in desk.window.sheets.wall.view.said.text()
    assert WallAtDesk(desk).asked() == []
    desk.window.act("back")
    assert not desk.window.sheets.wall.view.isVisible()


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
    lines.enter("上墙 7 锁定")
    assert "没有第 7 格" in wall.desk.top.answer.said
    lines.enter("上墙 列表")
    assert "主屏" in wall.desk.top.answer.said
    lines.enter("上墙 乱写")
    assert "不明白" in wall.desk.top.answer.said
    lines.enter("上墙")
    assert wall.sheet.view.isVisible()
