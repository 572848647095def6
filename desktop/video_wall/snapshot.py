"""A picture taken from a camera as evidence: as large as it came, marked with who took it, and its file's SHA-256. Pure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from desktop.style.palette import NIGHT
from desktop.style.type_face import face

QUALITY = 92
TILT_DEG = -24.0
FAINT = 46
"""How strongly the marks across the picture are seen, of 255."""
TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Marks:
    """Who took the picture of what, and when."""

    officer: str
    post: str
    camera_name: str
    camera_id: str
    at: datetime
    """When the picture came, by the server's time, in the zone it is to be read in."""

    @property
    def lines(self) -> tuple[str, str]:
        """What stands in the band."""
        taken = f"{self.at.strftime(TIME_FORMAT)}.{self.at.microsecond // 100_000}"
        return f"{self.camera_name}  {self.camera_id}", f"{taken}  {self.post} {self.officer}"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A JPEG file of a picture."""

    data: bytes = field(repr=False)
    sha256: str
    width: int
    height: int


def snapshot(picture: QImage, marks: Marks) -> Snapshot:
    """The picture with its marks: a band below it, which covers nothing, and faint ones across it, which nobody cuts off.

    ValueError for a picture of no size. Needs a QGuiApplication (fonts); any thread.
    """
    if picture.isNull():
        raise ValueError("there is no picture")
    font_px = max(12, picture.height() // 40)
    band_px = font_px * 3 + font_px // 2
    marked = QImage(picture.width(), picture.height() + band_px, QImage.Format.Format_RGB32)
    marked.fill(QColor(NIGHT.ground))  # dark on every theme: it is passed on
    painter = QPainter(marked)
    painter.drawImage(0, 0, picture)
    _draw_across(painter, picture, marks, font_px)
    _draw_band(painter, picture, marks, font_px)
    painter.end()
    data = _jpeg(marked)
    return Snapshot(data, hashlib.sha256(data).hexdigest(), marked.width(), marked.height())


def _draw_band(painter: QPainter, picture: QImage, marks: Marks, font_px: int) -> None:
    font = face(font_px)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(NIGHT.text))
    room = picture.width() - font_px
    for k, line in enumerate(marks.lines):
        box = QRectF(font_px / 2, picture.height() + font_px * (0.25 + 1.5 * k), room, font_px * 1.5)
        text = metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)


def _draw_across(painter: QPainter, picture: QImage, marks: Marks, font_px: int) -> None:
    """Who and when, again and again at a slant, light with a dark edge so that it is seen on everything."""
    font = face(font_px)
    text = f"{marks.post} {marks.officer} {marks.at.strftime(TIME_FORMAT)}"
    light = QColor(NIGHT.text)
    light.setAlpha(FAINT)
    step_x, step_y = QFontMetricsF(font).horizontalAdvance(text) + 6 * font_px, 8 * font_px
    painter.save()
    painter.setClipRect(picture.rect())
    painter.setFont(font)
    painter.translate(picture.width() / 2, picture.height() / 2)
    painter.rotate(TILT_DEG)
    reach = (picture.width() ** 2 + picture.height() ** 2) ** 0.5 / 2
    for row in range(-int(reach // step_y) - 1, int(reach // step_y) + 2):
        x = -reach - (row % 2) * step_x / 2
        while x < reach:
            for shift, ink in ((1.0, QColor(0, 0, 0, FAINT)), (0.0, light)):
                painter.setPen(ink)
                painter.drawText(QPointF(x + shift, row * step_y + shift), text)
            x += step_x
    painter.restore()


def _jpeg(image: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", QUALITY)  # type: ignore[call-overload]
    return bytes(data.data())
