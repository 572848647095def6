"""Which simulated camera is out of order now, and how: set by hand, or by a seeded share of all cameras."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum


class Fault(StrEnum):
    """What is wrong with a camera."""

    DEAD = "dead"
    """It drops its connections and takes no new one."""
    STALL = "stall"
    """The connection stays open and nothing comes."""
    FREEZE = "freeze"
    """The same picture again and again."""
    HANG = "hang"
    """It takes a connection and never answers."""
    NOT_FOUND = "404"
    REFUSES = "401"


SEEDED = (Fault.DEAD, Fault.STALL, Fault.FREEZE, Fault.HANG, Fault.NOT_FOUND)


@dataclass(slots=True)
class Faults:
    """Faults of all cameras; what was set by hand goes before what the seed says."""

    share: float = 0.0
    """The share of cameras that are out of order at any moment, 0 to 1."""
    seed: int = 0
    spell_s: float = 600.0
    """How long a seeded fault lasts."""
    by_hand: dict[str, Fault | None] = field(default_factory=dict)
    standing: dict[str, Fault] = field(default_factory=dict)
    """What the town itself says is out of order, so that map and picture agree."""

    def set(self, camera: str, fault: Fault | None) -> None:
        """Break or mend one camera by hand; None keeps it whole whatever the seed says."""
        self.by_hand[camera] = fault

    def of(self, camera: str, unix_s: float) -> Fault | None:
        """What is wrong with a camera at a wall time; the same for the same seed."""
        if camera in self.by_hand:
            return self.by_hand[camera]
        if camera in self.standing:
            return self.standing[camera]
        if self.share <= 0.0:
            return None
        phase = self._draw(camera, "phase")
        spell = int(unix_s / self.spell_s + phase)
        if self._draw(camera, f"spell {spell}") >= self.share:
            return None
        return SEEDED[int(self._draw(camera, f"kind {spell}") * len(SEEDED))]

    def _draw(self, camera: str, what: str) -> float:
        digest = hashlib.blake2b(f"{self.seed}|{camera}|{what}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64
