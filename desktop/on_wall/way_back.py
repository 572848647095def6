"""Which revision of a wall undoing goes back to: past the officer's own pushes one by one, else what was before the newest."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_KEPT = 50


@dataclass(slots=True)
class WayBack:
    """The officer's own changes of one wall since he sat down, as revisions: (after it, before it), the newest last."""

    changes: list[tuple[int, int]] = field(default_factory=list)

    def changed(self, before: int, after: int) -> None:
        """The officer's change made one revision into another."""
        if after != before:
            self.changes = [*self.changes, (after, before)][-MOST_KEPT:]

    def back_from(self, rev: int) -> int:
        """The revision to go back to from the one that is shown now; what somebody else did is undone alone."""
        mine = bool(self.changes) and self.changes[-1][0] == rev
        return self.changes[-1][1] if mine else rev - 1

    def went_back(self, rev: int, to: int, now: int) -> None:
        """From `rev` the wall went back to what it showed at `to`, which is revision `now`: the change before can follow."""
        if not self.changes or self.changes[-1] != (rev, to):
            self.changes.clear()
            return
        self.changes.pop()
        if self.changes and self.changes[-1][0] == to:
            self.changes[-1] = (now, self.changes[-1][1])
