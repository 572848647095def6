"""A place somebody asks about: which cameras see it, drawn with their sectors, or who is nearest to it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop.dispatch.offers import near_place
from desktop.here_list import HereList, HereRow
from desktop.map.sectors import fans
from desktop.map_sheet import MapSheet
from desktop.phrases import clock_text, distance
from desktop.seat import Seat
from desktop.seeing import seeing
from desktop.selection import Ranked, RankedWorker
from desktop.style.type_face import SMALL_PX, face
from governance.camera import Camera, CameraState
from governance.places import LonLat

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

MOST_CAMERAS, MOST_PEOPLE = 60, 9
BADGE_PX, PLACE_PX = 9.0, 8.0


class Here(MapSheet):
    """Nothing is asked about to begin with. Main thread only."""

    on_paper = "paper.mark.cameras"

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """Nothing yet."""
        self.place: LonLat | None = None
        self.group = "cameras"
        self.cameras: list[Camera] = []
        self.people: tuple[RankedWorker, ...] = ()
        self._before: QWidget | None = None
        self._hidden_from: set[str] = set()
        """Ids of the cameras that a building hides the place from."""
        self._row = -1
        self._as_of = seat.now()
        super().__init__(seat, panel)
        self.list = HereList(seat, panel)
        self.list.group_wanted.connect(self.show_group)
        self.list.left.connect(self.step_out)
        self.list.chosen.connect(self._choose)
        self.list.went.connect(self._go)
        self.list.pointed.connect(self._point)

    def has_something(self) -> bool:
        """Whether a place is asked about."""
        return self.place is not None

    def follow_canvas(self) -> None:
        """A right click on the canvas there is now asks about a place."""
        super().follow_canvas()
        self._panel.canvas.asked_at.connect(self._asked)

    def look(self, place: LonLat, group: str = "cameras") -> None:
        """Ask about a place; the map does not move."""
        if self._panel.geometry_shown is None:
            return
        if self.place is None:
            self._before = self.window().focusWidget()
        self.place = place
        self.show_group(group)

    def show_group(self, group: str) -> None:
        """Which cameras see it, or who is nearest."""
        if self.place is None:
            return
        self.group, self._row, self._as_of = group, -1, self._seat.now()
        self._seat.selection.unrank("here")
        if group == "cameras":
            found = seeing(self._seat, self.place, MOST_CAMERAS)
            self.cameras = [near.camera for near in found]
            self._hidden_from = {near.camera.id for near in found if not near.sees}
        else:
            found = near_place(self._seat, self.place, MOST_PEOPLE)
            self.people = tuple(RankedWorker(each.worker, each.name, each.why, each.is_out) for each in found if each.worker)
            self._rank()
        self.retell()
        self.refresh()

    def step_out(self) -> bool:
        """Ask about nothing any more; False where nothing was."""
        if self.place is None:
            return False
        had_keys = self.list.isAncestorOf(self.window().focusWidget()) if self.window().focusWidget() else False
        self.place = None
        self.list.leave()
        self._seat.selection.unrank("here")
        self.refresh()
        before = self._before
        if had_keys and before is not None and isValid(before) and self.window().isAncestorOf(before):
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def places(self) -> list[LonLat]:
        """What a view has to show."""
        if self.place is None or self.group != "cameras":
            return []
        return [self.place, *(camera.place for camera in self.cameras[:9])]

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        if self.place is None:
            return
        words, place, at = self._seat.words, self.place, clock_text(self._as_of)
        if self.group == "cameras":
            off = sum(camera.state is not CameraState.ONLINE for camera in self.cameras)
            key = "here.cameras.some_off" if off else "here.cameras.count" if self.cameras else "here.cameras.none"
            title, said = words(key, count=len(self.cameras), off=off, at=at), words("here.cameras.keys")
            rows = [HereRow(camera, self._camera_text(camera), self._is_off(camera)) for camera in self.cameras]
        else:
            title = words("here.people.count" if self.people else "here.people.none", count=len(self.people), at=at)
            said = words("here.people.keys")
            rows = [HereRow(each.worker, f"{each.name}{words('sep')}{each.why}", each.is_out) for each in self.people]
        self.list.show_rows(self.group, place, title, rows, said)

    def draw_marks(self, painter: QPainter) -> None:
        """The sectors of the cameras that see the place, a line and a number for each; dashed where one is out of order."""
        if self.place is None or self.group != "cameras":
            return
        at = self.screen_of([self.place])[0]
        spots = self.screen_of([camera.place for camera in self.cameras])
        for camera, ring in zip(self.cameras, self._sectors(), strict=True):
            self._sector(painter, camera, ring)
        for number, (camera, spot) in reversed(list(enumerate(zip(self.cameras, spots, strict=True), start=1))):
            self._line(painter, camera, spot, at, number)
        painter.setBrush(QColor(self.ink.urgent))
        painter.setPen(QPen(QColor(self.ink.ground), 2.0))
        painter.drawEllipse(at, PLACE_PX - 2, PLACE_PX - 2)

    # ---- within --------------------------------------------------------------------------------------------------

    def _asked(self, lon: float, lat: float) -> None:
        if not self._seat.selection.is_picking and self._seat.held_back is None:
            self.look(LonLat(lon, lat), self.group if self.place is not None else "cameras")

    @staticmethod
    def _is_off(camera: Camera) -> bool:
        return camera.state is not CameraState.ONLINE

    def _camera_text(self, camera: Camera) -> str:
        words = self._seat.words
        assert self.place is not None, "a place is asked about"
        far = distance(words, camera.place.distance_m(self.place))
        hidden = (words("here.hidden"),) if camera.id in self._hidden_from else ()
        return words("sep").join((camera.name, far, words(f"camera.{camera.state}"), *hidden))

    def _sectors(self) -> list[QPolygonF]:
        if not self.cameras:
            return []
        xy = self.plane_of(camera.place for camera in self.cameras)
        columns = ("heading_deg", "field_of_view_deg", "range_m")
        heading, view, reach = (np.array([getattr(each, name) for each in self.cameras]) for name in columns)
        return [QPolygonF(self.screen_xy(ring)) for ring in fans(xy, heading, view, reach)]

    def _sector(self, painter: QPainter, camera: Camera, ring: QPolygonF) -> None:
        colour = QColor(self.ink.map.camera_off if self._is_off(camera) else self.ink.focus)
        painter.setPen(QPen(colour, 1.2, Qt.PenStyle.DashLine if self._is_off(camera) else Qt.PenStyle.SolidLine))
        wash = QColor(colour)
        wash.setAlphaF(0.0 if self._is_off(camera) else 0.2 if self._is_current(camera) else 0.09)
        painter.setBrush(wash)
        painter.drawPolygon(ring)

    def _line(self, painter: QPainter, camera: Camera, spot: QPointF, at: QPointF, number: int) -> None:
        is_off, is_current = self._is_off(camera), self._is_current(camera)
        colour = QColor(self.ink.dim if is_off else self.ink.focus)
        width = 2.6 if is_current else 1.5
        for pen in (QPen(QColor(self.ink.ground), width + 2.2), QPen(colour, width)):
            pen.setStyle(Qt.PenStyle.DashLine if is_off else Qt.PenStyle.SolidLine)
            painter.setPen(pen)
            painter.drawLine(spot, at)
        if number > MOST_PEOPLE:
            return
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(QColor(self.ink.panel if is_off else self.ink.chosen))
        painter.drawEllipse(spot, BADGE_PX, BADGE_PX)
        painter.setFont(face(SMALL_PX, bold=True))
        painter.setPen(QColor(self.ink.dim if is_off else self.ink.text))
        box = QRectF(spot.x() - BADGE_PX, spot.y() - BADGE_PX, 2 * BADGE_PX, 2 * BADGE_PX)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    def _is_current(self, camera: Camera) -> bool:
        return 0 <= self._row < len(self.cameras) and self.cameras[self._row].id == camera.id

    def _rank(self) -> None:
        if self.place is not None and self.people:
            chosen: UUID | None = self.people[self._row].worker if 0 <= self._row < len(self.people) else None
            self._seat.selection.rank(Ranked(self.place, self.people, chosen, "here"))

    def _choose(self, row: int) -> None:
        """What is walked over is selected, as on the board."""
        self._row = row
        if row < 0 or self.place is None:
            return
        if self.group == "people" and row < len(self.people):
            self._seat.selection.choose_worker(self.people[row].worker)
            self._rank()
        elif self.group == "cameras" and row < len(self.cameras):
            self._seat.selection.choose_camera(self.cameras[row].id)
        self.update()

    def _go(self, row: int) -> None:
        """To the middle of the map with it."""
        place = None
        if self.group == "people" and 0 <= row < len(self.people):
            place = self._seat.situation.workers.place(self.people[row].worker)
        elif self.group == "cameras" and 0 <= row < len(self.cameras):
            place = self.cameras[row].place
        if place is not None:
            self._panel.go_to(place)

    def _point(self, row: int) -> None:
        inside = self.group == "people" and 0 <= row < len(self.people)
        self._seat.selection.point_at(self.people[row].worker if inside else None)
