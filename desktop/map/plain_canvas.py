"""The same map by QPainter, for machines without usable OpenGL; it says so in one line."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPixmap, QRegion, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.map.crowd import CELL_PX, REFRESH_S, crowd_picture
from desktop.map.gestures import Gestures
from desktop.map.layers.workers import CALM, LIT, radius_px
from desktop.map.map_view import MapView
from desktop.map.marks_layout import MarksLayout, Room, Stand, laid_out
from desktop.map.moving import Drawn
from desktop.map.oblique import Oblique
from desktop.map.painter import Counters
from desktop.map.picking import Found
from desktop.map.plain_floors import paint_floors
from desktop.map.plain_frame import PlainFrame
from desktop.map.plain_ground import PlainGround
from desktop.map.plain_marks import paint_highlights, paint_rings
from desktop.map.plain_patches import MOST_SHARE, MOVED_PX, Patches, around
from desktop.map.plain_paths import polygon
from desktop.map.plain_tracks import PlainTracks
from desktop.map.plain_trails import PlainTrails
from desktop.map.scene import Geometry, WorkerMark
from desktop.map.sprites import RankLook, Sprites

log = logging.getLogger(__name__)

MARGIN_PX = 160
DOT_RIM_PX = 3.0
"""How far a dot reaches beyond its radius."""


class PlainCanvas(Gestures, MapView, QWidget):
    """A district in 2.5D without OpenGL. Main thread only."""

    picked = Signal(str, str)
    hovered = Signal(str, str)
    pointer_at = Signal(float, float)
    asked_at = Signal(float, float)
    viewpoint_changed = Signal()
    frame_swapped = Signal(int)
    painted = Signal(int, int, int)
    failed = Signal(str)
    handled = Signal()
    """The officer's hand moved the map."""

    def __init__(
        self,
        parent: QWidget | None = None,
        clock: Callable[[], float] = time.monotonic,
        *,
        after_failure: bool = False,
        as_wished: bool = False,
    ) -> None:
        """An empty map; give it a geometry next. It says why it is plain: `after_failure` of the other one, `as_wished`."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._begin(clock)
        self.counters = Counters()
        self._ground: PlainGround | None = None
        self._sprites = Sprites(self.shown.colours, 1.0)
        self._picture: QPixmap | None = None
        self._picture_key: tuple[object, ...] = ()
        self._held = self._viewpoint
        self._drawn: Oblique | None = None
        self._layout = MarksLayout()
        self._layout_key: tuple[object, ...] = ()
        self._crowd_key: tuple[object, ...] = ()
        self._tracks_painted, self._trails_painted = PlainTracks(), PlainTrails()
        self._patches: Patches | None = None
        """What a frame paints where that is not all."""
        self._only_dots_moved = False
        self._stood: Drawn | None = None
        """Where each dot stands on the screen."""
        self._flushed = self._timer(self._swapped)
        self._after_failure, self._as_wished, self._is_broken = after_failure, as_wished, False
        self._say_plain()

    def _swapped(self) -> None:
        """Qt brought the frame to the screen right after painting it."""
        self._frame_no += 1
        self.frame_swapped.emit(self._frame_no)

    def _say_plain(self) -> None:
        zh = self.shown.language == "zh"
        if self._is_broken:
            self.furniture.say("地图无法绘制，详见日志" if zh else "The map cannot be drawn; see the log")
        elif self._after_failure:
            self.furniture.say(
                "地图出错，已改用简易地图，详见日志" if zh else "The map failed; this is the plain map. See the log"
            )
        elif self._as_wished:
            self.furniture.say("简易地图：本工作台的设定" if zh else "Plain map, as set on this workstation")
        else:
            self.furniture.say("简易地图：此机没有可用的 OpenGL" if zh else "Plain map: no usable OpenGL on this machine")

    def set_language(self, language: str) -> None:
        """Chinese (zh) or English (en) for what the map itself says."""
        super().set_language(language)
        self._say_plain()

    def set_geometry(self, geometry: Geometry) -> None:
        """Show another town, all of it in view."""
        self._ground = PlainGround(geometry)
        super().set_geometry(geometry)

    def resizeEvent(self, resize: QResizeEvent) -> None:
        """Keep the furniture in its corners, and the whole district in view until someone moved."""
        super().resizeEvent(resize)
        self.furniture.place()
        self.furniture.look_from(self._oblique())
        if self._fit_wanted:
            self.fit_all()

    def showEvent(self, show: QShowEvent) -> None:
        """Dots that moved while the map was hidden are under way again."""
        super().showEvent(show)
        self._arm_motion()

    def paint_moved(self) -> None:
        """Ask for a frame of the dots that moved since they were painted: of their patches, where nothing else goes along."""
        shown, stood = self.shown, self._stood
        dots = self.dots_px(self.now_s())
        follow = any(found is not None and found.kind == "worker" for found in (shown.selected, shown.hovered))
        is_more = follow or len(shown.candidates) > 0 or bool(shown.pins.pending.any()) or self._dots_touched
        is_more |= shown.in_view.is_crowd or shown.layer_visible["trails"] or len(shown.followed) > 0
        if is_more or stood is None or not np.array_equal(stood.rows, dots.rows):
            self.update()
            return
        moved = np.abs(dots.px - stood.px).max(axis=1, initial=0.0) >= MOVED_PX
        patches, reach = Patches(self.width(), self.height()), radius_px(self._viewpoint.metres_per_pixel) + DOT_RIM_PX
        for px in (stood.px[moved], dots.px[moved]):
            patches.take(around(px, reach))
        if not moved.any() or patches.share > MOST_SHARE:
            self.update()
        else:
            self._only_dots_moved = True
            self.update(patches.region())

    def paintEvent(self, paint: QPaintEvent) -> None:
        """Paint a frame; whatever goes wrong is logged and said on the map instead of raised into Qt."""
        painter = QPainter(self)
        try:
            is_whole = paint.rect().contains(self.rect()) and paint.region().rectCount() == 1
            self._paint(painter, None if is_whole else paint.region())
            is_broken = False
        except Exception as error:
            if not self._is_broken:
                log.exception("the plain map cannot be painted", exc_info=error)
            is_broken = True
        finally:
            painter.end()
        if is_broken != self._is_broken:
            self._is_broken = is_broken
            self._say_plain()

    def _paint(self, painter: QPainter, region: QRegion | None) -> None:
        """Copy the cached picture, then everything that moves: all of it, or what lies in a region."""
        self._patches = None if region is None else Patches.of_region(region, self.width(), self.height())
        now = self.now_s()
        ratio = self.devicePixelRatioF()
        if self._sprites.colours is not self.shown.colours or self._sprites.pixel_ratio != ratio:
            self._sprites, self._layout_key = Sprites(self.shown.colours, ratio), ()
        offset = self._refresh_picture()
        middle = Oblique(self._held, 0, 0).ground(0.5 - offset[0], 0.5 - offset[1])
        self._drawn = Oblique(self._held.at(*middle), self.width(), self.height())
        if self._picture is not None:
            for part in region or (self.rect(),):
                source = QRectF(part).translated(MARGIN_PX - offset[0], MARGIN_PX - offset[1])
                painter.drawPixmap(QRectF(part), self._picture, QRectF(source.topLeft() * ratio, source.size() * ratio))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._lay_out()
        self._layout.show_whole_names(self.drawn_oblique(), self._sprites, self.furniture.covered())
        if self._ground is not None:
            paint_highlights(painter, self.shown, self.drawn_oblique(), self._ground)
        self._paint_stand(painter, self._layout.names)
        if self.shown.layer_visible["tracks"]:
            self._tracks_painted.paint(painter, self.shown, self.drawn_oblique(), ratio, moving=self._moving_view)
        self._paint_stand(painter, self._layout.cameras)
        self.shown.look_for_dots(self.drawn_oblique())
        dots = self.dots_px(now)
        if self.shown.layer_visible["workers"]:
            self._paint_crowd(painter, now)
            self._trails_painted.paint(painter, self.shown, self.drawn_oblique(), now)
            self._paint_workers(painter, dots)
        if self.shown.layer_visible["incidents"]:
            paint_floors(painter, self.shown, self.drawn_oblique())
        self._paint_stand(painter, self._layout.pins)
        self._paint_ranks(painter, dots)
        self._paint_rings(painter, now, dots)
        self.counters.dynamic_frames += 1
        self.counters.patched += self._patches is not None and self._only_dots_moved
        self._only_dots_moved = False
        self._remember(dots)
        self._after_frame(now, self._stood or dots)
        self.painted.emit(self.counters.static_redraws, self.counters.dynamic_frames, 0)
        self._flushed.start(0)

    def _refresh_picture(self) -> tuple[int, int]:
        """Paint the cached picture anew where it no longer serves; by how many pixels it must be shifted."""
        visible = tuple(self.shown.layer_visible.values())
        shown = self.shown
        shown.look_behind(self._viewpoint, self._viewpoint.metres_per_pixel)
        raised = shown.raise_m(self._viewpoint.metres_per_pixel)
        ratio, size = self.devicePixelRatioF(), self.size()
        key = (self._viewpoint.shape, shown.statics, shown.loads, raised, visible, size.toTuple(), ratio)
        px = Oblique(self._held, 0, 0).screen(self._viewpoint.x, self._viewpoint.y)
        offset = (round(0.5 - float(px[0])), round(0.5 - float(px[1])))
        if key == self._picture_key and max(map(abs, offset)) <= MARGIN_PX:
            return offset
        self._picture_key, self._held = key, self._viewpoint
        size += QSize(2 * MARGIN_PX, 2 * MARGIN_PX)
        self._picture = QPixmap(size * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(QColor(self.shown.colours.ground))
        if self._ground is not None:
            painter = QPainter(self._picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._moving_view)
            oblique = Oblique(self._viewpoint, size.width(), size.height())
            part = (-8.0, -8.0, size.width() + 8.0, size.height() + 8.0)
            self._ground.paint(painter, PlainFrame.of(shown, oblique, part, moving=self._moving_view))
            painter.end()
        self.counters.static_redraws += 1
        return (0, 0)

    def _settled(self) -> None:
        """The officer let go: paint once more with smooth edges."""
        self._picture_key = ()
        super()._settled()

    def _lay_out(self) -> None:
        key = (self._picture_key, self._held, self.shown.marks, self.shown.selected, self._moving_view)
        if key == self._layout_key:
            return
        self._layout_key = key
        oblique = Oblique(self._held, self.width(), self.height())
        box = oblique.ground_box(MARGIN_PX, self.shown.raise_m(oblique.viewpoint.metres_per_pixel))
        shift = self.drawn_oblique().ground(0.0, 0.0)
        left, top = oblique.screen(*shift).tolist()
        seen = (left, top, left + self.width(), top + self.height())
        room = Room(MARGIN_PX, seen, self.furniture.covered())
        self._layout = laid_out(self.shown, oblique, self._sprites, box, room, moving=self._moving_view)
        self.counters.layouts += 1

    def _paint_stand(self, painter: QPainter, stand: Stand) -> None:
        boxes = np.round(stand.boxes(self.drawn_oblique(), self._sprites))
        for row in np.nonzero(self._is_painted(boxes))[0].tolist():
            left, top, right, bottom = boxes[row].tolist()
            painter.drawImage(QRectF(left, top, right - left, bottom - top), self._sprites.sprite(stand.looks[row]).image)

    def _is_painted(self, boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which boxes float64[n, 4] lie in what is painted now."""
        if self._patches is not None:
            return self._patches.touch(boxes)
        low, high = boxes[:, :2], boxes[:, 2:]
        return np.asarray((high > 0).all(axis=1) & (low < (self.width(), self.height())).all(axis=1))

    def _remember(self, dots: Drawn) -> None:
        """Note where each dot stands on the screen: those outside the patches stand where they were painted before."""
        if self._patches is not None and self._stood is not None and np.array_equal(self._stood.rows, dots.rows):
            reach = radius_px(self._viewpoint.metres_per_pixel) + DOT_RIM_PX
            painted = self._patches.touch(around(dots.px, reach)) | self._patches.touch(around(self._stood.px, reach))
            dots = Drawn(dots.rows, np.where(painted[:, None], dots.px, self._stood.px))
        self._stood = dots

    def _paint_crowd(self, painter: QPainter, now_s: float) -> None:
        if not self.shown.in_view.is_crowd:
            return
        key = (self._picture_key, self._held, int(now_s / REFRESH_S))
        if key != self._crowd_key:
            oblique = Oblique(self._held, self.width(), self.height())
            self._crowd_key, self._crowd = key, crowd_picture(self.shown, oblique, MARGIN_PX)
        pixels = self._crowd.pixels
        rows, columns = pixels.shape[:2]
        picture = QImage(pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888_Premultiplied)
        right, down = self.drawn_oblique().screen(self._held.x, self._held.y).tolist()
        left, top = right - self.width() / 2 - MARGIN_PX, down - self.height() / 2 - MARGIN_PX
        painter.drawImage(QRectF(left, top, columns * CELL_PX, rows * CELL_PX), picture)

    def _paint_workers(self, painter: QPainter, drawn: Drawn) -> None:
        look, colours = self.shown.workers.look[drawn.rows], self.shown.colours
        dots = drawn.px
        radius = radius_px(self._viewpoint.metres_per_pixel)
        inside = self._is_painted(around(dots, radius + DOT_RIM_PX))
        inks = (
            (WorkerMark.ON_DUTY, colours.worker),
            (WorkerMark.ON_TASK, colours.worker_on_task),
            (WorkerMark.STALE, colours.worker_stale),
        )
        for mark, colour in inks:
            rows = np.nonzero(inside & (look[:, 0] == mark) & (look[:, 2] == 0))[0]
            if len(rows) == 0:
                continue
            ink = QColor(colour)
            ink.setAlphaF(LIT if look[rows[0], 1] else CALM)
            for width, shade in ((radius * 2, ink), (radius, QColor(colours.ground))):
                if width == radius * 2 or mark != WorkerMark.ON_DUTY:
                    painter.setPen(QPen(shade, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
                    painter.drawPoints(polygon(dots[rows]))

    def _paint_ranks(self, painter: QPainter, dots: Drawn) -> None:
        for rank, row in reversed(list(enumerate(self.shown.candidates.tolist(), 1))):
            at_px = dots.of(row)
            if at_px is None:
                continue
            sprite = self._sprites.sprite(RankLook(rank))
            ratio = self._sprites.pixel_ratio
            at = QPointF(at_px[0] - sprite.foot_x / ratio, at_px[1] - sprite.foot_y / ratio)
            size = QSizeF(sprite.image.width() / ratio, sprite.image.height() / ratio)
            painter.drawImage(QRectF(at, size), sprite.image)

    def _paint_rings(self, painter: QPainter, now: float, dots: Drawn) -> None:
        paint_rings(painter, self.shown, self.drawn_oblique(), now, dots)

    def drawn_oblique(self) -> Oblique:
        """The camera of the last frame."""
        return self._drawn or self._oblique()

    def mark_boxes(self, part: str) -> tuple[list[Found | None], NDArray[np.float64]]:
        """Things of a part of the layout (pins, cameras, names) and their boxes in the last frame."""
        stand = getattr(self._layout, part)
        return stand.found, stand.boxes(self.drawn_oblique(), self._sprites)

    def cluster_ids(self, number: str) -> tuple[str, ...]:
        """The incidents behind a cluster."""
        clusters = self._layout.clusters
        return clusters.of(int(number)) if clusters is not None else ()

    def id_at(self, px: float, py: float) -> tuple[int, int] | None:
        """Kind and number of what a pixel shows; None on empty ground."""
        if self._ground is None or not (0 <= px < self.width() and 0 <= py < self.height()):
            return None
        part = (px - 1.0, py - 1.0, px + 1.0, py + 1.0)
        return self._ground.at(PlainFrame.of(self.shown, self.drawn_oblique(), part, moving=False), px, py)
