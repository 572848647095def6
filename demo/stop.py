"""`./gridwarden stop`: ends the demonstration that runs, and a database that was left running."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from demo.arguments import demo_home
from demo.mark import read_mark
from demo.processes import running_demo, stop_demo
from server.private_postgis import PrivatePostgis


def run(words: Sequence[str]) -> int:
    """Nothing of the demonstrations runs; says which were ended."""
    parser = argparse.ArgumentParser(prog="./gridwarden stop", description="结束演示 / end the demonstrations that run")
    parser.add_argument("--home", type=Path, help="只结束这个数据文件夹的 / only the one of this data folder")
    home = parser.parse_args(words).home
    ended = [folder for folder in ([home.absolute()] if home else _homes()) if _stop(folder)]
    for folder in ended:
        print(f"已结束 / ended: {folder}")
    if not ended:
        print("没有正在运行的演示 / no demonstration runs")
    return 0


def _homes() -> list[Path]:
    """Every folder of a demonstration that chose it by itself, or the one that GRIDWARDEN_HOME names."""
    default = demo_home(None).absolute()
    if os.environ.get("GRIDWARDEN_HOME"):
        return [default]
    return sorted(folder for folder in default.parent.glob("*") if read_mark(folder) or running_demo(folder))


def _stop(home: Path) -> bool:
    """Whether something ran; a database in a folder without our mark is somebody else's."""
    ended = stop_demo(home)
    postgis = PrivatePostgis(home)
    if read_mark(home) is not None and postgis.running():
        postgis.stop()
        ended = True
    return ended
