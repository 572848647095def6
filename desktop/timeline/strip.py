"""The strip under the map: which period, where the replay stands, how fast, what happened; lays out and emits wishes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.phrases import key_tip
from desktop.seat import Seat
from desktop.style.as_written import show_as_written, tip_as_written
from desktop.timeline.scale import Scale
from desktop.timeline.typed_line import TypedLine

PRESETS = ("hour", "shift_before", "shift", "today")
SIGNS = {"past_back": "◀|", "past_play": "▶", "past_on": "|▶", "past_slower": "－", "past_faster": "＋"}
PAUSED, GOING = "▶", "Ⅱ"
SIDE_PX, TYPED_PX, TYPED_LEAST_PX, SIGN_PX, SPEED_PX = 8, 190, 110, 34, 48


class TimelineStrip(QWidget):
    """Hidden until asked for. Main thread only."""

    wanted = Signal(str)
    """An action of the key table."""
    preset = Signal(str)
    """One of PRESETS."""
    typed = Signal(str)
    """A period as it was typed."""
    tracks_dropped = Signal()

    def __init__(self, seat: Seat) -> None:
        """Nothing is shown yet."""
        super().__init__()
        self._seat = seat
        self.setProperty("look", "status")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.presets = {name: self._button("small") for name in PRESETS}
        self.buttons = {name: self._button("small") for name in (*SIGNS, "past_track", "live")}
        self.line, self.period, self.at, self.speed, self.said = TypedLine(), QLabel(), QLabel(), QLabel(), QLabel()
        self.tracks, self._tracks_whole = self._button("line"), ""
        self.scale = Scale(seat)
        self._lay_out()
        for name, button in self.presets.items():
            button.clicked.connect(lambda _on=False, name=name: self.preset.emit(name))
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, name=name: self.wanted.emit(name))
        self.tracks.clicked.connect(self.tracks_dropped)
        self.line.entered.connect(self.typed)
        self.tell_going(is_going=False, speed=60, is_there=False)
        self.say("", "dim")
        self.tell_tracks("")
        self.retell()

    def _button(self, look: str) -> QPushButton:
        button = QPushButton()
        button.setProperty("look", look)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return button

    def _lay_out(self) -> None:
        for name, text in SIGNS.items():
            self.buttons[name].setText(text)
            self.buttons[name].setFixedWidth(SIGN_PX)
        self.line.setMinimumWidth(TYPED_LEAST_PX)
        self.line.setMaximumWidth(TYPED_PX)
        self.line.setMaxLength(60)
        self.speed.setFixedWidth(SPEED_PX)
        self.speed.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.at.setProperty("look", "clock")
        self.period.setProperty("look", "dim")
        for label in (self.said, self.period):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # a long line widens no window
        show_as_written(self.said, self.period)
        self.buttons["live"].setProperty("look", "go")
        first, second, third = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for part in (*self.presets.values(), self.line):
            first.addWidget(part)
        first.addWidget(self.period, 1)
        for name in ("past_track", "live"):
            first.addWidget(self.buttons[name])
        for part in (*(self.buttons[n] for n in ("past_back", "past_play", "past_on", "past_slower")), self.speed):
            second.addWidget(part)
        for part in (self.buttons["past_faster"], self.at):
            second.addWidget(part)
        second.addWidget(self.scale, 1)
        third.addWidget(self.said, 1)
        third.addWidget(self.tracks)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 4, SIDE_PX, 4)
        column.setSpacing(2)
        for row in (first, second, third):
            row.setSpacing(6)
            column.addLayout(row)

    def tell_going(self, *, is_going: bool, speed: int, is_there: bool) -> None:
        """How it goes on; `is_there`: a period was read, and its buttons do something."""
        self.buttons["past_play"].setText(GOING if is_going else PAUSED)
        self.speed.setText(f"{speed}×")
        for name in SIGNS:
            self.buttons[name].setEnabled(is_there)
        self.scale.setEnabled(is_there)
        self.scale.setVisible(is_there)
        self.at.setVisible(is_there)

    def tell_moment(self, moment_s: float, text: str) -> None:
        """Where it stands."""
        self.scale.stand_at(moment_s)
        self.at.setText(text)

    def tell_period(self, text: str, more: str = "") -> None:
        """Which period is shown; `more`: what of it is missing."""
        self.period.setText(text)
        self.period.setToolTip(tip_as_written("\n".join(part for part in (text, more) if part)))
        self._look(self.period, "warn" if more else "dim")

    def tell_tracks(self, text: str, whole: str = "") -> None:
        """Whose tracks are shown, and in the tip how far each reaches; a click takes them away."""
        self.tracks.setText(text)
        self.tracks.setVisible(bool(text))
        self._tracks_whole = whole
        self._tip_tracks()

    def _tip_tracks(self) -> None:
        self.tracks.setToolTip("\n".join(part for part in (self._tracks_whole, self._seat.words("past.tracks.tip")) if part))

    def say(self, text: str, look: str) -> None:
        """What happened last, how far the reading is, or what is wrong."""
        self.said.setText(text)
        self.said.setToolTip(tip_as_written(text))
        self._look(self.said, look)

    def _look(self, label: QLabel, look: str) -> None:
        if label.property("look") != look:
            label.setProperty("look", look)
            label.style().unpolish(label)
            label.style().polish(label)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        for name, button in self.presets.items():
            button.setText(words(f"past.preset.{name}"))
            button.setToolTip(words(f"past.preset.{name}.tip"))
        for name, button in self.buttons.items():
            button.setToolTip(key_tip(words, name))
        self.buttons["past_track"].setText(words("past.track"))
        self.buttons["live"].setText(words("past.live"))
        self.line.setPlaceholderText(words("past.typed.hint"))
        self.line.setToolTip(words("past.typed.tip"))
        self._tip_tracks()
        self.speed.setToolTip(words("past.speed.tip"))
        self.scale.update()
