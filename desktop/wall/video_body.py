"""A camera on a wall: the desk's tile, its words larger, its stream open as long as the slot shows it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Feed
from desktop.video_wall.tile import Tile
from desktop.video_wall.words import Say, say_in
from desktop.wall.slot_body import SlotBody
from desktop.wall.wall_seat import SCALE, WallSeat
from governance.camera import Camera, CameraState
from governance.places import LonLat
from governance.wall import Slot, Stream

EDGE_PX = 4


class VideoBody(SlotBody):
    """One tile and its feed."""

    def __init__(self, seat: WallSeat, slot: Slot, parent: QWidget) -> None:
        """Nothing is opened before it is seen."""
        super().__init__(seat, slot, parent)
        near = Nearby(self._camera(), 0.0, True)
        self.tile = Tile(near, self._say(), seat.palette, self, SCALE, tells_distance=False)
        self.tile.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._feed: Feed | None = None

    @property
    def title(self) -> str:
        """The camera's name."""
        return self.tile.near.camera.name

    @property
    def has_head(self) -> bool:
        """The caption of the tile says what it is and how old."""
        return False

    def sight(self) -> str:
        """State of the picture."""
        return str(self.tile.sight)

    def age_s(self) -> float | None:
        """Age of the last picture."""
        return None if self._feed is None else self._feed.watch().age_s(self.seat.steady())

    def tick(self) -> None:
        """The newest picture, and what is true of it now; of a camera that is known here that is told."""
        if self._feed is None:
            return
        self.tile.show_now(self._feed.watch(), self._feed.picture(), self.seat.steady())
        known = self.seat.situation.cameras.get(self.slot.camera)
        if known is not None:
            self.seat.told(known, self.tile.sight)

    def cameras_changed(self) -> None:
        """It may be another now."""
        self.look()

    def look(self) -> None:
        """Its name may be known now."""
        camera = self._camera()
        if camera != self.tile.near.camera:
            self.tile.look(Nearby(camera, 0.0, True))
            self.tile.update()

    def put_away(self) -> None:
        """Let go of the stream."""
        if self._feed is not None:
            self._feed.close()
            self._feed = None

    def showEvent(self, event: QShowEvent) -> None:
        """Open the stream."""
        super().showEvent(event)
        if self._feed is None:
            self._feed = self.seat.player.open(self.slot.camera, self.seat.address_of, *self._pixels())
            self._feed.select(self.slot.stream is Stream.MAIN)
            self.tick()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The picture is as large as fits."""
        super().resizeEvent(event)
        self.tile.setGeometry(self.rect().adjusted(EDGE_PX, 0, -EDGE_PX, -EDGE_PX))
        if self._feed is not None:
            self._feed.resize(*self._pixels())

    def _pixels(self) -> tuple[int, int]:
        box, ratio = self.tile.picture_box(), self.devicePixelRatioF()
        return round(box.width() * ratio), round(box.height() * ratio)

    def _camera(self) -> Camera:
        """The camera as it is known here; by its code alone where it is not."""
        known = self.seat.situation.cameras.get(self.slot.camera)
        return known or Camera(self.slot.camera, self.slot.camera, LonLat(0, 0), "", "", 0, 0, 0, 0, CameraState.OFFLINE)

    def _say(self) -> Say:
        """The words of tiles; nobody clicks on a wall."""
        say, words = say_in(self.seat.words.language), self.seat.words
        return lambda key: words("wall.retry") if key == "video.retry" else say(key)
