"""Strategies for every message of the protocol, made from its types."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import UTC, date, datetime, time
from enum import Enum
from uuid import UUID

import msgspec
from hypothesis import strategies as st

from governance.changes import Change, Fact
from governance.commands import WORD_OF, Command
from governance.places import LonLat
from wire.codec import encode_command, numbered
from wire.publications import Numbered, Publication
from wire.requests import Order, Reply, Request

NAMESPACE_FREE = st.characters(exclude_categories=("Cs",))
SIMPLE: dict[object, st.SearchStrategy[typing.Any]] = {
    str: st.text(NAMESPACE_FREE, max_size=12),
    int: st.integers(0, 2**31),
    float: st.floats(allow_nan=False, allow_infinity=False),  # width 32: OverflowError in hypothesis 6.170.15
    bool: st.booleans(),
    bytes: st.binary(max_size=40),
    type(None): st.none(),
    UUID: st.uuids(),
    datetime: st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    date: st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    time: st.times(),
    LonLat: st.builds(LonLat, st.floats(-180, 180), st.floats(-90, 90)),
}


def of(kind: typing.Any) -> st.SearchStrategy[typing.Any]:
    """Any value of a type of the protocol."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    if kind is Numbered:
        return of(Change).map(numbered)
    if kind is Order:
        return st.builds(_order, of(Command), st.integers(0, 2**31), st.uuids(), st.none() | st.uuids())
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(of(each) for each in arguments))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return st.lists(of(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*(of(each) for each in arguments))
    if origin is frozenset:
        return st.frozensets(of(arguments[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(of(arguments[0]), of(arguments[1]), max_size=2)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return st.builds(kind, **{name: of(hint) for name, hint in _fields(kind).items()})


def _fields(kind: type) -> dict[str, typing.Any]:
    hints = typing.get_type_hints(kind)
    names = [f.name for f in dataclasses.fields(kind)] if dataclasses.is_dataclass(kind) else list(kind.__struct_fields__)  # type: ignore[attr-defined]
    return {name: hints[name] for name in names}


def _order(command: Command, n: int, order_id: UUID, incident: UUID | None) -> Order:
    return Order(n, order_id, WORD_OF[type(command)], encode_command(command), incident, 3)


requests: st.SearchStrategy[Request] = st.one_of(*(of(kind) for kind in typing.get_args(Request)))
replies: st.SearchStrategy[Reply] = st.one_of(*(of(kind) for kind in typing.get_args(Reply)))
publications: st.SearchStrategy[Publication] = st.one_of(*(of(kind) for kind in typing.get_args(Publication)))
commands: st.SearchStrategy[Command] = st.one_of(*(of(kind) for kind in typing.get_args(Command)))
facts: st.SearchStrategy[Fact] = st.one_of(*(of(kind) for kind in typing.get_args(Fact)))
raw = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=8) | st.binary(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
"""Anything MessagePack can say."""


def packed(value: object) -> bytes:
    """A frame of the protocol's version that says something."""
    return b"\x01" + msgspec.msgpack.encode(value)
