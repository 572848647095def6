"""What was seen in a camera's picture: where about that is, and how it becomes a report."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.dispatch.report_form import ReportForm
from desktop.dispatch.seen_by_camera import SeenByCamera, SeenMark, mark_kept, place_seen, towards
from desktop.link.from_server import Brought
from desktop.photos import Photos
from governance.camera import Camera, bearing_deg
from governance.commands import AttachReport, MakeReport
from governance.incident import Channel
from governance.places import LonLat
from tests.fakes.desks import FakeDesk

PLACE = LonLat(120.2, 30.27)
AT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
CAMERA = Camera("33010400001320000007", "景芳二区7号门", PLACE, "330104005051003", "公安", 90.0, 60.0, 120.0)


@pytest.mark.parametrize(
    ("across", "wall_m", "bearing", "metres", "accuracy_m"),
    [
        (0.5, None, 90.0, 60.0, 60.0),
        (0.0, None, 60.0, 60.0, 60.0),
        (1.0, None, 120.0, 60.0, 60.0),
        (7.0, None, 120.0, 60.0, 60.0),
        (0.5, 42.0, 90.0, 20.0, 20.0),
        (0.5, 1.0, 90.0, 1.5, 5.0),
        (0.5, 900.0, 90.0, 60.0, 60.0),
    ],
)
def test_a_place_lies_where_the_picture_points(across, wall_m, bearing, metres, accuracy_m) -> None:
    place, exact_m = place_seen(CAMERA, across, lambda _start, _end: wall_m)
    assert PLACE.distance_m(place) == pytest.approx(metres, rel=0.01)
    assert bearing_deg(PLACE, place) == pytest.approx(bearing, abs=0.5)
    assert exact_m == pytest.approx(accuracy_m)


def test_a_camera_that_looks_all_around_tells_its_own_place() -> None:
    dome = Camera("1", "dome", PLACE, "", "", 0.0, 360.0, 80.0)
    assert place_seen(dome, 0.2) == (PLACE, 80.0)


@given(st.floats(0, 360), st.floats(1, 2000), st.floats(-60, 60))
def test_a_step_is_as_long_as_asked(bearing: float, metres: float, lat: float) -> None:
    start = LonLat(10.0, lat)
    assert start.distance_m(towards(start, bearing, metres)) == pytest.approx(metres, rel=0.01)


@pytest.mark.parametrize(
    "kept",
    [None, 5, [], ["a"], ["a", "b", "yesterday", 1.0], ["a", "b", "2026-11-22T06:32:08", 1.0], ["a", "b", AT.isoformat(), "1"]],
)
def test_a_draft_that_makes_no_sense_says_nothing(kept: Any) -> None:
    assert mark_kept(kept) is None


def seen(desk: FakeDesk) -> SeenByCamera:
    """Something seen by the first camera, in the middle of the district."""
    camera = desk.situation.cameras.all()[0]
    image = QImage(64, 36, QImage.Format.Format_RGB32)
    image.fill(QColor(40, 90, 60))
    data, buffer = QByteArray(), QBuffer()
    buffer.setBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, "JPG")
    return SeenByCamera(SeenMark(camera.id, camera.name, AT, 40.0), camera.place, bytes(data.data()))


@pytest.fixture
def watching(new_desk: Callable[..., FakeDesk]) -> FakeDesk:
    """A desk to which pictures can be brought."""
    desk = new_desk()
    desk.seat.photos = Photos(desk.wishes.append)
    return desk


def test_what_was_seen_becomes_a_report_with_picture_camera_time_and_place(qtbot: QtBot, watching: FakeDesk) -> None:
    form = watching.card.forms.open_report()
    assert isinstance(form, ReportForm)
    found = seen(watching)
    form.show_seen(found, None)
    form.text.setPlainText("路面塌陷")
    assert form.pictures is not None
    assert form.pictures.isVisible()
    form.send()
    assert watching.sent == [], "it waits for the picture"
    sha256 = form.pictures.pictures[0].sha256
    watching.seat.photos.answer(Brought(sha256, None))
    made = watching.sent[0].command
    assert isinstance(made, MakeReport)
    assert (made.channel, made.camera, made.occurred_at) == (Channel.CAMERA, found.mark.camera, AT)
    assert (made.place, made.accuracy_m) == (found.place, 40.0)
    assert [each.sha256 for each in made.attachments] == [sha256]


def test_what_was_seen_goes_to_the_incident_that_is_selected(qtbot: QtBot, watching: FakeDesk) -> None:
    case = watching.choose("filed")
    form = watching.card.forms.open_report()
    form.show_seen(seen(watching), case.incident.id)
    made = form.command()
    assert isinstance(made, AttachReport)
    assert made.report.camera == seen(watching).mark.camera
    assert form.incident == case.incident.id
    assert seen(watching).mark.name in made.report.text


def test_a_parked_draft_keeps_what_was_seen(qtbot: QtBot, watching: FakeDesk) -> None:
    form = watching.card.forms.open_report()
    form.show_seen(seen(watching), None)
    form.text.setPlainText("路面塌陷")
    form.keep()
    again = watching.card.forms.open_report(form.draft)
    made = again.command()
    assert isinstance(made, MakeReport)
    assert (made.channel, made.camera, made.accuracy_m) == (Channel.CAMERA, seen(watching).mark.camera, 40.0)
    assert len(made.attachments) == 1


def test_a_place_the_officer_picks_is_exact_again(qtbot: QtBot, watching: FakeDesk) -> None:
    form = watching.card.forms.open_report()
    form.show_seen(seen(watching), None)
    form.text.setPlainText("路面塌陷")
    watching.selection.pick_place(LonLat(120.21, 30.28))
    made = form.command()
    assert isinstance(made, MakeReport)
    assert (made.place, made.accuracy_m) == (LonLat(120.21, 30.28), 0.0)
