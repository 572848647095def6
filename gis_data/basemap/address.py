"""Addresses of tiles: XYZ templates as people write them, filled in; and an address without its keys, to be shown or logged."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from gis_data.basemap.source import Unreadable, Wrong
from gis_data.basemap.squares import Cut, Square
from gis_data.datum import Datum

HIDDEN = "***"
LONGEST = 2_000
_RANGE = re.compile(r"\{(?:switch:)?([a-z]|\d)-([a-z]|\d)\}")
_KEYS = re.compile(
    r"([?&;](?:tk|key|ak|token|access_token|apikey|api_key|appkey|secret|sig|signature|password|pwd)=)([^&#;{}]*)", re.I
)
_PLACES = re.compile(r"(?:\{[-\w:]+\})*")
_WHO = re.compile(r"^([a-z][a-z0-9+.-]*://)[^/?#]*@", re.I)
_OPEN = {
    "service", "request", "version", "layer", "layers", "style", "styles", "format", "tilematrixset", "tilematrix", "tilerow",
    "tilecol", "t", "l", "x", "y", "z", "lyrs", "lang", "hl", "gl", "size", "scale", "scl", "ltype", "srs", "crs",
    "transparent",
}  # fmt: skip
"""Words of a query whose values say what is drawn; any other value may be somebody's key."""
_SHIFTED_HOSTS = ("autonavi.com", "amap.com", "gtimg.com", "map.qq.com", "google.cn")
"""Whose tiles are in GCJ-02."""


def checked(address: str) -> str:
    """An address that can be a template or the capabilities of a WMTS; raises Unreadable with what is wrong."""
    tidy = address.strip()
    place = place_of(tidy)
    if len(tidy) > LONGEST or place is None or place[0] not in ("http", "https") or re.search(r"\s", tidy):
        raise Unreadable(Wrong.BAD_ADDRESS)
    return tidy


def is_template(address: str) -> bool:
    """Whether an address has places for level, column and row."""
    return "{z}" in address and "{x}" in address and ("{y}" in address or "{-y}" in address)


def likely_datum(address: str) -> Datum:
    """The datum of a service, where it is one whose datum is known."""
    host = (urlsplit(address).hostname or "").lower()
    return Datum.GCJ02 if any(host == name or host.endswith(f".{name}") for name in _SHIFTED_HOSTS) else Datum.WGS84


def is_in_degrees(address: str) -> bool:
    """Whether an address is one of Tianditu's `c` sets, cut in degrees."""
    parts = urlsplit(address)
    words = {key.lower(): value for key, value in parse_qsl(parts.query)}
    return "tianditu" in (parts.hostname or "") and (words.get("t", "").endswith("_c") or "_c/" in parts.path)


def filled(template: str, cut: Cut, square: Square) -> str:
    """The address of one tile; of several hosts each tile has always the same."""
    level = cut.levels[square.level]
    hosts = _RANGE.sub(lambda found: _one_of(found[1], found[2], square), template.replace("{s}", "{a-c}"))
    for name, value in (
        ("{z}", level.name), ("{x}", square.column), ("{y}", square.row), ("{-y}", level.rows - 1 - square.row),
        ("{TileMatrix}", level.name), ("{TileRow}", square.row), ("{TileCol}", square.column),
    ):  # fmt: skip
        hosts = hosts.replace(name, str(value))
    return hosts


def _one_of(first: str, last: str, square: Square) -> str:
    low, high = sorted((ord(first), ord(last)))
    return chr(low + (square.column + square.row) % (high - low + 1))


def place_of(address: str) -> tuple[str, str, int] | None:
    """Whom an address asks: scheme, host, port; None where it is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname, port) if parts.hostname else None


def without_keys(address: str) -> str:
    """An address that may be shown: whoever reads it cannot use the district's key."""
    front, pairs, rest = _taken_apart(_WHO.sub(rf"\g<1>{HIDDEN}@", address))
    shown = [(name, value if _may_be_shown(name, value) else HIDDEN) for name, value in pairs]
    return _put_together(front, shown, f"#{HIDDEN}" if rest else "")


def with_keys_of(shown: str, kept: str) -> str:
    """An address somebody changed while its keys were hidden, with the keys it had; another host is not given them."""
    if HIDDEN not in shown or place_of(shown) is None or place_of(shown) != place_of(kept):
        return shown
    return kept if shown == without_keys(kept) else _refilled(shown, kept)


def of_service(address: str) -> str:
    """An address without what is surely a key: it tells one service from another, whatever key is used."""
    return _KEYS.sub(rf"\g<1>{HIDDEN}", _WHO.sub(rf"\g<1>{HIDDEN}@", address))


def _refilled(shown: str, kept: str) -> str:
    had: dict[str, list[str]] = {}
    for name, value in _taken_apart(kept)[1]:
        had.setdefault(name.lower(), []).append(value)
    front, pairs, rest = _taken_apart(shown)
    filled_in = list[tuple[str, str]]()
    for name, value in pairs:
        ours = had.get(name.lower()) or [value]
        filled_in.append((name, ours.pop(0) if value == HIDDEN else value))
    return _put_together(front, filled_in, rest)


def _may_be_shown(name: str, value: str) -> bool:
    if _PLACES.fullmatch(value):
        return True
    return unquote(name.rstrip("=")).lower() in _OPEN and not {";", "=", "?"} & set(unquote(value))


def _taken_apart(address: str) -> tuple[str, list[tuple[str, str]], str]:
    """What stands before the query, its names (with their `=`) and values, and what stands after it."""
    before, mark, after = address.partition("#")
    front, asks, query = before.partition("?")
    pairs = list[tuple[str, str]]()
    for part in query.split("&") if asks else ():
        name, equals, value = part.partition("=")
        pairs.append((name + equals, value) if equals else ("", part))
    return front, pairs, mark + after


def _put_together(front: str, pairs: list[tuple[str, str]], rest: str) -> str:
    query = "&".join(name + value for name, value in pairs)
    return f"{front}?{query}{rest}" if pairs else f"{front}{rest}"


def host_of(address: str) -> str:
    """Whose service it is, for people: the host without its number among several."""
    return _RANGE.sub("", urlsplit(address).hostname or "").replace("{s}.", "")
