"""The buttons on the map: what it shows, and a way to turn, tilt and zoom it without the wheel; each shows its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat

NAMED = ("home", "metric", "height", "buildings")
SIGN_PX = 30
SIGNS = {
    "turn_left": "↺",
    "turn_right": "↻",
    "tilt_down": "▽",
    "tilt_up": "△",
    "zoom_out": "－",
    "zoom_in": "＋",
    "follow": "◎",
    "measure": "↔",
    "pick_area": "□",
    "bookmarks": "★",
    "sight": "◇",
    "past": "«",
    "print_map": "⇩",
    "briefing": "≡",
}


class MapStrip(QWidget):
    """Flat buttons in one row, or the signs below the words where they do not fit. Wish: `wanted` with an action's name."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget) -> None:
        """Buttons that say nothing before `tell`."""
        super().__init__(parent)
        self._seat = seat
        self.figure = ""
        """By which figure the grids are coloured: open, overdue or off."""
        self.setProperty("look", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.buttons: dict[str, QPushButton] = {}
        rows = self._whole = QVBoxLayout(self)
        rows.setContentsMargins(4, 4, 4, 4)
        rows.setSpacing(2)
        self._rows = (QHBoxLayout(), QHBoxLayout())
        for row in self._rows:
            row.setSpacing(2)
            row.addStretch(1)
            rows.addLayout(row)
        for name in (*NAMED, *SIGNS):
            button = QPushButton(SIGNS.get(name, ""))
            button.setProperty("look", "bar")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if name in SIGNS:
                button.setFixedWidth(SIGN_PX)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            self._rows[0].insertWidget(len(self.buttons), button)
            self.buttons[name] = button

    def tell(self, metric: str, raised: bool | None, has_buildings: bool) -> None:
        """Say what is shown now, in the language of now."""
        words, self.figure = self._seat.words, metric
        height = {None: "map.auto", True: "map.on", False: "map.off"}[raised]
        self.buttons["home"].setText(words("map.reset"))
        self.buttons["metric"].setText(f"{words('map.metric')}·{words(f'map.metric.{metric}')}")
        self.buttons["height"].setText(f"{words('map.height')}·{words(height)}")
        self.buttons["buildings"].setText(f"{words('map.buildings')}·{words('map.on' if has_buildings else 'map.off')}")
        for name, button in self.buttons.items():
            button.setToolTip(key_tip(words, name))
        self.adjustSize()

    def fit(self, room_px: int) -> None:
        """Stand in one row where there is room for it, in two where there is not."""
        for button in self.buttons.values():
            button.ensurePolished()
        widths = (SIGN_PX if name in SIGNS else button.sizeHint().width() for name, button in self.buttons.items())
        wide = sum(width + 2 for width in widths) + 6
        signs = self._rows[1 if wide > room_px else 0]
        if signs.indexOf(self.buttons["turn_left"]) < 0:
            for name in SIGNS:
                signs.insertWidget(signs.count() - 1, self.buttons[name])
        self._whole.invalidate()
        self._whole.activate()
        self.resize(self._whole.sizeHint())
