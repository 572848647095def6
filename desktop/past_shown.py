"""What a map panel asks of whoever shows the past on its canvas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from desktop.map.tracks import Track
from desktop.seat import Seat
from governance.incident import Case

Counts = npt.NDArray[np.int32]
SIGN_ROOM_PX = 46
"""So high the word that it is the past stands below the buttons of the map."""


class PastShown(Protocol):
    """The past, as far as the map's panel has to know it."""

    tracks: list[Track]
    """Those that are shown."""
    looked_at: UUID | None
    """The incident that is watched through time."""

    def show_anew(self) -> None:
        """Put everything on the canvas there is now: it is another one, or over another town."""

    def tip(self, kind: str, name: str) -> str:
        """What a tooltip says of a thing as it was."""

    def load_of(self, codes: Sequence[str]) -> tuple[Counts, Counts]:
        """Open and overdue incidents of grids, int32[len(codes)] each."""

    def moment(self) -> datetime:
        """The moment that is shown, aware."""

    def seat(self) -> Seat:
        """The seat as it would have been at that moment: what was open, how the cameras stood, nobody's place."""

    def case(self, incident: UUID) -> Case | None:
        """One incident as it stood; None where it was not there."""
