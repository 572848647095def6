"""What every slot of a wall may use: the situation, the board, the players, the words; nothing of anybody by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop.situation.situation import Situation
from desktop.style.palette import NIGHT, Palette
from desktop.style.type_face import face
from desktop.video_wall.health import Told
from desktop.video_wall.players import PlayerBackend
from desktop.video_wall.stream_address import AddressOf
from desktop.wall.dots import Dots
from desktop.words import Words
from governance.wall import Wall
from wire.wall_requests import WallBoardIs

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from desktop.map.scene import Geometry

SCALE = 1.6
"""How much larger than at a desk what stands on a wall is."""


def large(pixels: float, bold: bool = False) -> QFont:
    """A font of the wall: so many pixels at a desk."""
    return face(round(pixels * SCALE), bold)


@dataclass
class WallSeat:
    """Main thread only."""

    words: Words
    now: Callable[[], datetime]
    """The server's time, aware UTC."""
    player: PlayerBackend
    address_of: AddressOf
    new_canvas: Callable[[Any], Any]
    """Makes the canvas of a map slot."""
    palette: Palette = NIGHT
    situation: Situation = field(default_factory=Situation)
    wall: Wall = field(default_factory=lambda: Wall("", "", ""))
    steady: Callable[[], float] = time.monotonic
    """Seconds that only grow."""
    told: Told = lambda _camera, _sight: None
    """Told what is seen of a camera, as often as it is painted."""
    area_names: dict[str, str] = field(default_factory=dict)
    """Code of a street, community or grid -> its name."""
    geometry: Geometry | None = None
    dots: Dots = field(default_factory=Dots)
    board: WallBoardIs | None = None
    board_at_s: float = 0.0
    """When the board came, on the steady clock."""

    def place_of(self, grid: str) -> str:
        """Where a grid is, for a wall: community and number."""
        community = self.area_names.get(grid[:12], "")
        return f"{community} {grid[-2:]}" if community and len(grid) == 15 else community or grid

    def board_age_s(self) -> float | None:
        """How old the figures are; None before any came."""
        return None if self.board is None else max(0.0, self.steady() - self.board_at_s)

    def said_age(self, age_s: float | None) -> str:
        """An age as it stands in the head of a slot."""
        if age_s is None:
            return self.words("wall.age.none")
        unit, n = ("seconds", int(age_s)) if age_s < 120 else ("minutes", int(age_s // 60))
        return self.words("wall.age", age=self.words(f"wall.{unit}", n=n))
