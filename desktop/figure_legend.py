"""By what grids are coloured and raised, and what the colours mean: each class with its number of grids. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.grid_classes import FIGURES
from desktop.phrases import key_tip
from desktop.seat import Seat
from desktop.style.type_face import SMALL_PX, face

ROW_PX, SWATCH_PX, WIDE_PX, PAD_PX = 21, 26, 214, 6


@dataclass(frozen=True, slots=True)
class LegendTold:
    """What the legend says."""

    colour: str
    """open, overdue, coverage, visited or off."""
    height: str
    rows: tuple[tuple[str, int], ...]
    """Name and number of grids of each class, the quietest first; one more where of some grids nothing is known."""
    lit: int | None
    """The class that is pointed out."""
    as_of: str
    look: str
    """dim, or warn where the data is old or missing."""


class ClassRows(QWidget):
    """One row for each class. Wish: `chosen` with its number."""

    chosen = Signal(int)

    def __init__(self, seat: Seat, colours: Sequence[str]) -> None:
        """No rows; `colours` is the ramp."""
        super().__init__()
        self._seat, self.colours = seat, colours
        self.rows: tuple[tuple[str, int], ...] = ()
        self.lit: int | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def tell(self, rows: tuple[tuple[str, int], ...], lit: int | None) -> None:
        """Show these, one of them pointed out."""
        self.rows, self.lit = rows, lit
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        metrics = QFontMetrics(face(SMALL_PX))
        needed = max((metrics.horizontalAdvance(f"{name}  {count}") for name, count in self.rows), default=0)
        return QSize(max(WIDE_PX, needed + SWATCH_PX + 4 * PAD_PX), len(self.rows) * ROW_PX)

    def mousePressEvent(self, press: QMouseEvent) -> None:
        """Point out the class under the pointer; the grids nothing is known of are none."""
        row = int(press.position().y()) // ROW_PX
        if 0 <= row < min(len(self.rows), len(self.colours)):
            self.chosen.emit(row)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Swatch, name and number; hatched where nothing is known."""
        palette, painter = self._seat.palette, QPainter(self)
        painter.setFont(face(SMALL_PX))
        for number, (name, count) in enumerate(self.rows):
            box = QRectF(0, number * ROW_PX, self.width(), ROW_PX)
            if number == self.lit:
                painter.fillRect(box, QColor(palette.chosen))
            is_known = number < len(self.colours)
            swatch = QRectF(PAD_PX, box.top() + 4, SWATCH_PX, ROW_PX - 8)
            painter.setPen(QPen(QColor(palette.focus if number == self.lit else palette.edge), 1.0))
            painter.setBrush(QColor(self.colours[number]) if is_known else QColor(palette.dim))
            if number == self.lit:
                painter.setBrush(QColor(palette.focus))
            if not is_known:
                painter.setBrush(Qt.BrushStyle.BDiagPattern)
            painter.drawRect(swatch)
            words = box.adjusted(SWATCH_PX + 2 * PAD_PX, 0, -PAD_PX, 0)
            painter.setPen(QColor(palette.text))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, name)
            painter.setPen(QColor(palette.text if count else palette.dim))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(count))


class FigureLegend(QFrame):
    """Two choices and the classes. Wishes: `colour_wanted`, `height_wanted` with a figure, `class_wanted`."""

    colour_wanted = Signal(str)
    height_wanted = Signal(str)
    class_wanted = Signal(int)
    seen = Signal()
    """It came into sight: what it says may be old."""

    def __init__(self, seat: Seat, colours: Sequence[str]) -> None:
        """Nothing is told yet."""
        super().__init__()
        self._seat = seat
        self.heads, self.as_of = {name: QLabel() for name in ("colour", "height")}, QLabel()
        self.choices: dict[tuple[str, str], QPushButton] = {}
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for row, (of, wish) in enumerate((("colour", self.colour_wanted), ("height", self.height_wanted))):
            self.heads[of].setProperty("look", "dim")
            line = QHBoxLayout()
            line.setSpacing(3)
            for figure in (*FIGURES, "off") if of == "colour" else FIGURES:
                button = self.choices[of, figure] = QPushButton()
                button.setProperty("look", "choice")
                button.setProperty("size", "small")
                button.setFont(face(SMALL_PX))
                button.setCheckable(True)
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
                button.clicked.connect(lambda _on=False, wish=wish, figure=figure: wish.emit(figure))
                line.addWidget(button)
            line.addStretch(1)
            grid.addWidget(self.heads[of], row, 0)
            grid.addLayout(line, row, 1)
        self.rows = ClassRows(seat, colours)
        self.rows.chosen.connect(self.class_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addLayout(grid)
        column.addWidget(self.rows)
        column.addWidget(self.as_of)
        column.addStretch(1)

    def showEvent(self, event: QShowEvent) -> None:
        """Have it told anew."""
        super().showEvent(event)
        self.seen.emit()

    def tell(self, told: LegendTold, colours: Sequence[str]) -> None:
        """Say what is shown, in the language and the colours of now."""
        words = self._seat.words
        self.heads["colour"].setText(words("figures.colour"))
        self.heads["height"].setText(words("figures.height"))
        for (of, figure), button in self.choices.items():
            button.setText(words(f"map.metric.{figure}"))
            button.setToolTip(f"{words(f'figures.tip.{figure}')}\n{key_tip(words, 'metric' if of == 'colour' else 'raise_by')}")
            button.setChecked(figure == (told.colour if of == "colour" else told.height))
        self.rows.colours = colours
        self.rows.setToolTip(key_tip(words, "point_out"))
        self.rows.tell(told.rows, told.lit)
        self.rows.setVisible(bool(told.rows))
        self.as_of.setText(told.as_of)
        self.as_of.setProperty("look", told.look)
        self.as_of.setProperty("size", "small")
        self.as_of.style().unpolish(self.as_of)
        self.as_of.style().polish(self.as_of)
        self.as_of.setVisible(bool(told.as_of))
        self.adjustSize()
