"""Ctrl+D: the views an officer keeps; type a name to find one or to keep the view of now, Enter goes, Delete forgets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.bookmarks import LONGEST, MOST, Bookmark, BookmarksFile
from desktop.map.viewpoint import Viewpoint
from desktop.phrases import lonlat_text
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.style.type_face import BASE_PX, SMALL_PX, face

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

ROW_PX, WIDE_PX, APART_PX, SIDE_PX, CROSS_PX, AROUND_PX = 26, 460, 10, 14, 28, 190
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: what Enter does with it, what it says, what is said beside it."""

    does: str
    """go, keep, restore."""
    name: str
    note: str = ""
    view: Bookmark | None = None


class Rows(QWidget):
    """Painted rows. Wishes: `chosen` and `dropped` with a position."""

    chosen = Signal(int)
    dropped = Signal(int)

    def __init__(self, seat: Seat) -> None:
        """No rows."""
        super().__init__()
        self._seat = seat
        self.rows: list[Row] = []
        self.at = 0

    def show_rows(self, rows: list[Row], at: int) -> None:
        """Show these, one of them chosen."""
        self.rows, self.at = rows, min(max(at, 0), max(len(rows) - 1, 0))
        self.setFixedHeight(ROW_PX * len(rows))
        self.setVisible(bool(rows))
        self.update()

    def step(self, rows: int) -> None:
        """Choose so many rows further, round the ends."""
        if self.rows:
            self.at = (self.at + rows) % len(self.rows)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows; one that can be forgotten ends with a cross."""
        painter, palette = QPainter(self), self._seat.palette
        plain, small = face(BASE_PX), face(SMALL_PX)
        for number, row in enumerate(self.rows):
            box = QRect(0, number * ROW_PX, self.width(), ROW_PX)
            if number == self.at:
                painter.fillRect(box, QColor(palette.chosen))
            room = box.adjusted(10, 0, -CROSS_PX if row.does == "go" else -10, 0)
            painter.setFont(plain)
            painter.setPen(QColor(palette.text if row.does == "go" else palette.focus))
            shown = QFontMetrics(plain).elidedText(
                row.name, Qt.TextElideMode.ElideRight, room.width() * 3 // 5 if row.note else room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setFont(small)
            painter.setPen(QColor(palette.dim))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.note)
            if row.does == "go":
                painter.drawText(box.adjusted(box.width() - CROSS_PX, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, "×")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer, or forget it by its cross."""
        at = int(event.position().y()) // ROW_PX
        if 0 <= at < len(self.rows):
            is_cross = self.rows[at].does == "go" and event.position().x() >= self.width() - CROSS_PX
            (self.dropped if is_cross else self.chosen).emit(at)


class BookmarkList(QFrame):
    """Over the map panel, hidden until asked for. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel, file: BookmarksFile) -> None:
        """The views of the officer's file."""
        super().__init__(panel)
        self._seat, self._panel, self.file = seat, panel, file
        self._dropped: tuple[int, Bookmark] | None = None
        self._before: QWidget | None = None
        """Who had the keys when the list came."""
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.line, self.rows, self.said = QLabel(), QLineEdit(), Rows(seat), QLabel()
        self.title.setProperty("look", "name")
        self.said.setProperty("look", "dim")
        self.said.setWordWrap(True)
        self.line.setMaxLength(LONGEST)
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 10, SIDE_PX, 10)
        column.setSpacing(8)
        for part in (self.title, self.line, self.rows, self.said):
            column.addWidget(part)
        self.line.textChanged.connect(lambda _text: self._show(0))
        self.line.installEventFilter(self)
        self.rows.chosen.connect(self._do)
        self.rows.dropped.connect(self._drop)
        self.hide()

    def begin(self, text: str = "") -> None:
        """Come, with a text to look for."""
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.line.setText(text)
        self._show(0)
        self.show()
        self.raise_()
        self._place()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Go; what was forgotten cannot be had back any more."""
        self._dropped = None
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def go(self, name: str) -> bool:
        """Look from the view of a name; False where there is none."""
        view, geometry = self.file.named(name.strip()), self._panel.geometry_shown
        if view is None or geometry is None:
            return False
        x, y = geometry.plane.to_plane(view.lon, view.lat)[0].tolist()
        self._panel.following.end()
        there = Viewpoint(x, y, 1.0).turned(view.turn_deg).tilted(view.tilt_deg)
        self._panel.canvas.glide_to_view(there.scaled(view.metres_per_pixel))
        return True

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        if self.isVisible():
            self._show(self.rows.at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and Tab walk, Enter does, Delete forgets, Ctrl+Z brings back, Esc leaves: none is for the window below."""
        if watched is not self.line or not isinstance(event, QKeyEvent):
            return False
        if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return event.type() == QEvent.Type.KeyPress and self._pressed(event)

    def _pressed(self, event: QKeyEvent) -> bool:
        key, with_ctrl = Qt.Key(event.key()), bool(event.modifiers() & CTRL)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Backtab: -1, Qt.Key.Key_Tab: 1}.get(key, 0)
        at_end = self.line.cursorPosition() == len(self.line.text())
        if step:
            self.rows.step(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not with_ctrl:
            self._do(self.rows.at)
        elif key == Qt.Key.Key_Escape:
            self.leave()
        elif key == Qt.Key.Key_Delete and at_end and not self.line.hasSelectedText():
            self._drop(self.rows.at)
        elif key == Qt.Key.Key_Z and with_ctrl and self._dropped is not None:
            self._restore()
        else:
            return False
        return True

    # ---- within --------------------------------------------------------------------------------------------------

    def _show(self, at: int) -> None:
        words, text = self._seat.words, self.line.text().strip()
        found = [view for view in self.file.views if text.casefold() in view.name.casefold()]
        rows = [Row("go", view.name, lonlat_text(view.place), view) for view in found]
        if text and self.file.named(text) is None and len(self.file.views) < MOST:
            rows.append(Row("keep", words("bookmarks.keep", name=text)))
        elif text and (same := self.file.named(text)) is not None:
            rows.append(Row("keep", words("bookmarks.replace", name=same.name)))
        if self._dropped is not None:
            rows.append(Row("restore", words("bookmarks.restore", name=self._dropped[1].name), "Ctrl+Z"))
        self.title.setText(words("bookmarks.title"))
        self.line.setPlaceholderText(words("bookmarks.hint"))
        self.rows.show_rows(self._fitted(rows), at)
        is_full = text and len(self.file.views) >= MOST and self.file.named(text) is None
        key = "bookmarks.full" if is_full else "bookmarks.keys" if rows else "bookmarks.empty"
        self.said.setText(words(key, count=MOST))
        self._place()

    def _fitted(self, rows: list[Row]) -> list[Row]:
        """As many as there is room for; what is no view stands last and always."""
        room = max((self._panel.height() - AROUND_PX) // ROW_PX, 3)
        others = [row for row in rows if row.does != "go"]
        return [*[row for row in rows if row.does == "go"][: room - len(others)], *others]

    def _do(self, at: int) -> None:
        if at >= len(self.rows.rows):
            return
        row = self.rows.rows[at]
        if row.does == "restore":
            self._restore()
            return
        if row.does == "keep" and self.keep(name := self.line.text().strip()):
            self._panel.tell(self._seat.words("bookmarks.kept", name=name, key=key_of("bookmarks")))
        elif row.view is not None:
            self.go(row.view.name)
        self.leave()

    def keep(self, name: str) -> bool:
        """Keep the view of now under a name; False where there is no map, no name, or no room."""
        geometry, view, name = self._panel.geometry_shown, self._panel.canvas.destination, name.strip()[:LONGEST]
        if geometry is None or not name or (self.file.named(name) is None and len(self.file.views) >= MOST):
            return False
        same = self.file.named(name)
        lon, lat = geometry.plane.to_lonlat(view.x, view.y)[0].tolist()
        made = Bookmark(name, lon, lat, view.metres_per_pixel, view.turn_deg, view.tilt_deg)
        self.file.keep(made if same is None else replace(made, name=same.name))
        return True

    def _drop(self, at: int) -> None:
        view = self.rows.rows[at].view if at < len(self.rows.rows) else None
        if view is not None:
            self._dropped = (self.file.drop(view), view)
            self._show(at)

    def _restore(self) -> None:
        if self._dropped is not None:
            at, view = self._dropped
            self._dropped = None
            self.file.keep(view, at)
            self._show(at)

    def _place(self) -> None:
        width = min(WIDE_PX, self._panel.width() - 24)
        for part in (self.title, self.said):
            part.setFixedWidth(width - 2 * SIDE_PX)
        self.setFixedWidth(width)
        column = self.layout()
        assert column is not None
        column.activate()
        top = self._panel.below_strip + APART_PX
        self.setGeometry((self._panel.width() - width) // 2, top, width, column.sizeHint().height())
