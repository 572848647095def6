"""Icons from the SVG files beside this one, drawn in a colour of the palette."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.style.painted import without_engine

FOLDER = Path(__file__).with_name("icons")
UNKNOWN = "question"


def has_icon(name: str) -> bool:
    """Whether there is a drawing of that name."""
    return (FOLDER / f"{name}.svg").is_file()


@lru_cache(maxsize=512)
def drawing(name: str, colour: str, pixels: int, ratio: float = 1.0) -> QPixmap:
    """An icon of so many logical pixels in a colour; a question mark where there is no such drawing."""
    path = FOLDER / f"{name if has_icon(name) else UNKNOWN}.svg"
    text = path.read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap(round(pixels * ratio), round(pixels * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)  # no colour: nothing at all
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return without_engine(picture)


def icon(name: str, colour: str, pixels: int = 16, ratio: float = 1.0) -> QIcon:
    """The same as a QIcon, for a button."""
    return QIcon(drawing(name, colour, pixels, ratio))
