"""Photos of reports and tasks: asked of the server when somebody looks, kept in memory only, decoded to the size shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from desktop.link.from_server import BytesCame
from desktop.link.to_server import Fetch
from governance.incident import Attachment

KEPT_BYTES = 67_108_864


class Photos(QObject):
    """The bytes of the photos looked at last. Main thread only."""

    came = Signal(str)
    """sha256 of a photo that arrived, or of which it is known now that it will not."""

    def __init__(self, submit: Callable[[Fetch], object], parent: QObject | None = None) -> None:
        """No photo yet; `submit` must not block."""
        super().__init__(parent)
        self._submit = submit
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._asked: set[str] = set()
        self._failed: dict[str, str] = {}

    def ask(self, photo: Attachment) -> None:
        """Have a photo fetched, unless it is there, on its way, or was refused in this session."""
        if photo.sha256 in self._bytes or photo.sha256 in self._asked or photo.sha256 in self._failed:
            return
        self._asked.add(photo.sha256)
        self._submit(Fetch(photo.sha256, photo.size))

    def answer(self, message: BytesCame) -> None:
        """Take what the link says; the photos looked at longest ago go when there are more than 64 MiB."""
        self._asked.discard(message.sha256)
        if message.data:
            self._bytes[message.sha256] = message.data
            while sum(map(len, self._bytes.values())) > KEPT_BYTES and len(self._bytes) > 1:
                self._bytes.popitem(last=False)
        else:
            self._failed[message.sha256] = message.reason or "no_answer"
        self.came.emit(message.sha256)

    def session_began(self) -> None:
        """What was refused may be asked for again."""
        failed = list(self._failed)
        self._failed.clear()
        for sha256 in failed:
            self.came.emit(sha256)

    def reason(self, photo: Attachment) -> str:
        """Why a photo will not come; empty where it is there or on its way."""
        return self._failed.get(photo.sha256, "")

    def image(self, photo: Attachment, room: QSize, ratio: float = 1.0) -> QImage | None:
        """The photo fitted into so many logical pixels, upright; None while it is not there, a null image if damaged."""
        data = self._bytes.get(photo.sha256)
        if data is None:
            return None
        self._bytes.move_to_end(photo.sha256)
        raw = QByteArray(data)
        buffer = QBuffer(raw)
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        size = reader.size()
        pixels = QSize(round(room.width() * ratio), round(room.height() * ratio))
        if reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90:
            pixels.transpose()
        if size.isValid() and (size.width() > pixels.width() or size.height() > pixels.height()):
            fitted = size.scaled(pixels, Qt.AspectRatioMode.KeepAspectRatio)
            reader.setScaledSize(fitted.expandedTo(QSize(1, 1)))
        picture = reader.read()
        picture.setDevicePixelRatio(ratio)
        return picture
