"""A table of indicators in a file: whether it can be written is known before anything is asked of the server; no Qt."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from governance.refusal import Refused

WHY = {13: "no_right", 1: "no_right", 28: "disk_full", 30: "read_only", 36: "name_too_long", 22: "bad_name"}
"""Numbers of the system's errors that have words of their own."""


def require_writable(file: Path) -> None:
    """Refused('cannot_write') with the reason where the file could not be written."""
    try:
        if file.is_dir():
            raise Refused("cannot_write", "file", why="is_folder", file=str(file))
        if not file.parent.is_dir():
            raise Refused("cannot_write", "file", why="no_folder", file=str(file))
        if file.exists() and not os.access(file, os.W_OK):
            raise Refused("cannot_write", "file", why="no_right", file=str(file))
        with tempfile.NamedTemporaryFile(dir=file.parent, prefix=".gridwarden-"):
            pass
    except OSError as problem:
        raise refused_by(problem, file) from problem


def write(file: Path, text: str) -> None:
    """The text stands in the file, whole or not at all; Refused('cannot_write') with the reason."""
    fresh = file.with_name(f".{file.name[:100]}.{os.getpid()}.new")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        fresh.replace(file)
    except OSError as problem:
        fresh.unlink(missing_ok=True)
        raise refused_by(problem, file) from problem


def refused_by(problem: OSError, file: Path) -> Refused:
    """The refusal that says why."""
    return Refused("cannot_write", "file", why=WHY.get(problem.errno or 0, "other"), file=str(file))
