"""The status bar: where the pointer is, what comes in, which keys work right now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat
from governance.camera import CameraState
from governance.people import Duty
from governance.redivision import READERS
from governance.rules_rights import MAY_READ
from governance.wall import CONTROLLERS

HEIGHT_PX = 24
GAP = "   "
PANELS = ("panel_board", "float_board", "panel_map", "panel_video", "panel_card", "float_card")
SHOWN = (*PANELS, "roll_call", "indicators", "wall", "rules", "boundaries", "next_draft")


class KeyLine(QLabel):
    """Keys side by side, as many as there is room for, each whole; the last, which tells of all the others, always."""

    keys: tuple[str, ...] = ()

    def tell(self, keys: Sequence[str]) -> None:
        """Show others."""
        self.keys = tuple(keys)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        *first, last = self.keys or ("",)
        shown = GAP.join(self.keys)
        while first and self.fontMetrics().horizontalAdvance(shown) > self.width():
            first.pop()
            shown = GAP.join([*first, "…", last])
        self.setText(shown)
        self.setToolTip(GAP.join(self.keys))


class StatusBar(QWidget):
    """One thin line below the window. Wish: `wanted` with an action's name."""

    wanted = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """A bar that knows nothing yet."""
        super().__init__(parent)
        self._seat = seat
        self._coming = ""
        self._pointer: tuple[float, float] | None = None
        self._figures: tuple[float, float] | None = None
        self.setProperty("look", "status")
        self.setFixedHeight(HEIGHT_PX)
        self.place, self.grid, self.figures, self.keys = QLabel(), QLabel(), QLabel(), KeyLine()
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(20)
        for label in (self.place, self.grid, self.figures):
            label.setProperty("look", "figures")
            label.setVisible(label is self.figures)
            line.addWidget(label)
        self.buttons = {name: QPushButton() for name in SHOWN}
        if seat.officer.role not in MAY_READ:
            self.buttons["rules"].hide()
        if seat.officer.role not in READERS:
            self.buttons["boundaries"].hide()
        if seat.officer.role not in CONTROLLERS:
            self.buttons["wall"].hide()
        for name, button in self.buttons.items():
            button.setProperty("look", "status")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, wanted=name: self.wanted.emit(wanted))
            line.addWidget(button)
        self.keys.setProperty("look", "figures")
        self.keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keys.setAlignment(self.keys.alignment().AlignRight | self.keys.alignment().AlignVCenter)
        line.addWidget(self.keys, 1)
        self._drafts = 0
        self.retell()

    def tell_place(self, lon: float, lat: float) -> None:
        """Where the pointer is."""
        self._pointer = (lon, lat)
        east, north = ("E" if lon >= 0 else "W"), ("N" if lat >= 0 else "S")
        datum = self._seat.words("status.datum")
        self.place.setText(f"{abs(lon):.4f}{east} {abs(lat):.4f}{north} {datum}")
        code = self._seat.grid_at(lon, lat)
        self.place.show()
        self.grid.setVisible(bool(code))
        name = self._seat.place_short(code, "") if code else ""
        self.grid.setText(f"{code[:12]}-{code[12:]}  {name}" if len(code) == 15 else code)

    def tell_packs(self, done: int, wanted: int) -> None:
        """How much of the map has come, until all of it has."""
        is_coming = done < wanted
        if is_coming or self.grid.text() == self._coming:
            self._coming = self._seat.words("loading.packs", done=done, all=wanted) if is_coming else ""
            self.grid.setText(self._coming)
            self.grid.setVisible(is_coming)

    def tell_figures(self, fixes_per_s: float, lag_s: float) -> None:
        """What comes in, and who and what is there."""
        self._figures = (fixes_per_s, lag_s)
        words, situation = self._seat.words, self._seat.situation
        duty = [worker.duty for worker in situation.workers.people() if worker.is_in_field]
        cameras = list(situation.cameras.all())
        parts = [
            words("status.fixes", rate=f"{fixes_per_s:.0f}"),
            words("status.lag", lag=f"{lag_s:.1f}"),
            words("status.on_duty", on=f"{sum(d not in (Duty.OFF, Duty.ON_CALL) for d in duty):,}", all=f"{len(duty):,}"),
            words("status.cameras", on=f"{sum(c.state is CameraState.ONLINE for c in cameras):,}", all=f"{len(cameras):,}"),
        ]
        self.figures.setText(words("sep").join(parts))

    def tell_drafts(self, count: int) -> None:
        """How many reports were begun and put aside."""
        self._drafts = count
        self.buttons["next_draft"].setText(self._seat.words("bar.drafts", count=count))
        self.buttons["next_draft"].setVisible(bool(count))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        for name, button in self.buttons.items():
            button.setToolTip(key_tip(words, name))
            if name.startswith("panel_"):
                button.setText(words(name.replace("_", ".")))
            elif name.startswith("float_"):
                button.setText("↗")
            elif name in ("roll_call", "indicators", "wall", "rules", "boundaries"):
                button.setText(words(f"action.{name}"))
        self.tell_drafts(self._drafts)
        if self._pointer is not None:
            self.tell_place(*self._pointer)
        if self._figures is not None:
            self.tell_figures(*self._figures)

    def of_incidents(self) -> tuple[QWidget, ...]:
        """What tells of incidents, workers and panels: nothing for a post that sees none."""
        others = (button for name, button in self.buttons.items() if name not in ("rules", "boundaries"))
        return (self.place, self.grid, self.figures, *others)

    def tell_keys(self, keys: Sequence[str]) -> None:
        """The keys that work right now, the one that shows all of them last."""
        self.keys.tell(keys)
