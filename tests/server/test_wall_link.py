"""A display's own link to the real server: signed on by its key, told of each layout, and again after the server was gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
import zmq

from desktop.link.from_server import ChangesCame, LinkState, LoggedOn, LogOnRefused, SnapshotCame
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import LogOnWall
from governance.changes import WallChanged
from governance.people import Role
from tests.server.conftest import District, RawDesk, refusal
from tests.server.wall_desks import EYE, RESERVED, WallDesks
from wire.codec import decode_change
from wire.publications import Changes
from wire.requests import Refusal
from wire.wall_requests import PutScene, TakeWall, WallDone

T = TypeVar("T")


def heard(link: Link, kind: type[T], within_s: float = 12.0) -> T:
    """The next message of a kind; others are passed over."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if link.arrived.empty():
            time.sleep(0.02)
            continue
        message = link.arrived.get()
        if isinstance(message, kind):
            return message
    raise AssertionError(f"no {kind.__name__} within {within_s} s")


@pytest.fixture
def link(district: District, tmp_path: Path) -> Iterator[Link]:
    made = Link(ServerAddress(district.settings.desk_endpoint, district.keys.curve_public), tmp_path)
    made.start()
    yield made
    made.stop()


def told_rev(link: Link) -> int:
    """The revision the next change of the wall tells of."""
    changes = heard(link, ChangesCame).changes
    return [change.fact.standing.layout.rev for change in changes if isinstance(change.fact, WallChanged)][-1]


def test_a_display_is_told_of_each_layout_and_comes_back_after_the_server_was_gone(district: District, link: Link) -> None:
    pair = zmq.curve_keypair()
    desks = WallDesks(district, pair)
    desks.taken()
    process = district.start("desk")
    link.submit(LogOnWall("main", *pair, "hall"))
    signed = heard(link, LoggedOn).session
    assert (signed.officer.role, signed.officer.clearance) == (Role.WALL, 0)
    taken = heard(link, SnapshotCame).snapshot
    assert [each.layout.rev for each in taken.walls] == [1]
    desks.lay_out(EYE, RESERVED)
    assert told_rev(link) == 2
    process.kill()
    process.wait(10)
    while heard(link, LinkState).connected:
        pass
    desks.lay_out(RESERVED, EYE)
    district.start("desk")
    while not heard(link, LinkState).connected:
        pass
    desks.lay_out(EYE, RESERVED)
    assert told_rev(link) >= 3


def test_of_two_desks_that_reach_for_a_wall_at_once_one_has_it(district: District, raw_desk: Callable[[], RawDesk]) -> None:
    WallDesks(district)
    district.start("desk")
    lead, night = raw_desk(), raw_desk()
    lead.sign_on("lead1", listen=False)
    night.sign_on("night1")
    for desk in (lead, night):
        desk.send(TakeWall(0, "main"))
    replies = {desk: desk.receive() for desk in (lead, night)}
    (loser,) = [desk for desk, reply in replies.items() if isinstance(reply, Refusal)]
    (winner,) = {lead, night} - {loser}
    assert refusal(replies[loser]) == "wall_held"
    assert refusal(loser.ask(PutScene(0, "main", 1, "参观"))) == "wall_held"
    assert isinstance(winner.ask(PutScene(0, "main", 1, "参观")), WallDone)
    over = lead.ask(TakeWall(0, "main", over=True))
    assert isinstance(over, WallDone)
    assert over.standing.lease is not None
    assert over.standing.lease.title == "值班长"
    assert refusal(night.ask(PutScene(0, "main", 2, "晴雨表"))) == "wall_held"
    assert refusal(night.ask(TakeWall(0, "main", over=True))) == "wall_only_lead_takes"
    assert refusal(lead.ask(PutScene(0, "main", 1, "晴雨表"))) == "stale_rev"
    done = lead.ask(PutScene(0, "main", 2, "晴雨表"))
    assert isinstance(done, WallDone)
    streams: set[tuple[str, int]] = set()

    def has_heard(said: object) -> bool:
        """Whether the last of it reached the other desk."""
        if isinstance(said, Changes):
            facts = [decode_change(sent).fact for sent in said.changes]
            streams.update(
                (each.standing.wall.code, each.standing.layout.rev) for each in facts if isinstance(each, WallChanged)
            )
        return ("main", 3) in streams

    assert night.hears(has_heard)


def test_a_machine_that_is_not_bound_is_told_so(district: District, link: Link) -> None:
    WallDesks(district)
    district.start("desk")
    link.submit(LogOnWall("main", *zmq.curve_keypair()))
    assert heard(link, LogOnRefused).refused.code == "machine_not_bound"
