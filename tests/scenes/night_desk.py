"""The desk of a night scene: a process of its own with a window on Xvfb, worked by keys alone and read from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from demo.arguments import read_arguments
from demo.desk_under_test import DeskUnderTest
from demo.run import desk_command
from governance.commands import CheckPass
from governance.incident import Case, State
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import HeadlessDesk

PATIENCE_S = 20.0
START_S = 90.0
NAMED = {"Tab": "tab", "Back": "shift+tab", "Send": "ctrl+enter", "All": "ctrl+a", "Esc": "esc", "Space": "space"}
NAMED |= {"Right": "Right", "Left": "Left", "Down": "down", "Up": "up"}


class NightDesk(DeskUnderTest):
    """One officer's desk. There is no way to point at anything here: what has no key cannot be done."""

    def __init__(self, work: ServerAtWork, login: str, folder: Path, width: int = 1920, height: int = 1080) -> None:
        """The process starts."""
        super().__init__(login, folder, width, height)
        self._work = work
        words = ["--home", str(work.settings.home), "--language", "zh", "--size", f"{width}x{height}"]
        command = [*desk_command(work.settings, read_arguments(words), login, self.home), "--measure-words"]
        self.start(work.supervisor, command)

    def wait_ready(self, patience_s: float) -> float:
        """Seconds until the town was painted; from then on the window has the keys."""
        took_s = super().wait_ready(patience_s)
        self.screen.give_keys()
        return took_s

    # ---- what the hand does --------------------------------------------------------------------------------------

    def keys(self, line: str) -> None:
        """Keys one after another: names, single keys, `:text` without blanks."""
        for token in line.split():
            if token.startswith(":"):
                self.screen.type(token[1:])
            else:
                self.screen.press(NAMED.get(token, token))

    def do(self, key: str, form: str, line: str = "") -> None:
        """A key opens a form, more keys fill it, Ctrl+Enter sends it, and it is gone once it was carried out."""
        self.open(key, form)
        self.keys(line)
        self.send()

    def send(self) -> None:
        """What is open was sent and carried out; what it said instead is told where it was refused."""
        pressed = self.screen.press("ctrl+enter")
        self.until(lambda: self._closed_since(pressed), "the form was carried out")

    # ---- what the eye sees ---------------------------------------------------------------------------------------

    @property
    def texts(self) -> list[str]:
        """What the window says now, piece by piece."""
        found = self.log.of_kind("texts")
        return list(found[-1]["texts"]) if found else []

    def text(self) -> str:
        """All of it, a line for each piece."""
        return "\n".join(self.texts)

    def reads(self, *wanted: str, patience_s: float = PATIENCE_S) -> str:
        """The window says all of this at one moment; the pieces that do, as lines."""
        self.until(lambda: all(each in self.text() for each in wanted), f"the desk says {wanted}", patience_s)
        return "\n".join(piece for piece in self.texts if any(each in piece for each in wanted))

    def reads_none_of(self, *unwanted: str) -> None:
        """The window says none of this any more."""
        self.until(lambda: not any(each in self.text() for each in unwanted), f"gone: {unwanted}")

    def looks_at(self, incident: str, number: str) -> None:
        """The card shows an incident that the desk chose by itself."""
        self.wait_attention(PATIENCE_S, form="", incident=incident)
        self.reads(number)

    def until(self, holds: Callable[[], Any], what: str, patience_s: float = PATIENCE_S) -> Any:
        """What a question answers once its answer is true; where it never is, what the desk says is told."""
        try:
            return until(holds, what, patience_s)
        except AssertionError as never:
            raise AssertionError(f"{never}; the desk says:\n{self.text()}") from None

    def _closed_since(self, pressed: float) -> bool:
        return any(line["form"] == "" for line in self.log.of_kind("attention", pressed))


def newest(work: ServerAtWork, text: str) -> Callable[[], Any]:
    """Asks for id and number of the newest incident with a text; None while there is none."""

    def ask() -> tuple[str, str] | None:
        query = "SELECT id::text, number FROM incident WHERE text = %s ORDER BY reported_at DESC LIMIT 1"
        found = work.rows(query, text)
        return (str(found[0][0]), str(found[0][1])) if found else None

    return ask


def taken_in(officer: NightDesk, work: ServerAtWork, text: str, east: float, north: float, urgency: str = "") -> str:
    """A report typed at the desk and taken on; its incident, which is on the card."""
    place = spot(east, north)
    officer.do("n", "ReportForm", f":{text} Tab :{place.lon:.6f},{place.lat:.6f}")
    incident, number = until(newest(work, text), "the report is in the ledger")
    officer.looks_at(incident, number)
    officer.do("f", "TriageForm", urgency)
    officer.wait_state(incident, [State.FILED], PATIENCE_S)
    return str(incident)


def passed(work: ServerAtWork, desk: HeadlessDesk, incident: str) -> None:
    """Somebody at another desk has seen how the incident stands, and signs its check."""

    def seen() -> Case | None:
        desk.turn()
        ((version,),) = work.rows("SELECT version FROM incident WHERE id = %s", incident)
        found = (case for key, case in desk.situation.cases.items() if str(key) == incident)
        return next((case for case in found if case.incident.version == version), None)

    outcome = desk.done(CheckPass("现场已复核", condition_met=True), until(seen, "the other desk sees it", PATIENCE_S))
    assert outcome.refused is None, outcome.refused


def announced(officer: NightDesk) -> int:
    """How many alarms the desk says it announced within the last day."""
    said = next(piece for piece in officer.texts if piece.startswith("24 小时 "))
    return int(said.split()[2])
