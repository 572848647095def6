"""Encode and decode one message, strictly: unknown fields, wrong types and other versions are Malformed."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
import numpy as np

from governance.changes import FACTS, Change, Fact
from governance.commands import COMMANDS, WORD_OF, Command
from wire.frames import (
    ITEMS_LIMIT,
    LONGER_LISTS,
    PUBLICATION_LIMIT,
    REPLY_LIMIT,
    REQUEST_LIMIT,
    TEXT_LIMIT,
    Malformed,
    closed,
    opened,
)
from wire.publications import POSITION, Numbered, Positions, Publication
from wire.requests import Reply, Request

T = TypeVar("T")

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100
"""Years a desk's times may lie in; near either end of the calendar no time zone can be reckoned any more."""

_WRONG = (msgspec.DecodeError, msgspec.ValidationError, ValueError, RecursionError, OverflowError)
"""What a decoder may raise over bytes from outside."""

_encoder = msgspec.msgpack.Encoder(order="deterministic")  # a set has no order of its own: equal values, equal bytes
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_replies: msgspec.msgpack.Decoder[Reply] = msgspec.msgpack.Decoder(Reply)
_publications: msgspec.msgpack.Decoder[Publication] = msgspec.msgpack.Decoder(Publication)
_facts: dict[str, msgspec.msgpack.Decoder[Any]] = {word: msgspec.msgpack.Decoder(kind) for word, kind in FACTS.items()}
_FACT_WORD = {kind: word for word, kind in FACTS.items()}
_names: msgspec.msgpack.Decoder[dict[str, msgspec.Raw]] = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])
_commands: dict[str, msgspec.msgpack.Decoder[Any]] = {word: msgspec.msgpack.Decoder(kind) for word, kind in COMMANDS.items()}


def encode(message: Request | Reply | Publication) -> bytes:
    """One frame holding the message."""
    return closed(_encoder.encode(message))


def decode_request(frame: bytes) -> Request:
    """The request in a frame; Malformed where it is none."""
    request = _decoded(_requests, frame, REQUEST_LIMIT)
    _measured_fields(request)
    return request


def measure_request(request: Request) -> None:
    """Malformed where a server would not read a request: something in it is too large, or all of it together."""
    _measured_fields(request)
    opened(encode(request), REQUEST_LIMIT)


def measure_command(command: Command) -> None:
    """Malformed where something in a command is larger than the protocol allows."""
    _measured(WORD_OF[type(command)], command)


def decode_reply(frame: bytes) -> Reply:
    """The reply in a frame; Malformed where it is none."""
    return _decoded(_replies, frame, REPLY_LIMIT)


def decode_publication(frame: bytes) -> Publication:
    """The publication in a frame; Malformed where it is none."""
    return _decoded(_publications, frame, PUBLICATION_LIMIT)


def encode_command(command: Command) -> msgspec.Raw:
    """The body of an order."""
    return msgspec.Raw(_encoder.encode(command))


def decode_command(word: str, body: msgspec.Raw) -> Command:
    """The command an order carries; Malformed where word, fields or sizes are wrong."""
    decoder = _commands.get(word)
    if decoder is None:
        raise Malformed("unknown_command", word[:40])
    try:
        command: Command = decoder.decode(body)
        unknown = _names.decode(body).keys() - {item.name for item in fields(command)}
    except _WRONG as problem:
        raise Malformed("bad_command", str(problem)[:200]) from problem
    if unknown:
        raise Malformed("bad_command", f"unknown field {min(unknown)[:40]}")
    _measured(word, command)
    return command


def encode_fact(fact: Fact) -> tuple[str, bytes]:
    """The word and the MessagePack body of a fact, as the change log keeps them."""
    return _FACT_WORD[type(fact)], _encoder.encode(fact)


def numbered(change: Change) -> Numbered:
    """A change as it goes on the wire."""
    word, body = encode_fact(change.fact)
    return Numbered(change.stream, change.number, change.at, change.order_id, word, msgspec.Raw(body))


def decode_change(sent: Numbered) -> Change:
    """The change that was sent; Malformed where its kind or body is wrong."""
    decoder = _facts.get(sent.kind)
    if decoder is None:
        raise Malformed("unknown_fact", sent.kind[:40])
    try:
        return Change(sent.stream, sent.number, sent.at, sent.order_id, decoder.decode(sent.fact))
    except _WRONG as problem:
        raise Malformed("bad_fact", str(problem)[:200]) from problem


def encode_positions(records: Positions) -> bytes:
    """Packed fixes behind the protocol byte."""
    return closed(np.ascontiguousarray(records, POSITION).tobytes())


def decode_positions(frame: bytes) -> Positions:
    """Fixes of a lane or intake frame, POSITION[k], read-only; Malformed where the bytes are none."""
    body = opened(frame, PUBLICATION_LIMIT)
    if len(body) % POSITION.itemsize:
        raise Malformed("bad_positions", f"{len(body)} bytes")
    return np.frombuffer(body, POSITION)


def _decoded(decoder: msgspec.msgpack.Decoder[T], frame: bytes, limit: int) -> T:
    """One message of a frame, or Malformed."""
    try:
        return decoder.decode(opened(frame, limit))
    except Malformed:
        raise
    except _WRONG as problem:
        raise Malformed("bad_message", str(problem)[:200]) from problem


def _measured_fields(request: Request) -> None:
    """Measure what a request itself holds."""
    for name in request.__struct_fields__:
        _measured(name, getattr(request, name))


def _measured(name: str, value: object) -> None:
    """Raise Malformed where a value from a desk is larger than the protocol allows, no number, of no time or zone."""
    if isinstance(value, str):
        if len(value) > TEXT_LIMIT:
            raise Malformed("text_too_long", name)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Malformed("not_a_number", name)
    elif isinstance(value, datetime):
        if value.tzinfo is None:
            raise Malformed("time_without_zone", name)
        if not EARLIEST_YEAR <= value.year < LATEST_YEAR:
            raise Malformed("time_out_of_range", name)
    elif isinstance(value, tuple):
        _counted(name, value)
    elif is_dataclass(value):
        for item in fields(value):
            _measured(item.name, getattr(value, item.name))


def _counted(name: str, values: tuple[object, ...]) -> None:
    """Measure each of several values, and how many they are."""
    if len(values) > LONGER_LISTS.get(name, ITEMS_LIMIT):
        raise Malformed("too_many", name)
    for value in values:
        _measured(name, value)
