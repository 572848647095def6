"""The areas of an edition as a desk gets them: a pack of their own beside those of the town that stay."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from gis_data.town.pack import Manifest, areas_pack
from gis_data.town.town import TownArea
from governance.places import LonLat
from server.ledger.ledger import Connection
from server.ledger.redivisions import AreaStands
from server.ledger.seed import store_packs


def next_edition(connection: Connection, packs: Path, areas: Mapping[str, AreaStands], day: date, now: datetime) -> str:
    """A new edition with these areas stands in the ledger and its pack in the folder; the hash of its manifest."""
    number, name, code, attribution, lon, lat, fit = _newest(connection)
    district = [each for each in areas.values() if each.code == code] or [next(iter(areas.values()))]
    shown = [each for each in areas.values() if each.shape is not None]
    data = areas_pack([TownArea(a.code, a.name, a.level, a.kind, a.parent, a.shape) for a in shown if a.shape is not None])
    store_packs(packs, [data])
    layers = {
        layer: (sha256, size)
        for layer, sha256, size in connection.execute("SELECT layer, sha256, size FROM town_pack WHERE edition = %s", (number,))
    }
    layers["areas"] = (hashlib.sha256(data).hexdigest(), len(data))
    manifest = Manifest(
        name, district[0].code, attribution, LonLat(lon, lat), day.isoformat(), fit, dict(sorted(layers.items()))
    )
    digest = hashlib.sha256(manifest.to_bytes()).hexdigest()
    connection.execute(
        "INSERT INTO town_edition VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (number + 1, name, manifest.code, attribution, lon, lat, fit, digest, now),
    )
    for layer, (sha256, size) in layers.items():
        connection.execute("INSERT INTO town_pack VALUES (%s, %s, %s, %s)", (number + 1, layer, sha256, size))
    return digest


def _newest(connection: Connection) -> tuple[int, str, str, str, float, float, float]:
    """The edition in force: number, name, code, attribution, origin, how well its boundaries fit."""
    row = connection.execute(
        "SELECT number, name, code, attribution, origin_lon, origin_lat, boundary_fit FROM town_edition "
        "ORDER BY number DESC LIMIT 1"
    ).fetchone()
    if row is None:
        raise LookupError("the ledger was never seeded")
    return row
