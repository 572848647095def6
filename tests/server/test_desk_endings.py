"""What ends a right, a process or a connection: nothing acknowledged is lost, nothing more is heard."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import zmq

from governance.commands import File, MakeReport
from governance.people import Role
from server.desk import FAIL_CLOSED_S
from tests.together.at_work import until
from wire.codec import encode, encode_command
from wire.past_requests import PastIs, ReadPast
from wire.publications import Changes, Ended, Heartbeat
from wire.requests import (
    AskReplay,
    Committed,
    Done,
    Order,
    Ping,
    Replay,
    SignedOn,
    SignOff,
    SignOn,
)

from .conftest import District, RawDesk, changes_of, middle, refusal

LEAF = "03.01"
Make = Callable[[], RawDesk]


def test_a_kill_loses_no_acknowledged_command(district: District, raw_desk: Make) -> None:
    server = district.start("desk")
    desk, listener = raw_desk(), raw_desk()
    desk.sign_on("duty1", listen=False)
    listener.sign_on("duty2")
    body = encode_command(MakeReport("井盖丢失", middle(0)))
    sent = {n: uuid4() for n in range(1, 61)}
    for n, order_id in sent.items():
        desk.dealer.send(encode(Order(n, order_id, "report", body)))
    acknowledged = {}
    while len(acknowledged) < 20:
        reply = desk.receive()
        assert isinstance(reply, Committed), reply
        acknowledged[reply.order_id] = reply
    server.kill()
    server.wait()
    while desk.dealer.poll(300):
        reply = desk.receive()
        assert isinstance(reply, Committed)
        acknowledged[reply.order_id] = reply
    district.start("desk")
    for n, order_id in sent.items():
        if order_id not in acknowledged:
            desk.dealer.send(encode(Order(n, order_id, "report", body)))
    answered: dict[object, Committed] = dict(acknowledged)
    deadline = time.monotonic() + 30
    while len(answered) < len(sent):
        assert time.monotonic() < deadline
        reply = desk.receive(20)
        assert isinstance(reply, Committed), reply
        answered[reply.order_id] = reply
    assert {r.number for r in answered.values()} == set(range(1, 61))
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT count(*), max(number) FROM change_log").fetchone() == (60, 60)
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (60,)
    assert listener.hears(lambda each: isinstance(each, Heartbeat) and each.numbers["990001001/0"] == 60)
    replay = listener.ask(AskReplay(0, "990001001/0", 0))
    assert isinstance(replay, Replay)
    assert [each.number for each in replay.changes] == list(range(1, 61))


POST_CHANGES = {
    "role_changed": ("duty2", "UPDATE post SET role = 'GS' WHERE id = %(post)s"),
    "post_closed": ("dispatch1", "UPDATE post SET is_open = false WHERE id = %(post)s"),
    "post_taken": ("lead1", "UPDATE post_assignment SET valid = '[2000-01-01,2026-01-01)' WHERE post = %(post)s"),
    "account_closed": ("check1", "UPDATE account SET is_open = false WHERE login = 'check1'"),
    "expired": ("street1", "UPDATE desk_session SET expires_at = now() WHERE post = %(post)s"),
    "signed_off": ("duty1", ""),
}


def test_hostile_desks_whose_right_ended_hear_nothing_after_two_seconds(district: District, raw_desk: Make) -> None:
    district.start("desk")
    honest, hostile = raw_desk(), {reason: raw_desk() for reason in POST_CHANGES}
    mine = honest.sign_on("duty1")
    topics = [desk.sign_on(POST_CHANGES[reason][0]).feed_topic for reason, desk in hostile.items()]
    for desk in hostile.values():
        _listen_to_all(desk, [b"", mine.feed_topic, mine.feed_topic[:4], *topics])
    district.order(MakeReport("之前", middle(0)), "duty1")
    for desk in hostile.values():
        assert desk.signed
        heard = [] if desk.signed.officer.role is Role.CHECKER else ["之前"]  # nothing is to be checked yet
        assert [c.incident.text for c in changes_of(desk.publications(0.4))] == heard
    for reason, desk in hostile.items():
        if reason == "signed_off":
            assert isinstance(desk.ask(SignOff(0)), Done)
        else:
            assert desk.signed
            with district.owner.transaction() as connection:
                connection.execute(POST_CHANGES[reason][1], {"post": desk.signed.officer.post})
    time.sleep(2.0)  # the promise: nothing more after two seconds
    for reason, desk in hostile.items():
        assert [each.reason for each in desk.publications(0.1) if isinstance(each, Ended)] == [reason]
        _listen_to_all(desk, [b"", mine.feed_topic, *topics])
    for n in range(3):
        district.order(MakeReport(f"之后{n}", middle(0)), "duty1")
    assert [c.incident.text for c in changes_of(honest.publications(1.5))] == ["之前", "之后0", "之后1", "之后2"]
    for desk in hostile.values():
        assert desk.publications(0.1) == []
        assert refusal(desk.ask(Ping(0))) == "no_session"
        assert desk.signed
        fresh = desk.connect(zmq.SUB, desk.signed.feed_endpoint)
        fresh.subscribe(desk.signed.feed_topic)
        assert fresh.poll(200) == 0


def test_when_the_shift_is_closed_everyone_on_it_is_signed_off(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desks = [raw_desk(), raw_desk()]
    for desk, login in zip(desks, ("duty1", "street1"), strict=True):
        desk.sign_on(login)
    district.owner_executes("UPDATE shift SET state = 'closed'")
    for desk in desks:
        assert desk.hears(lambda each: isinstance(each, Ended) and each.reason == "shift_closed", 2.0)
        assert refusal(desk.ask(Ping(0))) == "no_session"
    off_shift = desks[0].ask(SignOn(0, "duty1", district.seeded.passwords["duty1"]))
    assert isinstance(off_shift, SignedOn)
    assert off_shift.officer.shift is None
    made = desks[0].order(MakeReport("先报上来", middle(0)))
    assert isinstance(made, Committed)
    assert refusal(desks[0].order(File(LEAF), made.incident, made.version)) == "off_shift"


def test_the_desk_process_finds_its_ledger_again(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    assert isinstance(desk.order(MakeReport("之前", middle(0))), Committed)
    with district.settings.postgis.superuser() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (district.settings.database,)
        )
    order_id, deadline = uuid4(), time.monotonic() + 20
    while not isinstance(reply := desk.order(MakeReport("之后", middle(0)), order_id=order_id), Committed):
        assert refusal(reply) == "ledger_unreachable"
        assert time.monotonic() < deadline
    assert [c.incident.text for c in changes_of(desk.publications(2.0))] == ["之前", "之后"]


def test_a_ledger_that_went_back_ends_the_desk_process_and_the_next_one_says_so(district: District, raw_desk: Make) -> None:
    server = district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    for n in range(3):
        assert isinstance(desk.order(MakeReport(f"{n}", middle(0))), Committed)
    assert desk.hears(lambda each: isinstance(each, Heartbeat) and each.numbers["990001001/0"] == 3)
    district.owner_executes("UPDATE stream_counter SET number = 1")  # as an older copy of the database would have it
    assert server.wait(10) != 0
    district.start("desk")
    assert desk.hears(lambda each: isinstance(each, Heartbeat) and each.numbers["990001001/0"] == 1, 10.0)


def test_a_stranger_who_learned_a_topic_hears_nothing(district: District, raw_desk: Make) -> None:
    district.start("desk")
    honest, stranger = raw_desk(), raw_desk()
    signed = honest.sign_on("duty1")
    stranger.sign_on("check1", listen=False)
    listening = stranger.connect(zmq.SUB, signed.feed_endpoint)
    for topic in (signed.feed_topic, b"", signed.feed_topic[:1]):
        listening.subscribe(topic)
    district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    assert honest.hears(lambda each: isinstance(each, Changes))
    assert listening.poll(1_500) == 0


def test_a_row_that_somebody_holds_keeps_no_desk_listening(district: District, raw_desk: Make) -> None:
    district.start("desk")
    honest, hostile = raw_desk(), raw_desk()
    honest.sign_on("duty1")
    signed = hostile.sign_on("street1")
    with district.owner.transaction() as holding:
        holding.execute("SELECT 1 FROM desk_session WHERE id = %s FOR UPDATE", (signed.session,))
        district.owner_executes("UPDATE account SET is_open = false WHERE login = 'street1'")
        assert hostile.hears(lambda each: isinstance(each, Ended) and each.reason == "account_closed", 2.0)
        district.order(MakeReport("之后", middle(0)), "duty1")
        assert honest.hears(lambda each: isinstance(each, Changes), 2.0)
        assert hostile.publications(0.2) == []
    deadline = time.monotonic() + 10
    while not _ended_reason(district, signed):
        assert time.monotonic() < deadline
    assert _ended_reason(district, signed) == "account_closed"


def test_what_a_desk_waits_for_whose_session_ended_is_dropped_and_said(district: District, raw_desk: Make) -> None:
    district.start("desk")
    slow, leaving, now = raw_desk(), raw_desk(), datetime.now(UTC)
    for desk, login in ((slow, "lead1"), (leaving, "duty1")):
        desk.sign_on(login)
    ask = ReadPast(0, now - timedelta(hours=1), now)
    with district.owner.transaction() as stalling:
        stalling.execute("LOCK TABLE camera_state IN ACCESS EXCLUSIVE MODE")
        slow.send(ask)  # has the one thread that reads the past, until a statement takes too long
        until(lambda: _waits_for_a_lock(district), "the thread waits")
        waiting = {leaving.send(ask) for _ in range(2)}
        district.owner_executes("UPDATE account SET is_open = false WHERE login = 'duty1'")
        replies = [leaving.receive(3.0) for _ in waiting]
        assert {reply.n for reply in replies if refusal(reply) == "no_session"} == waiting
        assert _waits_for_a_lock(district), "they were answered while the thread was still taken"
    assert isinstance(slow.receive(), PastIs)


def test_while_nobody_can_say_who_is_live_the_feed_is_silent(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1")
    assert desk.sub
    with district.owner.transaction() as stalling:
        stalling.execute("LOCK TABLE desk_session IN ACCESS EXCLUSIVE MODE")
        silent_by = time.monotonic() + FAIL_CLOSED_S + 0.5
        while desk.sub.poll(1_500):  # longer than from one heartbeat to the next
            assert time.monotonic() < silent_by
            desk.sub.recv_multipart()
        district.order(MakeReport("无人知晓", middle(0)), "duty1")
        assert desk.sub.poll(1_500) == 0
    assert desk.hears(
        lambda each: isinstance(each, Changes) and changes_of([each])[0].incident.text == "无人知晓",
        10.0,
    )
    assert desk.hears(lambda each: isinstance(each, Heartbeat))


def _ended_reason(district: District, signed: SignedOn) -> str | None:
    """Why the ledger says a session is over, if it does."""
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT ended_reason FROM desk_session WHERE id = %s", (signed.session,)).fetchone()
    return row[0] if row else None


def _listen_to_all(desk: RawDesk, topics: list[bytes]) -> None:
    """Subscribe to whatever one has heard of."""
    assert desk.sub is not None
    for topic in topics:
        desk.sub.subscribe(topic)


def _waits_for_a_lock(district: District) -> bool:
    """Whether a statement of the server waits for a lock somebody holds."""
    here = "(SELECT oid FROM pg_database WHERE datname = current_database())"
    query = f"SELECT count(*) FROM pg_locks WHERE database = {here} AND NOT granted"
    with district.owner.transaction() as connection:
        row = connection.execute(query).fetchone()
    return bool(row and row[0])
