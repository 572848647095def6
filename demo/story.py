"""One incident from report to archive, told by keys on an officer's and a checker's desk, seen on another officer's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from demo.desk_under_test import DeskUnderTest
from demo.measures import NotSeen
from governance.deadline import CHINA
from governance.places import LonLat

TEXT = "三楼有浓烈煤气味，三户居民已下楼，另有一位老人未出门"
CATEGORY = "09.01"  # 燃气泄漏: the number is the same in every language
PATIENCE_S = 20.0
FIELD_PATIENCE_S = 150.0  # the drill's worker walks, works and takes a photo


@dataclass
class Story:
    """What happened so far: the incident, and how long each key took to show on the other desk."""

    officer: DeskUnderTest
    other: DeskUnderTest
    """Of another officer, who sees what the first one does."""
    call_checker: Callable[[], DeskUnderTest]
    """A checker signs on when there is something to check: before that he would see nothing of it."""
    shots: Path | None
    find: Callable[[str], tuple[str, str] | None]
    """Id and number of the newest incident with a text, by the ledger."""
    incident: str = ""
    number: str = ""
    version: int = 0
    key_to_other_s: list[float] = field(default_factory=list)
    chapter: int = 0

    def tell(self, place: LonLat, while_handling: Callable[[], None]) -> None:
        """The whole life; NotSeen says where it broke off. `while_handling` runs while the worker is at work."""
        self._report(place)
        self._file()
        self._raise()
        self._dispatch()
        self._field_state("handling")
        self._shot("accepted")
        self._watch()
        while_handling()
        self._field_state("resolved")
        self._shot("resolved")
        self.officer.open("c", "StepForm")
        self._send("checking")
        self._check()
        self.officer.open("c", "FeedbackForm")
        self._send("fed-back")
        self._field_state("archived")  # nothing is owed any more: the ledger archives by itself
        self._shot("archived")

    def _report(self, place: LonLat) -> None:
        """Nothing is timed: on the other desk the new incident waits behind 新 ↑ until it is chosen there."""
        screen = self.officer.screen
        self._shot("start")
        self.officer.open("n", "ReportForm")
        text = f"{TEXT}（{datetime.now(CHINA):%H:%M:%S}）"  # told apart from an earlier run's
        screen.type(text)
        screen.press("tab")
        screen.type(f"{place.lon:.6f}, {place.lat:.6f}")
        self._shot("report-form")
        screen.press("ctrl+enter")
        self.incident, self.number = self._filed_as(text)
        self.version = int(self.officer.wait_case(self.incident, 1, PATIENCE_S)["version"])
        self.officer.wait_attention(PATIENCE_S, form="", incident=self.incident)
        self.other.select(self.incident, self.number)
        self.other.wait_case(self.incident, self.version, PATIENCE_S)
        self._shot("reported")

    def _file(self) -> None:
        screen = self.officer.screen
        self.officer.open("f", "TriageForm")
        screen.press("ctrl+a")  # a category may be suggested
        screen.type(CATEGORY)
        self._shot("file-form")
        self._send("filed")

    def _raise(self) -> None:
        self.officer.open("e", "ReasonForm")
        self.officer.screen.type("居民楼内燃气泄漏，请街道力量到场")
        self._send("raised")

    def _dispatch(self) -> None:
        self.officer.open("a", "AssignForm")
        self._shot("assign-form")
        self.officer.screen.press("1")
        self._send("dispatched")

    def _watch(self) -> None:
        """V puts the pictures away, and V alone brings them back."""
        for is_open in (False, True):
            pressed = self.officer.screen.press("v")
            self.officer.wait_tiles(is_open, PATIENCE_S, after=pressed)
        self._shot("watched")

    def _check(self) -> None:
        checker = self.call_checker()
        checker.select(self.incident, self.number)
        checker.open("c", "CheckForm")
        self._shot("check-form", checker)
        checker.screen.press("space")  # the condition is ticked by whoever checked, never beforehand
        pressed = checker.screen.press("ctrl+enter")
        line = self.officer.wait_case(self.incident, self.version + 1, PATIENCE_S, after=pressed)
        self.version = int(line["version"])
        self._shot("closed")

    def _send(self, name: str) -> None:
        """Ctrl+Enter on the officer's desk, timed until the other desk shows what came of it."""
        pressed = self.officer.screen.press("ctrl+enter")
        line = self.other.wait_case(self.incident, self.version + 1, PATIENCE_S, after=pressed)
        self.key_to_other_s.append(float(line["t"]) - pressed)
        self.version = int(self.officer.wait_case(self.incident, self.version + 1, PATIENCE_S, after=pressed)["version"])
        self._shot(name)

    def _field_state(self, state: str) -> None:
        """Both desks show a state that somebody else brought about."""
        line = self.officer.wait_state(self.incident, [state], FIELD_PATIENCE_S)
        self.other.wait_case(self.incident, int(line["version"]), PATIENCE_S)
        self.version = max(
            int(line["version"]) for line in self.officer.log.of_kind("case_painted") if line["incident"] == self.incident
        )

    def _filed_as(self, text: str) -> tuple[str, str]:
        """Id and number of the incident that came of the report just sent."""
        give_up_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < give_up_at:
            found = self.find(text)
            if found is not None:
                return found
            time.sleep(0.05)
        raise NotSeen("the report never became an incident")

    def _shot(self, name: str, *beside: DeskUnderTest) -> None:
        self.chapter += 1
        for desk in (self.officer, self.other, *beside):
            desk.shot(self.shots, f"{self.chapter:02d}-{name}")
