"""The title of a report that came without one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from governance.attempt import Case
from governance.commands import AttachReport, Backfill, Command, Correct, Edit, File, Part, Split
from governance.demands import PLACE_LONGEST
from governance.headline import LENGTH, TITLE_LONGEST, headline
from governance.lifecycle import after
from governance.refusal import Refused
from tests.governance.field import DO, LEAF, WHOLE, named, report, reported
from tests.governance.taken import DIRECT
from tests.governance.ways import DP, FILED, LATER


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


LONG, LONGEST = "题" * (TITLE_LONGEST + 1), "题" * TITLE_LONGEST


def two_parts(title: str) -> Split:
    return Split((Part(LEAF, "Stall"), Part(LEAF, title)))


@pytest.mark.parametrize(
    ("case", "give", "code", "about"),
    [
        (None, lambda title: replace(report(1), title=title), "too_long", "title"),
        (FILED, lambda title: AttachReport(replace(report(2, report=named("r")), title=title)), "too_long", "title"),
        (reported(), lambda title: File(LEAF, title=title), "too_long", "title"),
        (DIRECT, lambda title: Backfill(LEAF, title), "too_long", "title"),
        (FILED, two_parts, "part_title_too_long", "parts"),
        (FILED, lambda title: Edit("title", FILED.incident.title, title), "too_long", "title"),
    ],
    ids=["report", "attach", "file", "backfill", "split", "edit"],
)
def test_a_title_is_bounded_wherever_it_comes_in(
    case: Case | None, give: Callable[[str], Command], code: str, about: str
) -> None:
    who = DP if code == "part_title_too_long" else DO
    with pytest.raises(Refused) as no:
        after(case, give(LONG), who, WHOLE, LATER)
    assert (no.value.code, no.value.about, no.value.details["most"]) == (code, about, "120")
    assert after(case, give(LONGEST), who, WHOLE, LATER)


@pytest.mark.parametrize(
    ("case", "give", "field", "most", "about"),
    [
        (None, lambda words: replace(report(1), place_text=words), "place_text", 200, "place_text"),
        (None, lambda words: replace(report(1), floor=words), "floor", 40, "floor"),
        (None, lambda words: replace(report(1), camera=words), "camera", 64, "camera"),
        (
            FILED,
            lambda words: AttachReport(replace(report(2, report=named("r")), place_text=words)),
            "place_text",
            200,
            "place_text",
        ),
        (FILED, lambda words: Correct("Elsewhere", LEAF, place_text=words), "place_text", 200, "place_text"),
        (FILED, lambda words: Split((Part(LEAF, "A"), Part(LEAF, "B", place_text=words))), "place_text", 200, "parts"),
        (FILED, lambda words: Edit("floor", FILED.incident.floor, words), "floor", 40, "floor"),
    ],
    ids=["report", "floor", "camera", "attach", "correct", "split", "edit"],
)
def test_what_is_said_of_a_place_is_bounded_wherever_it_comes_in(
    case: Case | None, give: Callable[[str], Command], field: str, most: int, about: str
) -> None:
    assert PLACE_LONGEST[field] == most
    with pytest.raises(Refused) as no:
        after(case, give("x" * (most + 1)), DP if isinstance(give(""), Split) else DO, WHOLE, LATER)
    assert (no.value.code, no.value.about, no.value.details["most"]) == ("too_long", about, str(most))
    after(case, give("x" * most), DP if isinstance(give(""), Split) else DO, WHOLE, LATER)
