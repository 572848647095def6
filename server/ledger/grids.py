"""Which grid is this point in: the current boundary edition in memory, asked by an STRtree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import shapely

from governance.places import Area, Level, LonLat

if TYPE_CHECKING:
    from server.ledger.ledger import Connection


@dataclass(frozen=True, slots=True, eq=False)
class Grids:
    """The areas of one edition; grids by code, and a tree over their polygons."""

    edition: int
    day: date
    """The local day on which these boundaries are valid."""
    areas: dict[str, Area]
    codes: tuple[str, ...]
    """Codes of the grids, in the order of `polygons`."""
    polygons: npt.NDArray[np.object_]
    tree: shapely.STRtree

    def grid_of(self, place: LonLat) -> str:
        """Code of the grid a place lies in (the first where it lies on a border); empty outside the district."""
        hits = self.tree.query(shapely.Point(place.lon, place.lat), predicate="intersects")
        return self.codes[int(hits.min())] if len(hits) else ""

    def grids_of(self, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]) -> list[str]:
        """The same for many places at once, in degrees."""
        first = np.full(len(lon), len(self.codes), np.intp)
        places, hits = self.tree.query(shapely.points(lon, lat), predicate="intersects")
        np.minimum.at(first, places, hits)
        named = (*self.codes, "")
        return [named[row] for row in first.tolist()]


def edition_in_force(connection: Connection) -> int:
    """Number of the newest edition; 0 where there is none."""
    row = connection.execute("SELECT coalesce(max(number), 0) FROM town_edition").fetchone()
    assert row is not None
    return int(row[0])


def load(connection: Connection, edition: int, day: date) -> Grids:
    """The areas whose version is valid on a day."""
    rows = connection.execute(
        "SELECT code, name, level, parent_code, kind_name, ST_X(ST_PointOnSurface(boundary)), "
        "ST_Y(ST_PointOnSurface(boundary)), CASE WHEN level = 1 THEN ST_AsBinary(boundary) END "
        "FROM area_version WHERE valid @> %s ORDER BY level DESC, code",
        (day,),
    ).fetchall()
    areas = {
        code: Area(code, name, Level(level), parent, LonLat(lon, lat), kind)
        for code, name, level, parent, kind, lon, lat, _ in rows
    }
    shapes = [(row[0], row[7]) for row in rows if row[7] is not None]
    polygons = shapely.from_wkb([bytes(shape) for _, shape in shapes]) if shapes else np.empty(0, object)
    shapely.prepare(polygons)
    return Grids(edition, day, areas, tuple(code for code, _ in shapes), polygons, shapely.STRtree(polygons))
