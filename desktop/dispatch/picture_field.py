"""Pictures put to a form: chosen, dropped or pasted, each before, during or after; on their way while the words are typed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QImageReader, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.dispatch.fields import TextField, WrappedLine
from desktop.dispatch.picture_row import PictureRow
from desktop.photos import Photos, Picture
from desktop.seat import Seat
from governance.incident import Attachment
from governance.refusal import Refused
from wire.frames import PHOTO_LIMIT
from wire.photo_requests import kind_of

MOST = 9
"""Pictures of one order."""
STAGES = ("before", "during", "after")


def pictures_in(mime: QMimeData) -> bool:
    """Whether something pasted or dropped is a picture, or files."""
    return mime.hasImage() or (mime.hasUrls() and all(url.isLocalFile() for url in mime.urls()))


class PastingText(TextField):
    """A text that hands over pictures pasted or dropped into it."""

    def __init__(self, hint: str, lines: int, take: Callable[[QMimeData], None]) -> None:
        """An empty text; `take` gets the pictures."""
        super().__init__(hint, lines)
        self._take = take

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Words, or pictures."""
        return pictures_in(source) or super().canInsertFromMimeData(source)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Words are inserted, pictures handed over."""
        if pictures_in(source):
            self._take(source)
        else:
            super().insertFromMimeData(source)


class PictureField(QWidget):
    """A button, and a row for each picture. What cannot be taken is refused by `refused`; nothing else is lost by it."""

    changed = Signal()
    refused = Signal(object)
    """Refused: why a picture is not taken, or did not go."""

    def __init__(self, seat: Seat, photos: Photos, stage: str, is_needed: bool) -> None:
        """No picture; a new one is of this stage."""
        super().__init__()
        self._seat, self._photos, self._stage = seat, photos, stage
        self.rows: list[PictureRow] = []
        self._there: set[str] = set()
        self._failed: dict[str, Refused] = {}
        self.button, self.hint = QPushButton(), WrappedLine()
        words = seat.words
        self.button.setText(words("pictures.add"))
        self.button.setToolTip(words("pictures.add.tip"))
        self.button.setAutoDefault(False)
        self.hint.setText(words("pictures.needed" if is_needed else "pictures.hint"))
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.hint, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        self.setFocusProxy(self.button)
        self.setAcceptDrops(True)
        self.button.clicked.connect(self.choose)
        photos.went.connect(self._went)

    # ---- what is there --------------------------------------------------------------------------------------------

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The pictures, in the order they came."""
        return tuple(row.picture for row in self.rows)

    @property
    def named(self) -> tuple[Attachment, ...]:
        """As an order names them."""
        return tuple(picture.as_named for picture in self.pictures)

    @property
    def are_there(self) -> bool:
        """Whether the server has all of them."""
        return all(picture.sha256 in self._there for picture in self.pictures)

    @property
    def failed(self) -> Refused | None:
        """Why one of them is not with the server, and not on its way."""
        return next((self._failed[each.sha256] for each in self.pictures if each.sha256 in self._failed), None)

    def stop(self) -> None:
        """Listen to nothing any more."""
        self._photos.went.disconnect(self._went)

    # ---- how pictures come ----------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Have files chosen."""
        words = self._seat.words
        kinds = f"{words('photos.title')} (*.jpg *.jpeg *.png *.webp)"
        dialog = QFileDialog(self, words("pictures.choose"), str(Path.home()), kinds)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda names: self.take_files([Path(name) for name in names]))
        dialog.open()

    def take_mime(self, mime: QMimeData) -> None:
        """Take what was pasted or dropped: files, or a picture out of a picture program."""
        if mime.hasUrls():
            self.take_files([Path(url.toLocalFile()) for url in mime.urls()])
            return
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            self._take_each([(self._seat.words("pictures.pasted"), _encoded(image))])

    def take_files(self, paths: list[Path]) -> None:
        """Take files; the first that cannot be taken is told of, the others are taken."""
        found: list[tuple[str, bytes]] = []
        refused: Refused | None = None
        for path in paths:
            try:
                if path.stat().st_size > PHOTO_LIMIT:
                    raise Refused("photo_too_large", "attachments", most=str(PHOTO_LIMIT // 1_000_000))
                found.append((path.name, path.read_bytes()))
            except OSError:
                refused = refused or Refused("photo_unreadable", "attachments", name=path.name)
            except Refused as no:
                refused = refused or no
        self._take_each(found, refused)

    def take_bytes(self, name: str, data: bytes) -> None:
        """Take a picture that is there already, under a name."""
        self._take_each([(name, data)])

    def put_back(self, pictures: tuple[Picture, ...]) -> None:
        """Put pictures in that were put to this form before."""
        for picture in pictures:
            if all(row.picture.sha256 != picture.sha256 for row in self.rows):
                self._add(picture)

    def bring_again(self, *, all_of_them: bool = False) -> None:
        """Bring those that are not there: after a failure, or (all) where the server has lost them."""
        if all_of_them:
            self._failed |= {each.sha256: Refused("no_such_bytes", "attachments") for each in self.pictures}
            self._there.clear()
        for picture in self.pictures:
            if self._failed.pop(picture.sha256, None) is not None:
                self._photos.bring(picture)
        self._tell()

    def _take_each(self, found: list[tuple[str, bytes]], refused: Refused | None = None) -> None:
        for name, data in found:
            try:
                self._add(self._taken(name, data))
            except Refused as no:
                refused = refused or no
        if found:
            self.changed.emit()
        if refused is not None:
            self.refused.emit(refused)

    def _taken(self, name: str, data: bytes) -> Picture:
        """A picture out of bytes; Refused where it is none that can be taken."""
        kind, sha256 = kind_of(data), hashlib.sha256(data).hexdigest()
        if len(data) > PHOTO_LIMIT:
            raise Refused("photo_too_large", "attachments", most=str(PHOTO_LIMIT // 1_000_000))
        if not kind or _thumbnail(data).isNull():
            raise Refused("photo_bad", "attachments")
        if len(self.rows) >= MOST:
            raise Refused("photos_too_many", "attachments", most=str(MOST))
        if any(row.picture.sha256 == sha256 for row in self.rows):
            raise Refused("photo_twice", "attachments")
        return Picture(uuid4(), sha256, kind, name, self._stage, data)

    def _add(self, picture: Picture) -> None:
        row = PictureRow(self._seat, picture, _thumbnail(picture.data))
        row.removed.connect(lambda: self._remove(row))
        row.changed.connect(self.changed)
        self.rows.append(row)
        self._column.addWidget(row)
        self._photos.bring(picture)
        self._tell()

    def _remove(self, row: PictureRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _went(self, sha256: str, refused: Refused | None) -> None:
        """A picture is there, or is not."""
        if all(picture.sha256 != sha256 for picture in self.pictures):
            return
        if refused is None:
            self._there.add(sha256)
        else:
            self._failed[sha256] = refused
        self._tell()
        if refused is not None:
            self.refused.emit(refused)
        else:
            self.changed.emit()

    def _tell(self) -> None:
        for row in self.rows:
            sha256 = row.picture.sha256
            row.tell("there" if sha256 in self._there else "failed" if sha256 in self._failed else "going")

    # ---- hands ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+V takes what was copied."""
        if event.matches(QKeySequence.StandardKey.Paste) and pictures_in(QGuiApplication.clipboard().mimeData()):
            self.take_mime(QGuiApplication.clipboard().mimeData())
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Pictures may be dropped."""
        if pictures_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self.take_mime(event.mimeData())
        event.acceptProposedAction()


def _thumbnail(data: bytes) -> QImage:
    """A picture fitted into a row; a null image where it cannot be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(88, 66), Qt.AspectRatioMode.KeepAspectRatio).expandedTo(QSize(1, 1)))
    return reader.read()


def _encoded(image: QImage) -> bytes:
    """A picture out of a picture program as a file: PNG, or JPEG where that is too large."""
    for kind in ("PNG", "JPG"):
        raw = QByteArray()
        buffer = QBuffer(raw)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, kind)  # type: ignore[call-overload]
        if len(data := bytes(raw.data())) <= PHOTO_LIMIT:
            break
    return data
