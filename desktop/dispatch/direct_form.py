"""D 指令直达: one who leads and others beside him, chosen by who is there first; and another lead where he does not answer."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.merge_list import Line, MergeList
from desktop.dispatch.offers import Offer, offers
from desktop.seat import Seat
from governance.commands import Command, DirectOrder, Recipient, TakeLead
from governance.incident import Assignment, Case, LeadRole
from governance.refusal import Refused

MOST = 9
ASSISTS = 2
"""So many assist unless others are chosen: as many as are added each time nobody answers."""


class DirectForm(Form):
    """The people one can send, the best of them chosen: D and Ctrl+Enter are enough."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The nearest lead, the next two assist; the order stays frozen while the form is open."""
        super().__init__(seat, drafts, f"direct {case.incident.id}", case.incident.id)
        words = seat.words
        found = offers(seat, case, MOST)
        self.people: tuple[Offer, ...] = tuple(offer for offer in found if offer.worker is not None)
        self._squad = next((offer.name for offer in found if offer.worker is None), "")
        self.lead = 0
        self.assists = set(range(1, min(1 + ASSISTS, len(self.people))))
        self.hint, self.list, self.text, self.none = QLabel(words("direct.hint")), MergeList(seat), QLineEdit(), QLabel()
        for label, look in ((self.hint, "dim"), (self.none, "warn")):
            label.setProperty("look", look)
            label.setWordWrap(True)
        self.text.setPlaceholderText(words("direct.text.hint"))
        self.refused_fields = {"order_text": self.text, "lead": self.list, "assists": self.list, "worker": self.list}
        for widget in (self.hint, self.list, self.none, self.text):
            self.body.addWidget(widget)
        self.list.toggled.connect(self._toggle)
        self.list.led.connect(self._lead_by)
        self.text.textChanged.connect(self.changed)

    def command(self) -> Command:
        """DirectOrder to the lead and all who assist."""
        if not self.people:
            raise Refused("no_candidate", "lead")
        text = self.text.text().strip() or self.seat.words("direct.default")
        lead, *assists = (self._recipient(number) for number in (self.lead, *sorted(self.assists)))
        return DirectOrder(lead, tuple(assists), text)

    def fields(self) -> Fields:
        """The order's words only: whom to send is decided afresh."""
        return {"text": self.text.text()}

    def restore(self, fields: Fields) -> None:
        """Put the words back."""
        self.text.setText(str(fields.get("text", "")))

    def fill(self, filling: Filling) -> None:
        """Who was named: the first leads, the others assist."""
        if filling.workers:
            self._name(filling.workers)
        super().fill(filling)
        self.tell()

    def default_field(self) -> QWidget:
        """The people, so that numbers choose."""
        return self.list

    def tell(self) -> None:
        """The rows and the button, and the people on the map, the lead first."""
        words, people = self.seat.words, self.people
        self.title.setText(f"{words('direct.title')}  D")
        self.list.show_lines(tuple(self._line(number) for number in range(len(people))))
        self.list.setVisible(bool(people))
        self.none.setText(words("direct.last" if people else "direct.none", unit=self._squad))
        self.none.setProperty("look", "dim" if people else "warn")
        self.none.setVisible(not people or bool(self._squad))
        count = 1 + len(self.assists)
        name = people[self.lead].name if people else ""
        what = words("direct.send.more" if count > 1 else "direct.send", worker=name, rest=count - 1)
        self.send_button.setText(words("form.send", what=what))
        self.send_button.setEnabled(bool(people) and self.order_id is None)
        ranked = [people[number].worker for number in (self.lead, *sorted(self.assists))] if people else []
        self.seat.selection.offer(tuple(worker for worker in ranked if worker is not None))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers choose wherever the focus is but in the text."""
        if event.text() and event.text() in "123456789":
            self._toggle(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def stop(self) -> None:
        """The map lights nobody any more."""
        self.seat.selection.offer(())
        super().stop()

    def _line(self, number: int) -> Line:
        words, offer = self.seat.words, self.people[number]
        is_lead, is_in = number == self.lead, number in self.assists
        role = words("direct.lead") if is_lead else words("direct.assist") if is_in else ""
        return Line(words("sep").join(p for p in (offer.name, role) if p), offer.why, is_lead, is_in)

    def _recipient(self, number: int) -> Recipient:
        offer = self.people[number]
        assert offer.worker is not None
        return Recipient(offer.worker, offer.name)

    def _toggle(self, number: int) -> None:
        """In or out; who leads stays until another does."""
        if not 0 <= number < len(self.people):
            self.say(self.seat.words("direct.no_row", number=number + 1, count=len(self.people)), "warn")
            return
        if number != self.lead:
            self.assists ^= {number}
        self.changed()

    def _lead_by(self, number: int) -> None:
        if 0 <= number < len(self.people) and number != self.lead:
            self.assists = (self.assists | {self.lead}) - {number}
            self.lead = number
            self.changed()

    def _name(self, workers: tuple[UUID, ...]) -> None:
        """Choose people by name, also such as are not among the best."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        known = {offer.worker: offer for offer in self.people}
        if case is not None and not set(workers) <= known.keys():
            known |= {offer.worker: offer for offer in offers(self.seat, case, len(self.seat.situation.workers))}
        named = [known[worker] for worker in workers if worker in known]
        if len(named) < len(workers):
            absent = next(worker for worker in workers if worker not in known)
            person = self.seat.situation.workers.person(absent)
            self.show_refusal(Refused("not_a_candidate", "lead", name=person.name if person is not None else "?"))
        rest = [offer for offer in self.people if offer.worker not in workers]
        self.people = (*named, *rest)[:MOST]
        self.lead, self.assists = 0, set(range(1, len(named)))


class TakeForm(Form):
    """接替主办: who of those that have the order leads from now on."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """Those who assist, the one who has come furthest chosen."""
        super().__init__(seat, drafts, f"take {case.incident.id}", case.incident.id)
        self.hint, self.list = QLabel(), MergeList(seat)
        self.hint.setProperty("look", "dim")
        self.hint.setWordWrap(True)
        self.chosen: UUID | None = None
        self.refused_fields = {"worker": self.list}
        self.body.addWidget(self.hint)
        self.body.addWidget(self.list)
        self.list.toggled.connect(self._choose)
        self.list.led.connect(self._choose)

    @property
    def takers(self) -> tuple[Assignment, ...]:
        """The live orders of those who assist, the furthest first."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        return takers_of(case) if case is not None else ()

    def command(self) -> Command:
        """TakeLead by the chosen worker."""
        taker = self._taker()
        if taker is None:
            raise Refused("nobody_left", "worker")
        return TakeLead(taker.worker)

    def fill(self, filling: Filling) -> None:
        """Who was named."""
        self.chosen = filling.workers[0] if filling.workers else self.chosen
        super().fill(filling)
        self.tell()

    def default_field(self) -> QWidget:
        """The people."""
        return self.list

    def tell(self) -> None:
        """The rows and the button."""
        words, taker = self.seat.words, self._taker()
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        self.title.setText(f"{words('take.title')}  D")
        self.hint.setText(words("take.hint", lead=case.lead.worker_name if case and case.lead else ""))
        lines = (Line(each.worker_name, words(f"direct.steps.{each.state}"), each == taker, False) for each in self.takers)
        self.list.show_lines(tuple(lines))
        what = words("take.send", worker=taker.worker_name if taker else "")
        self.send_button.setText(words("form.send", what=what))
        self.send_button.setEnabled(taker is not None and self.order_id is None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers choose."""
        if event.text() and event.text() in "123456789":
            self._choose(int(event.text()) - 1)
        else:
            super().keyPressEvent(event)

    def _taker(self) -> Assignment | None:
        return next((each for each in self.takers if each.worker == self.chosen), next(iter(self.takers), None))

    def _choose(self, number: int) -> None:
        if 0 <= number < len(self.takers):
            self.chosen = self.takers[number].worker
        self.changed()


def takers_of(case: Case) -> tuple[Assignment, ...]:
    """Who could take the lead over, the one who has come furthest first."""
    order = list(type(case.assignments[0].state)) if case.assignments else []
    live = [each for each in case.assignments if each.is_live and each.role is LeadRole.ASSIST]
    return tuple(sorted(live, key=lambda each: (-order.index(each.state), each.sent_at, str(each.worker))))
