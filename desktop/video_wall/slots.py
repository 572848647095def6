"""Which camera stands in which slot of a set of tiles, and where the slots lie: pure, every change is a new value.

A set has a lattice of 1 to 6 by 1 to 6 cells. A slot takes one cell, or a square of several: slots are placed in their order,
each in the first free square in reading order, so that one large picture among small ones is a slot of two or three cells.
What finds no room any more is kept and comes back when there is room again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

SIDES = (1, 2, 3, 4, 5, 6)
"""Cells along one side: 1, 4, 9, 16, 25 or 36 tiles."""
MOST = SIDES[-1] ** 2
DEEPEST = 8.0
"""How many times a picture can be enlarged."""


@dataclass(frozen=True, slots=True)
class Zoom:
    """The part of a picture that is shown: its middle in shares of the picture, and how many times it is enlarged."""

    x: float = 0.5
    y: float = 0.5
    times: float = 1.0

    def by(self, factor: float, x: float = 0.5, y: float = 0.5) -> Zoom:
        """Enlarged by a factor; the place (x, y) of what is shown, in shares of it, stays where it is."""
        times = min(DEEPEST, max(1.0, self.times * factor))
        away = 1.0 / self.times - 1.0 / times
        return Zoom(self.x + (x - 0.5) * away, self.y + (y - 0.5) * away, times).within()

    def moved(self, right: float, down: float) -> Zoom:
        """Moved by shares of what is shown."""
        return replace(self, x=self.x + right / self.times, y=self.y + down / self.times).within()

    def within(self) -> Zoom:
        """Nothing outside the picture is shown."""
        half = 0.5 / self.times
        return replace(self, x=min(1.0 - half, max(half, self.x)), y=min(1.0 - half, max(half, self.y)))

    def part(self) -> tuple[float, float, float]:
        """Left, top and size of what is shown, in shares of the picture."""
        return self.x - 0.5 / self.times, self.y - 0.5 / self.times, 1.0 / self.times


WHOLE = Zoom()


@dataclass(frozen=True, slots=True)
class Slot:
    """One place for a camera."""

    camera: str = ""
    """Its id; empty where nothing is shown."""
    is_locked: bool = False
    """Only the officer's own hand puts another camera here: no turn, no key that opens several."""
    cells: int = 1
    """Along one side."""
    zoom: Zoom = WHOLE


@dataclass(frozen=True, slots=True)
class Square:
    """Where a slot lies, in cells of the lattice."""

    column: int
    row: int
    cells: int


EMPTY = Slot()


@dataclass(frozen=True, slots=True)
class TileSet:
    """Slots in order, as many as a set can ever show."""

    side: int = 2
    slots: tuple[Slot, ...] = (EMPTY,) * MOST

    def squares(self) -> list[Square | None]:
        """Where each slot lies; None where it has no room."""
        free = [[True] * self.side for _ in range(self.side)]
        return [_first_free(free, min(slot.cells, self.side)) for slot in self.slots]

    def seen(self) -> tuple[int, ...]:
        """Numbers of the slots that have room, in reading order of the lattice."""
        placed = [(square.row, square.column, at) for at, square in enumerate(self.squares()) if square is not None]
        return tuple(at for _, _, at in sorted(placed))

    def cameras(self) -> tuple[str, ...]:
        """The cameras that are shown, each once, in the order of their slots."""
        return tuple(dict.fromkeys(self.slots[at].camera for at in self.seen() if self.slots[at].camera))

    def of_side(self, side: int) -> TileSet:
        """The same slots in a lattice of another size: those with a camera come forward where they would have no room."""
        changed = replace(self, side=side)
        if all(self.slots[at].camera == "" or at in changed.seen() for at in self.seen()):
            return changed
        order = sorted(range(len(self.slots)), key=lambda at: not self.slots[at].camera)
        return replace(changed, slots=tuple(self.slots[at] for at in order))

    def put(self, at: int, camera: str) -> TileSet:
        """Show a camera in a slot, whole; what was shown there is gone."""
        return self._with(at, replace(self.slots[at], camera=camera, zoom=WHOLE))

    def emptied(self, at: int) -> TileSet:
        """Show nothing in a slot; it is not locked any more."""
        return self._with(at, replace(self.slots[at], camera="", zoom=WHOLE, is_locked=False))

    def swapped(self, one: int, other: int) -> TileSet:
        """Two slots exchange their cameras, with lock and zoom; how large each is stays."""
        first, second = self.slots[one], self.slots[other]
        return self._with(one, replace(second, cells=first.cells))._with(other, replace(first, cells=second.cells))

    def locked(self, at: int, is_locked: bool) -> TileSet:
        """Lock a slot or let it go; one that shows nothing cannot be locked."""
        return self._with(at, replace(self.slots[at], is_locked=is_locked and bool(self.slots[at].camera)))

    def enlarged(self, at: int, by: int) -> TileSet:
        """A slot takes more cells or fewer along its side."""
        cells = min(self.side, max(1, self.slots[at].cells + by))
        return self._with(at, replace(self.slots[at], cells=cells))

    def zoomed(self, at: int, zoom: Zoom) -> TileSet:
        """Another part of a picture is shown."""
        return self._with(at, replace(self.slots[at], zoom=zoom))

    def free(self) -> tuple[int, ...]:
        """Slots that anything may be put into unasked: those that show nothing first, then those that are not locked."""
        seen = self.seen()
        empty = [at for at in seen if not self.slots[at].camera]
        return (*empty, *(at for at in seen if self.slots[at].camera and not self.slots[at].is_locked))

    def with_camera(self, camera: str) -> tuple[TileSet, int | None]:
        """Show one more camera: where it is shown already nothing changes, else it goes into the first slot that is free.

        Returned is its slot too; None where every slot is locked.
        """
        for at in self.seen():
            if self.slots[at].camera == camera:
                return self, at
        free = self.free()
        return (self.put(free[0], camera), free[0]) if free else (self, None)

    def opened(self, cameras: Sequence[str]) -> TileSet:
        """Show these, the first of them first, in every slot that is not locked; the lattice grows until all have room.

        What was shown before in slots that are not locked makes way. A camera in a locked slot is not shown twice.
        """
        lattice = self
        while len(wanted := lattice._not_locked(cameras)) > len(lattice._open()) and lattice.side < SIDES[-1]:
            lattice = replace(lattice, side=lattice.side + 1)
        slots = list(lattice.slots)
        for at in range(len(slots)):
            if not slots[at].is_locked:
                slots[at] = replace(slots[at], camera="", zoom=WHOLE)
        for at, camera in zip(lattice._open(), wanted, strict=False):
            slots[at] = replace(slots[at], camera=camera)
        return replace(lattice, slots=tuple(slots))

    def without(self, gone: Iterable[str]) -> TileSet:
        """The same set where some cameras are not known any more: their slots show nothing."""
        lost = frozenset(gone)
        empty = {at for at, slot in enumerate(self.slots) if slot.camera in lost}
        slots = tuple(
            replace(slot, camera="", zoom=WHOLE, is_locked=False) if at in empty else slot for at, slot in enumerate(self.slots)
        )
        return replace(self, slots=slots)

    def _not_locked(self, cameras: Sequence[str]) -> list[str]:
        """Those of some cameras, each once, that no locked slot shows already."""
        held = {self.slots[at].camera for at in self.seen() if self.slots[at].is_locked}
        return [camera for camera in dict.fromkeys(cameras) if camera not in held]

    def _open(self) -> tuple[int, ...]:
        return tuple(at for at in self.seen() if not self.slots[at].is_locked)

    def _with(self, at: int, slot: Slot) -> TileSet:
        return replace(self, slots=(*self.slots[:at], slot, *self.slots[at + 1 :]))


def _first_free(free: list[list[bool]], cells: int) -> Square | None:
    """The first free square of a lattice in reading order, which is taken."""
    side = len(free)
    for row in range(side - cells + 1):
        for column in range(side - cells + 1):
            lines = free[row : row + cells]
            if all(all(line[column : column + cells]) for line in lines):
                for line in lines:
                    line[column : column + cells] = [False] * cells
                return Square(column, row, cells)
    return None
