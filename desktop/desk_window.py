"""The one top-level window: sign-on first, then the officer's desk."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QStackedWidget

from desktop.duty_window import DutyWindow
from desktop.settings import DeskFolder
from desktop.style.palette import THEMES
from desktop.style.sheet import sheet
from desktop.surround.sign_on import SignOnView
from desktop.video_wall.words import say_in
from desktop.words import Words


class DeskWindow(QStackedWidget):
    """Shows one page at a time. Says `closing` before it closes."""

    closing = Signal()

    def __init__(self, words: Words, folder: DeskFolder, theme: str, server: str, has_gl: bool) -> None:
        """The sign-on page."""
        super().__init__()
        self._words, self._folder = words, folder
        self.theme = theme
        self.duty: DutyWindow | None = None
        self.setWindowTitle(words("app.name"))
        self.sign_on = SignOnView(words, server)
        self.sign_on.language_wanted.connect(self._other_language)
        self.addWidget(self.sign_on)
        if has_gl:  # a window that gets its first OpenGL child later is taken down and made anew by Qt
            self._first_gl = QOpenGLWidget(self)
            self._first_gl.resize(1, 1)
            self._first_gl.lower()

    def dress(self) -> None:
        """Put the theme on the window (on the application, Qt 6.9 dies repolishing what was deleted meanwhile)."""
        self.setStyleSheet(sheet(THEMES[self.theme]))

    def show_duty(self, duty: DutyWindow) -> None:
        """Show an officer's desk; the one of another officer is taken away."""
        if self.duty is not None and self.duty is not duty:
            self.duty.put_away()
            self.removeWidget(self.duty)
            self.duty.deleteLater()
        if self.duty is not duty:
            self.duty = duty
            self.addWidget(duty)
        self.setCurrentWidget(duty)
        duty.give_keys_back()

    def show_sign_on(self) -> None:
        """Back to the beginning."""
        if self.duty is not None:
            self.duty.put_away()
        self.setCurrentWidget(self.sign_on)
        self.sign_on.password.clear()
        self.sign_on.set_busy(False)

    def tell_set_aside(self) -> None:
        """Say which files could not be read and where they lie now."""
        if self.duty is None or not self._folder.set_aside:
            return
        path, aside = self._folder.set_aside[-1]
        self.duty.banner.say(self._words("banner.file_aside", file=path.name, aside=aside.name))
        self._folder.set_aside.clear()

    def tell_disk(self, reason: str) -> None:
        """Say that drafts cannot be kept; orders go out all the same."""
        self._tell(self._words("banner.disk", reason=reason))

    def tell_video(self, key: str) -> None:
        """Say what this machine lacks for video; what can be played is played all the same."""
        self._tell(say_in(self._words.language)(key))

    def tell_bug(self, what: str) -> None:
        """Say that something went wrong and was logged."""
        self._tell(self._words("banner.bug", what=what))

    def _tell(self, text: str) -> None:
        if self.duty is not None and self.currentWidget() is self.duty:
            self.duty.banner.say(text)
        else:
            self.sign_on.say(text, "refused")

    def closeEvent(self, event: QCloseEvent) -> None:
        """Say so first."""
        self.closing.emit()
        super().closeEvent(event)

    def _other_language(self) -> None:
        self._words.use("en" if self._words.language == "zh" else "zh")
        self.sign_on.retell()
        self.setWindowTitle(self._words("app.name"))
