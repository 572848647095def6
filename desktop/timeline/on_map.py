"""The past on the map instead of the present: pins, load, cameras and tracks of one moment. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np

from desktop.dispatch.case_view import state_text
from desktop.map.tracks import Track
from desktop.map_marks import cameras_of
from desktop.past_shown import Counts
from desktop.phrases import title_of
from desktop.seat import Seat
from desktop.situation.cameras import Cameras
from desktop.situation.situation import Situation
from desktop.timeline.past import Past
from governance.camera import Camera
from governance.incident import Case

if TYPE_CHECKING:
    from desktop.map_panel import MapPanel

LOAD_EVERY_S = 0.4
"""While it plays the grids are coloured anew two or three times a second at most."""


class PastOnMap:
    """Takes the canvas of a map panel for the past until `end`; the situation goes on underneath."""

    def __init__(self, seat: Seat, panel: MapPanel) -> None:
        """The present is shown."""
        self._seat, self._panel = seat, panel
        self.past: Past | None = None
        self.tracks: list[Track] = []
        self.looked_at: UUID | None = None
        self._coloured_s, self._moment_s = float("-inf"), 0.0

    @property
    def is_shown(self) -> bool:
        """Whether the map shows the past."""
        return self.past is not None

    def begin(self, past: Past) -> None:
        """Show this period, as it began."""
        self.past, self._moment_s = past, past.since_s
        self._panel.show_past(self)
        self.show_anew()

    def end(self) -> None:
        """Show the present again, whatever became of it meanwhile."""
        if self.past is None:
            return
        self.past, self.looked_at = None, None
        self.drop_tracks()
        self._panel.show_past(None)

    def show(self, moment_s: float, now_s: float, *, whole: bool = False) -> None:
        """Show a moment of the period; `now_s` is any steady clock. `whole`: also what did not change."""
        past = self.past
        if past is None:
            return
        self._moment_s = moment_s
        pins, cameras = past.move_to(moment_s)
        canvas = self._panel.canvas
        if pins or whole:
            canvas.set_pins(past.pins())
        if (pins and now_s - self._coloured_s >= LOAD_EVERY_S) or whole:
            self._coloured_s = now_s
            self._panel.figures.show_now()
        if cameras or whole:
            self._show_cameras()
        if self.tracks:
            canvas.show_tracks(self.tracks, until=moment_s)

    def load_of(self, codes: Sequence[str]) -> tuple[Counts, Counts]:
        """Open and overdue incidents of grids, int32[len(codes)] each."""
        counted = self.past.load() if self.past is not None else ({}, {})
        found = [np.fromiter((counts.get(code, 0) for code in codes), np.int32, len(codes)) for counts in counted]
        return found[0], found[1]

    def moment(self) -> datetime:
        """The moment that is shown, aware."""
        return datetime.fromtimestamp(self._moment_s, UTC)

    def seat(self) -> Seat:
        """The seat as it would have been then: what was open, how the cameras stood; of nobody's place anything is known."""
        then, now = Situation(), self._seat.situation
        then.at, then.rules, then.town, then.units = self.moment(), now.rules, now.town, now.units
        then.cases = {case.incident.id: case for case in map(self._guarded, self.past.open_cases())} if self.past else {}
        then.cameras = Cameras(self._cameras())
        return replace(self._seat, situation=then, then=self.moment())

    def case(self, incident: UUID) -> Case | None:
        """One incident as it stood; None where it was not there."""
        found = self.past.case(incident) if self.past is not None else None
        return self._guarded(found) if found is not None else None

    def show_track(self, track: Track) -> None:
        """Show a track too; one of the same worker that was there goes."""
        self.tracks = [each for each in self.tracks if each.id != track.id] + [track]
        self._panel.canvas.show_tracks(self.tracks, until=self._moment_s)

    def drop_tracks(self) -> None:
        """Show no track any more."""
        self.tracks = []
        self._panel.canvas.show_tracks(())

    def tip(self, kind: str, name: str) -> str:
        """What a tooltip says of a thing as it was; empty where there is nothing to say."""
        past, words = self.past, self._seat.words
        if past is None:
            return ""
        if kind == "incident":
            case = past.case(UUID(name))
            if case is None:
                return ""
            incident = case.incident
            first = f"{incident.number.rpartition('-')[2]}  {title_of(words, self._seat.situation.rules, case)}"
            more = f"\n{words('past.cut.here')}" if past.is_cut_at(past.newest_of(incident.id)) else ""
            return f"{first}\n{self._seat.place_line(incident.grid, incident.place_text)}\n{state_text(words, case)}{more}"
        if kind == "camera":
            camera, state = self._seat.situation.cameras.get(name), past.camera_states().get(name)
            return (
                words("sep").join((camera.name, words(f"camera.{state}"))) if camera is not None and state is not None else ""
            )
        if kind == "grid":
            open_count, overdue = (sum(n for code, n in each.items() if code.startswith(name)) for each in past.load())
            return words("sep").join((self._seat.place_line(name, ""), words("map.tip.load", open=open_count, overdue=overdue)))
        return ""

    def show_anew(self) -> None:
        """Everything, also on another canvas or over another town."""
        assert self.past is not None
        canvas = self._panel.canvas
        none = np.zeros(0)
        canvas.set_workers([], none, none)
        canvas.set_candidates(())
        self.show(self._moment_s, self._coloured_s, whole=True)

    def _show_cameras(self) -> None:
        assert self.past is not None
        self._panel.canvas.set_cameras(cameras_of(self._cameras()))

    def _cameras(self) -> list[Camera]:
        """The cameras of today as they stood."""
        states = self.past.camera_states() if self.past is not None else {}
        return [replace(each, state=states.get(each.id, each.state)) for each in self._seat.situation.cameras.all()]

    def _guarded(self, case: Case) -> Case:
        """A case as it stood, but as confidential as anything later says: today's rule holds for what leaves the desk."""
        assert self.past is not None
        known, incident = self._seat.situation.cases.get(case.incident.id), case.incident
        later = known.incident.confidentiality if known is not None else 0
        grade = max(later, self.past.grade_of(incident.id), incident.confidentiality)
        return replace(case, incident=replace(incident, confidentiality=grade))
