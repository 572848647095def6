"""What a camera covers changed on the map: by keys, handles and figures, taken back, saved; refused it is not lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot
from shapely.geometry import Point, Polygon

from desktop.link.from_server import Enquired
from desktop.link.to_server import Enquire
from desktop.map.line_of_sight import hidden_parts
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.map_sector import SectorEditing
from desktop.phrases import refusal_sentence
from desktop.seeing import look_over
from desktop.situation.cameras import Cameras
from governance.camera import Camera
from governance.people import Role
from governance.refusal import Refused
from tests.desktop.conftest import shown_panel
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import OFFICER
from tests.fakes.small_town import corner
from wire.camera_requests import EditSector, SectorEdited

KEY, HELD, LEFT = Qt.Key, Qt.KeyboardModifier, Qt.MouseButton.LeftButton
CAMERA = Camera("33010400001320000007", "东门球机", corner(0.46, 0.4), "330104001001001", "公安", 0.0, 60.0, 150.0, version=4)
"""It looks at the only house, fifty metres north of it."""
KEEPER = replace(OFFICER, role=Role.GIS_STAFF)


@pytest.fixture
def desk(new_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """Of somebody who keeps the map, with one camera."""
    made = new_desk(officer=KEEPER)
    made.situation.cameras = Cameras((CAMERA,))
    return made


@pytest.fixture
def panel(qtbot: QtBot, desk: FakeDesk, geometry: Geometry) -> Iterator[MapPanel]:
    """The map, the camera chosen."""
    made = shown_panel(qtbot, desk, geometry, PlainCanvas, (1100, 760))
    look_over(desk.seat, made)
    made.activateWindow()
    desk.selection.choose_camera(CAMERA.id)
    yield made
    made.hide()


@pytest.fixture
def sector(qtbot: QtBot, panel: MapPanel) -> SectorEditing:
    """Changing it has begun, all of it in view."""
    panel.tools.acts()["edit_sector"]()
    made, canvas = panel.tools.sector, panel.canvas
    qtbot.waitUntil(made.hasFocus)
    qtbot.waitUntil(lambda: canvas.drawn_oblique().viewpoint == canvas.viewpoint == canvas.destination)
    return made


def enquiries(desk: FakeDesk) -> list[Enquire]:
    """What was sent of sectors, the newest last."""
    return [wish for wish in desk.wishes if isinstance(wish, Enquire) and isinstance(wish.request, EditSector)]


def sent(desk: FakeDesk) -> EditSector:
    """The newest order."""
    request = enquiries(desk)[-1].request
    assert isinstance(request, EditSector)
    return request


def answer(desk: FakeDesk, refused: Refused | None = None) -> None:
    """The server answers the newest order."""
    asked = sent(desk)
    done = SectorEdited(1, asked.order_id, asked.camera, asked.version + 1, "cameras/330104001/0", 1)
    desk.queue.put(Enquired(enquiries(desk)[-1].key, None if refused else done, refused))
    desk.ticker.tick()


def press(qtbot: QtBot, on: SectorEditing, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """One key, with others held."""
    qtbot.keyClick(on, key, held[0] | held[-1] if held else HELD.NoModifier)


def now(sector: SectorEditing) -> tuple[float, float, float]:
    """Heading, angle and range as they would be."""
    assert sector.draft is not None
    return sector.draft.now.heading_deg, sector.draft.now.field_of_view_deg, sector.draft.now.range_m


def test_all_of_it_works_by_keys_and_each_step_is_taken_back(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, sector: SectorEditing
) -> None:
    press(qtbot, sector, KEY.Key_Left)
    press(qtbot, sector, KEY.Key_Right, HELD.ShiftModifier)
    press(qtbot, sector, KEY.Key_Up)
    press(qtbot, sector, KEY.Key_Down, HELD.ShiftModifier)
    press(qtbot, sector, KEY.Key_Right, HELD.ControlModifier)
    press(qtbot, sector, KEY.Key_Left, HELD.ControlModifier, HELD.ShiftModifier)
    assert now(sector) == (356.0, 64.0, 158.0)
    press(qtbot, sector, KEY.Key_Up, HELD.AltModifier)
    assert sector.draft is not None
    assert sector.draft.moved_m == pytest.approx(1.0, abs=0.01)
    assert sector.form.moved.text() == desk.seat.words("sector.moved", metres="1.0")
    press(qtbot, sector, KEY.Key_Z, HELD.ControlModifier)
    assert sector.draft.moved_m == 0.0
    press(qtbot, sector, KEY.Key_Return)
    assert sent(desk) == EditSector(0, sent(desk).order_id, CAMERA.id, 4, 356.0, 64.0, 158.0)
    answer(desk)
    assert not sector.is_on
    assert not sector.form.isVisible()
    assert panel.hint.text() == desk.seat.words("sector.saved", name=CAMERA.name)
    assert panel.canvas.hand is None
    panel.tools.acts()["edit_sector"]()
    press(qtbot, sector, KEY.Key_Up)
    press(qtbot, sector, KEY.Key_Escape)
    assert not sector.is_on
    assert len(enquiries(desk)) == 1, "given up, nothing is sent"


def test_handles_are_dragged_and_every_other_drag_moves_the_map(qtbot: QtBot, panel: MapPanel, sector: SectorEditing) -> None:
    canvas = panel.canvas

    def drag(name: str, to: QPoint) -> None:
        begins = sector.handles()[name].toPoint()
        for at in (begins, begins + QPoint(1, 0)):
            qtbot.mouseMove(canvas, at)
        qtbot.mousePress(canvas, LEFT, pos=begins)
        for at in (begins + (to - begins) * 0.5, to):
            qtbot.mouseMove(canvas, at)
        qtbot.mouseRelease(canvas, LEFT, pos=to)

    place = sector.handles()["place"].toPoint()
    drag("ahead", place + QPoint(160, 0))
    heading, view, reach = now(sector)
    assert 60.0 < heading < 120.0
    assert view == 60.0
    assert reach == pytest.approx(sector.seen_from_camera(place.x() + 160, place.y())[1], abs=1.5)
    side = sector.handles()["left"].toPoint()
    drag("left", place + (side - place) + QPoint(-40, -60))
    assert now(sector)[0] == heading
    assert now(sector)[1] > 60.0
    drag("place", place + QPoint(0, 30))
    assert sector.draft is not None
    assert sector.draft.moved_m > 1.0
    for _ in range(3):  # a drag is one step
        sector.take_back()
    assert now(sector) == (0.0, 60.0, 150.0)
    assert not sector.draft.is_changed
    view_before, empty = canvas.viewpoint, QPoint(640, 690)  # no list of a later desk lies there
    qtbot.mouseMove(canvas, empty)
    qtbot.mousePress(canvas, LEFT, pos=empty)
    qtbot.mouseMove(canvas, empty + QPoint(50, 10))
    qtbot.mouseRelease(canvas, LEFT, pos=empty + QPoint(50, 10))
    assert canvas.viewpoint != view_before
    assert not sector.draft.is_changed


def test_a_figure_that_cannot_be_keeps_its_text_and_says_why(qtbot: QtBot, desk: FakeDesk, sector: SectorEditing) -> None:
    press(qtbot, sector, KEY.Key_Tab)
    lines, words = sector.form.lines, desk.seat.words
    qtbot.waitUntil(lines["heading_deg"].hasFocus)
    for typed, why in (("90..", "sector.not_a_number"), ("400", "refused.out_of_range")):
        lines["heading_deg"].selectAll()
        qtbot.keyClicks(lines["heading_deg"], typed)
        figure = words("sector.heading_deg")
        said = words(why, figure=figure, least="0", most="360")
        assert sector.form.wrong.text() in (said, words("sector.wrong", figure=figure, why=said))
        qtbot.keyClick(lines["heading_deg"], KEY.Key_Return)
        assert lines["heading_deg"].text() == typed
        assert now(sector)[0] in (0.0, 90.0, 4.0, 40.0), "as far as it could be"
    assert not enquiries(desk)
    lines["heading_deg"].selectAll()
    qtbot.keyClicks(lines["heading_deg"], "270")
    qtbot.keyClick(lines["heading_deg"], KEY.Key_Tab)
    qtbot.keyClick(lines["field_of_view_deg"], KEY.Key_Tab)
    qtbot.keyClick(lines["range_m"], KEY.Key_Tab)
    qtbot.keyClicks(lines["height_m"], "12")
    qtbot.keyClick(lines["height_m"], KEY.Key_Return)
    assert (sent(desk).heading_deg, sent(desk).height_m) == (270.0, 12.0)


REFUSALS = {
    "not your role": Refused("not_your_role", role="GS"),
    "no answer": Refused("no_answer"),
    "out of range": Refused("out_of_range", "range_m", least="1", most="2000"),
}


def test_what_was_refused_is_not_lost_and_is_sent_again_as_the_same(
    qtbot: QtBot, desk: FakeDesk, sector: SectorEditing
) -> None:
    words = desk.seat.words
    press(qtbot, sector, KEY.Key_Right)
    orders = set()
    for name, no in REFUSALS.items():
        press(qtbot, sector, KEY.Key_Return)
        orders.add(sent(desk).order_id)
        answer(desk, no)
        said = words("sector.no_answer") if no.code == "no_answer" else refusal_sentence(words, no)
        expected = words("sector.wrong", figure=words("sector.range_m"), why=said) if no.about else said
        assert sector.form.wrong.text() == expected, name
        assert now(sector) == (5.0, 60.0, 150.0), name
    assert len(orders) == 1
    newer = replace(CAMERA, heading_deg=90.0, version=5)
    desk.situation.cameras = Cameras((newer,))
    press(qtbot, sector, KEY.Key_Return)
    answer(desk, Refused("stale_version", "version", version="5"))
    assert sector.form.wrong.text() == words("sector.changed_meanwhile", heading="90", view="60", reach="150")
    assert now(sector) == (5.0, 60.0, 150.0)
    press(qtbot, sector, KEY.Key_Return)
    assert sent(desk).version == 5
    assert sent(desk).order_id not in orders


def test_another_tool_waits_for_what_is_not_saved(qtbot: QtBot, desk: FakeDesk, panel: MapPanel, sector: SectorEditing) -> None:
    press(qtbot, sector, KEY.Key_Right)
    panel.tools.acts()["measure"]()
    assert sector.is_on
    assert not panel.tools.measuring.is_on
    assert sector.form.wrong.text() == desk.seat.words("sector.unsaved")
    press(qtbot, sector, KEY.Key_Z, HELD.ControlModifier)
    panel.tools.acts()["measure"]()
    assert not sector.is_on
    assert panel.tools.measuring.is_on


def test_only_who_keeps_the_map_may_and_has_the_button(
    qtbot: QtBot, new_desk: Callable[..., FakeDesk], panel: MapPanel, desk: FakeDesk
) -> None:
    assert "edit_sector" in panel.buttons
    desk.selection.choose_camera(None)
    panel.tools.acts()["edit_sector"]()
    assert panel.hint.text() == desk.seat.words("refused.no_camera_chosen")
    other = new_desk()
    other.situation.cameras = Cameras((CAMERA,))
    other.selection.choose_camera(CAMERA.id)
    assert other.window.why_not("edit_sector") == refusal_sentence(other.seat.words, Refused("not_your_role", role="DO"))
    theirs = MapPanel(other.seat, PlainCanvas)
    qtbot.addWidget(theirs)
    assert "edit_sector" not in theirs.buttons


def test_what_a_house_hides_lies_behind_it_as_far_as_its_shadow_falls(geometry: Geometry) -> None:
    at = geometry.plane.to_plane(CAMERA.place.lon, CAMERA.place.lat)[0]

    def is_hidden(up_m: float, heading_deg: float, metres: float, view_deg: float = 60.0) -> bool:
        wedges = hidden_parts(geometry, at, up_m, 1.5, 0.0, view_deg, 150.0)
        angle = np.radians(heading_deg)
        spot = Point(*(at + np.array([np.sin(angle), np.cos(angle)]) * metres))
        return any(Polygon(wedge).contains(spot) for wedge in wedges)

    assert [is_hidden(6.0, 0.5, metres) for metres in (30.0, 47.0, 60.0, 100.0, 149.0)] == [False, False, True, True, True]
    assert not is_hidden(6.0, 25.0, 100.0), "it stands ahead, not aside"
    assert [is_hidden(60.0, 0.5, metres) for metres in (60.0, 80.0, 149.0)] == [True, True, False], "from above it hides less"
    assert is_hidden(6.0, 0.5, 100.0, 360.0)
