"""The forms on the card: the open one, the candidates at rest, who comes next; one of them at a time."""

from __future__ import annotations

from itertools import count
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.dispatch.actions import BY_NAME, allowed, why_not
from desktop.dispatch.assign_form import AssignForm
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.form_order import form_for, kinds_of, made_by_one, ways_of
from desktop.dispatch.merge_form import MergeForm
from desktop.dispatch.merge_rights import may
from desktop.dispatch.merge_undo import UnmergeForm
from desktop.dispatch.next_in_line import NextInLine, is_unanswered
from desktop.dispatch.outside_form import NotifyForm
from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.triage_form import TriageForm
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.words import Words
from governance.commands import COMMANDS
from governance.incident import Case, State
from governance.refusal import Refused

ASSIGNING = frozenset({"dispatch", "reassign", "add_assist", "claim", "arbitrate"})
"""Words of commands that the candidates' form makes."""


def name_of_draft(words: Words, draft: str) -> str:
    """What the form of a draft is called: by the action of its name, else by the command."""
    first = draft.split()[0]
    key = next((key for key in (f"action.{first}", f"order.{first}") if words.has(key)), "action.new")
    return words(key)


class CardForms(QWidget):
    """What stands in the middle of the card. Wishes: `closed`, `made` with a new incident."""

    changed = Signal()
    """A form came: what stands around it has to fit."""
    opened = Signal(object)
    """A form has the keys and should be seen."""
    closed = Signal()
    made = Signal(object)
    next_step = Signal(str)
    """The action that comes next, now that what it waited for is a fact."""
    given_back = Signal(str)
    """A sentence: an order whose form is gone was refused, and what was typed is a draft again."""

    def __init__(self, seat: Seat, drafts: Drafts) -> None:
        """No form yet."""
        super().__init__()
        self._seat, self._drafts = seat, drafts
        self.form: Form | None = None
        self.assign: AssignForm | None = None
        self._is_overtaken = False
        self._resumes: tuple[UUID, str] | None = None
        """The action that goes on about an incident once the form that is open was carried out."""
        self._kinds: tuple[type, ...] = ()
        """The commands the open form could make when it was opened."""
        self.next_in_line = NextInLine(seat)
        self.next_in_line.hide()
        self._slot = QVBoxLayout(self)
        self._slot.setContentsMargins(12, 4, 12, 4)
        self._slot.addWidget(self.next_in_line)
        seat.orders.answered.connect(self._answered)

    @property
    def case(self) -> Case | None:
        """The selected case, as the situation holds it now."""
        chosen = self._seat.selection.incident
        return self._seat.situation.cases.get(chosen) if chosen is not None else None

    @property
    def parked_drafts(self) -> list[str]:
        """Reports that were begun and not sent, other than the one that is open."""
        shown = self.form.draft if isinstance(self.form, ReportForm) else ""
        return [name for name in self._drafts.names("report ") if name != shown]

    @property
    def open_form(self) -> Form | None:
        """The form that has the officer's attention, if any."""
        return self.form or (self.assign if self.assign is not None and self.assign.is_active else None)

    def open_for(self, name: str, case: Case) -> None:
        """Open the form of an action the rules allow now."""
        seat = self._seat
        kinds = allowed(BY_NAME[name], case, seat.officer, seat.situation.rules, seat.now())
        if name == "assign":
            self._open_candidates(kinds, case)
        else:
            self._open_first(kinds, case, ways_of(kinds))

    def open_filled(self, filling: Filling, case: Case | None) -> Form:
        """Open the form of a command the rules allow now and this desk has a form for (form_order.has_form), filled in."""
        seat = self._seat
        if filling.action in ("report", "attach"):
            form: Form = self.open_report()
        else:
            assert case is not None
            kinds = kinds_of(filling.action, case, seat.officer, seat.situation.rules, seat.now())
            form = self._open_candidates(kinds, case) if filling.action in ASSIGNING else self._open_first(kinds, case)
        form.fill(filling)
        return form

    def _open_first(self, kinds: tuple[type, ...], case: Case, ways: tuple[str, ...] = (), current: str = "") -> Form:
        """Open the form that makes the first of these commands; the others of the key (`ways`) can be chosen in its place."""
        kinds = made_by_one(kinds)
        self._is_overtaken, self._kinds = False, kinds
        form = form_for(kinds, self._seat, self._drafts, case)
        form.first_wanted.connect(lambda filling: self._first_open(filling, case))
        if len(ways) > 1:
            words, current = self._seat.words, current or next(word for word in ways if COMMANDS[word] in kinds)
            form.offer_ways([(word, words(f"way.{word}")) for word in ways], current)
            form.other_wanted.connect(lambda word: self._other_way(word, case, ways))
        self._open(form)
        return form

    def _other_way(self, word: str, case: Case, ways: tuple[str, ...]) -> None:
        """Another command of the key was chosen: its form in place of the open one, whose text stays as its draft."""
        seat = self._seat
        kinds = kinds_of(word, case, seat.officer, seat.situation.rules, seat.now())
        if isinstance(self.form, TriageForm) and COMMANDS[word] in self._kinds:
            self.form.choose_way(word)
            return
        if self.form is not None:
            self.form.keep()
        if kinds:
            form = self._open_first(kinds, case, ways, word)
            if isinstance(form, TriageForm):
                form.choose_way(word)
            choice = form.ways_choice
            if choice is not None:
                choice.setFocus(Qt.FocusReason.TabFocusReason)  # so that arrows go on choosing

    def _first_open(self, filling: Filling, case: Case) -> None:
        """Something comes before what the open form makes: its form first, then filing goes on where it was left."""
        if self.form is not None:
            self.form.keep()
        self.open_filled(filling, case)
        self._resumes = case.incident.id, "file"

    def _go_on(self, wanted: tuple[UUID, str] | None) -> None:
        """What waited for the form that was just carried out comes back, if it is still to be done."""
        case, seat = self.case, self._seat
        if self.open_form is not None or case is None or case.incident.state is not State.REPORTED:
            return
        if why_not(BY_NAME["file"], case, seat.officer, seat.situation.rules, seat.now()) is not None:
            return
        if wanted == (case.incident.id, "file"):
            self.open_for("file", case)
        else:
            self.next_step.emit("file")

    def _open_candidates(self, kinds: tuple[type, ...], case: Case) -> Form:
        """Give the keys to the candidates, in the order of now."""
        self._drop_form()
        self._ensure_assign(case)
        assert self.assign is not None
        self._is_overtaken, self._kinds = False, kinds
        self.next_in_line.hide()
        self.assign.activate()
        self.opened.emit(self.assign)
        return self.assign

    def open_undo(self, case: Case) -> None:
        """Ask for the reason of undoing what was merged of a case, or into it."""
        self._is_overtaken, self._kinds = False, ()
        self._open(UnmergeForm(self._seat, self._drafts, case))

    def open_report(self, draft: str | None = None) -> ReportForm:
        """Open a report form: an empty one, or a parked draft; what was open stays as its own draft."""
        if draft is None:
            taken = {int(name.split()[1]) for name in self._drafts.names("report ") if name.split()[1].isdigit()}
            if isinstance(self.form, ReportForm):
                self.form.keep()
                taken.add(int(self.form.draft.split()[1]))
            draft = f"report {next(n for n in count(max(taken, default=0) + 1) if not self._drafts.is_taken(f'report {n}'))}"
        form = ReportForm(self._seat, self._drafts, draft)
        self._is_overtaken, self._kinds = False, ()
        self._open(form)
        return form

    def open_next_draft(self) -> bool:
        """Show the next report draft that was parked; False where there is none."""
        names = self._drafts.names("report ")
        if isinstance(self.form, ReportForm):
            self.form.keep()
            names = [*dict.fromkeys([*self._drafts.names("report "), self.form.draft])]
        if not names:
            return False
        current = self.form.draft if isinstance(self.form, ReportForm) else names[-1]
        position = (names.index(current) + 1) % len(names) if current in names else 0
        self.open_report(names[position])
        return True

    def leave_case(self) -> None:
        """Another case is selected: what was typed about the last one stays as its draft."""
        if self.form is not None and not isinstance(self.form, ReportForm):
            self.form.keep()
            self._drop_form()
        self._drop_assign()

    def retell(self) -> None:
        """Say everything again, in the language of now; an open form comes back with its draft."""
        form = self.form
        if form is not None:
            form.keep()
            if isinstance(form, ReportForm):
                self.open_report(form.draft)
            else:
                self._drop_form()
        self._drop_assign()

    def rank(self) -> None:
        """Rank the candidates again."""
        if self.assign is not None:
            self.assign.refresh()
        else:
            self._tell_next()

    def rest(self) -> None:
        """Show what stands here while no form is open: the candidates, or who comes next."""
        seat, case = self._seat, self.case
        wanted = (
            case is not None
            and case.incident.state is State.FILED
            and self.form is None
            and why_not(BY_NAME["assign"], case, seat.officer, seat.situation.rules, seat.now()) is None
        )
        if wanted and case is not None:
            self._ensure_assign(case)
        elif self.assign is not None and not self.assign.is_active:
            self._drop_assign()
        self._tell_next()
        self._tell_overtaken()

    # ---- within ------------------------------------------------------------------------------------------------

    def _tell_next(self) -> None:
        """While the one who was sent does not answer: who comes next."""
        case = self.case
        is_shown = case is not None and self.form is None and self.assign is None and is_unanswered(case)
        if is_shown and case is not None:
            self.next_in_line.show_case(case)
        elif self.next_in_line.isVisibleTo(self) and self.assign is None:
            self._seat.selection.offer(())
        self.next_in_line.setVisible(is_shown)

    def _tell_overtaken(self) -> None:
        """Somebody else was faster: the open form can make nothing any more, and says so before it is sent."""
        seat, case, form = self._seat, self.case, self.open_form
        if form is None or case is None or form.incident != case.incident.id or form.order_id is not None:
            return
        rules, now = seat.situation.rules, seat.now()
        refused = [may(case, kind, seat.officer, rules, now) is not None for kind in self._kinds]
        is_overtaken = bool(refused) and all(refused)
        if is_overtaken:
            form.say(seat.words("card.faster", state=seat.words(f"state.{case.incident.state}")), "warn")
        elif self._is_overtaken:
            form.said.hide()
            form.tell()
        if is_overtaken or self._is_overtaken:
            form.send_button.setEnabled(not is_overtaken)
        self._is_overtaken = is_overtaken

    def _ensure_assign(self, case: Case) -> None:
        if self.assign is None:
            self.assign = AssignForm(self._seat, self._drafts, case.incident.id)
            self.assign.closed.connect(self._form_closed)
            self._slot.addWidget(self.assign)

    def _drop_assign(self) -> None:
        if self.assign is not None:
            self.assign.keep()
            self._discard(self.assign)
            self.assign = None
            self._seat.selection.offer(())

    def _open(self, form: Form) -> None:
        self._drop_form()
        self._drop_assign()
        self.form = form
        form.closed.connect(self._form_closed)
        form.committed.connect(self._form_committed)
        self._slot.addWidget(form)
        self.changed.emit()
        form.begin()
        self.opened.emit(form)

    def _drop_form(self) -> None:
        if self.form is not None:
            self._discard(self.form)
            self.form, self._resumes = None, None
            self._seat.selection.ask_place(False)

    def _discard(self, form: Form) -> None:
        form.stop()
        self._slot.removeWidget(form)
        form.hide()
        form.deleteLater()

    def _form_closed(self) -> None:
        self._drop_form()
        self._drop_assign()
        self.closed.emit()

    def _form_committed(self, incident: UUID | None) -> None:
        if isinstance(self.form, ReportForm | MergeForm) and incident is not None:
            self.made.emit(incident)
        if isinstance(self.form, NotifyForm):
            wanted = self._resumes
            QTimer.singleShot(0, lambda: self._go_on(wanted))  # once this form is gone

    def _answered(self, order: UUID, refused: Refused | None) -> None:
        """The draft goes with its order; a refused one comes back, and is told of where its form is gone."""
        waits = {form.order_id for form in (self.form, self.assign) if form is not None}
        name = self._drafts.answered(order, refused is None)
        if name and refused is not None and order not in waits:
            words = self._seat.words
            said = words("card.refused_late", what=name_of_draft(words, name), reason=refusal_sentence(words, refused))
            self.given_back.emit(said)
