"""How tiles become pictures: never much larger than the cut they belong to asks for."""

from __future__ import annotations

import pytest

from bench.tiles_written import png
from desktop.basemap.tiles_drawn import TilesDrawn
from desktop.map.colours import NIGHT
from gis_data.basemap.source import About, Kind
from gis_data.basemap.squares import Square, web_mercator


@pytest.mark.parametrize(("sent_px", "drawn_px"), [(256, 256), (512, 512), (2048, 512)])
def test_a_picture_has_at_most_twice_the_pixels_of_its_cut(qapp, sent_px: int, drawn_px: int) -> None:
    tiles = TilesDrawn(About("a", web_mercator(256), Kind.PICTURE, 0, 5), None)
    image = tiles.made_of(Square(1, 0, 0), png(sent_px, sent_px, (200, 30, 30)), NIGHT)
    assert image is not None
    assert (image.width(), image.height()) == (drawn_px, drawn_px)
