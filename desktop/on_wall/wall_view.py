"""W: the sheet of a wall beside the map: its slots as they truly are, and buttons that show the keys which work here.

It stands to the right, over the card: tiles, tree, map and what was found stay in reach, so that a camera can be dragged from
there into a slot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.on_wall.buttons_told import BUTTONS, ButtonTold
from desktop.on_wall.menus import lasts_menu, shapes_menu
from desktop.on_wall.preview import STEPS, Preview
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
    KEY.Key_Space: "lock",
    KEY.Key_R: "reserve",
    KEY.Key_L: "shape",
    KEY.Key_P: "pop_up",
    KEY.Key_D: "lasts",
    KEY.Key_T: "take",
    KEY.Key_G: "give",
    KEY.Key_Tab: "next_wall",
    KEY.Key_W: "close",
}
CTRL = Qt.KeyboardModifier.ControlModifier
MOST_SCENES = 9
ACROSS = 4
"""Buttons of one row."""
SHARE, LEAST_PX, WIDEST_PX = 0.36, 500, 680
"""How wide it is: a share of the window, within bounds."""
REST_PX, EDGE_PX = 345, 8
"""How much higher than the wall itself it is, and how far from the edge."""


class WallView(SheetView):
    """Hidden until asked for. Says `wanted` with the word of a key or button; what else it wants has signals of its own."""

    wanted = Signal(str)
    scene_wanted = Signal(str)
    shape_wanted = Signal(str)
    lasts_wanted = Signal(int)
    swap_wanted = Signal(int, int)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing read yet."""
        super().__init__(parent)
        self._seat = seat
        self.title, self.lease, self.display, self.note, self.said = (QLabel() for _ in range(5))
        self.blank, self.keys = QLabel(), QLabel()
        self.preview = Preview(seat.palette)
        self.scenes: list[QPushButton] = []
        self.buttons = {name: self._button(name) for name, _ in BUTTONS}
        self.names: tuple[str, ...] = ()
        self.menu: QMenu | None = None
        self._lay_out()
        self.preview.pressed_twice.connect(lambda: self.wanted.emit("push"))
        self.preview.swap_wanted.connect(self.swap_wanted)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.retell()
        self.hide()

    def place(self) -> None:
        """To the right of the panels, from the top."""
        room = self.room()
        wide = min(max(round(room.width() * SHARE), LEAST_PX), WIDEST_PX, room.width() - 2 * EDGE_PX)
        high = min(round((wide - 32) * 9 / 16) + REST_PX, room.height() - 2 * EDGE_PX)
        self.setGeometry(room.x() + room.width() - wide - EDGE_PX, room.y() + EDGE_PX, wide, high)

    def begin(self) -> None:
        """Come, and take the keys."""
        self.place()
        self.show()
        self.raise_()
        self.take_keys()

    def take_keys(self) -> None:
        """The keys are the sheet's."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- what is shown ---------------------------------------------------------------------------------------------

    def show_none(self, why: str) -> None:
        """There is no wall to show: say why in its place."""
        self.title.setText(self._seat.words("wallsheet.title"))
        for label in (self.lease, self.display, self.note):
            label.clear()
        self.show_scenes((), "")
        self.blank.setText(why)
        self._show_blank(bool(why))

    def show_head(self, title: str, lease: str, display: str, *, is_well: bool, note: str) -> None:
        """Say what wall it is, whose it is, who displays it, and what keeps the officer from changing it."""
        self.title.setText(title)
        self.lease.setText(lease)
        self.display.setText(display)
        _look(self.display, "dim" if is_well else "warn")
        self.note.setText(note)
        self._show_blank(False)
        self.note.setVisible(bool(note))

    def show_buttons(self, told: Mapping[str, ButtonTold]) -> None:
        """Say what every button would do; one that does nothing is grey and says why."""
        for name, button in self.buttons.items():
            each = told[name]
            button.setText(each.label)
            button.setToolTip(tip_as_written("\n".join(filter(None, (each.why_not, each.tip)))))
            _set(button, "off", bool(each.why_not))
        for button in self.scenes:
            _set(button, "off", bool(told["shape"].why_not))
            button.setToolTip(tip_as_written("\n".join(filter(None, (told["shape"].why_not, button.text())))))

    def show_scenes(self, names: Sequence[str], now: str) -> None:
        """The scenes that may be put, by the digits 1 to 9; `now` is the one that is shown."""
        names = tuple(names[:MOST_SCENES])
        if names != self.names:
            self.names = names
            for button in self.scenes:
                button.deleteLater()
            self.scenes = []
            for number, name in enumerate(names):
                button = QPushButton(f"{number + 1} {name}")
                button.setProperty("look", "choice")
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.setCheckable(True)
                button.clicked.connect(lambda _on, name=name: self.scene_wanted.emit(name))
                self._scene_rows.addWidget(button, number // ACROSS, number % ACROSS)
                self.scenes.append(button)
        for button, name in zip(self.scenes, self.names, strict=True):
            button.setChecked(name == now)

    def tell(self, text: str, look: str = "dim") -> None:
        """Say what came of the last wish."""
        self.said.setText(text)
        _look(self.said, look)

    def forget(self, look: str) -> None:
        """What was said last is over, where it was said with such a look."""
        if self.said.property("look") == look:
            self.tell("")

    def open_shapes(self, current: str) -> None:
        """The list of shapes, below its button."""
        self._open(shapes_menu(self._seat, self, current, self.shape_wanted.emit), "shape")

    def open_lasts(self, current_s: int) -> None:
        """The list of times, below its button."""
        self._open(lasts_menu(self._seat, self, current_s, self.lasts_wanted.emit), "lasts")

    def retell(self) -> None:
        """Say what never changes again, in the language and the colours of now."""
        self.preview.wear(self._seat.palette)
        self.keys.setText(self._seat.words("wallsheet.keys"))

    # ---- keys ------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows choose a slot, with Ctrl exchange, digits put a scene, letters act; no key works behind the sheet."""
        key = KEY(event.key())
        event.accept()
        if event.modifiers() & CTRL:
            if key in STEPS and (other := self.preview.beside(key)) != self.preview.slot:
                self.swap_wanted.emit(self.preview.slot, other)
            elif key == KEY.Key_Z:
                self.wanted.emit("undo")
        elif self.preview.step(key):
            pass
        elif KEY.Key_1 <= key <= KEY.Key_9 and key - KEY.Key_1 < len(self.names):
            self.scene_wanted.emit(self.names[key - KEY.Key_1])
        elif key in KEYS and not event.isAutoRepeat():
            self.wanted.emit(KEYS[key])

    def focusNextPrevChild(self, _next: bool) -> bool:
        """Tab goes to the next wall, not to another field."""
        return False

    # ---- inside ----------------------------------------------------------------------------------------------------

    def _show_blank(self, is_blank: bool) -> None:
        self.blank.setVisible(is_blank)
        for part in (self.preview, self.lease, self.display, self.note, self.keys):
            part.setVisible(not is_blank)

    def _open(self, menu: QMenu, name: str) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu, button = menu, self.buttons[name]
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _button(self, name: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("look", "action")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self.wanted.emit(name))
        return button

    def _lay_out(self) -> None:
        self.title.setProperty("look", "title")
        for label in (self.lease, self.display, self.keys, self.said):
            label.setProperty("look", "dim")
        self.note.setProperty("look", "warn")
        self.blank.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.blank.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (self.title, self.lease, self.display, self.note, self.blank, self.keys, self.said):
            label.setWordWrap(True)
        show_as_written(self.title, self.lease, self.display, self.note, self.blank, self.said)
        self._scene_rows, rows = QGridLayout(), QGridLayout()
        for grid in (self._scene_rows, rows):
            grid.setSpacing(6)
            for number in range(ACROSS):
                grid.setColumnStretch(number, 1)
        for number, button in enumerate(self.buttons.values()):
            rows.addWidget(button, number // ACROSS, number % ACROSS)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        for part in (self.title, self.lease, self.display):
            column.addWidget(part)
        column.addWidget(self.preview, 1)
        column.addWidget(self.blank, 1)
        column.addWidget(self.note)
        column.addLayout(self._scene_rows)
        column.addLayout(rows)
        for part in (self.said, self.keys):
            column.addWidget(part)


def _look(label: QLabel, look: str) -> None:
    _set(label, "look", look)


def _set(widget: QWidget, name: str, value: object) -> None:
    """A property the style sheet looks at; the widget is only polished where it changes."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
