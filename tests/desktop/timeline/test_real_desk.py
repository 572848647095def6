"""By keys alone, on a whole desk and a real server: an afternoon is replayed while the present goes on, and left again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.arguments import DeskArguments
from desktop.desk import Desk
from desktop.desk_window import DeskWindow
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.map.plain_canvas import PlainCanvas
from desktop.map_marks import pins_of
from desktop.settings import DeskFolder
from desktop.words import Words
from governance.commands import Correct, File, MakeReport
from governance.incident import Case
from server.ledger import incidents
from server.ledger.entry import Entered
from server.positions.tracks import COPY, copy_stream
from tests.server.conftest import District, district, middle, seeded_template
from wire.publications import POSITION

__all__ = ["district", "seeded_template"]
KEY, CTRL = Qt.Key, Qt.KeyboardModifier.ControlModifier
PATIENCE_MS = 30_000
BEGAN = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)
REASON = "hedui daochang"


@pytest.fixture
def afternoon(district: District) -> list[tuple[datetime, Case]]:
    """Two incidents that were reported and filed, minutes apart, and the walk of the first worker."""
    stood: list[tuple[datetime, Case]] = []
    for number in range(2):
        at = BEGAN + timedelta(minutes=20 + 20 * number)
        made = district.order(MakeReport("有人摆摊", middle(number), category="03.02"), "duty1", now=at)
        filed = district.order(File("03.02", reason="已核实"), "duty1", made, now=at + timedelta(minutes=5))
        assert made.case is not None
        assert filed.case is not None
        stood += [(at, made.case), (at + timedelta(minutes=5), filed.case)]
    fixes = np.zeros(100, POSITION)
    fixes["worker"], fixes["at"] = district.workers[0].number, int(BEGAN.timestamp()) + 60 * np.arange(1, 101)
    fixes["lon"], fixes["lat"] = 1_200_020_000 + 300 * np.arange(100), 300_050_000
    with district.owner.transaction() as connection:
        for day in {datetime.fromtimestamp(at, UTC).date() for at in fixes["at"].tolist()}:
            connection.execute("SELECT ensure_position_day(%s)", (day,))
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(copy_stream(fixes))
    return stood


@pytest.fixture
def desk(qtbot: QtBot, district: District, afternoon: object, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """The whole desk of the shift lead, signed on, its map there; the parameter is what its workstation keeps."""
    district.start("desk")
    folder, words = DeskFolder(tmp_path), Words("zh")
    folder.write("desk", getattr(request, "param", {}))
    window = DeskWindow(words, folder, "night", district.settings.desk_endpoint, has_gl=False)
    window.dress()
    endpoint, key = district.settings.desk_endpoint, district.keys.curve_public
    arguments = DeskArguments(endpoint, key, "lead1", district.seeded.passwords["lead1"])
    made = Desk(arguments, folder, Link(ServerAddress(endpoint, key), tmp_path / "packs"), window, words)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    with qtbot.waitSignal(made.ready, timeout=PATIENCE_MS):
        made.start()
    window.activateWindow()
    yield made
    made.stop()


def open_at(stood: list[tuple[datetime, Case]], moment: datetime) -> dict[UUID, str]:
    """The state of every incident at a moment."""
    return {case.incident.id: case.incident.state.value for at, case in stood if at <= moment}


@pytest.mark.parametrize("desk", [{"map": "plain"}], indirect=True, ids=["plain map"])
def test_what_is_committed_elsewhere_never_moves_the_map_an_officer_has_moved(
    qtbot: QtBot, desk: Desk, district: District, afternoon: list[tuple[datetime, Case]]
) -> None:
    duty, panel = desk.duty, desk.panel
    assert duty is not None
    assert panel is not None
    canvas, chosen = panel.canvas, afternoon[-1][1].incident
    assert isinstance(canvas, PlainCanvas), "the map this workstation keeps to"

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or duty, key, modifier)

    duty.seat.selection.choose_incident(chosen.id)
    for key in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Up):
        press(key, Qt.KeyboardModifier.ShiftModifier)
    press(KEY.Key_Plus)
    qtbot.waitUntil(lambda: canvas.viewpoint == canvas.destination and not canvas._settle.isActive(), timeout=PATIENCE_MS)
    here, moved = canvas.viewpoint, list[object]()
    canvas.viewpoint_changed.connect(lambda: moved.append(canvas.viewpoint))
    stands = Entered(uuid4(), chosen.id, chosen.version, "", 0)
    moved_away = district.order(Correct("位置报错", place=middle(6), place_text="北门"), "duty1", stands)
    far = district.order(MakeReport("井盖丢失", middle(7), category="03.02"), "duty1")
    qtbot.waitUntil(lambda: str(far.incident) in canvas.shown.pins.ids, timeout=PATIENCE_MS)
    assert desk.situation.cases[chosen.id].incident.version == moved_away.version, "the selected incident lies elsewhere now"
    frames = canvas.counters.dynamic_frames
    qtbot.waitUntil(lambda: canvas.counters.dynamic_frames > frames or not canvas._motion.isActive(), timeout=PATIENCE_MS)
    assert moved == []
    assert canvas.viewpoint == canvas.destination == here


def test_an_afternoon_is_replayed_by_keys_and_the_present_is_whole_afterwards(
    qtbot: QtBot, desk: Desk, district: District, afternoon: list[tuple[datetime, Case]]
) -> None:
    duty, panel = desk.duty, desk.panel
    assert duty is not None
    assert panel is not None
    timeline = panel.timeline

    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or duty, key, modifier)

    def wait(holds: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(holds()), timeout=PATIENCE_MS)

    press(KEY.Key_F2)
    duty.top.command.setText("回放 3小时")
    press(KEY.Key_Return)
    wait(lambda: timeline.is_past)
    assert panel.canvas.shown.pins.ids == ()
    changes = sorted({at for at, _ in afternoon})
    for at in changes:
        press(KEY.Key_Right, CTRL)
        assert timeline.play.at_s == at.timestamp()
        assert set(panel.canvas.shown.pins.ids) == {str(each) for each in open_at(afternoon, at)}
    press(KEY.Key_Left, CTRL)
    assert timeline.play.at_s == changes[-2].timestamp()

    there = panel.canvas.shown.pins.ids
    late = district.order(MakeReport("井盖丢失", middle(3)), "duty1")
    wait(lambda: late.incident in desk.situation.cases)
    assert panel.canvas.shown.pins.ids == there, "the map stays in the past"
    press(KEY.Key_J)
    press(KEY.Key_A)
    wait(lambda: "回放" in duty.banner.text.text())
    assert duty.card.open_form is None
    greyed = [name for name, button in duty.card.action_bar.buttons.items() if button.property("off")]
    assert set(greyed) >= {"assign", "file", "raise"}
    assert desk.orders.count() == 0

    press(KEY.Key_E, CTRL)
    form = timeline.tracks.form
    form.who.setText(f"#{district.workers[0].number}")
    press(KEY.Key_Return)
    qtbot.keyClicks(form.reason, REASON)
    press(KEY.Key_Return)
    wait(lambda: timeline.on_map.tracks)
    assert [len(track) for track in timeline.on_map.tracks] == [100]
    with district.owner.transaction() as connection:
        looked = connection.execute("SELECT worker, reason FROM track_access").fetchall()
    assert looked == [(district.workers[0].id, REASON)]
    assert [spot.row for _, (_, spot) in panel.canvas.shown.tracks.spots()] == [39]

    press(KEY.Key_K, CTRL)
    assert timeline.play.is_going
    press(KEY.Key_Escape)  # the banner
    press(KEY.Key_Escape)
    assert not timeline.is_past
    assert timeline.strip.isHidden()
    assert not duty.card.action_bar.buttons["file"].property("off"), "what was reported meanwhile may be taken in"
    with district.ledger.transaction() as connection:
        now = datetime.now(UTC)
        rules, officer = district.ledger.rules(connection, now), district.officers["lead1"]
        fresh = {case.incident.id: case for case in incidents.visible(connection, officer, rules, now)}
    assert desk.situation.cases == fresh
    assert set(panel.canvas.shown.pins.ids) == set(pins_of(fresh.values(), ()).ids)
    assert panel.canvas.shown.tracks.spots() == []
    press(KEY.Key_H, CTRL)
    wait(lambda: timeline.is_past)
    press(KEY.Key_0, CTRL)
    assert not timeline.is_past
