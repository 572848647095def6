"""A real desk in a real window on a screen of its own, worked by keys from outside."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from demo.measures import Line, MeasureReader, NotSeen
from demo.screen import Screen
from server.supervise import Supervisor

FORM_PATIENCE_S = 10.0
OF_SOMEBODY = ("XDG_", "QT_", "GTK_", "GRIDWARDEN_", "WAYLAND_", "XMODIFIERS", "DBUS_SESSION_")


def as_of_a_stranger(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment without what somebody's session says of folders, screens, input methods and Gridwarden."""
    return {key: value for key, value in environment.items() if not key.startswith(OF_SOMEBODY)}


class DeskUnderTest:
    """One desk process with an empty home. Used from one thread."""

    def __init__(self, name: str, folder: Path, width: int, height: int) -> None:
        """A screen is up; the desk is not started. `folder` is emptied."""
        self.name = name
        self.home = folder / name
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir(parents=True)
        self.screen = Screen(width, height)
        self._log = self.home / "measure.jsonl"
        self.log = MeasureReader(self._log)
        self.started_at = 0.0

    def start(self, supervisor: Supervisor, command: Sequence[str]) -> None:
        """The desk runs under the supervisor."""
        environment = as_of_a_stranger(os.environ)
        environment |= {"DISPLAY": self.screen.name, "QT_QPA_PLATFORM": "xcb", "HOME": str(self.home)}
        self.started_at = time.monotonic()
        supervisor.add(self.name, [*command, "--measure", str(self._log)], env=environment)

    def wait_ready(self, patience_s: float) -> float:
        """Seconds from the start of the process until the town and the incidents were painted."""
        line = self.log.wait(f"{self.name}: first frame", lambda line: line["kind"] == "ready", patience_s)
        return float(line["t"]) - self.started_at

    def wait_case(self, incident: str, version: int, patience_s: float, after: float = 0.0) -> Line:
        """The line that says this version (or a later one) of an incident was painted, stamped at or after a time."""
        return self.log.wait(
            f"{self.name}: version {version} of {incident}",
            lambda line: line["kind"] == "case_painted" and line["incident"] == incident and line["version"] >= version,
            patience_s,
            after,
        )

    def wait_state(self, incident: str, states: Sequence[str], patience_s: float) -> Line:
        """The line that says an incident was painted in one of these states."""
        return self.log.wait(
            f"{self.name}: {incident} {'/'.join(states)}",
            lambda line: line["kind"] == "case_painted" and line["incident"] == incident and line["state"] in states,
            patience_s,
        )

    def open(self, keys: str, form: str) -> float:
        """When the keys were pressed after which a form, or the CommandLine, has the keys; they are pressed twice at most."""
        for patience_s in (FORM_PATIENCE_S / 2, FORM_PATIENCE_S):
            pressed = self.screen.press(keys)
            try:
                self.wait_attention(patience_s, after=pressed, form=form)
            except NotSeen:
                continue
            return pressed
        raise NotSeen(f"{self.name}: {keys} opened no {form}")

    def select(self, incident: str, number: str) -> None:
        """An incident is selected and its card shown, by its number on the command line.

        A desk that has not heard of it yet says so and keeps what was typed; it is asked twice at most.
        """
        for patience_s in (FORM_PATIENCE_S / 2, FORM_PATIENCE_S):
            self.open("F2", "CommandLine")
            self.screen.press("ctrl+a")
            pressed = time.monotonic()
            self.screen.type(f"dk {number.rsplit('-', 1)[-1]}\n")
            try:
                self.wait_attention(patience_s, after=pressed, form="", incident=incident)
            except NotSeen:
                self.screen.press("esc")
                continue
            return
        raise NotSeen(f"{self.name}: {number} cannot be selected")

    def wait_attention(self, patience_s: float, after: float = 0.0, **wanted: str) -> Line:
        """The line that says who has the keys, what is selected: all that is wanted at once."""
        said = " ".join(f"{name}={value}" for name, value in wanted.items())
        return self.log.wait(
            f"{self.name}: attention {said}",
            lambda line: line["kind"] == "attention" and all(line[name] == value for name, value in wanted.items()),
            patience_s,
            after,
        )

    def wait_tiles(self, are_shown: bool, patience_s: float, after: float) -> Line:
        """The line that says that camera tiles are shown, or that none are."""
        return self.log.wait(
            f"{self.name}: pictures {'open' if are_shown else 'closed'}",
            lambda line: line["kind"] == "tiles" and bool(line["tiles"]) is are_shown,
            patience_s,
            after,
        )

    def states_of(self, incident: str) -> list[str]:
        """The states an incident was shown in, in order, each once in a row."""
        shown: list[str] = []
        for line in self.log.of_kind("case_painted"):
            if line["incident"] == incident and shown[-1:] != [line["state"]]:
                shown.append(str(line["state"]))
        return shown

    def shot(self, folder: Path | None, name: str) -> None:
        """A picture of the screen in the folder, if there is one."""
        if folder is not None:
            self.screen.save(folder / f"{name}-{self.name}-{self.screen.width}x{self.screen.height}.png")

    def usage(self, pid: int, seconds: float) -> tuple[float, float]:
        """Per cent of one core over some seconds, and the resident megabytes now."""
        process = psutil.Process(pid)
        before = process.cpu_times()
        began = time.monotonic()
        time.sleep(seconds)
        after = process.cpu_times()
        used_s = after.user + after.system - before.user - before.system
        return 100 * used_s / (time.monotonic() - began), process.memory_info().rss / 1e6

    def close(self) -> None:
        """The screen is gone."""
        self.screen.close()
