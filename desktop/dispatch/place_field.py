"""A place: an address, coordinates, or a click on the map; below it where that lies."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.fields import WrappedLine
from desktop.dispatch.report_form import COORDINATES, place_typed
from desktop.phrases import lonlat_text
from desktop.seat import Seat
from governance.places import LonLat
from governance.refusal import Refused


class PlaceField(QWidget):
    """The place meant, and its words. Asks the map for a click while `pick` is on."""

    textChanged = Signal(str)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """No place."""
        super().__init__(parent)
        self._seat = seat
        self._picked: LonLat | None = None
        words = seat.words
        self.address, self.pick, self.where = QLineEdit(), QPushButton(words("field.place.map")), WrappedLine()
        self.address.setPlaceholderText(words("field.place.hint"))
        self.pick.setCheckable(True)
        self.pick.setAutoDefault(False)
        self.pick.setProperty("look", "choice")
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self.address, 1)
        line.addWidget(self.pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.where)
        self.setFocusProxy(self.address)
        self.address.textChanged.connect(self._typed)
        self.pick.toggled.connect(seat.selection.ask_place)
        seat.selection.place_picked.connect(self._point)
        seat.selection.picking_changed.connect(self.pick.setChecked)
        self._tell()

    @property
    def place(self) -> LonLat | None:
        """The place clicked, typed, or found by a name in the address; else None. Refused where it is none."""
        address = self.address.text().strip()
        typed = place_typed(address)
        if typed is not None or self._picked is not None:
            return typed or self._picked
        found = self._seat.place_named(address) if address else None
        return found[1] if found else None

    @property
    def place_text(self) -> str:
        """The address; empty where coordinates stand in its place."""
        text = self.address.text().strip()
        return "" if COORDINATES.match(text) else text

    def text(self) -> str:
        """What stands in the field, for a draft: coordinates of a click before the address."""
        if self._picked is None:
            return self.address.text()
        return f"{self._picked.lon:.6f},{self._picked.lat:.6f} {self.address.text()}".strip()

    def setText(self, text: str) -> None:
        """Put back what a draft has."""
        first, _, rest = text.partition(" ")
        try:
            place = place_typed(first)
        except Refused:
            place = None
        if place is not None:
            self._picked, text = place, rest
        self.address.setText(text)
        self._tell()

    def stop(self) -> None:
        """Listen to the map no more."""
        selection = self._seat.selection
        selection.ask_place(False)
        selection.place_picked.disconnect(self._point)
        selection.picking_changed.disconnect(self.pick.setChecked)

    def _typed(self, text: str) -> None:
        self._tell()
        self.textChanged.emit(text)

    def _point(self, place: LonLat) -> None:
        self._picked = place
        if COORDINATES.match(self.address.text()):
            self.address.clear()
        self._typed(self.address.text())

    def _tell(self) -> None:
        words, seat = self._seat.words, self._seat
        try:
            place = self.place
        except Refused:
            self.where.setText(words("field.place.bad"))
            return
        if place is None:
            self.where.setText(words("field.place.unknown") if self.address.text().strip() else "")
        else:
            grid = seat.grid_at(place.lon, place.lat)
            named = seat.place_line(grid, "") if grid else ""
            self.where.setText(words("sep").join(part for part in (named, lonlat_text(place)) if part))
        self.where.setVisible(bool(self.where.text()))
