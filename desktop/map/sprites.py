"""The small pictures that stand on the map: pins, clusters, names, cameras, ranks; drawn once each by QPainter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, TypeVar

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF, QTransform

from desktop.map.colours import MapColours
from desktop.map.labels import LabelKind
from desktop.map.scene import CameraState, PinState
from desktop.style.painted import without_engine
from desktop.style.type_face import face

PIN_WIDTH, PIN_HEIGHT, HEAD_Y, TIP_Y = 40, 48, 19.0, 45.0
MOST_DRAWN, MOST_BYTES = 2000, 24_000_000
"""Pictures kept at a time, and what they may take: names of roads turn with the map, and every angle is another picture."""
MOST_SIZES = 20_000
LABEL_PX = {LabelKind.STREET: 17, LabelKind.COMMUNITY: 14, LabelKind.GRID: 12, LabelKind.ROAD: 11}


@dataclass(frozen=True, slots=True)
class PinLook:
    """Everything that makes one pin look different from another."""

    glyph: str
    urgency: int
    severity: int
    state: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class ClusterLook:
    """A number of pins together, as urgent as the most urgent of them."""

    count: int
    urgency: int


@dataclass(frozen=True, slots=True)
class LabelLook:
    """A name in the type of its kind, turned by degrees."""

    text: str
    kind: LabelKind
    turn_deg: int


@dataclass(frozen=True, slots=True)
class CameraLook:
    """A camera's glyph."""

    state: int


@dataclass(frozen=True, slots=True)
class RankLook:
    """The number of a candidate, 1 to 9."""

    rank: int


Look: TypeAlias = PinLook | ClusterLook | LabelLook | CameraLook | RankLook


class Sprite(NamedTuple):
    """A picture and the pixel of it that stands at the place, both in device pixels."""

    image: QImage
    foot_x: float
    foot_y: float


class Size(NamedTuple):
    """How large a picture is and the pixel of it that stands at the place, all in device pixels."""

    wide: int
    tall: int
    foot_x: float
    foot_y: float


Key, Value = TypeVar("Key"), TypeVar("Value")


def _not_too_many(known: dict[Key, Value], most: int) -> dict[Key, Value]:
    """The same where there is room for one more, else the younger half."""
    return known if len(known) < most else dict(list(known.items())[most // 2 :])


class Sprites:
    """Pictures by what they look like, drawn when first asked for; for one theme and one pixel ratio."""

    def __init__(self, colours: MapColours, pixel_ratio: float) -> None:
        """No picture drawn yet."""
        self.colours, self.pixel_ratio = colours, pixel_ratio
        self._drawn: dict[Look, Sprite] = {}
        self._bytes = 0
        self._sizes: dict[Look, Size] = {}
        self._level: dict[tuple[str, LabelKind], QRectF] = {}

    def extent(self, look: Look) -> tuple[float, float, float, float]:
        """Left, top, right, bottom around the foot in logical pixels; of a turned name without drawing it, a little wide."""
        if isinstance(look, LabelLook) and look.turn_deg and look not in self._sizes:
            level = self._level.get((look.text, look.kind))
            if level is None:
                level = _label_path(look.text, look.kind)[0].boundingRect().adjusted(-3, -3, 3, 3)
                self._level = _not_too_many(self._level, MOST_SIZES)
                self._level[look.text, look.kind] = level
            return QTransform().rotate(look.turn_deg).mapRect(level).getCoords()  # type: ignore[return-value]
        size = self.size(look)
        box = (-size.foot_x, -size.foot_y, size.wide - size.foot_x, size.tall - size.foot_y)
        return tuple(side / self.pixel_ratio for side in box)  # type: ignore[return-value]

    def sprite(self, look: Look) -> Sprite:
        """The picture of a look."""
        found = self._drawn.get(look)
        if found is None:
            if len(self._drawn) >= MOST_DRAWN or self._bytes >= MOST_BYTES:
                self._drawn = dict(list(self._drawn.items())[len(self._drawn) // 2 :])
                self._bytes = sum(sprite.image.sizeInBytes() for sprite in self._drawn.values())
            found = self._drawn[look] = self._draw(look)
            self._bytes += found.image.sizeInBytes()
        return found

    def size(self, look: Look) -> Size:
        """How large the picture of a look is; it is drawn for that once, and need not be kept."""
        found = self._sizes.get(look)
        if found is None:
            self._sizes = _not_too_many(self._sizes, MOST_SIZES)
            image, foot_x, foot_y = self.sprite(look)
            found = self._sizes[look] = Size(image.width(), image.height(), foot_x, foot_y)
        return found

    def _draw(self, look: Look) -> Sprite:
        if isinstance(look, PinLook):
            return self._picture(PIN_WIDTH, PIN_HEIGHT, PIN_WIDTH / 2, TIP_Y, lambda p: _pin(p, look, self.colours))
        if isinstance(look, ClusterLook):
            return self._picture(44, 44, 22, 22, lambda p: _cluster(p, look, self.colours))
        if isinstance(look, CameraLook):
            return self._picture(16, 14, 8, 7, lambda p: _camera(p, look, self.colours))
        if isinstance(look, RankLook):
            return self._picture(22, 22, 11, 11, lambda p: _rank(p, look, self.colours))
        return self._label(look)

    def _picture(self, width: int, height: int, foot_x: float, foot_y: float, draw: Callable[[QPainter], None]) -> Sprite:
        ratio = self.pixel_ratio
        image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGBA8888_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(ratio, ratio)
        draw(painter)
        painter.end()
        return Sprite(without_engine(image), foot_x * ratio, foot_y * ratio)

    def _label(self, look: LabelLook) -> Sprite:
        path, font = _label_path(look.text, look.kind)
        metrics = QFontMetricsF(font)
        path = QTransform().rotate(look.turn_deg).map(path)
        bounds = path.boundingRect().adjusted(-3, -3, 3, 3).toAlignedRect()

        def draw(painter: QPainter) -> None:
            painter.translate(-bounds.left(), -bounds.top())
            halo = QColor(self.colours.halo)
            halo.setAlpha(205)
            painter.setPen(QPen(halo, 3.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
            painter.drawPath(path)
            if look.turn_deg:
                painter.fillPath(path, _label_ink(look.kind, self.colours))
                return
            painter.setFont(font)
            painter.setPen(_label_ink(look.kind, self.colours))
            painter.drawText(QPointF(-metrics.horizontalAdvance(look.text) / 2, metrics.ascent() * 0.38), look.text)

        return self._picture(bounds.width(), bounds.height(), -bounds.left(), -bounds.top(), draw)


def _label_path(text: str, kind: LabelKind) -> tuple[QPainterPath, QFont]:
    """The outline of a name lying level, around its foot, and its font."""
    font = face(LABEL_PX[kind], bold=False)
    if kind is LabelKind.STREET:
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, 3.0)
    metrics = QFontMetricsF(font)
    path = QPainterPath()
    path.addText(QPointF(-metrics.horizontalAdvance(text) / 2, metrics.ascent() * 0.38), font, text)
    return path, font


def _label_ink(kind: LabelKind, colours: MapColours) -> QColor:
    """The colour of a name: the higher the level, the clearer."""
    ink = QColor(colours.text if kind is LabelKind.STREET else colours.dim)
    ink.setAlpha({LabelKind.STREET: 235, LabelKind.COMMUNITY: 245, LabelKind.GRID: 205, LabelKind.ROAD: 190}[kind])
    return ink


def _regular(middle: QPointF, radius: float, corners: int, turn_deg: float) -> QPainterPath:
    path = QPainterPath()
    turns = (QTransform().rotate(turn_deg + 360.0 * corner / corners) for corner in range(corners))
    path.addPolygon(QPolygonF([middle + turn.map(QPointF(radius, 0.0)) for turn in turns]))
    path.closeSubpath()
    return path


def head_path(urgency: int, severity: int) -> QPainterPath:
    """The head of a pin: the severity's shape where one is set, else the urgency's; no shape is used twice.

    Ⅰ octagon, Ⅱ triangle, Ⅲ diamond, Ⅳ ring-sized disc; 特急 hexagon, 紧急 rounded square, 一般 small disc.
    """
    middle = QPointF(PIN_WIDTH / 2, HEAD_Y)
    if severity == 1:
        return _regular(middle, 15.0, 8, 22.5)
    if severity == 2:
        return _regular(middle + QPointF(0, 2.5), 18.5, 3, -90)
    if severity == 3:
        return _regular(middle, 16.5, 4, 0)
    path = QPainterPath()
    if severity == 4:
        path.addEllipse(middle, 14.0, 14.0)
    elif urgency == 2:
        return _regular(middle, 15.0, 6, 30)
    elif urgency == 1:
        path.addRoundedRect(QRectF(middle.x() - 11.5, middle.y() - 11.5, 23, 23), 5, 5)
    else:
        path.addEllipse(middle + QPointF(0, 2), 10.5, 10.5)
    return path


def pin_colour(urgency: int, severity: int, colours: MapColours) -> str:
    """The colour of a pin: the national warning colour where a severity is set, else the urgency's."""
    return colours.severity[severity - 1] if 1 <= severity <= 4 else colours.urgency[min(urgency, 2)]


def _pin(painter: QPainter, look: PinLook, colours: MapColours) -> None:
    """Waiting is an outline, on the way half full, on the scene full; overdue has a hatched edge."""
    ink, dark = QColor(pin_colour(look.urgency, look.severity, colours)), QColor(colours.halo)
    head = head_path(look.urgency, look.severity)
    bottom = head.boundingRect().bottom()
    tip = QPainterPath()
    tip.addPolygon(QPolygonF([QPointF(15, bottom - 2.5), QPointF(25, bottom - 2.5), QPointF(PIN_WIDTH / 2, TIP_Y)]))
    tip.closeSubpath()
    whole = head.united(tip)
    painter.strokePath(whole, QPen(QColor(dark.red(), dark.green(), dark.blue(), 190), 5.0))
    if look.overdue:
        painter.strokePath(head, QPen(QColor(colours.halo), 7.5))
        painter.strokePath(head, QPen(QBrush(ink, Qt.BrushStyle.Dense4Pattern), 7.0))
    painter.fillPath(whole, QColor(colours.panel))
    painter.save()
    if look.state >= PinState.ON_SCENE:
        painter.fillPath(whole, ink)
    elif look.state == PinState.ON_THE_WAY:
        painter.setClipRect(QRectF(0, HEAD_Y + 1.5, PIN_WIDTH, PIN_HEIGHT))
        painter.fillPath(whole, ink)
    painter.restore()
    painter.fillPath(tip, ink)
    painter.strokePath(head, QPen(ink, 2.0))
    font = face(13 if look.urgency or look.severity else 12, bold=True)
    box = QRectF(0, HEAD_Y - 12 + (2 if not (look.urgency or look.severity) else 0), PIN_WIDTH, 24)
    if look.severity == 2:
        box.translate(0, 4)
    if look.state == PinState.ON_THE_WAY:
        edge = QPainterPath()
        metrics = QFontMetricsF(font)
        edge.addText(
            QPointF(PIN_WIDTH / 2 - metrics.horizontalAdvance(look.glyph) / 2, box.center().y() + metrics.ascent() * 0.38),
            font,
            look.glyph,
        )
        painter.strokePath(edge, QPen(QColor(colours.panel), 3.0))
    painter.setFont(font)
    painter.setPen(QColor(colours.halo if look.state >= PinState.ON_SCENE else colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.glyph)
    if look.severity:
        _badge(painter, "ⅠⅡⅢⅣ"[look.severity - 1], ink, colours)
    if look.state == PinState.CHECKING:
        _tick(painter, colours)


def _badge(painter: QPainter, text: str, ink: QColor, colours: MapColours) -> None:
    box = QRectF(PIN_WIDTH - 14, 0.5, 13, 13)
    painter.setPen(QPen(ink, 1.2))
    painter.setBrush(QColor(colours.panel))
    painter.drawRoundedRect(box, 3, 3)
    painter.setFont(face(10))
    painter.setPen(QColor(colours.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _tick(painter: QPainter, colours: MapColours) -> None:
    corners = QPolygonF([QPointF(26, 27.5), QPointF(28.5, 30), QPointF(32.5, 25)])
    painter.setPen(QPen(QColor(colours.halo), 4.0))
    painter.drawPolyline(corners)
    painter.setPen(QPen(QColor(colours.text), 1.6))
    painter.drawPolyline(corners)


def _cluster(painter: QPainter, look: ClusterLook, colours: MapColours) -> None:
    ink = QColor(colours.urgency[look.urgency])
    radius = 12.0 if look.count < 10 else 14.0 if look.count < 100 else 17.0
    middle = QPointF(22, 22)
    wash = QColor(ink)
    wash.setAlpha(60)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(wash)
    painter.drawEllipse(middle, radius + 3.5, radius + 3.5)
    painter.setPen(QPen(ink, 1.6))
    painter.setBrush(QColor(colours.panel))
    painter.drawEllipse(middle, radius, radius)
    painter.setFont(face(13 if look.count < 100 else 12, bold=True))
    painter.setPen(QColor(colours.text))
    painter.drawText(QRectF(0, 0, 44, 44), Qt.AlignmentFlag.AlignCenter, str(look.count) if look.count < 1000 else "999+")


def _camera(painter: QPainter, look: CameraLook, colours: MapColours) -> None:
    ink = QColor(colours.camera_off if look.state == CameraState.OFFLINE else colours.camera)
    painter.setPen(QPen(QColor(colours.halo), 1.0))
    painter.setBrush(ink if look.state == CameraState.LIVE else QColor(colours.panel))
    if look.state != CameraState.LIVE:
        painter.setPen(QPen(ink, 1.2))
    painter.drawRoundedRect(QRectF(1.5, 3.5, 8.5, 7), 1.6, 1.6)
    painter.drawPolygon(QPolygonF([QPointF(10.5, 6.2), QPointF(14.5, 4), QPointF(14.5, 10), QPointF(10.5, 7.8)]))
    if look.state == CameraState.OFFLINE:
        painter.setPen(QPen(ink, 1.4))
        painter.drawLine(QPointF(2, 13), QPointF(13, 1))


def _rank(painter: QPainter, look: RankLook, colours: MapColours) -> None:
    painter.setPen(QPen(QColor(colours.halo), 1.5))
    painter.setBrush(QColor(colours.candidate))
    painter.drawEllipse(QPointF(11, 11), 9.0, 9.0)
    painter.setFont(face(13, bold=True))
    painter.setPen(QColor(colours.halo))
    painter.drawText(QRectF(0, 0, 22, 22), Qt.AlignmentFlag.AlignCenter, str(look.rank))
