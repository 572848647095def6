"""Ctrl+F: one list of whatever fits a few letters, grouped; Enter goes there, Esc leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.command.find import Entry, FindIndex, Found
from desktop.command.place_typed import place_typed
from desktop.phrases import ago, lonlat_text, title_of
from desktop.seat import Seat
from desktop.style.as_written import show_as_written
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from desktop.surround.archive_search import MOST_SHOWN, ArchiveSearch, Ask
from desktop.video_wall.camera_drag import drag

ROW_PX, HEAD_PX, WIDE_PX = 26, 22, 760
TOP_PX, AROUND_PX = 50, 210
"""Where it hangs, and what of the window's height is not for rows."""
CTRL = Qt.KeyboardModifier.ControlModifier
CATCH_UP_MS, A_TIME = 40, 60
"""The index is brought up to date by so many cases at a time, while nothing waits for it."""


class FoundRows(QWidget):
    """Painted rows under the names of their groups. Wish: `chosen` with a position, counted without the names."""

    chosen = Signal(int)

    def __init__(self, seat: Seat) -> None:
        """Nothing found."""
        super().__init__()
        self._seat = seat
        self._pressed: tuple[int, QPoint] | None = None
        """The position that the button was pressed on, and where."""
        self.lines: list[tuple[str, str, Entry | None]] = []
        """Name, what it is, and the entry; of the name of a group none."""
        self.at = 0

    @property
    def entries(self) -> list[Entry]:
        """What was found, in the order it is shown."""
        return [entry for _, _, entry in self.lines if entry is not None]

    def show_lines(self, lines: list[tuple[str, str, Entry | None]]) -> None:
        """Show these, the first chosen."""
        self.lines, self.at = lines, 0
        self.setFixedHeight(sum(HEAD_PX if entry is None else ROW_PX for _, _, entry in lines))
        self.setVisible(bool(lines))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(WIDE_PX, self.height())

    def step(self, rows: int) -> None:
        """Choose so many rows further, round the ends."""
        if self.entries:
            self.at = (self.at + rows) % len(self.entries)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter, palette = QPainter(self), self._seat.palette
        plain, small = face(BASE_PX), face(SMALL_PX)
        y, number = 0, 0
        for name, note, entry in self.lines:
            box = QRect(0, y, self.width(), HEAD_PX if entry is None else ROW_PX)
            y += box.height()
            room = box.adjusted(10, 0, -10, 0)
            painter.setFont(plain if entry is not None else small)
            painter.setPen(QColor(palette.dim if entry is None or entry.is_over else palette.text))
            if entry is not None:
                if number == self.at:
                    painter.fillRect(box, QColor(palette.chosen))
                number += 1
            shown = QFontMetrics(painter.font()).elidedText(name, Qt.TextElideMode.ElideRight, room.width() * 11 // 20)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            beside = room.adjusted(QFontMetrics(painter.font()).horizontalAdvance(shown) + 16, 0, 0, 0)
            painter.setFont(small)
            painter.setPen(QColor(palette.dim))
            told = QFontMetrics(small).elidedText(note, Qt.TextElideMode.ElideRight, beside.width())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, told)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the row under the pointer: let go it is chosen, dragged its camera goes along."""
        y, number = 0, 0
        for _, _, entry in self.lines:
            y += HEAD_PX if entry is None else ROW_PX
            if event.position().y() < y:
                self._pressed = None if entry is None else (number, event.position().toPoint())
                return
            number += entry is not None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A camera is dragged into a tile."""
        if self._pressed is None or self._seat.held_back is not None:
            return
        number, began = self._pressed
        entry = self.entries[number]
        far = (event.position().toPoint() - began).manhattanLength()
        if entry.group == "cameras" and far >= QApplication.startDragDistance():
            self._pressed = None
            drag(self, entry.id, entry.name, self._seat.palette)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Choose the row the button was pressed on."""
        pressed, self._pressed = self._pressed, None
        if pressed is not None:
            self.chosen.emit(pressed[0])


class FindOverlay(QFrame):
    """Over the window. Wishes: `gone_to` with an Entry, `left` when it closes without."""

    gone_to = Signal(object)
    left = Signal()

    def __init__(self, seat: Seat, parent: QWidget, ask: Ask) -> None:
        """Hidden; the index fills while nobody asks. `ask` puts a question to the server, about what ended long ago."""
        super().__init__(parent)
        self._seat = seat
        self.index, self.archive = FindIndex(seat), ArchiveSearch(seat, ask, self)
        self._here: list[tuple[str, str, Entry | None]] = []
        self._wrong = ""
        """Why coordinates that were typed are no place."""
        self._before: QWidget | None = None
        """Who had the keys when the search began."""
        self.room_px: Callable[[], int] = parent.width
        """How much of the window's width it may cover."""
        self.setProperty("look", "overlay")
        self.title, self.line, self.rows, self.said = QLabel(), QLineEdit(), FoundRows(seat), QLabel()
        self.title.setProperty("look", "name")
        self.said.setProperty("look", "dim")
        self.said.setWordWrap(True)
        show_as_written(self.said)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for part in (self.title, self.line, self.rows, self.said):
            column.addWidget(part)
        self.line.textChanged.connect(self._look)
        self.archive.changed.connect(self._told_more)
        self.line.installEventFilter(self)
        self.rows.chosen.connect(self._go)
        self._catch_up = QTimer(self)
        self._catch_up.setInterval(CATCH_UP_MS)
        self._catch_up.timeout.connect(self._fill_index)
        self.hide()

    def touch(self, cases: set[UUID], is_all: bool) -> None:
        """Know what changed in the situation."""
        self.index.touch(cases, is_all)
        if cases or is_all:
            self._catch_up.start()

    def begin(self, text: str = "") -> None:
        """Come, with the last search marked so that the next letter replaces it, or with a text."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.line.setText(text or self.line.text())
        self._look()
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.line.selectAll()

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.index.touch((), is_all=True)
        self._catch_up.start()
        if self.isVisible():
            self._look()

    def refuse(self, said: str) -> None:
        """Come back and say why something was not opened."""
        self.begin()
        self.said.setText(said)
        self._place()

    def leave(self) -> None:
        """Go, and give the keys back to whoever had them."""
        self.hide()
        before, self._before = self._before, None
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()

    def eventFilter(self, _watched: object, event: object) -> bool:
        """Arrows and Tab walk through what was found, Enter goes there: neither is for the window below."""
        if isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & CTRL:
                self._go(self.rows.at)
                return True
            steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Backtab: -1, Qt.Key.Key_Tab: 1}
            step = steps.get(Qt.Key(event.key()), 0)
            if step:
                self.rows.step(step)
                return True
        return False

    def _fill_index(self) -> None:
        if not self.index.catch_up(A_TIME):
            self._catch_up.stop()

    def _look(self) -> None:
        words, text = self._seat.words, self.line.text().strip()
        self.title.setText(words("find.title"))
        found = self._fitted(self.index.find(text)) if text else ()
        places = self._coordinates(text)
        self._here = places + [line for each in found for line in self._lines(each)]
        self.archive.look("" if places or self._wrong else text)
        self._show(0)

    def _told_more(self) -> None:
        """The archive answered: what was chosen stays chosen."""
        self._show(self.rows.at)

    def _show(self, at: int) -> None:
        """What the situation holds, below it what ended long ago."""
        words, text = self._seat.words, self.line.text().strip()
        self.rows.show_lines([*self._here, *self.archive.lines()])
        self.rows.step(min(at, max(len(self.rows.entries) - 1, 0)))
        key = "find.keys" if self.rows.entries else "find.none" if text else "find.empty"
        self.said.setText(self._wrong or words(key, text=text[:60]))
        self._place()

    def _coordinates(self, text: str) -> list[tuple[str, str, Entry | None]]:
        """The place a text names by its coordinates, in as many ways as it can be read."""
        words, typed = self._seat.words, place_typed(self._seat, text)
        self._wrong = typed.problem if typed is not None else ""
        if typed is None or typed.problem:
            return []
        asks = words("coordinates.which") if len(typed.readings) > 1 else ""
        lines: list[tuple[str, str, Entry | None]] = [(words("find.coordinates"), asks, None)]
        for each in typed.readings:
            entry = Entry("coordinates", "", each.written, "", "", "", each.place)
            lines.append((each.written, f"{lonlat_text(each.place)} {words('status.datum')}", entry))
        return lines

    def _fitted(self, found: tuple[Found, ...]) -> tuple[Found, ...]:
        """As many as there is room for: the longest groups are shortened."""
        parent = self.parentWidget()
        assert parent is not None
        room = (parent.height() - AROUND_PX - HEAD_PX * (len(found) + 1)) // ROW_PX - MOST_SHOWN
        counts = [len(each.hits) for each in found]
        while sum(counts) > max(room, len(found)):
            counts[counts.index(max(counts))] -= 1
        return tuple(
            replace(each, hits=each.hits[:count], more=each.more + len(each.hits) - count)
            for each, count in zip(found, counts, strict=True)
        )

    def _lines(self, found: Found) -> list[tuple[str, str, Entry | None]]:
        words = self._seat.words
        more = words("find.more", count=found.more) if found.more else ""
        lines: list[tuple[str, str, Entry | None]] = [(words(f"find.{found.group}"), more, None)]
        for hit in found.hits:
            name, note = self._told(hit.entry)
            lines.append((name, note, hit.entry))
        return lines

    def _told(self, entry: Entry) -> tuple[str, str]:
        """How an entry is shown: as the situation has it now."""
        seat, words, situation = self._seat, self._seat.words, self._seat.situation
        sep = words("sep")
        if entry.group == "incidents":
            case = situation.cases.get(UUID(entry.id))
            if case is None:
                return entry.name, words("card.gone")
            incident = case.incident
            title = f"{incident.number.rpartition('-')[2]}  {title_of(words, situation.rules, case)}"
            where = seat.place_short(incident.grid, incident.place_text)
            return title, sep.join((words(f"state.{incident.state}"), where, ago(words, incident.reported_at, seat.now())))
        if entry.group == "workers":
            worker = situation.workers.person(UUID(entry.id))
            if worker is not None:
                return worker.name, sep.join((words(f"duty.{worker.duty}"), seat.place_line(worker.grid, "")))
        if entry.group == "cameras":
            camera = situation.cameras.get(entry.id)
            if camera is not None:
                return camera.name, sep.join((words(f"camera.{camera.state}"), seat.place_line(camera.grid, "")))
        if not entry.id and entry.place is not None:  # a road, a building, a house
            grid = seat.grid_at(entry.place.lon, entry.place.lat)
            return entry.name, seat.place_line(grid, "") if grid else ""
        above = [seat.area_names.get(entry.id[:digits], "") for digits in (9, 12) if digits < len(entry.id)]
        return entry.name, sep.join(part for part in (*above, entry.id) if part)

    def _go(self, at: int) -> None:
        entries = self.rows.entries
        if at < len(entries):
            self.hide()
            self.gone_to.emit(entries[at])

    def _place(self) -> None:
        room = self.room_px()
        width = min(WIDE_PX, room - 40)
        for part in (self.title, self.said):
            part.setFixedWidth(width - 32)
        self.setFixedWidth(width)
        column = self.layout()
        assert column is not None
        column.activate()
        self.setGeometry((room - width) // 2, TOP_PX, width, column.sizeHint().height())
