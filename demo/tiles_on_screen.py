"""What camera tiles really show: the camera and the frame counter, read from pictures of the screen."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from pathlib import Path

from demo.desk_under_test import DeskUnderTest
from server.drill.camera_strip import FRAMES, Strip, read

APART_S = 1.0
TOLERANCE_S = 0.5


@dataclass(frozen=True)
class TileSeen:
    """One tile over a second: live when the counter advanced as time did, and the picture is of its camera."""

    camera: str
    is_right_camera: bool
    advanced_s: float
    apart_s: float
    age_s: float
    """Of the second picture; infinite where it could not be read."""

    @property
    def is_live(self) -> bool:
        """Whether this was live video of the right camera."""
        return self.is_right_camera and abs(self.advanced_s - self.apart_s) <= TOLERANCE_S and self.advanced_s > 0


def look_at_tiles(desk: DeskUnderTest, fps: float, shots: Path | None) -> list[TileSeen]:
    """Every tile of a camera that is online, looked at twice on the desk's screen; an unreadable one is not live.

    What the desk says of its own tiles does not count. Both pictures are kept in the folder, if there is one.
    """
    told = desk.log.of_kind("tiles")
    if not told:
        return []
    tiles = [tile for tile in told[-1]["tiles"] if tile["is_online"]]
    first, first_at = desk.screen.picture(), time.time()
    time.sleep(APART_S)
    second, second_at = desk.screen.picture(), time.time()
    if shots is not None:
        for name, picture in (("tiles-first", first), ("tiles-second", second)):
            desk.screen.keep(picture, shots / f"{name}-{desk.name}.png")
    seen = []
    for tile in tiles:
        left, top, width, height = tile["box"]
        before, after = (read(shot[top : top + height, left : left + width, :3]) for shot in (first, second))
        seen.append(_compared(str(tile["camera"]), before, after, second_at - first_at, fps, second_at))
    return seen


def _compared(camera: str, before: Strip | None, after: Strip | None, apart_s: float, fps: float, now: float) -> TileSeen:
    if before is None or after is None:
        return TileSeen(camera, False, 0.0, apart_s, math.inf)
    advanced = (after.frame - before.frame) % FRAMES / fps
    right = before.is_of(camera) and after.is_of(camera)
    return TileSeen(camera, right, advanced, apart_s, after.age_s(fps, now))
