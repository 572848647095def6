"""The map on a wall: the desk's canvas with pins that are no more than kind and state, and dots that are nobody by name."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Pins, PinState
from desktop.map.viewpoint import Viewpoint
from desktop.map_marks import cameras_of, category_number
from desktop.video_wall.arrangement import HIGH, WIDE
from desktop.wall.slot_body import SlotBody
from desktop.wall.wall_seat import WallSeat, large
from governance.kinds import State
from governance.wall import Slot
from governance.wall_board import WallIncident

STATES = {
    State.REPORTED: PinState.WAITING,
    State.VERIFYING: PinState.WAITING,
    State.FILED: PinState.WAITING,
    State.DISPATCHED: PinState.ON_THE_WAY,
    State.HANDLING: PinState.ON_SCENE,
    State.SUSPENDED: PinState.WAITING,
}


class MapBody(SlotBody):
    """One canvas; nobody turns it, so it has no switches."""

    def __init__(self, seat: WallSeat, slot: Slot, parent: QWidget) -> None:
        """An empty map until the town is there."""
        super().__init__(seat, slot, parent)
        self._shown: object = None
        self._known = 0
        self.canvas: Any = None
        self._make(seat.new_canvas(self))

    def tells_age(self) -> bool:
        """Its pins age with the figures."""
        return True

    def age_s(self) -> float | None:
        """How old the pins are."""
        return self.seat.board_age_s()

    def board_came(self) -> None:
        """Other pins, other colours of grids."""
        if self._shown is None or self.seat.board is None:
            return
        incidents = self.seat.board.incidents
        self.canvas.set_pins(pins_of(incidents))
        self._colour_grids(incidents)

    def look(self) -> None:
        """The town, the cameras or the dots may be others."""
        geometry = self.seat.geometry
        if geometry is None:
            return
        if self._shown is not geometry:
            self._shown, self._known = geometry, 0
            self.canvas.show()
            self.canvas.set_geometry(geometry)
            self.canvas.set_attribution(self.seat.situation.town.attribution)
            self._look_there()
            self.board_came()
        self.cameras_changed()
        self.moved(None)

    def cameras_changed(self) -> None:
        """Some are drawn otherwise."""
        if self._shown is not None:
            self.canvas.set_cameras(cameras_of(self.seat.situation.cameras.all()))

    def moved(self, rows: np.ndarray[Any, np.dtype[np.int32]] | None) -> None:
        """Dots stand elsewhere; all of them where there are more than before."""
        dots = self.seat.dots
        if self._shown is None:
            return
        if rows is None or len(dots.numbers) != self._known:
            self._known = len(dots.numbers)
            self.canvas.set_workers(tuple(dots.numbers), dots.lon.copy(), dots.lat.copy())
        elif len(rows):
            self.canvas.move_workers(rows, dots.lon[rows], dots.lat[rows])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The same stretch of the town, whatever the slot measures."""
        super().resizeEvent(event)
        self.canvas.setGeometry(self.rect())
        self._look_there()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Before the town is there: what is waited for."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.seat.palette.ground))
        painter.setPen(QColor(self.seat.palette.dim))
        painter.setFont(large(13))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.seat.words("wall.map.waits"))

    def _make(self, canvas: Any, after_failure: bool = False) -> None:
        """This canvas shows it; without buttons, and nobody's hand moves it."""
        self.canvas = canvas
        canvas.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        canvas.setGeometry(self.rect())
        canvas.set_theme(self.seat.palette)
        canvas.set_language(self.seat.words.language)
        if not after_failure:  # which canvas it is matters to nobody who looks at a wall; the log has it
            canvas.furniture.say("")
        canvas.failed.connect(self._go_on_plainly, Qt.ConnectionType.QueuedConnection)
        for button in canvas.furniture.buttons.values():
            button.hide()
        canvas.furniture.switch("minimap")
        canvas.setVisible(self.seat.geometry is not None)

    def _go_on_plainly(self, _reason: str) -> None:
        """OpenGL gave up: the plain map goes on."""
        broken = self.canvas
        if isinstance(broken, PlainCanvas):
            return
        self._make(PlainCanvas(self, after_failure=True), after_failure=True)
        self._shown = None
        broken.hide()
        broken.deleteLater()
        self.look()

    def _look_there(self) -> None:
        """Where the layout says, or at the whole district."""
        geometry, view = self.seat.geometry, self.slot.view
        if geometry is None or self._shown is None:
            return
        if view is None:
            self.canvas.fit_all()
            return
        x, y = geometry.plane.to_plane(view.place.lon, view.place.lat)[0].tolist()
        wide, high = max(self.canvas.width(), 1), max(self.canvas.height(), 1)
        scale = max(view.across_m / wide, view.across_m * HIGH / WIDE / high)  # all of it, whatever shape the slot has
        self.canvas.set_viewpoint(Viewpoint(x, y, scale, view.turn_deg % 360.0, min(view.tilt_deg, 65.0)))

    def _colour_grids(self, incidents: tuple[WallIncident, ...]) -> None:
        """Grids by their open incidents, as on a desk."""
        geometry = self.seat.geometry
        if geometry is None:
            return
        row_of = {code: row for row, code in enumerate(geometry.grids.codes)}
        open_, overdue = np.zeros(len(row_of), np.int32), np.zeros(len(row_of), np.int32)
        for incident in incidents:
            row = row_of.get(incident.grid)
            if row is not None:
                open_[row] += 1
                overdue[row] += incident.is_overdue
        self.canvas.set_grid_load(open_, overdue)


def pins_of(incidents: tuple[WallIncident, ...]) -> Pins:
    """Incidents as pins that have no name: they are numbered as they come."""
    return Pins(
        ids=tuple(str(number) for number in range(len(incidents))),
        lon=np.array([each.place.lon for each in incidents], np.float64),
        lat=np.array([each.place.lat for each in incidents], np.float64),
        category=np.array([category_number(each.category) for each in incidents], np.uint8),
        urgency=np.array([int(each.urgency) for each in incidents], np.uint8),
        severity=np.array([int(each.severity) for each in incidents], np.uint8),
        state=np.array([int(STATES.get(each.state, PinState.CHECKING)) for each in incidents], np.uint8),
        pending=np.zeros(len(incidents), np.bool_),
        overdue=np.array([each.is_overdue for each in incidents], np.bool_),
    )
