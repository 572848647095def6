"""The status bar: where the pointer is, what comes in, which keys work right now."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.seat import Seat
from governance.camera import CameraState
from governance.people import Duty

HEIGHT_PX = 24


class StatusBar(QWidget):
    """One thin line below the window."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """A bar that knows nothing yet."""
        super().__init__(parent)
        self._seat = seat
        self._coming = ""
        self.setProperty("look", "status")
        self.setFixedHeight(HEIGHT_PX)
        self.place, self.grid, self.figures, self.keys = QLabel(), QLabel(), QLabel(), QLabel()
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 0, 14, 0)
        line.setSpacing(20)
        for label in (self.place, self.grid, self.figures):
            label.setProperty("look", "figures")
            label.setVisible(label is self.figures)
            line.addWidget(label)
        self.keys.setProperty("look", "figures")
        self.keys.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.keys.setAlignment(self.keys.alignment().AlignRight | self.keys.alignment().AlignVCenter)
        line.addWidget(self.keys, 1)

    def tell_place(self, lon: float, lat: float) -> None:
        """Where the pointer is."""
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
        words, situation = self._seat.words, self._seat.situation
        duty = [worker.duty for worker in situation.workers.people()]
        cameras = list(situation.cameras.all())
        parts = [
            words("status.fixes", rate=f"{fixes_per_s:.0f}"),
            words("status.lag", lag=f"{lag_s:.1f}"),
            words("status.on_duty", on=f"{sum(d not in (Duty.OFF, Duty.ON_CALL) for d in duty):,}", all=f"{len(duty):,}"),
            words("status.cameras", on=f"{sum(c.state is CameraState.ONLINE for c in cameras):,}", all=f"{len(cameras):,}"),
        ]
        self.figures.setText(words("sep").join(parts))

    def tell_keys(self, keys: str) -> None:
        """The keys that work right now."""
        self.keys.setText(keys)
