"""Whom to send: the candidates, why, and the button that names the worker and the place."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop.dispatch.actions import BY_NAME, allowed
from desktop.dispatch.candidate_list import CandidateList
from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import Choice
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.offers import Offer, offers
from desktop.seat import Seat
from desktop.selection import Ranked, RankedWorker
from desktop.style.as_written import tip_as_written
from desktop.style.type_face import BASE_PX, face
from governance.commands import COMMANDS, WORD_OF, AddAssist, Arbitrate, Claim, Command, Dispatch, Reassign, Recipient
from governance.people import Duty
from governance.refusal import Refused

FIRST, MOST = 5, 9
TITLES = {
    Dispatch: "card.candidates",
    Reassign: "form.reassign",
    AddAssist: "form.assist",
    Claim: "form.claim",
    Arbitrate: "form.arbitrate",
}
SENDS = {
    Dispatch: "card.send",
    Reassign: "form.reassign.send",
    AddAssist: "form.assist.send",
    Claim: "form.claim.send",
    Arbitrate: "form.arbitrate.send",
}
FROM_QUEUE = (Dispatch, Arbitrate, Claim)
"""How somebody is sent who is the first; the wanted one is chosen where the rules allow several."""
WITH_REASON = (Reassign, Arbitrate)


class AssignForm(Form):
    """Five candidates while one looks, nine in a frozen order while one decides."""

    def __init__(self, seat: Seat, drafts: Drafts, incident: UUID) -> None:
        """The candidates of an incident; the best one is chosen."""
        super().__init__(seat, drafts, f"assign {incident}", incident)
        words = seat.words
        self.is_active = False
        self._chosen: UUID | None = None
        self._is_reason_asked = False
        self._kinds: tuple[type, ...] = ()
        """The commands the rules allowed when they were last asked; as they were where they allow none any more."""
        self._assists: tuple[Recipient, ...] = ()
        """Who goes along, where the command line named more than one."""
        self._absent = ""
        """Who was named and cannot go: nobody else is sent in his place before somebody is chosen."""
        self._missing = 0
        """A number was pressed that nobody has: nothing is sent before somebody is chosen."""
        self.order, self.assist = QLabel(), QPushButton(words("form.assist"))
        self.order.setProperty("look", "dim")
        self.assist.setCheckable(True)
        self.assist.setProperty("look", "choice")
        self.list, self.last, self._squad = CandidateList(seat), QLabel(), ""
        self.assists = QLabel()
        self.assists.hide()
        for told in (self.last, self.assists):
            told.setProperty("look", "dim")
            told.setWordWrap(True)
        self.text, self.reason = QLineEdit(), QLineEdit()
        self.text.setPlaceholderText(words("form.assign.text"))
        self.reason.setPlaceholderText(words("form.assign.reason"))
        self.refused_fields = {"reason": self.reason, "order_text": self.text, "lead": self.list, "worker": self.list}
        self.way = Choice([("dispatch", words("way.dispatch"))])
        self.body.addWidget(self.way)
        head = QHBoxLayout()
        head.addWidget(self.order, 1)
        head.addWidget(self.assist)
        self.body.addLayout(head)
        for widget in (self.list, self.assists, self.last, self.text, self.reason):
            self.body.addWidget(widget)
        self.list.chosen.connect(self._choose)
        self.text.textChanged.connect(self.changed)
        self.reason.textChanged.connect(self.changed)
        self.assist.toggled.connect(self.changed)
        self.refresh()

    @property
    def offer(self) -> Offer | None:
        """The chosen candidate."""
        return self.list.offers[self.list.current] if 0 <= self.list.current < len(self.list.offers) else None

    @property
    def kind(self) -> type:
        """What the officer may do now; of several that are allowed, what was chosen."""
        chosen = COMMANDS[self.way.value]
        if chosen in self._kinds:
            return chosen
        if AddAssist in self._kinds and (self.assist.isChecked() or Reassign not in self._kinds):
            return AddAssist
        return Reassign if Reassign in self._kinds else Dispatch

    def activate(self) -> None:
        """A was pressed: freeze the order, take the keys."""
        self.is_active = False
        self._offer_ways()
        self._rank(MOST)
        self.is_active = True
        self._tell_map()
        self.begin()

    def refresh(self) -> None:
        """Rank again, unless the order is frozen; the chosen person stays chosen."""
        self._rank(FIRST)

    def _rank(self, shown: int, is_asked: bool = False) -> None:
        """Show so many of the best, and always as far as the chosen one."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        if case is None or (self.is_active and not is_asked) or self.order_id is not None:
            return
        found = offers(self.seat, case, len(self.seat.situation.workers) if self.kind is Claim else MOST)
        people = tuple(offer for offer in found if offer.worker is not None and self._may_go(offer))
        self._squad = next((offer.name for offer in found if offer.worker is None), "")
        position = next((n for n, offer in enumerate(people) if offer.worker == self._chosen and self._chosen), 0)
        self.list.show_offers(people[: max(shown, position + 1)], position)
        self._tell_map()
        self.tell()

    def _offer_ways(self) -> None:
        """The ways to send that the rules allow now: they may be others than when the candidates were first shown."""
        seat, case = self.seat, self.seat.situation.cases.get(self.incident) if self.incident else None
        now = allowed(BY_NAME["assign"], case, seat.officer, seat.situation.rules, seat.now())
        ways = tuple(WORD_OF[kind] for kind in FROM_QUEUE if kind in now) or ("dispatch",)
        if ways == self.way.values:
            return
        before = self.way
        self.way = Choice([(word, seat.words(f"way.{word}")) for word in ways])
        self.way.changed.connect(self._way_changed)
        self.body.replaceWidget(before, self.way)
        before.hide()
        before.deleteLater()

    def _may_go(self, offer: Offer) -> bool:
        """Whether somebody may be named: who claims an incident sends one of his own unit."""
        person = self.seat.situation.workers.person(offer.worker) if offer.worker is not None else None
        return self.kind is not Claim or (person is not None and person.unit == self.seat.officer.unit)

    def _way_changed(self) -> None:
        """Another way to send: others may go."""
        self._rank(MOST, is_asked=True)
        self.changed()

    def fill(self, filling: Filling) -> None:
        """Who goes, who goes along, and what else was said; of two commands that are allowed, the one that was meant."""
        self.assist.setChecked(filling.action == "add_assist")
        if filling.action in self.way.values and filling.action != self.way.value:
            self.way.choose(filling.action)
            self._way_changed()
        if filling.workers and not self.choose_worker(filling.workers[0]):
            person = self.seat.situation.workers.person(filling.workers[0])
            self._absent = person.name if person is not None else "?"
            self.show_refusal(Refused("not_a_candidate", "lead", name=self._absent))
        if filling.unit is not None and not filling.workers and not self._choose_unit(filling.unit):
            unit = self.seat.situation.units.get(filling.unit)
            self.show_refusal(Refused("nobody_of_unit", "lead", unit=unit.name if unit is not None else "?"))
        if filling.rank:
            self._choose_number(filling.rank)
        people = (self.seat.situation.workers.person(worker) for worker in filling.workers[1:])
        self._assists = tuple(Recipient(person.id, person.name) for person in people if person is not None)
        super().fill(filling)
        self.tell()

    def _choose_unit(self, unit: UUID) -> bool:
        """Choose the best of a unit; False where none of it may go."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        people = self.seat.situation.workers
        everybody = offers(self.seat, case, len(people)) if case is not None else ()
        named = ((offer, people.person(offer.worker)) for offer in everybody if offer.worker is not None)
        found = next((offer for offer, person in named if person is not None and person.unit == unit), None)
        return found is not None and found.worker is not None and self.choose_worker(found.worker)

    def choose_worker(self, worker: UUID) -> bool:
        """Choose somebody, also one who is not among the best; False where the rules leave him out."""
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        shown = self.list.offers
        if case is not None and worker not in (offer.worker for offer in shown):
            everybody = offers(self.seat, case, len(self.seat.situation.workers))
            found = next((offer for offer in everybody if offer.worker == worker), None)
            shown = (*shown[: MOST - 1], found) if found is not None else shown
            self.list.show_offers(shown, self.list.current)
        return self.list.choose(next((n for n, offer in enumerate(shown) if offer.worker == worker), -1))

    def command(self) -> Command:
        """The command of the way that was chosen, of the chosen worker."""
        offer = self.offer
        if self._absent:
            raise Refused("not_a_candidate", "lead", name=self._absent)
        if offer is None or offer.worker is None:
            raise Refused("no_candidate", "lead")
        person = Recipient(offer.worker, offer.name)
        text, reason = self.text.text().strip(), self.reason.text().strip()
        kind = self.kind
        if kind is AddAssist:
            return AddAssist(person, text)
        if kind is Claim:
            return Claim(person, text)
        if not reason and (offer.is_off_rule or kind in WITH_REASON):
            raise Refused("reason_needed", "reason", because="off_duty_matrix" if offer.is_off_rule else "")
        if kind is Arbitrate:
            return Arbitrate(person, reason, text)
        assists = tuple(each for each in self._assists if each.worker != person.worker)
        return Reassign(person, reason, text) if kind is Reassign else Dispatch(person, assists, text, reason)

    def send(self) -> None:
        """At rest: take the keys first, as A does. Nothing goes out after a number nobody has."""
        if not self.is_active:
            self.activate()
        elif self._missing:
            self._choose_number(self._missing)
        else:
            super().send()

    def _choose_number(self, number: int) -> None:
        """Choose by number; say so where nobody has it."""
        self._missing = 0
        if not self.list.choose(number - 1):
            self._missing = number
            self.say(self.seat.words("form.assign.missing", number=number, count=len(self.list.offers)), "warn")

    def show_refusal(self, refused: Refused) -> None:
        """Say it beside the field; a reason that is asked for stays asked for."""
        self._is_reason_asked = self._is_reason_asked or refused.about == "reason"
        super().show_refusal(refused)
        self.tell()

    def fields(self) -> Fields:
        """Texts only: whom to choose is decided afresh."""
        return {"text": self.text.text(), "reason": self.reason.text()}

    def restore(self, fields: Fields) -> None:
        """Put the texts back."""
        self.text.setText(str(fields.get("text", "")))
        self.reason.setText(str(fields.get("reason", "")))
        self._is_reason_asked = bool(self.reason.text())

    def default_field(self) -> QWidget:
        """The list, so that a number chooses."""
        return self.list

    def tell(self) -> None:
        """Name the person and the place on the button."""
        words, offer, active = self.seat.words, self.offer, self.is_active
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        self._kinds = (
            allowed(BY_NAME["assign"], case, self.seat.officer, self.seat.situation.rules, self.seat.now()) or self._kinds
        )
        kind = self.kind
        self.title.setText(words(TITLES[kind]) + "  A")
        self.order.setText(words("card.candidates.frozen") if active else words("card.candidates.order"))
        self.assist.setVisible(Reassign in self._kinds and AddAssist in self._kinds)
        off_rule = bool(offer and offer.is_off_rule)
        self.text.setVisible(active)
        along = words("list").join(each.name for each in self._assists) if kind is Dispatch else ""
        self.assists.setText(words("form.assign.along", names=along))
        self.assists.setVisible(bool(along) and active)
        self.way.setVisible(active and self.way.is_open)
        is_asked = kind in WITH_REASON or off_rule or self._is_reason_asked
        self.reason.setVisible(active and kind not in (AddAssist, Claim) and is_asked)
        self.cancel_button.setVisible(active)
        self._tell_button(active)
        self._tell_last()
        hint = "form.arbitrate.reason" if kind is Arbitrate else "form.assign.reason" if off_rule else "form.reassign.reason"
        self.reason.setPlaceholderText(words(hint))
        place = (case.incident.place_text or self.seat.place_short(case.incident.grid, "")) if case else ""
        said = words(SENDS[kind], worker=offer.name if offer else "", place=place)
        self.send_button.setText(self._elided(said, "   Ctrl+Enter" if active else "   A"))
        self.send_button.setToolTip(tip_as_written(said))
        self.send_button.setEnabled(offer is not None and offer.worker is not None and self.order_id is None)

    def _tell_last(self) -> None:
        """Whom to ring where none of them can go, or why there is nobody to choose."""
        words, workers = self.seat.words, self.seat.situation.workers.people()
        off, is_any = sum(worker.duty is Duty.OFF for worker in workers), bool(self.list.offers)
        ring = words("card.candidates.last" if is_any else "card.candidates.ring", unit=self._squad) if self._squad else ""
        why = words("card.candidates.why" if workers else "card.candidates.why.empty", all=len(workers), off=off)
        self.last.setText(ring if is_any else words("card.candidates.none", why=why, next=ring))
        self.last.setVisible(bool(self.last.text()))
        for part in (self.list, self.order, self.send_button):
            part.setVisible(is_any)

    def _tell_button(self, active: bool) -> None:
        """Loud only while Ctrl+Enter sends."""
        look = "go" if active else "quiet"
        if self.send_button.property("look") != look:
            self.send_button.setProperty("look", look)
            self.send_button.style().unpolish(self.send_button)
            self.send_button.style().polish(self.send_button)

    def close_kept(self) -> None:
        """Let the order move again; the form itself stays where it belongs to the card."""
        self.is_active = False
        self._tell_map()
        super().close_kept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers choose wherever the focus is in the form; the panel at rest leaves letters to the window."""
        if event.text() and event.text() in "123456789" and self.is_active:
            self._choose_number(int(event.text()))
        elif self.is_active:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def resizeEvent(self, event: object) -> None:
        """The button's text fits the width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.tell()

    def _elided(self, said: str, key: str) -> str:
        measures = QFontMetrics(face(BASE_PX, bold=True))
        room = self.width() - 24 - 36 - (self.cancel_button.sizeHint().width() + 8 if self.is_active else 0)
        fits = measures.elidedText(said, Qt.TextElideMode.ElideRight, max(room - measures.horizontalAdvance(key), 60))
        return (
            fits + key if fits == said or self.width() > 360 else measures.elidedText(said, Qt.TextElideMode.ElideRight, room)
        )

    def _choose(self, _position: int) -> None:
        self._chosen, self._absent = self.offer.worker if self.offer else None, ""
        self._missing = 0
        self._tell_map()
        self.changed()

    def _tell_map(self) -> None:
        """Number the people on the map as the keys do; while one decides, with the reasons."""
        people = [offer for offer in self.list.offers if offer.worker is not None]
        self.seat.selection.offer(tuple(offer.worker for offer in people if offer.worker is not None))
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        if not self.is_active or case is None:
            self.seat.selection.unrank("card")
            return
        ranked = tuple(RankedWorker(each.worker, each.name, each.why, each.is_out) for each in people if each.worker)
        chosen = self.offer.worker if self.offer else None
        self.seat.selection.rank(Ranked(case.incident.place, ranked, chosen))
