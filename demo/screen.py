"""A screen of its own for one desk: an Xvfb display, keys by XTEST, and pictures of what it shows."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage
from Xlib import XK, X, display
from Xlib.ext import xtest

UNICODE_KEYSYM = 0x01000000
NAMED = {
    "ctrl": "Control_L",
    "shift": "Shift_L",
    "alt": "Alt_L",
    "enter": "Return",
    "esc": "Escape",
    "tab": "Tab",
    "space": "space",
    "home": "Home",
    "up": "Up",
    "down": "Down",
    "/": "slash",
    "?": "question",
    "[": "bracketleft",
    "]": "bracketright",
    ",": "comma",
    ".": "period",
}


# However the thread that started Xvfb ends, the kernel ends Xvfb (setpriv is util-linux's, everywhere on Debian).
WITH_US = ("setpriv", "--pdeathsig", "KILL", "--")


class Screen:
    """One Xvfb display. Used from one thread; `close` ends the server by its process id, and so does the thread's end."""

    def __init__(self, width: int, height: int) -> None:
        """Start Xvfb on a free display number of its own choice; OSError where Xvfb is not installed."""
        reader, writer = os.pipe()
        self._server = subprocess.Popen(
            [*WITH_US, "Xvfb", "-displayfd", str(writer), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-ac"],
            pass_fds=(writer,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            self._server.wait()
            raise OSError("Xvfb did not start")
        self.width, self.height = width, height
        self.name = f":{number}"
        self._display: Any = display.Display(self.name)
        self._free = self._spare_keycodes()
        self._most_at_once = len(self._free)
        self._borne: dict[str, int] = {}
        """Characters that were put on spare keys, the latest used last."""

    def __enter__(self) -> Screen:
        """The screen itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close, whatever happened."""
        self.close()

    @property
    def pid(self) -> int:
        """Process id of the Xvfb."""
        return self._server.pid

    def close(self) -> None:
        """No Xvfb is left."""
        self._display.close()
        self._server.terminate()
        try:
            self._server.wait(5)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def press(self, keys: str) -> float:
        """CLOCK_MONOTONIC seconds just before the last key of a chord as in `a`, `ctrl+enter`, `F2` went down."""
        *held, last = keys.split("+") if len(keys) > 1 else [keys]
        held_codes = [self._code(name) for name in held]
        code = self._code(last)
        for each in held_codes:
            xtest.fake_input(self._display, X.KeyPress, each)
        self._display.sync()
        at = time.monotonic()
        xtest.fake_input(self._display, X.KeyPress, code)
        xtest.fake_input(self._display, X.KeyRelease, code)
        for each in reversed(held_codes):
            xtest.fake_input(self._display, X.KeyRelease, each)
        self._display.sync()
        return at

    def type(self, text: str) -> None:
        """The text was typed, Chinese too: characters no key bears are put on spare keys first."""
        rest = text
        while rest:
            rest = rest[self._type_some(rest) :]

    def give_keys(self) -> None:
        """The window on top has the keys, as a window manager gives them: without one its shortcuts do not work."""
        shown = [
            each
            for each in self._display.screen().root.query_tree().children
            if each.get_attributes().map_state == X.IsViewable
        ]
        shown[-1].set_input_focus(X.RevertToPointerRoot, X.CurrentTime)
        self._display.sync()

    def click(self, x: int, y: int, button: int = 1) -> None:
        """The pointer went there and clicked."""
        self.point(x, y)
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()

    def point(self, x: int, y: int) -> None:
        """The pointer is there."""
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        self._display.sync()

    def picture(self) -> npt.NDArray[np.uint8]:
        """What the screen shows: uint8[height, width, 4] as blue, green, red, unused."""
        raw = self._display.screen().root.get_image(0, 0, self.width, self.height, X.ZPixmap, 0xFFFFFFFF)
        return np.frombuffer(raw.data, np.uint8).reshape(self.height, self.width, 4)

    def save(self, path: Path) -> None:
        """What the screen shows, as PNG."""
        self.keep(self.picture(), path)

    def keep(self, picture: npt.NDArray[np.uint8], path: Path) -> None:
        """A picture of this screen, as PNG; OSError where it cannot be written."""
        image = QImage(picture.tobytes(), self.width, self.height, self.width * 4, QImage.Format.Format_RGB32)
        if not image.save(str(path)):
            raise OSError(f"cannot write {path}")

    def _code(self, name: str) -> int:
        """The keycode that bears a key's name."""
        symbol = XK.string_to_keysym(NAMED.get(name.lower(), name))
        code: int = self._display.keysym_to_keycode(symbol) if symbol else 0
        if not code:
            raise ValueError(f"no key {name!r}")
        return code

    def _spare_keycodes(self) -> list[int]:
        """Keycodes that bear nothing."""
        first, count = self._display.display.info.min_keycode, 0
        count = self._display.display.info.max_keycode - first + 1
        table = self._display.get_keyboard_mapping(first, count)
        return [first + at for at, symbols in enumerate(table) if not any(symbols)]

    def _type_some(self, text: str) -> int:
        """How many characters were typed: as many as there are spare keys for."""
        wanted: dict[str, int] = {}
        taken, fresh = 0, False
        for letter in text:
            if letter not in wanted:
                if len(wanted) == self._most_at_once:
                    break
                fresh |= letter not in self._borne
                wanted[letter] = self._key_of(letter)
            taken += 1
        self._display.sync()
        if fresh:
            time.sleep(0.3)  # the window reads the new keyboard before it reads the keys
        for letter in text[:taken]:
            xtest.fake_input(self._display, X.KeyPress, wanted[letter])
            xtest.fake_input(self._display, X.KeyRelease, wanted[letter])
            self._display.sync()
            time.sleep(0.01)
        time.sleep(0.2)
        return taken

    def _key_of(self, letter: str) -> int:
        """The key that bears a character: the same one each time, while spare ones last; then the least lately used."""
        code = self._borne.pop(letter, 0)
        if not code:
            code = self._free.pop() if self._free else self._borne.pop(next(iter(self._borne)))
            point = ord(letter)
            symbol = XK.string_to_keysym("Return") if letter == "\n" else point if point < 256 else UNICODE_KEYSYM + point
            self._display.change_keyboard_mapping(code, [(symbol, symbol)])
        self._borne[letter] = code
        return code
