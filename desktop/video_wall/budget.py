"""How much decoding this machine can bear: over 70 % of its cores fewer pictures are shown, then key pictures only; no Qt.

Before a stream has played, its figures are those measured of a 640x360 stream on one core; its own replace them as it plays.
What key pictures cost of the whole was measured the same way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum

CORES_SHARE = 0.7
BACK_SHARE = 0.85
"""Of the budget, what a better picture must fit into before it comes back: nobody wants pictures that change to and fro."""
FEWER_FPS = 5.0
KEY_SHARE = 0.04
"""What decoding key pictures alone costs of decoding all."""
WEIGHT = 0.05
"""Of the newest figure in a running mean: it settles within seconds."""
LONGEST_GAP_S = 4.0


class Thrift(IntEnum):
    """What is saved on a stream's pictures, the least first."""

    NONE = 0
    FEWER = 1
    """Every picture is decoded, a few a second are shown."""
    KEYS = 2
    """Only key pictures are decoded."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one stream costs, processor milliseconds per picture, as running means."""

    decode_ms: float = 0.8
    show_ms: float = 0.3
    gap_s: float = 1 / 15
    """Between two pictures as they come."""

    def decoded(self, ms: float) -> Cost:
        """After one more picture was decoded."""
        return replace(self, decode_ms=_mean(self.decode_ms, ms))

    def shown(self, ms: float) -> Cost:
        """After one more picture was scaled for its tile."""
        return replace(self, show_ms=_mean(self.show_ms, ms))

    def came(self, gap_s: float) -> Cost:
        """After one more picture came, so long after the one before; a gap that is none or a pause says nothing."""
        return replace(self, gap_s=_mean(self.gap_s, gap_s)) if 0.0 < gap_s <= LONGEST_GAP_S else self

    def load_ms(self, thrift: Thrift) -> float:
        """Processor milliseconds a second."""
        fps = 1.0 / self.gap_s
        decoded_fps = fps * KEY_SHARE if thrift is Thrift.KEYS else fps
        shown_fps = fps if thrift is Thrift.NONE else min(decoded_fps, FEWER_FPS)
        return self.decode_ms * decoded_fps + self.show_ms * shown_fps


def thrift_for(costs: Iterable[Cost], cores: float, before: Thrift) -> Thrift:
    """The least that must be saved so that all streams together fit the machine; `before` is what is saved now."""
    streams = tuple(costs)
    budget_ms = CORES_SHARE * cores * 1000.0
    for thrift in Thrift:
        room_ms = budget_ms if thrift >= before else budget_ms * BACK_SHARE
        if sum(cost.load_ms(thrift) for cost in streams) <= room_ms:
            return thrift
    return Thrift.KEYS


def _mean(before: float, newest: float) -> float:
    return before + (newest - before) * WEIGHT
