"""The floor under every frame: an empty OpenGL window that clears itself on a key and says when that was swapped."""

from __future__ import annotations

import sys
import time

from OpenGL import GL
from PySide6.QtGui import QKeyEvent, QSurfaceFormat
from PySide6.QtOpenGLWidgets import QOpenGLWidget
from PySide6.QtWidgets import QApplication


class BareWindow(QOpenGLWidget):
    """Clears to another grey at every key; writes the CLOCK_MONOTONIC second of the swap."""

    def __init__(self) -> None:
        """Nothing was pressed yet."""
        super().__init__()
        self._shade, self._asked, self._painted = 0.0, False, False
        self.frameSwapped.connect(self._swapped)

    def keyPressEvent(self, press: QKeyEvent) -> None:
        """Paint once more."""
        self._asked = True
        self.update()
        press.accept()

    def paintGL(self) -> None:
        """Clear."""
        self._painted = self._asked
        self._shade = (self._shade + 0.1) % 1.0
        GL.glClearColor(self._shade, self._shade, self._shade, 1.0)
        GL.glClear(GL.GL_COLOR_BUFFER_BIT)

    def _swapped(self) -> None:
        if self._painted:  # a swap that was under way when the key came is no answer to it
            self._asked = self._painted = False
            print(time.monotonic(), flush=True)


def main() -> int:
    """Until somebody ends it."""
    made = QSurfaceFormat()
    made.setVersion(3, 3)
    made.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    made.setSwapInterval(0)
    QSurfaceFormat.setDefaultFormat(made)
    application = QApplication([])
    window = BareWindow()
    window.resize(1920, 1080)
    window.show()
    window.activateWindow()
    time.sleep(0.2)
    application.processEvents()
    print("ready", flush=True)
    return int(application.exec())


if __name__ == "__main__":
    sys.exit(main())
