"""The grammar: every command of the rules can be said, in three alphabets, and no part of a word means two verbs."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.command.desk_verbs import DESK
from desktop.command.told import verb_of
from desktop.command.values import KINDS, KINDS_OF, NAMES, TEXTS, choices_of, chosen
from desktop.command.verbs import BY_ACTION, OF_WORD, ORDERS, VERBS, Verb, glued, shortest, verbs_of
from desktop.dispatch.form_order import FORMS, OF_THE_CARD
from desktop.map.layer_switches import WORDS
from desktop.map.shown import LAYERS
from desktop.words import Words
from governance.commands import COMMANDS
from governance.commands import ORDERS as ORDERED

# Domain model B.8: what the field says -> its initials, its code.
OF_THE_FIELD = """
上报 sb report · 核实 hs send_verify · 受理 sl file · 立案 la file · 不予受理 bysl reject · 并入 br attach · 合并 heb merge ·
并案 ba merge · 取消合并 qxhb unmerge · 派单 pd dispatch · 派遣 pq dispatch · 指令直达 zd direct_order · 签收 qs ack ·
接单 jd accept · 到场 dc arrive · 处置完成 wc complete · 核查 hc send_check · 返工 fg check_fail · 办结 bj check_pass ·
结案 ja check_pass · 回访 hf feedback · 提级 tj raise_level · 退回 th request:return · 撤回 ch recall · 改派 gp reassign ·
督办 db supervise · 缓办 hb request:suspend_defer · 挂账 gz request:suspend_list · 移交 yj transfer_out · 联动通报 td notify_out
"""
IN_ENGLISH = """
上报 report · 核实 verify · 受理 file · 不予受理 reject · 并入 attach · 合并 merge · 取消合并 unmerge · 派单 dispatch ·
指令直达 direct · 签收 acknowledge · 接单 accept · 到场 arrive · 处置完成 complete · 核查 check · 返工 rework · 办结 close ·
回访 callback · 提级 raise · 退回 return · 撤回 recall · 改派 reassign · 督办 supervise · 缓办 defer · 挂账 park ·
移交 transfer · 联动通报 notify
"""
ALPHABETS = {"zh": "[\u4e00-\u9fff]+", "initials": "[a-z]+", "en": "[a-z_-]+"}


def code(verb: Verb) -> str:
    return f"{verb.action}:{verb.kind}" if verb.action == "request" and verb.kind else verb.action


def test_every_command_that_may_be_ordered_can_be_said() -> None:
    assert set(ORDERED) - {verb.action for verb in ORDERS} == set()
    assert {verb.action for verb in ORDERS} - set(ORDERED) == set()
    assert set(FORMS) | OF_THE_CARD <= set(COMMANDS)
    assert set(ORDERED) - (set(FORMS) | OF_THE_CARD) <= {"self_handle"}, "which needs photos from the phone"


@pytest.mark.parametrize("row", [row.split() for row in OF_THE_FIELD.replace("\n", " ").split("·")], ids=lambda row: row[0])
def test_the_words_and_initials_of_the_field_are_kept(row: list[str]) -> None:
    said, initials, meant = row
    assert code(OF_WORD[said]) == meant
    assert code(OF_WORD[initials]) == meant


@pytest.mark.parametrize("row", [row.split() for row in IN_ENGLISH.replace("\n", " ").split("·")], ids=lambda row: row[0])
def test_the_english_words_of_the_field_are_kept(row: list[str]) -> None:
    said, english = row
    assert OF_WORD[english] == OF_WORD[said]


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_every_verb_has_words_in_every_alphabet(alphabet: str) -> None:
    for verb in VERBS:
        words = getattr(verb, alphabet)
        assert words, verb
        assert all(re.fullmatch(ALPHABETS[alphabet], word) for word in words), verb


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_the_shortest_part_of_a_word_means_no_other_verb(alphabet: str) -> None:
    parts = [(shortest(word), verb, word) for verb in VERBS for word in getattr(verb, alphabet)]
    for part, verb, word in parts:
        assert word.startswith(part)
        assert verbs_of(part) == (verb,)
        assert not [other for _, other, longer in parts if other is not verb and longer == part]


@pytest.mark.parametrize("verb", VERBS, ids=code)
def test_a_verb_is_found_by_any_case_and_by_its_name(verb: Verb) -> None:
    for word in verb.words:
        assert verbs_of(word.upper()) == (verb,)
    assert verb.name("zh") == verb.zh[0]
    assert verb_of(verb.action, verb.kind) is not None
    assert verb.back == "" or verb.back in BY_ACTION


@pytest.mark.parametrize("verb", ORDERS, ids=code)
def test_a_verb_takes_what_can_be_asked_for(verb: Verb) -> None:
    assert set(verb.slots) <= set(KINDS)
    for language in ("zh", "en"):
        words = Words(language)
        for slot in verb.slots:
            assert words(f"slot.{slot}")
            assert words(f"slot.{slot}.hint")
    assert verb.action in ("report", "merge") or "incident" in verb.slots
    for kind in ("kind", "code"):
        assert kind not in verb.slots or choices_of(kind, verb.action)
    assert not verb.kind or verb.kind in {choice.value for choice in KINDS_OF[verb.action]}


@pytest.mark.parametrize("action", ["transfer_out", "request", "recall", "check_pass", "notify_out"])
def test_what_cannot_be_taken_back_is_never_sent_unseen(action: str) -> None:
    assert {verb.back for verb in ORDERS if verb.action == action} == {""}


def test_the_choices_of_a_kind_are_told_apart() -> None:
    for kind in ("severity", "level", "grade", "target", "stars", "layer"):
        words = [word.lower() for choice in choices_of(kind, "") for word in dict.fromkeys(map(str.lower, choice.words))]
        assert [word for word in words if words.count(word) > 1] == []
    assert set(NAMES.values()) - {"to"} <= set(KINDS) | TEXTS
    assert len({action for action, _, _ in DESK}) == len(DESK)


def test_a_layer_is_called_as_its_box_is() -> None:
    assert {choice.value for choice in choices_of("layer", "layers")} == set(LAYERS) == set(WORDS)
    for name, (zh, en) in WORDS.items():
        for said in (zh, en.lower().replace(" ", "-")):
            choice = chosen("layer", "layers", said)
            assert choice is not None
            assert choice.value == name


@given(st.text(max_size=30))
def test_any_text_may_be_asked_about(text: str) -> None:
    assert len(verbs_of(text)) <= len(VERBS)
    found = glued(text)
    assert found is None or text.endswith(found[1])
