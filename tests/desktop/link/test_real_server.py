"""Two desks on a real server and a real PostGIS: an incident from report to archive, through a killed desk process."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from desktop.link import from_server as told
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import LogOn, Resync, Send
from desktop.situation.situation import OutOfStep, Situation
from governance.commands import (
    Accept,
    Arrive,
    CheckPass,
    Command,
    Complete,
    Dispatch,
    File,
    MakeReport,
    RaiseLevel,
    Recipient,
    SendCheck,
    SendFeedback,
)
from governance.incident import Case, State
from governance.refusal import Refused
from server.ledger.entry import Entered
from tests.desktop.situation.test_situation import pictured
from tests.server.conftest import District, district, middle, seeded_template

__all__ = ["district", "seeded_template"]
PATIENCE_S = 20.0
LOGINS = ("duty1", "duty2", "check1")


class Seat:
    """A desk without a window: link, situation, and what a ticker does between them."""

    def __init__(self, district: District, folder: Path) -> None:
        self.link = Link(ServerAddress(district.settings.desk_endpoint, district.keys.curve_public), folder)
        self.situation = Situation()
        self.answers: dict[UUID, told.OrderAnswered] = {}
        self.packs: set[str] = set()
        self.refused: list[Refused] = []
        self.link.start()

    def turn(self) -> None:
        """Deal with what has arrived."""
        while True:
            try:
                said = self.link.arrived.get_nowait()
            except queue.Empty:
                return
            match said:
                case told.SnapshotCame():
                    self.situation.start_from(said.snapshot)
                case told.ChangesCame():
                    try:
                        self.situation.apply_all(said.changes)
                    except OutOfStep as problem:
                        self.link.submit(Resync(str(problem)))
                case told.OrderAnswered():
                    self.answers[said.order_id] = said
                case told.PackReceived():
                    self.packs.add(said.layer)
                case told.LogOnRefused():
                    self.refused.append(said.refused)

    def order(self, command: Command, case: Case | None = None) -> told.OrderAnswered:
        """Send a command and wait for its answer."""
        send = Send(uuid4(), command, *((case.incident.id, case.incident.version) if case else ()), client_at=datetime.now(UTC))
        self.link.submit(send)
        until(lambda: send.order_id in self.answers, self)
        return self.answers[send.order_id]


def until(holds: Callable[[], bool], *seats: Seat) -> None:
    """Wait for a condition while the seats work."""
    give_up_at = time.monotonic() + PATIENCE_S
    while not holds():
        for seat in seats:
            seat.turn()
        assert time.monotonic() < give_up_at, [seat.refused for seat in seats]
        time.sleep(0.005)


@pytest.fixture
def seats(district: District, tmp_path: Path) -> Iterator[tuple[Seat, Seat, Seat]]:
    """Two duty officers and a checker, not signed on yet."""
    made = tuple(Seat(district, tmp_path / login) for login in LOGINS)
    try:
        yield made  # type: ignore[misc]
    finally:
        for seat in made:
            seat.link.stop()


def sign_on(district: District, *seats: Seat) -> None:
    for seat, login in zip(seats, LOGINS, strict=True):
        seat.link.submit(LogOn(login, district.seeded.passwords[login]))
    until(lambda: all(seat.situation.epoch for seat in seats), *seats)


def test_an_incident_goes_from_report_to_archive_before_both_desks(district: District, seats: tuple[Seat, Seat, Seat]) -> None:
    running = district.start("desk")
    sign_on(district, *seats)
    *both, checker = seats
    duty = both[0]
    worker = district.workers[0]
    field = district.field_officer(worker)
    answer = duty.order(MakeReport("楼道里有燃气味", middle(0), place_text="1 幢"))
    assert answer.refused is None
    assert answer.incident is not None
    incident = answer.incident

    def stands(state: State) -> Case:
        """The case, once both officers' desks see it so."""
        until(lambda: all(incident in s.situation.cases for s in both), *seats)
        until(lambda: all(s.situation.cases[incident].incident.state is state for s in both), *seats)
        return duty.situation.cases[incident]

    assert duty.order(File("06.01"), stands(State.REPORTED)).refused is None
    assert duty.order(RaiseLevel("先看"), stands(State.FILED)).refused is None
    until(lambda: duty.situation.cases[incident].incident.version == 3, *seats)
    running.kill()
    running.wait(10)
    case = stands(State.FILED)
    send = Send(uuid4(), Dispatch(Recipient(worker.id), reason="最近"), incident, case.incident.version, datetime.now(UTC))
    duty.link.submit(send)
    district.start("desk")
    until(lambda: send.order_id in duty.answers, *seats)
    assert duty.answers[send.order_id].refused is None
    stale = duty.order(RaiseLevel("迟了"), case)
    assert stale.refused is not None
    assert stale.refused.code == "stale_version"
    stands(State.DISPATCHED)
    for command in (Accept(), Arrive(middle(0)), Complete("已处理")):
        district.order(command, field, Entered(uuid4(), incident, 0, "", 0))
    assert duty.order(SendCheck(), stands(State.RESOLVED)).refused is None
    checking = stands(State.CHECKING)
    until(lambda: incident in checker.situation.cases, *seats)
    assert checker.order(CheckPass("已核", condition_met=True), checking).refused is None
    assert duty.order(SendFeedback("已办结"), stands(State.CLOSED)).refused is None
    final = stands(State.ARCHIVED)
    rows = [step.row for step in final.steps]
    assert rows == ["E01", "E06", "E14", "E12", "E19", "E23", "E27", "E39", "E41", "E44", "E46"]
    assert duty.packs == {"areas", "buildings", "roads", "water", "land"}
    followed = pictured(duty.situation)
    mark = duty.situation.workers
    duty.link.submit(Resync())
    until(lambda: duty.situation.workers is not mark, *seats)
    fresh = pictured(duty.situation)
    assert followed[1:5] == fresh[1:5]
    assert followed[0] == fresh[0]


def test_a_wrong_password_is_refused_in_words(district: District, seats: tuple[Seat, Seat, Seat]) -> None:
    district.start("desk")
    seats[0].link.submit(LogOn("duty1", "wrong"))
    until(lambda: bool(seats[0].refused), seats[0])
    assert seats[0].refused[0].code == "wrong_login"
