"""What a map can be told to show, whichever canvas paints it. Main thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from desktop.map.colours import map_colours
from desktop.map.grid_figures import GridFigures
from desktop.map.moving import GLIDE_S
from desktop.map.picking import Found
from desktop.map.scene import Cameras, Geometry, Pins
from desktop.map.shown import Shown
from desktop.style.palette import MapTokens, Palette

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.map.furniture import Furniture
    from desktop.map.ground_pictures import GroundPictures

    Host = QWidget
else:
    Host = object


class Showing(Host):
    """Setters of everything on the map; each asks for a frame only when something changed."""

    shown: Shown
    furniture: Furniture
    clock: Callable[[], float]
    _clock_zero: float
    _dots_touched: bool

    if TYPE_CHECKING:

        def now_s(self) -> float: ...
        def fit_all(self) -> None: ...
        def _arm_motion(self) -> None: ...

    def set_geometry(self, geometry: Geometry) -> None:
        """Show another town, all of it in view."""
        self.shown.show_geometry(geometry)
        self.furniture.minimap.show_geometry(geometry)
        self.furniture.place()
        self.fit_all()

    def set_grid_load(self, open_count: NDArray[np.int32], overdue: NDArray[np.int32]) -> None:
        """Colour the grids by open incidents int32[grids]; those with overdue ones get a warm edge."""
        if self.shown.show_load(open_count, overdue):
            self.update()

    def set_grid_figures(self, figures: GridFigures) -> None:
        """Colour and raise the grids by figures chosen apart from each other."""
        if self.shown.show_figures(figures):
            self.update()

    def set_pins(self, pins: Pins) -> None:
        """Show these incidents, all of them."""
        if pins.shows_the_same(self.shown.pins):
            return
        self.shown.show_pins(pins)
        self._arm_motion()
        self.update()

    def set_workers(self, numbers: Sequence[str], lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        """Show these workers, all of them; NaN where a worker has no place yet."""
        self.shown.show_workers(numbers, lon, lat)
        self.update()

    def move_workers(
        self, rows: NDArray[np.int32], lon: NDArray[np.float64], lat: NDArray[np.float64], at_s: float | None = None
    ) -> None:
        """Let the dots of some rows glide to new places from `at_s` on (the canvas's `clock`; now when not given)."""
        start = self.now_s() if at_s is None else at_s - self._clock_zero
        start = max(start, self.now_s() - GLIDE_S)
        self.shown.move_workers(np.asarray(rows, np.int32), lon, lat, start)
        self._arm_motion()

    def set_worker_marks(self, rows: NDArray[np.int32], state: NDArray[np.uint8]) -> None:
        """Change how the dots of some rows look, see WorkerMark; painted with the next moving dots."""
        self.shown.workers.mark(np.asarray(rows, np.int32), np.asarray(state, np.uint8))
        self._dots_touched = True
        self._arm_motion()

    def set_cameras(self, cameras: Cameras) -> None:
        """Show these cameras, all of them."""
        self.shown.show_cameras(cameras)
        self.update()

    def set_candidates(self, rows: Sequence[int] | NDArray[np.int32]) -> None:
        """Number the dots of these workers 1..9 in this order; none when empty."""
        self.shown.candidates = np.asarray(rows, np.int32)[:9]
        self.shown.light_workers()
        self.update()

    def set_followed(self, numbers: Sequence[str]) -> None:
        """Draw the trails of these workers, selected or not."""
        if tuple(numbers) != self.shown.followed:
            self.shown.followed = tuple(numbers)
            self.update()

    def select(self, kind: str, id_: str | None) -> None:
        """Mark a thing as selected; None marks nothing. The view does not move."""
        selected = Found(kind, id_) if id_ else None
        if selected != self.shown.selected:
            self.shown.selected = selected
            self.shown.light_workers()
            self.update()

    def set_language(self, language: str) -> None:
        """Chinese (zh) or English (en) for what the map itself says."""
        self.shown.language = language
        self.furniture.set_language(language)
        self.update()

    def set_theme(self, theme: Palette | MapTokens) -> None:
        """Draw in the colours of a theme."""
        self.shown.colours = map_colours(theme)
        self.shown.statics += 1
        self.shown.marks += 1
        self.furniture.set_colours(self.shown.colours)
        self.update()

    def set_basemap(self, pictures: GroundPictures | None) -> None:
        """Lay these pictures on the ground, or none."""
        self.shown.basemap = pictures
        self.basemap_changed()

    def basemap_changed(self) -> None:
        """Paint again what lies on the ground: pictures came, or are shown otherwise."""
        self.shown.statics += 1
        self.update()

    def set_attribution(self, text: str) -> None:
        """The source of the data, bottom right; empty where none has to be named."""
        self.furniture.set_attribution(text)

    def set_layer_visible(self, name: str, visible: bool) -> None:
        """Show or hide a layer named in `shown.LAYERS`; KeyError for another name."""
        if name not in self.shown.layer_visible:
            raise KeyError(name)
        self.shown.layer_visible[name] = visible
        self.furniture.layers.tell(name, visible)
        self.shown.marks += 1
        self.update()

    def set_raised(self, asked: bool | None) -> None:
        """Raise grids by load always (True), never (False), or when the view is wide (None)."""
        self.shown.raise_asked = asked
        self.shown.marks += 1
        self.update()
