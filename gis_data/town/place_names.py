"""Names for the parts of a town that OpenStreetMap does not divide: after the places and roads in them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.town.osm_file import Content
from gis_data.town.osm_tags import line_of
from gis_data.town.plane import Plane

_TOWNS = ("city", "town", "village", "hamlet")
_PARTS = ("borough", "suburb", "quarter", "neighbourhood", "village", "hamlet", "square", "locality", "islet")


class PlaceNames:
    """The named places and roads of a town, on its plane."""

    def __init__(self, content: Content, plane: Plane, roads: npt.NDArray[np.object_]) -> None:
        """Keep what has a name."""
        named = [k for k, name in enumerate(content.road_names) if name]
        self._roads = roads[named]
        self._road_names = [content.road_names[k] for k in named]
        self._tree = shapely.STRtree(self._roads)
        self._places = [(kind, name) for kind, name, _, _ in content.places]
        spots = np.array([(lon, lat) for _, _, lon, lat in content.places], float).reshape(-1, 2)
        self._spots = plane.to_plane(spots[:, 0], spots[:, 1]) if len(spots) else spots

    def town(self) -> str:
        """The largest place near the middle; empty where none is named."""
        for kind in _TOWNS:
            mine = [k for k, (own, _) in enumerate(self._places) if own == kind]
            if mine:
                return self._places[min(mine, key=lambda k: float(np.hypot(*self._spots[k])))][1]
        return ""

    def streets(self, shapes: list[Any], given: list[str]) -> list[str]:
        """The names of streets: their own, else after a place or road in them, else a number."""
        found = [name or self._inside(shape, set()) for name, shape in zip(given, shapes, strict=True)]
        return _distinct([name or f"第{k + 1}街道" for k, name in enumerate(found)])

    def communities(self, shapes: npt.NDArray[np.object_]) -> list[str]:
        """A name for each community, all different: after a place in it, else its longest road, else a number."""
        used: set[str] = set()
        names = []
        for k, shape in enumerate(shapes):
            names.append(self._inside(shape, used) or f"第{k + 1:02d}社区")
            used.add(names[-1])
        return _distinct(names)

    def grids(self, community: str, number: int, shape: Any) -> str:
        """The name of a grid: its number, and the nearest named road."""
        road = self._longest_road(shape, {community})
        return f"第{number:02d}网格 {road}" if road else f"{community}第{number:02d}网格"

    def _inside(self, shape: Any, used: set[str]) -> str:
        """A place within a shape, else its longest road that is not used yet; empty where there is neither."""
        for kind in _PARTS:
            for k, (own, name) in enumerate(self._places):
                if own == kind and name not in used and shape.contains(shapely.Point(self._spots[k])):
                    return name
        return self._longest_road(shape, used)

    def _longest_road(self, shape: Any, used: set[str]) -> str:
        """The named road with most metres in a shape or along it; the nearest one where there is none."""
        near = self._tree.query(shape, predicate="dwithin", distance=5.0) if len(self._roads) else np.zeros(0, int)
        inside = shapely.length(shapely.intersection(self._roads[near], shape.buffer(5.0)))
        metres: Counter[str] = Counter()
        for k, length in zip(near.tolist(), inside.tolist(), strict=True):
            if self._road_names[k] not in used:
                metres[self._road_names[k]] += length
        if not metres:
            return ""
        return min(metres, key=lambda name: (-round(metres[name], 3), name))


def name_of_file(path: Path) -> str:
    """What a town is called after its file or folder; empty where that has no name that can be shown."""
    return line_of(path.resolve().name.strip(".").split(".")[0])


def _distinct(names: list[str]) -> list[str]:
    """The names with a number behind each that comes again."""
    seen: Counter[str] = Counter()
    out = []
    for name in names:
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out
