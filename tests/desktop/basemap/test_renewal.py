"""A basemap of a service: what the cache has is there at once, and what the service has by now takes its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.tiles_written import png
from desktop.basemap.basemap import Basemap
from desktop.basemap.chosen import of_template
from desktop.basemap.opening import opened
from desktop.map.oblique import Oblique
from desktop.map.viewpoint import Viewpoint
from desktop.style.palette import DAY
from gis_data.basemap.source import Kind
from gis_data.datum import Datum
from gis_data.town.plane import Plane
from governance.places import LonLat
from tests.fakes.basemaps import TileServer

RED, BLUE = png(64, 64, (200, 0, 0)), png(64, 64, (0, 0, 200))
VIEW = Oblique(Viewpoint(0.0, 0.0, 4.0), 300, 200)
OLD = {"Cache-Control": "max-age=0"}


@pytest.fixture
def next_day(qtbot, tmp_path: Path) -> Iterator[Callable[[TileServer], tuple[Basemap, set[str]]]]:
    """The basemap of a desk that is started again, and the colours that were laid since; the one before is closed."""
    made = list[Basemap]()

    def start(server: TileServer) -> tuple[Basemap, set[str]]:
        for basemap in made:
            basemap.close()
        chosen = of_template(f"{server.address}/{{z}}/{{x}}/{{y}}", Kind.PICTURE, 256, Datum.WGS84)
        basemap, laid = Basemap(opened(chosen, tmp_path), Plane(LonLat(120.2, 30.3)), DAY.map, 1.0), set[str]()

        def paint() -> None:
            laid.update(piece.image.pixelColor(5, 5).name() for piece in basemap.laid(VIEW, 4.0))
            basemap.look(VIEW)

        basemap.changed.connect(paint)
        basemap.look(VIEW)
        made[:] = [basemap]
        return basemap, laid

    yield start
    for basemap in made:
        basemap.close()


def test_what_is_kept_is_laid_at_once_and_gives_way_to_what_there_is_by_now(qtbot, next_day) -> None:
    server = TileServer(lambda _path, _headers: (200, OLD, RED))
    basemap, laid = next_day(server)
    qtbot.waitUntil(lambda: laid == {"#c80000"} and basemap.is_at_rest, timeout=20_000)
    server.answer = lambda _path, _headers: (200, OLD, BLUE)
    _, laid = next_day(server)
    qtbot.waitUntil(lambda: laid == {"#c80000", "#0000c8"}, timeout=20_000)
    server.close()
