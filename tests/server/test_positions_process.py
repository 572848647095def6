"""The positions process with a real ledger behind it: fixes in by CURVE and HTTPS, the lane out, tracks in PostGIS."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
import psutil
import psycopg
import pytest
import zmq
from zmq.utils import z85

from governance.people import Duty
from server.keys import read_public_key
from server.ledger.worker_duty import set_duty
from server.positions.arrivals import MOST_OF_ONE
from server.positions.ground import Ground
from server.positions.latest import Latest
from server.positions.register import Register
from server.private_postgis import OWNER_ROLE, PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, until, world
from wire.codec import decode_positions, encode_positions
from wire.publications import POSITION, Positions

log = logging.getLogger(__name__)


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake")
        made.start("positions")
        yield made


@pytest.fixture
def peers() -> Iterator[Peers]:
    made = Peers()
    yield made
    made.close()


class Peers:
    """Sockets of the world outside."""

    def __init__(self) -> None:
        self.context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self.kept: list[zmq.Socket[bytes]] = []

    def connected(self, kind: int, endpoint: str, server_key: bytes, keys: tuple[bytes, bytes]) -> zmq.Socket[bytes]:
        socket = self.context.socket(kind)
        self.kept.append(socket)
        socket.linger = 0
        socket.curve_serverkey = server_key
        socket.curve_publickey, socket.curve_secretkey = keys
        socket.connect(endpoint)
        return socket

    def close(self) -> None:
        for socket in self.kept:
            socket.close()
        self.context.term()


def header(client: httpx.Client, device: str, secret: str) -> dict[str, str]:
    token = body(client.post("/v1/worker/log-on", json={"device": device, "secret": secret}))["token"]
    return {"Authorization": f"Bearer {token}"}


def sender(field: World, peers: Peers, device: str, secret: str) -> zmq.Socket[bytes]:
    """A device that enrolled its key and pushes fixes."""
    keys = zmq.curve_keypair()
    with field.client() as client:
        answer = client.post("/v1/sender-key", headers=header(client, device, secret), json={"public_key": keys[0].decode()})
        assert answer.status_code == 200, answer.text
    door = body(answer)
    return peers.connected(zmq.PUSH, door["endpoint"], door["server_key"].encode(), keys)


def desk(field: World, peers: Peers, scope: str = "330104", role: str = "DO") -> tuple[zmq.Socket[bytes], UUID]:
    """A desk with a session that may listen to the lane, as the desk process would have begun it."""
    keys = zmq.curve_keypair()
    topic, session = uuid4().bytes, uuid4()
    field.change(
        "INSERT INTO desk_session (id, client_key, account, post, shift, seat, feed_topic, lane_topic, role, scope, clearance, "
        "began_at, expires_at) SELECT %s, %s, a.id, p.id, NULL, '', %s, %s, p.role, p.scope, p.clearance, now(), %s "
        "FROM post p JOIN post_assignment x ON x.post = p.id JOIN account a ON a.staff = x.staff "
        "WHERE p.role = %s AND p.scope = %s LIMIT 1",
        *(session, z85.decode(keys[0]).hex(), uuid4().bytes, topic, datetime.now(UTC) + timedelta(hours=1), role, scope),
    )
    assert field.one("SELECT count(*) FROM desk_session WHERE id = %s", session) == 1
    socket = peers.connected(zmq.SUB, field.settings.lane_endpoint, read_public_key(field.settings.keys), keys)
    socket.subscribe(topic)
    return socket, session


def fix(worker: int, east: float = 0.5, north: float = 0.5, at: float | None = None) -> Positions:
    place = corner(east, north)
    one = np.zeros(1, POSITION)
    one["worker"], one["at"] = worker, int(time.time() if at is None else at)
    one["lon"], one["lat"] = round(place.lon * 1e7), round(place.lat * 1e7)
    one["accuracy"], one["battery"] = 50, 88
    return one


def heard(socket: zmq.Socket[bytes]) -> list[int]:
    """Workers in all frames that have arrived."""
    workers: list[int] = []
    while socket.poll(20):
        _, frame = socket.recv_multipart()
        workers += decode_positions(frame)["worker"].tolist()
    return workers


def hears(socket: zmq.Socket[bytes], push: Any, worker: int) -> Any:
    """Push fixes of a worker until the desk hears of him."""

    def told() -> bool:
        push()
        return worker in heard(socket)

    return until(told, f"worker {worker} on the lane")


def moving(socket: zmq.Socket[bytes], worker: int, east: float = 0.3) -> Any:
    """Pushes a fix a second newer and a step further each time."""
    state = {"at": time.time() - 600, "east": east}

    def push() -> None:
        state["at"] += 1
        state["east"] += 0.001
        socket.send(encode_positions(fix(worker, state["east"], at=state["at"])))

    return push


def test_a_gateway_sends_for_everybody_and_desks_hear_what_their_scope_holds(field: World, peers: Peers) -> None:
    gateway = sender(field, peers, "gateway-1", field.seeded.gateway_secret)
    district, _ = desk(field, peers)
    western, _ = desk(field, peers, "330104001", "OP")
    eastern, _ = desk(field, peers, "330104002", "OP")
    west, east = (next(d.number for d in field.seeded.devices if d.grid.startswith(f"33010400{n}")) for n in (1, 2))
    state = {"at": time.time() - 900}

    def both() -> None:
        state["at"] += 1
        gateway.send(encode_positions(np.concatenate([fix(west, 0.5, at=state["at"]), fix(east, 3.5, at=state["at"])])))

    hears(district, both, west)
    hears(western, both, west)
    hears(eastern, both, east)
    for _ in range(3):
        both()
        time.sleep(0.3)
    assert set(heard(district)) == {west, east}
    assert set(heard(western)) == {west}
    assert set(heard(eastern)) == {east}


def test_a_phone_speaks_for_its_own_worker_only(field: World, peers: Peers) -> None:
    mine, other = field.seeded.devices[4], field.seeded.devices[5]
    phone = sender(field, peers, f"phone-{mine.number}", mine.secret)
    listening, _ = desk(field, peers)
    push = moving(phone, mine.number)
    hears(listening, push, mine.number)
    for step in range(5):
        phone.send(encode_positions(np.concatenate([fix(mine.number, 0.4, at=time.time() - 9 + step), fix(other.number)])))
    until(lambda: mine.number in heard(listening), "my own fixes")
    assert other.number not in heard(listening)


def test_a_new_key_of_a_device_ends_its_old_one(field: World, peers: Peers) -> None:
    device = field.seeded.devices[6]
    old = sender(field, peers, f"phone-{device.number}", device.secret)
    listening, _ = desk(field, peers)
    hears(listening, moving(old, device.number), device.number)
    new = sender(field, peers, f"phone-{device.number}", device.secret)
    push = moving(new, device.number)
    hears(listening, push, device.number)
    time.sleep(0.6)
    heard(listening)  # what was on its way
    for _ in range(4):
        old.send(encode_positions(fix(device.number, 0.45)))
        time.sleep(0.1)
    assert heard(listening) == []


def test_a_key_another_device_holds_is_refused_and_stays_where_it_is(field: World, peers: Peers) -> None:
    holder, other = field.seeded.devices[9], field.seeded.devices[10]
    public, secret = zmq.curve_keypair()
    with field.client() as client:

        def enrols(device: Any, key: bytes) -> tuple[int, str]:
            mine = header(client, f"phone-{device.number}", device.secret)
            answer = client.post("/v1/sender-key", headers=mine, json={"public_key": key.decode()})
            return answer.status_code, body(answer).get("code", "")

        assert enrols(holder, public) == (200, "")
        assert enrols(other, public) == (409, "key_held")
        assert enrols(holder, public) == (200, "")
        listening, _ = desk(field, peers)
        push = peers.connected(
            zmq.PUSH, field.settings.intake_pull_endpoint, read_public_key(field.settings.keys), (public, secret)
        )
        hears(listening, moving(push, holder.number), holder.number)
        assert enrols(holder, zmq.curve_keypair()[0]) == (200, "")
        assert enrols(other, public) == (200, "")
    assert field.one("SELECT count(*) FROM duty_log WHERE text LIKE %s", f"{holder.device} {public.decode()}") == 1


def test_an_enrolment_that_was_committed_late_is_met_all_the_same(field: World) -> None:
    slow, quick = field.seeded.devices[10].device, field.seeded.devices[11].device
    register = Register(field.ledger, {})
    keys = [zmq.curve_keypair()[0] for _ in range(3)]
    add = "INSERT INTO duty_log (at, kind, text) VALUES (now(), 'sender_key', %s)"
    with psycopg.connect(**field.settings.connect_arguments(OWNER_ROLE)) as connection:
        connection.execute(add, (f"{slow} {keys[0].decode()}",))
        field.change(add, f"{quick} {keys[1].decode()}")
        field.change(add, f"{quick} {keys[2].decode()}")
        assert z85.decode(keys[2]).hex() in register.senders()
        connection.commit()
    senders = register.senders()
    assert [z85.decode(key).hex() in senders for key in keys] == [True, False, True]
    with psycopg.connect(**field.settings.connect_arguments(OWNER_ROLE)) as connection:
        connection.execute(add, (f"{slow} {keys[1].decode()}",))
        field.change(add, f"{slow} {keys[0].decode()}")
        assert z85.decode(keys[0]).hex() in register.senders()
    senders = register.senders()
    assert [z85.decode(key).hex() in senders for key in keys] == [True, False, True], "the newer of two stays"


def test_phones_send_by_https_too(field: World, peers: Peers) -> None:
    listening, _ = desk(field, peers)
    batch, osmand = field.seeded.devices[7], field.seeded.devices[8]
    place = corner(0.6, 0.6)
    with field.client() as client:
        mine = header(client, f"phone-{batch.number}", batch.secret)

        def by_batch() -> None:
            fixes = [{"lon": place.lon, "lat": place.lat, "at": time.time(), "speed": 1.2, "bearing": 90, "accuracy": 6}]
            assert client.post("/v1/worker/positions", headers=mine, json={"fixes": fixes}).status_code == 202
            time.sleep(1)

        def by_osmand() -> None:
            query = {"id": f"phone-{osmand.number}", "secret": osmand.secret, "lat": place.lat, "lon": place.lon}
            more = {"timestamp": int(time.time() * 1000), "speed": 1.1, "bearing": 45, "altitude": 9, "accuracy": 5, "batt": 77}
            assert client.get("/v1/osmand", params={**query, **more}).text == "ok"
            time.sleep(1)

        hears(listening, by_batch, batch.number)
        hears(listening, by_osmand, osmand.number)


def test_fixes_become_tracks_and_the_newest_is_kept(field: World, peers: Peers) -> None:
    device = field.seeded.devices[3]
    phone = sender(field, peers, f"phone-{device.number}", device.secret)
    listening, _ = desk(field, peers)
    hears(listening, moving(phone, device.number), device.number)
    last = fix(device.number, 0.7, 0.25)
    phone.send(encode_positions(last))
    stored = until(
        lambda: field.all(
            "SELECT ST_X(place), ST_Y(place), accuracy_m, battery_percent, extract(epoch FROM at) FROM worker_position "
            "WHERE worker = %s AND at = to_timestamp(%s)",
            *(device.number, int(last["at"][0])),
        ),
        "the track",
    )
    place = corner(0.7, 0.25)
    assert stored[0] == (pytest.approx(place.lon), pytest.approx(place.lat), 5.0, 88, int(last["at"][0]))
    known = "SELECT ST_X(place) FROM worker_live WHERE worker = %s AND fix_at = to_timestamp(%s)"
    until(lambda: field.all(known, device.worker, int(last["at"][0])), "the newest", 20)


ENDINGS = {
    "signed off": "UPDATE desk_session SET ended_at = now() WHERE id = %s",
    "expired": "UPDATE desk_session SET expires_at = now() WHERE id = %s",
    "account closed": "UPDATE account SET is_open = false WHERE id = (SELECT account FROM desk_session WHERE id = %s)",
    "role changed": "UPDATE post SET scope = '330104009' WHERE id = (SELECT post FROM desk_session WHERE id = %s)",
}
"""How a right ends; the last two change the account and the post of a street's operator."""


def test_a_right_that_ended_hears_nothing_after_two_seconds(field: World, peers: Peers) -> None:
    gateway = sender(field, peers, "gateway-1", field.seeded.gateway_secret)
    posts = [("330104", "DO"), ("330104", "DO"), ("330104001", "OP"), ("330104002", "OP")]
    hostile = {how: desk(field, peers, *post) for how, post in zip(ENDINGS, posts, strict=True)}
    west, east = moving(gateway, field.seeded.devices[0].number), moving(gateway, field.seeded.devices[11].number, 3.3)
    for how, (socket, _) in hostile.items():
        number = field.seeded.devices[11 if how == "role changed" else 0].number
        hears(socket, east if how == "role changed" else west, number)
    for how, (_, session) in hostile.items():
        field.change(ENDINGS[how], session)
    try:
        ended = time.monotonic()
        while time.monotonic() < ended + 2:
            west(), east()
            time.sleep(0.05)
        for socket, _ in hostile.values():
            heard(socket)
        for _ in range(20):
            west(), east()
            time.sleep(0.05)
        assert {how: heard(socket) for how, (socket, _) in hostile.items()} == {how: [] for how in hostile}
    finally:
        field.change("UPDATE post SET scope = '330104002' WHERE scope = '330104009'")
        field.change("UPDATE account SET is_open = true")


def test_a_silent_worker_is_lost_and_found_again(field: World, peers: Peers) -> None:
    """The thirty seconds are not waited for: the same parts are asked here with a later clock, the process does the rest."""
    register = Register(field.ledger, {})
    with field.ledger.transaction() as connection:
        grids = field.ledger.grids(connection, datetime.now(UTC))
    latest = Latest(Ground(grids.codes, list(grids.polygons)))
    staffing = register.staffing()
    now = time.time()
    latest.employ(staffing.workers, now)
    assert len(latest.silent(now + 29, 30)) == 0
    silent = latest.silent(now + 31, 30).tolist()
    assert len(silent) == 12
    worker = staffing.ids[silent[0]]
    assert set_duty(field.ledger, {worker: Duty.LOST}, datetime.now(UTC)) == 1
    told = "SELECT body FROM change_log WHERE kind = 'worker' ORDER BY at DESC LIMIT 1"
    assert b"lost" in bytes(field.one(told))
    push = moving(sender(field, peers, "gateway-1", field.seeded.gateway_secret), silent[0])
    duty = "SELECT duty FROM worker_live WHERE worker = %s"

    def is_back() -> bool:
        push()
        return str(field.one(duty, worker)) == "on_duty"

    until(is_back, "found again")
    assert b"on_duty" in bytes(field.one(told))


def test_a_phone_that_floods_delays_nobody_and_costs_a_bounded_turn(field: World, peers: Peers) -> None:
    mine, other = field.seeded.devices[1], field.seeded.devices[2]
    phone, honest = (sender(field, peers, f"phone-{device.number}", device.secret) for device in (mine, other))
    listening, _ = desk(field, peers)
    push = moving(honest, other.number)
    hears(listening, push, other.number)
    jumping = np.repeat(fix(mine.number, at=time.time()), MOST_OF_ONE)
    jumping["lon"] += 30_000_000
    jumping["at"] -= np.arange(MOST_OF_ONE, dtype=np.uint32)
    flood, huge = encode_positions(jumping), encode_positions(np.repeat(jumping, 10))
    running = psutil.Process(field.processes["positions"].pid)
    used_s, began = sum(running.cpu_times()[:2]), time.monotonic()
    waits = []
    while time.monotonic() < began + 4:
        asked = time.monotonic()

        def heard_of_the_other() -> bool:
            for n in range(200):
                with contextlib.suppress(zmq.Again):
                    phone.send(huge if n % 10 == 0 else flood, zmq.NOBLOCK)
            push()
            return other.number in heard(listening)

        until(heard_of_the_other, "an honest worker's fix during the flood")
        waits.append(time.monotonic() - asked)
    used_s = sum(running.cpu_times()[:2]) - used_s
    log.info("%d fixes waited %.2f s at most, %.2f s of CPU", len(waits), max(waits), used_s)
    assert max(waits) < 2
    assert used_s < 0.6 * (time.monotonic() - began)


def test_a_ledger_that_does_not_answer_delays_no_tick(field: World, peers: Peers) -> None:
    device = field.seeded.devices[0]
    gateway = sender(field, peers, "gateway-1", field.seeded.gateway_secret)
    listening, _ = desk(field, peers)
    push = moving(gateway, device.number)
    hears(listening, push, device.number)
    waits = []
    with psycopg.connect(**field.settings.connect_arguments(OWNER_ROLE)) as holder:
        holder.execute("LOCK TABLE worker_live IN ACCESS EXCLUSIVE MODE")
        began = time.monotonic()
        while time.monotonic() < began + 4:  # twice as long as between two questions who works
            asked = time.monotonic()
            hears(listening, push, device.number)
            waits.append(time.monotonic() - asked)
    assert max(waits) < 1.5
