"""Who would go next, while the one who was sent does not answer: to be seen, not yet to be sent."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from desktop.dispatch.candidate_list import CandidateList
from desktop.dispatch.offers import offers
from desktop.seat import Seat
from governance.incident import Case, State

SHOWN = 3


def is_unanswered(case: Case) -> bool:
    """Whether the leading order ran past its first notice (E21) unanswered; a direct order widens instead."""
    waits = case.incident.state is State.DISPATCHED and case.incident.mode != "direct"
    return waits and case.lead is not None and case.lead.reminders > 0


class NextInLine(QFrame):
    """The best candidates after the one who was sent; the next one is marked. Nothing in it can be pressed."""

    def __init__(self, seat: Seat) -> None:
        """Nobody yet."""
        super().__init__()
        self._seat = seat
        self.setProperty("look", "form")
        self.title, self.hint = QLabel(), QLabel()
        self.title.setProperty("look", "name")
        self.hint.setProperty("look", "dim")
        self.list = CandidateList(seat)
        self.list.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        for part in (self.title, self.list, self.hint):
            column.addWidget(part)
        self.hint.setWordWrap(True)

    def show_case(self, case: Case) -> None:
        """Show who comes next for a case, and light them on the map."""
        words, lead = self._seat.words, case.lead
        found = offers(self._seat, case, SHOWN)
        people = tuple(offer for offer in found if offer.worker is not None)
        self.list.show_offers(people, 0 if people else -1)
        self.list.setVisible(bool(people))
        squad = next((offer.name for offer in found if offer.worker is None), "")
        self.title.setText(words("card.next", worker=people[0].name if people else squad))
        self.hint.setText(words("card.next.hint", worker=lead.worker_name if lead else ""))
        self._seat.selection.offer(tuple(offer.worker for offer in people if offer.worker is not None))
