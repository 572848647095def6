"""Starts the display of a wall: `./gridwarden wall --wall NAME`; builds the parts and shows them over the screens."""

from __future__ import annotations

import logging
import logging.handlers
import os
import shlex
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop.camera_addresses import CameraAddresses
from desktop.link.machine_key import BadKey, MachineKey, machine_key
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.map.choice import canvas_of
from desktop.map.gl_check import gl_is_usable
from desktop.memory import keep_large_apart
from desktop.server_time import ServerTime
from desktop.settings import DeskFolder
from desktop.style.palette import THEMES
from desktop.style.type_face import face
from desktop.town_arrival import TownArrival
from desktop.video_wall.arrangement import Box
from desktop.video_wall.players.choosing import ChosenPlayer, VideoSettings
from desktop.wall.arguments import BadArguments, WallArguments, read_arguments
from desktop.wall.display import WallDisplay
from desktop.wall.standing_file import StandingFile
from desktop.wall.wall_seat import WallSeat
from desktop.wall.wall_window import WallWindow
from desktop.words import Words

BAD_USE = 2
LOG_BYTES = 2_000_000
NO_SCREEN = "没有图形显示（DISPLAY、WAYLAND_DISPLAY 都未设置） / no display: neither DISPLAY nor WAYLAND_DISPLAY is set"
ENROLLED = """本机公钥 / the key of this machine: {key}
请管理员在服务器上执行 / an administrator binds it at the server:
  ./gridwarden walls bind --wall {wall} {option} --name {called}
"""

log = logging.getLogger("desktop.wall")
Caught = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def run(words: Sequence[str]) -> int:
    """The exit status of a display: 0 after it was closed, 2 with one clear line where it could not start."""
    try:
        arguments = read_arguments(words)
        folder = DeskFolder(arguments.home)
        key = machine_key(folder.home)
    except (BadArguments, BadKey) as problem:
        sys.stderr.write(f"{problem}\n")
        return BAD_USE
    except OSError as problem:
        sys.stderr.write(f"--home: {problem.strerror}: {problem.filename}\n")
        return BAD_USE
    if arguments.enrol:
        name = socket.gethostname() or "display"
        said = key.public.decode()
        option = shlex.quote(f"--key={said}")  # it may hold any of & $ < > ( ! *, and begin with -
        sys.stdout.write(ENROLLED.format(key=said, wall=arguments.wall, option=option, called=shlex.quote(name)))
        return 0
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or platform in ("offscreen", "minimal")):
        sys.stderr.write(f"{NO_SCREEN}\n")
        return BAD_USE
    keep_large_apart()
    _log_to(folder.home / "wall.log")
    application = QApplication([sys.argv[0]])
    application.setApplicationName("gridwarden-wall")
    application.setStyle("Fusion")
    application.setFont(face())
    return _run(application, arguments, folder, key)


def _run(application: QApplication, arguments: WallArguments, folder: DeskFolder, key: MachineKey) -> int:
    words, time = Words(arguments.language), ServerTime()
    link = Link(ServerAddress(arguments.endpoint, arguments.server_key), folder.home / "packs")
    addresses = CameraAddresses(link.submit, words, lambda _camera: (f"wall {arguments.wall}", None))
    player = ChosenPlayer(VideoSettings.read(folder.read("desk")), time.now)
    canvas = canvas_of({"map": "plain" if arguments.map == "plain" else "auto"})
    seat = WallSeat(words, time.now, player, addresses.ask, canvas, THEMES[arguments.theme])
    screens = None if arguments.size else lambda: within(chosen_screens(arguments.screens))
    window = WallWindow(seat, screens, arguments.map != "plain" and gl_is_usable()[0])
    towns = TownArrival(folder.home / "scenes")
    kept = StandingFile(folder, arguments.wall)
    display = WallDisplay(
        arguments.wall, key, link, window, seat, kept, addresses, time, towns, arguments.endpoint.removeprefix("tcp://")
    )
    sys.excepthook = _caught(window, words)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    window.closing.connect(application.quit)
    _show(application, window, arguments)
    display.start()
    try:
        return application.exec()
    finally:
        display.stop()
        window.deleteLater()


def chosen_screens(numbers: Sequence[int]) -> list[QRect]:
    """The screens with these numbers, all of them where none is named; the first where none of those is there."""
    there = [screen.geometry() for screen in QGuiApplication.screens()]
    chosen = [there[number - 1] for number in numbers if number <= len(there)] if numbers else there
    return chosen or there[:1]


def within(screens: Sequence[QRect]) -> list[Box]:
    """Where screens lie within the window that covers them all."""
    whole = _union(screens)
    return [Box(each.x() - whole.x(), each.y() - whole.y(), each.width(), each.height()) for each in screens]


def _union(screens: Sequence[QRect]) -> QRect:
    whole = QRect(screens[0])
    for each in screens[1:]:
        whole = whole.united(each)
    return whole


def _show(application: QApplication, window: WallWindow, arguments: WallArguments) -> None:
    """Over the screens, and again when they change; or in a window of the size that was asked for."""
    if arguments.size is not None:
        window.resize(*arguments.size)
        window.show()
        return
    window.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)

    def cover() -> None:
        screens = chosen_screens(arguments.screens)
        if len(screens) == 1:
            window.setGeometry(screens[0])
            window.showFullScreen()
        else:
            window.showNormal()
            window.setGeometry(_union(screens))
        window.place()

    settle = QTimer(window)
    settle.setSingleShot(True)
    settle.setInterval(300)  # several screens change one after another
    settle.timeout.connect(cover)

    def follow(screen: object) -> None:
        screen.geometryChanged.connect(lambda _rect: settle.start())  # type: ignore[attr-defined]
        settle.start()

    for screen in QGuiApplication.screens():
        screen.geometryChanged.connect(lambda _rect: settle.start())
    application.screenAdded.connect(follow)
    application.screenRemoved.connect(lambda _screen: settle.start())
    cover()


def _log_to(path: Path) -> None:
    """Everything to a file that does not grow for ever; warnings to the terminal too."""
    kept = logging.handlers.RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8")
    kept.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    said = logging.StreamHandler()
    said.setLevel(logging.WARNING)
    logging.basicConfig(level=logging.INFO, handlers=[kept, said], force=True)


def _caught(window: WallWindow, words: Words) -> Caught:
    """What becomes of a mistake of ours: logged and said; the wall goes on."""

    def caught(kind: type[BaseException], mistake: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            window.close()
            return
        log.error("a bug", exc_info=(kind, mistake, trace))
        window.say(words("wall.bug", what=f"{kind.__name__}: {mistake}"[:200]))

    return caught
