"""What the desk says in words can be read from outside: what is in sight, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.legible import legible
from tests.desktop.test_life_forms import chosen
from tests.fakes.desks import FakeDesk

KEY = Qt.Key


def test_a_label_a_field_and_a_button_are_read_and_what_is_hidden_is_not(qtbot: QtBot) -> None:
    window, gone, secret = QWidget(), QLabel("gone"), QLineEdit("secret")
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    line = QHBoxLayout(window)
    for each in (QLabel("<b>told</b> 02:10"), gone, QLineEdit("typed"), secret, QPushButton("send")):
        line.addWidget(each)
    gone.hide()
    qtbot.addWidget(window)
    assert legible(window) == (), "nothing is in sight of a window that is not shown"
    window.show()
    qtbot.waitExposed(window)
    assert legible(window) == ("told 02:10", "typed", "send")


def test_the_rows_that_are_painted_are_read_too(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk(1366, 768)
    case = chosen(desk, "filed")
    said = "\n".join(legible(desk.window))
    assert case.incident.number in said
    desk.card.act("assign")
    assert desk.card.assign is not None
    qtbot.waitUntil(lambda: f"1 [x] {desk.card.assign.list.offers[0].name}" in "\n".join(legible(desk.window)))  # type: ignore[union-attr]
