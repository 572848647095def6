"""The incidents of a merge as rows: which is the master, which go in, which cannot; by number, arrow, space or click."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face

ROW_PX, CLOSE_PX = 42, 30
ROOMY = 5
"""So many have room for two lines each; more stand in one line, so that the button that sends is seen on a small screen."""
CHIP_PX = 22
BOX_PX = 14
KEYS = {"m": "master", "M": "master", " ": "toggle", "i": "toggle", "I": "toggle"}


@dataclass(frozen=True, slots=True)
class Line:
    """What a row says."""

    title: str
    about: str
    is_master: bool
    is_in: bool
    refused: str = ""
    """Why it cannot go in; empty where it can."""


class MergeList(QWidget):
    """Painted rows. Wishes: `toggled` and `led` with the number of a row, from 0."""

    toggled = Signal(int)
    led = Signal(int)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self._seat = seat
        self.lines: tuple[Line, ...] = ()
        self.current = 0
        self._bold, self._small = face(BASE_PX, bold=True), face(SMALL_PX)
        self._measures = QFontMetrics(self._bold), QFontMetrics(self._small)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show rows; the current one stays where it is if it can."""
        self.lines = lines
        self.current = min(self.current, max(len(lines) - 1, 0))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(200, max(len(self.lines), 1) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        """As narrow as it must."""
        return QSize(120, self.sizeHint().height())

    def _row_px(self) -> int:
        return ROW_PX if len(self.lines) <= ROOMY else CLOSE_PX

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Numbers put a row in or out, space the current one, M makes it the master; the arrows move."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if event.text() and event.text() in "123456789":
            self.current = min(int(event.text()), max(len(self.lines), 1)) - 1
            self.toggled.emit(int(event.text()) - 1)
        elif step:
            self.current = min(max(self.current + step, 0), len(self.lines) - 1)
        elif KEYS.get(event.text()) == "master" and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.led.emit(self.current)
        elif KEYS.get(event.text()) == "toggle":
            self.toggled.emit(self.current)
        else:
            event.ignore()
            return
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click puts a row in or out; on its circle it becomes the master."""
        self.current = min(int(event.position().y()) // self._row_px(), len(self.lines) - 1)
        on_mark = CHIP_PX + 8 <= event.position().x() <= CHIP_PX + 8 + BOX_PX + 8
        (self.led if on_mark and event.button() is Qt.MouseButton.LeftButton else self.toggled).emit(self.current)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Tell the whole row as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = event.pos().y() // self._row_px()
            if 0 <= row < len(self.lines):
                line = self.lines[row]
                QToolTip.showText(event.globalPos(), "\n".join(p for p in (line.title, line.about, line.refused) if p), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for number, line in enumerate(self.lines):
            self._row(painter, QRect(0, number * self._row_px(), self.width(), self._row_px()), number, line)

    def _row(self, painter: QPainter, box: QRect, number: int, line: Line) -> None:
        palette, inner = self._seat.palette, box.adjusted(0, 1, 0, -1)
        if line.is_master or line.is_in:
            painter.fillRect(inner, QColor(palette.chosen))
        if number == self.current and self.hasFocus():
            painter.setPen(QColor(palette.focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(inner).adjusted(0.5, 0.5, -0.5, -0.5))
        chip = QRect(inner.left() + 6, inner.center().y() - 9, CHIP_PX, 18)
        painter.setPen(QColor(palette.edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 3, 3)
        painter.setFont(self._small)
        painter.setPen(QColor(palette.dim))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))
        self._mark(painter, QRectF(chip.right() + 8, inner.center().y() - BOX_PX / 2, BOX_PX, BOX_PX), line)
        words = QRect(chip.right() + BOX_PX + 16, inner.top(), inner.right() - chip.right() - BOX_PX - 22, inner.height())
        self._text(painter, words, line)

    def _mark(self, painter: QPainter, box: QRectF, line: Line) -> None:
        """The master is a filled circle, what goes in a ticked box, anything else an empty box."""
        palette = self._seat.palette
        painter.setPen(QPen(QColor(palette.focus if line.is_master or line.is_in else palette.edge), 1.4))
        if line.is_master:
            painter.drawEllipse(box)
            painter.setBrush(QColor(palette.focus))
            painter.drawEllipse(box.adjusted(3.5, 3.5, -3.5, -3.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            return
        painter.drawRect(box)
        if line.is_in:
            left, top, side = box.left(), box.top(), box.width()
            tick = [QPointF(left + side * x, top + side * y) for x, y in ((0.2, 0.52), (0.43, 0.74), (0.82, 0.26))]
            painter.setPen(QPen(QColor(palette.focus), 2.0))
            painter.drawPolyline(QPolygonF(tick))

    def _text(self, painter: QPainter, box: QRect, line: Line) -> None:
        palette, (bold, small) = self._seat.palette, self._measures
        upper, lower = box.adjusted(0, 3, 0, -box.height() // 2), box.adjusted(0, box.height() // 2 - 1, 0, -3)
        if self._row_px() == CLOSE_PX:
            named = min(bold.horizontalAdvance(line.title) + 6, box.width() * 6 // 10)
            upper, lower = QRect(box.left(), box.top(), named, box.height()), box.adjusted(named + 8, 0, 0, 0)
        dim = bool(line.refused) and not line.is_master
        painter.setFont(self._bold if line.is_master else face(BASE_PX))
        painter.setPen(QColor(palette.dim if dim else palette.text))
        title = bold.elidedText(line.title, Qt.TextElideMode.ElideRight, upper.width())
        painter.drawText(upper, int(Qt.AlignmentFlag.AlignVCenter), title)
        painter.setFont(self._small)
        said = line.refused if dim else line.about
        painter.setPen(QColor(palette.urgent if dim else palette.dim))
        shown = small.elidedText(said, Qt.TextElideMode.ElideRight, lower.width())
        painter.drawText(lower, int(Qt.AlignmentFlag.AlignVCenter), shown)
