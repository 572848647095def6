"""A fix: one position of one worker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from governance.places import LonLat


@dataclass(frozen=True, slots=True)
class Fix:
    """One position of one worker: WGS 84 degrees, metres, UTC."""

    worker: int
    """The worker's number: small, stable, unique in the district (Worker.number)."""
    place: LonLat
    at: datetime
    accuracy_m: float = 10.0
    speed_m_s: float = 0.0
    heading_deg: float = 0.0
    battery_percent: int = 100
