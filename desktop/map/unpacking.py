"""Town packs, in longitude and latitude, become geometry in the drawing plane; no Qt."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import ConvexHull

from desktop.map.borders import Borders
from desktop.map.empty_shapes import filled
from desktop.map.grid_raster import GridRaster
from desktop.map.reach import Reach
from desktop.map.scene import Areas, Floats, Geometry, Indices, Ints, Lines, Rings, Surfaces, triangulated
from desktop.map.tiles import Cut, TiledPieces, TiledRings, chosen_rings, pieces_of, tiled_rings, tiled_roads
from gis_data.town.pack import AreasPack, BuildingsPack, PatchesPack, RoadsPack
from gis_data.town.plane import Plane
from governance.places import Level, LonLat

MIDDLE_M, FAR_M, AFAR_M = 5.0, 40.0, 250.0
"""How much lines may change where corners are left out, as the root of an area: in wide views, very wide ones, a province's."""

AREAS_CUT, FAR_CUT = Cut(6_000.0, 0.25), Cut(40_000.0, 1.0)
BUILDINGS_CUT, SURFACES_CUT = Cut(2_000.0, 0.0625), Cut(6_000.0, 0.25)
ROAD_CUTS = (Cut(16_000.0, 0.5), Cut(16_000.0, 0.5), Cut(8_000.0, 0.25), Cut(4_000.0, 0.125), Cut(4_000.0, 0.125))
"""For each class of road; the greater it is the wider the views it is drawn in.

A step is a pixel or less in the closest view; wider tiles make fewer draws, narrower ones draw less beyond the picture."""

SEEN_FROM_AFAR_M2 = 40_000.0
"""A surface smaller than this is left out of very wide views."""
PARK_KINDS, FARM_KINDS, BUILT_KINDS, SQUARE_KINDS = (10, 11), (12,), (13, 14, 15, 16), (17,)


def geometry_of(packs: Mapping[str, object], origin: LonLat) -> Geometry:
    """The geometry of packs by layer name; TypeError where a layer is missing or of another sort."""
    plane, packs = Plane(origin), filled(packs, origin)
    areas, buildings, roads = packs["areas"], packs["buildings"], packs["roads"]
    water, land = packs["water"], packs["land"]
    if not (isinstance(areas, AreasPack) and isinstance(buildings, BuildingsPack) and isinstance(roads, RoadsPack)):
        raise TypeError("areas, buildings and roads are needed, each as read by read_pack")
    if not (isinstance(water, PatchesPack) and isinstance(land, PatchesPack)):
        raise TypeError("water and land are needed, each as read by read_pack")
    area_xy = plane.to_plane(areas.coords[:, 0], areas.coords[:, 1])
    reach = Reach.of(area_xy)
    grid_rings, grids, lost_grids = _rings_and_areas(areas, area_xy, plane, Level.GRID, reach)
    raster = GridRaster(grid_rings.xy, grid_rings.offsets, grid_rings.owner)
    footprints = _patches(plane, buildings.coords, buildings.offsets, buildings.triangles)
    first = footprints.xy[footprints.offsets[:-1]] if len(footprints) else np.zeros((0, 2))
    footprints, lost_buildings = reach.rings(footprints)
    lines, lost_roads = reach.lines(
        Lines(
            plane.to_plane(roads.coords[:, 0], roads.coords[:, 1]) if len(roads.coords) else np.zeros((0, 2)),
            roads.offsets.astype(np.int64),
            roads.road_class,
            tuple(roads.names.tolist()),
        )
    )
    (waters, lost_water), (lands, lost_land) = (
        reach.rings(_patches(plane, each.coords, each.offsets, each.triangles)) for each in (water, land)
    )
    street_rings, streets, _ = _rings_and_areas(areas, area_xy, plane, Level.STREET, reach)
    lost = {"building": lost_buildings, "road": lost_roads, "water": lost_water, "land": lost_land}
    left_out = (*(f"grid {grids.codes[row]}" for row in lost_grids), *(f"{k} {n}" for k, v in lost.items() for n in v.tolist()))
    return Geometry(
        plane=plane,
        grids=grids,
        communities=_rings_and_areas(areas, area_xy, plane, Level.COMMUNITY, reach)[1],
        streets=streets,
        streets_from_afar=from_afar(street_rings, len(streets.codes)),
        buildings=tiled_rings(footprints, BUILDINGS_CUT, len(buildings.height_m)),
        building_height_m=buildings.height_m,
        building_grid=raster.at(first[:, 0], first[:, 1]),
        roads=lines,
        road_pieces=road_pieces(lines, raster),
        water=_water(waters),
        land=_open_land(lands, land.kind),
        grid_raster=raster,
        outline=_outline(area_xy[(np.abs(area_xy - reach.middle) <= reach.limit_m).all(axis=1)]),
        left_out=left_out,
        borders=Borders.of(areas),
    )


def road_pieces(lines: Lines, raster: GridRaster) -> tuple[TiledPieces, ...]:
    """Roads of each class as they are drawn, each piece knowing the grid it stands on."""
    start, _ = pieces_of(lines)
    middle = (lines.xy[start] + lines.xy[start + 1]) / 2 if len(start) else np.zeros((0, 2))
    grid_of = raster.at(middle[:, 0], middle[:, 1])
    return tuple(tiled_roads(lines, grid_of, kind, cut) for kind, cut in enumerate(ROAD_CUTS))


def surfaces(rings: Rings, tints: int) -> Surfaces:
    """Flat surfaces owned by the number of their tint."""
    cross = np.zeros(len(rings.xy))
    cross[:-1] = rings.xy[:-1, 0] * rings.xy[1:, 1] - rings.xy[1:, 0] * rings.xy[:-1, 1]
    cross[rings.offsets[1:] - 1] = 0.0
    area = np.abs(np.add.reduceat(cross, rings.offsets[:-1])) / 2 if len(rings) else np.zeros(0)
    large = chosen_rings(rings, np.nonzero(area >= SEEN_FROM_AFAR_M2)[0])
    return Surfaces(tiled_rings(rings, SURFACES_CUT, tints), tiled_rings(_simpler(large), FAR_CUT, tints))


def _simpler(rings: Rings) -> Rings:
    """Rings with the corners left out that lie within FAR_M of the line, each ring for itself."""
    if len(rings) == 0:
        return rings
    indices = np.repeat(np.arange(len(rings)), np.diff(rings.offsets))
    simple = shapely.simplify(shapely.polygons(shapely.linearrings(rings.xy, indices=indices)), FAR_M)
    xy, ring_of = shapely.get_coordinates(shapely.get_exterior_ring(simple), return_index=True)
    offsets = np.searchsorted(ring_of, np.arange(len(rings) + 1)).astype(np.int64)
    return Rings(xy, offsets, rings.owner, triangulated(xy, offsets))


def land_tint_number(kind: int) -> int:
    """Which of the four land colours a kind of patch has: park, built, square, farmland."""
    if kind in PARK_KINDS:
        return 0
    if kind in FARM_KINDS:
        return 3
    return 2 if kind in SQUARE_KINDS else 1


def _water(water: Rings) -> Surfaces:
    return surfaces(Rings(water.xy, water.offsets, water.owner * 0, water.triangles), 1)


def _open_land(land: Rings, kinds: NDArray[np.uint8]) -> Surfaces:
    """Land that looks different from the built-up ground around it; the rest would cost time and show nothing."""
    kinds = kinds[land.owner]
    tint = np.array([land_tint_number(kind) for kind in kinds.tolist()], np.int32)
    open_ = np.nonzero(~np.isin(kinds, BUILT_KINDS))[0]
    chosen = chosen_rings(Rings(land.xy, land.offsets, tint, land.triangles), open_)
    return surfaces(chosen, 4)


def _outline(xy: Floats) -> Floats:
    """Corners of the convex hull; a kilometre's square where there is nothing to enclose."""
    if len(xy) < 3:
        return np.array([[-500.0, -500.0], [500.0, -500.0], [500.0, 500.0], [-500.0, 500.0]])
    return np.asarray(xy[ConvexHull(xy).vertices])


def _labels(pack: AreasPack, rows: NDArray[np.int64]) -> tuple[str, ...]:
    """Names shortened by the name of the area above."""
    name_of = dict(zip(pack.codes.tolist(), pack.names.tolist(), strict=True))
    pairs = zip(pack.names[rows].tolist(), pack.parents[rows].tolist(), strict=True)
    return tuple(shortened(name, name_of.get(parent, "")) for name, parent in pairs)


def shortened(name: str, above: str) -> str:
    """A name without the name of the area above; whole where that is only the first part of a word: Monaco-Ville."""
    rest = name.removeprefix(above)
    if not above or rest == name or (above[-1].isascii() and not rest.startswith(" ")):
        return name
    return rest.strip() or name


def _patches(plane: Plane, coords: Floats, offsets: Ints, triangles: Indices) -> Rings:
    """Closed rings without holes, wound counter-clockwise, ring i bounding thing i."""
    offsets = offsets.astype(np.int64)
    xy = plane.to_plane(coords[:, 0], coords[:, 1]) if len(coords) else np.zeros((0, 2))
    xy, triangles = wound(xy, offsets, np.ones(len(offsets) - 1, bool), triangles)
    return Rings(xy, offsets, np.arange(len(offsets) - 1, dtype=np.int32), triangles)


def _rings_and_areas(
    pack: AreasPack, all_xy: Floats, plane: Plane, level: Level, reach: Reach
) -> tuple[Rings, Areas, list[int]]:
    """The areas of one level with their rings, shells wound counter-clockwise, holes clockwise; and who has none."""
    rows = np.nonzero(pack.levels == int(level))[0]
    number = np.full(len(pack.levels), -1, np.int64)
    number[rows] = np.arange(len(rows))
    ring = np.arange(len(pack.ring_offsets) - 1)
    polygon_of = np.searchsorted(pack.polygon_offsets, ring, side="right") - 1
    area_of = np.searchsorted(pack.area_offsets, polygon_of, side="right") - 1
    wanted = np.nonzero(number[area_of] >= 0)[0]
    sizes = np.diff(pack.ring_offsets)[wanted]
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    source = np.repeat(pack.ring_offsets[:-1][wanted] - offsets[:-1], sizes) + np.arange(offsets[-1])
    moved = np.full(len(all_xy), -1, np.int64)
    moved[source] = np.arange(len(source))
    triangle_area = np.searchsorted(pack.triangle_offsets, np.arange(len(pack.triangles)), side="right") - 1
    kept = number[triangle_area] >= 0 if len(pack.triangles) else np.zeros(0, bool)
    triangles = moved[pack.triangles[kept]].astype(np.uint32).reshape(-1, 3)
    is_shell = pack.polygon_offsets[polygon_of[wanted]] == wanted
    xy, triangles = wound(all_xy[source], offsets, is_shell, triangles)
    rings, lost = reach.rings(Rings(xy, offsets, number[area_of[wanted]].astype(np.int32), triangles))
    is_plain = is_shell.all()
    centres = plane.to_plane(pack.centres[rows, 0], pack.centres[rows, 1]) if len(rows) else np.zeros((0, 2))
    centres[lost] = np.nan
    areas = areas_of(
        tuple(pack.codes[rows].tolist()),
        tuple(pack.names[rows].tolist()),
        _labels(pack, rows),
        centres,
        (rings, *(coarse(rings, metres) if is_plain else rings for metres in (MIDDLE_M, FAR_M))),
    )
    return rings, areas, lost.tolist()


def areas_of(
    codes: tuple[str, ...],
    names: tuple[str, ...],
    labels: tuple[str, ...],
    centres: Floats,
    rings: tuple[Rings, Rings, Rings],
) -> Areas:
    """Areas from their rings at three levels of detail, the finest first."""
    fine, middle, far = (
        tiled_rings(each, cut, len(codes), shared=True)
        for each, cut in zip(rings, (AREAS_CUT, AREAS_CUT, FAR_CUT), strict=True)
    )
    return Areas(codes, names, labels, centres, fine, middle, far)


def from_afar(streets: Rings, count: int) -> TiledRings:
    """The rings of so many streets as a view of a province shows them."""
    return tiled_rings(coarse(streets, AFAR_M), FAR_CUT, count, shared=True)


def coarse(rings: Rings, metres: float) -> Rings:
    """Rings with the corners left out that lie so near the line; edges shared by two rings stay shared.

    Where an area has a hole or nothing would be left of one, they are all as they were.
    """
    if len(rings) == 0 or len(np.unique(rings.owner)) < len(rings):
        return rings
    lines = shapely.linearrings(rings.xy, indices=np.repeat(np.arange(len(rings)), np.diff(rings.offsets)))
    simple = shapely.coverage_simplify(shapely.polygons(lines), metres)
    if shapely.is_empty(simple).any():
        return rings
    xy, ring_of = shapely.get_coordinates(shapely.get_exterior_ring(simple), return_index=True)
    offsets = np.searchsorted(ring_of, np.arange(len(rings) + 1)).astype(np.int64)
    xy, _ = wound(xy, offsets, np.ones(len(rings), bool), np.zeros((0, 3), np.uint32))
    return Rings(xy, offsets, rings.owner, triangulated(xy, offsets))


def wound(xy: Floats, offsets: Ints, counter_clockwise: NDArray[np.bool_], triangles: Indices) -> tuple[Floats, Indices]:
    """Rings turned round where they run the other way than wanted, their triangles following."""
    if len(offsets) < 2:
        return xy, triangles.astype(np.uint32).reshape(-1, 3)
    cross = np.zeros(len(xy))
    cross[:-1] = xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]
    cross[offsets[1:] - 1] = 0.0
    area = np.add.reduceat(cross, offsets[:-1])
    turn = (area > 0) != counter_clockwise
    sizes = np.diff(offsets)
    place = np.arange(len(xy))
    mirrored = np.repeat(offsets[:-1] + offsets[1:] - 1, sizes) - place
    source = np.where(np.repeat(turn, sizes), mirrored, place)
    return xy[source], source[triangles].astype(np.uint32).reshape(-1, 3)
