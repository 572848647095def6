"""Rules as a server would send them: the seed, two units, and versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from governance.rules import Calendar, DutyRow, Rules
from governance.seed_rules import reasons_from_toml, rules_from_toml
from server.ledger.seed import CATEGORIES
from server.rules_admin import exporting
from tests.fakes.situations import DISTRICT, NOW
from wire.rules_requests import Different, RulesAre, RulesChecked, RulesFile, VersionIs, Wrong

CENTRE, STREET = UUID(int=1), UUID(int=2)
UNITS = {CENTRE: ("C1", "区中心"), STREET: ("S1", "凯旋街道指挥室")}
AREAS = {DISTRICT: "江干区", "330104005": "凯旋街道"}
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def the_rules() -> Rules:
    """The seed with a small duty matrix and one day off."""
    text = CATEGORIES.read_text("utf-8")
    categories, limits = rules_from_toml(text)
    duties = (DutyRow("03", DISTRICT, CENTRE, "lead"), DutyRow("03", "330104005", STREET, "lead"))
    calendar = Calendar(rest_days=frozenset({datetime(2027, 1, 1, tzinfo=UTC).date()}))
    rules = Rules(1, categories, limits, reason_codes=reasons_from_toml(text), calendar=calendar)
    return replace(rules, duty_matrix=duties)


def files() -> tuple[RulesFile, ...]:
    """The rules as files."""
    written = exporting.written(the_rules(), UNITS, AREAS)
    return tuple(RulesFile(name, content) for name, content in written.items())


def versions(count: int = 1) -> tuple[VersionIs, ...]:
    """The seeded one in force, then others to come."""
    others = (
        VersionIs(number, NOW + timedelta(days=number), "to_come", "许岚", NOW - timedelta(minutes=5))
        for number in range(2, count + 1)
    )
    return (VersionIs(1, SINCE, "in_force"), *others)


def read(version: int = 1, count: int = 1, may_change: bool = True) -> RulesAre:
    """A version and the list of all."""
    base, lines = (version - 1, (Different("setting_changed", {"key": "sample_percent", "old": "100", "new": "20"}),))
    if version == 1:
        base, lines = 0, ()
    shown = files() if may_change else tuple(each for each in files() if each.name in ("limits.csv", "calendar.csv"))
    units = dict(UNITS.values()) if may_change else {}
    return RulesAre(0, version, count, versions(count), shown, base, lines, units, AREAS, may_change)


def checked(*wrong: Wrong, lines: tuple[Different, ...] = (), newest: int = 1) -> RulesChecked:
    """What came of a check."""
    return RulesChecked(0, NOW, newest, newest, wrong, lines)


CHANGED = Different("limit_changed", {"key": "* * intake normal", "old": "15 minute", "new": "20 minute"})
