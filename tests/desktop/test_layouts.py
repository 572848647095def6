"""Layouts: nothing is cut off at 1366x768 or 1920x1080, by day or night, in Chinese or English; sizes are kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from desktop.dispatch.candidate_list import CHIP_PX, CLOSE_TWO_PX, TWO_LINES_PX
from desktop.style.drawn_icon import FOLDER, drawing, has_icon
from tests.fakes.desks import FakeDesk

ROOT = Path(__file__).resolve().parents[2]
SIZES = [(1366, 768), (1920, 1080)]
LOOKS = [(language, theme) for language in ("zh", "en") for theme in ("night", "day")]


def settle(qtbot: QtBot) -> None:
    """Let Qt lay everything out."""
    for _ in range(5):
        QApplication.processEvents()


def cut_off(button: QAbstractButton) -> bool:
    """Whether a button's text and icon are wider than the button."""
    needed = button.fontMetrics().horizontalAdvance(button.text())
    if not button.icon().isNull():
        needed += button.iconSize().width() + 4
    option = QStyleOptionButton()
    option.initFrom(button)
    inside = button.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, button)
    return needed > inside.width() + 2


def cut_off_texts(desk: FakeDesk) -> list[str]:
    """The texts of every visible button that does not fit."""
    buttons = [b for b in desk.window.findChildren(QAbstractButton) if b.isVisible() and b.text()]
    return [button.text() for button in buttons if cut_off(button)]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_card_is_never_wider_than_its_place_and_its_first_line_is_whole(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str
) -> None:
    desk = new_desk(1366, 768, language=language)
    desk.card.scroller.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
    for incident, case in list(desk.situation.cases.items()):
        desk.situation.cases[incident] = replace(case, incident=replace(case.incident, number="QX01-20261125-0025"))
    for state in ("reported", "filed", "handling", "resolved", "closed"):
        desk.choose(state)
        settle(qtbot)
        head, scroller = desk.card.head, desk.card.scroller
        assert scroller.horizontalScrollBar().maximum() == 0, state
        parts = [part for part in (head.number, head.urgency, head.stage, head.left) if part.isVisible()]
        assert all(part.width() >= part.sizeHint().width() for part in parts), state
        assert head.number in parts
        assert head.left in parts
        assert head.left.mapTo(desk.card.scroller, head.left.rect().topRight()).x() < scroller.viewport().width(), state


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_no_button_is_cut_off(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], width: int, height: int, language: str, theme: str
) -> None:
    desk = new_desk(width, height, language=language, theme=theme)
    for state, action in (("filed", "assign"), ("reported", "file"), ("filed", "raise"), ("closed", "check"), ("filed", "new")):
        desk.choose(state)
        desk.window.act(action)
        settle(qtbot)
        assert cut_off_texts(desk) == [], action
        assert desk.card.scroller.widget().width() <= desk.card.scroller.viewport().width(), action
        desk.window.act("back")


@pytest.mark.parametrize(("size", "board", "card"), [((1366, 768), 300, 340), ((1920, 1080), 380, 440)])
def test_panels_have_the_widths_of_the_design(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], size: tuple[int, int], board: int, card: int
) -> None:
    desk = new_desk(*size)
    settle(qtbot)
    sizes = desk.window.splitter.sizes()
    assert abs(sizes[0] - board) <= 2
    assert abs(sizes[2] - card) <= 2
    assert (desk.top.height(), desk.status.height()) == (44, 24)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_candidates_why_is_not_lost_on_a_narrow_card(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str
) -> None:
    desk = new_desk(1366, 768, language=language)
    desk.choose("filed")
    settle(qtbot)
    assert desk.card.assign is not None
    offers = desk.card.assign.list
    long = desk.seat.words("sep").join(("850 m", "~4 min", "free", "water repairs", "next grid", "no answer"))
    offers.show_offers(tuple(replace(offer, why=long) for offer in offers.offers), 0)
    settle(qtbot)
    assert offers.height() >= sum(offers.heights())
    for offer, height in zip(offers.offers, offers.heights(), strict=True):
        if height not in (TWO_LINES_PX, CLOSE_TWO_PX):
            assert offers._needed(offer) <= offers.width() - 12
            continue
        room, sep = offers.width() - CHIP_PX - 22, desk.seat.words("sep")
        first, last = offers.why_lines(offer, room)
        assert sep.join(part for part in (first, last) if part) == offer.why
        assert offers._bold_measure.horizontalAdvance(offer.name) + 8 + offers._small_measure.horizontalAdvance(first) <= room
        assert offers._small_measure.horizontalAdvance(last) <= room


def test_sizes_and_hidden_panels_come_back(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.splitter.setSizes([500, 900, 518])
    desk.window.act("panel_card")
    desk.window.put_away()
    again = new_desk()
    settle(qtbot)
    assert again.card.isHidden()
    assert abs(again.window.splitter.sizes()[0] - 500) <= 3


def test_a_damaged_layout_is_set_aside_and_the_desk_starts(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.put_away()
    kept = next(desk.folder.home.rglob("layout.json"))
    kept.write_text('{"1920": {"sizes": [1, 2', encoding="utf-8")
    again = new_desk()
    settle(qtbot)
    assert abs(again.window.splitter.sizes()[0] - 380) <= 2
    assert again.folder.set_aside
    assert kept.with_suffix(".unreadable").exists()


def test_a_layout_of_another_screen_is_not_forced_on_this_one(qtbot: QtBot, new_desk: Callable[..., FakeDesk]) -> None:
    desk = new_desk()
    desk.window.put_away()
    kept = next(desk.folder.home.rglob("layout.json"))
    kept.write_text(json.dumps({"1366": {"sizes": [9000, 10, 10], "hidden": ["board", "map", "card"]}}), encoding="utf-8")
    again = new_desk(1366, 768)
    settle(qtbot)
    assert abs(again.window.splitter.sizes()[0] - 300) <= 2
    assert not again.board.isHidden()


def test_language_and_theme_change_everything_at_once(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.choose("filed")
    desk.window.act("new")
    form = desk.card.form
    assert form is not None
    form.text.setPlainText("kept")  # type: ignore[attr-defined]
    desk.window.act("language")
    assert desk.top.name.text() == "Gridwarden"
    assert desk.board.tabs.buttons["intake"].text().startswith("Intake")
    assert desk.card.form is not None
    assert desk.card.form.title.text().startswith("New report")
    assert desk.card.form.text.toPlainText() == "kept"  # type: ignore[attr-defined]
    desk.window.act("theme")
    assert desk.seat.palette.name == "day"
    desk.window.act("language")
    assert desk.top.name.text() == "网格指挥"


@pytest.mark.parametrize("length", [10, 3000])
def test_a_very_long_text_does_not_push_the_actions_off(qtbot: QtBot, new_desk: Callable[..., FakeDesk], length: int) -> None:
    desk = new_desk(1366, 768)
    case = desk.first("filed")
    long = replace(case.incident, text="很长的经过" * (length // 5), title="标题" * 60, place_text="地址" * 80)
    desk.situation.cases[case.incident.id] = replace(case, incident=long)
    desk.selection.choose_incident(case.incident.id)
    settle(qtbot)
    assert desk.card.scroller.widget().width() <= desk.card.scroller.viewport().width()
    bar = desk.card.action_bar
    assert bar.mapTo(desk.window, bar.rect().bottomLeft()).y() <= desk.window.height()


def test_every_category_has_a_drawing_of_its_own(qapp: QApplication) -> None:
    catalogue = tomllib.loads((ROOT / "governance" / "categories.toml").read_text("utf-8"))
    leaves = [leaf["icon"] for root in catalogue["root"] for leaf in root.get("leaf", [])]
    roots = [root["icon"] for root in catalogue["root"]]
    assert [name for name in (*roots, *leaves) if not has_icon(name)] == []
    assert len(roots) == len(set(roots)) == 10
    pictures = {bytes(drawing(name, "#FFFFFF", 24).toImage().constBits()) for name in roots}
    assert len(pictures) == 10


def test_all_drawings_share_one_stroke() -> None:
    files = list(FOLDER.glob("*.svg"))
    assert len(files) > 40
    assert all('stroke-width="1.8"' in path.read_text("utf-8") and "currentColor" in path.read_text("utf-8") for path in files)


def test_a_drag_of_a_border_is_written_once_when_it_rests(qtbot: QtBot, desk: FakeDesk) -> None:
    settle(qtbot)
    for px in range(100):
        desk.window.splitter.setSizes([400 + px, 900, 518])
        desk.window.splitter.splitterMoved.emit(400 + px, 1)
        assert not list(desk.folder.home.rglob("layout.json"))
    qtbot.waitUntil(lambda: bool(list(desk.folder.home.rglob("layout.json"))))
