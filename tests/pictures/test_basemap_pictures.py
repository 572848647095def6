"""The basemap as it looks under the town, on both canvases."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.tiles_written import vector_tile, write_mbtiles
from desktop.basemap.basemap import Basemap
from desktop.basemap.tiles_drawn import TilesDrawn
from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from gis_data.basemap.files import open_tiles
from gis_data.basemap.squares import Square, web_mercator
from gis_data.datum import Datum
from tests.desktop.map.conftest import rest
from tests.desktop.map.invented_town import ORIGIN, PLANE
from tests.pictures.test_map_pictures import picture


def streets(x: int, y: int) -> bytes:
    """A tile of a park, a river, two roads and a few houses, each tile its own way round."""
    far, near = 4096 + 64, -64
    houses = [[(600 + 500 * n, 2500), (900 + 500 * n, 2500), (900 + 500 * n, 2800), (600 + 500 * n, 2800)] for n in range(4)]
    return vector_tile({
        "landuse": [(3, {"class": "park"}, [[(300, 300), (1700, 300), (1700, 1500), (300, 1500)]])],
        "water": [(3, {"class": "river"}, [[(near, 3300), (far, 3300 + 200 * (x % 2)), (far, 3900), (near, 3900)]])],
        "building": [(3, {}, [house]) for house in houses],
        "transportation": [
            (2, {"class": "primary"}, [[(near, 2048), (far, 2048)]]),
            (2, {"class": "minor"}, [[(2048 + 300 * (y % 2), near), (2048, far)]]),
        ],
    })  # fmt: skip


@pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])
def test_a_vector_basemap_in_gcj02(sort, small_town, like_kept, qtbot, tmp_path: Path):
    columns, rows = web_mercator(512).covering([(ORIGIN.lon, ORIGIN.lat)], 14, Datum.GCJ02)
    around = [Square(14, columns[0] + right, rows[0] + down) for right in (-1, 0, 1) for down in (-1, 0, 1)]
    tiles = {square: streets(square.column, square.row) for square in around}
    file = open_tiles(write_mbtiles(tmp_path / "a.mbtiles", tiles, format="pbf"), Datum.GCJ02)
    canvas = sort()
    qtbot.addWidget(canvas)
    canvas.resize(480, 340)
    canvas.set_geometry(small_town)
    for layer in ("land", "water", "roads"):
        canvas.set_layer_visible(layer, False)
    basemap = Basemap(TilesDrawn(file.about, file), PLANE, canvas.shown.colours, 1.0)
    basemap.changed.connect(canvas.basemap_changed)
    canvas.set_basemap(basemap)
    canvas.show()
    qtbot.waitExposed(canvas)
    rest(canvas, qtbot)
    qtbot.waitUntil(lambda: basemap.is_at_rest and basemap.shows_anything, timeout=10_000)
    rest(canvas, qtbot)
    like_kept(f"basemap_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))
    canvas.set_basemap(None)
    basemap.close()
