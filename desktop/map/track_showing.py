"""Tracks on either canvas: made ready for drawing, the long ones on another thread, then shown and played. Main thread only."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

import numpy as np

from desktop.map.scene import Geometry
from desktop.map.showing import Showing
from desktop.map.shown import Shown
from desktop.map.tracks import Colouring, Track, Way
from gis_data.town.plane import Plane

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer

LONG = 8_000
"""Fixes of one track that hold the window for about a frame; with more it is made elsewhere."""

LOOK_AGAIN_MS = 30


class TrackShowing(Showing):
    """The part of a canvas that shows tracks."""

    shown: Shown
    _tracks: tuple[Track, ...]
    _looking: QTimer

    def _begin_tracks(self) -> None:
        """Call once from the widget's constructor."""
        self._tracks = ()
        self._ways: dict[Track, Way] = {}
        self._making: set[Track] = set()
        self._made: SimpleQueue[tuple[Geometry, Track, Way]] = SimpleQueue()
        self._track_period = (-np.inf, np.inf)
        self._track_colouring = Colouring.TIME

    def show_tracks(
        self,
        tracks: Sequence[Track],
        until: float | None = None,
        since: float | None = None,
        colouring: Colouring | None = None,
    ) -> None:
        """Show these tracks and no others, each fix from `since` to `until` (seconds UTC; None: from the first, to the last).

        With `until` a mark stands where each of them was at that moment. Cheap to call again with the same Track objects
        and another moment, as when playing: nothing is uploaded. Colours tell the time unless told otherwise; of several
        tracks, whose each is. A track of more than LONG fixes is made ready on another thread and shown when it is; see
        `are_tracks_ready`. A fix that is pointed at or clicked is found as ("fix", "ID#ROW"); `track_fix` tells of it.
        """
        self._tracks = tuple(tracks)
        self._track_period = (-np.inf if since is None else float(since), np.inf if until is None else float(until))
        self._track_colouring = colouring if colouring is not None else (Colouring.TIME if len(tracks) <= 1 else Colouring.OWN)
        self._make_tracks()
        self._show_ready()

    @property
    def are_tracks_ready(self) -> bool:
        """Whether all tracks asked for are on the map."""
        return all(track in self._ways for track in self._tracks)

    def track_fix(self, id_: str) -> tuple[Track, int] | None:
        """The track and the row in it behind the id of a fix; None where it is shown no more."""
        found = self.shown.tracks.fix(id_)
        return (found[0].track, found[1]) if found is not None else None

    def hand_tracks_to(self, other: TrackShowing) -> None:
        """Let another canvas show what this one shows."""
        since, until = self._track_period
        other._track_period, other._track_colouring = (since, until), self._track_colouring
        other._tracks = self._tracks
        other._make_tracks()
        other._show_ready()

    def set_geometry(self, geometry: Geometry) -> None:
        """Show another town, all of it in view; tracks are made ready for it anew."""
        self._ways, self._making = {}, set()
        self.shown.tracks.show((), self._track_colouring, *self._track_period)
        super().set_geometry(geometry)
        self._make_tracks()
        self._show_ready()

    def _make_tracks(self) -> None:
        """Make ready what is not yet: short tracks at once, long ones one after the other on a thread."""
        self._ways = {track: way for track, way in self._ways.items() if track in self._tracks}
        geometry = self.shown.geometry
        if geometry is None:
            return
        wanted = [track for track in self._tracks if track not in self._ways and track not in self._making]
        long = [track for track in wanted if len(track) > LONG]
        for track in wanted:
            if len(track) <= LONG:
                self._ways[track] = Way.of(track, geometry.plane, geometry.grid_raster)
        if long:
            self._making.update(long)
            threading.Thread(target=_make, args=(long, geometry, self._made), name="tracks", daemon=True).start()
            self._looking.start(LOOK_AGAIN_MS)

    def _look_for_made(self) -> None:
        """Take what the thread has made; come back while it still makes."""
        while True:
            try:
                geometry, track, way = self._made.get_nowait()
            except Empty:
                break
            if geometry is self.shown.geometry:
                self._making.discard(track)
                self._ways[track] = way
        if self._making:
            self._looking.start(LOOK_AGAIN_MS)
        self._make_tracks()
        self._show_ready()

    def _show_ready(self) -> None:
        ways = [self._ways[track] for track in self._tracks if track in self._ways]
        self.shown.tracks.show(ways, self._track_colouring, *self._track_period)
        self.update()


def _make(tracks: Sequence[Track], geometry: Geometry, made: SimpleQueue[tuple[Geometry, Track, Way]]) -> None:
    """On a thread of its own, with a plane of its own."""
    plane = Plane(geometry.plane.origin)
    for track in tracks:
        made.put((geometry, track, Way.of(track, plane, geometry.grid_raster)))
