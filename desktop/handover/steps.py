"""What the officer does about his shift, step by step: each is sent once, and refused beside the field it concerns."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.handover.handover_view import HandoverView
from desktop.handover.talk import ShiftTalk
from governance.refusal import Refused
from wire import shift_requests as ask
from wire.shift_requests import ShiftReply


class ShiftSteps(QObject):
    """Turns the wishes of the sheet into orders. Main thread only."""

    read_wanted = Signal()
    """Paper and log are to be read anew."""
    soon_wanted = Signal()
    """The same, in a moment."""
    keep_wanted = Signal()
    """What is typed is to be kept as it is now."""
    hand_in_wanted = Signal()
    """What only this desk knows is to be handed in before the signature."""
    taken_over = Signal(str, str, object)
    """Login, password and post of who took over at this desk."""

    def __init__(self, talk: ShiftTalk, view: HandoverView, running: Callable[[], UUID], parent: QObject | None = None) -> None:
        """`running` says which hand-over runs."""
        super().__init__(parent)
        self._talk, self._view, self._running = talk, view, running
        signing, log = view.signing, view.log
        signing.open_wanted.connect(self._open)
        signing.close_wanted.connect(self._close)
        signing.begin_wanted.connect(self._begin)
        signing.take_back_wanted.connect(self._take_back)
        signing.out_wanted.connect(self._sign_out)
        signing.in_wanted.connect(self._sign_in)
        log.written.connect(self._write)
        log.finished.connect(self._finish)

    def _open(self) -> None:
        self._order("open", lambda order_id: ask.OpenShift(0, order_id))

    def _close(self) -> None:
        reason = self._view.signing.remark.text().strip()
        if not reason:
            self._view.signing.refuse(Refused("reason_needed", "reason"))
            return
        close: Callable[[UUID], object] = lambda order_id: ask.CloseShift(0, order_id, reason)  # noqa: E731
        self._order("close", close, self._view.signing.remark.clear)

    def _begin(self) -> None:
        self._order("begin", lambda order_id: ask.BeginHandover(0, order_id))

    def _take_back(self) -> None:
        handover = self._running()
        self._order(f"back {handover}", lambda order_id: ask.TakeBackHandover(0, order_id, handover))

    def _sign_out(self) -> None:
        handover, summary = self._running(), self._view.signing.summary.toPlainText().strip()
        if not summary:
            self._view.signing.refuse(Refused("text_needed", "summary"))
            return
        self.hand_in_wanted.emit()
        self._order(
            f"out {handover}",
            lambda order_id: ask.HandOver(0, order_id, handover, summary),
            self._view.signing.summary.clear,
        )

    def _sign_in(self) -> None:
        handover, signing = self._running(), self._view.signing
        login, password = ("", "") if signing.signs_himself else (signing.login.text().strip(), signing.password.text())
        if not signing.signs_himself and not (login and password):
            signing.refuse(Refused("text_needed", "password" if login else "login"))
            return
        remark = signing.remark.text().strip()

        def taken() -> None:
            signing.remark.clear()
            signing.login.clear()
            signing.password.clear()
            self.keep_wanted.emit()
            if login:
                self.taken_over.emit(login, password, None)

        self._order(
            f"in {handover} {login}",
            lambda order_id: ask.TakeOver(0, order_id, handover, login, password, remark=remark),
            taken,
        )

    def _order(self, act: str, make: Callable[[UUID], object], done: Callable[[], object] = lambda: None) -> None:
        """Send one step; the sheet shows it as done when the feed says so."""
        self._view.signing.sending(True)

        def answered(_reply: ShiftReply | None, refused: Refused | None) -> None:
            self._view.signing.sending(False)
            if refused is not None:
                self._view.signing.refuse(refused)
            else:
                done()
                self.read_wanted.emit()

        self._talk.order(act, make, answered)

    def _write(self, kind: str, text: str) -> None:
        """A line for the log."""
        self._log_order(f"line {kind} {text}", lambda order_id: ask.WriteDutyLog(0, order_id, kind, text), clears=True)

    def _finish(self, number: int) -> None:
        """A line of the log is done."""
        self._log_order(f"done {number}", lambda order_id: ask.WriteDutyLog(0, order_id, "done", "", closes=number))

    def _log_order(self, act: str, make: Callable[[UUID], object], clears: bool = False) -> None:
        def answered(_reply: ShiftReply | None, refused: Refused | None) -> None:
            if refused is not None:
                self._view.log.refuse(refused)
                return
            if clears:
                self._view.log.taken()
                self.keep_wanted.emit()
            self.soon_wanted.emit()

        self._talk.order(act, make, answered)
