"""A form in place: fields, one button that sends, refusals beside the field, drafts that survive."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from desktop.dispatch.drafts import Drafts, Fields
from desktop.dispatch.fields import Choice, WrappedLine
from desktop.dispatch.filling import Filling
from desktop.orders import Outcome
from desktop.phrases import moment_text, refusal_sentence
from desktop.seat import Seat
from desktop.style.as_written import tip_as_written
from governance.commands import Command
from governance.refusal import Refused
from wire.requests import Caller

KEEP_PAUSE_MS = 300
BESIDE_PX = 12
"""Around the words of the button that sends."""


class SendButton(QPushButton):
    """The one button that sends: of a long name as much is shown as fits, of its key everything; the tooltip has it whole."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as always, with the words that fit."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.shown()
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def shown(self) -> str:
        """What stands on it."""
        face, room = self.fontMetrics(), self.width() - 2 * BESIDE_PX
        if face.horizontalAdvance(self.text()) <= room:
            return self.text()
        what, gap, key = self.text().rpartition("  ")
        return face.elidedText(what, Qt.TextElideMode.ElideRight, room - face.horizontalAdvance(gap + key)) + gap + key

    def event(self, event: QEvent) -> bool:
        """Say it whole where it is asked for."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(tip_as_written(self.text()) if self.shown() != self.text() else "")
        return super().event(event)


def tab_order(form: QWidget) -> list[QWidget]:
    """The fields one can Tab to, from top to bottom; of a choice the chosen button."""
    layout = form.layout()
    if layout is not None:
        layout.activate()  # a form that has just come has no heights yet, and a quick hand is there already
    found = [
        widget
        for widget in form.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisibleTo(form)
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not (isinstance(widget, QPushButton) and widget.property("look") == "choice" and _is_passed_over(widget))
    ]
    return sorted(found, key=lambda widget: (widget.mapTo(form, QPoint()).y(), widget.mapTo(form, QPoint()).x()))


def _is_passed_over(button: QPushButton) -> bool:
    return button.group() is not None and not button.isChecked()


class Form(QFrame):
    """The frame of every form. A kind of form builds its fields and says what command they make."""

    closed = Signal()
    """The officer or a committed order closed it."""
    committed = Signal(object)
    """UUID of the incident the order concerned or made."""
    other_wanted = Signal(str)
    """Word of another command of the same key: its form is wanted in place of this one."""

    first_wanted = Signal(object)
    """Filling of a command the rules ask for before this one: its form comes first, and then this one again."""

    def __init__(self, seat: Seat, drafts: Drafts, draft: str, incident: UUID | None = None) -> None:
        """An empty form about an incident (None: it will make one); `draft` names its draft."""
        super().__init__()
        self.seat, self.drafts, self.draft, self.incident = seat, drafts, draft, incident
        self.order_id: UUID | None = None
        self._has_gone_out = False
        """Whether what stands in it is a fact: it is no draft any more."""
        self.refused_fields: dict[str, QWidget] = {}
        """Field of a command -> the widget a refusal about it stands beside."""
        self.setProperty("look", "form")
        self.title, self.said = QLabel(), WrappedLine()
        self.title.setProperty("look", "name")
        self.said.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        self.send_button, self.cancel_button = SendButton(), QPushButton()
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(KEEP_PAUSE_MS)
        self._pause.timeout.connect(self.keep)
        self.send_button.clicked.connect(self.send)
        self.cancel_button.clicked.connect(self.close_kept)
        seat.orders.ended.connect(self._order_ended)

    def _lay_out(self) -> None:
        self.send_button.setProperty("look", "go")
        self.send_button.setAutoDefault(False)
        self.send_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # no plain key commits anything
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        for button in (self.send_button, self.cancel_button):
            button.setMinimumWidth(48)  # lets a narrow card be narrow
        self.cancel_button.setText("Esc")
        self.cancel_button.setToolTip(self.seat.words("form.cancel"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.send_button, 1)
        buttons.addWidget(self.cancel_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.title)
        self.ways_choice: Choice | None = None
        self.ways = QVBoxLayout()
        column.addLayout(self.ways)
        column.addLayout(self.body)
        column.addWidget(self.said)
        column.addLayout(buttons)

    # ---- what a kind of form says ----------------------------------------------------------------------------------

    def command(self) -> Command:
        """The command the fields make; Refused about a field that is missing or wrong."""
        raise NotImplementedError

    def fields(self) -> Fields:
        """What was typed, for the draft."""
        return {}

    def caller(self) -> Caller | None:
        """Who reported it, where the form asks for that: it goes with the order, never into it or its draft."""
        return None

    def restore(self, fields: Fields) -> None:
        """Put a draft back into the fields."""

    def fill(self, filling: Filling) -> None:
        """Take over what a line of the command line said; what there is no field for is left out.

        Reason and text find their fields by the names of `refused_fields`; a kind of form takes the rest.
        """
        self.put_text(filling.reason, "reason")
        self.put_text(filling.text, "text", "order_text", "note")

    def default_field(self) -> QWidget | None:
        """Where the keys go first."""
        return None

    def tell(self) -> None:
        """Say what the button would do, whenever a field changed."""

    # ---- what every form does --------------------------------------------------------------------------------------

    def offer_ways(self, ways: Sequence[tuple[str, str]], current: str) -> None:
        """Offer the other commands of the key, as (word, name), above the fields; `current` is what this form makes."""
        self.ways_choice = choice = Choice(ways, columns=4)
        choice.choose(current)
        choice.changed.connect(lambda: self.other_wanted.emit(choice.value))
        self.ways.addWidget(choice)

    def begin(self) -> None:
        """Restore the draft if there is one, and take the focus."""
        kept = self.drafts.fields(self.draft)
        if kept:
            self.restore(kept)
            at = self.drafts.kept_at(self.draft)
            when = moment_text(at, self.seat.now()) if at else ""
            self.say(self.seat.words("form.restored", when=when), "dim")
        self.tell()
        field = self.default_field()
        (field or self.ways_choice or self).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_text(self, text: str, *names: str) -> None:
        """Put a text into the first field of these names; an empty one leaves what stands there."""
        field = next((self.refused_fields[name] for name in names if name in self.refused_fields), None)
        if text and isinstance(field, QLineEdit):
            field.setText(text)
        elif text and isinstance(field, QPlainTextEdit):
            field.setPlainText(text)

    def changed(self) -> None:
        """A field changed: keep the draft soon, take the refusal away."""
        self._pause.start()
        self._mark_refused(None)
        if self.order_id is None:
            self.said.hide()
        self.tell()

    def keep(self) -> None:
        """Write the draft now; nothing typed leaves none."""
        self._pause.stop()
        if self._has_gone_out:
            return
        fields = self.fields()
        if any(value not in ("", None, 0, False) for value in fields.values()):
            self.drafts.keep(self.draft, fields)
        else:
            self.drafts.drop(self.draft)

    def send(self) -> None:
        """Send the command once; while it is on its way the button does nothing."""
        if self.order_id is not None:
            return
        try:
            if self.seat.held_back is not None:
                raise self.seat.held_back
            command = self.command()
        except Refused as refused:
            self.show_refusal(refused)
            return
        self.keep()
        case = self.seat.situation.cases.get(self.incident) if self.incident else None
        self.send_button.setEnabled(False)
        self.say(self.seat.words("form.sending" if self.seat.is_online else "form.offline"), "dim")
        version = case.incident.version if case else 0
        self.order_id = self.seat.orders.send(command, self.incident, version, self.caller())
        self.drafts.hand_over(self.draft, self.order_id)

    def close_kept(self) -> None:
        """Close, what was typed staying as a draft."""
        self.keep()
        self.closed.emit()

    def stop(self) -> None:
        """Listen to nothing any more: before the form is thrown away."""
        self._pause.stop()
        self.seat.orders.ended.disconnect(self._order_ended)

    def show_refusal(self, refused: Refused) -> None:
        """Say beside the field what was refused and what to do."""
        self.say(refusal_sentence(self.seat.words, refused), "refused")
        field = self.refused_fields.get(refused.about)
        self._mark_refused(field)
        if field is not None:
            field.show()
            field.setFocus(Qt.FocusReason.OtherFocusReason)

    def say(self, text: str, look: str) -> None:
        """Say something below the fields."""
        self.said.setProperty("look", look)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)
        self.said.setText(text)
        self.said.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep single letters inside: an open form is no place for action keys."""
        if event.text() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier and event.key() != Qt.Key.Key_Escape:
            event.accept()
        else:
            event.ignore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab walks through the fields from top to bottom and stays in the form."""
        fields = tab_order(self)
        if not fields:
            return False
        current = self.focusWidget()
        at = fields.index(current) if current in fields else -1 if forward else 0
        fields[(at + (1 if forward else -1)) % len(fields)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _mark_refused(self, field: QWidget | None) -> None:
        for widget in self.refused_fields.values():
            is_it = widget is field
            if bool(widget.property("refused")) != is_it:
                widget.setProperty("refused", is_it)
                widget.style().unpolish(widget)
                widget.style().polish(widget)

    def _order_ended(self, outcome: Outcome) -> None:
        if outcome.order.order_id != self.order_id:
            return
        self.order_id = None
        self.send_button.setEnabled(True)
        if outcome.refused is not None:
            self.show_refusal(outcome.refused)
            return
        self._pause.stop()
        self._has_gone_out = True
        self.drafts.drop(self.draft)
        self.committed.emit(outcome.incident)
        self.closed.emit()
