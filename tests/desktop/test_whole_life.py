"""A gas leak from the call to the archive, by keys alone, by everyone who has a part in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from governance import commands as c
from governance.incident import Attachment, Case, FeedbackState, Severity, State, Urgency
from governance.lifecycle import after, settled
from governance.people import Officer, Role
from tests.desktop.test_life_by_keys import type_keys
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER, NOW, OFFICER, SHIFT_LEAD, TEAM_UNIT, named

PHOTO = Attachment(named("photo of the valve"), "0" * 64, "image/jpeg", 1, "after")


class Watch:
    """Several desks that hear of one incident; only one of them has the keys."""

    def __init__(self, qtbot: QtBot, new_desk: Callable[..., FakeDesk], how: dict[str, object]) -> None:
        self._qtbot, self._new_desk, self._how = qtbot, new_desk, how
        self._desks: dict[str, FakeDesk] = {}
        self.now = NOW
        self.case: Case | None = None

    def desk(self, officer: Officer) -> FakeDesk:
        """The desk of an officer, with the keys, the incident selected as it is now."""
        desk = self._desks.get(officer.name) or self._new_desk(officer=officer, **self._how)
        self._desks[officer.name] = desk
        for each in self._desks.values():
            each.window.setVisible(each is desk)
        desk.now = self.now
        if self.case is not None:
            desk.change(desk.situation.cases.get(self.case.incident.id), self.case)
            desk.board.tabs.choose("all")
            desk.selection.choose_incident(self.case.incident.id)
        desk.window.activateWindow()
        desk.window.give_keys_back()
        self._qtbot.waitUntil(desk.board.view.hasFocus)
        return desk

    def order(self, officer: Officer, keys: str) -> Case:
        """What an officer's keys order, carried out with what follows of itself."""
        desk = self.desk(officer)
        before = len(desk.sent)
        type_keys(self._qtbot, desk, keys)
        assert len(desk.sent) == before + 1, (keys, desk.card.notice.text())
        self.case = settled(desk.commit(desk.sent[-1]), desk.situation.rules, self.now)
        self.now += timedelta(minutes=1)
        return self.case

    def by_phone(self, worker: Officer, command: c.Command) -> None:
        """What the one who was sent does in the field."""
        assert self.case is not None
        self.case = after(self.case, command, worker, next(iter(self._desks.values())).situation.rules, self.now)
        self.now += timedelta(minutes=1)


DEPUTY = replace(SHIFT_LEAD, staff=named("deputy"), name="副值班长")


@pytest.mark.parametrize(
    "how",
    [{"width": 1920, "height": 1080, "language": "zh"}, {"width": 1366, "height": 768, "language": "en", "theme": "day"}],
    ids=["zh", "en"],
)
def test_a_gas_leak_from_the_call_to_the_archive(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], how: dict[str, object]
) -> None:
    watch = Watch(qtbot, new_desk, how)
    watch.order(OFFICER, "N :leak Tab Tab Tab :01.01 Tab Right Right Send")
    watch.order(OFFICER, "O :Zhao Tab :A0212 Send")
    assert watch.order(OFFICER, "F Send").incident.state is State.FILED
    graded = watch.order(OFFICER, "X Back Right Tab :gas Send").incident
    assert (graded.severity, graded.urgency) == (Severity.II, Urgency.IMMEDIATE)
    watch.order(OFFICER, "O Back Back Right Send")
    lead = watch.order(OFFICER, "A 2 Send").lead
    assert lead is not None
    grid = graded.grid
    worker = Officer(lead.worker, lead.worker_name, named("post GW"), Role.GRID_WORKER, grid, 1, None, TEAM_UNIT.id)
    watch.by_phone(worker, c.Accept())
    watch.order(SHIFT_LEAD, "S :hurry Send")
    watch.order(OFFICER, "S :soon Send")
    watch.order(SHIFT_LEAD, "S Back Back Left Left Send")
    watch.order(OFFICER, "Y Tab All :5min Tab :rain Send")
    assert watch.order(SHIFT_LEAD, "Q Send").incident.extended == 1
    watch.by_phone(worker, c.Arrive(graded.place))
    watch.by_phone(worker, c.Complete("shut", (PHOTO,)))
    watch.order(OFFICER, "C Send")
    watch.order(CHECKER, "C Space Send")
    assert watch.order(DEPUTY, "C Space Send").incident.state is State.CLOSED  # who approved does not sign as well
    over = watch.order(OFFICER, "C All :done Send")
    assert over.incident.state is State.ARCHIVED
    assert all(echo.state is not FeedbackState.PENDING for echo in over.feedback)
    assert [step.seq for step in over.steps] == list(range(1, len(over.steps) + 1))
