"""Files of boundaries: told first what they would change, brought in as a draft, written out of any day."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from gis_data.boundaries.crs import SourceCrs
from gis_data.boundaries.edition import Area
from gis_data.boundaries.files import read_boundaries
from gis_data.boundaries.writing import write_edition
from governance.places import Level
from governance.redivision import Stage
from server.boundaries.checking import CRS
from server.boundaries_admin.run import run
from server.ledger import redivisions
from server.rules_admin.officer import PASSWORD_VARIABLE
from tests.server.boundary_desks import A_STREET, FIRST, BoundaryDesks, split_first, tile
from tests.server.conftest import District

EAST_HALF = "990001001001003"


def said(district: District, *words: str, language: str = "en") -> tuple[int, str]:
    """Exit status and output of a command on the district's home."""
    out, given = io.StringIO(), sys.stdout
    sys.stdout = out
    try:
        status = run([*words, "--home", str(district.settings.home), "--language", language])
    finally:
        sys.stdout = given
    return status, out.getvalue()


@pytest.fixture
def desks(district: District) -> BoundaryDesks:
    """Desks over the small district, whose GIS staff's password is known to the machine."""
    return BoundaryDesks(district)


@pytest.fixture(autouse=True)
def password(district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked for it has it in the environment."""
    monkeypatch.setenv(PASSWORD_VARIABLE, district.seeded.passwords["gis1"])


def grids_of(desks: BoundaryDesks, within: str = A_STREET) -> list[Area]:
    """The grids of a street as a file has them."""
    return [
        Area(each.code, each.name, each.parent, each.shape)
        for each in desks.standing().values()
        if each.level is Level.GRID and each.code.startswith(within) and each.shape is not None
    ]


def divided(desks: BoundaryDesks) -> list[Area]:
    """The same with the westernmost divided."""
    east = Area(EAST_HALF, "网格一东", FIRST[:12], tile(0.5, 1.0))
    west = [replace(each, shape=tile(0.0, 0.5)) if each.code == FIRST else each for each in grids_of(desks)]
    return [*west, east]


@pytest.mark.parametrize(
    ("name", "crs"),
    [("a.gpkg", ""), ("a.gpkg", "EPSG:4326"), ("a.geojson", ""), ("a.shp", "EPSG:4549"), ("a.fgb", "EPSG:4549"), ("a.kml", "")],
)
def test_what_was_written_out_changes_nothing_when_it_is_brought_in(
    district: District, tmp_path: Path, name: str, crs: str
) -> None:
    file = str(tmp_path / name)
    assert said(district, "export", file, *(("--crs", crs) if crs else ()))[0] == 0
    assert said(district, "export", file)[0] == 1  # it is there already
    status, text = said(district, "import", file, "--name-field", "name")
    assert (status, "nothing to change" in text) == (0, True), text
    assert said(district, "import", file, "--draft", "--as", "gis1")[0] == 0
    assert said(district, "list") == (0, "there is no change of boundaries yet\n")


@pytest.mark.parametrize("level", ["community", "street", "district"])
def test_every_level_is_written_out_of_the_day_that_is_asked_for(desks: BoundaryDesks, tmp_path: Path, level: str) -> None:
    file = tmp_path / "out.gpkg"
    assert said(desks.district, "export", str(file), "--level", level)[0] == 0
    read = read_boundaries(file, code_field="code", text_fields=("name", "parent"))
    stood = {each.code: each.name for each in desks.standing().values() if each.level.name.lower() == level}
    assert dict(zip(read.layer.codes, read.texts["name"], strict=True)) == stood
    assert said(desks.district, "export", str(tmp_path / "old.gpkg"), "--on", "1999-01-01")[0] == 1


def test_what_a_file_would_change_is_told_and_nothing_is_changed(desks: BoundaryDesks, tmp_path: Path) -> None:
    file, before = tmp_path / "new.gpkg", desks.standing()
    write_edition(file, divided(desks), CRS)
    status, text = said(desks.district, "import", str(file), "--name-field", "name")
    assert status == 0
    assert f"new {EAST_HALF} 网格一东" in text
    assert f"in {A_STREET}: 1 new, 0 gone, 1 reshaped" in text
    assert "--draft" in text
    told = json.loads(said(desks.district, "import", str(file), "--json")[1])
    assert (told["area"], told["added"], told["removed"]) == (A_STREET, [EAST_HALF], [])
    assert [code for code, _, _ in told["reshaped"]] == [FIRST]
    assert desks.standing() == before
    assert said(desks.district, "list")[1] == "there is no change of boundaries yet\n"


def test_a_file_becomes_one_draft_and_goes_the_way_of_all_drafts(desks: BoundaryDesks, tmp_path: Path) -> None:
    file = tmp_path / "new.geojson"
    write_edition(file, divided(desks), CRS)
    words = ("import", str(file), "--name-field", "name", "--draft", "--as", "gis1", "--title", "网格一分设")
    assert said(desks.district, *words) == (0, said(desks.district, "import", str(file), "--name-field", "name")[1].replace(
        "told only; add --draft to bring it in as a draft\n",
        "brought in as the draft “网格一分设” (2 areas): to be checked, approved and published; until then nothing changes\n",
    ))  # fmt: skip
    assert said(desks.district, *words)[1].endswith("this file was brought in already: 网格一分设, draft\n")
    with desks.district.ledger.transaction() as connection:
        (change, *_), *others = redivisions.listed(connection)
    assert others == []
    desks.in_force(change.id)
    assert desks.standing()[EAST_HALF].name == "网格一东"
    assert said(desks.district, "import", str(file), "--name-field", "name")[1].endswith("nothing to change\n")
    day = (desks.today - timedelta(days=1)).isoformat()
    old = tmp_path / "old.gpkg"
    assert said(desks.district, "export", str(old), "--on", day)[0] == 0
    assert EAST_HALF not in read_boundaries(old, code_field="code").layer.codes
    assert desks.stands_so(change.id).stage == Stage.IN_FORCE


def test_defects_are_named_and_refused(desks: BoundaryDesks, tmp_path: Path) -> None:
    overlapping = [replace(each, shape=tile(0.0, 1.2)) if each.code == FIRST else each for each in grids_of(desks)]
    file = tmp_path / "bad.gpkg"
    write_edition(file, overlapping, CRS)
    status, text = said(desks.district, "import", str(file), "--draft", "--as", "gis1")
    assert status == 1
    assert "nothing was changed" in text
    assert FIRST in text
    assert said(desks.district, "list")[1] == "there is no change of boundaries yet\n"


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("12345", (), "not 15 digits"),
        ("880001001001001", (), "not all codes lie in an area we know"),
        (FIRST, ("--area", "990001002"), "not all codes lie in an area we know: 990001002"),
        (FIRST, ("--code-field", "nummer"), "no field nummer"),
        (FIRST, ("--crs", "EPSG:999999"), ""),
    ],
)
def test_bad_input_has_one_clear_reason(
    district: District, tmp_path: Path, code: str, words: tuple[str, ...], expected: str
) -> None:
    file = tmp_path / "one.gpkg"
    write_edition(file, [Area(code, "x", code[:12], tile(0.0, 1.0))], CRS)
    status, text = said(district, "import", str(file), *words)
    assert status == 1
    assert text.count("\n") == 1
    assert expected in text


def test_who_may_not_draw_brings_nothing_in(desks: BoundaryDesks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "new.gpkg"
    write_edition(file, divided(desks), CRS)
    assert "--as" in said(desks.district, "import", str(file), "--draft")[1]
    assert "wrong login" in said(desks.district, "import", str(file), "--draft", "--as", "audit1")[1]
    monkeypatch.setenv(PASSWORD_VARIABLE, desks.district.seeded.passwords["audit1"])
    assert "no post of GIS staff" in said(desks.district, "import", str(file), "--draft", "--as", "audit1")[1]
    assert said(desks.district, "list")[1] == "there is no change of boundaries yet\n"


def test_a_file_in_gcj02_lands_where_it_belongs(desks: BoundaryDesks, tmp_path: Path) -> None:
    from gis_data.datum import gcj02_from_wgs84

    file = tmp_path / "gcj.gpkg"
    shifted = [replace(each, shape=shapely.transform(each.shape, gcj02_from_wgs84)) for each in grids_of(desks)]
    write_edition(file, shifted, SourceCrs.named("EPSG:4326"))
    told = json.loads(said(desks.district, "import", str(file), "--crs", "gcj02", "--json")[1])
    assert told["defects"] == []
    assert all(max(gained, lost) < 5.0 for _, gained, lost in told["reshaped"])


def test_the_list_tells_of_every_change(desks: BoundaryDesks) -> None:
    change = desks.opened(A_STREET, "分设")
    desks.draw(change, *split_first(desks.standing()))
    status, text = said(desks.district, "list")
    assert status == 0
    assert text.startswith("draft ")
    assert f"分设 ({A_STREET}" in text
    assert datetime.now(UTC).year == desks.today.year
