"""What an officer takes out of a tile: a picture into a report, a clip into a file. Main thread only."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.clip_files import KeptClip, keep_note
from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.seen_by_camera import SeenByCamera, SeenMark, place_seen
from desktop.paper.on_record import put_on_record
from desktop.phrases import dated_text, refusal_sentence
from desktop.video_wall.players import Feed, Picture
from desktop.video_wall.snapshot import Marks, snapshot
from governance.camera import Camera
from governance.camera_rights import Watching
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.duty_window import DutyWindow
    from desktop.video_wall.players.clip import Recording

PAST_S = 30.0
"""So much of what was before goes into a clip: what made the officer press the key is in it."""
LOOK_MS = 500
UNFIT = re.compile(r"[^\w\-]+")


class VideoEvidence(QObject):
    """Takes pictures and clips of the chosen tile of a window."""

    changed = Signal()
    """A recording began or ended."""

    def __init__(self, window: DutyWindow) -> None:
        """Nothing is recorded."""
        super().__init__(window)
        self._window, self._seat = window, window.seat
        self.recordings: dict[str, Recording] = {}
        """Camera -> the clip that is being recorded of it."""
        self._notes: dict[Recording, KeptClip] = {}
        """What is written down beside each when it ends."""
        self._asked: set[str] = set()
        """Cameras whose clip is being put on record."""
        self._given_up = 0
        """Rises when the officer takes back what he asked for."""
        self._is_over = False
        self._looking = QTimer(self)
        self._looking.setInterval(LOOK_MS)
        self._looking.timeout.connect(self._look)

    # ---- a picture -----------------------------------------------------------------------------------------------

    def report(self) -> None:
        """Open a report with the picture of the chosen tile, on record first: for the selected incident, or a new one."""
        video, camera, feed = self._window.video, self._camera(), self._feed()
        if video is None or camera is None or feed is None:
            self._say("video.no_tile")
            return
        picture = feed.still() or feed.picture()
        if picture is None:
            self._say("video.no_picture")
            return
        taken = feed.watch().captured_at or picture.at
        at = self._seat.now() - timedelta(seconds=max(0.0, time.monotonic() - taken))
        if video.clips.view.covers_chosen:
            at = video.clips.view.moment or at
        seen = self._seen(camera, picture, at)
        video.viewing.put(camera, Watching.SNAPSHOT, lambda no: self._taken(seen, no))

    def _taken(self, seen: SeenByCamera, no: Refused | None) -> None:
        """It may be taken, or not."""
        if no is not None:
            self._window.banner.say(refusal_sentence(self._seat.words, no))
            return
        if self._window.act("new") is not None:
            return
        form = self._window.card.open_form
        if isinstance(form, ReportForm):
            chosen = self._seat.selection.incident
            form.show_seen(seen, chosen if chosen in self._seat.situation.cases else None)

    def _seen(self, camera: Camera, picture: Picture, at: datetime) -> SeenByCamera:
        assert self._window.video is not None
        marks = self._marks(camera, at)
        place, accuracy_m = place_seen(camera, self._window.video.board.across, self._seat.wall_at)
        return SeenByCamera(SeenMark(camera.id, camera.name, at, accuracy_m), place, snapshot(picture.image, marks).data)

    def _marks(self, camera: Camera, at: datetime) -> Marks:
        officer, words = self._seat.officer, self._seat.words
        return Marks(officer.name, words(f"role.{officer.role}"), camera.name, camera.id, at.astimezone())

    # ---- a clip --------------------------------------------------------------------------------------------------

    def record(self) -> None:
        """Begin a clip of the chosen tile, the last half minute included; or end the one that runs."""
        if self._window.video is not None and self._window.video.clips.view.covers_chosen:
            self._say("clips.is_played")
            return
        camera, feed = self._camera(), self._feed(live=True)
        if camera is not None and camera.id in self.recordings:
            self.recordings[camera.id].stop()
            return
        if camera is None or feed is None or not hasattr(feed, "record"):
            self._say("video.no_tile" if camera is None or feed is None else "clip.not_here")
            return
        if camera.id in self._asked:
            return
        self._asked.add(camera.id)
        told = {"camera": camera.id, "name": camera.name, "from": dated_text(self._seat.now())}
        given_up = self._given_up
        put_on_record(
            self._seat, "clip", 1, (), told,
            lambda number, no: self._recorded(camera, number, no) if given_up == self._given_up else None,
        )  # fmt: skip

    @property
    def is_waiting(self) -> bool:
        """Whether a clip is asked for and not on record yet."""
        return bool(self._asked)

    def give_up(self) -> None:
        """No clip begins that was asked for and is not on record yet; those that run go on."""
        self._given_up += 1
        self._asked.clear()

    def stop_all(self) -> None:
        """End every clip and wait for its file: before the desk closes, or the officer leaves it."""
        self._is_over = True
        self._looking.stop()
        for recording in self.recordings.values():
            recording.stop()
        for recording in self.recordings.values():
            recording.join(2.0)
            self._note(recording)
        self.recordings.clear()

    def begin_again(self) -> None:
        """The officer is back at the desk."""
        self._is_over = False

    def _recorded(self, camera: Camera, number: UUID | None, refused: Refused | None) -> None:
        """It is on record, or may not leave; meanwhile the officer may have left, or the tile shows another camera."""
        self._asked.discard(camera.id)
        if self._is_over or self._window.video is None:
            return
        feed: Any = self._window.video.board.feed_of(camera.id)
        if refused is not None or number is None:
            self._window.banner.say(refusal_sentence(self._seat.words, refused or Refused("not_on_record")))
            return
        if feed is None:
            self._say("clip.gone")
            return
        path = self._path(camera, self._seat.now(), number)
        officer = self._seat.officer
        marks = {"title": f"{camera.name} {camera.id}", "artist": f"{officer.name} {officer.post}", "comment": str(number)}
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            recording = feed.record(path, PAST_S, marks)
        except OSError as problem:
            self._window.banner.say(self._seat.words("clip.no_folder", folder=path.parent, reason=problem.strerror or ""))
            return
        if recording is None:
            self._say("clip.not_here")
            return
        incident = self._window.video.viewing.incident(camera)
        self.recordings[camera.id] = recording
        self._notes[recording] = KeptClip(path, camera.id, camera.name, number=number, incident=incident, staff=officer.staff)
        self._looking.start()
        self._tell()

    def _look(self) -> None:
        """Twice a second while something is recorded: how it stands, and what has ended."""
        for camera, recording in list(self.recordings.items()):
            if recording.state.end is not None and not recording.is_running:
                del self.recordings[camera]
                self._ended(recording)
        if not self.recordings:
            self._looking.stop()
        self._tell()

    def _ended(self, recording: Recording) -> None:
        words, state = self._seat.words, recording.state
        assert state.end is not None
        self._note(recording)
        said = [words(f"clip.{state.end}")]
        if state.files:
            first = state.files[0]
            seconds = round(sum(each.seconds for each in state.files))
            said.append(
                words("clip.file", path=first.path, seconds=seconds, more=len(state.files) - 1, sha256=first.sha256[:16])
            )
        if state.gap_s >= 1.0:
            said.append(words("clip.gap", seconds=round(state.gap_s)))
        if state.reason:
            said.append(state.reason)
        self._window.banner.say(" ".join(said))

    def _note(self, recording: Recording) -> None:
        """Write down beside each file what it is, its beginning by the server's time; without a note it is only a file."""
        note, ahead = self._notes.pop(recording, None), self._seat.now() - datetime.now(UTC)
        if note is None:
            return
        for file in recording.state.files:
            told = replace(note, path=file.path, begins_at=file.begins_at + ahead, seconds=file.seconds, sha256=file.sha256)
            try:
                keep_note(told)
            except OSError as problem:
                reason = problem.strerror or ""
                self._window.banner.say(self._seat.words("clip.no_folder", folder=file.path.parent, reason=reason))

    def _tell(self) -> None:
        if self._window.video is not None:
            seconds = {camera: recording.state.seconds for camera, recording in self.recordings.items()}
            self._window.video.show_recording(seconds)
        self.changed.emit()

    def _path(self, camera: Camera, now: datetime, number: UUID) -> Path:
        """A name of its own for each: the number of its record is in it."""
        name, at = UNFIT.sub("_", camera.name)[:40], now.astimezone()
        return self._seat.folder.home / "clips" / f"{at:%Y%m%d-%H%M%S}-{name}-{camera.id[-6:]}-{str(number)[-8:]}.mp4"

    # ---- within --------------------------------------------------------------------------------------------------

    def _camera(self) -> Camera | None:
        video = self._window.video
        if video is None or not video.isVisible():
            return None
        clip = video.clips.view
        return clip.camera if clip.covers_chosen else self._seat.situation.cameras.get(video.board.camera)

    def _feed(self, *, live: bool = False) -> Feed | None:
        video = self._window.video
        if video is None:
            return None
        if video.clips.view.covers_chosen:
            return video.clips.view.feed
        return video.board.feed if live else video.board.shown_feed

    def _say(self, key: str) -> None:
        if self._window.video is not None:
            self._window.video.say(self._seat.words(key))
