"""Cameras that nobody opens without a word: whichever way they come into a tile, the officer writes why first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.link.to_server import Watch
from desktop.reason_bar import ReasonBar
from desktop.settings import DeskFolder
from desktop.situation.cameras import Cameras
from desktop.video_acts import hand_tiles
from desktop.video_wall.kept_layouts import KeptLayouts
from desktop.video_wall.slots import TileSet
from desktop.video_wall.stream_address import NoAddress
from governance.camera import Camera, StreamKind
from governance.incident import Case
from tests.desktop.test_video_panel import drop
from tests.desktop.tiles_by_hand import tiles
from tests.fakes.desks import FakeDesk

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
WRITTEN = "核对人员聚集"


@pytest.fixture
def seen(opened: FakeDesk) -> tuple[Camera, Case]:
    """An incident, and a camera that sees it and is sensitive; the tiles ask for addresses."""
    see = opened.situation.cameras.seeing
    case = max(opened.situation.cases.values(), key=lambda each: len(see(each.incident.place, 36)))
    camera = replace(see(case.incident.place, 36)[0], is_sensitive=True)
    others = [each for each in opened.situation.cameras.all() if each.id != camera.id]
    opened.situation.cameras = Cameras((camera, *others))
    opened.address_of = opened.addresses.ask
    return camera, case


def bar(desk: FakeDesk) -> ReasonBar:
    """The line that asks why."""
    assert desk.window.reason_bar is not None
    return desk.window.reason_bar


def watched(desk: FakeDesk, camera: Camera) -> list[str]:
    """The reasons the server was given for a camera."""
    return [wish.reason for wish in desk.wishes if isinstance(wish, Watch) and wish.camera == camera.id]


def clear(desk: FakeDesk) -> None:
    """No tile shows anything, and what waited is let go of."""
    tiles(desk).empty_all()
    desk.clock_s += 60.0
    desk.addresses.pass_time()
    assert not bar(desk).isVisible()


def by_incident(desk: FakeDesk, _camera: Camera, case: Case) -> None:
    desk.selection.choose_incident(case.incident.id)
    desk.window.act("video_sees")


def by_key(desk: FakeDesk, camera: Camera, _case: Case) -> None:
    desk.selection.choose_camera(camera.id)  # on the map, from the search, from a list
    desk.window.act("video_add")


WAYS: dict[str, Callable[[FakeDesk, Camera, Case], object]] = {
    "chosen, Ctrl+Y": by_key,
    "tree": lambda desk, camera, _case: tiles(desk).tree.branches.opened.emit([camera.id]),
    "a group of the tree": lambda desk, _camera, _case: tiles(desk).tree.branches.opened.emit(
        [each.id for each in desk.situation.cameras.all()[:3]]
    ),
    "dragged": lambda desk, camera, _case: drop(desk, camera.id, 1),
    "by incident": by_incident,
    "a kept layout": lambda desk, camera, _case: tiles(desk).show_layout(TileSet().put(2, camera.id)),
    "carousel": lambda desk, camera, _case: tiles(desk).turning.begin("x", (camera.id,), 20.0),
}


def test_whichever_way_it_comes_it_waits_for_a_reason(qtbot: QtBot, opened: FakeDesk, seen: tuple[Camera, Case]) -> None:
    for name, goes in WAYS.items():
        goes(opened, *seen)
        assert list(opened.addresses.held) == [seen[0].id], name
        assert watched(opened, seen[0]) == [], name
        assert bar(opened).isVisible(), name
        assert seen[0].name in bar(opened).text.text(), name
        qtbot.waitUntil(bar(opened).line.hasFocus)
        qtbot.keyClick(bar(opened).line, KEY.Key_Escape)
        assert not bar(opened).line.hasFocus(), name
        clear(opened)
    by_key(opened, *seen)
    qtbot.waitUntil(bar(opened).line.hasFocus)
    bar(opened).line.setText("看")
    qtbot.keyClick(bar(opened).line, KEY.Key_Return)
    assert bar(opened).wrong.text() == opened.seat.words("reason.short", least=4)
    assert (watched(opened, seen[0]), bar(opened).line.text()) == ([], "看")
    bar(opened).line.setText(WRITTEN)
    qtbot.keyClick(bar(opened).line, KEY.Key_Return)
    assert watched(opened, seen[0]) == [WRITTEN]
    assert not bar(opened).isVisible()
    clear(opened)
    by_key(opened, *seen)
    assert watched(opened, seen[0]) == [WRITTEN] * 2, "it stands for a while"
    tiles(opened).empty_all()
    opened.clock_s += 1_801.0
    by_key(opened, *seen)
    assert watched(opened, seen[0]) == [WRITTEN] * 2
    assert bar(opened).isVisible()


def test_what_comes_by_itself_takes_no_keys_and_what_is_declined_stays_dark(
    qtbot: QtBot, opened: FakeDesk, seen: tuple[Camera, Case]
) -> None:
    other = opened.situation.cameras.all()[5]
    video = tiles(opened)
    video.take_side(1)
    video.turning.begin("x", (other.id, seen[0].id), 20.0)
    holder = QApplication.focusWidget()
    opened.clock_s += 21.0
    video.turning.pass_time()
    assert list(opened.addresses.held) == [seen[0].id]
    assert bar(opened).isVisible()
    qtbot.waitUntil(lambda: not bar(opened)._is_fresh)  # whatever was put off until the keys are free has run
    assert QApplication.focusWidget() is holder
    bar(opened).none.click()
    assert not bar(opened).isVisible()
    assert opened.player.answers[-1] == NoAddress(opened.seat.words("reason.declined"))
    opened.addresses.ask(seen[0].id, StreamKind.SUB, opened.player.answers.append)
    assert not bar(opened).isVisible(), "the tile that tries again does not nag"
    qtbot.keyClick(QApplication.focusWidget() or opened.window, KEY.Key_N, CTRL)
    qtbot.waitUntil(bar(opened).line.hasFocus)
    assert bar(opened).isVisible()
    bar(opened).line.setText(WRITTEN)
    qtbot.keyClick(bar(opened).line, KEY.Key_Return)
    opened.addresses.ask(seen[0].id, StreamKind.SUB, opened.player.answers.append)
    assert watched(opened, seen[0])[-1] == WRITTEN


def test_an_incident_is_the_reason_for_what_few_may_see_only_where_it_is_near(
    qtbot: QtBot, opened: FakeDesk, seen: tuple[Camera, Case], tmp_path: Path
) -> None:
    camera, case = replace(seen[0], is_sensitive=False, share_level=2), seen[1]
    opened.situation.cameras = Cameras((camera, *opened.situation.cameras.all()[1:]))
    kept = KeptLayouts(DeskFolder(tmp_path), "x")
    panel = hand_tiles(opened.seat, opened.player, opened.addresses, opened.reasons, kept)  # of card and lists on the map
    qtbot.addWidget(panel)
    panel.show()
    panel.show_cameras([camera], case.incident.place)
    assert list(opened.addresses.held) == [camera.id]
    opened.selection.choose_incident(case.incident.id)
    opened.addresses.ask(camera.id, StreamKind.SUB, opened.player.answers.append)
    assert watched(opened, camera) == [case.incident.number]
    assert not opened.addresses.held
    far = replace(camera, place=replace(camera.place, lat=camera.place.lat + 0.05))
    opened.situation.cameras = Cameras((far,))
    assert opened.reasons.why(far.id) is None
    assert opened.reasons.why("gone") is not None, "the server says that there is none"
    panel.close_feeds()
