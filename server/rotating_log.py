"""A log file that never grows beyond its share of the disk."""

from __future__ import annotations

from pathlib import Path

LARGEST_BYTES = 5_000_000
KEPT = 3


class RotatingLog:
    """Appends bytes to NAME.log; a full one becomes NAME.log.1, and at most `kept` old ones stay."""

    def __init__(self, path: Path, largest_bytes: int = LARGEST_BYTES, kept: int = KEPT) -> None:
        self.path = path
        self._largest_bytes = largest_bytes
        self._kept = kept
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("ab", buffering=0)

    def write(self, content: bytes) -> None:
        """The content is on its way to the disk, in a fresh file where the old one was full."""
        if self._file.tell() + len(content) > self._largest_bytes and self._file.tell() > 0:
            self._rotate()
        self._file.write(content)

    def close(self) -> None:
        """The file is closed."""
        self._file.close()

    def tail(self, lines: int = 12) -> str:
        """The last lines, for a message to a person."""
        with self.path.open("rb") as file:
            file.seek(max(0, self.path.stat().st_size - 8000))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])

    def _rotate(self) -> None:
        self._file.close()
        for number in range(self._kept, 0, -1):
            older = self.path if number == 1 else self._numbered(number - 1)
            if older.exists():
                older.replace(self._numbered(number))
        self._file = self.path.open("ab", buffering=0)

    def _numbered(self, number: int) -> Path:
        return self.path.with_name(f"{self.path.name}.{number}")
