"""The ledger as one thing: a pool of connections, and what is read once and kept (rules by version, grids by day)."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import URL, create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from governance.rules import Rules
from server.ledger import grids, rules_store
from server.ledger.grids import Grids
from server.ledger.local_day import local_day
from server.ledger.seal import Seal

Connection = psycopg.Connection[tuple[Any, ...]]


def _is_news(record: logging.LogRecord) -> bool:
    """Whether psycopg tells something: at the end of an aborted pipeline it repeats the error that is being raised already."""
    return not str(record.msg).startswith("error ignored terminating")


logging.getLogger("psycopg").addFilter(_is_news)


class Ledger:
    """One database, seen as the role of its URL. Every method may be called from any thread."""

    def __init__(self, url: URL, data_key: bytes, pool_size: int = 6) -> None:
        """Nothing is connected yet. `data_key`: 32 bytes that open and close what personal data the ledger keeps."""
        self._engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=2,
            connect_args={"prepare_threshold": 1, "connect_timeout": 10, "options": "-c lock_timeout=5s -c timezone=UTC"},
        )
        self.seal = Seal(data_key)
        self._lock = threading.Lock()
        self._rules: Rules | None = None
        self._grids: Grids | None = None
        self._epoch: UUID | None = None

    @contextmanager
    def transaction(self, snapshot: bool = False) -> Iterator[Connection]:
        """A transaction that commits at the end, or rolls back when something is raised.

        Raises psycopg.OperationalError where the database cannot be reached. With `snapshot` everything read inside is of
        one moment (REPEATABLE READ, read only).
        """
        try:
            pooled = self._engine.raw_connection()
        except (OperationalError, PoolTimeout) as problem:
            raise psycopg.OperationalError(str(problem)) from problem
        connection: Connection = pooled.driver_connection  # type: ignore[assignment]
        try:
            if snapshot:
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection
            connection.commit()
        except BaseException:
            if connection.closed or connection.broken:
                pooled.invalidate()
                self._engine.dispose()  # the others are most likely dead too
            else:
                try:
                    connection.rollback()
                except psycopg.Error:  # an interrupt came amid a command: this one is lost, what was raised is what counts
                    pooled.invalidate()
            raise
        finally:
            pooled.close()

    def rules(self, connection: Connection, now: datetime | None = None) -> Rules:
        """The rules in force; read again only when their version has changed."""
        version = rules_store.version_in_force(connection, now or datetime.now(UTC))
        kept = self._rules
        if kept is None or kept.version != version:
            with self._lock:
                self._rules = kept = rules_store.load(connection, version)
        return kept

    def grids(self, connection: Connection, now: datetime) -> Grids:
        """The boundaries in force; read again only when the edition or the local day has changed."""
        edition, day = grids.edition_in_force(connection), local_day(now)
        kept = self._grids
        if kept is None or (kept.edition, kept.day) != (edition, day):
            with self._lock:
                self._grids = kept = grids.load(connection, edition, day)
        return kept

    def epoch(self, connection: Connection) -> UUID:
        """Which making of the ledger this is; changes when it is restored or made anew."""
        if self._epoch is None:
            row = connection.execute("SELECT value #>> '{}' FROM setting WHERE name = 'epoch'").fetchone()
            if row is None:
                raise LookupError("the ledger was never seeded")
            self._epoch = UUID(row[0])
        return self._epoch

    def close(self) -> None:
        """Every pooled connection is closed."""
        self._engine.dispose()
