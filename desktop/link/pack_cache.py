"""Packs of the town on disk, by their hash: fetched once, verified every time they are read."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

PART = ".part"


class PackCache:
    """A folder of packs named by their SHA-256 in hex. Used by one thread of one process at a time."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, made where it is missing; where it cannot be made nothing is found there and nothing kept."""
        self._folder = folder
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)

    def get(self, sha256: str) -> bytes | None:
        """The pack of a hash; None where it is not there. A damaged one is taken away."""
        path = self._path(sha256)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        if hashlib.sha256(data).hexdigest() == sha256:
            return data
        path.unlink(missing_ok=True)
        return None

    def put(self, sha256: str, data: bytes) -> bool:
        """Keep a pack; False (and nothing kept) where the bytes do not have that hash."""
        if hashlib.sha256(data).hexdigest() != sha256:
            return False
        path = self._path(sha256)
        part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
        part.write_bytes(data)
        part.replace(path)
        return True

    def keep_only(self, hashes: set[str]) -> None:
        """Take away the packs of towns no longer shown, and what was left half-written."""
        for path in self._folder.iterdir():
            if path.name not in hashes:
                path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        """The file of a hash; ValueError where it is no hash (it comes from outside)."""
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"no hash: {sha256[:80]!r}")
        return self._folder / sha256
