"""The town as it arrives: packs become geometry, names and neighbours, off the main thread."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from desktop.link.from_server import PackReceived
from desktop.map.empty_shapes import filled
from desktop.map.scene import Geometry
from desktop.map.scene_store import kept
from desktop.memory import give_back
from desktop.situation.grids import side_by_side
from gis_data.town.address_book import MOST_LETTERS, AddressBook
from gis_data.town.pack import AreasPack, read_pack
from governance.places import Level, LonLat
from wire.requests import TownManifest

if TYPE_CHECKING:
    from gis_data.town.network import RoadNetwork

NEEDED = ("areas", "buildings", "roads", "water", "land")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """What the desk needs of a town."""

    geometry: Geometry
    names: dict[str, str]
    """Area code -> name."""
    beside: dict[str, frozenset[str]]
    """Grid -> the grids that share a boundary with it."""
    places: dict[str, LonLat]
    """Name of a road or building -> a place on it."""

    houses: AddressBook = field(default_factory=AddressBook)
    """House numbers along the roads."""

    def place_named(self, address: str) -> tuple[str, LonLat] | None:
        """The house an address names by road and number, else the longest name it contains, with its place.

        None where it contains no name of two characters or more. A number that is not known leaves the road.
        """
        address = address[:MOST_LETTERS]
        found = max((name for name in self.places if name in address), key=len, default="")
        house = self.houses.house(address)
        if house is not None and not (house.street in found and house.street != found):
            return house.label, house.place
        return (found, self.places[found]) if found else None


class TownArrival(QObject):
    """Collects the packs of the manifest in force; `ready` once they are all there and read."""

    ready = Signal(object)
    """Town."""
    roads_ready = Signal(object)
    """RoadNetwork of the same town, a moment later: the map does not wait for it."""
    failed = Signal()
    """The packs are there, and cannot be read; `look` tries again."""
    progress = Signal(int, int)
    """How many packs are there, of how many."""

    def __init__(self, scenes: Path | None = None, parent: QObject | None = None) -> None:
        """No pack yet. `scenes` is the folder that keeps what is drawn of a town, so that the next start need not make it."""
        super().__init__(parent)
        self._scenes = scenes
        self._packs: dict[str, tuple[str, bytes]] = {}
        self._made_of: dict[str, str] = {}
        self.failed.connect(self._forget_made)

    def came(self, pack: PackReceived, town: TownManifest) -> None:
        """A pack arrived."""
        self._packs[pack.layer] = (pack.sha256, pack.data)
        self.look(town)

    def look(self, town: TownManifest) -> None:
        """Read the town once all its packs are there; one that is shown already is not read again."""
        wanted = {layer: town.packs[layer][0] for layer in NEEDED if layer in town.packs}
        there = {layer for layer, sha256 in wanted.items() if self._packs.get(layer, ("",))[0] == sha256}
        self.progress.emit(len(there), len(wanted))
        if len(wanted) < len(NEEDED) or len(there) < len(wanted) or wanted == self._made_of:
            return
        self._made_of = wanted
        packs = {layer: self._packs[layer][1] for layer in NEEDED}
        origin = LonLat(town.origin_lon, town.origin_lat)
        made_of = hashlib.sha256(repr((sorted(wanted.items()), origin)).encode()).hexdigest()
        threading.Thread(target=self._read, args=(packs, origin, made_of), name="town", daemon=True).start()

    def _read(self, raw: dict[str, bytes], origin: LonLat, made_of: str) -> None:
        try:
            packs = filled({layer: read_pack(layer, data) for layer, data in raw.items()}, origin)
            areas = packs["areas"]
            assert isinstance(areas, AreasPack)
            names = dict(zip(areas.codes.tolist(), areas.names.tolist(), strict=True))
            beside, places = side_by_side(rings_of_grids(areas)), places_of(packs)
            geometry = self._geometry(packs, origin, made_of)
            for lost in geometry.left_out:
                log.warning("not drawn, it has no coordinates or they lie nowhere near the district: %s", lost)
            self.ready.emit(Town(geometry, names, beside, places, houses_of(packs["buildings"])))
            self.roads_ready.emit(network_of(packs["roads"]))
        except Exception:
            log.exception("the town could not be read")
            self.failed.emit()
        give_back()

    def _geometry(self, packs: Mapping[str, object], origin: LonLat, made_of: str) -> Geometry:
        if self._scenes is None:
            return Geometry.of(packs, origin)
        return kept(self._scenes, made_of, lambda: Geometry.of(packs, origin))

    def _forget_made(self) -> None:
        self._made_of = {}


def places_of(packs: Mapping[str, Any]) -> dict[str, LonLat]:
    """A place on everything that has a name of two characters or more: the middle vertex of the first thing so named."""
    found: dict[str, LonLat] = {}
    for layer in ("roads", "buildings"):
        pack = packs[layer]
        for number in (n for n, name in enumerate(pack.names.tolist()) if len(name) >= 2):
            if pack.names[number] not in found:
                lon, lat = pack.coords[(int(pack.offsets[number]) + int(pack.offsets[number + 1]) - 1) // 2].tolist()
                found[str(pack.names[number])] = LonLat(lon, lat)
    return found


def houses_of(buildings: Any) -> AddressBook:
    """The house numbers of a buildings pack."""
    known = buildings.addresses
    return AddressBook(
        (street, number, LonLat(*place))
        for street, number, place in zip(known.streets, known.numbers, known.places.tolist(), strict=True)
    )


def network_of(roads: object) -> RoadNetwork | None:
    """The network of a roads pack; None where the town has no road."""
    from gis_data.town.network import RoadNetwork  # not before there are roads: scipy takes a third of a second

    try:
        return RoadNetwork.of(roads)
    except ValueError:
        return None


def rings_of_grids(areas: AreasPack) -> dict[str, npt.NDArray[np.float64]]:
    """All vertices of every grid, float64[n, 2]."""
    found = {}
    for number, (code, level) in enumerate(zip(areas.codes.tolist(), areas.levels.tolist(), strict=True)):
        if level == Level.GRID:
            first, end = areas.polygon_offsets[areas.area_offsets[number : number + 2]].tolist()
            start, stop = areas.ring_offsets[[first, end]].tolist()
            found[code] = areas.coords[start:stop]
    return found
