"""A desk with a real map of a small town, and a past that is told by a few lines instead of a server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from msgspec import Raw
from pytestqt.qtbot import QtBot

from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.style.sheet import sheet
from desktop.timeline import reading
from gis_data.town.pack import read_pack, write_packs
from governance.camera import CameraState
from governance.changes import CaseChanged, Change
from governance.incident import Case
from governance.refusal import Refused
from governance.shifts import Shift, UnitShifts
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner, small_town
from wire.codec import numbered
from wire.leaving_requests import LeavingRecorded, RecordLeaving
from wire.past_requests import AskTrack, CameraWas, PastIs, ReadPast, ReadTrack, TrackIs
from wire.publications import POSITION, Numbered
from wire.shift_requests import DutyLogIs, HandoverIs, PastHandover, ReadDutyLog, ReadHandover

NOW = situations.NOW
GRID = "330104001001001"


def lives(count: int = 6) -> dict[int, list[tuple[datetime, Case]]]:
    """A few incidents that went through all their states in the last two hours, and how each stood when."""
    found: dict[int, list[tuple[datetime, Case]]] = {}
    for number in range(count):
        began = NOW - timedelta(minutes=100 - 9 * number)
        for nth, state in enumerate(situations.WAYS):
            case = situations.case(number, state, began + timedelta(minutes=10))
            place = corner(0.2 + 0.1 * number, 0.5)
            whole = replace(case, incident=replace(case.incident, place=place, grid=GRID, version=nth + 1))
            found.setdefault(number, []).append((began + timedelta(minutes=6 * nth), whole))
    return found


@dataclass
class ToldPast:
    """Answers what a desk asks about the past; `refuse` and `late` change how."""

    lives: dict[int, list[tuple[datetime, Case]]] = field(default_factory=lives)
    asked: list[Any] = field(default_factory=list)
    refuse: list[Refused] = field(default_factory=list)
    late: list[Callable[[], None]] = field(default_factory=list)
    waits: bool = False
    fixes: int = 90
    spoilt: bool = False
    """Whether a change of it is no change."""
    gap_s: int = 0
    """How much longer than a minute it is from the middle fix to the next."""
    cut: tuple[int, ...] = ()
    """Lives that are told but in part."""
    confidential: tuple[int, ...] = ()
    """Lives that are confidential today."""
    handed: tuple[PastHandover, ...] = ()
    shifts: dict[UUID, Shift] = field(default_factory=dict)
    """Those of which the duty log may be read."""

    def ask(self, request: Any, answer: Callable[[Any, Refused | None], None]) -> None:
        self.asked.append(request)
        no = self.refuse.pop(0) if self.refuse else None
        reply = None if no is not None else self._reply(request)
        if self.waits:
            self.late.append(lambda: answer(reply, no))
        else:
            answer(reply, no)

    def _reply(self, request: Any) -> Any:
        if isinstance(request, ReadPast):
            numbers = sorted(self.lives)
            page = numbers if request.after is None else []
            changes = tuple(change for number in page for change in self._changes(number, request.until))
            cameras = situations.cameras()[:3]
            stood = tuple(CameraWas(each.id, request.since, CameraState.OFFLINE.value) for each in cameras)
            spoilt = (Numbered("s/0", 1, NOW, None, "case", Raw(b"\x80")),) if self.spoilt else ()
            cut, confidential = (
                tuple(self.lives[number][0][1].incident.id for number in which) for which in (self.cut, self.confidential)
            )
            return PastIs(0, (*changes, *spoilt), stood, len(numbers), cut=cut, confidential=confidential)
        if isinstance(request, RecordLeaving):
            return LeavingRecorded(0, situations.named("record"))
        if isinstance(request, ReadHandover):
            unit = situations.CENTRE_UNIT
            return HandoverIs(0, UnitShifts(unit.id), unit.name, None, NOW, None, (), (), past=self.handed)
        if isinstance(request, ReadDutyLog):
            assert request.shift is not None
            return DutyLogIs(0, self.shifts[request.shift], (), ())
        assert isinstance(request, AskTrack | ReadTrack)
        fixes = np.zeros(self.fixes, POSITION)
        fixes["worker"], fixes["at"] = 1, int((NOW - timedelta(minutes=90)).timestamp()) + 60 * np.arange(self.fixes)
        fixes["at"][self.fixes // 2 + 1 :] += self.gap_s
        places = [corner(0.1 + 0.8 * n / max(self.fixes, 1), 0.4) for n in range(self.fixes)]
        fixes["lon"], fixes["lat"] = [p.lon * 1e7 for p in places], [p.lat * 1e7 for p in places]
        return TrackIs(0, situations.named("access"), situations.named("worker 0"), self.fixes, fixes.tobytes())

    def _changes(self, number: int, until: datetime) -> list[Any]:
        told, before = [], None
        for nth, (at, case) in enumerate(self.lives[number]):
            if at <= until:
                fact = CaseChanged.between(before, case)
                told.append(numbered(Change(f"33010400{number}/0", nth + 1, at, None, fact)))
                before = case
        return told


@pytest.fixture
def told() -> ToldPast:
    """What the past is told by."""
    return ToldPast()


@pytest.fixture(scope="session")
def town_geometry() -> Geometry:
    """A town of four grids."""
    town = small_town()
    return Geometry.of({name: read_pack(name, data) for name, data in write_packs(town).items()}, town.origin)


@pytest.fixture
def panel(
    qtbot: QtBot, desk: FakeDesk, town_geometry: Geometry, told: ToldPast, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MapPanel]:
    """The plain map of the town over the desk's situation; a page is taken in at once, however busy the machine is."""
    monkeypatch.setattr(reading, "SLICE_S", 60.0)
    made = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(made)
    made.setStyleSheet(sheet(desk.seat.palette))
    made.resize(726, 640)
    made.show()
    qtbot.waitExposed(made)
    made.show_town(town_geometry, "")
    desk.seat.ask = told.ask
    yield made
    made.timeline.put_away()
    made.hide()
