"""`./gridwarden town` tells what a file holds, or in one line why it cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from demo.town_told import LABELS, run
from gis_data.town.osm import ATTRIBUTION
from tests.gis_data.drawn_town import osm_xml


@pytest.fixture
def file(tmp_path: Path) -> Path:
    drawn = tmp_path / "drawn.osm"
    drawn.write_text(osm_xml(10, 50))
    return drawn


def test_what_a_file_holds_is_told_in_figures_and_in_words(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([str(file), "--grids", "4", "--json"]) == 0
    told, steps = capsys.readouterr()
    figures = json.loads(told)
    assert figures.keys() == LABELS.keys()
    assert (figures["grids"], figures["buildings"], figures["roads"], figures["roads_named"]) == (4, 144, 14, 14)
    assert (figures["heights"], figures["attribution"], figures["epoch"]) == (5, ATTRIBUTION, "")
    assert len(steps.splitlines()) == 3
    for language, words in (("zh", ("建筑：144", "数据日期：未注明")), ("en", ("buildings: 144", "data of: not given"))):
        assert run([str(file), "--grids", "4", "--language", language]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert set(words) <= set(lines)
        assert len(lines) == len(LABELS)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["nowhere.osm"], "there is no such file"),
        (["drawn.osm", "--within", "1,2"], "WEST,SOUTH,EAST,NORTH"),
        (["drawn.osm", "--within", "20,50,21,51"], "no roads"),
        (["drawn.osm", "--within", "-21,50,-20,51"], "no roads"),
        (["."], "the file holds no roads"),
        (["drawn.osm", "--grids", "0"], "not a possible number of grids"),
    ],
)
def test_what_cannot_be_used_gets_one_line(
    file: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    (file.parent / "empty.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert run([*words, "--language", "en"]) == 1
    told, said = capsys.readouterr()
    assert told == ""
    assert why in said.splitlines()[-1]
    assert "Traceback" not in said
