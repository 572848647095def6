"""The buttons over the map are all there, however narrow the map is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from desktop.map_strip import NAMED, OF_FEW, TOOLS
from governance.people import Role
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import OFFICER


@pytest.mark.parametrize("role", [Role.DUTY_OFFICER, Role.GIS_STAFF])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1600, 725, 520])
def test_every_button_of_the_strip_is_on_the_map(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str, width: int, role: Role
) -> None:
    seat = new_desk(language=language, officer=replace(OFFICER, role=role)).seat
    tools = [name for name in TOOLS if role in OF_FEW.get(name, {role})]
    has_words = width > (600 if role is Role.DUTY_OFFICER else 800)  # one tool more needs more room for its word
    panel = MapPanel(seat, PlainCanvas)
    qtbot.addWidget(panel)
    panel.show()
    for wide in (1600, width):
        panel.resize(wide, 600)
    qtbot.waitUntil(lambda: len({button.y() for button in panel.buttons.values()}) == (1 if width == 1600 else 2))
    qtbot.waitUntil(lambda: all(each.width() >= min(each.sizeHint().width(), 30) for each in panel.buttons.values()))
    assert panel.strip.geometry().right() < panel.width()
    assert [n for n, each in panel.buttons.items() if not panel.strip.rect().contains(each.geometry())] == []
    named = [panel.buttons[name] for name in (*NAMED, *(tools if has_words else ()))]
    assert [each.text() for each in named if each.width() < each.sizeHint().width()] == []
    said = [panel.buttons[name].text() for name in tools]
    assert said == ([seat.words(f"strip.{name}") for name in tools] if has_words else [TOOLS[name] for name in tools])
    assert set(TOOLS) - set(panel.buttons) == set(TOOLS) - set(tools)
    assert all(panel.buttons[name].toolTip() for name in panel.buttons)
