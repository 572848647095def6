"""One table of keys: every one of them has a verb, a row to click, and where there is room a button that shows it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.command.verbs import VERBS, Verb, verbs_of
from desktop.dispatch.actions import BY_NAME
from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from desktop.shortcuts import SHORTCUTS, key_of
from desktop.style.type_face import face
from governance.commands import ORDERS, WORD_OF
from tests.fakes.desks import FakeDesk

ACTIONS = {shortcut.action for shortcut in SHORTCUTS}
KEY = Qt.Key


def test_every_action_has_a_verb_and_no_word_means_two() -> None:
    spoken = {verb.action for verb in VERBS}
    of_keys = {
        action: {WORD_OF[kind] for kind in BY_NAME[action].commands} & ORDERS.keys() if action in BY_NAME else {action}
        for action in ACTIONS
    }
    assert {action: words - spoken for action, words in of_keys.items() if words - spoken} == {}
    words = [word for verb in VERBS for word in verb.words]
    assert [word for word in words if words.count(word) > 1] == []
    assert {verb.action for verb in VERBS if not verb.is_order} - ACTIONS == {"undo", "goto"}


def test_the_readme_names_every_key_in_both_languages() -> None:
    shown = {key for each in SHORTCUTS if each.group for key in each.shown.split()}
    shown -= {"Space", *"↑↓←→", *(f"Shift+{arrow}" for arrow in "↑↓←→"), *(f"Ctrl+{number}" for number in "234")}
    for half in (Path(__file__).parents[2] / "README.md").read_text("utf-8").split("\n## English"):
        assert sorted(key for key in shown if f"`{key}`" not in half) == []


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.action + verb.kind)
def test_half_a_verb_ends_nothing(verb: Verb) -> None:
    for word in verb.words:
        assert verbs_of(word) == (verb,)
        if verb.in_full and len(word) > 2:
            assert verb not in verbs_of(word[:-1])


def test_every_action_can_be_clicked_in_the_key_sheet(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.act("keys")
    sheet = "".join(label.text() for label in desk.window.overlay.columns.values()) + desk.window.overlay.not_now.text()
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
        **panel.timeline.strip.buttons,
        **panel.canvas.furniture.buttons,
        **desk.alarms.strip.buttons,
        "raise_by": panel.figures.legend.choices["height", "coverage"],  # type: ignore[union-attr]
        "point_out": panel.figures.legend.rows,  # type: ignore[union-attr]
        "basemap": panel.canvas.furniture.layers.choose,
        "near": panel.tools.here.list.tabs["people"],
        "fit": panel.tools.here.list.fit,
        "new": desk.board.new,
        "arrivals": desk.board.arrivals,
        "filter": desk.board.filter,
        "plan_shift": desk.shifts.view.to_plan,
        "command": desk.top.command,
        **desk.window.video.does,  # type: ignore[union-attr]
        "video_side": desk.window.video.sides[3],  # type: ignore[union-attr]
        **dict.fromkeys(("queue_previous", "queue_next"), desk.board.tabs.buttons["intake"]),
    }
    assert {name: button.toolTip() for name, button in shown.items() if key_of(name) not in button.toolTip()} == {}
    font, folds = QRawFont.fromFont(face()), panel.canvas.furniture.buttons  # those have signs of another font
    buttons = [each for name, each in shown.items() if isinstance(each, QAbstractButton) and name not in folds]
    assert {sign for each in buttons for sign in each.text() if not font.supportsCharacter(ord(sign))} == set()
    # what is left is clicked in its own place: rows, tabs, photos, forms; the map is dragged; this post is never sent itself
    by_hand = {"task", "next", "previous", "open", "photos", "send", "back", "panel_pictures"}
    by_hand |= {"card_up", "card_down", "video_add", "edit_sector"}  # the wheel; a camera is dragged; GIS staff has that button
    by_hand |= {"video_report", "video_clip", "video_back", "video_reason", "video_turn"}  # a tile's menu; a line that comes
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


def test_the_card_is_read_on_by_page_and_back_also_while_a_form_is_open(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk]
) -> None:
    desk = new_desk(1366, 768)
    desk.choose("handling")
    desk.window.act("tell")
    bar = desk.card.scroller.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(0)
    for key, goes_down in ((KEY.Key_PageDown, True), (KEY.Key_PageUp, False)):
        before = bar.value()
        qtbot.keyClick(QApplication.focusWidget(), key)
        assert (bar.value() > before) == goes_down
    assert bar.value() == 0
    assert desk.card.open_form is not None


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
