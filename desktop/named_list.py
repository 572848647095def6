"""What an officer keeps by name, as a list: type to find one or to keep what is now, Enter goes, Delete forgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face

ROW_PX, WIDE_PX, APART_PX, SIDE_PX, CROSS_PX, AROUND_PX = 26, 460, 10, 14, 28, 190
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: what Enter does with it, what it says, what is said beside it."""

    does: str
    """go, keep, restore."""
    name: str
    note: str = ""
    is_kept: bool = True
    """Whether it can be forgotten: what the desk offers by itself cannot."""


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
            can_go = row.does == "go" and row.is_kept
            room = box.adjusted(10, 0, -CROSS_PX if can_go else -10, 0)
            painter.setFont(plain)
            painter.setPen(QColor(palette.text if row.does == "go" else palette.focus))
            shown = QFontMetrics(plain).elidedText(
                row.name, Qt.TextElideMode.ElideRight, room.width() * 3 // 5 if row.note else room.width()
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setFont(small)
            painter.setPen(QColor(palette.dim))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, row.note)
            if can_go:
                painter.drawText(box.adjusted(box.width() - CROSS_PX, 0, 0, 0), Qt.AlignmentFlag.AlignCenter, "×")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer, or forget it by its cross."""
        at = int(event.position().y()) // ROW_PX
        if 0 <= at < len(self.rows):
            row = self.rows[at]
            is_cross = row.does == "go" and row.is_kept and event.position().x() >= self.width() - CROSS_PX
            (self.dropped if is_cross else self.chosen).emit(at)


class NamedList(QFrame):
    """Over a panel, hidden until asked for; what is kept, and how, say those that derive from it. Main thread only."""

    about = ""
    """What its texts are called: bookmarks, layouts."""
    longest, most = 40, 60
    keeps = True
    """Whether what is typed can be kept; else there is only something to go to."""

    def __init__(self, seat: Seat, panel: QWidget) -> None:
        """Hidden, with nothing in it."""
        super().__init__(panel)
        self._seat, self._over = seat, panel
        self._dropped = ""
        """The name of what was forgotten a moment ago."""
        self._before: QWidget | None = None
        """Who had the keys when the list came."""
        self.setProperty("look", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title, self.line, self.rows, self.said = QLabel(), QLineEdit(), Rows(seat), QLabel()
        self.title.setProperty("look", "name")
        self.said.setProperty("look", "dim")
        self.said.setWordWrap(True)
        self.line.setMaxLength(self.longest)
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

    # ---- what those that derive from it say ----------------------------------------------------------------------

    def entries(self) -> Sequence[tuple[str, str]]:
        """Names that are kept, and what is said beside each."""
        raise NotImplementedError

    def offers(self) -> Sequence[tuple[str, str]]:
        """Names that are offered besides, and what is said beside each; nobody can forget them."""
        return ()

    def go(self, name: str) -> bool:
        """Go to what is kept under a name; False where there is nothing."""
        raise NotImplementedError

    def keep(self, name: str) -> bool:
        """Keep what is now under a name; False where that cannot be."""
        raise NotImplementedError

    def forget(self, name: str) -> None:
        """Keep it no longer."""
        raise NotImplementedError

    def bring_back(self, name: str) -> None:
        """Keep again what was forgotten last."""
        raise NotImplementedError

    def told(self, name: str) -> None:
        """What is now has been kept under a name: say so."""

    def top_px(self) -> int:
        """Where on the panel the list begins."""
        return APART_PX

    # ---- coming and going ----------------------------------------------------------------------------------------

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
        self._dropped = ""
        before, self._before = self._before, None
        self.hide()
        if before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)

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
        elif key == Qt.Key.Key_Z and with_ctrl and self._dropped:
            self._restore()
        else:
            return False
        return True

    # ---- within --------------------------------------------------------------------------------------------------

    def _same(self, text: str) -> str:
        """The name that is kept already, whatever its capitals; empty where there is none."""
        return next((name for name, _ in self.entries() if name.casefold() == text.casefold()), "")

    def _show(self, at: int) -> None:
        words, text, about = self._seat.words, self.line.text().strip(), self.about
        kept = self.entries()
        same, is_full = self._same(text), len(kept) >= self.most
        rows = [Row("go", name, note) for name, note in kept if text.casefold() in name.casefold()]
        rows += [Row("go", name, note, False) for name, note in self.offers() if text.casefold() in name.casefold()]
        if text and not same and not is_full and self.keeps:
            rows.append(Row("keep", words(f"{about}.keep", name=text)))
        elif same:
            rows.append(Row("keep", words(f"{about}.replace", name=same)))
        if self._dropped:
            rows.append(Row("restore", words(f"{about}.restore", name=self._dropped), "Ctrl+Z"))
        self.title.setText(words(f"{about}.title"))
        self.line.setPlaceholderText(words(f"{about}.hint"))
        self.rows.show_rows(self._fitted(rows), at)
        key = "full" if text and is_full and not same and self.keeps else "keys" if rows else "empty"
        self.said.setText(words(f"{about}.{key}", count=self.most))
        self._place()

    def _fitted(self, rows: list[Row]) -> list[Row]:
        """As many as there is room for; what is kept nowhere stands last and always."""
        room = max((self._over.height() - AROUND_PX) // ROW_PX, 3)
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
            self.told(name)
        elif row.does == "go":
            self.go(row.name)
        self.leave()

    def _drop(self, at: int) -> None:
        row = self.rows.rows[at] if at < len(self.rows.rows) else None
        if row is not None and row.does == "go" and row.is_kept:
            self._dropped = row.name
            self.forget(row.name)
            self._show(at)

    def _restore(self) -> None:
        if self._dropped:
            name, self._dropped = self._dropped, ""
            self.bring_back(name)
            self._show(0)

    def _place(self) -> None:
        width = min(WIDE_PX, self._over.width() - 24)
        for part in (self.title, self.said):
            part.setFixedWidth(width - 2 * SIDE_PX)
        self.setFixedWidth(width)
        column = self.layout()
        assert column is not None
        column.activate()
        self.setGeometry((self._over.width() - width) // 2, self.top_px(), width, column.sizeHint().height())
