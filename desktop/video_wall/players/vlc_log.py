"""What libVLC says, kept off standard error and out of the log wherever it would give a user, a password or a token away."""

from __future__ import annotations

import ctypes
import logging
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_char_p, c_int, c_size_t, c_void_p
from typing import Any

from desktop.video_wall.stream_address import spoken_of

ERROR = 4
"""libvlc_log_level: below are notices, warnings and what only its makers want to know."""
LONGEST = 1024
OWN_LINES = (b"unknown option", b"--help'")
"""What libVLC writes to standard error about an option it does not know, in two lines, quiet or not."""
ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s'\"`<>]*")
LOGGED_ON = re.compile(r"\S*@\S*")
ASKED = re.compile(r"\?[^\s'\"`<>]*")
SAID = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_void_p, c_char_p, c_void_p)

log = logging.getLogger(__name__)
_holding = threading.Lock()


def masked(text: str) -> str:
    """A line without user, password and token: whole addresses as they may be spoken, of pieces what cannot be either."""
    addresses: list[str] = []

    def kept(found: re.Match[str]) -> str:
        addresses.append(spoken_of(found[0]))
        return f"\0{len(addresses) - 1}\0"

    pieces = ASKED.sub("?…", LOGGED_ON.sub("…", ADDRESS.sub(kept, text.replace("\0", ""))))
    return re.sub("\0(\\d+)\0", lambda found: addresses[int(found[1])], pieces)


def listen(library: Any, instance: Any) -> None:
    """Have an instance of libVLC tell its errors to our log, masked; it writes none to standard error from then on."""
    function = library.dll.libvlc_log_set
    function.restype, function.argtypes = None, [c_void_p, SAID, c_void_p]
    function(instance, _SAID, None)


@contextmanager
def held_stderr() -> Iterator[None]:
    """Keep standard error of the whole process to a file meanwhile; what is not libVLC's own is written to it afterwards.

    A file and no pipe: other threads write too, and a full pipe would stop them. Where there is no standard error (a
    Windows program without a console) nothing is held.
    """
    with _holding, tempfile.TemporaryFile(buffering=0) as file:
        try:
            true_stderr = os.dup(2)
        except OSError:
            yield
            return
        try:
            _flush()
            os.dup2(file.fileno(), 2)
            try:
                yield
            finally:
                _flush()
                os.dup2(true_stderr, 2)
                file.seek(0)
                _pass_on(file.read())
        finally:
            os.close(true_stderr)


def _pass_on(written: bytes) -> None:
    for line in written.splitlines(keepends=True):
        if any(own in line for own in OWN_LINES):
            log.debug("libVLC: %s", masked(line.decode("utf-8", "replace").strip()))
        else:
            os.write(2, line)


def _flush() -> None:
    if sys.stderr is not None:
        sys.stderr.flush()


def _said(_data: object, level: int, _context: object, form: bytes, arguments: int) -> None:
    """A message, on a thread of libVLC's; the arguments are a va_list, good until this returns.

    Logged as details: what is dead is tried again every few seconds, and says the same five lines each time.
    """
    if level < ERROR:
        return
    text = ctypes.create_string_buffer(LONGEST)
    ctypes.pythonapi.PyOS_vsnprintf(text, c_size_t(LONGEST), c_char_p(form), c_void_p(arguments))
    log.debug("libVLC: %s", masked(text.value.decode("utf-8", "replace")))


_SAID = SAID(_said)
"""Lives as long as the process: libVLC may speak until then."""
