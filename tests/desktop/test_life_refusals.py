"""Forms of the whole life: what they offer and refuse, what was typed that is never lost, keys that do nothing now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from desktop.dispatch.actions import ACTIONS, said_as
from desktop.dispatch.amend_form import EditForm
from desktop.dispatch.asking_form import AskForm
from desktop.dispatch.filling import Filling
from desktop.dispatch.outside_form import NotifyForm
from desktop.dispatch.triage_form import TriageForm
from governance import commands as c
from governance.incident import (
    State,
    Urgency,
)
from governance.lifecycle import after
from governance.refusal import Refused
from tests.desktop.test_life_by_keys import type_keys
from tests.desktop.test_life_forms import chosen
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import NOW, OFFICER, SHIFT_LEAD


def test_a_request_offers_only_what_is_legal_and_says_why_not_the_rest(desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("ask")
    form = desk.card.form
    assert isinstance(form, AskForm)
    assert set(form.named["kind"].values) == {"suspend_defer", "suspend_list", "void"}  # type: ignore[union-attr]
    for kind in ("return", "extend", "close_special"):
        assert desk.seat.words(f"approval.{kind}") in form.not_now.text()


def test_an_edit_somebody_else_made_first_is_never_lost(desk: FakeDesk) -> None:
    case = chosen(desk, "handling", title="旧标题")
    desk.card.forms.open_filled(Filling("edit"), case)
    form = desk.card.form
    assert isinstance(form, EditForm)
    form.named["value"].setText("我的标题")  # type: ignore[union-attr]
    desk.window.act("send")
    assert desk.sent[-1].command == c.Edit("title", "旧标题", "我的标题")
    newer = after(case, c.Edit("title", "旧标题", "他的标题"), replace(OFFICER, name="许岚"), desk.situation.rules, NOW)
    desk.change(case, newer)
    desk.refuse(desk.sent[-1], Refused("field_changed", "title", value="他的标题", who="许岚"))
    assert "许岚" in form.said.text()
    assert "他的标题" in form.stood.text()
    assert form.text("value") == "我的标题"
    desk.window.act("send")
    assert desk.sent[-1].command == c.Edit("title", "他的标题", "我的标题")


@pytest.mark.parametrize(
    ("action", "officer", "name"),
    [
        ("supervise", SHIFT_LEAD, "reason"),
        ("severity", OFFICER, "reason"),
        ("tell", OFFICER, "note"),
        ("ask", OFFICER, "reason"),
    ],
)
def test_what_was_typed_comes_back_after_esc(
    new_desk: Callable[..., FakeDesk], action: str, officer: object, name: str
) -> None:
    desk = new_desk(officer=officer)
    desk.choose("handling")
    desk.window.act(action)
    form = desk.card.form
    form.named[name].setPlainText("写到一半")  # type: ignore[union-attr]
    desk.window.act("back")
    assert desk.card.form is None
    desk.window.act(action)
    assert desk.card.form.text(name) == "写到一半"  # type: ignore[union-attr]


def test_a_form_left_as_it_came_leaves_no_draft(desk: FakeDesk) -> None:
    desk.choose("handling")
    for action in ("ask", "severity", "tell", "amend"):
        desk.window.act(action)
        assert desk.card.form is not None
        desk.window.act("back")
    assert desk.card._drafts.names() == []


@pytest.mark.parametrize(
    ("changed", "code", "asks_reason"),
    [
        ({"verify": True}, "because.not_verified", True),
        ({"outside": ("119",)}, "refused.outside_first", False),
        ({}, "", False),
    ],
)
def test_what_the_rules_ask_for_first_is_said_before_filing(
    desk: FakeDesk, changed: dict[str, object], code: str, asks_reason: bool
) -> None:
    category = desk.situation.rules.categories["03.01"]
    desk.situation.rules.categories["03.01"] = replace(category, **changed)  # type: ignore[arg-type]
    case = chosen(desk, "reported", category="03.01", urgency=Urgency.NORMAL)
    desk.window.act("file")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    assert form.first.isVisibleTo(form) is bool(code)
    assert desk.seat.words(code, to="119") in form.first.text() if code else not form.first.text()
    assert form.reason.isVisibleTo(form) is asks_reason
    if asks_reason:
        form.reason.setText("来电人就在现场")
        assert form.reason.isVisibleTo(form)
        desk.window.act("send")
        assert desk.commit(desk.sent[-1]).incident.state is State.FILED
    assert case.incident.category == "03.01"


def test_who_is_to_be_told_first_is_told_on_the_way_and_filing_goes_on(qtbot: QtBot, desk: FakeDesk) -> None:
    category = desk.situation.rules.categories["03.01"]
    desk.situation.rules.categories["03.01"] = replace(category, outside=("119",))
    chosen(desk, "reported", category="03.01", urgency=Urgency.NORMAL)
    type_keys(qtbot, desk, "F Send")
    form = desk.card.form
    assert isinstance(form, NotifyForm)
    assert (form.text("target"), desk.sent) == ("119", [])
    type_keys(qtbot, desk, ":Zhao Send")
    desk.commit(desk.sent[-1])
    qtbot.waitUntil(lambda: isinstance(desk.card.form, TriageForm))
    type_keys(qtbot, desk, "Send")
    assert desk.commit(desk.sent[-1]).incident.state is State.FILED


def test_what_is_told_without_filing_says_that_filing_comes_next_and_takes_no_keys(qtbot: QtBot, desk: FakeDesk) -> None:
    chosen(desk, "reported", category="03.01", urgency=Urgency.NORMAL)
    type_keys(qtbot, desk, "O :Zhao Send")
    desk.commit(desk.sent[-1])
    qtbot.waitUntil(lambda: desk.seat.words("card.next_step", action="受理", key="F") == desk.card.notice.text())
    assert desk.card.form is None


def test_esc_on_the_way_leaves_nothing_waiting(qtbot: QtBot, desk: FakeDesk) -> None:
    category = desk.situation.rules.categories["03.01"]
    desk.situation.rules.categories["03.01"] = replace(category, outside=("119",))
    chosen(desk, "reported", category="03.01", urgency=Urgency.NORMAL)
    type_keys(qtbot, desk, "F Send Esc O :Zhao Send")
    desk.commit(desk.sent[-1])
    qtbot.waitUntil(lambda: desk.seat.words("card.next_step", action="受理", key="F") == desk.card.notice.text())
    assert desk.card.form is None


@pytest.mark.parametrize("key", ["Y", "Q", "S", "X", "O", "P", "Z"])
def test_a_key_that_does_nothing_now_says_why(qtbot: QtBot, desk: FakeDesk, key: str) -> None:
    chosen(desk, "closed", state=State.ARCHIVED)
    type_keys(qtbot, desk, key)
    assert desk.card.form is None
    assert desk.card.notice.isVisible()
    name = next(action.name for action in ACTIONS if action.key == key)
    said = desk.seat.words(said_as(name, desk.card.case, desk.seat.officer))
    assert said in desk.card.notice.text()
    assert len(desk.card.notice.text()) > len(said) + 3
