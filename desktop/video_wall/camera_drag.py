"""A camera on its way by the mouse: from the map, a list or another tile into a tile. Main thread only."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QMimeData, QPoint, Qt
from PySide6.QtGui import QColor, QDrag, QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from desktop.style.palette import Palette
from desktop.style.type_face import BASE_PX, face

CAMERA, SLOT = "application/x-gridwarden-camera", "application/x-gridwarden-slot"
LONGEST_ID = 64


def carried(camera: str, slot: str = "") -> QMimeData:
    """What the pointer carries: a camera's id, and which slot of which board it comes from where it comes from one."""
    data = QMimeData()
    data.setData(CAMERA, QByteArray(camera.encode()))
    if slot:
        data.setData(SLOT, QByteArray(slot.encode()))
    return data


def camera_in(data: QMimeData) -> str:
    """The id of the camera that is carried; empty where none is."""
    found = bytes(data.data(CAMERA).data()) if data.hasFormat(CAMERA) else b""
    try:
        return found.decode() if len(found) <= LONGEST_ID else ""
    except UnicodeDecodeError:
        return ""


def slot_in(data: QMimeData) -> str:
    """Which slot it comes from, in the words of `carried`; empty where it comes from none."""
    found = bytes(data.data(SLOT).data()) if data.hasFormat(SLOT) else b""
    return found.decode(errors="replace")


def drag(source: QWidget, camera: str, name: str, palette: Palette, slot: str = "") -> None:
    """Carry a camera until the button is let go; its name goes along with the pointer."""
    carrier = QDrag(source)
    carrier.setMimeData(carried(camera, slot))
    label = _label(source, name, palette)
    carrier.setPixmap(label)
    carrier.setHotSpot(QPoint(-12, -8))
    carrier.exec(Qt.DropAction.CopyAction)


def _label(source: QWidget, name: str, palette: Palette) -> QPixmap:
    font, ratio = face(BASE_PX), source.devicePixelRatioF()
    metrics = QFontMetrics(font)
    wide, high = metrics.horizontalAdvance(name) + 16, metrics.height() + 8
    label = QPixmap(round(wide * ratio), round(high * ratio))
    label.setDevicePixelRatio(ratio)
    label.fill(QColor(palette.raised))
    painter = QPainter(label)
    painter.setFont(font)
    painter.setPen(QColor(palette.text))
    painter.drawText(8, 4 + metrics.ascent(), name)
    painter.end()
    return label
