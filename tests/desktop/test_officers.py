"""One desk, several officers: each sees and keeps his own, and nobody the one's before him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from desktop.desk import AGAIN_MS
from desktop.dispatch.drafts import Drafts
from desktop.dispatch.report_form import ReportForm
from desktop.link.from_server import BacklogStands, CameraAddress, LoggedOn, PackFailed, PackReceived, SessionOver
from desktop.link.to_server import LogOff, Resync, Send, Watch
from desktop.settings import officer_file
from desktop.town_arrival import TownArrival
from gis_data.town.pack import write_packs
from governance.camera import StreamKind
from governance.refusal import Refused
from tests.fakes.quiet_link import WholeDesk, session
from tests.fakes.situations import CHECKER, OFFICER, named
from tests.fakes.small_town import small_town
from wire.requests import TownManifest


@pytest.fixture
def whole(qtbot: QtBot, tmp_path: Path) -> Iterator[WholeDesk]:
    """A whole desk at its sign-on page."""
    made = WholeDesk(tmp_path)
    qtbot.addWidget(made.window)
    made.window.resize(1366, 768)
    made.window.show()
    yield made
    made.desk.stop()


def test_the_next_officer_selects_in_a_window_of_his_own(qtbot: QtBot, whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    first = whole.desk.duty
    assert first is not None
    whole.sign_on("he", CHECKER)
    qtbot.waitUntil(lambda: not isValid(first))  # gone, with everything that listened
    assert whole.desk.duty is not first
    assert whole.desk.seat is not None
    assert whole.desk.seat.situation.cases == {}, "nothing of the officer before is there"
    whole.snapshot()
    chosen = next(iter(whole.desk.situation.cases))
    whole.desk.selection.choose_incident(chosen)
    whole.desk.orders.pending_changed.emit(chosen)
    assert whole.desk.duty is not None
    assert whole.desk.duty.card.case is whole.desk.situation.cases[chosen]


def test_the_same_officer_keeps_his_window_in_a_new_shift(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    before = whole.desk.duty
    later = replace(OFFICER, shift=named("late shift"))
    whole.sign_on("wang", later, shift="夜班")
    assert whole.desk.duty is before
    assert whole.desk.seat is not None
    assert whole.desk.seat.officer == later
    assert before is not None
    assert "夜班" in before.top.who.text()


def test_orders_that_wait_stay_those_of_whoever_gave_them(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.desk.sign_on("he", "secret", None)
    whole.hear(BacklogStands(1, b"his order", "wang"))  # said before the link knew of anybody else
    assert whole.folder.read(officer_file("he", "backlog")) == {}
    assert whole.folder.read(officer_file("wang", "backlog")) == {"kept": b"his order".hex()}


def test_signing_off_ends_the_session_and_keeps_what_was_typed(qtbot: QtBot, whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    duty = whole.desk.duty
    assert duty is not None
    duty.act("new")
    form = duty.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText("路灯不亮")
    qtbot.mouseClick(duty.top.who, Qt.MouseButton.LeftButton)
    assert isinstance(whole.link.wishes[-1], LogOff)
    assert whole.window.currentWidget() is whole.window.sign_on
    assert Drafts(whole.folder, "wang").fields("report 1") is not None
    whole.hear(SessionOver("signed_off"))
    assert whole.window.sign_on.isVisible()
    asked = len(whole.link.wishes)
    whole.hear(SessionOver("no_session"))
    qtbot.wait(AGAIN_MS + 200)  # longer than the desk waits before it signs on again by itself
    assert len(whole.link.wishes) == asked, "nobody is signed on again who left"


def test_signing_off_asks_while_orders_wait(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    duty = whole.desk.duty
    assert duty is not None
    whole.hear(BacklogStands(2, b"two", "wang"))
    duty.top.command.entered.emit("签退")
    assert duty.banner.isVisible()
    assert "2" in duty.banner.text.text()
    duty.act("back")
    assert not duty.banner.isVisible()
    duty.act("sign_off")
    assert not any(isinstance(wish, LogOff) for wish in whole.link.wishes)
    duty.act("sign_off")
    assert isinstance(whole.link.wishes[-1], LogOff)


def test_a_session_renewed_while_the_officer_left_is_ended(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.desk.sign_off()
    whole.hear(LoggedOn(session("wang", OFFICER, "早班")))
    assert [type(wish) for wish in whole.link.wishes[-2:]] == [LogOff, LogOff]
    assert whole.window.currentWidget() is whole.window.sign_on


@pytest.mark.noisy("cannot be written")
def test_a_full_disk_stops_no_order_and_is_told_once(whole: WholeDesk) -> None:
    (whole.folder.home / "officers").write_text("in the way", encoding="utf-8")  # as root, permissions stop nobody
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    duty = whole.desk.duty
    assert duty is not None
    duty.act("new")
    form = duty.card.form
    assert isinstance(form, ReportForm)
    form.text.setPlainText("路灯不亮")
    form.address.setText("120.2123,30.2741")
    duty.act("send")
    assert isinstance(whole.link.wishes[-1], Send)
    assert duty.banner.isVisible()
    duty.act("back")
    duty.put_away()
    assert not duty.banner.isVisible(), "once is enough"
    (whole.folder.home / "officers").unlink()
    duty.put_away()
    assert whole.folder.read(officer_file("wang", "layout")) != {}


@pytest.mark.noisy("could not be fetched")
def test_a_map_that_does_not_come_is_told_once_and_asked_for_again(qtbot: QtBot, whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    whole.snapshot()
    duty = whole.desk.duty
    assert duty is not None
    whole.hear(PackFailed("roads", "no_answer"))
    assert duty.banner.text.text() == whole.desk.words("banner.map")
    duty.act("back")
    whole.hear(PackFailed("water", "no_answer"))
    assert not duty.banner.isVisible()
    whole.desk._map_again.setInterval(0)
    whole.hear(PackFailed("water", "no_answer"))
    qtbot.waitUntil(lambda: isinstance(whole.link.wishes[-1], Resync))


@pytest.mark.noisy("the town could not be read")
def test_a_town_that_could_not_be_read_is_read_again(qtbot: QtBot) -> None:
    town, arrival = small_town(), TownArrival()
    packs = write_packs(town)
    hashes = {layer: (layer, len(data)) for layer, data in packs.items()}
    manifest = TownManifest("", "", "", town.origin.lon, town.origin.lat, hashes)
    last = "land"
    for layer in packs.keys() - {last}:
        arrival.came(PackReceived(layer, layer, packs[layer]), manifest)
    with qtbot.waitSignal(arrival.failed):
        arrival.came(PackReceived(last, last, b"damaged"), manifest)
    with qtbot.waitSignal(arrival.ready, timeout=20_000):
        arrival.came(PackReceived(last, last, packs[last]), manifest)


def test_an_address_asked_for_by_one_officer_answers_no_other(whole: WholeDesk) -> None:
    whole.sign_on("wang", OFFICER)
    got: list[object] = []
    whole.desk.addresses.ask("cam", StreamKind.SUB, got.append)
    whole.sign_on("wang", OFFICER)
    assert len([wish for wish in whole.link.wishes if isinstance(wish, Watch)]) == 2, "the new session is asked again"
    whole.sign_on("he", CHECKER)
    whole.desk.addresses.ask("cam", StreamKind.SUB, lambda _answer: None)
    assert isinstance(whole.link.wishes[-1], Watch), "he asks for himself"
    whole.hear(CameraAddress("cam", refused=Refused("no_session")))
    assert got == []
