"""Hostile lines, any text whatever, and times as they are typed: nothing breaks the reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.command.letters import spoken
from desktop.command.reading import read
from desktop.command.sentence import Sentence, Unfinished
from desktop.command.told import problem_said
from desktop.command.verbs import VERBS
from desktop.dispatch.moments import moment
from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from desktop.words import Words
from tests.fakes.seats import a_seat
from tests.fakes.situations import NOW

THERE = NOW.astimezone(SHANGHAI)  # Sunday 22 November 2026, 14:32 in Shanghai


@cache
def the_seat() -> Seat:
    return a_seat()


HOSTILE = [
    "派" * 5000, "派 " + "李" * 10_000, "0" * 10_000, "派 李建国 " + "9" * 9_000, "上报 " + "长" * 10_000, "：" * 500,
    '"' * 401, "=" * 300, "a=" * 300, "派 李建国\x000014", "派\u202e李建国\u202c 0014", "派 \U0001f469\u200d\U0001f692 0014",
    "撤回 0014：\U0001f525", "派 李建国\n0014", "\t派\t李建国\t0014", "派 %s {0} {name} 0014", "派 ' OR 1=1 -- 0014",
    "../../etc 0014", "派 \ud800 0014", "派 ++++ 0014", "派 、、、 0014", "派 +李建国+ 0014", "缓办 99999999天 0014：等",
    "缓办 24:99 0014：等", "dj ⅠⅡ 0014：x", "派 ① ００１４", "派 -1 0014", "派 #0 0014", "派 # 0014", "pd 0 0014",
    "td １１９ ００１４", "合并 0014 0014", "合并 . .", ". . .", "。。。", "派.", "/", "、、、", "\ufeff派 0014",
]  # fmt: skip


@pytest.mark.parametrize("line", HOSTILE, ids=range(len(HOSTILE)))
def test_no_hostile_line_breaks_the_reading(line: str) -> None:
    reading = read(the_seat(), line)
    if isinstance(reading, Unfinished):
        assert len(problem_said(Words("zh"), reading)) < 400


ALPHABET = st.one_of(
    st.sampled_from([word for verb in VERBS for word in verb.words]),
    st.sampled_from(["0014", "0017", "李建国", "陈", "#3", "3", ".", "3天", "12-01", "18:00", "红牌", "Ⅱ", "燃气", "四季青"]),
    st.sampled_from(["原因=", "to=", "：", ":", "“", "”", '"', "!", "！", "+", "、", "，", "到", "给", "标题="]),
    st.text(max_size=4),
)


@given(st.lists(ALPHABET, max_size=8), st.sampled_from(["", " ", "　"]))
@example(["0014", "派", "李建国"], "")
def test_no_line_whatever_breaks_the_reading(parts: list[str], between: str) -> None:
    reading = read(the_seat(), between.join(parts))
    assert isinstance(reading, Sentence | Unfinished)
    if isinstance(reading, Unfinished):
        problem_said(Words("en"), reading)


@given(st.text(max_size=200))
def test_letters_are_taken_apart_without_a_fault(line: str) -> None:
    said = spoken(line)
    assert all(word and not word.isspace() for word in said.words)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("3天",), THERE + timedelta(days=3)),
        (("2h",), THERE + timedelta(hours=2)),
        (("90分钟",), THERE + timedelta(minutes=90)),
        (("1天", "2小时"), THERE + timedelta(hours=26)),
        (("2周",), THERE + timedelta(days=14)),
        (("18:00",), THERE.replace(hour=18, minute=0, second=0)),
        (("09:00",), (THERE + timedelta(days=1)).replace(hour=9, minute=0, second=0)),
        (("明天",), (THERE + timedelta(days=1)).replace(hour=23, minute=59, second=0)),
        (("明天", "08:30"), (THERE + timedelta(days=1)).replace(hour=8, minute=30, second=0)),
        (("12-01", "18:00"), THERE.replace(month=12, day=1, hour=18, minute=0, second=0)),
        (("12月1日",), THERE.replace(month=12, day=1, hour=23, minute=59, second=0)),
        (("1-5",), THERE.replace(year=2027, month=1, day=5, hour=23, minute=59, second=0)),
        (("2027-01-05",), THERE.replace(year=2027, month=1, day=5, hour=23, minute=59, second=0)),
        (("2-30",), None),
        (("25:00",), None),
        (("soon",), None),
        ((), None),
    ],
)
def test_a_time_is_read_as_it_is_written(words: tuple[str, ...], meant: datetime | None) -> None:
    assert moment(words, THERE) == meant
