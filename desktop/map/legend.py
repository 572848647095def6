"""What the shapes and colours on the map mean, drawn with the very pictures the map uses."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from desktop.map.colours import MapColours
from desktop.map.scene import CameraState, PinState
from desktop.map.sprites import CameraLook, ClusterLook, Look, PinLook, Sprites
from desktop.style.type_face import face

ROW_PX, MARK_PX, RIM_PX, COLUMN_PX = 22, 30, 8, {"zh": 92, "en": 128}
WAITING, ON_THE_WAY, ON_SCENE, CHECKING = PinState.WAITING, PinState.ON_THE_WAY, PinState.ON_SCENE, PinState.CHECKING


class Entry(NamedTuple):
    """One line of the legend: what is drawn (a picture, the role of a worker's dot, a floor or a track) and what it means."""

    mark: Look | str
    zh: str
    en: str


def _pin(urgency: int = 0, severity: int = 0, state: PinState = ON_SCENE, overdue: bool = False) -> PinLook:
    return PinLook("", urgency, severity, int(state), overdue)


COLUMNS = (
    (
        Entry(_pin(urgency=2), "特急", "immediate"),
        Entry(_pin(urgency=1), "紧急", "urgent"),
        Entry(_pin(), "一般", "ordinary"),
        Entry(_pin(severity=1), "Ⅰ级", "severity Ⅰ"),
        Entry(_pin(severity=2), "Ⅱ级", "severity Ⅱ"),
        Entry(_pin(severity=3), "Ⅲ级", "severity Ⅲ"),
        Entry(_pin(severity=4), "Ⅳ级", "severity Ⅳ"),
    ),
    (
        Entry(_pin(state=WAITING), "等待派人", "waiting"),
        Entry(_pin(state=ON_THE_WAY), "途中", "on the way"),
        Entry(_pin(state=ON_SCENE), "已到现场", "on the scene"),
        Entry(_pin(state=CHECKING), "核查", "being checked"),
        Entry(_pin(urgency=1, overdue=True), "超时", "overdue"),
        Entry(ClusterLook(3, 0), "多件", "several"),
        Entry("floor", "所在楼层", "on this floor"),
    ),
    (
        Entry("worker", "在岗", "on duty"),
        Entry("worker_on_task", "任务中", "on a task"),
        Entry("worker_stale", "位置过期", "position old"),
        Entry("candidate", "候选人", "candidate"),
        Entry(CameraLook(int(CameraState.LIVE)), "摄像头", "camera"),
        Entry(CameraLook(int(CameraState.OFFLINE)), "摄像头离线", "camera offline"),
        Entry("track", "轨迹", "track"),
    ),
)


class Legend(QWidget):
    """The legend in three columns. Main thread only."""

    def __init__(self, parent: QWidget | None, colours: MapColours) -> None:
        """A legend in Chinese; hidden until it is asked for."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.colours = colours
        self.set_language("zh")
        self.hide()

    def set_language(self, language: str) -> None:
        """Chinese (zh) or English (en)."""
        self.language = language
        self._column_px = COLUMN_PX["en" if language == "en" else "zh"]
        rows = max(len(column) for column in COLUMNS)
        self.resize(len(COLUMNS) * self._column_px + 2 * RIM_PX, rows * ROW_PX + 2 * RIM_PX)
        self.update()

    def set_colours(self, colours: MapColours) -> None:
        """Draw in the colours of a theme."""
        self.colours = colours
        self.update()

    def words(self) -> list[str]:
        """All it says, in its language."""
        return [entry.en if self.language == "en" else entry.zh for column in COLUMNS for entry in column]

    def paintEvent(self, _paint: QPaintEvent) -> None:
        """Draw plate, marks and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        plate = QColor(self.colours.panel)
        plate.setAlpha(240)
        painter.setPen(QPen(QColor(self.colours.line), 1.0))
        painter.setBrush(plate)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        sprites = Sprites(self.colours, self.devicePixelRatioF())
        painter.setFont(face(12))
        words = iter(self.words())
        for number, column in enumerate(COLUMNS):
            for row, entry in enumerate(column):
                left, top = RIM_PX + number * self._column_px, RIM_PX + row * ROW_PX
                self.draw_mark(painter, entry.mark, QRectF(left, top, MARK_PX, ROW_PX), sprites)
                painter.setPen(QColor(self.colours.text))
                where = QRectF(left + MARK_PX, top, self._column_px - MARK_PX, ROW_PX)
                painter.drawText(where, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, next(words))
        painter.end()

    def draw_mark(self, painter: QPainter, mark: Look | str, box: QRectF, sprites: Sprites) -> None:
        """Draw the mark of an entry into the middle of a box."""
        if isinstance(mark, str):
            draw = {"floor": self._floor, "track": self._track}.get(mark)
            draw(painter, box.center()) if draw is not None else self._dot(painter, mark, box.center())
            return
        image = sprites.sprite(mark).image
        wide, high = image.width() / sprites.pixel_ratio, image.height() / sprites.pixel_ratio
        share = min(1.0, ROW_PX / high)
        where = QRectF(0.0, 0.0, wide * share, high * share)
        where.moveCenter(box.center())
        painter.drawImage(where, image)

    def _dot(self, painter: QPainter, role: str, at: QPointF) -> None:
        """A worker's dot: full on duty, with a dark heart on a task, hollow where the position is old."""
        ink, radius = QColor(getattr(self.colours, role)), 5.5 if role == "candidate" else 4.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        if role == "worker_stale":
            painter.setPen(QPen(ink, 1.8))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, radius, radius)
        if role == "worker_on_task":
            painter.setBrush(QColor(self.colours.halo))
            painter.drawEllipse(at, 1.8, 1.8)

    def _track(self, painter: QPainter, at: QPointF) -> None:
        """From early or slow to late or fast."""
        tints, wide, at = self.colours.track, 3.0, at - QPointF(2.0, 0.0)
        for number, tint in enumerate(tints):
            left = at.x() + (number - len(tints) / 2) * wide
            painter.setPen(QPen(QColor(tint), 2.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawLine(QPointF(left, at.y()), QPointF(left + wide, at.y()))
        tip = at + QPointF(len(tints) / 2 * wide + 3.0, 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tints[-1]))
        painter.drawPolygon(QPolygonF([tip, tip + QPointF(-6.0, -4.0), tip + QPointF(-6.0, 4.0)]))

    def _floor(self, painter: QPainter, at: QPointF) -> None:
        """A plate with its line to the ground."""
        ink = QColor(self.colours.urgency[1])
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(at, at + QPointF(0.0, 8.0))
        fill = QColor(ink)
        fill.setAlpha(90)
        painter.setBrush(fill)
        corners = ((-9.0, -1.0), (1.0, -6.0), (9.0, -1.0), (-1.0, 4.0))
        painter.drawPolygon(QPolygonF([at + QPointF(*corner) for corner in corners]))
