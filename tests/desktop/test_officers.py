"""One desk, several officers: each sees and keeps his own, and nobody the one's before him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.link.from_server import BacklogStands
from desktop.settings import officer_file
from tests.fakes.quiet_link import WholeDesk
from tests.fakes.situations import CHECKER, OFFICER, named


@pytest.fixture
def whole(qtbot: QtBot, tmp_path: Path) -> Iterator[WholeDesk]:
    """A whole desk at its sign-on page."""
    made = WholeDesk(tmp_path)
    qtbot.addWidget(made.window)
    made.window.resize(1366, 768)
    made.window.show()
    yield made
    made.desk.stop()


def test_the_next_officer_selects_in_a_window_of_his_own(qtbot: QtBot, whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    first = whole.desk.duty
    assert first is not None
    whole.sign_on("he", CHECKER)
    qtbot.waitUntil(lambda: not isValid(first))  # gone, with everything that listened
    assert whole.desk.duty is not first
    assert whole.desk.seat is not None
    assert whole.desk.seat.situation.cases == {}, "nothing of the officer before is there"
    whole.snapshot()
    chosen = next(iter(whole.desk.situation.cases))
    whole.desk.selection.choose_incident(chosen)
    whole.desk.orders.pending_changed.emit(chosen)
    assert whole.desk.duty is not None
    assert whole.desk.duty.card.case is whole.desk.situation.cases[chosen]


def test_the_same_officer_keeps_his_window_in_a_new_shift(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    before = whole.desk.duty
    later = replace(OFFICER, shift=named("late shift"))
    whole.sign_on("wang", later, shift="夜班")
    assert whole.desk.duty is before
    assert whole.desk.seat is not None
    assert whole.desk.seat.officer == later
    assert before is not None
    assert "夜班" in before.top.who.text()


def test_orders_that_wait_stay_those_of_whoever_gave_them(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.desk.sign_on("he", "secret", None)
    whole.hear(BacklogStands(1, b"his order", "wang"))  # said before the link knew of anybody else
    assert whole.folder.read(officer_file("he", "backlog")) == {}
    assert whole.folder.read(officer_file("wang", "backlog")) == {"kept": b"his order".hex()}
