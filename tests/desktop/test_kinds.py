"""Which kind of incident: found in either language, suggested by the words of a report, and said to be a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import governance
from desktop.dispatch.category_clues import CLUES, suggestion
from desktop.dispatch.fields import CategoryField
from desktop.dispatch.triage_form import TriageForm
from governance.commands import File
from governance.incident import Case
from governance.rules import Rules
from governance.seed_rules import rules_from_toml
from tests.fakes.desks import FakeDesk

TEXT = (Path(governance.__file__).parent / "categories.toml").read_text("utf-8")


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(1, rules_from_toml(TEXT)[0])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("typed", ["燃气", "rqxl", "RQXL", "01.01", "gas leak", "Gas Leak", "gas"])
def test_a_kind_is_found_by_any_of_its_names_in_either_language(
    new_desk: Callable[..., FakeDesk], language: str, typed: str
) -> None:
    field = CategoryField(new_desk(language=language).seat)
    field.setText(typed)
    assert field.code == "01.01"


def test_a_draft_written_in_one_language_is_understood_in_the_other(new_desk: Callable[..., FakeDesk]) -> None:
    written = CategoryField(new_desk(language="zh").seat)
    written.choose("05.01")
    read = CategoryField(new_desk(language="en").seat)
    read.setText(written.text())
    assert read.code == "05.01"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("楼道里煤气味很重", "09.01"),
        ("闻到燃气味，请派人", "09.01"),
        ("There is a strong smell of gas in the stairwell", "09.01"),
        ("三楼着火，有浓烟", "09.02"),
        ("消防通道被电动车堵塞", "09.03"),
        ("The fire lane is blocked by e-bikes", "09.03"),
        ("有人被困电梯", "06.04"),
        ("路灯不亮三天了", "06.02"),
        ("人行道上井盖没了，窨井敞着", "09.04"),
        ("夜间施工噪音太吵", "03.06"),
        ("路口两车追尾", "09.07"),
        ("有人昏迷倒在公园", "05.04"),
        ("有人持刀伤人", "07.05"),
        ("有事请来看看", ""),
        ("Las Vegas", ""),
        ("", ""),
    ],
)
def test_the_words_of_a_report_speak_for_a_kind(rules: Rules, text: str, code: str) -> None:
    found = suggestion(rules, text)
    assert (found.code if found else "") == code


def test_every_clue_belongs_to_a_kind_and_every_kind_has_clues(rules: Rules) -> None:
    assert set(CLUES) == {category.name_zh for category in rules.categories.values() if category.is_leaf}
    assert all(clue == clue.lower() for clues in CLUES.values() for clue in clues)


def without_kind(desk: FakeDesk, text: str) -> Case:
    """A selected report whose sender named no kind."""
    case = desk.choose("reported")
    bare = replace(case.incident, category="", title="", text=text, version=case.incident.version + 1)
    changed = replace(case, incident=bare, reports=tuple(replace(report, text=text) for report in case.reports))
    desk.change(case, changed)
    return changed


def test_the_form_stands_on_the_suggestion_says_so_and_files_it(desk: FakeDesk) -> None:
    without_kind(desk, "楼道里煤气味很重")
    desk.window.act("file")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    assert form.category.code == "01.01"
    assert form.suggestion.isVisibleTo(form)
    assert "煤气味" in form.suggestion.text()
    form.category.choose("08.01")
    assert not form.suggestion.isVisibleTo(form)
    form.category.choose("01.01")
    desk.window.act("send")
    command = desk.sent[-1].command
    assert isinstance(command, File)
    assert command.category == "01.01"


def test_a_report_that_names_its_kind_gets_no_suggestion(desk: FakeDesk) -> None:
    desk.choose("reported")
    desk.window.act("file")
    form = desk.card.form
    assert isinstance(form, TriageForm)
    assert form.suggested is None
    assert not form.suggestion.isVisibleTo(form)


def test_the_card_says_a_text_once(desk: FakeDesk) -> None:
    without_kind(desk, "楼道里煤气味很重")
    assert desk.card.head.title.text() == "楼道里煤气味很重"
    assert not desk.card.head.text.isVisibleTo(desk.card.head)
    without_kind(desk, "楼道里煤气味很重，三户居民已经下楼，孕妇一名，请带检测仪和警戒带尽快过来")
    assert desk.card.head.text.isVisibleTo(desk.card.head)
