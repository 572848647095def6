"""A scene on disk, cut and triangulated once, opened in place the next time: one folder, one .npy file for each array.

Arrays are memory-mapped, so a province is there at once and only what is looked at is read. A folder is whole or is not
there: it is written beside and renamed.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from desktop.map.borders import Borders
from desktop.map.grid_raster import GridRaster
from desktop.map.scene import Areas, Geometry, Lines, Surfaces
from desktop.map.tiles import TiledPieces, TiledRings, Tiles
from gis_data.town.plane import Plane
from governance.places import LonLat

log = logging.getLogger(__name__)

FORMAT = 5
"""Raised when what is stored means something else than before; other folders are made anew."""

PARTS = {kind.__name__: kind for kind in (Areas, Borders, Lines, Surfaces, TiledPieces, TiledRings, Tiles)}
INDEX = "scene.json"
SEPARATOR = "\x1f"


class NoScene(Exception):
    """The folder is not there, or is none of ours, or of another format."""


def store(geometry: Geometry, folder: Path) -> None:
    """Write a scene; a folder that is already there is replaced. OSError where the disk says no."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        index: dict[str, Any] = {"format": FORMAT, "values": {}, "parts": {}}
        _put(geometry, "", beside, index)
        (beside / INDEX).write_text(json.dumps(index), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def opened(folder: Path) -> Geometry:
    """The scene of a folder, its arrays memory-mapped and not to be written to; NoScene where there is none to be had."""
    try:
        index = json.loads((folder / INDEX).read_text(encoding="utf-8"))
        if index.get("format") != FORMAT:
            raise NoScene(f"format {index.get('format')}")
        made = _got(Geometry, "", folder, index)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NoScene(str(error)) from error
    assert isinstance(made, Geometry)
    return made


def kept(scenes: Path, key: str, make: Callable[[], Geometry]) -> Geometry:
    """The scene of a key, opened in place; where it is not there it is made, stored, and the scenes of other keys go.

    `key` must be a name that says all the scene is made of. Where the disk says no, the scene that was made serves.
    """
    folder = scenes / f"{key}-{FORMAT}"
    try:
        return opened(folder)
    except NoScene:
        made = make()
    try:
        store(made, folder)
        for other in scenes.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)
        return opened(folder)
    except (OSError, NoScene) as error:
        log.warning("the scene is not kept on disk: %s", error)
        return made


def _put(value: Any, path: str, folder: Path, index: dict[str, Any]) -> None:
    if isinstance(value, np.ndarray):
        np.save(folder / f"{path}.npy", value, allow_pickle=False)
    elif isinstance(value, Plane):
        index["values"][path] = [value.origin.lon, value.origin.lat]
    elif isinstance(value, GridRaster):
        index["values"][path] = [value.west, value.south, value.cell_m]
        np.save(folder / f"{path}.npy", value.cells, allow_pickle=False)
    elif isinstance(value, tuple) and value and not isinstance(value[0], str):
        index["values"][path] = len(value)
        for number, each in enumerate(value):
            _put(each, f"{path}.{number}", folder, index)
    elif isinstance(value, tuple):
        (folder / f"{path}.txt").write_text(SEPARATOR.join(value), encoding="utf-8")
        index["values"][path] = len(value)
    else:
        index["parts"][path] = type(value).__name__
        for field in fields(value):
            _put(getattr(value, field.name), f"{path}.{field.name}" if path else field.name, folder, index)


def _got(kind: type[Any], path: str, folder: Path, index: dict[str, Any]) -> Any:
    found = {}
    for field in fields(kind):
        inner = f"{path}.{field.name}" if path else field.name
        if f"{inner}.0" in index["parts"]:
            numbers = range(index["values"][inner])
            found[field.name] = tuple(_part(f"{inner}.{number}", folder, index) for number in numbers)
        elif inner in index["parts"]:
            found[field.name] = _part(inner, folder, index)
        else:
            found[field.name] = _one(field.name, inner, folder, index["values"])
    return kind(**found)


def _part(path: str, folder: Path, index: dict[str, Any]) -> Any:
    return _got(PARTS[index["parts"][path]], path, folder, index)


def _one(name: str, path: str, folder: Path, values: dict[str, Any]) -> Any:
    array = folder / f"{path}.npy"
    if name == "plane":
        return Plane(LonLat(*values[path]))
    if name == "grid_raster":
        return GridRaster.of(*values[path], np.load(array, mmap_mode="r", allow_pickle=False))
    if array.exists():
        return _mapped(array)
    words = tuple((folder / f"{path}.txt").read_text(encoding="utf-8").split(SEPARATOR)) if values[path] else ()
    if len(words) != values[path]:
        raise ValueError(f"{path}: {len(words)} names of {values[path]}")
    return words


def _mapped(path: Path) -> np.ndarray:
    """An array in place; an empty one cannot be mapped, and is read."""
    try:
        mapped = np.load(path, mmap_mode="r", allow_pickle=False)
    except ValueError:
        return np.asarray(np.load(path, allow_pickle=False))
    return np.asarray(mapped)
