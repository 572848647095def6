"""Panels in windows of their own: they take keys like before, come back when closed, and are kept per officer."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.dispatch.assign_form import AssignForm
from desktop.floating import is_seen
from tests.fakes.desks import FakeDesk

KEY = Qt.Key


@pytest.mark.parametrize("name", ["board", "card"])
def test_a_panel_goes_out_and_comes_back_to_its_place(qtbot: QtBot, desk: FakeDesk, name: str) -> None:
    window, panel = desk.window, desk.window.panels[name]
    at, sizes = window.splitter.indexOf(panel), window.splitter.sizes()
    window.act(f"float_{name}")
    assert panel.window() is not window
    assert panel.isVisible()
    assert panel.window().windowTitle() == desk.seat.words(f"panel.{name}")
    panel.window().close()
    assert panel.window() is window
    assert window.splitter.indexOf(panel) == at
    assert window.splitter.sizes() == sizes
    window.act(f"float_{name}")
    window.act(f"panel_{name}")
    assert panel.window() is window, "the key that shows a panel brings it back as well"


def test_keys_work_in_a_window_of_a_panel(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("float_board")
    desk.window.act("float_card")
    for key in (KEY.Key_A, KEY.Key_2):
        qtbot.keyClick(desk.board.view, key)
    form = desk.card.open_form
    assert isinstance(form, AssignForm)
    assert form.offer == form.list.offers[1]
    desk.card.window().activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is desk.card.window())
    qtbot.keyClick(desk.card.window(), KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(desk.sent) == 1


def test_windows_of_panels_go_with_the_officer_and_come_with_him(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.act("float_card")
    desk.window.floating.windows["card"].setGeometry(200, 150, 500, 600)
    desk.window.put_away()
    desk.window.hide()
    assert not desk.card.isVisible()
    again = new_desk()
    qtbot.waitUntil(lambda: "card" in again.window.floating.windows)
    assert again.window.floating.windows["card"].geometry() == QRect(200, 150, 500, 600)
    assert again.card.isVisible()


def test_a_panel_whose_screen_is_missing_stays_in(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.act("float_card")
    desk.window.put_away()
    (path,) = desk.folder.home.rglob("layout.json")
    kept = json.loads(path.read_text("utf-8"))
    kept["1920"]["floating"] = {"card": [9000, 100, 500, 600], "board": ["left", 0, 1, 1], "map": [0, 0, 300, 300]}
    path.write_text(json.dumps(kept), encoding="utf-8")
    again = new_desk()
    assert again.window.floating.windows == {}
    assert again.card.isVisible()
    assert not is_seen(QRect(9000, 100, 500, 600))
