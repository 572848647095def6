"""What a desk keeps on this machine: theme, language, layouts and drafts of each officer; nothing of class 3.

Every file is JSON, written beside and moved into place; one that cannot be read is set aside, never an obstacle.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

Fields = dict[str, Any]

log = logging.getLogger(__name__)


class DeskFolder:
    """The folder of one workstation; each officer has files of their own in it."""

    def __init__(self, home: Path | None = None) -> None:
        """Use a folder; the user's own data folder where none is named."""
        self.home = home or user_data_path("gridwarden-desk")
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.set_aside: list[tuple[Path, Path]] = []
        """Files that could not be read, with where they lie now; the window says so once."""
        self.refused: Callable[[str], None] = lambda _reason: None
        """Told once why nothing can be written, and not again before something could: orders go out all the same."""
        self._is_refused = False

    def read(self, name: str) -> Fields:
        """The fields of a file; empty where it is missing or damaged (then it is set aside)."""
        path = self._path(name)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            if not isinstance(found, dict):
                raise ValueError("not an object")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            self._put_aside(path)
            return {}
        return found

    def write(self, name: str, fields: Fields) -> None:
        """Keep the fields of a file so that a crash leaves the old or the new one, never half of one.

        A disk that is full or gone raises nothing: `refused` is told.
        """
        with self._telling():
            path = self._path(name)
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            beside = path.with_suffix(".new")
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
                json.dump(fields, file, ensure_ascii=False, indent=1)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)

    def remove(self, name: str) -> None:
        """Forget a file; where that cannot be, `refused` is told."""
        with self._telling():
            self._path(name).unlink(missing_ok=True)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as problem:
            if not self._is_refused:
                self._is_refused = True
                log.warning("the desk's folder cannot be written: %s", problem)
                self.refused(problem.strerror or str(problem))
        else:
            self._is_refused = False

    def _path(self, name: str) -> Path:
        return self.home / f"{name}.json"

    def _put_aside(self, path: Path) -> None:
        aside = path.with_suffix(".unreadable")
        try:
            path.replace(aside)
        except OSError:
            return
        self.set_aside.append((path, aside))


def officer_file(account: str, what: str) -> str:
    """The name of one officer's file; an account's odd characters do not lead out of the folder."""
    safe = "".join(letter if letter.isalnum() or letter in "-_" else f"%{ord(letter):x}" for letter in account)
    return f"officers/{safe or '_'}/{what}"
