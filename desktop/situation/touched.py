"""What a batch touched, so that each view redraws only what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Touched:
    """Kinds and ids that differ from before; two of them join with `|`."""

    everything: bool = False
    """A snapshot replaced it all."""
    cases: frozenset[UUID] = frozenset()
    workers: frozenset[UUID] = frozenset()
    """Whose duty or load changed; where they are is `moved`."""
    cameras: frozenset[str] = frozenset()
    moved: int = 0
    """How many workers have a newer place: ask Workers.moved_since which."""
    shifts: frozenset[UUID] = frozenset()
    """Units whose shifts stand differently."""
    walls: frozenset[str] = frozenset()
    """Walls that stand differently, by code."""
    rules: bool = False
    edition: bool = False
    orders: tuple[tuple[UUID, UUID | None], ...] = ()
    """Orders whose change is in the situation now, each with the incident it concerns."""

    def __or__(self, other: Touched) -> Touched:
        """Both together."""
        return Touched(
            self.everything or other.everything,
            self.cases | other.cases,
            self.workers | other.workers,
            self.cameras | other.cameras,
            self.moved + other.moved,
            self.shifts | other.shifts,
            self.walls | other.walls,
            self.rules or other.rules,
            self.edition or other.edition,
            self.orders + other.orders,
        )

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return self != NOTHING


NOTHING = Touched()
