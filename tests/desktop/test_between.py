"""Between link and window: orders, ticks, what is kept on disk, words typed, marks for the map."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from uuid import uuid4

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from desktop.arguments import BadArguments, read_arguments
from desktop.camera_addresses import CameraAddresses
from desktop.dispatch.drafts import KEPT, Drafts
from desktop.dispatch.initials import MOST_SPELLINGS, initials, is_found, spellings
from desktop.dispatch.step_list import grouped
from desktop.link.from_server import CameraAddress, ChangesCame, FromServer, LinkState, Moved, OrderAnswered, SnapshotCame
from desktop.link.to_server import Resync, Watch
from desktop.map.canvas import MapCanvas
from desktop.map.choice import canvas_of
from desktop.map.gl_check import gl_is_usable
from desktop.map.plain_canvas import PlainCanvas
from desktop.map.scene import PinState, WorkerMark
from desktop.map_marks import cameras_of, category_number, pins_of, worker_marks
from desktop.orders import Orders, Outcome
from desktop.run import map_with_gl, run
from desktop.server_time import ServerTime
from desktop.settings import DeskFolder, officer_file
from desktop.ticker import Ticker
from desktop.video_wall.stream_address import NoAddress, StreamAddress
from desktop.words import Words
from governance.camera import StreamKind
from governance.changes import CaseChanged, Change
from governance.commands import RaiseLevel
from governance.incident import State
from governance.refusal import Refused
from tests.fakes import situations
from wire.publications import POSITION


class Parts:
    """A ticker with everything it needs."""

    def __init__(self) -> None:
        self.queue: SimpleQueue[FromServer] = SimpleQueue()
        self.situation = situations.situation(10)
        self.sent: list[object] = []
        self.wishes: list[object] = []
        self.time = ServerTime()
        self.orders = Orders(self.sent.append, self.time.now)
        self.ticker = Ticker(self.queue, self.situation, self.orders, self.time, self.wishes.append)
        self.touched: list[object] = []
        self.ended: list[Outcome] = []
        self.ticker.touched.connect(self.touched.append)
        self.orders.ended.connect(self.ended.append)

    def change(self, number: int, order: object = None) -> Change:
        """A case of the snapshot, one version on."""
        case = next(iter(self.situation.cases.values()))
        newer = replace(case, incident=replace(case.incident, version=case.incident.version + number))
        return Change("330104005/1", number + 1, situations.NOW, order, CaseChanged.between(case, newer))  # type: ignore[arg-type]


@pytest.fixture
def parts(qtbot: QtBot) -> Parts:
    """Fresh parts."""
    return Parts()


def test_a_tick_applies_all_that_came_and_says_so_once(parts: Parts) -> None:
    fix = np.zeros(1, POSITION)
    fix["worker"], fix["at"] = 1, int(situations.NOW.timestamp()) + 5
    parts.queue.put(ChangesCame((parts.change(1),)))
    parts.queue.put(ChangesCame((parts.change(2),)))
    parts.queue.put(Moved(fix))
    parts.ticker.tick()
    assert len(parts.touched) == 1
    assert parts.ticker.fixes == 1
    parts.ticker.tick()
    assert len(parts.touched) == 1, "a tick without news says nothing"


def test_a_hole_in_a_stream_asks_for_a_fresh_snapshot(parts: Parts) -> None:
    parts.queue.put(ChangesCame((parts.change(5),)))
    parts.ticker.tick()
    assert [type(wish) for wish in parts.wishes] == [Resync]
    parts.queue.put(SnapshotCame(situations.snapshot(12)))
    parts.ticker.tick()
    assert len(parts.situation.cases) == 12


@pytest.mark.noisy("could not be taken in")
def test_one_bad_message_does_not_stop_the_others(parts: Parts) -> None:
    parts.queue.put(ChangesCame(("no change at all",)))  # type: ignore[arg-type]
    parts.queue.put(ChangesCame((parts.change(1),)))
    parts.ticker.tick()
    assert len(parts.touched) == 1


def test_a_flood_is_taken_in_parts_so_that_the_window_stays_alive(parts: Parts) -> None:
    for _ in range(1000):
        parts.queue.put(LinkState(True, situations.NOW))
    parts.ticker.tick()
    assert parts.queue.qsize() == 600


def test_an_order_is_pending_until_its_change_is_in(parts: Parts) -> None:
    case = next(iter(parts.situation.cases.values()))
    order_id = parts.orders.send(RaiseLevel("why"), case.incident.id, case.incident.version)
    assert parts.orders.is_pending(case.incident.id)
    parts.queue.put(OrderAnswered(order_id, None, case.incident.id, case.incident.version + 1))
    parts.ticker.tick()
    assert parts.orders.is_pending(case.incident.id), "an answer is not yet the fact on the feed"
    parts.queue.put(ChangesCame((parts.change(1, order_id),)))
    parts.ticker.tick()
    assert not parts.orders.is_pending(case.incident.id)
    assert [(outcome.refused, outcome.incident) for outcome in parts.ended] == [(None, case.incident.id)]


def test_the_feed_may_be_faster_than_the_answer(parts: Parts) -> None:
    case = next(iter(parts.situation.cases.values()))
    order_id = parts.orders.send(RaiseLevel("why"), case.incident.id, case.incident.version)
    parts.queue.put(ChangesCame((parts.change(1, order_id),)))
    parts.queue.put(OrderAnswered(order_id, None, case.incident.id, case.incident.version + 1))
    parts.ticker.tick()
    assert parts.orders.count() == 0
    assert len(parts.ended) == 1


def test_a_refused_order_is_over(parts: Parts) -> None:
    order_id = parts.orders.send(RaiseLevel("why"), uuid4(), 1)
    parts.queue.put(OrderAnswered(order_id, Refused("stale_version", version="3")))
    parts.ticker.tick()
    assert parts.ended[0].refused is not None
    assert parts.orders.count() == 0


def test_a_snapshot_that_holds_the_committed_order_ends_it(parts: Parts) -> None:
    case = next(iter(parts.situation.cases.values()))
    order_id = parts.orders.send(RaiseLevel("why"), case.incident.id, case.incident.version)
    parts.queue.put(OrderAnswered(order_id, None, case.incident.id, case.incident.version + 1))
    parts.ticker.tick()
    snapshot = situations.snapshot(10)
    newer = tuple(replace(c, incident=replace(c.incident, version=c.incident.version + 1)) for c in snapshot.cases)
    parts.queue.put(SnapshotCame(replace_struct(snapshot, newer)))
    parts.ticker.tick()
    assert parts.orders.count() == 0


def replace_struct(snapshot: object, cases: object) -> object:
    """The same snapshot with other cases."""
    import msgspec

    return msgspec.structs.replace(snapshot, cases=cases)  # type: ignore[type-var]


def test_the_servers_clock_is_followed(parts: Parts) -> None:
    parts.queue.put(LinkState(True, situations.NOW, offset_s=3600.0))
    parts.ticker.tick()
    assert abs(parts.time.now() - datetime.now(UTC) - timedelta(hours=1)) < timedelta(seconds=5)


# ---- on disk ----------------------------------------------------------------------------------------------------


def test_a_damaged_file_is_set_aside_and_not_lost(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    (tmp_path / "desk.json").write_text("{broken", encoding="utf-8")
    assert folder.read("desk") == {}
    assert folder.set_aside == [(tmp_path / "desk.json", tmp_path / "desk.unreadable")]
    assert (tmp_path / "desk.unreadable").read_text(encoding="utf-8") == "{broken"
    folder.write("desk", {"language": "en"})
    assert DeskFolder(tmp_path).read("desk") == {"language": "en"}
    assert (tmp_path / "desk.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("account", ["../../etc/passwd", "王明", "", "a/b", "C:\\x"])
def test_an_account_never_leads_out_of_the_folder(tmp_path: Path, account: str) -> None:
    folder = DeskFolder(tmp_path)
    folder.write(officer_file(account, "drafts"), {"a": 1})
    written = list(tmp_path.rglob("*.json"))
    assert len(written) == 1
    assert written[0].is_relative_to(tmp_path / "officers")


@given(name=st.text(max_size=30), text=st.text(max_size=200))
def test_any_text_survives_being_kept(tmp_path_factory: pytest.TempPathFactory, name: str, text: str) -> None:
    folder = DeskFolder(tmp_path_factory.mktemp("desk"))
    readable = text.encode("utf-8", "ignore").decode()
    Drafts(folder, "a").keep(name.encode("utf-8", "ignore").decode(), {"text": readable})
    assert Drafts(folder, "a").fields(name.encode("utf-8", "ignore").decode()) == {"text": readable}


def test_drafts_do_not_grow_for_ever(tmp_path: Path) -> None:
    drafts = Drafts(DeskFolder(tmp_path), "a")
    for number in range(KEPT + 10):
        drafts.keep(f"report {number}", {"text": str(number)})
    assert len(drafts.names()) == KEPT
    assert drafts.fields(f"report {KEPT + 9}") == {"text": str(KEPT + 9)}


# ---- words typed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("燃气泄漏", "rqxl"),
        ("占道经营", "zdjy"),
        ("电梯困人", "dtkr"),
        ("景芳 2 区", "jf2q"),
        ("垃圾", "lj"),
        ("衢州", "qz"),
        ("周昕婷", "zxt"),
    ],
)
def test_initials(text: str, letters: str) -> None:
    assert initials(text) == letters


@pytest.mark.parametrize(
    ("wanted", "name"), [("cgq", "曾国荃"), ("zgq", "曾国荃"), ("dxx", "单雄信"), ("caxq", "长安小区东门一单元")]
)
def test_a_character_of_two_readings_is_found_by_either(wanted: str, name: str) -> None:
    assert is_found(wanted, name)
    assert len(spellings("重长朝曾单解乐行" * 20).splitlines()) <= MOST_SPELLINGS


def test_every_word_of_a_search_must_be_found() -> None:
    assert is_found("rqxl 景芳", "燃气泄漏", "景芳社区")
    assert not is_found("rqxl 三叉", "燃气泄漏", "景芳社区")


# ---- for the map ------------------------------------------------------------------------------------------------


def test_pins_carry_state_urgency_and_pending() -> None:
    cases = situations.cases(40)
    pending = cases[3].incident.id
    pins = pins_of(cases, {pending})
    assert len(pins) == 40
    assert pins.pending.tolist() == [made.incident.id == pending for made in cases]
    for made, state, urgency in zip(cases, pins.state, pins.urgency, strict=True):
        assert urgency == int(made.incident.urgency)
        if made.incident.state in (State.REPORTED, State.FILED, State.DISPATCHED):
            assert state == PinState.WAITING


@pytest.mark.parametrize(("code", "number"), [("01.02", 0), ("10.01", 9), ("", 255), ("07", 6), ("99", 255)])
def test_a_category_has_a_number_the_map_knows(code: str, number: int) -> None:
    assert category_number(code) == number


def test_marks_tell_the_stale_from_the_fresh() -> None:
    situation = situations.situation(1)
    marks = worker_marks(situation.workers, situations.NOW.timestamp())
    assert marks[4] == WorkerMark.STALE, "its fix is four minutes old"
    assert marks[0] == WorkerMark.ON_DUTY
    assert marks[3] == WorkerMark.ON_TASK
    assert marks[6] == WorkerMark.OFF
    assert (worker_marks(situation.workers, situations.NOW.timestamp() + 600)[[0, 1, 3]] == WorkerMark.STALE).all()


def test_cameras_off_line_are_told_apart() -> None:
    shown = cameras_of(situations.cameras())
    assert set(np.flatnonzero(shown.state != 0).tolist()) == {n for n in range(60) if n % 12 == 11}


def test_steps_that_say_the_same_are_one_line() -> None:
    case = situations.case(3, State.FILED)
    late = [replace(case.steps[1], seq=seq, row="E17", actor_name="") for seq in range(3, 9)]
    lines = grouped(Words("zh"), (*case.steps, *late))
    assert [count for _, _, _, count in lines] == [6, 1, 1]
    assert (lines[0][0].seq, lines[0][2].seq) == (8, 3)


# ---- the rest ---------------------------------------------------------------------------------------------------


def test_a_camera_is_asked_for_once_and_the_answer_goes_to_everyone() -> None:
    wishes: list[object] = []
    incident = uuid4()
    addresses = CameraAddresses(wishes.append, Words("zh"), lambda _camera: ("JG-20261122-0001", incident))
    got: list[object] = []
    addresses.ask("cam", StreamKind.SUB, got.append)
    addresses.ask("cam", StreamKind.SUB, got.append)
    assert wishes == [Watch("cam", "JG-20261122-0001", incident)]
    addresses.came(CameraAddress("cam", "rtsp://x", situations.NOW))
    assert got == [StreamAddress("rtsp://x", situations.NOW)] * 2
    addresses.ask("cam", StreamKind.SUB, got.append)
    addresses.came(CameraAddress("cam", refused=Refused("not_your_area")))
    assert got[-1] == NoAddress("不在本岗位的辖区内。")
    addresses.ask("cam", StreamKind.MAIN, got.append)
    assert wishes[-1] == Watch("cam", "JG-20261122-0001", incident, StreamKind.MAIN)
    addresses.came(CameraAddress("cam", "rtsp://small", situations.NOW))
    assert got[-1] == NoAddress("不在本岗位的辖区内。"), "the small stream is not what was asked for"
    addresses.came(CameraAddress("cam", "rtsp://full", situations.NOW, stream=StreamKind.MAIN))
    assert got[-1] == StreamAddress("rtsp://full", situations.NOW)


def test_a_question_that_got_no_answer_does_not_block_its_camera() -> None:
    wishes: list[object] = []
    clock = iter((0.0, 14.0, 15.0, 16.0))
    addresses = CameraAddresses(wishes.append, Words("zh"), lambda _camera: ("", None), lambda: next(clock))
    got: list[object] = []
    for asked in (1, 1, 2, 2):
        addresses.ask("cam", StreamKind.SUB, got.append)
        assert len(wishes) == asked
    addresses.came(CameraAddress("cam", "rtsp://x", situations.NOW))
    assert got == [StreamAddress("rtsp://x", situations.NOW)] * 4


@pytest.fixture
def server_file(tmp_path: Path) -> Path:
    """A file as the demo writes it."""
    path = tmp_path / "desk.json"
    path.write_text('{"desk_endpoint": "tcp://127.0.0.1:1", "server_key": "' + "k" * 40 + '"}', encoding="utf-8")
    return path


def test_without_a_screen_one_line_and_exit_2(
    server_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert run(["--server-file", str(server_file)]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "DISPLAY" in said


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"desk_endpoint": 1, "server_key": "x"}', '{"desk_endpoint": "ipc://x", "server_key": "short"}']
)
def test_a_bad_server_file_gets_one_clear_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadArguments, match=r"bad\.json"):
        read_arguments(["--server-file", str(path)])


def test_arguments(server_file: Path, tmp_path: Path) -> None:
    secret = tmp_path / "pw"
    secret.write_text("s3cret\n", encoding="utf-8")
    words = ["--server-file", str(server_file), "--login", "duty1", "--password-file", str(secret), "--size", "1366x768"]
    given = read_arguments(words)
    assert (given.login, given.password, given.size) == ("duty1", "s3cret", (1366, 768))
    with pytest.raises(BadArguments, match="WxH"):
        read_arguments([*words[:-1], "big"])


@pytest.mark.parametrize(
    ("kept", "asked", "is_plain", "after"),
    [
        ({"language": "en"}, [], False, None),
        ({"language": "en"}, ["--map", "plain"], True, "plain"),
        ({"map": "plain"}, [], True, "plain"),
        ({"map": "plain"}, ["--map", "auto"], False, "auto"),
        ({"map": "plain"}, ["--map", "plain"], True, "plain"),
    ],
)
def test_the_plain_map_is_chosen_once_for_a_workstation(
    qtbot: QtBot, server_file: Path, tmp_path: Path, kept: dict[str, str], asked: list[str], is_plain: bool, after: str | None
) -> None:
    folder = DeskFolder(tmp_path / "home")
    folder.write("desk", kept)
    has_gl, reason = map_with_gl(read_arguments(["--server-file", str(server_file), *asked]), folder, folder.read("desk"))
    assert ("--map auto" in reason) == is_plain
    assert not (is_plain and has_gl)
    assert folder.read("desk") == kept | ({"map": after} if after else {})
    canvas = canvas_of(folder.read("desk"))(None)
    qtbot.addWidget(canvas)
    assert isinstance(canvas, PlainCanvas if is_plain or not gl_is_usable()[0] else MapCanvas)
    assert ("本工作台的设定" in canvas.furniture.banner.text()) == is_plain
