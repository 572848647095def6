"""What a WMTS offers, read from its capabilities: layers, their cuts, and how a tile is asked for; no requests here."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from gis_data.basemap.address import LONGEST, checked, place_of
from gis_data.basemap.source import WHOLE_EARTH, Unreadable, Wrong
from gis_data.basemap.squares import (
    FARTHEST_M,
    HALF_WORLD_M,
    METRES_PER_DEGREE,
    MOST_LEVELS,
    SHORTEST_TILE_M,
    Cut,
    Level,
    Projection,
)

PIXEL_M = 0.000_28
"""A pixel as the standard has it."""
OTHER_PIXEL_M = 0.025_4 / 96
"""A pixel as Tianditu counts it: its scales are those of 96 pixels to an inch."""
MOST_CAPABILITIES_BYTES = 16_000_000
PIECE_BYTES = 65_536
MOST_DEEP, MOST_ELEMENTS = 64, 300_000
MOST_OFFERS = 200
LONGEST_WORD = 200
"""Letters of a name of the service's; of a title no more are read."""
_MERCATOR = ("3857", "900913", "3785", "102100", "102113")
_DEGREES = ("4490", "4326", "CRS84")
_OWN = {"service", "request", "version", "layer", "style", "format", "tilematrixset", "tilematrix", "tilerow", "tilecol"}
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/jpg", "image/png8", "tiles", "image/gif")
_SHORTEST_TILE_PX, _LONGEST_TILE_PX = 16, 2048


@dataclass(frozen=True, slots=True)
class Offer:
    """One layer in one cut. `template` holds {TileMatrix}, {TileRow} and {TileCol}."""

    layer: str
    title: str
    matrix_set: str
    cut: Cut
    template: str
    bounds: tuple[float, float, float, float]
    attribution: str


class _Plain(ET.TreeBuilder):
    """Builds a tree of a document that declares no type, as entities that could grow need one, and is neither deep nor vast."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = self._elements = 0

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:
        """An element begins."""
        self._depth += 1
        self._elements += 1
        if self._depth > MOST_DEEP or self._elements > MOST_ELEMENTS:
            raise Unreadable(Wrong.TOO_LARGE)
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        """And it ends."""
        self._depth -= 1
        return super().end(tag)

    def doctype(self, _name: str, _pubid: str | None, _system: str | None) -> None:
        """A document type: no capabilities have one."""
        raise Unreadable(Wrong.BAD_CAPABILITIES, "DOCTYPE")


def read_offers(document: bytes, address: str) -> tuple[Offer, ...]:
    """What a service offers that can be drawn, in the order of its document; raises Unreadable where that is nothing.

    `address` is where the document came from: what its query says beside the words of WMTS, as a key, goes with every tile.
    """
    if len(document) > MOST_CAPABILITIES_BYTES:
        raise Unreadable(Wrong.TOO_LARGE)
    root = _root(document)
    if _tag(root) != "Capabilities":
        raise Unreadable(Wrong.BAD_CAPABILITIES, _tag(root)[:40])
    cuts = {_said(each, "Identifier"): _cut(each) for each in _all(root, "Contents", "TileMatrixSet")}
    known = {name: cut for name, cut in cuts.items() if cut is not None}
    asked, owner = _asked_at(root) or address, _said(root, "ServiceIdentification", "Title")[:LONGEST_WORD]
    found = (offer for layer in _all(root, "Contents", "Layer") for offer in _of_layer(layer, known, asked, address, owner))
    offers = tuple(islice(found, MOST_OFFERS))
    if not offers:
        raise Unreadable(Wrong.NO_LAYER)
    return offers


def _root(document: bytes) -> ET.Element:
    """The tree of a document. It is read piece by piece: what is wrong in one ends it before the next."""
    parser = ET.XMLParser(target=_Plain())
    try:
        for at in range(0, len(document), PIECE_BYTES):
            parser.feed(document[at : at + PIECE_BYTES])
        return parser.close()
    except (ET.ParseError, ValueError, LookupError):
        raise Unreadable(Wrong.BAD_CAPABILITIES) from None


def _of_layer(layer: ET.Element, cuts: dict[str, Cut], asked: str, address: str, owner: str) -> Iterator[Offer]:
    name = _said(layer, "Identifier")
    formats = [(each.text or "").strip() for each in _all(layer, "Format")]
    drawn = next((each for each in formats if each.lower().partition(";")[0] in _PICTURES), None)
    if not name or (formats and drawn is None):
        return
    styles = list(_all(layer, "Style"))
    first = next((each for each in styles if each.get("isDefault") in ("true", "1")), styles[0] if styles else None)
    style = _said(first, "Identifier") if first is not None else ""
    template = next(
        (each.get("template", "") for each in _all(layer, "ResourceURL") if each.get("resourceType") == "tile"
         and (each.get("format", "") == drawn or drawn is None)), "",
    )  # fmt: skip
    too_long = len(template or asked) > LONGEST or max(len(name), len(style)) > LONGEST_WORD
    if too_long or place_of(template or asked) is None:
        return
    title, bounds = _said(layer, "Title")[:LONGEST_WORD] or name, _bounds(layer)
    for link in _all(layer, "TileMatrixSetLink"):
        matrix_set = _said(link, "TileMatrixSet")
        if matrix_set not in cuts or len(matrix_set) > LONGEST_WORD:
            continue
        if template:
            filled = template.replace("{Style}", style).replace("{style}", style).replace("{TileMatrixSet}", matrix_set)
        else:
            filled = _by_words(asked, {"LAYER": name, "STYLE": style, "TILEMATRIXSET": matrix_set, "FORMAT": drawn or "tiles"})
        if len(filled) > LONGEST:
            continue
        try:
            whole = checked(_with_extras(filled, address))
        except Unreadable:
            continue
        yield Offer(name, title, matrix_set, cuts[matrix_set], whole, bounds, owner)


def _by_words(asked: str, words: dict[str, str]) -> str:
    """A template of GetTile in keyword-value pairs."""
    parts = urlsplit(asked)
    kept = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key.lower() not in _OWN]
    fixed = {"SERVICE": "WMTS", "REQUEST": "GetTile", "VERSION": "1.0.0", **words}
    query = urlencode([*kept, *fixed.items()])
    return urlunsplit(parts._replace(query=f"{query}&TILEMATRIX={{TileMatrix}}&TILEROW={{TileRow}}&TILECOL={{TileCol}}"))


def _with_extras(template: str, address: str) -> str:
    """A template with what the address of the capabilities said beside the words of WMTS, where it asks the same service."""
    if not _is_same_service(template, address):
        return template
    parts = urlsplit(template)
    if parts.scheme == "http" and urlsplit(address).scheme == "https":
        template = urlunsplit(parts._replace(scheme="https", netloc=parts.netloc.removesuffix(":80")))
    has = {key.lower() for key, _ in parse_qsl(parts.query, keep_blank_values=True)}
    pairs = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    extras = urlencode([(key, value) for key, value in pairs if key.lower() not in _OWN | has])
    if not extras:
        return template
    return f"{template}{'&' if '?' in template else '?'}{extras}"


def _is_same_service(template: str, address: str) -> bool:
    """Whether both ask one host at one port, or hosts of one name that differ in a number, as t0 and t7 of Tianditu do."""
    there, typed = place_of(template), place_of(address)
    if there is None or typed is None or {"@", "{"} & set(urlsplit(template).netloc):
        return False
    usual = {"http": 80, "https": 443}
    ports = [None if usual.get(scheme) == port else port for scheme, _, port in (there, typed)]
    return ports[0] == ports[1] and _without_number(there[1]) == _without_number(typed[1])


def _without_number(host: str) -> str:
    """A host without the number it has among those of its domain; the last three parts of a name always count."""
    first, _, domain = host.partition(".")
    letters = first.rstrip("0123456789")
    return f"{letters}.{domain}" if letters.isalpha() and domain.count(".") > 1 else host


def _cut(described: ET.Element) -> Cut | None:
    """The cut of a matrix set; None where it is in another projection or makes no sense."""
    system = _said(described, "SupportedCRS").rpartition(":")[2]
    if system in _MERCATOR:
        projection, unit_m = Projection.MERCATOR, 1.0
    elif system in _DEGREES:
        projection, unit_m = Projection.DEGREES, METRES_PER_DEGREE
    else:
        return None
    matrices = sorted(_all(described, "TileMatrix"), key=lambda each: -_number(each, "ScaleDenominator"))[:MOST_LEVELS]
    if not matrices:
        return None
    west, _ = _corner(matrices[0], projection)
    world = (2 * HALF_WORLD_M, 360.0)[projection is Projection.DEGREES]
    first_px = _number(matrices[0], "ScaleDenominator") * PIXEL_M / unit_m * _number(matrices[0], "TileWidth")
    pixel_m = PIXEL_M
    if math.isclose(west, -world / 2, rel_tol=1e-3) and not _halved(world, first_px):
        other = first_px * OTHER_PIXEL_M / PIXEL_M
        pixel_m = OTHER_PIXEL_M if _halved(world, other) else PIXEL_M
    levels = [_level(each, projection, pixel_m / unit_m) for each in matrices]
    known = tuple(level for level in levels if level is not None)
    return Cut(projection, known) if len(known) == len(levels) else None


def _halved(world: float, across: float) -> bool:
    """Whether a tile is the world halved a whole number of times."""
    if not SHORTEST_TILE_M / METRES_PER_DEGREE <= across <= FARTHEST_M:
        return False
    times = math.log2(world / across)
    return abs(times - round(times)) < 0.01


def _level(matrix: ET.Element, projection: Projection, unit_of_scale: float) -> Level | None:
    span = _number(matrix, "ScaleDenominator") * unit_of_scale
    width, height = _number(matrix, "TileWidth"), _number(matrix, "TileHeight")
    columns, rows = _number(matrix, "MatrixWidth"), _number(matrix, "MatrixHeight")
    west, north = _corner(matrix, projection)
    name = _said(matrix, "Identifier")
    sane = all(_SHORTEST_TILE_PX <= each <= _LONGEST_TILE_PX for each in (width, height))
    if not sane or not all(map(math.isfinite, (columns, rows))) or len(name) > LONGEST_WORD:
        return None
    level = Level(name, west, north, span * width, span * height, int(columns), int(rows), int(height))
    return level if level.is_possible(projection) else None


def _corner(matrix: ET.Element, projection: Projection) -> tuple[float, float]:
    """West and north of a matrix. Services differ in which they say first; which it is can be told from the numbers."""
    try:
        first, second = (float(part) for part in _said(matrix, "TopLeftCorner").split())
    except ValueError:
        return math.nan, math.nan
    if projection is Projection.DEGREES:
        return (first, second) if abs(first) > 90.0 else (second, first)
    return (second, first) if first > 0 > second else (first, second)


def _bounds(layer: ET.Element) -> tuple[float, float, float, float]:
    box = next(_all(layer, "WGS84BoundingBox"), None)
    if box is None:
        return WHOLE_EARTH
    try:
        west, south = (float(part) for part in _said(box, "LowerCorner").split())
        east, north = (float(part) for part in _said(box, "UpperCorner").split())
    except ValueError:
        return WHOLE_EARTH
    return (west, south, east, north) if west < east and south < north else WHOLE_EARTH


def _asked_at(root: ET.Element) -> str:
    """Where GetTile is asked with words; empty where the document does not say."""
    for operation in _all(root, "OperationsMetadata", "Operation"):
        if operation.get("name") == "GetTile":
            for way in _all(operation, "DCP", "HTTP", "Get"):
                return next((value for key, value in way.attrib.items() if key.rpartition("}")[2] == "href"), "")
    return ""


def _number(element: ET.Element, name: str) -> float:
    try:
        return float(_said(element, name))
    except ValueError:
        return math.nan


def _said(element: ET.Element, *path: str) -> str:
    found = next(_all(element, *path), None)
    return (found.text or "").strip() if found is not None else ""


def _all(element: ET.Element, *path: str) -> Iterator[ET.Element]:
    """Elements along a path of names, whatever their namespace."""
    for child in element:
        if _tag(child) == path[0]:
            if len(path) == 1:
                yield child
            else:
                yield from _all(child, *path[1:])


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
