"""The row below a clip that is played: play, step, seek, speed, when the picture was, copy, back to live. Main thread only."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from desktop.phrases import countdown
from desktop.seat import Seat
from desktop.video_strip import SaidLine

DOES = ("play", "back", "on", "slower", "faster", "copy", "live")
SIGNS = {"back": "‹", "on": "›", "slower": "－", "faster": "＋"}
PLAYS, STANDS = "❚❚", "▶"
TICKS_A_SECOND = 10
HIGH_PX = 58


class ClipBar(QWidget):
    """Two rows. Wishes: `wanted` with what a button does, `seek_wanted` with seconds from the beginning."""

    wanted = Signal(str)
    seek_wanted = Signal(float)

    def __init__(self, seat: Seat) -> None:
        """Nothing is played."""
        super().__init__()
        self._seat = seat
        self.setFixedHeight(HIGH_PX)
        self.said, self.speed, self.where = SaidLine(), QLabel(), QLabel()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.slider.sliderMoved.connect(lambda at: self.seek_wanted.emit(at / TICKS_A_SECOND))
        self.slider.actionTriggered.connect(self._jumped)
        self.does = {name: QPushButton(SIGNS.get(name, "")) for name in DOES}
        for name, button in self.does.items():
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, name=name: self.wanted.emit(name))
        for label in (self.speed, self.where):
            label.setProperty("look", "figures")
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for part in (self.does["play"], self.does["back"], self.does["on"]):
            upper.addWidget(part)
        upper.addWidget(self.slider, 1)
        upper.addWidget(self.where)
        lower.addWidget(self.said, 1)
        lower.addWidget(self.does["slower"])
        lower.addWidget(self.speed)
        for name in ("faster", "copy", "live"):
            lower.addWidget(self.does[name])
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 2, 6, 4)
        column.setSpacing(2)
        for row in (upper, lower):
            row.setSpacing(4)
            column.addLayout(row)

    def show_time(self, position_s: float, length_s: float, is_standing: bool, speed: float) -> None:
        """How far it was played of how long it is, at what speed."""
        self.slider.setMaximum(max(1, round(length_s * TICKS_A_SECOND)))
        if not self.slider.isSliderDown():
            self.slider.setValue(round(position_s * TICKS_A_SECOND))
        self.where.setText(f"{countdown(position_s)} / {countdown(length_s)}")
        self.speed.setText(f"{speed:g}×")
        self.does["play"].setText(STANDS if is_standing else PLAYS)

    def say(self, text: str, look: str) -> None:
        """What is known of the clip."""
        if self.said.property("look") != look:
            self.said.setProperty("look", look)
            self.said.style().polish(self.said)
        self.said.say(text)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        for name, button in self.does.items():
            if name in ("copy", "live"):
                button.setText(words(f"clips.{name}"))
            button.setToolTip(words(f"clips.{name}.tip"))

    def _jumped(self, _action: int) -> None:
        """A click beside the handle."""
        if not self.slider.isSliderDown():
            self.seek_wanted.emit(self.slider.sliderPosition() / TICKS_A_SECOND)
