"""A wall's display over real sockets: all it may ask, all it hears; nothing of class 2 and nobody's name among it."""

from __future__ import annotations

import typing
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import zmq

from governance.commands import MakeReport
from server.service_window import OF_DISPLAYS
from server.walls import enrolling
from tests.server.conftest import District, RawDesk, middle, refusal
from tests.server.wall_desks import WallDesks
from tests.wire.test_kept import REQUESTS
from wire.codec import encode
from wire.photo_requests import BringPhoto
from wire.publications import Changes, Heartbeat
from wire.requests import AskBulk, AskSnapshot, Done, Ping, Pong, Refusal, Request, SignedOn, SignOff, SignOn, Snapshot
from wire.wall_requests import ReadWall, ReadWallBoard, ReadWalls, ReportWall, SignOnWall, WallBoardIs

SAID = "老王家漏水"
AROUND = {"around/990001001/0", "around/990001002/0", "around/district/0", "wall/main"}
SAMPLES = {type(each): each for each in REQUESTS.values()}
PLAIN: dict[type, object] = {
    float: 1.0,
    str: "x",
    int: 1,
    bool: True,
    UUID: UUID(int=7),
    datetime: datetime(2026, 11, 1, tzinfo=UTC),
    bytes: b"",
}


def sample(kind: type) -> Any:
    """A request of a kind: the one that is kept, else one that says as little as it can."""
    if kind in SAMPLES:
        return SAMPLES[kind]
    fields = [each for each in msgspec.structs.fields(kind) if each.required]
    return kind(**{each.name: PLAIN.get(each.type, ()) for each in fields})


def display_of(district: District, raw_desk: Callable[[], RawDesk]) -> tuple[RawDesk, WallDesks]:
    """A display that is signed on and listens, before a district with an incident somebody wrote about."""
    desk = raw_desk()
    desks = WallDesks(district, desk._pair)
    district.order(MakeReport(SAID, middle(0), place_text="老王家"), "duty1")
    district.start("desk")
    signed = desk.ask(SignOnWall(0, "main", "hall"))
    assert isinstance(signed, SignedOn), signed
    desk.signed = signed
    desk.sub = desk.connect(zmq.SUB, signed.feed_endpoint)
    desk.sub.subscribe(signed.feed_topic)
    assert desk.hears(lambda each: isinstance(each, Heartbeat))
    return desk, desks


def names_of(district: District) -> list[str]:
    """The name of everybody in the ledger, but of walls."""
    with district.owner.transaction() as connection:
        rows = connection.execute(
            "SELECT name FROM staff WHERE staff_no NOT LIKE 'WALL-%' AND staff_no NOT IN ('SYSTEM', 'OUTSIDE')"
        )
        return [name for (name,) in rows]


def test_a_display_may_ask_what_it_has_to_and_nothing_else(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    desk, _ = display_of(district, raw_desk)
    names = [*names_of(district), SAID, "老王"]
    for kind in typing.get_args(Request):
        if kind in (SignOn, SignOnWall, SignOff, Ping, AskBulk, BringPhoto):
            continue
        reply = desk.ask(sample(kind))
        if kind in OF_DISPLAYS:
            said = encode(reply).decode("utf-8", "replace")
            assert [name for name in names if name in said] == [], kind
        else:
            assert isinstance(reply, Refusal), (kind, reply)
            assert reply.code in ("not_your_role", "busy", "not_here"), (kind, reply.code)
    assert isinstance(desk.ask(Ping(0)), Pong)
    holds_nothing_of_anybody(desk, names)
    stranger = raw_desk()
    assert refusal(stranger.ask(SignOnWall(0, "main", ""))) == "machine_not_bound"
    assert refusal(stranger.ask(ReadWalls(0))) == "no_session"


def holds_nothing_of_anybody(desk: RawDesk, names: list[str]) -> None:
    """A display's snapshot has no incident, no person and no camera shared with few."""
    taken = desk.ask(AskSnapshot(0))
    assert isinstance(taken, Snapshot)
    assert (taken.cases, taken.workers, taken.shifts) == ((), (), ())
    assert {camera.share_level for camera in taken.cameras} == {0, 1}
    assert [each.wall.code for each in taken.walls] == ["main"]
    assert {stream for stream in taken.numbers if not stream.startswith("cameras/")} == AROUND
    assert {stream[-2:] for stream in taken.numbers if stream.startswith("cameras/")} == {"/0", "/1"}
    said = encode(taken).decode("utf-8", "replace")
    assert [name for name in names if name in said] == []


def test_a_display_hears_its_wall_and_no_incident_until_its_machine_is_closed(
    district: District, raw_desk: Callable[[], RawDesk]
) -> None:
    desk, desks = display_of(district, raw_desk)
    desks.taken()
    district.order(MakeReport("又漏水", middle(0)), "duty1")
    streams: set[str] = set()

    def is_of_the_wall(each: object) -> bool:
        if isinstance(each, Changes):
            streams.update(sent.stream for sent in each.changes)
        return "wall/main" in streams

    assert desk.hears(is_of_the_wall)
    assert all(stream.startswith(("wall/", "around/", "cameras/")) for stream in streams)
    board = desk.ask(ReadWallBoard(0, "main"))
    assert isinstance(board, WallBoardIs)
    assert board.total == 2
    assert isinstance(desk.ask(ReportWall(0, 1, 1920, 1080, ())), Done)
    assert desk.ask(ReadWall(0, "main")).displays[0].machine == "hall"  # type: ignore[union-attr]
    with district.owner.transaction() as connection:
        enrolling.close(connection, "main", "hall", datetime.now(UTC))
    assert desk.hears(lambda each: getattr(each, "reason", "") == "machine_closed")
    assert refusal(desk.ask(ReadWalls(0))) == "no_session"
