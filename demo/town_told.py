"""`./gridwarden town FILE`: tells what a town's file or folder holds, or why a demonstration could not use it."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from demo.arguments import with_values
from demo.narration import Narration
from gis_data.town import BadTown
from gis_data.town.cut import Box, box_of
from gis_data.town.osm import UNKNOWN_EPOCH, read_osm
from gis_data.town.town import Town
from governance.places import Level

LABELS: dict[str, tuple[str, str]] = {
    "name": ("名称", "name"),
    "streets": ("街道", "streets"),
    "communities": ("社区", "communities"),
    "grids": ("网格", "grids"),
    "boundary_fit": ("网格内界沿道路或水系", "inner grid boundaries along roads or water"),
    "buildings": ("建筑", "buildings"),
    "heights": ("不同的建筑高度", "different heights of buildings"),
    "addresses": ("门牌号", "house numbers"),
    "addresses_in_buildings": ("其中落在建筑里", "of them inside a building"),
    "roads": ("道路", "roads"),
    "roads_named": ("有名称的道路", "roads with a name"),
    "land": ("用地", "patches of land use"),
    "water": ("水面", "patches of water"),
    "cameras": ("摄像机（按规则布设）", "cameras (placed by rule)"),
    "epoch": ("数据日期", "data of"),
    "attribution": ("出处与许可（显示在地图上）", "source and licence (shown on the map)"),
}


def run(words: Sequence[str]) -> int:
    """0 where the town can be used, 1 where it cannot: the reason is one line."""
    parser = argparse.ArgumentParser(
        "./gridwarden town", description="检查城区文件，不建库 / what a town's file holds; nothing is written"
    )
    parser.add_argument("file", type=Path, help=".osm.pbf .osm .osm.gz .osm.bz2，或 GeoJSON 文件夹 / or a folder of GeoJSON")
    parser.add_argument("--grids", type=int, help="网格数 / how many grids to divide it into")
    parser.add_argument("--within", help="只要 西,南,东,北（度）之内 / only what lies in WEST,SOUTH,EAST,NORTH")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="语言 / language")
    parser.add_argument("--json", dest="as_json", action="store_true", help="只打印一个 JSON / print one JSON object")
    given = parser.parse_args(with_values(words))
    narration = Narration(given.language)
    try:
        within = box_of(given.within) if given.within else None
        town = read_told(given.file, given.grids, within, narration)
    except BadTown as no:
        print(narration.text("bad_town", file=given.file, why=no.say(given.language)), file=sys.stderr)
        return 1
    figures = figures_of(town)
    if given.as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    at = 1 if given.language == "en" else 0
    for key, value in figures.items():
        print(f"{LABELS[key][at]}{': ' if at else '：'}{value:.1%}" if isinstance(value, float) else _line(key, value, at))
    return 0


def read_told(file: Path, grids: int | None, within: Box | None, narration: Narration) -> Town:
    """The town of a file or folder; says on the way what is done. Raises BadTown."""
    narration.say("town_reading", file=file.name)
    return read_osm(file, grids, _teller(narration), within)


def figures_of(town: Town) -> dict[str, object]:
    """What a town holds, by the names of LABELS."""
    known = town.buildings.addresses
    return {
        "name": town.name,
        "streets": len(town.at(Level.STREET)),
        "communities": len(town.at(Level.COMMUNITY)),
        "grids": len(town.at(Level.GRID)),
        "boundary_fit": round(town.boundary_fit, 4),
        "buildings": len(town.buildings),
        "heights": len(np.unique(town.buildings.height_m)),
        "addresses": len(known),
        "addresses_in_buildings": int((known.building >= 0).sum()),
        "roads": len(town.roads),
        "roads_named": sum(bool(name) for name in town.roads.names),
        "land": len(town.land),
        "water": len(town.water),
        "cameras": len(town.cameras),
        "epoch": "" if town.epoch == UNKNOWN_EPOCH else town.epoch,
        "attribution": town.attribution,
    }


def _line(key: str, value: object, at: int) -> str:
    said = value if value != "" else ("未注明", "not given")[at]
    return f"{LABELS[key][at]}{': ' if at else '：'}{said}"


def _teller(narration: Narration) -> Callable[[float, str], None]:
    """Says each step when it begins, with the seconds the one before took."""
    began = [time.monotonic()]

    def tell(share: float, what: str) -> None:
        seconds, began[0] = time.monotonic() - began[0], time.monotonic()
        if what in ("grids", "cameras"):
            narration.say(f"town_{what}", share=f"{share:.0%}", seconds=f"{seconds:.1f}")

    return tell
