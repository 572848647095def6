"""What is drawn of a vector tile: the same picture however far its shapes go, and nothing that would take long."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from bench.tiles_written import vector_tile
from desktop.basemap.pictures import FORMAT
from desktop.basemap.vector_drawing import MARGIN_PX, PICTURE_PX, Points, drawn, length_px, thinned, within
from desktop.map.colours import map_colours
from desktop.style.palette import NIGHT
from gis_data.basemap.source import Unreadable, Wrong
from gis_data.basemap.vector_tile import read_vector_tile


def painted(points: Points, *, is_area: bool) -> np.ndarray:
    """Which pixels a shape covers, drawn by Qt as it is."""
    image = QImage(PICTURE_PX, PICTURE_PX, FORMAT)
    image.fill(0)
    painter = QPainter(image)
    polygon = QPolygonF([QPointF(x, y) for x, y in points.tolist()])
    if is_area:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("red"))
        painter.drawPolygon(polygon, Qt.FillRule.WindingFill)
    else:
        painter.setPen(QColor("red"))
        painter.drawPolyline(polygon)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(PICTURE_PX, PICTURE_PX) != 0


@pytest.mark.parametrize("is_area", [False, True])
def test_what_goes_far_beyond_the_picture_looks_as_if_it_had_not_been_cut(qapp, is_area: bool) -> None:
    chance = np.random.default_rng(5)
    for _ in range(20):
        points = chance.uniform(-1_500, 2_000, (12, 2))
        cut, borders = thinned(*within(points, np.array([0, 12]), is_area), is_area)
        assert len(borders) == 1 or (cut.min() >= -MARGIN_PX and cut.max() <= PICTURE_PX + MARGIN_PX)
        differing = painted(points, is_area=is_area) != painted(cut, is_area=is_area)
        assert differing.mean() < 0.01


def test_parts_that_nobody_sees_go_and_the_others_stay_apart() -> None:
    far, dot, seen = [(-9e9, 5.0), (-8e9, 9.0)], [(5.0, 5.0), (5.1, 5.1)], [(1.0, 1.0), (1.1, 1.1), (4.0, 5.0)]
    points = np.array([*seen, *far, *dot, *seen])
    cut, borders = thinned(*within(points, np.array([0, 3, 5, 7, 10]), is_area=False), is_area=False)
    assert (cut.tolist(), borders.tolist()) == ([[1.0, 1.0], [4.0, 5.0]] * 2, [0, 2, 4])
    assert length_px(cut, borders) == 2 * 5.0 + 4 * 2.0


@pytest.mark.parametrize(("layer", "shape"), [("roads", 2), ("water", 3)])
def test_a_tile_of_endless_lines_is_too_large(qapp, layer: str, shape: int) -> None:
    there_and_back = [(0, number % 4096) if number % 2 else (4096, number % 4096) for number in range(4_000)]
    tile = vector_tile({layer: [(shape, {"class": "rail"}, [there_and_back])]})
    with pytest.raises(Unreadable) as caught:
        drawn(read_vector_tile(tile), (0.0, 0.0, 1.0), 1.0, map_colours(NIGHT))
    assert caught.value.why is Wrong.TOO_LARGE


def test_a_tile_with_nothing_to_be_seen_is_plain(qapp) -> None:
    tile = vector_tile({"water": [(3, {}, [[(90_000, 0), (99_000, 0), (99_000, 9_000)]])]})
    image = drawn(read_vector_tile(tile), (0.0, 0.0, 1.0), 1.0, map_colours(NIGHT))
    assert image.pixelColor(5, 5) == image.pixelColor(500, 500) == QColor(map_colours(NIGHT).inside)
