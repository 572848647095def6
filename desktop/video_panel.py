"""The tiles of the desk beside the map: what is shown in what layout, taking turns or not; what is arranged is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.camera_tree import CameraTree
from desktop.seat import Seat
from desktop.seeing import seeing
from desktop.video_asked import Asked
from desktop.video_clips import VideoClips
from desktop.video_hand import VideoHand
from desktop.video_lists import LayoutList, TurnList
from desktop.video_menu import show_menu
from desktop.video_past import VideoPast
from desktop.video_reason import ReasonLine, Viewing
from desktop.video_strip import SaidOver, VideoStrip
from desktop.video_turns import VideoTurns
from desktop.video_wall.board_hand import BoardHand
from desktop.video_wall.kept_layouts import Kept, KeptLayouts
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.slots import MOST, SIDES, WHOLE, Slot, TileSet
from desktop.video_wall.tile_board import TileBoard
from desktop.video_wall.words import say_in

KEEP_MS, TOLD_MS = 700, 5_000
"""A layout is written once the hand rests; so long is said what was done."""
MOST_UNDONE = 30
FAR_M = 1_500.0
"""How far a camera is from the selected incident is told up to here: farther it has nothing to do with it."""
SECOND_MS = 500


class VideoBoard(BoardHand, TileBoard):
    """The board of tiles an officer arranges."""


class VideoPanel(QWidget):
    """A row of buttons and the board. Hidden it holds no stream open."""

    wanted = Signal(str)
    """An action of the key table, asked for by a button here."""
    shown, put_away_now = Signal(), Signal()
    left = Signal()
    """The officer closed the panel."""

    def __init__(
        self, seat: Seat, new_board: Callable[[Callable[[str], Nearby | None]], VideoBoard], files: KeptLayouts,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """What was kept, nothing opened yet; `new_board` makes the board for a way to find cameras."""
        super().__init__()
        self._seat, self._files = seat, files
        self.kept, self._wrong = files.read()
        self._before: list[TileSet] = []
        self._last = self.kept.now
        self._told = ""
        self._arranged: TileSet | None = None
        """What the officer arranged, while pages of turns stand in its place."""
        self._recording: dict[str, float] = {}
        self.setProperty("look", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.board = new_board(self._near)
        self.over = SaidOver(self.board)
        self.turning = VideoTurns(seat, self, clock)
        self._build()
        self.layouts, self.lists = LayoutList(seat, self), TurnList(seat, self)
        self.reason = ReasonLine(seat, self)
        self.viewing = Viewing(seat, self.reason)
        self.past, self.hand = VideoPast(seat, self), VideoHand(seat, self)
        self.clips = VideoClips(seat, self)
        self.asked = Asked(self.viewing, self.clips)
        self.board.is_waiting = self.asked.is_waiting
        self.board.show_set(self.kept.now)
        self._connect()
        self.retell()

    def _build(self) -> None:
        self.strip = VideoStrip(self._seat)
        self.said, self.sides, self.does = self.strip.said, self.strip.sides, self.strip.does
        self.tree = CameraTree(self._seat)
        self.tree.hide()
        below = QHBoxLayout()
        below.setContentsMargins(6, 2, 6, 4)
        below.setSpacing(6)
        below.addWidget(self.tree)
        below.addWidget(self.board, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.turning.bar)
        column.addLayout(below, 1)

    def _connect(self) -> None:
        self.strip.side_wanted.connect(self.take_side)
        self.strip.wanted.connect(self.wanted)
        self.strip.left.connect(self.left)
        self.board.changed.connect(self._changed)
        self.board.chosen.connect(self._chosen)
        self.board.grown.connect(lambda _is_large: self._tell())
        self.board.undo_wanted.connect(self.undo)
        self.board.past_wanted.connect(self.past.look_back)
        self.board.page_wanted.connect(self.turning.turn_page)
        self.turning.told.connect(self._tell)
        self.tree.branches.opened.connect(self.open)
        self.tree.branches.turned.connect(lambda name, cameras: self.turning.begin(name, tuple(cameras), self.turning.dwell_s))
        self.tree.branches.left.connect(self.switch_tree)
        self.tree.branches.wanted.connect(self.wanted)
        self.board.menu_wanted.connect(lambda spot: show_menu(self._seat, self, spot))
        self._seat.selection.incident_changed.connect(lambda _incident: self._look_again())
        self._keeping = QTimer(self)
        self._keeping.setSingleShot(True)
        self._keeping.setInterval(KEEP_MS)
        self._keeping.timeout.connect(self._write)
        self._second = QTimer(self)
        self._second.setInterval(SECOND_MS)
        self._second.timeout.connect(self.turning.pass_time)
        self._second.timeout.connect(self._tell)
        self._second.timeout.connect(self.hand.settle)

    # ---- what an officer does ------------------------------------------------------------------------------------

    def take_side(self, side: int) -> None:
        """So many tiles along a side."""
        self.board.change(self.board.tiles.of_side(side))
        self._tell()

    def next_side(self) -> None:
        """More tiles; after the most, one."""
        self.take_side(SIDES[(SIDES.index(self.board.tiles.side) + 1) % len(SIDES)])

    def add(self, camera: str) -> bool:
        """Show one more camera where there is room for it; False where every tile is locked."""
        tiles, at = self.board.tiles.with_camera(camera)
        if at is None:
            self.say(self._seat.words("video.all_locked"))
            return False
        self.board.change(tiles)
        self.board.choose(at)
        return True

    def open(self, cameras: list[str]) -> None:
        """Show one more camera, or all of a group where there are several."""
        if len(cameras) == 1:
            self.add(cameras[0])
            return
        self.turning.stop()
        self.board.change(self.board.tiles.opened(cameras))
        left = len(cameras) - len(self.board.tiles.cameras())
        if left > 0:
            self.say(self._seat.words("video.no_room", count=left))

    def switch_tree(self) -> None:
        """Show the tree of cameras, with the keys in its search; or put it away."""
        self.tree.setVisible(self.tree.isHidden())
        if self.tree.isHidden():
            self.board.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.tree.begin()

    def open_seeing(self) -> bool:
        """The cameras that see the selected incident, the nearest first; False where none sees it or none is selected."""
        words, selection = self._seat.words, self._seat.selection
        case = self._seat.situation.cases.get(selection.incident) if selection.incident else None
        found = seeing(self._seat, case.incident.place, MOST) if case is not None and case.incident.place else []
        cameras = [near.camera.id for near in found if near.sees]
        if not cameras:
            self.say(words("video.nobody_sees" if case is not None else "video.no_incident"))
            return False
        self.turning.stop()
        self.board.change(self.board.tiles.opened(cameras))
        self.say(words("video.opened", count=len(set(cameras).intersection(self.board.tiles.cameras()))))
        return True

    def show_layout(self, layout: TileSet) -> None:
        """Show a layout; cameras it names that are not there any more are said."""
        self.board.change(layout)
        gone = [slot.camera for slot in layout.slots if slot.camera and self._near(slot.camera) is None]
        if gone:
            self.say(self._seat.words("layouts.gone", count=len(gone)))

    def show_recording(self, seconds: Mapping[str, float]) -> None:
        """Say which cameras are being recorded, and how long by now."""
        self._recording = dict(seconds)
        self._tell()

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._before)

    def undo(self) -> None:
        """As it was before the last change."""
        if self._before:
            before = self._before.pop()
            self._last = before
            self.board.show_set(before)
            self._keeping.start()
            self._tell()

    def step_out(self) -> bool:
        """Put a list away, or show all tiles again; False where there is nothing to leave."""
        for each in (self.reason, self.hand.list, self.clips.list, self.layouts, self.lists):
            if each.isVisible():
                each.leave()
                return True
        if self.give_up():
            return True
        if self.clips.view.close_clip():
            return True
        if self.hand.camera:
            self.hand.let_go()
            return True
        if self.board.large is not None and self.isVisible():
            self.board.enlarge()
            return True
        return False

    def give_up(self) -> bool:
        """Nothing begins that was asked for and waits for its record, and that is said; False where nothing waits."""
        if not self.asked.give_up():
            return False
        self.say(self._seat.words("video.given_up"))
        return True

    def say(self, text: str) -> None:
        """Say for a moment what was done."""
        self._told = text
        self._tell()
        self.over.say("" if self.said.fits(text) else text)
        QTimer.singleShot(TOLD_MS, self, lambda: self._untell(text))

    def retell(self) -> None:
        """Say and draw everything again, in the language and the colours of now."""
        words = self._seat.words
        self.board.wear(say_in(words.language), self._seat.palette)
        self.strip.retell()
        self.turning.retell()
        self.tree.retell()
        self.layouts.retell()
        self.lists.retell()
        self.reason.retell()
        self.hand.retell()
        self.clips.retell()
        self._tell()

    def cameras_now(self) -> tuple[str, ...]:
        """The cameras that take turns now, else those that are shown."""
        return self.turning.turns.cameras if self.turning.turns is not None else self.board.tiles.cameras()

    def keep_what_is_shown(self) -> None:
        """What the officer arranged can be had back by one step when pages take its place, and is what is kept meanwhile."""
        self._before = [*self._before, self.board.tiles][-MOST_UNDONE:]
        self._arranged = self.board.tiles

    def touch_cameras(self) -> None:
        """Cameras came, went or are called otherwise."""
        if self.isVisible():
            self.board.look_again()
            self.tree.refresh()

    def show_page(self, cameras: tuple[str, ...]) -> None:
        """Show a page of turns: nothing the officer did, so nothing to undo or to keep."""
        self.board.show_set(self.board.tiles.opened(cameras))
        self._last = self.board.tiles
        self.board.open_ahead(())

    # ---- what is kept --------------------------------------------------------------------------------------------

    def keep(self, kept: Kept) -> None:
        """Keep this from now on."""
        self.kept = kept
        self._keeping.start()

    def put_away(self) -> None:
        """Write what waits to be written; hold no stream."""
        if self._keeping.isActive():
            self._write()
        self.hand.let_go()
        self.viewing.forget()
        self.clips.put_away()
        self.put_away_now.emit()
        self.board.close_feeds()

    def tell_damage(self) -> str:
        """What could not be read of what was kept, in words; empty where all could."""
        if not self._wrong:
            return ""
        words = self._seat.words
        names = words("sep").join(name or words("video.now") for name in self._wrong)
        return words("video.damaged", names=names)

    def _write(self) -> None:
        self._keeping.stop()
        arranged = self._arranged if self.turning.turns is not None else None
        self.kept = replace(self.kept, now=arranged or self.board.tiles)
        self._files.write(self.kept)

    # ---- within --------------------------------------------------------------------------------------------------

    def _near(self, camera: str) -> Nearby | None:
        """A camera, and how it lies to the selected incident."""
        seat = self._seat
        found = seat.situation.cameras.get(camera)
        if found is None:
            return None
        case = seat.situation.cases.get(seat.selection.incident) if seat.selection.incident else None
        place = case.incident.place if case is not None else None
        far_m = found.place.distance_m(place) if place is not None else FAR_M
        if place is None or far_m >= FAR_M:
            return Nearby(found, None, place is None)
        return Nearby(found, far_m, found.sees(place) and not seat.is_hidden(found, place))

    def _look_again(self) -> None:
        if self.isVisible():
            self.board.look_again()

    def _changed(self) -> None:
        """The officer changed what stands where: it can be undone, unless only a picture was zoomed; it is kept."""
        before, now = self._last, self.board.tiles
        if _without_zoom(before) != _without_zoom(now):
            self._before = [*self._before, before][-MOST_UNDONE:]
            if self.turning.turns is not None and before.side == now.side:
                self._lock_what_came(before, now)
        self._last = self.board.tiles
        self._keeping.start()
        self._tell()
        self._seat.ask_reason()

    def _lock_what_came(self, before: TileSet, now: TileSet) -> None:
        """A camera put into a tile by hand while others take turns stays there: its tile is locked."""
        came = [at for at in now.seen() if now.slots[at].camera not in ("", before.slots[at].camera)]
        if len(came) == 1 and not now.slots[came[0]].is_locked:
            self.board.show_set(now.locked(came[0], True))
            self.say(self._seat.words("turns.locked"))

    def _chosen(self, camera: str) -> None:
        """The map shows what the chosen camera sees."""
        if camera:
            self._seat.selection.choose_camera(camera)
        self._tell()

    def _untell(self, text: str) -> None:
        if text == self._told:
            self.over.say("")
            self._told = ""
            self._tell()

    def _tell(self) -> None:
        words, tiles = self._seat.words, self.board.tiles
        shown = len(tiles.cameras())
        said = words("video.shown", count=shown, live=self.board.live()) if shown else words("video.empty")
        if self._recording:
            longest = round(max(self._recording.values()))
            said = words("clip.running", count=len(self._recording), seconds=longest)
        self.strip.tell(tiles.side, self._told or said)

    def switch_lock(self) -> None:
        """Lock the chosen tile, or let it go."""
        slot = self.board.tiles.slots[self.board.at]
        self.board.change(self.board.tiles.locked(self.board.at, not slot.is_locked))

    def empty_all(self) -> None:
        """Show nothing, and let nothing take turns; locked tiles stay."""
        self.turning.stop()
        self.board.change(self.board.tiles.opened(()))

    def showEvent(self, event: object) -> None:
        """Time passes while the panel is seen."""
        super().showEvent(event)  # type: ignore[arg-type]
        self._second.start()
        self.shown.emit()

    def hideEvent(self, event: object) -> None:
        """Nobody turns pages that nobody sees."""
        super().hideEvent(event)  # type: ignore[arg-type]
        self._second.stop()


def _without_zoom(tiles: TileSet) -> tuple[int, tuple[Slot, ...]]:
    return tiles.side, tuple(replace(slot, zoom=WHOLE) for slot in tiles.slots)
