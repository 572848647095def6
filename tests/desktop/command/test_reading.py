"""What lines mean: a table of them, hostile ones among them, and no line whatever breaks the reading."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import pytest

from desktop.command.reading import read
from desktop.command.sentence import Sentence, Unfinished
from desktop.command.told import problem_said
from desktop.command.values import choices_of
from desktop.command.verbs import ORDERS, Verb
from desktop.phrases import SHANGHAI
from desktop.seat import Seat
from desktop.words import Words
from governance.incident import Severity, SupervisionGrade
from governance.places import Level
from tests.fakes import situations
from tests.fakes.seats import a_seat, first, tail
from tests.fakes.situations import NOW, TEAM_UNIT

LI, CHEN, ZHANG = (situations.named(f"worker {n}") for n in range(3))  # 李建国, 陈晓红, 张涛
A, B, C = "0014", "0017", "0031"


@cache
def the_seat() -> Seat:
    return a_seat()


def incident(number: str) -> UUID:
    return next(c.incident.id for c in the_seat().situation.cases.values() if c.incident.number.endswith(number))


# line -> what its filling holds besides the action; `about` is the incident's running number, `kind` of a request its kind
MEANT: list[tuple[str, str, dict[str, object]]] = [
    ("派 李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派李建国0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派单李建国0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("、派李建国0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("/派 李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("／派 李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派　李建国　００１４", "dispatch", {"about": A, "workers": (LI,)}),
    ("ｐｄ ljg 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("pd ljg 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("PD LJG 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("dispatch 李建国 JG-20261122-0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("disp 李建国 20261122-0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 李建国，0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 李建国+陈晓红 0014", "dispatch", {"about": A, "workers": (LI, CHEN)}),
    ("派 李建国、陈晓红 0014", "dispatch", {"about": A, "workers": (LI, CHEN)}),
    ("派 李建国 + 陈晓红 0014", "dispatch", {"about": A, "workers": (LI, CHEN)}),
    ("派 李建国 陈晓红 0014", "dispatch", {"about": A, "workers": (LI, CHEN)}),
    ("派 李建国+陈晓红+张涛 0014", "dispatch", {"about": A, "workers": (LI, CHEN, ZHANG)}),
    ("派 李建国+李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 #1 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 1号 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 3 0014", "dispatch", {"about": A, "rank": 3}),
    ("派 12 0014", "dispatch", {"about": A, "workers": (situations.named("worker 11"),)}),
    ("派 给 李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 to=李建国 0014", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 0014 给=李建国+陈晓红", "dispatch", {"about": A, "workers": (LI, CHEN)}),
    ("派 事件=0014 人员=李建国", "dispatch", {"about": A, "workers": (LI,)}),
    ("0014 派 李建国", "dispatch", {"about": A, "workers": (LI,)}),
    ("0014派李建国", "dispatch", {"about": A, "workers": (LI,)}),
    ("0014 李建国 派", "dispatch", {"about": A, "workers": (LI,)}),
    ("李建国 0014 派单", "dispatch", {"about": A, "workers": (LI,)}),
    ("0014 派 3", "dispatch", {"about": A, "rank": 3}),
    ("0014 dispatch 李建国", "dispatch", {"about": A, "workers": (LI,)}),
    ("派 李建国 0014 带检测仪", "dispatch", {"about": A, "workers": (LI,), "text": "带检测仪"}),
    ("派 李建国 0014：带检测仪，快", "dispatch", {"about": A, "workers": (LI,), "text": "带检测仪，快"}),
    ('派 李建国 0014 "bring the meter"', "dispatch", {"about": A, "workers": (LI,), "text": "bring the meter"}),
    ("派 李建国 0014 理由=离得最近", "dispatch", {"about": A, "workers": (LI,), "reason": "离得最近"}),
    ("派 李建国 0014 reason=too far, sorry", "dispatch", {"about": A, "workers": (LI,), "reason": "too far, sorry"}),
    ("派 理由=“就近” 李建国 0014", "dispatch", {"about": A, "workers": (LI,), "reason": "就近"}),
    ("改派 张涛 0014：换人", "reassign", {"about": A, "workers": (ZHANG,), "reason": "换人"}),
    ("gp 2 0014 手上有事", "reassign", {"about": A, "rank": 2, "reason": "手上有事"}),
    ("增派 张涛 0014", "add_assist", {"about": A, "workers": (ZHANG,)}),
    ("xb 张涛+陈晓红 0014", "add_assist", {"about": A, "workers": (ZHANG, CHEN)}),
    ("直达 李建国+张涛 0014：先疏散", "direct_order", {"about": A, "workers": (LI, ZHANG), "text": "先疏散"}),
    ("zd 1 0014", "direct_order", {"about": A, "rank": 1}),
    ("接替 张涛 0014", "take_lead", {"about": A, "workers": (ZHANG,)}),
    ("认领 0014", "claim", {"about": A}),
    ("撤回 0014：太远了", "recall", {"about": A, "reason": "太远了"}),
    ("撤回0014：太远了", "recall", {"about": A, "reason": "太远了"}),
    ("撤回 0014 太远了", "recall", {"about": A, "reason": "太远了"}),
    ("ch 0014 “太远了！”", "recall", {"about": A, "reason": "太远了！"}),
    ("0014 撤回：太远了", "recall", {"about": A, "reason": "太远了"}),
    ("recall 0014 'too far'", "recall", {"about": A, "reason": "too far"}),
    ("ch 0014：「太远」", "recall", {"about": A, "reason": "「太远」"}),
    ("提级 JG-20261122-0014：没人", "raise_level", {"about": A, "reason": "没人"}),
    ("tj 0014：12:30 还没到", "raise_level", {"about": A, "reason": "12:30 还没到"}),
    ("raise 0014: nobody there: again", "raise_level", {"about": A, "reason": "nobody there: again"}),
    ("下派 0014：社区能办", "lower_level", {"about": A, "reason": "社区能办"}),
    ("zdcb 四季青 0014：没人接", "arbitrate", {"about": A, "unit": TEAM_UNIT.id, "reason": "没人接"}),
    ("arbitrate ZF-005 0014: nobody", "arbitrate", {"about": A, "unit": TEAM_UNIT.id, "reason": "nobody"}),
    ("定级 2 0014：人多", "set_severity", {"about": A, "severity": Severity.II, "reason": "人多"}),
    ("定级 0014 2：人多", "set_severity", {"about": A, "severity": Severity.II, "reason": "人多"}),
    ("dj Ⅰ 0014：人多", "set_severity", {"about": A, "severity": Severity.I, "reason": "人多"}),
    ("dj iii 0014：人多", "set_severity", {"about": A, "severity": Severity.III, "reason": "人多"}),
    ("dj 四级 0014：人少", "set_severity", {"about": A, "severity": Severity.IV, "reason": "人少"}),
    ("0014 定级 ２：人多", "set_severity", {"about": A, "severity": Severity.II, "reason": "人多"}),
    ("督办 红牌 0014 拖太久", "supervise", {"about": A, "grade": SupervisionGrade.RED, "reason": "拖太久"}),
    ("db yellow 0014: late", "supervise", {"about": A, "grade": SupervisionGrade.YELLOW, "reason": "late"}),
    ("督办 提示 0014：请回复", "supervise", {"about": A, "grade": SupervisionGrade.NOTICE, "reason": "请回复"}),
    ("催办 0014：快去", "urge", {"about": A, "text": "快去"}),
    ("cb 0014", "urge", {"about": A}),
    ("urge 0014", "urge", {"about": A}),
    ("bgld 0014", "report_leader", {"about": A}),
    ("批示 0014：同意", "answer_report", {"about": A, "text": "同意"}),
    ("dfdb 0014：已到现场", "reply_supervision", {"about": A, "text": "已到现场"}),
    ("jsdb 0014", "close_supervision", {"about": A}),
    ("联动通报 燃气 0014：漏气", "notify_out", {"about": A, "target": "gas", "text": "漏气"}),
    ("td 119 0014", "notify_out", {"about": A, "target": "119"}),
    ("td 0014 119", "notify_out", {"about": A, "target": "119"}),
    ("td to=自来水 0014", "notify_out", {"about": A, "target": "water"}),
    ("notify gas 0014", "notify_out", {"about": A, "target": "gas"}),
    ("移交 公安 0014：治安警情", "transfer_out", {"about": A, "target": "110", "reason": "治安警情"}),
    ("缓办 0014 3天：等配件", "request", {"about": A, "kind": "suspend_defer", "until": NOW + timedelta(days=3)}),
    ("hb 3天 0014 原因=等配件", "request", {"about": A, "kind": "suspend_defer", "until": NOW + timedelta(days=3)}),
    ("缓办 0014 到 12-01 18:00：等配件", "request", {"about": A, "until": datetime(2026, 12, 1, 18, 0, tzinfo=SHANGHAI)}),
    ("缓办 0014 到 12-01 18：00：等配件", "request", {"about": A, "until": datetime(2026, 12, 1, 18, 0, tzinfo=SHANGHAI)}),
    ("gz 0014 until=30d reason=no budget", "request", {"about": A, "kind": "suspend_list", "reason": "no budget"}),
    ("延期 2h 0014：下雨", "request", {"about": A, "kind": "extend", "span_s": 7200.0, "reason": "下雨"}),
    ("退回 0014：不归我们", "request", {"about": A, "kind": "return", "reason": "不归我们"}),
    ("th 0014：不归我们", "request", {"about": A, "kind": "return", "reason": "不归我们"}),
    ("作废 0014：重复录入", "request", {"about": A, "kind": "void", "reason": "重复录入"}),
    ("申请 延期 2h 0014：下雨", "request", {"about": A, "kind": "extend", "span_s": 7200.0, "reason": "下雨"}),
    ("sq void 0014: typed twice", "request", {"about": A, "kind": "void", "reason": "typed twice"}),
    ("同意 0014", "approve", {"about": A}),
    ("驳回 0014：理由不足", "deny", {"about": A, "reason": "理由不足"}),
    ("恢复 0014", "resume", {"about": A}),
    ("受理 0014", "file", {"about": A}),
    ("sl rqxl 0014", "file", {"about": A, "category": "01.01"}),
    ("sl 0014 燃气泄漏", "file", {"about": A, "category": "01.01"}),
    ("不予受理 不实 0014 查无此事", "reject", {"about": A, "code": "untrue", "reason": "查无此事"}),
    ("bysl 0014：查无此事", "reject", {"about": A, "reason": "查无此事"}),
    ("拒单 太远 0014", "decline", {"about": A, "code": "far"}),
    ("进展 0014：阀门已关", "progress", {"about": A, "text": "阀门已关"}),
    ("wc 0014 已修好", "complete", {"about": A, "text": "已修好"}),
    ("核查 0014", "send_check", {"about": A}),
    ("办结 0014", "check_pass", {"about": A}),
    ("返工 0014：还在漏", "check_fail", {"about": A, "reason": "还在漏"}),
    ("回访 0014 5星：满意", "feedback", {"about": A, "stars": 5, "text": "满意"}),
    ("重办 0014：又漏了", "reopen", {"about": A, "reason": "又漏了"}),
    ("并入 0014：又有人打来", "attach", {"about": A, "text": "又有人打来"}),
    ("合并 0017 0014", "merge", {"about": A, "sources": (B,)}),
    ("合并 0017+0031 到 0014", "merge", {"about": A, "sources": (B, C)}),
    ("heb 0017 0031 0014", "merge", {"about": A, "sources": (B, C)}),
    ("0017 合并到 0014", "merge", {"about": A, "sources": (B,)}),
    ("合并 0017 to=0014", "merge", {"about": A, "sources": (B,)}),
    ("合并 0014 0014 0017", "merge", {"about": B, "sources": (A,)}),
    ("取消合并 0014：不是一件", "unmerge", {"about": A, "reason": "不是一件"}),
    ("修改 0014 标题=燃气 泄漏 楼层=3", "edit", {"about": A, "edits": (("title", "燃气 泄漏"), ("floor", "3"))}),
    ("更正 燃气泄漏 0014：选错了", "correct", {"about": A, "category": "01.01", "reason": "选错了"}),
    ("首报 0014：已到场", "emergency_report", {"about": A, "kind": "first", "text": "已到场"}),
    ("应急报告 续报 0014", "emergency_report", {"about": A, "kind": "followup"}),
    ("上报 路灯 不亮，很黑", "report", {"text": "路灯 不亮，很黑"}),
    ("上报：路灯不亮", "report", {"text": "路灯不亮"}),
    ("上报路灯不亮，很黑", "report", {"text": "路灯不亮，很黑"}),
    ("sb 说“很急”，3楼！", "report", {"text": "说“很急”，3楼！"}),
    ("report lamp is out: dark", "report", {"text": "lamp is out: dark"}),
    ("上报 路灯不亮 类别=rqxl", "report", {"text": "路灯不亮", "category": "01.01"}),
    ("找 燃气 景芳", "find", {"text": "燃气 景芳"}),
    ("撤销 派错人了", "undo", {"reason": "派错人了"}),
    ("提级 区 0014：没人", "raise_level", {"about": A, "level": Level.DISTRICT, "reason": "没人"}),
    ("下派 社区 0014：能办", "lower_level", {"about": A, "level": Level.COMMUNITY, "reason": "能办"}),
    ("前往 景芳07", "goto", {"grid": "330104005051007"}),
    ("去 330104005051007", "goto", {"grid": "330104005051007"}),
    ("qw 051007", "goto", {"grid": "330104005051007"}),
    ("打开 0014", "open", {"about": A}),
    ("dk 14", "open", {"about": A}),
    ("看0014", "open", {"about": A}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "action", "holds"), MEANT, ids=[line for line, _, _ in MEANT])
def test_what_a_line_means(line: str, action: str, holds: dict[str, object]) -> None:
    reading = read(the_seat(), line)
    assert isinstance(reading, Sentence), reading
    assert reading.verb.action == action
    filling = reading.filling
    for name, value in holds.items():
        if name == "about":
            assert filling.incident == incident(str(value))
        elif name == "sources":
            assert isinstance(value, tuple)
            assert filling.sources == tuple(incident(number) for number in value)
        else:
            assert getattr(filling, name) == value, name
    left = {"workers", "rank", "reason", "text", "target", "severity", "grade", "category", "code", "stars", "sources"} - set(
        holds
    )
    if "until" not in holds and action != "request":
        assert {name: getattr(filling, name) for name in left if getattr(filling, name) not in ("", (), 0, None)} == {}


UNFINISHED = [
    ("", "empty", "", ""),
    ("      ", "empty", "", ""),
    ("　　", "empty", "", ""),
    ("\0\0\0", "empty", "", ""),
    ("!", "empty", "", ""),
    ("：", "empty", "", ""),
    ("hello", "verb_unknown", "", "hello"),
    ("0014", "verb_unknown", "", "0014"),
    ("😀 0014", "verb_unknown", "", "😀"),
    ("مرحبا 0014", "verb_unknown", "", "مرحبا"),
    ("c 0014", "verb_ambiguous", "", "c"),
    ("核 0014", "verb_ambiguous", "", "核"),
    ("派", "missing", "workers", ""),
    ("派 0014", "missing", "workers", ""),
    ("派 3", "missing", "incident", ""),
    ("派 李建国", "missing", "incident", ""),
    ("派 李健国 0014", "unknown", "workers", "李健国"),
    ("派 李建国 王房 0014", "unknown", "workers", "王房"),
    ("派 陈 0014", "ambiguous", "workers", "陈"),
    ("派 李建国 9999", "unknown", "incident", "9999"),
    ("派 李建国 4", "ambiguous", "incident", "4"),
    ("撤回 4：错", "ambiguous", "incident", "4"),
    ("撤回 0014", "missing", "reason", ""),
    ("提级 街道 0014：没人", "not_next", "level", "街道"),
    ("下派 网格 0014：没人", "not_next", "level", "网格"),
    ("前往", "missing", "grid", ""),
    ("前往 不存在", "unknown", "grid", "不存在"),
    ("qw 007", "ambiguous", "grid", "007"),
    ("撤回 0014：", "missing", "reason", ""),
    ("定级 0014：人多", "missing", "severity", ""),
    ("定级 7级 0014：人多", "unknown", "severity", "7级"),
    ("督办 0014：拖", "missing", "grade", ""),
    ("td 0014", "missing", "target", ""),
    ("td 消防队 0014", "unknown", "target", "消防队"),
    ("缓办 0014：等", "missing", "until", ""),
    ("缓办 99-99 0014：等", "bad", "until", "99-99"),
    ("缓办 2020-01-01 0014：等", "bad", "until", "2020-01-01"),
    ("合并", "missing", "sources", ""),
    ("合并 0014", "missing", "sources", ""),
    ("修改 0014", "missing", "edits", ""),
    ("发核查 0014 马上", "extra", "", "马上"),
    ("签收 0014 原因=办完了", "extra", "reason", "原因"),
    ("归档 0014", "verb_unknown", "", "归档"),
    ("派 李建国 0014 foo=bar", "extra", "", "foo"),
    ("sl 0014 不存在的类别 0017", "unknown", "category", "不存在的类别"),
    ("zdcb 某某局 0014：没人", "unknown", "unit", "某某局"),
    ("打开", "missing", "incident", ""),
    ("签", "missing", "incident", ""),
]


@pytest.mark.parametrize(("line", "problem", "about", "said"), UNFINISHED, ids=[line.strip() or "-" for line, *_ in UNFINISHED])
def test_what_a_line_lacks(line: str, problem: str, about: str, said: str) -> None:
    reading = read(the_seat(), line)
    assert isinstance(reading, Unfinished), reading
    assert (reading.problem, reading.about, reading.said) == (problem, about, said)
    for language in ("zh", "en"):
        assert problem_said(Words(language), reading)


def test_the_selected_incident_is_meant_where_none_is_said(seat: Seat) -> None:
    case = first(seat, "filed")
    seat.selection.choose_incident(case.incident.id)
    for line in ("派 李建国", "派 李建国 .", "pd ljg", "认领"):
        reading = read(seat, line)
        assert isinstance(reading, Sentence), line
        assert reading.filling.incident == case.incident.id
    other = first(seat, "reported")
    merged = read(seat, f"合并 {tail(other)}")
    assert isinstance(merged, Sentence)
    assert (merged.filling.sources, merged.filling.incident) == ((case.incident.id,), other.incident.id)


@pytest.mark.parametrize(
    ("line", "at_once"),
    [
        ("派 李建国 0014!", True),
        ("派 李建国 0014！", True),
        ("派 李建国 0014 !", True),
        ("派 李建国 0014：快！", False),
        ("派 李建国 0014：快 ！", True),
        ("派 李建国 0014 “快！”", False),
        ("派 李建国 0014 “快”!", True),
        ("派 李建国 0014 理由=近!", False),
        ("派 李建国 0014 理由=近 !", True),
        ("派 李建国 0014", False),
    ],
)
def test_only_a_mark_outside_the_text_sends(line: str, at_once: bool) -> None:
    reading = read(the_seat(), line)
    assert isinstance(reading, Sentence)
    assert reading.at_once is at_once
    assert reading.is_taken_back


@pytest.mark.parametrize(
    ("line", "is_taken_back"),
    [
        ("合并 0017 0014!", True),
        ("合并 0017 0031 0014!", False),
        ("发核查 0014!", False),
        ("作废 0014：录错 !", False),
        ("移交 110 0014!", False),
        ("撤回 0014：错 !", False),
    ],
)
def test_what_cannot_be_taken_back_goes_through_its_form(line: str, is_taken_back: bool) -> None:
    reading = read(the_seat(), line)
    assert isinstance(reading, Sentence)
    assert reading.is_taken_back is is_taken_back


def sample(verb: Verb) -> str:
    """Arguments a verb is satisfied with."""
    said = {
        "workers": "李建国",
        "unit": "四季青街道综合执法队",
        "until": "3天",
        "sources": "0017",
        "edits": "标题=新",
        "stars": "5星",
    }
    parts = []
    for slot in verb.must:
        if slot not in ("reason", "text", "incident"):
            parts.append(said.get(slot) or choices_of(slot, verb.action)[0].words[0])
    text = "：写明" if {"reason", "text"} & set(verb.must) else ""
    if "标题=新" in parts:
        return "0014 标题=新"
    return f"{' '.join(parts)} 0014{text}"


@pytest.mark.parametrize(
    ("verb", "word"),
    [(verb, word) for verb in ORDERS if verb.action != "report" for word in verb.words],
    ids=lambda each: each if isinstance(each, str) else each.action,
)
def test_every_word_of_every_order_makes_a_sentence(verb: Verb, word: str) -> None:
    reading = read(the_seat(), f"{word} {sample(verb)}")
    assert isinstance(reading, Sentence), reading
    assert (reading.verb, reading.filling.incident) == (verb, incident(A))
    assert not verb.kind or reading.filling.kind == verb.kind
    behind = (
        read(the_seat(), f"0014 {word} {sample(verb).replace(' 0014', '', 1)}")
        if verb.action not in ("merge", "edit")
        else reading
    )
    assert isinstance(behind, Sentence), behind
    assert behind.filling == reading.filling
