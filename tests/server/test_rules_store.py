"""Every version of the rules stands whole, for good, and is found by its date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import msgspec
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from governance.categories import Limit, Stage, TimeUnit
from governance.deadline import CHINA
from governance.incident import Urgency
from governance.places import Level
from governance.rules import Calendar, FormerLimits, Rules
from server.ledger import rules_store
from server.ledger.migrate import REVISIONS, upgrade

from .conftest import District

NEW_YEAR = datetime(2028, 1, 1, tzinfo=CHINA)
DAY, NIGHT = (time(9, 0), time(12, 0)), (time(22, 0), time(6, 0))


def standing(district: District, version: int = 1) -> Rules:
    """The rules of a version."""
    with district.ledger.transaction() as connection:
        return rules_store.load(connection, version)


def different(rules: Rules, version: int) -> Rules:
    """Rules that differ in every part."""
    categories = {code: replace(c, merge_radius_m=77.0, verify=True) for code, c in rules.categories.items()}
    del categories["10.03"]
    limits = (*rules.limits[1:], Limit("03.02", "990001001", Urgency.URGENT, Stage.APPROVAL, 3.5, TimeUnit.WORK_DAY))
    calendar = Calendar(
        hours=(DAY,),
        rest_days=frozenset({date(2028, 1, 3), date(2028, 1, 4)}),
        makeup_days=frozenset({date(2028, 1, 8)}),
        day_hours=((date(2028, 1, 8), (DAY, NIGHT)), (date(2028, 1, 12), (NIGHT,))),
    )
    return replace(
        rules,
        version=version,
        categories=categories,
        limits=limits,
        duty_matrix=rules.duty_matrix[1:],
        calendar=calendar,
        ladder=(Level.COMMUNITY, Level.STREET, Level.DISTRICT),
        reason_codes={"reject": frozenset({"a", "b"})},
        candidate_weights={"skill": 1.5},
        supervision_hours=(0.0, 1.0, 2.0, 3.0, 4.0),
        sample_percent=12.5,
        widen_step=3,
        widen_most=5,
        suspend_days={"defer": 1.0, "list": 2.5},
        reopen_days=1.5,
        reconsider_days=2.5,
        unmerge_hours=3.5,
        undo_merge_minutes=4.5,
        plan_areas=("990001001",),
    )


def store(district: District, rules: Rules, since: datetime) -> None:
    """What an administrator's load does with them."""
    with district.owner.transaction() as connection:
        rules_store.store(connection, rules, since)


def test_rules_that_differ_in_every_part_come_back_as_they_were(district: District) -> None:
    first = standing(district)
    second = different(first, 2)
    store(district, second, NEW_YEAR)
    assert standing(district, 2) == replace(second, former_limits=(FormerLimits(NEW_YEAR, first.limits),))
    assert standing(district) == first
    assert {name for name in Rules.__dataclass_fields__ if getattr(first, name) == getattr(second, name)} == {
        "queue_units",
        "backstop_units",
        "former_limits",
    }


def test_no_setting_of_the_rules_is_forgotten(district: District) -> None:
    with district.ledger.transaction() as connection:
        row = connection.execute("SELECT settings FROM rules_version").fetchone()
    assert row is not None
    assert set(row[0]) == set(rules_store.SETTINGS) | {"hours"}


@pytest.mark.parametrize(
    ("at", "version"),
    [
        (datetime(2001, 1, 1, tzinfo=UTC), 1),  # before anything began
        (NEW_YEAR - timedelta(seconds=1), 1),
        (NEW_YEAR, 4),  # of two of a day the later load
        (NEW_YEAR + timedelta(days=30, seconds=-1), 4),
        (NEW_YEAR + timedelta(days=30), 2),  # loaded before, in force after
    ],
)
def test_the_version_in_force_is_a_matter_of_its_date(district: District, at: datetime, version: int) -> None:
    rules = standing(district)
    for number, since in ((2, NEW_YEAR + timedelta(days=30)), (3, NEW_YEAR), (4, NEW_YEAR)):
        store(district, replace(rules, version=number), since)
    with district.ledger.transaction() as connection:
        assert rules_store.version_in_force(connection, at) == version
        assert rules_store.at(connection, at).version == version
        assert district.ledger.rules(connection, at).version == version
        assert [v.number for v in rules_store.versions(connection)] == [1, 2, 3, 4]


def test_limits_before_are_kept_for_what_was_filed_under_them(district: District) -> None:
    first = standing(district)
    days = [NEW_YEAR + timedelta(days=days) for days in (0, 1, 2, 500)]
    limits = [tuple(replace(limit, amount=limit.amount + n) for limit in first.limits) for n in (0, 1, 2, 3)]
    for number, since, of_version in (
        (2, days[0], limits[0]),  # the same limits: nothing to keep
        (3, days[1], limits[3]),  # replaced on its own day: never in force
        (4, days[1], limits[1]),
        (5, days[2], limits[2]),
        (6, days[3], limits[0]),
    ):
        store(district, replace(first, version=number, limits=of_version), since)
    assert standing(district, 2).former_limits == ()
    assert standing(district, 5).former_limits == (FormerLimits(days[1], limits[0]), FormerLimits(days[2], limits[1]))
    assert standing(district, 6).former_limits == (FormerLimits(days[3], limits[2]),)  # the others are too old


def test_a_back_stop_counts_from_the_version_on_whose_day_it_is_one(district: District) -> None:
    first = standing(district)
    street = next(area for area in first.backstop_units if len(area) == 9)
    district.owner_executes("UPDATE unit SET valid = '[2000-01-01,2028-01-01)' WHERE area_code = %s AND is_backstop", street)
    store(district, replace(first, version=2), NEW_YEAR)
    assert street in standing(district).backstop_units
    assert street not in standing(district, 2).backstop_units


def test_a_version_nobody_loaded_is_said_not_to_be_there(district: District) -> None:
    with pytest.raises(LookupError, match="no rules of version 7"):
        standing(district, 7)


def test_the_revision_can_be_taken_back_and_made_again(district: District) -> None:
    seeded = standing(district)
    old_stages = {"backfill", "approval", "report_first", "report_written", "report_followup"}
    move(district, "0012")
    upgrade(district.settings.owner_url)
    found = standing(district)
    was = {c.code: c for c in seeded.categories.values()}
    assert found.limits == tuple(limit for limit in seeded.limits if limit.stage.value not in old_stages)
    assert {code: (c.name_zh, c.first_level, c.merge_radius_m) for code, c in found.categories.items()} == {
        code: (c.name_zh, c.first_level, c.merge_radius_m) for code, c in was.items()
    }
    kept = ("duty_matrix", "calendar", "queue_units", "backstop_units", *rules_store.SETTINGS)
    assert all(getattr(found, name) == getattr(seeded, name) for name in kept)


def move(district: District, revision: str) -> None:
    """The ledger stands at an older revision."""
    configuration = Config()
    configuration.set_main_option("script_location", str(REVISIONS))
    engine = create_engine(district.settings.owner_url)
    with engine.begin() as connection:
        configuration.attributes["connection"] = connection
        command.downgrade(configuration, revision)
    engine.dispose()


def test_rules_fit_the_wire(district: District) -> None:
    rules = different(standing(district), 2)
    encoded = msgspec.msgpack.Encoder(order="deterministic").encode(rules)
    assert msgspec.msgpack.decode(encoded, type=Rules) == rules
    assert isinstance(rules.duty_matrix[0].unit, UUID)
