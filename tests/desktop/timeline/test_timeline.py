"""The timeline on a real map: what it shows, what it keeps out, and that the present is whole when it is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.acts import go_to_found
from desktop.command.find import Entry
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import CameraState, Geometry
from desktop.map_marks import pins_of
from desktop.map_panel import MapPanel
from desktop.shortcuts import SHORTCUTS
from desktop.situation.touched import Touched
from desktop.timeline import reading, timeline_desk
from desktop.timeline.kept_out import IN_THE_PAST
from desktop.timeline.scale import step_of, times_of
from desktop.words import Words
from governance.incident import TERMINAL
from governance.refusal import Refused
from tests.desktop.timeline.conftest import NOW, ToldPast
from tests.fakes import situations
from tests.fakes.desks import FakeDesk
from tests.fakes.situations import CHECKER, SHIFT_LEAD
from tests.fakes.small_town import corner
from wire.past_requests import AskTrack, ReadPast
from wire.publications import POSITION

REASON = "核对到场时间"


def stood(told: ToldPast, moment_s: float) -> dict[str, str]:
    """Every incident that was open at a moment, with its state."""
    found = {}
    for life in told.lives.values():
        for at, case in life:
            if at.timestamp() <= moment_s:
                found[str(case.incident.id)] = case
    return {key: case.incident.state.value for key, case in found.items() if case.incident.state not in TERMINAL}


def test_it_opens_with_the_last_hour_and_shows_how_it_began(panel: MapPanel, told: ToldPast) -> None:
    panel.timeline.switch()
    past = panel.timeline.on_map.past
    assert past is not None
    assert isinstance(told.asked[0], ReadPast)
    assert (told.asked[0].since, told.asked[0].until) == (NOW - timedelta(hours=1), NOW)
    assert set(panel.canvas.shown.pins.ids) == set(stood(told, past.since_s))
    assert len(panel.canvas.shown.workers) == 0, "where the workers are now is none of the past"
    assert panel.canvas.shown.cameras.state.tolist().count(CameraState.OFFLINE) >= 3
    assert "不是实时" in panel.timeline.sign.text
    assert panel.timeline.sign.isVisible()


def test_a_jump_anywhere_shows_what_stood_then(panel: MapPanel, told: ToldPast) -> None:
    panel.timeline.read_typed("2小时")
    begin = (NOW - timedelta(hours=2)).timestamp()
    for minute in (0, 30, 119, 60, 61, 5, 90):
        panel.timeline.jump(begin + 60 * minute)
        assert set(panel.canvas.shown.pins.ids) == set(stood(told, begin + 60 * minute)), minute
        opened = panel.canvas.shown.figures
        assert (opened.height > 0).any() == bool(stood(told, begin + 60 * minute))


def test_steps_stand_at_every_change_and_back(panel: MapPanel, told: ToldPast) -> None:
    panel.timeline.read_typed("2小时")
    timeline, seen = panel.timeline, []
    wanted = sorted({at.timestamp() for life in told.lives.values() for at, _ in life})
    for _ in wanted:
        timeline.step(1)
        seen.append(timeline.play.at_s)
    assert seen == wanted
    assert timeline.strip.said.text().startswith(timeline.strip.at.text())
    timeline.step(1)
    assert timeline.play.at_s == timeline.play.until_s
    back = []
    for _ in wanted:
        timeline.step(-1)
        back.append(timeline.play.at_s)
    assert back == wanted[::-1]
    timeline.step(-1)
    assert timeline.play.at_s == timeline.play.since_s


def test_it_plays_to_the_end_and_stands_there(qtbot: QtBot, panel: MapPanel, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(timeline_desk.time, "monotonic", lambda: clock[0])
    panel.timeline.switch()
    timeline = panel.timeline
    timeline.acts()["past_faster"]()
    for _ in range(9):
        timeline.acts()["past_faster"]()
    assert timeline.strip.speed.text() == "600×"
    timeline.switch_going()
    assert timeline.strip.buttons["past_play"].text() == "Ⅱ"
    clock[0] += 0.4
    qtbot.waitUntil(lambda: timeline.play.at_s == timeline.play.since_s + 240)
    clock[0] += 30.0
    qtbot.waitUntil(lambda: timeline.play.at_s == timeline.play.since_s + 540)  # a window that hung makes no leap
    while timeline.play.is_going:
        clock[0] += 0.5
        timeline._pass()
    assert timeline.play.at_s == timeline.play.until_s
    assert timeline.strip.buttons["past_play"].text() == "▶"


def test_the_present_goes_on_underneath_and_is_whole_when_the_past_is_left(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, town_geometry: Geometry
) -> None:
    desk.ticker.touched.connect(panel.touch)
    panel.timeline.switch()
    shown = panel.canvas.shown.pins
    arrived = desk.arrive(9001)
    case = desk.first("filed")
    desk.change(case, replace(case, incident=replace(case.incident, version=case.incident.version + 1, supervised=True)))
    desk.orders.pending_changed.emit(case.incident.id)
    desk.selection.offer(tuple(desk.situation.workers.ids[:3]))
    panel.figures.show_now()
    later = np.frombuffer(situations.positions(NOW + timedelta(minutes=1)), POSITION)
    panel.touch(desk.situation.move(later) | Touched(cameras=frozenset({desk.situation.cameras.all()[0].id})))
    assert panel.canvas.shown.cameras.state[0] == CameraState.OFFLINE, "as it was"
    desk.resync(())
    panel._mark_workers()
    assert panel.canvas.shown.pins is shown, "nothing of the present is on the map of the past"
    assert not len(panel.canvas.shown.candidates)
    assert arrived.incident.id in desk.situation.cases
    panel.timeline.leave()
    fresh = MapPanel(desk.seat, PlainCanvas)
    qtbot.addWidget(fresh)
    fresh.show_town(town_geometry, "")
    for name in ("ids", "lon", "lat", "state", "urgency", "overdue"):
        mine, theirs = (np.array(getattr(each.canvas.shown.pins, name)).tolist() for each in (panel, fresh))
        assert mine == theirs, name
    mine, theirs = (each.canvas.shown.workers for each in (panel, fresh))
    assert mine.numbers == theirs.numbers
    assert np.array_equal(mine.ends(), theirs.ends(), equal_nan=True)
    assert mine.look.tolist() == theirs.look.tolist()
    assert panel.canvas.shown.cameras.state.tolist() == fresh.canvas.shown.cameras.state.tolist()
    assert panel.canvas.shown.figures.height.tolist() == fresh.canvas.shown.figures.height.tolist()
    assert str(arrived.incident.id) in pins_of(desk.situation.cases.values(), ()).ids
    assert not panel.timeline.sign.isVisible()


def test_another_town_meanwhile_shows_the_past_again(panel: MapPanel, told: ToldPast, town_geometry: Geometry) -> None:
    panel.timeline.read_typed("2小时")
    panel.timeline.jump(NOW.timestamp() - 3600)
    wanted = set(stood(told, NOW.timestamp() - 3600))
    panel.show_town(town_geometry, "")
    assert set(panel.canvas.shown.pins.ids) == wanted
    assert len(panel.canvas.shown.workers) == 0


def test_nothing_is_ordered_from_the_past_and_the_key_says_why(panel: MapPanel) -> None:
    orders, people = ("new", "assign", "send", "handover", "dial", "indicators"), ("follow", "sight", "near", "pictures")
    keys = (*orders, *people)
    assert [panel.timeline.keeps_out(name) for name in keys] == [None] * len(keys)
    panel.timeline.switch()
    refused = [panel.timeline.keeps_out(name) for name in keys]
    said = ["in_the_past"] * len(orders) + ["past_has_no_people"] * len(people)
    assert [no.code if no is not None else name for no, name in zip(refused, keys, strict=True)] == said
    panel.timeline.leave()
    assert [panel.timeline.keeps_out(name) for name in keys] == [None] * len(keys)


def test_what_may_be_done_in_the_past_are_actions_of_the_key_table() -> None:
    assert IN_THE_PAST - {each.action for each in SHORTCUTS} == {"goto"}


def test_lists_of_what_is_there_now_go_and_nobody_is_gone_to_where_he_is_now(desk: FakeDesk, panel: MapPanel) -> None:
    panel.tools.here.look(corner(0.5, 0.5))
    assert panel.tools.here.place is not None
    panel.timeline.switch()
    assert panel.tools.here.place is None
    worker = str(desk.situation.workers.ids[0])
    go_to_found(desk.window, Entry("workers", worker, "", "", "", ""))
    assert desk.selection.worker is None
    assert "回放" in desk.window.banner.text.text()


def test_a_form_that_is_open_sends_nothing_while_the_map_shows_the_past(desk: FakeDesk, panel: MapPanel) -> None:
    desk.choose("filed")
    desk.window.act("assign")
    form = desk.card.open_form
    assert form is not None
    panel.timeline.switch()
    form.send()
    assert desk.sent == []
    assert "回放" in form.said.text()
    panel.timeline.leave()
    form.send()
    assert len(desk.sent) == 1


def test_what_the_server_says_no_to_is_said_and_the_present_stays(panel: MapPanel, told: ToldPast) -> None:
    told.refuse = [Refused("past_too_wide", "since")]
    panel.timeline.switch()
    assert not panel.timeline.is_past
    assert "太多" in panel.timeline.strip.said.text()
    panel.timeline.at_hand.read("hour")
    assert panel.timeline.is_past
    told.refuse = [Refused("past_too_long", "since", days="7")]
    panel.timeline.read_typed("9天")
    assert panel.timeline.is_past, "what was shown before stays"


def test_a_busy_server_is_asked_again(qtbot: QtBot, panel: MapPanel, told: ToldPast) -> None:
    told.refuse = [Refused("busy")]
    panel.timeline.switch()
    qtbot.waitUntil(lambda: panel.timeline.is_past)
    assert [type(each) for each in told.asked] == [ReadPast, ReadPast]


def test_a_page_is_taken_in_bit_by_bit_and_dropped_where_somebody_leaves(
    qtbot: QtBot, panel: MapPanel, told: ToldPast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SLICE_S", 0.0)
    panel.timeline.switch()
    assert not panel.timeline.is_past
    qtbot.waitUntil(lambda: panel.timeline.is_past)
    panel.timeline.read_typed("2小时")
    panel.timeline.leave()
    panel.timeline.reading._slice.timeout.emit() if panel.timeline.reading._slice.isActive() else None
    assert not panel.timeline.is_past


@pytest.mark.noisy("a past period could not be read")
def test_what_cannot_be_read_is_said(panel: MapPanel, told: ToldPast) -> None:
    told.spoilt = True
    panel.timeline.switch()
    assert not panel.timeline.is_past
    assert "读不懂" in panel.timeline.strip.said.text()


def test_an_answer_that_comes_after_leaving_is_dropped(panel: MapPanel, told: ToldPast) -> None:
    told.waits = True
    panel.timeline.switch()
    assert "正在读取" in panel.timeline.strip.said.text()
    panel.timeline.leave()
    told.late[0]()
    assert not panel.timeline.is_past
    assert panel.timeline.strip.isHidden()


def test_a_period_nobody_understands_is_said_beside_the_field_and_stays(qtbot: QtBot, panel: MapPanel, told: ToldPast) -> None:
    panel.timeline.open()
    panel.timeline.strip.line.setText("今晚几点")
    qtbot.keyClick(panel.timeline.strip.line, Qt.Key.Key_Return)
    assert "今晚几点" in panel.timeline.strip.said.text()
    assert panel.timeline.strip.line.text() == "今晚几点"
    assert told.asked == []


def test_an_empty_period_says_so(panel: MapPanel, told: ToldPast) -> None:
    told.lives = {}
    panel.timeline.switch()
    assert panel.timeline.is_past
    assert "没有事件" in panel.timeline.strip.said.text()
    panel.timeline.step(1)
    assert panel.timeline.play.at_s == panel.timeline.play.until_s


def test_one_incident_is_watched_through_time(panel: MapPanel, told: ToldPast) -> None:
    panel.timeline.read_typed("2小时")
    life = told.lives[2]
    panel.timeline.jump(life[1][0].timestamp())
    panel.past_picked.emit(str(life[0][1].incident.id))
    assert "待派遣" in panel.timeline.strip.said.text()
    panel.timeline.jump(life[3][0].timestamp())
    assert life[0][1].incident.number.rpartition("-")[2] in panel.timeline.strip.said.text()
    assert "待派遣" not in panel.timeline.strip.said.text()
    panel.timeline.jump(panel.timeline.play.since_s)
    assert "还没有" in panel.timeline.strip.said.text()
    tip = panel.timeline.on_map.tip("incident", str(life[0][1].incident.id))
    assert tip == ""
    panel.timeline.jump(life[3][0].timestamp())
    assert life[0][1].incident.number.rpartition("-")[2] in panel.timeline.on_map.tip("incident", str(life[0][1].incident.id))


# ---- tracks


def test_a_track_asks_for_a_reason_and_goes_with_the_clock(
    qtbot: QtBot, desk: FakeDesk, panel: MapPanel, told: ToldPast
) -> None:
    desk.seat.officer = SHIFT_LEAD
    panel.timeline.read_typed("2小时")
    desk.selection.choose_worker(desk.situation.workers.ids[0])
    panel.timeline.begin_track()
    form = panel.timeline.tracks.form
    assert form.who.text() == f"#{desk.situation.workers.numbers[0]}"
    for reason in ("", "查", "……!!"):
        form.reason.setText(reason)
        qtbot.keyClick(form.reason, Qt.Key.Key_Return)
        assert "理由" in form.said.text()
    assert not any(isinstance(each, AskTrack) for each in told.asked)
    form.reason.setText(REASON)
    assert panel.timeline.keeps_out("send") is None
    assert panel.timeline.send()
    asked = told.asked[-1]
    assert isinstance(asked, AskTrack)
    assert (asked.worker, asked.reason) == (desk.situation.workers.ids[0], REASON)
    assert (asked.since, asked.until) == (NOW - timedelta(hours=2), NOW)
    assert not form.isVisible()
    assert "90" in panel.timeline.strip.tracks.text()
    panel.timeline.jump(NOW.timestamp() - 3600)
    spots = panel.canvas.shown.tracks.spots()
    assert [spot.row for _, (_, spot) in spots] == [30]
    panel.timeline.strip.tracks.click()
    assert panel.canvas.shown.tracks.spots() == []


def test_a_refused_track_says_why_and_loses_nothing_typed(desk: FakeDesk, panel: MapPanel, told: ToldPast) -> None:
    desk.seat.officer = CHECKER
    panel.timeline.switch()
    panel.timeline.begin_track("#1", REASON)
    told.refuse = [Refused("not_your_role", role="CK")]
    panel.timeline.send()
    form = panel.timeline.tracks.form
    assert form.said.text()
    assert (form.who.text(), form.reason.text()) == ("#1", REASON)
    for who, said in (("", "没有这个人"), ("谁也不是", "没有这个人"), ("陈", "几个人")):
        form.who.setText(who)
        form.send()
        assert said in form.said.text(), who


def test_no_position_in_the_period_is_said(panel: MapPanel, told: ToldPast) -> None:
    told.fixes = 0
    panel.timeline.switch()
    panel.timeline.begin_track("#1", REASON)
    panel.timeline.send()
    assert "没有" in panel.timeline.tracks.form.said.text()
    assert panel.timeline.on_map.tracks == []


# ---- how it looks


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_fits_a_small_screen_in_both_languages(desk: FakeDesk, panel: MapPanel, language: str) -> None:
    desk.seat.words.use(language)
    panel.retell()
    panel.timeline.switch()
    assert panel.timeline.strip.minimumSizeHint().width() <= 700, "1366 less board and card"
    assert panel.timeline.strip.height() < 130
    assert panel.canvas.height() > 400
    assert panel.timeline.sign.box().width() < panel.canvas.width()
    words = Words(language)
    assert words("past.sign", at="").split("{")[0][:2] in panel.timeline.sign.text


def test_times_are_written_where_they_have_room() -> None:
    since = NOW.timestamp() - NOW.timestamp() % 3600
    assert step_of(3600.0, 700, 90) == 600
    assert step_of(86_400.0, 700, 90) == 14_400 or step_of(86_400.0, 700, 90) == 21_600
    assert step_of(7 * 86_400.0, 300, 90) % 86_400 == 0
    written = times_of(since + 1, since + 3600, 600)
    assert [round(each - since) for each in written] == [600, 1200, 1800, 2400, 3000, 3600]
