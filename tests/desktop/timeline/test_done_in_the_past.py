"""What an officer does on the map of the past: a track found and fitted, areas chosen, paper that says of when it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.map.canvas import MapCanvas
from desktop.map.inside import Shape
from desktop.map.oblique import Oblique
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import Geometry
from desktop.map_panel import MapPanel
from desktop.paper.leaving import Asked
from desktop.paper.map_content import content_of, map_sheet
from desktop.paper.map_sheet import EDGE, PLAN, PRINT_DPI
from desktop.paper.paper_desk import PaperDesk
from desktop.style.palette import DAY
from desktop.timeline.scale import KNOB_PX, LINE_PX
from desktop.timeline.told import period_text
from governance.refusal import Refused
from governance.shifts import Handover, Shift, ShiftState, Signature, UnitShifts
from tests.desktop.paper.test_map_on_paper import colour, letters_of, pixels
from tests.desktop.timeline.conftest import NOW, ToldPast
from tests.desktop.timeline.test_timeline import REASON, stood
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CENTRE_UNIT, SHIFT_LEAD
from tests.fakes.small_town import corner
from wire.leaving_requests import RecordLeaving
from wire.shift_requests import PastHandover

ALL = Asked(confidential=True, people=True)
FIRST = NOW - timedelta(minutes=90)
"""When the told track begins."""


@pytest.fixture
def replayed(panel: MapPanel, desk: FakeDesk) -> MapPanel:
    """The map amid the last two hours, of somebody who may see tracks."""
    desk.seat.officer = SHIFT_LEAD
    desk.seat.grid_at = panel.grid_at
    panel.timeline.read_typed("2小时")
    panel.timeline.jump((NOW - timedelta(minutes=70)).timestamp())
    return panel


@pytest.fixture
def paper(replayed: MapPanel, desk: FakeDesk, tmp_path: Path) -> Iterator[PaperDesk]:
    """The paper of that desk; pages are kept instead of shown."""
    made = PaperDesk(desk.seat, replayed, desk.window)
    made.browse = lambda url: bool((tmp_path / "page").write_text(url.toLocalFile()))
    yield made
    made.put_away()


def ask_track(panel: MapPanel) -> None:
    panel.timeline.begin_track("#1", REASON)
    assert panel.timeline.send()


# ---- a track


@pytest.mark.parametrize(
    ("language", "gap_s", "said"),
    [
        ("zh", 0, "11-22 13:02:08 – 14:31:08，90 个位置，没有中断"),
        ("zh", 1200, "11-22 13:02:08 – 14:51:08，90 个位置，中断 1 次，最长 21分钟"),
        ("en", 1200, "11-22 13:02:08 – 14:51:08, 90 fixes, gaps: 1 (up to 21 min)"),
    ],
)
def test_a_track_says_how_far_it_reaches_and_clock_and_map_go_to_it(
    replayed: MapPanel, desk: FakeDesk, told: ToldPast, language: str, gap_s: int, said: str
) -> None:
    desk.seat.words.use(language)
    told.gap_s = gap_s
    timeline, canvas = replayed.timeline, replayed.canvas
    timeline.jump(timeline.play.since_s)
    canvas.go_to(corner(5.0, 5.0), 0.3)
    ask_track(replayed)
    assert said in timeline.strip.said.text()
    assert said in timeline.strip.tracks.toolTip()
    assert timeline.play.at_s == FIRST.timestamp(), "the clock goes to the first fix"
    scale, (first_px, last_px) = timeline.strip.scale, timeline.strip.scale.reaches_px()[0]
    image = scale.grab().toImage()
    inked = [image.pixelColor(px, LINE_PX + 3).name() == desk.seat.palette.focus.lower() for px in range(scale.width())]
    assert all(inked[first_px + KNOB_PX : last_px])
    assert sum(inked) < 1.1 * (last_px - first_px), "and nowhere else"
    assert [spot.row for _, (_, spot) in canvas.shown.tracks.spots()] == [0]
    track, geometry = timeline.on_map.tracks[0], replayed.geometry_shown
    assert geometry is not None
    view = Oblique(canvas.destination, canvas.width(), canvas.height())
    px = view.screen(*geometry.plane.to_plane(track.lon, track.lat).T)
    assert ((px > 0) & (px < [canvas.width(), canvas.height()])).all(), "all of it is in view"
    assert np.ptp(px[:, 0]) > canvas.width() / 3, "as near as it may be"


def test_who_asks_for_a_track_amid_it_stays_at_his_moment(replayed: MapPanel) -> None:
    ask_track(replayed)
    assert replayed.timeline.play.at_s == (NOW - timedelta(minutes=70)).timestamp()
    assert [spot.row for _, (_, spot) in replayed.canvas.shown.tracks.spots()] == [20]


def test_fit_shows_the_tracks_and_the_whole_district_without_any(replayed: MapPanel) -> None:
    assert replayed.timeline.keeps_out("fit") is None
    replayed.home()
    home = replayed.canvas.destination
    ask_track(replayed)
    near = replayed.canvas.destination
    assert near.metres_per_pixel < home.metres_per_pixel
    replayed.home()
    replayed.tools.acts()["fit"]()
    assert replayed.canvas.destination == near
    replayed.timeline.tracks.drop()
    replayed.tools.acts()["fit"]()
    assert replayed.canvas.destination == home


# ---- an area


def draw_shape(panel: MapPanel) -> None:
    """A shape around all of the town."""
    picking = panel.tools.picking
    picking.begin()
    corners = [corner(-1.0, -1.0), corner(3.0, -1.0), corner(3.0, 3.0), corner(-1.0, 3.0)]
    picking._end_with(Shape((picking.plane_of(corners),)))


def test_an_area_holds_what_stood_in_it_then_and_says_of_when(replayed: MapPanel, desk: FakeDesk, told: ToldPast) -> None:
    assert replayed.timeline.keeps_out("pick_area") is None
    draw_shape(replayed)
    listed, moment_s = replayed.tools.inside, replayed.timeline.play.at_s
    assert {str(case.incident.id) for case in listed.inside.cases} == set(stood(told, moment_s))
    assert {str(case.incident.id): case.incident.state for case in listed.inside.cases} == stood(told, moment_s)
    assert not listed.inside.workers, "nobody knows where everybody was"
    assert "人员" not in listed.title.text()
    assert "2026-11-22 13:22:08" in listed.title.text()
    chosen = desk.selection.incident
    sign = replayed.timeline.sign.box()
    assert replayed.below_strip >= sign.bottom(), "what stands over the map leaves the sign free"
    assert listed.geometry().top() > sign.bottom()
    listed.rows.step(1)
    assert replayed.timeline.on_map.looked_at == listed.inside.cases[0].incident.id
    assert desk.selection.incident == chosen, "the board stays in the present"
    listed.copy_table()
    assert "2026-11-22 13:22:08" in QGuiApplication.clipboard().text().splitlines()[1]
    record = told.asked[-1]
    assert isinstance(record, RecordLeaving)
    assert record.chosen["then"] == "2026-11-22 13:22:08"
    assert replayed.timeline.step_out()
    assert not listed.isVisible()
    assert replayed.timeline.is_past, "one step out"
    draw_shape(replayed)
    replayed.timeline.leave()
    assert not listed.isVisible(), "a list of the past does not stay in the present"


# ---- paper


@pytest.mark.parametrize("kind", [PlainCanvas, MapCanvas])
def test_the_printed_map_is_of_the_moment_and_says_so(
    qtbot: QtBot, desk: FakeDesk, town_geometry: Geometry, told: ToldPast, kind: type
) -> None:
    desk.seat.ask = told.ask
    panel = MapPanel(desk.seat, kind)
    qtbot.addWidget(panel)
    panel.resize(726, 640)
    panel.show()
    qtbot.waitExposed(panel)
    panel.show_town(town_geometry, "")
    panel.timeline.read_typed("2小时")
    panel.timeline.reading._take_some() if not panel.timeline.is_past else None
    panel.timeline.jump((NOW - timedelta(minutes=70)).timestamp())
    sheet = map_sheet(panel.seat_shown, panel, Asked())
    said = desk.seat.words("paper.then", at="2026-11-22 13:22:08")
    assert sheet.then == said
    assert set(said) - {" "} - letters_of(sheet.pdf()) == set()
    assert desk.seat.words("paper.head.then", town=desk.situation.town.name) == sheet.title
    assert "13:22" in sheet.as_of
    png = QImage.fromData(sheet.png())
    scale = PRINT_DPI / 254
    left, top = round((EDGE + 8) * scale), round((PLAN.top() + 8) * scale)
    frame = pixels(png)[top, left : round((PLAN.right() - 8) * scale)]
    for ink in (DAY.past, DAY.on_past):
        assert (np.abs(frame.astype(int) - colour(ink)).max(axis=1) < 12).mean() > 0.15, "the broken frame"
    assert not map_sheet(desk.seat, panel, Asked()).then
    panel.timeline.put_away()


def test_what_is_confidential_today_is_left_off_the_paper_of_a_day_it_was_not(
    replayed: MapPanel, paper: PaperDesk, desk: FakeDesk, told: ToldPast, tmp_path: Path
) -> None:
    case = next(life[0][1] for life in told.lives.values() if str(life[0][1].incident.id) in replayed.canvas.shown.pins.ids)
    incident = case.incident.id
    today = replace(case, incident=replace(case.incident, confidentiality=2, version=99))
    desk.situation.cases[incident] = today
    quiet, loud = (map_sheet(replayed.seat_shown, replayed, asked) for asked in (Asked(), ALL))
    assert (quiet.secret, loud.secret) == ((), (incident,))
    assert (pixels(quiet.picture.image) != pixels(loud.picture.image)).any()
    ramps = [content_of(replayed.seat_shown, replayed, cases, ALL).figures.ramp.max() for cases in ([], [today])]
    assert ramps[0] < ramps[1], "nor is it counted"
    paper.export_to(tmp_path / "map.pdf", ALL)
    record = told.asked[-1]
    assert isinstance(record, RecordLeaving)
    assert (record.confidential, record.chosen["then"]) == ((incident,), "2026-11-22 13:22:08")


@pytest.mark.parametrize("told_by", ["a later change", "the server"])
def test_what_ended_and_became_confidential_is_left_off_the_paper_too(
    panel: MapPanel, desk: FakeDesk, told: ToldPast, told_by: str
) -> None:
    desk.seat.officer = SHIFT_LEAD
    at, last = told.lives[0][-1]
    if told_by == "the server":
        told.confidential = (0,)
    else:
        told.lives[0][-1] = at, replace(last, incident=replace(last.incident, confidentiality=2))
    desk.situation.cases.pop(last.incident.id, None)
    panel.timeline.read_typed("2小时")
    panel.timeline.jump((NOW - timedelta(minutes=90)).timestamp())
    assert str(last.incident.id) in panel.canvas.shown.pins.ids
    quiet, loud = (map_sheet(panel.seat_shown, panel, asked) for asked in (Asked(), ALL))
    assert (quiet.secret, loud.secret) == ((), (last.incident.id,))


def test_a_track_is_on_paper_only_where_people_were_asked_for_and_then_on_record(
    replayed: MapPanel, paper: PaperDesk, told: ToldPast, tmp_path: Path
) -> None:
    ask_track(replayed)
    with_people, without = (map_sheet(replayed.seat_shown, replayed, asked) for asked in (Asked(people=True), Asked()))
    marks = [{entry.mark for entry in sheet.entries()} for sheet in (with_people, without)]
    assert ["track" in each for each in marks] == [True, False]
    assert not any(each & {"worker", "candidate"} for each in marks), "nobody's place of today is on it"
    replayed.timeline.tracks.drop()
    none = map_sheet(replayed.seat_shown, replayed, Asked())
    assert (pixels(without.picture.image) == pixels(none.picture.image)).all()
    assert (pixels(with_people.picture.image) != pixels(none.picture.image)).any()
    ask_track(replayed)
    count = len(told.asked)
    paper.export_to(tmp_path / "plain.png", Asked())
    assert len(told.asked) == count
    paper.export_to(tmp_path / "people.png", Asked(people=True))
    record = told.asked[-1]
    assert isinstance(record, RecordLeaving)
    assert (record.chosen["tracks"], record.rows) == ("1", 1)
    replayed.timeline.on_map.show_track(replace(replayed.timeline.on_map.tracks[0], id="2"))
    paper.export_to(tmp_path / "two.png", Asked(people=True))
    assert (told.asked[-1].chosen["tracks"], told.asked[-1].rows) == ("1 2", 2)
    assert (tmp_path / "people.png").exists()
    assert "2026-11-22 1322" in paper.file_name("png")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_briefing_tells_of_the_moment_and_says_so_above_everything(
    qtbot: QtBot, replayed: MapPanel, paper: PaperDesk, desk: FakeDesk, told: ToldPast, tmp_path: Path, language: str
) -> None:
    desk.seat.words.use(language)
    past = replayed.timeline.on_map.past
    assert past is not None
    case = past.open_cases()[0]
    desk.selection.choose_incident(None)
    paper.switch()
    assert not paper.panel.buttons["incident"].isEnabled()
    paper.step_out()
    replayed.past_picked.emit(str(case.incident.id))
    paper.switch()
    assert paper.panel.title.text() == desk.seat.words("paper.title.then")
    assert paper.panel.buttons["incident"].isEnabled(), "the incident that is watched"
    paper.brief()
    qtbot.waitUntil(lambda: (tmp_path / "page").exists(), timeout=20_000)
    page = Path((tmp_path / "page").read_text()).read_text("utf-8")
    words = desk.seat.words
    said = words("paper.then", at="2026-11-22 13:22:08")
    body = page.partition("<body>")[2]
    assert body.index(f'<p class="then">{said}</p>') < body.index("<h1>")
    assert said in re.findall(r"<title>(.*?)</title>", page, re.S)[0]
    assert f"<td>{words(f'state.{case.incident.state}')}</td>" in page
    others = [each.incident.number for each in past.open_cases()[1:]]
    assert words("brief.around", count=len(others)) in page
    assert all(number in page for number in others)


def test_an_incident_that_was_not_there_yet_has_no_briefing_and_that_is_said(
    replayed: MapPanel, paper: PaperDesk, desk: FakeDesk, told: ToldPast
) -> None:
    replayed.past_picked.emit(str(told.lives[5][0][1].incident.id))
    replayed.timeline.jump(replayed.timeline.play.since_s)
    paper.brief()
    assert paper.panel.answer.text() == desk.seat.words("refused.not_there_then")


# ---- what is not whole, and the last shift


def test_an_incident_that_came_only_in_part_is_named(replayed: MapPanel, desk: FakeDesk, told: ToldPast) -> None:
    timeline, words = replayed.timeline, desk.seat.words
    assert "不完整" not in timeline.strip.period.text()
    told.cut = (1,)
    timeline.read_typed("3小时")
    number = told.lives[1][0][1].incident.number
    assert number in timeline.strip.said.text()
    assert timeline.strip.said.property("look") == "warn"
    assert "1 件不完整" in timeline.strip.period.text()
    assert number in timeline.strip.period.toolTip()
    incident = str(told.lives[1][0][1].incident.id)
    replayed.past_picked.emit(incident)
    here = words("past.cut.here")
    for nth, (at, _) in enumerate(told.lives[1]):
        timeline.jump(at.timestamp())
        is_last = nth == len(told.lives[1]) - 1
        assert (here in timeline.strip.said.text()) == is_last, nth
        assert (here in timeline.on_map.tip("incident", incident)) == is_last, nth


def shift(name: str, starts_at: datetime, state: ShiftState = ShiftState.CLOSED, closed_at: datetime | None = None) -> Shift:
    """A shift planned for eight hours that opened three minutes late."""
    times = starts_at, starts_at + timedelta(hours=8)
    opened = starts_at + timedelta(minutes=3)
    return Shift(situations.named(name), CENTRE_UNIT.id, name, *times, state, opened_at=opened, closed_at=closed_at)


NIGHT = shift("夜班", NOW - timedelta(hours=11), closed_at=NOW - timedelta(hours=2, minutes=57))
DAY_SHIFT = shift("白班", NOW - timedelta(hours=3), ShiftState.OPEN)
EVENING = shift("中班", NOW - timedelta(hours=19), closed_at=NOW - timedelta(hours=10, minutes=57))


def handed(out: Shift, into: Shift) -> PastHandover:
    """A hand-over that is done."""
    at = out.closed_at or NOW
    signed = Signature(situations.named("x"), "某", at)
    made = Handover(situations.named(out.name), CENTRE_UNIT.id, out.id, into.id, at, "某", signed, signed)
    return PastHandover(made, out.name, into.name)


@pytest.mark.parametrize(
    ("past", "log", "since", "until", "said"),
    [
        ((handed(NIGHT, DAY_SHIFT),), (NIGHT,), NIGHT.opened_at, NIGHT.closed_at, "班次“夜班”"),
        ((handed(EVENING, NIGHT),), (NIGHT,), NIGHT.opened_at, NIGHT.closed_at, "班次“夜班”"),
        ((), (), DAY_SHIFT.opened_at - timedelta(hours=8), DAY_SHIFT.opened_at, "按本班计划时长推算"),  # type: ignore[operator]
    ],
    ids=["handed over", "closed without another", "nobody knows"],
)
def test_the_last_shift_is_the_one_that_was(
    panel: MapPanel,
    desk: FakeDesk,
    told: ToldPast,
    past: tuple[PastHandover, ...],
    log: tuple[Shift, ...],
    since: datetime,
    until: datetime,
    said: str,
) -> None:
    desk.situation.shifts[CENTRE_UNIT.id] = UnitShifts(CENTRE_UNIT.id, DAY_SHIFT)
    told.handed, told.shifts = past, {each.id: each for each in log}
    panel.timeline.open()
    panel.timeline.strip.presets["shift_before"].click()
    shown = panel.timeline.on_map.past
    assert shown is not None
    assert (shown.since, shown.until) == (since, until)
    assert panel.timeline.strip.period.text().startswith(period_text(since, until))
    assert said in panel.timeline.strip.period.text()


def test_where_the_last_shift_cannot_be_asked_for_the_planned_length_is_taken_and_said(
    panel: MapPanel, desk: FakeDesk, told: ToldPast
) -> None:
    desk.situation.shifts[CENTRE_UNIT.id] = UnitShifts(CENTRE_UNIT.id, DAY_SHIFT)
    told.refuse = [Refused("not_your_role", role="CK")]
    panel.timeline.open()
    panel.timeline.at_hand.read("shift_before")
    assert "按本班计划时长推算" in panel.timeline.strip.period.text()
    before = panel.timeline.on_map.past
    for_a_month = replace(DAY_SHIFT, ends_at=DAY_SHIFT.ends_at + timedelta(days=30))
    desk.situation.shifts[CENTRE_UNIT.id] = UnitShifts(CENTRE_UNIT.id, for_a_month)
    panel.timeline.at_hand.read("shift_before")
    assert "没有交接班记录" in panel.timeline.strip.said.text(), "a month is no guess"
    assert panel.timeline.on_map.past is before
    told.waits = True
    panel.timeline.at_hand.read("shift_before")
    panel.timeline.at_hand.read("hour")
    told.late[0]()
    assert panel.timeline._asked == period_text(NOW - timedelta(hours=1), NOW), "what was chosen last counts"
