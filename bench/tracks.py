"""Long tracks on the map: frames while one pans, zooms and plays, what making them ready costs, pieces drawn at each scale.

Recorded walks of two people (../shared/data/tracks), laid over the generated district so that they cross its streets: 2,000,
20,000 and all 217,653 fixes. The same frames without any track stand beside them. Peers in the same run: a plain
PlotCurveItem and a plain GLLinePlotItem of all points. CPU time counts all threads, the drawing ones included.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyqtgraph
import pyqtgraph.opengl as stock
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from bench.frames import Bench, Step, application_here
from bench.map import SIZE, TOWN, in_a_process_of_its_own, scene
from desktop.map.canvas import MapCanvas
from desktop.map.oblique import Oblique
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map.scene_store import opened, store
from desktop.map.tracks import Colouring, Track, Way
from desktop.map.tracks_shown import TracksShown
from desktop.map.viewpoint import Viewpoint
from gis_data.town.plane import Plane
from governance.places import LonLat

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "../shared/data/tracks/geolife_2users_217653pts.csv.gz"
WHERE_RECORDED = LonLat(116.325, 39.985)
SIZES = (2_000, 20_000, 217_653)
SCALES = (1.0, 3.0, 10.0, 30.0, 100.0)
"""Metres per pixel at which the pieces drawn are counted."""

VIEWS = {"whole": None, "3 m/px": 3.0}
FRAMES = 30
PARTS = {"map": MapCanvas, "plain map": PlainCanvas}
WAYS = ("pan", "zoom", "play")
ADDED_MS, READY_MS = 20.0, 2_000.0
"""What all the fixes may add to the CPU time of a frame, and what making them ready may cost, once."""


def recorded(size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Plane metres float64[n, 2] around where they walked and seconds of the first `size` fixes, person by person."""
    with gzip.open(RECORDED, "rt") as lines:
        rows = [line.rstrip().split(",") for line in list(lines)[1 : size + 1]]
    lat, lon = (np.array([float(row[column]) for row in rows]) for column in (0, 1))
    at_s = np.array([row[2].replace(" ", "T") for row in rows], "datetime64[s]").astype(float)
    xy, person = Plane(WHERE_RECORDED).to_plane(lon, lat), np.array([row[3] for row in rows])
    return [(xy[person == each], at_s[person == each]) for each in np.unique(person)]


def tracks_in(geometry: Geometry, size: int) -> list[Track]:
    """The walks with the middle of where they were recorded in the middle of a scene."""
    middle = geometry.outline.mean(axis=0)
    made = []
    for number, (xy, at_s) in enumerate(recorded(size)):
        place = geometry.plane.to_lonlat(*(xy + middle).T)
        made.append(Track.of(f"W{number}", place[:, 0], place[:, 1], at_s))
    return made


def _canvas(kind: type[MapCanvas] | type[PlainCanvas], folder: Path) -> dict[str, Any]:
    application = application_here()
    geometry = opened(folder)
    canvas = kind()
    failures: list[str] = []
    canvas.failed.connect(failures.append)
    canvas.set_geometry(geometry)
    bench = Bench(application, canvas, SIZE)
    bench.run_for(1.0)
    whole = canvas.viewpoint
    found: dict[str, Any] = {}
    for size in (0, *SIZES):
        tracks = tracks_in(geometry, size) if size else []
        canvas.show_tracks(tracks, colouring=Colouring.SPEED)
        while not canvas.are_tracks_ready:
            bench.run_for(0.05)
        for name, scale in VIEWS.items():
            view = whole if scale is None else whole.at(*geometry.outline.mean(axis=0)).scaled(scale)
            steps: dict[str, Step] = {
                "pan": lambda _: canvas.pan_by(7, 3),
                "zoom": lambda number: canvas.zoom_by(1.03 if number % 2 else 1 / 1.03),
                "play": partial(_play, canvas, tracks),
            }
            for way, step in steps.items():
                canvas.set_viewpoint(view)
                canvas.show_tracks(tracks, colouring=Colouring.SPEED)
                figures = asdict(bench.measure(step, FRAMES))
                found |= {f"{size} fixes, {name}, {way}, {key}": value for key, value in figures.items()}
    for name in VIEWS:
        for way in WAYS:
            cost = found[f"{SIZES[-1]} fixes, {name}, {way}, cpu_ms"] - found[f"0 fixes, {name}, {way}, cpu_ms"]
            found[f"{SIZES[-1]} fixes add, {name}, {way}, cpu_ms"] = round(cost, 1)
    if failures:
        raise RuntimeError(f"the map gave up: {failures[0]}")
    return found


def _play(canvas: MapCanvas | PlainCanvas, tracks: list[Track], number: int) -> None:
    """Everything up to a moment, a thirtieth of the period later with every frame."""
    if not tracks:
        canvas.update()
        return
    begin, end = min(each.at_s[0] for each in tracks), max(each.at_s[-1] for each in tracks)
    canvas.show_tracks(tracks, until=begin + (end - begin) * (number + 1) / FRAMES, colouring=Colouring.SPEED)


def _made_ready(folder: Path) -> dict[str, Any]:
    """What making tracks ready costs, and how many pieces of line are in the picture at each scale."""
    geometry = opened(folder)
    middle = geometry.outline.mean(axis=0).tolist()
    found: dict[str, Any] = {}
    for size in SIZES:
        tracks = tracks_in(geometry, size)
        began = time.process_time()
        ways = [Way.of(track, geometry.plane, geometry.grid_raster) for track in tracks]
        found[f"{size} fixes, made ready, cpu_ms"] = round((time.process_time() - began) * 1e3, 1)
        shown = TracksShown()
        shown.show(ways, Colouring.SPEED, -np.inf, np.inf)
        for scale in SCALES:
            view = Oblique(Viewpoint(middle[0], middle[1], scale, 12.0, 42.0), *SIZE)
            ends = shown.gather(view, scale, 0.0).records["ends"].astype(float)
            px = view.screen(ends[..., 0], ends[..., 1])
            seen = (px.max(axis=1) > 0).all(axis=1) & (px.min(axis=1) < SIZE).all(axis=1)
            found[f"{size} fixes, {scale:g} m/px, pieces drawn"] = int(seen.sum())
    return found


class Plot(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """A stock plot that says when it was painted."""

    frame_swapped = Signal()

    def paintEvent(self, paint: QPaintEvent) -> None:
        """Paint, and say so once Qt has brought it to the screen."""
        super().paintEvent(paint)
        QTimer.singleShot(0, self.frame_swapped.emit)

    def update(self) -> None:
        """Paint again."""
        self.viewport().update()


def _peers(folder: Path) -> dict[str, Any]:
    """All points as one stock line: flat by QPainter, and by OpenGL in space."""
    application = application_here()
    geometry = opened(folder)
    middle, wide = geometry.outline.mean(axis=0), float(np.ptp(geometry.outline, axis=0).max())
    walks = {size: np.concatenate([each for each, _ in recorded(size)]) + middle for size in SIZES}
    found: dict[str, Any] = {}
    for name, peer in (("PlotCurveItem", _flat_peer), ("GLLinePlotItem", _gl_peer)):
        widget, show, ways = peer(middle, wide)
        bench = Bench(application, widget, SIZE)
        for size, xy in walks.items():
            show(xy)
            bench.run_for(0.5)
            for way, step in ways.items():
                figures = asdict(bench.measure(step, FRAMES if size < SIZES[-1] else 8))
                found |= {f"{name}: {size} fixes, whole, {way}, {key}": value for key, value in figures.items()}
        widget.close()
    return found


Peer = tuple[QWidget, Callable[[np.ndarray], object], dict[str, Step]]
"""A widget, how it is given a line, and what is done to it."""


def _flat_peer(middle: np.ndarray, wide: float) -> Peer:
    plot = Plot()
    curve = pyqtgraph.PlotCurveItem(pen=pyqtgraph.mkPen("w", width=2.6), antialias=True)
    plot.addItem(curve)
    plot.setAspectLocked(True)
    box, walked = plot.getViewBox(), [np.zeros((0, 2))]
    box.setRange(xRange=(middle[0] - wide / 2, middle[0] + wide / 2), yRange=(middle[1] - wide / 3, middle[1] + wide / 3))

    def show(xy: np.ndarray) -> None:
        walked[0] = xy
        curve.setData(*xy.T)

    return (
        plot,
        show,
        {
            "pan": lambda _: box.translateBy(x=wide / 270, y=wide / 640),
            "zoom": lambda number: box.scaleBy((1.03, 1.03) if number % 2 else (1 / 1.03, 1 / 1.03)),
            "play": lambda number: curve.setData(*walked[0][: len(walked[0]) * (number + 1) // FRAMES].T),
        },
    )


def _gl_peer(middle: np.ndarray, wide: float) -> Peer:
    view = stock.GLViewWidget()
    line = stock.GLLinePlotItem(pos=np.zeros((2, 3), np.float32), width=2.6, color=(1.0, 1.0, 1.0, 1.0))
    view.addItem(line)
    view.setCameraPosition(distance=wide, elevation=48, azimuth=-90)
    walked = [np.zeros((0, 3), np.float32)]

    def show(xy: np.ndarray) -> None:
        walked[0] = np.column_stack([xy - middle, np.zeros(len(xy))]).astype(np.float32)
        line.setData(pos=walked[0])

    return (
        view,
        show,
        {
            "pan": lambda _: view.pan(wide / 270, wide / 640, 0),
            "zoom": lambda number: view.setCameraPosition(distance=wide * (1.03 if number % 2 else 1.0)),
            "play": lambda number: line.setData(pos=walked[0][: len(walked[0]) * (number + 1) // FRAMES]),
        },
    )


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of both canvases and of the peers, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="bench tracks")
    parser.add_argument("--only", choices=(*PARTS, "made ready", "peers"), action="append")
    wanted = parser.parse_args(list(words)).only or [*PARTS, "made ready", "peers"]
    if not RECORDED.exists():
        raise SystemExit(f"没有录得的轨迹 / the recorded tracks are not here: {RECORDED}")
    figures: dict[str, Any] = {}
    peers: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as home:
        folder = Path(home) / "scene"
        store(scene(TOWN), folder)
        for part in wanted:
            found = in_a_process_of_its_own("bench.tracks", part, str(folder))
            if part == "peers":
                peers = found
            else:
                figures |= {f"{part}: {key}": value for key, value in found.items()}
    most = f"{SIZES[-1]} fixes"
    targets: dict[str, Sequence[object]] = {f"made ready: {most}, made ready, cpu_ms": ["<=", READY_MS]}
    targets |= {
        f"{part}: {most} add, {name}, {way}, cpu_ms": ["<=", ADDED_MS] for part in PARTS for name in VIEWS for way in WAYS
    }
    targets = {name: want for name, want in targets.items() if name.split(":")[0] in wanted}
    return {"bench": f"tracks, {SIZE[0]}x{SIZE[1]}", "figures": figures, "peers": peers, "targets": targets}


def _main(part: str, folder: str) -> None:
    at = Path(folder)
    found = _peers(at) if part == "peers" else _made_ready(at) if part == "made ready" else _canvas(PARTS[part], at)
    print(json.dumps(found))


if __name__ == "__main__":
    _main(*sys.argv[1:])
