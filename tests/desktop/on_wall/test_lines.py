"""What stands behind 上墙 on the command line."""

from __future__ import annotations

import pytest

from desktop.on_wall.lines import Wish, wish_of
from desktop.on_wall.way_back import WayBack
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
        ("4 预留", Wish("push", slot=4, content=Content.RESERVED)),
        ("4 取消预留", Wish("unreserve", slot=4)),
        ("版式 2+4", Wish("shape", said="2+4")),
        ("hall shape banner", Wish("shape", "hall", said="banner")),
        ("版式 一大五小", Wish("shape", said="1+5")),
        ("shape 3+3", Wish("unknown", said="shape 3+3")),
        ("互换 1 3", Wish("swap", slot=1, other=3)),
        ("互换 第2格 第11格", Wish("swap", slot=2, other=11)),
        ("swap 12", Wish("unknown", said="swap 12")),
        ("撤销", Wish("undo")),
        ("弹出 5分钟", Wish("pop_up", seconds=300)),
        ("popup 90 s", Wish("pop_up", seconds=90)),
        ("弹出 很久", Wish("unknown", said="弹出 很久")),
        ("hall 2 unlock", Wish("unlock", "hall", 2)),
        ("场景", Wish("unknown", said="场景")),
        ("3 树", Wish("unknown", said="3 树")),
        ("接管 什么", Wish("unknown", said="接管 什么")),
        ("somewhere", Wish("unknown", said="somewhere")),
    ],
)
def test_a_line_says_what_is_wanted(text: str, wish: Wish) -> None:
    assert wish_of(text, WALLS) == wish


def test_undoing_goes_back_past_ones_own_pushes_and_past_what_another_did() -> None:
    way, rev = WayBack(), 1
    for _ in range(3):  # three pushes: 1 -> 2 -> 3 -> 4
        way.changed(rev, rev + 1)
        rev += 1
    went: list[int] = []
    for now in (5, 6, 7):
        went.append(way.back_from(rev))
        way.went_back(rev, went[-1], now)
        rev = now
    assert went == [3, 2, 1], "one by one, though every step back is a revision of its own"
    assert way.back_from(rev) == 6, "nothing of one's own is left: what was before the newest"
    way.changed(7, 8)
    assert way.back_from(9) == 8, "another pushed since"
    way.went_back(9, 8, 10)
    assert way.back_from(10) == 9
    way.changed(10, 10)
    assert way.back_from(10) == 9, "what changed nothing is no step"
