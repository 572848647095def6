"""The forms of the whole life: every order an officer at a desk may give has one, with its key, its verb and its words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.command.verbs import ORDERS as VERBS
from desktop.dispatch.actions import ACTIONS, key_of_command
from desktop.dispatch.form_order import has_form
from desktop.shortcuts import key_of
from desktop.words import LANGUAGES
from governance.commands import COMMANDS, ORDERS
from governance.incident import (
    Approval,
    ApprovalKind,
    ApprovalState,
    Case,
)
from governance.people import Role
from governance.places import Level
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, OFFICER, SHIFT_LEAD, TEAM_UNIT, named

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
BY_PHONE = {"self_handle"}
"""Pictures before and after: only a phone in the field takes them."""
MINE = sorted(set(ORDERS) - BY_PHONE - {"attach"})
"""A report is attached from its own form (the report form), not from a form of the case."""
AUDITOR = replace(SHIFT_LEAD, staff=named("审计"), name="审计", role=Role.AUDITOR)
OPERATOR = replace(OFFICER, staff=named("坐席"), name="坐席", role=Role.OPERATOR, scope="330104005", unit=TEAM_UNIT.id)


def press(qtbot: QtBot, desk: FakeDesk, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key press of the officer, who waits for what it does: it goes to whatever has the focus."""
    qtbot.keyClick(QApplication.focusWidget() or desk.window, key, modifier)
    qtbot.waitUntil(lambda: not desk.window.keyboard.is_waiting)


def send(qtbot: QtBot, desk: FakeDesk) -> None:
    """Ctrl+Enter."""
    press(qtbot, desk, KEY.Key_Return, CTRL)


def chosen(desk: FakeDesk, start: str, /, **changed: object) -> Case:
    """Select a case of a state, changed in some fields of its incident."""
    case = desk.choose(start)
    newer = replace(case, incident=replace(case.incident, version=case.incident.version + 1, **changed))  # type: ignore[arg-type]
    desk.change(case, newer)
    return newer


def grown(desk: FakeDesk, case: Case, **children: object) -> Case:
    """The case with other children, as the feed would bring it."""
    newer = replace(case, incident=replace(case.incident, version=case.incident.version + 1), **children)  # type: ignore[arg-type]
    desk.change(case, newer)
    return newer


def asked(kind: ApprovalKind, by: str = "李建国", **more: object) -> Approval:
    """A request that waits."""
    made = Approval(named("asked"), 1, kind, ApprovalState.PENDING, named(by), by, NOW, "材料没到", Level.STREET)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("word", MINE)
def test_every_order_has_a_form_a_key_a_verb_and_a_name(word: str) -> None:
    assert has_form(word)
    key = key_of_command(COMMANDS[word])
    action = next(action for action in ACTIONS if COMMANDS[word] in action.commands)
    assert key
    assert key_of(action.name) == key
    assert any(verb.action == word for verb in VERBS)
    for table in LANGUAGES.values():
        assert table[f"action.{action.name}"]
        assert table[f"order.{word}"]
        if len(action.commands) > 1 and word not in ("reassign", "add_assist"):
            assert table[f"way.{word}"]


def test_nothing_is_left_out_but_what_a_phone_does() -> None:
    assert {word for word in ORDERS if not has_form(word)} == BY_PHONE
