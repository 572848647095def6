"""The sign over the map that it shows the past: the broken frame and the word, on either canvas."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from tests.desktop.map.conftest import rest
from tests.fakes.desks import FakeDesk

WIDE, HIGH = 460, 300


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_the_sign_of_the_past(sort, small_town, like_kept, qtbot, tmp_path):
    seat = FakeDesk(tmp_path).seat
    panel = MapPanel(seat, sort)
    qtbot.addWidget(panel)
    panel.resize(WIDE, HIGH)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_town(small_town, "")
    panel.canvas.set_layer_visible("labels", False)
    panel.canvas.fit_all()
    rest(panel.canvas, qtbot)
    panel.timeline.sign.say(seat.words("past.sign", at="11-30 14:30:12"))
    rest(panel.canvas, qtbot)
    for part in panel.canvas.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        part.hide()  # buttons and lists have pictures of their own, or none
    panel.strip.hide()
    panel.strip.setGeometry(12, 12, 200, 20)
    image = panel.grab().toImage()
    like_kept(f"past_{'gl' if sort is MapCanvas else 'plain'}", image)
    edge = [image.pixelColor(x, 3).name() for x in range(10, WIDE - 10)]
    for ink in (seat.palette.past, seat.palette.on_past):
        assert edge.count(ink.lower()) > 0.2 * len(edge), "dashes, so that it is no matter of colour alone"
