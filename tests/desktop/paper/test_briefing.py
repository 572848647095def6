"""A briefing page: it tells what the situation holds, nothing that was not asked for, and needs nothing but a browser."""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.paper.around import STEPS_ACROSS, town_around
from desktop.paper.brief import Brief, Briefing
from desktop.paper.leaving import Asked, without_numbers
from desktop.paper.page import page_of
from desktop.paper.pages_kept import PagesKept, written
from desktop.phrases import SHANGHAI, step_line
from desktop.situation.cameras import Cameras
from governance.places import LonLat
from governance.refusal import Refused
from tests.desktop.paper.conftest import GRID, Scene
from tests.fakes.desks import FakeDesk
from tests.fakes.records import Records
from tests.fakes.small_town import corner

ALL = Asked(confidential=True, people=True)
MOST_BYTES = 5_000_000
NAMESPACES = {"http://www.w3.org/2000/svg"}
"""Names that look like addresses: browsers never ask for them."""


class Seen(HTMLParser):
    """What a browser would see: cells, scripts, styles, and every address it would ask for."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.asked: list[str] = []
        self.script, self.style, self.headings = "", "", list[str]()
        self._at = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._at = tag
        self.asked += [value or "" for name, value in attributes if name in ("src", "href", "action", "data", "srcset")]
        if tag in ("link", "iframe", "object", "embed", "img", "base"):
            self.asked.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag == "td":
            self.rows[-1].append("")

    def handle_data(self, text: str) -> None:
        if self._at == "script":
            self.script += text
        elif self._at == "style":
            self.style += text
        elif self._at == "td":
            self.rows[-1][-1] += text
        elif self._at == "h2":
            self.headings.append(text)

    def handle_endtag(self, tag: str) -> None:
        self._at = ""

    @property
    def pins(self) -> dict[tuple[float, float], str]:
        """Latitude and longitude of every dot with its tooltip."""
        found = {}
        circles = r"var (\w+) = L\.circleMarker\(\s*\[([\d.]+), ([\d.]+)\],(.*?)\1\.bindTooltip\(\s*`<div>(.*?)</div>`"
        for _, lat, lon, style, said in re.findall(circles, self.script, re.S):
            if '"stroke": true' in style:  # the others bear the names of areas
                found[float(lat), float(lon)] = unescape(said.replace("<br>", " ")).strip()
        return found

    @property
    def layers(self) -> list[dict[str, object]]:
        """The features of the town."""
        return [
            feature for text in re.findall(r"_add\((\{.*?\})\);\n", self.script) for feature in json.loads(text)["features"]
        ]


def made(scene: Scene, gather: Callable[[Briefing], Brief | None], asked: Asked | None = None) -> str:
    geometry = scene.panel.geometry_shown
    assert geometry is not None
    brief = gather(Briefing(scene.desk.seat, geometry, asked or Asked()))
    assert brief is not None
    return page_of(brief, geometry, scene.desk.seat.words, "© somebody")


SUBJECTS: dict[str, Callable[[Scene], Callable[[Briefing], Brief | None]]] = {
    "incident": lambda scene: lambda briefing: briefing.of_incident(scene.case),
    "place": lambda _scene: lambda briefing: briefing.of_place(corner(0.5, 0.5)),
    "grid": lambda _scene: lambda briefing: briefing.of_area(GRID),
    "street": lambda _scene: lambda briefing: briefing.of_area(GRID[:9]),
    "district": lambda _scene: lambda briefing: briefing.of_area(GRID[:6]),
}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_page_asks_for_nothing_outside_itself(new_scene: Callable[..., Scene], subject: str) -> None:
    scene = new_scene()
    page = made(scene, SUBJECTS[subject](scene), ALL)
    seen = Seen(page)
    assert set(re.findall(r"[a-z]+://[^\s\"'`)<]*", page)) <= NAMESPACES
    assert [asked for asked in seen.asked if not asked.startswith("data:")] == []
    assert {address[:5] for address in re.findall(r"url\(([^)]*)\)", seen.style)} <= {"data:", "#defa"}
    assert "@import" not in seen.style
    assert "sourceMappingURL" not in page
    assert re.search(r"\$\(|jQuery|AwesomeMarkers|L\.marker\(|L\.tileLayer\(", seen.script.split("L.map(")[1]) is None
    assert "default-src 'none'" in page.split("<script>")[0]
    assert len(page.encode()) < MOST_BYTES


def test_a_page_about_an_incident_tells_its_steps_and_who_was_told_when(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    words, case = scene.desk.seat.words, scene.case
    seen = Seen(made(scene, SUBJECTS["incident"](scene)))
    time = lambda at: at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")  # noqa: E731
    steps = [[time(step.at), without_numbers(step_line(words, step))] for step in case.steps]
    first = seen.rows.index(steps[0])
    assert seen.rows[first : first + len(steps)] == steps
    sent = [[time(task.sent_at), f"派给 {task.worker_name}（{words(f'task.{task.role}')}）"] for task in case.assignments]
    assert sent
    assert [row for row in sent if row not in seen.rows] == []
    assert [words("brief.number"), case.incident.number] in seen.rows
    assert seen.headings[:3] == [words("brief.facts"), words("brief.steps"), words("brief.told")]


def test_the_dots_are_the_open_incidents_and_cameras_that_are_there(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    pins = Seen(made(scene, SUBJECTS["grid"](scene), ALL)).pins
    there = [case for case in scene.desk.situation.cases.values() if case.incident.grid == GRID]
    assert len(there) == 2
    for case in there:
        place = case.incident.place
        assert pins[round(place.lat, 6), round(place.lon, 6)].startswith(case.incident.number)
    cameras = [camera for camera in scene.desk.situation.cameras.all() if camera.grid.startswith(GRID)]
    assert len(pins) == len(there) + len(cameras)


def test_of_many_cameras_the_nearest_are_told_and_all_are_dots(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    camera = next(iter(scene.desk.situation.cameras.all()))
    places = [corner(0.4205 + number * 0.001, 0.55) for number in range(40)]
    many = [replace(camera, id=f"{n}", name=f"{n} 号机", place=place, grid=GRID) for n, place in enumerate(places)]
    scene.desk.situation.cameras = Cameras(many)
    seen = Seen(made(scene, SUBJECTS["incident"](scene)))
    told = [row[0] for row in seen.rows if row[0].endswith("号机")]
    assert told == [f"{number} 号机" for number in range(30)]
    assert sum(said.split(" 号机")[0].isdecimal() for said in seen.pins.values()) == 40


def test_the_town_is_drawn_in_degrees_within_its_box_and_no_finer_than_it_is_seen(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    layers = Seen(made(scene, SUBJECTS["incident"](scene))).layers
    kinds = {feature["geometry"]["type"] for feature in layers}  # type: ignore[index]
    assert kinds == {"MultiPolygon", "MultiLineString"}
    numbers = re.findall(r"-?\d+\.\d+", json.dumps([feature["geometry"] for feature in layers]))  # type: ignore[index]
    lons, lats = [float(n) for n in numbers[::2]], [float(n) for n in numbers[1::2]]
    place = scene.case.incident.place
    assert max(abs(lon - place.lon) for lon in lons) < 0.0125
    assert max(abs(lat - place.lat) for lat in lats) < 0.0056
    geometry = scene.panel.geometry_shown
    assert geometry is not None
    town = town_around(geometry, (-4000.0, -4000.0, 4000.0, 4000.0))
    assert {"roads", "grids", "streets"} <= set(town)
    assert "buildings" not in town
    assert STEPS_ACROSS > 1000


@pytest.mark.parametrize("asked", [Asked(), ALL], ids=["nothing", "all"])
def test_confidential_incidents_and_personal_data_are_told_only_when_asked_for(
    new_scene: Callable[..., Scene], asked: Asked
) -> None:
    scene = new_scene()
    scene.desk.seat.grid_at = scene.panel.grid_at
    page = made(scene, SUBJECTS["incident"](scene), asked)
    assert (scene.secret.incident.number in page) is asked.confidential
    assert (scene.desk.seat.words("paper.confidential") in page) is asked.confidential
    assert ("13912345678" in page) is asked.people
    assert ("王先生" in page) is asked.people


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("打 13912345678 或 0571-86012345", "打 ＊＊＊ 或 ＊＊＊"),
        ("身份证 33010419800101123X", "身份证 ＊＊＊"),
        ("+86 13912345678", "＊＊＊"),
        ("JG-20261122-0147 号，3 幢 1203 室", "JG-20261122-0147 号，3 幢 1203 室"),
        ("坐标 120.2123 30.2741", "坐标 120.2123 30.2741"),
    ],
)
def test_numbers_of_people_are_blanked_and_others_stay(text: str, left: str) -> None:
    assert without_numbers(text) == left


def test_what_somebody_typed_does_nothing_on_the_page(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    evil = "</script><script>alert(1)</script>`${alert(2)}`\\{{7*7}}{% raw %}"
    changed = replace(scene.case.incident, title=evil, text=evil, place_text=evil, number=evil)
    brief = lambda briefing: briefing.of_incident(replace(scene.case, incident=changed))  # noqa: E731
    page = made(scene, brief, ALL)
    assert "<script>alert" not in page
    assert "${alert" not in page.split("L.map(")[1]
    assert evil in [cell for row in Seen(page).rows for cell in row]


def test_a_page_lies_in_a_file_for_the_officer_alone_until_he_leaves(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    opened: list[Path] = []
    scene.paper.browse = lambda url: bool(opened.append(Path(url.toLocalFile())) or True)
    scene.desk.selection.choose_incident(scene.case.incident.id)
    scene.paper.brief()
    qtbot.waitUntil(lambda: len(opened) == 1)
    assert stat.S_IMODE(opened[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(opened[0].parent.stat().st_mode) == 0o700
    assert scene.case.incident.number in opened[0].read_text("utf-8")
    scene.paper.put_away()
    assert not opened[0].exists()


def test_a_page_that_is_not_made_yet_when_he_leaves_is_never_there(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    opened: list[QUrl] = []
    scene.paper.browse = lambda url: bool(opened.append(url) or True)
    with qtbot.waitSignal(scene.paper._made):
        scene.paper.brief_area(GRID)
        scene.paper.put_away()
    assert opened == []
    assert list(scene.desk.folder.home.glob("briefings/*")) == []


def test_what_a_desk_that_died_left_is_removed_by_the_next(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left, ours, other = (tmp_path / name for name in (f"{ended.pid}-a.html", f"{os.getpid()}-b.html", "notes.html"))
    for file in (left, ours, other):
        file.touch()
    PagesKept(tmp_path)
    assert not left.exists()
    assert ours.exists()
    assert other.exists()


def test_where_there_is_no_room_nothing_half_is_left_and_what_was_there_stands(tmp_path: Path) -> None:
    (tmp_path / "map.pdf").write_bytes(b"older")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(Refused) as caught:
            PagesKept(tmp_path / "briefings").keep("x" * 200_000)
        no = written(tmp_path / "map.pdf", b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert no is not None
    assert caught.value.code == no.code == "cannot_write"
    no = written(tmp_path / "map.pdf" / "within.pdf", b"x")
    assert no is not None
    assert no.code == "cannot_write"
    assert sorted(each.name for each in tmp_path.rglob("*")) == ["briefings", "map.pdf"]
    assert (tmp_path / "map.pdf").read_bytes() == b"older"


def test_without_a_browser_the_officer_is_told_where_the_page_lies(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    scene.paper.browse = lambda _url: False
    scene.paper.brief_area(GRID)
    qtbot.waitUntil(lambda: scene.paper.panel.answer.property("look") == "refused")
    (file,) = scene.desk.folder.home.glob("briefings/*.html")
    assert str(file) in scene.paper.panel.answer.text()
    scene.paper.put_away()


def test_a_confidential_incident_is_briefed_only_when_asked_for(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    opened: list[QUrl] = []
    scene.paper.browse = lambda url: bool(opened.append(url) or True)
    scene.desk.seat.ask = Records()
    scene.desk.selection.choose_incident(scene.secret.incident.id)
    scene.paper.brief()
    assert scene.paper.panel.answer.text() == scene.desk.seat.words("refused.paper_confidential")
    scene.paper.panel.confidential.setChecked(True)
    qtbot.mouseClick(scene.paper.panel.buttons["incident"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(opened) == 1)
    scene.paper.put_away()


def test_the_middle_of_the_map_and_its_areas_have_a_page_each(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    opened: list[str] = []
    scene.paper.browse = lambda url: bool(opened.append(Path(url.toLocalFile()).read_text("utf-8")) or True)
    scene.paper.switch()
    for number, subject in enumerate(("place", "grid", "community", "street", "district"), 1):
        qtbot.mouseClick(scene.paper.panel.buttons[subject], Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda wanted=number: len(opened) == wanted)
    titles = [re.search(r"<h1>(.*?)</h1>", page)[1] for page in opened]  # type: ignore[index]
    assert len(set(titles)) == 5
    scene.paper.put_away()


def test_a_line_asks_for_a_page_about_a_grid(qtbot: QtBot, desk: FakeDesk) -> None:
    asked: list[str] = []
    desk.window.paper.brief_area = asked.append  # type: ignore[method-assign]
    grid = next(iter(desk.situation.cases.values())).incident.grid
    desk.window.lines.enter(f"简报 {grid}")
    assert asked == [grid]


def test_the_key_says_why_there_is_no_page_while_there_is_no_map(qtbot: QtBot, desk: FakeDesk) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.paper.panel.answer.text() == desk.seat.words("refused.no_map")


def test_a_desk_starts_without_folium() -> None:
    code = "import sys, desktop.desk; print(sorted({'folium', 'branca', 'jinja2', 'xyzservices'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_outside_every_grid_a_place_has_a_page_too(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    page = made(scene, lambda briefing: briefing.of_place(LonLat(120.3, 30.3)))
    assert scene.desk.seat.words("place.unknown") in page
