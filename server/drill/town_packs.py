"""The town as the drill knows it: roads, areas, buildings and cameras from the packs on disk, all of it whoever may see it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.container import BadPack
from gis_data.town.pack import AreasPack, BuildingsPack, CamerasPack, Pack, RoadsPack, read_pack
from governance.places import Level

P = TypeVar("P", bound=Pack)


@dataclass(frozen=True, slots=True, eq=False)
class DrillTown:
    """What the outside world walks on and reports about."""

    roads: RoadsPack
    grid_codes: tuple[str, ...]
    grid_shapes: npt.NDArray[np.object_]
    buildings: BuildingsPack
    cameras: tuple[dict[str, object], ...]
    """id and name of each."""


def read_town(packs: Path) -> DrillTown:
    """The newest packs of the folder; LookupError where a layer is missing."""
    files = sorted(packs.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    areas = _newest(files, "areas", AreasPack)
    cameras = _newest(files, "cameras", CamerasPack)
    grids = np.flatnonzero(areas.levels == Level.GRID)
    return DrillTown(
        roads=_newest(files, "roads", RoadsPack),
        grid_codes=tuple(str(areas.codes[row]) for row in grids),
        grid_shapes=np.array([_shape_of(areas, int(row)) for row in grids], dtype=object),
        buildings=_newest(files, "buildings", BuildingsPack),
        cameras=tuple({"id": str(i), "name": str(n)} for i, n in zip(cameras.ids, cameras.names, strict=True)),
    )


def _newest(files: list[Path], layer: str, kind: type[P]) -> P:
    for path in files:
        try:
            pack = read_pack(layer, path.read_bytes())
        except BadPack:
            continue
        if isinstance(pack, kind):
            return pack
    raise LookupError(f"no pack of the layer {layer}")


def _shape_of(areas: AreasPack, row: int) -> shapely.Geometry:
    """The polygons of one area; shells and holes as the pack has them."""
    polygons = []
    for polygon in range(areas.area_offsets[row], areas.area_offsets[row + 1]):
        rings = [
            areas.coords[areas.ring_offsets[ring] : areas.ring_offsets[ring + 1]]
            for ring in range(areas.polygon_offsets[polygon], areas.polygon_offsets[polygon + 1])
        ]
        polygons.append(shapely.Polygon(rings[0], rings[1:]))
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
