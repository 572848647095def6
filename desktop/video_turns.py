"""Turns (轮巡) on the tiles of the desk: begun, paused, turned, made slower or quicker, ended. Main thread only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.seat import Seat
from desktop.video_strip import SaidLine
from desktop.video_wall.turns import USUAL_S, Turns

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel

STEP_S = 5.0
SIGNS = {"quicker": "－", "pause": "❚❚", "slower": "＋", "stop": "■"}
ON = "▶"


class VideoTurns(QObject):
    """Which list takes turns, and its buttons, in a row that is hidden while none does."""

    told = Signal()
    """What is said of it is another now."""

    def __init__(self, seat: Seat, panel: VideoPanel, clock: Callable[[], float]) -> None:
        """None does."""
        super().__init__(panel)
        self._seat, self._panel, self._clock = seat, panel, clock
        self.turns: Turns | None = None
        self._name, self.dwell_s = "", USUAL_S
        self.bar, self.line = QWidget(panel), SaidLine()
        self.buttons = {name: QPushButton(sign) for name, sign in SIGNS.items()}
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(8, 0, 8, 2)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        self.buttons["quicker"].clicked.connect(lambda: self.dwell(-STEP_S))
        self.buttons["slower"].clicked.connect(lambda: self.dwell(STEP_S))
        self.buttons["pause"].clicked.connect(self.pause)
        self.buttons["stop"].clicked.connect(self.stop)
        for button in self.buttons.values():
            button.setProperty("look", "small")
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            row.addWidget(button)
        self.bar.hide()

    @property
    def room(self) -> int:
        """How many cameras a page shows: every tile that is not locked."""
        tiles = self._panel.board.tiles
        return sum(not tiles.slots[at].is_locked for at in tiles.seen())

    def begin(self, name: str, cameras: tuple[str, ...], dwell_s: float) -> None:
        """Let these take turns in every tile that is not locked."""
        known = tuple(camera for camera in cameras if self._seat.situation.cameras.get(camera) is not None)
        if not known or not self.room:
            self._panel.say(self._seat.words("turns.none" if self.room else "video.all_locked"))
            return
        if self.turns is None:
            self._panel.keep_what_is_shown()
        self.turns = Turns(known, since_s=self._clock()).dwelling(dwell_s)
        self._name, self.dwell_s = name, self.turns.dwell_s
        self._show_page()
        self._seat.ask_reason()

    def pause(self) -> None:
        """Stand still, or go on."""
        if self.turns is not None:
            self.turns = self.turns.paused(self._clock())
            self._tell()

    def stop(self) -> None:
        """No turns any more; what is shown stays."""
        if self.turns is not None:
            self.turns = None
            self._panel.board.open_ahead(())
            self._tell()

    def turn_page(self, pages: int) -> None:
        """The page after, or the one before."""
        if self.turns is not None and self.room:
            self.turns = self.turns.turned(pages * self.room, self._clock())
            self._show_page()

    def dwell(self, by_s: float) -> None:
        """Each page stays longer, or shorter; of a list that is kept this is kept too."""
        if self.turns is None:
            return
        self.turns = self.turns.dwelling(self.turns.dwell_s + by_s)
        self.dwell_s = self.turns.dwell_s
        if self._name in self._panel.kept.turns:
            self._panel.keep(self._panel.kept.with_turn(self._name, self.turns.cameras, self.dwell_s))
        self._tell()

    def pass_time(self) -> None:
        """The next page when it is its turn; before that its streams are opened."""
        if self.turns is None or not self.room:
            return
        now_s = self._clock()
        turned = self.turns.at(now_s, self.room)
        if turned is not self.turns:
            self.turns = turned
            self._show_page()
        else:
            self._panel.board.open_ahead(self.turns.coming(self.room, now_s))
            self.tell_time()

    def tell_time(self) -> None:
        """Say which list, which page of it, and how long it still stays."""
        if self.turns is None:
            return
        words, turns, room = self._seat.words, self.turns, max(1, self.room)
        pages = -(-len(turns.cameras) // room)
        key = "turns.paused" if turns.paused_s is not None else "turns.all" if pages == 1 else "turns.running"
        left, dwell = round(turns.left_s(self._clock())), round(turns.dwell_s)
        page = turns.first // room % pages + 1
        self.line.say(words(key, name=self._name, page=page, pages=pages, left=left, dwell=dwell))

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        for name, button in self.buttons.items():
            button.setToolTip(self._seat.words(f"turns.{name}"))
        self._tell()

    def _show_page(self) -> None:
        if self.turns is not None:
            self._panel.show_page(self.turns.page(self.room))
            self._tell()

    def _tell(self) -> None:
        self.bar.setVisible(self.turns is not None)
        self.tell_time()
        is_paused = self.turns is not None and self.turns.paused_s is not None
        self.buttons["pause"].setText(ON if is_paused else SIGNS["pause"])
        self.told.emit()
