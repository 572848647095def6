"""Answers what desks ask about the rules: versions, checks of a draft, a draft loaded for a day. May wait: never on the loop.

Nothing of an incident is told: of a category that cannot go an administrator hears how many matters keep it, not which.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from governance.places import Level
from governance.refusal import Refused
from governance.rules_rights import readable, require_changer
from server import sessions
from server.ledger import rules_store
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day
from server.rules_admin import exporting, loading
from server.rules_admin.difference import Line
from server.rules_admin.loading import Plan, Who
from server.rules_admin.officer import user_of_machine
from server.rules_admin.sources import Source, of_bytes
from server.sessions import Session
from wire.rules_requests import (
    CheckRules,
    Different,
    LoadRules,
    ReadRules,
    RulesAre,
    RulesChecked,
    RulesFile,
    RulesLoaded,
    RulesReply,
    VersionIs,
    Wrong,
)

Now = Callable[[], datetime]
MOST_FILES, LONGEST_NAME = 10, 120
FURTHEST = timedelta(days=5 * 366)
"""A day further off is a slip of the pen."""
PART_OF = {"limits.csv": "limits", "duties.csv": "duties", "calendar.csv": "calendar"}
PART_OF |= {"categories.toml": "root", "settings.toml": "settings"}
"""What each file of a version holds, for who may read it."""
NOT_TOLD = frozenset({"numbers"})
"""Details of a mistake that are of incidents."""
_LOADS = (
    "SELECT v.version, v.since, coalesce(s.name, l.os_user, ''), l.at FROM rules_version v "
    "LEFT JOIN rules_load l ON l.version = v.version LEFT JOIN account a ON a.id = l.account "
    "LEFT JOIN staff s ON s.id = a.staff ORDER BY v.version"
)


class RulesCounter:
    """The part of the service window where rules are looked at and loaded. Any thread."""

    def __init__(self, ledger: Ledger, owner: Callable[[], Ledger], now: Now = lambda: datetime.now(UTC)) -> None:
        """`owner` opens the ledger as its owner, who alone may write rules; `now` tells the time, aware, UTC."""
        self._ledger, self._owner, self._now = ledger, owner, now
        self.table: dict[type, Callable[[Session, Any], RulesReply]] = {
            ReadRules: self._read,
            CheckRules: self._check,
            LoadRules: self._load,
        }

    def _read(self, session: Session, request: ReadRules) -> RulesAre:
        """The versions, and one of them."""
        parts, now = readable(session.officer), self._now()
        with self._ledger.transaction(snapshot=True) as connection:
            held, current = versions(connection, now), rules_store.version_in_force(connection, now)
            number = request.version or current
            try:
                rules = rules_store.load(connection, number)
            except LookupError:
                raise Refused("no_version", "version", version=str(number)) from None
            units, areas = _units(connection, now), _areas(connection, now)
            base, lines = _record(connection, number)
            codes = {unit: (code, name) for unit, code, name in connection.execute("SELECT id, code, name FROM unit")}
        written = exporting.written(rules, codes, areas)
        files = tuple(RulesFile(name, content) for name, content in written.items() if PART_OF[name] in parts)
        difference = tuple(Different(line.code, line.params) for line in lines if _is_of(line, parts))
        may_change = _may_change(session)
        return RulesAre(
            request.n,
            number,
            held[-1].number,
            held,
            files,
            base,
            difference,
            units if "duties" in parts else {},
            areas,
            may_change,
        )

    def _check(self, session: Session, request: CheckRules) -> RulesChecked:
        """What is wrong in the draft, or what would differ."""
        require_changer(session.officer)
        sources, now = _sources(request.files), self._now()
        since = _beginning(request.day, now)
        with self._ledger.transaction(snapshot=True) as connection:
            return _told(request.n, loading.plan(connection, sources, since), connection, now)

    def _load(self, session: Session, request: LoadRules) -> RulesLoaded | RulesChecked:
        """The draft is a version, and who did it is on record; or what is wrong, and then nothing was changed."""
        require_changer(session.officer)
        sources, now = _sources(request.files), self._now()
        since = _beginning(request.day, now)
        who = Who(user_of_machine(), session.officer.account, session.account)
        with closing(self._owner()) as owner, owner.transaction() as connection:
            sessions.require_live(connection, session.id, now)
            try:
                loading.lock(connection)
            except psycopg.errors.LockNotAvailable:
                raise Refused("rules_busy") from None
            held = versions(connection, now)
            if held[-1].number != request.newest:
                same = _same_again(connection, held[-1], request, sources, who, since)
                if same is not None:
                    return same
                raise _changed(held[-1])
            done = loading.load(connection, sources, since, who, now)
            if isinstance(done, Plan):
                return _told(request.n, done, connection, now)
            return RulesLoaded(request.n, done, since)


def versions(connection: Connection, now: datetime) -> tuple[VersionIs, ...]:
    """All versions with who loaded them, as they were loaded."""
    current = rules_store.version_in_force(connection, now)

    def when(number: int, since: datetime) -> str:
        return "in_force" if number == current else "to_come" if since > now else "over"

    rows = connection.execute(_LOADS).fetchall()
    return tuple(VersionIs(number, since, when(number, since), who, at) for number, since, who, at in rows)


def _sources(files: tuple[RulesFile, ...]) -> list[Source]:
    """What the files of a draft say; Refused where they are none, or too many."""
    if not files:
        raise Refused("no_draft", "files")
    if len(files) > MOST_FILES or any(not 0 < len(file.name) <= LONGEST_NAME for file in files):
        raise Refused("bad_value", "files")
    return [of_bytes(file.name, file.content) for file in files]


def _beginning(text: str, now: datetime) -> datetime:
    """The moment a day's rules take force; Refused('day_wrong', 'day_past', 'day_far')."""
    try:
        day = date.fromisoformat(text) if text else local_day(now)
    except ValueError:
        raise Refused("day_wrong", "day", day=text[:40]) from None
    if day > local_day(now) + FURTHEST:
        raise Refused("day_far", "day", day=str(day))
    since = loading.beginning_of(day, now)
    if since is None:
        raise Refused("day_past", "day", day=str(day))
    return since


def _told(n: int, planned: Plan, connection: Connection, now: datetime) -> RulesChecked:
    """A plan as a desk hears of it."""
    held = versions(connection, now)
    wrong = tuple(
        Wrong(
            each.file,
            each.place.line,
            each.place.column,
            each.mistake.path,
            each.mistake.code,
            {name: value for name, value in each.mistake.params.items() if name not in NOT_TOLD},
            each.first,
        )
        for each in planned.found
    )
    difference = tuple(Different(line.code, line.params) for line in planned.lines)
    numbers = {version.number for version in planned.later}
    later = tuple(version for version in held if version.number in numbers)
    return RulesChecked(n, planned.since, planned.base, held[-1].number, wrong, difference, later)


def _same_again(
    connection: Connection, newest: VersionIs, request: LoadRules, sources: list[Source], who: Who, since: datetime
) -> RulesLoaded | None:
    """The answer the same load was given before, where its answer was lost on the way; None where this is another."""
    if newest.number != request.newest + 1 or local_day(newest.since) != local_day(since):
        return None
    row = connection.execute("SELECT account, files FROM rules_load WHERE version = %s", (newest.number,)).fetchone()
    files = [{"name": source.name, "sha256": source.sha256} for source in sources]
    if row is None or who.account is None or row[0] != who.account or json.dumps(row[1]) != json.dumps(files):
        return None
    return RulesLoaded(request.n, newest.number, newest.since)


def _changed(newest: VersionIs) -> Refused:
    """Somebody was faster, and who."""
    at = (newest.at or newest.since).isoformat()
    return Refused("rules_changed", "version", version=str(newest.number), who=newest.who, at=at)


def _record(connection: Connection, number: int) -> tuple[int, list[Line]]:
    """The version another was made on, and what differed; nothing of one that was seeded."""
    row = connection.execute("SELECT base, difference FROM rules_load WHERE version = %s", (number,)).fetchone()
    return (row[0], [Line(each["code"], each["params"]) for each in row[1]]) if row else (0, [])


def _is_of(line: Line, parts: frozenset[str]) -> bool:
    """Whether a difference lies in a part somebody may read."""
    part = {"limit": "limits", "duty": "duties", "day": "calendar", "category": "root"}.get(line.code.split("_")[0], "settings")
    return part in parts


def _units(connection: Connection, now: datetime) -> dict[str, str]:
    """Units there are today."""
    rows = connection.execute("SELECT code, name FROM unit WHERE valid @> %s ORDER BY code", (local_day(now),))
    return dict(rows.fetchall())


def _areas(connection: Connection, now: datetime) -> dict[str, str]:
    """Areas from the community up, by code."""
    rows = connection.execute(
        "SELECT code, name FROM area_version WHERE valid @> %s AND level > %s ORDER BY code", (local_day(now), int(Level.GRID))
    )
    return dict(rows.fetchall())


def _may_change(session: Session) -> bool:
    try:
        require_changer(session.officer)
    except Refused:
        return False
    return True
