"""25 live tiles beside the map of a district on which every worker moves, as an officer's desk has them: what both cost."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QWidget

from bench.frames import application_here
from bench.map import LANE_S, Field, in_a_process_of_its_own, scene
from bench.scenes import SCALES
from bench.video_tiles import Street, board_of, run_until
from desktop.map.canvas import MapCanvas
from desktop.map.scene_store import opened, store

TILES, SIDE = 25, 5
SIZE = (1920, 1080)
WARM_S = 4.0


def beside_map(street: Street, seconds: float) -> dict[str, Any]:
    """CPU of a process that shows both, in percent of one core: all threads, those of a software driver included."""
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as home:
        folder = Path(home) / "scene"
        store(scene("district"), folder)
        words = (str(folder), str(street.port), ",".join(street.ids[:TILES]), str(seconds))
        return in_a_process_of_its_own("bench.video_beside_map", *words)


def _measured(folder: Path, street: Street, seconds: float) -> dict[str, Any]:
    application = application_here()
    window, canvas = QWidget(), MapCanvas()
    board, player = board_of(street, street.ids)
    row = QHBoxLayout(window)
    row.setContentsMargins(0, 0, 0, 0)
    for part in (canvas, board):
        row.addWidget(part, 1)
    geometry = opened(folder)
    canvas.set_geometry(geometry)
    field = Field(geometry, SCALES["district"])
    field.show_on(canvas)
    window.resize(*SIZE)
    window.show()
    numbers, swaps = iter(range(10**9)), [0]
    canvas.frame_swapped.connect(lambda: swaps.__setitem__(0, swaps[0] + 1))
    lane = QTimer()
    lane.timeout.connect(lambda: canvas.move_workers(*field.fixes(next(numbers))))
    lane.start(round(1e3 * LANE_S))
    run_until(lambda: board.live() == TILES, 30.0)
    run_until(lambda: False, WARM_S)
    cpu, began, painted, drawn = time.process_time(), time.monotonic(), board.painted, swaps[0]
    run_until(lambda: False, seconds)
    passed_s = time.monotonic() - began
    found = {
        "cpu_percent_25_sub_with_map": round((time.process_time() - cpu) / passed_s * 100, 1),
        "shown_per_s_25_sub_with_map": round((board.painted - painted) / passed_s / TILES, 1),
        "map_frames_per_s_beside_25_sub": round((swaps[0] - drawn) / passed_s, 1),
        "live_tiles_beside_map": board.live(),
    }
    lane.stop()
    board.close_feeds()
    player.close(10.0)
    window.close()
    application.processEvents()
    return found


def _main(folder: str, port: str, ids: str, seconds: str) -> None:
    street = Street(int(port), 0, psutil.Process(os.getpid()), tuple(ids.split(",")))
    print(json.dumps(_measured(Path(folder), street, float(seconds))))


if __name__ == "__main__":
    _main(*sys.argv[1:])
