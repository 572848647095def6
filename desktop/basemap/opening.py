"""Opens the basemap that was chosen: its file, or its service with the cache that belongs to it."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

from desktop.basemap.chosen import Chosen
from desktop.basemap.network import Network
from desktop.basemap.tiles_drawn import TilesDrawn
from gis_data.basemap.address import filled, of_service
from gis_data.basemap.files import open_tiles

CACHE_FOLDER = "basemap"
MOST_CACHES = 4
"""So many services keep their tiles; of those before them the ones used longest ago go."""


def opened(chosen: Chosen, home: Path) -> TilesDrawn:
    """The tiles of what was chosen, drawn. Raises Unreadable where a file is no good; a service that fails says so later."""
    if not chosen.is_service:
        file = open_tiles(Path(chosen.path).expanduser(), chosen.datum)
        return TilesDrawn(file.about, file)
    about = chosen.about()
    tiles = TilesDrawn(about, None)
    place = cache_of(chosen, home)
    _forget_others(place)
    tiles.serve(Network(partial(filled, chosen.template, about.cut), about.kind, place, tiles.come.emit))
    return tiles


def cache_of(chosen: Chosen, home: Path) -> Path:
    """The file of the tiles of a service; another key of the same service has the same."""
    name = hashlib.sha256(of_service(chosen.template).encode()).hexdigest()[:24]
    return home / CACHE_FOLDER / f"{name}.sqlite"


def _forget_others(place: Path) -> None:
    kept = [path for path in place.parent.glob("*.sqlite") if path != place]
    for path in sorted(kept, key=lambda each: each.stat().st_mtime, reverse=True)[MOST_CACHES - 1 :]:
        for each in (path, *path.parent.glob(f"{path.name}-*")):
            each.unlink(missing_ok=True)
