"""Tracks: every fix that passed the gate, written to PostGIS in batches by a thread of its own."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

import numpy as np
import psycopg
import structlog

from wire.publications import POSITION, Positions

ROW = np.dtype(
    [
        ("fields", ">i2"),
        ("worker_size", ">i4"),
        ("worker", ">i4"),
        ("at_size", ">i4"),
        ("at", ">i8"),
        ("place_size", ">i4"),
        ("byte_order", "u1"),
        ("geometry", "<u4"),
        ("srid", "<u4"),
        ("lon", "<f8"),
        ("lat", "<f8"),
        ("accuracy_size", ">i4"),
        ("accuracy", ">f4"),
        ("speed_size", ">i4"),
        ("speed", ">f4"),
        ("heading_size", ">i4"),
        ("heading", ">f4"),
        ("battery_size", ">i4"),
        ("battery", ">i4"),
    ]
)
"""One row of a binary COPY into worker_position; the point is EWKB."""

HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TAIL = b"\xff\xff"
POINT_WITH_SRID = 0x20000001
SRID = 4490
SECONDS_TO_2000 = 946_684_800
DAY_S = 86_400
COPY = (
    "COPY worker_position (worker, at, place, accuracy_m, speed_m_s, heading_deg, battery_percent) FROM STDIN (FORMAT binary)"
)
INSERT = (
    "INSERT INTO worker_position (worker, at, place, accuracy_m, speed_m_s, heading_deg, battery_percent)"
    " VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4490), %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
LOCK_NEWEST = (
    "SELECT 1 FROM worker_live JOIN worker ON worker.staff = worker_live.worker WHERE worker.number = ANY(%s::int[])"
    " ORDER BY worker_live.worker FOR NO KEY UPDATE OF worker_live"
)
"""In the order in which orders lock workers, so that none waits for the other for ever."""
SAVE_NEWEST = (
    "UPDATE worker_live SET place = ST_SetSRID(ST_MakePoint(seen.lon, seen.lat), 4490), fix_at = seen.at"
    " FROM unnest(%s::int[], %s::timestamptz[], %s::float8[], %s::float8[]) AS seen (number, at, lon, lat)"
    " JOIN worker ON worker.number = seen.number WHERE worker_live.worker = worker.staff"
)

log = structlog.get_logger()


def copy_stream(fixes: Positions) -> bytes:
    """The fixes as the bytes of a binary COPY."""
    rows = np.zeros(len(fixes), ROW)
    rows["fields"] = 7
    rows["worker_size"], rows["worker"] = 4, fixes["worker"]
    rows["at_size"], rows["at"] = 8, (fixes["at"].astype(np.int64) - SECONDS_TO_2000) * 1_000_000
    rows["place_size"], rows["byte_order"], rows["geometry"], rows["srid"] = 25, 1, POINT_WITH_SRID, SRID
    rows["lon"], rows["lat"] = fixes["lon"] * 1e-7, fixes["lat"] * 1e-7
    rows["accuracy_size"], rows["accuracy"] = 4, fixes["accuracy"] * 0.1
    rows["speed_size"], rows["speed"] = 4, fixes["speed"] * 0.01
    rows["heading_size"], rows["heading"] = 4, fixes["heading"] * 0.01
    rows["battery_size"], rows["battery"] = 4, fixes["battery"]
    return HEAD + rows.tobytes() + TAIL


class Tracks:
    """Buffers fixes and writes them every `every_s`; at most `room` wait, the oldest batch goes first.

    `add` and `save_newest` belong to the loop's thread, the connection to the writing thread. Losing the database
    loses nothing that fits the room: the batch is tried again.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection], every_s: float = 2.0, room: int = 400_000) -> None:
        """Start the writing thread."""
        self.counted: Counter[str] = Counter()
        self._connect = connect
        self._every_s = every_s
        self._room = room
        self._handed_over = 0
        self._settled = 0
        self._queue: queue.SimpleQueue[tuple[str, Positions]] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._days: set[date] = set()
        self._thread = threading.Thread(target=self._write_on, name="tracks", daemon=True)
        self._thread.start()

    def add(self, fixes: Positions) -> None:
        """Keep these fixes for the next batch; dropped and counted where too many wait already."""
        self._hand_over("track", fixes)

    def save_newest(self, fixes: Positions) -> None:
        """Let these be the last known positions of their workers."""
        self._hand_over("newest", fixes)

    def close(self) -> None:
        """Write what waits (unless the database is away) and end the thread."""
        self._ending.set()
        self._thread.join(10.0)

    def _hand_over(self, kind: str, fixes: Positions) -> None:
        if not len(fixes):
            return
        if not self._thread.is_alive():
            raise RuntimeError("the thread that writes tracks has ended")  # a bug in it: start anew, tracks and all
        if self._waiting() + len(fixes) > self._room:
            self.counted["dropped"] += len(fixes)
            return
        self._handed_over += len(fixes)
        self._queue.put((kind, fixes))

    def _waiting(self) -> int:
        """Fixes handed over and not written yet: each of the two counts has one thread that raises it, so none is lost."""
        return self._handed_over - self._settled

    def _write_on(self) -> None:
        """Write batch after batch until told to end; reconnect with growing pauses."""
        connection: psycopg.Connection | None = None
        kept: list[tuple[str, Positions]] = []
        pause_s = self._every_s
        while True:
            ending = self._ending.wait(pause_s)
            kept += self._drained()
            try:
                if kept:
                    connection = connection or self._connect()
                    self._write(connection, kept)
                self._settled += sum(len(fixes) for _, fixes in kept)
                kept, pause_s = [], self._every_s
            except psycopg.OperationalError as problem:
                self.counted["unreachable"] += 1
                log.info("tracks_unreachable", problem=type(problem).__name__, waiting=self._waiting())
                _close(connection)
                connection, pause_s = None, min(pause_s * 2, 30.0)
            if ending:
                _close(connection)
                return

    def _drained(self) -> list[tuple[str, Positions]]:
        """Everything that waits now."""
        drained = []
        while not self._queue.empty():
            drained.append(self._queue.get())
        return drained

    def _write(self, connection: psycopg.Connection, kept: list[tuple[str, Positions]]) -> None:
        """One transaction for the tracks, one for the newest positions."""
        tracks = [fixes for kind, fixes in kept if kind == "track"]
        newest = [fixes for kind, fixes in kept if kind == "newest"]
        if tracks:
            fixes = np.concatenate(tracks)
            began = time.thread_time()
            self._write_tracks(connection, fixes)
            self.counted["written"] += len(fixes)
            self.counted["written_us"] += int((time.thread_time() - began) * 1e6)
        if newest:
            write_newest(connection, np.concatenate(newest))

    def _write_tracks(self, connection: psycopg.Connection, fixes: Positions) -> None:
        """COPY; where a fix is there already (a sender repeated itself), insert one by one instead."""
        self._make_days(connection, fixes)
        try:
            with connection.transaction(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
                copy.write(copy_stream(fixes))
        except psycopg.errors.UniqueViolation:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(INSERT, [_plain(fix) for fix in fixes])

    def _make_days(self, connection: psycopg.Connection, fixes: Positions) -> None:
        """Make sure that each day of the fixes has its partition."""
        for day in np.unique(fixes["at"] // DAY_S).tolist():
            when = datetime.fromtimestamp(day * DAY_S, UTC).date()
            if when not in self._days:
                with connection.transaction():
                    connection.execute("SELECT ensure_position_day(%s)", (when,))
                self._days.add(when)


def write_newest(connection: psycopg.Connection, fixes: Positions) -> None:
    """The newest fix of each worker into worker_live."""
    by_worker = fixes[np.argsort(fixes["at"], kind="stable")]
    last = {int(fix["worker"]): fix for fix in by_worker}
    newest = np.array(list(last.values()), POSITION)
    at = [datetime.fromtimestamp(second, UTC) for second in newest["at"].tolist()]
    lon, lat = (newest["lon"] * 1e-7).tolist(), (newest["lat"] * 1e-7).tolist()
    numbers = newest["worker"].astype(np.int64).tolist()
    with connection.transaction():
        connection.execute(LOCK_NEWEST, (numbers,))
        connection.execute(SAVE_NEWEST, (numbers, at, lon, lat))


def _plain(fix: np.void) -> tuple[int | float | datetime, ...]:
    """A fix as the parameters of INSERT."""
    worker, at, lon, lat, speed, heading, accuracy, battery, _ = fix.item()
    when = datetime.fromtimestamp(at, UTC)
    return (worker, when, lon * 1e-7, lat * 1e-7, accuracy * 0.1, speed * 0.01, heading * 0.01, battery)


def _close(connection: psycopg.Connection | None) -> None:
    """Close a connection, whatever state it is in."""
    if connection is not None:
        connection.close()
