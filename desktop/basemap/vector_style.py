"""What the layers of vector tiles are, told by the names that the common schemes use; plain.

These are OpenMapTiles, Protomaps, Shortbread and Mapbox. Names of places and roads are left to the map's own labels.
"""

from __future__ import annotations

from enum import StrEnum

from gis_data.basemap.vector_tile import Shape, Value


class Role(StrEnum):
    """What a feature is drawn as, the first at the bottom."""

    LAND = "land"
    GREEN = "green"
    BUILT = "built"
    FIELD = "field"
    WATER = "water"
    BUILDING = "building"
    WATERWAY = "waterway"
    RAIL = "rail"
    ROAD_4 = "road_4"
    ROAD_3 = "road_3"
    ROAD_2 = "road_2"
    ROAD_1 = "road_1"
    ROAD_0 = "road_0"
    OTHER = "other"
    """A layer nobody knows, as a district's own: its outline."""


ROADS = (Role.ROAD_0, Role.ROAD_1, Role.ROAD_2, Role.ROAD_3, Role.ROAD_4)
_WATER = {"water", "ocean", "water_polygons", "lake", "sea"}
_WATERWAY = {"waterway", "water_lines", "waterways", "physical_line"}
_LAND = {"landcover", "landuse", "land", "landuse_overlay", "park", "natural", "earth", "sites", "globallandcover"}
_BUILDING = {"building", "buildings"}
_ROAD = {"transportation", "roads", "road", "streets", "highway", "street_polygons", "transit"}
_LEFT_OUT = {
    "boundary", "boundaries", "admin", "place", "places", "place_label", "poi", "pois", "poi_label", "housenumber", "addresses",
    "transportation_name", "water_name", "street_labels", "street_labels_points", "boundary_labels", "water_polygons_labels",
    "water_lines_labels", "road_label", "mountain_peak", "aerodrome_label", "aeroway", "contour", "hillshade", "bridges",
    "public_transport", "ferries", "aerialways", "dam_lines", "dam_polygons", "pier_lines", "pier_polygons", "place_labels",
    "motorway_junction", "natural_label", "airport_label", "structure", "labels",
}  # fmt: skip
_KIND_KEYS = ("class", "kind", "highway", "type", "subclass", "kind_detail")
_RANK = {
    "motorway": 0, "trunk": 0, "primary": 0, "highway": 0, "motorway_link": 1, "trunk_link": 1, "primary_link": 1,
    "secondary": 1, "major_road": 1, "secondary_link": 2, "tertiary": 2, "medium_road": 2, "tertiary_link": 3, "street": 3,
    "minor": 3, "minor_road": 3, "residential": 3, "unclassified": 3, "living_street": 3, "service": 3, "street_limited": 3,
    "busway": 3, "road": 3, "pedestrian": 4, "path": 4, "footway": 4, "cycleway": 4, "steps": 4, "track": 4, "other": 4,
    "bridleway": 4, "driveway": 4,
}  # fmt: skip
_RAIL = {"rail", "railway", "transit", "subway", "light_rail", "tram", "narrow_gauge", "monorail", "major_rail", "minor_rail"}
_GREEN = {
    "park", "wood", "forest", "grass", "garden", "scrub", "meadow", "national_park", "nature_reserve", "recreation_ground",
    "cemetery", "pitch", "golf_course", "village_green", "grassland", "tree", "green", "protected_area", "shrub", "wetland",
}  # fmt: skip
_FIELD = {"farmland", "farm", "orchard", "vineyard", "crop", "cropland", "farmyard", "allotments", "agriculture"}
_BUILT = {
    "residential", "commercial", "industrial", "retail", "school", "university", "hospital", "railway", "military", "quarry",
    "urban_area", "suburb", "neighbourhood", "built_up", "kindergarten", "college", "parking",
}  # fmt: skip


def role_of(layer: str, shape: Shape, said: dict[str, Value]) -> Role | None:
    """What a feature is drawn as; None where it is not drawn."""
    name = layer.lower()
    if shape in (Shape.POINT, Shape.UNKNOWN) or name in _LEFT_OUT:
        return None
    kind = next((str(said[key]).lower() for key in _KIND_KEYS if key in said), "")
    if name in _WATER or name in _WATERWAY:
        if shape is Shape.AREA:
            return Role.WATER
        return Role.WATERWAY if name in _WATERWAY or kind in ("river", "canal", "stream", "ditch", "drain") else None
    if name in _BUILDING:
        return Role.BUILDING if shape is Shape.AREA else None
    if name in _ROAD:
        return _road(kind, said) if shape is Shape.LINE else None
    if name in _LAND:
        return _ground(name, kind) if shape is Shape.AREA else None
    return Role.OTHER


def _road(kind: str, said: dict[str, Value]) -> Role | None:
    if kind in _RAIL or said.get("rail") is True:
        return Role.RAIL
    if kind in ("ferry", "pier", "aeroway"):
        return None
    return ROADS[_RANK.get(kind, 3)]


def _ground(name: str, kind: str) -> Role | None:
    if name == "earth":
        return Role.LAND
    for role, kinds in ((Role.GREEN, _GREEN), (Role.FIELD, _FIELD), (Role.BUILT, _BUILT)):
        if kind in kinds:
            return role
    return Role.GREEN if name == "park" else None
