"""What a desk says it showed, and when: the lines of its measuring log, read while it writes them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Line = dict[str, Any]
POLL_S = 0.02


class NotSeen(RuntimeError):
    """Something that had to become visible did not, in time."""


class MeasureReader:
    """The measuring log of one desk. Every line ever read stays in `lines`."""

    def __init__(self, path: Path) -> None:
        """The file need not exist yet."""
        self._path = path
        self._read = 0
        self.lines: list[Line] = []

    def refresh(self) -> None:
        """Read what was written since."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                written = file.read()
        except FileNotFoundError:
            return
        whole = written.rfind(b"\n") + 1
        self._read += whole
        self.lines += [json.loads(line) for line in written[:whole].splitlines()]

    def wait(self, what: str, wanted: Callable[[Line], bool], patience_s: float, after: float = 0.0) -> Line:
        """The first line that is wanted, stamped at or after a CLOCK_MONOTONIC time; NotSeen names what was waited for."""
        give_up_at, seen = time.monotonic() + patience_s, 0
        while True:
            self.refresh()
            for line in self.lines[seen:]:
                if line["t"] >= after and wanted(line):
                    return line
            seen = len(self.lines)
            if time.monotonic() > give_up_at:
                raise NotSeen(f"{what}: not seen within {patience_s:g} s")
            time.sleep(POLL_S)

    def of_kind(self, kind: str, after: float = 0.0) -> list[Line]:
        """Every line of a kind so far, stamped at or after a time."""
        self.refresh()
        return [line for line in self.lines if line["kind"] == kind and line["t"] >= after]


def percentile(values: Sequence[float], percent: float) -> float | None:
    """The smallest value that `percent` of all do not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]
