"""The shift of one officer's desk: how it stands, what is handed over, and what he does about it. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.handover.handover_view import HandoverView
from desktop.handover.planning import Planning
from desktop.handover.roll_call import RollCall
from desktop.handover.shift_file import ShiftFile
from desktop.handover.standing import lateness, own
from desktop.handover.steps import ShiftSteps
from desktop.handover.talk import ShiftTalk
from desktop.link.to_server import ToServer
from desktop.seat import Seat
from governance.handover_paper import Carried
from governance.refusal import Refused
from governance.shifts import UnitShifts
from wire import shift_requests as ask
from wire.shift_requests import DutyLogIs, HandoverIs, ShiftReply

KEEP_PAUSE_MS = 400
READ_PAUSE_MS = 1500
"""The paper is read anew a moment after something changed: a flood of changes is one reading."""


class ShiftDesk(QObject):
    """Knows the unit's shift and shows it. Wishes and news as signals; nothing is shown as done before the feed says so."""

    closed = Signal()
    """A sheet was closed: the keys go back."""
    going = Signal(object)
    """UUID of an incident to go to."""
    told = Signal(str)
    """A sentence for the banner."""
    stands_changed = Signal(str, object)
    """Name of the shift in force, and Lateness or None."""
    taken_over = Signal(str, str, object)
    """Login, password and post of who took over at this desk: he sits here from now on."""

    def __init__(
        self,
        seat: Seat,
        file: ShiftFile,
        submit: Callable[[ToServer], object],
        carried: Callable[[], tuple[Carried, ...]] = tuple,
        parent: QObject | None = None,
    ) -> None:
        """`submit` hands a wish to the link; `carried` says what only this desk knows: drafts and shelved alarms."""
        super().__init__(parent)
        self._seat, self._file, self.carried = seat, file, carried
        self.talk = ShiftTalk(submit)
        self.standing: UnitShifts | None = None
        self._unit: UUID | None = None
        self._past: UUID | None = None
        """The hand-over that is read; None where it is the one of now."""
        self._handed_in: UUID | None = None
        self.view, self.roll = HandoverView(seat), RollCall(seat)
        self.steps = ShiftSteps(self.talk, self.view, self._running, self)
        self.planning = Planning(seat, self.talk, self.view.plan, self)
        self._keep_due, self._read_due = QTimer(self), QTimer(self)
        for timer, pause in ((self._keep_due, KEEP_PAUSE_MS), (self._read_due, READ_PAUSE_MS)):
            timer.setSingleShot(True)
            timer.setInterval(pause)
        self._keep_due.timeout.connect(self.keep)
        self._read_due.timeout.connect(self._read)
        self._restore()
        self._connect()

    def _connect(self) -> None:
        view, steps = self.view, self.steps
        steps.read_wanted.connect(self._read)
        steps.soon_wanted.connect(self._read_due.start)
        steps.keep_wanted.connect(self.keep)
        steps.hand_in_wanted.connect(self.hand_in)
        steps.taken_over.connect(self.taken_over)
        for part in (view.signing, view.log):
            part.typed.connect(self._keep_due.start)
        view.past_wanted.connect(self._choose_past)
        view.list.opened.connect(self.going)
        view.to_plan.clicked.connect(lambda _on: self.switch_plan())

    def _restore(self) -> None:
        texts = self._file.read()
        self.view.signing.summary.setPlainText(texts["summary"])
        self.view.signing.remark.setText(texts["remark"])
        self.view.log.line.setText(texts["line"])

    # ---- on the window ---------------------------------------------------------------------------------------------

    def live_in(self, window: QWidget, room: Callable[[], QRect]) -> None:
        """The sheets lie over this window, the hand-over within the room between its bars."""
        self.setParent(window)  # its timers end with the sheets they are about
        self.view.room = room
        for sheet in (self.view, self.roll):
            sheet.setParent(window)
            sheet.hide()

    def acts(self) -> dict[str, Callable[[], object]]:
        """What each action of the key table that is about shifts does."""
        return {"handover": self.switch_view, "roll_call": self.switch_roll, "plan_shift": self.switch_plan}

    def switch_plan(self) -> None:
        """Plan the next shift in the sheet of the hand-over, or go back to its paper."""
        if not self.view.isVisible():
            self.switch_view()
        self.view.show_plan(self.view.plan.isHidden())
        if not self.view.plan.isHidden():
            self.planning.read()

    def switch_view(self) -> None:
        """Show the hand-over, or put it away."""
        if self.view.isVisible():
            self.step_out()
            return
        self.roll.hide()
        self._past = None
        self.view.tell(self.standing)
        self.view.begin()
        self._read()

    def switch_roll(self) -> None:
        """Call the roll, or put the sheet away."""
        if self.roll.isVisible():
            self.step_out()
            return
        self.view.hide()
        self.roll.begin()
        self._read_log()

    def step_out(self) -> bool:
        """Put away what lies over the window; whether anything did. What was typed stays."""
        if not (self.view.isVisible() or self.roll.isVisible()):
            return False
        if self.view.isVisible() and not self.view.plan.isHidden():
            self.view.show_plan(False)
            return True
        self.keep()
        self.view.signing.password.clear()
        self.view.hide()
        self.roll.hide()
        self.closed.emit()
        return True

    def send(self) -> bool:
        """Ctrl+Enter: do the next step of the hand-over where its sheet has the keys; whether it had them."""
        if not self.view.isVisible():
            return False
        self.planning.send() if not self.view.plan.isHidden() else self.view.signing.act()
        return True

    def place(self) -> None:
        """The window has another size."""
        if self.view.isVisible():
            self.view.place()

    def keep(self) -> None:
        """Keep what is typed."""
        self._keep_due.stop()
        signing, log = self.view.signing, self.view.log
        texts = {"summary": signing.summary.toPlainText(), "remark": signing.remark.text(), "line": log.line.text()}
        self._file.keep(texts)

    def put_away(self) -> None:
        """The desk closes."""
        self.keep()
        self.view.signing.password.clear()
        self.view.hide()
        self.roll.hide()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.view.retell()
        self.roll.retell()

    # ---- what the situation says -----------------------------------------------------------------------------------

    def touch_shifts(self) -> None:
        """A unit's shifts stand differently."""
        before = self.standing
        self.standing = own(self._seat.situation.shifts, self._seat.officer, self._unit)
        if self.standing is not None:
            self._unit = self.standing.unit
        self._hand_in()
        self._tell_news(before, self.standing)
        self.view.tell(self.standing)
        self.pass_time()
        if before != self.standing and (self.view.isVisible() or self.roll.isVisible()):
            self._read()
        if not self.view.plan.isHidden():
            self.planning.read()

    def touch_cases(self) -> None:
        """Incidents changed: the paper may have."""
        if self.view.isVisible() and self._past is None and not self._read_due.isActive():
            self._read_due.start()

    def touch_workers(self) -> None:
        """Somebody came on duty, or went."""
        self.roll.touch()

    def pass_time(self) -> None:
        """Once a second: how long the hand-over runs."""
        late = lateness(self.standing, self._seat.now())
        current = self.standing.current if self.standing else None
        self.stands_changed.emit(current.name if current else "", late)
        if self.view.isVisible():
            self.view.tell_head()

    def _tell_news(self, before: UnitShifts | None, after: UnitShifts | None) -> None:
        """What everybody in the shift has to hear, once."""
        words, now = self._seat.words, self._seat.now()
        if before is None or after is None or after.current is None:
            return
        if after.handover is not None and before.handover is None and after.handover.began_by != self._seat.officer.name:
            self.told.emit(words("handover.began", by=after.handover.began_by))
        late, known = lateness(after, now), before.current.told_at if before.current else None
        if late is not None and after.current.told_at not in (None, known):
            self.told.emit(words("handover.told" if late.runs else "handover.missed", minutes=late.minutes))
        if before.current is not None and before.current.id != after.current.id:
            into = self.view.shift_name(after.current.name)
            self.told.emit(words("handover.done", into=into, lead=after.current.lead_name))

    def _hand_in(self) -> None:
        """Once a hand-over begins every desk of the shift hands in what only it knows; once more at its own signature."""
        handover = self.standing.handover if self.standing else None
        if handover is not None and handover.id != self._handed_in:
            self._handed_in = handover.id
            self.hand_in()

    def hand_in(self) -> None:
        """Hand in drafts and shelved alarms; what does not arrive is handed in with the next reading."""
        handover = self._handed_in
        if handover is not None:
            self.talk.ask(ask.HandIn(0, handover, self.carried()), lambda _reply, no: self._not_handed_in(handover, no))

    def _running(self) -> UUID:
        """The hand-over that runs; nobody's where none does."""
        handover = self.standing.handover if self.standing else None
        return handover.id if handover is not None else UUID(int=0)

    def _not_handed_in(self, handover: UUID, refused: Refused | None) -> None:
        if refused is not None and refused.code in ("no_answer", "busy", "ledger_unreachable") and self._handed_in == handover:
            self._handed_in = None

    # ---- reading ---------------------------------------------------------------------------------------------------

    def _choose_past(self, handover: UUID | None) -> None:
        self._past = handover
        self._read()

    def _read(self) -> None:
        """Fetch paper and log."""
        wanted = self._past
        self.talk.ask(ask.ReadHandover(0, wanted), lambda reply, no: self._paper_came(wanted, reply, no))
        self._read_log()

    def _read_log(self) -> None:
        self.talk.ask(ask.ReadDutyLog(0), self._log_came)

    def _paper_came(self, wanted: UUID | None, reply: ShiftReply | None, refused: Refused | None) -> None:
        if wanted != self._past:
            return
        if isinstance(reply, HandoverIs):
            self.view.show_paper(reply)
        elif refused is not None and refused.code == "busy":
            self._read_due.start()
        elif refused is not None:
            self.view.signing.refuse(refused)

    def _log_came(self, reply: ShiftReply | None, _refused: Refused | None) -> None:
        if isinstance(reply, DutyLogIs):
            self.view.show_log(reply)
            self.roll.show_log(reply)
