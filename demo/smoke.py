"""The smoke run: no screen needed, two real desks and a checker's, real keys, one incident from report to archive."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from demo.arguments import DemoArguments
from demo.desk_under_test import DeskUnderTest
from demo.interruption import Interruption
from demo.logs_of_now import LogsOfNow
from demo.measures import NotSeen, percentile
from demo.narration import Narration
from demo.prepare import prepare
from demo.run import desk_command, world
from demo.scene import Ground, find_incident, fix_delays, read_ground, stride, take_walkers
from demo.story import Story
from demo.tiles_on_screen import TileSeen, look_at_tiles
from governance.places import Level, LonLat
from server.drill.camera_encoder import SUB
from server.settings import Settings
from server.supervise import Supervisor

STATES = ["reported", "filed", "dispatched", "handling", "resolved", "checking", "closed", "archived"]
OFFICER, OTHER, CHECKER = "duty1", "duty2", "check1"
START_PATIENCE_S = 90.0
IDLE_S = 12.0
FIXES = 12
LIVE_S = 2.0


def _measured(figure: Any) -> bool:
    """Whether something was measured: nothing, zero, infinity and NaN mean that it never happened."""
    return isinstance(figure, int | float) and 0 < figure < math.inf


HAPPENED: dict[str, Callable[[Any], bool]] = {
    "seconds_to_first_frame": _measured,
    "key_to_other_desk_ms_p95": _measured,
    "fix_to_pixel_ms_p95": _measured,
    "tile_live": lambda live: live is True,
    "picture_age_s": lambda age_s: isinstance(age_s, int | float) and 0 <= age_s <= LIVE_S,
    "frame_ms_p95": _measured,
    "frame_ms_p95_two_desks": _measured,
    "idle_cpu_percent": _measured,
    "incident_states": lambda states: states == STATES,
    "workers": _measured,
    "grids": _measured,
    "cameras": _measured,
}


@dataclass
class Findings:
    """What the smoke run saw; None where it did not get so far."""

    figures: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def judge(self) -> dict[str, Any]:
        """The one object that is printed, every key of it: ok only where everything truly happened.

        A speed target missed is no reason to fail: the benches judge speed. A figure that was never measured is one, and so
        is a picture older than LIVE_S, which nobody would call live.
        """
        told = dict.fromkeys(HAPPENED) | self.figures
        self.errors += [f"{name}: {told[name]}" for name, happened in HAPPENED.items() if not happened(told[name])]
        return {"ok": not self.errors, **{name: told[name] for name in HAPPENED}, "errors": self.errors} | self.figures

    def tell(self, on_one_line: bool) -> bool:
        """Whether it is ok; the object is printed."""
        said = self.judge()
        print(json.dumps(said, ensure_ascii=False, indent=None if on_one_line else 1), flush=True)
        return bool(said["ok"])


def smoke(arguments: DemoArguments, narration: Narration, interruption: Interruption) -> int:
    """Exit status 0 only if all of it truly happened; the findings are printed as JSON."""
    if arguments.shots is not None:
        arguments.shots.mkdir(parents=True, exist_ok=True)
    settings = prepare(arguments, narration)
    stop = interruption.from_here_an_event()
    ground = read_ground(settings)
    walkers = take_walkers(settings.home)
    width, height = (int(side) for side in (arguments.size or "1920x1080").split("x"))
    desks = [DeskUnderTest(name, settings.home / "smoke", width, height) for name in ("desk1", "desk2", "desk3")]
    findings, deaths, logs = Findings(), list[str](), LogsOfNow(settings.home / "log")

    def open_first(supervisor: Supervisor) -> None:
        start_desk(desks[0], supervisor, settings, arguments, OFFICER)

    supervisor = world(settings, narration, open_first, eager=True, deaths=deaths)
    for desk in desks:
        supervisor.watch_over(desk.screen.pid)
    officer, other, checker = desks
    run = _Run(arguments, settings, ground, supervisor, officer, other, checker, findings, deaths, logs)

    def drive() -> None:
        try:
            run.all(lambda desk: fix_delays(settings, walkers, _steps(ground, desk), desk.log, FIXES))
        except NotSeen as problem:
            findings.errors.append(str(problem))
        except Exception as problem:  # told, not swallowed: the run fails with it
            findings.errors.append(f"{type(problem).__name__}: {problem}")
        finally:
            if findings.errors:
                run.shoot("broke-off")
            stop.set()

    driver = threading.Thread(target=drive)
    driver.start()
    try:
        supervisor.run_until(stop)
        driver.join(30)
    finally:
        for desk in desks:
            desk.close()
    return 0 if findings.tell(arguments.as_json) else 1


def start_desk(desk: DeskUnderTest, supervisor: Supervisor, settings: Settings, arguments: DemoArguments, login: str) -> None:
    """The desk runs in a window that fills its screen, signed on with a demo account."""
    size = f"{desk.screen.width}x{desk.screen.height}"
    desk.start(supervisor, desk_command(settings, replace(arguments, size=size), login, desk.home))


@dataclass
class _Run:
    """The parts of one smoke run, driven from one thread."""

    arguments: DemoArguments
    settings: Settings
    ground: Ground
    supervisor: Supervisor
    officer: DeskUnderTest
    other: DeskUnderTest
    checker: DeskUnderTest
    findings: Findings
    deaths: list[str]
    logs: LogsOfNow

    def all(self, time_fixes: Callable[[DeskUnderTest], list[float]]) -> None:
        """Everything, in order; what was found stands in the findings as soon as it is known."""
        figures = self.findings.figures
        figures["seconds_to_first_frame"] = round(self.officer.wait_ready(START_PATIENCE_S), 2)
        if not self.supervisor.wait_ready(START_PATIENCE_S):
            raise NotSeen(f"the server and the drill: {self.supervisor.states()}")
        self._idle(self.officer)
        start_desk(self.other, self.supervisor, self.settings, self.arguments, OTHER)
        self.other.wait_ready(START_PATIENCE_S)
        time.sleep(2)
        figures["frame_ms_p95_two_desks"] = self._frames(IDLE_S)
        self._towns()
        figures["fix_to_pixel_ms_p95"] = _ms(percentile(time_fixes(self.officer), 95))
        shots = self.arguments.shots
        story = Story(self.officer, self.other, self._call_checker, shots, lambda text: find_incident(self.settings, text))
        try:
            story.tell(self.ground.place_in_sight(), self._look)
        finally:
            figures["key_to_other_desk_ms_p95"] = _ms(percentile(story.key_to_other_s, 95))
            figures["incident_states"] = self.other.states_of(story.incident)
        self._deaths()

    def _call_checker(self) -> DeskUnderTest:
        """The checker's desk, signed on."""
        start_desk(self.checker, self.supervisor, self.settings, self.arguments, CHECKER)
        self.checker.wait_ready(START_PATIENCE_S)
        return self.checker

    def shoot(self, name: str) -> None:
        """Pictures of both screens as they are, last in the folder."""
        for desk in (self.officer, self.other, self.checker):
            desk.shot(self.arguments.shots, f"99-{name}")

    def _idle(self, desk: DeskUnderTest) -> None:
        """One desk that nobody touches, all workers moving."""
        time.sleep(4)
        pid = self.supervisor.pid_of(desk.name)
        assert pid is not None
        began = time.monotonic()
        percent, memory_mb = desk.usage(pid, IDLE_S)
        frames = [float(line["ms"]) for line in desk.log.of_kind("painted", began)]
        self.findings.figures |= {
            "frame_ms_p95": percentile(frames, 95),
            "idle_cpu_percent": round(percent, 1),
            "desk_memory_mb": round(memory_mb),
        }

    def _frames(self, seconds: float) -> float | None:
        began = time.monotonic()
        time.sleep(seconds)
        return percentile([float(line["ms"]) for line in self.officer.log.of_kind("painted", began)], 95)

    def _towns(self) -> None:
        areas = self.ground.grids.areas.values()
        self.findings.figures |= {
            "workers": self.ground.workers,
            "grids": sum(area.level is Level.GRID for area in areas),
            "cameras": len(self.ground.cameras),
        }

    def _look(self) -> None:
        """The pictures beside the incident while the worker is at work: all of its working cameras live at one moment."""
        seen: list[TileSeen] = []
        for _ in range(10):
            seen = look_at_tiles(self.officer, SUB.fps, self.arguments.shots)
            if seen and all(tile.is_live for tile in seen):
                break
            time.sleep(1)
        wrong = [tile.camera for tile in seen if not tile.is_live]
        if wrong:
            self.findings.errors.append(f"tiles not live on the screen: {', '.join(wrong)}")
        ages_s = [tile.age_s for tile in seen]
        self.findings.figures |= {
            "tile_live": bool(seen) and not wrong,
            "picture_age_s": round(max(ages_s), 3) if ages_s and max(ages_s) < math.inf else None,
        }

    def _deaths(self) -> None:
        """A process that died or stumbled on the way fails the run, even if it was restarted in time."""
        for name in self.deaths:
            self.findings.errors.append(f"{name} died during the run")
        self.findings.errors += [f"{name} wrote a traceback to its log" for name in self.logs.with_tracebacks()]


def _steps(ground: Ground, desk: DeskUnderTest) -> tuple[LonLat, LonLat]:
    """Where walkers step to and fro: far from the incident, so that none of them is sent there."""
    incident = ground.place_in_sight()
    return stride(desk.log, ground.place_away(incident), incident)


def _ms(seconds: float | None) -> float | None:
    """Milliseconds; None of what never came."""
    return None if seconds is None or math.isinf(seconds) else round(1000 * seconds, 1)
