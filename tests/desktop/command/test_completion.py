"""Completion: what is offered fits, is understood, says what it is, and never takes away what was typed."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from desktop.command.completion import Suggested, instead, suggested
from desktop.command.reading import read
from desktop.command.sentence import Sentence, Unfinished
from desktop.command.verbs import ORDERS, VERBS, verbs_of
from desktop.seat import Seat
from desktop.situation.situation import Situation
from governance.people import Duty
from tests.fakes import situations
from tests.fakes.seats import a_seat, first, tail

AWKWARD = (
    "到",
    "3天",
    "红牌",
    "12",
    "Zhang Wei",
    "李=四",
    "119",
    "陈",
    "陈伟",
    "Ⅱ",
    "网格",
    "0014",
    "张三 0014",
    "😀",
    "欧阳·晓梅",
)


@cache
def the_seat() -> Seat:
    """Sixty workers, some of them with names that mean something else, two of the same name."""
    snapshot = situations.snapshot(worker_count=60)
    workers = [
        replace(worker, name=AWKWARD[n % len(AWKWARD)]) if n % 3 == 0 else worker for n, worker in enumerate(snapshot.workers)
    ]
    situation = Situation()
    situation.start_from(
        type(snapshot)(**{**{name: getattr(snapshot, name) for name in snapshot.__struct_fields__}, "workers": tuple(workers)})
    )
    return a_seat(situation=situation)


def words(found: Suggested) -> list[str]:
    return [offer.word for offer in found.offered]


@pytest.mark.parametrize(
    ("line", "about", "offered"),
    [
        ("p", "verb", "pd"),
        ("派", "verb", "派单"),
        ("disp", "verb", "dispatch"),
        ("/tj", "verb", "tj"),
        ("0014 派", "verb", "派单"),
        ("派 李建", "workers", "李建国"),
        ("派 ljg", "workers", "李建国"),
        ("派 李建国+陈", "workers", "陈晓红"),
        ("派 李建国 00", "incident", "0014"),
        ("派 李建国 燃气", "incident", "0048"),
        ("dj ", "severity", "Ⅰ级"),
        ("db ", "grade", "提示"),
        ("td 燃", "target", "燃气"),
        ("hb ", "until", "3天"),
        ("sq ", "kind", "缓办"),
        ("bysl ", "code", "不实"),
        ("zdcb 四", "unit", "四季青街道综合执法队"),
        ("sl 0014 rqxl", "category", "01.01"),
        ("xg 0014 标", "edits", "标题="),
        ("撤回 0014 ", "reason", "理由="),
        ("heb 0017 ", "sources", "0014"),
        ("qw 景芳", "grid", "330104005051007"),
        ("tj ", "level", "区"),
    ],
)
def test_what_is_offered_next(line: str, about: str, offered: str) -> None:
    found = suggested(a_seat(), line)
    assert found.about == about
    assert offered in words(found)
    assert found.head + found.typed == line


def test_every_offer_says_what_it_is(seat: Seat) -> None:
    for line in ("p", "派 李", "派 李建国 ", "dj ", "td ", "sl rq", "zdcb "):
        assert all(offer.name and offer.note for offer in suggested(seat, line).offered), line


def test_the_free_come_first_and_those_off_duty_last(seat: Seat) -> None:
    case = first(seat, "filed")
    seat.selection.choose_incident(case.incident.id)
    people = [
        seat.situation.workers.person(read(seat, f"派 {word}").filling.workers[0]) for word in words(suggested(seat, "派 "))
    ]
    duties = [worker.duty for worker in people if worker is not None]
    assert duties == sorted(
        duties, key=lambda duty: [Duty.ON_DUTY, Duty.ON_TASK, Duty.ON_CALL, Duty.LOST, Duty.OFF].index(duty)
    )
    assert Duty.OFF in duties
    assert people[0] is not None
    assert people[0].grid[:9] == case.incident.grid[:9]


def test_the_incidents_a_verb_may_be_said_of_come_first(seat: Seat) -> None:
    offered = suggested(seat, "派 李建国 ").offered
    off = [offer.is_off for offer in offered]
    assert off == sorted(off)
    filed = {tail(case) for case in seat.situation.cases.values() if case.incident.state == "filed"}
    assert {offer.word for offer in offered if not offer.is_off} == filed
    chosen = first(seat, "filed")
    seat.selection.choose_incident(chosen.incident.id)
    assert suggested(seat, "派 李建国 ").offered[0].word == tail(chosen)


def test_verbs_the_rules_refuse_are_told_apart(seat: Seat) -> None:
    seat.selection.choose_incident(first(seat, "filed").incident.id)
    by_word = {offer.word: offer.is_off for offer in suggested(seat, "j").offered}
    assert by_word["jd"], "a duty officer accepts no task"
    assert {offer.word: offer.is_off for offer in suggested(seat, "p").offered}["pd"] is False


def test_an_ambiguous_word_is_replaced_where_it_stands(seat: Seat) -> None:
    line = "派 陈 0014：快"
    reading = read(seat, line)
    assert isinstance(reading, Unfinished)
    found = instead(line, reading)
    assert found.head + found.typed + found.tail == line
    for offer in found.offered:
        assert isinstance(read(seat, found.head + offer.word + found.tail), Sentence)


@pytest.mark.parametrize("line", ["派 李建国 0014：带", "撤回 0014: to", "派 李建国 " + "0" * 500, "hello ", "上报 路灯"])
def test_within_a_text_nothing_is_offered(seat: Seat, line: str) -> None:
    assert suggested(seat, line).offered == ()


HEADS = st.sampled_from(
    [
        *(
            "",
            "/",
            "0014 ",
            "派 ",
            "派 陈晓红 ",
            "派 陈晓红+",
            "gp ",
            "dj ",
            "dj 2 ",
            "db ",
            "td ",
            "td 119 ",
            "hb ",
            "hb 3天 ",
        ),
        *("sq ", "bysl ", "zdcb ", "sl ", "heb ", "heb 0017 ", "xg 0014 ", "hf 0014 ", "take-lead ", "接替 "),
    ]
)
BEGUN = st.one_of(
    st.just(""),
    st.sampled_from(["李", "陈", "z", "l", "0", "00", "1", "Ⅱ", "燃", "3", "#", "#1", "标", "p", "提", "四", "rq"]),
    st.text(st.characters(categories=["L", "N", "So"]), max_size=3),
)


@settings(max_examples=150)
@given(HEADS, BEGUN)
def test_whatever_is_offered_is_understood(head: str, typed: str) -> None:
    seat = the_seat()
    found = suggested(seat, head + typed)
    assert found.head + found.typed == head + typed
    before = read(seat, found.head)
    assume(isinstance(before, Sentence) or before.problem in ("", "empty", "missing", "verb_unknown"))
    for offer in found.offered[:8]:
        reading = read(seat, found.head + offer.word)
        wrong = reading.problem if isinstance(reading, Unfinished) else ""
        assert wrong in ("", "missing"), (found, offer, reading)


def test_every_verb_is_offered_from_its_first_letter_on(seat: Seat) -> None:
    for verb in VERBS:
        for word in verb.words:
            if not verb.in_full:
                offered = suggested(seat, word[:1]).offered
                assert any(verbs_of(offer.word) == (verb,) for offer in offered) or len(offered) == 40, word
    assert len(ORDERS) > 49


@given(st.text(max_size=80))
def test_no_text_breaks_the_completion(line: str) -> None:
    suggested(the_seat(), line)
