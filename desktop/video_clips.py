"""The clips of this desk: listed, on record before they are played in a tile, copied elsewhere. Main thread only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.clip_files import KeptClip, copy_clip, find_clips
from desktop.indicators.csv_file import require_writable
from desktop.named_list import NamedList
from desktop.paper.on_record import put_on_record
from desktop.phrases import countdown, dated_text, refusal_sentence
from desktop.seat import Seat
from desktop.video_clip_view import ClipView
from governance.camera_rights import Watching
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel


class ClipList(NamedList):
    """What this desk recorded, that of the selected incident first; none of it is kept or forgotten here."""

    about = "clips"
    keeps = False

    def __init__(self, seat: Seat, panel: QWidget, folder: Path, play: Callable[[KeptClip], None]) -> None:
        """Hidden; the folder is read when the list comes."""
        super().__init__(seat, panel)
        self._folder, self._play = folder, play
        self.clips: dict[str, KeptClip] = {}

    def begin(self, text: str = "") -> None:
        """Come, with what lies in the folder now."""
        chosen = self._seat.selection.incident
        found = sorted(find_clips(self._folder), key=lambda clip: clip.incident is None or clip.incident != chosen)
        self.clips = {}
        for clip in found:
            name = self._name(clip)
            self.clips[name if name not in self.clips else f"{name}  {clip.path.stem}"] = clip
        super().begin(text)

    def entries(self) -> Sequence[tuple[str, str]]:
        """None that an officer could forget: clips are evidence."""
        return ()

    def offers(self) -> Sequence[tuple[str, str]]:
        """When and where each was recorded, how long it is, of which incident."""
        return [(name, self._note(clip)) for name, clip in self.clips.items()]

    def go(self, name: str) -> bool:
        """Play one of them; False where there is none of the name."""
        clip = self.clips.get(name)
        if clip is not None:
            self.leave()  # first: a reason may be asked for, and that has the keys then
            self._play(clip)
        return clip is not None

    @staticmethod
    def _name(clip: KeptClip) -> str:
        return f"{dated_text(clip.begins_at)[5:]}  {clip.camera_name}" if clip.begins_at is not None else clip.camera_name

    def _note(self, clip: KeptClip) -> str:
        words, cases = self._seat.words, self._seat.situation.cases
        if not clip.is_there:
            return words("clips.missing.note")
        case = cases.get(clip.incident) if clip.incident is not None else None
        number = [case.incident.number] if case is not None else []
        is_chosen = clip.incident is not None and clip.incident == self._seat.selection.incident
        parts = [countdown(clip.seconds) if clip.seconds else "", *([words("clips.of_this")] if is_chosen else number)]
        return words("sep").join(part for part in parts if part)


class VideoClips(QObject):
    """Lists, plays and copies clips on one panel of tiles."""

    _copied = Signal(str, str)
    """Where to, and why not where that could not be."""

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """Nothing is played."""
        super().__init__(panel)
        self._seat, self._panel = seat, panel
        self._copying: threading.Thread | None = None
        self._copy_asked: KeptClip | None = None
        """Of what a copy waits for its record."""
        self.folder = seat.folder.home / "clips"
        self.view = ClipView(seat, panel)
        self.list = ClipList(seat, panel, self.folder, self.play)
        self.view.copy_wanted.connect(self.copy)
        self.view.left.connect(panel.hand.settle)
        self._copied.connect(self._told_copied)

    def play(self, clip: KeptClip) -> None:
        """Play a clip in the chosen tile once it is on record, or say why not."""
        words, camera = self._seat.words, self._seat.situation.cameras.get(clip.camera)
        if not clip.path.exists():
            self._panel.say(words("clips.missing"))
        elif camera is None:
            self._panel.say(words("clips.no_camera"))
        else:
            is_own = clip.staff == self._seat.officer.staff
            viewing = self._panel.viewing
            viewing.put(camera, Watching.PLAYBACK, lambda no: self._on_record(clip, no), clip.number, is_own)

    def copy(self) -> None:
        """Ask where a copy of the clip that is played is to go; nothing waits meanwhile."""
        words, clip = self._seat.words, self.view.clip
        if clip is None:
            self._panel.say(words("clips.none_open"))
            return
        start = str(Path.home() / clip.path.name)
        dialog = QFileDialog(self._panel, words("clips.copy.title"), start, "MP4 (*.mp4 *.mkv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(clip.path.suffix.removeprefix("."))
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.fileSelected.connect(lambda chosen: self.copy_to(clip, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy_to(self, clip: KeptClip, to: Path) -> None:
        """A copy goes there: first whether that can be written, then the record at the server, then the file."""
        try:
            require_writable(to)
        except Refused as no:
            self._panel.say(refusal_sentence(self._seat.words, no))
            return
        self._copy_asked = clip
        told = {"camera": clip.camera, "name": clip.camera_name, "clip": str(clip.number or ""), "to": str(to)}
        put_on_record(self._seat, "clip", 1, (), told, lambda number, no: self._copy(clip, to, number, no))

    @property
    def is_waiting(self) -> bool:
        """Whether a copy waits for its record."""
        return self._copy_asked is not None

    def give_up(self) -> None:
        """No copy is made that is not on record yet."""
        self._copy_asked = None

    def put_away(self) -> None:
        """Nothing is played any more; a copy that is being made is waited for a little."""
        self.view.close_clip()
        if self.list.isVisible():
            self.list.leave()
        if self._copying is not None:
            self._copying.join(2.0)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.view.retell()
        self.list.retell()

    def _on_record(self, clip: KeptClip, no: Refused | None) -> None:
        """It may be shown, or not; meanwhile the camera may be gone, or the tiles hidden."""
        camera = self._seat.situation.cameras.get(clip.camera)
        if no is not None:
            self._panel.say(refusal_sentence(self._seat.words, no))
        elif camera is not None and self._panel.isVisible():
            self._panel.hand.let_go()
            self.view.open(clip, camera)
            self._panel.hand.settle()

    def _copy(self, clip: KeptClip, to: Path, number: UUID | None, no: Refused | None) -> None:
        """It may leave, or not, or was given up. A large file takes its time beside the main thread."""
        if self._copy_asked is not clip:
            return
        self._copy_asked = None
        if no is not None or number is None:
            self._panel.say(refusal_sentence(self._seat.words, no or Refused("not_on_record")))
            return

        def work() -> None:
            try:
                copy_clip(clip, to)
            except OSError as problem:
                self._copied.emit(str(to), problem.strerror or type(problem).__name__)
            else:
                self._copied.emit(str(to), "")

        self._panel.say(self._seat.words("clips.copying"))
        self._copying = threading.Thread(target=work, name="clip copy", daemon=True)
        self._copying.start()

    def _told_copied(self, to: str, why: str) -> None:
        words = self._seat.words
        self._panel.say(words("clips.not_copied", file=to, reason=why) if why else words("clips.copied", file=to))
