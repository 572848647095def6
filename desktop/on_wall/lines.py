"""What stands behind 上墙 on the command line; pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from governance.wall import Content
from governance.wall_shapes import SHAPES

ACTS = {
    "take": ("接管", "take"),
    "give": ("交还", "give", "release"),
    "pop_up": ("弹出", "弹窗", "popup", "pop-up"),
    "undo": ("撤销", "上一版", "undo"),
    "list": ("列表", "有哪些", "list"),
}
NAMED = {
    "scene": ("场景", "scene"),
    "keep": ("存为", "保存", "keep", "save"),
    "grid": ("宫格", "grid"),
    "shape": ("版式", "shape"),
    "pop_up": ACTS["pop_up"],
    "swap": ("互换", "交换", "swap"),
}
"""Acts that want a word behind them, or may have one."""
SHAPES_SAID = {"banner": ("横幅", "banner"), "2+4": ("2+4", "二大四小"), "1+5": ("1+5", "一大五小")}
"""Shapes that are called otherwise than their names too."""
SECONDS = re.compile(r"(\d{1,4})(秒|分|分钟|s|min|m)?")
PAIR = re.compile(r"(\d{1,2})\D{1,8}(\d{1,2})")
LOCKS = {"lock": ("锁定", "锁", "lock"), "unlock": ("解锁", "unlock"), "unreserve": ("取消预留", "不预留", "unreserve")}
"""What a slot is besides what it shows."""
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
    """What a line asks for, by the words of the tables above, or: open, push, unknown."""

    act: str
    wall: str = ""
    slot: int = 0
    content: Content | None = None
    """Of a push; None pushes the selected camera, else the view of the map."""
    said: str = ""
    """The name of a scene, or what was not understood."""
    grid: tuple[int, int] = (0, 0)
    """Columns and rows of equal slots."""
    other: int = 0
    """The second of two slots that exchange what they show."""
    seconds: int = 0
    """How long what comes up stays; 0 as it is set."""


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
    low, unknown = name.lower(), Wish("unknown", wall, said=text.strip())
    if act in ("scene", "keep"):
        return Wish(act, wall, said=SCENES.get(low, name) if act == "scene" else name)
    if act == "shape":
        shape = next((shape for shape, names in SHAPES_SAID.items() if low in names), low)
        return Wish(act, wall, said=shape) if shape in SHAPES else unknown
    if act == "pop_up":
        span = SECONDS.fullmatch(low.replace(" ", ""))
        return Wish(act, wall, seconds=int(span[1]) * (1 if span[2] in (None, "秒", "s") else 60)) if span else unknown
    if act == "swap":
        pair = PAIR.fullmatch(low.replace("格", "").replace("第", ""))
        return Wish(act, wall, int(pair[1]), other=int(pair[2])) if pair else unknown
    grid = GRID.fullmatch(name)
    return Wish(act, wall, grid=(int(grid[1]), int(grid[2]))) if grid else unknown


def content_of(word: str) -> Content | None:
    """What a slot is to show, by any of its names."""
    low = word.lower()
    return next((content for content, names in CONTENTS.items() if low in names), None)
