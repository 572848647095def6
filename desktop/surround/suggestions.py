"""What may stand next in the command line, below it: one line that says what is asked for, then what there is to choose."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.command.sentence import Offered
from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face

ROW_PX, ROWS, LEAST_PX = 26, 9, 460


class OfferedRows(QWidget):
    """Painted rows, a window of nine into what there is. Wish: `chosen` with a position."""

    chosen = Signal(int)

    def __init__(self, seat: Seat) -> None:
        """Nothing to choose."""
        super().__init__()
        self._seat = seat
        self.offered: tuple[Offered, ...] = ()
        self.at = -1
        self._first = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_offers(self, offered: tuple[Offered, ...], at: int) -> None:
        """Show these, with one of them chosen (-1: none), and bring that into sight."""
        self._first = 0 if offered != self.offered else self._first
        self.offered, self.at = offered, at
        if at >= 0:
            self._first = min(max(self._first, at - ROWS + 1), at)
        self.setVisible(bool(offered))
        self.setFixedHeight(ROW_PX * min(len(offered), ROWS))
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(LEAST_PX, ROW_PX * min(len(self.offered), ROWS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows in sight: the name, and dim beside it what it is."""
        painter, palette = QPainter(self), self._seat.palette
        plain, small = face(BASE_PX), face(SMALL_PX)
        for number, offer in enumerate(self.offered[self._first : self._first + ROWS]):
            box = QRect(0, number * ROW_PX, self.width(), ROW_PX)
            if self._first + number == self.at:
                painter.fillRect(box, QColor(palette.chosen))
            painter.setFont(plain)
            painter.setPen(QColor(palette.dim if offer.is_off else palette.text))
            name = f"{offer.name}  {offer.word}" if offer.word != offer.name and offer.word.isalpha() else offer.name
            room = box.adjusted(10, 0, -10, 0)
            name = QFontMetrics(plain).elidedText(name, Qt.TextElideMode.ElideRight, room.width() // 2)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, name)
            left = max(QFontMetrics(plain).horizontalAdvance(name) + 16, 150)
            beside = room.adjusted(left, 0, 0, 0)
            painter.setFont(small)
            painter.setPen(QColor(palette.dim))
            note = QFontMetrics(small).elidedText(offer.note, Qt.TextElideMode.ElideRight, beside.width())
            painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, note)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        at = self._first + int(event.position().y()) // ROW_PX
        if at < len(self.offered):
            self.chosen.emit(at)


class Suggestions(QFrame):
    """Hangs below the command line and never has the keys itself. Wish: `chosen` with a position."""

    chosen = Signal(int)

    def __init__(self, seat: Seat, line: QWidget, parent: QWidget) -> None:
        """Hidden, over the parent, below the line."""
        super().__init__(parent)
        self._line = line
        self.setProperty("look", "overlay")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.asked, self.rows, self.hint = QLabel(), OfferedRows(seat), QLabel()
        self.asked.setWordWrap(True)
        self.hint.setProperty("look", "dim")
        self.hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        for part in (self.asked, self.rows, self.hint):
            column.addWidget(part)
        self.rows.chosen.connect(self.chosen)
        self.hide()

    def show_offers(self, asked: str, look: str, offered: tuple[Offered, ...], at: int, hint: str) -> None:
        """Say what is asked for, show what there is, and which keys do what."""
        self.asked.setText(asked)
        self.asked.setVisible(bool(asked))
        if self.asked.property("look") != look:
            self.asked.setProperty("look", look)
            self.asked.style().unpolish(self.asked)
            self.asked.style().polish(self.asked)
        self.rows.show_offers(offered, at)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self._place()
        self.show()
        self.raise_()

    def _place(self) -> None:
        parent = self.parentWidget()
        assert parent is not None
        width = min(max(self._line.width(), LEAST_PX), parent.width() - 16)
        corner = self._line.mapTo(parent, QPoint(0, self._line.height() + 2))
        height = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry(min(corner.x(), parent.width() - width - 8), corner.y(), width, height)
