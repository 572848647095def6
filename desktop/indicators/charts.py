"""Four charts of a month: by day, by area or unit, by category, and how long what is open is overdue.

pyqtgraph is imported when the first of them is drawn: a desk that never looks at indicators does not wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.indicators.figures import bars_of, name_of
from desktop.seat import Seat
from desktop.style.type_face import SMALL_PX, family
from wire.indicator_requests import IndicatorsAre

CHARTS = ("trend", "places", "category", "ageing")
LYING = ("places", "category")
LINES = (("focus", "o", Qt.PenStyle.SolidLine), ("live", "t", Qt.PenStyle.DashLine), ("dim", "s", Qt.PenStyle.DotLine))
"""Reported, filed, closed: a colour, a shape and a stroke each."""
TICK_LETTERS = {"zh": 8, "en": 16}
TICKS_AT_MOST, PLACES_AT_MOST = 14, 42
WIDTH = 0.64
FEW, SHORT_SCALE = 5, 8
"""Rows there is always room for: one bar alone is no thicker than one of five."""


class Charts(QWidget):
    """The four of them in a square. Main thread only."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """Nothing is drawn, nor imported, yet."""
        super().__init__(parent)
        self._seat = seat
        self.plots: dict[str, Any] = {}
        self.titles = {name: QLabel() for name in CHARTS}
        self._square = QGridLayout(self)
        self._square.setContentsMargins(0, 0, 0, 0)
        self._square.setSpacing(12)
        for number, name in enumerate(CHARTS):
            self.titles[name].setProperty("look", "field")
            box = QVBoxLayout()
            box.setSpacing(2)
            box.addWidget(self.titles[name])
            self._square.addLayout(box, number // 2, number % 2)

    def show_month(self, reply: IndicatorsAre, code: str) -> None:
        """Draw everything of a month; `code` is the indicator that is compared between places."""
        self._begin()
        self._trend(reply)
        self._places(reply, code)
        self._category(reply)
        self._ageing(reply)

    def show_places(self, reply: IndicatorsAre, code: str) -> None:
        """Compare another indicator between places."""
        self._begin()
        self._places(reply, code)

    def _begin(self) -> None:
        """The plots are there."""
        if self.plots:
            return
        import pyqtgraph

        for number, name in enumerate(CHARTS):
            plot = pyqtgraph.PlotWidget()
            plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            plot.setMinimumSize(160, 110)
            plot.setMouseEnabled(False, False)
            plot.setMenuEnabled(False)
            plot.hideButtons()
            self.plots[name] = plot
            box = self._square.itemAtPosition(number // 2, number % 2).layout()
            box.addWidget(plot, 1)

    def _cleared(self, name: str, title: str) -> Any:
        """A plot in the colours of now, with nothing in it."""
        palette, plot = self._seat.palette, self.plots[name]
        self.titles[name].setText(title)
        plot.clear()
        font = QFont(family())
        font.setPixelSize(SMALL_PX)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setTickFont(font)
            axis.setPen(QColor(palette.line))
            axis.setTextPen(QColor(palette.dim))
        plot.setBackground(QColor(palette.panel))
        is_lying = name in LYING
        plot.showGrid(x=is_lying, y=not is_lying, alpha=0.15)
        return plot

    def _trend(self, reply: IndicatorsAre) -> None:
        import pyqtgraph

        words, palette = self._seat.words, self._seat.palette
        plot = self._cleared("trend", "")
        for number, (role, shape, stroke) in enumerate(LINES):
            colour = QColor(getattr(palette, role))
            plot.plot(
                list(range(len(reply.trend))),
                [bar.counts[number] for bar in reply.trend],
                pen=pyqtgraph.mkPen(colour, width=1.5, style=stroke),
                symbol=shape,
                symbolSize=6,
                symbolBrush=colour,
                symbolPen=None,
            )
        shapes = ("●", "▼", "■")
        legend = words("sep").join(
            f"{s} {words(f'indicators.line.{n}')}" for s, n in zip(shapes, ("reported", "filed", "closed"), strict=True)
        )
        self.titles["trend"].setText(words("indicators.chart.trend", legend=legend))
        _ticks(plot, [bar.key[-2:].lstrip("0") for bar in reply.trend], 3)
        _floor(plot, max((max(bar.counts) for bar in reply.trend), default=0), len(reply.trend))

    def _places(self, reply: IndicatorsAre, code: str) -> None:
        words = self._seat.words
        what = next((each for each in reply.definitions if each.code == code), None)
        title = f"{code} {name_of(what, words)}" if what else code
        plot = self._cleared("places", words(f"indicators.chart.by_{reply.by}", name=title))
        bars = bars_of(reply, code)[:PLACES_AT_MOST]
        self._lying(plot, [value or 0.0 for _, value in bars], "focus", Qt.BrushStyle.SolidPattern)
        self._beside(plot, [name if value is not None else f"{name} –" for name, value in bars])
        _right(plot, max((value or 0.0 for _, value in bars), default=0.0), len(bars))

    def _category(self, reply: IndicatorsAre) -> None:
        words, rules = self._seat.words, self._seat.situation.rules
        plot = self._cleared("category", words("indicators.chart.category"))
        self._lying(plot, [bar.counts[0] for bar in reply.categories], "focus", Qt.BrushStyle.SolidPattern)
        self._lying(plot, [bar.counts[1] for bar in reply.categories], "urgent", Qt.BrushStyle.BDiagPattern)
        roots = [rules.categories.get(bar.key) for bar in reply.categories]
        names = [(root.name_zh if words.language == "zh" else root.name_en) if root else "" for root in roots]
        self._beside(plot, [name or bar.key for name, bar in zip(names, reply.categories, strict=True)])
        _right(plot, max((bar.counts[0] for bar in reply.categories), default=0), len(reply.categories), counts=True)

    def _ageing(self, reply: IndicatorsAre) -> None:
        words = self._seat.words
        total = sum(bar.counts[0] for bar in reply.ageing)
        plot = self._cleared("ageing", words("indicators.chart.ageing", count=total))
        self._bars(plot, [bar.counts[0] for bar in reply.ageing], "urgent", Qt.BrushStyle.BDiagPattern)
        _ticks(plot, [words(f"indicators.age.{bar.key}") for bar in reply.ageing])
        _floor(plot, max((bar.counts[0] for bar in reply.ageing), default=0), len(reply.ageing))

    def _bars(self, plot: Any, heights: Sequence[float], role: str, pattern: Qt.BrushStyle) -> None:
        """Standing bars of one colour and pattern; hatched means overdue."""
        places = {"x": list(range(len(heights))), "height": list(heights), "width": WIDTH}
        self._draw(plot, places, role, pattern)

    def _lying(self, plot: Any, lengths: Sequence[float], role: str, pattern: Qt.BrushStyle) -> None:
        """The same lying, from the top down: their names have room at the left."""
        places = {"x0": 0, "y": list(range(len(lengths))), "height": WIDTH, "width": list(lengths)}
        plot.invertY(True)
        self._draw(plot, places, role, pattern)

    def _draw(self, plot: Any, places: dict[str, Any], role: str, pattern: Qt.BrushStyle) -> None:
        """What is hatched stands on the ground of the sheet, not on the bars behind it."""
        import pyqtgraph

        if not places.get("y", places.get("x")):
            return
        colour, ground = QColor(getattr(self._seat.palette, role)), QColor(self._seat.palette.panel)
        if pattern is not Qt.BrushStyle.SolidPattern:
            plot.addItem(pyqtgraph.BarGraphItem(**places, brush=ground, pen=ground))
        plot.addItem(pyqtgraph.BarGraphItem(**places, brush=QBrush(colour, pattern), pen=colour))

    def _beside(self, plot: Any, names: Sequence[str]) -> None:
        """Names at the left of lying bars; of many only every so many."""
        letters = TICK_LETTERS[self._seat.words.language]
        step = -(-len(names) // TICKS_AT_MOST) or 1
        plot.getAxis("left").setTicks([[(n, _elided(name, letters)) for n, name in enumerate(names) if n % step == 0]])


def _ticks(plot: Any, names: Sequence[str], every: int = 0) -> None:
    """Names below the bars; of many only every so many."""
    step = every or -(-len(names) // TICKS_AT_MOST) or 1
    plot.getAxis("bottom").setTicks([[(n, name) for n, name in enumerate(names) if n % step == 0]])


def _floor(plot: Any, highest: float, count: int) -> None:
    """From nothing to a little above the highest; a chart without anything shows an empty scale."""
    plot.setYRange(0, max(highest * 1.08, 1.0), padding=0)
    plot.getAxis("left").setTickSpacing(levels=_whole(highest))
    plot.setXRange(-0.6, max(count - 0.4, 0.6), padding=0)


def _right(plot: Any, longest: float, count: int, counts: bool = False) -> None:
    """The same of lying bars; `counts` are whole."""
    plot.setXRange(0, max(longest * 1.08, 1.0), padding=0)
    plot.getAxis("bottom").setTickSpacing(levels=_whole(longest) if counts else None)
    plot.setYRange(-0.6, max(count, FEW) - 0.4, padding=0)


def _whole(highest: float) -> list[tuple[float, float]] | None:
    """Nothing is counted in halves: a short scale has a mark for each; None leaves it to the axis."""
    return [(1.0, 0.0)] if highest < SHORT_SCALE else None


def _elided(name: str, letters: int) -> str:
    return name if len(name) <= letters + 1 else f"{name[:letters]}…"
