"""`./gridwarden stop`: ends the demonstration that runs, and a database that was left running."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from demo.arguments import demo_home
from demo.processes import stop_demo
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
    """Every folder that a demonstration may have chosen by itself."""
    default = demo_home(None)
    return sorted({default, *(folder for folder in default.parent.glob("*") if folder.is_dir())})


def _stop(home: Path) -> bool:
    ended = stop_demo(home)
    postgis = PrivatePostgis(home)
    if postgis.running():
        postgis.stop()
        ended = True
    return ended
