"""Bytes of a tile become a picture, after a look at how large it says it is. Any thread."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from desktop.style.painted import without_engine
from gis_data.basemap.source import Unreadable, Wrong, is_picture

FORMAT = QImage.Format.Format_ARGB32_Premultiplied
LARGEST_PX = 2048
SMALLEST_PX = 8
"""Services put a picture of one pixel where they have nothing."""
_FORMATS = (b"png", b"jpeg", b"webp", b"gif")
NIGHT_SHADE = QColor(0, 0, 0, 150)
"""Over a picture by night: most are drawn for daylight and would blind."""


def picture_of(tile: bytes, *, by_night: bool, most_px: int = LARGEST_PX) -> QImage | None:
    """The picture of a tile, no larger than asked for; None where it is one of a pixel or so. Raises Unreadable.

    How large it is is read before anything is unpacked: a few bytes may say that they are a picture of a gigabyte.
    """
    if not is_picture(tile):
        raise Unreadable(Wrong.NOT_A_TILE)
    data = QByteArray(tile)
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if bytes(reader.format().data()) not in _FORMATS or not size.isValid():
        raise Unreadable(Wrong.NOT_A_TILE)
    if max(size.width(), size.height()) > LARGEST_PX:
        raise Unreadable(Wrong.TOO_LARGE)
    if min(size.width(), size.height()) < SMALLEST_PX:
        return None
    most_px = max(most_px, SMALLEST_PX)
    if max(size.width(), size.height()) > most_px:
        reader.setScaledSize(size.scaled(most_px, most_px, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise Unreadable(Wrong.NOT_A_TILE)
    image = image.convertToFormat(FORMAT)
    return shaded(image) if by_night else image


def shaded(image: QImage) -> QImage:
    """The same picture by night."""
    painter = QPainter(image)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
    painter.fillRect(image.rect(), NIGHT_SHADE)
    painter.end()
    return without_engine(image)
