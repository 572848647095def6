"""Starts a desk: `./gridwarden desk --server-file FILE`; looks at the machine first, then builds and runs the parts."""

from __future__ import annotations

import logging
import logging.handlers
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.arguments import BadArguments, DeskArguments, read_arguments
from desktop.desk import Desk
from desktop.desk_window import DeskWindow
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.map.gl_check import gl_is_usable
from desktop.memory import keep_large_apart
from desktop.settings import DeskFolder
from desktop.style.palette import THEMES
from desktop.style.type_face import face
from desktop.words import LANGUAGES, Words

NO_SCREEN = "没有图形显示（DISPLAY、WAYLAND_DISPLAY 都未设置） / no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
BAD_USE = 2
LOG_BYTES = 2_000_000

log = logging.getLogger("desktop")


def run(words: Sequence[str]) -> int:
    """The exit status of a desk: 0 after it was closed, 2 with one clear line where it could not start."""
    try:
        arguments = read_arguments(words)
    except BadArguments as problem:
        sys.stderr.write(f"{problem}\n")
        return BAD_USE
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or platform in ("offscreen", "minimal")):
        sys.stderr.write(f"{NO_SCREEN}\n")
        return BAD_USE
    keep_large_apart()
    folder = DeskFolder(arguments.home)
    _log_to(folder.home / "desk.log")
    application = QApplication([sys.argv[0]])
    application.setApplicationName("gridwarden")
    application.setStyle("Fusion")
    application.setFont(face())
    return _run(application, arguments, folder)


def _run(application: QApplication, arguments: DeskArguments, folder: DeskFolder) -> int:
    kept = folder.read("desk")
    language = arguments.language or str(kept.get("language", ""))
    theme = arguments.theme or str(kept.get("theme", ""))
    words = Words(language if language in LANGUAGES else "zh")
    has_gl, reason = map_with_gl(arguments, folder, kept)
    log.info("OpenGL: %s", reason)
    window = DeskWindow(words, folder, theme if theme in THEMES else "night", arguments.endpoint, has_gl)
    window.dress()
    link = Link(ServerAddress(arguments.endpoint, arguments.server_key), folder.home / "packs")
    desk = Desk(arguments, folder, link, window, words)
    _catch_bugs(window)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    window.closing.connect(application.quit)
    _show(window, arguments)
    desk.start()
    try:
        return application.exec()
    finally:
        desk.stop()
        window.deleteLater()


def map_with_gl(arguments: DeskArguments, folder: DeskFolder, kept: dict[str, Any]) -> tuple[bool, str]:
    """Whether the map is drawn by OpenGL, and why; what was asked for once is kept until something else is."""
    if arguments.map and arguments.map != kept.get("map", "auto"):
        folder.write("desk", kept | {"map": arguments.map})
    if (arguments.map or kept.get("map")) == "plain":
        return False, "the plain map is set on this workstation; --map auto lifts that"
    return gl_is_usable()


def _show(window: DeskWindow, arguments: DeskArguments) -> None:
    """All of the screen, or the size that was asked for."""
    screen = QGuiApplication.primaryScreen().availableGeometry()
    if arguments.size is not None:
        window.resize(*arguments.size)
        window.move(screen.topLeft())
        window.show()
        return
    window.setGeometry(screen)
    window.showMaximized()


def _log_to(path: Path) -> None:
    """Everything to a file that does not grow for ever; warnings to the terminal too."""
    kept = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    said = logging.StreamHandler()
    said.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, handlers=[kept, said], force=True)


def _catch_bugs(window: DeskWindow) -> None:
    """A mistake of ours is logged and said; the desk goes on."""

    def caught(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        log.error("a bug", exc_info=(kind, mistake, trace))
        window.tell_bug(f"{kind.__name__}: {mistake}"[:200])

    def in_thread(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            log.error("a bug in thread %s", told.thread, exc_info=(told.exc_type, told.exc_value, told.exc_traceback))

    sys.excepthook = caught
    threading.excepthook = in_thread
