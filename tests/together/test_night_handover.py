"""A night scene: the hand-over of 08:00, unsigned for an hour, by keys on a real desk against the real server.

The hour passes in the ledger: the hand-over is said to have begun an hour before, and the clock process finds it so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from governance.commands import File, MakeReport
from governance.incident import State
from governance.shifts import ShiftState, UnitShifts
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import HeadlessDesk
from tests.together.real_desk import RealDesk

KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
LINES = (
    "SELECT kind, text FROM duty_log WHERE kind IN ('handover_overrun', 'signed_out', 'signed_in') AND shift = %s "
    "ORDER BY number"
)
AN_HOUR_PASSES = (
    "UPDATE handover SET began_at = began_at - interval '60 minutes' WHERE signed_in_at IS NULL",
    "UPDATE desk_session SET began_at = began_at - interval '61 minutes'",
    "UPDATE shift_member SET on_at = on_at - interval '61 minutes'",
)


@pytest.fixture
def lead(qtbot: QtBot, work: ServerAtWork, tmp_path: Path) -> Iterator[RealDesk]:
    """The desk of the shift lead who goes."""
    made = RealDesk(qtbot, work, "lead1", tmp_path)
    yield made
    made.close()


def standing(desk: HeadlessDesk) -> UnitShifts:
    """How the centre stands before a desk."""
    return next(each for each in desk.situation.shifts.values() if each.current)


def state(desk: HeadlessDesk) -> ShiftState:
    """The state of the shift in force."""
    current = standing(desk).current
    assert current
    return current.state


def test_the_hand_over_of_eight_o_clock_unsigned_for_an_hour(
    lead: RealDesk, work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk]
) -> None:
    duty, leader = desk_of("duty1"), desk_of("leader1")

    def turn() -> None:
        duty.turn()
        leader.turn()
        lead.qtbot.wait(5)

    going = standing(leader).current
    assert going
    lead.press(KEY.Key_F8)
    lead.until(lambda: lead.duty.shifts.view.paper, "the paper came")
    lead.press(KEY.Key_Return, CTRL)
    lead.until(lambda: lead.duty.shifts.view.signing.step == "out", "the hand-over runs")
    assert "交接中 0分钟" in lead.duty.top.handover.text()
    until(lambda: state(duty) is ShiftState.HANDING_OVER, "every desk of the shift hears of it", 10, turn)

    for statement in AN_HOUR_PASSES:
        work.change(statement)
    work.kill("clock")
    until(lambda: standing(leader).current.told_at, "the leader on duty is told", 30, turn)  # type: ignore[union-attr]
    lead.until(lambda: "交接中 60分钟 超时" in lead.duty.top.handover.text(), "the top bar says so")
    assert lead.duty.top.handover.property("alert") == "urgent"
    assert lead.duty.banner.isVisible()

    made = duty.done(MakeReport("交接时来了一件煤气味", spot(0.4, 0.4), place_text="三号楼"))
    assert made.refused is None, "the outgoing shift still has its powers"
    assert made.incident
    case = duty.situation.cases[made.incident]
    assert duty.done(File("06.03"), case).refused is None

    lead.duty.banner.hide()
    lead.duty.shifts.view.signing.summary.setFocus()
    lead.type("late because of a gas leak")
    lead.press(KEY.Key_Return, CTRL)
    lead.until(lambda: lead.duty.shifts.view.signing.step == "in", "the one who goes has signed")
    assert duty.done(MakeReport("签字之间又一件", spot(0.6, 0.4))).refused is None, "one signature takes nothing away"
    lead.duty.shifts.view.signing.login.setFocus()
    lead.type("lead2")
    lead.press(KEY.Key_Tab)
    lead.type(work.passwords["lead2"])
    goes = lead.who
    lead.press(KEY.Key_Return)
    lead.until(lambda: lead.who not in ("", goes), "who takes over sits at the desk")
    until(lambda: any(over.reason == "shift_closed" for over in duty.overs), "the shift that went is off", 10, turn)

    comes = work.rows("SELECT lead, state FROM shift WHERE state IN ('open', 'handing_over')")
    assert len(comes) == 1
    assert comes[0][1] == "open"
    told = ("handover_overrun", f"60 min · {_name(work, 'leader1')}")
    assert work.rows(LINES, going.id) == [told, ("signed_out", ""), ("signed_in", _shift(work))]
    (kept,) = work.rows("SELECT summary FROM handover WHERE out_shift = %s", going.id)
    assert kept == ("late because of a gas leak",)
    titles = {row[0] for row in work.rows("SELECT section FROM handover_item WHERE paper = 'in'")}
    assert titles <= {"urgent", "late", "callbacks", "supervised", "approvals", "drafts", "shelved", "instructions"}
    duty.sign_on()
    until(lambda: duty.situation.cases, "the next shift sees what the last one took in", 20, turn)
    assert duty.situation.cases[case.incident.id].incident.state is not State.REPORTED


def _name(work: ServerAtWork, login: str) -> str:
    return str(work.rows("SELECT s.name FROM staff s JOIN account a ON a.staff = s.id WHERE a.login = %s", login)[0][0])


def _shift(work: ServerAtWork) -> str:
    return str(work.rows("SELECT name FROM shift WHERE state = 'open'")[0][0])
