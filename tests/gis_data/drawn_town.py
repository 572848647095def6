"""An OpenStreetMap file drawn by hand: blocks of houses between residential streets, anywhere on earth."""

from __future__ import annotations

import math

BLOCK_M = 140.0


def osm_xml(lon: float, lat: float, side: int = 6, *, houses: bool = True, roads: bool = True) -> str:
    """A town of side x side blocks around a place, four houses a block, as .osm XML."""
    drawing = _Drawing(lon, lat)
    if roads:
        for k in range(side + 1):
            drawing.way([(i * BLOCK_M, k * BLOCK_M) for i in range(side + 1)], highway="residential", name=f"Row {k}")
            drawing.way([(k * BLOCK_M, i * BLOCK_M) for i in range(side + 1)], highway="tertiary", name=f"Column {k}")
    if houses:
        for i in range(side):
            for j in range(side):
                for u, v in ((30, 30), (85, 30), (30, 85), (85, 85)):
                    x, y = i * BLOCK_M + u, j * BLOCK_M + v
                    ring = [(x, y), (x + 25, y), (x + 25, y + 20), (x, y + 20), (x, y)]
                    drawing.way(ring, building="apartments", **{"building:levels": str(2 + (i + j) % 5)})
    return drawing.text()


class _Drawing:
    def __init__(self, lon: float, lat: float) -> None:
        self._lon, self._lat = lon, lat
        self._nodes: dict[tuple[float, float], int] = {}
        self._ways: list[str] = []

    def way(self, points: list[tuple[float, float]], **tags: str) -> None:
        refs = "".join(f'<nd ref="{self._node(point)}"/>' for point in points)
        words = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        self._ways.append(f'<way id="{len(self._ways) + 1}" version="1">{refs}{words}</way>')

    def _node(self, point: tuple[float, float]) -> int:
        return self._nodes.setdefault(point, len(self._nodes) + 1)

    def text(self) -> str:
        shrink = 111_320 * math.cos(math.radians(self._lat))
        nodes = "".join(
            f'<node id="{number}" version="1" lon="{self._lon + x / shrink:.7f}" lat="{self._lat + y / 110_900:.7f}"/>'
            for (x, y), number in self._nodes.items()
        )
        return f'<?xml version="1.0"?><osm version="0.6" generator="test">{nodes}{"".join(self._ways)}</osm>'
