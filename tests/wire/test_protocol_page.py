"""PROTOCOL.md names every message, field, limit and word there is, and none that is not."""

from __future__ import annotations

import re
import typing
from pathlib import Path

import pytest

import wire
from governance.changes import FACTS
from wire import frames
from wire.publications import POSITION, Publication
from wire.requests import Reply, Request

PAGE = (Path(wire.__file__).parent / "PROTOCOL.md").read_text("utf-8")
ROWS = {row[0]: row[1:] for row in re.findall(r"^\| `(\w+)`(?: \([^)]*\))? \| ([^|]*)(?:\| [^|]*)?\|$", PAGE, re.MULTILINE)}
MESSAGES = [each for union in (Request, Reply, Publication) for each in typing.get_args(union)]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_a_message_stands_on_the_page_with_its_fields(message: typing.Any) -> None:
    word = message.__struct_config__.tag
    assert word in ROWS, f"{word} is not described"
    for field in message.__struct_fields__:
        if field != "n":
            assert re.search(rf"\b{field}\b", ROWS[word][0]), f"{word}.{field} is not described"


def test_no_row_describes_what_is_not_there() -> None:
    assert set(ROWS) <= {message.__struct_config__.tag for message in MESSAGES} | set(FACTS)
    assert set(FACTS) <= set(ROWS)


def test_the_limits_are_those_of_the_code() -> None:
    mib = 1_048_576
    said = f"request {frames.REQUEST_LIMIT // mib} MiB, reply {frames.REPLY_LIMIT // mib} MiB, publication "
    said += f"{frames.PUBLICATION_LIMIT // mib} MiB, one text of a request {frames.TEXT_LIMIT:,} characters"
    flat = " ".join(PAGE.split())
    assert said in flat
    assert f"a list in a command {frames.ITEMS_LIMIT} things, a topic {frames.TOPIC_BYTES} bytes" in flat
    assert all(re.search(rf"`{name}`( of a merge)? {most} things", flat) for name, most in frames.LONGER_LISTS.items())
    assert f"version {frames.PROTOCOL}" in PAGE.splitlines()[0]


def test_the_record_is_that_of_the_code() -> None:
    assert POSITION.fields is not None
    for name, (kind, offset, *_) in POSITION.fields.items():
        assert re.search(rf"\| {offset} \| {kind.kind}{kind.itemsize * 8} \| {name}\b", PAGE), name


def test_every_reason_of_the_code_stands_on_the_page() -> None:
    for path in Path(wire.__file__).parent.glob("*.py"):
        for reason in re.findall(r'Malformed\("(\w+)"', path.read_text("utf-8")):
            assert f"`{reason}`" in PAGE, reason
