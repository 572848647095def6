"""Tiles of one service on disk: they outlive a restart, and what was not looked at longest goes first. One thread."""

from __future__ import annotations

import logging
import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from gis_data.basemap.squares import Square

MOST_BYTES = 512_000_000
TRIMMED_TO = 0.9
TOUCHED_EVERY_S = 86_400.0
"""When a tile was last looked at is written down no more often than that."""

ROW_BYTES = 200
"""What a tile takes besides its bytes."""
MOST_TAG_BYTES = 1_000
_LENGTH = f"length(data) + length(etag) + length(modified) + {ROW_BYTES}"

log = logging.getLogger("desktop.basemap")


@dataclass(frozen=True, slots=True)
class Kept:
    """One tile as it came; `data` is empty where the service said that it has none."""

    data: bytes
    etag: str
    last_modified: str
    fetched_s: float
    fresh_until_s: float


class TileCache:
    """One SQLite file in a folder that only its owner may enter."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        """Open it; a damaged one goes and is begun anew, and where nothing can be written it keeps nothing."""
        self._path, self._most_bytes = path, most_bytes
        self._file: sqlite3.Connection | None = None
        self._size = 0
        try:
            self._file = self._opened()
        except sqlite3.DatabaseError:
            log.warning("the basemap's cache is damaged and begun anew: %s", path.name)
            with suppress(OSError, sqlite3.Error):
                for each in (path, *path.parent.glob(f"{path.name}-*")):
                    each.unlink(missing_ok=True)
                self._file = self._opened()
        except OSError as problem:
            log.warning("the basemap's cache cannot be opened: %s", problem.strerror)

    @property
    def size(self) -> int:
        """Bytes of all tiles and of what is kept of them besides."""
        return self._size

    def find(self, square: Square, now_s: float) -> Kept | None:
        """A tile that was kept, fresh or not."""
        if self._file is None:
            return None
        try:
            asked = "SELECT data, etag, modified, fetched, fresh_until, used FROM tiles WHERE level=? AND col=? AND row=?"
            found = self._file.execute(asked, square).fetchone()
            if found is None:
                return None
            if now_s - found[5] > TOUCHED_EVERY_S:
                self._file.execute("UPDATE tiles SET used=? WHERE level=? AND col=? AND row=?", (now_s, *square))
            return Kept(*found[:5])
        except sqlite3.Error as problem:
            self._give_up(problem)
            return None

    def keep(self, square: Square, kept: Kept) -> None:
        """Keep a tile in place of the one before, without its marks where they are very long."""
        if max(len(kept.etag), len(kept.last_modified)) > MOST_TAG_BYTES:
            kept = replace(kept, etag="", last_modified="")
        if self._file is None:
            return
        try:
            had = self._file.execute(f"SELECT {_LENGTH} FROM tiles WHERE level=? AND col=? AND row=?", square).fetchone()
            row = (*square, kept.data, kept.etag, kept.last_modified, kept.fetched_s, kept.fresh_until_s, kept.fetched_s)
            self._file.execute("INSERT OR REPLACE INTO tiles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            self._size += len(kept.data) + len(kept.etag) + len(kept.last_modified) + ROW_BYTES - (had[0] if had else 0)
            if self._size > self._most_bytes:
                self._trim()
        except sqlite3.Error as problem:
            self._give_up(problem)

    def refresh(self, square: Square, fetched_s: float, fresh_until_s: float) -> None:
        """The service says that a tile is still the same."""
        if self._file is None:
            return
        try:
            said = "UPDATE tiles SET fetched=?, fresh_until=?, used=? WHERE level=? AND col=? AND row=?"
            self._file.execute(said, (fetched_s, fresh_until_s, fetched_s, *square))
        except sqlite3.Error as problem:
            self._give_up(problem)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _opened(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        file = sqlite3.connect(self._path, isolation_level=None, timeout=2.0)
        try:
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("PRAGMA synchronous=OFF")  # a cache that a power cut damages is begun anew
            file.execute(
                "CREATE TABLE IF NOT EXISTS tiles (level INTEGER, col INTEGER, row INTEGER, data BLOB, etag TEXT,"
                " modified TEXT, fetched REAL, fresh_until REAL, used REAL, PRIMARY KEY (level, col, row)) WITHOUT ROWID"
            )
            file.execute("CREATE INDEX IF NOT EXISTS by_use ON tiles (used)")
            self._size = int(file.execute(f"SELECT total({_LENGTH}) FROM tiles").fetchone()[0])
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _trim(self) -> None:
        assert self._file is not None
        wanted = self._most_bytes * TRIMMED_TO
        for level, column, row, length in self._file.execute(
            f"SELECT level, col, row, {_LENGTH} FROM tiles ORDER BY used"
        ).fetchall():
            if self._size <= wanted:
                break
            self._file.execute("DELETE FROM tiles WHERE level=? AND col=? AND row=?", (level, column, row))
            self._size -= length

    def _give_up(self, problem: sqlite3.Error) -> None:
        """The disk is full or gone: the map goes on without a cache."""
        log.warning("the basemap's cache is of no use any more: %s", type(problem).__name__)
        self.close()
