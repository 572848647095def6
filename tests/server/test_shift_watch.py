"""Overdue hand-overs are told of once in half an hour, however many look and whoever is killed."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

import pytest

from governance.changes import ShiftChanged
from server.ledger import change_log
from server.shifts.acts import Act
from server.shifts.templates import fitting
from server.shifts.watch import look
from wire.codec import decode_change

from .conftest import District

MINUTE = timedelta(minutes=1)
EIGHT = datetime.now(UTC) + timedelta(days=1)
KINDS = ("handover_overrun", "handover_missed")


def lines(district: District) -> list[tuple[str, str]]:
    """What was told of overdue hand-overs."""
    with district.ledger.transaction() as connection:
        found = connection.execute("SELECT kind, text FROM duty_log WHERE kind = ANY(%s) ORDER BY number", (list(KINDS),))
        return [(kind, text) for kind, text in found]


def told(district: District) -> int:
    """How many facts on the feed say that the leader on duty was told."""
    with district.ledger.transaction() as connection:
        facts = [decode_change(sent).fact for sent in change_log.read_after(connection, "around/district/1", 0, 1000)]
    return sum(
        isinstance(f, ShiftChanged) and f.standing.current is not None and f.standing.current.told_at is not None for f in facts
    )


def begin(district: District, now: datetime) -> None:
    """The hand-over of the centre runs since a moment."""
    lead = district.officers["lead1"]
    assert lead.unit
    with district.ledger.transaction() as connection:
        Act(district.ledger, connection, lead, lead.unit, now).begin()


def test_eight_o_clock_unsigned_for_an_hour_is_told_of_at_half_past_and_at_nine(district: District) -> None:
    begin(district, EIGHT)
    found = [look(district.ledger, EIGHT + n * MINUTE) for n in range(62)]
    assert [n for n, count in enumerate(found) if count] == [30, 60]
    assert lines(district) == [("handover_overrun", "30 min"), ("handover_overrun", "60 min")]
    assert told(district) == 2


def test_a_shift_nobody_hands_over_is_told_of_an_hour_after_its_time(district: District) -> None:
    district.owner_executes("UPDATE shift SET ends_at = %s", EIGHT)
    found = [look(district.ledger, EIGHT + n * MINUTE) for n in range(125)]
    assert [n for n, count in enumerate(found) if count] == [60, 90, 120]
    assert lines(district)[0] == ("handover_missed", "60 min")


def test_after_a_long_silence_it_is_told_of_once_and_not_for_every_half_hour_missed(district: District) -> None:
    begin(district, EIGHT)
    assert [look(district.ledger, EIGHT + 300 * MINUTE) for _ in range(3)] == [1, 0, 0]


def test_several_clocks_tell_once(district: District) -> None:
    begin(district, EIGHT)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: look(district.ledger, EIGHT + 31 * MINUTE), range(8)))
    assert sum(counts) == 1
    assert len(lines(district)) == told(district) == 1


def test_while_somebody_changes_the_shift_the_watch_leaves_it_for_the_next_look(district: District) -> None:
    begin(district, EIGHT)
    lead = district.officers["lead1"]
    assert lead.unit
    with district.ledger.transaction() as connection:
        Act(district.ledger, connection, lead, lead.unit, EIGHT)
        assert look(district.ledger, EIGHT + 31 * MINUTE) == 0
    assert look(district.ledger, EIGHT + 31 * MINUTE) == 1


@pytest.mark.parametrize("kills", [3])
def test_the_clock_process_tells_what_came_due_while_it_was_dead_and_nothing_twice(district: District, kills: int) -> None:
    begin(district, datetime.now(UTC))
    clock = district.start("clock")
    district.owner_executes("UPDATE handover SET began_at = now() - interval '61 minutes'")
    for _ in range(kills):
        clock.kill()
        clock.wait()
        clock = district.start("clock")
    _until_told(district, 1)
    clock.kill()
    clock.wait()
    district.start("clock")
    district.owner_executes(
        "INSERT INTO shift (id, unit, name, starts_at, ends_at, state, lead, opened_at) "
        "SELECT gen_random_uuid(), u.id, '街道班', "
        "now() - interval '9 hours', now() - interval '2 hours', 'open', s.id, now() FROM unit u JOIN staff s ON s.unit = u.id "
        "WHERE u.kind = 'street_centre' LIMIT 1"
    )
    _until_told(district, 2)  # so the new clock has looked at the first one too
    assert [kind for kind, _ in lines(district)] == ["handover_overrun", "handover_missed"]
    assert told(district) == 1


def _until_told(district: District, count: int) -> None:
    give_up_at = time.monotonic() + 20
    while len(lines(district)) < count:
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


DAY = [
    ("早班", clock_time(8), clock_time(16)),
    ("中班", clock_time(16), clock_time(0)),
    ("夜班", clock_time(0), clock_time(8)),
]


@pytest.mark.parametrize(
    ("at", "name", "ends"),
    [
        ("08:05", "早班", "16:00"),
        ("07:40", "早班", "16:00"),
        ("07:10", "夜班", "08:00"),
        ("15:31", "中班", "00:00"),
        ("23:45", "夜班", "08:00"),
        ("00:10", "夜班", "08:00"),
    ],
)
def test_the_shift_that_comes_is_the_one_of_the_day(at: str, name: str, ends: str) -> None:
    china = timedelta(hours=8)
    now = datetime.fromisoformat(f"2026-11-22T{at}:00+08:00").astimezone(UTC)
    found, ends_at = fitting(DAY, now)
    assert (found, (ends_at + china).strftime("%H:%M")) == (name, ends)
    assert timedelta() < ends_at - now <= timedelta(hours=9)


def test_a_unit_without_a_day_of_shifts_gets_eight_hours() -> None:
    assert fitting([], EIGHT) == ("当班", EIGHT + timedelta(hours=8))
