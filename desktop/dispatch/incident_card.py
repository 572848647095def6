"""The selected incident: what it is, whom to send, what the cameras see, what happened, what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.dispatch.action_bar import ActionBar
from desktop.dispatch.actions import BY_NAME, is_read_only, said_as, why_not
from desktop.dispatch.alike_list import AlikeList
from desktop.dispatch.assign_form import AssignForm
from desktop.dispatch.card_forms import CardForms
from desktop.dispatch.card_head import CardHead
from desktop.dispatch.card_sections import CardSections
from desktop.dispatch.direct_board import DirectBoard
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.filling import Filling
from desktop.dispatch.form import Form
from desktop.dispatch.form_order import has_form, refused_now
from desktop.dispatch.merge_form import MergeForm
from desktop.dispatch.merge_undo import MergeUndo
from desktop.dispatch.photo_strip import PhotoStrip
from desktop.dispatch.pictures import Pictures
from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.step_list import StepList, TaskList
from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from governance.incident import Case
from governance.refusal import Refused

NOTICE_MS = 6000
RANK_AGAIN_MS = 3000
LOW_PX = 800
"""A card lower than this gives an open form the place of the buttons."""


class IncidentCard(QWidget):
    """One incident and the forms about it. Wishes: `closed` when a form closed, `made` when a report became an incident."""

    closed = Signal()
    made = Signal(object)
    given_back = Signal(str)

    def __init__(self, seat: Seat, drafts: Drafts, pictures: QWidget | None = None, parent: QWidget | None = None) -> None:
        """A card without an incident; `pictures` is what shows cameras."""
        super().__init__(parent)
        self._seat, self._drafts = seat, drafts
        self.head, self.tasks, self.steps = CardHead(seat), TaskList(seat), StepList(seat)
        self.pictures, self.photos, self.alike = Pictures(seat, pictures), PhotoStrip(seat), AlikeList(seat)
        self.action_bar, self.forms, self.sections = ActionBar(seat), CardForms(seat, drafts), CardSections(seat)
        self.undo, self.direct = MergeUndo(seat), DirectBoard(seat)
        self._last_number = ""
        """Of the incident that was shown last: said where it went out of reach."""
        self._build()
        self._connect()
        self.refresh()

    def _build(self) -> None:
        self.setProperty("look", "panel")
        self.empty, self.notice = QLabel(), QLabel()
        self.empty.setWordWrap(True)
        self.empty.setProperty("look", "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setContentsMargins(24, 0, 24, 0)
        self.notice.setWordWrap(True)
        self.notice.setContentsMargins(16, 4, 16, 0)
        self.notice.hide()
        self.reading = QLabel()
        self.reading.setProperty("look", "dim")
        self.reading.setContentsMargins(16, 8, 16, 10)
        self.inner = QWidget()
        column = QVBoxLayout(self.inner)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(4)
        column.addWidget(self.head)
        column.addWidget(self.undo)
        column.addWidget(self.alike)
        shown = QHBoxLayout()
        shown.setContentsMargins(16, 0, 16, 0)
        shown.addWidget(self.photos)
        column.addLayout(shown)
        column.addWidget(self.sections.standing)
        column.addWidget(self.forms)
        column.addWidget(self.sections)
        self.headings: dict[str, QLabel] = {}
        self.heading_rows: dict[str, QWidget] = {}
        for key, part in (("tasks", self.tasks), ("", self.direct), ("", self.pictures), ("steps", self.steps)):
            if key:
                column.addWidget(self._heading(key))
            holder = QHBoxLayout()
            holder.setContentsMargins(16, 0, 16, 4)
            holder.addWidget(part)
            column.addLayout(holder)
        column.addStretch(1)
        self.scroller = QScrollArea()
        self.scroller.setWidgetResizable(True)
        self.scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroller.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.inner.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # never wider than there is room
        self.scroller.setWidget(self.inner)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.empty, 1)
        page.addWidget(self.scroller, 1)
        page.addWidget(self.notice)
        page.addWidget(self.reading)
        page.addWidget(self.action_bar)

    def _heading(self, key: str) -> QWidget:
        holder, label, rule = QWidget(), QLabel(), QFrame()
        label.setProperty("look", "name")
        rule.setProperty("look", "rule")
        line = QHBoxLayout(holder)
        line.setContentsMargins(16, 8, 16, 2)
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(rule, 1)
        self.headings[key], self.heading_rows[key] = label, holder
        return holder

    def _connect(self) -> None:
        self._second, self._rank_again, self._hush = QTimer(self), QTimer(self), QTimer(self)
        self._second.timeout.connect(self._pass_second)
        self._second.start(1000)
        self._rank_again.timeout.connect(self._rank)
        self._rank_again.start(RANK_AGAIN_MS)
        self._hush.setSingleShot(True)
        self._hush.timeout.connect(self.notice.hide)
        self._seat.selection.incident_changed.connect(self._other_incident)
        self.alike.chosen.connect(self._seat.selection.choose_incident)
        self.sections.chosen.connect(self._seat.selection.choose_incident)
        self.undo.chosen.connect(self._seat.selection.choose_incident)
        self.undo.wanted.connect(self._undo_merge)
        self.direct.wanted.connect(self.act)
        self._seat.orders.pending_changed.connect(self._pending_changed)
        self.forms.changed.connect(self._form_came)
        self.forms.opened.connect(self._keep_in_sight)
        self.forms.installEventFilter(self)
        self.forms.closed.connect(self._form_closed)
        self.forms.made.connect(self.made)
        self.forms.next_step.connect(self._say_next)
        self.forms.given_back.connect(self.given_back)

    @property
    def case(self) -> Case | None:
        """The selected case, as the situation holds it now."""
        return self.forms.case

    @property
    def form(self) -> Form | None:
        """The form a key opened, other than that of the candidates."""
        return self.forms.form

    @property
    def assign(self) -> AssignForm | None:
        """The candidates, at rest or in use."""
        return self.forms.assign

    @property
    def open_form(self) -> Form | None:
        """The form that has the officer's attention, if any."""
        return self.forms.open_form

    # ---- what the window asks for ------------------------------------------------------------------------------

    def act(self, name: str) -> None:
        """Open the form of an action; say why not where the rules refuse it."""
        action, seat = BY_NAME[name], self._seat
        case = self.case
        refused = why_not(action, case, seat.officer, seat.situation.rules, seat.now())
        if refused is not None:
            self.refuse(refused, name)
            return
        if name == "new":
            self.forms.open_report()
            return
        assert case is not None
        self.forms.open_for(name, case)

    def act_on(self, filling: Filling) -> Refused | None:
        """Open the form of a command about the selected case, filled in; why not where rules or desk refuse it."""
        seat, case = self._seat, self.case
        refused = refused_now(filling.action, case, seat.officer, seat.situation.rules, seat.now())
        if refused is None and not has_form(filling.action):
            refused = Refused("no_form_here")
        if refused is None:
            self.forms.open_filled(filling, case)
        return refused

    def next_draft(self) -> None:
        """Show the next report draft that was parked."""
        if not self.forms.open_next_draft():
            self.act("new")

    def send(self) -> None:
        """Ctrl+Enter: send the open form; say so where there is none."""
        form = self.open_form
        if form is None:
            self.refuse(Refused("no_form"), "send")
        else:
            form.send()

    def show_pictures(self) -> None:
        """V: show the cameras of the selected case, or put them away again."""
        if self.case is None:
            self.refuse(Refused("no_incident"), "pictures")
            return
        self.pictures.switch()
        if self.pictures.is_open:
            QTimer.singleShot(0, lambda: self.scroller.ensureWidgetVisible(self.pictures))

    def show_photos(self) -> None:
        """F4: show the next photo of the selected case large."""
        if self.case is None:
            self.refuse(Refused("no_incident"), "photos")
        elif not self.photos.enlarge_next():
            self.say(self._seat.words("photos.none"), "warn")
        else:
            QTimer.singleShot(0, lambda: self.scroller.ensureWidgetVisible(self.photos))

    def turn_page(self, pages: int) -> None:
        """Page down (or up, below 0): what lies below the edge of a full card has no other way into sight by keys."""
        bar = self.scroller.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep() * 9 // 10)

    def close_form(self) -> bool:
        """Esc: close the open form, keeping what was typed; False where none was open."""
        form = self.open_form
        if form is None:
            return False
        form.close_kept()
        return True

    def refuse(self, refused: Refused, action: str) -> None:
        """Say why a key does nothing now."""
        words = self._seat.words
        reason = refusal_sentence(words, refused)
        key = said_as(action, self.case, self._seat.officer) if action in BY_NAME else f"action.{action}"
        self.say(words("why_not", action=words(key), reason=reason), "warn")

    def say(self, text: str, look: str) -> None:
        """Say a line above the actions for a few seconds."""
        self.notice.setProperty("look", look)
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.setText(text)
        self.notice.show()
        self._hush.start(NOTICE_MS)

    def touch(self, incidents: Iterable[UUID]) -> None:
        """Take in changed incidents; nothing but the shown one matters."""
        if self._seat.selection.incident in set(incidents):
            self.refresh()

    def retell(self) -> None:
        """Say everything again, in the language of now; an open form comes back with its draft."""
        self.forms.retell()
        self.refresh()
        self.pictures.retell()

    # ---- within ------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the selected case as it is now; an open form is left alone."""
        words, case = self._seat.words, self.case
        if case is None and self.form is not None and not isinstance(self.form, ReportForm):
            self.forms.leave_case()  # it went out of reach while somebody typed: the draft is kept
        reporting = isinstance(self.form, ReportForm)
        self._last_number = case.incident.number if case is not None else self._last_number
        self.empty.setVisible(case is None and not reporting)
        self.scroller.setVisible(case is not None or reporting)
        self.empty.setText(self._said_without_case())
        for part in (self.head, self.steps, self.tasks, self.pictures):
            part.setVisible(case is not None and not reporting)
        self.headings["tasks"].setText(words("card.assignments"))
        self.headings["steps"].setText(words("card.steps"))
        if case is not None:
            self.head.show_case(case)
            self.steps.show_case(case)
            self.tasks.show_case(case)
        self.sections.show_case(None if reporting else case)
        self.alike.show_case(None if reporting or isinstance(self.form, MergeForm) else case)
        self.undo.show_case(None if reporting else case)
        self.photos.show_case(case)
        self.photos.setVisible(case is not None and not reporting and self.photos.is_wanted)
        self.heading_rows["tasks"].setVisible(case is not None and bool(case.assignments) and not reporting)
        self.heading_rows["steps"].setVisible(case is not None and not reporting)
        self.tasks.setVisible(case is not None and bool(case.assignments) and not reporting)
        self._show_direct(None if reporting else case)
        self.action_bar.show_case(case)
        is_reading = is_read_only(self._seat.officer)
        self.reading.setText(words("card.read_only"))
        self.reading.setVisible(is_reading)
        self.action_bar.setVisible(not is_reading and not self._needs_room)
        self.forms.rest()
        self._tell_pending()

    def _show_direct(self, case: Case | None) -> None:
        """A direct order has a board of its own in place of the tasks."""
        is_direct = case is not None and self.direct.is_for(case)
        self.direct.setVisible(is_direct)
        if is_direct and case is not None:
            self.direct.show_case(case)
            self.tasks.hide()

    def _undo_merge(self) -> None:
        """The button of the line that says what was merged."""
        if self.case is not None:
            self.forms.open_undo(self.case)

    @property
    def _needs_room(self) -> bool:
        """Whether an open form needs the height of the buttons: on a low screen, where its letters are text anyway."""
        return self.open_form is not None and self.height() < LOW_PX

    def _said_without_case(self) -> str:
        seat, words = self._seat, self._seat.words
        if seat.is_loading:
            return words("card.loading")
        if seat.selection.incident is not None:
            return words("card.gone.number", number=self._last_number) if self._last_number else words("card.gone")
        return f"{words('card.none')}\n\n{words('card.none.hint')}"

    def _other_incident(self, _incident: UUID | None) -> None:
        self.forms.leave_case()
        self._last_number = ""
        self.notice.hide()
        self.refresh()
        case = self.case
        self.pictures.show_case(case)
        self.scroller.verticalScrollBar().setValue(0)

    def _keep_in_sight(self, form: Form) -> None:
        form.installEventFilter(self)
        QTimer.singleShot(0, self._see_form)  # once it has its height

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What grows or is pushed down, by photos or by a refusal, stays in sight with the button that sends."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and watched in (self.forms, self.open_form):
            QTimer.singleShot(0, self._see_form)
        return False

    def _see_form(self) -> None:
        form = self.open_form
        self.action_bar.setVisible(not is_read_only(self._seat.officer) and not self._needs_room)
        if form is not None:
            self.scroller.ensureWidgetVisible(form)
            self.scroller.ensureWidgetVisible(form.send_button)

    def _form_came(self) -> None:
        self.notice.hide()
        self.refresh()

    def _form_closed(self) -> None:
        self.refresh()
        self.closed.emit()

    def _say_next(self, action: str) -> None:
        """What comes next for the selected incident, in the line above the keys."""
        words = self._seat.words
        self.say(words("card.next_step", action=words(f"action.{action}"), key=BY_NAME[action].key), "live")

    def _pending_changed(self, incident: UUID | None) -> None:
        if incident is not None and incident == self._seat.selection.incident:
            self._tell_pending()

    def _tell_pending(self) -> None:
        words, chosen = self._seat.words, self._seat.selection.incident
        pending = self._seat.orders.pending_of(chosen) if chosen is not None else ()
        if pending:
            said = words("list").join(words(f"order.{order.word}") for order in pending)
            self.say(words("card.pending" if self._seat.is_online else "card.queued", what=said), "dim")
            self._hush.stop()
        elif self.notice.property("look") == "dim":
            self.notice.hide()

    def _pass_second(self) -> None:
        if self.isVisible() and self.head.isVisible():
            self.head.count_down()
            self.sections.count_down()

    def _rank(self) -> None:
        if self.isVisible():
            self.forms.rank()
