"""The map of the desk: the situation on the canvas, its buttons, where it looks; what is chosen on it is in map_chosen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_beside import ListBeside, towards
from desktop.map_chosen import MapChosen
from desktop.map_figures import MapFigures
from desktop.map_follow import Following
from desktop.map_in_sight import has_strayed
from desktop.map_marks import cameras_of, pins_of, worker_marks
from desktop.map_strip import MapStrip
from desktop.map_tips import fix_tip, numbers_of, sources, tip
from desktop.map_tools import MapTools
from desktop.past_shown import SIGN_ROOM_PX, PastShown
from desktop.phrases import key_tip
from desktop.seat import Seat
from desktop.situation.touched import Touched
from desktop.timeline.timeline_desk import TimelineDesk
from governance.places import LonLat

TOLD_MS = 5_000
"""So long is said what was done."""


class MapPanel(QWidget):
    """The canvas (MapCanvas or PlainCanvas) and the few switches above it. Main thread only."""

    wanted = Signal(str)
    """An action of the key table, asked for by a button on the map."""
    pointed = Signal(float, float)
    """Longitude and latitude under the pointer."""
    fix_shown = Signal(object)
    """Rows int32[k] of workers whose places were handed to the canvas."""
    pins_shown = Signal()
    cameras_touched = Signal()
    """Cameras came, went or are otherwise; also while the map shows the past."""
    past_picked = Signal(str)
    """An incident was clicked while the map shows the past."""
    canvas_changed = Signal()
    """The canvas is another one now: the plain one, after OpenGL failed."""

    def __init__(self, seat: Seat, new_canvas: Callable[[QWidget], Any]) -> None:
        """An empty map; `new_canvas` makes the canvas this machine can paint."""
        super().__init__()
        self._seat = seat
        self.geometry_shown: Geometry | None = None
        self._mark, self._marks = 0, np.zeros(0, np.uint8)
        self._attribution = ""
        self._far_off: tuple[str, ...] = ()
        self._past: PastShown | None = None
        self.lists: list[ListBeside] = []
        self._told = ""
        self.following = Following(seat, self._keep_in_middle, self._tell_hint)
        self.canvas = new_canvas(self)
        self.figures = MapFigures(seat, self)
        self._build()
        self.chosen = MapChosen(seat, self)
        self._connect()
        self.tools, self.timeline = MapTools(seat, self), TimelineDesk(seat, self)
        self.canvas.set_theme(seat.palette)
        self.canvas.set_language(seat.words.language)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)
        self.strip = MapStrip(self._seat, self)
        self.strip.wanted.connect(self.wanted)
        self.buttons = self.strip.buttons
        self.hint = QLabel(self)
        self.hint.setProperty("look", "hint")
        self.hint.hide()
        self._tell_switches()

    def _connect(self) -> None:
        self._second = QTimer(self)
        self._second.timeout.connect(self._mark_workers)  # it runs once there are workers to mark
        self._connect_canvas()
        self.figures.chosen.connect(self._tell_switches)
        selection = self._seat.selection
        selection.picking_changed.connect(lambda _asked: self._tell_hint())
        for another in (selection.incident_changed, selection.worker_changed, selection.camera_changed):
            another.connect(self.following.chosen)
        self.fix_shown.connect(self.following.moved)
        self._seat.orders.pending_changed.connect(self._order_pending)

    def _connect_canvas(self) -> None:
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setMinimumSize(200, 150)
        self.chosen.follow_canvas()
        self.canvas.handled.connect(self.following.end)
        self.canvas.furniture.layers.switched.connect(lambda _layer, _on: self._tell_switches())
        self.canvas.furniture.layers.wanted.connect(self.wanted)
        self.canvas.failed.connect(self._go_on_plainly, Qt.ConnectionType.QueuedConnection)
        self.canvas.tooltip = self._tip
        self.figures.live_in(self.canvas)

    def _go_on_plainly(self, _reason: str) -> None:
        """OpenGL gave up, and the canvas wrote why into the log: go on with the plain map, which says so."""
        broken = self.canvas
        if isinstance(broken, PlainCanvas):
            return
        self.canvas = PlainCanvas(self, after_failure=True)
        self._connect_canvas()
        self.canvas.set_theme(self._seat.palette)
        self.canvas.set_language(self._seat.words.language)
        column = self.layout()
        assert column is not None
        column.replaceWidget(broken, self.canvas)
        for name, visible in broken.shown.layer_visible.items():
            self.canvas.set_layer_visible(name, visible)
        self.canvas.setCursor(broken.cursor())
        self.canvas.asks_place = broken.asks_place
        if self.geometry_shown is not None:
            self.show_town(self.geometry_shown, self._attribution)
            self.canvas.set_viewpoint(broken.viewpoint)
        broken.hand_tracks_to(self.canvas)
        self.chosen.show_candidates()
        broken.hide()
        broken.deleteLater()
        self.canvas.show()
        self._place_strip()
        self.canvas_changed.emit()

    @property
    def shows_past(self) -> bool:
        """Whether the map shows the past."""
        return self._past is not None

    def show_town(self, geometry: Geometry, attribution: str) -> None:
        """Show the town, and everything on it."""
        self.geometry_shown, self._attribution = geometry, attribution
        self.canvas.set_geometry(geometry)
        self.tools.basemap.show_town(geometry)
        self.show_all()

    def name_sources(self) -> None:
        """Say below the map whose data it is."""
        lost = self.geometry_shown.left_out if self.geometry_shown is not None else ()
        said = (sources(self._seat.words, self._attribution, lost, self._far_off), self.tools.basemap.told().both)
        self.canvas.set_attribution(" · ".join(part for part in said if part))

    @property
    def past(self) -> PastShown | None:
        """The past the map shows; None in the present."""
        return self._past

    @property
    def below_strip(self) -> int:
        """Where on the map room begins: below the buttons, and below the sign of the past."""
        return self.strip.geometry().bottom() + (SIGN_ROOM_PX if self._past is not None else 0)

    @property
    def seat_shown(self) -> Seat:
        """The seat as it was at the moment the map shows; in the present the officer's own."""
        return self._past.seat() if self._past is not None else self._seat

    def show_past(self, past: PastShown | None) -> None:
        """Let the canvas be the past's from now on, or (None) show the present again; the situation goes on meanwhile."""
        self._past, self.figures.past = past, past
        self._place_strip()
        self.tools.measuring.update()
        self.tools.sector.step_out()
        if past is None:
            self.show_all()
        else:
            self.following.end()

    def show_all(self) -> None:
        """Show the situation from the beginning: after a snapshot or another town."""
        if self._past is not None:
            self._past.show_anew()
            return
        workers = self._seat.situation.workers
        self.canvas.set_workers([str(number) for number in workers.numbers.tolist()], workers.lon, workers.lat)
        _, self._mark = workers.moved_since(0)
        self._marks = np.zeros(0, np.uint8)
        self._mark_workers()
        self._second.start(1000)
        self.canvas.set_cameras(cameras_of(self._seat.situation.cameras.all()))
        self._show_pins()
        self.figures.ask()
        self.figures.show_now()
        self.chosen.show_now()

    def touch(self, touched: Touched) -> None:
        """Show what changed; nothing of it while the map shows the past."""
        if touched.cameras or touched.everything:
            self.cameras_touched.emit()
        if self._past is not None:
            return
        if touched.everything:
            self.show_all()
            return
        if touched.moved:
            self._move_workers()
        if touched.workers:
            self._mark_workers()
        if touched.cases:
            self._show_pins()
            self.figures.show_soon()
        if touched.cameras:
            self.canvas.set_cameras(cameras_of(self._seat.situation.cameras.all()))

    def grid_at(self, lon: float, lat: float) -> str:
        """Code of the grid a place lies in, by the borders and the rule of the server; empty outside every grid."""
        geometry = self.geometry_shown
        if geometry is None:
            return ""
        number = geometry.borders.grid_at(lon, lat)
        return geometry.grids.codes[number] if number >= 0 else ""

    def place_of_area(self, code: str) -> LonLat | None:
        """The middle of a grid, community or street; None where the map does not know it."""
        return self.geometry_shown.middle_of(code) if self.geometry_shown is not None else None

    def centre(self) -> LonLat | None:
        """The place in the middle of the map."""
        geometry = self.geometry_shown
        if geometry is None:
            return None
        view = self.canvas.viewpoint
        lon, lat = geometry.plane.to_lonlat(view.x, view.y)[0].tolist()
        return LonLat(lon, lat)

    def home(self) -> None:
        """Show the whole district."""
        self.following.end()
        self.canvas.glide_to_all()

    def go_to(self, place: LonLat) -> None:
        """Put a place in the middle of what no list covers, close enough to see its buildings."""
        self.following.end()
        if self.geometry_shown is not None:
            self.canvas.glide_to_view(towards(self, place))

    def turn(self, degrees: float) -> None:
        """Turn clockwise."""
        self.canvas.turn(degrees)

    def tilt(self, degrees: float) -> None:
        """Lean back."""
        self.canvas.tilt_by(degrees)

    def zoom(self, factor: float) -> None:
        """Come closer by a factor, the middle staying where it is."""
        self.canvas.zoom_by(factor)

    def pan(self, right: float, down: float) -> None:
        """Move over the town by shares of what is seen."""
        self.following.end()
        self.canvas.pan_by(-right * self.canvas.width(), -down * self.canvas.height())

    def switch_part(self, part: str) -> None:
        """Fold or unfold layers, legend or minimap."""
        self.canvas.furniture.switch(part)

    def switch_buildings(self) -> None:
        """Show buildings or not."""
        self.switch_layer("buildings")

    def switch_layer(self, name: str) -> bool:
        """Show a layer or hide it, as its box does; whether it is shown now."""
        is_on = not self.canvas.shown.layer_visible[name]
        self.canvas.set_layer_visible(name, is_on)
        self._tell_switches()
        return is_on

    def follow(self) -> None:
        """Go to the selected worker, or to the one on the selected case, and stay with them."""
        seat = self._seat
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident else None
        worker = seat.selection.worker or (case.lead.worker if case and case.lead else None)
        if worker is not None:
            self.following.begin(worker)

    def step_out(self) -> bool:
        """Let go of the worker who is followed, else of the selected worker or camera; False where there was none."""
        if self.tools.step_out() or self.following.end() or self.figures.step_out():
            return True
        return self.chosen.step_out()

    def retell(self) -> None:
        """Say and draw everything again, in the language and the colours of now."""
        self.canvas.set_theme(self._seat.palette)
        self.canvas.set_language(self._seat.words.language)
        self.figures.tell()
        self._tell_switches()
        self._tell_hint()
        self.tools.retell()
        self.timeline.retell()

    def resizeEvent(self, event: object) -> None:
        """Keep the strip in its corner."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_strip()

    def _show_pins(self) -> None:
        if self._past is not None:
            return
        seat = self._seat
        self.canvas.set_pins(pins_of(seat.situation.cases.values(), seat.orders.pending_incidents()))
        far_off = numbers_of(seat, self.canvas.shown.far_off())
        if far_off != self._far_off:
            self._far_off = far_off
            self.name_sources()
        self.pins_shown.emit()

    def _tip(self, kind: str, name: str) -> str:
        if kind == "fix":
            return fix_tip(self._seat.words, self.canvas.shown.tracks.fix(name))
        if self._past is not None:
            return self._past.tip(kind, name)
        said = tip(self._seat, kind, name)
        more = self.figures.tip(name) if kind == "grid" else ""
        return f"{said}\n{more}" if more else said

    def _move_workers(self) -> None:
        workers = self._seat.situation.workers
        rows, self._mark = workers.moved_since(self._mark)
        if len(rows):
            self.canvas.move_workers(rows, workers.lon[rows], workers.lat[rows])
            self.fix_shown.emit(rows)

    def _mark_workers(self) -> None:
        if self._past is not None:
            return
        marks = worker_marks(self._seat.situation.workers, self._seat.now().timestamp())
        if len(marks) != len(self._marks):
            rows = np.arange(len(marks), dtype=np.int32)
        else:
            rows = np.flatnonzero(marks != self._marks).astype(np.int32)
        if len(rows):
            self.canvas.set_worker_marks(rows, marks[rows])
        self._marks = marks

    def _keep_in_middle(self, place: LonLat) -> None:
        """Move the map after a place that left its middle; close enough to see its buildings."""
        if self.geometry_shown is not None and has_strayed(self.canvas, self.geometry_shown, place):
            self.canvas.glide_to(place)

    def _order_pending(self, _incident: UUID | None) -> None:
        self._show_pins()

    def tell(self, said: str) -> None:
        """Say for a moment what was done."""
        self._told = said
        self._tell_hint()
        QTimer.singleShot(TOLD_MS, self, lambda: self._untell(said))

    def _untell(self, said: str) -> None:
        if said == self._told:
            self._told = ""
            self._tell_hint()

    def _tell_hint(self) -> None:
        """Say what a click means, what was done a moment ago, or whom the map follows; it draws their trail."""
        self.canvas.set_followed(self.following.numbers)
        words, name = self._seat.words, self.following.name
        asks = self._seat.selection.is_picking
        follows = words("map.following", name=name) if name else ""
        self.hint.setText(words("field.place.picking") if asks else self._told or follows)
        self.hint.setVisible(bool(self.hint.text()))
        self._place_strip()

    def _tell_switches(self) -> None:
        self.strip.tell(self.figures.colour, self.figures.raised, self.canvas.shown.layer_visible["buildings"])
        for name, button in {**self.canvas.furniture.buttons, "basemap": self.canvas.furniture.layers.choose}.items():
            button.setToolTip(key_tip(self._seat.words, name))
        self._place_strip()

    def tell_lists(self) -> None:
        """Let the map know which lists stand on it: no name is painted there."""
        self.canvas.furniture.lists = [each.geometry() for each in self.lists if each.isVisibleTo(self)]

    def _place_strip(self) -> None:
        self.strip.fit(self.width() - 24)
        self.strip.move(12, 12)
        self.strip.raise_()
        furniture = self.canvas.furniture
        furniture.over = [self.strip.geometry()]
        self.tell_lists()
        furniture.place()
        self.hint.adjustSize()
        below = furniture.banner.geometry().bottom() + 8 if furniture.banner.isVisible() else 0
        self.hint.move((self.width() - self.hint.width()) // 2, max(56, self.below_strip + 8, below))
        self.hint.raise_()
