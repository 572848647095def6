"""What a start finds in its folder, keeps, refuses and never touches."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from demo.arguments import DemoArguments, read_arguments
from demo.mark import FILE_NAME, Mark, read_mark
from demo.narration import Narration
from demo.prepare import CannotStart, prepare, tell_town
from demo.wall import CODE
from desktop.link.machine_key import FILE_NAME as FILE_OF_KEY
from desktop.link.machine_key import machine_key
from desktop.wall.arguments import read_arguments as read_wall_arguments
from gis_data.town import BadTown
from server.private_postgis import PrivatePostgis
from server.settings import Settings
from server.walls.enrolling import client_key_of
from tests.fakes.small_town import small_town
from tests.together.at_work import draw_town, short_folder


@dataclass
class Filled:
    """A folder that one start filled."""

    home: Path
    town: Path

    def asked(self, *words: str, town: Path | None = None) -> DemoArguments:
        """A start of it; without more words it asks for nothing but the town."""
        return read_arguments(["--home", str(self.home), "--town", str(town or self.town), *words])

    def epoch(self) -> str:
        """Which making of the ledger the database holds."""
        with PrivatePostgis(self.home).superuser(Settings.read(self.home).database) as connection:
            row = connection.execute("SELECT value #>> '{}' FROM setting WHERE name = 'epoch'").fetchone()
        assert row is not None
        return str(row[0])


@pytest.mark.parametrize(("fit", "lines"), [(0.69, 2), (0.70, 1)])
def test_grids_that_do_not_follow_the_roads_are_told_in_a_line(
    fit: float, lines: int, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_town(replace(small_town(), boundary_fit=fit), Narration("en"))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == lines
    assert all("only 69.0%" in line for line in told[1:])


@pytest.fixture(scope="module")
def filled() -> Iterator[Filled]:
    """A drawn town of 4 grids and 12 workers; its database runs."""
    with short_folder() as folder:
        filled = Filled(folder / "home", draw_town(folder))
        try:
            prepare(filled.asked("--grids", "4", "--workers", "12"), Narration("en"))
            yield filled
        finally:
            PrivatePostgis(filled.home).destroy()


def test_the_mark_says_what_the_folder_is_filled_from(filled: Filled) -> None:
    mark = read_mark(filled.home)
    assert mark is not None
    assert (mark.town, mark.grids, mark.workers, mark.complete) == (filled.town.name, 4, 12, True)
    assert len(mark.sha256) == 64


@pytest.mark.parametrize("words", [[], ["--grids", "4"], ["--workers", "12", "--seed", "1"]], ids=" ".join)
def test_a_start_that_asks_for_what_is_there_goes_on_with_it(filled: Filled, words: list[str]) -> None:
    before = filled.epoch()
    prepare(filled.asked(*words), Narration("en"))
    assert filled.epoch() == before


def test_its_wall_is_bound_to_this_machine_and_again_to_a_new_key(filled: Filled) -> None:
    folder = filled.home / "walls" / CODE
    assert read_wall_arguments(["--wall", CODE, "--home", str(filled.home)]).home == folder
    for _ in range(2):
        with PrivatePostgis(filled.home).superuser(Settings.read(filled.home).database) as connection:
            keys = connection.execute("SELECT client_key FROM wall_machine WHERE wall = %s AND is_open", (CODE,)).fetchall()
        assert keys == [(client_key_of(machine_key(folder).public.decode()),)]
        (folder / FILE_OF_KEY).unlink()
        prepare(filled.asked(), Narration("en"))


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--grids", "5"], "--grids 4 ≠ 5"), (["--workers", "13"], "--workers 12 ≠ 13"), (["--seed", "2"], "--seed 1 ≠ 2")],
)
def test_a_start_that_asks_for_something_else_is_told_what_differs(filled: Filled, words: list[str], said: str) -> None:
    with pytest.raises(CannotStart, match=said) as refused:
        prepare(filled.asked(*words), Narration("en"))
    assert "--fresh" in str(refused.value)
    assert "--home" in str(refused.value)


def test_a_file_of_the_same_name_with_other_content_is_another_town(filled: Filled, tmp_path: Path) -> None:
    other = tmp_path / filled.town.name
    shutil.copy(filled.town, other)
    with other.open("a") as file:
        file.write("\n")
    with pytest.raises(CannotStart, match="SHA-256"):
        prepare(filled.asked(town=other), Narration("en"))


def test_a_file_that_is_gone_is_not_taken_for_the_one_before(filled: Filled, tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="No such file"):
        prepare(filled.asked(town=tmp_path / filled.town.name), Narration("en"))


def test_a_damaged_file_leaves_the_database_as_it_was(filled: Filled, tmp_path: Path) -> None:
    before = filled.epoch()
    damaged = tmp_path / filled.town.name
    damaged.write_bytes(filled.town.read_bytes()[:200])
    with pytest.raises(BadTown):
        prepare(filled.asked("--fresh", town=damaged), Narration("en"))
    assert filled.epoch() == before


def test_too_few_workers_leave_the_database_as_it_was(filled: Filled) -> None:
    before = filled.epoch()
    with pytest.raises(CannotStart, match="2 workers cannot staff 4 grids"):
        prepare(filled.asked("--fresh", "--grids", "4", "--workers", "2"), Narration("en"))
    assert filled.epoch() == before


@pytest.mark.parametrize("mark", [None, "", '{"town": "", "sha2', '{"town": "generated:1"}'])
@pytest.mark.parametrize("words", [[], ["--fresh"]], ids=" ".join)
def test_a_folder_without_our_mark_is_never_touched(tmp_path: Path, mark: str | None, words: list[str]) -> None:
    kept = tmp_path / "postgis/data/PG_VERSION"
    kept.parent.mkdir(parents=True)
    kept.write_text("15")
    (tmp_path / "settings.toml").write_text("")
    if mark is not None:
        (tmp_path / FILE_NAME).write_text(mark)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(CannotStart, match=f"{tmp_path} .*mark demo.json.*--home"):
        prepare(read_arguments(["--home", str(tmp_path), *words]), Narration("en"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_mark_is_read_as_it_was_written(tmp_path: Path) -> None:
    mark = Mark("江干.osm.pbf", "0" * 64, None, 12, 1, complete=True)
    mark.write(tmp_path)
    assert read_mark(tmp_path) == mark
