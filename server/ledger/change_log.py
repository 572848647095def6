"""Numbers changes per stream in commit order without holes, and reads them back.

A stream's counter is locked as the last thing of a transaction, so its numbers follow the order of the commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from governance.changes import Fact
from server.ledger.ledger import Connection
from wire.codec import encode_fact
from wire.publications import Numbered

_HEARD_BY = {
    "unit": "EXISTS (WITH RECURSIVE above AS (SELECT id, parent, 0 AS height FROM unit WHERE id = %(whose)s UNION ALL "
    "SELECT u.id, u.parent, above.height + 1 FROM unit u JOIN above ON u.id = above.parent WHERE above.height < 8) "
    "SELECT 1 FROM post p JOIN above ON above.id = p.unit WHERE p.role = 'DH')",
    "person": "EXISTS (SELECT 1 FROM post_assignment a JOIN post p ON p.id = a.post "
    "WHERE a.staff = %(whose)s AND p.role = 'CK')",
    "unclaimed": "EXISTS (SELECT 1 FROM post WHERE role = 'DH')",
    "unchecked": "EXISTS (SELECT 1 FROM post WHERE role = 'CK')",
}
"""Streams that few hear (governance.audience): numbered only where there is a post that could."""
_APPEND = (
    "WITH counted AS (INSERT INTO stream_counter AS c (stream, number) SELECT %(stream)s, 1 WHERE {} "
    "ON CONFLICT (stream) DO UPDATE SET number = c.number + 1 RETURNING number) "
    "INSERT INTO change_log (stream, number, at, order_id, kind, body) "
    "SELECT %(stream)s, number, %(at)s, %(order_id)s, %(kind)s, %(body)s FROM counted RETURNING number"
)
_AFTER = (
    "SELECT stream, number, at, order_id, kind, body FROM (SELECT c.*, sum(octet_length(body)) OVER (ORDER BY number) "
    "- octet_length(body) AS before FROM (SELECT * FROM change_log WHERE stream = %s AND number > %s "
    "ORDER BY number LIMIT %s) c) d WHERE before < %s ORDER BY number"
)
READ_BYTES = 4_194_304
"""Bodies read of one stream at once end with the one that goes beyond this; a body is far smaller."""


def append(
    connection: Connection, facts: Sequence[tuple[str, Fact]], order_id: UUID | None, at: datetime
) -> list[tuple[str, int]]:
    """Stream and number of each fact, in the order given; 0 where no post could hear it, and it was not written.

    Call it last: it holds the counters until the commit.
    """
    sent: dict[int, psycopg.Cursor[tuple[Any, ...]]] = {}
    encoded = {id(fact): encode_fact(fact) for _, fact in facts}  # one fact may go to several streams
    for position in sorted(range(len(facts)), key=lambda index: facts[index][0]):  # one order for all: no deadlock
        stream, fact = facts[position]
        word, body = encoded[id(fact)]
        kind, _, whose = stream.partition("/")
        values = {"stream": stream, "at": at, "order_id": order_id, "kind": word, "body": body, "whose": whose}
        sent[position] = connection.execute(_APPEND.format(_HEARD_BY.get(kind, "true")), values)
    numbers = {position: cursor.fetchone() for position, cursor in sent.items()}
    return [(facts[position][0], int((numbers[position] or (0,))[0])) for position in range(len(facts))]


def heads(connection: Connection) -> dict[str, int]:
    """The newest committed number of every stream."""
    return dict(connection.execute("SELECT stream, number FROM stream_counter").fetchall())


def read_after(
    connection: Connection, stream: str, after: int, limit: int, read_bytes: int = READ_BYTES
) -> tuple[Numbered, ...]:
    """The changes of one stream after a number, in order, no more than the limit, and not many more bytes than that."""
    rows = connection.execute(_AFTER, (stream, after, limit, read_bytes))
    return tuple(Numbered(s, n, at, order, kind, msgspec.Raw(body)) for s, n, at, order, kind, body in rows)


def read_beyond(connection: Connection, published: Mapping[str, int], limit: int) -> list[Numbered]:
    """What was committed after the numbers given, stream by stream; a stream not named is read from its start.

    RuntimeError where the ledger knows less than was published: it was replaced under us, and we have to begin anew.
    """
    found: list[Numbered] = []
    standing = heads(connection)
    if any(standing.get(stream, 0) < number for stream, number in published.items()):
        raise RuntimeError("the ledger knows less than was published")
    for stream, head in sorted(standing.items()):
        after = published.get(stream, 0)
        if head > after:
            found += read_after(connection, stream, after, limit)
    return found


def newest(changes: Iterable[Numbered]) -> dict[str, int]:
    """The highest number of each stream among changes."""
    return {change.stream: change.number for change in changes}
