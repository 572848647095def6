"""What is at a place, beside the map: the cameras that see it, with their pictures, or who is nearest; numbers are keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidgetItem, QPushButton, QVBoxLayout

from desktop.inside_list import Things
from desktop.map_beside import LOW_PX, ListBeside
from desktop.phrases import key_tip
from desktop.pictures_below import PicturesBelow
from desktop.seat import Seat
from desktop.style.as_written import show_as_written, tip_as_written
from governance.camera import Camera
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

WIDE_PX, SIDE_PX, ROW_AIR_PX, MOST_LINES = 350, 10, 6, 3
MOST_SEEN = 12
GROUPS = ("cameras", "people")
ROW = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class HereRow:
    """One camera or person: what stands in the row, and whether it is out of order or out of the run."""

    thing: object
    """Camera, or the worker's id."""
    text: str
    is_out: bool = False


class HereList(ListBeside):
    """Beside the place it is about. Wishes: `group_wanted`, `chosen` with a row, `went` to a row, `pointed`, `left`."""

    group_wanted = Signal(str)
    chosen = Signal(int)
    went = Signal(int)
    pointed = Signal(int)
    """The row under the pointer; -1 none."""
    left = Signal()

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Hidden, with nothing in it."""
        super().__init__(seat, panel)
        self._rows: tuple[HereRow, ...] = ()
        self._place: LonLat | None = None
        self.title, self.said, self.rows = QLabel(), QLabel(), Things(seat, self._camera_of)
        self.title.setProperty("look", "name")
        for label in (self.title, self.said):
            label.setWordWrap(True)
        self.said.setProperty("look", "dim")
        show_as_written(self.title, self.said)
        self.rows.setProperty("look", "lines")
        self.rows.setMouseTracking(True)
        self.tabs, self.fit, self.close_it = {name: QPushButton() for name in GROUPS}, QPushButton(), QPushButton()
        self._lay_out()
        self.rows.itemEntered.connect(lambda item: self.pointed.emit(self.rows.row(item)))
        self.rows.currentRowChanged.connect(self.chosen)
        self.rows.itemClicked.connect(lambda item: self.take(self.rows.row(item)))
        self.rows.setWordWrap(True)
        self._retell_buttons()
        self.hide()

    def _lay_out(self) -> None:
        top, low = QHBoxLayout(), QHBoxLayout()
        for name, button in self.tabs.items():
            button.setProperty("look", "choice")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, name=name: self.group_wanted.emit(name))
            top.addWidget(button)
        top.addStretch(1)
        for button, does in ((self.fit, lambda: self._panel.tools.fit()), (self.close_it, self.left.emit)):
            button.setProperty("look", "small")
            button.clicked.connect(lambda _on=False, does=does: does())
            low.addWidget(button)
        low.addStretch(1)
        for button in (*self.tabs.values(), self.fit, self.close_it):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 8)
        self._column.setSpacing(6)
        self._column.addLayout(top)
        self._column.addWidget(self.title)
        self._column.addWidget(self.rows)
        self._column.addWidget(self.said)
        self._column.addLayout(low)
        self.pictures = PicturesBelow(self._seat, self._column, 3, self._make_room)

    def show_rows(self, group: str, place: LonLat, title: str, rows: Sequence[HereRow], said: str) -> None:
        """Show what was found at a place; the keys are the list's."""
        is_fresh = place != self._place or self.isHidden()
        self._place = place
        self._rows = tuple(rows)
        self.title.setText(title)
        self.said.setText(said)
        for name, button in self.tabs.items():
            button.setChecked(name == group)
        at = self.rows.currentRow()
        self.rows.blockSignals(True)
        self.rows.clear()
        for number, row in enumerate(rows, start=1):
            item = QListWidgetItem(self._row_text(number, row.text))
            item.setToolTip(tip_as_written(row.text))
            item.setData(ROW, number)
            if row.is_out:
                item.setForeground(QColor(self._seat.palette.dim))
            self.rows.addItem(item)
        self.rows.setCurrentRow(-1 if is_fresh else min(at, len(rows) - 1))
        self.rows.blockSignals(False)
        if is_fresh or group != "cameras":
            self.pictures.close()
        self._retell_buttons()
        self.place()
        self.show()
        self.raise_()
        if is_fresh:
            self.clear()
            self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, row: int) -> None:
        """A number or a click: a camera's pictures open or close, a person is chosen."""
        if not 0 <= row < len(self._rows):
            return
        self.rows.setCurrentRow(row)
        thing = self._rows[row].thing
        if isinstance(thing, Camera):
            self.pictures.switch(thing, self._place)

    def _camera_of(self, row: int) -> Camera | None:
        thing = self._rows[row].thing if 0 <= row < len(self._rows) else None
        return thing if isinstance(thing, Camera) else None

    def leave(self) -> None:
        """Put it away; no stream stays open."""
        self.pictures.close()
        self._place = None
        self.hide()

    def place(self) -> None:
        """Beside the place, below the buttons, above the small map."""
        width = min(WIDE_PX, self._panel.width() // 2)
        top = self._panel.strip.geometry().bottom() + 8
        room = max(self._panel.height() - top - LOW_PX, 180)
        heights = self._row_heights(width - 2 * SIDE_PX)
        self.rows.setFixedHeight(sum(heights[:MOST_SEEN]) + 2 if heights else 0)
        self.setFixedWidth(width)
        self._column.activate()
        needed = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else self.sizeHint().height()
        self.stand(width, top, min(needed, room))

    def _make_room(self) -> None:
        """Pictures make the list longer: the place it is about stays in sight all the same."""
        self.place()
        if self.pictures.opened and self.isVisible():
            self.clear()

    def about(self) -> NDArray[np.float64]:
        """The place that was asked about."""
        geometry = self._panel.geometry_shown
        if geometry is None or self._place is None:
            return np.zeros((0, 2))
        return geometry.plane.to_plane(self._place.lon, self._place.lat)

    @staticmethod
    def _row_text(number: int, text: str) -> str:
        return f"{number}  {text}" if number <= 9 else f"    {text}"

    def _row_heights(self, room_px: int) -> list[int]:
        """How high each row is for all it says, in as many lines as it takes up to MOST_LINES; the rows get these heights."""
        metrics, found = self.rows.fontMetrics(), []
        free = QRect(0, 0, room_px - 2 * ROW_AIR_PX - 8, 10_000)
        for at in range(self.rows.count()):
            needed = metrics.boundingRect(free, Qt.TextFlag.TextWordWrap, self.rows.item(at).text()).height()
            found.append(min(needed, MOST_LINES * metrics.lineSpacing()) + ROW_AIR_PX)
            self.rows.item(at).setSizeHint(QSize(0, found[-1]))
        return found

    def leaveEvent(self, _event: QEvent) -> None:
        """No row is pointed at any more."""
        self.pointed.emit(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers take, Enter goes there, Tab shows the other group, Esc leaves; the rest is the window's."""
        key = Qt.Key(event.key())
        if event.text() and event.text() in "123456789":
            self.take(int(event.text()) - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.went.emit(self.rows.currentRow())
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab shows the other group."""
        self.group_wanted.emit("people" if self.tabs["cameras"].isChecked() else "cameras")
        return True

    def _retell_buttons(self) -> None:
        words = self._seat.words
        for name, button in self.tabs.items():
            button.setText(words(f"here.{name}"))
            button.setToolTip(key_tip(words, "sight" if name == "cameras" else "near"))
        self.fit.setText(words("here.fit"))
        self.fit.setToolTip(key_tip(words, "fit"))
        self.close_it.setText(words("inside.close"))
        self.close_it.setToolTip(key_tip(words, "back"))
