"""Photos of reports and tasks: asked of the server when somebody looks, or brought to it; kept in memory only."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from desktop.link.from_server import Brought, BytesCame
from desktop.link.to_server import Bring, Fetch
from governance.incident import Attachment

KEPT_BYTES = 67_108_864


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that an officer put to a form."""

    id: UUID
    sha256: str
    mime: str
    name: str
    stage: str
    """before, during, after."""
    data: bytes = field(repr=False)

    @property
    def as_named(self) -> Attachment:
        """How an order names it."""
        return Attachment(self.id, self.sha256, self.mime, len(self.data), self.stage)


class Photos(QObject):
    """The bytes of the photos looked at last. Main thread only."""

    came = Signal(str)
    """sha256 of a photo that arrived, or of which it is known now that it will not."""

    went = Signal(str, object)
    """sha256 of a photo, and Refused or None: it is with the server, or why it is not."""

    def __init__(self, submit: Callable[[Fetch | Bring], object], parent: QObject | None = None) -> None:
        """No photo yet; `submit` must not block."""
        super().__init__(parent)
        self._submit = submit
        self._bytes: OrderedDict[str, bytes] = OrderedDict()
        self._asked: set[str] = set()
        self._failed: dict[str, str] = {}
        self.kept: dict[str, tuple[Picture, ...]] = {}
        """Name of a draft -> the pictures that were put to it: while the desk runs, never on disk."""

    def ask(self, photo: Attachment) -> None:
        """Have a photo fetched, unless it is there, on its way, or was refused in this session."""
        if photo.sha256 in self._bytes or photo.sha256 in self._asked or photo.sha256 in self._failed:
            return
        self._asked.add(photo.sha256)
        self._submit(Fetch(photo.sha256, photo.size))

    def bring(self, picture: Picture) -> None:
        """Have a picture brought to the server; `went` tells how that ended."""
        self._submit(Bring(picture.sha256, picture.data))

    def answer(self, message: BytesCame | Brought) -> None:
        """Take what the link says; the photos looked at longest ago go when there are more than 64 MiB."""
        if isinstance(message, Brought):
            self.went.emit(message.sha256, message.refused)
            return
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
