"""Rights and boundaries begin and end at midnight in Shanghai, not at eight in the morning."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from governance.commands import MakeReport
from governance.deadline import CHINA
from governance.refusal import Refused
from server import sessions
from server.duty_roster import posts_of
from server.ledger import incidents, people
from server.ledger.ledger import Connection
from server.positions.register import Register
from wire.requests import SignOn

from .conftest import District, middle

TURN = datetime(2028, 5, 4, tzinfo=CHINA)
"""The local midnight at which the one right ends and the other begins."""
MOMENTS = {
    "the evening before": (TURN.replace(day=3, hour=20), False),
    "a minute to midnight": (TURN.replace(day=3, hour=23, minute=59), False),
    "midnight": (TURN, True),
    "a minute to eight": (TURN.replace(hour=7, minute=59), True),
    "eight": (TURN.replace(hour=8), True),
}


DATED = {
    "post_taken": "UPDATE post_assignment SET valid = %s WHERE staff = %s",
    "post_closed": "UPDATE post SET valid = %s WHERE id IN (SELECT post FROM post_assignment WHERE staff = %s)",
}


@pytest.mark.parametrize("ended", DATED)
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_right_begins_and_ends_at_the_local_midnight(district: District, moment: str, ended: str) -> None:
    at, has_turned = MOMENTS[moment]
    now = at.astimezone(UTC)
    duty, check, worker = district.officers["duty1"], district.officers["check1"], district.workers[0]
    made = district.order(MakeReport("井盖丢失", middle(0)), "duty1")
    signed = [
        sessions.sign_on(district.ledger, key * 32, SignOn(0, login, district.seeded.passwords[login]), now, 8.0)
        for key, login in (("aa", "duty1"), ("bb", "dispatch1"))
    ]
    assert all(isinstance(each, sessions.Session) for each in signed)
    district.owner_executes(DATED[ended], "[2000-01-01,2028-05-04)", duty.staff)
    for staff in (check.staff, worker.id, district.officers["dispatch1"].staff):
        district.owner_executes(DATED[ended], "[2028-05-04,)", staff)
    with district.ledger.transaction() as connection:
        case, rules = incidents.load(connection, made.incident), district.ledger.rules(connection, now)
        assert bool(posts_of(connection, duty.staff, now)) is not has_turned
        assert bool(posts_of(connection, check.staff, now)) is has_turned
        assert (people.checker_scope(connection, check.staff, case, rules, now) is not None) is has_turned
        assert _is_refused(lambda: people.field_officer(connection, worker.id, now)) is not has_turned
        for each in signed:
            assert isinstance(each, sessions.Session)
            is_over = has_turned is (each.account == "duty1")
            assert _is_refused(lambda each=each: sessions.require_live(connection, each.id, now)) is is_over  # type: ignore[misc]
    living = "dispatch1" if has_turned else "duty1"
    found, over = sessions.live(district.ledger, (), now)
    assert ([each.account for each in found.values()], list(over.values())) == ([living], [ended])
    assert [each.key for each in Register(district.ledger, {}).sessions(now)] == list(found)


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_boundary_comes_into_force_at_the_local_midnight(district: District, moment: str) -> None:
    at, has_turned = MOMENTS[moment]

    def renamed(connection: Connection) -> None:
        connection.execute("UPDATE area_version SET valid = '[2000-01-01,2028-05-04)' WHERE code = '990001001'")
        connection.execute(
            "INSERT INTO area_version (id, area, valid, level, code, parent_code, name, kind_name, boundary) "
            "SELECT %s, area, '[2028-05-04,)', level, code, parent_code, '新街道', kind_name, boundary "
            "FROM area_version WHERE code = '990001001'",
            (uuid4(),),
        )

    with district.owner.transaction() as connection:
        renamed(connection)
    with district.ledger.transaction() as connection:
        district.ledger.grids(connection, TURN.replace(day=1))  # kept, and not good for another day
        grids = district.ledger.grids(connection, at.astimezone(UTC))
    assert (grids.areas["990001001"].name == "新街道") is has_turned


def _is_refused(ask: Callable[[], object]) -> bool:
    """Whether a rule says no."""
    try:
        ask()
    except Refused:
        return True
    return False
