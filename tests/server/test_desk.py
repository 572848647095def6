"""The desk process answers who may ask, tells everyone else why not, and harms nobody on the way."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import msgspec
import zmq

from governance.camera import StreamKind
from governance.commands import CheckPass, Dispatch, File, MakeReport, Recipient, TimerFired
from governance.incident import Channel, TimerKind
from server.camera_access import verify
from server.ledger.reporters import Reporter
from wire.codec import decode_reply, encode, encode_command
from wire.publications import Heartbeat
from wire.requests import (
    Address,
    AskBulk,
    AskReplay,
    AskSnapshot,
    Bulk,
    Committed,
    Done,
    OpenCamera,
    Order,
    Ping,
    Pong,
    Refusal,
    Replay,
    Reply,
    Reveal,
    Revealed,
    SignOff,
    SignOn,
    Snapshot,
)

from .conftest import District, RawDesk, changes_of, middle, refusal

LEAF = "03.01"
Make = Callable[[], RawDesk]


def test_one_report_one_order_two_desks(district: District, raw_desk: Make) -> None:
    district.start("desk")
    first, second = raw_desk(), raw_desk()
    signed = first.sign_on("duty1")
    assert signed.officer.scope == "990001"
    assert signed.officer.account == district.officers["duty1"].account
    assert signed.shift_name == "当班"
    second.sign_on("duty2")
    assert isinstance(first.ask(Ping(0)), Pong)

    made = first.order(MakeReport("井盖丢失", middle(0)))
    assert isinstance(made, Committed)
    filed = first.order(File(LEAF), made.incident, made.version)
    assert isinstance(filed, Committed)
    sent = first.order(Dispatch(Recipient(district.workers[0].id)), filed.incident, filed.version)
    assert isinstance(sent, Committed)
    heard = changes_of(second.publications(1.0))
    assert [change.incident.version for change in heard] == [1, 2, 3]

    snapshot = second.ask(AskSnapshot(0))
    assert isinstance(snapshot, Snapshot)
    case = None
    for change in heard:
        case = change.applied_to(case)
    assert snapshot.cases == (case,)
    in_field = [worker for worker in snapshot.workers if worker.is_in_field]
    assert (len(in_field), len(snapshot.workers), len(snapshot.units)) == (16, 20, 11)
    assert (snapshot.numbers["990001001/0"], snapshot.numbers["around/990001001/1"]) == (3, 1)
    assert snapshot.workers[0].live_tasks == 1
    assert {camera.share_level for camera in snapshot.cameras} == {0, 1, 2}
    assert set(snapshot.town.packs) == {"areas", "buildings", "roads", "water", "land"}
    replay = second.ask(AskReplay(0, "990001001/0", 1))
    assert isinstance(replay, Replay)
    assert ([c.number for c in replay.changes], replay.complete) == ([2, 3], True)
    assert refusal(first.order(CheckPass(condition_met=True), sent.incident, sent.version)) == "not_in_state"


def test_a_street_sees_and_touches_only_its_own(district: District, raw_desk: Make) -> None:
    district.start("desk")
    street, centre = raw_desk(), raw_desk()
    signed = street.sign_on("street1")
    centre.sign_on("duty1", listen=False)
    mine = ("990001001/", "around/990001001/", "around/district/", "cameras/990001001/")
    assert all(stream.startswith(mine) for stream in signed.streams)
    made = centre.order(MakeReport("路灯不亮", middle(7)))
    near = centre.order(MakeReport("路灯不亮", middle(0)))
    assert isinstance(made, Committed)
    assert isinstance(near, Committed)
    heard = changes_of(street.publications(1.0))
    assert [change.incident.id for change in heard] == [near.incident]
    snapshot = street.ask(AskSnapshot(0))
    assert isinstance(snapshot, Snapshot)
    assert [case.incident.id for case in snapshot.cases] == [near.incident]
    assert {worker.grid[:9] for worker in snapshot.workers} == {"990001001"}
    assert refusal(street.ask(AskReplay(0, "990001002/0", 0))) == "not_your_stream"
    assert refusal(street.order(File(LEAF), made.incident, made.version)) == "not_your_area"
    assert refusal(street.order(MakeReport("越界", middle(7)))) == "not_your_area"
    assert refusal(street.ask(OpenCamera(0, f"9900010000132{7:07d}", "查看"))) == "no_such_camera"


def test_what_is_confidential_reaches_only_posts_that_are_cleared_and_may(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desks = {login: raw_desk() for login in ("duty1", "street1", "check1")}
    for login, desk in desks.items():
        desk.sign_on(login)
    made = desks["duty1"].order(MakeReport("家暴", middle(0)))
    assert isinstance(made, Committed)
    district.owner_executes("UPDATE incident SET confidentiality = 2, version = 2 WHERE id = %s", made.incident)
    filed = desks["duty1"].order(File(LEAF), made.incident, 2)
    assert isinstance(filed, Committed)
    assert filed.stream == "990001001/2"
    for login, hears, sees in (("duty1", [1, 3], True), ("street1", [1], False), ("check1", [], False)):
        heard = [change.incident.version for change in changes_of(desks[login].publications(1.0))]
        assert heard == hears
        snapshot = desks[login].ask(AskSnapshot(0))
        assert isinstance(snapshot, Snapshot)
        assert len(snapshot.cases) == int(sees)
    assert refusal(desks["street1"].ask(AskReplay(0, "990001001/2", 0))) == "not_your_stream"
    sent = Dispatch(Recipient(district.workers[0].id))
    assert refusal(desks["street1"].order(sent, made.incident, 3)) == "no_such_incident"


def test_nothing_is_answered_without_a_session_and_no_post_can_be_forged(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    for request in (Ping(0), AskSnapshot(0), SignOff(0), AskBulk(0, "0" * 64)):
        assert refusal(desk.ask(request)) == "no_session"
    assert refusal(desk.order(MakeReport("无人", middle(0)))) == "no_session"
    password = district.seeded.passwords["street1"]
    forged = district.officers["lead1"].post
    assert refusal(desk.ask(SignOn(0, "street1", password, post=forged))) == "not_your_post"
    assert refusal(desk.ask(SignOn(0, "nobody", password))) == "wrong_login"
    desk.sign_on("duty1", listen=False)
    assert refusal(desk.order(TimerFired(uuid4(), TimerKind.T1_INTAKE, 0), uuid4(), 1)) == "no_such_incident"
    made = desk.order(MakeReport("有人", middle(0)))
    assert isinstance(made, Committed)
    timer = TimerFired(uuid4(), TimerKind.T1_INTAKE, 0)
    assert refusal(desk.order(timer, made.incident, made.version)) == "not_your_role"
    assert refusal(desk.order(MakeReport("冒充", middle(0), channel=Channel.WORKER_APP))) == "not_your_channel"
    assert refusal(desk.order(File(LEAF), made.incident, 0)) == "version_needed"
    assert isinstance(desk.ask(SignOff(0)), Done)


def test_the_same_order_twice_is_one_and_answered_the_same(district: District, raw_desk: Make) -> None:
    server = district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1", listen=False)
    order_id = uuid4()
    made = desk.order(MakeReport("井盖丢失", middle(0)), order_id=order_id)
    again = desk.order(MakeReport("井盖丢失", middle(0)), order_id=order_id)
    assert isinstance(made, Committed)
    assert msgspec.structs.replace(again, n=0) == msgspec.structs.replace(made, n=0)
    no_id = uuid4()
    refused = [desk.order(File("no.such"), made.incident, made.version, order_id=no_id) for _ in range(2)]
    assert [refusal(each) for each in refused] == ["category_unknown"] * 2
    server.kill()
    server.wait()
    district.start("desk")
    once_more = desk.order(MakeReport("井盖丢失", middle(0)), order_id=order_id)
    assert msgspec.structs.replace(once_more, n=0) == msgspec.structs.replace(made, n=0)


def test_malformed_oversized_and_foreign_requests_are_told_why_and_harm_nobody(district: District, raw_desk: Make) -> None:
    district.start("desk")
    good, bad = raw_desk(), raw_desk()
    good.sign_on("duty1", listen=False)
    bad.sign_on("duty2", listen=False)
    assert refusal(bad.raw(b"", version_byte=False)) == "empty"
    assert refusal(bad.raw(b"\x02\x80", version_byte=False)) == "wrong_version"
    assert refusal(bad.raw(b"\x80")) == "bad_message"
    assert refusal(bad.raw(b"\x91" * 100_000)) == "bad_message"
    assert refusal(bad.raw(os.urandom(500))) == "bad_message"
    assert refusal(bad.raw(b"\x00" * 1_500_000)) == "too_large"
    assert refusal(bad.ask(Order(0, uuid4(), "explode", msgspec.Raw(b"\x80")))) == "unknown_command"
    assert refusal(bad.ask(Order(0, uuid4(), "file", msgspec.Raw(b"\x80"), uuid4(), 1))) == "bad_command"
    long = encode_command(MakeReport("长" * 20_000, middle(0)))
    assert refusal(bad.ask(Order(0, uuid4(), "report", long))) == "text_too_long"
    assert refusal(bad.order(MakeReport("空\0字", middle(0)))) == "bad_value"
    assert refusal(bad.ask(OpenCamera(0, "\0", "查看"))) == "bad_value"
    bad.dealer.send_multipart([b"a", b"b", b"c"])
    assert refusal(bad.receive()) == "frames"
    bad.dealer.send(b"\x01" + bytes(3_000_000))  # beyond what is read at all: the connection is cut
    assert isinstance(good.order(MakeReport("照常", middle(0))), Committed)


def test_whoever_guesses_locks_nobody_at_another_address_and_learns_no_login(district: District, raw_desk: Make) -> None:
    district.start("desk")
    near, far = raw_desk(), raw_desk()
    guessing = far.connect(zmq.DEALER, district.settings.desk_endpoint.replace("tcp://", "tcp://127.0.0.2:0;"))
    took: dict[str, list[float]] = {"duty1": [], "nobody": []}
    codes: dict[str, list[str]] = {"duty1": [], "nobody": []}
    for _ in range(6):
        for login, times in took.items():
            start = time.monotonic()
            guessing.send(encode(SignOn(1, login, "guess")))
            assert guessing.poll(15_000)
            codes[login].append(refusal(decode_reply(guessing.recv())))
            times.append(time.monotonic() - start)
    assert codes["duty1"] == codes["nobody"] == ["wrong_login"] * 5 + ["account_locked"]
    for tries, (known, unknown) in enumerate(zip(took["duty1"][:5], took["nobody"][:5], strict=True), 1):
        assert min(known, unknown) >= min(0.1 * 2**tries, 4.0)
    near.sign_on("duty1", listen=False)


def test_failed_logins_slow_down_and_lock_the_account(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    took: list[float] = []
    for _ in range(5):
        start = time.monotonic()
        assert refusal(desk.ask(SignOn(0, "duty1", "guess"))) == "wrong_login"
        took.append(time.monotonic() - start)
    assert took[-1] > 2.0
    right = SignOn(0, "duty1", district.seeded.passwords["duty1"])
    assert refusal(desk.ask(right)) == "account_locked"
    desk.sign_on("duty2", listen=False)


def test_a_flood_of_orders_is_met_with_busy_not_with_silence(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk, other = raw_desk(), raw_desk()
    desk.sign_on("duty1", listen=False)
    other.sign_on("duty2", listen=False)
    count = 1_500
    body = encode_command(MakeReport("洪水", middle(0)))
    for n in range(count):
        desk.dealer.send(encode(Order(n + 10, uuid4(), "report", body)))
    start = time.monotonic()
    assert isinstance(other.ask(Ping(0)), Pong)
    assert time.monotonic() - start < 2.0
    replies = [desk.receive(30.0) for _ in range(count)]
    assert {r.n for r in replies} == set(range(10, count + 10))
    busy = [r for r in replies if isinstance(r, Refusal)]
    assert {r.code for r in busy} == {"busy"}
    assert len(replies) - len(busy) >= 64
    assert all(r.order_id is not None for r in busy)
    with district.ledger.transaction() as connection:
        stored = connection.execute("SELECT count(*) FROM incident").fetchone()
    assert stored == (count - len(busy),)


def test_a_camera_is_opened_for_a_reason_and_on_record(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1", listen=False)
    camera = f"9900010000132{0:07d}"
    assert refusal(desk.ask(OpenCamera(0, camera, " "))) == "reason_needed"
    assert refusal(desk.ask(OpenCamera(0, "1" * 20, "查看"))) == "no_such_camera"
    assert refusal(desk.ask(OpenCamera(0, camera, "查看", uuid4()))) == "no_such_incident"
    assert refusal(desk.ask(OpenCamera(0, f"9900010000132{7:07d}", "查看"))) == "no_such_camera"  # share level 3
    reply = desk.ask(OpenCamera(0, camera, "查看现场"))
    assert isinstance(reply, Address)
    token = reply.url.partition("token=")[2]
    assert reply.url.startswith(f"{district.settings.rtsp_base}/{camera}/sub?token=")
    full = desk.ask(OpenCamera(0, camera, "查看现场", stream=StreamKind.MAIN))
    assert isinstance(full, Address)
    assert full.url.startswith(f"{district.settings.rtsp_base}/{camera}/main?token=")
    assert verify(district.keys.camera_key, camera, token, datetime.now(UTC))
    assert not verify(district.keys.camera_key, camera, token, reply.expires_at)
    assert not verify(district.keys.camera_key, f"9900010000132{1:07d}", token, datetime.now(UTC))
    with district.ledger.transaction() as connection:
        rows = connection.execute("SELECT camera, reason, share_level, staff FROM video_session").fetchall()
    assert rows == [(camera, "查看现场", 0, district.officers["duty1"].staff)] * 2


def test_bulk_hands_out_packs_to_sessions_and_attachments_to_those_who_may_see_them(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk, stranger = raw_desk(), raw_desk()
    signed = desk.sign_on("duty1", listen=False)
    snapshot = desk.ask(AskSnapshot(0))
    assert isinstance(snapshot, Snapshot)
    sha256, size = snapshot.town.packs["areas"]
    socket = desk.connect(zmq.DEALER, signed.bulk_endpoint)
    data = b""
    while len(data) < size:
        part = _bulk(socket, AskBulk(1, sha256, len(data), 1000))
        assert isinstance(part, Bulk)
        assert part.total == size
        data += part.data
    assert hashlib.sha256(data).hexdigest() == sha256
    secret = hashlib.sha256(b"photo").hexdigest()
    (district.settings.attachments / secret).write_bytes(b"photo")
    for sha, offset, length, why in (
        (secret, 0, 10, "no_such_bytes"),
        ("../keys/data.key", 0, 10, "bad_slice"),
        (sha256, -1, 10, "bad_slice"),
        (sha256, 0, 10**9, "bad_slice"),
    ):
        assert refusal(_bulk(socket, AskBulk(1, sha, offset, length))) == why
    unknown = stranger.connect(zmq.DEALER, signed.bulk_endpoint)
    assert refusal(_bulk(unknown, AskBulk(1, sha256))) == "no_session"


def test_heartbeats_carry_the_numbers_published(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    made = desk.order(MakeReport("井盖丢失", middle(0)))
    assert isinstance(made, Committed)
    beats = [each for each in desk.publications(2.5) if isinstance(each, Heartbeat)]
    assert 2 <= len(beats) <= 3
    assert beats[-1].numbers["990001001/0"] == 1


def test_revealing_is_on_record_before_it_is_shown(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1", listen=False)
    entered = district.order(MakeReport("家暴", middle(0)), "duty1", reporter=Reporter("张三", "13800001234"))
    assert entered.case
    report = entered.case.reports[0].id
    assert refusal(desk.ask(Reveal(0, report, "phone", ""))) == "reason_needed"
    shown = desk.ask(Reveal(0, report, "phone", "回访"))
    assert isinstance(shown, Revealed)
    assert shown.value == "13800001234"
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT field FROM pii_access").fetchall() == [("phone",)]


def _bulk(socket: zmq.Socket[bytes], request: AskBulk) -> Reply:
    """The answer of the bulk socket."""
    socket.send(encode(request))
    assert socket.poll(10_000)
    return decode_reply(socket.recv())
