"""F and Z: somebody sent to look before it is filed, what was found, and an order that cannot be taken up."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit

from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.filling import Filling
from desktop.dispatch.offers import Offer, offers
from desktop.seat import Seat
from governance.commands import Command, Decline, Recipient, SendVerify, VerifyResult
from governance.incident import Case

NEAR = 5
RESULT_ORDER = ("exist", "not_exist", "unable")


class VerifyForm(FieldForm):
    """发核实: the nearest on duty, or one who is named; what to look at."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The nearest is chosen by the server unless one of the best is."""
        super().__init__(seat, drafts, case, SendVerify)
        words = seat.words
        self.offers = tuple(offer for offer in offers(seat, case, NEAR) if offer.worker is not None)
        self.body.addWidget(hint(words("form.send_verify.hint")))
        people = [(str(offer.worker), offer.name) for offer in self.offers]
        self.put_in("worker", "field.worker", Choice([("", words("form.send_verify.nearest")), *people], columns=3))
        self.why = self.put_line()
        self.put_in("order_text", "field.look_at", QLineEdit())
        self.named["order_text"].setPlaceholderText(words("form.send_verify.text"))  # type: ignore[union-attr]

    def command(self) -> Command:
        """SendVerify of the one chosen, or of whom the server finds."""
        found = self._chosen()
        worker = Recipient(found[0].worker, found[0].name) if found and found[0].worker else None
        return SendVerify(worker, self.text("order_text"))

    def fill(self, filling: Filling) -> None:
        """Who is to go, by person or by number."""
        worker = filling.workers[0] if filling.workers else None
        if worker is None and 0 < filling.rank <= len(self.offers):
            worker = self.offers[filling.rank - 1].worker
        if worker is not None:
            self.named["worker"].choose(str(worker))  # type: ignore[union-attr]
        super().fill(filling)

    def sends(self) -> str:
        """Who goes."""
        found = self._chosen()
        name = found[0].name if found else self.seat.words("form.send_verify.nearest")
        return self.seat.words("form.send_verify.send", worker=name)

    def tell(self) -> None:
        """Say why the one chosen is among the best."""
        super().tell()
        found = self._chosen()
        self.why.setText(found[0].why if found else self.seat.words("form.send_verify.server"))

    def _chosen(self) -> list[Offer]:
        return [offer for offer in self.offers if str(offer.worker) == self.text("worker")]


class VerifyResultForm(FieldForm):
    """核实结果: so, not so, or could not tell; and why one thinks so."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The three results."""
        super().__init__(seat, drafts, case, VerifyResult)
        words = seat.words
        self.put_in("result", "field.result", Choice([(result, words(f"verified.{result}")) for result in RESULT_ORDER]))
        self.put_in("reason", "field.reason", TextField(words("form.verify_result.seen"), 3))
        self.refused_fields["text"] = self.named["reason"]

    def command(self) -> Command:
        """VerifyResult with what was seen."""
        return VerifyResult(self.text("result"), self.needed("reason", "reason_needed"))


class DeclineForm(FieldForm):
    """无法前往: a reason from the list, before the order is accepted."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The reasons the rules know."""
        super().__init__(seat, drafts, case, Decline)
        words = seat.words
        codes = sorted(seat.situation.rules.reason_codes.get("decline", ())) or ["other"]
        self.put_in("reason_code", "field.reject_code", Choice([(code, words(f"decline.{code}")) for code in codes], columns=2))
        self.put_in("reason", "field.note", TextField(words("field.note.hint"), 2))

    def command(self) -> Command:
        """Decline."""
        return Decline(self.text("reason_code"), self.text("reason"))
