"""A tile is live when the screen shows its camera with a counter that goes on; what the desk says of it does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import pytest

from demo.desk_under_test import DeskUnderTest
from demo.tiles_on_screen import APART_S, look_at_tiles
from server.drill.camera_strip import Strip, camera_crc, draw

FPS = 15
CAMERAS = ("33010400001320000001", "33010400001320000002")
WIDTH, HEIGHT = 320, 180


@dataclass
class FakeDesk:
    """A screen with two tiles side by side, and a log that names them."""

    online: tuple[bool, bool]
    advances: tuple[bool, bool]
    name: str = "desk1"
    looks: int = field(default=0)

    @property
    def log(self) -> FakeDesk:
        """Itself."""
        return self

    @property
    def screen(self) -> FakeDesk:
        """Itself."""
        return self

    def of_kind(self, kind: str) -> list[dict[str, Any]]:
        """The tiles, whatever they say of themselves."""
        tiles = [
            {"camera": camera, "is_online": online, "sight": "stalled", "box": [number * WIDTH, 0, WIDTH, HEIGHT]}
            for number, (camera, online) in enumerate(zip(CAMERAS, self.online, strict=True))
        ]
        return [{"tiles": tiles}] if kind == "tiles" else []

    def picture(self) -> npt.NDArray[np.uint8]:
        """The screen: where a tile stands still it is black."""
        shot = np.zeros((HEIGHT, 2 * WIDTH, 4), np.uint8)
        for number, (camera, advances) in enumerate(zip(CAMERAS, self.advances, strict=True)):
            if advances:
                luma = np.full((HEIGHT, WIDTH), 90, np.uint8)
                draw(luma, Strip(camera_crc(camera), 1000 + round(self.looks * APART_S * FPS)))
                shot[:, number * WIDTH : (number + 1) * WIDTH, :3] = luma[:, :, None]
        self.looks += 1
        return shot


@pytest.mark.parametrize(
    ("online", "advances", "live"),
    [
        ((True, True), (True, True), [True, True]),
        ((True, True), (True, False), [True, False]),
        ((True, False), (True, False), [True]),
        ((True, True), (False, False), [False, False]),
    ],
)
def test_every_tile_of_an_online_camera_must_be_live(
    online: tuple[bool, bool], advances: tuple[bool, bool], live: list[bool]
) -> None:
    seen = look_at_tiles(cast(DeskUnderTest, FakeDesk(online, advances)), FPS, None)
    assert [tile.is_live for tile in seen] == live
