"""`./gridwarden walls`: walls made and machines bound by an administrator; one clear line whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import zmq

from server.walls.run import DONE, NO_LEDGER, WRONG, run
from tests.server.conftest import District


def test_a_wall_is_made_a_machine_bound_and_closed(district: District, capsys: pytest.CaptureFixture[str]) -> None:
    home, key = ["--home", str(district.settings.home), "--language", "zh"], "-" + zmq.curve_keypair()[0].decode()[1:]
    assert run(["list", *home]) == DONE
    assert run(["add", "--wall", "main", "--title", "主屏", *home]) == DONE
    assert run(["bind", "--wall", "main", "--key", key, "--name", "指挥厅", *home]) == DONE
    assert run(["list", *home]) == DONE
    assert run(["close", "--wall", "main", "--name", "指挥厅", *home]) == DONE
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("还没有大屏")
    assert said[3] == "main  主屏  区域 990001  第 1 版  控制：无  机器：指挥厅"
    assert len(said) == 5


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["add", "--wall", "Main", "--title", "屏"], WRONG, "--wall Main"),
        (["add", "--wall", "two", "--title", "屏", "--area", "110101"], WRONG, "没有区域 110101"),
        (["bind", "--wall", "main", "--key", "short"], WRONG, "--key"),
        (["close", "--wall", "none", "--name", "x"], WRONG, "没有大屏 none"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_changes_nothing(
    district: District, words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--home", str(district.settings.home), "--language", "zh"]) == status
    line = capsys.readouterr().err
    assert said in line
    assert len(line.splitlines()) == 1


def test_a_folder_that_is_no_home_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["list", "--home", str(tmp_path), "--language", "en"]) == NO_LEDGER
    assert "no data folder" in capsys.readouterr().err
