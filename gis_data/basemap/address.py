"""Addresses of tiles: XYZ templates as people write them, filled in; and an address without its keys, to be shown or logged."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from gis_data.basemap.source import Unreadable, Wrong
from gis_data.basemap.squares import Cut, Square
from gis_data.datum import Datum

HIDDEN = "***"
LONGEST = 2_000
_RANGE = re.compile(r"\{(?:switch:)?([a-z]|\d)-([a-z]|\d)\}")
_KEYS = re.compile(
    r"([?&;](?:tk|key|ak|token|access_token|apikey|api_key|appkey|secret|sig|signature|password|pwd)=)([^&#;{}]*)", re.I
)
_SHIFTED_HOSTS = ("autonavi.com", "amap.com", "gtimg.com", "map.qq.com", "google.cn")
"""Whose tiles are in GCJ-02."""


def checked(address: str) -> str:
    """An address that can be a template or the capabilities of a WMTS; raises Unreadable with what is wrong."""
    tidy = address.strip()
    parts = urlsplit(tidy)
    if len(tidy) > LONGEST or parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"\s", tidy):
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


def without_keys(address: str) -> str:
    """An address that may be shown: whoever reads it cannot use the district's key."""
    parts = urlsplit(address)
    if "@" in parts.netloc:
        address = address.replace(parts.netloc, f"{HIDDEN}@{parts.netloc.rpartition('@')[2]}", 1)
    return _KEYS.sub(rf"\g<1>{HIDDEN}", address)


def with_keys_of(shown: str, kept: str) -> str:
    """An address somebody changed while its keys were hidden, with the keys it had."""
    return kept if HIDDEN in shown and shown == without_keys(kept) else _refilled(shown, kept)


def _refilled(shown: str, kept: str) -> str:
    had = {found[1][1:].lower(): found[2] for found in _KEYS.finditer(kept)}
    return _KEYS.sub(
        lambda found: found[1] + (had.get(found[1][1:].lower(), found[2]) if found[2] == HIDDEN else found[2]), shown
    )


def host_of(address: str) -> str:
    """Whose service it is, for people: the host without its number among several."""
    return _RANGE.sub("", urlsplit(address).hostname or "").replace("{s}.", "")
