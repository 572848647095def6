"""Tiles and files of tiles, written as their formats say: for the benchmark of the basemap, and for its tests."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from gis_data.basemap.pmtiles import number_of
from gis_data.basemap.squares import Square

Rings = list[list[tuple[int, int]]]


def png(width: int, height: int, colour: tuple[int, int, int]) -> bytes:
    """A picture of one colour."""
    row = b"\x00" + bytes(colour) * width
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that say they are a picture of that size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\x00" * 64)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def vector_tile(layers: Mapping[str, Iterable[tuple[int, Mapping[str, str], Rings]]], extent: int = 4096) -> bytes:
    """A Mapbox vector tile: name of a layer -> features as (shape 1..3, properties, parts); rings without their last point."""
    return b"".join(_field(3, _layer(name, list(features), extent)) for name, features in layers.items())


def _layer(name: str, features: list[tuple[int, Mapping[str, str], Rings]], extent: int) -> bytes:
    keys = sorted({key for _, said, _ in features for key in said})
    values = sorted({value for _, said, _ in features for value in said.values()})
    made = _field(1, name.encode())
    for shape, said, parts in features:
        tags = b"".join(varint(keys.index(key)) + varint(values.index(value)) for key, value in said.items())
        made += _field(2, _field(2, tags) + b"\x18" + varint(shape) + _field(4, _geometry(shape, parts)))
    made += b"".join(_field(3, key.encode()) for key in keys)
    made += b"".join(_field(4, _field(1, value.encode())) for value in values)
    return made + b"\x28" + varint(extent) + b"\x78\x02"


def _geometry(shape: int, parts: Rings) -> bytes:
    made, at = b"", (0, 0)
    for part in parts:
        for order, places in ((1, part[:1]), (2, part[1:])):
            if places:
                made += varint(order | len(places) << 3)
            for x, y in places:
                made += zigzag(x - at[0]) + zigzag(y - at[1])
                at = (x, y)
        made += varint(7 | 1 << 3) if shape == 3 else b""
    return made


def _field(number: int, data: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(data)) + data


def varint(value: int) -> bytes:
    """A whole number as Protocol Buffers write it."""
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(made) + bytes([value])


def zigzag(value: int) -> bytes:
    """A number that may be negative."""
    return varint(value << 1 if value >= 0 else -value * 2 - 1)


def write_mbtiles(path: Path, tiles: Mapping[Square, bytes], **said: str) -> Path:
    """An MBTiles file."""
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute("CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)")
        file.execute("CREATE UNIQUE INDEX tile_index ON tiles (zoom_level, tile_column, tile_row)")
        file.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        rows = [(at.level, at.column, 2**at.level - 1 - at.row, data) for at, data in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    file.close()
    return path


def write_pmtiles(path: Path, tiles: Mapping[Square, bytes], sort: int, leaf: int = 0, **said: str) -> Path:
    """A PMTiles file of vector (sort 1) or PNG (2) tiles; its directory is cut into leaves of so many tiles, if any."""
    order = sorted(tiles, key=number_of)
    packed = [gzip.compress(tiles[at], mtime=0) if sort == 1 else tiles[at] for at in order]
    offsets = [sum(map(len, packed[:at])) for at in range(len(packed))]
    entries = [(number_of(at), offset, len(data), 1) for at, offset, data in zip(order, offsets, packed, strict=True)]
    leaves, root = b"", _directory(entries)
    if leaf:
        above = []
        for at in range(0, len(entries), leaf):
            one = _directory(entries[at : at + leaf])
            above.append((entries[at][0], len(leaves), len(one), 0))
            leaves += one
        root = _directory(above)
    meta = gzip.compress(json.dumps(said).encode(), mtime=0)
    leaves_at = 127 + len(root) + len(meta)
    counts = (len(order), len(order), len(order))
    places = (
        127,
        len(root),
        127 + len(root),
        len(meta),
        leaves_at,
        len(leaves),
        leaves_at + len(leaves),
        sum(map(len, packed)),
    )
    levels = (min(at.level for at in order), max(at.level for at in order))
    head = (
        b"PMTiles\x03" + struct.pack("<11Q", *places, *counts) + struct.pack("<6B", 1, 2, 2 if sort == 1 else 1, sort, *levels)
    )
    head += struct.pack("<4i", -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000) + struct.pack("<Bii", 0, 0, 0)
    path.write_bytes(head + root + meta + leaves + b"".join(packed))
    return path


def _directory(entries: list[tuple[int, int, int, int]]) -> bytes:
    steps = [entry[0] - before for entry, before in zip(entries, [0, *(each[0] for each in entries)], strict=False)]
    columns = [steps, [each[3] for each in entries], [each[2] for each in entries], [each[1] + 1 for each in entries]]
    return gzip.compress(varint(len(entries)) + b"".join(varint(one) for column in columns for one in column), mtime=0)
