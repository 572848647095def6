"""The doors of the positions process with real CURVE: who may send, who may listen, and what a hostile peer gets."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import shapely
import zmq
from zmq.utils import z85

from server.positions.arrivals import BATCH_BYTES, FRAME_LIMIT, MOST_OF_ONE, Arrivals, Sender, decode
from server.positions.arrivals import DOMAIN as ARRIVALS_DOMAIN
from server.positions.doorkeeper import Doorkeeper
from server.positions.ground import Ground
from server.positions.lane import DOMAIN as LANE_DOMAIN
from server.positions.lane import Lane, LaneSession, frames_for
from wire.codec import decode_positions, encode_positions
from wire.frames import Malformed
from wire.publications import POSITION, Positions

NOW = datetime(2027, 1, 15, 8, 0, tzinfo=UTC)
CODES = ["330104001001001", "330104001002001", "330104002001001"]
GROUND = Ground(CODES, [shapely.box(120 + i * 0.01, 30, 120.01 + i * 0.01, 30.01) for i in range(3)])


def fixes(*workers: int) -> Positions:
    some = np.zeros(len(workers), POSITION)
    some["worker"], some["at"] = workers, int(NOW.timestamp())
    return some


class Doors:
    """Both doors of the positions process and the keys to come in."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.public, secret = zmq.curve_keypair()
        self.keeper = Doorkeeper(
            self.context,
            {ARRIVALS_DOMAIN: lambda key: self.arrivals.admits(key), LANE_DOMAIN: lambda key: self.lane.admits(key)},
        )
        self.arrivals = Arrivals(self.context, "tcp://127.0.0.1:*", secret)
        self.lane = Lane(self.context, "tcp://127.0.0.1:*", secret)
        self.peers: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.kept: list[zmq.Socket[bytes]] = []
        self.came: list[tuple[Positions, np.ndarray]] = []
        """What each turn took, whoever made it turn; turns that took nothing left out."""

    def peer(self, kind: int, endpoint: str, keys: tuple[bytes, bytes]) -> zmq.Socket[bytes]:
        """A socket of somebody outside, connected under these keys."""
        socket = self.peers.socket(kind)
        self.kept.append(socket)
        socket.linger = 0
        socket.curve_serverkey = self.public
        socket.curve_publickey, socket.curve_secretkey = keys
        socket.connect(endpoint)
        return socket

    def turn(self) -> tuple[Positions, np.ndarray]:
        """One turn of the loop."""
        self.keeper.answer_all()
        self.lane.admit_subscribers()
        taken = self.arrivals.take()
        if len(taken[0]):
            self.came.append(taken)
        return taken

    def workers(self) -> list[int]:
        """Whose fixes were taken so far, in their order."""
        return [worker for taken, _ in self.came for worker in taken["worker"].tolist()]

    def until(self, holds: Callable[[], bool], limit_s: float = 10.0) -> None:
        """Turn until something holds."""
        give_up_at = time.monotonic() + limit_s
        while not holds():
            assert time.monotonic() < give_up_at, "did not happen"
            self.turn()
            time.sleep(0.005)

    def close(self) -> None:
        for socket in self.kept:
            socket.close()
        self.peers.term()
        self.keeper.close()
        self.arrivals.close()
        self.lane.close()
        self.context.term()


@pytest.fixture
def doors() -> Iterator[Doors]:
    opened = Doors()
    yield opened
    opened.close()


def hex_of(keys: tuple[bytes, bytes]) -> str:
    return z85.decode(keys[0]).hex()


def session(keys: tuple[bytes, bytes], scope: str, topic: bytes, **changed: datetime) -> LaneSession:
    return LaneSession(topic, hex_of(keys), scope, changed.get("expires_at", NOW + timedelta(hours=8)))


def received(socket: zmq.Socket[bytes]) -> list[list[bytes]]:
    """Everything that has arrived."""
    frames = []
    while socket.poll(0):
        frames.append(socket.recv_multipart())
    return frames


# ---- fixes coming in --------------------------------------------------------------------------------------------


def test_an_enrolled_key_speaks_for_its_workers_only(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    mine = np.zeros(10, np.bool_)
    mine[[3, 4]] = True
    doors.arrivals.senders = {hex_of(keys): Sender("terminals", mine)}
    doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys).send(encode_positions(fixes(3, 5, 4, 999_999)))
    doors.until(lambda: bool(doors.came))
    assert doors.workers() == [3, 5, 4, 999_999]
    assert doors.came[0][1].tolist() == [True, False, True, False]


def test_a_key_that_is_not_enrolled_gets_no_word_in(doors: Doors) -> None:
    stranger = doors.peer(zmq.PUSH, doors.arrivals.endpoint, zmq.curve_keypair())
    stranger.send(encode_positions(fixes(3)))
    doors.until(lambda: doors.keeper.refused["positions"] > 0)
    doors.turn()
    assert doors.workers() == []


def test_a_key_that_lost_its_enrolment_is_not_heard_though_it_stays_connected(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.arrivals.senders = {hex_of(keys): Sender("gateway", None)}
    sender = doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys)
    sender.send(encode_positions(fixes(1)))
    doors.until(lambda: doors.workers() == [1])
    doors.arrivals.senders = {}
    sender.send(encode_positions(fixes(1)))
    doors.until(lambda: doors.arrivals.refused["not_enrolled"] == 1)
    assert doors.workers() == [1]


def test_a_phone_that_sends_too_much_at_once_is_counted_and_others_are_heard(doors: Doors) -> None:
    phone, gateway = zmq.curve_keypair(), zmq.curve_keypair()
    own = np.ones(4, np.bool_)
    doors.arrivals.senders = {hex_of(phone): Sender("phone", own, MOST_OF_ONE), hex_of(gateway): Sender("gateway", None)}
    hostile = doors.peer(zmq.PUSH, doors.arrivals.endpoint, phone)
    hostile.send(encode_positions(fixes(*[3] * (MOST_OF_ONE + 1))))
    doors.until(lambda: doors.arrivals.refused["too_many"] == 1)
    hostile.send(encode_positions(fixes(*[3] * MOST_OF_ONE)))
    doors.until(lambda: doors.workers() == [3] * MOST_OF_ONE)
    doors.peer(zmq.PUSH, doors.arrivals.endpoint, gateway).send(encode_positions(fixes(*range(1_000))))
    doors.until(lambda: doors.workers()[MOST_OF_ONE:] == list(range(1_000)))


def test_one_turn_takes_a_bounded_number_of_bytes(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.arrivals.senders = {hex_of(keys): Sender("gateway", None)}
    gateway = doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys)
    frame = encode_positions(np.zeros(10_000, POSITION))
    for _ in range(12):
        gateway.send(frame)
    taken: list[int] = []
    give_up_at = time.monotonic() + 10
    while sum(taken) < 120_000:
        assert time.monotonic() < give_up_at
        taken.append(len(doors.turn()[0]))
    assert max(taken) * POSITION.itemsize <= BATCH_BYTES + FRAME_LIMIT


def test_bytes_that_are_no_fixes_are_counted_and_harm_nobody(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.arrivals.senders = {hex_of(keys): Sender("gateway", None)}
    sender = doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys)
    for hostile in (b"", b"\x07" + bytes(24), b"\x01" + bytes(23)):
        sender.send(hostile)
    sender.send_multipart([encode_positions(fixes(1)), b"more", b"and more"])
    sender.send(encode_positions(fixes(8)))
    doors.until(lambda: bool(doors.came))
    assert doors.workers() == [8]
    assert doors.arrivals.refused == {"empty": 1, "wrong_version": 1, "bad_positions": 1, "too_many_parts": 1}


def test_a_frame_too_large_ends_that_connection_only(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.arrivals.senders = {hex_of(keys): Sender("gateway", None)}
    doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys).send(bytes(FRAME_LIMIT + 1))
    doors.peer(zmq.PUSH, doors.arrivals.endpoint, keys).send(encode_positions(fixes(8)))
    doors.until(lambda: doors.workers() == [8])


def test_a_frame_holds_ten_thousand_fixes_and_not_one_more() -> None:
    assert len(decode(encode_positions(np.zeros(10_000, POSITION)))) == 10_000
    with pytest.raises(Malformed, match="too_large"):
        decode(encode_positions(np.zeros(10_001, POSITION)))


# ---- the lane going out -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        ("330104", [[1, 2], [3]]),
        ("330104001", [[1, 2]]),
        ("330104002", [[3]]),
        ("330104001002", [[2]]),
        ("330104001001001", [[1]]),
        ("330104003", []),
        ("330122", []),
    ],
)
def test_a_session_gets_a_frame_for_each_street_it_may_see(scope: str, seen: list[list[int]]) -> None:
    sent = frames_for([session(zmq.curve_keypair(), scope, b"t" * 16)], fixes(1, 2, 3), np.array([0, 1, 2], np.int32), GROUND)
    assert [decode_positions(frame)["worker"].tolist() for _, frame in sent] == seen
    assert {topic for topic, _ in sent} <= {b"t" * 16}


def test_nobody_is_sent_a_worker_who_is_nowhere() -> None:
    sessions = [session(zmq.curve_keypair(), "330104", b"t" * 16)]
    assert frames_for(sessions, fixes(1), np.array([-1], np.int32), GROUND) == []
    assert frames_for(sessions, fixes(), np.zeros(0, np.int32), GROUND) == []


def published(doors: Doors, now: datetime = NOW) -> int:
    return doors.lane.publish(fixes(1, 3), np.array([0, 2], np.int32), GROUND, now)


def listening(doors: Doors, keys: tuple[bytes, bytes], topic: bytes) -> zmq.Socket[bytes]:
    """A desk that hears the lane."""
    desk = doors.peer(zmq.SUB, doors.lane.endpoint, keys)
    desk.subscribe(topic)

    def hears() -> bool:
        published(doors)
        return bool(desk.poll(10))

    doors.until(hears)
    return desk


def test_a_desk_hears_its_own_topic_and_a_hostile_one_hears_nothing(doors: Doors) -> None:
    mine, other = zmq.curve_keypair(), zmq.curve_keypair()
    doors.lane.serve([session(mine, "330104", b"m" * 16), session(other, "330104002", b"o" * 16)])
    hostile = doors.peer(zmq.SUB, doors.lane.endpoint, other)
    for stolen in (b"m" * 16, b"", b"m", b"\x00" * 16):
        hostile.subscribe(stolen)
    doors.until(lambda: doors.lane.refused["subscription"] == 4)
    desk = listening(doors, mine, b"m" * 16)
    for _ in range(20):
        published(doors)
        doors.turn()
    doors.until(lambda: len(received(desk)) > 0)
    assert not hostile.poll(200)


def test_a_stranger_does_not_get_in(doors: Doors) -> None:
    doors.lane.serve([session(zmq.curve_keypair(), "330104", b"m" * 16)])
    stranger = doors.peer(zmq.SUB, doors.lane.endpoint, zmq.curve_keypair())
    stranger.subscribe(b"m" * 16)
    doors.until(lambda: doors.keeper.refused["lane"] > 0)
    published(doors)
    assert not stranger.poll(200)


def test_a_desk_whose_session_ended_hears_nothing_though_it_stays_connected(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.lane.serve([session(keys, "330104", b"m" * 16)])
    desk = listening(doors, keys, b"m" * 16)
    doors.lane.serve([])
    while desk.poll(200):  # what was on its way
        desk.recv_multipart()
    for _ in range(20):
        assert published(doors) == 0
        doors.turn()
    assert not desk.poll(200)


def test_a_session_past_its_end_hears_nothing(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    doors.lane.serve([session(keys, "330104", b"m" * 16, expires_at=NOW)])
    assert published(doors, NOW - timedelta(seconds=1)) == 2
    assert published(doors, NOW) == 0


def test_a_session_younger_than_the_last_reading_is_asked_for(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    asked: list[str] = []

    def read_again() -> bool:
        asked.append("asked")
        doors.lane.serve([session(keys, "330104", b"m" * 16)])
        return True

    doors.lane.ask_sessions = read_again
    listening(doors, keys, b"m" * 16)
    assert asked == ["asked"]


def test_who_knocks_while_nobody_can_be_asked_is_let_in_later(doors: Doors) -> None:
    keys = zmq.curve_keypair()
    asked: list[bool] = []

    def read_again() -> bool:
        asked.append(len(asked) >= 1)
        if asked[-1]:
            doors.lane.serve([session(keys, "330104", b"m" * 16)])
        return asked[-1]

    doors.lane.ask_sessions = read_again
    listening(doors, keys, b"m" * 16)
    assert asked == [False, True]
    assert not doors.keeper.refused
