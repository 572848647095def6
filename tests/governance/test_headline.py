"""The title of a report that came without one."""

from __future__ import annotations

import pytest

from governance.headline import LENGTH, headline


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("", ""),
        ("路灯不亮", "路灯不亮"),
        ("\n  路灯不亮\n三天了", "路灯不亮"),
        (
            "三楼有浓烈煤气味，三户居民已下楼，另有一位老人未出门（20:47:52）",
            "三楼有浓烈煤气味，三户居民已下楼，另有一位老人未出门",
        ),
        ("有人，" + "喊" * 40, "有人，" + "喊" * 26 + "…"),
        ("There is a strong smell of gas on the third floor", "There is a strong smell of ga…"),
        ("啊" * LENGTH, "啊" * LENGTH),
        ("啊" * LENGTH + "，还有", "啊" * LENGTH),
    ],
)
def test_a_title_ends_with_a_whole_clause(text: str, title: str) -> None:
    assert headline(text) == title
    assert len(title) <= LENGTH
