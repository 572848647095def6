"""The signature block: who has signed and when, what is written, and the one thing this officer may do next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.handover import standing as part
from desktop.phrases import clock_text, refusal_sentence
from desktop.seat import Seat
from desktop.words import Words
from governance.refusal import Refused
from governance.shifts import Handover, Signature, UnitShifts

SUMMARY_PX = 84


class Signing(QFrame):
    """Wishes: open, close, begin, take back, out and in, each `..._wanted`; `typed` whenever a text changed."""

    open_wanted = Signal()
    close_wanted = Signal()
    begin_wanted = Signal()
    take_back_wanted = Signal()
    out_wanted = Signal()
    in_wanted = Signal()
    typed = Signal()

    def __init__(self, seat: Seat) -> None:
        """Nothing known yet."""
        super().__init__()
        self._seat = seat
        self._standing: UnitShifts | None = None
        self._past: Handover | None = None
        self._kept = ("", "")
        self._refused: Refused | None = None
        self._is_sending, self._has_acted = False, False
        self.why: Refused | None = None
        """Why the officer may not do the next step."""
        self.step = ""
        """What the one button does now: open, begin, out, in, or nothing."""
        self.may_close = False
        self.setProperty("look", "form")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.out_label, self.in_label, self.out_sign, self.in_sign = QLabel(), QLabel(), QLabel(), QLabel()
        self.summary_label, self.remark_label = QLabel(), QLabel()
        self.summary, self.remark = QPlainTextEdit(), QLineEdit()
        self.login, self.password = QLineEdit(), QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.kept, self.said, self.go, self.back = QLabel(), QLabel(), QPushButton(), QPushButton()
        """`kept`: what is signed already, to be read only."""
        self._lay_out()
        self.summary.textChanged.connect(self.typed)
        self.remark.textChanged.connect(self.typed)
        self.password.returnPressed.connect(self.act)
        self.go.clicked.connect(self.act)
        self.back.clicked.connect(lambda: (self.close_wanted if self.may_close else self.take_back_wanted).emit())
        self.retell()

    def _lay_out(self) -> None:
        for label in (self.out_label, self.in_label, self.summary_label, self.remark_label):
            label.setProperty("look", "field")
        self.summary.setFixedHeight(SUMMARY_PX)
        self.summary.setTabChangesFocus(True)
        for label in (self.kept, self.said):
            label.setWordWrap(True)
        self.kept.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kept.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.go.setProperty("look", "go")
        self.go.setAutoDefault(False)
        signed = QGridLayout()
        signed.setColumnStretch(1, 1)
        signed.setVerticalSpacing(4)
        for row, (label, sign) in enumerate(((self.out_label, self.out_sign), (self.in_label, self.in_sign))):
            signed.addWidget(label, row, 0)
            signed.addWidget(sign, row, 1)
        self._who = QWidget()
        who = QHBoxLayout(self._who)
        who.setContentsMargins(0, 0, 0, 0)
        for line in (self.login, self.password):
            who.addWidget(line, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go, 1)
        buttons.addWidget(self.back)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 10)
        column.setSpacing(6)
        column.addLayout(signed)
        for each in (self.summary_label, self.kept, self.summary, self.remark_label, self.remark, self._who, self.said):
            column.addWidget(each)
        column.addLayout(buttons)

    def tell(self, standing: UnitShifts | None, summary: str = "", past: Handover | None = None, remark: str = "") -> None:
        """Show how the hand-over stands and what may be done about it; `past` is one that is over, to be read only."""
        if standing != self._standing:
            self._refused = None
        self._standing, self._kept, self._past = standing, (summary, remark), past
        before = self.step
        self.retell()
        if self._has_acted and self.step != before:  # the button was off meanwhile, and the keys went elsewhere
            self._has_acted = False
            if self.isVisible():
                self.first_field().setFocus(Qt.FocusReason.OtherFocusReason)

    def sending(self, is_so: bool) -> None:
        """Whether something was sent that is not answered yet."""
        self._is_sending = is_so
        if is_so:
            self._refused = None
        self.retell()

    def refuse(self, refused: Refused) -> None:
        """Say why not, beside the field concerned, and put the cursor there."""
        self._is_sending, self._refused = False, refused
        self.retell()
        field = self._field_of(refused.about)
        if field is not None and field.isVisible():
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(field, QLineEdit):
                field.selectAll()

    def _field_of(self, about: str) -> QWidget | None:
        """The field a refusal stands beside."""
        fields: dict[str, QWidget] = {"login": self.login, "password": self.password, "summary": self.summary}
        return (fields | {"reason": self.remark}).get(about)

    def act(self) -> None:
        """Do what the button says; nothing while an answer is waited for."""
        if self._is_sending:
            return
        wishes = {"open": self.open_wanted, "begin": self.begin_wanted, "out": self.out_wanted, "in": self.in_wanted}
        if self.step in wishes:
            self._has_acted = True
            wishes[self.step].emit()

    @property
    def signs_himself(self) -> bool:
        """Whether it is the officer who sits here that takes over."""
        seat, standing = self._seat, self._standing
        return standing is not None and part.why_not_sign_in(standing, seat.officer, seat.now()) is None

    def first_field(self) -> QWidget:
        """Where the cursor belongs."""
        for field in (self.login, self.summary, self.go):
            if field.isVisibleTo(self) and field.isEnabled():
                return field
        return self.go

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, standing = self._seat.words, self._standing
        handover = self._past or (standing.handover if standing else None)
        self.out_label.setText(words("handover.out"))
        self.in_label.setText(words("handover.in"))
        self.summary_label.setText(words("handover.summary"))
        self.summary.setPlaceholderText(words("handover.summary.hint"))
        self.login.setPlaceholderText(words("handover.login"))
        self.password.setPlaceholderText(words("handover.password"))
        for sign, signature in (
            (self.out_sign, handover and handover.signed_out),
            (self.in_sign, handover and handover.signed_in),
        ):
            self.sign(sign, signature)
        self._choose_step()
        self._say()

    def sign(self, label: QLabel, signature: Signature | None) -> None:
        """Say who has signed, and when."""
        _look(label, "live" if signature else "dim")
        label.setText(signed_text(self._seat.words, signature))

    def _choose_step(self) -> None:
        """The one thing this officer may do next; what does not belong to it is not shown."""
        words, seat, standing = self._seat.words, self._seat, self._standing
        handover = standing.handover if standing and self._past is None else None
        now = seat.now()
        self.step = "begin" if handover is None else "out" if handover.signed_out is None else "in"
        asks = {"begin": part.why_not_begin, "out": part.why_not_sign_out, "in": part.why_not_sign_in}
        self.why = asks[self.step](standing, seat.officer, now) if standing is not None else Refused("no_shift")
        label = {"begin": "handover.begin", "out": "handover.sign_out", "in": "handover.sign_in.own"}[self.step]
        if handover is None and part.why_not_open(seat.situation.shifts, seat.officer, now) is None:
            self.step, self.why, label = "open", None, "handover.open"
        if self.step == "in" and self.why is not None:  # whoever comes signs at this desk, by login and password
            label, self.why = "handover.sign_in", None
        if self._past is not None:
            self.step, self.why = "", None
        self.go.setText(words(label, name=seat.officer.name))
        self.go.setVisible(self.step != "")
        self.go.setEnabled(not self._is_sending and self.why is None)
        is_typed = self.step == "out" and self.why is None
        kept = words("sep").join(filter(None, self._kept))
        self.kept.setText(kept)
        self.kept.setVisible(bool(kept) and not is_typed)
        self.summary.setVisible(is_typed)
        self.summary_label.setVisible(is_typed or self.kept.isVisibleTo(self))
        self._show_remark(standing)
        self._who.setVisible(self.step == "in" and not self.signs_himself)
        is_running = self.step == "out" and standing is not None
        can_call_off = is_running and standing is not None and part.why_not_take_back(standing, seat.officer, now) is None
        self.back.setText(words("handover.close_shift" if self.may_close else "handover.take_back"))
        self.back.setVisible(can_call_off or self.may_close)
        self.back.setEnabled(not self._is_sending)

    def _show_remark(self, standing: UnitShifts | None) -> None:
        """The line for a remark: that of who comes, or why the shift ends without another."""
        words, seat = self._seat.words, self._seat
        is_begin = self.step == "begin" and standing is not None
        self.may_close = is_begin and standing is not None and part.why_not_close(standing, seat.officer, seat.now()) is None
        said = "handover.reason" if self.may_close else "handover.remark"
        self.remark_label.setText(words(said))
        self.remark.setPlaceholderText(words(f"{said}.hint"))
        for field in (self.remark_label, self.remark):
            field.setVisible(self.step == "in" or self.may_close)

    def _say(self) -> None:
        """What was refused, else what is waited for, else that nothing is lost yet."""
        words, no = self._seat.words, self._refused or self.why
        if self._is_sending:
            look, text = "dim", words("handover.sending")
        elif no is not None:
            look, text = ("refused" if self._refused else "dim"), refusal_sentence(words, no)
        else:
            look, text = "dim", words("handover.keeps") if self.step in ("out", "in") else ""
        _look(self.said, look)
        self.said.setText(text)
        self.said.setVisible(bool(text))
        concerned = self._field_of(self._refused.about) if self._refused else None
        for field in (self.login, self.password, self.summary, self.remark):
            _flag(field, field is concerned)


def signed_text(words: Words, signature: Signature | None) -> str:
    """Who signed and when; that nobody has."""
    if signature is None:
        return words("handover.unsigned")
    key = "handover.signed.instead" if signature.instead_of else "handover.signed"
    return words(key, name=signature.name, lead=signature.instead_of, at=clock_text(signature.at))


def _look(widget: QWidget, look: str) -> None:
    if widget.property("look") != look:
        widget.setProperty("look", look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _flag(widget: QWidget, is_refused: bool) -> None:
    if bool(widget.property("refused")) != is_refused:
        widget.setProperty("refused", is_refused)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
