"""SQLAlchemy and GeoAlchemy tables of the ledger, by theme; no behaviour."""

from server.ledger.tables import (
    boundaries,
    cameras,
    handovers,
    incidents,
    indicators,
    people,
    places,
    positions,
    record,
    rules,
    visits,
    walls,
    work,
)
from server.ledger.tables.columns import METADATA

__all__ = [
    "METADATA",
    "boundaries",
    "cameras",
    "handovers",
    "incidents",
    "indicators",
    "people",
    "places",
    "positions",
    "record",
    "rules",
    "visits",
    "walls",
    "work",
]
