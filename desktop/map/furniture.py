"""What stands on the edge of the map: layers, legend, minimap, scale, north, source, a line when something is wrong."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.map.colours import MapColours
from desktop.map.layer_switches import LayerSwitches
from desktop.map.legend import Legend
from desktop.map.minimap import Minimap
from desktop.map.oblique import Oblique
from desktop.map.viewpoint import Viewpoint
from desktop.style.type_face import face

EDGE_PX = 12
LONGEST_BAR_PX = 120.0
ROOM_FOR_MINIMAP_PX = (640, 420)
"""A map narrower or lower than that keeps its minimap folded."""

APART_MS = 150
"""How long apart minimap and scale are painted while the map moves: Qt composes the whole window then, 5 ms without a card."""

BUTTON_WORDS = {"layers": ("图层", "Layers"), "legend": ("图例", "Legend"), "minimap": ("鹰眼", "Overview")}


def round_length_m(longest_m: float) -> float:
    """The longest round length (1, 2 or 5 times a power of ten) that is not longer than asked."""
    power = 10.0 ** math.floor(math.log10(max(longest_m, 1e-3)))
    return next(power * step for step in (5.0, 2.0, 1.0) if power * step <= longest_m)


def length_in_words(length_m: float, language: str) -> str:
    """A length as one writes it: 500 米, 2 公里; 500 m, 2 km."""
    whole, unit = (length_m / 1000, "km") if length_m >= 1000 else (length_m, "m")
    if language == "zh":
        unit = {"km": "公里", "m": "米"}[unit]
    return f"{whole:g} {unit}"


class Ruler(QWidget):
    """Scale bar and north arrow."""

    def __init__(self, parent: QWidget, colours: MapColours) -> None:
        """A ruler in the lower right corner of its parent."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.colours, self.language = colours, "zh"
        self.viewpoint = Viewpoint(0, 0, 1)
        self.resize(round(LONGEST_BAR_PX) + 52, 34)

    def paintEvent(self, _paint: QPaintEvent) -> None:
        """Draw bar, length and arrow on a quiet plate."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plate = QColor(self.colours.panel)
        plate.setAlpha(225)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(plate)
        painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        self._draw_bar(painter)
        self._draw_arrow(painter)
        painter.end()

    def _draw_bar(self, painter: QPainter) -> None:
        length_m = round_length_m(LONGEST_BAR_PX * self.viewpoint.metres_per_pixel)
        bar = length_m / self.viewpoint.metres_per_pixel
        words = length_in_words(length_m, self.language)
        painter.setFont(face(12))
        painter.setPen(QColor(self.colours.dim))
        right = self.width() - 40.0
        wide = QFontMetricsF(painter.font()).horizontalAdvance(words)
        painter.drawText(QPointF(right - max(bar, wide) / 2 - wide / 2, 15.0), words)
        left = right - max(bar, wide) / 2 - bar / 2
        painter.setPen(QPen(QColor(self.colours.text), 1.6))
        painter.drawPolyline(
            QPolygonF([QPointF(left, 21), QPointF(left, 26), QPointF(left + bar, 26), QPointF(left + bar, 21)])
        )

    def _draw_arrow(self, painter: QPainter) -> None:
        painter.save()
        painter.translate(self.width() - 19.0, 17.0)
        painter.rotate(-self.viewpoint.turn_deg)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colours.text))
        painter.drawPolygon(QPolygonF([QPointF(0, -12), QPointF(5, 2), QPointF(0, -1)]))
        painter.setBrush(QColor(self.colours.dim))
        painter.drawPolygon(QPolygonF([QPointF(0, -12), QPointF(-5, 2), QPointF(0, -1)]))
        painter.setPen(QColor(self.colours.dim))
        painter.setFont(face(11))
        painter.drawText(QRectF(-8, 1, 16, 13), Qt.AlignmentFlag.AlignCenter, "北" if self.language == "zh" else "N")
        painter.restore()


class Furniture:
    """Puts ruler, source and banner where they belong and keeps them true."""

    def __init__(self, host: QWidget, colours: MapColours) -> None:
        """Furniture of a map widget."""
        self._host = host
        self.over: list[QRect] = []
        """What others put over the map, in its pixels: no name is painted under it."""
        self.lists: list[QRect] = []
        """The lists that stand on the map, the same."""
        self.ruler = Ruler(host, colours)
        self.attribution = self._label(host)
        self.banner = self._label(host)
        self.language = "zh"
        self._stale: set[QWidget] = set()
        self._pace = QTimer(host, singleShot=True, interval=APART_MS)
        self._pace.timeout.connect(self._repaint)
        self.legend, self.minimap = Legend(host, colours), Minimap(host, colours)
        self.layers = LayerSwitches(host, colours)
        self._parts: dict[str, QWidget] = {"layers": self.layers, "legend": self.legend, "minimap": self.minimap}
        self._open = {"layers": False, "legend": False, "minimap": True}
        self.buttons = {name: self._button(name) for name in BUTTON_WORDS}
        self.set_colours(colours)
        self._tell_buttons()

    @staticmethod
    def _label(host: QWidget) -> QLabel:
        label = QLabel(host)
        label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        label.hide()
        return label

    def set_colours(self, colours: MapColours) -> None:
        """Take the colours of a theme."""
        self.ruler.colours = colours
        self.ruler.update()
        plate = f"background:{colours.panel}; border-radius:4px; padding:2px 8px;"
        self.attribution.setFont(face(11))
        self.attribution.setStyleSheet(f"QLabel {{ color:{colours.dim}; {plate} }}")
        self.legend.set_colours(colours)
        self.minimap.set_colours(colours)
        self.layers.set_colours(colours)
        for button in self.buttons.values():
            button.setFont(face(12))
            button.setStyleSheet(
                f"QPushButton {{ color:{colours.dim}; border:1px solid {colours.line}; {plate} min-height:18px; }}"
                f"QPushButton:hover, QPushButton:checked {{ color:{colours.text}; }}"
            )
        self.banner.setFont(face(13))
        self.banner.setStyleSheet(f"QLabel {{ color:{colours.text}; border:1px solid {colours.line}; {plate} }}")

    def set_language(self, language: str) -> None:
        """Chinese (zh) or English (en)."""
        self.ruler.language = self.language = language
        self.ruler.update()
        self.legend.set_language(language)
        self.layers.set_language(language)
        self._tell_buttons()
        self.place()

    def set_attribution(self, text: str) -> None:
        """Name the source of the data."""
        self.attribution.setText(text)
        self.attribution.setVisible(bool(text))
        self.place()

    def say(self, text: str) -> None:
        """Show one line at the top of the map; empty hides it."""
        self.banner.setText(text)
        self.banner.setVisible(bool(text))
        self.place()

    def switch(self, part: str) -> None:
        """Fold or unfold layers, legend or minimap; layers and legend share their place."""
        self._open[part] = not self._open[part]
        other = {"layers": "legend", "legend": "layers"}.get(part)
        if other is not None and self._open[part]:
            self._open[other] = False
        self._tell_buttons()
        self.place()
        self._host.update()

    def _button(self, name: str) -> QPushButton:
        button = QPushButton(self._host)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCheckable(True)
        button.clicked.connect(lambda: self.switch(name))
        return button

    def _tell_buttons(self) -> None:
        for name, button in self.buttons.items():
            button.setText(f"{BUTTON_WORDS[name][self.language == 'en']} {'▾' if self._open[name] else '▸'}")
            button.setChecked(self._open[name])
            button.adjustSize()

    def look_from(self, oblique: Oblique) -> None:
        """Keep scale, north and minimap true to what the map shows; repaints only what changes, and not with every frame."""
        if oblique.viewpoint.shape != self.ruler.viewpoint.shape:
            self.ruler.viewpoint = oblique.viewpoint
            self._stale.add(self.ruler)
        if self.minimap.follow(oblique):
            self._stale.add(self.minimap)
        if not self._pace.isActive():
            self._repaint()

    def _repaint(self) -> None:
        """Paint what is no longer true, and again at the earliest in a while."""
        if self._stale:
            for part in self._stale:
                part.update()
            self._stale.clear()
            self._pace.start()

    def covered(self) -> NDArray[np.float64]:
        """Boxes float64[n, 4] (left, top, right, bottom) of the map that stand under something."""
        over = [(s.x(), s.y(), s.x() + s.width(), s.y() + s.height()) for s in (*self.over, *self.lists)]
        return np.vstack([self.standing(), np.array(over, np.float64).reshape(-1, 4)])

    def standing(self) -> NDArray[np.float64]:
        """The same of the map's own furniture."""
        shapes = [w.geometry() for w in self._host.children() if isinstance(w, QWidget) and w.isVisible()]
        return np.array([(s.x(), s.y(), s.x() + s.width(), s.y() + s.height()) for s in shapes], np.float64).reshape(-1, 4)

    def place(self) -> None:
        """Move everything to its corner after the host changed size."""
        width, height = self._host.width(), self._host.height()
        self.ruler.move(width - self.ruler.width() - EDGE_PX, height - self.ruler.height() - EDGE_PX)
        self.attribution.adjustSize()
        self.attribution.move(
            width - self.ruler.width() - 2 * EDGE_PX - self.attribution.width(),
            height - self.attribution.height() - EDGE_PX,
        )
        self.banner.adjustSize()
        self.banner.move((width - self.banner.width()) // 2, EDGE_PX)
        for plate in self.over:
            if plate.intersects(self.banner.geometry()):
                self.banner.move(self.banner.x(), plate.bottom() + EDGE_PX)
        left, low = EDGE_PX, height - EDGE_PX
        for button in self.buttons.values():
            button.adjustSize()  # as for the layers: before it is shown it is measured in another face
            button.move(left, low - button.height())
            left += button.width() + 6
        if self.attribution.x() < left:  # too long for the room beside the buttons: one row up
            self.attribution.move(max(self.attribution.x(), EDGE_PX), low - 2 * self.attribution.height() - 10)
        above = low - self.buttons["layers"].height() - 8
        roomy = width >= ROOM_FOR_MINIMAP_PX[0] and height >= ROOM_FOR_MINIMAP_PX[1]
        for name, part in self._parts.items():
            part.setVisible(self._open[name] and (roomy or name != "minimap"))
            if part is self.layers:
                part.adjustSize()  # the desk's style sheet reaches its words only once it is shown
            part.move(EDGE_PX, above - part.height())
            part.raise_()
        self.minimap.move(
            width - self.minimap.width() - EDGE_PX, height - self.ruler.height() - 8 - EDGE_PX - self.minimap.height()
        )
