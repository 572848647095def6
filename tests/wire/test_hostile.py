"""Bytes from outside are what the protocol says, or Malformed; nothing else is ever raised."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.commands import COMMANDS, Complete, MakeReport, RaiseLevel
from governance.places import LonLat
from tests.wire.values import commands, packed, publications, raw, replies, requests
from wire.codec import (
    decode_change,
    decode_command,
    decode_positions,
    decode_publication,
    decode_reply,
    decode_request,
    encode,
    encode_command,
)
from wire.frames import ITEMS_LIMIT, LONGER_LISTS, PUBLICATION_LIMIT, REPLY_LIMIT, REQUEST_LIMIT, TEXT_LIMIT, Malformed
from wire.publications import Numbered
from wire.requests import Order, Ping

Decode = Callable[[bytes], Any]
DECODERS: tuple[Decode, ...] = (decode_request, decode_reply, decode_publication, decode_positions)
any_decoder = st.sampled_from(DECODERS)
MESSAGES: dict[str, st.SearchStrategy[Any]] = {"requests": requests, "replies": replies, "publications": publications}
"""By name: hypothesis would write down what a strategy among values is, which takes long and is a warning."""
quickly = settings(max_examples=200, deadline=None)


@quickly
@given(any_decoder, st.binary(max_size=200) | st.binary(max_size=200).map(lambda body: b"\x01" + body))
def test_random_bytes_are_malformed_or_harmless(decode: Decode, frame: bytes) -> None:
    with suppress(Malformed):
        decode(frame)


@quickly
@given(any_decoder, raw)
def test_well_formed_nonsense_is_malformed_or_harmless(decode: Decode, value: object) -> None:
    with suppress(Malformed, msgspec.ValidationError, OverflowError):
        frame = packed(value)
    with suppress(Malformed):
        decode(frame)


@quickly
@given(st.data(), st.sampled_from(sorted(MESSAGES)))
def test_a_truncated_or_flipped_message_is_malformed_or_another_message(data: st.DataObject, messages: str) -> None:
    frame = encode(data.draw(MESSAGES[messages]))
    cut = data.draw(st.integers(0, len(frame)))
    flipped = bytearray(frame)
    flipped[cut % len(frame)] ^= data.draw(st.integers(1, 255))
    for broken in (frame[:cut], bytes(flipped), frame + b"\x00"):
        for decode in DECODERS:
            with suppress(Malformed):
                decode(broken)


@quickly
@given(commands, st.sampled_from([*COMMANDS, "", "nonsense"]), st.integers(0, 60))
def test_a_command_under_another_word_or_cut_short_is_malformed_or_harmless(command: Any, word: str, cut: int) -> None:
    body = bytes(encode_command(command))
    for broken in (body, body[:cut]):
        with suppress(Malformed):
            decode_command(word, msgspec.Raw(broken))


REFUSED: list[tuple[str, Decode, bytes]] = [
    ("empty", decode_request, b""),
    ("wrong_version", decode_request, b"\x02" + encode(Ping(1))[1:]),
    ("wrong_version", decode_publication, b"\x00"),
    ("too_large", decode_request, b"\x01" + bytes(REQUEST_LIMIT)),
    ("too_large", decode_reply, b"\x01" + bytes(REPLY_LIMIT)),
    ("too_large", decode_publication, b"\x01" + bytes(PUBLICATION_LIMIT)),
    ("too_large", decode_positions, b"\x01" + bytes(PUBLICATION_LIMIT)),
    ("bad_positions", decode_positions, b"\x01" + bytes(25)),
    ("bad_message", decode_request, b"\x01" + b"\x91" * 100_000),
    ("bad_message", decode_request, b"\x01" + b"\x81\xa1a" * 100_000 + b"\xc0"),
    ("bad_message", decode_request, packed({"type": "ping"})),
    ("bad_message", decode_request, packed({"type": "ping", "n": "one"})),
    ("bad_message", decode_request, packed({"type": "ping", "n": 1, "more": 1})),
    ("bad_message", decode_request, packed({"type": "pong", "n": 1, "server_time": "2026-01-01T00:00:00Z"})),
    ("bad_message", decode_request, packed({"n": 1})),
    ("bad_message", decode_request, packed([{"type": "ping", "n": 1}])),
    ("text_too_long", decode_request, packed({"type": "sign_on", "n": 1, "login": "x" * (TEXT_LIMIT + 1), "password": ""})),
    (
        "time_without_zone",
        decode_request,
        packed(
            {
                "type": "order",
                "n": 1,
                "order_id": "00000000-0000-0000-0000-000000000001",
                "command": "ack",
                "body": {},
                "client_at": "2026-01-01T00:00:00",
            }
        ),
    ),
]


@pytest.mark.parametrize(("reason", "decode", "frame"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_a_frame_is_refused_with_its_reason(reason: str, decode: Decode, frame: bytes) -> None:
    with pytest.raises(Malformed) as malformed:
        decode(frame)
    assert malformed.value.reason == reason


PHOTO = {"id": "00000000-0000-0000-0000-000000000001", "sha256": "", "mime": "", "size": 1, "stage": ""}
BAD_COMMANDS: list[tuple[str, str, object]] = [
    ("unknown_command", "abolish", {}),
    ("bad_command", "raise_level", {}),
    ("bad_command", "raise_level", {"reason": 7}),
    ("bad_command", "raise_level", []),
    ("bad_command", "raise_level", {"reason": "stuck", "more": 1}),
    ("bad_command", "report", {"text": "t", "place": {"lon": 500.0, "lat": 0.0}}),
    ("bad_command", "file", {"category": "01.01", "urgency": 9}),
    ("text_too_long", "raise_level", {"reason": "x" * (TEXT_LIMIT + 1)}),
    ("text_too_long", "dispatch", {"lead": {"worker": PHOTO["id"], "name": "x" * (TEXT_LIMIT + 1)}}),
    ("too_many", "complete", {"text": "", "attachments": [PHOTO] * (ITEMS_LIMIT + 1)}),
    ("too_many", "merge", {"sources": [{"incident": PHOTO["id"], "version": 1}] * (LONGER_LISTS["sources"] + 1)}),
    ("not_a_number", "report", {"text": "t", "place": {"lon": 120.0, "lat": 30.0}, "accuracy_m": float("nan")}),
    *(
        ("time_out_of_range", "report", {"text": "", "place": {"lon": 1.0, "lat": 1.0}, "occurred_at": at})
        for at in ("0001-01-01T00:00:00+14:00", "1999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00", "2500-01-01T00:00:00Z")
    ),
    ("time_without_zone", "report", {"text": "", "place": {"lon": 1.0, "lat": 1.0}, "occurred_at": "2026-01-01T00:00:00"}),
]


@pytest.mark.parametrize(("reason", "word", "body"), BAD_COMMANDS)
def test_a_command_is_refused_with_its_reason(reason: str, word: str, body: object) -> None:
    with pytest.raises(Malformed) as malformed:
        decode_command(word, msgspec.Raw(msgspec.msgpack.encode(body)))
    assert malformed.value.reason == reason


def test_what_is_just_within_the_limits_passes() -> None:
    within = RaiseLevel("x" * TEXT_LIMIT)
    assert decode_command("raise_level", encode_command(within)) == within
    assert decode_command("complete", encode_command(Complete("t"))) == Complete("t")
    assert decode_command("report", encode_command(MakeReport("t", LonLat(120, 30)))).place == LonLat(120, 30)  # type: ignore[union-attr]


def test_a_deeply_nested_body_of_an_order_is_malformed() -> None:
    deep = msgspec.Raw(b"\x91" * 100_000 + b"\xc0")
    with pytest.raises(Malformed):
        decode_command("raise_level", deep)
    order = Order(1, UUID(int=1), "raise_level", deep)
    with suppress(Malformed):
        decode_request(encode(order))


@pytest.mark.parametrize("kind", ["case", "worker", "camera", "rules", "edition", "", "war"])
def test_a_fact_of_another_shape_is_malformed(kind: str) -> None:
    sent = Numbered("s/1", 1, datetime.now(UTC), None, kind, msgspec.Raw(msgspec.msgpack.encode([1, 2])))
    with pytest.raises(Malformed):
        decode_change(sent)
