"""The map on paper: one sheet with everything one has to know to read it, and nothing that was not asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from desktop.map.canvas import MapCanvas
from desktop.map.plain_canvas import PlainCanvas
from desktop.map_panel import MapPanel
from desktop.paper.leaving import Asked, may_ask_confidential
from desktop.paper.map_content import content_of, map_sheet
from desktop.paper.map_sheet import PLAN, PLAN_PX
from desktop.paper.picture import viewpoint_for
from desktop.style.palette import DAY
from tests.desktop.paper.conftest import Scene
from tests.fakes import situations

ALL = Asked(confidential=True, people=True)


def letters_of(pdf: bytes) -> set[str]:
    """Every character that a PDF says its glyphs mean."""
    found: set[str] = set()
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", pdf, re.S):
        for row in block.splitlines():
            found |= {chr(int(code, 16)) for code in re.findall(rb"<([0-9A-Fa-f]{4})>", row)[2:]}
    return found


def pixels(image: QImage) -> np.ndarray:
    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    return rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3).copy()


def colour(text: str) -> np.ndarray:
    return np.array([int(text[at : at + 2], 16) for at in (1, 3, 5)])


def test_a_pdf_is_one_page_of_a4_that_says_what_it_is(new_scene: Callable[..., Scene], kind: type) -> None:
    scene = new_scene(kind)
    pdf = map_sheet(scene.desk.seat, scene.panel, Asked()).pdf()
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box is not None
    assert [round(float(side)) for side in box.groups()] == [842, 595]
    words = scene.desk.seat.words
    said = words("paper.head", town=scene.desk.situation.town.name) + words("paper.legend") + words("paper.datum")
    said += words("paper.load.open") + scene.desk.seat.officer.name + "somebody" + words("paper.left_out") + "1:"
    assert set(said) - {" "} - letters_of(pdf) == set()


def test_the_picture_shows_all_of_the_map_three_times_as_fine_in_the_colours_of_day(
    new_scene: Callable[..., Scene], kind: type
) -> None:
    scene = new_scene(kind)
    sheet = map_sheet(scene.desk.seat, scene.panel, Asked())
    image, canvas = sheet.picture.image, scene.panel.canvas
    assert (image.width(), image.height()) == (PLAN_PX[0] * 3, PLAN_PX[1] * 3)
    view = sheet.picture.viewpoint
    assert view.metres_per_pixel * PLAN_PX[0] >= canvas.viewpoint.metres_per_pixel * canvas.width() - 1
    assert view.metres_per_pixel * PLAN_PX[1] >= canvas.viewpoint.metres_per_pixel * canvas.height() - 1
    assert (view.x, view.y) == (canvas.viewpoint.x, canvas.viewpoint.y)
    seen = pixels(image)
    assert seen.mean() > 190
    near = np.abs(seen.astype(int) - colour(DAY.map.roof)).max(axis=2) < 12
    assert near.any()


def test_on_the_screen_nothing_is_left_of_it(qtbot: QtBot, new_scene: Callable[..., Scene], kind: type) -> None:
    scene = new_scene(kind)
    shown = scene.panel.canvas.shown
    before = (shown.colours, shown.pins.ids, shown.figures.ramp.tolist(), dict(shown.layer_visible), shown.selected)
    view = scene.panel.canvas.viewpoint
    map_sheet(scene.desk.seat, scene.panel, Asked())
    assert (shown.colours, shown.pins.ids, shown.figures.ramp.tolist(), dict(shown.layer_visible), shown.selected) == before
    assert scene.panel.canvas.viewpoint == view
    with qtbot.waitSignal(scene.panel.canvas.painted):
        scene.panel.canvas.update()


def test_a_confidential_incident_and_where_people_stand_are_left_out_unless_asked_for(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    seat, panel, secret = scene.desk.seat, scene.panel, scene.secret
    everything = list(scene.desk.situation.cases.values())
    most = content_of(seat, panel, everything, ALL)
    assert str(secret.incident.id) in most.pins.ids
    assert most.has_workers
    quiet = map_sheet(seat, panel, Asked())
    assert "workers" not in quiet.layers
    assert quiet.warning == ""
    least = content_of(seat, panel, [case for case in everything if case.incident.id != secret.incident.id], Asked())
    assert str(secret.incident.id) not in least.pins.ids
    assert not least.has_workers
    grid = scene.panel.geometry_shown.grids.number_of[secret.incident.grid]  # type: ignore[union-attr]
    assert most.figures.ramp[grid] > least.figures.ramp[grid]
    loud = map_sheet(seat, panel, ALL)
    assert loud.warning == seat.words("paper.confidential")
    assert seat.words("paper.left_out") not in loud.notes[0]
    assert (pixels(quiet.picture.image) != pixels(loud.picture.image)).any()


def test_who_may_not_see_confidential_incidents_cannot_ask_for_them(new_desk: Callable[..., object]) -> None:
    desk = new_desk(officer=situations.CHECKER)
    assert not may_ask_confidential(situations.CHECKER)
    assert not desk.window.paper.panel.confidential.isEnabled()  # type: ignore[attr-defined]


def test_a_png_is_the_sheet_at_print_resolution(new_scene: Callable[..., Scene], tmp_path: Path) -> None:
    scene = new_scene()
    file = tmp_path / "图.png"
    scene.paper.export_to(file, Asked())
    image = QImage(str(file))
    assert (image.width(), image.height()) == (3508, 2480)
    assert round(image.dotsPerMeterX() * 0.0254) == 300
    scale = image.width() / 2970
    inside = image.copy(round(PLAN.left() * scale) + 20, round(PLAN.top() * scale) + 20, 1200, 900)
    assert len(np.unique(pixels(inside).reshape(-1, 3), axis=0)) > 20
    assert str(file) in scene.paper.panel.answer.text()


@pytest.mark.parametrize("where", ["no folder", "a folder", "no town"])
def test_where_it_cannot_be_written_one_sentence_says_why(new_scene: Callable[..., Scene], tmp_path: Path, where: str) -> None:
    scene = new_scene()
    file = {"no folder": tmp_path / "none" / "x.pdf", "a folder": tmp_path, "no town": tmp_path / "x.pdf"}[where]
    if where == "no town":
        scene.panel.geometry_shown = None
    before = sorted(tmp_path.rglob("*"))
    scene.paper.export_to(file, Asked())
    assert scene.paper.panel.isVisible()
    assert scene.paper.panel.answer.property("look") == "refused"
    assert scene.paper.panel.answer.text().endswith("。")
    assert sorted(tmp_path.rglob("*")) == before


def test_the_dialog_offers_a_name_with_town_and_time(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    scene.paper.switch()
    qtbot.mouseClick(scene.paper.panel.buttons["pdf"], Qt.MouseButton.LeftButton)
    (dialog,) = scene.desk.window.findChildren(QFileDialog)
    chosen = Path(dialog.selectedFiles()[0])
    assert dialog.labelText(QFileDialog.DialogLabel.Accept) == "保存"
    assert chosen.name == f"{scene.desk.situation.town.name}地图 2026-11-22 1432.pdf"
    dialog.reject()


def test_nothing_stays_asked_for_when_the_panel_comes_again(new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    for _again in (1, 2):
        scene.paper.switch()
        assert scene.paper.panel.asked == Asked()
        for check in (scene.paper.panel.confidential, scene.paper.panel.people):
            check.setChecked(True)
        assert scene.paper.panel.asked == ALL
        scene.paper.switch()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_panel_comes_by_key_and_goes_by_escape(qtbot: QtBot, new_desk: Callable[..., object], language: str) -> None:
    desk = new_desk(language=language)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    panel = desk.window.paper.panel  # type: ignore[attr-defined]
    assert panel.isVisible()
    for button in panel.buttons.values():
        assert button.fontMetrics().horizontalAdvance(button.text()) + 14 <= button.width()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert desk.board.view.hasFocus()  # type: ignore[attr-defined]


def test_a_map_whose_graphics_are_not_there_is_painted_flat(qtbot: QtBot, new_scene: Callable[..., Scene]) -> None:
    scene = new_scene()
    hidden = MapPanel(scene.desk.seat, MapCanvas)
    qtbot.addWidget(hidden)
    hidden.show_town(scene.panel.geometry_shown, "")  # type: ignore[arg-type]
    assert not hidden.canvas.isValid()
    assert hidden.canvas.viewpoint.tilt_deg > 0
    sheet = map_sheet(scene.desk.seat, hidden, Asked())
    assert sheet.picture.viewpoint.tilt_deg == 0
    assert len(np.unique(pixels(sheet.picture.image)[::7, ::7].reshape(-1, 3), axis=0)) > 20


def test_a_wider_map_is_shown_from_farther(qtbot: QtBot) -> None:
    canvas = PlainCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(2000, 400)
    assert viewpoint_for(canvas, 1000, 800).metres_per_pixel == pytest.approx(2 * canvas.viewpoint.metres_per_pixel)
