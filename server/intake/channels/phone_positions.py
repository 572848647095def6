"""Positions from phones over HTTPS: batches of the worker app, and OsmAnd's live tracking parameters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from server.intake.fields import Fields, text
from server.intake.fixes import packed
from wire.frames import Malformed
from wire.publications import POSITION, Positions

MOST_FIXES = 500


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an OsmAnd device sends: who it says it is, its secret, and one fix of a worker yet unknown (number 0)."""

    device: str
    secret: str
    fix: tuple[int, ...]


def decode_batch(worker: int, fields: Fields, now: datetime) -> Positions:
    """{"fixes": [{lon, lat, at, speed?, bearing?, accuracy?, battery?, src_crs?}, ...]} as POSITION[k]."""
    fixes = fields.get("fixes")
    if not isinstance(fixes, list) or not fixes:
        raise Malformed("missing", "fixes")
    if len(fixes) > MOST_FIXES:
        raise Malformed("too_many", "fixes")
    if not all(isinstance(one, dict) for one in fixes):
        raise Malformed("bad_value", "fixes")
    return np.array([packed(worker, one, now) for one in fixes], POSITION)


def decode_osmand(fields: Fields, now: datetime) -> Sighting:
    """id (or deviceid), secret, lat, lon, timestamp, speed, bearing, altitude, accuracy (or hdop), batt.

    `speed` is metres a second, as OsmAnd's own {5} writes it; altitude is read by nobody.
    """
    device = text(fields, "id", 80, needed=False) or text(fields, "deviceid", 80)
    return Sighting(device, text(fields, "secret", 200), packed(0, fields, now, "timestamp", "batt"))
