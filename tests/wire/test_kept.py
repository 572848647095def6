"""Frames kept from the day a protocol version was fixed still mean what they meant.

A frame that cannot be kept any more means a new protocol version (wire.frames.PROTOCOL) and a new folder, never an edit.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
import pytest

from governance.camera import CameraState, StreamKind
from governance.changes import (
    CameraChanged,
    CaseChanged,
    Change,
    EditionChanged,
    RulesChanged,
    ShiftChanged,
    WallChanged,
    WorkerChanged,
)
from governance.commands import Arrive, Dispatch, RaiseLevel, Recipient
from governance.handover_paper import Carried, Flow, HandoverItem, Mark, Section
from governance.incident import Severity, State, Urgency
from governance.indicators import Boundaries, Direction, Figure, Indicator, Missing
from governance.people import Duty, Role
from governance.places import Level, LonLat
from governance.shift_log import LogLine, Member
from governance.shifts import Handover, Shift, ShiftState, Signature, UnitShifts
from governance.wall import Content, Layout, Lease, PopUp, Slot, SlotShown, Stream, View, Wall, WallStanding
from governance.wall_board import DayCount, PostsOnDuty, WallFigures, WallIncident
from tests.governance.field import DO, RULES, TO_HANDLING, reported, walk
from wire.codec import (
    decode_change,
    decode_command,
    decode_positions,
    decode_publication,
    decode_reply,
    decode_request,
    encode,
    encode_command,
    encode_positions,
    numbered,
)
from wire.indicator_requests import Bar, ExportIndicators, IndicatorsAre, ReadIndicators
from wire.leaving_requests import LeavingRecorded, RecordLeaving
from wire.past_requests import AskTrack, CameraWas, PastIs, ReadPast, ReadTrack, TrackIs
from wire.publications import POSITION, Changes, Ended, Heartbeat
from wire.requests import (
    Address,
    AskBulk,
    AskReplay,
    AskSnapshot,
    Bulk,
    CallerIs,
    ChoosePost,
    Committed,
    Done,
    FindCaller,
    KnownCaller,
    OpenCamera,
    Order,
    Ping,
    Pong,
    PostOffer,
    Refusal,
    Replay,
    Reveal,
    Revealed,
    SignedOn,
    SignOff,
    SignOn,
    Snapshot,
    TownManifest,
)
from wire.shift_requests import (
    BeginHandover,
    CloseShift,
    DutyLogIs,
    HandIn,
    HandOver,
    HandoverIs,
    OpenShift,
    PastHandover,
    PlanShift,
    ReadDutyLog,
    ReadHandover,
    ShiftDone,
    TakeBackHandover,
    TakeOver,
    WriteDutyLog,
)
from wire.visited_requests import ReadVisited, VisitedAre
from wire.wall_requests import (
    DisplayShows,
    GiveWall,
    KeepScene,
    PopUpIncident,
    PushSlot,
    PutBack,
    PutLayout,
    PutScene,
    ReadWall,
    ReadWallBoard,
    ReadWalls,
    ReportWall,
    SignOnWall,
    TakeWall,
    WallBoardIs,
    WallDone,
    WallIs,
    WallsAre,
)

KEPT = Path(__file__).parent / "kept" / "1"
ID, OTHER = UUID(int=0x1234), UUID(int=0x5678)
AT = datetime(2026, 11, 23, 4, 0, 0, 250_000, UTC)
CASE = walk(reported(), *TO_HANDLING)
TOWN = TownManifest("江干区", "330104", "generated", 120.2, 30.3, {"areas": ("ab" * 32, 12)}, 0.8)
FACTS = (
    CaseChanged.between(None, CASE),
    WorkerChanged(ID, Duty.ON_TASK, 1, 0),
    CameraChanged("33010400001320000001", CameraState.OFFLINE),
    RulesChanged(2),
    EditionChanged("cd" * 32),
)
CHANGES = tuple(numbered(Change("330104005/1", n, AT, ID if n == 1 else None, fact)) for n, fact in enumerate(FACTS, 1))
FIXES = np.array([(1, 1_795_406_400, 1_202_100_000, 302_700_000, 120, 9_000, 50, 80, 0)] * 2, POSITION)
SENDING = Dispatch(Recipient(ID, "李"), (Recipient(OTHER),), "go")
SHIFT = Shift(ID, OTHER, "早班", AT, AT, ShiftState.HANDING_OVER, ID, "许岚", AT, None, AT)
HANDED = Handover(OTHER, OTHER, ID, OTHER, AT, "许岚", Signature(ID, "许岚", AT), Signature(OTHER, "何静", AT, "许岚"))
STANDING = UnitShifts(OTHER, SHIFT, None, HANDED)
ITEM = HandoverItem(
    Section.URGENT, "k", "燃气", "filed", AT, "李", ID, "JG-20261122-0001", "330104005001001", 1, Mark.CHANGED, True
)
CAMERA = "33010400001320000001"
LAYOUT = Layout(
    *(2, 2),
    (
        Slot(0, 0, 1, 1, Content.CAMERA, CAMERA, Stream.MAIN, locked=True),
        Slot(1, 0, 1, 1, Content.MAP, view=View(LonLat(120.21, 30.27), 800.0, 12.0, 42.0)),
        Slot(0, 1, 2, 1, Content.RESERVED),
    ),
    *("晴雨表", 7),
)
WALL = WallStanding(
    Wall("main", "主屏", "330104"),
    LAYOUT,
    Lease(ID, OTHER, "值班长", AT),
    (PopUp(3, CAMERA, OTHER, "03.01", "330104005001001", AT),),
)
GRAVE = (Urgency.IMMEDIATE, Severity.II, State.HANDLING)
SHOWN = (SlotShown(1, Content.CAMERA, CAMERA, "live", 0.25), SlotShown(2, Content.MAP))
REQUESTS: dict[str, Any] = {
    "begin_handover": BeginHandover(20, ID),
    "take_back_handover": TakeBackHandover(21, ID, OTHER),
    "hand_in": HandIn(22, OTHER, (Carried(Section.DRAFTS, "report 1", "路灯不亮", "3", AT),)),
    "hand_over": HandOver(23, ID, OTHER, "一切正常"),
    "take_over": TakeOver(24, ID, OTHER, "he", "secret", ID, "已知悉"),
    "open_shift": OpenShift(25, ID, "早班", AT),
    "close_shift": CloseShift(26, ID, "下班"),
    "plan_shift": PlanShift(27, ID, "中班", AT, AT),
    "write_duty_log": WriteDutyLog(28, ID, "done", "已回电", OTHER, 7),
    "read_handover": ReadHandover(29, OTHER),
    "read_duty_log": ReadDutyLog(30, ID),
    "read_indicators": ReadIndicators(31, "2026-10", "330104005", Boundaries.CURRENT, "unit"),
    "export_indicators": ExportIndicators(32, "2026-10", "330104"),
    "sign_on": SignOn(1, "wang", "secret", OTHER, "3"),
    "sign_off": SignOff(2),
    "snapshot": AskSnapshot(3),
    "replay": AskReplay(4, "330104005/1", 17),
    "order_raise_level": Order(5, ID, "raise_level", encode_command(RaiseLevel("stuck")), OTHER, 3, AT),
    "order_dispatch": Order(
        6, ID, "dispatch", encode_command(Dispatch(Recipient(ID, "李"), (Recipient(OTHER),), "go")), OTHER, 2
    ),
    "order_arrive": Order(7, ID, "arrive", encode_command(Arrive(LonLat(120.21, 30.27))), OTHER, 5),
    "open_camera": OpenCamera(8, "33010400001320000001", "incident", OTHER),
    "open_camera_main": OpenCamera(38, "33010400001320000001", "incident", None, StreamKind.MAIN),
    "reveal": Reveal(9, ID, "phone", "callback"),
    "find_caller": FindCaller(12, "13900001111"),
    "bulk": AskBulk(10, "ab" * 32, 100, 50),
    "ping": Ping(11),
    "read_visited": ReadVisited(33),
    "record_leaving": RecordLeaving(34, "list", 12, (ID,), {"shape": "box"}),
    "read_past": ReadPast(35, AT, AT, OTHER),
    "ask_track": AskTrack(36, OTHER, AT, AT, "核对到场时间"),
    "read_track": ReadTrack(37, ID, 1_795_406_400),
    "sign_on_wall": SignOnWall(40, "main", "hall"),
    "read_walls": ReadWalls(41),
    "read_wall": ReadWall(42, "main"),
    "take_wall": TakeWall(43, "main", True),
    "give_wall": GiveWall(44, "main"),
    "put_layout": PutLayout(45, "main", 7, LAYOUT),
    "put_scene": PutScene(46, "main", 7, "参观"),
    "keep_scene": KeepScene(47, "main", 7, "防汛"),
    "push_slot": PushSlot(48, "main", 7, 2, "camera", CAMERA, Stream.SUB),
    "pop_up": PopUpIncident(49, "main", OTHER, 90),
    "report_wall": ReportWall(50, 7, 1920, 1080, SHOWN),
    "read_wall_board": ReadWallBoard(51, "main"),
    "put_back": PutBack(52, "main", 7, 5),
}
REPLIES: dict[str, Any] = {
    "shift_done": ShiftDone(20, ID, OTHER, "district/1", 4),
    "indicators_are": IndicatorsAre(
        *(31, "2026-10", "330104", Boundaries.FILING, "area", "frozen", AT),
        (Indicator("K11", "closed_in_time/1", "percent", Direction.UP, "15", "95", "按期结案率", "Closed in time"),),
        (
            Figure("330104", "K11", "737", "972", "972", "75.82"),
            Figure("330104005", "K11", missing=Missing.NOTHING),
        ),
        {"330104": "江干区", "330104005": "四季青街道"},
        *((Bar("2026-10-01", (3, 2, 1)),), (Bar("03", (5, 1)),), (Bar("more", (2,)),)),
        (Figure("330104", "K11", "738", "972", "972", "75.93"),),
        ID,
    ),
    "handover_is": HandoverIs(
        *(29, STANDING, "中心", HANDED, AT, AT, (ITEM,), (Flow("filed", 3, 2, 5),), "一切正常", "已知悉"),
        (PastHandover(HANDED, "夜班", "早班"),),
    ),
    "duty_log_is": DutyLogIs(
        30,
        SHIFT,
        (LogLine(7, AT, "callback", "十点回电", "王明", "值班员", ID, "JG-20261122-0001", 3, True),),
        (Member(ID, "王明", Role.NIGHT_WATCH, "夜间值守", "3", AT, AT),),
        ("四季青街道",),
    ),
    "choose_post": ChoosePost(1, (PostOffer(ID, "DO", "值班员", "330104"),)),
    "signed_on": SignedOn(
        *(1, ID, DO, "wang", "中心", "早班", AT, "tcp://127.0.0.1:1", "tcp://127.0.0.1:2", "tcp://127.0.0.1:3"),
        *(bytes(16), bytes(range(16)), ("330104005/1",), OTHER, AT),
    ),
    "snapshot_is": Snapshot(3, OTHER, {"330104005/1": 9}, AT, (CASE,), (), (), (), RULES, TOWN, FIXES.tobytes()),
    "replay_is": Replay(4, "330104005/1", CHANGES[1:], True),
    "committed": Committed(5, ID, OTHER, 4, "330104005/1", 18),
    "address": Address(8, "33010400001320000001", "rtsp://127.0.0.1:1/x", AT),
    "caller_is": CallerIs(
        12, KnownCaller("JG-20261122-0001", LonLat(120.21, 30.27), "12 幢", "330104005001001", 2, OTHER, "李", True)
    ),
    "revealed": Revealed(9, ID, "phone", "13800005678"),
    "bulk_is": Bulk(10, "ab" * 32, 100, 150, bytes(range(50))),
    "pong": Pong(11, AT),
    "done": Done(2),
    "visited_are": VisitedAre(33, AT, ("330104005001001", "330104005001002"), (1_795_406_400, 0), (62, 0)),
    "leaving_recorded": LeavingRecorded(34, ID),
    "past_is": PastIs(35, CHANGES[1:], (CameraWas("33010400001320000001", AT, "offline"),), 212, ID),
    "track_is": TrackIs(36, ID, OTHER, 200_000, FIXES.tobytes(), True),
    "walls_are": WallsAre(41, (WALL,)),
    "wall_is": WallIs(42, WALL, (DisplayShows("hall", AT, 7, 1920, 1080, SHOWN),), ("晴雨表", "参观"), AT),
    "wall_done": WallDone(43, WALL),
    "wall_board_is": WallBoardIs(
        *(51, AT),
        (WallIncident("330104005001001", "03.01", *GRAVE, 3, LonLat(120.21, 30.27), AT, AT, True),),
        12,
        WallFigures(9, 7, 1, 1, 12, 158, 1600, 3700, 3790, (PostsOnDuty(Role.SHIFT_LEAD, 1),), (DayCount(AT.date(), 9, 7),)),
    ),
    "refused": Refusal(5, "reason_needed", "reason", {"because": "too_far"}, ID),
}
PUBLICATIONS: dict[str, Any] = {
    "changes": Changes(CHANGES),
    "changes_shift": Changes((numbered(Change("district/1", 4, AT, ID, ShiftChanged(STANDING))),)),
    "changes_wall": Changes((numbered(Change("wall/main", 4, AT, None, WallChanged(WALL))),)),
    "heartbeat": Heartbeat(OTHER, AT, {"330104005/1": 18, "district/1": 2}),
    "ended": Ended("expired"),
}
TABLE = [
    *((f"request_{name}", decode_request, message) for name, message in REQUESTS.items()),
    *((f"reply_{name}", decode_reply, message) for name, message in REPLIES.items()),
    *((f"publication_{name}", decode_publication, message) for name, message in PUBLICATIONS.items()),
]
INCIDENT_OF_THEN = replace(CASE.incident, highest_level=Level.GRID, deadline=None)
REPORTS_OF_THEN = tuple(replace(report, origin=None) for report in CASE.reports)
"""Without what came later: it takes its defaults."""
WITH_A_CASE = frozenset({"reply_snapshot_is", "publication_changes"})
"""The rules that made the case may change without the protocol; its fields are looked at below."""


def kept(name: str) -> bytes:
    """The bytes kept under a name."""
    return bytes.fromhex((KEPT / f"{name}.hex").read_text("ascii"))


@pytest.mark.parametrize(("name", "decode", "message"), TABLE, ids=[name for name, *_ in TABLE])
def test_a_kept_frame_means_what_it_meant(name: str, decode: Any, message: Any) -> None:
    found = decode(kept(name))
    assert type(found) is type(message)
    if name not in WITH_A_CASE:
        assert encode(_in_full(found)) == encode(message)


def _in_full(message: Any) -> Any:
    """A message with its facts written as today: what they did not say then takes its default."""
    changes = getattr(message, "changes", None)
    if changes is None:
        return message
    return msgspec.structs.replace(message, changes=tuple(numbered(decode_change(each)) for each in changes))


def test_kept_commands_facts_and_positions_mean_what_they_meant() -> None:
    order = decode_request(kept("request_order_raise_level"))
    assert isinstance(order, Order)
    assert decode_command(order.command, order.body) == RaiseLevel("stuck")
    batch = decode_publication(kept("publication_changes"))
    assert isinstance(batch, Changes)
    first, *others = (decode_change(sent).fact for sent in batch.changes)
    assert tuple(others) == FACTS[1:]
    snapshot = decode_reply(kept("reply_snapshot_is"))
    assert isinstance(first, CaseChanged)
    assert isinstance(snapshot, Snapshot)
    for found in (first.applied_to(None), *snapshot.cases):
        assert (found.incident, found.reports) == (INCIDENT_OF_THEN, REPORTS_OF_THEN)
        assert [step.row for step in found.steps] == ["E01", "E06", "E12", "E19"]
        assert found.lead is not None
    assert np.array_equal(decode_positions(kept("positions")), FIXES)
    assert encode_positions(FIXES) == kept("positions")


def test_every_message_is_kept() -> None:
    names = {name for name, *_ in TABLE} | {"positions"}
    assert names == {path.stem for path in KEPT.iterdir()}
