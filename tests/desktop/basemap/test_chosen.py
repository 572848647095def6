"""The basemap a desk kept is used again, unless what was kept makes no sense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.basemap.chosen import NONE, Chosen, keep, of_template, read
from desktop.settings import DeskFolder
from gis_data.basemap.source import Kind
from gis_data.basemap.squares import Cut, Projection, plain_degrees, web_mercator
from gis_data.datum import Datum

SERVICE = of_template("http://t/{z}/{x}/{y}?tk=k", Kind.PICTURE, 256, Datum.WGS84)


def with_first(**changed: float) -> Cut:
    first, *rest = web_mercator().levels
    return Cut(Projection.MERCATOR, (replace(first, **changed), *rest))  # type: ignore[arg-type]


@pytest.mark.parametrize("kept", [SERVICE, replace(SERVICE, cut=web_mercator()), replace(SERVICE, cut=plain_degrees())])
def test_what_was_chosen_is_there_again(tmp_path: Path, kept: Chosen) -> None:
    keep(DeskFolder(tmp_path), kept)
    assert read(DeskFolder(tmp_path)) == kept


@pytest.mark.parametrize("kept", [
    replace(SERVICE, template="file:///etc/passwd"), replace(SERVICE, template="http://[t"),
    *(replace(SERVICE, cut=cut) for cut in (
        Cut(Projection.MERCATOR, ()), with_first(across=1e-280), with_first(columns=10**12), with_first(west=1e300),
        with_first(tile_px=0))),
])  # fmt: skip
def test_what_no_map_can_show_is_not_chosen(tmp_path: Path, kept: Chosen) -> None:
    keep(DeskFolder(tmp_path), kept)
    assert read(DeskFolder(tmp_path)) == NONE
