"""Up to four cameras beside an incident: opens their streams while it is seen, and lets go of them when it is not."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style.palette import NIGHT, Palette
from desktop.style.type_face import BASE_PX, SMALL_PX, face
from desktop.video_wall.arrangement import arrange, height_for
from desktop.video_wall.health import Told
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Feed, PlayerBackend
from desktop.video_wall.stream_address import AddressOf, Held
from desktop.video_wall.tile import CAPTION_PX, Tile
from desktop.video_wall.watchdog import Sight, said_of
from desktop.video_wall.words import Say
from governance.camera import Camera, CameraState
from governance.places import LonLat

MOST = 4
GAP_PX = 8
TICK_MS = 67
"""One repaint timer for all tiles: 15 a second at most."""
EMPTY_PX = 72


@dataclass(frozen=True, slots=True)
class ShownTile:
    """What one tile shows now and where: for tests and for reports of what was on screen."""

    camera_id: str
    is_online: bool
    """What the camera register says of it."""
    sight: Sight
    age_s: float | None
    picture: QRect
    """The camera's picture in screen coordinates, device-independent pixels."""


class TilePanel(QWidget):
    """The cameras of one place, two by two. Streams are open only while the panel is visible."""

    def __init__(
        self, player: PlayerBackend, address_of: AddressOf, say: Say, palette: Palette = NIGHT,
        now: Callable[[], float] = time.monotonic, parent: QWidget | None = None, told: Told | None = None,
        held: Held | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._player = player
        self._address_of = address_of
        self._say = say
        self._palette = palette
        self._now = now
        self._told, self._held = told, held
        self._tiles: list[Tile] = []
        self._feeds: dict[str, Feed] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.refresh)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(160, EMPTY_PX)

    def show_cameras(self, cameras: Sequence[Camera], place: LonLat | None = None) -> None:
        """Show these cameras, best first, at most four; ones that are shown already keep their stream.

        With the place, captions say how far off each stands. An empty list says that no camera sees the place.
        """
        nears = [
            Nearby(c, None if place is None else c.place.distance_m(place), place is None or c.sees(place))
            for c in cameras[:MOST]
        ]
        kept = {tile.near.camera.id: tile for tile in self._tiles}
        self._tiles = [self._tile_for(near, kept.pop(near.camera.id, None)) for near in nears]
        for camera_id, tile in kept.items():
            self._close_feed(camera_id)
            tile.hide()
            tile.deleteLater()
        self._place_tiles()
        self.updateGeometry()
        self.update()
        if self.isVisible():
            self._open_feeds()
            self.refresh()

    def wear(self, say: Say, palette: Palette) -> None:
        """Speak another language, wear other colours."""
        self._say, self._palette = say, palette
        for tile in self._tiles:
            tile.wear(say, palette)
        self.update()

    def shown(self) -> list[ShownTile]:
        """What every tile shows now and where, for whoever checks the screen."""
        now = self._now()
        out = []
        for tile in self._tiles:
            box = tile.image_box()
            feed = self._feeds.get(tile.near.camera.id)
            age_s = None if feed is None else feed.watch().age_s(now)
            corner = tile.mapToGlobal(QPoint(box.x(), box.y()))
            camera = tile.near.camera
            picture = QRect(corner, box.size())
            out.append(ShownTile(camera.id, camera.state is CameraState.ONLINE, tile.sight, age_s, picture))
        return out

    def live(self) -> int:
        """How many tiles show a live picture now."""
        return sum(tile.sight is Sight.LIVE for tile in self._tiles)

    def refresh(self) -> None:
        """Hand every tile its newest picture and state; the timer calls it while the panel is visible."""
        now = self._now()
        for tile in self._tiles:
            feed = self._feeds.get(tile.near.camera.id)
            if feed is not None:
                tile.show_now(said_of(feed.watch(), self._held, tile.near.camera.id), feed.picture(), now)
                if self._told is not None:
                    self._told(tile.near.camera, tile.sight)

    def close_feeds(self) -> None:
        """Let go of every stream and stop the timer; showing the panel again opens them anew."""
        self._timer.stop()
        for camera_id in tuple(self._feeds):
            self._close_feed(camera_id)

    def hasHeightForWidth(self) -> bool:
        """The tiles keep 16:9."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of two columns of tiles at a width; one column for a single camera."""
        return max(EMPTY_PX, height_for(len(self._tiles), 2, width, CAPTION_PX, GAP_PX))

    def sizeHint(self) -> QSize:
        """As wide as the incident card."""
        return QSize(408, self.heightForWidth(408))

    def showEvent(self, _: QShowEvent) -> None:
        """Open the streams when the panel comes into sight."""
        self._open_feeds()
        self._timer.start()
        self.refresh()

    def hideEvent(self, _: QHideEvent) -> None:
        """Close the streams when nobody can see them."""
        self.close_feeds()

    def resizeEvent(self, _: QResizeEvent) -> None:
        """Keep the pictures as large as fits."""
        self._place_tiles()

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint the ground, and the words for a place without cameras."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._palette.panel))
        if self._tiles:
            return
        painter.setPen(QColor(self._palette.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        middle = self.rect().center().y()
        lines = (
            ("video.none", face(BASE_PX), self._palette.text, -20),
            ("video.none_more", face(SMALL_PX), self._palette.dim, 2),
        )
        for key, font, colour, down in lines:
            painter.setFont(font)
            painter.setPen(QColor(colour))
            painter.drawText(QRect(0, middle + down, self.width(), 20), Qt.AlignmentFlag.AlignCenter, self._say(key))

    def _tile_for(self, near: Nearby, tile: Tile | None) -> Tile:
        if tile is not None:
            tile.look(near)
            return tile
        camera_id = near.camera.id
        tile = Tile(near, self._say, self._palette, self)
        tile.retry_wished.connect(lambda: self._feeds[camera_id].retry() if camera_id in self._feeds else None)
        tile.show()
        return tile

    def _place_tiles(self) -> None:
        boxes = arrange(len(self._tiles), self.width(), self.height(), CAPTION_PX, GAP_PX)
        for tile, box in zip(self._tiles, boxes, strict=False):
            tile.setGeometry(box.left, box.top, box.width, box.height)
            if tile.near.camera.id in self._feeds:
                self._feeds[tile.near.camera.id].resize(*self._pixels(tile))

    def _open_feeds(self) -> None:
        for tile in self._tiles:
            camera_id = tile.near.camera.id
            if camera_id not in self._feeds:
                self._feeds[camera_id] = self._player.open(camera_id, self._address_of, *self._pixels(tile))

    def _pixels(self, tile: Tile) -> tuple[int, int]:
        box, ratio = tile.picture_box(), self.devicePixelRatioF()
        return round(box.width() * ratio), round(box.height() * ratio)

    def _close_feed(self, camera_id: str) -> None:
        feed = self._feeds.pop(camera_id, None)
        if feed is not None:
            feed.close()
