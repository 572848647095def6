"""The buttons over the map are all there, however narrow the map is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from desktop.map_strip import NAMED, TOOLS
from tests.fakes.desks import FakeDesk


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [1600, 725, 520])
def test_every_button_of_the_strip_is_on_the_map(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str, width: int
) -> None:
    panel = MapPanel(new_desk(language=language).seat, PlainCanvas)
    qtbot.addWidget(panel)
    panel.show()
    for wide in (1600, width):
        panel.resize(wide, 600)
    qtbot.waitUntil(lambda: len({button.y() for button in panel.buttons.values()}) == (1 if width == 1600 else 2))
    qtbot.waitUntil(lambda: all(each.width() >= min(each.sizeHint().width(), 30) for each in panel.buttons.values()))
    assert panel.strip.geometry().right() < panel.width()
    assert [n for n, each in panel.buttons.items() if not panel.strip.rect().contains(each.geometry())] == []
    named = [panel.buttons[name] for name in (*NAMED, *(TOOLS if width > 600 else ()))]
    assert [each.text() for each in named if each.width() < each.sizeHint().width()] == []
    words = new_desk(language=language).seat.words
    said = [panel.buttons[name].text() for name in TOOLS]
    assert said == ([words(f"strip.{name}") for name in TOOLS] if width > 600 else list(TOOLS.values()))
    assert all(panel.buttons[name].toolTip() for name in panel.buttons)
