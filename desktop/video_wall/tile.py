"""One camera's picture and what it is worth: name, id, state by shape and word, and the age of the picture."""

from __future__ import annotations

import time

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop.style.palette import NIGHT, Palette
from desktop.style.type_face import BASE_PX, SMALL_PX
from desktop.video_wall.nearby import Nearby
from desktop.video_wall.players import Picture
from desktop.video_wall.sight_words import Shown, shown_words
from desktop.video_wall.slots import WHOLE, Zoom
from desktop.video_wall.tile_pieces import Plate, elided, face_of, mark, metrics_of, plate, width_px
from desktop.video_wall.watchdog import Sight, Watch
from desktop.video_wall.words import Say

NAME_LINE, ID_LINE = 22, 16
CAPTION_PX = NAME_LINE + ID_LINE
TWO_LINES_FROM_PX = 116
MARK_PX = 10
SEAM_PX = 2
"""A picture is scaled to even pixels; where it is this little too small it fills the box, for a seam looks like a fault."""
WARNINGS = (Sight.STALE, Sight.FROZEN, Sight.RECONNECTING)
DENIED = (Sight.REFUSED, Sight.WRONG_ADDRESS, Sight.NO_VIDEO)
AS_IT_WAS = (Sight.LIVE, Sight.PLAYBACK)
"""States whose picture keeps its colours: the past has a frame of its own instead."""
PAST_FRAME_PX = 3
RETRY_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class Tile(QWidget):
    """Paints one camera. What is not live is grey and says why, what was is framed; emits only the wish to try again."""

    retry_wished = Signal()

    def __init__(
        self, near: Nearby, say: Say, palette: Palette = NIGHT, parent: QWidget | None = None, scale: float = 1.0,
        tells_distance: bool = True,
    ) -> None:  # fmt: skip
        """A tile of a camera; `scale`: how much larger than at a desk its words are."""
        super().__init__(parent)
        self._scale, self._tells_distance = scale, tells_distance
        self._near = near
        self._say = say
        self._palette = palette
        self._picture: Picture | None = None
        self._grey: tuple[int, QImage] | None = None
        self._shown = Shown(Sight.WAITING, "", "", "", "", "")
        self._drawn: tuple[object, ...] = ()
        self._moment = ""
        self._zoom, self._is_locked, self._is_chosen = WHOLE, False, False
        self.painting_s = 0.0
        """How long its last painting took."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    @property
    def near(self) -> Nearby:
        """The camera it is for, and how it lies to the place."""
        return self._near

    @property
    def sight(self) -> Sight:
        """The state it shows."""
        return self._shown.sight

    @property
    def badge(self) -> str:
        """State and age as the officer reads them."""
        return self._shown.badge

    def wear(self, say: Say, palette: Palette) -> None:
        """Speak another language, wear other colours."""
        self._say, self._palette, self._drawn = say, palette, ()
        self.update()

    def look(self, near: Nearby) -> None:
        """The same camera, seen from another place."""
        self._near, self._drawn = near, ()

    def become(self, near: Nearby) -> None:
        """Another camera from now on. It is painted with the next `show_now`, which has nothing of the one before."""
        self._near, self._drawn = near, ()
        self._picture, self._grey = None, None
        self._shown = Shown(Sight.WAITING, "", "", "", "", "")

    def dress(self, zoom: Zoom, is_locked: bool, is_chosen: bool) -> None:
        """Show a part of the picture, a lock where another camera may not take its place, a frame where it is chosen."""
        dressed = (zoom, is_locked, is_chosen)
        if dressed != (self._zoom, self._is_locked, self._is_chosen):
            self._zoom, self._is_locked, self._is_chosen = dressed
            self.update()

    def tell_moment(self, moment: str) -> None:
        """When the picture was that is played back, in words; it stands in the sign that tells the past from the present."""
        if moment != self._moment:
            self._moment = moment
            self.update()

    def show_now(self, watch: Watch, picture: Picture | None, now: float) -> bool:
        """Show the newest picture and what is true of it now; repaints only where that changes a pixel, and says whether."""
        shown = shown_words(watch, now, self._say)
        before = (self._shown.kind, self._shown.reason, self._shown.stream)
        is_new_state = (shown.kind, shown.reason, shown.stream) != before or not self._drawn
        self._shown, self._picture = shown, picture
        drawn = (None if picture is None else picture.number, shown)
        is_changed = drawn != self._drawn
        if is_changed:
            is_picture_alone = bool(self._drawn) and drawn[1] == self._drawn[1]
            self._drawn = drawn
            if is_picture_alone:
                self.update(self.picture_box())
            else:
                self.update()
        if is_new_state:
            self.setToolTip(self._tip())
            self.setAccessibleName(f"{self._near.camera.name} {shown.kind}")
            self.setCursor(Qt.CursorShape.PointingHandCursor if self._is_down() else Qt.CursorShape.ArrowCursor)
        return is_changed

    def picture_box(self) -> QRect:
        """Where the camera's area is in this widget: 16:9, above the caption."""
        high = max(9, self.height() - self._caption_px())
        wide = min(self.width(), high * 16 // 9)
        if self.width() - wide <= SEAM_PX:
            return QRect(0, 0, self.width(), high)
        high = min(high, wide * 9 // 16)
        return QRect((self.width() - wide) // 2, 0, wide, high)

    def image_box(self) -> QRect:
        """Where the picture itself is painted: letterboxed where it is not 16:9."""
        box = self.picture_box()
        if self._picture is None:
            return box
        size = self._picture.image.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if box.width() - size.width() <= SEAM_PX and box.height() - size.height() <= SEAM_PX:
            return box
        return QRect(
            box.x() + (box.width() - size.width()) // 2, box.y() + (box.height() - size.height()) // 2,
            size.width(), size.height(),
        )  # fmt: skip

    def mousePressEvent(self, pressed: QMouseEvent) -> None:
        """A click on a tile that is down tries again."""
        if pressed.button() is Qt.MouseButton.LeftButton and self._is_down():
            self.retry_wished.emit()

    def keyPressEvent(self, pressed: QKeyEvent) -> None:
        """Enter or space on a tile that is down tries again; other keys go on to the window."""
        if pressed.key() in RETRY_KEYS and self._is_down() and not pressed.isAutoRepeat():
            self.retry_wished.emit()
        else:
            pressed.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, what covers it when it is not live, and the caption; the picture alone where that is asked for."""
        began = time.monotonic()
        painter, is_whole = QPainter(self), not self.picture_box().contains(event.rect())
        if is_whole:
            painter.fillRect(self.rect(), QColor(self._palette.panel))
        self._paint_picture(painter)
        if self._shown.sight not in AS_IT_WAS:
            self._paint_state(painter)
        self._paint_marks(painter)
        if is_whole:
            self._paint_caption(painter)
        if self.hasFocus() or self._is_chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._palette.focus), 2))
            painter.drawRect(self.picture_box().adjusted(1, 1, -1, -1))
        self.painting_s = time.monotonic() - began

    def _is_down(self) -> bool:
        return self._shown.sight in DENIED or self._shown.sight in (Sight.RECONNECTING, Sight.ENDED)

    def _caption_px(self) -> int:
        return self._px(CAPTION_PX if self.height() >= self._px(TWO_LINES_FROM_PX) else NAME_LINE)

    def _px(self, pixels: float) -> int:
        """Pixels of a desk, as large as they are here."""
        return round(pixels * self._scale)

    def _colour(self) -> str:
        """The colour of the state; the words carry it too."""
        sight = self._shown.sight
        if sight is Sight.LIVE:
            return self._palette.live
        if sight in (Sight.PLAYBACK, Sight.ENDED):
            return self._palette.past
        if sight in WARNINGS:
            return self._palette.urgent
        return self._palette.immediate if sight in DENIED else self._palette.dim

    def _paint_picture(self, painter: QPainter) -> None:
        box = self.picture_box()
        painter.fillRect(box, QColor(self._palette.ground))
        if self._picture is None:
            painter.setPen(QPen(QColor(self._palette.line), 1))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
            return
        target = self.image_box()
        is_scaled = target.size() != self._picture.image.size() or self._zoom.times > 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, is_scaled)
        image, part = self._picture.image, self._part_of(self._picture.image)
        if self._shown.sight in AS_IT_WAS:
            painter.drawImage(QRectF(target), image, part)
            if self._shown.sight is Sight.PLAYBACK:
                self._paint_past(painter, target)
            return
        painter.drawImage(QRectF(target), self._greyed(self._picture), part)
        painter.fillRect(target, QColor(0, 0, 0, 90))

    def _paint_past(self, painter: QPainter, target: QRect) -> None:
        """The broken frame and the word that tell the past from the present, as on the map."""
        thick = self._px(PAST_FRAME_PX)
        inset = thick // 2 + 1
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self._palette.past), thick, Qt.PenStyle.DashLine))
        painter.drawRect(target.adjusted(inset, inset, -inset, -inset))
        small = self._px(SMALL_PX)
        said = f"{self._shown.badge}  {self._moment}".rstrip()
        wide = width_px(said, small, bold=True) + 12  # in the middle: cameras write their time in the corners
        sign = QRect(target.center().x() - wide // 2, target.top(), wide, metrics_of(small, bold=True).height() + 4)
        painter.fillRect(sign, QColor(self._palette.past))
        painter.setFont(face_of(small, bold=True))
        painter.setPen(QColor(self._palette.on_past))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, said)

    def _part_of(self, image: QImage) -> QRectF:
        """The part of the picture that is shown, in its pixels."""
        left, top, size = self._zoom.part()
        wide, high = image.width(), image.height()
        return QRectF(left * wide, top * high, size * wide, size * high)

    def _paint_marks(self, painter: QPainter) -> None:
        """In the corner of the picture: how many times it is enlarged, and that it is locked."""
        marks = [f"{self._zoom.times:.1f}×"] if self._zoom.times > 1.0 else []
        marks += [self._say("video.locked")] if self._is_locked else []
        if not marks:
            return
        text, small, box = " · ".join(marks), self._px(SMALL_PX), self.picture_box()
        sign = QRectF(box.left() + 4, box.top() + 4, width_px(text, small) + 10, metrics_of(small).height() + 2)
        ground = QColor(self._palette.ground)
        ground.setAlpha(215)
        painter.fillRect(sign, ground)
        painter.setFont(face_of(small))
        painter.setPen(QColor(self._palette.text))
        painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, text)

    def _greyed(self, picture: Picture) -> QImage:
        if self._grey is None or self._grey[0] != picture.number:
            self._grey = (picture.number, picture.image.convertToFormat(QImage.Format.Format_Grayscale8))
        return self._grey[1]

    def _paint_state(self, painter: QPainter) -> None:
        """The state in the middle of the picture, so that nobody takes it for live."""
        box, worn = self.picture_box(), self._palette
        image = plate(
            Plate(
                self._shown.sight, tuple(text for text in (self._shown.headline, self._shown.hint) if text), box.width() - 24,
                self._px(BASE_PX), self._px(SMALL_PX), self._px(MARK_PX * 1.6), self._colour(), worn.text, worn.dim,
                "" if self._picture is None else worn.ground, self.devicePixelRatioF(),
            )
        )  # fmt: skip
        size = image.deviceIndependentSize()
        painter.drawImage(
            QPointF(box.x() + (box.width() - size.width()) // 2, box.y() + (box.height() - size.height()) // 2), image
        )

    def _paint_caption(self, painter: QPainter) -> None:
        """Name and state on the first line, id and distance on the second."""
        box = self.picture_box()
        row = QRect(box.left(), box.bottom() + 1, box.width(), self._px(NAME_LINE))
        small, mark_px = self._px(SMALL_PX), self._px(MARK_PX)
        name, badge = self._near.camera.name, self._shown.badge
        # The state stands in the picture as well when it is not live: then the name goes before its words.
        if self._shown.sight not in AS_IT_WAS and width_px(name, small) + width_px(badge, small) + 3 * mark_px > row.width():
            badge = ""
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.setFont(face_of(small))
        painter.setPen(QColor(self._colour()))
        painter.drawText(row, right | middle, badge)
        mark_x = row.right() - width_px(badge, small) - (mark_px if badge else mark_px // 2)
        drawn = mark(self._shown.sight, mark_px * 0.9, self._colour(), self.devicePixelRatioF())
        half = drawn.deviceIndependentSize().width() / 2
        painter.drawImage(QPointF(mark_x - half, row.center().y() - half), drawn)
        painter.setPen(QColor(self._palette.text))
        room = mark_x - mark_px - row.left()
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | middle, elided(name, small, Qt.TextElideMode.ElideMiddle, room))
        if self._caption_px() > self._px(NAME_LINE):
            self._paint_id_line(painter, row.translated(0, self._px(NAME_LINE - 3)), small)

    def _paint_id_line(self, painter: QPainter, row: QRect, small: int) -> None:
        painter.setPen(QColor(self._palette.dim))
        far = self._far()
        if far:
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, far)
        room = row.width() - width_px(far, small) - 8
        shown = elided(self._near.camera.id, small, Qt.TextElideMode.ElideLeft, room)
        painter.drawText(row, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, shown)

    def _far(self) -> str:
        """How far the camera is from the place; empty where none is asked about."""
        far_m = self._near.distance_m
        return "" if far_m is None or not self._tells_distance else f"{far_m:.0f} {self._say('video.metres')}"

    def _tip(self) -> str:
        camera = self._near.camera
        sees = self._say("video.sees" if self._near.sees else "video.blind")
        lines = [
            camera.name, camera.id, f"{self._say('video.owner')} {camera.owner}",
            f"{self._far()} · {sees}" if self._far() else "",
            self._shown.kind, self._shown.stream, self._shown.reason, self._shown.hint,
        ]  # fmt: skip
        return "\n".join(line for line in lines if line)
