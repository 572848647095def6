"""The desk and the server name the same grid, on a border, at a corner, and beside it by less than anything can show."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
import shapely

from desktop.map.borders import OUTSIDE, Borders
from desktop.map.scene import Geometry
from gis_data.town.pack import AreasPack, read_pack, write_packs
from server.ledger.grids import Grids
from tests.fakes.small_town import corner, small_town

TAKEN, BESIDE_DEG = 1_500, (0.0, 1e-12, 1e-9, 1e-7, 1e-5)


def as_the_ledger_has_it(borders: Borders, codes: tuple[str, ...]) -> Grids:
    """The same grids as the server reads them: polygons by way of WKB, in the order of their codes."""
    order = sorted(range(len(codes)), key=lambda row: codes[row])
    polygons = shapely.from_wkb(shapely.to_wkb([borders.polygon(row) for row in order]))
    shapely.prepare(polygons)
    return Grids(1, date(2026, 1, 1), {}, tuple(codes[row] for row in order), polygons, shapely.STRtree(polygons))


def test_on_every_border_of_a_district_desk_and_server_name_the_same_grid(district: Geometry) -> None:
    borders, codes, rng = district.borders, district.grids.codes, np.random.default_rng(7)
    server = as_the_ledger_has_it(borders, codes)
    begins = np.setdiff1d(np.arange(len(borders.lonlat)), borders.rings[1:] - 1)
    at = rng.choice(begins, TAKEN)
    along = rng.choice([0.0, 0.5, 0.25, 0.9], (TAKEN, 1))
    places = borders.lonlat[at] * (1 - along) + borders.lonlat[at + 1] * along
    turns = rng.uniform(0, 2 * np.pi, TAKEN)
    places = places + np.column_stack([np.cos(turns), np.sin(turns)]) * rng.choice(BESIDE_DEG, (TAKEN, 1))
    named = (*codes, "")
    found = [named[borders.grid_at(*place)] for place in places.tolist()]
    assert found == server.grids_of(places[:, 0], places[:, 1])
    assert len(set(found)) > 300
    x_y = district.plane.to_plane(places[:, 0], places[:, 1])
    by_picture = district.grid_raster.at(x_y[:, 0], x_y[:, 1])
    assert [named[row] for row in by_picture.tolist()] != found, "places on borders tell a picture from the borders"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_border_is_of_the_grid_with_the_lowest_code_whatever_the_order_of_the_pack(order: tuple[int, int]) -> None:
    town = small_town()
    areas = read_pack("areas", write_packs(town)["areas"])
    assert isinstance(areas, AreasPack)
    borders = Borders.of(areas)
    edge = corner(1.0, 0.5)
    first, second = (
        row for row in range(len(borders.rank)) if borders.polygon(row).intersects(shapely.Point(edge.lon, edge.lat))
    )
    rank = borders.rank.copy()
    rank[[first, second]] = np.array([rank[first], rank[second]])[list(order)]
    turned = Borders(borders.lonlat, borders.rings, borders.polygons, borders.grids, borders.boxes, rank)
    assert turned.grid_at(edge.lon, edge.lat) == (first, second)[order[0]]


def test_a_grid_has_parts_and_holes_in_which_another_may_lie() -> None:
    rings = [shapely.box(0, 0, 9, 9), shapely.box(3, 3, 6, 6), shapely.box(20, 0, 21, 1), shapely.box(4, 4, 5, 5)]
    lonlat = np.concatenate([shapely.get_coordinates(ring) for ring in rings])
    boxes = np.array([[0.0, 0.0, 21.0, 9.0], [4.0, 4.0, 5.0, 5.0]])
    made = Borders(lonlat, np.arange(0, 21, 5), np.array([0, 2, 3, 4]), np.array([0, 2, 3]), boxes, np.array([0, 1]))
    places = ((1, 1), (20.5, 0.5), (4.5, 4.5), (3.5, 3.5), (15, 1))
    assert [made.grid_at(*place) for place in places] == [0, 0, 1, OUTSIDE, OUTSIDE]


def test_outside_of_all_grids_and_in_a_scene_without_borders_there_is_none(district: Geometry) -> None:
    assert district.borders.grid_at(0.0, 0.0) == OUTSIDE
    assert Borders.none().grid_at(120.2, 30.2) == OUTSIDE
