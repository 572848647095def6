"""First light in figures: key to the other desk's screen, fix to pixel, frames, an idle desk; at least 200 repetitions.

Two real desks on screens of their own, the four server processes, the database and the drill with all its workers, all on this
machine at once. Peers, measured in the same run: the empty frame of a bare OpenGL window from key to swap, a ping through
CURVE to the desk process, and one small commit in the same database: no desk can be faster than the three together.
"""

from __future__ import annotations

import argparse
import math
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import psutil

from bench.floors import floors
from bench.second_start import second_start_s
from demo.arguments import DemoArguments, read_arguments
from demo.caretaker import nothing_left
from demo.desk_under_test import DeskUnderTest
from demo.interruption import Interruption
from demo.measures import NotSeen, percentile
from demo.narration import Narration
from demo.prepare import CannotStart, prepare
from demo.processes import AlreadyRunning, sole_demo
from demo.run import desk_command, world
from demo.scene import fix_delays, read_ground, report_over_https, stride, take_walkers
from demo.tiles_on_screen import look_at_tiles
from server.drill.camera_encoder import SUB
from server.settings import Settings
from server.supervise import Supervisor

REPETITIONS = 200
IDLE_S = 30.0
PATIENCE_S = 90.0
LOOKS, LOOKS_TO_OPEN = 10, 10
OFFICERS, VISITOR = ("duty1", "duty2"), "check1"
TARGETS: dict[str, list[Any]] = {
    "second_start_to_desk_s": ["<=", 15],
    "key_to_other_desk_ms_p95": ["<=", 300],
    "fix_to_pixel_ms_p95": ["<=", 1500],
    "frame_ms_p95": ["<=", 50],
    "idle_cpu_percent": ["<=", 35],
    "tile_picture_age_s": ["<=", 0.5],
    "desk_memory_mb": ["<=", 700],
    "repetitions": [">=", REPETITIONS],
}


def run(words: Sequence[str] = ()) -> dict[str, Any]:
    """Figures of the whole demo on this machine; `--repetitions N --home DIR --town FILE`."""
    parser = argparse.ArgumentParser(prog="bench first-light")
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--town", type=Path)
    given = parser.parse_args(list(words))
    interruption = Interruption()
    with tempfile.TemporaryDirectory(prefix="gridwarden-bench-", dir="/var/tmp") as made:
        Path(made).chmod(0o711)
        told = ["--home", str((given.home or Path(made) / "home").absolute()), "--language", "en"]
        told += ["--town", str(given.town.absolute())] if given.town else []
        try:
            return _measure(told, given.repetitions, interruption)
        except (AlreadyRunning, CannotStart) as problem:
            raise SystemExit(str(problem)) from None
        except KeyboardInterrupt:
            raise SystemExit(interruption.status) from None


def _measure(words: Sequence[str], repetitions: int, interruption: Interruption) -> dict[str, Any]:
    arguments, narration = read_arguments(words), Narration("en")
    with nothing_left(arguments.home), sole_demo(arguments.home):
        prepare(arguments, narration).postgis.stop()
        take_walkers(arguments.home)  # before the drill plays them: from where it leaves them they would have to fly
    second_start = round(second_start_s(arguments.home, words), 2)
    with nothing_left(arguments.home), sole_demo(arguments.home):
        bench = _Bench(arguments, prepare(arguments, narration), narration, repetitions)
        bench.figures["second_start_to_desk_s"] = second_start
        try:
            _drive(bench, interruption)
        finally:
            bench.close()
    return {"bench": "first-light", "figures": bench.figures, "peers": bench.peers, "targets": TARGETS}


def _drive(bench: _Bench, interruption: Interruption) -> None:
    """Everything was measured while it all ran; what went wrong is raised, and so is an interruption."""
    over, failed = threading.Event(), list[Exception]()
    stop = interruption.from_here_an_event()

    def drive() -> None:
        try:
            bench.all()
        except Exception as problem:  # raised again below, in the thread that was asked
            failed.append(problem)
        finally:
            over.set()
            stop.set()

    threading.Thread(target=drive, daemon=True).start()  # an interrupted one waits for desks that are gone
    bench.supervisor.run_until(stop)
    if not over.is_set():
        raise KeyboardInterrupt
    if failed:
        raise failed[0]


@dataclass
class _Bench:
    """One run. Everything but making it happens in the driver's thread."""

    arguments: DemoArguments
    settings: Settings
    narration: Narration
    repetitions: int
    figures: dict[str, Any] = field(default_factory=dict)
    peers: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Two screens are up, and the drill leaves some workers alone."""
        self.walkers = take_walkers(self.settings.home)
        folder = self.settings.home / "bench"
        self.first, self.second = (DeskUnderTest(name, folder, 1920, 1080) for name in ("desk1", "desk2"))
        self.supervisor = world(
            self.settings, self.narration, lambda supervisor: self._start(supervisor, self.first, OFFICERS[0])
        )
        for desk in (self.first, self.second):
            self.supervisor.watch_over(desk.screen.pid)

    def all(self) -> None:
        """Everything that is measured, one thing at a time."""
        self.first.wait_ready(PATIENCE_S)
        if not self.supervisor.wait_ready(PATIENCE_S):
            raise NotSeen(f"the server and the drill: {self.supervisor.states()}")
        self.ground = read_ground(self.settings)
        self._idle()
        self.place = self.ground.place_in_sight()
        steps = stride(self.first.log, self.ground.place_away(self.place), self.place)
        fixes = fix_delays(self.settings, self.walkers, steps, self.first.log, self.repetitions)
        self._told("fix_to_pixel_ms", fixes)
        self.figures["fixes_never_seen"] = sum(map(math.isinf, fixes))
        self._pictures()
        self._start(self.supervisor, self.second, OFFICERS[1])
        self.second.wait_ready(PATIENCE_S)
        keys = [self._key(turn) for turn in range(self.repetitions)]
        self._told("key_to_other_desk_ms", keys)
        self.figures["repetitions"] = min(len(keys), sum(map(math.isfinite, fixes)))
        self.peers |= floors(self.settings, VISITOR)
        self.figures["desk_memory_mb"] = round(max(self._memory_mb(desk) for desk in (self.first, self.second)))

    def close(self) -> None:
        """The screens are gone."""
        self.first.close()
        self.second.close()

    def _start(self, supervisor: Supervisor, desk: DeskUnderTest, login: str) -> None:
        arguments = replace(self.arguments, size="1920x1080")
        desk.start(supervisor, desk_command(self.settings, arguments, login, desk.home))

    def _idle(self) -> None:
        """One desk that nobody touches, all workers moving."""
        time.sleep(6)
        began = time.monotonic()
        percent, _ = self.first.usage(self._pid(self.first), IDLE_S)
        frames = [float(line["ms"]) for line in self.first.log.of_kind("painted", began)]
        self.figures |= {
            "idle_cpu_percent": round(percent, 1),
            "frames_a_second": round(len(frames) / IDLE_S, 2),
            "frame_ms_median": _rounded(statistics.median(frames)) if frames else None,
            "frame_ms_p95": _rounded(percentile(frames, 95)),
            "workers": self.ground.workers,
        }

    def _pictures(self) -> None:
        """The oldest picture on the screen among the tiles of an incident's cameras, over some looks; None if not all live."""
        incident, number = self._report(0)
        self.first.select(incident, number)
        for _ in range(LOOKS_TO_OPEN):
            seen = look_at_tiles(self.first, SUB.fps, None)
            if seen and all(tile.is_live for tile in seen):
                break
        looks = [look_at_tiles(self.first, SUB.fps, None) for _ in range(LOOKS)]
        are_live = all(looks) and all(tile.is_live for look in looks for tile in look)
        self.figures["tile_picture_age_s"] = round(max(tile.age_s for look in looks for tile in look), 3) if are_live else None

    def _key(self, turn: int) -> float:
        """Seconds from Ctrl+Enter on one desk to the swap that shows the incident filed on the other, chosen on both."""
        incident, number = self._report(turn)
        for desk in (self.second, self.first):
            desk.select(incident, number)
        self.second.wait_case(incident, 1, PATIENCE_S)
        self.first.open("f", "TriageForm")
        pressed = self.first.screen.press("ctrl+enter")
        line = self.second.wait_case(incident, 2, PATIENCE_S, after=pressed)
        return float(line["t"]) - pressed

    def _report(self, turn: int) -> tuple[str, str]:
        """Id and number of a new incident that came in over HTTPS."""
        return report_over_https(self.settings, self.place, f"bench {turn} {time.time_ns()}")

    def _pid(self, desk: DeskUnderTest) -> int:
        pid = self.supervisor.pid_of(desk.name)
        if pid is None:
            raise NotSeen(f"the process of {desk.name}")
        return pid

    def _memory_mb(self, desk: DeskUnderTest) -> float:
        return float(psutil.Process(self._pid(desk)).memory_info().rss) / 1e6

    def _told(self, name: str, seconds: Sequence[float]) -> None:
        """Median and p95 in milliseconds; what never came is infinite, and told as None."""
        self.figures[f"{name}_median"] = _rounded(1000 * statistics.median(seconds)) if seconds else None
        self.figures[f"{name}_p95"] = _rounded(1000 * value) if (value := percentile(seconds, 95)) is not None else None


def _rounded(value: float | None) -> float | None:
    return None if value is None or math.isinf(value) else round(value, 1)
