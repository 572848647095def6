"""Turning a camera from its tile: taken in hand, moved as long as a key or the pointer is pressed, let go. Main thread only.

One camera at a time is in the hand of a desk. It is let go by Esc, when its tile is left, emptied or shows the past, when the
tiles are put away, and by the server half a minute after the last movement. Nothing here waits: every answer comes by itself,
and one that comes for a camera nobody wants any more lets it go again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QKeyEvent

from desktop.phrases import clock_text, refusal_sentence
from desktop.seat import Seat
from desktop.shortcuts import key_of
from desktop.video_hand_bar import HandBar
from desktop.video_presets import PresetList
from governance.camera import Camera
from governance.camera_rights import Watching, why_no_turning
from governance.refusal import Refused
from wire.camera_requests import CameraHeld, GoToPreset, HoldCamera, LetGoCamera, PresetIs, TurnCamera

if TYPE_CHECKING:
    from desktop.video_panel import VideoPanel

KEY = Qt.Key
WAYS = {
    KEY.Key_Left: (-1.0, 0.0, 0.0),
    KEY.Key_Right: (1.0, 0.0, 0.0),
    KEY.Key_Up: (0.0, 1.0, 0.0),
    KEY.Key_Down: (0.0, -1.0, 0.0),
    KEY.Key_Plus: (0.0, 0.0, 1.0),
    KEY.Key_Equal: (0.0, 0.0, 1.0),
    KEY.Key_Minus: (0.0, 0.0, -1.0),
}
"""Key -> right, up, nearer."""
STILL = (0.0, 0.0, 0.0)
SLOW, FAST = 0.4, 1.0
PULSE_S, AGAIN_MS = 1.0, 600
"""A movement is asked for so long, and again before that is over as long as the key is held."""
DEAD_PX, FULL_SHARE = 8.0, 0.35
"""The pointer moves nothing so near where it was pressed, and at full speed so far off, in widths of the picture."""
TOLD_S = 8.0
LOST = frozenset(
    {"ptz_taken", "ptz_not_held", "off_shift", "not_your_role", "no_such_camera", "no_ptz", "no_session", "session_over"}
)


class VideoHand(QObject):
    """Which camera is in hand, and what is said over its tile."""

    def __init__(self, seat: Seat, panel: VideoPanel) -> None:
        """None is."""
        super().__init__(panel)
        self._seat, self._panel, self._board = seat, panel, panel.board
        self.camera, self.is_held = "", False
        """The camera that was asked for, and whether it is this desk's."""
        self.presets: tuple[PresetIs, ...] = ()
        self._until: datetime | None = None
        self._number = 0
        """Rises with everything that is asked for or given up: answers to what was before are nobody's."""
        self._other: tuple[str, bool] = ("", False)
        """A camera that somebody else has, and whether it may be taken over."""
        self._said: tuple[str, str, str, float] | None = None
        """Camera, what is said of it, how it looks, until when."""
        self._pressed: dict[Qt.Key, bool] = {}
        """Keys that are held, and whether with Shift."""
        self._from: QPointF | None = None
        self._dragged = STILL
        self._moving = STILL
        self._again = QTimer(self)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self._move_on)
        self.bar = HandBar(seat, self._board)
        self.bar.wanted.connect(self._wanted)
        self.list = PresetList(seat, panel, self)
        self._board.turner = self
        self._board.installEventFilter(self)
        for signal in (self._board.chosen, self._board.changed, self._board.grown):
            signal.connect(self.settle)

    # ---- taking and letting go -----------------------------------------------------------------------------------

    def take_or_let_go(self) -> None:
        """Take the camera of the chosen tile in hand; or let it go; or, asked again, take it over from a lower rank."""
        camera = self._seat.situation.cameras.get(self._board.camera)
        if camera is None:
            self._panel.say(self._seat.words("video.no_tile"))
        elif self.camera == camera.id:
            self.let_go()
        elif self._panel.past.is_shown:
            self._panel.say(self._seat.words("hand.past"))
        elif (no := why_no_turning(self._seat.officer, camera)) is not None:
            self._refuse(camera.id, no)
        else:
            self._panel.viewing.why(camera, Watching.PTZ, lambda reason: self._ask(camera, reason))
        self.settle()

    def let_go(self) -> None:
        """Nothing is in hand any more: what moves stops, and somebody else may turn it."""
        if not self.camera:
            return
        camera, was_held = self.camera, self.is_held
        was_moving = self._moving != STILL
        self._drop()
        if was_held and was_moving:
            stop = TurnCamera(0, camera, *STILL, seconds=0.0)
            self._send(stop, lambda _reply, _no: self._send(LetGoCamera(0, camera), _heard))
        elif was_held:
            self._send(LetGoCamera(0, camera), _heard)
        self.settle()

    def _ask(self, camera: Camera, reason: str) -> None:
        """Ask the server for it, and let go of what was in hand."""
        if self._board.camera != camera.id or not self._board.isVisible():
            return  # a reason was typed meanwhile
        self.let_go()
        self._number += 1
        number, self.camera, take_over = self._number, camera.id, self._other == (camera.id, True)
        self._said = None
        self._other = ("", False)
        self._board.setFocus(Qt.FocusReason.OtherFocusReason)  # now, and not when the answer comes: he may be typing by then
        request = HoldCamera(0, camera.id, reason, self._panel.viewing.incident(camera), take_over)
        self._send(request, lambda reply, no: self._answered(number, camera.id, reply, no))
        self.settle()

    def _answered(self, number: int, camera: str, reply: Any, refused: Refused | None) -> None:
        """It is ours, or somebody else's; or nobody here wants it any more."""
        if number != self._number:
            if isinstance(reply, CameraHeld) and self.camera != camera:
                self._send(LetGoCamera(0, camera), _heard)
            return
        if isinstance(reply, CameraHeld):
            self.is_held, self._until, self.presets = True, reply.until, reply.presets
        else:
            self._drop()
            self._refuse(camera, refused or Refused("no_answer"))
        self.settle()

    def _drop(self) -> None:
        """Forget what was in hand."""
        self._number += 1
        self._still()
        self.camera, self.is_held, self.presets, self._until = "", False, (), None
        self._said = None
        if self.list.isVisible():
            self.list.leave()

    # ---- moving --------------------------------------------------------------------------------------------------

    @property
    def is_in_hand(self) -> bool:
        """Whether keys and pointer turn the camera of the chosen tile."""
        return self.is_held and self.camera == self._board.camera

    def pressed(self, event: QKeyEvent) -> bool:
        """A key on the board; False where it means nothing to a camera in hand."""
        key = KEY(event.key())
        if not self.is_in_hand or event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in WAYS:
            if not event.isAutoRepeat():
                self._pressed[key] = key not in (KEY.Key_Plus, KEY.Key_Equal) and bool(
                    event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                )
                self._move()
        elif key == KEY.Key_Escape:
            self.let_go()
        elif KEY.Key_1 <= key <= KEY.Key_9:
            self.go_to(int(key) - int(KEY.Key_1))
        elif key == KEY.Key_P:
            self.list.begin()
        else:
            return False
        return True

    def released(self, event: QKeyEvent) -> bool:
        """A key is held no more."""
        if event.isAutoRepeat() or self._pressed.pop(KEY(event.key()), None) is None:
            return False
        self._move()
        return True

    def dragged(self, kind: QEvent.Type, spot: QPointF, picture: QRect) -> bool:
        """The pointer on the chosen tile; False where it turns nothing."""
        if kind == QEvent.Type.MouseButtonPress:
            self._from = spot if self.is_in_hand else None
        elif kind == QEvent.Type.MouseMove and self._from is not None:
            self._dragged = _speed(spot - self._from, picture.width())
            self._move()
        elif kind == QEvent.Type.MouseButtonRelease and self._from is not None:
            self._from, self._dragged = None, STILL
            self._move()
        return self.is_in_hand

    def stop(self) -> None:
        """Whatever is held is not seen any more: the keys went elsewhere."""
        self._pressed.clear()
        self._from, self._dragged = None, STILL
        self._move()

    def go_to(self, at: int) -> None:
        """Turn the camera to the view it remembers at a place of its list."""
        if not self.is_held:
            return
        camera, words = self.camera, self._seat.words
        if at >= len(self.presets):
            self._tell(camera, words("hand.no_preset", number=at + 1), "warn")
            return
        preset = self.presets[at]
        self._still()
        self._tell(camera, words("hand.going", name=preset.name), "dim")
        number = self._number
        self._send(GoToPreset(0, camera, preset.token), lambda reply, no: self._moved(number, camera, reply, no))

    def _wish(self) -> tuple[float, float, float]:
        """The movement that all that is held asks for together."""
        wish = list(self._dragged)
        for key, is_fast in self._pressed.items():
            for axis, way in enumerate(WAYS[key]):
                wish[axis] += way * (FAST if is_fast else SLOW)
        return tuple(min(1.0, max(-1.0, round(speed, 2))) for speed in wish)  # type: ignore[return-value]

    def _move(self) -> None:
        """Send what is wished now, at once where it is another movement than before."""
        wish = self._wish() if self.is_held else STILL
        if wish == self._moving:
            return
        self._moving = wish
        if self.is_held:
            self._turn(wish)
        if wish == STILL:
            self._again.stop()
        else:
            self._again.start()

    def _move_on(self) -> None:
        """The key is held still."""
        if self.is_held and self._moving != STILL:
            self._turn(self._moving)

    def _turn(self, wish: tuple[float, float, float]) -> None:
        camera, number = self.camera, self._number
        seconds = 0.0 if wish == STILL else PULSE_S
        self._send(TurnCamera(0, camera, *wish, seconds=seconds), lambda reply, no: self._moved(number, camera, reply, no))

    def _moved(self, number: int, camera: str, reply: Any, refused: Refused | None) -> None:
        """The device did it, or did not; or the camera is ours no more."""
        if number != self._number:
            return
        if isinstance(reply, CameraHeld):
            self._until = reply.until
            return
        no = refused or Refused("no_answer")
        if no.code in LOST:
            self._drop()
        else:
            self._still()
        self._refuse(camera, no)
        self.settle()

    def _still(self) -> None:
        """Nothing is asked for any more, whatever is held: pressed again it moves again."""
        self._pressed.clear()
        self._from, self._dragged, self._moving = None, STILL, STILL
        self._again.stop()

    # ---- what is said --------------------------------------------------------------------------------------------

    def settle(self, *_about: object) -> None:
        """Let go of a camera that is not the chosen one any more, and say how things stand over its tile."""
        chosen = self._board.camera
        if self.camera and (self.camera != chosen or not self._board.isVisible() or self._panel.past.is_shown):
            self.let_go()
            return
        now = self._seat.now()
        if self.is_held and self._until is not None and now >= self._until:
            self._drop()
            self._tell(chosen, self._seat.words("hand.idle"), "warn")
        if self._said is not None and now.timestamp() > self._said[3]:
            self._said, self._other = None, ("", False)
        self._show(chosen)

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        self.bar.retell()
        self.list.retell()
        self._said, self._other = None, ("", False)
        self.settle()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The board came, went or has another size."""
        if watched is self._board and event.type() in (QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide):
            QTimer.singleShot(0, self, self.settle)
        return False

    def _show(self, chosen: str) -> None:
        tile = self._board.tile_of(self._board.at) if self._board.is_by_hand else None
        camera = self._seat.situation.cameras.get(chosen)
        text, look, does = self._state(camera) if camera is not None else ("", "dim", ())
        is_plain = text != "" and self._said is None and self.is_held
        if tile is None or tile.isHidden() or not (text or does) or (self._panel.past.is_shown and not text):
            self.bar.hide()
            return
        short = self._seat.words("hand.held_short", seconds=self._left_s()) if is_plain else ""
        self.bar.show_state(tile.picture_box().translated(tile.pos()), text, short, look, does)

    def _state(self, camera: Camera) -> tuple[str, str, tuple[str, ...]]:
        """What is said of the chosen camera, how it looks, and which buttons stand beside it."""
        words, said = self._seat.words, self._said
        told = said if said is not None and said[0] == camera.id else None
        if self.camera == camera.id and not self.is_held:
            return words("hand.asking"), "dim", ("go",)
        if self.camera == camera.id:
            does = ("presets", "go") if self.presets else ("go",)
            return (told[1], told[2], does) if told is not None else (self._held_text(), "live", does)
        can_take = self._other == (camera.id, True)
        if told is not None:
            return told[1], told[2], ("over",) if can_take else ()
        return "", "dim", ("take",) if camera.is_ptz else ()

    def _held_text(self) -> str:
        names = "  ".join(f"{at} {preset.name}" for at, preset in enumerate(self.presets[:9], 1))
        key = "hand.held" if names else "hand.held_plain"
        return self._seat.words(key, seconds=self._left_s(), presets=names)

    def _left_s(self) -> int:
        """How long it stays in hand while nothing moves."""
        return max(0, round((self._until - self._seat.now()).total_seconds())) if self._until is not None else 0

    def _refuse(self, camera: str, no: Refused) -> None:
        """Say in one sentence over its tile why a camera does not turn, and what can be done about it."""
        words = self._seat.words
        text = refusal_sentence(words, no)
        if no.code == "ptz_held":
            may_take = no.details.get("may_take") == "yes"
            self._other = (camera, may_take)
            since, until = (datetime.fromisoformat(str(no.details[name])) for name in ("since", "until"))
            left_s = max(0, round((until - self._seat.now()).total_seconds()))
            text = words("hand.other", who=no.details["who"], since=clock_text(since), seconds=left_s)
            text += words("hand.may_take", key=key_of("video_turn")) if may_take else words("hand.ask_him")
        self._tell(camera, text, "warn")

    def _tell(self, camera: str, text: str, look: str) -> None:
        self._said = (camera, text, look, self._seat.now().timestamp() + TOLD_S)
        self._show(self._board.camera)

    def _wanted(self, what: str) -> None:
        if what == "presets":
            self.list.begin()
        else:
            self.take_or_let_go()

    def _send(self, request: Any, came: Any) -> None:
        if self._seat.ask is None:
            came(None, Refused("no_session"))
        else:
            self._seat.ask(request, came)


def _heard(_reply: Any, _refused: Refused | None) -> None:
    """Nobody waits for this."""


def _speed(by: QPointF, width: int) -> tuple[float, float, float]:
    """Right and up by how far the pointer is from where it was pressed."""
    full = max(1.0, width * FULL_SHARE)
    right, down = (0.0 if abs(part) < DEAD_PX else min(1.0, max(-1.0, part / full)) for part in (by.x(), by.y()))
    return right, -down, 0.0
