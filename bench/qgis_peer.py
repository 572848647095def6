"""QGIS of the distribution as a peer: the same layers, rendered without a window, flat and by its own 2.5D renderer."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop.map.scene import Geometry
from desktop.map.tiles import TiledRings

PYTHON = "/usr/bin/python3"
"""Debian's own, which python3-qgis belongs to."""
SCRIPT = Path(__file__).with_name("qgis_layers.py")
ABSENT = (
    "没有 QGIS：请先 apt-get install --no-install-recommends python3-qgis"
    " / QGIS is not here: apt-get install --no-install-recommends python3-qgis"
)
LONGEST_S = 3_600
BUILDINGS_BELOW_M = 20_000.0
Floats = NDArray[np.float64]


def is_there() -> bool:
    """Whether Debian's Python knows QGIS."""
    if not Path(PYTHON).exists():
        return False
    asked = [PYTHON, "-c", "import qgis.core"]
    return subprocess.run(asked, capture_output=True, check=False, env=_environment(Path("/tmp"))).returncode == 0


def qgis_figures(
    geometry: Geometry, load: NDArray[np.int32], points: dict[str, Floats], views_m: dict[str, float], size: tuple[int, int]
) -> dict[str, Any]:
    """Figures of QGIS on a scene; `points` are workers, cameras and pins; `views_m` is how wide each view is, plane metres."""
    with tempfile.TemporaryDirectory(prefix="gridwarden-qgis-", dir="/var/tmp") as home:
        folder = Path(home)
        _write(geometry, load, points, folder)
        (west, south), (east, north) = geometry.outline.min(axis=0).tolist(), geometry.outline.max(axis=0).tolist()
        about = {
            "layers": {"grids": "polygon", "buildings": "polygon", "roads": "line"} | dict.fromkeys(points, "point"),
            "order": ["pins", "workers", "cameras", "roads", "buildings", "grids"],
            "buildings_below_m": BUILDINGS_BELOW_M,
            "middle": [(west + east) / 2, (south + north) / 2],
            "views": views_m,
            "size": size,
        }
        (folder / "about.json").write_text(json.dumps(about), "utf-8")
        command = [PYTHON, str(SCRIPT), home]
        told = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, check=True, env=_environment(folder), timeout=LONGEST_S
        )
        if kept := os.environ.get("GRIDWARDEN_QGIS_PICTURES"):
            for picture in folder.glob("*.png"):
                (Path(kept) / picture.name).write_bytes(picture.read_bytes())
    found: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return {f"QGIS: {key}": value for key, value in found.items()}


def _environment(home: Path) -> dict[str, str]:
    """Nothing of this project's own Python may reach Debian's; QGIS writes its profile into the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return kept | {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(home)}


def _write(geometry: Geometry, load: NDArray[np.int32], points: dict[str, Floats], folder: Path) -> None:
    share = np.minimum(load / max(int(load.max(initial=1)), 1), 1.0)
    _write_layer(folder / "grids.npz", *_rings(geometry.grids.fine, share))
    _write_layer(folder / "buildings.npz", *_rings(geometry.buildings, geometry.building_height_m.astype(np.float64)))
    roads = geometry.roads
    _write_layer(folder / "roads.npz", roads.xy, roads.offsets, roads.kinds.astype(np.float64))
    for name, xy in points.items():
        _write_layer(folder / f"{name}.npz", xy, np.arange(len(xy) + 1), np.arange(len(xy)) % 4 * 1.0)


def _write_layer(path: Path, xy: Floats, offsets: NDArray[np.int64], values: Floats) -> None:
    np.savez(path, xy=xy, offsets=offsets, values=values)


def _rings(rings: TiledRings, values: Floats) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Corners in plane metres, first corner of each ring, and the value of whom it belongs to."""
    tiles = rings.tiles
    places = rings.corners["place"]
    parts = [tiles.metres(number, places[first:end]) for number, (first, end) in enumerate(pairwise(tiles.first.tolist()))]
    return np.concatenate(parts), rings.ring_first, values[rings.ring_owner]
