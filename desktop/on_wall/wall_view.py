"""W: the sheet of a wall over the panels: its slots as they truly are, and buttons that show the keys which work here."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.on_wall.preview import Preview
from desktop.seat import Seat
from desktop.sheet import SheetView
from desktop.style.as_written import show_as_written, tip_as_written

KEY = Qt.Key
KEYS: dict[int, str] = {
    KEY.Key_Return: "push",
    KEY.Key_Enter: "push",
    KEY.Key_M: "map",
    KEY.Key_Delete: "empty",
    KEY.Key_Backspace: "empty",
    KEY.Key_P: "pop_up",
    KEY.Key_T: "take",
    KEY.Key_G: "give",
    KEY.Key_Tab: "next_wall",
    KEY.Key_W: "close",
}
BUTTONS = (("push", "Enter"), ("map", "M"), ("empty", "Delete"), ("pop_up", "P"), ("take", "T"), ("give", "G"))
MOST_SCENES = 9
WIDEST_PX, HIGHEST_PX = 900, 640


class WallView(SheetView):
    """Hidden until asked for. Says `wanted` with the word of a key or button, `scene_wanted` with a name."""

    wanted = Signal(str)
    scene_wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing read yet."""
        super().__init__(parent)
        self._seat = seat
        self.title, self.lease, self.display, self.said = QLabel(), QLabel(), QLabel(), QLabel()
        self.preview = Preview(seat.palette)
        self.scenes: list[QPushButton] = []
        self.buttons = {name: self._button(name) for name, _ in BUTTONS}
        self.names: tuple[str, ...] = ()
        self._lay_out()
        self.preview.pressed_twice.connect(lambda: self.wanted.emit("push"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retell()
        self.hide()

    def place(self) -> None:
        """In the middle of the panels."""
        room = self.room()
        wide, high = min(room.width() - 32, WIDEST_PX), min(room.height() - 32, HIGHEST_PX)
        self.setGeometry(room.x() + (room.width() - wide) // 2, room.y() + (room.height() - high) // 2, wide, high)

    def begin(self) -> None:
        """Come, and take the keys."""
        self.place()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, text: str, look: str = "dim") -> None:
        """Say what came of the last wish."""
        self.said.setText(text)
        self.said.setProperty("look", look)
        self.said.style().unpolish(self.said)
        self.said.style().polish(self.said)

    def show_scenes(self, names: Sequence[str], now: str) -> None:
        """The scenes that may be put, by the digits 1 to 9; `now` is the one that is shown."""
        names = tuple(names[:MOST_SCENES])
        if names != self.names:
            self.names = names
            for button in self.scenes:
                button.deleteLater()
            self.scenes = []
            for number, name in enumerate(names, start=1):
                button = QPushButton(f"{number} {name}")
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.setCheckable(True)
                button.setToolTip(tip_as_written(f"{name} ({number})"))
                button.clicked.connect(lambda _on, name=name: self.scene_wanted.emit(name))
                self._scene_row.insertWidget(number - 1, button)
                self.scenes.append(button)
        for button, name in zip(self.scenes, self.names, strict=True):
            button.setChecked(name == now)

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        words = self._seat.words
        self.preview.wear(self._seat.palette)
        for name, key in BUTTONS:
            self.buttons[name].setText(f"{words(f'wallsheet.{name}')} {key}")
            self.buttons[name].setToolTip(f"{words(f'wallsheet.{name}.tip')} ({key})")
        self.keys.setText(words("wallsheet.keys"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a slot, digits a scene, letters act; no key works behind the sheet."""
        key = event.key()
        if self.preview.step(Qt.Key(key)):
            pass
        elif KEY.Key_1 <= key <= KEY.Key_9 and key - KEY.Key_1 < len(self.names):
            self.scene_wanted.emit(self.names[key - KEY.Key_1])
        elif key in KEYS and not event.isAutoRepeat():
            self.wanted.emit(KEYS[key])
        event.accept()

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Tab goes to the next wall, not to another field."""
        return False

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.wanted.emit(name))
        return button

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        self.keys = QLabel()
        for label in (self.lease, self.display, self.keys, self.said):
            label.setProperty("look", "dim")
        for label in (self.keys, self.said):
            label.setWordWrap(True)
        for label in (self.title, self.lease, self.display, self.said):
            show_as_written(label)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.title)
        head.addWidget(self.lease)
        head.addStretch(1)
        head.addWidget(self.display)
        self._scene_row = QHBoxLayout()
        self._scene_row.setSpacing(6)
        self._scene_row.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(6)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        column.addLayout(self._scene_row)
        column.addLayout(row)
        column.addWidget(self.said)
        column.addWidget(self.keys)
