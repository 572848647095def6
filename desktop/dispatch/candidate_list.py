"""The candidates as a list one chooses from by number, arrow or click; each says why."""

from __future__ import annotations

from itertools import accumulate

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.dispatch.offers import Offer
from desktop.seat import Seat
from desktop.style.type_face import BASE_PX, SMALL_PX, face

LINE_PX, TWO_LINES_PX = 32, 44
CLOSE_PX, CLOSE_TWO_PX = 28, 37
"""How high a row is: with one line and with two, and the same where many rows stand close."""
CHIP_PX = 24
ROOMY = 5
"""So many have room for rows as high as the highest; beyond, only a row that is too long for one line takes two."""


class CandidateList(QWidget):
    """Painted rows; the chosen one has a ground and an edge. Wish: `chosen` with the position in the list."""

    chosen = Signal(int)

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """An empty list."""
        super().__init__(parent)
        self._seat = seat
        self.offers: tuple[Offer, ...] = ()
        self.current = -1
        self._bold, self._small = face(BASE_PX, bold=True), face(SMALL_PX)
        self._bold_measure, self._small_measure = QFontMetrics(self._bold), QFontMetrics(self._small)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setMouseTracking(True)
        seat.selection.pointed_changed.connect(self._pointed)

    def show_offers(self, offers: tuple[Offer, ...], current: int) -> None:
        """Show these, with one of them chosen."""
        if offers == self.offers and current == self.current:
            return
        self.offers, self.current = offers, min(current, len(offers) - 1)
        self.updateGeometry()
        self.update()

    def choose(self, position: int) -> bool:
        """Choose by position; False where there is nobody."""
        if not 0 <= position < len(self.offers):
            return False
        self.current = position
        self.update()
        self.chosen.emit(position)
        return True

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(300, sum(self.heights()) or LINE_PX)

    def minimumSizeHint(self) -> QSize:
        """As high as its rows, as narrow as it must."""
        return QSize(120, self.sizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """One or two lines a row: that depends on the width."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        top = 0
        for number, (offer, height) in enumerate(zip(self.offers, self.heights(), strict=True)):
            self._row(painter, QRect(0, top, self.width(), height), number, offer)
            top += height

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        self.choose(self._row_at(event.position().y()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Who is pointed at here is so on the map."""
        row = self._row_at(event.position().y())
        self._seat.selection.point_at(self.offers[row].worker if 0 <= row < len(self.offers) else None)

    def leaveEvent(self, _event: QEvent) -> None:
        """Nobody is pointed at any more."""
        self._seat.selection.point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 9 and the arrows choose; everything else belongs to the form around."""
        if event.text() in "123456789" and event.text():
            event.setAccepted(self.choose(int(event.text()) - 1))  # the form around says that nobody has the number
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.choose(min(max(self.current + (1 if event.key() == Qt.Key.Key_Down else -1), 0), len(self.offers) - 1))
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Tell the whole reason as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(event.pos().y())
            if 0 <= row < len(self.offers):
                QToolTip.showText(event.globalPos(), f"{self.offers[row].name}\n{self.offers[row].why}", self)
            return True
        return super().event(event)

    def _pointed(self, _worker: object) -> None:
        self.update()

    def heights(self) -> list[int]:
        """How high each row is: all of them and the button that sends fit a small screen."""
        too_long = [self._needed(offer) > self.width() - 12 for offer in self.offers]
        if len(self.offers) > ROOMY:
            return [CLOSE_TWO_PX if needs_two else CLOSE_PX for needs_two in too_long]
        return [TWO_LINES_PX if any(too_long) else LINE_PX] * len(self.offers)

    def _row_at(self, y: float) -> int:
        """The row at a height; -1 where there is none."""
        return next((row for row, bottom in enumerate(accumulate(self.heights())) if 0 <= y < bottom), -1)

    def _needed(self, offer: Offer) -> int:
        return (
            CHIP_PX
            + 14
            + self._bold_measure.horizontalAdvance(offer.name)
            + 8
            + self._small_measure.horizontalAdvance(offer.why)
        )

    def _row(self, painter: QPainter, box: QRect, number: int, offer: Offer) -> None:
        palette, is_chosen = self._seat.palette, number == self.current
        inner = box.adjusted(0, 1, 0, -1)
        if offer.worker is not None and offer.worker == self._seat.selection.pointed:
            painter.fillRect(inner, QColor(palette.line))
        if is_chosen:
            painter.fillRect(inner, QColor(palette.chosen))
            painter.fillRect(QRect(inner.left(), inner.top(), 3, inner.height()), QColor(palette.focus))
        chip = QRect(inner.left() + 8, inner.center().y() - 9, CHIP_PX, 18)
        painter.setPen(QColor(palette.edge))
        if self.isEnabled():
            painter.drawRoundedRect(chip, 3, 3)  # looks like the key it is
        painter.setFont(self._small)
        painter.setPen(QColor(palette.text if is_chosen else palette.dim))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), str(number + 1))
        rest = inner.adjusted(CHIP_PX + 16, 0, -6, 0)
        two = box.height() in (TWO_LINES_PX, CLOSE_TWO_PX)
        name = rest.adjusted(0, 1, 0, -rest.height() // 2) if two else rest
        painter.setFont(self._bold)
        painter.setPen(QColor(palette.text))
        painter.drawText(name, int(Qt.AlignmentFlag.AlignVCenter), offer.name)
        painter.setFont(self._small)
        painter.setPen(QColor(palette.urgent if offer.is_off_rule or offer.is_silent else palette.dim))
        beside = name.adjusted(self._bold_measure.horizontalAdvance(offer.name) + 8, 0, 0, 0)
        below = rest.adjusted(0, rest.height() // 2 - 1, 0, -2)
        first, last = self.why_lines(offer, rest.width()) if two else (offer.why, "")
        for line, room in ((first, beside), (last, below)):
            shown = self._small_measure.elidedText(line, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)

    def why_lines(self, offer: Offer, room_px: int) -> tuple[str, str]:
        """The reasons in two lines: beside the name as many as fit there, the rest below."""
        sep = self._seat.words("sep")
        reasons, beside = offer.why.split(sep), room_px - self._bold_measure.horizontalAdvance(offer.name) - 8
        count = len(reasons)
        while count and self._small_measure.horizontalAdvance(sep.join(reasons[:count])) > beside:
            count -= 1
        return sep.join(reasons[:count]), sep.join(reasons[count:])
