"""撤销 by keys on a real window: back where that is allowed, else what can be done instead."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from governance.commands import Recall
from governance.incident import State
from tests.fakes.desks import FakeDesk
from tests.fakes.hands import enter, free_names, number, press

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_undo_takes_the_last_dispatch_back(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, "撤销")
    assert desk.top.answer.toolTip() == desk.seat.words("undo.nothing")
    enter(qtbot, desk, f"派 {name} {number(case)}!")
    enter(qtbot, desk, "撤销")
    assert desk.top.answer.toolTip() == desk.seat.words("undo.waits")
    desk.commit(desk.sent[-1])
    enter(qtbot, desk, "undo 派错人了")
    form = desk.card.open_form
    assert form is not None
    assert form.command() == Recall("派错人了")
    press(qtbot, desk, KEY.Key_Return, CTRL)
    assert desk.commit(desk.sent[-1]).incident.state == "filed"


def test_undo_of_what_was_accepted_meanwhile_says_what_is_left(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    (name,) = free_names(desk, case, 1)
    enter(qtbot, desk, f"派 {name} {number(case)}!")
    sent = desk.commit(desk.sent[-1])
    changed = replace(sent.incident, state=State.HANDLING, version=sent.incident.version + 1)
    desk.change(sent, replace(sent, incident=changed))
    enter(qtbot, desk, "撤销 派错了")
    assert "改派" in desk.top.answer.said
    assert desk.card.open_form is None


def test_undo_says_what_can_be_done_instead(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.first("filed")
    enter(qtbot, desk, f"提级 {number(case)}：没有人")
    press(qtbot, desk, KEY.Key_Return, CTRL)
    desk.commit(desk.sent[-1])
    enter(qtbot, desk, "cx")
    assert "下派" in desk.top.answer.said
    assert desk.card.open_form is None
