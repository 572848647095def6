"""Every form of the whole life fits a narrow card in both languages: nothing is cut off, the button that sends is in sight."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.words import LANGUAGES
from governance.commands import WORD_OF
from tests.desktop.test_life_by_keys import SCENES, Scene, there
from tests.fakes.desks import FakeDesk

ONCE = {type(played.command): played for played in SCENES}
"""One scene for each kind of command."""


def cut_off(form: Form) -> list[str]:
    """The texts of a form's buttons that have less room than they need."""
    buttons = [each for each in form.findChildren(QPushButton) if each.isVisibleTo(form)]
    return [each.text() for each in buttons if each.fontMetrics().horizontalAdvance(each.text()) > each.width() - 6]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("played", ONCE.values(), ids=lambda played: WORD_OF[type(played.command)])
def test_a_form_fits_a_narrow_card(qtbot: QtBot, new_desk: Callable[..., FakeDesk], played: Scene, language: str) -> None:
    desk = new_desk(1366, 768, language=language, officer=played.officer)
    case = there(desk, played)
    form = desk.card.forms.open_filled(Filling(WORD_OF[type(played.command)]), case)
    seen = desk.card.scroller

    def button_in_sight() -> bool:
        corner = form.send_button.mapTo(seen.viewport(), QPoint())
        return seen.viewport().rect().contains(QRect(corner, form.send_button.size()))

    qtbot.waitUntil(lambda: button_in_sight() and not cut_off(form))
    assert seen.widget().width() <= seen.viewport().width()
