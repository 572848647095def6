"""A desk in a shift that is handed over, and a server of a few lines that answers what it asks about shifts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.link.from_server import ChangesCame, Enquired
from desktop.link.to_server import Enquire
from governance import shifts as rules
from governance.changes import Change, ShiftChanged
from governance.handover_paper import Flow, HandoverItem, Mark, Section
from governance.people import Officer
from governance.refusal import Refused
from governance.shift_log import LogLine, Member
from governance.shifts import Shift, ShiftState, UnitShifts
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.shift_requests import DutyLogIs, HandoverIs, ShiftReply

T = TypeVar("T")
NOW, UNIT, LEAD = situations.NOW, situations.CENTRE_UNIT.id, situations.SHIFT_LEAD
COMES = replace(LEAD, staff=UUID(int=77), name="何静", shift=None)
MINUTE, CTRL = timedelta(minutes=1), Qt.KeyboardModifier.ControlModifier
assert LEAD.shift
NIGHT = Shift(LEAD.shift, UNIT, "夜班", NOW - 480 * MINUTE, NOW, ShiftState.OPEN, LEAD.staff, LEAD.name, NOW - 480 * MINUTE)
MORNING = Shift(UUID(int=8), UNIT, "早班", NOW, NOW + 480 * MINUTE, ShiftState.PLANNED)
OPEN = UnitShifts(UNIT, NIGHT)
RUNS = rules.begun(OPEN, LEAD, UUID(int=9), MORNING, NOW)
SIGNED = rules.signed_out(RUNS, LEAD, NOW)
CASE = situations.case(9, situations.State.HANDLING)
ITEMS = (
    HandoverItem(
        Section.URGENT, str(CASE.incident.id), "燃气泄漏", "handling", NOW, "李建国", CASE.incident.id, CASE.incident.number
    ),
    HandoverItem(Section.URGENT, "gone", "电梯困人", "closed", NOW, mark=Mark.GONE),
    HandoverItem(Section.CALLBACKS, "line 4", "十点回电", "", NOW, "王明", mark=Mark.SAME),
)
LINES = (
    LogLine(3, NOW, "signed_on", "3", "王明", "值班员"),
    LogLine(4, NOW, "callback", "十点回电", "王明", "值班员"),
)


def paper(standing: UnitShifts, **more: Any) -> HandoverIs:
    """The paper of a moment."""
    fields: dict[str, Any] = {"flow": (Flow("filed", 3, 2, 5),), "items": ITEMS, "since": NOW - 480 * MINUTE} | more
    handover = fields.pop("handover", standing.handover)
    return HandoverIs(1, standing, "区社会治理指挥中心", handover, NOW, **fields)


def log(*lines: LogLine) -> DutyLogIs:
    """The log of the shift."""
    members = (Member(uuid4(), "王明", situations.OFFICER.role, "值班员", "3", NOW),)
    return DutyLogIs(1, NIGHT, lines or LINES, members, ("四季青街道综合指挥室",))


class Scene:
    """One desk and its server."""

    def __init__(self, qtbot: QtBot, new_desk: Callable[..., FakeDesk], officer: Officer = LEAD, **how: Any) -> None:
        self.qtbot = qtbot
        self.desk = new_desk(officer=officer, **how)
        self.shifts, self.view = self.desk.shifts, self.desk.shifts.view
        self.stand(OPEN)

    def stand(self, standing: UnitShifts) -> None:
        """The feed says how the unit stands."""
        number = self.desk.situation.numbers.get("district/1", 0) + 1
        self.desk.queue.put(ChangesCame((Change("district/1", number, self.desk.now, None, ShiftChanged(standing)),)))
        self.desk.ticker.tick()

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key where the focus is."""
        self.qtbot.keyClick(QApplication.focusWidget() or self.desk.window, key, modifier)

    def type(self, text: str) -> None:
        """Letters where the focus is."""
        self.qtbot.keyClicks(QApplication.focusWidget(), text)

    def open(self, standing: UnitShifts, **more: Any) -> None:
        """F8, and the server answers."""
        self.press(Qt.Key.Key_F8)
        self.answer_reads(standing, **more)

    def answer_reads(self, standing: UnitShifts, **more: Any) -> None:
        """Paper and log come."""
        for wish in self.wishes():
            name = type(wish.request).__name__
            if name == "ReadHandover":
                self.answer(wish, paper(standing, **more))
            elif name == "ReadDutyLog":
                self.answer(wish, log())

    def wishes(self) -> list[Enquire]:
        """What was asked so far."""
        return [wish for wish in self.desk.wishes if isinstance(wish, Enquire)]

    def asked(self, kind: type[T]) -> list[T]:
        """The requests of a kind."""
        return [wish.request for wish in self.wishes() if isinstance(wish.request, kind)]

    def last(self, kind: type) -> Enquire:
        """The newest wish of a kind."""
        return next(wish for wish in reversed(self.wishes()) if isinstance(wish.request, kind))

    def answer(self, wish: Enquire, reply: ShiftReply | None = None, refused: Refused | None = None) -> None:
        """The link answers."""
        self.desk.queue.put(Enquired(wish.key, reply, refused))
        self.desk.ticker.tick()

    def refuse(self, kind: type, code: str, about: str = "", **details: str) -> None:
        """The server says no to the newest of a kind."""
        self.answer(self.last(kind), refused=Refused(code, about, **details))
