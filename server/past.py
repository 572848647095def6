"""Answers what desks ask about the past: what a post may see, in bounds, and tracks only once they are on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from governance.refusal import Refused
from governance.tracks import area_shown, why_no_track
from server import sessions
from server.ledger import past, people, sight
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.sessions import Session
from wire.past_requests import (
    FIXES_AT_ONCE,
    INCIDENTS_AT_ONCE,
    MOST_FIXES,
    AskTrack,
    PastIs,
    PastReply,
    ReadPast,
    ReadTrack,
    TrackIs,
)

LONGEST = timedelta(days=7)
"""One replay shows no more than this at once."""
GOES_ON = timedelta(minutes=10)
"""So long slices of a track are sent for what was put on record once."""
PATIENCE = "SET LOCAL statement_timeout = '4s'"


class PastCounter:
    """The part of the service window where the past is asked for."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """`now` tells the time, aware, UTC."""
        self._ledger, self._now = ledger, now
        self.table: dict[type, Callable[[Session, Any], PastReply]] = {
            ReadPast: self._read,
            AskTrack: self._track,
            ReadTrack: self._more,
        }

    def _read(self, session: Session, request: ReadPast) -> PastIs:
        """One page of a period: what some incidents went through; with the first the cameras too."""
        now, officer = self._now(), session.officer
        since, until = request.since, min(request.until, now)
        if since >= until:
            raise Refused("in_the_future" if since >= now else "ends_before_it_starts", "since")
        if until - since > LONGEST:
            raise Refused("past_too_long", "since", days=str(LONGEST.days))
        if past.sees_nothing(officer):
            raise Refused("not_your_role", role=officer.role.value)
        period, begins = (since, until), request.after is None
        with self._patiently(session, now) as connection:
            rules = self._ledger.rules(connection, now)
            after = request.after or UUID(int=0)
            ids, goes_on = past.incidents_of(connection, officer, rules, period, after, INCIDENTS_AT_ONCE)
            fit, cut = past.fitting(connection, ids, session.streams, until)
            told = past.changes_of(connection, fit, session.streams, until)
            return PastIs(
                request.n,
                sight.retold(connection, officer, rules, told, fit),
                past.cameras_of(connection, officer, since, until) if begins else (),
                past.count_of(connection, officer, period) if begins else 0,
                goes_on if len(fit) == len(ids) else fit[-1],
                tuple(cut),
                past.confidential_of(connection, fit),
            )

    def _track(self, session: Session, request: AskTrack) -> TrackIs:
        """The first slice of a track; that it was asked for is committed before a fix is read."""
        now = self._now()
        period = (request.since, min(request.until, now))
        with self._ledger.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            worker = people.worker(connection, request.worker, now)
            if worker is None:
                raise Refused("no_such_worker", "worker")
            reason = " ".join(request.reason.split())
            if (no := why_no_track(session.officer, worker, *period, reason, now)) is not None:
                raise no
            access = past.put_on_record(connection, session.officer, worker, period, reason, now)
        return self._slice(session, request.n, access, None)

    def _more(self, session: Session, request: ReadTrack) -> TrackIs:
        """The next slice of a track that this officer put on record lately."""
        try:
            after = datetime.fromtimestamp(request.after, UTC)
        except (ValueError, OverflowError, OSError):
            raise Refused("bad_value", "after") from None
        return self._slice(session, request.n, request.access, after)

    def _slice(self, session: Session, n: int, access: UUID, after: datetime | None) -> TrackIs:
        """Fixes behind a moment, within what is on record."""
        now = self._now()
        with self._patiently(session, now) as connection:
            found = past.on_record(connection, access, session.officer)
            if found is None or now - found[4] > GOES_ON:
                raise Refused("ask_track_again", "access")
            worker, number, since, until, _ = found
            area, day = area_shown(session.officer, worker), local_day(now)
            total = past.count_fixes(connection, past.Walk(number, since, until, area, day), MOST_FIXES)
            if total > MOST_FIXES:
                raise Refused("track_too_many", "since", most=f"{MOST_FIXES:,}")
            fixes = past.fixes(connection, past.Walk(number, max(since, after or since), until, area, day))
        return TrackIs(n, access, worker, total, fixes.tobytes(), more=len(fixes) == FIXES_AT_ONCE)

    @contextmanager
    def _patiently(self, session: Session, now: datetime) -> Iterator[Connection]:
        """One moment of the ledger, for a session that is live; Refused where a statement takes too long."""
        with self._ledger.transaction(snapshot=True) as connection:
            sessions.require_live(connection, session.id, now)
            connection.execute(PATIENCE)
            try:
                yield connection
            except psycopg.errors.QueryCanceled:
                raise Refused("past_too_wide", "since") from None
