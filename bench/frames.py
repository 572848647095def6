"""One window on a screen, frames counted from its swaps: what every benchmark of the map measures with."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyqtgraph.opengl as stock
from OpenGL import GL
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication, QWidget

from desktop.map.scene import Geometry
from desktop.memory import keep_large_apart

FRAMES = 30
SETTLED_S = 0.4
"""How long a window rests before frames are measured; a run of fewer frames rests less, it is only looked at."""
Step = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Figures:
    """Wall milliseconds of a frame, from asking to the swap, and CPU milliseconds of all threads, drawing ones included."""

    median_ms: float
    p95_ms: float
    cpu_ms: float
    """The median."""
    cpu_p95_ms: float


def application_here() -> QApplication:
    """The one application of this process, made where there is none; memory is kept as a desk keeps it."""
    keep_large_apart()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    return application


class Swap(QOpenGLWidget):
    """Paints one colour: what Qt needs to compose and swap a window at all."""

    def paintGL(self) -> None:
        """Clear."""
        GL.glClearColor(0.1, 0.1, 0.1, 1.0)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)


class Bench:
    """One window, one widget in it, frames counted from the swap signal."""

    def __init__(self, application: QApplication, widget: QWidget, size: tuple[int, int], frames: int = FRAMES) -> None:
        """Show a widget at a size; so many frames are measured each time."""
        self.application, self.widget, self.frames = application, widget, frames
        self.swaps = 0
        signal = widget.frameSwapped if hasattr(widget, "frameSwapped") else widget.frame_swapped  # type: ignore[attr-defined]
        signal.connect(self._swapped)
        widget.resize(*size)
        widget.show()

    def _swapped(self, *_: object) -> None:
        self.swaps += 1

    def run_for(self, seconds: float) -> None:
        """Let the event loop run."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            self.application.processEvents()
            time.sleep(0.002)

    def frame(self, ask: Callable[[], object] | None = None) -> float:
        """Ask for a frame, of everything or as told, and wait for its swap; milliseconds."""
        swaps, began = self.swaps, time.perf_counter()
        (ask or self.widget.update)()
        while self.swaps == swaps:
            self.application.processEvents()
        return (time.perf_counter() - began) * 1e3

    def measure(self, step: Step, count: int | None = None, ask: Callable[[], object] | None = None) -> Figures:
        """Figures over frames, each after one step; `ask` is how a frame is asked for, of everything where not given."""
        count = count or self.frames
        self.run_for(SETTLED_S * min(self.frames / FRAMES, 1.0))
        cpus, walls = [], []
        for number in range(count):
            cpu = time.process_time()
            step(number)
            walls.append(self.frame(ask))
            cpus.append((time.process_time() - cpu) * 1e3)
        return Figures(*(round(float(np.percentile(spent, at)), 1) for spent in (walls, cpus) for at in (50, 95)))


def stock_view(geometry: Geometry, places: np.ndarray) -> tuple[stock.GLViewWidget, Step, Step]:
    """Stock pyqtgraph.opengl with the same grids, buildings' roofs and dots; a step that moves the dots, one that turns."""
    view = stock.GLViewWidget()
    for rings, colour in ((geometry.grids.fine, (0.1, 0.12, 0.15, 1)), (geometry.buildings, (0.2, 0.24, 0.3, 1))):
        corners, faces = [], []
        for tile in range(len(rings.tiles)):
            part = rings.tiles.part(tile)
            corners.append(rings.tiles.metres(tile, rings.corners["place"][part]))
            faces.append(rings.triangles[rings.triangle_first[tile] : rings.triangle_first[tile + 1]] + np.int64(part.start))
        flat = np.concatenate(corners)
        vertexes = np.column_stack([flat, np.zeros(len(flat))]).astype(np.float32)
        mesh = stock.MeshData(vertexes=vertexes, faces=np.concatenate(faces).astype(np.uint32))
        view.addItem(stock.GLMeshItem(meshdata=mesh, smooth=False, color=colour, computeNormals=False))
    dots = np.column_stack([places, np.full(len(places), 5.0)]).astype(np.float32)
    scatter = stock.GLScatterPlotItem(pos=dots, size=6.0, color=(0.4, 0.7, 0.6, 1.0))
    view.addItem(scatter)
    wide = float(np.ptp(geometry.outline, axis=0).max())
    view.setCameraPosition(distance=wide * 1.1, elevation=48, azimuth=-90)
    random = np.random.default_rng(3)

    def move(_number: int) -> None:
        dots[:, :2] += random.normal(0, 4, (len(dots), 2))
        scatter.setData(pos=dots)

    return view, move, lambda _: view.orbit(1, 0)
