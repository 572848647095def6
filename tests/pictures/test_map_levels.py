"""Every layer alone, and every level of detail from a yard to a county: on both canvases, against kept pictures."""

from __future__ import annotations

import pytest

from bench.map import Field
from bench.scenes import Scale, geometry_of
from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map.shown import LAYERS
from tests.desktop.map.conftest import rest
from tests.pictures.test_map_pictures import dressed, picture

SCALE = Scale(grids=1_600, buildings=1_500, workers=9_000, cameras=300, pins=900)
"""Enough workers for a crowd, enough grids for the raster."""
LEVELS = (0.6, 2.2, 5.0, 9.5, 20.0, 45.0, 85.0, 130.0)
"""Metres a pixel: houses, every corner, flat and rising, roofs alone, middle and far outlines, sinking, the raster."""
CLOSE_UP = ("cameras", "sectors")
KEPT_ELSEWHERE = ("basemap", "tracks", "trails")
"""What has pictures of its own, with what it needs."""
SORTS = pytest.mark.parametrize("sort", [MapCanvas, PlainCanvas], ids=["gl", "plain"])


@pytest.fixture(scope="module")
def county() -> Geometry:
    """Sixteen hundred grids, invented."""
    return geometry_of(SCALE)


@SORTS
def test_every_level_of_detail(sort, county, like_kept, qtbot):
    canvas = sort()
    qtbot.addWidget(canvas)
    canvas.resize(480, 320)
    canvas.set_geometry(county)
    Field(county, SCALE).show_on(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    x, y = county.buildings.ring(0)[0].tolist()
    whole = canvas.viewpoint
    for scale in LEVELS:
        canvas.set_viewpoint(whole.at(x, y).scaled(scale) if scale < 20 else whole.scaled(scale))
        rest(canvas, qtbot)
        like_kept(f"level_{scale:g}_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))


@SORTS
def test_every_layer_alone(sort, small_town, like_kept, qtbot):
    canvas = dressed(sort(), small_town, qtbot)
    canvas.resize(420, 300)
    canvas.set_raised(True)
    canvas.fit_all()
    whole = canvas.viewpoint
    for name in LAYERS:
        if name in KEPT_ELSEWHERE:
            continue
        for other in LAYERS:
            canvas.set_layer_visible(other, other == name)
        canvas.set_viewpoint(whole.at(-200.0, 80.0).scaled(0.7) if name in CLOSE_UP else whole)
        rest(canvas, qtbot)
        like_kept(f"layer_{name}_{'gl' if sort is MapCanvas else 'plain'}", picture(canvas))
