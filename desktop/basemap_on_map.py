"""The basemap of one map panel: laid as it was chosen, said below the map and among its layers, chosen anew by a form."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from desktop.basemap import chosen as choices
from desktop.basemap.basemap import Basemap
from desktop.basemap.chosen import NONE, Chosen
from desktop.basemap.opening import opened
from desktop.basemap_form import BasemapForm
from desktop.basemap_told import Told, counts_told, told
from desktop.map.colours import map_colours
from desktop.seat import Seat
from gis_data.basemap.files import SUFFIXES, open_tiles
from gis_data.basemap.source import Unreadable, Wrong

if TYPE_CHECKING:
    from desktop.map.scene import Geometry
    from desktop.map_panel import MapPanel

REPLACED = ("land", "water", "roads")
TELL_PAUSE_MS = 500

log = logging.getLogger("desktop.basemap")


class _Open:
    """The basemap that is laid; it is closed with the panel or the desk, whichever goes first."""

    def __init__(self) -> None:
        self.basemap: Basemap | None = None

    def close(self) -> None:
        """End its threads."""
        basemap, self.basemap = self.basemap, None
        if basemap is not None:
            basemap.close()


class BasemapOnMap(QObject):
    """What lies on the ground of one map panel. Main thread only."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """As this workstation was left; nothing is opened before a town is shown."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self.chosen = choices.read(seat.folder)
        self.wrong: Wrong | None = None
        """Why what was chosen could not be opened."""
        self._open = _Open()
        self._geometry: Geometry | None = None
        self.form = BasemapForm(seat, panel, self)
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setInterval(TELL_PAUSE_MS)
        self._due.timeout.connect(self._tell)
        panel.setAcceptDrops(True)
        panel.installEventFilter(self)
        laid = self._open  # whoever is deleted first, this outlives it
        panel.destroyed.connect(lambda: laid.close())
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(lambda: laid.close())

    @property
    def basemap(self) -> Basemap | None:
        """What is laid now."""
        return self._open.basemap

    # ---- what is laid ----------------------------------------------------------------------------------------------

    def show_town(self, geometry: Geometry) -> None:
        """Lay it on the plane of another town, or on another canvas."""
        if geometry is not self._geometry or self.basemap is None:
            self._geometry = geometry
            self._lay()
        else:
            self._panel.canvas.set_basemap(self.basemap)
        self._tell()

    def choose(self, chosen: Chosen) -> None:
        """Show this from now on; raises Unreadable where it cannot be opened, and what was shown stays."""
        if chosen.path:
            open_tiles(Path(chosen.path), chosen.datum).close()
        had = self.chosen
        self.chosen = chosen
        choices.keep(self._seat.folder, chosen)
        self._replace(chosen.replaces and chosen != NONE, had)
        self._lay()
        self._tell()

    def dim(self, opacity: float) -> None:
        """Let more or less of what lies below it through."""
        self.chosen = replace(self.chosen, opacity=opacity)
        choices.keep(self._seat.folder, self.chosen)
        if self.basemap is not None:
            self.basemap.opacity = opacity
            self._panel.canvas.basemap_changed()

    def _replace(self, replaces: bool, had: Chosen) -> None:
        """Hide the town's own ground where the basemap takes its place; show it again where one did before."""
        if replaces or (had != NONE and had.replaces):
            for layer in REPLACED:
                self._panel.canvas.set_layer_visible(layer, not replaces)

    def _lay(self) -> None:
        self._open.close()
        canvas, geometry = self._panel.canvas, self._geometry
        canvas.set_basemap(None)
        self.wrong = None
        if geometry is None or self.chosen == NONE:
            return
        try:
            tiles = opened(self.chosen, self._seat.folder.home)
        except Unreadable as problem:
            self.wrong = problem.why
            log.warning("the basemap cannot be opened: %s", problem)
            return
        basemap = Basemap(tiles, geometry.plane, map_colours(self._seat.palette), self.chosen.opacity)
        basemap.pixel_ratio = self._panel.devicePixelRatioF()
        basemap.changed.connect(self._paint)
        basemap.told.connect(self._tell_soon)
        self._open.basemap = basemap
        if self.chosen.replaces:
            self._replace(True, NONE)
        canvas.set_basemap(basemap)

    def put_away(self) -> None:
        """End the threads behind it; what was painted stays."""
        self._open.close()

    def _tell_soon(self) -> None:
        if not self._due.isActive():
            self._due.start()

    def _paint(self) -> None:
        self._panel.canvas.basemap_changed()

    # ---- what is said of it ----------------------------------------------------------------------------------------

    def told(self) -> Told:
        """Whose it is, and what is wrong with it now."""
        basemap = self.basemap
        if basemap is None:
            words = self._seat.words
            wrong = words("basemap.wrong", why=words(f"basemap.wrong.{self.wrong}")) if self.wrong else ""
            return Told("", wrong, wrong)
        oldest = datetime.fromtimestamp(basemap.oldest_s, UTC) if basemap.oldest_s else None
        standing = basemap.standing
        return told(self._seat.words, basemap.about, standing.failing, oldest, basemap.shows_anything, self._seat.now())

    def counts(self) -> str:
        """What could not be had, in the panel of layers."""
        if self.basemap is None:
            return ""
        counts = dict(self.basemap.standing.counts)
        for why, number in self.basemap.counts.items():
            if why is not Wrong.MISSING:
                counts[why] = counts.get(why, 0) + number
        return counts_told(self._seat.words, counts)

    def _tell(self) -> None:
        self._panel.name_sources()
        said = self.told()
        lines = [line for line in (said.wrong, self.counts()) if line]
        self._panel.canvas.furniture.layers.say("\n".join(lines))
        self._panel.canvas.furniture.place()
        self.form.tell_standing()

    def retell(self) -> None:
        """Say and draw everything again, in the language and the colours of now."""
        if self.basemap is not None:
            self.basemap.set_colours(map_colours(self._seat.palette))
        self.form.retell()
        self._tell()

    # ---- choosing --------------------------------------------------------------------------------------------------

    def begin(self, typed: str = "") -> None:
        """Open the form, with something to look at; or put it away."""
        if self.form.isVisible() and not typed:
            self.form.leave()
        else:
            self.form.begin(typed)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A file of tiles dropped on the map is looked at."""
        if isinstance(event, QDragEnterEvent) and _dropped(event):
            event.acceptProposedAction()
            return True
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop and (path := _dropped(event)):
            event.acceptProposedAction()
            self.form.begin(path)
            return True
        return super().eventFilter(watched, event)


def _dropped(event: QDropEvent) -> str:
    paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return next((path for path in paths if path.lower().endswith(SUFFIXES)), "")
