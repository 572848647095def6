"""The 2.5D map on OpenGL: a pyqtgraph GLViewWidget with the map's own camera, layers and repaint policy."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.opengl import GLViewWidget
from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent, QSurfaceFormat
from PySide6.QtWidgets import QWidget

from desktop.map.gestures import Gestures
from desktop.map.graphics import GraphicsFailed
from desktop.map.map_view import MapView
from desktop.map.oblique import Oblique
from desktop.map.pacing import Pace
from desktop.map.painter import Counters, FramePainter
from desktop.map.picking import Found, unpacked_id

log = logging.getLogger(__name__)


def surface_format() -> QSurfaceFormat:
    """OpenGL 3.3 core, frames as soon as they are ready."""
    wanted = QSurfaceFormat()
    wanted.setVersion(3, 3)
    wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setSwapInterval(0)
    return wanted


class MapCanvas(Gestures, MapView, GLViewWidget):
    """A district in 2.5D. Main thread only."""

    picked = Signal(str, str)
    """Kind and id of what was clicked: incident, worker, camera or grid."""
    hovered = Signal(str, str)
    pointer_at = Signal(float, float)
    """Longitude and latitude under the pointer."""
    asked_at = Signal(float, float)
    """Longitude and latitude of a right click."""
    viewpoint_changed = Signal()
    frame_swapped = Signal(int)
    """Number of the frame that is now on the screen."""
    painted = Signal(int, int, int)
    """Static redraws and dynamic frames so far, draw calls of this frame."""
    handled = Signal()
    """The officer's hand moved the map: drag, wheel, double click or minimap."""
    failed = Signal(str)
    """OpenGL gave up; the desk may put the plain map in its place."""

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """An empty map; give it a geometry next."""
        super().__init__(parent)
        self.setFormat(surface_format())
        self._begin(clock)
        self._painter = FramePainter(self.shown)
        for layer in self._painter.layers.ordered:
            self.items.append(layer)
            layer._setView(self)
        self._broken = False
        self.frame_s = 0.0
        """From the first draw call to the swap of the last frame; 0 where the window was swapped with the map unchanged."""
        self._frame_began_s = 0.0
        self.frameSwapped.connect(self._swapped)

    @property
    def counters(self) -> Counters:
        """What painting took so far."""
        return self._painter.counters

    def initializeGL(self) -> None:
        """Build everything in a context that is new: at first, and when the panel moved to another window."""
        try:
            self._painter.build()
            self.pace = Pace(self._painter.software)
            self._broken = False
        except Exception as error:  # a black widget without a word is the alternative
            self._give_up(error)

    def paintGL(self) -> None:
        """Paint one frame; whatever goes wrong is logged and said on the map instead of raised into Qt."""
        if self._broken:
            return
        self._frame_began_s = time.monotonic()
        now = self.now_s()
        ratio = self.devicePixelRatioF()
        self._painter.covered = self.furniture.covered()
        try:
            self._check_context()
            self._painter.paint(
                self._viewpoint,
                self.deviceWidth(),
                self.deviceHeight(),
                ratio,
                now,
                self.defaultFramebufferObject(),
                moving=self._moving_view,
            )
        except Exception as error:
            self._give_up(error)
            return
        self._after_frame(now, self.dots_px(now))
        counters = self._painter.counters
        self.painted.emit(counters.static_redraws, counters.dynamic_frames, counters.draw_calls)

    def _check_context(self) -> None:
        context = self.context()
        if context is None or not context.isValid():
            raise GraphicsFailed("the OpenGL context is lost")

    def _give_up(self, error: Exception) -> None:
        self._broken = True
        log.exception("the map cannot be painted", exc_info=error)
        zh = self.shown.language == "zh"
        self.furniture.say("地图无法绘制，详见日志" if zh else "The map cannot be drawn; see the log")
        self.failed.emit(str(error))

    def _swapped(self) -> None:
        self._frame_no += 1
        self.frame_s = time.monotonic() - self._frame_began_s if self._frame_began_s else 0.0
        self._frame_began_s = 0.0
        self.frame_swapped.emit(self._frame_no)

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

    def keyPressEvent(self, press: QKeyEvent) -> None:
        """Leave keys to the desk; pyqtgraph would turn its own camera."""
        press.ignore()

    def keyReleaseEvent(self, release: QKeyEvent) -> None:
        """Leave keys to the desk."""
        release.ignore()

    def drawn_oblique(self) -> Oblique:
        """The camera of the last frame, in logical pixels."""
        return self._painter.oblique or self._oblique()

    def mark_boxes(self, part: str) -> tuple[list[Found | None], NDArray[np.float64]]:
        """Things of a part of the layout (pins, cameras, names) and their boxes in the last frame."""
        stand = getattr(self._painter.marks.layout, part)
        return stand.found, stand.boxes(self.drawn_oblique(), self._painter.sprites)

    def cluster_ids(self, number: str) -> tuple[str, ...]:
        """The incidents behind a cluster."""
        clusters = self._painter.marks.layout.clusters
        return clusters.of(int(number)) if clusters is not None else ()

    def id_at(self, px: float, py: float) -> tuple[int, int] | None:
        """Kind and number in the id buffer at a pixel; None on empty ground."""
        inside = 0 <= px < self.width() and 0 <= py < self.height()
        if not inside or not self.isValid() or self._broken:
            return None
        ratio = self.devicePixelRatioF()
        self.makeCurrent()
        try:
            self._check_context()
            return unpacked_id(self._painter.thing_at(int(px * ratio), int(py * ratio)))
        except Exception as error:
            self._give_up(error)
            return None
        finally:
            self.doneCurrent()
