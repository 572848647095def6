"""However long the texts, nothing sent is larger than a peer takes, and nobody makes the server keep much."""

from __future__ import annotations

from collections.abc import Callable

import psutil

from governance.commands import MakeReport
from server.feed import parts
from server.ledger import change_log
from server.replies import WAITING_REPLIES
from server.service_window import REPLAY_BYTES
from server.waiting_room import MAY_ASK
from wire.codec import encode
from wire.frames import PUBLICATION_LIMIT, TEXT_LIMIT
from wire.publications import Changes, Ended
from wire.requests import AskReplay, AskSnapshot, Committed, Refusal, Replay, Snapshot

from .conftest import District, RawDesk, middle, refusal

Make = Callable[[], RawDesk]
LONG = "网" * TEXT_LIMIT


def _copied(district: District, times: int) -> None:
    """The newest change of the first street many times over, as a long day would leave them."""
    district.owner_executes(
        "INSERT INTO change_log SELECT stream, number + k, at, order_id, kind, body FROM change_log, generate_series(1, %s) k "
        "WHERE stream = '990001001/0' AND number = 1 ORDER BY k; "
        "UPDATE stream_counter SET number = number + %s WHERE stream = '990001001/0'".replace("%s", str(times))
    )


def test_publications_of_the_longest_texts_fit(district: District) -> None:
    district.order(MakeReport(LONG, middle(0)), "duty1")
    _copied(district, 499)
    with district.ledger.transaction() as connection:
        found = change_log.read_after(connection, "990001001/0", 0, 500, 10**9)
    assert len(found) == 500
    assert len(encode(Changes(found))) > PUBLICATION_LIMIT
    made = [Changes(part) for part in parts(found)]
    assert all(len(encode(each)) < PUBLICATION_LIMIT for each in made)
    assert [c.number for each in made for c in each.changes] == list(range(1, 501))


def test_what_is_read_at_once_ends_where_it_gets_large_and_goes_on_there(district: District) -> None:
    district.order(MakeReport(LONG, middle(0)), "duty1")
    _copied(district, 99)
    numbers: list[int] = []
    with district.ledger.transaction() as connection:
        while True:
            found = change_log.read_after(connection, "990001001/0", len(numbers), 500, 1_000_000)
            if not found:
                break
            assert sum(len(each.fact) for each in found) < 1_100_000
            numbers += [each.number for each in found]
    assert numbers == list(range(1, 101))


def test_a_replay_of_the_longest_texts_comes_in_several_answers(district: District, raw_desk: Make) -> None:
    district.order(MakeReport(LONG, middle(0)), "duty1")
    _copied(district, 1_200)
    district.start("desk")
    desk = raw_desk()
    desk.sign_on("duty1", listen=False)
    numbers: list[int] = []
    while len(numbers) < 1_201:
        replay = desk.ask(AskReplay(0, "990001001/0", len(numbers)))
        assert isinstance(replay, Replay)
        assert replay.complete
        assert replay.changes
        numbers += [each.number for each in replay.changes]
    assert numbers == list(range(1, 1_202))


def test_a_desk_gets_no_third_snapshot_within_seconds(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk, other = raw_desk(), raw_desk()
    for each, login in ((desk, "duty1"), (other, "duty2")):
        each.sign_on(login, listen=False)
    replies = [desk.ask(AskSnapshot(0)) for _ in range(4)]
    assert [type(each) for each in replies] == [Snapshot, Snapshot, Refusal, Refusal]
    assert refusal(replies[-1]) == "busy"
    assert isinstance(other.ask(AskSnapshot(0)), Snapshot)
    assert isinstance(desk.order(MakeReport("照常", middle(0))), Committed)


def test_a_desk_that_never_reads_makes_the_server_keep_little(district: District, raw_desk: Make) -> None:
    district.order(MakeReport(LONG, middle(0)), "duty1")
    _copied(district, 300)
    server = psutil.Process(district.start("desk").pid)
    silent, other = raw_desk(), raw_desk()
    silent.dealer.rcvhwm = 1
    silent.sign_on("duty1", listen=False)
    other.sign_on("duty2", listen=False)
    before = server.memory_info().rss
    for _ in range(6):
        for _ in range(60):
            silent.send(AskReplay(0, "990001001/0", 0))
        assert isinstance(other.ask(AskReplay(0, "990001001/0", 0)), Replay)  # asked later than those, by the same threads
    assert server.memory_info().rss - before < 2 * WAITING_REPLIES * REPLAY_BYTES
    sent = 0
    while silent.dealer.poll(1_000):
        sent += len(silent.dealer.recv())
    assert REPLAY_BYTES < sent < 1.1 * MAY_ASK["replay"][0] * REPLAY_BYTES


def test_a_session_that_listens_to_whatever_it_can_is_ended(district: District, raw_desk: Make) -> None:
    district.start("desk")
    honest, prying = raw_desk(), raw_desk()
    honest.sign_on("duty1")
    prying.sign_on("duty2")
    assert prying.sub
    for n in range(300):
        prying.sub.subscribe(n.to_bytes(16, "big"))
    assert prying.hears(lambda each: isinstance(each, Ended) and each.reason == "prying", 5.0)
    with district.ledger.transaction() as connection:
        reasons = connection.execute("SELECT DISTINCT ended_reason FROM desk_session WHERE ended_at IS NOT NULL").fetchall()
    assert reasons == [("prying",)]
    assert isinstance(honest.order(MakeReport("照常", middle(0))), Committed)
