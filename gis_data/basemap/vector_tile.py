"""Mapbox vector tiles, version 1 and 2: their layers as arrays of points, read without a library of their own.

The format is a few messages of Protocol Buffers. Reading all geometry of a layer at once with numpy is what makes a tile
of a dense town take milliseconds; why, docs/decisions says.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gis_data.basemap.source import Unreadable, Wrong

MOST_POINTS = 250_000
_MOVE, _LINE, _CLOSE = 1, 2, 7
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
Value = str | float | int | bool


class Shape(IntEnum):
    """What the parts of a feature are."""

    UNKNOWN = 0
    POINT = 1
    LINE = 2
    AREA = 3


@dataclass(frozen=True, slots=True, eq=False)
class VectorLayer:
    """One layer: features, each of one or more parts (a point, a line, a ring)."""

    name: str
    extent: int
    """Units from a tile's west to its east."""
    shapes: npt.NDArray[np.int64]
    """int64[features], see Shape."""
    tags: tuple[tuple[int, ...], ...]
    """Of each feature: numbers of a key and a value in turn."""
    keys: tuple[str, ...]
    values: tuple[Value, ...]
    points: npt.NDArray[np.int64]
    """int64[points, 2], units right and down from the tile's north-west."""
    part_first: npt.NDArray[np.int64]
    """int64[parts + 1], where the points of each part begin."""
    part_feature: npt.NDArray[np.int64]
    """int64[parts], whose part it is."""

    def said(self, tags: tuple[int, ...]) -> dict[str, Value]:
        """The properties of a feature; a tag that points nowhere is left out."""
        pairs = zip(tags[::2], tags[1::2], strict=False)
        return {self.keys[key]: self.values[value] for key, value in pairs if key < len(self.keys) and value < len(self.values)}


def read_vector_tile(tile: bytes) -> tuple[VectorLayer, ...]:
    """The layers of a tile that was unpacked; raises Unreadable where it is none, or has more points than MOST_POINTS."""
    try:
        found = tuple(_layer(tile, *place) for number, place in _messages(tile, 0, len(tile)) if number == 3)
    except (IndexError, ValueError, struct.error, OverflowError, UnicodeDecodeError):
        raise Unreadable(Wrong.NOT_A_TILE) from None
    if not found and tile:
        raise Unreadable(Wrong.NOT_A_TILE)
    return found


def _layer(tile: bytes, start: int, end: int) -> VectorLayer:
    name, extent, keys, values = "", 4096, list[str](), list[Value]()
    shapes, tags, places = list[int](), list[tuple[int, ...]](), list[tuple[int, int]]()
    for number, wire, first, last in _fields(tile, start, end):
        if number == 2 and wire == _BYTES:
            shape, said, place = _feature(tile, first, last)
            shapes.append(shape)
            tags.append(said)
            places.append(place)
        elif number == 1 and wire == _BYTES:
            name = tile[first:last].decode()
        elif number == 3 and wire == _BYTES:
            keys.append(tile[first:last].decode())
        elif number == 4 and wire == _BYTES:
            values.append(_value(tile, first, last))
        elif number == 5 and wire == _VARINT:
            extent = first
    if not 1 <= extent <= 1 << 20:
        raise ValueError("extent")
    geometry = _geometry(tile, places)
    return VectorLayer(name, extent, np.array(shapes, np.int64), tuple(tags), tuple(keys), tuple(values), *geometry)


def _feature(tile: bytes, start: int, end: int) -> tuple[int, tuple[int, ...], tuple[int, int]]:
    shape, tags, place = 0, tuple[int, ...](), (start, start)
    for number, wire, first, last in _fields(tile, start, end):
        if number == 4 and wire == _BYTES:
            place = (first, last)
        elif number == 2 and wire == _BYTES:
            tags = tuple(_small(tile, first, last))
        elif number == 3 and wire == _VARINT:
            shape = first
    return shape if shape <= 3 else 0, tags, place


def _geometry(
    tile: bytes, places: list[tuple[int, int]]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Points, where parts begin, whose parts they are, of all features of a layer in one go."""
    numbers, firsts = _varints(b"".join(tile[first:last] for first, last in places), [last - first for first, last in places])
    stream, signed = numbers.tolist(), (numbers >> 1) ^ -(numbers & 1)
    if len(stream) > 2 * MOST_POINTS:
        raise Unreadable(Wrong.TOO_LARGE)
    runs, counts, moves, owners = list[int](), list[int](), list[bool](), list[int]()
    for owner, (at, end) in enumerate(pairwise(firsts)):
        while at < end:
            order, count = stream[at] & 7, stream[at] >> 3
            at += 1
            if order == _CLOSE:
                continue
            if order not in (_MOVE, _LINE) or at + 2 * count > end:
                raise ValueError("geometry")
            # a MoveTo of several points is as many points of one place each
            for first, many in ((at + 2 * each, 1) for each in range(count)) if order == _MOVE else ((at, count),):
                runs.append(first)
                counts.append(many)
                moves.append(order == _MOVE)
                owners.append(owner)
            at += 2 * count
    return _points(
        signed, np.array(runs, np.int64), np.array(counts, np.int64), np.array(moves, bool), np.array(owners, np.int64)
    )


def _points(
    signed: npt.NDArray[np.int64],
    runs: npt.NDArray[np.int64],
    counts: npt.NDArray[np.int64],
    moves: npt.NDArray[np.bool_],
    owners: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    total = int(counts.sum())
    if not total:
        return np.zeros((0, 2), np.int64), np.zeros(1, np.int64), np.zeros(0, np.int64)
    if not moves[0]:
        raise ValueError("a line before its first point")
    begins = np.cumsum(counts) - counts
    at = np.repeat(runs - 2 * begins, counts) + 2 * np.arange(total)
    steps = np.stack([signed[at], signed[at + 1]], axis=1)
    places = np.cumsum(steps, axis=0)
    owner_of = np.repeat(owners, counts)
    fresh = np.flatnonzero(np.diff(owner_of, prepend=-1))  # each feature starts from the tile's corner
    before = np.where(fresh[:, None] > 0, places[fresh - 1], 0)
    places -= np.repeat(before, np.diff(fresh, append=total), axis=0)
    if not moves[np.flatnonzero(np.diff(owners, prepend=-1))].all():
        raise ValueError("a line before its first point")
    return places, np.append(begins[moves], total), owners[moves]


def _varints(data: bytes, lengths: list[int]) -> tuple[npt.NDArray[np.int64], list[int]]:
    """All numbers of a buffer, and where those of each of its parts begin."""
    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ < 0x80)
    borders = np.concatenate([[0], np.cumsum(lengths)]) if lengths else np.zeros(1, np.int64)
    if not len(bytes_):
        return np.zeros(0, np.int64), [0] * len(borders)
    if len(ends) == 0 or ends[-1] != len(bytes_) - 1:
        raise ValueError("a number without an end")
    starts = np.concatenate([[0], ends[:-1] + 1])
    sizes = ends - starts + 1
    if sizes.max() > 5:
        raise ValueError("a number too large")
    place = np.arange(len(bytes_)) - np.repeat(starts, sizes)
    numbers = np.add.reduceat((bytes_ & 0x7F).astype(np.int64) << (7 * place), starts)
    return numbers, np.searchsorted(starts, borders).tolist()


def _value(tile: bytes, start: int, end: int) -> Value:
    for number, wire, first, last in _fields(tile, start, end):
        if number == 1 and wire == _BYTES:
            return tile[first:last].decode(errors="replace")
        if number == 2 and wire == _FIXED32:
            return float(struct.unpack_from("<f", tile, first)[0])
        if number == 3 and wire == _FIXED64:
            return float(struct.unpack_from("<d", tile, first)[0])
        if number == 4 and wire == _VARINT:
            return first - (first >> 63 << 64)
        if number == 5 and wire == _VARINT:
            return first
        if number == 6 and wire == _VARINT:
            return (first >> 1) ^ -(first & 1)
        if number == 7 and wire == _VARINT:
            return bool(first)
    return ""


def _messages(tile: bytes, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
    for number, wire, first, last in _fields(tile, start, end):
        if wire == _BYTES:
            yield number, (first, last)


def _fields(tile: bytes, at: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, and of bytes or fixed ones where they begin and end, of varints the value, of every field."""
    while at < end:
        key, at = _number(tile, at, end)
        wire = key & 7
        if wire == _VARINT:
            value, at = _number(tile, at, end)
            yield key >> 3, wire, value, at
            continue
        length = {_FIXED64: 8, _FIXED32: 4}.get(wire)
        if length is None:
            if wire != _BYTES:
                raise ValueError("wire type")
            length, at = _number(tile, at, end)
        if at + length > end:
            raise ValueError("a field beyond its message")
        yield key >> 3, wire, at, at + length
        at += length


def _number(tile: bytes, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end:
        byte = tile[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            break
    raise ValueError("a number without an end")


def _small(tile: bytes, at: int, end: int) -> Iterator[int]:
    while at < end:
        value, at = _number(tile, at, end)
        yield value
