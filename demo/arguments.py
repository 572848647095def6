"""What `./gridwarden demo` can be told."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gis_data.town import BadTown
from gis_data.town.cut import Box, box_of
from server.drill.temper import LEAST_PACE, MOST_PACE
from server.home import DISTRICT, demonstrations


@dataclass(frozen=True)
class DemoArguments:
    """One call of the demo."""

    home: Path
    town: Path | None
    grids: int | None
    seed: int | None
    workers: int | None
    pace: float
    fresh: bool
    language: str
    theme: str
    size: str
    without_desk: bool
    smoke: bool
    shots: Path | None
    as_json: bool
    measure: Path | None
    within: Box | None = None


def demo_home(town: Path | None, smoke: bool = False) -> Path:
    """The demo's own folder, one for each town; never the service's, and another one for smoke runs.

    A smoke run takes phones from the drill for good, so it leaves the folder of somebody's demonstration alone.
    GRIDWARDEN_HOME overrides it. As root it lies where the user `postgres` can walk to.
    """
    chosen = os.environ.get("GRIDWARDEN_HOME")
    if chosen:
        return Path(chosen).with_name(f"{Path(chosen).name}-smoke") if smoke else Path(chosen)
    name = re.sub(r"\W+", "-", town.name.split(".")[0]).strip("-").lower() if town else DISTRICT
    return demonstrations() / f"{'smoke-' if smoke else ''}{name or 'town'}"


def with_values(words: Sequence[str]) -> list[str]:
    """The words of a call, in which a rectangle that begins in the west (`--within -70.7,...`) is no option of its own."""
    joined: list[str] = []
    for word in words:
        if joined and joined[-1] == "--within" and re.match(r"-[\d.]", word):
            joined[-1] = f"--within={word}"
        else:
            joined.append(word)
    return joined


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./gridwarden demo",
        description="演示：数据库、服务、模拟的外部世界和工作台 / database, server, simulated outside world and a desk",
    )
    parser.add_argument("--home", type=Path, help="数据文件夹 / the data folder")
    parser.add_argument("--town", type=Path, help="OpenStreetMap 文件或 GeoJSON 文件夹 / a real town's file or folder")
    parser.add_argument("--within", help="只要其中 西,南,东,北（度）/ only WEST,SOUTH,EAST,NORTH of it, degrees")
    parser.add_argument("--grids", type=int, help="网格数 / how many grids to divide it into")
    parser.add_argument("--seed", type=int, help="生成城区的种子（1）/ seed of the generated district (1)")
    parser.add_argument("--workers", type=int, help="网格员人数 / how many grid workers (1,600; for a file about 3 a grid)")
    parser.add_argument("--pace", type=float, default=1.0, help="外部世界快几倍 / how much faster people act")
    parser.add_argument("--fresh", action="store_true", help="清空重来 / start anew")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="界面语言 / language of the desk")
    parser.add_argument("--theme", choices=("night", "day"), default="night", help="夜间或日间 / night or day")
    parser.add_argument("--size", default="", help="窗口大小 WxH / size of the window")
    parser.add_argument("--without-desk", action="store_true", help="不开工作台 / no desk, only the server and the world")
    parser.add_argument("--smoke", action="store_true", help="无屏自检 / drive two desks without a screen and check them")
    parser.add_argument("--shots", type=Path, help="截图文件夹 / folder for the smoke run's pictures")
    parser.add_argument("--json", dest="as_json", action="store_true", help="结果只打印一个 JSON / print one JSON object")
    parser.add_argument("--measure", type=Path, help="工作台何时显示了什么，JSON 行 / what the desk showed when, JSON lines")
    return parser


def read_arguments(words: Sequence[str]) -> DemoArguments:
    """What was asked for; exits with usage where it makes no sense."""
    parser = _parser()
    given = parser.parse_args(with_values(words))
    if not LEAST_PACE <= given.pace <= MOST_PACE:
        parser.error(f"--pace {LEAST_PACE}..{MOST_PACE}")
    if given.grids is not None and given.grids < 1:
        parser.error("--grids 至少为 1 / must be at least 1")
    if given.workers is not None and not 1 <= given.workers <= 100_000:
        parser.error("--workers 1..100000")
    if given.size and not re.fullmatch(r"\d{3,5}x\d{3,5}", given.size):
        parser.error("--size 如 1920x1080 / as in 1920x1080")
    try:
        within = box_of(given.within) if given.within else None
    except BadTown as no:
        parser.error(f"--within {no.say('zh')} / {no.say('en')}")
    return DemoArguments(
        home=(given.home or demo_home(given.town, given.smoke)).absolute(),
        town=given.town.absolute() if given.town else None,
        grids=given.grids,
        seed=given.seed,
        workers=given.workers,
        pace=given.pace,
        fresh=given.fresh,
        language=given.language,
        theme=given.theme,
        size=given.size,
        without_desk=given.without_desk,
        smoke=given.smoke,
        shots=given.shots.absolute() if given.shots else None,
        as_json=given.as_json,
        measure=given.measure.absolute() if given.measure else None,
        within=within,
    )
