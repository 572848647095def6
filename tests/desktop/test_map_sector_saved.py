"""On a whole desk and a real server: a camera's sector is changed by keys, and is so for everybody once it is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.arguments import DeskArguments
from desktop.desk import Desk
from desktop.desk_window import DeskWindow
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.settings import DeskFolder
from desktop.words import Words
from governance.camera import Camera
from governance.places import LonLat
from server.ledger import cameras
from tests.server.conftest import District, district, seeded_template, small_town

__all__ = ["district", "seeded_template"]
KEY, HELD = Qt.Key, Qt.KeyboardModifier
PATIENCE_MS = 30_000
CODE = small_town().cameras[6].id


@pytest.fixture
def desk(qtbot: QtBot, district: District, tmp_path: Path) -> Iterator[Desk]:
    """The whole desk of who keeps the map, signed on, its map there."""
    district.start("desk")
    folder, words = DeskFolder(tmp_path), Words("zh")
    window = DeskWindow(words, folder, "night", district.settings.desk_endpoint, has_gl=False)
    window.dress()
    endpoint, key = district.settings.desk_endpoint, district.keys.curve_public
    arguments = DeskArguments(endpoint, key, "gis1", district.seeded.passwords["gis1"])
    made = Desk(arguments, folder, Link(ServerAddress(endpoint, key), tmp_path / "packs"), window, words)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    with qtbot.waitSignal(made.ready, timeout=PATIENCE_MS):
        made.start()
    window.activateWindow()
    yield made
    made.stop()


def test_a_sector_saved_is_everybodys_and_one_changed_meanwhile_is_met(qtbot: QtBot, desk: Desk, district: District) -> None:
    duty, panel = desk.duty, desk.panel
    assert duty is not None
    assert panel is not None
    sector = panel.tools.sector

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = HELD.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or duty, key, modifier)

    def wait(holds: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)

    def stands() -> Camera:
        with district.ledger.transaction() as connection:
            found = cameras.find(connection, CODE)
        assert found is not None
        return found

    wait(lambda: desk.situation.cameras.get(CODE))
    before = stands()
    duty.seat.selection.choose_camera(CODE)
    duty.act("edit_sector")
    wait(sector.hasFocus)
    for key, modifier in (
        (KEY.Key_Right, HELD.NoModifier), (KEY.Key_Up, HELD.NoModifier), (KEY.Key_Right, HELD.ControlModifier),
        (KEY.Key_Right, HELD.AltModifier),
    ):  # fmt: skip
        press(key, modifier)
    press(KEY.Key_Return)
    wait(lambda: not sector.is_on)
    after = stands()
    assert (after.heading_deg, after.field_of_view_deg, after.range_m) == (
        before.heading_deg + 5.0, before.field_of_view_deg + 5.0, before.range_m + 10.0,
    )  # fmt: skip
    assert after.place.distance_m(before.place) == pytest.approx(1.0, abs=0.01)
    wait(lambda: desk.situation.cameras.get(CODE) == after)
    row = panel.canvas.shown.cameras.ids.index(CODE)
    assert panel.canvas.shown.cameras.reach_m[row] == after.range_m, "the map shows what was committed"

    duty.act("edit_sector")
    wait(sector.hasFocus)
    press(KEY.Key_Down)
    district.owner_executes("UPDATE camera SET version = version + 1 WHERE id = %s", CODE)  # somebody else was faster
    press(KEY.Key_Return)
    wait(sector.form.wrong.text)
    assert sector.is_on
    assert sector.draft is not None
    assert sector.draft.now.range_m == after.range_m - 10.0
    assert stands().range_m == after.range_m

    sector.take_back()
    sector.draft.move(20_000.0, 0.0)
    press(KEY.Key_Return)
    assert sector.form.wrong.text() == duty.seat.words(
        "sector.wrong", figure=duty.seat.words("sector.place"), why=duty.seat.words("refused.moved_too_far", most="1000")
    )
    assert isinstance(sector.draft.now.place, LonLat)
