"""The buttons on the map: what it shows, and a way to turn, tilt and zoom it without the wheel; each shows its key."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat

NAMED = ("home", "metric", "height", "buildings", "print_map", "briefing")
SIGNS = {
    "turn_left": "↺",
    "turn_right": "↻",
    "tilt_down": "▽",
    "tilt_up": "△",
    "zoom_out": "－",
    "zoom_in": "＋",
    "follow": "◎",
    "measure": "↔",
    "bookmarks": "★",
}


class MapStrip(QWidget):
    """One row of flat buttons. Wish: `wanted` with an action's name."""

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
        line = QHBoxLayout(self)
        line.setContentsMargins(4, 4, 4, 4)
        line.setSpacing(2)
        for name in (*NAMED, *SIGNS):
            button = QPushButton(SIGNS.get(name, ""))
            button.setProperty("look", "bar")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if name in SIGNS:
                button.setFixedWidth(30)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            line.addWidget(button)
            self.buttons[name] = button

    def tell(self, metric: str, raised: bool | None, has_buildings: bool) -> None:
        """Say what is shown now, in the language of now."""
        words, self.figure = self._seat.words, metric
        height = {None: "map.auto", True: "map.on", False: "map.off"}[raised]
        self.buttons["home"].setText(words("map.reset"))
        self.buttons["metric"].setText(f"{words('map.metric')}·{words(f'map.metric.{metric}')}")
        self.buttons["height"].setText(f"{words('map.height')}·{words(height)}")
        self.buttons["buildings"].setText(f"{words('map.buildings')}·{words('map.on' if has_buildings else 'map.off')}")
        for name in ("print_map", "briefing"):
            self.buttons[name].setText(words(f"map.{name}"))
        for name, button in self.buttons.items():
            button.setToolTip(key_tip(words, name))
        self.adjustSize()
