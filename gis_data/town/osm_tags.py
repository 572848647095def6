"""What OpenStreetMap's tags mean for a town: road classes, heights of buildings, kinds of water and land."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from gis_data.town.town import BuildingKind, PatchKind, RoadClass

STOREY_M = 3.0
MAX_HEIGHT_M = 900.0
MOST_NUMBERS = 200
"""So many house numbers one thing may carry; OpenStreetMap's longest value holds fewer."""
MOST_LETTERS = 1_000
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

ROADS = {
    "motorway": RoadClass.EXPRESSWAY,
    "trunk": RoadClass.EXPRESSWAY,
    "primary": RoadClass.ARTERIAL,
    "secondary": RoadClass.ARTERIAL,
    "tertiary": RoadClass.STREET,
    "unclassified": RoadClass.STREET,
    "residential": RoadClass.STREET,
    "living_street": RoadClass.LANE,
    "pedestrian": RoadClass.LANE,
    "service": RoadClass.LANE,
    "road": RoadClass.LANE,
    "track": RoadClass.PATH,
    "footway": RoadClass.PATH,
    "path": RoadClass.PATH,
    "steps": RoadClass.PATH,
    "cycleway": RoadClass.PATH,
    "bridleway": RoadClass.PATH,
    "trail": RoadClass.PATH,
}

_KINDS = {
    BuildingKind.HOUSING: "apartments residential house detached terrace dormitory semidetached_house bungalow villa",
    BuildingKind.OFFICE: "office commercial government public civic townhall hotel",
    BuildingKind.SHOP: "retail supermarket kiosk mall shop market",
    BuildingKind.INDUSTRY: "industrial warehouse factory manufacture hangar storage_tank",
    BuildingKind.SCHOOL: "school university college kindergarten",
    BuildingKind.HOSPITAL: "hospital clinic",
    BuildingKind.VILLAGE_HOUSE: "farm farm_auxiliary barn cabin shed hut garage garages carport greenhouse roof",
    BuildingKind.STATION: "train_station station transportation",
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}

# Metres, where a building has neither a height nor levels: four storeys in general, and what is usual for its kind.
DEFAULT_HEIGHT_M = {
    BuildingKind.OTHER: 9.0,
    BuildingKind.HOUSING: 12.0,
    BuildingKind.OFFICE: 15.0,
    BuildingKind.SHOP: 8.0,
    BuildingKind.INDUSTRY: 9.0,
    BuildingKind.SCHOOL: 12.0,
    BuildingKind.HOSPITAL: 18.0,
    BuildingKind.VILLAGE_HOUSE: 4.0,
    BuildingKind.STATION: 12.0,
}

_WATERS = {"river": PatchKind.RIVER, "riverbank": PatchKind.RIVER, "canal": PatchKind.CANAL, "dock": PatchKind.CANAL}
_LANDS = {
    ("leisure", "park"): PatchKind.PARK,
    ("leisure", "garden"): PatchKind.PARK,
    ("leisure", "pitch"): PatchKind.PARK,
    ("leisure", "golf_course"): PatchKind.PARK,
    ("landuse", "grass"): PatchKind.PARK,
    ("landuse", "recreation_ground"): PatchKind.PARK,
    ("landuse", "cemetery"): PatchKind.PARK,
    ("landuse", "village_green"): PatchKind.PARK,
    ("landuse", "forest"): PatchKind.FOREST,
    ("natural", "wood"): PatchKind.FOREST,
    ("natural", "scrub"): PatchKind.FOREST,
    ("landuse", "farmland"): PatchKind.FARMLAND,
    ("landuse", "meadow"): PatchKind.FARMLAND,
    ("landuse", "vineyard"): PatchKind.FARMLAND,
    ("landuse", "orchard"): PatchKind.FARMLAND,
    ("landuse", "residential"): PatchKind.HOUSING,
    ("landuse", "commercial"): PatchKind.COMMERCE,
    ("landuse", "retail"): PatchKind.COMMERCE,
    ("landuse", "industrial"): PatchKind.INDUSTRY,
    ("landuse", "railway"): PatchKind.INDUSTRY,
    ("amenity", "school"): PatchKind.SCHOOL,
    ("amenity", "university"): PatchKind.SCHOOL,
    ("place", "square"): PatchKind.SQUARE,
}


def road_class(tags: Mapping[str, str]) -> RoadClass | None:
    """The class of a way; None where it is no road that can be used (planned, indoors, a platform)."""
    word = tags.get("highway", "").removesuffix("_link")
    if tags.get("area") == "yes":
        return None
    return ROADS.get(word)


def is_underground(tags: Mapping[str, str]) -> bool:
    """Whether a road runs in a tunnel or below ground, where no boundary can be seen to follow it."""
    return tags.get("tunnel", "no") not in ("no", "") or tags.get("layer", "0").startswith("-")


def building_kind(tags: Mapping[str, str]) -> BuildingKind:
    """What a building is used for."""
    for key in ("building", "amenity", "building:use", "shop", "office"):
        if key in ("shop", "office") and key in tags:
            return BuildingKind.SHOP if key == "shop" else BuildingKind.OFFICE
        if (kind := _KIND_OF.get(tags.get(key, ""))) is not None:
            return kind
    return BuildingKind.OTHER


def building_height_m(tags: Mapping[str, str], kind: BuildingKind) -> float:
    """Height above ground: the height tag, else 3 m for each level, else the default of the kind."""
    height = _metres(tags.get("height") or tags.get("building:height") or "")
    if height is None and (levels := _number(tags.get("building:levels", ""))) is not None:
        height = levels * STOREY_M + (_number(tags.get("roof:levels", "")) or 0.0) * STOREY_M
    if height is None or height <= 0:
        height = DEFAULT_HEIGHT_M[kind]
    return min(height, MAX_HEIGHT_M)


def water_kind(tags: Mapping[str, str]) -> PatchKind | None:
    """What water an area is; None where it is none (a swimming pool is a building's matter)."""
    if tags.get("natural") == "water" or "waterway" in tags or tags.get("landuse") in ("reservoir", "basin"):
        return _WATERS.get(tags.get("water") or tags.get("waterway", ""), PatchKind.LAKE)
    return None


def land_kind(tags: Mapping[str, str]) -> PatchKind | None:
    """What covers an area; None where the map has nothing to show for it."""
    for key in ("leisure", "landuse", "natural", "amenity", "place"):
        if (kind := _LANDS.get((key, tags.get(key, "")))) is not None:
            return kind
    return None


def name_of(tags: Mapping[str, str]) -> str:
    """The local name, in one line of at most 60 characters."""
    return line_of(tags.get("name") or tags.get("name:zh") or "")


def addresses_of(tags: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Street (or named place) and house numbers of a thing; no numbers where it lacks either."""
    street = line_of(tags.get("addr:street") or tags.get("addr:place") or "")
    written = re.split(r"[;,]", tags.get("addr:housenumber", ""), maxsplit=MOST_NUMBERS)[:MOST_NUMBERS]
    numbers = tuple(dict.fromkeys(line_of(number)[:20] for number in written))
    return street, tuple(number for number in numbers if number and street)


def line_of(text: str) -> str:
    """A name as it is kept: one line of at most 60 characters, none of which no ledger takes or that turns others round."""
    plain = text[:MOST_LETTERS].replace("\u2019", "'")  # a Chinese font has U+2019 as wide as a character
    shown = (" " if unicodedata.category(each) == "Cc" else each for each in plain if not _is_unfit(each))
    return " ".join("".join(shown).split())[:60]


def _is_unfit(character: str) -> bool:
    """Half of a character that was cut in two, or one that only changes the direction of those behind it."""
    return unicodedata.category(character) == "Cs" or character in _TURNS


def _metres(text: str) -> float | None:
    """Metres out of '12', '12 m', '12,5' or 40' 6\"; None where it says nothing."""
    feet = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:'|ft)\s*(?:(\d+(?:\.\d+)?)\s*\")?\s*", text)
    if feet:
        return float(feet[1]) * 0.3048 + float(feet[2] or 0) * 0.0254
    return _number(re.sub(r"\s*m(etres?|eters?)?\s*$", "", text))


def _number(text: str) -> float | None:
    match = re.fullmatch(r"\s*(\d{1,4}(?:[.,]\d{1,3})?)\s*", text)
    return float(match[1].replace(",", ".")) if match else None
