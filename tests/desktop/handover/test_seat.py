"""Whoever takes over sits down; a desk that was left when its shift closed signs nobody on by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.link.from_server import Enquired, SessionOver
from desktop.link.to_server import Enquire, LogOn
from governance import shifts as rules
from tests.desktop.handover.shift_scene import COMES, LEAD, NOW, SIGNED
from tests.fakes.quiet_link import WholeDesk
from wire.shift_requests import ShiftDone, TakeOver


@pytest.fixture
def whole(qtbot: QtBot, tmp_path: Path) -> Iterator[WholeDesk]:
    """The whole desk of the lead who goes; he has signed."""
    made = WholeDesk(tmp_path)
    qtbot.addWidget(made.window)
    made.window.resize(1366, 768)
    made.window.show()
    made.sign_on("lead1", LEAD)
    made.snapshot()
    made.desk.situation.shifts = {SIGNED.unit: SIGNED}
    assert made.desk.duty
    made.desk.duty.shifts.touch_shifts()
    yield made
    made.desk.stop()


def log_ons(whole: WholeDesk) -> list[LogOn]:
    """Who was signed on."""
    return [wish for wish in whole.link.wishes if isinstance(wish, LogOn)]


def test_who_takes_over_at_a_desk_sits_there_from_then_on(whole: WholeDesk) -> None:
    duty = whole.desk.duty
    assert duty
    duty.act("handover")
    signing = duty.shifts.view.signing
    signing.login.setText("lead2")
    signing.password.setText("secret")
    signing.act()
    wish = next(each for each in whole.link.wishes if isinstance(each, Enquire) and isinstance(each.request, TakeOver))
    assert isinstance(wish.request, TakeOver)
    whole.hear(Enquired(wish.key, ShiftDone(1, wish.request.order_id)))
    assert (log_ons(whole)[-1].login, log_ons(whole)[-1].password) == ("lead2", "secret")
    assert whole.window.currentWidget() is whole.window.sign_on
    whole.sign_on("lead2", COMES, "早班")
    assert whole.desk.seat
    assert whole.desk.seat.officer.name == COMES.name
    assert whole.desk.duty is not duty


def test_a_desk_whose_shift_was_handed_over_waits_for_somebody_to_sign_on(whole: WholeDesk) -> None:
    before = len(log_ons(whole))
    whole.hear(SessionOver("shift_closed"))
    assert whole.window.currentWidget() is whole.window.sign_on
    assert whole.desk.words("ended.shift_closed") in whole.window.sign_on.said.text()
    assert len(log_ons(whole)) == before


def test_who_goes_on_in_the_next_shift_keeps_his_desk_and_sees_its_name(whole: WholeDesk) -> None:
    duty = whole.desk.duty
    assert duty
    whole.desk.situation.shifts = {SIGNED.unit: rules.signed_in(SIGNED, COMES, NOW).standing}
    duty.shifts.touch_shifts()
    assert "早班" in duty.top.who.text()
    assert whole.window.currentWidget() is duty
