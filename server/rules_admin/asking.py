"""The commands that change nothing: check, show, diff, export."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from governance.refusal import Refused
from governance.rules import Rules
from governance.seed_rules import reasons_from_toml, rules_from_toml
from server.ledger import rules_store
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day
from server.ledger.seed import CATEGORIES
from server.rules_admin import exporting, loading
from server.rules_admin.difference import differences
from server.rules_admin.gathering import gather
from server.rules_admin.sources import read
from server.rules_admin.telling import Telling, moment_shown
from server.rules_admin.words import SAID


def check_alone(files: Sequence[Path], telling: Telling) -> int:
    """What is wrong in files as far as it shows without a ledger: they are to follow the rules that ship."""
    text = CATEGORIES.read_text(encoding="utf-8")
    categories, limits = rules_from_toml(text)
    base = Rules(0, categories, limits, reason_codes=reasons_from_toml(text))
    _, found = gather(base, [read(file) for file in files], None)
    if found:
        telling.wrong(found)
        return 1
    telling.say("without_ledger")
    telling.say("right")
    return 0


def check(connection: Connection, files: Sequence[Path], day: date | None, now: datetime, telling: Telling) -> int:
    """What is wrong in files, or what loading them for a day would change."""
    since = beginning(day, now)
    planned = loading.plan(connection, [read(file) for file in files], since)
    return tell_plan(planned, telling)


def tell_plan(planned: loading.Plan, telling: Telling) -> int:
    """What is wrong, or what differs; 1 where something is wrong."""
    if planned.found:
        telling.wrong(planned.found)
        return 1
    if not planned.lines:
        telling.say("same", {"version": planned.base})
        return 0
    telling.differs(planned.base, planned.lines)
    for version in planned.later:
        telling.say("planned", {"version": version.number, "since": moment_shown(version.since)})
    telling.say("right")
    return 0


def show(connection: Connection, day: date | None, now: datetime, telling: Telling) -> int:
    """The versions with who loaded them, and what the one of a day holds."""
    at = _moment(day, now)
    held, current = rules_store.versions(connection), rules_store.version_in_force(connection, now)
    loads = {
        version: str(login or os_user)
        for version, os_user, login in connection.execute(
            "SELECT l.version, l.os_user, a.login FROM rules_load l LEFT JOIN account a ON a.id = l.account"
        )
    }
    for version in held:
        when = "in_force" if version.number == current else "to_come" if version.since > now else "over"
        who = loads.get(version.number) or telling.words(SAID, "seeded")
        said = {"version": version.number, "since": moment_shown(version.since), "who": who}
        telling.say("version_line", said | {"when": telling.words(SAID, when)})
    rules = rules_store.at(connection, at)
    telling.line("")
    telling.say("counts", counts(rules))
    return 0


def counts(rules: Rules) -> dict[str, object]:
    """What a version holds, counted."""
    calendar = rules.calendar
    days = calendar.rest_days | calendar.makeup_days | {day for day, _ in calendar.day_hours}
    return {
        "categories": sum(category.is_leaf for category in rules.categories.values()),
        "limits": len(rules.limits),
        "duties": len(rules.duty_matrix),
        "days": len(days),
        "until": max(days, default="-"),
        "ladder": "-".join(level.name.lower() for level in rules.ladder),
        "sample": f"{rules.sample_percent:g}",
    }


def diff(connection: Connection, old: str, new: str, now: datetime, telling: Telling) -> int:
    """What differs between two versions, each named by its number or by a day."""
    one, other = (named(connection, text, now) for text in (old, new))
    lines = differences(one, other, loading.unit_codes(connection))
    if lines:
        telling.differs(one.version, lines)
    else:
        telling.say("same", {"version": one.version})
    return 0


def named(connection: Connection, text: str, now: datetime) -> Rules:
    """The rules a number or a day names; Refused where there are none."""
    if text.isdigit() and len(text) < 8:
        try:
            return rules_store.load(connection, int(text))
        except LookupError:
            raise Refused("no_version", "version", version=text) from None
    try:
        return rules_store.at(connection, _moment(date.fromisoformat(text), now))
    except ValueError:
        raise Refused("day_wrong", "day", day=text[:40]) from None


def export(connection: Connection, folder: Path, day: date | None, now: datetime, force: bool, telling: Telling) -> int:
    """The rules of a day stand in a folder as files; 1 where some are there and are not to be replaced, or it is closed."""
    taken = [name for name in exporting.FILES if (folder / name).exists()]
    if taken and not force:
        telling.say("exists", {"file": str(folder / taken[0])})
        return 1
    rules = rules_store.at(connection, _moment(day, now))
    units = {unit: (code, name) for unit, code, name in connection.execute("SELECT id, code, name FROM unit")}
    areas: dict[str, str] = dict(
        connection.execute("SELECT code, name FROM area_version WHERE valid @> %s", (local_day(now),)).fetchall()
    )
    files = exporting.written(rules, units, areas)
    try:
        exporting.write(folder, files)
    except OSError as problem:
        telling.say("not_written", {"folder": str(folder), "why": problem.strerror or type(problem).__name__})
        return 1
    telling.say("exported", {"files": ", ".join(str(folder / name) for name in files)})
    return 0


def beginning(day: date | None, now: datetime) -> datetime:
    """When rules of a day take force; Refused('day_past')."""
    since = loading.beginning_of(day or local_day(now), now)
    if since is None:
        raise Refused("day_past", "day", day=str(day))
    return since


def _moment(day: date | None, now: datetime) -> datetime:
    """The last moment of a day in the past, now today, the first moment of a day to come."""
    if day is None or day == local_day(now):
        return now
    return loading.end_of(day) if day < local_day(now) else beginning(day, now)
