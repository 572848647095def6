"""A desk tells the server of a camera seldom, and only where the server has it otherwise."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from desktop.link.to_server import Enquire, ToServer
from desktop.video_wall.health import Health
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.slots import Slot, TileSet
from desktop.video_wall.tile_board import TileBoard
from desktop.video_wall.tile_panel import TilePanel
from desktop.video_wall.watchdog import Sight
from desktop.video_wall.words import say_in
from governance.camera import Camera, CameraState
from governance.places import LonLat
from tests.fakes.quiet_player import QuietPlayer
from wire.camera_requests import ReportHealth

CAMERA = Camera("33010400001320000001", "东门", LonLat(120.2, 30.3), "330104005001001", "公安", 90.0, 60.0, 100.0)
OFF = replace(CAMERA, state=CameraState.OFFLINE)
SCRIPTS: dict[str, tuple[list[tuple[float, Sight, Camera]], list[bool]]] = {
    "a picture that does not come back": ([(0, Sight.RECONNECTING, CAMERA), (11, Sight.RECONNECTING, CAMERA)], [False]),
    "one that comes back at once": ([(0, Sight.RECONNECTING, CAMERA), (5, Sight.LIVE, CAMERA), (60, Sight.LIVE, CAMERA)], []),
    "tried again in between": (
        [(0, Sight.RECONNECTING, CAMERA), (8, Sight.CONNECTING, CAMERA), (12, Sight.RECONNECTING, CAMERA)],
        [False],
    ),
    "told once in half a minute": ([(float(s), Sight.NO_VIDEO, CAMERA) for s in range(65)], [False, False]),
    "known already": ([(0, Sight.RECONNECTING, OFF), (60, Sight.RECONNECTING, OFF)], []),
    "there again": ([(0, Sight.LIVE, OFF), (11, Sight.LIVE, OFF)], [True]),
    "refused": ([(0, Sight.REFUSED, CAMERA), (60, Sight.REFUSED, CAMERA)], []),
    "frozen": ([(0, Sight.FROZEN, CAMERA), (60, Sight.STALE, CAMERA)], []),
    "a fault its owner told of": ([(s, Sight.LIVE, replace(CAMERA, state=CameraState.FAULT)) for s in (0, 60)], []),
}


def test_what_is_told_of_a_camera() -> None:
    for name, (script, expected) in SCRIPTS.items():
        sent: list[ToServer] = []
        at = [0.0]
        health = Health(sent.append, lambda at=at: at[0])  # type: ignore[misc]
        for seconds, sight, camera in script:
            at[0] = seconds
            health.saw(camera, sight)
        told = [each.request for each in sent if isinstance(each, Enquire)]
        assert [each.is_live for each in told if isinstance(each, ReportHealth)] == expected, name


def test_every_tile_that_is_seen_is_heard(qtbot: QtBot) -> None:
    heard: list[tuple[str, Sight]] = []
    player = QuietPlayer()
    player.is_live = True
    panel = TilePanel(player, lambda *_: None, say_in("zh"), told=lambda camera, sight: heard.append((camera.id, sight)))
    near = Nearby(OFF, 0.0, True)
    board = TileBoard(player, lambda *_: None, lambda _: near, say_in("zh"), told=lambda c, sight: heard.append((c.id, sight)))
    for tiles in (panel, board):
        qtbot.addWidget(tiles)
        heard.clear()
        if isinstance(tiles, TilePanel):
            tiles.show_cameras([OFF], OFF.place)
        else:
            tiles.show_set(replace(TileSet(), slots=(Slot(OFF.id), *TileSet().slots[1:])))
        tiles.show()
        qtbot.waitUntil(lambda: (OFF.id, Sight.LIVE) in heard, timeout=3000)
        tiles.close_feeds()
