"""A month frozen or published from the desk: asked once more before it is sent, for it is for good. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

from desktop.indicators.indicator_view import IndicatorView
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask
from governance.indicators import Month, require_freezer
from governance.refusal import Refused
from wire.indicator_requests import FreezeIndicators, PeriodIs, PublishIndicators


class Freezing(QObject):
    """The one button beside the state of the month."""

    def __init__(self, seat: Seat, ask: Ask, view: IndicatorView, read: Callable[[], None], parent: QObject) -> None:
        """`read` asks for the month anew."""
        super().__init__(parent)
        self._seat, self._ask, self._view, self._read = seat, ask, view, read
        self._is_armed = self._is_sending = False
        view.freeze.clicked.connect(self.go)
        view.retold.connect(self.tell)

    @property
    def act(self) -> str:
        """What may be done with the month that is shown: freeze, publish, or nothing."""
        reply = self._view.reply
        if reply is None or not _may(self._seat):
            return ""
        return {"open": "freeze", "frozen": "publish"}.get(reply.state, "")

    def why_not(self) -> Refused | None:
        """Why it may not be done yet; None where it may."""
        reply = self._view.reply
        if reply is None or not self.act:
            return Refused("nothing_to_freeze")
        if self._seat.now() < Month.of(reply.month).end:
            return Refused("month_not_over", "month", month=reply.month)
        return None

    def go(self) -> None:
        """Ask once more; the second time it is sent."""
        no = self.why_not()
        if self._is_sending:
            return
        if no is not None:
            self._view.tell(refusal_sentence(self._seat.words, no), "refused")
        elif not self._is_armed:
            self._is_armed = True
            assert self._view.reply is not None, "there is something to do with it"
            said = self._seat.words(f"indicators.{self.act}.confirm", month=self._view.reply.month)
            self._view.tell(said, "warn")
            self.tell()
        else:
            self._send()

    def disarm(self) -> bool:
        """Not now; whether it was to be confirmed."""
        was, self._is_armed = self._is_armed, False
        if was:
            self._view.tell("")
            self.tell()
        return was

    def _send(self) -> None:
        """Send it, once; however it ends the month is read anew."""
        reply, act = self._view.reply, self.act
        assert reply is not None, "it was just confirmed"
        month = reply.month
        self._is_armed, self._is_sending = False, True
        self._view.tell(self._seat.words("indicators.freeze.sending", month=month))
        self.tell()

        def came(reply: Any, refused: Refused | None) -> None:
            self._is_sending = False
            self._read()
            if isinstance(reply, PeriodIs):
                self._view.tell(self._seat.words(f"indicators.{act}.done", month=reply.month), "live")
            elif refused is not None:
                self._view.tell(refusal_sentence(self._seat.words, refused), "refused")
            self.tell()

        self._ask(FreezeIndicators(0, month) if act == "freeze" else PublishIndicators(0, month), came)

    def tell(self) -> None:
        """The button says what it does now; it is there for who may do it."""
        words, button, reply, act = self._seat.words, self._view.freeze, self._view.reply, self.act
        button.setVisible(bool(act))
        if not act or reply is None:
            return
        key = f"indicators.{act}.again" if self._is_armed else f"indicators.{act}"
        button.setText(words(key, month=reply.month))
        no = self.why_not()
        button.setEnabled(no is None and not self._is_sending)
        button.setToolTip(refusal_sentence(words, no) if no else words(f"indicators.{act}.tip"))


def _may(seat: Seat) -> bool:
    try:
        require_freezer(seat.officer)
    except Refused:
        return False
    return True
