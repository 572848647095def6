"""Frames of the district's map: workers moving, pan, turn, in three views; peers are Qt's own swap and stock pyqtgraph.opengl.

Where there is no display it runs on one of its own. CPU time counts all threads of the process, the drawing ones of a
software driver included.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
import pyqtgraph.opengl as stock
from OpenGL import GL
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication, QWidget

from demo.screen import Screen
from desktop.map.canvas import MapCanvas, surface_format
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Cameras, Geometry, Pins
from gis_data.town.generate import generate
from gis_data.town.pack import CamerasPack, read_pack, write_packs

ROOT = Path(__file__).resolve().parents[1]
WIDTH, HEIGHT = 1920, 1080
WORKERS, PINS = 1600, 200
FRAMES = 30
IDLE_S = 10.0
LANE_S = 0.25
Step = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Figures:
    """Wall milliseconds of a frame, from asking to the swap, and CPU milliseconds of all threads."""

    median_ms: float
    p95_ms: float
    cpu_ms: float


class Swap(QOpenGLWidget):
    """Paints one colour: what Qt needs to compose and swap a window at all."""

    def paintGL(self) -> None:
        """Clear."""
        GL.glClearColor(0.1, 0.1, 0.1, 1.0)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)


class Bench:
    """One window, one widget in it at a time, frames counted from the swap signal."""

    def __init__(self, application: QApplication, widget: QWidget) -> None:
        """Show a widget at the size of the bench."""
        self.application, self.widget = application, widget
        self.swaps = 0
        signal = widget.frameSwapped if hasattr(widget, "frameSwapped") else widget.frame_swapped  # type: ignore[attr-defined]
        signal.connect(self._swapped)
        widget.resize(WIDTH, HEIGHT)
        widget.show()
        self.run_for(0.5)

    def _swapped(self, *_: object) -> None:
        self.swaps += 1

    def run_for(self, seconds: float) -> None:
        """Let the event loop run."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.application.processEvents()
            time.sleep(0.002)

    def frame(self) -> float:
        """Ask for a frame and wait for its swap; milliseconds."""
        swaps, began = self.swaps, time.perf_counter()
        self.widget.update()
        while self.swaps == swaps:
            self.application.processEvents()
        return (time.perf_counter() - began) * 1e3

    def measure(self, step: Step, count: int = FRAMES) -> Figures:
        """Figures over frames, each after one step."""
        self.run_for(0.4)
        cpu, walls = time.process_time(), []
        for number in range(count):
            step(number)
            walls.append(self.frame())
        cpu_ms = (time.process_time() - cpu) * 1e3 / count
        return Figures(round(float(np.median(walls)), 1), round(float(np.percentile(walls, 95)), 1), round(cpu_ms, 1))


class District:
    """The generated district with workers, pins and cameras, the same every time."""

    def __init__(self) -> None:
        """Generate it and unpack it as a desk does."""
        town = generate(seed=1)
        packs = {name: read_pack(name, data) for name, data in write_packs(town).items()}
        self.geometry = Geometry.of(packs, town.origin)
        self.random = np.random.default_rng(7)
        self.places = self._places(WORKERS, 150.0)
        sites = packs["cameras"]
        assert isinstance(sites, CamerasPack)
        self.cameras = Cameras(
            tuple(sites.ids.tolist()),
            sites.places[:, 0],
            sites.places[:, 1],
            sites.heading_deg,
            sites.field_of_view_deg,
            sites.range_m,
            np.zeros(len(sites.ids), np.uint8),
        )

    def _places(self, count: int, spread_m: float) -> np.ndarray:
        centres = self.geometry.grids.centres
        xy = centres[self.random.integers(0, len(centres), count)] + self.random.normal(0, spread_m, (count, 2))
        return self.geometry.plane.to_lonlat(xy[:, 0], xy[:, 1])

    def show_on(self, canvas: MapCanvas | PlainCanvas) -> None:
        """Put everything on a canvas."""
        canvas.set_geometry(self.geometry)
        place, draw = self._places(PINS, 120.0), self.random.integers
        none, no = np.zeros(PINS, np.uint8), np.zeros(PINS, bool)
        ids = tuple(f"JG-{number:04d}" for number in range(PINS))
        kinds, urgency = draw(0, 10, PINS).astype(np.uint8), self.random.choice(3, PINS, p=[0.75, 0.2, 0.05]).astype(np.uint8)
        canvas.set_pins(Pins(ids, place[:, 0], place[:, 1], kinds, urgency, none, draw(0, 3, PINS).astype(np.uint8), no, no))
        load = draw(0, 4, len(self.geometry.grids.codes)).astype(np.int32)
        canvas.set_grid_load(load, load * 0)
        canvas.set_workers([f"W{number:04d}" for number in range(WORKERS)], self.places[:, 0], self.places[:, 1])
        canvas.set_cameras(self.cameras)

    def mover(self, canvas: MapCanvas | PlainCanvas) -> Step:
        """A step that moves every fourth worker by some metres: all of them within four frames."""

        def move(number: int) -> None:
            rows = np.arange(number % 4, WORKERS, 4, dtype=np.int32)
            shift = self.random.normal(0, 4e-5, (len(rows), 2))
            canvas.move_workers(rows, self.places[rows, 0] + shift[:, 0], self.places[rows, 1] + shift[:, 1])

        return move


def _views(bench: Bench, canvas: MapCanvas | PlainCanvas, move: Step) -> dict[str, dict[str, float]]:
    """Figures of a canvas in three views, three ways."""
    whole = canvas.viewpoint
    found: dict[str, dict[str, float]] = {}
    for name, scale in (("whole", whole.metres_per_pixel), ("10 km", 10_000 / WIDTH), ("1.5 km", 1_500 / WIDTH)):
        view = whole.scaled(scale)
        steps: dict[str, Step] = {
            "moving": move,
            "pan": lambda number: (move(number), canvas.pan_by(7, 3))[0],
            "turn": lambda number: (move(number), canvas.turn(1))[0],
        }
        for way, step in steps.items():
            canvas.set_viewpoint(view)
            found[f"{name}, {way}"] = asdict(bench.measure(step))
    canvas.set_viewpoint(whole)
    return found


def _idle(bench: Bench, move: Step) -> dict[str, float]:
    """Nobody touches the map, every worker moves at the pace of the positions lane."""
    bench.run_for(1.0)
    cpu, began, swaps, number = time.process_time(), time.perf_counter(), bench.swaps, 0
    while time.perf_counter() - began < IDLE_S:
        move(number)
        number += 1
        end = time.perf_counter() + LANE_S
        while (left := end - time.perf_counter()) > 0:
            bench.application.processEvents()
            time.sleep(min(left, 0.01))
    seconds = time.perf_counter() - began
    share = (time.process_time() - cpu) / seconds * 100
    return {"cpu_percent_of_a_core": round(share, 1), "frames_per_second": round((bench.swaps - swaps) / seconds, 1)}


def _stock(application: QApplication, district: District) -> dict[str, dict[str, float]]:
    """Stock pyqtgraph.opengl with the same grids, buildings' roofs and dots: what its own items need."""
    view = stock.GLViewWidget()
    geometry = district.geometry
    for rings, colour in ((geometry.grids.rings, (0.1, 0.12, 0.15, 1)), (geometry.buildings, (0.2, 0.24, 0.3, 1))):
        corners = np.column_stack([rings.xy, np.zeros(len(rings.xy))]).astype(np.float32)
        mesh = stock.MeshData(vertexes=corners, faces=rings.triangles)
        view.addItem(stock.GLMeshItem(meshdata=mesh, smooth=False, color=colour, computeNormals=False))
    xy = geometry.plane.to_plane(district.places[:, 0], district.places[:, 1])
    dots = np.column_stack([xy, np.full(len(xy), 5.0)]).astype(np.float32)
    scatter = stock.GLScatterPlotItem(pos=dots, size=6.0, color=(0.4, 0.7, 0.6, 1.0))
    view.addItem(scatter)
    view.setCameraPosition(distance=14_000, elevation=48, azimuth=-90)
    bench = Bench(application, view)

    def move(_number: int) -> None:
        dots[:, :2] += district.random.normal(0, 4, (len(dots), 2))
        scatter.setData(pos=dots)

    found = {"moving": asdict(bench.measure(move)), "turn": asdict(bench.measure(lambda _: view.orbit(1, 0)))}
    view.close()
    return found


TARGETS: dict[str, list[object]] = {
    "map: whole, moving, p95_ms": ["<=", 50.0],
    "map: 10 km, moving, p95_ms": ["<=", 50.0],
    "map: 1.5 km, moving, p95_ms": ["<=", 50.0],
    "map: whole, turn, median_ms": ["<=", 40.0],
    "map: 10 km, turn, median_ms": ["<=", 40.0],
    "map: 1.5 km, turn, median_ms": ["<=", 40.0],
    "map: untouched, cpu_percent_of_a_core": ["<=", 25.0],
}


def run(_words: Sequence[str] = ()) -> dict[str, object]:
    """Figures of both canvases, of Qt's bare swap and of stock pyqtgraph.opengl."""
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return _measure()
    with Screen(WIDTH, HEIGHT) as screen:  # in a process of its own: Qt ends the one whose display goes
        environment = dict(os.environ) | {"DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
        command = [sys.executable, "-m", "bench.map_frames"]
        told = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(told.stdout)
    return found


def _measure() -> dict[str, object]:
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    district = District()
    before_mb = psutil.Process().memory_info().rss / 1e6
    floor = Swap()
    floor.setFormat(surface_format())
    swap_bench = Bench(application, floor)
    peers = {f"Qt swap alone: {key}": value for key, value in asdict(swap_bench.measure(lambda _: None)).items()}
    floor.close()
    figures: dict[str, float] = {}
    for name, canvas in (("map", MapCanvas()), ("plain map", PlainCanvas())):
        bench = Bench(application, canvas)
        district.show_on(canvas)
        bench.run_for(0.5)
        move = district.mover(canvas)
        for way, found in (_views(bench, canvas, move) | {"untouched": _idle(bench, move)}).items():
            figures |= {f"{name}: {way}, {key}": value for key, value in found.items()}
        if name == "map":
            figures["map: memory added, MB"] = round(psutil.Process().memory_info().rss / 1e6 - before_mb)
        canvas.close()
    for way, found in _stock(application, district).items():
        peers |= {f"stock pyqtgraph.opengl: {way}, {key}": value for key, value in found.items()}
    return {"bench": f"map-frames, {WIDTH}x{HEIGHT}", "figures": figures, "peers": peers, "targets": TARGETS}


if __name__ == "__main__":
    print(json.dumps(run(), indent=1, ensure_ascii=False))
