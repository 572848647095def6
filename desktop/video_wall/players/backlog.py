"""Whether decoding has fallen behind a live stream, told from when packets come and what time they bear. Pure."""

from __future__ import annotations

LAG_S = 0.7
"""A packet this much later than it should be, with more behind it: go on at the next key picture."""
WAITED_S = 0.015
"""A packet that had to be waited for this long is the newest there is, whatever time it bears."""


class Backlog:
    """Decides packet by packet what is worth decoding. One thread."""

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._is_skipping = False
        self._is_hurried = False
        """Whether everything that waits is to be passed over, however little it is."""

    def to_live(self) -> None:
        """Pass over whatever waits to be decoded: the next picture is of now. Nothing is lost where nothing waits."""
        self._is_hurried = True

    def admits(self, now: float, waited_s: float, stamp_s: float | None, is_key: bool) -> bool:
        """Whether to decode a packet that came at `now` after a wait, stamped with its time in the stream.

        Time stamps may jump (a sender report sets them anew): the wait, not the stamp, says that nothing is behind.
        """
        is_newest = waited_s >= WAITED_S
        if self._is_hurried and is_newest:
            self._is_hurried = False
        behind = self._is_hurried
        if stamp_s is not None:
            offset_s = now - stamp_s
            if self._offset_s is None or is_newest or offset_s < self._offset_s:
                self._offset_s = offset_s
            behind = behind or offset_s - self._offset_s > LAG_S
        if behind:
            self._is_skipping = True
        elif is_key:
            self._is_skipping = False
        return not self._is_skipping
