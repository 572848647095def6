"""A line below the top bar that asks why cameras are watched which nobody opens without a word; never takes the keys itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from desktop.camera_addresses import CameraAddresses
from desktop.camera_reasons import CameraReasons
from desktop.phrases import key_tip
from desktop.seat import Seat
from desktop.style.as_written import show_as_written
from governance.camera_rights import LONGEST_REASON, SHORTEST_REASON

SECOND_MS, NAMED, NARROWEST_PX = 1_000, 3, 260
KEY = Qt.Key


class ReasonBar(QWidget):
    """Hidden while no camera waits. One reason is for all that wait. Main thread only."""

    left = Signal()
    """The keys are wanted elsewhere again."""

    def __init__(self, seat: Seat, addresses: CameraAddresses, reasons: CameraReasons) -> None:
        """Nothing waits."""
        super().__init__()
        self._seat, self._addresses, self._reasons = seat, addresses, reasons
        self._told_of: set[str] = set()
        self._is_fresh = False
        """Whether a camera began to wait in what is being done this moment."""
        self.setProperty("look", "bar")
        self.setProperty("alarm", True)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.text, self.wrong, self.line = QLabel(), QLabel(), QLineEdit()
        self.text.setWordWrap(True)
        show_as_written(self.text)
        self.wrong.setProperty("look", "refused")
        self.line.setMaxLength(LONGEST_REASON)
        self.line.setMinimumWidth(NARROWEST_PX)
        self.line.installEventFilter(self)
        self.give, self.none = QPushButton(), QPushButton()
        self.give.setProperty("look", "go")
        for button in (self.give, self.none):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 4, 14, 4)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        row.addWidget(self.line, 1)
        for part in (self.wrong, self.give, self.none):
            row.addWidget(part)
        self.give.clicked.connect(self.write)
        self.none.clicked.connect(self.decline)
        self._second = QTimer(self)
        self._second.setInterval(SECOND_MS)
        self._second.timeout.connect(self._pass_time)
        addresses.held_changed = self._held_changed
        seat.ask_reason = self.begin_if_asked
        self.hide()
        self.retell()

    def begin(self) -> None:
        """The officer wants to write; what he declined before is asked for once more."""
        if not self._addresses.held:
            self._addresses.want_again()
        self._take_keys()

    def begin_if_asked(self) -> None:
        """The keys are in the line where the officer himself just opened a camera that waits; not for what came by itself."""
        if self._is_fresh:
            QTimer.singleShot(0, self, self._take_keys)  # whatever was done may still hand the keys on

    def write(self) -> None:
        """What was written is the reason for all that wait; too little is said, and stays."""
        text = " ".join(self.line.text().split())
        if len(text) < SHORTEST_REASON:
            self.wrong.setText(self._seat.words("reason.short", least=SHORTEST_REASON))
            self.wrong.show()
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        waiting = list(self._addresses.held)
        self._reasons.write(waiting, text)
        self._done()
        self._addresses.release(waiting)

    def decline(self) -> None:
        """Nothing is written: they stay dark."""
        self._done()
        self._addresses.decline(list(self._addresses.held))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.line.setPlaceholderText(words("reason.hint", least=SHORTEST_REASON))
        self.give.setText(words("reason.give"))
        self.give.setToolTip(words("tip.key", what=words("reason.give"), key="Enter"))
        self.none.setText(words("reason.none"))
        self.none.setToolTip(words("reason.none.tip"))
        self.line.setToolTip(key_tip(words, "video_reason"))
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter writes, Esc gives the keys back and leaves the line as it is."""
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        key = KEY(event.key())
        if event.type() == QEvent.Type.ShortcutOverride and key == KEY.Key_Escape:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if key in (KEY.Key_Return, KEY.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.write()
        elif key == KEY.Key_Escape:
            self.left.emit()
        else:
            return False
        return True

    def _tell(self) -> None:
        """Say for which cameras words are wanted, and why; or go."""
        held = list(self._addresses.held)
        self.setVisible(bool(held))
        if not held:
            self._second.stop()
            return
        self._second.start()
        words, cameras = self._seat.words, self._seat.situation.cameras
        names = [found.name for camera in held[:NAMED] if (found := cameras.get(camera)) is not None]
        is_sensitive = any(self._reasons.because(camera) == "sensitive_camera" for camera in held)
        because = words("reason.sensitive" if is_sensitive else "reason.few")
        more = "" if len(held) <= NAMED else words("reason.more", count=len(held) - NAMED)
        self.text.setText(words("reason.wanted", names=words("sep").join(names) + more, because=because))

    def _held_changed(self) -> None:
        """Others wait now than before."""
        held = set(self._addresses.held)
        if held - self._told_of:
            self._is_fresh = True
            QTimer.singleShot(0, self, self._be_stale)
        self._told_of = held
        self._tell()

    def _be_stale(self) -> None:
        self._is_fresh = False

    def _take_keys(self) -> None:
        if self._addresses.held:
            self._tell()
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _pass_time(self) -> None:
        """Nobody asks for some of them any more; while something is written the line stays."""
        if not self.line.text().strip() and not self.line.hasFocus():
            self._addresses.pass_time()

    def _done(self) -> None:
        had_keys = self.line.hasFocus()
        self.line.clear()
        self.wrong.clear()
        self.wrong.hide()
        if had_keys:
            self.left.emit()
