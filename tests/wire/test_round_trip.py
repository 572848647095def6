"""What is encoded decodes to the same, for every message there is."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.changes import FACTS, Change, Fact
from governance.commands import COMMANDS, WORD_OF, Command
from tests.wire.values import commands, facts, of, publications, replies, requests
from wire.codec import (
    decode_change,
    decode_command,
    decode_positions,
    decode_publication,
    decode_reply,
    decode_request,
    encode,
    encode_command,
    encode_fact,
    encode_positions,
    numbered,
)
from wire.publications import POSITION, Publication
from wire.requests import Order, Reply, Request

quickly = settings(
    max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@quickly
@given(requests)
def test_a_request_comes_back(request: Request) -> None:
    back = decode_request(encode(request))
    assert type(back) is type(request)
    if isinstance(request, Order) and isinstance(back, Order):
        assert decode_command(back.command, back.body) == decode_command(request.command, request.body)
    else:
        assert back == request


@quickly
@given(replies)
def test_a_reply_comes_back(reply: Reply) -> None:
    assert encode(decode_reply(encode(reply))) == encode(reply)


@quickly
@given(publications)
def test_a_publication_comes_back(publication: Publication) -> None:
    assert encode(decode_publication(encode(publication))) == encode(publication)


@quickly
@given(commands)
def test_a_command_comes_back(command: Command) -> None:
    assert decode_command(WORD_OF[type(command)], encode_command(command)) == command


@quickly
@given(facts, of(Change))
def test_a_change_comes_back(fact: Fact, change: Change) -> None:
    sent = Change(change.stream, change.number, change.at, change.order_id, fact)
    assert decode_change(numbered(sent)) == sent
    word, _ = encode_fact(fact)
    assert FACTS[word] is type(fact)


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 9), max_size=20))
def test_positions_come_back(rows: list[tuple[int, ...]]) -> None:
    records = np.array(rows, POSITION)
    back = decode_positions(encode_positions(records))
    assert np.array_equal(back, records)
    assert not back.flags.writeable


def test_a_position_is_24_bytes_and_a_word_is_a_class() -> None:
    assert POSITION.itemsize == 24
    assert len(set(COMMANDS.values())) == len(COMMANDS) == len(WORD_OF)
