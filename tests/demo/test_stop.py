"""`./gridwarden stop` ends demonstrations, and nobody else's processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.mark import Mark
from demo.stop import run
from server.private_postgis import PrivatePostgis
from tests.demo.test_one_demo_per_folder import start
from tests.together.at_work import short_folder


def test_with_a_folder_named_by_the_environment_no_other_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    named, beside = tmp_path / "named", tmp_path / "beside"
    Mark("", "", None, None, 1).write(_made(beside))
    demo = start(beside)
    monkeypatch.setenv("GRIDWARDEN_HOME", str(named))
    try:
        assert run([]) == 0
        assert "no demonstration runs" in capsys.readouterr().out
        assert demo.poll() is None
        monkeypatch.setenv("GRIDWARDEN_HOME", str(beside))
        assert run([]) == 0
        assert demo.wait(10) == 0
    finally:
        demo.kill()
        demo.communicate(timeout=10)


def test_a_database_without_our_mark_is_left_running(capsys: pytest.CaptureFixture[str]) -> None:
    with short_folder() as folder:
        postgis = PrivatePostgis(folder / "home", for_tests=True)
        postgis.start()
        try:
            for marked in (False, True):
                if marked:
                    Mark("", "", None, None, 1).write(folder / "home")
                run(["--home", str(folder / "home")])
                assert postgis.running() is not marked
            assert f"ended: {folder / 'home'}" in capsys.readouterr().out
        finally:
            postgis.destroy()


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
