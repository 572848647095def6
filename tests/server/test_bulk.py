"""Whatever one desk asks of the bulk socket, the others still get their packs; and a process without it ends."""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import zmq

from governance.commands import MakeReport
from governance.incident import Attachment
from server.bulk import BulkCounter
from server.desk import Desk
from server.keys import ensure_keys
from server.sessions import Session
from wire.codec import decode_reply, encode
from wire.requests import AskBulk, AskSnapshot, Bulk, Reply, Snapshot

from .conftest import District, RawDesk, middle, refusal
from .test_snapshot_and_changes import session_of

Make = Callable[[], RawDesk]
DATA = b"pack" * 1000
SHA = hashlib.sha256(DATA).hexdigest()
PHOTO = hashlib.sha256(b"photo").hexdigest()


@pytest.fixture
def troubles() -> dict[str, Exception]:
    """What looking up the right to an attachment raises, by hash."""
    return {}


@pytest.fixture
def asking(district: District, tmp_path: Path, troubles: dict[str, Exception]) -> Iterator[Callable[[AskBulk], Reply]]:
    """A bulk counter on a real socket, and a desk's way to ask it."""
    keys = ensure_keys(tmp_path / "keys")
    packs, attachments = tmp_path / "packs", tmp_path / "attachments"
    for folder, name, data in ((packs, SHA, DATA), (attachments, PHOTO, b"photo")):
        folder.mkdir()
        (folder / name).write_bytes(data)

    def may_fetch(_session: Session, sha256: str) -> bool:
        if sha256 in troubles:
            raise troubles[sha256]
        return True

    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    session = session_of(district.officers["duty1"])
    counter = BulkCounter(
        context,
        "tcp://127.0.0.1:*",
        keys.curve_secret,
        packs,
        attachments,
        lambda _: session,
        may_fetch,
        SHA.__eq__,
        lambda _session, _slice: 0,
    )
    counter.start()
    dealer = context.socket(zmq.DEALER)
    dealer.linger = 0
    dealer.curve_serverkey = keys.curve_public
    dealer.curve_publickey, dealer.curve_secretkey = zmq.curve_keypair()
    dealer.connect(counter.endpoint)

    def ask(request: AskBulk) -> Reply:
        dealer.send(encode(request))
        assert dealer.poll(5_000), "no answer"
        return decode_reply(dealer.recv())

    yield ask
    assert counter.is_serving
    counter.stop()
    assert not counter.is_serving
    dealer.close()
    context.term()


@pytest.mark.parametrize("offset", [len(DATA) + 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_a_slice_beyond_the_end_is_refused_and_the_next_is_answered(asking: Callable[[AskBulk], Reply], offset: int) -> None:
    assert refusal(asking(AskBulk(1, SHA, offset))) == "bad_slice"
    answer = asking(AskBulk(2, SHA))
    assert isinstance(answer, Bulk)
    assert answer.data == DATA


def test_a_slice_from_the_very_end_is_empty(asking: Callable[[AskBulk], Reply]) -> None:
    answer = asking(AskBulk(1, SHA, len(DATA)))
    assert isinstance(answer, Bulk)
    assert (answer.data, answer.total) == (b"", len(DATA))


@pytest.mark.parametrize(
    ("trouble", "code"),
    [(psycopg.OperationalError("gone"), "ledger_unreachable"), (ValueError("a bug"), "internal_error")],
    ids=["ledger", "bug"],
)
def test_whatever_fails_for_one_request_is_told_and_the_next_is_answered(
    asking: Callable[[AskBulk], Reply], troubles: dict[str, Exception], trouble: Exception, code: str
) -> None:
    troubles[PHOTO] = trouble
    assert refusal(asking(AskBulk(1, PHOTO))) == code
    assert isinstance(asking(AskBulk(2, SHA)), Bulk)
    troubles.clear()
    assert isinstance(asking(AskBulk(3, PHOTO)), Bulk)


def test_the_pack_of_all_cameras_is_for_no_desk(district: District, raw_desk: Make) -> None:
    district.start("desk")
    desk = raw_desk()
    signed = desk.sign_on("street1", listen=False)
    bulk = desk.connect(zmq.DEALER, signed.bulk_endpoint)
    with district.ledger.transaction() as connection:
        packs = dict(connection.execute("SELECT layer, sha256 FROM town_pack").fetchall())
    for layer, sha256 in packs.items():
        assert (district.settings.packs / sha256).is_file()
        bulk.send(encode(AskBulk(1, sha256)))
        assert bulk.poll(10_000)
        answer = decode_reply(bulk.recv())
        assert isinstance(answer, Bulk) if layer != "cameras" else refusal(answer) == "no_such_bytes"
    taken = desk.ask(AskSnapshot(0))
    assert isinstance(taken, Snapshot)
    assert set(taken.town.packs) == packs.keys() - {"cameras"}


def test_a_restart_of_the_ledger_during_an_attachment_costs_one_answer_at_most(district: District, raw_desk: Make) -> None:
    district.start("desk")
    (district.settings.attachments / PHOTO).write_bytes(b"photo")
    photo = Attachment(uuid4(), PHOTO, "image/jpeg", 5, "report")
    district.order(MakeReport("垃圾堆积", middle(0), attachments=(photo,)), "duty1")
    desk = raw_desk()
    signed = desk.sign_on("duty1", listen=False)
    bulk = desk.connect(zmq.DEALER, signed.bulk_endpoint)
    for _ in range(3):
        with district.settings.postgis.superuser() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (district.settings.database,)
            )
        bulk.send(encode(AskBulk(1, PHOTO)))
        assert bulk.poll(10_000)
        answer = decode_reply(bulk.recv())
        assert isinstance(answer, Bulk) or refusal(answer) == "ledger_unreachable"
    for _ in range(20):
        bulk.send(encode(AskBulk(1, PHOTO)))
        assert bulk.poll(10_000)
        answer = decode_reply(bulk.recv())
        if isinstance(answer, Bulk):
            break
    assert isinstance(answer, Bulk)


def test_the_desk_process_ends_when_its_bulk_thread_has_ended(district: District) -> None:
    async def serve() -> None:
        desk = Desk(district.settings, district.keys, district.ledger)
        desk.bulk.stop()
        await asyncio.wait_for(desk.run(asyncio.Event(), lambda: None), 10)

    with pytest.raises(RuntimeError, match="bulk"):
        asyncio.run(serve())


def test_refusals_can_be_summed_while_the_bulk_thread_adds_reasons(tmp_path: Path) -> None:
    keys = ensure_keys(tmp_path / "keys")
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    nobody, nothing = lambda _: None, lambda *_: False
    nought = lambda *_: 0  # noqa: E731
    counter = BulkCounter(context, "tcp://127.0.0.1:*", keys.curve_secret, tmp_path, tmp_path, nobody, nothing, nothing, nought)

    def add() -> None:
        for n in range(20_000):
            counter.refused[str(n)] += 1

    adding = threading.Thread(target=add)
    adding.start()
    try:
        while adding.is_alive():
            assert (Counter() + counter.refused_so_far()).total() <= 20_000
    finally:
        adding.join()
        counter.stop()
        context.term()
    assert counter.refused_so_far().total() == 20_000
