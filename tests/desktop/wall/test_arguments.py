"""What the display of a wall is started with: one clear line where that cannot be."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from desktop.link.machine_key import FILE_NAME, BadKey, MachineKey, machine_key
from desktop.wall.arguments import BadArguments, demonstration, read_arguments
from desktop.wall.run import run
from server.home import default_home

SERVER = {"desk_endpoint": "tcp://127.0.0.1:5555", "server_key": "k" * 40}


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of a demonstration."""
    monkeypatch.setenv("GRIDWARDEN_HOME", str(tmp_path / "district"))
    folder = tmp_path / "district"
    (folder / "walls" / "main").mkdir(parents=True)
    (folder / "desk.json").write_text(json.dumps(SERVER))
    return folder


def test_beside_a_demonstration_its_name_is_enough(served: Path) -> None:
    found = read_arguments(["--wall", "main"])
    assert (found.endpoint, found.server_key, found.home) == ("tcp://127.0.0.1:5555", b"k" * 40, served / "walls" / "main")


def test_the_demonstration_is_looked_for_where_it_lies(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert demonstration() == default_home()
    monkeypatch.delenv("GRIDWARDEN_HOME")
    assert demonstration() == default_home()


def test_the_home_of_another_demonstration_is_enough_too(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GRIDWARDEN_HOME")
    assert read_arguments(["--wall", "main", "--home", str(served)]).home == served / "walls" / "main"


def test_a_display_far_away_has_a_folder_of_its_own(served: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    found = read_arguments(["--wall", "two", "--home", str(own), "--server", str(served / "desk.json"), "--screens", "1,2"])
    assert (found.home, found.screens) == (own, (1, 2))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--wall", "Main"], "--wall"),
        (["--wall", "main", "--server", "/nowhere.json"], "/nowhere.json"),
        (["--wall", "main", "--screens", "0"], "--screens"),
        (["--wall", "main", "--size", "big"], "--size"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    served: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadArguments, match=said):
        read_arguments(words)
    assert run(words) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_machine_is_known_by_one_key_that_others_cannot_read(tmp_path: Path) -> None:
    first = machine_key(tmp_path)
    assert machine_key(tmp_path) == first
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600
    assert first.secret.decode() not in repr(first)
    (tmp_path / FILE_NAME).chmod(0o644)
    with pytest.raises(BadKey, match="chmod 600"):
        machine_key(tmp_path)


def test_a_key_file_that_is_none_is_said_and_kept(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_bytes(b"no key")
    path.chmod(0o600)
    with pytest.raises(BadKey, match=FILE_NAME):
        machine_key(tmp_path)
    assert path.read_bytes() == b"no key"


def test_enrolling_says_the_line_for_the_administrator(served: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--wall", "main", "--enrol"]) == 0
    said = capsys.readouterr().out
    key = machine_key(served / "walls" / "main").public.decode()
    line = shlex.split(said.splitlines()[-1])
    assert line[:6] == ["./gridwarden", "walls", "bind", "--wall", "main", f"--key={key}"]
    assert key in said.splitlines()[0]


@pytest.mark.parametrize("public", [b"-" * 40, b"a&b$c<d>(e)!*#@^%{}[].:+=?/0123456789abcd", b"--key=" + b"x" * 34])
def test_a_shell_hands_any_key_on_as_it_is(
    served: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, public: bytes
) -> None:
    monkeypatch.setattr("desktop.wall.run.machine_key", lambda _home: MachineKey(public, b"s" * 40))
    assert run(["--wall", "main", "--enrol"]) == 0
    line = capsys.readouterr().out.splitlines()[-1].replace("./gridwarden walls bind", "printf '%s\n'")
    handed = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True).stdout.splitlines()
    assert handed[2] == f"--key={public.decode()}"
