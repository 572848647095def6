"""The buttons on the map: what it shows, ways to turn, tilt and zoom it without the wheel, and what is done on it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat
from governance.camera_rights import EDITORS

NAMED = ("home", "metric", "height", "buildings")
SIGN_PX, WIDEST_PX = 30, 16_777_215
SIGNS = {
    "turn_left": "↺",
    "turn_right": "↻",
    "tilt_down": "▽",
    "tilt_up": "△",
    "zoom_out": "－",
    "zoom_in": "＋",
}
TOOLS = {
    "follow": "◎",
    "measure": "↔",
    "pick_area": "□",
    "bookmarks": "★",
    "sight": "◇",
    "edit_sector": "◤",
    "past": "«",
    "print_map": "⇩",
    "briefing": "≡",
}
"""A word each, and a sign where the map is too narrow for the words."""
OF_FEW = {"edit_sector": EDITORS}
"""Tools that stand there only for those who may use them."""


class MapStrip(QWidget):
    """Flat buttons in one row or two. Wish: `wanted` with an action's name."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget) -> None:
        """Buttons that say nothing before `tell`."""
        super().__init__(parent)
        self._seat = seat
        self.figure = ""
        """By which figure the grids are coloured: open, overdue, coverage, visited or off."""
        self.has_words = True
        self._tools = tuple(name for name in TOOLS if seat.officer.role in OF_FEW.get(name, {seat.officer.role}))
        self.setProperty("look", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: dict[str, QPushButton] = {}
        rows = self._whole = QVBoxLayout(self)
        rows.setContentsMargins(4, 4, 4, 4)
        rows.setSpacing(2)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        self._laid: tuple[tuple[str, ...], ...] = ()
        for row in self._rows:
            row.setSpacing(2)
            row.addStretch(1)
            rows.addLayout(row)
        for name in (*NAMED, *SIGNS, *self._tools):
            button = QPushButton(SIGNS.get(name, ""), self)
            button.setProperty("look", "bar")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if name in SIGNS:
                button.setFixedWidth(SIGN_PX)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            self.buttons[name] = button
        self._lay(((*NAMED, *SIGNS, *self._tools), ()))

    def tell(self, metric: str, raised: bool | None, has_buildings: bool) -> None:
        """Say what is shown now, in the language of now."""
        words, self.figure = self._seat.words, metric
        height = {None: "map.auto", True: "map.on", False: "map.off"}[raised]
        self.buttons["home"].setText(words("map.reset"))
        self.buttons["metric"].setText(f"{words('map.metric')}·{words(f'map.metric.{metric}')}")
        self.buttons["height"].setText(f"{words('map.height')}·{words(height)}")
        self.buttons["buildings"].setText(f"{words('map.buildings')}·{words('map.on' if has_buildings else 'map.off')}")
        self._tell_tools()
        for name, button in self.buttons.items():
            button.setToolTip(key_tip(words, name))
        self.adjustSize()

    def fit(self, room_px: int) -> None:
        """Stand in one row where there is room for it; else what is done stands below what is shown, as signs if need be."""
        for button in self.buttons.values():
            button.ensurePolished()
        self.has_words = True
        self._tell_tools()
        shows, does = self._wide((*NAMED, *SIGNS)), self._wide(self._tools)
        if shows + does <= room_px:
            self._lay(((*NAMED, *SIGNS, *self._tools), ()))
        elif max(shows, does) <= room_px:
            self._lay(((*NAMED, *SIGNS), self._tools))
        else:
            self.has_words = False
            self._tell_tools()
            self._lay((NAMED, (*SIGNS, *self._tools)))
        self._whole.invalidate()
        self._whole.activate()
        self.resize(self._whole.sizeHint())

    def _tell_tools(self) -> None:
        for name, sign in ((name, TOOLS[name]) for name in self._tools):
            self.buttons[name].setText(self._seat.words(f"strip.{name}") if self.has_words else sign)
            self.buttons[name].setMinimumWidth(0 if self.has_words else SIGN_PX)
            self.buttons[name].setMaximumWidth(WIDEST_PX if self.has_words else SIGN_PX)

    def _wide(self, names: Iterable[str]) -> int:
        """How wide a row of these would be."""
        widths = [SIGN_PX if name in SIGNS else self.buttons[name].sizeHint().width() for name in names]
        return sum(width + 2 for width in widths) + 6

    def _lay(self, rows: tuple[tuple[str, ...], ...]) -> None:
        """Put the buttons into the rows."""
        if rows == self._laid:
            return
        self._laid = rows
        for button in self.buttons.values():
            for row in self._rows:
                row.removeWidget(button)
        for row, names in zip(self._rows, rows, strict=True):
            for at, name in enumerate(names):
                row.insertWidget(at, self.buttons[name])
