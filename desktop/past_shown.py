"""What a map panel asks of whoever shows the past on its canvas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int32]


class PastShown(Protocol):
    """The past, as far as the map's panel has to know it."""

    def show_anew(self) -> None:
        """Put everything on the canvas there is now: it is another one, or over another town."""

    def tip(self, kind: str, name: str) -> str:
        """What a tooltip says of a thing as it was."""

    def load_of(self, codes: Sequence[str]) -> tuple[Counts, Counts]:
        """Open and overdue incidents of grids, int32[len(codes)] each."""
