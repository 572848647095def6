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

from bench.video_tiles import SCREEN, Street, application, board_of, run_until
from desktop.video_wall.players.pyav import PyavPlayer
from desktop.video_wall.slots import Slot, TileSet

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


class Held:
    """How long the thread of the window was held at worst while this is entered."""

    def __init__(self) -> None:
        """Nothing is measured yet."""
        self.longest_s = self.own_s = 0.0
        """By the wall's clock, and the CPU of this thread alone, of any one turn."""
        self._last = (0.0, 0.0)
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def __enter__(self) -> Held:
        """Begin to measure."""
        self._last = (time.monotonic(), time.thread_time())
        self._timer.start(TICK_MS)
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._timer.stop()

    def _tick(self) -> None:
        now = (time.monotonic(), time.thread_time())
        self.longest_s = max(self.longest_s, now[0] - self._last[0])
        self.own_s = max(self.own_s, now[1] - self._last[1])
        self._last = now


def pages_turned(street: Street) -> dict[str, Any]:
    """The longest time the window's thread was held while a board of 36 tiles changes every camera, and until all are live.

    Beside it the CPU of that thread alone in its longest turn: what is over that, others had of the machine.
    """
    application()
    ids = street.ids[:36]
    pages = [TileSet(6, tuple(Slot(f"{camera}{page}") for camera in ids)) for page in ("", "B")]
    board, player = board_of(street, ids, *(slot.camera for slot in pages[1].slots))
    board.resize(*SCREEN)
    board.show()
    run_until(lambda: board.live() == len(ids), 30.0)
    held, own, turned, complete = [], [], [], []
    for number in range(1, PAGES + 1):
        with Held() as watch:
            began = time.monotonic()
            board.show_set(pages[number % 2])
            turned.append(time.monotonic() - began)
            complete.append(run_until(lambda: board.live() == len(ids), 15.0))
            run_until(lambda: False, 0.5)
        held.append(watch.longest_s)
        own.append(watch.own_s)
    board.close_feeds()
    player.close(10.0)
    board.close()
    return {
        "page_change_ms": round(1e3 * statistics.median(turned), 1), "page_change_held_ms": round(1e3 * max(held), 1),
        "page_change_held_median_ms": round(1e3 * statistics.median(held), 1),
        "page_change_own_cpu_ms": round(1e3 * max(own), 1), "page_change_complete_s": round(max(complete), 2),
    }  # fmt: skip
