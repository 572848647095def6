"""Layouts of tiles as an officer keeps them: what is shown now, layouts by name, lists for turns; read with distrust.

A layout names cameras by id, never by an address. What is damaged in it costs that part alone and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from desktop.settings import DeskFolder, officer_file
from desktop.video_wall.slots import DEEPEST, EMPTY, MOST, SIDES, Slot, TileSet, Zoom
from desktop.video_wall.turns import LONGEST_S, SHORTEST_S, USUAL_S

LONGEST_NAME, LONGEST_ID = 40, 64
MOST_KEPT = 60
MOST_IN_TURN = 4000


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything an officer keeps of his tiles."""

    now: TileSet = field(default_factory=TileSet)
    layouts: Mapping[str, TileSet] = field(default_factory=dict)
    turns: Mapping[str, tuple[tuple[str, ...], float]] = field(default_factory=dict)
    """Name of a list -> its cameras and how long a page of it is shown, in seconds."""

    def with_layout(self, name: str, layout: TileSet) -> Kept:
        """One more, or another under the same name."""
        return replace(self, layouts={**self.layouts, name: layout})

    def without_layout(self, name: str) -> Kept:
        """One less."""
        return replace(self, layouts={each: layout for each, layout in self.layouts.items() if each != name})

    def with_turn(self, name: str, cameras: tuple[str, ...], dwell_s: float) -> Kept:
        """One more list for turns, or another under the same name."""
        return replace(self, turns={**self.turns, name: (cameras, dwell_s)})

    def without_turn(self, name: str) -> Kept:
        """One list less."""
        return replace(self, turns={each: turn for each, turn in self.turns.items() if each != name})


class KeptLayouts:
    """The file of one officer. Main thread only."""

    def __init__(self, folder: DeskFolder, account: str) -> None:
        """Nothing is read yet."""
        self._folder, self._name = folder, officer_file(account, "video")

    def read(self) -> tuple[Kept, tuple[str, ...]]:
        """What was kept, and the names of what could not be read of it (empty: what is shown now); that is set aside."""
        fields = self._folder.read(self._name)
        kept, wrong = kept_of(fields)
        if wrong:
            self._folder.write(f"{self._name}.damaged", fields)
        return kept, wrong

    def write(self, kept: Kept) -> None:
        """Keep it; where the disk refuses, the folder tells."""
        self._folder.write(self._name, fields_of(kept))


def fields_of(kept: Kept) -> dict[str, Any]:
    """As it lies in the file."""
    return {
        "now": _set_fields(kept.now),
        "layouts": {name: _set_fields(layout) for name, layout in kept.layouts.items()},
        "turns": {name: {"cameras": list(cameras), "dwell_s": dwell_s} for name, (cameras, dwell_s) in kept.turns.items()},
    }


def kept_of(fields: Mapping[str, Any]) -> tuple[Kept, tuple[str, ...]]:
    """What the file says, and the names of what it does not say properly."""
    wrong: list[str] = []
    now = TileSet()
    if "now" in fields:
        now = _read("", fields["now"], _set_of, wrong) or TileSet()
    layouts = {name: read for name, each in _named(fields, "layouts", wrong) if (read := _read(name, each, _set_of, wrong))}
    turns = {name: turn for name, each in _named(fields, "turns", wrong) if (turn := _read(name, each, _turn_of, wrong))}
    return Kept(now, layouts, turns), tuple(wrong)


def _read(name: str, fields: Any, reader: Callable[[Any], Any], wrong: list[str]) -> Any:
    try:
        return reader(fields)
    except (KeyError, TypeError, ValueError, OverflowError):
        wrong.append(name)
        return None


def _named(fields: Mapping[str, Any], sort: str, wrong: list[str]) -> list[tuple[str, Any]]:
    found = fields.get(sort, {})
    if not isinstance(found, dict):
        wrong.append(sort)
        return []
    kept = [name for name in found if 0 < len(name) <= LONGEST_NAME][:MOST_KEPT]
    wrong += [name[:LONGEST_NAME] or sort for name in found if name not in kept]
    return [(name, found[name]) for name in kept]


def _set_fields(layout: TileSet) -> dict[str, Any]:
    last = max((at for at, slot in enumerate(layout.slots) if slot != EMPTY), default=-1)
    return {"side": layout.side, "slots": [_slot_fields(slot) for slot in layout.slots[: last + 1]]}


def _slot_fields(slot: Slot) -> dict[str, Any]:
    fields: dict[str, Any] = {"camera": slot.camera}
    if slot.is_locked:
        fields["locked"] = True
    if slot.cells > 1:
        fields["cells"] = slot.cells
    if slot.zoom.times > 1.0:
        fields["zoom"] = [round(figure, 4) for figure in (slot.zoom.x, slot.zoom.y, slot.zoom.times)]
    return fields


def _set_of(fields: Any) -> TileSet:
    side, slots = fields["side"], fields["slots"]
    if type(side) is not int or side not in SIDES or not isinstance(slots, list) or len(slots) > MOST:
        raise ValueError("no such lattice")
    read = tuple(_slot_of(each) for each in slots)
    return TileSet(side, read + (EMPTY,) * (MOST - len(read)))


def _slot_of(fields: Any) -> Slot:
    camera, is_locked, cells = fields["camera"], fields.get("locked", False), fields.get("cells", 1)
    is_right = isinstance(camera, str) and len(camera) <= LONGEST_ID and isinstance(is_locked, bool)
    if not is_right or type(cells) is not int or cells not in SIDES:
        raise ValueError("no such slot")
    x, y, times = (float(figure) for figure in fields.get("zoom", (0.5, 0.5, 1.0)))
    if not (0.0 <= x <= 1.0 and 0.0 <= y <= 1.0 and 1.0 <= times <= DEEPEST):
        raise ValueError("no such part of a picture")
    return Slot(camera, is_locked and bool(camera), cells, Zoom(x, y, times).within())


def _turn_of(fields: Any) -> tuple[tuple[str, ...], float]:
    cameras, dwell_s = fields["cameras"], fields.get("dwell_s", USUAL_S)
    is_list = isinstance(cameras, list) and len(cameras) <= MOST_IN_TURN
    if not is_list or not all(isinstance(camera, str) and len(camera) <= LONGEST_ID for camera in cameras):
        raise ValueError("no list of cameras")
    if isinstance(dwell_s, bool) or not SHORTEST_S <= float(dwell_s) <= LONGEST_S:
        raise ValueError("no such time")
    return tuple(dict.fromkeys(cameras)), float(dwell_s)
