"""The cameras of a seeded town: whose each is, and what they are gathered by."""

from __future__ import annotations

from uuid import UUID

import shapely

from gis_data.town.camera_sites import roads_told
from gis_data.town.town import RoadClass, Town
from governance.camera import Camera, GroupKind
from governance.places import CODE_DIGITS, Level, at_level
from server.ledger.copying import copy_rows
from server.ledger.ids import new_id
from server.ledger.ledger import Connection
from server.ledger.seed_people import DEPARTMENTS, Units
from server.ledger.tables.columns import SRID

PLATFORM_OF_OWNER = {"公安": "综治", "城管": "执法", "食药监": "监管"}
"""Source system -> the department that keeps its cameras. Whatever else there is belongs to the centre of its street."""
ROUTE_OF_CLASS = {RoadClass.EXPRESSWAY: "快速路", RoadClass.ARTERIAL: "主干路"}
"""The roads that are driven along as routes."""
STREETS = "各街道综合指挥室"
"""The branch of those that belong to the centre of their street."""

Path = tuple[str, ...]


def seed_cameras(connection: Connection, town: Town, units: Units) -> None:
    """All cameras of the town, each in its grid, with its unit and in its groups; areas and units stand already."""
    cameras = town.cameras
    places = shapely.set_srid(shapely.points([(c.place.lon, c.place.lat) for c in cameras]), SRID) if cameras else []
    points = shapely.to_wkb(places, hex=True, include_srid=True)
    copy_rows(
        connection,
        "camera",
        "id, name, place, grid_code, owner, heading_deg, field_of_view_deg, range_m, share_level, state, unit",
        (
            (
                *(c.id, c.name, point, c.grid, c.owner, c.heading_deg, c.field_of_view_deg, c.range_m, c.share_level),
                *(c.state.value, _unit_of(c, units)),
            )
            for c, point in zip(cameras, points, strict=True)
        ),
    )
    _seed_groups(connection, town)


def _unit_of(camera: Camera, units: Units) -> UUID:
    """The department of its source system, or the centre of its street."""
    platform = PLATFORM_OF_OWNER.get(camera.owner)
    return units.departments[platform] if platform else units.streets[at_level(camera.grid, Level.STREET)]


def _seed_groups(connection: Connection, town: Town) -> None:
    """Every camera with those of its department in its street, of its community, and of the large roads it stands at."""
    names = {area.code: area.name for area in town.areas}
    routes: dict[str, Path] = {
        name: (ROUTE_OF_CLASS[RoadClass(kind)], name)
        for name, kind in sorted(zip(town.roads.names, town.roads.road_class.tolist(), strict=True), key=lambda each: -each[1])
        if name and kind in ROUTE_OF_CLASS
    }
    groups: dict[Path, UUID] = {}
    rows: list[tuple[UUID, str, UUID | None, str]] = []
    members: list[tuple[UUID, str]] = []
    for camera in town.cameras:
        for path in _paths(camera, names, routes):
            for depth in range(2, len(path) + 1):
                if path[:depth] not in groups:
                    groups[path[:depth]] = new_id()
                    rows.append((groups[path[:depth]], path[0], groups.get(path[: depth - 1]), path[depth - 1]))
            members.append((groups[path], camera.id))
    copy_rows(connection, "camera_group", "id, kind, parent, name", rows)
    copy_rows(connection, "camera_membership", "camera_group, camera", members)


def _paths(camera: Camera, names: dict[str, str], routes: dict[str, Path]) -> list[Path]:
    """The groups of a camera: the kind, and the names from the top down."""
    street, community = (names[camera.grid[: CODE_DIGITS[level]]] for level in (Level.STREET, Level.COMMUNITY))
    platform = PLATFORM_OF_OWNER.get(camera.owner)
    department = (dict(DEPARTMENTS)[platform], street) if platform else (STREETS, street)
    along = {routes[road] for road in roads_told(camera.name) if road in routes}
    return [
        (GroupKind.DEPARTMENT.value, *department),
        (GroupKind.PLACE.value, street, community),
        *((GroupKind.ROUTE.value, *route) for route in sorted(along)),
    ]
