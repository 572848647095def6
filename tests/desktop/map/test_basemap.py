"""The basemap on both canvases: right place, own part of a picture above while it waits, nothing uploaded twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bench.tiles_written import png, png_that_says, vector_tile, write_mbtiles
from desktop.basemap.basemap import Basemap
from desktop.basemap.tiles_drawn import TilesDrawn
from desktop.map.canvas import MapCanvas
from desktop.map.graphics import METER
from desktop.map.oblique import Oblique
from desktop.map.plain_canvas import PlainCanvas
from desktop.style.palette import DAY
from gis_data.basemap.files import open_tiles
from gis_data.basemap.source import Wrong
from gis_data.basemap.squares import Square, web_mercator
from gis_data.datum import Datum
from tests.desktop.map.conftest import SPREAD, Canvas, at, move, pixels, put_workers, rest
from tests.desktop.map.invented_town import ORIGIN, PLANE

CUT = web_mercator()
COLOURS = [(200, 30, 30), (30, 160, 30), (40, 60, 220), (220, 200, 30), (160, 40, 190)]
Lay = Callable[..., Basemap]


on_plain = pytest.mark.parametrize("canvas", [PlainCanvas], ids=["plain"], indirect=True)
on_gl = pytest.mark.parametrize("canvas", [MapCanvas], ids=["gl"], indirect=True)


def around(level: int, datum: Datum = Datum.WGS84, reach: int = 3) -> list[Square]:
    columns, rows = CUT.covering([(ORIGIN.lon, ORIGIN.lat)], level, datum)
    steps = range(-reach, reach + 1)
    return [Square(level, columns[0] + right, rows[0] + down) for right in steps for down in steps]


def colour_of(square: Square) -> tuple[int, int, int]:
    return COLOURS[(square.column + 2 * square.row) % len(COLOURS)]


def patchwork(level: int, datum: Datum = Datum.WGS84) -> dict[Square, bytes]:
    return {square: png(64, 64, colour_of(square)) for square in around(level, datum)}


def all_there(canvas: Canvas, basemap: Basemap, qtbot) -> None:
    """Wait until everything that the view needs is there and painted."""
    rest(canvas, qtbot)
    qtbot.waitUntil(lambda: basemap.is_at_rest, timeout=10_000)
    rest(canvas, qtbot)


@pytest.fixture
def lay(canvas: Canvas, tmp_path: Path, qtbot) -> Iterator[Lay]:
    """Lays tiles under the town, which shows nothing else, and waits until all of them are there."""
    made = list[Basemap]()

    def lay(tiles: dict[Square, bytes], datum: Datum = Datum.WGS84, opacity: float = 1.0, **said: str) -> Basemap:
        for layer in canvas.shown.layer_visible:
            canvas.set_layer_visible(layer, layer == "basemap")
        canvas.set_theme(DAY)
        file = open_tiles(write_mbtiles(tmp_path / f"{len(made)}.mbtiles", tiles, **said), datum)
        basemap = Basemap(TilesDrawn(file.about, file), PLANE, canvas.shown.colours, opacity)
        made.append(basemap)
        basemap.changed.connect(canvas.basemap_changed)
        canvas.set_basemap(basemap)
        all_there(canvas, basemap, qtbot)
        assert basemap.shows_anything
        return basemap

    yield lay
    canvas.set_basemap(None)
    for basemap in made:
        basemap.close()


def middle_of(square: Square, datum: Datum) -> tuple[float, float]:
    lon, lat = CUT.corners(square, 2, datum)[1, 1].tolist()
    return tuple(PLANE.to_plane(lon, lat)[0].tolist())


def seen(canvas: Canvas, squares: list[Square], datum: Datum = Datum.WGS84) -> list[tuple[Square, tuple[int, ...]]]:
    """The colour at the middle of each tile that is in the picture and under nothing."""
    picture, found = pixels(canvas), []
    for square in squares:
        px = at(canvas, *middle_of(square, datum))
        if 40 < px.x() < 640 and 60 < px.y() < 560:
            found.append((square, tuple(picture[px.y(), px.x()].tolist())))
    return found


def near(colour: tuple[int, ...], wanted: tuple[int, ...]) -> bool:
    return max(abs(one - other) for one, other in zip(colour, wanted, strict=True)) <= 6


@pytest.mark.parametrize(("datum", "turn", "tilt"), [(Datum.WGS84, 33, 20), (Datum.GCJ02, -70, -42)])
def test_every_tile_lies_where_it_lies_on_the_earth(canvas, lay, qtbot, datum, turn, tilt):
    lay(patchwork(17, datum), datum)
    canvas.turn(turn)
    canvas.tilt_by(tilt)
    canvas.set_viewpoint(canvas.viewpoint.scaled(1.2))
    rest(canvas, qtbot)
    found = seen(canvas, around(17, datum), datum)
    assert len(found) >= 6
    assert [square for square, colour in found if not near(colour, colour_of(square))] == []


def test_a_border_between_tiles_runs_where_it_should_to_a_pixel(canvas, lay, qtbot):
    lay(patchwork(17, Datum.GCJ02), Datum.GCJ02)
    square = around(17, Datum.GCJ02, 0)[0]
    corners = CUT.corners(square, 4, Datum.GCJ02)
    lon, lat = corners[2, 4].tolist()  # the middle of its eastern border
    east = canvas.drawn_oblique().screen(*PLANE.to_plane(lon, lat)[0])
    away = canvas.drawn_oblique().screen(*middle_of(square, Datum.GCJ02)) - east
    away /= np.hypot(*away)
    picture = pixels(canvas)
    inside, outside = (np.rint(east + away * step).astype(int) for step in (2.0, -2.0))
    assert near(tuple(picture[inside[1], inside[0]].tolist()), colour_of(square))
    assert near(tuple(picture[outside[1], outside[0]].tolist()), colour_of(Square(17, square.column + 1, square.row)))


@on_plain
def test_no_pixel_between_tiles_is_left_out(canvas, lay, qtbot):
    tiles = {square: png(64, 64, (200, 30, 30)) for square in around(17)}
    basemap = lay(tiles)
    canvas.turn(21)
    canvas.set_viewpoint(canvas.viewpoint.scaled(0.9))
    all_there(canvas, basemap, qtbot)
    part = pixels(canvas)[150:480, 150:640].astype(int)
    assert (np.abs(part - (200, 30, 30)).max(axis=2) > 12).sum() == 0


@on_plain
def test_a_missing_tile_shows_its_part_of_the_one_above(canvas, lay, qtbot):
    hole = around(17, reach=0)[0]
    tiles = {square: data for square, data in patchwork(17).items() if square != hole}
    basemap = lay({**tiles, hole.above(1): png(64, 64, (90, 90, 90))})
    canvas.set_viewpoint(canvas.viewpoint.scaled(1.0))
    all_there(canvas, basemap, qtbot)
    found = dict(seen(canvas, around(17)))
    assert near(found.pop(hole), (90, 90, 90))
    assert all(near(colour, colour_of(square)) for square, colour in found.items())
    assert basemap.counts[Wrong.MISSING] >= 1


def test_it_lets_as_much_through_as_it_is_told(canvas, lay, qtbot):
    lay({square: png(64, 64, (0, 0, 0)) for square in around(17)}, opacity=0.5)
    ground = tuple(int(canvas.shown.colours.ground[place : place + 2], 16) // 2 for place in (1, 3, 5))
    assert near(tuple(pixels(canvas)[300, 400].tolist()), ground)


def still_drawn(canvas: Canvas) -> int:
    """How often something of what stands still was painted: all of it, or a strip that came into sight."""
    return canvas.counters.static_redraws + getattr(canvas.counters, "strips", 0)


@on_gl
def test_a_pan_within_what_is_there_uploads_nothing(canvas, lay, qtbot):
    basemap = lay(patchwork(17))
    canvas.set_viewpoint(canvas.viewpoint.scaled(0.6))
    for right in (400.0, -400.0):  # farther than what is kept of the picture
        canvas.pan_by(right, 0.0)
        all_there(canvas, basemap, qtbot)
    before, frames = METER.uploaded_bytes, canvas.counters.dynamic_frames
    for right in (400.0, -400.0):
        canvas.pan_by(right, 0.0)
        all_there(canvas, basemap, qtbot)
    assert canvas.counters.dynamic_frames > frames
    assert METER.uploaded_bytes - before < 20_000


@on_plain
def test_what_is_wanted_is_that_of_the_whole_view_also_while_a_part_of_it_is_painted(canvas, lay, qtbot):
    basemap = lay(patchwork(17))
    wanted, oblique = basemap.in_hand, canvas.drawn_oblique()
    assert len(basemap.laid(Oblique(oblique.viewpoint, 40, 40), oblique.viewpoint.metres_per_pixel)) >= 1
    assert basemap.in_hand == wanted
    assert len(wanted) > 4


@on_gl
def test_workers_that_move_do_not_lay_it_anew(canvas, lay, qtbot):
    lay(patchwork(17))
    canvas.set_layer_visible("workers", True)
    put_workers(canvas, SPREAD, qtbot)
    statics, frames = canvas.counters.static_redraws, canvas.counters.dynamic_frames
    move(canvas, 0, (-400.0, -100.0))
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames + 1)
    assert canvas.counters.static_redraws == statics


def test_vector_tiles_are_drawn_in_the_colours_of_the_theme_and_closer_than_they_are_cut(canvas, lay, qtbot):
    sea = vector_tile({"water": [(3, {}, [[(0, 0), (4096, 0), (4096, 4096), (0, 4096)]])]})
    columns, rows = web_mercator(512).covering([(ORIGIN.lon, ORIGIN.lat)], 13, Datum.WGS84)
    basemap = lay({Square(13, columns[0], rows[0]): sea}, format="pbf")
    canvas.set_viewpoint(canvas.viewpoint.scaled(0.5))
    all_there(canvas, basemap, qtbot)
    water = tuple(int(canvas.shown.colours.water[place : place + 2], 16) for place in (1, 3, 5))
    assert near(tuple(pixels(canvas)[320, 450].tolist()), water)
    canvas.set_theme(canvas.shown.colours.__class__(**{**vars_of(canvas.shown.colours), "water": "#803010"}))
    basemap.set_colours(canvas.shown.colours)
    all_there(canvas, basemap, qtbot)
    assert near(tuple(pixels(canvas)[320, 450].tolist()), (0x80, 0x30, 0x10))


def vars_of(colours: object) -> dict[str, object]:
    return {name: getattr(colours, name) for name in colours.__slots__}


BAD = {
    "noise": (b"\x89PNG\r\n\x1a\n" + bytes(range(200)), Wrong.NOT_A_TILE),
    "a page": (b"<html>sign on</html>", Wrong.NOT_A_TILE),
    "one pixel": (png(1, 1, (1, 2, 3)), Wrong.MISSING),
    "cut off": (png(256, 256, (1, 2, 3))[:60], Wrong.NOT_A_TILE),
}


@on_plain
def test_bad_tiles_are_counted_and_stop_nothing(canvas, lay, qtbot):
    bad = {**BAD, "a bomb": (png_that_says(30_000, 30_000), Wrong.TOO_LARGE)}
    squares = around(17, reach=1)
    tiles = patchwork(17) | {square: data for square, (data, _) in zip(squares, bad.values(), strict=False)}
    basemap = lay(tiles)
    canvas.set_viewpoint(canvas.viewpoint.scaled(1.0))
    all_there(canvas, basemap, qtbot)
    counts = basemap.counts
    assert counts.pop(Wrong.MISSING) >= 1  # beside the tiles the file has, those it does not have
    assert counts == {Wrong.NOT_A_TILE: 3, Wrong.TOO_LARGE: 1}
    good = [(square, colour) for square, colour in seen(canvas, around(17)) if square not in squares[: len(bad)]]
    assert good
    assert all(near(colour, colour_of(square)) for square, colour in good)
