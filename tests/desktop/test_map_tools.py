"""Going to places by coordinates, marked until Esc; views kept by name, had back after a restart and after a slip."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.bookmarks import BookmarksFile
from desktop.command.reading import read
from desktop.command.sentence import Sentence, Unfinished
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from governance.places import LonLat
from tests.fakes.desks import FakeDesk
from tests.fakes.small_town import corner
from wire.requests import TownManifest

KEY = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
HERE = corner(1.2, 0.8)
TYPED = f"{HERE.lon:.6f} {HERE.lat:.6f}"


@pytest.fixture
def new_panel(qtbot: QtBot, geometry: Geometry) -> Iterator[Callable[[FakeDesk], MapPanel]]:
    """Makes plain maps of the town over a desk's situation."""
    made: list[MapPanel] = []

    def make(desk: FakeDesk) -> MapPanel:
        panel = MapPanel(desk.seat, PlainCanvas)
        made.append(panel)
        qtbot.addWidget(panel)
        panel.resize(900, 600)
        panel.show()
        qtbot.waitExposed(panel)
        panel.activateWindow()
        panel.show_town(geometry, "© somebody")
        return panel

    yield make
    for panel in made:
        panel.hide()


def test_coordinates_in_the_search_go_there(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.act("find")
    qtbot.keyClicks(desk.window.finder.line, TYPED)
    (entry, *others) = desk.window.finder.rows.entries
    assert (entry.group, others) == ("coordinates", [])
    qtbot.keyClick(desk.window.finder.line, KEY.Key_Return)
    ((place, name),) = desk.map.tools.gone_to
    assert (place.lon, place.lat) == pytest.approx((HERE.lon, HERE.lat), abs=1e-6)
    assert name == entry.name


@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_coordinates_in_the_search_say_one_reason_and_stay(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], language: str
) -> None:
    desk = new_desk(language=language)
    desk.window.act("find")
    qtbot.keyClicks(desk.window.finder.line, "120.2 30°75'")
    said = desk.seat.words("coordinates.sixty", said="30°75'")
    assert desk.window.finder.said.text() == said
    assert desk.window.finder.line.text() == "120.2 30°75'"
    qtbot.keyClick(desk.window.finder.line, KEY.Key_Return)
    assert desk.window.finder.isVisible()


@pytest.mark.parametrize("line", [TYPED, f"去 {TYPED}", f"前往{TYPED}", f"goto {TYPED} WGS84", f"qw {TYPED}"])
def test_coordinates_on_the_command_line_go_there(qtbot: QtBot, desk: FakeDesk, line: str) -> None:
    desk.window.lines.enter(line)
    ((place, _),) = desk.map.tools.gone_to
    assert (place.lon, place.lat) == pytest.approx((HERE.lon, HERE.lat), abs=1e-6)


def test_an_ambiguous_pair_is_asked_back_and_an_offer_answers(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.lines.enter("去 7.42 43.73")
    assert desk.map.tools.gone_to == []
    asked = read(desk.seat, "去 7.42 43.73")
    assert isinstance(asked, Unfinished)
    assert [offer.word for offer in asked.offered] == ["7.42E 43.73N WGS84", "43.73E 7.42N WGS84"]
    assert all(offer.word in desk.top.answer.said for offer in asked.offered)
    answered = read(desk.seat, f"去 {asked.offered[1].word}")
    assert isinstance(answered, Sentence)
    assert (answered.filling.place.lon, answered.filling.place.lat) == (43.73, 7.42)  # type: ignore[union-attr]


def test_a_bad_line_says_why_and_can_be_put_right(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.window.lines.enter("去 190.5 30.2")
    assert desk.seat.words("coordinates.off_earth", said="190.5") in desk.top.answer.said
    assert desk.top.command.text() == "去 190.5 30.2"


def test_a_place_that_is_not_on_this_map_is_refused_with_how_far_it_is(qtbot: QtBot, desk: FakeDesk) -> None:
    desk.situation.town = TownManifest("江干区", "330104", "", 120.2, 30.27, {"areas": ("", 0)})
    desk.window.lines.enter("去 116.4 39.9")
    assert desk.map.tools.gone_to == []
    assert "116.4E 39.9N" in desk.top.answer.said
    assert "公里" in desk.top.answer.said
    desk.window.lines.enter(f"去 {TYPED}")
    assert len(desk.map.tools.gone_to) == 1


def test_of_two_readings_the_one_on_this_map_is_meant(desk: FakeDesk) -> None:
    desk.situation.town = TownManifest("Monaco", "1", "", 7.42, 43.73, {"areas": ("", 0)})
    reading = read(desk.seat, "去 43.7300, 7.4200")
    assert isinstance(reading, Sentence)
    assert reading.filling.place == LonLat(7.42, 43.73)


def test_a_grid_is_still_gone_to_by_its_code(desk: FakeDesk) -> None:
    reading = read(desk.seat, "去 330104005051007")
    assert isinstance(reading, Sentence)
    assert (reading.filling.grid, reading.filling.place) == ("330104005051007", None)


def test_the_place_gone_to_is_marked_until_esc(qtbot: QtBot, desk: FakeDesk, new_panel: Callable[..., MapPanel]) -> None:
    panel = new_panel(desk)
    panel.tools.go_to(HERE, "here")
    marked = panel.tools.marked
    middle = panel.canvas.rect().center()
    qtbot.waitUntil(
        lambda: panel.canvas.viewpoint == panel.canvas.destination and (marked.at() - middle).manhattanLength() < 2.5
    )
    at = marked.at()
    assert at is not None
    picture = panel.grab().toImage()
    across = {picture.pixelColor(round(at.x()) + right, round(at.y())).name().lower() for right in range(6, 13)}
    assert desk.seat.palette.urgent.lower() in across
    panel.pan(0.1, 0.0)
    qtbot.waitUntil(lambda: (marked.at() - at).x() == pytest.approx(-90, abs=2))  # type: ignore[operator]
    assert panel.step_out()
    assert not marked.isVisible()
    assert not panel.step_out()


def test_a_view_is_kept_found_and_gone_back_to_after_a_restart(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], new_panel: Callable[..., MapPanel]
) -> None:
    desk = new_desk()
    panel = new_panel(desk)
    panel.canvas.go_to(HERE, 3.0)
    panel.turn(30.0)
    kept = panel.canvas.viewpoint
    bookmarks = panel.tools.bookmarks
    bookmarks.begin()
    qtbot.keyClicks(bookmarks.line, "Spring corner")
    qtbot.keyClick(bookmarks.line, KEY.Key_Return)
    assert not bookmarks.isVisible()
    assert panel.hint.isVisible()
    assert panel.hint.text() == desk.seat.words("bookmarks.kept", name="Spring corner", key="Ctrl+D")
    again = new_panel(new_desk())
    again.canvas.fit_all()
    again.tools.bookmarks.begin()
    qtbot.keyClicks(again.tools.bookmarks.line, "spring")
    qtbot.keyClick(again.tools.bookmarks.line, KEY.Key_Return)
    qtbot.waitUntil(lambda: again.canvas.viewpoint.metres_per_pixel == pytest.approx(3.0))
    view = again.canvas.destination
    assert (view.x, view.y, view.turn_deg) == pytest.approx((kept.x, kept.y, kept.turn_deg), abs=1e-3)


def test_a_view_that_was_forgotten_comes_back_where_it_stood(
    qtbot: QtBot, desk: FakeDesk, new_panel: Callable[..., MapPanel]
) -> None:
    panel = new_panel(desk)
    bookmarks = panel.tools.bookmarks
    for name in ("one", "two", "three"):
        assert bookmarks.keep(name)
    bookmarks.begin()
    qtbot.keyClick(bookmarks.line, KEY.Key_Down)
    qtbot.keyClick(bookmarks.line, KEY.Key_Delete)
    assert [view.name for view in bookmarks.file.views] == ["one", "three"]
    qtbot.keyClick(bookmarks.line, KEY.Key_Z, CTRL)
    assert [view.name for view in bookmarks.file.views] == ["one", "two", "three"]
    qtbot.mouseClick(bookmarks.rows, Qt.MouseButton.LeftButton, pos=bookmarks.rows.rect().topRight() + QPoint(-8, 8))
    assert [view.name for view in bookmarks.file.views] == ["two", "three"]
    qtbot.keyClick(bookmarks.line, KEY.Key_Escape)
    assert not bookmarks.isVisible()
    assert [view.name for view in BookmarksFile(desk.seat.folder, str(desk.seat.officer.staff)).views] == ["two", "three"]


@pytest.mark.parametrize(
    "kept",
    [
        {"views": "no list"},
        {"views": [1, None, {"name": ""}, {"name": "x"}, {"name": "y", "lon": 1e9, "lat": 0, "metres_per_pixel": 1}]},
        {"views": [{"name": "z", "lon": "a", "lat": 0, "metres_per_pixel": 1}]},
    ],
)
def test_views_that_make_no_sense_are_left_out(desk: FakeDesk, kept: dict[str, object]) -> None:
    desk.seat.folder.write("officers/someone/bookmarks", kept)
    assert BookmarksFile(desk.seat.folder, "someone").views == []


def test_the_verb_goes_to_a_view_and_the_key_opens_the_list(qtbot: QtBot, desk: FakeDesk) -> None:
    qtbot.keyClick(QApplication.focusWidget(), KEY.Key_D, CTRL)
    assert desk.map.asked == ["bookmarks"]
    reading = read(desk.seat, "书签 景芳路口")
    assert isinstance(reading, Sentence)
    assert (reading.verb.action, reading.filling.text) == ("bookmarks", "景芳路口")
