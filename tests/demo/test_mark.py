"""What a demonstration's folder remembers of where its town came from."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from demo.arguments import DemoArguments, read_arguments
from demo.mark import FILE_NAME, differences, mark_of, read_mark

BOX = "120.1,30.2,120.2,30.3"


def asked(town: Path, *words: str) -> DemoArguments:
    return read_arguments(["--home", str(town.parent / "home"), "--town", str(town), *words])


def test_a_folder_of_layers_is_told_apart_by_what_is_in_it(tmp_path: Path) -> None:
    town = tmp_path / "layers"
    town.mkdir()
    (town / "roads.geojson").write_text("{}")
    mark = mark_of(asked(town, "--within", BOX))
    assert (mark.town, mark.within) == ("layers", BOX)
    assert differences(mark, asked(town)) == []
    assert differences(mark, asked(town, "--within", BOX)) == []
    assert differences(mark, asked(town, "--within", "120,30.2,120.2,30.3")) == [f"--within {BOX} ≠ 120.0,30.2,120.2,30.3"]
    assert asked(town, "--within", "-70.7,-33.5,-70.6,-33.4").within == (-70.7, -33.5, -70.6, -33.4)
    (town / "notes.txt").write_text("what else lies there makes no other town")
    assert differences(mark, asked(town)) == []
    (town / "roads.geojson").rename(town / "water.geojson")
    assert ["SHA-256" in said for said in differences(mark, asked(town))] == [True]


def test_a_mark_from_before_rectangles_is_read(tmp_path: Path) -> None:
    file = tmp_path / "town.osm"
    file.write_text("x")
    mark = replace(mark_of(asked(file)), complete=True)
    older = asdict(mark)
    del older["within"]
    (tmp_path / FILE_NAME).write_text(json.dumps(older))
    assert read_mark(tmp_path) == mark
    del older["seed"]
    (tmp_path / FILE_NAME).write_text(json.dumps(older))
    assert read_mark(tmp_path) is None
