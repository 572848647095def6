"""The photos of a case on its card: small in a row, one of them large in place below the row."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.seat import Seat
from desktop.style.type_face import SMALL_PX, face
from governance.incident import Attachment, Case

THUMB = QSize(88, 66)
LARGE_SHARE = 0.75
"""Height of a large photo over the width of the card."""
MOST = 24


def photos_of(case: Case) -> tuple[Attachment, ...]:
    """The photos of a case: those of its reports, then those of its tasks; each once."""
    found = [photo for report in case.reports for photo in report.attachments]
    found += [photo for task in case.assignments for photo in task.attachments]
    return tuple({photo.sha256: photo for photo in found if photo.mime.startswith("image/")}.values())


class PhotoView(QAbstractButton):
    """One photo, drawn into its place; what it waits for or why it is not there stands in it as text."""

    stepped = Signal(int)

    def __init__(self, seat: Seat, photo: Attachment, parent: QWidget | None = None) -> None:
        """A place for a photo."""
        super().__init__(parent)
        self._seat, self.photo = seat, photo
        self._picture: QPixmap | None = None
        self._drawn_at = QSize()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def look_again(self) -> None:
        """The photo came, or will not."""
        self._drawn_at = QSize()
        self.update()

    def said(self) -> str:
        """What stands in the place of the photo; empty where it is drawn."""
        words, photos = self._seat.words, self._seat.photos
        if photos is None or photos.reason(self.photo):
            return words("photos.failed")
        if self._picture is None:
            return words("photos.loading")
        return words("photos.damaged") if self._picture.isNull() else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the photo fitted into the widget."""
        if self._drawn_at != self.size() and self._seat.photos is not None:
            self._drawn_at = self.size()
            image = self._seat.photos.image(self.photo, self.size() - QSize(4, 4), self.devicePixelRatioF())
            self._picture = None if image is None else QPixmap.fromImage(image)
        palette, painter = self._seat.palette, QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.ground))
        said = self.said()
        if said:
            painter.setFont(face(SMALL_PX))
            painter.setPen(QColor(palette.dim))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), said)
        elif self._picture is not None:
            size = self._picture.deviceIndependentSize().toSize()
            place = QRect(QPoint((self.width() - size.width()) // 2, (self.height() - size.height()) // 2), size)
            painter.drawPixmap(place, self._picture)
        marked = self.isChecked() or self.hasFocus()
        painter.setPen(QColor(palette.focus if marked else palette.line))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is a click; the arrows go to the next photo."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


class PhotoStrip(QWidget):
    """All photos of the shown case. Nothing is fetched before a case with photos is shown."""

    def __init__(self, seat: Seat, parent: QWidget | None = None) -> None:
        """No photo."""
        super().__init__(parent)
        self._seat = seat
        self._photos: tuple[Attachment, ...] = ()
        self.views: list[PhotoView] = []
        self.large: PhotoView | None = None
        self.title, self.keys = QLabel(), QLabel()
        self.title.setProperty("look", "name")
        self.keys.setProperty("look", "dim")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.keys)
        self._grid = QGridLayout()
        self._grid.setSpacing(6)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 6, 0, 4)
        self._column.setSpacing(6)
        self._column.addLayout(head)
        self._column.addLayout(self._grid)
        if seat.photos is not None:
            seat.photos.came.connect(self._came)
        self.hide()

    def show_case(self, case: Case | None) -> None:
        """Show the photos of a case; the large one stays while the photos are the same."""
        photos = photos_of(case)[:MOST] if case is not None else ()
        if photos != self._photos:
            self.close_large()
            self._photos = photos
            self._fill()
        for photo in photos:
            if self._seat.photos is not None:
                self._seat.photos.ask(photo)
        self.retell()

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._photos)

    def enlarge_next(self) -> bool:
        """Show the next photo large, beginning with the first; False where there is none."""
        if not self.views:
            return False
        at = next((n for n, view in enumerate(self.views) if view.isChecked()), -1)
        self._enlarge((at + 1) % len(self.views))
        return True

    def close_large(self) -> bool:
        """Put the large photo away; False where there was none."""
        if self.large is None:
            return False
        had_keys = self.large.hasFocus()
        self._column.removeWidget(self.large)
        self.large.hide()
        self.large.deleteLater()
        self.large = None
        for view in self.views:
            if view.isChecked():
                view.setChecked(False)
                if had_keys:
                    view.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def retell(self) -> None:
        """Say everything again, in the language of now."""
        words = self._seat.words
        self.title.setText(f"{words('photos.title')} {len(self.views)}")
        self.keys.setText(words("photos.keys"))
        for number, view in enumerate(self.views):
            stage = f"photos.stage.{view.photo.stage}"
            said = words(stage) if words.has(stage) else view.photo.stage
            view.setToolTip(words("photos.tip", stage=said, number=number + 1, count=len(self.views)))
            view.update()

    def resizeEvent(self, event: object) -> None:
        """As many in a row as fit."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the photos means nothing."""
        event.accept()

    def _fill(self) -> None:
        for view in self.views:
            self._grid.removeWidget(view)
            view.hide()
            view.deleteLater()
        self.views = []
        for number, photo in enumerate(self._photos):
            view = PhotoView(self._seat, photo)
            view.setCheckable(True)
            view.setFixedSize(THUMB)
            view.clicked.connect(lambda _on=False, chosen=number: self._toggle(chosen))
            view.stepped.connect(lambda step, at=number: self.views[(at + step) % len(self.views)].setFocus())
            self.views.append(view)
        self._place()

    def _place(self) -> None:
        columns = max(1, (self.width() + 6) // (THUMB.width() + 6))
        for number, view in enumerate(self.views):
            self._grid.addWidget(view, number // columns, number % columns)
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._grid.setColumnStretch(columns, 1)
        if self.large is not None:
            self.large.setFixedHeight(round(self.width() * LARGE_SHARE))

    def _toggle(self, number: int) -> None:
        if self.large is not None and self.large.photo is self.views[number].photo:
            self.close_large()
        else:
            self._enlarge(number)

    def _enlarge(self, number: int) -> None:
        self.close_large()
        self.views[number].setChecked(True)
        self.large = PhotoView(self._seat, self.views[number].photo)
        self.large.setFixedHeight(round(self.width() * LARGE_SHARE))
        self.large.clicked.connect(self.close_large)
        self.large.stepped.connect(lambda step: self._enlarge((number + step) % len(self.views)))
        self._column.addWidget(self.large)
        self.large.setFocus(Qt.FocusReason.OtherFocusReason)

    def _came(self, sha256: str) -> None:
        """A photo came, or will not; one that failed in the last session is asked for again."""
        for view in (*self.views, *((self.large,) if self.large is not None else ())):
            if view.photo.sha256 == sha256:
                view.look_again()
                if self._seat.photos is not None:
                    self._seat.photos.ask(view.photo)
