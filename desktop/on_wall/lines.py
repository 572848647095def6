"""What stands behind 上墙 on the command line; pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from governance.wall import Content

ACTS = {
    "take": ("接管", "take"),
    "give": ("交还", "give", "release"),
    "pop_up": ("弹出", "弹窗", "popup", "pop-up"),
    "list": ("列表", "有哪些", "list"),
}
NAMED = {"scene": ("场景", "scene"), "keep": ("存为", "保存", "keep", "save"), "grid": ("宫格", "grid")}
"""Acts that want a word behind them."""
LOCKS = {"lock": ("锁定", "锁", "lock"), "unlock": ("解锁", "unlock")}
GRID = re.compile(r"([1-8])[x×*]([1-8])")
CONTENTS = {
    Content.CAMERA: ("摄像机", "摄像头", "视频", "camera", "video"),
    Content.MAP: ("地图", "视野", "map", "view"),
    Content.EMPTY: ("空", "清空", "empty", "clear"),
    Content.BOARD: ("事件板", "在办事件", "board"),
    Content.INDICATORS: ("指标", "晴雨表", "indicators"),
    Content.CLOCK: ("时钟", "clock"),
    Content.RESERVED: ("预留", "reserved"),
}
SCENES = {"barometer": "晴雨表", "visitors": "参观"}
"""What the scenes that come ready are called in English."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a line asks for: open, list, take, give, scene, keep, grid, pop_up, push, lock, unlock; or unknown, as said."""

    act: str
    wall: str = ""
    slot: int = 0
    content: Content | None = None
    """Of a push; None pushes the selected camera, else the view of the map."""
    said: str = ""
    """The name of a scene, or what was not understood."""
    grid: tuple[int, int] = (0, 0)
    """Columns and rows of equal slots."""


def wish_of(text: str, walls: Collection[str]) -> Wish:
    """What a line says; `walls` are the codes of those there are."""
    words = text.split()
    wall = words.pop(0) if words and words[0] in walls else ""
    if not words:
        return Wish("open", wall)
    first, rest = words[0].lower(), words[1:]
    named = next((act for act, names in NAMED.items() if first in names), "")
    if named and rest:
        return _named(named, wall, " ".join(rest), text)
    act = next((act for act, names in ACTS.items() if first in names), "")
    if act and not rest:
        return Wish(act, wall)
    number = first.removesuffix("格").removeprefix("第")
    if number.isascii() and number.isdigit() and len(rest) <= 1:
        lock = next((act for act, names in LOCKS.items() if rest and rest[0].lower() in names), "")
        if lock:
            return Wish(lock, wall, int(number[:4]))
        content = content_of(rest[0]) if rest else None
        if content is not None or not rest:
            return Wish("push", wall, int(number[:4]), content)
    return Wish("unknown", wall, said=text.strip())


def _named(act: str, wall: str, name: str, text: str) -> Wish:
    """An act with the word behind it."""
    if act != "grid":
        return Wish(act, wall, said=SCENES.get(name.lower(), name) if act == "scene" else name)
    found = GRID.fullmatch(name)
    return Wish("grid", wall, grid=(int(found[1]), int(found[2]))) if found else Wish("unknown", wall, said=text.strip())


def content_of(word: str) -> Content | None:
    """What a slot is to show, by any of its names."""
    low = word.lower()
    return next((content for content, names in CONTENTS.items() if low in names), None)
