"""PMTiles version 3: tiles in one file that is read in ranges; after the specification of the Protomaps project."""

from __future__ import annotations

import json
import struct
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gis_data.basemap.packed import gunzipped
from gis_data.basemap.source import MOST_TILE_BYTES, WHOLE_EARTH, About, Kind, Unreadable, Wrong
from gis_data.basemap.squares import MOST_LEVELS, Square, web_mercator
from gis_data.datum import Datum

HEAD = b"PMTiles"
_HEAD_BYTES = 127
_MOST_DIRECTORY_BYTES, _MOST_ENTRIES = 8_000_000, 100_000
"""The specification's programs write directories of at most some ten thousand entries."""
_MOST_KEPT = 64
_DEEPEST = 4
_NONE, _GZIP = 1, 2
_VECTOR, _PICTURES = 1, (2, 3, 4)


@dataclass(frozen=True, slots=True)
class _Entry:
    first: int
    offset: int
    length: int
    run: int
    """So many tiles in a row are this one; 0 where it is a directory further down."""


def number_of(square: Square) -> int:
    """Number of a tile along the Hilbert curves of all levels before it and of its own."""
    number: int = ((1 << 2 * square.level) - 1) // 3
    x, y = square.column, square.row
    half = (1 << square.level) // 2
    while half > 0:
        right, low = int(x & half > 0), int(y & half > 0)
        number += half * half * ((3 * right) ^ low)
        if not low:
            if right:
                x, y = half * 2 - 1 - x, half * 2 - 1 - y
            x, y = y, x
        x, y = x & (half - 1), y & (half - 1)
        half //= 2
    return number


class PmTiles:
    """One PMTiles file, opened read-only. One thread at a time."""

    def __init__(self, path: Path, datum: Datum = Datum.WGS84) -> None:
        """Open and look at it; raises Unreadable with one reason."""
        self._name = path.name
        try:
            self._file = path.open("rb")
            self._size = path.stat().st_size
        except OSError:
            raise Unreadable(Wrong.MISSING_FILE, path.name) from None
        self._kept: OrderedDict[tuple[int, int], list[_Entry]] = OrderedDict()
        try:
            self.about = self._looked_at(datum)
        except Unreadable:
            self.close()
            raise

    def read(self, square: Square) -> bytes | None:
        """The bytes of a tile, unpacked; None where the file has none. Raises Unreadable."""
        wanted, place = number_of(square), self._root
        for _ in range(_DEEPEST):
            entry = _found(self._directory(*place), wanted)
            if entry is None:
                return None
            if entry.run:
                if entry.length > MOST_TILE_BYTES:
                    raise Unreadable(Wrong.TOO_LARGE, self._name)
                return self._unpacked(self._range(self._tiles_at + entry.offset, entry.length), self._tile_packing)
            place = (self._leaves_at + entry.offset, entry.length)
        raise Unreadable(Wrong.DAMAGED, self._name)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def _looked_at(self, datum: Datum) -> About:
        head = self._file.read(_HEAD_BYTES)
        if head[:7] != HEAD or len(head) < _HEAD_BYTES or head[7] != 3:
            raise Unreadable(Wrong.NOT_A_FILE, self._name)
        numbers = struct.unpack("<11Q", head[8:96])
        self._root, meta = (numbers[0], numbers[1]), (numbers[2], numbers[3])
        self._leaves_at, self._tiles_at = numbers[4], numbers[6]
        _, self._packing, self._tile_packing, sort, lowest, highest = struct.unpack("<6B", head[96:102])
        if not 0 <= lowest <= highest < MOST_LEVELS:
            raise Unreadable(Wrong.DAMAGED, self._name)
        if sort != _VECTOR and sort not in _PICTURES:
            raise Unreadable(Wrong.UNKNOWN_TILES, self._name)
        west, south, east, north = (number / 1e7 for number in struct.unpack("<4i", head[102:118]))
        if not self._directory(*self._root):
            raise Unreadable(Wrong.EMPTY, self._name)
        said = self._said(meta)
        kind = Kind.VECTOR if sort == _VECTOR else Kind.PICTURE
        return About(
            str(said.get("name") or Path(self._name).stem), web_mercator(512 if kind is Kind.VECTOR else 256), kind,
            lowest, highest, (west, south, east, north) if west < east and south < north else WHOLE_EARTH,
            str(said.get("attribution") or ""), datum,
        )  # fmt: skip

    def _said(self, place: tuple[int, int]) -> dict[str, object]:
        """What the file says of itself; nothing where that cannot be read, as it is not needed to draw."""
        with suppress(Unreadable, ValueError):
            found = json.loads(self._unpacked(self._range(*place), self._packing)) if place[1] else {}
            return found if isinstance(found, dict) else {}
        return {}

    def _directory(self, offset: int, length: int) -> list[_Entry]:
        key = (offset, length)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        packed = self._range(offset, length)
        entries = _entries(
            gunzipped(packed, _MOST_DIRECTORY_BYTES, self._name) if self._packing == _GZIP else packed, self._name
        )
        self._kept[key] = entries
        if len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        return entries

    def _range(self, offset: int, length: int) -> bytes:
        if offset + length > self._size or length > _MOST_DIRECTORY_BYTES:
            raise Unreadable(Wrong.DAMAGED, self._name)
        try:
            self._file.seek(offset)
            found = self._file.read(length)
        except OSError:
            raise Unreadable(Wrong.DAMAGED, self._name) from None
        if len(found) != length:
            raise Unreadable(Wrong.DAMAGED, self._name)
        return found

    def _unpacked(self, data: bytes, packing: int) -> bytes:
        if packing == _GZIP:
            return gunzipped(data, said=self._name)
        if packing not in (0, _NONE):
            raise Unreadable(Wrong.UNKNOWN_TILES, self._name)
        return data


def _found(entries: list[_Entry], wanted: int) -> _Entry | None:
    low, high = 0, len(entries)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if entries[middle].first <= wanted else (low, middle)
    if low == 0:
        return None
    entry = entries[low - 1]
    return entry if entry.run == 0 or wanted < entry.first + entry.run else None


def _entries(data: bytes, name: str) -> list[_Entry]:
    numbers = _varints(data)
    try:
        count = next(numbers)
        if count > min(len(data), _MOST_ENTRIES):
            raise Unreadable(Wrong.DAMAGED, name)
        firsts, runs, lengths, offsets = list[int](), list[int](), list[int](), list[int]()
        first = 0
        for _ in range(count):
            first += next(numbers)
            firsts.append(first)
        runs = [next(numbers) for _ in range(count)]
        lengths = [next(numbers) for _ in range(count)]
        for at in range(count):
            said = next(numbers)
            if said == 0 and at == 0:
                raise Unreadable(Wrong.DAMAGED, name)
            offsets.append(offsets[at - 1] + lengths[at - 1] if said == 0 else said - 1)
    except StopIteration:
        raise Unreadable(Wrong.DAMAGED, name) from None
    return [_Entry(*each) for each in zip(firsts, offsets, lengths, runs, strict=True)]


def _varints(data: bytes) -> Iterator[int]:
    value, shift = 0, 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            yield value
            value, shift = 0, 0
        else:
            shift += 7
            if shift > 63:
                return
