"""One table of keys: every one of them has a verb, a row to click, and where there is room a button that shows it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.dispatch.verbs import IN_FULL, VERBS, meant
from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from desktop.shortcuts import SHORTCUTS, key_of
from desktop.style.type_face import face
from tests.fakes.desks import FakeDesk

ACTIONS = {shortcut.action for shortcut in SHORTCUTS}
KEY = Qt.Key


def test_every_action_has_verbs_and_no_verb_means_two() -> None:
    assert set(VERBS) == ACTIONS
    for one, other in combinations(VERBS.values(), 2):
        assert not set(one) & set(other)


@pytest.mark.parametrize(("action", "verb"), [(action, verb) for action, verbs in VERBS.items() for verb in verbs])
def test_a_verb_means_its_action(action: str, verb: str) -> None:
    said = meant(verb)
    assert said is not None
    assert said.action == action
    if action in IN_FULL and len(verb) > 2:
        assert getattr(meant(verb[:-1]), "action", "") != action, "half a verb ends nothing"


def test_every_action_can_be_clicked_in_the_key_sheet(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.act("keys")
    sheet = "".join(label.text() for label in desk.window.overlay.columns.values())
    assert [action for action in ACTIONS if f'href="{action}"' not in sheet] == []
    desk.window.overlay.columns["incident"].linkActivated.emit("new")
    assert desk.card.open_form is not None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_button_shows_its_key(qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str) -> None:
    desk = new_desk(language=language)
    panel = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(panel)
    shown: dict[str, QWidget] = {
        **desk.top.buttons,
        **desk.status.buttons,
        **desk.card.action_bar.buttons,
        **panel.buttons,
        **panel.canvas.furniture.buttons,
        "new": desk.board.new,
        "arrivals": desk.board.arrivals,
        "find": desk.board.filter,
        "command": desk.top.command,
        **dict.fromkeys(("queue_previous", "queue_next"), desk.board.tabs.buttons["intake"]),
    }
    assert {name: button.toolTip() for name, button in shown.items() if key_of(name) not in button.toolTip()} == {}
    font, folds = QRawFont.fromFont(face()), panel.canvas.furniture.buttons  # those have signs of another font
    buttons = [each for name, each in shown.items() if isinstance(each, QAbstractButton) and name not in folds]
    assert {sign for each in buttons for sign in each.text() if not font.supportsCharacter(ord(sign))} == set()
    # what is left is clicked in its own place: rows, tabs, photos, forms; the map is dragged
    by_hand = {"next", "previous", "open", "photos", "send", "back", "panel_pictures"}
    by_hand |= {"pan_up", "pan_down", "pan_left", "pan_right"}
    assert ACTIONS - set(shown) == by_hand


def test_a_button_does_what_its_key_does(qtbot: QtBot, desk: FakeDesk) -> None:
    qtbot.mouseClick(desk.board.new, Qt.MouseButton.LeftButton)
    assert desk.card.open_form is not None
    qtbot.mouseClick(desk.status.buttons["panel_card"], Qt.MouseButton.LeftButton)
    assert desk.card.isHidden()


@pytest.mark.parametrize(
    ("key", "modifier", "asked"),
    [
        (KEY.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "zoom"),
        (KEY.Key_Minus, Qt.KeyboardModifier.NoModifier, "zoom"),
        (KEY.Key_Up, Qt.KeyboardModifier.ShiftModifier, "pan"),
        (KEY.Key_Left, Qt.KeyboardModifier.ShiftModifier, "pan"),
        (KEY.Key_F3, Qt.KeyboardModifier.NoModifier, "switch_part"),
        (KEY.Key_F7, Qt.KeyboardModifier.NoModifier, "switch_part"),
    ],
)
def test_the_map_moves_by_keys(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, modifier: Qt.KeyboardModifier, asked: str) -> None:
    before = desk.selection.incident
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)
    assert desk.map.asked == [asked]
    assert desk.selection.incident == before


def test_panning_up_shows_what_lies_north(qtbot: QtBot, desk: FakeDesk) -> None:
    panel = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(panel)
    panel.resize(800, 600)
    panel.show()
    before = panel.canvas.viewpoint
    panel.pan(0.0, -0.5)
    assert panel.canvas.viewpoint.y > before.y
    panel.zoom(2.0)
    assert panel.canvas.viewpoint.metres_per_pixel == pytest.approx(before.metres_per_pixel / 2)
    is_open = panel.canvas.furniture.minimap.isVisible()
    panel.switch_part("minimap")
    assert panel.canvas.furniture.minimap.isVisible() != is_open
