"""T 拨号: the worker, the caller or the unit is rung up by the workstation's telephone program; no number is shown."""

from __future__ import annotations

from uuid import UUID, uuid4

from desktop.dialling import hand_over, has_program
from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice
from desktop.phrases import moment_text
from desktop.seat import Seat
from governance.commands import Command, Dial
from governance.incident import Case
from governance.places import Level, at_level
from governance.refusal import Refused
from wire.dial_requests import AskDial, DialIs

MOST = 8
SCHEME_OF = {"caller": "tel", "worker": "sip", "unit": "sip"}


def reachable(seat: Seat, case: Case) -> list[tuple[str, UUID, str]]:
    """Whom one may want to ring: who is on it, who is chosen on the map, who called, whose queue it is, the street."""
    words, found = seat.words, list[tuple[str, UUID, str]]()
    live = sorted((a for a in case.assignments if a.is_live), key=lambda a: a.role != "lead")
    found += [("worker", a.worker, words("dial.worker", name=a.worker_name)) for a in live]
    chosen = seat.selection.worker
    person = seat.situation.workers.person(chosen) if chosen is not None else None
    if person is not None and person.id not in {a.worker for a in live}:
        found.append(("worker", person.id, words("dial.worker", name=person.name)))
    named = [report for report in case.reports if not report.anonymous and report.reporter_kind == "citizen"]
    now = seat.now()
    found += [("caller", each.id, words("dial.caller", time=moment_text(each.received_at, now))) for each in named[:3]]
    rules = seat.situation.rules
    units = (case.incident.queue_unit, rules.queue_units.get(at_level(case.incident.grid, Level.STREET)))
    for unit in dict.fromkeys(each for each in units if each is not None):
        known = seat.situation.units.get(unit)
        if known is not None:
            found.append(("unit", unit, known.name))
    return found[:MOST]


class DialForm(FieldForm):
    """Whom to ring; what is sent is put on record, and then the telephone program dials."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """Everybody of this incident who can be rung, the lead first."""
        super().__init__(seat, drafts, case, Dial)
        self._people = reachable(seat, case)
        self._order = uuid4()
        self._is_open = True
        self.body.addWidget(hint(seat.words("form.dial.hint")))
        options = [(str(number), name) for number, (_, _, name) in enumerate(self._people)]
        self.put_in("target", "field.whom", Choice(options, columns=1))

    def command(self) -> Command:
        """Dial; Refused where there is nobody."""
        if not self._people:
            raise Refused("nobody_to_dial", "target")
        target, who, _ = self._people[int(self.text("target") or 0)]
        return Dial(target, who)

    def sends(self) -> str:
        """Whom."""
        name = self._people[int(self.text("target") or 0)][2] if self._people else ""
        return self.seat.words("form.dial.send", whom=name)

    def keep(self) -> None:
        """Nothing is typed here: no draft."""
        self._pause.stop()

    def send(self) -> None:
        """Ask for the address once: it is on record before it comes, and goes to the telephone program at once."""
        if self.order_id is not None:
            return
        try:
            dial = self.command()
            assert isinstance(dial, Dial)
            self._require_means(dial.target)
        except Refused as refused:
            self.show_refusal(refused)
            return
        self.order_id = self._order
        self.send_button.setEnabled(False)
        self.say(self.seat.words("form.sending"), "dim")
        assert self.seat.ask is not None, "required above"
        assert self.incident is not None, "it is about one"
        self.seat.ask(AskDial(0, self._order, self.incident, dial.target, dial.who), self._answered)

    def stop(self) -> None:
        """An answer that comes later dials nobody."""
        self._is_open = False
        super().stop()

    def _require_means(self, target: str) -> None:
        """A server, and a telephone program for such an address: else nothing is put on record."""
        if self.seat.ask is None or not self.seat.is_online:
            raise Refused("no_answer", "target")
        if not has_program(SCHEME_OF[target]):
            raise Refused("no_phone_program", "target", scheme=SCHEME_OF[target])

    def _answered(self, reply: object, refused: Refused | None) -> None:
        """The telephone program gets the address; where it takes none, that is said: the record says it was tried."""
        if not self._is_open:
            return
        self.order_id = None
        self.send_button.setEnabled(True)
        if refused is not None or not isinstance(reply, DialIs):
            self._order = self._order if refused is not None and refused.code == "no_answer" else uuid4()
            self.show_refusal(refused or Refused("no_answer", "target"))
            return
        self._order = uuid4()
        if not hand_over(reply.uri):
            self.show_refusal(Refused("phone_program_failed", "target"))
            return
        self.committed.emit(self.incident)
        self.closed.emit()
