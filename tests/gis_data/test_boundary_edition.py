"""Two editions are told apart by what a reader would say; an edition written to a file and read again is the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from bench.noded import INNER_DEFECTS, noded
from gis_data.boundaries.check import check
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.edition import Area, Difference, difference, lineage
from gis_data.boundaries.files import BadFile, read_boundaries
from gis_data.boundaries.writing import write_edition

PLANE = SourceCrs.named("EPSG:4549")
NOTHING = Difference((), (), (), (), (), ())


def edition(side: int = 3, seed: int = 2) -> list[Area]:
    shapes = noded(side, seed).polygons()
    return [Area(f"3301040010{k:05}", f"第{k}网格", "3301040010", shape) for k, shape in enumerate(shapes)]


def test_the_same_edition_twice_differs_in_nothing() -> None:
    assert difference(edition(), edition(), PLANE) == NOTHING
    turned = [replace(area, shape=shapely.reverse(area.shape)) for area in edition()]
    assert difference(edition(), turned, PLANE).is_nothing


def test_each_change_is_called_by_its_name() -> None:
    old, new = edition(), edition()
    removed, added = (
        new.pop(8),
        replace(new[0], code="330104001000100", name="新网格", shape=shapely.box(5e5, 3.4e6, 5.01e5, 3.401e6)),
    )
    new.append(added)
    new[1] = replace(new[1], name="景昙网格")
    new[2] = replace(new[2], parent="3301040011")
    new[3] = replace(new[3], code="330104001100001")
    half = shapely.intersection(new[4].shape, shapely.box(0, 0, new[4].shape.centroid.x, 9e9))
    new[5] = replace(new[5], shape=shapely.union(new[5].shape, half))
    new[4] = replace(new[4], shape=shapely.difference(new[4].shape, half))
    found = difference(old, new, PLANE)
    assert found.added == (added.code,)
    assert found.removed == (removed.code,)
    assert found.renamed == ((new[1].code, "第1网格", "景昙网格"),)
    assert found.moved == ((new[2].code, "3301040010", "3301040011"),)
    assert found.recoded == ((old[3].code, new[3].code),)
    gave, got = found.reshaped
    assert (gave.code, got.code) == (old[4].code, old[5].code)
    assert gave.lost_m2 == pytest.approx(half.area, rel=1e-3)
    assert got.gained_m2 == pytest.approx(half.area, rel=1e-3)
    assert gave.gained_m2 < 1.0


def test_lineage_says_what_each_new_area_was_made_of() -> None:
    old = edition()
    whole = old[4].shape
    west = shapely.intersection(whole, shapely.box(0, 0, whole.centroid.x, 9e9))
    new = [replace(old[4], code="W", shape=west), replace(old[4], code="E", shape=shapely.difference(whole, west))]
    merged = replace(old[0], code="M", shape=shapely.union(old[0].shape, old[1].shape))
    shares = lineage(old, [*new, merged], PLANE)
    assert [(share.old, share.new) for share in shares[:2]] == [(old[4].code, "W"), (old[4].code, "E")]
    assert sum(share.of_old for share in shares[:2]) == pytest.approx(1.0, abs=1e-5)
    assert all(share.of_new == pytest.approx(1.0, abs=1e-5) for share in shares[:2])
    assert {share.old for share in shares[2:]} == {old[0].code, old[1].code}
    assert sum(share.of_new for share in shares[2:]) == pytest.approx(1.0, abs=1e-5)
    assert lineage([], old, PLANE) == ()


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".fgb", ".kml"])
@pytest.mark.parametrize("parts", [False, True], ids=["single", "with an exclave"])
def test_an_edition_written_and_read_again_is_the_same(suffix: str, parts: bool, tmp_path: Path) -> None:
    made = noded(3, 2)
    if parts:
        INNER_DEFECTS["exclave"][1](made, 4, 5)
    areas = [Area(f"33010400{k:04}", f"第{k}网格", "330104", shape) for k, shape in enumerate(made.polygons())]
    path = tmp_path / f"网格{suffix}"
    path.write_bytes(b"an older edition")
    write_edition(path, areas, PLANE)
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")]
    field = None if suffix == ".kml" else "code"
    file = read_boundaries(path, code_field=field)
    assert sorted(file.ids) == (list(range(9)) if field is None else [area.code for area in areas])
    assert check(file.layer).counts == ({"multipart": 1} if parts else {})
    back = np.asarray(shapely.transform(file.layer.shapes, file.layer.crs.way_to(PLANE)), dtype=object)
    order = np.argsort(np.array(file.ids))  # FlatGeobuf keeps what is near together
    assert max(shapely.hausdorff_distance(back[order], [area.shape for area in areas])) < 0.001


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "grids.gpkg"
    path.write_bytes(b"an older edition")
    broken = [Area("1", "n", "p", shapely.Point(1, 2)), *edition()]
    for areas, target, reason in (
        (broken, path, "no_area_to_write"),
        ([], path, "nothing_to_write"),
        (edition(), tmp_path / "x.dwg", "file_kind_unknown"),
        (edition(), tmp_path / "nowhere" / "x.gpkg", "file_unwritable"),
        (edition(), Path("/proc/x.gpkg"), "file_unwritable"),
    ):
        with pytest.raises(BadFile) as refused:
            write_edition(target, areas, PLANE)
        assert refused.value.reason == reason
    assert path.read_bytes() == b"an older edition"
    assert [file.name for file in tmp_path.iterdir()] == ["grids.gpkg"]
