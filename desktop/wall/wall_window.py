"""The one window of a wall, over all its screens: lays out the slots and says in one line what is wrong with the wall."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QLabel, QWidget

from desktop.style.type_face import BASE_PX, family
from desktop.video_wall.arrangement import Box
from desktop.wall.placing import placed
from desktop.wall.slot_frame import SlotFrame
from desktop.wall.wall_seat import SCALE, WallSeat
from governance.wall import Layout, Slot, SlotShown, WallStanding
from governance.wall_pop_ups import shown_now, still_up


class WallWindow(QWidget):
    """No pointer, no keys but Ctrl+Q. Main thread only."""

    closing = Signal()

    def __init__(self, seat: WallSeat, screens: Callable[[], Sequence[Box]] | None = None, has_gl: bool = False) -> None:
        """`screens`: where they lie within this window, all of it where not given. `has_gl`: a map will draw by OpenGL."""
        super().__init__()
        if has_gl:  # a window that gets its first OpenGL child later is taken down and made anew by Qt
            self._first_gl = QOpenGLWidget(self)
            self._first_gl.resize(1, 1)
            self._first_gl.lower()
        self._seat = seat
        self._screens = screens or self._alone
        self._layout = Layout(1, 1, ())
        self.frames: list[SlotFrame] = []
        self.setWindowTitle(seat.words("app.name"))
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.notice = QLabel(self)
        self.notice.setTextFormat(Qt.TextFormat.PlainText)
        self.notice.setWordWrap(True)
        self.notice.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.notice.hide()
        palette, colours = seat.palette, self.palette()
        colours.setColor(QPalette.ColorRole.Window, QColor(palette.ground))
        self.setPalette(colours)
        self.setAutoFillBackground(True)
        self.notice.setStyleSheet(
            f'background: {palette.wash}; color: {palette.text}; font-family: "{family()}"; '
            f"font-size: {round(BASE_PX * SCALE)}px; padding: 6px 16px;"
        )

    def show_standing(self, standing: WallStanding) -> None:
        """Show this; a slot that shows the same as before goes on undisturbed, wherever it lies now."""
        now = self._seat.now()
        slots = shown_now(standing, now)
        over = {each.slot: each for each in still_up(standing, now)}
        self._layout = standing.layout
        before, self.frames = self.frames, [self._frame(number, slot) for number, slot in enumerate(slots, start=1)]
        for frame in self.frames:
            frame.pop(over.get(frame.number) if frame.slot.camera else None)
        self.place()
        for frame in before:  # after the others were opened: a camera that only moved goes on decoding
            if frame not in self.frames:
                frame.put_away()

    def shown(self) -> tuple[SlotShown, ...]:
        """What every slot truly shows."""
        return tuple(frame.shown() for frame in self.frames)

    def say(self, text: str) -> None:
        """What is wrong with the wall itself, below its slots and in the window's title; empty takes it away."""
        if text != self.notice.text():
            self.notice.setText(text)
            self.setWindowTitle(" · ".join((self._seat.words("app.name"), *text.splitlines())))
            self.notice.setVisible(bool(text))
            self.place()

    def place(self) -> None:
        """Every slot where the layout has it on the screens there are now."""
        first, *others = self._screens()
        low = self._place_notice(first)
        screens = [Box(first.left, first.top, first.width, max(first.height - low, 1)), *others]
        for frame, box in zip(self.frames, placed(self._layout, screens), strict=True):
            frame.setGeometry(box.left, box.top, box.width, box.height)
            frame.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The screens have another size."""
        super().resizeEvent(event)
        self.place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Q ends it; nothing else does anything."""
        if event.key() == Qt.Key.Key_Q and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so, and let go of every stream."""
        self.closing.emit()
        for frame in self.frames:
            frame.body.put_away()
        super().closeEvent(event)

    def _frame(self, number: int, slot: Slot) -> SlotFrame:
        """The frame that shows this already, at this number first; else a new one."""
        same = [frame for frame in self.frames if frame.number == number and frame.shows_the_same(slot)]
        if same:
            same[0].slot = slot
            return same[0]
        return SlotFrame(number, slot, self._seat, self)

    def _alone(self) -> list[Box]:
        return [Box(0, 0, self.width(), self.height())]

    def _place_notice(self, screen: Box) -> int:
        """Below the slots of the first screen, which make room for it; how high it is."""
        if self.notice.isHidden():
            return 0
        high = self.notice.heightForWidth(screen.width)
        self.notice.setGeometry(screen.left, screen.top + screen.height - high, screen.width, high)
        self.notice.raise_()
        return high
