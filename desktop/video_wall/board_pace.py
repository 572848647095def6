"""How many tiles of a board are painted in one turn of Qt's loop, so that no turn holds the window for long.

Painting a tile costs little, and much more while dozens of streams decode: each call into Qt may have to wait for Python's
lock. So the number is not fixed: it grows turn by turn, is halved when the last turn was long, and is small when all tiles
change at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from desktop.video_wall.tile import Tile

FEWEST, MORE = 3, 1
LONG_S = 0.02
"""Of painting tiles in one turn. What the window needs to bring any change at all to the screen is not counted: beside a map
that is more, and the fewer turns the better."""
SETTLING_S, MOST_SETTLING = 1.5, 5
"""For so long after a change of all tiles no turn has more: streams are being opened, and everything takes longest."""
LOOKED_AT_S = 0.008
"""For so long tiles are looked at in one turn."""


class Pace:
    """Takes turns among the tiles of a board. Main thread only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begins slowly."""
        self._clock = clock
        self._many, self._of, self._next = FEWEST, 0, 0
        self._settled_at = 0.0
        self._asked: list[Tile] = []
        self.painted = 0
        """How often a tile was painted anew so far."""
        self.has_more = False
        """Whether the last turn ended before all tiles were looked at."""

    @property
    def many(self) -> int:
        """How many tiles may be painted in one turn now."""
        return self._many

    def slow_down(self) -> None:
        """All tiles change at once: begin with few."""
        self._many, self._settled_at = FEWEST, self._clock() + SETTLING_S
        self._asked.clear()

    def turn(self, tiles: Sequence[Tile], show: Callable[[Tile], bool]) -> None:
        """Show tiles in their turn, until enough of them are to be painted; `show` says whether one is."""
        began, self._of, self.has_more, painted = self._clock(), len(tiles), False, 0
        first = self._next if self._next < len(tiles) else 0
        order = (*range(first, len(tiles)), *range(first))
        for number, at in enumerate(order, 1):
            if show(tiles[at]):
                painted += 1
                self._asked.append(tiles[at])
            self._next = at + 1
            if painted >= self._many or self._clock() - began > LOOKED_AT_S:
                self.has_more = number < len(order)
                break
        self.painted += painted

    def was_painted(self) -> None:
        """What was asked for is painted: the next turn has room for more, or for less."""
        if self._asked:
            is_long = sum(tile.painting_s for tile in self._asked) > LONG_S
            most = max(FEWEST, self._of) if self._clock() >= self._settled_at else MOST_SETTLING
            self._many = max(FEWEST, self._many // 2) if is_long else min(self._many + MORE, most)
            self._asked.clear()
