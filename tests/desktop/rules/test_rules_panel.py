"""The rules on the desk: an administrator reads, writes a draft by keys, hears what is wrong in its cell, loads it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from desktop.rules.cell_view import within
from governance.people import Officer
from governance.refusal import Refused
from tests.desktop.rules import made_up
from tests.desktop.rules.desks import AUDITOR, Opened, answer, asked, check, rules, write, wrong
from tests.desktop.rules.made_up import CHANGED
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from wire.rules_requests import CheckRules, LoadRules, ReadRules, RulesLoaded


def test_an_administrators_desk_is_the_rules_and_nothing_of_incidents(opened: Opened) -> None:
    desk = opened()
    view = rules(desk).view
    assert view.isVisible()
    hidden = (desk.board, desk.map, desk.card, desk.alarms.strip, *desk.top.of_incidents(), *desk.status.of_incidents())
    assert [part for part in hidden if part.isVisible()] == []
    assert view.geometry() == desk.window.splitter.geometry()
    for name in ("new", "next", "handover", "indicators", "find", "panel_board", "roll_call"):
        assert desk.window.why_not(name) == desk.seat.words("refused.no_incidents_here")
        refused = desk.window.act(name)
        assert refused is not None
        assert refused.code == "no_incidents_here"
    desk.window.act("back")
    desk.window.act("back")
    assert view.isVisible()


def test_the_arrows_move_from_cell_to_cell_and_enter_opens_one(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    cells = rules(desk).view.cells
    assert cells.hasFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(cells, key)
    assert (cells.currentIndex().row(), cells.currentIndex().column()) == (1, 1)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_is_shown_in_words(opened: Opened, language: str) -> None:
    desk = opened(language=language)
    view, words = rules(desk).view, desk.seat.words
    shown = {}
    for part, button in view.tabs.items():
        button.click()
        table = view.table
        rows = range(table.rowCount())
        shown[part] = [str(table.index(row, n).data()) for row in rows for n in range(table.columnCount())]
        heads = [table.headerData(n, Qt.Orientation.Horizontal) for n in range(table.columnCount())]
        assert all(heads)
    assert words("rules.time_unit.work_hour") in shown["limits"]
    assert "区中心 C1" in shown["duties"]
    assert words("rules.day.rest") in shown["calendar"]
    assert words("rules.check_mode.photo") in shown["root"]
    assert words("rules.column.sample_percent") in shown["settings"]
    assert "08:30-12:00, 13:30-17:30" in shown["settings"]


def test_a_cell_that_is_written_is_a_draft_that_is_kept_and_checked(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    assert asked(desk, CheckRules) == []
    request = check(qtbot, desk, made_up.checked(lines=(CHANGED,)))
    (file,) = request.files
    assert file.name == "limits.csv"
    assert file.content.decode("utf-8-sig").splitlines()[1].startswith(",,intake,normal,20,minute,")
    side, words = rules(desk).view.side, desk.seat.words
    assert side.state.text() == words("rules.check.differs", base=1, count=1)
    assert side.lines.item(0).text() == "时限 （全部） · （全区） · 受理 · 一般：15 分钟 → 20 分钟"
    cells = rules(desk).view.cells
    assert cells.model().index(0, 4).data() == "• 20"
    rules(desk).keep()
    again = opened()
    assert rules(again).view.table.index(0, 4).data() == "• 20"
    assert rules(again).view.versions.item(0).text().startswith(words("rules.draft", base=1))


def test_a_cell_as_it_was_before_is_no_draft_any_more(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    write(qtbot, desk, 0, 4, "15")
    rules(desk).keep()
    assert rules(desk).draft is not None
    assert rules(desk).draft.changed == {}
    assert rules(opened()).draft is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_wrong_stands_in_its_cell_and_leads_there(qtbot: QtBot, opened: Opened, language: str) -> None:
    desk = opened(language=language)
    words = desk.seat.words
    write(qtbot, desk, 0, 4, "0")
    found = wrong(("limits", 0, "amount"), "not_more_than", field="amount", least="0", value="0")
    other = wrong(
        ("settings", "sample_percent"),
        "out_of_range",
        "settings.toml",
        field="sample_percent",
        least="0",
        most="100",
        value="700",
    )
    check(qtbot, desk, made_up.checked(found, other))
    view = rules(desk).view
    assert view.table.index(0, 4).data() == "✕ 0"
    assert view.note.isVisible()
    assert words("rules.column.amount") in view.note.text()
    assert view.note.text() in view.table.index(0, 4).data(Qt.ItemDataRole.ToolTipRole)
    assert view.side.lines.count() == 2
    assert not view.side.load.isEnabled()
    view.side.going.emit(other)
    assert (rules(desk).part, view.cells.currentIndex().data()) == ("settings", "✕ 100")
    desk.window.act("send")
    assert view.side.said.text() == words("refused.rules_wrong", count=2)
    assert asked(desk, LoadRules) == []


def loadable(qtbot: QtBot, opened: Opened) -> FakeDesk:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    check(qtbot, desk, made_up.checked(lines=(CHANGED,)))
    return desk


def test_a_draft_is_loaded_at_the_second_ctrl_enter_and_then_shown_as_a_version(qtbot: QtBot, opened: Opened) -> None:
    desk = loadable(qtbot, opened)
    view, words = rules(desk).view, desk.seat.words
    qtbot.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked(desk, LoadRules) == []
    assert view.side.load.text() == words("rules.confirm", day=words("rules.day.today"), count=1)
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert view.side.load.text() == words("rules.load", day=words("rules.day.today"), count=1)
    for _ in range(2):
        qtbot.keyClick(desk.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (wish,) = asked(desk, LoadRules)
    assert isinstance(wish.request, LoadRules)
    assert (wish.request.day, wish.request.newest, [file.name for file in wish.request.files]) == ("", 1, ["limits.csv"])
    desk.window.act("send")
    assert len(asked(desk, LoadRules)) == 1
    answer(desk, LoadRules, RulesLoaded(0, 2, situations.NOW))
    answer(desk, ReadRules, made_up.read(2, 2))
    assert (rules(desk).draft, rules(desk).shown) == (None, 2)
    assert view.side.said.text() == words("rules.loaded", version=2, since="2026-11-22 14:32")
    assert rules(opened()).draft is None


def test_a_day_is_typed_checked_and_refused_beside_its_field(qtbot: QtBot, opened: Opened) -> None:
    desk = loadable(qtbot, opened)
    side = rules(desk).view.side
    side.day.setFocus()
    qtbot.keyClicks(side.day, "2020-01-01")
    qtbot.waitUntil(lambda: asked(desk, CheckRules)[-1].request.day == "2020-01-01", timeout=5000)
    answer(desk, CheckRules, None, Refused("day_past", "day", day="2020-01-01"))
    assert side.said.text() == desk.seat.words("refused.day_past", day="2020-01-01")
    assert side.day.property("refused") is True
    assert not side.load.isEnabled()
    side.day.selectAll()
    qtbot.keyClicks(side.day, "2026-12-01")
    qtbot.waitUntil(lambda: asked(desk, CheckRules)[-1].request.day == "2026-12-01", timeout=5000)
    answer(desk, CheckRules, made_up.checked(lines=(CHANGED,)))
    assert (side.day.property("refused"), side.load.isEnabled()) == (False, True)
    assert "2026-12-01" in side.load.text()


def test_who_was_faster_is_said_and_the_draft_is_compared_anew(qtbot: QtBot, opened: Opened) -> None:
    desk = loadable(qtbot, opened)
    for _ in range(2):
        desk.window.act("send")
    details = {"version": "2", "who": "许岚", "at": situations.NOW.isoformat()}
    answer(desk, LoadRules, None, Refused("rules_changed", "version", **details))
    side = rules(desk).view.side
    assert side.said.text() == desk.seat.words("refused.rules_changed", version="2", who="许岚", at="14:32")
    answer(desk, ReadRules, made_up.read(2, 2))
    check(qtbot, desk, made_up.checked(lines=(CHANGED,), newest=2), 2)
    assert rules(desk).draft is not None
    for _ in range(2):
        desk.window.act("send")
    last = asked(desk, LoadRules)[-1].request
    assert isinstance(last, LoadRules)
    assert last.newest == 2


def test_a_version_loaded_meanwhile_is_told_of_at_the_next_check(qtbot: QtBot, opened: Opened) -> None:
    desk = loadable(qtbot, opened)
    write(qtbot, desk, 1, 4, "6")
    check(qtbot, desk, made_up.checked(lines=(CHANGED,), newest=2), 2)
    answer(desk, ReadRules, made_up.read(2, 2))
    assert rules(desk).view.side.said.text() == desk.seat.words("rules.newer", version=2, who="许岚")
    assert rules(desk).shown == 0


def test_lines_are_added_like_the_one_chosen_and_dropped(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    view = rules(desk).view
    count = view.table.rowCount()
    view.cells.setCurrentIndex(view.table.index(2, 0))
    qtbot.keyClick(view.cells, Qt.Key.Key_Insert)
    assert view.table.rowCount() == count + 1
    assert view.cells.currentIndex().row() == 3
    qtbot.keyClick(view.cells, Qt.Key.Key_Delete)
    assert view.table.rowCount() == count
    view.tabs["calendar"].click()
    qtbot.keyClick(view.cells, Qt.Key.Key_Delete)
    assert view.empty.text() == desk.seat.words("rules.empty.calendar")
    view.add.click()
    assert view.table.rowCount() == 1


def test_a_cell_with_few_words_offers_them(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    cells = rules(desk).view.cells
    cells.setCurrentIndex(cells.model().index(0, 5))
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    choice = cells.findChild(QComboBox)
    assert choice is not None
    assert [choice.itemText(n) for n in range(choice.count())][-2:] == ["分钟", "秒"]
    choice.setCurrentIndex(5)
    choice.activated.emit(5)
    qtbot.waitUntil(lambda: rules(desk).draft is not None)
    assert cells.model().index(0, 5).data() == "• 秒"


def test_the_escape_key_leaves_a_cell_as_it_was(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    cells = rules(desk).view.cells
    cells.setCurrentIndex(cells.model().index(0, 4))
    qtbot.keyClick(cells, Qt.Key.Key_Return)
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.setText("99")
    desk.window.act("back")
    assert (cells.model().index(0, 4).data(), rules(desk).draft) == ("15", None)


def test_the_table_has_the_keys_after_a_cell_was_written_and_pages_by_its_keys(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    cells = rules(desk).view.cells
    assert cells.hasFocus()
    assert cells.currentIndex().row() == 0
    qtbot.keyClick(desk.window, Qt.Key.Key_PageDown)
    assert cells.verticalScrollBar().value() > 0
    assert not desk.window.banner.isVisible()


def test_an_auditor_looks_at_limits_and_days_and_writes_nothing(qtbot: QtBot, opened: Opened) -> None:
    desk = opened(AUDITOR)
    view = rules(desk).view
    assert [part for part, button in view.tabs.items() if button.isVisible()] == ["limits", "calendar"]
    assert [part for part in (view.add, view.drop, view.bring, view.side.load, view.side.day) if part.isVisible()] == []
    assert not view.table.flags(view.table.index(0, 4)) & Qt.ItemFlag.ItemIsEditable
    assert view.side.about.text() == desk.seat.words("rules.readonly")
    desk.window.act("back")
    assert not view.isVisible()


@pytest.mark.parametrize("officer", [situations.OFFICER, situations.SHIFT_LEAD, situations.CHECKER], ids=lambda each: each.role)
def test_nobody_else_opens_them(opened: Opened, officer: Officer) -> None:
    desk = opened(officer, is_read=False)
    assert not rules(desk).view.isVisible()
    assert asked(desk, ReadRules) == []
    assert desk.window.why_not("rules")


def test_a_draft_is_discarded_at_the_second_press(qtbot: QtBot, opened: Opened) -> None:
    desk = opened()
    write(qtbot, desk, 0, 4, "20")
    discard = rules(desk).view.side.discard
    discard.click()
    assert rules(desk).draft is not None
    discard.click()
    assert rules(desk).draft is None
    assert rules(desk).view.table.index(0, 4).data() == "15"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("theme", ["night", "day"])
@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768)])
def test_everything_has_its_place(opened: Opened, language: str, theme: str, size: tuple[int, int]) -> None:
    desk = opened(language=language, theme=theme, width=size[0], height=size[1])
    QApplication.processEvents()
    view = rules(desk).view
    shown = [part for part in (*view.tabs.values(), view.add, view.drop, view.bring, view.export) if part.isVisible()]
    assert [part.text() for part in shown if part.width() < part.sizeHint().width()] == []
    assert view.rect().contains(view.side.geometry())
    assert view.cells.width() > 500


@pytest.mark.parametrize(
    ("wanted", "room", "given"),
    [
        ([200, 150, 80], 500, [200, 150, 80]),
        ([340, 300, 80], 600, [220, 300, 80]),
        ([340, 300, 80], 100, [150, 150, 80]),
    ],
)
def test_columns_of_long_names_give_and_the_last_stays_whole(wanted: list[int], room: int, given: list[int]) -> None:
    assert within(wanted, room) == given
