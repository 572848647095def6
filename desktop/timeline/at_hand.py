"""The periods that need no typing. Of the last shift the server is asked when it really began and ended. Main thread only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from desktop.timeline import period
from desktop.timeline.strip import TimelineStrip
from governance.refusal import Refused
from governance.shifts import Shift
from wire.shift_requests import DutyLogIs, HandoverIs, ReadDutyLog, ReadHandover

Named = tuple[str, Mapping[str, str]]
"""What a period is called beside its times: a key of words and what is said in it."""
NO_NAME: Named = ("", {})
LONGEST_GUESS = timedelta(hours=24)
"""A shift that is planned for longer says nothing of the one before it."""
Read = Callable[[datetime, datetime, Named], object]


class AtHand:
    """The buttons of the strip and what they stand for."""

    def __init__(self, seat: Seat, strip: TimelineStrip, read: Read) -> None:
        """`read` reads a period."""
        self._seat, self._strip, self._read = seat, strip, read
        self._wish = 0
        self._known: tuple[object, Shift] | None = None
        """The shift in force, and the one that was before it."""

    def tell(self) -> None:
        """Which of them there are now."""
        for name, button in self._strip.presets.items():
            button.setEnabled(self._period(name) is not None)

    def stop(self) -> None:
        """What is still asked for is not wanted any more."""
        self._wish += 1

    def read(self, name: str) -> None:
        """Read one of them."""
        self.stop()
        found, current = self._period(name), self._current()
        if found is None:
            return
        if name != "shift_before" or current is None:
            self._read(*found, NO_NAME)
        elif self._known is not None and self._known[0] == current.id:
            self._read_shift(self._known[1])
        else:
            self._strip.say(self._seat.words("past.shift_before.asking"), "dim")
            self._ask(current, found)

    def _ask(self, current: Shift, planned: period.Period) -> None:
        """Which shift was handed over last, then when it was; where nobody can tell, the planned length counts."""
        wish, ask = self._wish, self._seat.ask

        def guess() -> None:
            if planned[1] - planned[0] > LONGEST_GUESS:
                self._strip.say(self._seat.words("past.shift_before.unknown"), "refused")
            else:
                self._read(*planned, ("past.shift_before.planned", {}))

        def paper_came(reply: Any, _no: Refused | None) -> None:
            if wish != self._wish or ask is None:
                return
            handed = reply.past[0].handover if isinstance(reply, HandoverIs) and reply.past else None
            if handed is None:
                guess()
            else:  # one that was closed without another is the one that was handed over to then
                last = handed.out_shift if handed.in_shift == current.id else handed.in_shift
                ask(ReadDutyLog(0, last), log_came)

        def log_came(reply: Any, _no: Refused | None) -> None:
            if wish != self._wish:
                return
            shift = reply.shift if isinstance(reply, DutyLogIs) else None
            if shift is None or shift.opened_at is None or shift.closed_at is None:
                guess()
            else:
                self._known = (current.id, shift)
                self._read_shift(shift)

        if ask is None:
            guess()
        else:
            ask(ReadHandover(0), paper_came)

    def _read_shift(self, shift: Shift) -> None:
        """Read a shift that is over, from its true begin to its true end."""
        assert shift.opened_at is not None
        assert shift.closed_at is not None
        self._read(shift.opened_at, shift.closed_at, ("past.shift_before", {"name": shift.name}))

    def _current(self) -> Shift | None:
        unit = self._seat.officer.unit
        standing = self._seat.situation.shifts.get(unit) if unit is not None else None
        return standing.current if standing is not None else None

    def _period(self, name: str) -> period.Period | None:
        return period.at_hand(name, self._seat.now().astimezone(SHANGHAI), self._current())
