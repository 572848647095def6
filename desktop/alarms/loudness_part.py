"""The settings of the alarms: how loud, muted until when, and what each of the four sounds is."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from desktop.alarms.kinds import Sound
from desktop.alarms.sound_thread import Device
from desktop.alarms.standing import SHELF_MINUTES
from desktop.alarms.tones import LOUDEST
from desktop.phrases import clock_text
from desktop.seat import Seat
from desktop.shortcuts import key_of


class LoudnessPart(QWidget):
    """Wishes: `loudness_wanted`, `mute_wanted` with so many minutes (0: no longer), `sound_wanted` to hear one."""

    loudness_wanted = Signal(int)
    mute_wanted = Signal(int)
    sound_wanted = Signal(object)
    """Sound."""

    def __init__(self, seat: Seat) -> None:
        """Nothing known of a device yet."""
        super().__init__()
        self._seat = seat
        self._device: Device | None = None
        self._muted_until: datetime | None = None
        self.setProperty("look", "raised")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.loudness_name, self.loudness, self.step = QLabel(), QSlider(Qt.Orientation.Horizontal), QLabel()
        self.hear_name, self.mute_name, self.note = QLabel(), QLabel(), QLabel()
        self.loudness.setRange(0, LOUDEST)
        self.loudness.setPageStep(2)
        self.loudness.setFixedWidth(130)
        self.loudness.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.step.setMinimumWidth(48)
        self.hear = {sound: QPushButton() for sound in Sound}
        self.mutes = {minutes: QPushButton() for minutes in (*SHELF_MINUTES, 0)}
        for label in (self.loudness_name, self.hear_name, self.mute_name, self.note, self.step):
            label.setProperty("look", "dim")
        self.note.setWordWrap(True)
        for button in (*self.hear.values(), *self.mutes.values()):
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.loudness.valueChanged.connect(self._moved)
        for sound, button in self.hear.items():
            button.clicked.connect(lambda _on=False, sound=sound: self.sound_wanted.emit(sound))
        for minutes, button in self.mutes.items():
            button.clicked.connect(lambda _on=False, minutes=minutes: self.mute_wanted.emit(minutes))
        self._lay_out()

    def _lay_out(self) -> None:
        upper, lower = QHBoxLayout(), QHBoxLayout()
        for line in (upper, lower):
            line.setSpacing(4)
        for part in (self.loudness_name, self.loudness, self.step):
            upper.addWidget(part)
        upper.addStretch(1)
        upper.addWidget(self.hear_name)
        for button in self.hear.values():
            upper.addWidget(button)
        lower.addWidget(self.mute_name)
        for button in self.mutes.values():
            lower.addWidget(button)
        lower.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(upper)
        column.addLayout(lower)
        column.addWidget(self.note)

    def show_set(self, loudness: int, muted_until: datetime | None, device: Device | None) -> None:
        """Show what is set, and what the sound thread says of the device."""
        self._device, self._muted_until = device, muted_until
        if self.loudness.value() != loudness:
            self.loudness.blockSignals(True)
            self.loudness.setValue(loudness)
            self.loudness.blockSignals(False)
        self.retell()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words, value = self._seat.words, self.loudness.value()
        self.loudness_name.setText(words("alarm.loudness"))
        self.step.setText(f"{value} / {LOUDEST}" if value else words("alarm.loudness.off"))
        self.hear_name.setText(words("alarm.hear"))
        for sound, button in self.hear.items():
            button.setText(words(f"alarm.sound.{sound}"))
            button.setToolTip(words("alarm.hear.tip", what=words(f"alarm.sound.{sound}")))
        until = self._muted_until
        self.mute_name.setText(words("alarm.muted", until=clock_text(until)) if until else words("alarm.mute"))
        for minutes, button in self.mutes.items():
            button.setText(str(minutes) if minutes else words("alarm.unmute"))
            what = words("alarm.mute.tip", minutes=minutes) if minutes else words("alarm.unmute.tip")
            button.setToolTip(what if minutes not in (0, 15) else words("tip.key", what=what, key=key_of("mute")))
            button.setVisible(bool(minutes) or until is not None)
        device = self._device
        is_silent = device is not None and not device.name
        self.note.setText(words("alarm.no_device") if is_silent else words("alarm.mute.note"))
        self.note.setToolTip(device.why_not if is_silent and device is not None else "")

    def _moved(self, value: int) -> None:
        self.loudness_wanted.emit(value)
        self.retell()
