"""Displays as processes on a screen of their own: without a server, with a damaged layout, in a window of another size."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt
import pytest
import zmq
from Xlib import X

from demo.screen import Screen
from desktop.style.palette import NIGHT
from governance.wall import Content, Slot
from tests.fakes import walls

ROOT = Path(__file__).parents[3]
KEPT = walls.standing(Slot(0, 0, 1, 1, Content.CLOCK), Slot(1, 0, 1, 1), rev=9)
WITHIN_S = 15.0


class Display:
    """A display of the wall `main` that knows of a server nobody runs, started with what its folder holds."""

    def __init__(self, screen: Screen, home: Path, kept: bytes) -> None:
        home.mkdir(mode=0o700)
        (home / "wall.json").write_bytes(kept)
        server = {"desk_endpoint": "tcp://127.0.0.1:9", "server_key": zmq.curve_keypair()[0].decode()}
        (home / "server.json").write_text(json.dumps(server))
        self.home, self._screen = home, screen
        words = ["wall", "--wall", "main", "--server", str(home / "server.json"), "--home", str(home)]
        env = {**os.environ, "DISPLAY": screen.name, "QT_QPA_PLATFORM": "xcb"}
        self._process = subprocess.Popen(
            [sys.executable, "main.py", *words, "--map", "plain", "--size", "1280x720"],
            cwd=ROOT,
            env=env,
            stderr=subprocess.PIPE,
            text=True,
        )

    def window(self, said: str) -> Any:
        """The window on top whose title holds some words, once it is there."""
        name = self._screen._display.intern_atom("_NET_WM_NAME")

        def find() -> Any:
            for each in self._screen._display.screen().root.query_tree().children:
                title = each.get_full_property(name, X.AnyPropertyType)
                is_seen = each.get_attributes().map_state == X.IsViewable
                if is_seen and title is not None and said in bytes(title.value).decode():
                    return each
            return None

        return eventually(find)

    def end(self) -> tuple[int, str]:
        """Told to end: its exit status, and what it said about what is wrong."""
        self._process.send_signal(signal.SIGTERM)
        _, said = self._process.communicate(timeout=15)
        return self._process.returncode, said

    def kill(self) -> None:
        """Nothing of it is left."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.communicate()


def eventually(found: Callable[[], Any]) -> Any:
    """What is found, as soon as there is something."""
    until = time.monotonic() + WITHIN_S
    while not (result := found()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.03)
    return result


def is_colour(picture: npt.NDArray[np.uint8], colour: str) -> npt.NDArray[np.bool_]:
    """Which pixels (blue, green, red, ...) have a colour, #RRGGBB."""
    wanted = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8)[::-1]
    return np.asarray((picture[..., :3] == wanted).all(axis=-1))


@pytest.fixture
def screen() -> Iterator[Screen]:
    """A screen of its own."""
    with Screen(1280, 720) as made:
        yield made


@pytest.fixture
def started(screen: Screen, tmp_path: Path) -> Iterator[Callable[[str, bytes], Display]]:
    """Starts displays on the screen."""
    made: list[Display] = []

    def start(name: str, kept: bytes) -> Display:
        made.append(Display(screen, tmp_path / name, kept))
        return made[-1]

    yield start
    for each in made:
        each.kill()


def test_without_a_server_what_was_kept_is_shown_as_such_and_fits_any_size(
    screen: Screen, started: Callable[[str, bytes], Display]
) -> None:
    kept, damaged = started("kept", msgspec.json.encode(KEPT)), started("damaged", b'{"wall": {"code": "main"')
    said = damaged.window("wall.unreadable")
    assert (damaged.home / "wall.unreadable").read_bytes() == b'{"wall": {"code": "main"'
    said.unmap()
    window = kept.window("第 9 版，可能已不是最新")
    for width, height in ((1280, 720), (800, 600)):
        window.configure(width=width, height=height)

        def fits(width: int = width, height: int = height) -> bool:
            """The clock takes the left half, and the last line says that the server is lost."""
            picture = screen.picture()
            clock = np.flatnonzero(is_colour(picture[20, :width], NIGHT.panel))
            lost = is_colour(picture[height - 3, :width], NIGHT.wash)
            return bool(len(clock) and abs(int(clock[-1]) - width // 2) <= 4 and lost.all())

        eventually(fits)
    assert kept.end() == (0, "")
    status, wrong = damaged.end()
    assert (status, "damaged and set aside" in wrong) == (0, True)
