"""Briefing pages on this machine: readable by the officer alone, gone when he signs off; plain."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

from desktop.indicators.csv_file import refused_by
from governance.refusal import Refused

OURS = re.compile(r"(\d+)-\w+\.html")


class PagesKept:
    """The pages of one desk, in a folder nobody else may enter. What a desk that died left is removed by the next."""

    def __init__(self, folder: Path) -> None:
        """No page yet; pages of desks that are no more are removed."""
        self._folder = folder
        self._pages: list[Path] = []
        for left in folder.glob("*.html") if folder.is_dir() else ():
            named = OURS.fullmatch(left.name)
            if named is not None and not psutil.pid_exists(int(named[1])):
                left.unlink(missing_ok=True)

    def keep(self, page: str) -> Path:
        """The page stands in a file of mode 0600; Refused('cannot_write') with the reason."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            number, name = tempfile.mkstemp(".html", f"{os.getpid()}-", self._folder)
            self._pages.append(Path(name))
            try:
                with os.fdopen(number, "w", encoding="utf-8") as file:
                    file.write(page)
            except OSError:  # half a page is of no use to anybody, and may be confidential
                self._pages.pop().unlink(missing_ok=True)
                raise
        except OSError as problem:
            raise refused_by(problem, self._folder) from problem
        return self._pages[-1]

    def remove_all(self) -> None:
        """None of them is there any more."""
        while self._pages:
            self._pages.pop().unlink(missing_ok=True)


def written(file: Path, content: bytes) -> Refused | None:
    """None once the content stands in the file, whole; else why it does not, and what was there is untouched."""
    fresh = file.with_name(f".{file.name[:100]}.{os.getpid()}.new")
    try:
        fresh.write_bytes(content)
        fresh.replace(file)
    except OSError as problem:
        with suppress(OSError):
            fresh.unlink()
        return refused_by(problem, file)
    return None
