"""A board of tiles: which camera stands in which slot is a TileSet; streams are open only while they are seen.

Main thread only. One timer repaints all tiles. What the pointer and the keys do on the board is in board_hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.style.palette import NIGHT, Palette
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from desktop.video_wall.arrangement import Box
from desktop.video_wall.board_feeds import BoardFeeds
from desktop.video_wall.board_pace import FEWEST, Pace
from desktop.video_wall.board_past import LEAST_S, BoardPast
from desktop.video_wall.board_places import beside, places_of
from desktop.video_wall.health import Told
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Feed, PlayerBackend
from desktop.video_wall.players.right_of_way import WINDOW_FIRST
from desktop.video_wall.slots import TileSet
from desktop.video_wall.stream_address import AddressOf, Held
from desktop.video_wall.tile import CAPTION_PX, Tile
from desktop.video_wall.tile_panel import TICK_MS
from desktop.video_wall.watchdog import Sight, said_of
from desktop.video_wall.words import Say

GAP_PX = 6
SOON_MS = 5
"""Tiles that had no turn have the next one after this time: streams and keys have theirs between."""
PAINTED = QEvent.Type(QEvent.registerEventType())
NearOf = Callable[[str], Nearby | None]
"""A camera by its id, and how it lies to what the officer looks at; None where there is no such camera any more."""


class TileBoard(QWidget):
    """Paints a set of tiles and the empty slots between them."""

    changed = Signal()
    """The officer changed what stands where."""
    chosen = Signal(str)
    """The camera of the slot that is chosen now; empty where nothing is shown in it."""
    grown = Signal(bool)
    """One tile takes the whole board now, or no tile any more."""

    def __init__(
        self, player: PlayerBackend, address_of: AddressOf, near_of: NearOf, say: Say, palette: Palette = NIGHT,
        now: Callable[[], float] = time.monotonic, parent: QWidget | None = None, told: Told | None = None,
        held: Held | None = None,
    ) -> None:  # fmt: skip
        """An empty board of two by two."""
        super().__init__(parent)
        self._near_of = near_of
        self.say, self.palette_worn, self._now = say, palette, now
        self._told, self._held = told, held
        self.tiles = TileSet()
        self.at = 0
        """The slot that is chosen."""
        self._is_by_hand = False
        """Whether the officer chose it: only then his eyes are on it before all others."""
        self.large: int | None = None
        """The slot that takes the whole board."""
        self.across = 0.5
        """Where in the picture of the chosen tile the pointer pressed last, as a share of its width."""
        self.past = BoardPast()
        self.target: int | None = None
        """The slot that what is dragged would fall into."""
        self._shown: dict[int, Tile] = {}
        self._spare: list[Tile] = []
        self.feeds = BoardFeeds(player, address_of, self._go_first, self)
        self._pace = Pace()
        self._places: dict[int, Box] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)
        self._soon = QTimer(self)
        self._soon.setInterval(SOON_MS)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setMinimumSize(160, 90)

    # ---- what is shown -------------------------------------------------------------------------------------------

    def show_set(self, tiles: TileSet) -> None:
        """Show another set; cameras that stay keep their stream."""
        self.tiles = tiles
        seen = tiles.seen()
        if self.at not in seen:
            self.at = seen[0]
        if self.large is not None and (self.large not in seen or not tiles.slots[self.large].camera):
            self._grow(None)
        self._settle()

    def change(self, tiles: TileSet) -> None:
        """Show what the officer made of the set, and say so."""
        if tiles != self.tiles:
            self.show_set(tiles)
            self.changed.emit()

    def choose(self, at: int) -> None:
        """Choose a slot, by hand."""
        was_by_hand, self._is_by_hand = self._is_by_hand, True
        if at in self.tiles.seen() and (at != self.at or not was_by_hand):
            self.at = at
            if self.large is not None:
                self._grow(at if self.tiles.slots[at].camera else None)
            self._settle()
        self.chosen.emit(self.camera)

    def step(self, right: int, down: int) -> None:
        """Choose the slot beside the chosen one; while one takes the whole board, the next or the one before."""
        if self.large is None:
            self.choose(self.beside(right, down))
            return
        taken = [at for at in self.tiles.seen() if self.tiles.slots[at].camera]
        if taken:
            here = taken.index(self.at) if self.at in taken else 0
            self.choose(taken[(here + right + down) % len(taken)])

    def beside(self, right: int, down: int) -> int:
        """The slot beside the chosen one; itself at the edge."""
        return beside(places_of(self.tiles, self.width(), self.height(), CAPTION_PX, GAP_PX), self.at, right, down)

    def enlarge(self) -> None:
        """The chosen tile takes the whole board, or all are shown again."""
        if self.large is not None:
            self._grow(None)
        elif self.camera:
            self._grow(self.at)
        self._settle()

    @property
    def is_by_hand(self) -> bool:
        """Whether the officer chose the slot that is chosen."""
        return self._is_by_hand

    @property
    def camera(self) -> str:
        """The camera of the chosen slot; empty where nothing is shown in it."""
        return self.tiles.slots[self.at].camera

    @property
    def feed(self) -> Feed | None:
        """The stream of the chosen slot."""
        return self.feeds.get(self.camera)

    def feed_of(self, camera: str) -> Feed | None:
        """The stream of a camera that is shown; None where it is not."""
        return self.feeds.get(camera)

    @property
    def shown_feed(self) -> Feed | None:
        """What the chosen slot shows: its stream, or its past."""
        return self.past.of(self.camera) or self.feed

    def can_look_back(self) -> bool:
        """Whether anything is remembered of the chosen camera."""
        return self.feed is not None and self.past.remembered_s(self.feed) >= LEAST_S

    def look_back(self, by_s: float) -> bool:
        """Play the chosen camera from farther back, or less far; False where nothing is remembered of it."""
        feed, tile = self.feed, self._shown.get(self.at)
        done = feed is not None and tile is not None and self.past.back(self.camera, feed, by_s, self._pixels(tile))
        self.refresh()
        return done

    def to_live(self) -> bool:
        """Show the chosen camera live; False where it was."""
        was_past = self.past.to_live(self.camera)
        if self.feed is not None:
            self.feed.to_live()
        self.refresh()
        return was_past

    def open_ahead(self, cameras: Iterable[str]) -> None:
        """Hold these streams open although no tile shows them yet; those held before are let go."""
        wanted = [camera for camera in cameras if self._near_of(camera) is not None] if self.isVisible() else []
        size = self._pixels(next(iter(self._shown.values()))) if self._shown else (320, 180)
        self.feeds.hold_ahead(wanted, size)

    def look_again(self) -> None:
        """Where cameras are, or what they are called, may be another now."""
        self._settle()

    def wear(self, say: Say, palette: Palette) -> None:
        """Speak another language, wear other colours."""
        self.say, self.palette_worn = say, palette
        for tile in (*self._shown.values(), *self._spare):
            tile.wear(say, palette)
        self.update()

    def live(self) -> int:
        """How many tiles show a live picture now."""
        return sum(tile.sight is Sight.LIVE for tile in self._shown.values())

    @property
    def painted(self) -> int:
        """How often a tile was painted anew so far."""
        return self._pace.painted

    def tile_of(self, at: int) -> Tile | None:
        """The tile of a slot; None where nothing is shown in it."""
        return self._shown.get(at)

    def box_of(self, at: int) -> QRect | None:
        """Where a slot lies; None where it is not seen now."""
        box = self._places.get(at)
        return None if box is None else QRect(box.left, box.top, box.width, box.height)

    def slot_at(self, spot: QPoint) -> int | None:
        """The slot at a place of the board."""
        for at, box in self._places.items():
            if QRect(box.left, box.top, box.width, box.height).contains(spot):
                return at
        return None

    def slot_of(self, tile: Tile) -> int | None:
        """The slot a tile stands in."""
        return next((at for at, shown in self._shown.items() if shown is tile), None)

    # ---- streams -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Hand the tiles their newest pictures and states in turn; the timer calls it while the board is visible."""
        WINDOW_FIRST.take()
        now = self._now()
        self._pace.turn(tuple(self._shown.values()), lambda tile: self._show(tile, now))
        self._go_first()

    def close_feeds(self) -> None:
        """Let go of every stream; showing the board again opens them anew."""
        self._timer.stop()
        self._soon.stop()
        self.past.keep_only(())
        self.feeds.close()

    def retry(self, at: int) -> None:
        """Try the stream of a slot again at once; a past that ended or failed makes way for it."""
        camera = self.tiles.slots[at].camera
        self.past.to_live(camera)
        feed = self.feeds.get(camera)
        if feed is not None:
            feed.retry()

    # ---- within --------------------------------------------------------------------------------------------------

    def _grow(self, at: int | None) -> None:
        if at != self.large:
            self.large = at
            self.grown.emit(at is not None)

    def _go_first(self) -> None:
        """Have the streams wait until what is to be painted is painted."""
        WINDOW_FIRST.take()
        QCoreApplication.postEvent(self, QEvent(PAINTED), Qt.EventPriority.LowEventPriority.value)

    def customEvent(self, event: QEvent) -> None:
        """Streams go on: this comes after the paintings that were asked for before."""
        if event.type() == PAINTED:
            WINDOW_FIRST.give()
            self._pace.was_painted()
            if self._pace.has_more and self._timer.isActive():
                self._soon.start()

    def _settle(self) -> None:
        """Bring tiles and streams in line with the set."""
        self._go_first()
        if self.large is not None:
            self._places = {self.large: Box(0, 0, self.width(), self.height())}
        else:
            self._places = places_of(self.tiles, self.width(), self.height(), CAPTION_PX, GAP_PX)
        wanted = {}
        for at in self._places:
            near = self._near_of(self.tiles.slots[at].camera) if self.tiles.slots[at].camera else None
            if near is not None:
                wanted[at] = near
        for at in [at for at in self._shown if at not in wanted]:
            tile = self._shown.pop(at)
            tile.hide()
            self._spare.append(tile)
        if (
            sum(at not in self._shown or self._shown[at].near.camera.id != near.camera.id for at, near in wanted.items())
            > FEWEST
        ):
            self._pace.slow_down()
        for at, near in wanted.items():
            self._stand(at, near)
        if self.isVisible():
            self._open([near.camera.id for near in wanted.values()])
            self.refresh()
        self.update()

    def _show(self, tile: Tile, now: float) -> bool:
        """Hand a tile its newest picture and state; whether that is to be painted."""
        camera = tile.near.camera.id
        feed = self.past.of(camera) or self.feeds.get(camera)
        if feed is None:
            awaited = self.feeds.awaited(camera)
            return awaited is not None and tile.show_now(said_of(awaited, self._held, camera), None, now)
        is_changed = tile.show_now(said_of(feed.watch(), self._held, camera), feed.picture(), now)
        if self._told is not None:
            self._told(tile.near.camera, tile.sight)
        return is_changed

    def _stand(self, at: int, near: Nearby) -> None:
        """The tile of a slot shows a camera, where and as the set says."""
        tile = self._shown.get(at)
        if tile is None:
            tile = self._shown[at] = self._spare.pop() if self._spare else self._new_tile(near)
        if tile.near.camera.id != near.camera.id or tile.isHidden():
            tile.become(near)
        elif tile.near != near:
            tile.look(near)
        slot, box = self.tiles.slots[at], self._places[at]
        tile.dress(slot.zoom, slot.is_locked, self._is_by_hand and at == self.at)
        tile.setGeometry(box.left, box.top, box.width, box.height)
        tile.show()

    def _new_tile(self, near: Nearby) -> Tile:
        tile = Tile(near, self.say, self.palette_worn, self)
        tile.hide()
        tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tile.retry_wished.connect(lambda: self.retry(at) if (at := self.slot_of(tile)) is not None else None)
        tile.installEventFilter(self)
        return tile

    def _open(self, cameras: Collection[str]) -> None:
        """Streams of exactly these cameras; what was opened ahead is taken over."""
        sizes: dict[str, tuple[int, int]] = {}
        for tile in self._shown.values():
            camera = tile.near.camera.id
            sizes[camera] = max(sizes.get(camera, (0, 0)), self._pixels(tile))
        self.past.keep_only(cameras)
        self.feeds.want({camera: sizes[camera] for camera in cameras}, self.camera if self._is_by_hand else "")

    def _pixels(self, tile: Tile) -> tuple[int, int]:
        """How large a picture the tile can use: more where a part of it fills the tile."""
        box, at = tile.picture_box(), self.slot_of(tile)
        share = self.devicePixelRatioF() * (1.0 if at is None else self.tiles.slots[at].zoom.times)
        return round(box.width() * share), round(box.height() * share)

    def showEvent(self, _: QShowEvent) -> None:
        """Open the streams when the board comes into sight."""
        self._settle()
        self._timer.start()

    def hideEvent(self, _: QHideEvent) -> None:
        """Close the streams when nobody can see them."""
        self.close_feeds()

    def resizeEvent(self, _: QResizeEvent) -> None:
        """Keep the pictures as large as fits."""
        self._settle()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground, empty slots with what can be done with them, and where what is dragged would fall."""
        painter, palette = QPainter(self), self.palette_worn
        painter.fillRect(self.rect(), QColor(palette.panel))
        for at, box in self._places.items():
            place = QRect(box.left, box.top, box.width, box.height).adjusted(0, 0, -1, -1)
            if at not in self._shown:
                self._paint_empty(painter, at, place)
            if at == self.target:
                painter.setPen(QPen(QColor(palette.focus), 3))
                painter.drawRect(place.adjusted(-2, -2, 2, 2))

    def _paint_empty(self, painter: QPainter, at: int, place: QRect) -> None:
        palette, camera = self.palette_worn, self.tiles.slots[at].camera
        painter.fillRect(place, QColor(palette.ground))
        is_chosen = at == self.at and self.hasFocus()
        painter.setPen(QPen(QColor(palette.focus if is_chosen else palette.line), 2 if is_chosen else 1))
        painter.drawRect(place)
        lines = [self.say("video.gone"), camera] if camera else [self.say("video.drop_here")]
        middle = place.center().y() - 10 * len(lines)
        for number, text in enumerate(lines):
            font = face(BASE_PX if number == 0 and not camera else SMALL_PX)
            painter.setFont(font)
            painter.setPen(QColor(palette.dim))
            line = QRect(place.left() + 6, middle + 20 * number, place.width() - 12, 20)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
