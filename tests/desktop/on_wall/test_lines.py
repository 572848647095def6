"""What stands behind 上墙 on the command line."""

from __future__ import annotations

import pytest

from desktop.on_wall.lines import Wish, wish_of
from governance.wall import Content

WALLS = ("main", "hall")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish("open")),
        ("hall", Wish("open", "hall")),
        ("列表", Wish("list")),
        ("list", Wish("list")),
        ("接管", Wish("take")),
        ("hall 交还", Wish("give", "hall")),
        ("弹出", Wish("pop_up")),
        ("3", Wish("push", slot=3)),
        ("第3格 地图", Wish("push", slot=3, content=Content.MAP)),
        ("main 2 摄像机", Wish("push", "main", 2, Content.CAMERA)),
        ("2 empty", Wish("push", slot=2, content=Content.EMPTY)),
        ("场景 晴雨表", Wish("scene", said="晴雨表")),
        ("scene visitors", Wish("scene", said="参观")),
        ("hall scene 防汛 一号", Wish("scene", "hall", said="防汛 一号")),
        ("存为 防汛", Wish("keep", said="防汛")),
        ("grid 3x2", Wish("grid", grid=(3, 2))),
        ("宫格 4×4", Wish("grid", grid=(4, 4))),
        ("宫格 9x9", Wish("unknown", said="宫格 9x9")),
        ("2 锁定", Wish("lock", slot=2)),
        ("hall 2 unlock", Wish("unlock", "hall", 2)),
        ("场景", Wish("unknown", said="场景")),
        ("3 树", Wish("unknown", said="3 树")),
        ("接管 什么", Wish("unknown", said="接管 什么")),
        ("somewhere", Wish("unknown", said="somewhere")),
    ],
)
def test_a_line_says_what_is_wanted(text: str, wish: Wish) -> None:
    assert wish_of(text, WALLS) == wish
