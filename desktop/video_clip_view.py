"""A clip that is played in a tile, over what it shows live: it stands, goes on, is looked through. Main thread only."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.clip_files import KeptClip, is_whole
from desktop.phrases import dated_text
from desktop.seat import Seat
from desktop.video_clip_bar import ClipBar
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Feed, RecordedHold, RecordedPlay
from desktop.video_wall.stream_address import Answer, StreamAddress
from desktop.video_wall.tile import Tile
from desktop.video_wall.tile_panel import TICK_MS
from desktop.video_wall.watchdog import NO_CODEC, Failure, Sight, Watch
from desktop.video_wall.words import say_in
from governance.camera import Camera, StreamKind

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel

KEY = Qt.Key
LEAST_PX = (440, 300)
"""In a smaller tile a clip takes the whole board."""
SPEEDS = (0.5, 1.0, 2.0, 4.0)
STEP_S, FAR_S, LAST_S = 5.0, 30.0, 0.2
FOR_EVER = datetime(2099, 1, 1, tzinfo=UTC)
DOES = {
    KEY.Key_Space: "play",
    KEY.Key_Comma: "back",
    KEY.Key_Period: "on",
    KEY.Key_Minus: "slower",
    KEY.Key_Plus: "faster",
    KEY.Key_Equal: "faster",
    KEY.Key_Down: "slower",
    KEY.Key_Up: "faster",
    KEY.Key_Home: "begin",
    KEY.Key_End: "live",
    KEY.Key_Escape: "live",
    KEY.Key_C: "copy",
    KEY.Key_Return: "large",
    KEY.Key_Enter: "large",
}
ALSO = {"，": "back", "。": "on"}
"""What a Chinese keyboard gives for the same keys."""
HELD = ("back", "on", "slower", "faster")
"""What goes on as long as the key is held."""


class ClipView(QWidget):
    """Over a slot of the board, hidden while no clip is played. Wishes: `copy_wanted`; `left` when it is live again."""

    copy_wanted, left = Signal(), Signal()
    _checked = Signal(int, object)

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """Hidden."""
        super().__init__(panel.board)
        self._seat, self._board, self._give_up = seat, panel.board, panel.give_up
        self.clip: KeptClip | None = None
        self.camera: Camera | None = None
        self.at = 0
        """The slot it stands over."""
        self._is_large = False
        self._feed: RecordedHold | None = None
        self._speed = 1.0
        self._whole: bool | None = None
        self._number = 0
        """Rises with every clip and with none: what is found out about the one before is nobody's."""
        self.tile: Tile | None = None
        self.bar = ClipBar(seat)
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.refresh)
        self.bar.wanted.connect(self.do)
        self.bar.seek_wanted.connect(self.seek)
        self._checked.connect(self._found_out)
        self._board.installEventFilter(self)
        for signal in (self._board.changed, self._board.grown):
            signal.connect(self.place)
        self.hide()

    # ---- coming and going ----------------------------------------------------------------------------------------

    def open(self, clip: KeptClip, camera: Camera) -> None:
        """Play a clip in the chosen slot, from its beginning."""
        if self._seat.open_recorded is None:
            return
        self.close_clip()
        self._number += 1
        self.clip, self.camera, self.at, self._speed, self._whole = clip, camera, self._board.at, 1.0, None
        self.tile = Tile(Nearby(camera, None, False), say_in(self._seat.words.language), self._seat.palette, self)
        self.tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.tile.installEventFilter(self)
        self.tile.retry_wished.connect(lambda: self.do("begin"))
        self._column.insertWidget(0, self.tile, 1)
        self._is_large = False
        self.place()
        self.show()
        self.raise_()
        box = self.tile.picture_box()
        self._feed = self._seat.open_recorded(str(clip.path), _address_of(clip), box.width(), box.height())
        self._check(clip)
        self.refresh()
        self._timer.start()
        if not isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit):  # he may be typing by the time it comes
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_clip(self) -> bool:
        """The tile shows what it shows live again; False where it did already."""
        if self.clip is None:
            return False
        self._number += 1
        self._timer.stop()
        if self._feed is not None:
            self._feed.close()
        if self.tile is not None:
            self._column.removeWidget(self.tile)
            self.tile.deleteLater()
        self.clip = self.camera = self._feed = self.tile = None
        had_focus = self.hasFocus()
        self.hide()
        if had_focus and self._board.isVisible():
            self._board.setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()
        return True

    @property
    def covers_chosen(self) -> bool:
        """Whether the chosen slot shows a clip now."""
        return self.clip is not None and (self.at == self._board.at or self._covers_all())

    @property
    def feed(self) -> Feed | None:
        """What is played; None where nothing is."""
        return self._feed

    @property
    def moment(self) -> datetime | None:
        """When the picture was that is shown; None where nobody wrote it down."""
        play = self._play()
        return self.clip.at(play.position_s if play is not None else 0.0) if self.clip is not None else None

    # ---- what an officer does ------------------------------------------------------------------------------------

    def do(self, what: str) -> None:
        """What a key or a button asks for."""
        play = self._play()
        if what == "large" and self._feed is not None and self._feed.watch().failure is not None:
            what = "begin"  # as the tile says it
        if what == "live":
            self.close_clip()
        elif what == "copy":
            self.copy_wanted.emit()
        elif what == "large":
            self._is_large = not self._is_large
            self.place()
        elif play is None:
            return
        elif what == "begin":
            self.seek(0.0)
            play.resume()
        elif what == "play":
            self._play_or_pause(play)
        elif what in ("back", "on"):
            play.step(what == "on")
        else:
            at = SPEEDS.index(self._speed) + (1 if what == "faster" else -1)
            self._speed = SPEEDS[min(max(at, 0), len(SPEEDS) - 1)]
            play.set_speed(self._speed)
        self.refresh()

    def seek(self, at_s: float) -> None:
        """Go on so many seconds from the beginning."""
        play = self._play()
        if play is None or self._feed is None:
            return
        if self._feed.watch().failure is not None:
            play.retry()
            play.set_speed(self._speed)
        length_s = play.length_s or (self.clip.seconds if self.clip is not None else 0.0)
        play.seek(max(0.0, min(at_s, length_s - LAST_S) if length_s > LAST_S else at_s))

    def _play_or_pause(self, play: RecordedPlay) -> None:
        if self._feed is not None and self._feed.watch().failure is Failure.ENDED:
            self.seek(0.0)
            play.resume()
        elif play.is_paused:
            play.resume()
        else:
            play.pause()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a player; any other is for the window."""
        key, modifiers = KEY(event.key()), event.modifiers()
        what = DOES.get(key) or ALSO.get(event.text(), "")
        if modifiers & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        elif key in (KEY.Key_Left, KEY.Key_Right):
            play = self._play()
            step_s = FAR_S if modifiers & Qt.KeyboardModifier.ShiftModifier else STEP_S
            if play is not None:
                self.seek(play.position_s + (step_s if key == KEY.Key_Right else -step_s))
        elif key == KEY.Key_Escape and self._give_up():
            pass  # a copy that waits for its record: the next Esc goes back to live
        elif what:
            if not event.isAutoRepeat() or what in HELD:
                self.do(what)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Esc goes back to live, and is no shortcut of the window meanwhile."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == KEY.Key_Escape:
            event.accept()
            return True
        return bool(super().event(event))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose its slot; the keys are the player's."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.at in self._board.tiles.seen():
            self._board.choose(self.at)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Larger, or as it was."""
        self.do("large")
        event.accept()

    # ---- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the picture and the time of now."""
        if self.clip is None or self.tile is None or self._feed is None:
            return
        watch, play, now = self._feed.watch(), self._play(), time.monotonic()
        moment = self.moment
        self.tile.tell_moment(dated_text(moment) if moment is not None else self._seat.words("clips.no_time"))
        self.tile.show_now(self._in_words(watch), self._feed.picture(), now)
        is_standing = play is None or play.is_paused or watch.sight(now) is Sight.ENDED
        length_s = (play.length_s if play is not None else 0.0) or self.clip.seconds
        self.bar.show_time(play.position_s if play is not None else 0.0, length_s, is_standing, self._speed)
        self._tell(watch, moment)

    def retell(self) -> None:
        """Say everything again, in the language and the colours of now."""
        self.bar.retell()
        if self.tile is not None:
            self.tile.wear(say_in(self._seat.words.language), self._seat.palette)
        self.refresh()

    def place(self, *_about: object) -> None:
        """Stand where its slot lies, or over the whole board."""
        if self.clip is None:
            return
        if self.at not in self._board.tiles.seen():
            self.at = self._board.at
        box = self._board.rect() if self._covers_all() else self._board.box_of(self.at)
        self.setGeometry(box if box is not None else self._board.rect())
        if self._feed is not None and self.tile is not None:
            picture, ratio = self.tile.picture_box(), self.devicePixelRatioF()
            self._feed.resize(round(picture.width() * ratio), round(picture.height() * ratio))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The board has another size; or the pointer is on the picture."""
        if watched is self._board and event.type() == QEvent.Type.Resize:
            QTimer.singleShot(0, self, self.place)
        if watched is not self.tile or not isinstance(event, QMouseEvent):
            return False
        if event.type() == QEvent.Type.MouseButtonPress:
            self.mousePressEvent(event)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.mouseDoubleClickEvent(event)
            return True
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is played that nobody sees."""
        super().hideEvent(event)
        if not self._board.isVisible():
            self.close_clip()

    def _covers_all(self) -> bool:
        box = self._board.box_of(self.at)
        return self._is_large or box is None or box.width() < LEAST_PX[0] or box.height() < LEAST_PX[1]

    def _in_words(self, watch: Watch) -> Watch:
        """The same, with a sentence where it does not play."""
        words = self._seat.words
        if watch.failure is Failure.NO_VIDEO and watch.reason == NO_CODEC:
            return replace(watch, reason=words("clips.no_codec"))
        if watch.failure in (Failure.WRONG_ADDRESS, Failure.LOST) and self.clip is not None:
            is_gone = not self.clip.path.exists()
            return replace(watch, failure=Failure.WRONG_ADDRESS, reason=words("clips.missing" if is_gone else "clips.damaged"))
        return watch

    def _tell(self, watch: Watch, moment: datetime | None) -> None:
        words, clip = self._seat.words, self.clip
        assert clip is not None
        if self._whole is False and watch.failure is not Failure.WRONG_ADDRESS:
            self.bar.say(words("clips.changed"), "refused")
            return
        at = dated_text(moment) if moment is not None else words("clips.no_time")
        checked = words("clips.whole" if self._whole else "clips.unchecked" if not clip.sha256 else "clips.checking")
        self.bar.say(words("sep").join((at, checked, words("clips.key_line"))), "dim")

    def _check(self, clip: KeptClip) -> None:
        """Find out beside the main thread whether the file is what was recorded."""
        number = self._number

        def work() -> None:
            whole = is_whole(clip, lambda: number == self._number)
            if number == self._number:
                self._checked.emit(number, whole)

        threading.Thread(target=work, name="clip check", daemon=True).start()

    def _found_out(self, number: int, whole: bool | None) -> None:
        if number == self._number:
            self._whole = whole
            self.refresh()

    def _play(self) -> RecordedPlay | None:
        return self._feed.recorded if self._feed is not None else None


def _address_of(clip: KeptClip) -> Callable[[str, StreamKind, Callable[[Answer], None]], None]:
    """Where a clip lies, as a player asks for it: it is there at once, and for ever."""
    return lambda _name, _stream, take: take(StreamAddress(str(clip.path), FOR_EVER))
