"""The map as a picture for paper: what the officer sees, finer, in the colours of day; of either canvas. Main thread only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from OpenGL.error import GLError
from PySide6.QtGui import QImage, QPainter
from PySide6.QtOpenGL import QOpenGLFramebufferObject

from desktop.map.canvas import MapCanvas
from desktop.map.graphics import GraphicsFailed
from desktop.map.grid_figures import GridFigures
from desktop.map.oblique import Oblique
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.plain_ground import PlainGround
from desktop.map.scene import Pins
from desktop.map.viewpoint import Viewpoint
from desktop.style.palette import DAY, Palette
from governance.refusal import Refused

log = logging.getLogger(__name__)

Canvas = MapCanvas | PlainCanvas
FINENESS = (3, 2, 1)
"""Pixels of the picture for one of the map's own, the next where the graphics cannot hold so many."""


OF_PEOPLE = ("workers", "trails", "tracks")
"""The layers that tell where people are, or were."""


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What the picture shows of what the map shows."""

    pins: Pins
    figures: GridFigures
    has_workers: bool


@dataclass(frozen=True, slots=True, eq=False)
class MapPicture:
    """A picture and where it looks from; its scale is that of one of the map's own pixels."""

    image: QImage
    viewpoint: Viewpoint
    fineness: int


def viewpoint_for(canvas: Canvas, width_px: int, height_px: int) -> Viewpoint:
    """The canvas's viewpoint from so far that all that is on it fits into a picture of another shape."""
    wider = max(canvas.width() / width_px, canvas.height() / height_px)
    return canvas.viewpoint.scaled(canvas.viewpoint.metres_per_pixel * wider)


Drawing = Callable[[QPainter, Oblique, Palette], None]
"""Draws what stands over the map into a picture that looks from somewhere, in its colours."""


def picture_of(canvas: Canvas, content: Content, width_px: int, height_px: int, over: Sequence[Drawing] = ()) -> MapPicture:
    """The map in a picture of so many of its own pixels, three times as fine: Refused('paper_not_drawn') with the reason.

    Where the graphics cannot do it, it is painted flat. `over` is drawn last: what tools have drawn on the map.
    """
    viewpoint = viewpoint_for(canvas, width_px, height_px)
    flat = viewpoint.tilted(-viewpoint.tilt_deg)
    ways: list[tuple[Callable[..., QImage], Viewpoint]] = [(_by_painter, flat)]
    if isinstance(canvas, MapCanvas) and canvas.isValid():
        ways.insert(0, (_by_graphics, viewpoint))
    why = ""
    with _shown_on_paper(canvas, content):
        for draw, view in ways:
            for fineness in FINENESS:
                try:
                    image = draw(canvas, view, width_px, height_px, fineness)
                except (GraphicsFailed, GLError, MemoryError) as problem:
                    why = str(problem).partition("\n")[0] or type(problem).__name__
                    log.warning("no picture %d times as fine by %s: %s", fineness, draw.__name__, why)
                    continue
                _draw_over(image, over, Oblique(view, width_px, height_px), fineness)
                return MapPicture(image, view, fineness)
    raise Refused("paper_not_drawn", why=why)


def _draw_over(image: QImage, over: Sequence[Drawing], view: Oblique, fineness: int) -> None:
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(fineness, fineness)
    for draw in over:
        painter.save()
        draw(painter, view, DAY)
        painter.restore()
    painter.end()


@contextmanager
def _shown_on_paper(canvas: Canvas, content: Content) -> Iterator[None]:
    """Let the canvas show what goes on paper, for as long as it is drawn; on the screen nothing is seen of it."""
    shown = canvas.shown
    colours, pins, figures = shown.colours, shown.pins, shown.figures
    hovered, selected, candidates = shown.hovered, shown.selected, shown.candidates
    visible = dict(shown.layer_visible)
    shown.colours, shown.hovered = DAY.map, None
    if not content.has_workers:
        shown.layer_visible.update(dict.fromkeys(OF_PEOPLE, False))
        shown.candidates = np.zeros(0, np.int32)
        shown.selected = None if selected is not None and selected.kind == "worker" else selected
    if selected is not None and selected.kind == "incident" and selected.id not in content.pins.ids:
        shown.selected = None
    shown.show_pins(content.pins)
    shown.show_figures(content.figures)
    shown.statics += 1
    try:
        yield
    finally:
        shown.colours, shown.hovered, shown.selected, shown.candidates = colours, hovered, selected, candidates
        shown.layer_visible.update(visible)
        shown.show_pins(pins)
        shown.show_figures(figures)
        shown.statics += 1
        shown.marks += 1
        canvas.update()


def _by_graphics(canvas: MapCanvas, viewpoint: Viewpoint, width_px: int, height_px: int, fineness: int) -> QImage:
    """Painted by OpenGL into a framebuffer of its own."""
    painter = canvas._painter
    covered, wide, high = painter.covered, width_px * fineness, height_px * fineness
    canvas.makeCurrent()
    try:
        target = QOpenGLFramebufferObject(wide, high, QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
        if not target.isValid():
            raise GraphicsFailed(f"no framebuffer of {wide} x {high}")
        painter.covered = np.zeros((0, 4))
        painter.paint(viewpoint, wide, high, float(fineness), canvas.now_s(), target.handle(), moving=False)
        return target.toImage().convertToFormat(QImage.Format.Format_RGB32)
    finally:
        painter.covered = covered
        canvas.doneCurrent()


class _Sheet(PlainCanvas):
    """A plain map that is never on a screen."""

    fineness = 1

    def devicePixelRatioF(self) -> float:
        """How fine the picture is."""
        return float(self.fineness)


def _ground_of(canvas: Canvas) -> PlainGround | None:
    """The ground as it is made already, else a fresh one."""
    if isinstance(canvas, PlainCanvas):
        return canvas._ground
    return PlainGround(canvas.shown.geometry) if canvas.shown.geometry is not None else None


def _by_painter(canvas: Canvas, viewpoint: Viewpoint, width_px: int, height_px: int, fineness: int) -> QImage:
    """Painted flat by QPainter."""
    image = QImage(width_px * fineness, height_px * fineness, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"no picture of {width_px * fineness} x {height_px * fineness}")
    image.setDevicePixelRatio(fineness)
    sheet = _Sheet(None, canvas.clock)
    try:
        sheet.shown, sheet.fineness, sheet._clock_zero = canvas.shown, fineness, canvas._clock_zero
        sheet._ground = _ground_of(canvas)
        sheet.resize(width_px, height_px)
        sheet._viewpoint = viewpoint
        painter = QPainter(image)
        try:
            sheet._paint(painter, None)
        finally:
            painter.end()
    finally:
        sheet.deleteLater()
    image.setDevicePixelRatio(1)
    canvas.shown.look_for_dots(Oblique(canvas.viewpoint, canvas.width(), canvas.height()))
    return image
