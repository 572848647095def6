"""What the measuring log calls painted was in sight: a row, the open card or a pin of its own, in that frame."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from desktop.alarms.alarm_desk import AlarmDesk
from desktop.alarms.alarm_file import AlarmFile
from desktop.duty_window import DutyWindow
from desktop.handover.shift_desk import ShiftDesk
from desktop.handover.shift_file import ShiftFile
from desktop.layout_file import LayoutFile
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.measure_log import MeasureLog
from desktop.situation.touched import Touched
from desktop.surround.status_bar import StatusBar
from desktop.surround.top_bar import TopBar
from gis_data.town.pack import read_pack, write_packs
from governance.incident import Case, State
from tests.fakes.desks import FakeDesk, QuietTiles
from tests.fakes.small_town import corner, small_town


class Watched:
    """A desk with a map, whose measuring log is read."""

    def __init__(self, home: Path) -> None:
        self.desk = FakeDesk(home, count=12)
        self.panel = MapPanel(self.desk.seat, PlainCanvas)
        bars, layout = (TopBar(self.desk.seat, "", ""), StatusBar(self.desk.seat)), LayoutFile(self.desk.folder, "watched")
        alarms = AlarmDesk(self.desk.seat, AlarmFile(self.desk.folder, "watched"), self.desk.sound)
        shifts = ShiftDesk(self.desk.seat, ShiftFile(self.desk.folder, "watched"), self.desk.wishes.append)
        parts = (self.desk.seat, self.desk.board, self.panel, self.desk.card)
        self.window = DutyWindow(*parts, bars, layout, alarms, shifts)
        town, self._path = small_town(), home / "measure.jsonl"
        packs = {name: read_pack(name, data) for name, data in write_packs(town).items()}
        self.panel.show_town(Geometry.of(packs, town.origin), "")
        self.log = MeasureLog(self._path, self.desk.seat)
        self.log.follow(self.desk.seat, self.window, QuietTiles())  # type: ignore[arg-type]
        self.desk.ticker.touched.connect(self._touched)

    def _touched(self, touched: Touched) -> None:
        self.panel.touch(touched)
        self.log.touched(touched.cases)

    def frame(self, qtbot: QtBot) -> None:
        """One more frame, painted from now on, is on the screen: a swap that was still due of an earlier one is not it."""
        canvas = self.panel.canvas
        qtbot.waitUntil(lambda: canvas.viewpoint == canvas.destination)  # the map went to what was chosen
        came: list[str] = []
        heard = [canvas.painted.connect(lambda *_: came.append("painted"))]
        heard.append(canvas.frame_swapped.connect(lambda _: came.append("swapped")))
        canvas.update()
        qtbot.waitUntil(lambda: "swapped" in came[came.index("painted") :] if "painted" in came else False)
        for connection in heard:
            canvas.disconnect(connection)

    def lines(self, kind: str) -> list[dict[str, object]]:
        """The lines of a kind so far."""
        lines = [json.loads(line) for line in self._path.read_text(encoding="utf-8").splitlines()]
        return [line for line in lines if line["kind"] == kind]

    def painted(self, incident: UUID) -> list[tuple[object, object]]:
        """Versions and states of an incident that were logged as painted."""
        mine = [line for line in self.lines("case_painted") if line["incident"] == str(incident)]
        return [(line["version"], line["state"]) for line in mine]


@pytest.fixture
def watched(qtbot: QtBot, tmp_path: Path) -> Iterator[Watched]:
    """A watched desk on the screen, with an incident selected."""
    made = Watched(tmp_path)
    qtbot.addWidget(made.window)
    qtbot.addWidget(made.desk.window)
    made.window.resize(1600, 900)
    made.window.show()
    qtbot.waitExposed(made.window)
    made.desk.choose(State.REPORTED)
    made.frame(qtbot)
    yield made
    made.log.close()
    made.window.hide()


def moved_on(watched: Watched, before: Case, state: State) -> Case:
    """The feed brings the next version of a case."""
    incident = replace(before.incident, state=state, version=before.incident.version + 1)
    watched.desk.change(before, replace(before, incident=incident))
    return watched.desk.situation.cases[before.incident.id]


def test_an_arrival_that_waits_in_a_cluster_is_painted_when_it_is_chosen(watched: Watched, qtbot: QtBot) -> None:
    crowd = [watched.desk.arrive(number, corner(0.5, 0.5)).incident for number in (901, 902, 903)]
    watched.frame(qtbot)
    assert [watched.painted(incident.id) for incident in crowd] == [[], [], []]
    watched.desk.board.take_in()
    watched.desk.selection.choose_incident(crowd[1].id)
    watched.frame(qtbot)
    assert watched.painted(crowd[1].id) == [(crowd[1].version, "reported")]


def test_a_pin_of_its_own_shows_its_incident(watched: Watched, qtbot: QtBot) -> None:
    watched.panel.home()  # all of the town is in view: the incident that is selected lies elsewhere
    alone = watched.desk.arrive(904, corner(3.7, 0.8)).incident
    watched.frame(qtbot)
    assert alone.id in watched.desk.board.model.rows.waiting
    assert watched.painted(alone.id) == [(alone.version, "reported")]


def test_two_steps_before_one_frame_are_both_told(watched: Watched, qtbot: QtBot) -> None:
    chosen = watched.desk.choose(State.FILED)
    watched.frame(qtbot)
    first = moved_on(watched, chosen, State.DISPATCHED)
    second = moved_on(watched, first, State.HANDLING)
    watched.frame(qtbot)
    told = watched.painted(chosen.incident.id)[-2:]
    assert told == [(first.incident.version, "dispatched"), (second.incident.version, "handling")]


def test_who_has_the_keys_is_told(watched: Watched, qtbot: QtBot) -> None:
    watched.window.activateWindow()
    watched.window.act("new")
    qtbot.waitUntil(lambda: (watched.panel.canvas.update(), watched.lines("attention")[-1]["form"] == "ReportForm")[1])
    watched.window.act("command")
    qtbot.waitUntil(lambda: (watched.panel.canvas.update(), watched.lines("attention")[-1]["form"] == "CommandLine")[1])
