"""Report: what any channel hands in, before anyone accepted it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from governance.incident import Channel, Urgency
from governance.places import LonLat
from server.evidence import Photo
from server.ledger.reporters import Reporter


@dataclass(frozen=True, slots=True)
class Report:
    """One report of one channel: place in WGS 84, words and photos as they came."""

    channel: Channel
    text: str
    place: LonLat
    place_text: str = ""
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    floor: str = ""
    occurred_at: datetime | None = None
    accuracy_m: float = 0.0
    anonymous: bool = False
    confidential: bool = False
    reporter: Reporter = field(default_factory=Reporter)
    photos: tuple[Photo, ...] = ()
