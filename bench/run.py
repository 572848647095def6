"""`./gridwarden bench NAME`: runs one benchmark and prints its figures beside its peers and targets."""

from __future__ import annotations

import argparse
import importlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

# Each module has `run(words) -> dict` with the keys bench, figures, peers, targets; a target is
# [">=" | "<=", bound] under the name of its figure.
BENCHES: dict[str, tuple[str, str]] = {
    "basemap": ("bench.basemap", "底图瓦片的解码、摆放、上传与每帧开销 / what tiles of a basemap cost"),
    "boundaries": ("bench.boundaries", "全省网格边界的核对与编辑 / a province of grids checked, and edits"),
    "find": ("bench.find", "查找时每次按键占用界面多久 / how long a letter of a search holds the window"),
    "first-light": ("bench.first_light", "按键到别人屏幕、定位到像素 / key to the other desk, fix to pixel"),
    "indicators": ("bench.indicators", "十万条的月份几秒算出 / seconds a month of 100,000 cycles takes"),
    "lifecycle": ("bench.lifecycle", "流转每秒几步、按键到所有工作台、十万计时 / orders a second, key to all desks, timers"),
    "many-lives": ("bench.many_lives", "十倍于测试的事件与 kill -9 / ten times the suite's incidents and kill -9"),
    "map": ("bench.map", "区、市、省三种规模的地图每帧时间 / time of a map frame at three scales"),
    "soak": ("bench.soak", "一小时反复操作市级地图：内存与最长的帧 / an hour at the map of a city: memory, longest frame"),
    "tracks": ("bench.tracks", "二十万点的轨迹平移、缩放、回放的帧 / frames of tracks of 200,000 fixes"),
    "replay": ("bench.replay", "回放一天：读入、跳转、600 倍播放 / a day replayed: reading, jumping, playing at 600x"),
    "video": ("bench.video", "视频画面的开销、时延与诚实 / what camera pictures cost, how old and how honest they are"),
}
KEYS = ("bench", "figures", "peers", "targets")


def run(words: Sequence[str]) -> int:
    """The benchmark ran; 1 where a target was missed."""
    parser = argparse.ArgumentParser(prog="./gridwarden bench", epilog="; ".join(_lines()))
    parser.add_argument("name", choices=sorted(BENCHES), metavar="NAME", help=", ".join(sorted(BENCHES)))
    parser.add_argument("--json", action="store_true", help="只打印一个 JSON / print one JSON object")
    given, rest = parser.parse_known_args(words)
    outcome = importlib.import_module(BENCHES[given.name][0]).run(rest)
    missing = [key for key in KEYS if key not in outcome]
    if missing:
        raise KeyError(f"bench {given.name} says nothing of {', '.join(missing)}")
    print(json.dumps(judged(outcome), ensure_ascii=False) if given.json else table(outcome))
    return 1 if missed(outcome["figures"], outcome["targets"]) else 0


def judged(outcome: Mapping[str, Any]) -> dict[str, Any]:
    """The outcome as it is printed: every target with the value found, what was wanted and whether it was met."""
    targets = {
        name: {
            "value": outcome["figures"].get(name),
            "want": f"{sign} {bound}",
            "met": _meets(outcome["figures"].get(name), (sign, bound)),
        }
        for name, (sign, bound) in outcome["targets"].items()
    }
    return {**outcome, "targets": targets}


def missed(figures: Mapping[str, Any], targets: Mapping[str, Any]) -> list[str]:
    """The names of the targets that were not met; a figure that is absent or None does not meet any."""
    return [name for name, target in targets.items() if not _meets(figures.get(name), target)]


def _meets(value: Any, target: Sequence[Any]) -> bool:
    sign, bound = target
    if value is None:
        return False
    return bool(value <= bound if sign == "<=" else value >= bound)


def table(outcome: Mapping[str, Any]) -> str:
    """The outcome for a person: figures with their targets, then the peers."""
    not_met = missed(outcome["figures"], outcome["targets"])
    shown = dict.fromkeys(outcome["targets"]) | dict(outcome["figures"])
    rows = [
        (name, _show(value), " ".join(map(str, outcome["targets"].get(name, ()))), "✗" if name in not_met else "")
        for name, value in shown.items()
    ]
    rows += [(f"· {name}", _show(value), "", "") for name, value in outcome["peers"].items()]
    widths = [max((_width(row[column]) for row in rows), default=0) for column in range(4)]
    lines = ("  ".join(map(_pad, row, widths)).rstrip() for row in rows)
    return "\n".join([str(outcome["bench"]), *lines])


def _pad(cell: str, columns: int) -> str:
    return cell + " " * (columns - _width(cell))


def _show(value: Any) -> str:
    return f"{value:,.3g}" if isinstance(value, float) else str(value)


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _lines() -> list[str]:
    return [f"{name}: {what}" for name, (_, what) in BENCHES.items()]
