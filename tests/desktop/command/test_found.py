"""Ctrl+F on a real window: one list, the first chosen; Enter goes there, Esc leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.dispatch.report_form import ReportForm
from desktop.town_arrival import Town
from desktop.words import LANGUAGES
from gis_data.town.address_book import AddressBook
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.hands import press
from tests.fakes.situations import OFFICER, SHIFT_LEAD

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def search(qtbot: QtBot, desk: FakeDesk, text: str) -> None:
    """Ctrl+F and a text."""
    press(qtbot, desk, KEY.Key_F, CTRL)
    desk.window.finder.line.setText(text)


def test_enter_goes_to_the_first_found(qtbot: QtBot, desk: FakeDesk) -> None:
    wanted = desk.first("handling")
    search(qtbot, desk, wanted.incident.number[-4:])
    assert desk.window.finder.rows.entries[0].id == str(wanted.incident.id)
    press(qtbot, desk, KEY.Key_Return)
    assert not desk.window.finder.isVisible()
    assert desk.selection.incident == wanted.incident.id
    assert desk.map.asked[-1] == "go_to"
    assert desk.board.view.hasFocus()


def test_arrows_choose_and_a_worker_is_brought_to_the_middle(qtbot: QtBot, desk: FakeDesk) -> None:
    search(qtbot, desk, "李建国")
    entries = desk.window.finder.rows.entries
    at = next(n for n, entry in enumerate(entries) if entry.group == "workers")
    for _ in range(at):
        press(qtbot, desk, KEY.Key_Down)
    press(qtbot, desk, KEY.Key_Return)
    assert str(desk.selection.worker) == entries[at].id
    assert desk.map.asked[-1] == "go_to"


@pytest.mark.parametrize(("text", "asked"), [("景芳二区 7 号机", "go_to"), ("九堡街道", "go_to_area")])
def test_cameras_and_areas_are_gone_to(qtbot: QtBot, desk: FakeDesk, text: str, asked: str) -> None:
    search(qtbot, desk, text)
    press(qtbot, desk, KEY.Key_Return)
    assert desk.map.asked[-1] == asked
    assert (desk.selection.camera is not None) == (asked == "go_to")


def test_a_house_is_found_by_its_address_with_the_grid_it_lies_in(qtbot: QtBot, desk: FakeDesk) -> None:
    grid, house = desk.first("filed").incident.grid, LonLat(120.21, 30.27)
    town = Town(None, {}, {}, {"望江西路": LonLat(120.2, 30.27)}, AddressBook([("望江西路", "12", house)]))  # type: ignore[arg-type]
    desk.seat.places, desk.seat.place_named = town.places, town.place_named
    desk.seat.grid_at = lambda lon, lat: grid if (lon, lat) == (house.lon, house.lat) else ""
    search(qtbot, desk, "望江西路12号")
    name, note, entry = next(line for line in desk.window.finder.rows.lines if line[2] is not None)
    assert entry is not None
    assert (name, entry.place) == ("望江西路12号", house)
    assert note == desk.seat.place_line(grid, "")


def test_esc_leaves_everything_as_it_was(qtbot: QtBot, desk: FakeDesk) -> None:
    case = desk.choose("filed")
    press(qtbot, desk, KEY.Key_N)
    form = desk.card.form
    assert isinstance(form, ReportForm)
    qtbot.keyClicks(form.text, "smell of gas")
    before = desk.window.focusWidget()
    search(qtbot, desk, "景芳")
    press(qtbot, desk, KEY.Key_Down)
    press(qtbot, desk, KEY.Key_Escape)
    assert not desk.window.finder.isVisible()
    assert desk.window.focusWidget() is before
    assert desk.card.form is form
    assert form.text.toPlainText() == "smell of gas"
    assert desk.selection.incident == case.incident.id
    assert desk.map.asked == []


def test_letters_are_text_and_do_nothing_else(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    press(qtbot, desk, KEY.Key_F, CTRL)
    qtbot.keyClicks(desk.window.focusWidget(), "faecr")
    assert desk.window.finder.line.text() == "faecr"
    assert desk.card.form is None
    assert desk.window.finder.said.text() == desk.seat.words("find.none", text="faecr")


def test_before_anything_is_typed_it_says_what_can_be_looked_for(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F, CTRL)
    assert desk.window.finder.said.text() == desk.seat.words("find.empty")
    assert desk.window.finder.rows.entries == []
    press(qtbot, desk, KEY.Key_Return)
    assert desk.window.finder.isVisible()


def test_what_arrives_is_found_and_moves_nothing(qtbot: QtBot, desk: FakeDesk) -> None:
    search(qtbot, desk, "8777")
    assert desk.window.finder.rows.entries == []
    came = desk.arrive(777)
    desk.window.finder.line.setText("8777 ")
    assert [entry.name for entry in desk.window.finder.rows.entries] == [came.incident.number]
    assert desk.selection.incident is None


def test_the_command_line_finds_too_and_another_key_closes_the_list(qtbot: QtBot, desk: FakeDesk) -> None:
    press(qtbot, desk, KEY.Key_F2)
    desk.top.command.setText("找 燃气")
    press(qtbot, desk, KEY.Key_Return)
    assert desk.window.finder.isVisible()
    assert desk.window.finder.line.text() == "燃气"
    press(qtbot, desk, KEY.Key_F2)
    assert not desk.window.finder.isVisible()
    assert desk.top.command.hasFocus()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_list_fits_the_window(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], width: int, height: int, language: str
) -> None:
    desk = new_desk(width, height, language=language)
    for text in ("", "景芳", "2026", "1", "x" * 3000):
        search(qtbot, desk, text)
        assert desk.window.rect().contains(desk.window.finder.geometry()), text
        inside = desk.window.finder.rect()
        assert all(inside.contains(part.geometry()) for part in (desk.window.finder.line, desk.window.finder.said)), text


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("officer", [OFFICER, SHIFT_LEAD], ids=["duty officer", "shift lead"])
def test_the_sheet_of_keys_is_whole_at_every_size(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], width: int, height: int, language: str, officer: object
) -> None:
    desk = new_desk(width, height, language=language, officer=officer)
    for state in ("", "reported", "filed", "dispatched", "handling", "resolved", "checking", "closed"):
        if state:
            desk.choose(state)
        desk.window.act("keys")
        overlay = desk.window.overlay
        QApplication.sendPostedEvents()
        assert desk.window.rect().contains(overlay.geometry()), state
        for label in (*overlay.columns.values(), overlay.verbs):
            assert label.heightForWidth(label.width()) <= label.height() + 1, (state, label.text()[:60])
            assert label.geometry().bottom() <= overlay.height(), state
        desk.window.act("keys")
