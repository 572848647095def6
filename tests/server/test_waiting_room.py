"""What waits is counted for each desk and address: nobody takes all the room."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from uuid import uuid4

import pytest

from server.waiting_room import KINDS, MAY_ASK, MAY_WAIT, MOST_KEPT, WaitingRoom, Waits, places_of
from wire.leaving_requests import RecordLeaving
from wire.requests import Refusal


def test_one_address_leaves_room_for_the_others_and_a_place_left_is_free_again() -> None:
    room = WaitingRoom()
    of_one = MAY_WAIT["sign_on_from"][1]
    taken = [(("sign_on", f"key {n}"), ("sign_on_from", "10.0.0.1")) for n in range(of_one)]
    assert all(room.enter(*places) for places in taken)
    assert not room.enter(("sign_on", "another"), ("sign_on_from", "10.0.0.1"))
    assert room.enter(("sign_on", "another"), ("sign_on_from", "10.0.0.2"))
    room.leave(*taken[0])
    assert room.enter(*taken[0])


def test_the_log_of_exports_is_not_filled_by_one_desk() -> None:
    room, session, kind = WaitingRoom(lambda: 0.0), uuid4(), KINDS[RecordLeaving]
    assert sum(room.may_ask(kind, session) for _ in range(100)) == MAY_ASK[kind][0] == 8
    assert sum(room.enter((kind, "key")) for _ in range(100)) == MAY_WAIT[kind][1]


def test_who_signs_on_many_times_takes_no_more_of_the_past_than_who_does_once() -> None:
    room = WaitingRoom()
    entered = [room.enter(*places_of("past", f"key {n // 2}", "wang")) for n in range(16)]
    assert entered == [True] * 2 + [False] * 14
    assert room.enter(*places_of("past", "another", "li"))
    room.leave(*places_of("past", "key 0", "wang"))
    assert room.enter(*places_of("past", "key 7", "wang"))


@pytest.mark.parametrize("kind", sorted({*KINDS.values(), "order"}))
def test_an_account_of_many_desks_leaves_room_for_others_of_every_kind(kind: str) -> None:
    room = WaitingRoom()
    of_all, of_one = MAY_WAIT[kind]
    entered = sum(room.enter(*places_of(kind, f"key {n // of_one}", "wang")) for n in range(4 * of_all))
    assert of_one <= entered <= of_all // 2
    assert room.enter(*places_of(kind, "another", "li"))


def test_what_a_session_that_ended_waits_for_is_dropped_and_its_places_are_free() -> None:
    room, gone, there, begin = WaitingRoom(), uuid4(), uuid4(), Event()
    pool = ThreadPoolExecutor(1)
    waits = []
    for number, session in enumerate((gone, gone, there)):  # the first has its thread, the others wait for it
        places = places_of("past", f"key {session}", str(session))
        assert room.enter(*places)
        waits.append(Waits(pool.submit(begin.wait, 10.0), places, b"desk", Refusal(number, "no_session")))
        room.seat(session, waits[-1])
    dropped = room.forget_all_but([there])
    assert [each.over.n for each in dropped] == [1]
    assert room.enter(*dropped[0].places)
    assert not room.enter(*dropped[0].places), "what has its thread is still to be answered"
    begin.set()
    pool.shutdown()
    assert [each.work.cancelled() for each in waits] == [False, True, False]
    assert room.forget_all_but([]) == []


def test_what_was_answered_is_kept_without_end_by_nobody_also_while_the_ledger_is_away() -> None:
    room, session = WaitingRoom(), uuid4()
    places, over = places_of("order", "key", "wang"), Refusal(0, "no_session")
    for number in range(5 * MOST_KEPT):
        answered: Future[None] = Future()
        if number % 100:
            answered.set_result(None)
        room.enter(*places)
        room.seat(session, Waits(answered, places, b"desk", over))
    assert len(room._asks[session]) <= MOST_KEPT + 1
    assert len(room.forget_all_but(())) == -(-5 * MOST_KEPT // 100), "what waits is never let go"


def test_what_is_large_is_given_so_often_within_so_long() -> None:
    now_s = 0.0
    room = WaitingRoom(lambda: now_s)
    session, other = uuid4(), uuid4()
    so_many, within_s = MAY_ASK["replay"]
    assert [room.may_ask("replay", session) for _ in range(so_many + 1)] == [True] * so_many + [False]
    assert room.may_ask("replay", other)
    assert room.may_ask("order", session)
    now_s = within_s
    assert room.may_ask("replay", session)
