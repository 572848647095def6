"""From a line to the command its form makes: every argument that was said arrives, whichever form the action has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from desktop.dispatch.form import Form
from governance.commands import WORD_OF
from governance.incident import Severity, SupervisionGrade, Urgency
from governance.people import Duty, Officer
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER, NOW, OFFICER, SHIFT_LEAD

IN_THREE_DAYS = NOW.replace(second=0) + timedelta(days=3)
# state, officer, line with {n} for the number, command's word, what it carries
LINES: list[tuple[str, Officer, str, str, dict[str, object]]] = [
    ("reported", OFFICER, "sl rqxl {n}", "file", {"category": "01.01"}),
    ("reported", OFFICER, "不予受理 不实 {n} 查无此事", "reject", {"reason_code": "untrue", "reason": "查无此事"}),
    ("filed", OFFICER, "提级 {n}：没人", "raise_level", {"reason": "没人"}),
    ("filed", OFFICER, "下派 {n}：社区能办", "lower_level", {"reason": "社区能办"}),
    ("dispatched", OFFICER, "撤回 {n}：太远", "recall", {"reason": "太远"}),
    ("filed", OFFICER, "定级 2 {n}：人多", "set_severity", {"severity": Severity.II, "reason": "人多"}),
    ("filed", SHIFT_LEAD, "督办 红牌 {n}：拖太久", "supervise", {"grade": SupervisionGrade.RED, "reason": "拖太久"}),
    (
        "filed",
        OFFICER,
        "缓办 3天 {n}：等配件",
        "request",
        {"reason": "等配件", "until": IN_THREE_DAYS},
    ),
    ("filed", OFFICER, "作废 {n}：录错了", "request", {"reason": "录错了"}),
    ("filed", OFFICER, "移交 公安 {n}：治安警情", "transfer_out", {"reason": "治安警情"}),
    ("filed", OFFICER, "更正 rqxl {n}：选错了", "correct", {"category": "01.01", "reason": "选错了"}),
    ("filed", OFFICER, "xg {n} 标题=新标题", "edit", {"field": "title", "value": "新标题"}),
    ("checking", CHECKER, "返工 {n}：还在漏", "check_fail", {"reason": "还在漏"}),
    ("resolved", OFFICER, "核查 {n}", "send_check", {}),
    ("closed", OFFICER, "回访 5星 {n}：很满意", "feedback", {"text": "很满意", "satisfaction": 5}),
    ("closed", SHIFT_LEAD, "重办 {n}：又漏了", "reopen", {"reason": "又漏了"}),
]


@pytest.mark.parametrize(("state", "officer", "line", "word", "carried"), LINES, ids=[line for _, _, line, _, _ in LINES])
def test_what_was_said_arrives_in_the_command(
    qtbot: QtBot,
    new_desk: Callable[..., FakeDesk],
    state: str,
    officer: Officer,
    line: str,
    word: str,
    carried: dict[str, object],
) -> None:
    desk = new_desk(officer=officer)
    case = desk.first(state)
    desk.top.command.entered.emit(line.format(n=case.incident.number[-4:]))
    form = desk.card.open_form
    assert isinstance(form, Form), desk.top.answer.said
    assert desk.sent == []
    for name in ("receipt", "person"):
        field = form.refused_fields.get(name)
        if field is not None:
            field.setText("张工")  # type: ignore[attr-defined]
    command = form.command()
    assert WORD_OF[type(command)] == word
    for name, value in carried.items():
        assert getattr(command, name) == value, name


def test_a_merge_names_its_master_last(qtbot: QtBot, desk: FakeDesk) -> None:
    cases = [case for case in desk.situation.cases.values() if case.incident.state == "filed"]
    one, master = cases[:2]
    desk.top.command.entered.emit(f"合并 {one.incident.number[-4:]} {master.incident.number[-4:]}：同一件")
    form = desk.card.open_form
    assert isinstance(form, Form), desk.top.answer.said
    command = form.command()
    assert form.incident == master.incident.id
    assert [source.incident for source in command.sources] == [one.incident.id]  # type: ignore[union-attr]
    assert desk.sent == []


def test_a_direct_order_goes_to_those_who_were_named(qtbot: QtBot, desk: FakeDesk) -> None:
    before = desk.first("filed")
    grave = replace(before.incident, urgency=Urgency.IMMEDIATE, version=before.incident.version + 1)
    desk.change(before, replace(before, incident=grave))
    names = [worker.name for worker in desk.situation.workers.people()]
    free = [w for w in desk.situation.workers.people() if w.duty is Duty.ON_DUTY and names.count(w.name) == 1][:2]
    desk.top.command.entered.emit(f"zd {free[0].name}+{free[1].name} {grave.number[-4:]}：先疏散")
    form = desk.card.open_form
    assert isinstance(form, Form), desk.top.answer.said
    assert WORD_OF[type(form.command())] == "direct_order"
    assert desk.sent == []
    told = desk.top.answer.toolTip()
    assert all(worker.name in told for worker in free), told
    assert "先疏散" in told
