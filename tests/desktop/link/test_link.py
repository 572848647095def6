"""The link against a real server on loopback, under CURVE: sign-on, catching up, orders, packs, cut connections."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace as with_changes
from pathlib import Path
from uuid import uuid4

import msgspec
import numpy as np
import pytest

from desktop.link import from_server as told
from desktop.link.sockets import ServerAddress
from desktop.link.thread import Link
from desktop.link.to_server import Enquire, LogOff, LogOn, Resync, Send, Uncover, Watch
from governance.camera import StreamKind
from governance.commands import Accept, MakeReport, RaiseLevel
from governance.places import LonLat
from governance.refusal import Refused
from tests.desktop.link.linked_desk import PATIENCE_S, Desk, change, until
from tests.fakes.scripted_server import OFFICER, PASSWORD, ScriptedServer
from tests.governance.field import named
from wire.publications import POSITION
from wire.requests import (
    AskBulk,
    AskSnapshot,
    Caller,
    ChoosePost,
    Order,
    Ping,
    PostOffer,
    Refusal,
    Reveal,
    Revealed,
    SignOn,
)
from wire.shift_requests import WriteDutyLog


def test_signing_on_brings_the_session_then_the_snapshot(desk: Desk) -> None:
    desk.log_on()
    assert desk.hear(told.LoggedOn).session.officer == OFFICER
    desk.hear(told.SnapshotCame)
    kinds = [type(each) for each in desk.said]
    assert kinds.index(told.LoggedOn) < kinds.index(told.SnapshotCame)


def test_a_wrong_password_is_refused_and_the_right_one_has_a_key_of_its_own(desk: Desk, server: ScriptedServer) -> None:
    desk.log_on("wrong")
    assert desk.hear(told.LogOnRefused).refused.code == "wrong_login"
    desk.log_on()
    desk.hear(told.LoggedOn)
    keys = [key for request, key in zip(server.asked, server.keys, strict=True) if isinstance(request, SignOn)]
    assert len(keys) == len(set(keys)) == 2


def test_an_account_with_several_posts_is_asked_which(desk: Desk, server: ScriptedServer) -> None:
    offers = (PostOffer(named("a"), "DO", "值班员", "330104"), PostOffer(named("b"), "CK", "核查员", "330104"))
    server.script[SignOn] = lambda request: ChoosePost(request.n, offers)
    desk.log_on()
    assert desk.hear(told.PostsOffered).posts == offers
    del server.script[SignOn]
    desk.log_on(post=named("b"))
    desk.hear(told.LoggedOn)
    assert [r.post for r in server.asked if isinstance(r, SignOn)] == [None, named("b")]


def test_a_server_with_another_key_is_never_told_the_password(server: ScriptedServer, tmp_path: Path) -> None:
    honest = server.public
    server.public = b"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
    desk = Desk(server, tmp_path)
    try:
        desk.log_on()
        time.sleep(0.5)
        assert not server.asked
        assert honest != server.public
    finally:
        desk.link.stop()


def test_changes_come_in_order_and_once(seated: Desk, server: ScriptedServer) -> None:
    for number in range(1, 6):
        server.publish(change(number))
    server.publish(change(1, "district/1"), change(2, "district/1"))
    seated.hear(told.ChangesCame, lambda batch: batch.changes[-1].stream == "district/1" and batch.changes[-1].number == 2)
    assert seated.numbers() == [1, 2, 3, 4, 5, 1, 2]


def test_a_lost_publication_is_fetched(seated: Desk, server: ScriptedServer) -> None:
    server.publish(change(1))
    server.lose = 1
    server.publish(change(2))
    server.publish(change(3))
    seated.hear(told.ChangesCame, lambda batch: batch.changes[-1].number == 3)
    assert seated.numbers() == [1, 2, 3]


def test_the_last_publication_lost_is_noticed_by_the_heartbeat(seated: Desk, server: ScriptedServer) -> None:
    server.lose = 1
    server.publish(change(1))
    seated.hear(told.ChangesCame)
    assert seated.numbers() == [1]


def test_positions_come_as_records(seated: Desk, server: ScriptedServer) -> None:
    records = np.zeros(3, POSITION)
    records["worker"] = [1, 2, 3]
    give_up_at = time.monotonic() + PATIENCE_S
    while not any(isinstance(each, told.Moved) for each in seated.said):
        assert time.monotonic() < give_up_at
        server.move(records)  # the lane is lossy: nothing says when it is heard first
        time.sleep(0.05)
        while not seated.link.arrived.empty():
            seated.said.append(seated.link.arrived.get())
    assert np.array_equal(seated.hear(told.Moved).records, records)


def test_an_order_is_answered_and_then_out_of_the_backlog(seated: Desk) -> None:
    order = Send(uuid4(), RaiseLevel("stuck"), named("incident"), 4)
    seated.link.submit(order)
    answer = seated.hear(told.OrderAnswered)
    assert answer == told.OrderAnswered(order.order_id, None, named("incident"), 5)
    seated.hear(told.BacklogStands, lambda stands: stands.count == 0, after=seated.said.index(answer))


def test_a_refused_order_says_why(seated: Desk, server: ScriptedServer) -> None:
    server.script[Order] = lambda r: Refusal(r.n, "reason_needed", "reason", {"because": "too_far"}, r.order_id)
    seated.link.submit(Send(uuid4(), Accept()))
    refused = seated.hear(told.OrderAnswered).refused
    assert isinstance(refused, Refused)
    assert (refused.code, refused.about, refused.details) == ("reason_needed", "reason", {"because": "too_far"})


@pytest.mark.parametrize(
    ("wish", "code", "about"),
    [
        (Send(uuid4(), MakeReport("a" * 10_485_760, LonLat(120.2, 30.3))), "text_too_long", "text"),
        (Send(uuid4(), Accept(), reporter=Caller("a" * 10_485_760)), "too_large", ""),
        (Enquire(uuid4(), WriteDutyLog(0, uuid4(), "note", "a" * 10_485_760)), "text_too_long", "text"),
    ],
)
def test_what_the_server_would_not_read_is_refused_at_once_and_never_sent(
    wish: Send | Enquire, code: str, about: str, seated: Desk, server: ScriptedServer
) -> None:
    seated.link.submit(wish)
    answer: told.OrderAnswered | told.Enquired
    answer = seated.hear(told.OrderAnswered) if isinstance(wish, Send) else seated.hear(told.Enquired)
    refused = answer.refused
    assert refused is not None
    assert (refused.code, refused.about) == (code, about)
    seated.link.submit(Send(uuid4(), Accept()))
    seated.hear(told.OrderAnswered, lambda answer: answer.refused is None)
    seated.hear(told.BacklogStands, lambda stands: stands.count == 0)
    assert server.count(Order) == 1
    assert server.count(WriteDutyLog) == 0


@pytest.mark.parametrize("first", [None, "busy"])
def test_an_order_without_an_answer_is_sent_again_with_the_same_id(
    first: str | None, seated: Desk, server: ScriptedServer
) -> None:
    server.script[Order] = None if first is None else lambda r: Refusal(r.n, "busy", order_id=r.order_id)
    order = Send(uuid4(), RaiseLevel("stuck"), named("incident"), 4)
    seated.link.submit(order)
    until(lambda: server.count(Order) == 1)
    del server.script[Order]
    assert seated.hear(told.OrderAnswered).order_id == order.order_id
    sent = [r for r in server.asked if isinstance(r, Order)]
    assert {r.order_id for r in sent} == {order.order_id}
    assert len({r.n for r in sent}) == len(sent) >= 2


def test_orders_given_while_the_server_is_away_are_carried_out_when_it_is_back(seated: Desk, server: ScriptedServer) -> None:
    server.stop()
    orders = [Send(uuid4(), RaiseLevel(f"{n}"), named("incident"), n) for n in range(20)]
    for order in orders:
        seated.link.submit(order)
    seated.hear(told.LinkState, lambda state: not state.connected)
    server.log.append(change(1))
    server.start()
    answered = len(seated.said)
    for order in orders:
        seated.hear(told.OrderAnswered, lambda answer, order=order: answer.order_id == order.order_id)  # type: ignore[misc]
    seated.hear(told.LinkState, lambda state: state.connected, after=answered)
    seated.hear(told.BacklogStands, lambda stands: stands.count == 0, after=answered)


def test_after_a_restart_of_the_server_the_feed_is_heard_again(seated: Desk, server: ScriptedServer) -> None:
    server.publish(change(1))
    seated.hear(told.ChangesCame)
    server.stop()
    server.log.append(change(2))
    server.start()
    seated.hear(told.ChangesCame, lambda batch: batch.changes[-1].number == 2)
    server.publish(change(3))
    seated.hear(told.ChangesCame, lambda batch: batch.changes[-1].number == 3)
    assert seated.numbers() == [1, 2, 3]


def test_a_restored_ledger_brings_a_fresh_snapshot(seated: Desk, server: ScriptedServer) -> None:
    before = server.count(AskSnapshot)
    mark = len(seated.said)
    server.epoch = named("restored")
    assert seated.hear(told.SnapshotCame, after=mark).snapshot.epoch == named("restored")
    assert server.count(AskSnapshot) > before


def test_a_desk_out_of_step_can_ask_for_a_snapshot(seated: Desk) -> None:
    mark = len(seated.said)
    seated.link.submit(Resync("a hole"))
    seated.hear(told.SnapshotCame, after=mark)


@pytest.mark.parametrize("silenced", [(), (AskSnapshot, Ping)], ids=["the feed alone", "everything"])
def test_silence_is_said_and_so_is_its_end(silenced: tuple[type, ...], seated: Desk, server: ScriptedServer) -> None:
    server.is_beating = False
    server.script |= dict.fromkeys(silenced)
    lost = seated.hear(told.LinkState, lambda state: not state.connected)
    server.script.clear()
    server.is_beating = True
    back = seated.hear(told.LinkState, lambda state: state.connected, after=seated.said.index(lost))
    assert back.since > lost.since


def test_the_end_of_the_session_is_told_and_waiting_orders_are_kept_for_the_next(seated: Desk, server: ScriptedServer) -> None:
    server.script[Order] = None
    order = Send(uuid4(), RaiseLevel("stuck"), named("incident"), 4)
    seated.link.submit(order)
    until(lambda: server.count(Order) == 1)
    server.end("role_changed")
    assert seated.hear(told.SessionOver).reason == "role_changed"
    del server.script[Order]
    seated.log_on()
    assert seated.hear(told.OrderAnswered).order_id == order.order_id


def test_a_key_the_server_does_not_know_any_more_ends_the_session(seated: Desk, server: ScriptedServer) -> None:
    server.tell(server.live.clear)
    assert seated.hear(told.SessionOver).reason == "no_session"


def test_logging_off_ends_the_session_on_both_sides(seated: Desk, server: ScriptedServer) -> None:
    seated.link.submit(LogOff())
    assert seated.hear(told.SessionOver).reason == "signed_off"
    assert not server.live


def test_orders_of_another_account_are_not_sent_in_its_name(seated: Desk, server: ScriptedServer) -> None:
    server.script[Order] = None
    seated.link.submit(Send(uuid4(), RaiseLevel("hers"), named("incident"), 4))
    kept = seated.hear(told.BacklogStands, lambda stands: stands.count == 1).kept
    until(lambda: server.count(Order) == 1)
    del server.script[Order]
    mark = len(seated.said)
    seated.link.submit(LogOn("he", jie := PASSWORD))
    seated.hear(told.SnapshotCame, after=mark)
    assert not any(isinstance(each, told.OrderAnswered) for each in seated.said)
    seated.link.submit(LogOn("wang", jie, kept=kept))
    seated.hear(told.OrderAnswered)


def test_a_camera_and_a_personal_field_are_asked_for_and_told(seated: Desk, server: ScriptedServer) -> None:
    server.script[Reveal] = lambda r: Revealed(r.n, r.report, r.field, "138****5678")
    seated.link.submit(Watch("c1", "incident"))
    seated.link.submit(Uncover(named("r"), "phone", "callback"))
    address = seated.hear(told.CameraAddress)
    assert (address.url, address.refused) == ("rtsp://127.0.0.1/c1/sub", None)
    assert "rtsp" not in repr(address)
    seated.link.submit(Watch("c1", "incident", stream=StreamKind.MAIN))
    full = seated.hear(told.CameraAddress, lambda said: said.stream is StreamKind.MAIN)
    assert full.url == "rtsp://127.0.0.1/c1/main"
    assert seated.hear(told.Uncovered).value == "138****5678"


def test_without_a_session_a_camera_is_refused_at_once(desk: Desk) -> None:
    desk.link.submit(Watch("c1", "incident"))
    refused = desk.hear(told.CameraAddress).refused
    assert refused is not None
    assert refused.code == "no_session"


def with_town(server: ScriptedServer, **packs: bytes) -> None:
    """The snapshot names these packs, and the bulk socket has them."""
    listed = {layer: (hashlib.sha256(data).hexdigest(), len(data)) for layer, data in packs.items()}
    server.packs = {listed[layer][0]: data for layer, data in packs.items()}
    server.snapshot = msgspec.structs.replace(server.snapshot, town=msgspec.structs.replace(server.snapshot.town, packs=listed))


def test_packs_are_fetched_in_slices_verified_and_next_time_read_from_disk(desk: Desk, server: ScriptedServer) -> None:
    areas, roads = bytes(range(256)) * 20, b"roads"
    with_town(server, areas=areas, roads=roads)
    desk.log_on()
    assert desk.hear(told.PackReceived, lambda pack: pack.layer == "areas").data == areas
    assert desk.hear(told.PackReceived, lambda pack: pack.layer == "roads").data == roads
    asked, mark = server.count(AskBulk), len(desk.said)
    assert asked == 6 + 1
    desk.log_on()
    assert desk.hear(told.PackReceived, lambda pack: pack.layer == "areas", after=mark).data == areas
    assert server.count(AskBulk) == asked


def test_a_pack_with_other_bytes_than_its_hash_says_is_never_shown(desk: Desk, server: ScriptedServer) -> None:
    with_town(server, areas=b"as drawn", roads=b"roads")
    server.packs = {sha: b"not thus" if data == b"as drawn" else data for sha, data in server.packs.items()}
    desk.log_on()
    assert desk.hear(told.PackFailed) == told.PackFailed("areas", "wrong_hash")
    desk.hear(told.PackReceived, lambda pack: pack.layer == "roads")


@pytest.mark.noisy("malformed")
def test_malformed_bytes_are_counted_and_harm_nothing(seated: Desk, server: ScriptedServer) -> None:
    for body in (b"", b"\x01\xff", b"\x09abc", b"\x01\x81\xa4type\xa3new"):
        server.publish_bytes(body)
    server.publish(change(1))
    seated.hear(told.ChangesCame)
    seated.hear(told.LinkState, lambda state: state.malformed == 4)


def test_the_server_s_clock_is_known_within_its_round_trip(seated: Desk) -> None:
    state = seated.hear(told.LinkState, lambda state: state.round_trip_s > 0)
    assert abs(state.offset_s) < 0.5
    assert 0 <= state.lag_s < 2.0


def test_a_link_that_was_never_started_can_be_stopped(server: ScriptedServer, tmp_path: Path) -> None:
    Link(ServerAddress(server.endpoints[0], server.public), tmp_path).stop()


def test_changes_frozen_values_cross_the_queue(seated: Desk) -> None:
    snapshot = seated.hear(told.SnapshotCame)
    with pytest.raises(AttributeError):
        snapshot.snapshot = None  # type: ignore[misc, assignment]
    assert with_changes(snapshot) == snapshot
