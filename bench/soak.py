"""An hour at the map of a city: does memory grow, is any frame long?

A window shows the scene of a scale while everything happens that a shift does to a map, many times as often: fixes four times a
second, incidents that come and go, the load of grids, and an officer who pans, zooms, turns, selects, points, switches layers,
colours, language and the window's size. Which is done when is chosen by one seed. Before the time counts as much happens as in
a quarter of an hour, so that what is kept of places seen once is there. Memory is compared between moments at which the same
is shown, from the first minute to the last. What counts is what the process wrote itself: pages of libraries and of the
scene's files the machine takes and brings back as it likes, and whose they are depends on who else has them open; they are
told beside it.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from bench.frames import Bench, application_here
from bench.map import SIZE, Field, in_a_process_of_its_own, scene
from bench.scenes import SCALES, pins_in
from desktop.map.canvas import MapCanvas
from desktop.map.scene_store import opened, store
from desktop.map.shown import LAYERS, Shown
from desktop.memory import give_back
from desktop.style.palette import DAY, NIGHT

LANE_S, ACT_S, PINS_S = 0.25, 1.0, 2.0
"""How often workers move, the officer does something, and incidents come and go."""
WARM_ACTS, WARM_ACT_S = 900, 0.12
"""How much the officer does before the time counts, and how long each thing has to be drawn."""
SAMPLES = 60
SMALL = (1024, 700)
SETTLED_S = 1.5
"""Before each weighing; a run of some seconds, which only tries the benchmark, rests less."""
SHOWN_AT_FIRST = dict(Shown().layer_visible)
LONG_MS = 500.0
MOST_NAMED = 8
"""So many of the longest frames are told, with what was done before."""
TARGETS: dict[str, list[object]] = {"memory_growth_percent": ["<=", 2.0], "longest_frame_ms": ["<=", LONG_MS]}


class Officer:
    """Does one thing after another to a map, every kind of thing about as often as the others."""

    def __init__(self, canvas: MapCanvas, field: Field) -> None:
        """Begins with the whole scene in view."""
        self._canvas, self._field, self._whole = canvas, field, canvas.viewpoint
        self._random = np.random.default_rng(11)
        self.did = ""
        """What was done last."""
        self._acts: tuple[Callable[[], object], ...] = (
            self._pan,
            self._pan,
            self._zoom,
            self._go,
            self._turn,
            self._home,
            self._select,
            self._point,
            self._switch_layer,
            self._raise,
            self._recolour,
            self._resize,
        )

    def act(self) -> None:
        """The next thing."""
        act = self._acts[int(self._random.integers(len(self._acts)))]
        self.did = act.__name__.strip("_")
        act()

    def visit(self) -> None:
        """One more place: at a city its tiles are all on the card only after some hundred."""
        self.did = "go"
        self._go()

    def make_small(self) -> None:
        """A small window: with the next size the pictures the map keeps are made anew, and only what is drawn takes memory."""
        self._canvas.resize(*SMALL)

    def come_home(self) -> None:
        """As it was at first: what is weighed is to be the same each time."""
        canvas, self.did = self._canvas, "come home"
        canvas.resize(*SIZE)
        canvas.set_theme(DAY)  # pictures kept of names and pins begin anew with the colours
        canvas.set_theme(NIGHT)
        canvas.set_language("zh")
        canvas.set_raised(None)
        canvas.select("grid", None)
        for name in LAYERS:
            canvas.set_layer_visible(name, SHOWN_AT_FIRST[name])
        canvas.set_viewpoint(self._whole)

    def _pan(self) -> None:
        self._canvas.pan_by(*self._random.uniform(-420, 420, 2).tolist())

    def _zoom(self) -> None:
        view = self._canvas.viewpoint
        scale = view.metres_per_pixel * float(self._random.choice([0.5, 0.7, 1.4, 2.0]))
        self._canvas.set_viewpoint(view.scaled(float(np.clip(scale, 0.4, self._whole.metres_per_pixel))))

    def _go(self) -> None:
        x, y = self._field.xy[int(self._random.integers(len(self._field.xy)))].tolist()
        self._canvas.set_viewpoint(self._whole.at(x, y).scaled(float(self._random.choice([0.8, 2.0, 5.0, 12.0]))))

    def _turn(self) -> None:
        self._canvas.turn(float(self._random.uniform(-30, 30)))
        self._canvas.tilt_by(float(self._random.uniform(-8, 8)))

    def _home(self) -> None:
        self._canvas.set_viewpoint(self._whole)

    def _select(self) -> None:
        kind = str(self._random.choice(["incident", "worker", "grid", ""]))
        ids = {"incident": self._canvas.shown.pins.ids, "worker": self._canvas.shown.workers.numbers}
        of = ids.get(kind, self._field.geometry.grids.codes)
        self._canvas.select(kind or "grid", of[int(self._random.integers(len(of)))] if kind else None)

    def _point(self) -> None:
        px = self._random.uniform(20, (self._canvas.width() - 20, self._canvas.height() - 20))
        QTest.mouseMove(self._canvas, QPoint(*np.round(px).astype(int).tolist()))
        if self._random.random() < 0.3:
            QTest.mouseClick(self._canvas, Qt.MouseButton.LeftButton, pos=QPoint(*np.round(px).astype(int).tolist()))

    def _switch_layer(self) -> None:
        name = str(self._random.choice(LAYERS))
        self._canvas.set_layer_visible(name, not self._canvas.shown.layer_visible[name])

    def _raise(self) -> None:
        self._canvas.set_raised((None, True, False)[int(self._random.integers(3))])

    def _recolour(self) -> None:
        self._canvas.set_theme((DAY, NIGHT)[int(self._random.integers(2))])
        self._canvas.set_language(("zh", "en")[int(self._random.integers(2))])

    def _resize(self) -> None:
        wide, high = ((SIZE[0], SIZE[1]), (1366, 768), SMALL)[int(self._random.integers(3))]
        self._canvas.resize(wide, high)


class TimedCanvas(MapCanvas):
    """Notes how much CPU time the process had used when a frame began."""

    began_cpu_s = 0.0

    def paintGL(self) -> None:
        """Paint one frame."""
        self.began_cpu_s = time.process_time()
        super().paintGL()


class Watch:
    """Wall and CPU milliseconds of every frame, and memory now and then."""

    def __init__(self, canvas: TimedCanvas, officer: Officer) -> None:
        """Listens to the canvas."""
        self.walls: list[float] = []
        self.cpus: list[float] = []
        self.after: list[str] = []
        """What the officer had done last before each frame."""
        self.memory_mb: list[float] = []
        self.held_mb: list[float] = []
        self.with_files_mb: list[float] = []
        self._canvas, self._officer, self._process = canvas, officer, psutil.Process()
        canvas.frame_swapped.connect(self._swapped)

    def begin(self) -> float:
        """The time counts from now; what was held before all that went ahead, in MB."""
        cold_mb = self.held_mb[0]
        for kept in (self.walls, self.cpus, self.after, self.memory_mb, self.held_mb, self.with_files_mb):
            kept.clear()  # type: ignore[attr-defined]
        return round(cold_mb, 1)

    def _swapped(self, _number: int) -> None:
        if self._canvas.frame_s:
            self.walls.append(self._canvas.frame_s * 1e3)
            self.cpus.append((time.process_time() - self._canvas.began_cpu_s) * 1e3)
            self.after.append(self._officer.did)

    def weigh(self) -> None:
        """Note what the process has written for itself alone, and how much of that is not merely kept for later."""
        self.memory_mb.append(written_mb())
        self.with_files_mb.append(self._process.memory_full_info().uss / 1e6)
        gc.collect()
        give_back()
        self.held_mb.append(written_mb())


def written_mb() -> float:
    """Memory of this process that is its own and no page of a file, in MB."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {name: int(value.split()[0]) for name, value in (line.split(":") for line in lines)}
    return (kilobytes["Private_Dirty"] + kilobytes.get("Swap", 0)) * 1024 / 1e6


def soak(folder: Path, scale: str, minutes: float, warm_acts: int = WARM_ACTS) -> dict[str, Any]:
    """Figures of one window over so many minutes."""
    application = application_here()
    canvas, geometry = TimedCanvas(), opened(folder)
    canvas.set_geometry(geometry)
    bench = Bench(application, canvas, SIZE)
    field = Field(geometry, SCALES[scale])
    field.show_on(canvas)
    settled_s = min(SETTLED_S, minutes * 6)
    bench.run_for(settled_s)
    officer = Officer(canvas, field)
    watch = Watch(canvas, officer)
    numbers = itertools.count(1)

    def move() -> None:
        canvas.move_workers(*field.fixes(next(numbers)))

    def change() -> None:
        canvas.set_pins(pins_in(geometry, field.scale.pins, field.random))
        canvas.set_grid_load(field.changes(), field.load * 0)

    def weigh() -> None:
        officer.make_small()
        bench.run_for(settled_s / 3)
        officer.come_home()
        bench.run_for(settled_s)
        watch.weigh()

    weigh()
    for number in range(warm_acts):
        does_next = officer.visit if number % 3 == 0 else officer.act
        does_next()
        move()
        if number % 2 == 0:
            change()
        bench.run_for(WARM_ACT_S)
    cold_mb = watch.begin()
    does = {"lane": (LANE_S, move), "act": (ACT_S, officer.act), "pins": (PINS_S, change)}
    _keep_doing(bench, does | {"weigh": (minutes * 60 / SAMPLES, weigh)}, minutes * 60)
    return {"minutes": minutes, "held_before_the_warm_up_mb": cold_mb} | _figures(watch)


def _keep_doing(bench: Bench, does: dict[str, tuple[float, Callable[[], object]]], seconds: float) -> None:
    """Do each thing every so many seconds, and let frames be drawn between."""
    began = time.monotonic()
    due = dict.fromkeys(does, began)
    while (now := time.monotonic()) < began + seconds:
        for name, (every, do) in does.items():
            if now >= due[name]:
                do()
                due[name] = now + every
        bench.application.processEvents()
        time.sleep(0.002)


def _figures(watch: Watch) -> dict[str, Any]:
    memory, held, walls, cpus = map(np.array, (watch.memory_mb, watch.held_mb, watch.walls, watch.cpus))
    files = np.array(watch.with_files_mb)
    longest = np.argsort(walls)[::-1][:MOST_NAMED].tolist()
    return {
        "frames": len(walls),
        "memory_growth_percent": _growth(memory),
        "held_growth_percent": _growth(held),
        "with_pages_of_files_growth_percent": _growth(files),
        "with_pages_of_files_mb_by_time": [round(value) for value in files[:: max(len(files) // 12, 1)].tolist()],
        "memory_most_mb": round(float(memory.max()), 1),
        "memory_mb_by_time": [round(value) for value in memory[:: max(len(memory) // 12, 1)].tolist()],
        "held_mb_by_time": [round(value) for value in held[:: max(len(held) // 12, 1)].tolist()],
        "frame_median_ms": round(float(np.median(walls)), 1),
        "frame_p99_ms": round(float(np.percentile(walls, 99)), 1),
        "longest_frame_ms": round(float(walls.max()), 1),
        "longest_frame_cpu_ms": round(float(cpus.max()), 1),
        "longest_frames_ms": [[round(float(walls[at]), 1), round(float(cpus[at]), 1), watch.after[at]] for at in longest],
        "frames_longer_than_500_ms": int((walls > LONG_MS).sum()),
    }


def _growth(memory: np.ndarray) -> float:
    """By how many percent the last sixth lies above the first, medians."""
    part = max(len(memory) // 6, 1)
    return round((float(np.median(memory[-part:])) / float(np.median(memory[:part])) - 1) * 100, 2)


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of the soak, beside what the scene takes on disk."""
    parser = argparse.ArgumentParser(prog="bench soak")
    parser.add_argument("--scale", choices=tuple(SCALES), default="county")
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--warm-acts", type=int, default=WARM_ACTS)
    given = parser.parse_args(list(words))
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as home:
        folder = Path(home) / "scene"
        store(scene(given.scale), folder)
        figures = in_a_process_of_its_own("bench.soak", str(folder), given.scale, str(given.minutes), str(given.warm_acts))
        size_mb = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
    return {
        "bench": f"soak, {given.scale}, {given.minutes:g} minutes",
        "figures": figures,
        "peers": {"scene on disk, mb": round(size_mb, 1)},
        "targets": TARGETS,
    }


if __name__ == "__main__":
    print(json.dumps(soak(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4]))))
