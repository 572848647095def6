"""Looking back at what the desk has open: on record when it begins, live again by one key. Main thread only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.phrases import refusal_sentence
from desktop.seat import Seat
from desktop.video_wall.board_past import STEP_S
from governance.camera_rights import Watching
from governance.refusal import Refused

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel


class VideoPast:
    """What of the chosen tile is shown that was, and not is."""

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """Everything is live."""
        self._seat, self._panel, self._board = seat, panel, panel.board

    @property
    def is_shown(self) -> bool:
        """Whether the chosen tile shows what was: its last minutes, or a clip."""
        return self._board.past.of(self._board.camera) is not None or self._panel.clips.view.covers_chosen

    def look_back(self, farther: bool = True) -> None:
        """Play the chosen camera from half a minute farther back; or show it live again."""
        if self._panel.clips.view.covers_chosen:
            self._panel.clips.view.close_clip()
        board = self._board
        camera = self._seat.situation.cameras.get(board.camera)
        if not farther:
            board.to_live()
        elif camera is None or board.past.of(camera.id) is not None or not board.can_look_back():
            self._step_back()
        else:
            self._panel.viewing.put(camera, Watching.LOOK_BACK, lambda no: self._on_record(camera.id, no))

    def _on_record(self, camera: str, no: Refused | None) -> None:
        """It may be shown, or not; meanwhile another tile may be chosen."""
        if no is not None:
            self._panel.say(refusal_sentence(self._seat.words, no))
        elif camera == self._board.camera and self._board.isVisible():
            self._step_back()

    def _step_back(self) -> None:
        if not self._board.look_back(STEP_S):
            self._panel.say(self._seat.words("video.no_past" if self._board.camera else "video.no_tile"))
        self._panel.hand.settle()
