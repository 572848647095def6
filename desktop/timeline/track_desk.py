"""Tracks in the replay: asked for with a reason, read, shown and taken away. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.map.tracks import Track
from desktop.seat import Seat
from desktop.timeline.on_map import PastOnMap
from desktop.timeline.reading import TrackReading
from desktop.timeline.strip import TimelineStrip
from desktop.timeline.told import period_text, track_told
from desktop.timeline.track_form import TrackForm
from governance.people import Worker

MOST = 6
"""Tracks shown at once: so many colours are told apart."""
MOST_NAMED = 2


class TrackDesk(QObject):
    """The form and what came of it."""

    left = Signal()
    """The form was closed: the keys go back."""

    def __init__(self, seat: Seat, panel: Any, strip: TimelineStrip, on_map: PastOnMap, go_to: Callable[[Track], None]) -> None:
        """No track; `go_to` goes to one that is shown."""
        super().__init__(panel)
        self._seat, self._strip, self._on_map, self._go_to = seat, strip, on_map, go_to
        self.form = TrackForm(seat, panel)
        self.reading = TrackReading(seat, self)
        self.form.wanted.connect(self._ask)
        self.form.left.connect(self._stop)
        strip.tracks_dropped.connect(self.drop)
        self.reading.came.connect(self._came)
        self.reading.failed.connect(self.form.refuse)
        self.reading.progress.connect(self._tell_progress)

    def begin(self, who: str = "", reason: str = "") -> None:
        """Ask whose track, with the selected worker offered."""
        seat, past = self._seat, self._on_map.past
        chosen = seat.selection.worker
        person = seat.situation.workers.person(chosen) if chosen is not None and not who else None
        said = period_text(past.since, past.until) if past is not None else ""
        self.form.begin(who or (f"#{person.number}" if person is not None else ""), reason, said)

    def end(self) -> None:
        """The present is shown: no track, no form."""
        self.reading.stop()
        self.form.hide()
        self.drop()

    def drop(self) -> None:
        """Show no track any more."""
        self._on_map.drop_tracks()
        self.tell()

    def tell(self) -> None:
        """Name the tracks that are shown."""
        words, shown = self._seat.words, self._on_map.tracks
        named = [words("past.track.shown", name=track.name, count=f"{len(track):,}") for track in shown]
        if len(named) > MOST_NAMED:
            named = [words("past.track.shown.many", count=len(named))]
        self._strip.scale.show_reaches(tuple((float(track.at_s[0]), float(track.at_s[-1])) for track in shown))
        whole = "\n".join(track_told(words, track) for track in shown)
        self._strip.tell_tracks(f"{words('list').join(named)}  ×" if named else "", whole)

    def _ask(self, worker: Worker, reason: str) -> None:
        past, words = self._on_map.past, self._seat.words
        if past is None:
            self.form.refuse(words("past.track.first"))
        elif len(self._on_map.tracks) >= MOST and str(worker.number) not in [each.id for each in self._on_map.tracks]:
            self.form.refuse(words("past.track.most", count=MOST))
        else:
            self.reading.read(worker, past.since, past.until, reason)

    def _came(self, track: Track) -> None:
        if not len(track):
            self.form.refuse(self._seat.words("past.track.none", name=track.name))
            return
        self._on_map.show_track(track)
        self.form.leave()
        self.tell()
        self._go_to(track)

    def _stop(self) -> None:
        self.reading.stop()
        self.left.emit()

    def _tell_progress(self, done: int, total: int) -> None:
        self.form.say(self._seat.words("past.track.progress", done=f"{done:,}", total=f"{total:,}"), "dim")
