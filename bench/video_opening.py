"""How soon a camera is seen, what opening and closing leaves behind, and how long a page change holds the window."""

from __future__ import annotations

import gc
import os
import statistics
import threading
import time
from typing import Any

import psutil
from PySide6.QtCore import Qt, QTimer

from bench.video_tiles import Street, TileWindow
from desktop.video_wall.players.pyav import PyavPlayer

FIRSTS, CYCLES, WARMING = 12, 200, 30
TICK_MS = 2
PAGES = 4
SIZE = (312, 176)


def first_pictures(street: Street) -> dict[str, Any]:
    """Seconds from opening a camera to its first picture; these cameras send a key picture at once."""
    took = []
    for camera in street.ids[:FIRSTS]:
        player, began = PyavPlayer(), time.monotonic()
        feed = player.open(camera, street.address_of, *SIZE)
        while feed.picture() is None and time.monotonic() - began < 10.0:
            feed.watch()
            time.sleep(0.002)
        took.append(time.monotonic() - began)
        player.close(5.0)
    return {"first_picture_median_s": round(statistics.median(took), 3), "first_picture_max_s": round(max(took), 3)}


def opened_and_closed(street: Street, cycles: int = CYCLES) -> dict[str, Any]:
    """What is left of cameras that were opened and closed: memory, threads, descriptors."""
    player, here = PyavPlayer(), psutil.Process()

    def cycle(number: int) -> None:
        feed = player.open(street.ids[number % len(street.ids)], street.address_of, *SIZE)
        until = time.monotonic() + 5.0
        while feed.picture() is None and number % 4 and time.monotonic() < until:
            feed.watch()
            time.sleep(0.005)
        feed.close()

    def settled() -> tuple[float, int, int]:
        until = time.monotonic() + 10.0
        while player.decoding and time.monotonic() < until:
            time.sleep(0.05)
        gc.collect()
        return here.memory_info().rss / 1e6, threading.active_count(), len(os.listdir("/proc/self/fd"))

    for number in range(WARMING):
        cycle(number)
    memory, threads, files = settled()
    for number in range(cycles):
        cycle(number)
    after = settled()
    player.close(5.0)
    return {
        "open_close_cycles": cycles, "open_close_memory_mb": round(after[0] - memory, 2),
        "open_close_threads": after[1] - threads, "open_close_descriptors": after[2] - files,
    }  # fmt: skip


def pages_turned(street: Street) -> dict[str, Any]:
    """The longest time the window's thread was held while all tiles change their camera, and a little after."""
    ids = street.ids[:36]
    pages = [tuple(f"{camera}B" for camera in ids), ids]
    window = TileWindow(street, ids)
    window.run_until(window.is_complete, 30.0)
    held, turned, complete = [], [], []
    for number in range(PAGES):
        gaps, last = [0.0], [time.monotonic()]

        def tick(gaps: list[float] = gaps, last: list[float] = last) -> None:
            now = time.monotonic()
            gaps[0], last[0] = max(gaps[0], now - last[0]), now

        watch = QTimer()
        watch.setTimerType(Qt.TimerType.PreciseTimer)
        watch.timeout.connect(tick)
        watch.start(TICK_MS)
        window.run_until(lambda: False, 0.3)
        gaps[0], began = 0.0, time.monotonic()
        window.turn_page(pages[number % 2])
        turned.append(time.monotonic() - began)
        complete.append(window.run_until(window.is_complete, 15.0))
        window.run_until(lambda: False, 0.5)
        watch.stop()
        held.append(gaps[0])
    window.close()
    return {
        "page_change_ms": round(1e3 * statistics.median(turned), 1), "page_change_held_ms": round(1e3 * max(held), 1),
        "page_change_complete_s": round(max(complete), 2),
    }  # fmt: skip
