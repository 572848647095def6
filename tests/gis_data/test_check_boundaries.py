"""`./gridwarden check-boundaries`: what it prints of a file, its exit status, one clear line for every file that is none."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from bench.noded import INNER_DEFECTS, noded
from gis_data.boundaries import files
from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.run import CLEAN, DEFECTS, UNREADABLE, run

SUFFIXES = (".gpkg", ".geojson", ".shp", ".fgb", ".kml")


def write(
    path: Path, shapes: np.ndarray, codes: list[str] | None = None, crs: str | None = "EPSG:4549", layer: str = "grids"
) -> Path:
    """A boundary file as GIS staff have it; KML in degrees, as it has to be."""
    if path.suffix in (".kml", ".geojson"):
        shapes = np.asarray(shapely.transform(shapes, SourceCrs.named(crs or "EPSG:4549").way_to(SourceCrs.named("EPSG:4326"))))
        crs = "EPSG:4326"
    names = np.array(codes or [f"33010400{k:04}" for k in range(len(shapes))], dtype=object)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a file that is to say no system
        _write(path, shapes, names, crs, layer)
    return path


def _write(path: Path, shapes: np.ndarray, names: np.ndarray, crs: str | None, layer: str) -> None:
    pyogrio.raw.write(
        path,
        shapely.to_wkb(shapes),
        [names],
        ["code"],
        geometry_type="Unknown" if path.suffix != ".shp" else "Polygon",
        driver="KML" if path.suffix == ".kml" else None,
        crs=crs,
        layer=None if path.suffix in (".shp", ".fgb", ".geojson") else layer,
        append=path.exists(),
    )


def json_of(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, object]]:
    status = run([*words, "--json", "--language", "en"])
    return status, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_kind_of_file_is_read_and_told_the_same(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = noded(3, 8)
    clean = write(tmp_path / f"clean{suffix}", made.polygons())
    field = "Name" if suffix == ".kml" else "code"
    extra = [] if suffix == ".kml" else ["--code-field", field]
    assert json_of([str(clean), *extra], capsys)[0] == CLEAN
    INNER_DEFECTS["gap"][1](made, 4, 5)
    status, told = json_of([str(write(tmp_path / f"gap{suffix}", made.polygons())), *extra], capsys)
    assert (status, told["features"], told["counts"]) == (DEFECTS, 9, {"gap": 1})
    (defect,) = told["defects"]
    assert set(defect["features"]) == ({4, 5} if suffix == ".kml" else {"330104000004", "330104000005"})
    assert defect["kind"] == "gap"
    assert defect["area_m2"] > 1000
    assert 119.9 < defect["at"][0] < 120.1
    assert 30.2 < defect["at"][1] < 30.3
    assert "m wide on average" in defect["detail"]


def test_lines_for_people_say_the_same_in_their_language(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = noded(3, 8)
    INNER_DEFECTS["overlap"][1](made, 4, 5)
    path = write(tmp_path / "网格.gpkg", made.polygons())
    assert run([str(path), "--code-field", "code", "--language", "zh"]) == DEFECTS
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "网格.gpkg：图层 grids，9 个要素，坐标系 EPSG:4549"
    assert lines[1].startswith("重叠  330104000004, 330104000005  120.")
    assert lines[2] == "共 1 处缺陷：重叠 1"
    assert run([str(write(tmp_path / "clean.gpkg", noded(2, 1).polygons())), "--language", "en"]) == CLEAN
    assert capsys.readouterr().out.splitlines()[-1] == "no defects: nothing is covered twice, nothing left out within"


def test_the_level_above_is_read_from_a_file_of_another_system(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = noded(3, 8)
    path = write(tmp_path / "grids.gpkg", made.polygons())
    degrees = SourceCrs.named("EPSG:4549").way_to(SourceCrs.named("EPSG:4490"))
    outline = np.array([shapely.transform(made.outline, degrees)])
    above = write(tmp_path / "district.gpkg", outline, ["3301"], "EPSG:4490")
    assert json_of([str(path), "--parent", str(above), "--code-field", "code"], capsys) == (
        CLEAN,
        {"features": 9, "crs": "EPSG:4549", "assumed": [], "defects": [], "counts": {}},
    )
    other = write(tmp_path / "other.gpkg", outline, ["3302"], "EPSG:4490")
    assert json_of([str(path), "--parent", str(other), "--code-field", "code"], capsys)[1]["counts"] == {"code": 9}


def test_a_file_without_a_system_says_what_it_was_taken_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = noded(2, 3)
    zoned = np.asarray(shapely.transform(made.polygons(), lambda xy: xy + np.array([40_000_000.0, 0.0])))
    path = write(tmp_path / "zone40.shp", zoned, crs=None)
    status, told = json_of([str(path)], capsys)
    assert (status, told["crs"]) == (CLEAN, "EPSG:4528")
    assert told["assumed"] == ["the file does not say its coordinate system (no .prj?): taken as EPSG:4528"]
    status, told = json_of([str(write(tmp_path / "plain.shp", made.polygons(), crs=None)), "--crs", "EPSG:4549"], capsys)
    assert (status, told["crs"], told["assumed"]) == (CLEAN, "EPSG:4549", [])


def _text(text: str | bytes) -> Callable[[Path], list[str]]:
    def make(path: Path) -> list[str]:
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return [str(path)]

    return make


def _layer(**more: object) -> Callable[[Path], list[str]]:
    def make(path: Path) -> list[str]:
        crs, words, moved = more.get("crs", "EPSG:4549"), list(more.get("words", [])), more.get("moved", lambda xy: xy)  # type: ignore[call-overload]
        shapes = np.asarray(shapely.transform(noded(2, 1).polygons(), moved))
        for name in more.get("layers", ("grids",)):  # type: ignore[attr-defined]
            write(path, shapes, crs=crs, layer=name)  # type: ignore[arg-type]
        return [str(path), *words]

    return make


def _cut(path: Path) -> list[str]:
    whole = write(path.with_name("whole.gpkg"), noded(3, 1).polygons())
    path.write_bytes(whole.read_bytes()[:6000])
    return [str(path)]


def _folder(path: Path) -> list[str]:
    path.mkdir()
    return [str(path)]


BAD: dict[str, tuple[str, Callable[[Path], list[str]], str]] = {
    "no file": ("x.gpkg", lambda path: [str(path)], "there is no such file"),
    "a folder": ("x.gpkg", _folder, "a folder"),
    "empty": ("x.geojson", _text(""), "is empty"),
    "a kind unknown": ("x.dwg", _text("AC1027"), "no kind we know"),
    "no GeoPackage": ("x.gpkg", _text("PK\x03\x04"), "is no .gpkg file"),
    "a file that fetches others": ("x.kml", _text("<OGRVRTDataSource/>"), "is no .kml file"),
    "no JSON": ("x.geojson", _text('{"type": "FeatureCollection", "features": ['), "cannot be read"),
    "JSON of something else": ("x.geojson", _text('{"a": 1}'), "cannot be read"),
    "no features": ("x.geojson", _text('{"type": "FeatureCollection", "features": []}'), "has no features"),
    "cut off": ("x.gpkg", _cut, "cannot be read"),
    "a shapefile without its index": ("x.shp", _text(b"\x00\x00\x27\x0a" + b"\x00" * 96), "cannot be read"),
    "several layers": ("x.gpkg", _layer(layers=("grids", "streets")), "several layers"),
    "a layer unknown": ("x.gpkg", _layer(words=["--layer", "网格"]), "there is no layer 网格; there are: grids"),
    "a field unknown": ("x.gpkg", _layer(words=["--code-field", "id"]), "there is no field id; there are: code"),
    "a system unknown": ("x.gpkg", _layer(words=["--crs", "EPSG:99999999"]), "no coordinate system EPSG:99999999"),
    "a system of the sky": ("x.gpkg", _layer(words=["--crs", "EPSG:4978"]), "neither projected nor in degrees"),
    "another zone's system": ("x.gpkg", _layer(words=["--crs", "EPSG:4491"]), "lies outside of where EPSG:4491"),
    "metres that are called degrees": ("x.gpkg", _layer(words=["--crs", "EPSG:4326"]), "are no degrees"),
    "axes swapped": ("x.gpkg", _layer(moved=lambda xy: xy[:, ::-1] / 1e5 + [0, 115], crs="EPSG:4326"), "are swapped"),
    "metres without a system": ("x.shp", _layer(crs=None), "say it by --crs"),
    "no width": ("x.gpkg", _layer(words=["--gap-width", "0"]), "--gap-width must be metres"),
    "no parents": ("x.gpkg", _layer(words=["--parent", "nowhere.gpkg"]), "there is no such file: nowhere.gpkg"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_read_is_said_in_one_line(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, make, line = BAD[case]
    words = make(tmp_path / name)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert run([*words, "--language", "en"]) == UNREADABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert line in err
    assert len(err.splitlines()) == 1
    assert run([*words, "--language", "zh"]) == UNREADABLE
    assert capsys.readouterr().err != err
    assert {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()} == before


def test_a_file_that_changes_while_it_is_read_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "grids.gpkg", noded(2, 1).polygons())
    plain = files._raw

    def slowly(*given: object) -> object:
        read = plain(*given)  # type: ignore[arg-type]
        os.utime(path, ns=(1, 1))
        return read

    monkeypatch.setattr(files, "_raw", slowly)
    assert run([str(path), "--language", "en"]) == UNREADABLE
    assert "was changed while it was read" in capsys.readouterr().err


def test_mixed_shapes_and_broken_ones_are_defects_of_theirs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shapes = np.array([*noded(2, 1).polygons(), shapely.Point(5e5, 3.35e6), None, shapely.Polygon()], dtype=object)
    status, told = json_of([str(write(tmp_path / "mixed.gpkg", shapes)), "--code-field", "code"], capsys)
    assert status == DEFECTS
    assert [(d["features"], d["detail"]) for d in told["defects"]] == [
        (["330104000004"], "no area but a point"),
        (["330104000005"], "there is no shape"),
        (["330104000006"], "there is no shape"),
    ]


def test_a_ring_of_very_many_vertices_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    turn = np.linspace(0, 2 * np.pi, 100_001)[:-1]
    ring = np.column_stack([5e5 + 40_000 * np.cos(turn), 3.35e6 + 40_000 * np.sin(turn)])
    shapes = np.array([shapely.Polygon(ring)], dtype=object)
    assert json_of([str(write(tmp_path / "ring.gpkg", shapes))], capsys)[0] == CLEAN
