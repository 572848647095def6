"""What is confidential or was selected leaves only when it stands on record; what tools drew is on the paper, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from unicodedata import category

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.map.inside import Shape
from desktop.map.oblique import Oblique
from desktop.paper.leaving import Asked
from desktop.paper.map_content import content_of, map_sheet
from desktop.paper.on_record import LONGEST, put_on_record
from desktop.paper.picture import MapPicture, picture_of
from desktop.selection import Ranked, RankedWorker
from governance.refusal import Refused
from tests.desktop.paper.conftest import Scene
from tests.desktop.paper.test_map_on_paper import ALL, letters_of, pixels
from tests.fakes.records import Records
from tests.fakes.small_town import corner


def drawn_around(scene: Scene) -> None:
    """A shape on the map around both incidents."""
    tools = scene.panel.tools
    corners = [corner(0.3, 0.4), corner(0.6, 0.4), corner(0.6, 0.7), corner(0.3, 0.7)]
    tools.picking.corners = []
    tools.picking.shape = Shape((tools.picking.plane_of(corners),))
    tools.picking.refresh()


def test_a_map_with_confidential_incidents_is_on_record_before_the_file_is_there(
    new_scene: Callable[..., Scene], tmp_path: Path
) -> None:
    scene, file = new_scene(), tmp_path / "a.pdf"
    existed: list[bool] = []
    ledger = Records()
    scene.desk.seat.ask = lambda request, came: (existed.append(file.exists()), ledger(request, came))[0]
    scene.paper.export_to(file, ALL)
    (record,) = ledger.kept
    assert (record.what, record.confidential) == ("map", (scene.secret.incident.id,))
    assert record.rows >= 1
    assert existed == [False]
    assert file.read_bytes().startswith(b"%PDF-")
    assert str(ledger.number) in scene.paper.panel.answer.text()


def test_a_plain_map_needs_no_record(new_scene: Callable[..., Scene], tmp_path: Path) -> None:
    scene, ledger = new_scene(), Records()
    scene.desk.seat.ask = ledger
    scene.paper.export_to(tmp_path / "a.pdf", Asked())
    assert ledger.kept == []
    assert (tmp_path / "a.pdf").exists()


@pytest.mark.parametrize("code", ["no_answer", "no_session", "may_not_export", ""])
def test_without_a_record_nothing_leaves_and_the_reason_is_said(
    new_scene: Callable[..., Scene], tmp_path: Path, code: str
) -> None:
    scene, file = new_scene(), tmp_path / "a.pdf"
    scene.desk.seat.ask = Records(Refused(code, role="值班员")) if code else None
    scene.paper.export_to(file, ALL)
    assert not file.exists()
    words = scene.desk.seat.words
    expected = words("refused.may_not_export", role="")[:4] if code == "may_not_export" else words("refused.not_on_record")
    assert expected in scene.paper.panel.answer.text()


def test_what_was_selected_on_the_map_is_on_record_with_its_shape(new_scene: Callable[..., Scene], tmp_path: Path) -> None:
    scene, ledger = new_scene(), Records()
    scene.desk.seat.ask = ledger
    drawn_around(scene)
    scene.paper.export_to(tmp_path / "a.png", Asked())
    (record,) = ledger.kept
    assert (record.what, record.confidential) == ("map", ())
    assert record.chosen["shape"] == scene.panel.tools.picking.kind
    assert record.rows == scene.panel.tools.selected()[0]  # type: ignore[index]


def test_a_title_that_would_break_a_line_of_the_log_keeps_nothing_from_being_recorded(new_scene: Callable[..., Scene]) -> None:
    scene, ledger = new_scene(), Records()
    scene.desk.seat.ask = ledger
    title = "燃气\x07\n泄漏\x9b\u2028 " + "长" * 300
    put_on_record(scene.desk.seat, "briefing", 1, (), {"title": title}, lambda _number, _no: None)
    said = ledger.kept[0].chosen["title"]
    assert (said[:6], len(said)) == ("燃气 泄漏 ", LONGEST)
    assert not any(category(letter) in ("Cc", "Zl", "Zp") for letter in said)


def test_a_list_is_copied_only_when_that_is_on_record(new_scene: Callable[..., Scene]) -> None:
    scene, clipboard = new_scene(), QGuiApplication.clipboard()
    drawn_around(scene)
    tools = scene.panel.tools
    tools.inside.show_inside(tools.picking.inside())
    clipboard.setText("before")
    scene.desk.seat.ask = Records(Refused("no_answer"))
    tools.inside.copy_table()
    assert clipboard.text() == "before"
    assert tools.inside.said.text() == scene.desk.seat.words("refused.not_on_record")
    ledger = scene.desk.seat.ask = Records()
    tools.inside.copy_table()
    assert scene.case.incident.number in clipboard.text()
    assert [record.what for record in ledger.kept] == ["list"]


@pytest.mark.parametrize("no", [None, Refused("no_answer")])
def test_a_briefing_of_a_confidential_incident_is_on_record_before_it_is_made(
    new_scene: Callable[..., Scene], qtbot: QtBot, no: Refused | None
) -> None:
    scene, ledger, opened = new_scene(), Records(no), []
    scene.desk.seat.ask = ledger
    scene.paper.browse = lambda url: bool(opened.append(url) or True)
    scene.desk.selection.choose_incident(scene.secret.incident.id)
    scene.paper._brief_about("incident", ALL)
    assert [(record.what, scene.secret.incident.id in record.confidential) for record in ledger.kept] == [("briefing", True)]
    if no is None:
        qtbot.waitUntil(lambda: len(opened) == 1)
    else:
        assert scene.desk.seat.words("refused.not_on_record") in scene.paper.panel.answer.text()
        assert opened == []


def small(scene: Scene) -> tuple[np.ndarray, MapPicture]:
    """The map with what tools drew, as a small picture."""
    cases = list(scene.desk.situation.cases.values())
    content = content_of(scene.desk.seat, scene.panel, cases, Asked())
    over = tuple(draw for _, draw in scene.panel.tools.on_paper(Asked()))
    picture = picture_of(scene.panel.canvas, content, 260, 200, over)
    return pixels(picture.image).astype(int), picture


def names(scene: Scene, asked: Asked) -> set[str]:
    return {key.removeprefix("paper.mark.") for key, _ in scene.panel.tools.on_paper(asked)}


def test_what_tools_drew_is_on_the_paper_where_it_lies(new_scene: Callable[..., Scene], kind: type) -> None:
    scene = new_scene(kind)
    tools, place = scene.panel.tools, corner(0.52, 0.58)
    bare, picture = small(scene)
    assert names(scene, ALL) == set()
    tools.measuring.places = [place, corner(0.6, 0.6)]
    drawn, _ = small(scene)
    x, y = scene.panel.geometry_shown.plane.to_plane(place.lon, place.lat)[0].tolist()  # type: ignore[union-attr]
    fine = picture.fineness
    at = Oblique(picture.viewpoint, picture.image.width() / fine, picture.image.height() / fine).screen(x, y) * fine
    rows, columns = np.nonzero(np.abs(drawn - bare).max(axis=2) > 60)
    assert np.hypot(columns - at[0], rows - at[1]).min() < 6 * fine
    assert np.hypot(columns - at[0], rows - at[1]).max() < 0.6 * bare.shape[1]


def test_what_tools_drew_is_named_and_people_only_where_they_were_asked_for(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    seat, tools = scene.desk.seat, scene.panel.tools
    tools.marked.mark(corner(0.5, 0.5), "路口")
    tools.measuring.places = [corner(0.3, 0.3), corner(0.7, 0.6)]
    drawn_around(scene)
    tools.here.look(corner(0.55, 0.55))
    assert names(scene, Asked()) == {"place", "measured", "picked", "cameras"}
    scene.panel.canvas.set_layer_visible("sectors", True)
    sheet = map_sheet(seat, scene.panel, Asked())
    assert seat.words("paper.mark.sectors") in sheet.marks
    assert set("".join(sheet.marks)) - {" "} - letters_of(sheet.pdf()) == set()
    person = RankedWorker(seat.situation.workers.ids[0], "李", "近")
    seat.selection.rank(Ranked(corner(0.5, 0.5), (person,)))
    assert "candidates" not in names(scene, Asked())
    assert "candidates" in names(scene, ALL)
