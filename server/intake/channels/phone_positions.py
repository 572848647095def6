"""Positions from phones over HTTPS: batches of the worker app, and OsmAnd's live tracking parameters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from governance.places import LonLat
from server.intake.fields import Fields, number, places, text
from server.intake.fixes import packed
from wire.frames import Malformed
from wire.publications import POSITION, Positions

MOST_FIXES = 500
METRES_A_HDOP = 5.0
"""Our own factor: what one unit of horizontal dilution of precision is taken for; no standard names one."""


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
    where = [LonLat(lon, lat) for lon, lat in places(fixes).tolist()]
    return np.array([packed(worker, one, there, now) for one, there in zip(fixes, where, strict=True)], POSITION)


def decode_osmand(fields: Fields, now: datetime) -> Sighting:
    """id (or deviceid), secret, lat, lon, timestamp, speed, bearing, altitude, accuracy (or hdop), batt.

    `speed` is metres a second, as OsmAnd's own {5} writes it; altitude is read by nobody. `hdop` counts only where
    there is no `accuracy`. Malformed where either is wrong.
    """
    device = text(fields, "id", 80, needed=False) or text(fields, "deviceid", 80)
    hdop = number(fields, "hdop", -1, 20_000, -1)
    if hdop >= 0 and fields.get("accuracy") in (None, ""):
        fields = {**fields, "accuracy": hdop * METRES_A_HDOP}
    secret = text(fields, "secret", 200)
    lon, lat = places([fields]).tolist()[0]
    return Sighting(device, secret, packed(0, fields, LonLat(lon, lat), now, "timestamp", "batt"))
