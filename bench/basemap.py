"""What a basemap costs: a tile read, drawn, placed and uploaded, a frame with it and without it, and how long the window waits.

The generated district is cut into vector tiles, and these are drawn as PNG for the raster half, so both halves show the same.
Times are CPU milliseconds of all threads unless their name says wall. Peer in the same run: Qt decoding the same PNG bytes
and nothing else, which is as fast as a raster tile can become pixels here.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from bench.tiles_of_town import drawn_tile, layers_of, vector_tiles
from bench.tiles_written import write_mbtiles
from demo.screen import Screen
from desktop.basemap.basemap import Basemap
from desktop.basemap.pictures import FORMAT, picture_of
from desktop.basemap.tiles_drawn import TilesDrawn
from desktop.basemap.vector_drawing import drawn
from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.ground_pictures import PIECES
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.style.palette import NIGHT
from gis_data.basemap.files import open_tiles
from gis_data.basemap.squares import Square, web_mercator
from gis_data.basemap.vector_tile import VectorLayer, read_vector_tile
from gis_data.datum import Datum
from gis_data.town.generate import generate
from gis_data.town.pack import read_pack, write_packs
from gis_data.town.plane import Plane

SIZE = (1920, 1080)
COUNTS = (1, 10, 100)
LEVELS = (13, 14)
REDRAWS = 7
WAIT_MS = 8_000
VIEWS = {"whole": None, "1.5 km": 1_500.0}
Canvas = MapCanvas | PlainCanvas

TARGETS: dict[str, list[Any]] = {
    "raster: decode over Qt's own, times": ["<=", 1.3],
    "place 100 tiles in GCJ-02, ms": ["<=", 40],
    "map: raster, window held more than without, ms": ["<=", 50],
    "map: vector, window held more than without, ms": ["<=", 50],
    "map: a pan over what is there uploads, bytes": ["<=", 20_000],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """CPU milliseconds of every step; `--only map|plain` shows one of the two maps."""
    parser = argparse.ArgumentParser(prog="bench basemap")
    parser.add_argument("--only", choices=("map", "plain map"))
    only: str | None = parser.parse_args(list(words)).only
    town = generate(seed=1)
    geometry = Geometry.of({name: read_pack(name, data) for name, data in write_packs(town).items()}, town.origin)
    figures, peers = dict[str, Any](), dict[str, Any]()
    with tempfile.TemporaryDirectory() as folder, Screen(*SIZE) as screen:
        os.environ["DISPLAY"] = screen.name
        application = QApplication.instance() or QApplication(sys.argv[:1])
        files, tiles = _written(town, Path(folder))
        _measure_tiles(tiles, geometry.plane, figures, peers)
        for name, sort in (("map", MapCanvas), ("plain map", PlainCanvas)):
            if only in (None, name):
                for kind, path in files.items():
                    figures |= {f"{name}: {key}": value for key, value in _shown(sort, geometry, kind, path).items()}
        del application
    targets = {name: bound for name, bound in TARGETS.items() if only != "plain map" or not name.startswith("map:")}
    return {"bench": "basemap", "figures": figures, "peers": peers, "targets": targets}


def _written(town: Any, folder: Path) -> tuple[dict[str, Path], dict[Square, tuple[bytes, bytes]]]:
    """A file of each kind, and the tiles of both."""
    layers, reach = layers_of(town, Datum.WGS84), town.roads.coords
    box = (*reach.min(axis=0).tolist(), *reach.max(axis=0).tolist())
    tiles = dict[Square, tuple[bytes, bytes]]()
    for level in LEVELS:
        scale = web_mercator(512).metres_per_pixel(level, town.origin.lat)
        for square, data in vector_tiles(layers, box, level):
            tiles[square] = (data, drawn_tile(data, scale, NIGHT.map))
    packed = {square: gzip.compress(data) for square, (data, _) in tiles.items()}
    files = {
        "raster": write_mbtiles(folder / "r.mbtiles", {square: png for square, (_, png) in tiles.items()}, format="png"),
        "vector": write_mbtiles(folder / "v.mbtiles", packed, format="pbf"),
    }
    return files, tiles


def _measure_tiles(
    tiles: dict[Square, tuple[bytes, bytes]], plane: Plane, figures: dict[str, Any], peers: dict[str, Any]
) -> None:
    """Tiles alone, without a window: the densest of them first."""
    order = sorted(tiles, key=lambda square: -len(tiles[square][0]))
    for count in COUNTS:
        chosen = [order[number % len(order)] for number in range(count)]
        vectors, pictures = zip(*(tiles[square] for square in chosen), strict=True)
        read = [read_vector_tile(data) for data in vectors]
        scale = web_mercator(512).metres_per_pixel(14, plane.origin.lat)
        figures[f"raster: decode {count}, ms"] = _cpu_ms(pictures, partial(picture_of, by_night=False))
        peers[f"QImage: decode the same {count}, ms"] = _cpu_ms(pictures, _by_qt)
        figures[f"vector: read {count}, ms"] = _cpu_ms(vectors, read_vector_tile)
        figures[f"vector: draw {count}, ms"] = _cpu_ms(read, partial(_drawn, scale))
        for datum, name in ((Datum.WGS84, "WGS 84"), (Datum.GCJ02, "GCJ-02")):
            figures[f"place {count} tiles in {name}, ms"] = _cpu_ms((datum,), partial(_placed, plane, count))
    figures["raster: decode over Qt's own, times"] = round(
        figures["raster: decode 100, ms"] / max(peers["QImage: decode the same 100, ms"], 1e-6), 2
    )
    figures["vector: largest tile, kB"] = round(len(tiles[order[0]][0]) / 1000, 1)


def _drawn(metres_per_pixel: float, layers: tuple[VectorLayer, ...]) -> QImage:
    return drawn(layers, (0.0, 0.0, 1.0), metres_per_pixel, NIGHT.map)


def _by_qt(data: bytes) -> QImage:
    return QImage.fromData(data).convertToFormat(FORMAT)


def _placed(plane: Plane, count: int, datum: Datum) -> None:
    cut = web_mercator()
    columns, rows = cut.covering([(plane.origin.lon, plane.origin.lat)], 16, datum)
    squares = [Square(16, columns[0] + number % 10, rows[0] + number // 10) for number in range(count)]
    degrees = cut.lattices(squares, PIECES, datum)
    plane.to_plane(degrees[..., 0].ravel(), degrees[..., 1].ravel())


def _cpu_ms(things: Iterable[Any], work: Callable[[Any], object]) -> float:
    """The least CPU of three runs over some things; one more before them warms up."""
    took = []
    for _ in range(4):
        began = time.process_time()
        for each in things:
            work(each)
        took.append((time.process_time() - began) * 1000)
    return round(min(took[1:]), 2)


def _shown(sort: type[Canvas], geometry: Geometry, kind: str, path: Path) -> dict[str, Any]:
    """A canvas that shows the town with a basemap and without it."""
    figures = dict[str, Any]()
    canvas = sort()
    canvas.resize(*SIZE)
    canvas.set_geometry(geometry)
    canvas.show()
    QTest.qWaitForWindowExposed(canvas)
    without = {view: _redraw_ms(canvas, width_m) for view, width_m in VIEWS.items()}
    held = _Held()
    for width_m in VIEWS.values():
        _look(canvas, width_m)
    figures["window held by the map alone, wall ms"], figures["window held by the map alone, ms"] = held.worst_ms()
    file = open_tiles(path)
    basemap = Basemap(TilesDrawn(file.about, file), geometry.plane, canvas.shown.colours, 1.0)
    basemap.changed.connect(canvas.basemap_changed)
    _look(canvas, None)
    held, before = _Held(), METER.uploaded_bytes
    began, cpu = time.monotonic(), time.process_time()
    canvas.set_basemap(basemap)
    for width_m in VIEWS.values():
        _look(canvas, width_m)
        _wait(canvas, basemap)
    figures[f"{kind}, both views cold, wall ms"] = round((time.monotonic() - began) * 1000)
    figures[f"{kind}, both views cold, ms"] = round((time.process_time() - cpu) * 1000)
    figures[f"{kind}, uploaded, bytes"] = METER.uploaded_bytes - before
    figures[f"{kind}, window held, wall ms"], figures[f"{kind}, window held, ms"] = held.worst_ms()
    alone = figures["window held by the map alone, ms"]
    figures[f"{kind}, window held more than without, ms"] = round(figures[f"{kind}, window held, ms"] - alone, 1)
    for view, width_m in VIEWS.items():
        with_it = _redraw_ms(canvas, width_m)
        _wait(canvas, basemap)
        figures[f"{kind}, {view}: redraw without, ms"], figures[f"{kind}, {view}: redraw with, ms"] = without[view], with_it
    if sort is MapCanvas:
        figures["a pan over what is there uploads, bytes"] = _pan_uploads(canvas, basemap)
    canvas.set_basemap(None)
    basemap.close()
    canvas.hide()
    canvas.deleteLater()
    QTest.qWait(50)
    return figures


def _until(claim: Callable[[], bool]) -> None:
    """Let the window live until it is so; after WAIT_MS whatever there is is measured."""
    end = time.monotonic() + WAIT_MS / 1000
    while not claim() and time.monotonic() < end:
        QTest.qWait(2)


class _Held:
    """How long the window's thread was held at most, as a timer of 5 ms sees it: by the clock, and by its own work alone."""

    def __init__(self) -> None:
        self._gaps, self._last = list[tuple[float, float]](), (time.monotonic(), time.thread_time())
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = (time.monotonic(), time.thread_time())
        self._gaps.append(((now[0] - self._last[0]) * 1000, (now[1] - self._last[1]) * 1000))
        self._last = now

    def worst_ms(self) -> tuple[float, float]:
        """The longest gap by the clock and the one with most work; the redraws of the map itself are among them."""
        self._timer.stop()
        wall, work = zip(*self._gaps, strict=True) if self._gaps else ((0.0,), (0.0,))
        return round(max(wall), 1), round(max(work), 1)


def _look(canvas: Canvas, width_m: float | None) -> None:
    canvas.fit_all()
    if width_m is not None:
        canvas.set_viewpoint(canvas.viewpoint.scaled(width_m / SIZE[0]))
    _settle(canvas)


def _settle(canvas: Canvas) -> None:
    frames = canvas.counters.dynamic_frames
    canvas.update()
    _until(lambda: canvas.counters.dynamic_frames > frames and not canvas._settle.isActive())


def _wait(canvas: Canvas, basemap: Basemap) -> None:
    """Until everything of the view is there and painted."""
    _settle(canvas)
    _until(lambda: basemap.is_at_rest)
    _settle(canvas)


def _was_redrawn(canvas: Canvas, statics: int) -> bool:
    return canvas.counters.static_redraws > statics


def _redraw_ms(canvas: Canvas, width_m: float | None) -> float:
    """CPU of one redraw of what stands still, in the middle of several."""
    _look(canvas, width_m)
    took = []
    for _ in range(REDRAWS):
        statics, began = canvas.counters.static_redraws, time.process_time()
        canvas.basemap_changed()
        _until(partial(_was_redrawn, canvas, statics))
        took.append((time.process_time() - began) * 1000)
    return round(statistics.median(took), 1)


def _pan_uploads(canvas: Canvas, basemap: Basemap) -> int:
    """Bytes that a pan and back uploads the third time: until then some of what lies ahead was never in a picture."""
    uploaded = np.zeros(3, np.int64)
    for number in range(len(uploaded)):
        before = METER.uploaded_bytes
        for right in (500.0, -500.0):
            canvas.pan_by(right, 0.0)
            _wait(canvas, basemap)
        uploaded[number] = METER.uploaded_bytes - before
    return int(uploaded[-1])
