"""Which cameras are shown in their main stream: the wide and the selected ones, and only so many. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

MAIN_FROM_PX = 960
"""A tile narrower than this shows no more of the main stream than of the sub stream."""
MOST_MAINS = 4


@dataclass(frozen=True, slots=True)
class Want:
    """How one tile shows a camera."""

    camera: str
    width_px: int
    is_selected: bool = False


def mains(wants: Iterable[Want], before: Collection[str] = ()) -> frozenset[str]:
    """The cameras to be played in their main stream, at most four: selected ones first, then the widest.

    Among equals go those that are played so already (`before`), so that pictures do not change to and fro.
    """
    best: dict[str, tuple[bool, int]] = {}
    for want in wants:
        if want.is_selected or want.width_px >= MAIN_FROM_PX:
            rank = (want.is_selected, want.width_px)
            best[want.camera] = max(best.get(want.camera, rank), rank)
    ranked = sorted(best, key=lambda camera: (*best[camera], camera in before), reverse=True)
    return frozenset(ranked[:MOST_MAINS])
