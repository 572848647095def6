"""What is confidential or was selected leaves only when it stands on record; what tools drew is on the paper, and named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.map.inside import Shape
from desktop.map.oblique import Oblique
from desktop.paper.leaving import Asked
from desktop.paper.map_content import map_sheet
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


def test_what_tools_drew_is_on_the_paper_and_named_in_its_legend(new_scene: Callable[..., Scene], kind: type) -> None:
    scene = new_scene(kind)
    seat, panel, tools = scene.desk.seat, scene.panel, scene.panel.tools
    bare = map_sheet(seat, panel, Asked())
    assert bare.marks == ()
    tools.marked.mark(corner(0.5, 0.5), "路口")
    tools.measuring.places = [corner(0.3, 0.3), corner(0.7, 0.6)]
    drawn_around(scene)
    tools.here.look(corner(0.55, 0.55))
    full = map_sheet(seat, panel, Asked())
    names = {seat.words(f"paper.mark.{name}") for name in ("place", "measured", "picked", "cameras")}
    assert set(full.marks) == names
    differs = (np.abs(pixels(full.picture.image).astype(int) - pixels(bare.picture.image)).max(axis=2) > 40).mean()
    assert 0.002 < differs < 0.6
    assert set("".join(full.marks)) - {" "} - letters_of(full.pdf()) == set()
    tools.here.look(corner(0.55, 0.55), "people")
    assert seat.words("paper.mark.candidates") not in map_sheet(seat, panel, Asked()).marks, "people were not asked for"
    if seat.selection.ranked is not None:
        assert seat.words("paper.mark.candidates") in map_sheet(seat, panel, ALL).marks


def test_what_is_drawn_on_paper_lies_where_it_lies_on_the_map(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    tools, place = scene.panel.tools, corner(0.52, 0.58)
    tools.measuring.places = [place, corner(0.6, 0.6)]
    sheet = map_sheet(scene.desk.seat, scene.panel, Asked())
    fine, view = sheet.picture.fineness, sheet.picture.viewpoint
    x, y = scene.panel.geometry_shown.plane.to_plane(place.lon, place.lat)[0].tolist()  # type: ignore[union-attr]
    at = Oblique(view, sheet.picture.image.width() / fine, sheet.picture.image.height() / fine).screen(x, y) * fine
    without = map_sheet(scene.desk.seat, scene.panel, Asked())
    tools.measuring.places = []
    bare = map_sheet(scene.desk.seat, scene.panel, Asked())
    changed = np.abs(pixels(without.picture.image).astype(int) - pixels(bare.picture.image)).max(axis=2) > 60
    rows, columns = np.nonzero(changed)
    assert np.hypot(columns - at[0], rows - at[1]).min() < 6 * fine
