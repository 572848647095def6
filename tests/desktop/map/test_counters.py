"""What a change costs, in counts: what stands still is not drawn again for what moves, no geometry is sent for a figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.map import Field
from bench.scenes import Scale, geometry_of
from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.layers.workers import PAGE
from desktop.map.moving import RECORD
from tests.desktop.map.conftest import rest

SCALE = Scale(grids=900, buildings=900, workers=4_000, cameras=100, pins=300)
A_VALUE = 16
"""Bytes of a grid's colour and height, or of whether it is late."""
A_HEIGHT = 4
"""Bytes of how high a worker stands."""


@pytest.fixture(scope="module")
def field() -> Field:
    """Nine hundred invented grids and who lives on them."""
    return Field(geometry_of(SCALE), SCALE)


@pytest.fixture
def canvas(field, qtbot) -> MapCanvas:
    """All of it in view, at rest."""
    canvas = MapCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(700, 500)
    canvas.set_geometry(field.geometry)
    field.show_on(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    rest(canvas, qtbot)
    return canvas


def test_fixes_redraw_nothing_that_stands_still_and_send_only_their_own_records(canvas, field, qtbot):
    before, sent, triangles = replace(canvas.counters), METER.uploaded_bytes, METER.triangles
    rows = np.arange(50, dtype=np.int32)
    for step in range(1, 4):
        lon, lat = (field.lonlat[rows] + 4e-5 * step).T
        canvas.move_workers(rows, lon, lat)
        rest(canvas, qtbot)
    pages = -(-len(rows) // PAGE) * PAGE
    assert 0 < METER.uploaded_bytes - sent <= 3 * (pages * RECORD.itemsize + SCALE.workers * A_HEIGHT)
    assert METER.triangles == triangles
    after = canvas.counters
    assert (after.static_redraws, after.repairs, after.layouts) == (before.static_redraws, before.repairs, before.layouts)


def test_the_load_of_grids_sends_values_and_no_geometry_and_draws_only_around_them(canvas, field, qtbot):
    load, shelf = field.load.copy(), canvas._painter._bench.shelf
    tiles, size, before, sent = len(shelf), shelf.size, replace(canvas.counters), METER.uploaded_bytes
    load[:2] = (load[:2] + 1) % 4
    canvas.set_grid_load(load, load * 0)
    rest(canvas, qtbot)
    values, standing_on_them = 2 * A_VALUE * SCALE.grids, SCALE.workers * (RECORD.itemsize + A_HEIGHT)
    assert values <= METER.uploaded_bytes - sent <= values + standing_on_them
    assert (len(shelf), shelf.size) == (tiles, size)
    assert canvas.counters.static_redraws == before.static_redraws
    assert canvas.counters.repairs == before.repairs + 1


def test_a_picture_takes_as_many_draws_as_tiles_are_in_it_whatever_they_hold(canvas, qtbot):
    smooth = canvas.counters.smooth_redraws
    canvas.shown.statics += 1
    canvas.update()
    qtbot.waitUntil(lambda: canvas.counters.smooth_redraws > smooth)
    geometry = canvas.shown.geometry
    parts = (geometry.grids.middle, geometry.communities.middle, geometry.streets.middle, geometry.land.near)
    tiles = sum(len(part.tiles) for part in parts) + sum(len(pieces.tiles) for pieces in geometry.road_pieces)
    assert 0 < canvas.counters.draw_calls <= 3 * tiles + 12
