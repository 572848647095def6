"""One picture put to a form: how it looks, what it shows, whether it is with the server, and away with it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.photos import Picture
from desktop.seat import Seat

SMALL = QSize(44, 33)
STAGES = ("before", "during", "after")


class PictureRow(QWidget):
    """A thumbnail, the name and size, its stage as a button, how it stands, and a button that takes it away."""

    changed = Signal()
    removed = Signal()

    def __init__(self, seat: Seat, picture: Picture, image: QImage) -> None:
        """A row of a picture that is on its way."""
        super().__init__()
        self._seat, self.picture = seat, picture
        self.thumbnail, self.name, self.state = QLabel(), QLabel(), QLabel()
        self.thumbnail.setFixedSize(SMALL)
        self.thumbnail.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.thumbnail.setPixmap(
            QPixmap.fromImage(image).scaled(
                SMALL, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
        )
        self.name.setMinimumWidth(40)
        self.name.setToolTip(picture.name)
        self.stage_button, self.away = QPushButton(), QPushButton("×")
        for button in (self.stage_button, self.away):
            button.setProperty("look", "small")
            button.setAutoDefault(False)
        self.stage_button.setToolTip(seat.words("pictures.stage.tip"))
        self.away.setToolTip(seat.words("pictures.away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.thumbnail)
        row.addWidget(self.name, 1)
        for widget in (self.state, self.stage_button, self.away):
            row.addWidget(widget)
        self.stage_button.clicked.connect(self.next_stage)
        self.away.clicked.connect(self.removed)
        self.tell("going")

    def next_stage(self) -> None:
        """What it shows is the next of before, during, after."""
        stage = STAGES[(STAGES.index(self.picture.stage) + 1) % len(STAGES)]
        self.picture = replace(self.picture, stage=stage)
        self._say()
        self.changed.emit()

    def tell(self, state: str) -> None:
        """Say how it stands: going, there, failed."""
        self.state.setText(self._seat.words(f"pictures.{state}"))
        self.state.setProperty("look", {"going": "dim", "there": "live", "failed": "refused"}[state])
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes it away."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: object) -> None:
        """The name as far as it fits."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._say()

    def _say(self) -> None:
        size = len(self.picture.data)
        said = f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} kB"
        room = self.name.width() - self.name.fontMetrics().horizontalAdvance(f"  {said}")
        short = self.name.fontMetrics().elidedText(self.picture.name, Qt.TextElideMode.ElideMiddle, max(room, 24))
        self.name.setText(f"{short}  {said}")
        self.stage_button.setText(self._seat.words(f"photos.stage.{self.picture.stage}"))
