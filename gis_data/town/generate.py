"""A district of Jianggan's size made from a seed alone: the same seed gives the same town, byte for byte."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.topology import BadCover, require_cover
from gis_data.town import names_zh, terrain
from gis_data.town.bad_town import BadTown
from gis_data.town.blocks import boundary_fit, graph_of
from gis_data.town.camera_sites import CameraPlan, place_cameras
from gis_data.town.division import StreetWish, divide_grids, lonlat_carrier, name_areas, on_plane
from gis_data.town.flat import flat_lines, flat_rings
from gis_data.town.house_numbers import number_houses
from gis_data.town.partition import BlockGraph, TooFewBlocks, contract, divide_at
from gis_data.town.plane import Plane
from gis_data.town.plots import Houses, build_houses, choose_plots
from gis_data.town.survey import Plan, survey
from gis_data.town.town import Addresses, Buildings, Patches, PatchKind, Roads, Town, TownArea
from governance.places import Level, LonLat

DISTRICT = ("330104", "江干区", "区")
ORIGIN = LonLat(120.27, 30.305)
EPOCH = "2021-03-31"
GRIDS = 543
CAMERAS = 3790
BUILDINGS = 20_000
LEAST_FIT = 0.70
_PATCH_OF_USE = {
    terrain.PARK: PatchKind.PARK,
    terrain.HILL: PatchKind.FOREST,
    terrain.INDUSTRY: PatchKind.INDUSTRY,
    terrain.CENTRE: PatchKind.COMMERCE,
    terrain.CAMPUS: PatchKind.SCHOOL,
    terrain.STATION: PatchKind.SQUARE,
    terrain.VILLAGE: PatchKind.FARMLAND,
    terrain.OLD_TOWN: PatchKind.HOUSING,
    terrain.HOUSING: PatchKind.HOUSING,
}

Progress = Callable[[float, str], None]


def generate(seed: int = 1, progress: Progress | None = None) -> Town:
    """The district of a seed: 8 streets, 147 communities and villages, 543 grids, 3,790 cameras, about 20,000 buildings.

    `progress(share, what)` is called on the calling thread, share from 0 to 1. Raises BadTown where the finished town
    does not pass its own checks (exact cover, grids along roads).
    """
    tell = progress or (lambda _share, _what: None)
    tell(0.0, "streets")
    plan = survey(random.Random(f"gridwarden town {seed}"))
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 20])
    plane = Plane(ORIGIN)
    lines = np.array([shapely.LineString(road) for road in plan.roads])
    road_class = np.array(plan.road_class, np.uint8)
    tell(0.15, "grids")
    areas = _divide(plan, graph_of(plan.blocks, _people(plan), lines, road_class), plane)
    grids = [area for area in areas if area.level is Level.GRID]
    shapes = on_plane(np.array([area.polygon for area in grids], dtype=object), plane)
    fit = boundary_fit(shapes, lines, np.array(plan.water, dtype=object))
    check_town(areas, fit)
    tell(0.5, "buildings")
    plots = choose_plots(plan.block_uses, rng)
    houses = build_houses(plan.blocks, plots, lines, road_class, np.array(plan.water, dtype=object), BUILDINGS, rng)
    tell(0.8, "cameras")
    carry = lonlat_carrier(plane)
    sites = CameraPlan(list(plan.roads), road_class, plan.road_names, shapes, [area.code for area in grids])
    cameras = place_cameras(sites, CAMERAS, carry, rng)
    tell(1.0, "done")
    return Town(
        name=DISTRICT[1],
        code=DISTRICT[0],
        seed=seed,
        attribution="",
        origin=ORIGIN,
        epoch=EPOCH,
        areas=areas,
        buildings=_buildings(houses, number_houses(houses.shapes, lines, road_class, plan.road_names, carry), carry),
        roads=Roads(*flat_lines(plan.roads, carry), road_class, plan.road_names),
        water=_water(plan, carry),
        land=_land(plan, carry),
        cameras=cameras,
        boundary_fit=fit,
    )


def check_town(areas: tuple[TownArea, ...], fit: float, least_fit: float = LEAST_FIT) -> None:
    """Raise BadTown unless the areas cover one another exactly and the grids follow roads or water so far."""
    try:
        require_cover(areas)
    except BadCover as error:
        raise BadTown("bad_cover", str(error)) from None
    if fit < least_fit:
        raise BadTown("boundary_fit", f"{fit:.0%}")


def _people(plan: Plan) -> npt.NDArray[np.float64]:
    """How much of a grid each block fills: its ground, weighted by how densely people live on it."""
    return np.asarray(shapely.area(plan.blocks) * np.array([use.people for use in plan.block_uses]) / 1e4)


def _divide(plan: Plan, graph: BlockGraph, plane: Plane) -> tuple[TownArea, ...]:
    """The district's areas: streets where the real ones lie, communities and grids of equal weight inside them."""
    along_river = contract(BlockGraph(plan.block_places, graph.weights, graph.neighbours), plan.block_cells)
    places = np.array([(s.along * terrain.LENGTH_M, s.inland * 6_200) for s in names_zh.STREETS])
    units = [street.communities + street.villages for street in names_zh.STREETS]
    try:
        quarters = divide_at(along_river, range(len(along_river.neighbours)), units, places)
    except TooFewBlocks as error:
        raise BadTown("too_many_grids", str(error)) from None
    streets = [np.flatnonzero(np.isin(plan.block_cells, quarter)).tolist() for quarter in quarters]
    leaves = divide_grids(graph, streets, units, GRIDS)
    wishes = [
        StreetWish(street.code, street.name, "街道", tuple(communities), tuple(villages))
        for street, (communities, villages) in zip(names_zh.STREETS, names_zh.unit_names(), strict=True)
    ]
    rural = np.array([float(use in (terrain.VILLAGE, terrain.HILL)) for use in plan.block_uses])
    carry = lonlat_carrier(plane)
    return name_areas(plan.blocks, leaves, wishes, DISTRICT, carry, lambda shapes: [""] * len(shapes), rural)


def _buildings(
    houses: Houses, addresses: Addresses, carry: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]
) -> Buildings:
    rings = [shapely.get_coordinates(shape) for shape in houses.shapes]
    return Buildings(*flat_lines(rings, carry), houses.height_m, houses.kind, ("",) * len(rings), addresses)


def _water(plan: Plan, carry: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> Patches:
    kinds = [PatchKind.CANAL if name else PatchKind.LAKE for name in plan.water_names]
    kinds[0] = PatchKind.RIVER
    return flat_rings(plan.water, kinds, plan.water_names, carry)


def _land(plan: Plan, carry: Callable[[npt.NDArray[np.float64]], npt.NDArray[np.float64]]) -> Patches:
    known = [k for k, use in enumerate(plan.block_uses) if use in _PATCH_OF_USE]
    shapes = [plan.blocks[k] for k in known]
    kinds = [_PATCH_OF_USE[plan.block_uses[k]] for k in known] + [PatchKind.PARK] * len(plan.greens)
    return flat_rings([*shapes, *plan.greens], kinds, [""] * len(kinds), carry)
