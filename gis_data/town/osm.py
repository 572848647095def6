"""A town read from an OpenStreetMap file: divided along its own roads, with cameras beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
import shapely.errors

from gis_data.town.bad_town import BadTown
from gis_data.town.blocks import boundary_fit, graph_of
from gis_data.town.camera_sites import CameraPlan, place_cameras
from gis_data.town.cut import Box, cut_out
from gis_data.town.division import StreetWish, divide_grids, lonlat_carrier, name_areas, on_plane, share_out
from gis_data.town.faces import cut_faces, faces_of
from gis_data.town.flat import flat_lines, flat_rings, without_holes
from gis_data.town.generate import LEAST_FIT, Progress, check_town
from gis_data.town.geojson_folder import read_folder
from gis_data.town.osm_file import Content, read_file
from gis_data.town.outline import Outline, ground_of, outline_of
from gis_data.town.partition import BlockGraph, TooFewBlocks, components, divide
from gis_data.town.place_names import PlaceNames, name_of_file
from gis_data.town.plane import Plane
from gis_data.town.sea import sea_of
from gis_data.town.town import Addresses, Buildings, Patches, PatchKind, RoadClass, Roads, Town, TownArea
from governance.camera import Camera
from governance.places import Level, LonLat

CODE = "990001"
"""Stands for every town that carries no Chinese division code."""
UNKNOWN_EPOCH = "1970-01-01"
"""Stands for the day of data that do not say theirs."""
ATTRIBUTION = "© OpenStreetMap contributors, ODbL"
_GRID_KM2 = 0.19
_HOUSES_A_GRID = 40
_GRIDS_A_COMMUNITY = 3.7
_COMMUNITIES_A_STREET = 18
_CAMERAS_A_GRID = 7
_FEWEST_GRIDS = 4
_MOST_GRIDS = 5_000
_AROUND_M = 900.0


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """A file's content on the plane, in metres, in step with the content."""

    plane: Plane
    houses: npt.NDArray[np.object_]
    roads: npt.NDArray[np.object_]
    road_class: npt.NDArray[np.uint8]
    visible: npt.NDArray[np.bool_]
    """Roads that are not underground."""
    water: npt.NDArray[np.object_]
    streams: npt.NDArray[np.object_]
    boundaries: npt.NDArray[np.object_]


def read_osm(path: Path | str, grids: int | None = None, progress: Progress | None = None, within: Box | None = None) -> Town:
    """The town of a .osm.pbf, .osm, .osm.gz or .osm.bz2 file, or of a folder of GeoJSON layers, divided into so many grids.

    As many as suit it where no number is given; only what lies `within` a rectangle where one is. `progress(share, what)`
    is called on the calling thread. Raises BadTown with one reason where the file is missing, empty, damaged, not
    OpenStreetMap, without roads (a file also without buildings), or too small for the grids.
    """
    if grids is not None and not 1 <= grids <= _MOST_GRIDS:
        raise BadTown("bad_grids", f"{grids}, 1-{_MOST_GRIDS}")
    try:
        return _make_town(Path(path), grids, progress or (lambda _share, _what: None), within)
    except shapely.errors.GEOSException as error:
        # Shapes no map should have (found by no check before): the file is to blame, and its reader gets one line.
        raise BadTown("damaged", str(error)[:120]) from error


def _make_town(path: Path, grids: int | None, tell: Progress, within: Box | None) -> Town:
    tell(0.0, "reading")
    content = read_folder(path) if path.is_dir() else read_file(path)
    if within is not None:
        content = cut_out(content, within)
    if not content.roads:
        raise BadTown("no_roads", path.name)
    scene = _lay_out(content)
    tell(0.4, "grids")
    outline = outline_of(content, scene.houses, scene.boundaries) if len(scene.houses) else ground_of(scene.roads)
    names = PlaceNames(content, scene.plane, scene.roads)
    title = outline.name or names.town() or name_of_file(path) or CODE
    areas, shapes, fit = _follow_roads(scene, outline, grids, title, names)
    tell(0.8, "cameras")
    cameras = _cameras(content, scene, areas, shapes)
    water, land = _surfaces(content, scene, outline)
    tell(1.0, "done")
    return Town(
        name=title,
        code=CODE,
        seed=0,
        attribution=ATTRIBUTION,
        origin=scene.plane.origin,
        epoch=content.epoch or UNKNOWN_EPOCH,
        areas=areas,
        buildings=_buildings(content),
        roads=Roads(*flat_lines(content.roads, _as_read), scene.road_class, tuple(content.road_names)),
        water=water,
        land=land,
        cameras=cameras,
        boundary_fit=fit,
    )


def _cameras(
    content: Content, scene: _Scene, areas: tuple[TownArea, ...], shapes: npt.NDArray[np.object_]
) -> tuple[Camera, ...]:
    """Cameras along the visible roads that carry vehicles; along paths where there are no others."""
    driven = np.flatnonzero(scene.visible & (scene.road_class < RoadClass.PATH))
    rows = driven if len(driven) else np.arange(len(scene.roads))
    codes = [area.code for area in areas if area.level is Level.GRID]
    sites = CameraPlan(
        [shapely.get_coordinates(scene.roads[k]) for k in rows],
        scene.road_class[rows],
        tuple(content.road_names[k] for k in rows),
        shapes,
        codes,
    )
    rng = np.random.default_rng([len(codes), len(content.roads), 20])
    return place_cameras(sites, len(codes) * _CAMERAS_A_GRID, lonlat_carrier(scene.plane), rng)


def _lay_out(content: Content) -> _Scene:
    """The content on a plane centred on its houses; on its roads where it has none."""
    spots = shapely.get_coordinates(shapely.centroid(np.array(content.buildings, dtype=object)))
    spots = spots if len(spots) else np.concatenate(content.roads)
    if np.ptp(spots[:, 0]) > 350:
        raise BadTown("antimeridian")
    if np.ptp(spots[:, 0]) > 10 or np.ptp(spots[:, 1]) > 10:
        raise BadTown("too_large", "more than 10 degrees across")
    lon, lat = np.median(spots, axis=0).round(5).tolist()
    plane = Plane(LonLat(lon, lat))

    def carry(shapes: list[Any]) -> npt.NDArray[np.object_]:
        return on_plane(np.array([*shapes, None], dtype=object)[:-1], plane)

    water = shapely.make_valid(carry([shape for shape, _, _ in content.water]))
    return _Scene(
        plane=plane,
        houses=carry(content.buildings),
        roads=carry([shapely.LineString(line) for line in content.roads]),
        road_class=np.array(content.road_classes, np.uint8),
        visible=~np.array(content.underground, bool),
        water=water,
        streams=carry([shapely.LineString(line) for line in [*content.streams, *content.coast]]),
        boundaries=shapely.make_valid(carry([shape for _, _, shape in content.boundaries])),
    )


def _follow_roads(
    scene: _Scene, outline: Outline, grids: int | None, title: str, names: PlaceNames
) -> tuple[tuple[TownArea, ...], npt.NDArray[np.object_], float]:
    """The areas, the grids in metres, and their boundary fit.

    Where the number of grids is left open, fewer are made until enough of their boundaries follow roads or water.
    """
    wanted = grids if grids is not None else _usual_grids(outline, scene)
    while True:
        areas = _divide(scene, outline, wanted, title, names)
        grid_areas = [area.polygon for area in areas if area.level is Level.GRID]
        shapes = on_plane(np.array(grid_areas, dtype=object), scene.plane)
        fit = boundary_fit(shapes, scene.roads[scene.visible], np.concatenate([scene.water, scene.streams]))
        check_town(areas, fit, least_fit=0.0)
        if grids is not None or fit >= LEAST_FIT or wanted <= _FEWEST_GRIDS:
            return areas, shapes, fit
        wanted = max(_FEWEST_GRIDS, wanted * 2 // 3)


def _usual_grids(outline: Outline, scene: _Scene) -> int:
    """As many grids as a Chinese district has for so much ground and so many houses; at least four."""
    inside = shapely.contains(outline.shape, shapely.centroid(scene.houses)).sum()
    return int(np.clip(round(max(outline.shape.area / 1e6 / _GRID_KM2, inside / _HOUSES_A_GRID)), _FEWEST_GRIDS, _MOST_GRIDS))


def _divide(scene: _Scene, outline: Outline, grids: int, title: str, names: PlaceNames) -> tuple[TownArea, ...]:
    """Street, community and grid boundaries along the town's roads and waters."""
    lines, line_class = scene.roads[scene.visible], scene.road_class[scene.visible]
    shores = np.concatenate([shapely.boundary(scene.water), scene.streams])
    rims = np.array([shapely.boundary(shape) for _, shape in outline.quarters], dtype=object)
    faces = faces_of(outline.shape, lines, line_class, np.concatenate([shores, rims]), grids)
    faces = cut_faces(faces, outline.shape.area, grids)
    everything = np.concatenate([lines, shores])
    classes = np.concatenate([line_class, np.full(len(shores), RoadClass.STREET, np.uint8)])
    graph = graph_of(faces, _people(faces, scene), everything, classes)
    streets, street_names = _streets(faces, graph, outline, grids)
    weights = np.array([graph.weights[street].sum() for street in streets])
    room = np.array([len(street) for street in streets])
    communities = max(len(streets), round(grids / _GRIDS_A_COMMUNITY))
    units = share_out(weights, room, min(communities, grids)).tolist()
    leaves = divide_grids(graph, streets, units, grids)
    labels = names.streets([shapely.union_all(faces[street]) for street in streets], street_names)
    wishes = [
        StreetWish(f"{CODE}{number:03d}", label, "街道", ("",) * count)
        for number, (label, count) in enumerate(zip(labels, units, strict=True), start=1)
    ]
    carry = lonlat_carrier(scene.plane)
    rural = np.zeros(len(faces))
    return name_areas(faces, leaves, wishes, (CODE, title, "区"), carry, names.communities, rural, names.grids)


def _people(faces: npt.NDArray[np.object_], scene: _Scene) -> npt.NDArray[np.float64]:
    """How much of a grid each face fills: half by its houses' ground, half by its own."""
    centres = shapely.centroid(scene.houses)
    house, face = shapely.STRtree(faces).query(centres, predicate="within")
    built = np.bincount(face, weights=shapely.area(scene.houses[house]), minlength=len(faces))
    ground = shapely.area(faces)
    return np.asarray(0.6 * built / max(built.sum(), 1.0) + 0.4 * ground / ground.sum()) * 1000.0


def _streets(
    faces: npt.NDArray[np.object_], graph: BlockGraph, outline: Outline, grids: int
) -> tuple[list[list[int]], list[str]]:
    """The faces of each street, and its name where it is an administrative area."""
    count = max(1, round(grids / _GRIDS_A_COMMUNITY / _COMMUNITIES_A_STREET))
    if not outline.quarters or len(outline.quarters) > grids:
        try:
            return divide(graph, range(len(faces)), [1.0] * count), [""] * count
        except TooFewBlocks as error:
            raise BadTown("too_many_grids", str(error)) from None
    spots = shapely.point_on_surface(faces)
    quarters = np.array([shape for _, shape in outline.quarters], dtype=object)
    nearest = shapely.STRtree(quarters).nearest(spots)
    streets: list[list[int]] = [np.flatnonzero(nearest == k).tolist() for k in range(len(quarters))]
    kept = [_connected(graph, street) for street in streets]
    owner = np.full(len(faces), -1)
    for k, street in enumerate(kept):
        owner[street] = k
    while (owner < 0).any():
        for face in np.flatnonzero(owner < 0).tolist():
            beside = {other: cost for other, cost in graph.neighbours[face].items() if owner[other] >= 0}
            if beside:
                owner[face] = owner[max(beside, key=lambda other: (beside[other], -other))]
    filled = [k for k in range(len(quarters)) if (owner == k).any()]
    return [np.flatnonzero(owner == k).tolist() for k in filled], [outline.quarters[k][0] for k in filled]


def _connected(graph: BlockGraph, street: list[int]) -> list[int]:
    """The heaviest connected piece of a street."""
    pieces = components(graph.neighbours, set(street))
    return max(pieces, key=lambda piece: float(graph.weights[piece].sum())) if pieces else []


def _as_read(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.round(degrees, 9)


def _buildings(content: Content) -> Buildings:
    rings: list[npt.NDArray[np.float64]] = []
    heights, kinds, names = [], [], []
    first: list[int] = []
    for shape, height, kind, name in zip(
        content.buildings, content.heights_m, content.building_kinds, content.building_names, strict=True
    ):
        pieces = without_holes(shape)
        first.append(len(rings) if pieces else -1)
        for piece in pieces:
            rings.append(shapely.get_coordinates(piece.exterior))
            heights.append(height)
            kinds.append(kind)
            names.append(name)
    flat = flat_lines(rings, _as_read)
    known = _addresses(content, np.array([*first, -1], np.int64))
    return Buildings(*flat, np.array(heights, np.float32), np.array(kinds, np.uint8), tuple(names), known)


def _addresses(content: Content, first: npt.NDArray[np.int64]) -> Addresses:
    """The numbers of the file: first those written on buildings, then those of entrances, each with the building it is in.

    `first` is the first row of each building, as one with a courtyard is several and one without ground none (-1); and -1
    behind them.
    """
    rows = sorted(content.addresses, key=lambda row: row[4] < 0)
    places = np.array([row[2:4] for row in rows], np.float64).reshape(-1, 2)
    building = np.array([row[4] for row in rows], np.int64)
    loose = np.flatnonzero(building < 0)
    spot, house = shapely.STRtree(content.buildings).query(shapely.points(places[loose]), predicate="intersects")
    building[loose[spot]] = house
    return Addresses(_as_read(places), first[building], tuple(row[0] for row in rows), tuple(row[1] for row in rows))


def _surfaces(content: Content, scene: _Scene, outline: Outline) -> tuple[Patches, Patches]:
    """Water and land around the district, the sea included, in longitude and latitude."""
    frame = shapely.box(*outline.shape.bounds).buffer(_AROUND_M, join_style="mitre")
    carry = lonlat_carrier(scene.plane)
    coast = [shapely.get_coordinates(line) for line in scene.streams[len(content.streams) :]]
    water = [(part, kind, name) for part, (_, kind, name) in zip(scene.water, content.water, strict=True)]
    water += [(part, PatchKind.SEA, "") for part in sea_of(coast, frame)]
    ground = content.land
    covers = shapely.make_valid(on_plane(np.array([*(part for part, _, _ in ground), None], dtype=object)[:-1], scene.plane))
    land = [(part, kind, name) for part, (_, kind, name) in zip(covers, ground, strict=True)]
    return _patches(water, frame, carry), _patches(land, frame, carry)


def _patches(surfaces: list[tuple[Any, PatchKind, str]], frame: Any, carry: Any) -> Patches:
    """Surfaces clipped to the frame, the large ones first so that the small ones lie on top."""
    clipped = [(shape.intersection(frame), kind, name) for shape, kind, name in surfaces]
    clipped = sorted((row for row in clipped if not row[0].is_empty), key=lambda row: -row[0].area)
    return flat_rings([row[0] for row in clipped], [row[1] for row in clipped], [row[2] for row in clipped], carry)
