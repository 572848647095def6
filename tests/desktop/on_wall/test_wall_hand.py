"""The officer's hand on the sheet of a wall: cameras dropped, slots exchanged, shapes and times chosen, a push undone."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from desktop.on_wall.wall_view import EDGE_PX
from governance.wall import Content
from tests.desktop.on_wall.wall_at_desk import CTRL, KEY, LAID, LEAD, LOCKED, NIGHT, RESERVED, WallAtDesk, held_by
from tests.fakes import walls
from wire.wall_requests import PopUpIncident, PutBack, PutLayout


def test_a_camera_falls_into_a_slot_and_two_slots_exchange(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.stands(held_by(LEAD))
    wall.open(qtbot)
    wall.drop(walls.EYES[3], 2)
    (push,) = wall.asked()
    assert (push.slot, push.content, push.camera) == (2, "camera", walls.EYES[3])
    wall.answer()
    wall.drop(walls.EYES[0], 3, slot=1)
    wall.press(qtbot, KEY.Key_Up, CTRL)
    dragged, by_key = wall.asked()
    assert [slot.content for slot in dragged.layout.slots] == [Content.MAP, Content.CAMERA, Content.CAMERA]
    assert dragged.layout.slots[2] == replace(LAID.layout.slots[2], content=Content.CAMERA, camera=walls.EYES[0])
    assert isinstance(by_key, PutLayout)
    wall.answer()
    wall.drop(walls.EYES[0], 1, slot=1)
    assert wall.asked() == [], "where it came from"
    wall.stands(LOCKED)
    wall.drop(walls.EYES[3], 1)
    wall.drop(walls.EYES[1], 1, slot=2)
    assert wall.asked() == []
    assert "第 1 格已锁定" in wall.sheet.view.said.text()
    wall.stands(walls.popped(RESERVED, 1, walls.EYES[2]))
    wall.drop(walls.EYES[1], 1, slot=2)
    assert "弹出现场画面" in wall.sheet.view.said.text()
    assert "还有 60 秒" in wall.sheet.view.preview.told[0].more


def test_a_shape_and_a_time_are_chosen_from_lists_and_the_last_push_is_undone(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.stands(held_by(LEAD))
    wall.open(qtbot)
    wall.press(qtbot, KEY.Key_L)
    menu = wall.sheet.view.menu
    assert menu is not None
    next(each for each in menu.actions() if "2+4" in each.text()).trigger()
    menu.close()
    (laid,) = wall.asked()
    assert [(slot.width, slot.height) for slot in laid.layout.slots] == [(2, 2), (2, 2), *[(1, 1)] * 4]
    assert [slot.content for slot in laid.layout.slots[:3]] == [slot.content for slot in LAID.layout.slots]
    wall.answer()
    wall.press(qtbot, KEY.Key_M)
    wall.answer()
    wall.press(qtbot, KEY.Key_Z, CTRL)
    assert wall.asked() == [PutBack(0, "main", 5, 4)]
    wall.answer()
    assert "第 4 版" in wall.sheet.view.said.text()
    wall.press(qtbot, KEY.Key_Z, CTRL)
    assert wall.asked() == [PutBack(0, "main", 6, 3)], "and what was before that"
    wall.answer()
    wall.press(qtbot, KEY.Key_D)
    assert wall.sheet.view.menu is not None
    next(each for each in wall.sheet.view.menu.actions() if "5 分钟" in each.text()).trigger()
    wall.sheet.view.menu.close()
    assert "5 分钟" in wall.sheet.view.buttons["lasts"].text()
    case = wall.desk.choose("handling")
    wall.sheet.pop_up()
    assert wall.asked()[-1] == PopUpIncident(0, "main", case.incident.id, 300)
    assert wall.desk.folder.read("wall_sheet") == {"lasts_s": 300}


def test_the_sheet_leaves_map_and_tiles_free_and_cuts_nothing_off(qtbot: QtBot, wall: WallAtDesk) -> None:
    wall.stands(held_by(NIGHT))
    wall.open(qtbot)
    view, window = wall.sheet.view, wall.desk.window
    for width, height, language in ((1920, 1080, "zh"), (1366, 768, "en")):
        window.resize(width, height)
        window.speak(language)
        qtbot.waitUntil(lambda width=width: view.geometry().right() == width - 1 - EDGE_PX)  # type: ignore[misc]
        qtbot.waitUntil(lambda: all(each.isVisible() and view.rect().contains(each.geometry()) for each in view.scenes))
        assert view.x() > window.map_panel.mapTo(window, QPoint()).x() + 300, "cameras can be dragged from there"
        for button in (*view.buttons.values(), *view.scenes):
            assert button.width() >= button.sizeHint().width() - 1, button.text()
            assert view.rect().contains(button.geometry()), button.text()
        for label in (view.note, view.keys, view.display, view.lease):
            assert view.rect().contains(label.geometry()), label.text()
            assert label.height() >= label.heightForWidth(label.width()) - 1, label.text()
        assert view.preview.height() >= 180
    window.act("find")
    assert view.isVisible()
    assert window.finder.geometry().right() < view.x()
    window.act("back")
    window.act("assign")
    assert not view.isVisible(), "what lies under it puts it away"
