"""The views a camera remembers, as a list over the tiles: type to find one, Enter turns it there. Main thread only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desktop.named_list import NamedList

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.seat import Seat
    from desktop.video_hand import VideoHand


class PresetList(NamedList):
    """What the camera in hand remembers; nothing is kept or forgotten here."""

    about = "presets"
    keeps = False

    def __init__(self, seat: Seat, panel: QWidget, hand: VideoHand) -> None:
        """Hidden."""
        super().__init__(seat, panel)
        self._hand = hand

    def entries(self) -> Sequence[tuple[str, str]]:
        """None that an officer could forget."""
        return ()

    def offers(self) -> Sequence[tuple[str, str]]:
        """Their numbers and names, and the key of each of the first nine."""
        return [(name, str(at) if at <= 9 else "") for at, name in enumerate(self._names(), 1)]

    def go(self, name: str) -> bool:
        """Turn there; False where the camera remembers no such view."""
        names = self._names()
        if name not in names:
            return False
        self._hand.go_to(names.index(name))
        return True

    def _names(self) -> list[str]:
        """Each with its number: two may be called the same."""
        return [f"{at} {preset.name}" for at, preset in enumerate(self._hand.presets, 1)]
