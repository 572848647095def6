"""A sheet of paper (A4, landscape) with the map on it and what one has to know to read it. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen, QPolygonF

from desktop.map.furniture import length_in_words, round_length_m
from desktop.map.legend import COLUMNS, MARK_PX, ROW_PX, Entry, Legend
from desktop.map.sprites import CameraLook, ClusterLook, PinLook, Sprites
from desktop.paper.picture import MapPicture
from desktop.style.palette import DAY, PAPER
from desktop.style.type_face import face
from desktop.words import Words

# Everything is laid out in tenths of a millimetre.
WIDE, HIGH, EDGE = 2970.0, 2100.0, 90.0
PLAN = QRectF(EDGE, 210.0, 2150.0, 1800.0)
SIDE = QRectF(PLAN.right() + 50.0, 210.0, WIDE - EDGE - PLAN.right() - 50.0, 1800.0)
PIXEL = 2.2
"""A pixel of the map: its names are then 2.6 mm high."""
PLAN_PX = (round(PLAN.width() / PIXEL), round(PLAN.height() / PIXEL))
PRINT_DPI = 300
TITLE, HEADING, PLAIN, SMALL = 64, 38, 31, 27
SIGN, FRAME = 46, 16.0


@dataclass(frozen=True, slots=True, eq=False)
class MapSheet:
    """What stands on the sheet."""

    title: str
    picture: MapPicture
    figure: str
    """open, overdue, coverage, visited or off: what the colours of grids tell."""
    classes: Sequence[tuple[str, int]]
    """Name and number of grids of each class, the quietest first; one more where of some nothing is known."""
    lit: int | None
    """The class that is pointed out: it alone has a colour then."""
    as_of: str
    """As of when the figures are."""
    layers: frozenset[str]
    """The layers that are shown."""
    marks: Sequence[str]
    """What tools have drawn on the map, in words."""
    notes: Sequence[str]
    """Where its middle is, its datum, its sources, who made it when, what it leaves out."""
    warning: str
    """What has to be minded by whoever holds it; empty where nothing has to."""
    secret: tuple[UUID, ...]
    """The confidential incidents it shows."""
    words: Words
    then: str = ""
    """That it is as it was, and when; empty where it shows the present."""

    def pdf(self) -> bytes:
        """The sheet as a PDF file of one page."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        writer = QPdfWriter(buffer)
        writer.setTitle(self.title)
        writer.setCreator("Gridwarden")
        writer.setResolution(254)
        writer.setPageLayout(
            QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Landscape, QMarginsF(0, 0, 0, 0))
        )
        painter = QPainter(writer)
        _Drawing(self, painter).draw()
        painter.end()
        return bytes(buffer.data().data())

    def png(self) -> bytes:
        """The sheet as a PNG file at print resolution."""
        scale = PRINT_DPI / 254
        image = QImage(round(WIDE * scale), round(HIGH * scale), QImage.Format.Format_RGB32)
        image.fill(QColor(PAPER))
        image.setDotsPerMeterX(round(PRINT_DPI / 0.0254))
        image.setDotsPerMeterY(round(PRINT_DPI / 0.0254))
        image.setText("Title", self.title)
        painter = QPainter(image)
        painter.scale(scale, scale)
        _Drawing(self, painter).draw()
        painter.end()
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")  # type: ignore[call-overload]  # PySide6 6.9 takes no bytes, whatever its types say
        return bytes(buffer.data().data())

    def entries(self) -> list[Entry]:
        """The lines of the legend for what is shown."""
        found = []
        for entry in (entry for column in COLUMNS for entry in column):
            is_pin = isinstance(entry.mark, PinLook | ClusterLook) or entry.mark == "floor"
            layer = "incidents" if is_pin else "cameras" if isinstance(entry.mark, CameraLook) else "workers"
            layer = "tracks" if entry.mark == "track" else layer
            if layer in self.layers:
                found.append(entry)
        return found


class _Drawing:
    """Draws one sheet, in tenths of a millimetre."""

    def __init__(self, sheet: MapSheet, painter: QPainter) -> None:
        self._sheet, self._painter, self._words = sheet, painter, sheet.words
        hints = QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHints(hints | QPainter.RenderHint.LosslessImageRendering)
        self._left, self._wide, self._y = SIDE.left(), SIDE.width(), SIDE.top()

    def draw(self) -> None:
        """The head, the map, and beside it whatever explains it."""
        sheet, painter = self._sheet, self._painter
        self._write(QRectF(EDGE, EDGE, PLAN.width(), 90), sheet.title, TITLE, bold=True)
        if sheet.warning:
            self._write(QRectF(SIDE.left(), EDGE - 10, self._wide, 110), sheet.warning, SMALL, colour=DAY.immediate, bold=True)
        painter.drawImage(PLAN, sheet.picture.image)
        painter.setPen(QPen(QColor(DAY.text), 3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(PLAN)
        if sheet.then:
            self._past_sign()
        self._north_and_scale()
        self._line(self._words("paper.legend"), HEADING, bold=True)
        self._legend()
        self._load()
        self._marks()
        self._notes()

    def _past_sign(self) -> None:
        """The broken frame and the word of the past, as on the screen: no matter of colour alone."""
        painter, whole = self._painter, PLAN.adjusted(FRAME / 2, FRAME / 2, -FRAME / 2, -FRAME / 2)
        dashes = QPen(QColor(DAY.on_past), FRAME / 2)
        dashes.setDashPattern([3.0, 5.0])
        for pen in (QPen(QColor(DAY.past), FRAME), dashes):
            painter.setPen(pen)
            painter.drawRect(whole)
        painter.setFont(face(SIGN, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(self._sheet.then) + 2 * SIGN
        box = QRectF(PLAN.center().x() - wide / 2, PLAN.top() + 2 * FRAME, wide, 2 * SIGN)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(DAY.past))
        painter.drawRoundedRect(box, 10.0, 10.0)
        painter.setPen(QColor(DAY.on_past))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._sheet.then)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _write(self, box: QRectF, text: str, size: int, *, colour: str = DAY.text, bold: bool = False) -> float:
        """Write into a box, breaking lines; how high it became."""
        painter = self._painter
        painter.setFont(face(size, bold))
        painter.setPen(QColor(colour))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(box, flags, text)
        return float(painter.boundingRect(box, flags, text).height())

    def _line(self, text: str, size: int, *, colour: str = DAY.text, bold: bool = False) -> None:
        self._y += self._write(QRectF(self._left, self._y, self._wide, 400), text, size, colour=colour, bold=bold) + 10

    def _north_and_scale(self) -> None:
        view, painter, words = self._sheet.picture.viewpoint, self._painter, self._words
        length_m = round_length_m(view.metres_per_pixel * 360.0 / PIXEL)
        bar, top = length_m / view.metres_per_pixel * PIXEL, self._y + 76
        painter.setPen(QPen(QColor(DAY.text), 4))
        left = self._left + 4
        painter.drawPolyline(
            QPolygonF([QPointF(left, top - 16), QPointF(left, top), QPointF(left + bar, top), QPointF(left + bar, top - 16)])
        )
        self._write(QRectF(left, self._y + 10, self._wide - 140, 50), length_in_words(length_m, words.language), PLAIN)
        self._arrow(QPointF(self._left + self._wide - 60, self._y + 62), view.turn_deg)
        self._y = top + 44
        ratio = view.metres_per_pixel / PIXEL * 10_000
        step = 10 ** max(len(str(round(ratio))) - 2, 0)
        key = "paper.scale.tilted" if view.tilt_deg >= 1 else "paper.scale"
        said = words(key, scale=f"{round(ratio / step) * step:,}", tilt=round(view.tilt_deg))
        self._line(said, SMALL, colour=DAY.dim)
        self._y += 24

    def _arrow(self, at: QPointF, turn_deg: float) -> None:
        painter = self._painter
        painter.save()
        painter.translate(at)
        painter.rotate(-turn_deg)
        painter.setPen(Qt.PenStyle.NoPen)
        for side, ink in ((1, DAY.text), (-1, DAY.dim)):
            painter.setBrush(QColor(ink))
            painter.drawPolygon(QPolygonF([QPointF(0, -60), QPointF(side * 24, 14), QPointF(0, 0)]))
        painter.setFont(face(PLAIN))
        painter.setPen(QColor(DAY.text))
        painter.drawText(QRectF(-50, 14, 100, 44), Qt.AlignmentFlag.AlignCenter, self._words("paper.north"))
        painter.restore()

    def _legend(self) -> None:
        """The marks in two columns, drawn with the very pictures the map uses."""
        painter, entries = self._painter, self._sheet.entries()
        legend, sprites = Legend(None, DAY.map), Sprites(DAY.map, 4.0)
        rows = -(-len(entries) // 2)
        column_px = self._wide / PIXEL / 2
        painter.save()
        painter.translate(self._left, self._y)
        painter.scale(PIXEL, PIXEL)
        for number, entry in enumerate(entries):
            left, top = number // rows * column_px, number % rows * ROW_PX
            legend.draw_mark(painter, entry.mark, QRectF(left, top, MARK_PX, ROW_PX), sprites)
            painter.setFont(face(13))
            painter.setPen(QColor(DAY.text))
            box = QRectF(left + MARK_PX, top, column_px - MARK_PX, ROW_PX)
            said = entry.zh if self._words.language == "zh" else entry.en
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, said)
        painter.restore()
        legend.deleteLater()
        self._y += rows * ROW_PX * PIXEL + 24

    def _load(self) -> None:
        """What the colours and heights of the grids tell."""
        sheet, words = self._sheet, self._words
        if "grids" not in sheet.layers:
            return
        self._line(words(f"paper.load.{sheet.figure}"), PLAIN)
        if sheet.figure == "off":
            return
        for number, (name, count) in enumerate(sheet.classes):
            self._class(number, name, count)
        self._line(sheet.as_of, SMALL, colour=DAY.dim)
        self._line(words("paper.edge"), SMALL, colour=DAY.dim)

    def _class(self, number: int, name: str, count: int) -> None:
        """A swatch of the ramp (hatched where nothing is known), what it means, of how many grids."""
        box, painter = QRectF(self._left, self._y + 4, 60, 30), self._painter
        is_known = number < len(DAY.map.load)
        painter.setPen(QPen(QColor(DAY.edge), 2))
        lit = self._sheet.lit
        colour = DAY.map.load[number if lit is None else 0] if is_known and number != lit else DAY.map.focus
        painter.setBrush(QColor(colour) if is_known else Qt.BrushStyle.BDiagPattern)
        painter.drawRect(box)
        self._write(QRectF(box.right() + 20, self._y, 360, 40), name, SMALL)
        self._write(QRectF(box.right() + 400, self._y, 120, 40), str(count), SMALL, colour=DAY.dim)
        self._y += 40

    def _marks(self) -> None:
        """What was drawn on the map by hand."""
        if self._sheet.marks:
            self._y += 12
            self._line(self._words("paper.marks"), PLAIN)
        for mark in self._sheet.marks:
            self._line(f"· {mark}", SMALL, colour=DAY.dim)

    def _notes(self) -> None:
        """At the foot of the side: as high as they need."""
        painter = self._painter
        painter.setFont(face(SMALL))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        room = QRectF(0, 0, self._wide, 400)
        high = sum(painter.boundingRect(room, flags, note).height() + 10 for note in self._sheet.notes)
        self._y = max(self._y + 20, SIDE.bottom() - high + 8)
        for note in self._sheet.notes:
            self._line(note, SMALL, colour=DAY.dim)
