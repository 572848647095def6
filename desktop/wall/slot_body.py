"""What a slot of a wall shows: a body that paints it, and says how old it is. The plain ones: empty, reserved, clock."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop.phrases import SHANGHAI
from desktop.wall.wall_seat import SCALE, WallSeat, large
from governance.wall import Content, Slot

CENTRE = Qt.AlignmentFlag.AlignCenter


class SlotBody(QWidget):
    """The part of a slot below its head. Main thread only."""

    def __init__(self, seat: WallSeat, slot: Slot, parent: QWidget) -> None:
        """Shows what the slot says."""
        super().__init__(parent)
        self.seat, self.slot = seat, slot

    @property
    def title(self) -> str:
        """What the head says it shows."""
        return self.seat.words(f"wall.content.{self.slot.content.value}")

    @property
    def has_head(self) -> bool:
        """Whether the slot has a head; one that says all that by itself has none."""
        return True

    def sight(self) -> str:
        """State of its picture; empty where it is none."""
        return ""

    def age_s(self) -> float | None:
        """How old what it shows is; None where there is nothing yet, or nothing that ages."""
        return None

    def tells_age(self) -> bool:
        """Whether the head says how old it is."""
        return False

    def pass_second(self) -> None:
        """A second has passed."""

    def tick(self) -> None:
        """A picture may be due: fifteen times a second."""

    def board_came(self) -> None:
        """Newer figures are there."""

    def cameras_changed(self) -> None:
        """Some camera went off or came back; said once a second at most."""

    def look(self) -> None:
        """The situation, the town or the dots are others now: everything of it may be."""

    def put_away(self) -> None:
        """Let go of what is held."""


class EmptyBody(SlotBody):
    """Nothing, and what will come."""

    def paintEvent(self, _: QPaintEvent) -> None:
        """One quiet line."""
        painter = QPainter(self)
        palette = self.seat.palette
        painter.fillRect(self.rect(), QColor(palette.ground))
        painter.setFont(large(13))
        painter.setPen(QColor(palette.dim))
        key = "wall.reserved.more" if self.slot.content is Content.RESERVED else "wall.empty.more"
        flags = int(CENTRE) | int(Qt.TextFlag.TextWordWrap)
        painter.drawText(self.rect().adjusted(16, 8, -16, -8), flags, self.seat.words(key))


class ClockBody(SlotBody):
    """Time of the server, date, and what the wall is called."""

    @property
    def has_head(self) -> bool:
        """A clock says of itself what it is."""
        return False

    def age_s(self) -> float | None:
        """It is of now."""
        return 0.0

    def pass_second(self) -> None:
        """Another second."""
        self.update()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Time to the left, date and names to the right; below one another where it is narrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        words, palette = self.seat.words, self.seat.palette
        painter.fillRect(self.rect(), QColor(palette.panel))
        now = self.seat.now().astimezone(SHANGHAI)
        date = words(
            "wall.date",
            year=now.year,
            month=f"{now.month:02d}",
            day=f"{now.day:02d}",
            weekday=words(f"wall.weekday.{now.weekday()}"),
        )
        place = self.seat.situation.town.name
        name = " · ".join(part for part in (place, self.seat.wall.title) if part)
        box = QRectF(self.rect()).adjusted(20 * SCALE / 2, 6, -20 * SCALE / 2, -6)
        beside = box.width() > 3.2 * box.height()
        time_box = QRectF(box)
        time_box.setWidth(box.width() * 0.5 if beside else box.width())
        time_box.setHeight(box.height() if beside else box.height() * 0.56)
        said = now.strftime("%H:%M:%S")
        painter.setFont(fitting(said, time_box, bold=True))
        painter.setPen(QColor(palette.text))
        side = Qt.AlignmentFlag.AlignLeft if beside else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(time_box, side | Qt.AlignmentFlag.AlignVCenter, said)
        rest = QRectF(box)
        rest.setLeft(time_box.right() if beside else box.left())
        rest.setTop(box.top() if beside else time_box.bottom())
        side = Qt.AlignmentFlag.AlignRight if beside else Qt.AlignmentFlag.AlignHCenter
        half = rest.height() / 2
        for row, (text, colour) in enumerate(((date, palette.text), (name, palette.dim))):
            line = QRectF(rest.left(), rest.top() + row * half, rest.width(), half)
            painter.setFont(fitting(text, line, most_px=15))
            painter.setPen(QColor(colour))
            painter.drawText(line, side | Qt.AlignmentFlag.AlignVCenter, text)


def fitting(text: str, box: QRectF | QRect, most_px: float = 60, bold: bool = False) -> QFont:
    """The largest font, up to so many pixels of a desk, in which a text fits a box."""
    for pixels in range(round(most_px), 7, -1):
        font = large(pixels, bold)
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) <= box.width() and metrics.height() <= box.height():
            return font
    return large(7, bold)
