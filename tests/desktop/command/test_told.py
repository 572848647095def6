"""A command in one line: everything it carries is said, in words, in both languages; and what takes it back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from desktop.command.taking_back import INSTEAD, NotBack, OwnOrders
from desktop.command.told import LONGEST, told
from desktop.command.verbs import BY_ACTION, ORDERS
from desktop.dispatch.filling import Filling
from desktop.orders import Outcome, Pending
from governance.commands import (
    WORD_OF,
    AddAssist,
    Approve,
    Ask,
    Command,
    Correct,
    Dispatch,
    Edit,
    EmergencyReport,
    File,
    MakeReport,
    Merge,
    NotifyOut,
    RaiseLevel,
    Reassign,
    Recall,
    Recipient,
    Reject,
    ReleaseAssist,
    ReportLeader,
    SendCheck,
    SendFeedback,
    SetSeverity,
    Source,
    Supervise,
    Urge,
)
from governance.incident import ApprovalKind, Severity, State, SupervisionGrade, Urgency
from governance.places import LonLat
from governance.refusal import Refused
from tests.fakes.seats import a_seat, first
from tests.fakes.situations import NOW

ONE, TWO = Recipient(uuid4(), "李建国"), Recipient(uuid4(), "王芳")
CASE = first(a_seat(), "filed")
OTHER = first(a_seat(), "reported")
PLACE = LonLat(120.2, 30.2)

SAID: list[tuple[Command, str, str, tuple[str, ...]]] = [
    (Dispatch(ONE, (TWO,), "带检测仪", "就近"), "派单", "dispatch", ("李建国", "王芳", "带检测仪", "就近")),
    (Reassign(ONE, "换人", ""), "改派", "reassign", ("李建国", "换人")),
    (AddAssist(TWO, "带梯子"), "增派协办", "assist", ("王芳", "带梯子")),
    (ReleaseAssist(TWO, "另有任务"), "解除协办", "release", ("王芳", "另有任务")),
    (Recall("太远了"), "撤回", "recall", ("太远了",)),
    (RaiseLevel("没有人"), "提级", "raise", ("没有人",)),
    (File("01.01", Urgency.IMMEDIATE, "漏气"), "受理", "file", ("漏气",)),
    (Reject("untrue", "查无此事"), "不予受理", "reject", ("查无此事",)),
    (SetSeverity(Severity.II, "人多"), "定级", "severity", ("人多",)),
    (Supervise(SupervisionGrade.RED, "拖太久"), "督办", "supervise", ("拖太久",)),
    (NotifyOut("gas", "张工", "R-12", "已派抢修"), "联动通报", "notify", ("张工", "R-12", "已派抢修")),
    (Ask(ApprovalKind.SUSPEND_DEFER, "等配件", NOW + timedelta(days=3)), "缓办", "defer", ("等配件", "11-25")),
    (Ask(ApprovalKind.VOID, "录错了"), "作废", "void", ("录错了",)),
    (Merge((Source(OTHER.incident.id, 1),), "同一件"), "合并", "merge", (OTHER.incident.number, "同一件")),
    (Edit("title", "", "新标题"), "修改", "edit", ("新标题",)),
    (Correct("选错了", category="01.01"), "更正", "correct", ("选错了",)),
    (EmergencyReport("first", "已到场"), "首报", "first report", ("已到场",)),
    (Urge("快去"), "催办", "urge", ("快去",)),
    (ReportLeader("三人已撤离", "老周"), "报告领导", "tell leader", ("三人已撤离", "老周")),
    (SendCheck(), "核查", "check", ()),
    (MakeReport("路灯不亮", PLACE), "上报", "report", ("路灯不亮",)),
]


@pytest.mark.parametrize(("command", "zh", "en", "parts"), SAID, ids=[zh for _, zh, _, _ in SAID])
def test_a_command_is_told_whole(command: Command, zh: str, en: str, parts: tuple[str, ...]) -> None:
    about = None if isinstance(command, MakeReport) else CASE.incident.id
    for language, name in (("zh", zh), ("en", en)):
        said = told(a_seat(language), command, about)
        assert said.startswith(name)
        for part in (*parts, *(() if about is None else (CASE.incident.number,))):
            assert part in said, said
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-|None|\b(?:suspend_|citizen|desk\b)|<|\{", said), said
        assert "\n" not in said


def test_closed_kinds_are_told_in_words() -> None:
    zh, en = a_seat(), a_seat("en")
    assert "Ⅱ级" in told(zh, SetSeverity(Severity.II, "x"), CASE.incident.id)
    assert "红牌" in told(zh, Supervise(SupervisionGrade.RED, "x"), CASE.incident.id)
    assert "red" in told(en, Supervise(SupervisionGrade.RED, "x"), CASE.incident.id)
    assert "燃气" in told(zh, NotifyOut("gas", "x"), CASE.incident.id)
    assert "不实" in told(zh, Reject("untrue", "x"), CASE.incident.id)
    assert "特急" in told(zh, File("01.01", Urgency.IMMEDIATE), CASE.incident.id)
    assert "2小时" in told(zh, Ask(ApprovalKind.EXTEND, "下雨", extend_s=7200.0), CASE.incident.id)
    assert "5星" in told(zh, SendFeedback("满意", satisfaction=5), CASE.incident.id)
    assert "120.2" in told(zh, Correct("错", place=PLACE), CASE.incident.id)
    assert "Gas leak" in told(en, File("01.01"), CASE.incident.id)


def test_a_long_text_is_cut_where_it_is_told() -> None:
    said = told(a_seat(), Recall("长" * 5000), CASE.incident.id)
    assert len(said) < LONGEST + 80
    assert said.endswith("…")


def test_an_incident_that_is_not_here_is_left_out() -> None:
    assert told(a_seat(), Recall("x"), uuid4()).startswith("撤回 ·")


# ---- taking back ---------------------------------------------------------------------------------------------------


def outcome(command: Command, incident: UUID | None, refused: Refused | None = None) -> Outcome:
    """How an order ended."""
    return Outcome(Pending(uuid4(), command, incident, 1, NOW), refused, incident)


def own(*commands: Command) -> OwnOrders:
    """Orders that were carried out, one after the other."""
    made = OwnOrders()
    for command in commands:
        made.ended(outcome(command, CASE.incident.id))
    return made


CASES = {CASE.incident.id: CASE}


@pytest.mark.parametrize(
    ("command", "back"),
    [
        (Dispatch(ONE), Filling("recall", CASE.incident.id, reason="错")),
        (Reassign(ONE, "换"), Filling("recall", CASE.incident.id, reason="错")),
        (Supervise(SupervisionGrade.RED, "x"), Filling("close_supervision", CASE.incident.id, reason="错")),
        (Merge((Source(OTHER.incident.id, 1),)), Filling("unmerge", OTHER.incident.id, reason="错")),
        (Merge((Source(OTHER.incident.id, 1), Source(uuid4(), 1))), NotBack("merge", "")),
        (RaiseLevel("x"), NotBack("raise_level", "lower_level")),
        (Recall("x"), NotBack("recall", "dispatch")),
        (NotifyOut("119", "x"), NotBack("notify_out", "")),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_takes_the_last_order_back(command: Command, back: Filling | NotBack) -> None:
    assert own(RaiseLevel("before"), command).take_back(CASES, "错") == back


@pytest.mark.parametrize("command", [Ask(ApprovalKind.SUSPEND_DEFER, "等"), Approve(uuid4())], ids=["asked", "granted"])
def test_a_pause_is_taken_back_once_it_is_granted(command: Command) -> None:
    paused = replace(CASE, incident=replace(CASE.incident, state=State.SUSPENDED))
    assert own(command).take_back(CASES, "") == NotBack(WORD_OF[type(command)], "")
    assert own(command).take_back({CASE.incident.id: paused}, "错") == Filling("resume", CASE.incident.id, reason="错")


def test_a_refused_order_did_nothing_to_take_back() -> None:
    made = own()
    made.ended(outcome(Dispatch(ONE), CASE.incident.id, Refused("not_your_area")))
    assert made.take_back(CASES, "") == NotBack()


def test_what_can_be_done_instead_is_a_verb() -> None:
    assert set(INSTEAD) | set(INSTEAD.values()) <= set(BY_ACTION)
    assert not [verb for verb in ORDERS if verb.back and verb.action in INSTEAD]
