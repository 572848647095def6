"""The doctor on this machine, and on folders with something wrong in them."""

from __future__ import annotations

import os
import socket
import subprocess
from pathlib import Path

import pytest

from demo import data_checks, machine_checks
from demo.verdict import Health, Verdict, language_of

ROOT = Path(__file__).resolve().parents[2]


def doctor(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The doctor as it runs before anything is installed: the system's Python, nothing but its library."""
    command = ["/usr/bin/python3", "-S", "main.py", "doctor", "--home", str(tmp_path)]
    return subprocess.run(command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False)


def test_it_speaks_before_anything_is_installed_and_its_status_counts(tmp_path: Path) -> None:
    run = doctor(tmp_path, LANG="en_GB.UTF-8", LC_ALL="", GRIDWARDEN_PACKAGES="bash no-such-package")
    lines = run.stdout.splitlines()
    assert run.stderr == ""
    assert any("Debian packages: 1 missing → apt-get install" in line and line.endswith(" no-such-package") for line in lines)
    assert run.returncode == sum(line.startswith("✗") for line in lines)
    assert lines[-1] == f"{run.returncode} wrong"


def test_it_speaks_the_language_of_the_locale(tmp_path: Path) -> None:
    assert "磁盘空间: " in doctor(tmp_path, LANG="zh_CN.UTF-8", LC_ALL="").stdout
    cases = {"zh_CN.UTF-8": "zh", "en_US": "en", "C.UTF-8": "both", "": "both"}
    assert {locale: language_of({"LANG": locale}) for locale in cases} == cases
    assert language_of({"LANG": "zh_CN", "LC_ALL": "en_US"}) == "en"


def test_a_key_that_others_can_read_is_wrong(tmp_path: Path) -> None:
    key = tmp_path / "keys/curve.secret"
    key.parent.mkdir()
    key.write_text("x")
    key.chmod(0o600)
    assert data_checks.secrets_closed(tmp_path).health is Health.OK
    key.chmod(0o644)
    verdict = data_checks.secrets_closed(tmp_path)
    assert verdict.health is Health.WRONG
    assert f"chmod 600 {key}" in verdict.line("zh")


def test_a_port_of_the_settings_that_somebody_holds_is_named(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        (tmp_path / "settings.toml").write_text(f'desk_endpoint = "tcp://127.0.0.1:{port}"\n')
        assert f"{port} in use" in data_checks.ports(tmp_path).line("en")
    assert data_checks.ports(tmp_path).health is Health.OK


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_a_folder_that_postgres_cannot_walk_to_is_wrong(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    verdict = data_checks.data_folder(tmp_path / "inner")
    assert verdict.health is Health.WRONG
    assert "cannot enter" in verdict.line("en")


def test_a_pin_that_is_not_installed_is_wrong(tmp_path: Path) -> None:
    lock = tmp_path / "x.lock"
    lock.write_text("pytest==0.1 \\\n    --hash=sha256:00\nno-such-distribution==1\n")
    said = machine_checks.python_packages(lock).line("en")
    assert said.startswith("✗")
    assert "≠ 0.1" in said
    assert "no-such-distribution — ≠ 1" in said


def test_an_input_method_without_its_part_in_qt_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_IM_MODULE", "fcitx")
    said = machine_checks.input_method().line("en")
    assert said.startswith("✗")
    assert "no plug-in for fcitx" in said


def test_gl_can_be_made_on_a_screen(xvfb: str) -> None:
    verdict: Verdict = machine_checks.gl()
    assert verdict.health is Health.OK, verdict.line("en")
