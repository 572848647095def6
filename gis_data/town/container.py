"""Named numpy arrays in one run of bytes: the same arrays give the same bytes, and damaged bytes are refused."""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"GWPACK01"
_HEAD = struct.Struct("<8sI")
_DTYPES = {"float64": 8, "float32": 4, "int64": 8, "uint32": 4, "uint8": 1}
_MAX_HEADER = 64 * 1024
_MAX_DIMENSIONS = 2
_MAX_WORD = 1_000
"""Bytes of one word: all words of an array take as much room in memory as its longest."""

Array = npt.NDArray[Any]


class BadPack(ValueError):
    """Bytes that are no pack, or a pack that contradicts itself."""


def freeze(layer: str, arrays: Mapping[str, Array]) -> bytes:
    """The arrays as bytes: magic, length of the header, header as JSON, then each array little-endian in C order."""
    rows, chunks = [], []
    for name, array in arrays.items():
        dtype = array.dtype.newbyteorder("<")
        if dtype.name not in _DTYPES:
            raise TypeError(f"{name}: {dtype} has no place in a pack")
        rows.append([name, dtype.name, list(array.shape)])
        chunks.append(np.ascontiguousarray(array, dtype).tobytes())
    header = json.dumps({"layer": layer, "arrays": rows}, separators=(",", ":")).encode()
    header += b" " * (-(len(header) + _HEAD.size) % 8)
    return _HEAD.pack(MAGIC, len(header)) + header + b"".join(_padded(chunk) for chunk in chunks)


def thaw(layer: str, data: bytes) -> dict[str, Array]:
    """The arrays of a pack, read-only views of its bytes; raises BadPack unless every byte is accounted for."""
    if len(data) < _HEAD.size:
        raise BadPack(f"{layer}: only {len(data)} bytes")
    magic, length = _HEAD.unpack_from(data)
    if magic != MAGIC:
        raise BadPack(f"{layer}: not a pack")
    if length > _MAX_HEADER or _HEAD.size + length > len(data):
        raise BadPack(f"{layer}: header of {length} bytes")
    rows = _header_rows(layer, data[_HEAD.size : _HEAD.size + length])
    arrays: dict[str, Array] = {}
    at = _HEAD.size + length
    for name, dtype, shape in rows:
        size = _DTYPES[dtype] * math.prod(shape)
        if at + size > len(data):
            raise BadPack(f"{layer}: {name} is cut off")
        arrays[name] = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"), math.prod(shape), at).reshape(shape)
        at += size + (-size % 8)
    if at != len(data):
        raise BadPack(f"{layer}: {len(data) - at} bytes too many")
    return arrays


def _padded(chunk: bytes) -> bytes:
    return chunk + b"\0" * (-len(chunk) % 8)


def _header_rows(layer: str, header: bytes) -> list[tuple[str, str, tuple[int, ...]]]:
    """The header's rows, each checked for its type."""
    try:
        content = json.loads(header)
        if content["layer"] != layer:
            raise BadPack(f"{layer}: this is the pack of {str(content['layer'])[:20]!r}")
        rows = [(name, dtype, tuple(shape)) for name, dtype, shape in content["arrays"]]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        if isinstance(error, BadPack):
            raise
        raise BadPack(f"{layer}: unreadable header") from None
    for name, dtype, shape in rows:
        sizes = all(type(n) is int and 0 <= n < 2**40 for n in shape)
        if not isinstance(name, str) or dtype not in _DTYPES or not 1 <= len(shape) <= _MAX_DIMENSIONS or not sizes:
            raise BadPack(f"{layer}: unreadable array {str(name)[:20]!r}")
    if len({name for name, _, _ in rows}) != len(rows):
        raise BadPack(f"{layer}: an array given twice")
    return rows


def write_text(name: str, words: tuple[str, ...]) -> dict[str, Array]:
    """Words as two arrays: their UTF-8 bytes and where each word begins."""
    encoded = [word.encode() for word in words]
    offsets = np.zeros(len(words) + 1, np.int64)
    np.cumsum([len(word) for word in encoded], out=offsets[1:])
    return {f"{name}.utf8": np.frombuffer(b"".join(encoded), np.uint8), f"{name}.at": offsets}


def read_text(layer: str, name: str, arrays: Mapping[str, Array], count: int) -> npt.NDArray[np.str_]:
    """The words again, as a numpy array of text; raises BadPack where they are not so many, no UTF-8 or too long."""
    raw, at = take(layer, arrays, f"{name}.utf8", "uint8", (None,)), take(layer, arrays, f"{name}.at", "int64", (count + 1,))
    check_offsets(layer, name, at, len(raw))
    if count and int(np.diff(at).max()) > _MAX_WORD:
        raise BadPack(f"{layer}: {name} has a word of {int(np.diff(at).max())} bytes")
    data = raw.tobytes()
    try:
        words = [data[a:b].decode() for a, b in zip(at[:-1].tolist(), at[1:].tolist(), strict=True)]
    except UnicodeDecodeError:
        raise BadPack(f"{layer}: {name} is not text") from None
    return np.array(words, dtype=np.str_)


def take(layer: str, arrays: Mapping[str, Array], name: str, dtype: str, shape: tuple[int | None, ...]) -> Array:
    """One array of a pack, of that type and shape (None: any length); raises BadPack otherwise."""
    array = arrays.get(name)
    if array is None:
        raise BadPack(f"{layer}: {name} is missing")
    fits = array.ndim == len(shape) and all(want is None or want == got for want, got in zip(shape, array.shape, strict=True))
    if array.dtype.name != dtype or not fits:
        raise BadPack(f"{layer}: {name} is {array.dtype.name}{list(array.shape)}")
    return array


def check_offsets(layer: str, name: str, offsets: Array, end: int) -> None:
    """Raise BadPack unless the offsets rise from 0 to the end."""
    if not len(offsets) or offsets[0] != 0 or offsets[-1] != end or (np.diff(offsets) < 0).any():
        raise BadPack(f"{layer}: {name} has offsets out of order")
