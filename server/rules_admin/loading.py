"""Loads rules as a further version, all of it or nothing, with who did it and what became different on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from governance.deadline import CHINA
from governance.kinds import TERMINAL
from governance.places import Level
from governance.rules import Rules
from server.ledger import rules_store
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day
from server.rules_admin.difference import Line, differences
from server.rules_admin.gathering import Found, Known, gather
from server.rules_admin.sources import Source


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts: an account that was signed in, or whoever the machine says he is."""

    os_user: str
    account: UUID | None = None
    login: str = ""

    @property
    def name(self) -> str:
        """The login, or the user of the machine."""
        return self.login or self.os_user


@dataclass(frozen=True, slots=True)
class Plan:
    """What loading files would do: the rules as they would be, what differs, or what is wrong."""

    since: datetime
    base: int
    rules: Rules
    lines: tuple[Line, ...]
    found: tuple[Found, ...]
    later: tuple[rules_store.Version, ...]
    """Versions that take force after it, whatever it says."""


def beginning_of(day: date, now: datetime) -> datetime | None:
    """The moment rules of a day take force: its local midnight, or at once today; None where the day is past."""
    today = local_day(now)
    if day < today:
        return None
    return now if day == today else datetime.combine(day, time(), CHINA)


def end_of(day: date) -> datetime:
    """The last moment of a local day that anything is told by."""
    return datetime.combine(day + timedelta(days=1), time(), CHINA) - timedelta(microseconds=1)


def plan(connection: Connection, sources: Sequence[Source], since: datetime) -> Plan:
    """What loading them for a moment would do; nothing is changed."""
    base = rules_store.at(connection, since)
    known = known_on(connection, base, since)
    rules, found = gather(base, sources, known)
    held = rules_store.versions(connection)
    later = tuple(version for version in held if version.since > since)
    lines = () if found else tuple(differences(base, rules, unit_codes(connection)))
    return Plan(since, base.version, rules, lines, found, later)


def load(connection: Connection, sources: Sequence[Source], since: datetime, who: Who, now: datetime) -> Plan | int:
    """The number of the new version; the plan where something is wrong or nothing differs, and then nothing was changed.

    `connection` is the owner's. Loads wait for one another.
    """
    lock(connection)
    planned = plan(connection, sources, since)
    if planned.found or not planned.lines:
        return planned
    number = max(version.number for version in rules_store.versions(connection)) + 1
    rules_store.store(connection, replace(planned.rules, version=number), since)
    files = [{"name": source.name, "sha256": source.sha256} for source in sources]
    difference = [asdict(line) for line in planned.lines]
    connection.execute(
        "INSERT INTO rules_load (version, at, account, os_user, base, files, difference) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (number, now, who.account, who.os_user, planned.base, json.dumps(files), json.dumps(difference)),
    )
    return number


def lock(connection: Connection) -> None:
    """Nobody else loads before this transaction ends; psycopg.errors.LockNotAvailable where somebody takes too long."""
    connection.execute("LOCK TABLE rules_version IN SHARE ROW EXCLUSIVE MODE")


def known_on(connection: Connection, base: Rules, since: datetime) -> Known:
    """What the ledger knows beside the rules on the local day of a moment."""
    day = local_day(since)
    areas = connection.execute("SELECT code, level FROM area_version WHERE valid @> %s ORDER BY code", (day,)).fetchall()
    units = connection.execute("SELECT code, id FROM unit WHERE valid @> %s", (day,)).fetchall()
    queues, backstops = rules_store.queues_and_backstops(connection, day)
    in_use = incidents_by_category(connection, base, since)
    return Known(
        dict(units),
        frozenset(code for code, _ in areas),
        tuple(code for code, level in areas if level == Level.GRID),
        queues,
        backstops,
        in_use,
    )


def incidents_by_category(connection: Connection, base: Rules, since: datetime) -> dict[str, tuple[str, ...]]:
    """Numbers of the incidents that are open at a moment to come, as far as is known, or may be opened again after it."""
    days = max(base.reopen_days, base.reconsider_days, base.unmerge_hours / 24)
    rows = connection.execute(
        "SELECT category, array_agg(number ORDER BY number) FROM incident i WHERE category <> '' AND (state <> ALL(%s) "
        "OR (SELECT max(at) FROM incident_transition t WHERE t.incident = i.id) > %s) GROUP BY category",
        ([state.value for state in TERMINAL], since - timedelta(days=days)),
    ).fetchall()
    return {category: tuple(numbers) for category, numbers in rows}


def unit_codes(connection: Connection) -> dict[UUID, str]:
    """Codes of all units there ever were."""
    return dict(connection.execute("SELECT id, code FROM unit").fetchall())
