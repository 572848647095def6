"""Y and Q: asking for what another has to consent to, and deciding what was asked for."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.dispatch.approval_list import deciders
from desktop.dispatch.closing_form import hint
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.field_form import FieldForm
from desktop.dispatch.fields import Choice, TextField
from desktop.dispatch.filling import Filling
from desktop.dispatch.moments import moment, seconds_of
from desktop.dispatch.probing import askable, refused
from desktop.phrases import SHANGHAI, UTC, moment_text, refusal_sentence, span
from desktop.seat import Seat
from governance.attempt import pending_approval
from governance.commands import Approve, Ask, Command, Deny
from governance.incident import ApprovalKind, Case
from governance.refusal import Refused
from governance.suspending import DAYS_OF, SUSPENSIONS

DEFAULT_UNTIL = {"zh": "3天", "en": "3d"}


class AskForm(FieldForm):
    """申请: of the kinds only those that are legal now can be chosen; why not the others stands below."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case) -> None:
        """The kinds, until when, how much longer, and why."""
        super().__init__(seat, drafts, case, Ask)
        words, found = seat.words, askable(seat, case)
        legal = [kind for kind, no in found.items() if no is None]
        self.put_in(
            "kind", "field.kind", Choice([(kind.value, words(f"approval.{kind}")) for kind in legal or list(found)], columns=3)
        )
        self.put_in("until", "field.until", QLineEdit(DEFAULT_UNTIL[words.language]))
        self.put_in("extend_s", "field.extend", QLineEdit(self._half_of_limit()))
        self.meant = self.put_line()
        self.put_in("reason", "field.reason", TextField(words("field.reason.hint"), 2))
        self.who = hint("")
        self.not_now = hint("\n".join(self._why_not(kind, no) for kind, no in found.items() if no is not None))
        self.body.addWidget(self.who)
        self.body.addWidget(self.not_now)
        self.not_now.setVisible(bool(self.not_now.text()))

    @property
    def kind(self) -> ApprovalKind:
        """What is asked for."""
        return ApprovalKind(self.text("kind"))

    def command(self) -> Command:
        """Ask, with the date or the length where the kind needs one."""
        kind, until, extend_s = self.kind, None, 0.0
        if kind in SUSPENSIONS:
            until = self._until()
            if until is None:
                raise Refused("date_needed", "until")
        if kind is ApprovalKind.EXTEND:
            extend_s = seconds_of(self.text("extend_s")) or 0.0
        ask = Ask(kind, self.needed("reason", "reason_needed"), until, extend_s)
        no = refused(self.seat, self.seat.situation.cases.get(self.case.incident.id, self.case), ask)
        if no is not None and no.about in ("until", "extend_s"):  # known here already: nobody has to wait for the answer
            raise no
        return ask

    def fill(self, filling: Filling) -> None:
        """Until when, or how much longer, as well."""
        if filling.until is not None:
            self.named["until"].setText(filling.until.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))  # type: ignore[union-attr]
            if filling.kind == ApprovalKind.EXTEND and self.case.incident.due_at is not None:
                longer_s = filling.span_s or (filling.until - self.seat.now()).total_seconds()
                self.named["extend_s"].setText(_said_s(longer_s, self.seat.words.language))  # type: ignore[union-attr]
        super().fill(filling)

    def sends(self) -> str:
        """Ask for the kind that is chosen."""
        return self.seat.words("form.request.send", kind=self.seat.words(f"approval.{self.kind}"))

    def tell(self) -> None:
        """Show the fields of the kind, what is meant by them, and who will decide."""
        super().tell()
        words, kind, rules = self.seat.words, self.kind, self.seat.situation.rules
        is_pause, is_longer = kind in SUSPENSIONS, kind is ApprovalKind.EXTEND
        self.show_row(self.named["until"], is_pause)
        self.show_row(self.named["extend_s"], is_longer)
        self.show_row(self.meant, is_pause or is_longer)
        if is_pause:
            until = self._until()
            said = moment_text(until, self.seat.now()) if until is not None else words("field.until.hint")
            most = words("form.request.most", days=f"{rules.suspend_days[DAYS_OF[kind]]:g}")
            self.meant.setText(words("sep").join((said, most)))
        if is_longer:
            self.meant.setText(words("form.request.limit", time=span(words, self.case.incident.limit_s)))
        self.who.setText(deciders(words, kind))

    def default_field(self) -> QWidget:
        """The kinds, where there is a choice; else the reason."""
        kinds = self.named["kind"]
        return kinds if isinstance(kinds, Choice) and kinds.is_open else self.named["reason"]

    def _until(self) -> datetime | None:
        found = moment(tuple(self.text("until").split()), self.seat.now().astimezone(SHANGHAI))
        return found.astimezone(UTC) if found is not None else None

    def _half_of_limit(self) -> str:
        return _said_s(self.case.incident.limit_s / 2, self.seat.words.language)

    def _why_not(self, kind: ApprovalKind, no: Refused) -> str:
        words = self.seat.words
        return words("why_not", action=words(f"approval.{kind}"), reason=refusal_sentence(words, no))


class DecideForm(FieldForm):
    """审批: what is asked, by whom, and the two answers; the second signature is one of them."""

    def __init__(self, seat: Seat, drafts: Drafts, case: Case, kinds: tuple[type, ...] = (Approve, Deny)) -> None:
        """What waits for a decision; of the answers only what is allowed."""
        super().__init__(seat, drafts, case, Approve)
        words, pending = seat.words, pending_approval(case)
        self.approval = pending.id if pending is not None else case.incident.id
        self.kind = pending.kind if pending is not None else ApprovalKind.RETURN
        is_second = pending is not None and pending.first_by is not None
        self._agrees = "form.approve.second" if is_second else "form.approve.agree"
        answers = [("approve", words(self._agrees))] if Approve in kinds else []
        answers += [("deny", words("form.approve.deny"))] if Deny in kinds else []
        self.put_in("answer", "field.decision", Choice(answers or [("deny", words("form.approve.deny"))]))
        self.put_in("reason", "field.note", TextField(words("field.note.hint"), 2))

    def command(self) -> Command:
        """Approve, or Deny with its reason."""
        if self.text("answer") == "approve":
            return Approve(self.approval, self.text("reason"))
        return Deny(self.approval, self.needed("reason", "reason_needed"))

    def fill(self, filling: Filling) -> None:
        """Which of the two answers."""
        self.named["answer"].choose(filling.action)  # type: ignore[union-attr]
        super().fill(filling)

    def sends(self) -> str:
        """The answer, and to what."""
        words = self.seat.words
        answer = words(self._agrees if self.text("answer") == "approve" else "form.approve.deny")
        return words("form.approve.send", answer=answer, kind=words(f"approval.{self.kind}"))

    def default_field(self) -> QWidget:
        """The answers."""
        return self.named["answer"]


def _said_s(seconds: float, language: str) -> str:
    """A stretch of time as it would be typed: whole hours, else minutes."""
    hours, minutes = round(seconds / 3600), max(1, round(seconds / 60))
    if seconds >= 7200 and hours:
        return f"{hours}小时" if language == "zh" else f"{hours}h"
    return f"{minutes}分钟" if language == "zh" else f"{minutes}min"
