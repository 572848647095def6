"""What the processes of one run wrote to their logs, older lines of the same folder left out."""

from __future__ import annotations

from pathlib import Path


class LogsOfNow:
    """The logs of a folder from now on; they may be rotated meanwhile."""

    def __init__(self, folder: Path) -> None:
        """What stands there already does not count."""
        self._folder = folder
        self._old = {path.stat().st_ino: path.stat().st_size for path in self._files()}

    def with_tracebacks(self) -> list[str]:
        """Names of the processes that wrote a Python traceback."""
        return sorted({path.name.split(".")[0] for path in self._files() if b"Traceback (most recent" in self._written(path)})

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.log*"))

    def _written(self, path: Path) -> bytes:
        with path.open("rb") as file:
            file.seek(self._old.get(path.stat().st_ino, 0))
            return file.read()
