"""What the demo can be told, and what it refuses with usage."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.arguments import demo_home, read_arguments
from demo.narration import LINES


def test_each_town_has_a_folder_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDWARDEN_HOME", raising=False)
    homes = {demo_home(None), demo_home(Path("a/monaco.osm.pbf")), demo_home(Path("krems.osm.gz"))}
    assert len(homes) == 3
    assert demo_home(Path("江干.osm.pbf")).name == "江干"
    monkeypatch.setenv("GRIDWARDEN_HOME", "/srv/here")
    assert demo_home(Path("krems.osm.gz")) == Path("/srv/here")


@pytest.mark.parametrize("chosen", ["", "/srv/here"])
def test_a_smoke_run_leaves_the_folder_of_the_demonstration_alone(chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDWARDEN_HOME", chosen)
    homes = [read_arguments(words).home for words in (["--town", "krems.osm.gz"], ["--town", "krems.osm.gz", "--smoke"])]
    assert homes[0] != homes[1]
    assert homes[0].parent == homes[1].parent


@pytest.mark.parametrize(
    "words",
    [
        ["--pace", "0"],
        ["--pace", "5000"],
        ["--grids", "0"],
        ["--workers", "0"],
        ["--size", "big"],
        ["--theme", "pink"],
        ["--unknown"],
    ],
    ids=" ".join,
)
def test_nonsense_gets_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(words)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_paths_are_absolute_and_defaults_sensible(tmp_path: Path) -> None:
    told = read_arguments(["--home", str(tmp_path), "--town", "x.osm", "--smoke", "--json"])
    assert told.town is not None
    assert told.town.is_absolute()
    assert (told.smoke, told.as_json, told.pace, told.language, told.theme) == (True, True, 1.0, "zh", "night")


@pytest.mark.parametrize("key", LINES)
def test_every_line_says_the_same_things_in_both_languages(key: str) -> None:
    chinese, english = LINES[key]
    assert chinese
    assert english
    fields = [sorted(part.split("}")[0] for part in line.split("{")[1:]) for line in (chinese, english)]
    assert fields[0] == fields[1]
