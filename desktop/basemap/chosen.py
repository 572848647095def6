"""Which basemap a desk shows: kept in the desk's folder in `basemap.json`, readable by its owner alone as it may hold a key."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from desktop.settings import DeskFolder
from gis_data.basemap import address
from gis_data.basemap.source import WHOLE_EARTH, About, Kind, Unreadable
from gis_data.basemap.squares import Cut, plain_degrees, web_mercator
from gis_data.basemap.wmts import Offer
from gis_data.datum import Datum

FILE = "basemap"
HIGHEST_LEVEL = 18
OPACITIES = (1.0, 0.85, 0.6, 0.35)


@dataclass(frozen=True, slots=True)
class Chosen:
    """One basemap: a file, or a service by the template of its tiles."""

    path: str = ""
    """Of a file; empty for a service."""
    template: str = ""
    typed: str = ""
    """The address as it was given: a template, or where the capabilities of a WMTS are."""
    name: str = ""
    datum: Datum = Datum.WGS84
    kind: Kind = Kind.PICTURE
    in_degrees: bool = False
    lowest: int = 0
    highest: int = HIGHEST_LEVEL
    tile_px: int = 256
    bounds: tuple[float, float, float, float] = WHOLE_EARTH
    attribution: str = ""
    cut: Cut | None = None
    """Of a WMTS."""
    opacity: float = OPACITIES[0]
    replaces: bool = True
    """Whether the town's own land, water and roads are hidden for it."""

    @property
    def is_service(self) -> bool:
        """Whether tiles come over the network."""
        return bool(self.template)

    def about(self) -> About:
        """What the service says of itself; a file is asked instead."""
        cut = self.cut or (plain_degrees if self.in_degrees else web_mercator)(self.tile_px)
        highest = min(self.highest, len(cut.levels) - 1)
        return About(self.name, cut, self.kind, min(self.lowest, highest), highest, self.bounds, self.attribution, self.datum)

    def shown(self) -> str:
        """The file or the address, without keys."""
        return self.path or address.without_keys(self.typed or self.template)


NONE = Chosen()


def of_template(typed: str, kind: Kind, tile_px: int, datum: Datum, highest: int = HIGHEST_LEVEL) -> Chosen:
    """A service that is asked by a template of level, column and row."""
    return Chosen(
        template=typed, typed=typed, name=address.host_of(typed), datum=datum, kind=kind,
        in_degrees=address.is_in_degrees(typed), highest=highest, tile_px=tile_px,
    )  # fmt: skip


def of_offer(typed: str, offer: Offer, datum: Datum) -> Chosen:
    """A layer of a WMTS in one of its cuts."""
    return Chosen(
        template=offer.template, typed=typed, name=offer.title, datum=datum, highest=len(offer.cut.levels) - 1,
        bounds=offer.bounds, attribution=offer.attribution, cut=offer.cut,
    )  # fmt: skip


def read(folder: DeskFolder) -> Chosen:
    """What was chosen; NONE where nothing was, or the file makes no sense."""
    try:
        found = msgspec.convert(folder.read(FILE), Chosen)
        if found.template:
            address.checked(found.template)
    except (msgspec.ValidationError, ValueError, Unreadable):
        return NONE
    if found.cut is not None and not found.cut.is_possible:
        return NONE
    return replace(found, opacity=min(max(found.opacity, 0.1), 1.0))


def keep(folder: DeskFolder, chosen: Chosen) -> None:
    """Choose this from now on."""
    folder.write(FILE, msgspec.to_builtins(chosen) if chosen != NONE else {})
