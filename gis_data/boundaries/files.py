"""Boundary files read: GeoPackage, GeoJSON, Shapefile, KML and FlatGeobuf through GDAL (pyogrio)."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from gis_data.boundaries.check import Layer
from gis_data.boundaries.crs import BadCrs, SourceCrs, assumed_of
from gis_data.boundaries.validity import are_finite

_HEAD_BYTES = 4096
_SIGNS: dict[str, bytes] = {
    ".gpkg": b"SQLite format 3\x00",
    ".shp": b"\x00\x00\x27\x0a",
    ".fgb": b"fgb\x03fgb",
    ".geojson": b"{",
    ".json": b"{",
    ".kml": b"<",
}
"""How a file of each kind begins: GDAL goes by what is inside, and some of its kinds fetch what they name from elsewhere."""
_SHIFT_OF_ASSUMED = "EPSG:4326"


class BadFile(ValueError):
    """Why a file cannot be read; `reason` is a key of the command's words, with what it says."""

    def __init__(self, reason: str, **said: object) -> None:
        """One reason for one file."""
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, said


@dataclass(frozen=True, slots=True, eq=False)
class BoundaryFile:
    """One layer of a file."""

    path: Path
    name: str
    """Of the layer."""
    layer: Layer
    ids: tuple[str | int, ...]
    """What each feature is called: its code, else its position from 0."""
    assumed: tuple[str, ...]
    """What the file did not say: keys of the command's words."""
    driver: str
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Of fields that were asked for, what each feature has there."""


def read_boundaries(
    path: Path,
    layer: str | None = None,
    crs: str | None = None,
    code_field: str | None = None,
    exclave_field: str | None = None,
    text_fields: Sequence[str] = (),
) -> BoundaryFile:
    """The features of a file in its order; raises BadFile and BadCrs.

    `crs` is EPSG:n, gcj02 or bd09 and goes before what the file says. `exclave_field` marks with 1, true or yes which features
    may have several parts. Nothing is written, and a file that changes meanwhile is refused.
    """
    _require_kind(path)
    before = _standing(path)
    with warnings.catch_warnings():  # what GDAL only warns of shows in the shapes, if anywhere
        warnings.simplefilter("ignore", RuntimeWarning)
        name = _layer_of(path, layer)
        meta, wkb, columns = _raw(path, name, [each for each in (code_field, exclave_field, *text_fields) if each])
    if _standing(path) != before:
        raise BadFile("file_changed", file=path.name)
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    if not len(shapes):
        raise BadFile("layer_empty", file=path.name, layer=name)
    system, assumed = _system_of(shapes, meta.get("crs"), crs)
    codes = tuple(_text(value) for value in columns[code_field]) if code_field else ()
    ids: tuple[str | int, ...] = tuple(map(_id, columns[code_field])) if code_field else tuple(range(len(shapes)))
    exclaves = np.array([_is_yes(value) for value in columns[exclave_field]]) if exclave_field else None
    read = Layer(shapes, system, codes, exclaves)
    texts = {each: tuple(_text(value) for value in columns[each]) for each in text_fields}
    return BoundaryFile(path, name, read, ids, assumed, str(meta.get("driver", "")), texts)


def layers_of(path: Path) -> tuple[str, ...]:
    """Names of the layers of a file that have shapes; raises BadFile."""
    _require_kind(path)
    return _layers(path)


def _require_kind(path: Path) -> None:
    """Refuse what is no file of a kind we read, before GDAL sees it."""
    if path.is_dir():
        raise BadFile("file_is_folder", file=path.name)
    sign = _SIGNS.get(path.suffix.lower())
    if sign is None:
        raise BadFile("file_kind_unknown", known=" ".join(_SIGNS))
    try:
        with path.open("rb") as opened:
            head = opened.read(_HEAD_BYTES)
    except FileNotFoundError as problem:
        raise BadFile("file_missing", file=path.name) from problem
    except OSError as problem:
        raise BadFile("file_unreadable", file=path.name, why=problem.strerror or str(problem)) from problem
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip() if sign in (b"{", b"<") else head
    if not head:
        raise BadFile("file_empty", file=path.name)
    if not plain.startswith(sign) or (sign == b"<" and b"<kml" not in plain):
        raise BadFile("file_not_what_it_says", file=path.name, kind=path.suffix.lower())


def _standing(path: Path) -> tuple[tuple[str, int, int], ...]:
    """Size and time of a file and of those that belong to it."""
    files = [path, *(path.with_suffix(suffix) for suffix in (".shx", ".dbf", ".prj") if path.suffix.lower() == ".shp")]
    found = []
    for file in files:
        try:
            told = os.stat(file)
        except OSError:
            continue
        found.append((file.name, told.st_size, told.st_mtime_ns))
    return tuple(found)


def _layers(path: Path) -> tuple[str, ...]:
    try:
        listed = pyogrio.list_layers(path)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as problem:
        raise _unreadable(path, problem) from problem
    return tuple(str(name) for name, sort in listed if sort is not None)


def _layer_of(path: Path, wanted: str | None) -> str:
    """The layer asked for, or the only one there is."""
    names = _layers(path)
    if not names:
        raise BadFile("no_layer", file=path.name)
    if wanted is not None and wanted not in names:
        raise BadFile("layer_unknown", layer=wanted, known=", ".join(names))
    if wanted is None and len(names) > 1:
        raise BadFile("layer_which", known=", ".join(names))
    return wanted or names[0]


def _raw(
    path: Path, name: str, wanted: list[str]
) -> tuple[dict[str, object], npt.NDArray[np.object_], dict[str, npt.NDArray[Any]]]:
    """What GDAL says of a layer, WKB of every feature, and the values of some fields."""
    try:
        fields = pyogrio.read_info(path, layer=name)["fields"].tolist()
        known = {field.lower(): field for field in fields}  # KML writes Name where name was meant
        named = {field: field if field in fields else known.get(field.lower()) for field in wanted}
        for field, there in named.items():
            if there is None:
                raise BadFile("no_field", field=field, known=", ".join(fields) or "-")
        columns = [there for there in named.values() if there is not None]
        meta, _, wkb, values = pyogrio.raw.read(path, layer=name, columns=columns, force_2d=True)
    except (DataSourceError, DataLayerError, FieldError, GeometryError, UnicodeDecodeError, RuntimeError) as problem:
        raise _unreadable(path, problem) from problem
    if wkb is None:
        raise BadFile("no_layer", file=path.name)
    found = dict(zip(meta["fields"].tolist(), values, strict=True))
    return meta, wkb, {field: found[there] for field, there in named.items() if there is not None}


def _unreadable(path: Path, problem: Exception) -> BadFile:
    return BadFile("file_unreadable", file=path.name, why=" ".join(str(problem).split())[:200])


def _system_of(shapes: npt.NDArray[np.object_], said: object, wanted: str | None) -> tuple[SourceCrs, tuple[str, ...]]:
    """The coordinate system, and what was assumed for it; raises BadCrs where the coordinates cannot be of it."""
    present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    finite = present[are_finite(present)]
    assumed: list[str] = []
    if wanted is not None:
        system = SourceCrs.named(wanted)
        if said is not None and system.definition != SourceCrs.named(str(said)).definition:
            assumed.append("crs_said_instead")
    elif said is not None:
        system = SourceCrs.named(str(said))
    elif not len(finite):
        system, assumed = SourceCrs.named(_SHIFT_OF_ASSUMED), ["crs_none"]
    else:
        system, assumed = assumed_of(shapely.total_bounds(finite)), ["crs_none"]
    if len(finite):
        system.refuse_implausible(shapely.total_bounds(finite))
    return system, tuple(assumed)


def _text(value: object) -> str:
    """A code as it is written: 3.5e14 of a table of numbers is 350000000000000."""
    if value is None or (isinstance(value, float | np.floating) and np.isnan(value)):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def _id(value: object) -> str | int:
    return int(value) if isinstance(value, int | np.integer) else _text(value)


def _is_yes(value: object) -> bool:
    return _text(value).lower() in ("1", "true", "yes", "y", "是")


__all__ = ["BadCrs", "BadFile", "BoundaryFile", "layers_of", "read_boundaries"]
