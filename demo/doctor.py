"""`./gridwarden doctor`: what this machine lacks or has wrong, one line each; works before anything is installed."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from demo import data_checks, machine_checks
from demo.verdict import Health, Text, Verdict, language_of, wrong

MOST = 100  # exit statuses above mean other things


def run(words: Sequence[str]) -> int:
    """The number of things that are wrong; each check printed its line."""
    parser = argparse.ArgumentParser(prog="./gridwarden doctor", description="检查这台机器 / check this machine")
    parser.add_argument("--home", type=Path, help="演示的数据目录 / the data folder of the demonstration")
    home = parser.parse_args(words).home or _home()
    language = language_of(os.environ)
    count = 0
    needed, for_tests = (os.environ.get(name, "").split() for name in ("GRIDWARDEN_PACKAGES", "GRIDWARDEN_TEST_PACKAGES"))
    for check in checks(home.absolute(), needed, for_tests):
        verdict = _carry_out(check)
        print(verdict.line(language), flush=True)
        count += verdict.health is Health.WRONG
    end = Text(f"{count} 处不对", f"{count} wrong") if count else Text("一切正常", "all is well")
    print(end.say(language))
    return min(count, MOST)


def checks(home: Path, packages: list[str], for_tests: list[str]) -> list[Callable[[], Verdict]]:
    """Every check, in the order in which one would mend what it names."""
    return [
        machine_checks.python_version,
        lambda: machine_checks.debian_packages(packages),
        lambda: machine_checks.screenless_packages(for_tests),
        machine_checks.python_packages,
        data_checks.database_programs,
        lambda: data_checks.data_folder(home),
        lambda: data_checks.room(home),
        lambda: data_checks.secrets_closed(home),
        lambda: data_checks.ports(home),
        machine_checks.display,
        machine_checks.gl,
        machine_checks.chinese_font,
        machine_checks.input_method,
    ]


def _carry_out(check: Callable[[], Verdict]) -> Verdict:
    """The verdict; a check that itself cannot run (no permission, say) is wrong and does not end the others."""
    try:
        return check()
    except OSError as problem:
        found = Text(str(problem), str(problem))
        return wrong(Text("检查", "check"), found, Text("换个用户再试", "try as another user"))


def _home() -> Path:
    """The folder a demonstration would choose; before set-up, where its default lies."""
    try:
        from demo.arguments import demo_home
    except ImportError:  # platformdirs comes with the set-up
        return Path(os.environ.get("GRIDWARDEN_HOME") or Path.home() / ".local/share/gridwarden")
    return demo_home(None)
