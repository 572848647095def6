"""How people behave: how long they take, whether they go at all.

Seeded: the n-th order of a worker meets the same behaviour in every run with the same seed.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

EBIKE_M_S = 5.0
WALK_M_S = 1.3
WALKABLE_M = 150.0
"""Nearer than this nobody fetches the e-bike."""
FASTEST = 10.0
"""Travel is not sped up beyond this: a dot that flies is no drill, and the gate would stop it."""
EAGER_PACE = 20.0
LEAST_PACE, MOST_PACE = 0.01, 1000.0
DECLINE_SHARE = 0.06
SILENT_SHARE = 0.02
DECLINE_REASONS = ("far", "busy", "sick", "no_tool")
REASON_WEIGHTS = (4, 4, 1, 2)


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody makes of an order: times in seconds of a real day, before the pace."""

    goes: bool
    answers: bool
    decline_reason: str
    notices_s: float
    sets_out_s: float
    looks_s: float
    works_s: float
    reports_progress: bool


@dataclass(frozen=True, slots=True)
class Temper:
    """The mood of the drill: how fast, and whether everybody is eager (no refusals, no silence)."""

    seed: int = 1
    pace: float = 1.0
    eager: bool = False

    @property
    def human_pace(self) -> float:
        """What human times are divided by."""
        return self.pace * (EAGER_PACE if self.eager else 1.0)

    def dice(self, worker: int, ordinal: int, what: str = "") -> random.Random:
        """What is left to chance of a worker's n-th order; never drawn from ids, which differ between runs."""
        return random.Random(f"{self.seed} {worker} {ordinal} {what}")

    def intent(self, worker: int, ordinal: int) -> Intent:
        """What a worker (by number) will do about the n-th order, counted from 0."""
        dice = self.dice(worker, ordinal)
        chance = dice.random()
        declines = not self.eager and chance < DECLINE_SHARE
        silent = not self.eager and DECLINE_SHARE <= chance < DECLINE_SHARE + SILENT_SHARE
        return Intent(
            goes=not declines and not silent,
            answers=not silent,
            decline_reason=dice.choices(DECLINE_REASONS, REASON_WEIGHTS)[0],
            notices_s=dice.lognormvariate(2.6, 0.6),
            sets_out_s=dice.uniform(10, 60),
            looks_s=dice.uniform(8, 40),
            works_s=dice.lognormvariate(5.6, 0.5),
            reports_progress=dice.random() < 0.5,
        )

    def seconds(self, human_s: float) -> float:
        """How long a human time takes here, in real seconds."""
        return human_s / self.human_pace

    def speed_m_s(self, distance_m: float) -> float:
        """On foot for what is near, by e-bike else; faster with the pace, up to ten times."""
        speed = WALK_M_S if distance_m < WALKABLE_M else EBIKE_M_S
        return speed * min(max(1.0, self.human_pace), FASTEST)
