"""The whole desk over a link that says only what a test tells it to say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import Any, cast
from uuid import uuid4

from desktop.arguments import DeskArguments
from desktop.desk import Desk
from desktop.desk_window import DeskWindow
from desktop.link.from_server import BacklogStands, FromServer, LoggedOn, SnapshotCame
from desktop.link.thread import Link
from desktop.map.gl_check import gl_is_usable
from desktop.settings import DeskFolder
from desktop.words import Words
from governance.people import Officer
from tests.fakes import situations
from wire.requests import SignedOn


class QuietLink:
    """Keeps the wishes of the desk; `arrived` holds what a test puts there."""

    def __init__(self) -> None:
        self.arrived: SimpleQueue[FromServer] = SimpleQueue()
        self.wishes: list[object] = []

    def submit(self, wish: object) -> None:
        self.wishes.append(wish)

    def start(self) -> None:
        return

    def stop(self) -> None:
        return


class WholeDesk:
    """A real desk from signing on to the window; nothing moves before `tick`."""

    def __init__(self, home: Path) -> None:
        self.folder, self.link, words = DeskFolder(home), QuietLink(), Words("zh")
        self.window = DeskWindow(words, self.folder, "night", "tcp://nowhere", gl_is_usable()[0])
        self.window.dress()
        arguments = DeskArguments("tcp://nowhere", b"k" * 40)
        self.desk = Desk(arguments, self.folder, cast(Link, self.link), self.window, words)

    def hear(self, *said: FromServer) -> None:
        """The link says things, and the desk hears them."""
        for each in said:
            self.link.arrived.put(each)
        self.desk.ticker.tick()

    def sign_on(self, login: str, officer: Officer, shift: str = "早班") -> None:
        """An officer signs on, and the server lets him."""
        self.desk.sign_on(login, "secret", None)
        self.hear(LoggedOn(session(login, officer, shift)), BacklogStands(0, b"", login))

    def snapshot(self, **how: Any) -> None:
        """The district of the officer comes."""
        self.hear(SnapshotCame(situations.snapshot(**how)))


def session(login: str, officer: Officer, shift: str) -> SignedOn:
    """What the server answers to a sign-on."""
    now, where = datetime.now(UTC), ("tcp://feed", "tcp://lane", "tcp://bulk", b"f", b"l")
    ends = now + timedelta(hours=8)
    return SignedOn(1, uuid4(), officer, login, "中心", shift, ends, *where, ("s/1",), uuid4(), now)
