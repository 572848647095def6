"""The changes of boundaries at one desk: read, and the next step of one of them asked for. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from desktop.boundaries.boundary_view import BoundaryView
from desktop.boundaries.told import ASKED_TWICE
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.sheet import Ask, Sheet
from governance.redivision import READERS, Act
from governance.refusal import Refused
from wire.boundary_requests import (
    ActOnBoundaries,
    BoundaryChangesAre,
    BoundaryOutcomeIs,
    ReadBoundaryChanges,
    ReadBoundaryOutcome,
)


class BoundaryDesk(Sheet):
    """What the action `boundaries` opens. Nothing is asked for before it is opened."""

    def __init__(self, seat: Seat, ask: Ask) -> None:
        """`ask` puts a question to the server and answers once, on the main thread."""
        self.view = BoundaryView(seat)
        super().__init__("boundaries", self.view)
        self._seat, self._ask = seat, ask
        self._asked = 0
        self._is_sending = False
        self.view.chosen.connect(lambda _at: self._look())
        self.view.act_wanted.connect(lambda word: self.do(Act(word)))

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the action of the key table does."""
        return {"boundaries": self.switch}

    def why_not(self) -> Refused | None:
        """Why this desk does not see changes of boundaries; None where it does."""
        role = self._seat.officer.role
        return None if role in READERS else Refused("not_your_role", role=role.value)

    def come(self) -> None:
        """Show the sheet, and ask what there is."""
        if self.why_not() is None:
            self.view.tell("")
            self.view.begin()
            self.read()

    def step_within(self) -> bool:
        """Out of what is to be confirmed."""
        had = self.view.armed is not None
        if had:
            self.view.arm(None)
            self.view.tell("")
        return had

    def put_away(self) -> None:
        """Nothing is confirmed on a sheet that is not there."""
        self.view.armed = None

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        if self.view.isVisible():
            self.view.show_changes(self.view.changes)
            self.view.show_outcome(self.view.outcome)

    def read(self) -> None:
        """Ask for the changes; an answer to an earlier question is not shown any more."""
        self._asked += 1
        number = self._asked

        def came(reply: Any, refused: Refused | None) -> None:
            if number == self._asked:
                self._came(reply, refused)

        self._ask(ReadBoundaryChanges(0), came)

    def _came(self, reply: Any, refused: Refused | None) -> None:
        if refused is not None:
            self.view.tell(refusal_sentence(self._seat.words, refused), "refused")
        elif isinstance(reply, BoundaryChangesAre):
            self.view.show_changes(reply.changes)
            self._look()

    def _look(self) -> None:
        """Ask what the chosen change moves."""
        change = self.view.change
        self.view.arm(None)
        self.view.show_outcome(None)
        if change is None:
            return

        def came(reply: Any, _refused: Refused | None) -> None:
            now = self.view.change
            if now is not None and now.id == change.id:
                self.view.show_outcome(reply if isinstance(reply, BoundaryOutcomeIs) else None)

        self._ask(ReadBoundaryOutcome(0, change.id), came)

    def do(self, act: Act) -> None:
        """One more stage; what concerns everybody is pressed twice."""
        change, view, words = self.view.change, self.view, self._seat.words
        if change is None or self._is_sending or not view.buttons[act].isVisibleTo(view):
            return
        if act in ASKED_TWICE and view.armed is not act:
            view.arm(act)
            view.tell(words(f"redivision.act.{act}.confirm", title=change.title, day=self._day().isoformat()), "warn")
            return
        self._is_sending = True
        view.arm(None)
        view.tell(words("redivision.sending"))
        day = self._day() if act is Act.PUBLISH else None

        def came(reply: Any, refused: Refused | None) -> None:
            self._is_sending = False
            if refused is not None:
                view.tell(refusal_sentence(words, refused), "refused")
                self.read()
            elif isinstance(reply, BoundaryChangesAre):
                view.show_changes(reply.changes)
                self._look()
                view.tell(words(f"redivision.act.{act}.done", title=change.title), "live")

        self._ask(ActOnBoundaries(0, change.id, change.version, act.value, day), came)

    def _day(self) -> date:
        """The day that is chosen."""
        chosen = self.view.day.date()
        return date(chosen.year(), chosen.month(), chosen.day())
