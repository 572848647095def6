"""What lies inside the shape drawn on the map, beside it: walk through it by keys, go there, copy it as a table."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout

from desktop.inside_area import Inside, as_csv, counts_text
from desktop.map_beside import LOW_PX, ListBeside
from desktop.paper.on_record import as_it_was, put_on_record
from desktop.phrases import clock_text, dated_text, refusal_sentence, title_of
from desktop.pictures_below import PicturesBelow
from desktop.seat import Seat
from desktop.style.as_written import tip_as_written
from desktop.video_wall.camera_drag import drag
from governance.camera import Camera
from governance.incident import Case
from governance.people import Worker
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

WIDE_PX, TOLD_PX, SIDE_PX = 330, 68, 10
MOST_ROWS = 1_000
"""So many of a kind are listed; the table that is copied has all."""
EMPTY_PX = 160
"""How high a list is in which there is nothing."""
CTRL = Qt.KeyboardModifier.ControlModifier
THING = Qt.ItemDataRole.UserRole
ONE_BY_ONE = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
"""To the next thing or the one before, with the map."""


class Things(QListWidget):
    """The rows. Letters are the window's, but J and K, which walk; a row of a camera can be dragged into a tile."""

    def __init__(self, seat: Seat, camera_of: Callable[[int], Camera | None]) -> None:
        """No rows; `camera_of` says which camera a row is, None where it is none."""
        super().__init__()
        self._seat, self._camera_of = seat, camera_of
        self.setDragEnabled(True)

    def startDrag(self, _actions: Qt.DropAction) -> None:
        """The camera of the row goes along with the pointer."""
        camera = self._camera_of(self.currentRow())
        if camera is not None and self._seat.held_back is None:
            drag(self, camera.id, camera.name, self._seat.palette)

    def event(self, event: QEvent) -> bool:
        """Esc and Ctrl+C are the list's while it has the keys."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """J and K walk as arrows do; what is no key of a list goes on."""
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.step(step)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def step(self, by: int) -> None:
        """The next row that is a thing; the ends stay."""
        at = self.currentRow() + by
        while 0 <= at < self.count() and self.item(at).data(THING) is None:
            at += by
        if 0 <= at < self.count():
            self.setCurrentRow(at)


class InsideList(ListBeside):
    """Beside the shape, hidden until something was drawn. Main thread only."""

    def __init__(
        self,
        seat: Seat,
        panel: MapPanel,
        leave: Callable[[], object],
        again: Callable[[], object],
        shape: Callable[[], str] = lambda: "",
    ) -> None:
        """Nothing; `leave` lets the shape go, `again` draws another, `shape` says what it is."""
        super().__init__(seat, panel)
        self._leave, self._shape = leave, shape
        self.corners: NDArray[np.float64] = np.zeros((0, 2))
        """Plane metres float64[n, 2] of the shape."""
        self.inside = Inside()
        self._as_of, self._shown = "", seat
        self.title, self.said, self.rows = QLabel(), QLabel(), Things(seat, self._camera_of)
        self.title.setProperty("look", "name")
        for label in (self.title, self.said):
            label.setWordWrap(True)
        self.said.setProperty("look", "dim")
        self.rows.setProperty("look", "lines")
        self.copy, self.again, self.close_it = QPushButton(), QPushButton(), QPushButton()
        buttons = QHBoxLayout()
        for button, does in ((self.copy, self.copy_table), (self.again, again), (self.close_it, leave)):
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, does=does: does())
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 8)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.rows, 1)
        column.addWidget(self.said)
        column.addLayout(buttons)
        self.pictures = PicturesBelow(seat, column, 2, self.place)
        self.rows.currentItemChanged.connect(lambda now, _before: self._choose(now))
        self.rows.itemClicked.connect(self._go)
        self.hide()

    def show_inside(self, inside: Inside, corners: NDArray[np.float64] | None = None) -> None:
        """List these, with the keys; none is chosen yet. `corners` are those of the shape, in plane metres."""
        self.corners = corners if corners is not None else np.zeros((0, 2))
        self.inside, self._shown = inside, self._panel.seat_shown
        self._as_of = clock_text(self._shown.now()) if self._shown.then is None else dated_text(self._shown.then)
        self.rows.setCurrentRow(-1)
        self.retell()
        self.place()
        self.show()
        self.raise_()
        self.clear()
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def place(self) -> None:
        """Beside the shape, below the buttons, above the small map."""
        width = min(WIDE_PX, self._panel.width() // 2)
        top = self._panel.below_strip + TOLD_PX
        room = max(self._panel.height() - top - LOW_PX, EMPTY_PX)
        self.stand(width, top, room if self.rows.count() else EMPTY_PX)

    def _camera_of(self, row: int) -> Camera | None:
        thing = self.rows.item(row).data(THING) if row >= 0 else None
        return thing if isinstance(thing, Camera) else None

    def about(self) -> NDArray[np.float64]:
        """The corners of the shape."""
        return self.corners

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the row, arrows to the next, V opens a camera, Ctrl+C copies, Esc lets go; the rest is the window's."""
        key, with_ctrl = Qt.Key(event.key()), bool(event.modifiers() & CTRL)
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not with_ctrl:
            self._go(self.rows.currentItem())
        elif key in ONE_BY_ONE and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.rows.step(ONE_BY_ONE[key])
            self._go(self.rows.currentItem())
        elif key == Qt.Key.Key_V and not event.modifiers() and (camera := self._camera()) is not None:
            if self._seat.held_back is None:
                self.pictures.switch(camera)
            else:
                self.said.setText(refusal_sentence(self._seat.words, Refused("past_has_no_people")))
        elif key == Qt.Key.Key_C and with_ctrl:
            self.copy_table()
        elif key == Qt.Key.Key_Escape:
            self._leave()
        else:
            event.ignore()

    def copy_table(self) -> None:
        """The whole list as CSV in the clipboard, once that is on record; what is confidential is left out, as is said."""
        words = self._seat.words
        text, left_out = as_csv(self._shown, self.inside)
        count = len(self.inside.cases) + len(self.inside.workers) + len(self.inside.cameras) - left_out

        def recorded(_number: UUID | None, no: Refused | None) -> None:
            if no is not None:
                self.said.setText(refusal_sentence(words, no))
                return
            QGuiApplication.clipboard().setText(text)
            self.said.setText(words("inside.copied.some" if left_out else "inside.copied", count=count, left_out=left_out))

        self.said.setText(words("paper.recording"))
        put_on_record(self._seat, "list", count, (), {"shape": self._shape(), **as_it_was(self._shown)}, recorded)

    def retell(self) -> None:
        """Say everything again, in the language of now; the chosen row stays chosen."""
        words, at = self._seat.words, self.rows.currentRow()
        title = "inside.title" if self._shown.then is None else "inside.title.then"
        self.title.setText(words(title, counts=counts_text(self._seat, self.inside), at=self._as_of))
        keys = "inside.keys" if self._shown.then is None else "inside.keys.then"
        self.said.setText(words(keys if any(self._groups().values()) else "inside.nothing"))
        for button, key in ((self.copy, "inside.copy"), (self.again, "inside.again"), (self.close_it, "inside.close")):
            button.setText(words(key))
            button.setToolTip(words(f"{key}.tip"))
        self.rows.blockSignals(True)
        self.rows.clear()
        for name, things in self._groups().items():
            if not things:
                continue
            self._add_head(words(f"inside.{name}.head", count=len(things)))
            for thing in things[:MOST_ROWS]:
                item = QListWidgetItem(self._told(thing))
                item.setToolTip(tip_as_written(item.text()))
                item.setData(THING, thing)
                self._add(item)
            if len(things) > MOST_ROWS:
                self._add_head(words("inside.more", count=len(things) - MOST_ROWS))
        if self.rows.count():  # the first is a head: with no row at all Qt would choose one when the list gets the keys
            self.rows.setCurrentRow(min(max(at, 0), self.rows.count() - 1))
        self.rows.blockSignals(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """No stream stays open behind it."""
        super().hideEvent(event)
        self.pictures.close()

    # ---- within --------------------------------------------------------------------------------------------------

    def _groups(self) -> dict[str, tuple[Case, ...] | tuple[Worker, ...] | tuple[Camera, ...]]:
        return {"incident": self.inside.cases, "worker": self.inside.workers, "camera": self.inside.cameras}

    def _add_head(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setForeground(QColor(self._seat.palette.dim))
        self._add(item)

    def _add(self, item: QListWidgetItem) -> None:
        """No row is wider than the list, for the widest makes all of them so wide: elided, not cut off."""
        item.setSizeHint(QSize(0, self.rows.fontMetrics().height() + 6))
        self.rows.addItem(item)

    def _told(self, thing: object) -> str:
        seat, words = self._seat, self._seat.words
        if isinstance(thing, Case):
            it = thing.incident
            title = f"{it.number.rpartition('-')[2]}  {title_of(words, seat.situation.rules, thing)}"
            return f"{title}{words('sep')}{words(f'state.{it.state}')}"
        if isinstance(thing, Worker):
            return f"{thing.name}  #{thing.number}{words('sep')}{words(f'duty.{thing.duty}')}"
        assert isinstance(thing, Camera)
        return f"{thing.name}{words('sep')}{words(f'camera.{thing.state}')}"

    def _camera(self) -> Camera | None:
        """The camera of the chosen row."""
        item = self.rows.currentItem()
        thing = item.data(THING) if item is not None else None
        return thing if isinstance(thing, Camera) else None

    def _choose(self, item: QListWidgetItem | None) -> None:
        """What is walked over is selected, as on the board; in the past on the map alone."""
        thing, selection = (item.data(THING) if item is not None else None), self._seat.selection
        if self._panel.shows_past and isinstance(thing, Case | Camera):
            self._panel.past_picked.emit(str(thing.incident.id) if isinstance(thing, Case) else "")
            if isinstance(thing, Camera):
                self._panel.canvas.select("camera", thing.id)
        elif isinstance(thing, Case):
            selection.choose_incident(thing.incident.id)
        elif isinstance(thing, Worker):
            selection.choose_worker(thing.id)
        elif isinstance(thing, Camera):
            selection.choose_camera(thing.id)

    def _go(self, item: QListWidgetItem | None) -> None:
        """To the middle of the map with it, where it is now."""
        thing = item.data(THING) if item is not None else None
        self._choose(item)
        place = None
        if isinstance(thing, Case):
            place = thing.incident.place
        elif isinstance(thing, Worker):
            place = self._seat.situation.workers.place(thing.id)
        elif isinstance(thing, Camera):
            place = thing.place
        if place is not None:
            self._panel.go_to(place)
