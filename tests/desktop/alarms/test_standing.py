"""Alarms that stand: raised once, grouped in a flood, shelved with an end, never lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from desktop.alarms.day_count import DayCount
from desktop.alarms.facts import link_lost
from desktop.alarms.kinds import AlarmFact, AlarmKind, Priority
from desktop.alarms.rows import rows_of
from desktop.alarms.standing import SHELF_MINUTES, StandingAlarms
from tests.desktop.alarms.facts_made import fact, incident, later
from tests.fakes.situations import NOW


def standing() -> StandingAlarms:
    return StandingAlarms(DayCount())


def tell(alarms: StandingAlarms, *facts: AlarmFact, after_s: float = 0.0) -> None:
    """Each fact is all its incident says."""
    for each in facts:
        alarms.know(each.incident or "link", (each,), later(after_s))


def test_the_same_fact_told_again_rings_once() -> None:
    alarms = standing()
    for second in range(5):
        tell(alarms, fact(), after_s=second)
    assert len(alarms.rings()) == 1
    assert alarms.rings() == ()
    assert len(rows_of(alarms, later(5))) == 1


def test_a_cause_that_is_gone_takes_its_alarm_along() -> None:
    alarms = standing()
    tell(alarms, fact())
    alarms.know(incident(1), (), later(1))
    assert rows_of(alarms, later(1)) == ()


def test_another_turn_rings_again_once_the_first_was_seen() -> None:
    alarms = standing()
    tell(alarms, fact(turn="1"))
    alarms.rings()
    tell(alarms, fact(turn="2"), after_s=100)
    assert alarms.rings() == (), "nobody has seen the first one yet"
    alarms.see()
    tell(alarms, fact(turn="3"), after_s=200)
    assert len(alarms.rings()) == 1
    assert not rows_of(alarms, later(200))[0].is_seen


def test_a_graver_one_of_the_same_place_rings_over_an_unseen_one() -> None:
    alarms = standing()
    tell(alarms, fact(1), fact(2, weight=50))
    assert len(alarms.rings()) == 2


def test_two_places_ring_twice() -> None:
    alarms = standing()
    tell(alarms, fact(1), fact(2, place="330104005052"))
    assert len(alarms.rings()) == 2


def test_what_one_incident_asks_at_once_is_heard_once() -> None:
    alarms = standing()
    late, order = fact(1, AlarmKind.OVERDUE, weight=20), fact(1, AlarmKind.SUPERVISION, weight=3)
    alarms.know(incident(1), (late, order), NOW)
    assert [each.kind for each in alarms.rings()] == [AlarmKind.OVERDUE]
    assert len(rows_of(alarms, NOW)) == 2


def test_two_hundred_reports_in_ten_minutes_ring_once_and_are_one_row() -> None:
    alarms = standing()
    for number in range(200):
        tell(alarms, fact(number), after_s=number * 3)
        alarms.pass_time(later(number * 3))
    assert len(alarms.rings()) == 1
    (row,) = rows_of(alarms, later(600))
    assert row.count == 200
    assert alarms.day.count(later(600)) == 1, "a flood is announced once"


def test_in_a_flood_what_was_seen_one_by_one_before_counts_one_by_one() -> None:
    alarms = standing()
    for number in range(200):
        tell(alarms, fact(number), after_s=number)
        if number < 4:
            alarms.see()
    assert alarms.day.count(later(200)) == 4 + 1


def test_what_is_gathered_leaves_the_gravest_in_the_count() -> None:
    alarms = standing()
    for number in range(5):
        tell(alarms, fact(number, priority=Priority.CRITICAL, weight=50 + 10 * (number == 3)), after_s=number)
    for number in range(5, 12):
        tell(alarms, fact(number), after_s=number)
    (left,) = alarms.day.of_last_day(later(20))
    assert left.key[1] == incident(3)


def test_in_a_flood_seen_once_the_rest_of_it_stays_silent() -> None:
    alarms = standing()
    for number in range(12):
        tell(alarms, fact(number), after_s=number)
    alarms.rings()
    alarms.see()
    for number in range(12, 200):
        tell(alarms, fact(number), after_s=number)
    assert alarms.rings() == ()
    assert sum(row.count for row in rows_of(alarms, later(200))) == 200


def test_in_a_flood_what_comes_after_ten_quiet_minutes_rings_again() -> None:
    alarms = standing()
    for number in range(12):
        tell(alarms, fact(number, place="330104005052"), after_s=number)
    tell(alarms, fact(50), after_s=20)
    alarms.rings()
    alarms.see()
    for number in range(100, 140):  # the flood goes on elsewhere
        tell(alarms, fact(number, place="330104005052"), after_s=20 + (number - 100) * 30)
        alarms.pass_time(later(20 + (number - 100) * 30))
    assert alarms.rings() == ()
    tell(alarms, fact(51), after_s=1215)
    assert alarms.flood.is_on
    assert [each.incident for each in alarms.rings()] == [incident(51)]


def test_in_a_flood_another_kind_of_thing_still_rings() -> None:
    alarms = standing()
    for number in range(30):
        tell(alarms, fact(number), after_s=number)
    alarms.rings()
    tell(alarms, fact(99, category="05"), after_s=31)
    tell(alarms, fact(98, weight=90), after_s=32)
    assert [each.incident for each in alarms.rings()] == [incident(99), incident(98)]


def test_ten_alarms_in_ten_minutes_are_no_flood_and_eleven_are() -> None:
    alarms = standing()
    for number in range(10):
        tell(alarms, fact(number), after_s=number * 50)
    assert len(rows_of(alarms, later(500))) == 10
    tell(alarms, fact(10), after_s=510)
    assert len(rows_of(alarms, later(510))) == 1


def test_a_flood_ends_when_fewer_than_five_came_in_ten_minutes() -> None:
    alarms = standing()
    for number in range(11):
        tell(alarms, fact(number), after_s=number)
    assert alarms.flood.is_on
    alarms.pass_time(later(600))
    assert alarms.flood.is_on
    alarms.pass_time(later(607))
    assert not alarms.flood.is_on
    assert len(rows_of(alarms, later(607))) == 1, "what came together stays together"


def test_what_chatters_is_shown_once_with_a_count_and_falls_silent() -> None:
    alarms = standing()
    for time in range(5):
        alarms.know("link", (link_lost(later(time * 5)),), later(time * 5))
        alarms.see()
        alarms.know("link", (), later(time * 5 + 2))
    assert len(alarms.rings()) == 2, "the third within a minute is silent"
    (row,) = rows_of(alarms, later(25))
    assert row.times == 5
    alarms.pass_time(later(79))
    assert rows_of(alarms, later(79)) != ()
    alarms.pass_time(later(81))
    assert rows_of(alarms, later(81)) == (), "it has been quiet for a minute, and its cause is gone"


def test_what_stands_longer_than_a_day_is_marked() -> None:
    alarms = standing()
    tell(alarms, fact())
    assert not rows_of(alarms, later(86_400))[0].is_stale
    assert rows_of(alarms, later(86_401))[0].is_stale


@pytest.mark.parametrize("minutes", SHELF_MINUTES)
def test_a_shelved_alarm_comes_back_by_itself_and_rings(minutes: int) -> None:
    alarms = standing()
    tell(alarms, fact())
    alarms.see()
    alarms.rings()
    assert alarms.shelve([fact().key], minutes, NOW) == 1
    assert rows_of(alarms, NOW) == ()
    assert [until for _, until in alarms.shelved()] == [NOW + timedelta(minutes=minutes)]
    alarms.pass_time(later(minutes * 60 - 1))
    assert rows_of(alarms, later(minutes * 60 - 1)) == ()
    assert alarms.pass_time(later(minutes * 60))
    (row,) = rows_of(alarms, later(minutes * 60))
    assert not row.is_seen
    assert len(alarms.rings()) == 1


def test_a_shelved_alarm_whose_cause_is_gone_stays_away() -> None:
    alarms = standing()
    tell(alarms, fact())
    alarms.rings()
    alarms.shelve([fact().key], 5, NOW)
    alarms.know(incident(1), (), later(10))
    assert alarms.shelved() == ()
    alarms.pass_time(later(301))
    assert (rows_of(alarms, later(301)), alarms.rings()) == ((), ())


def test_a_graver_turn_does_not_wait_on_the_shelf() -> None:
    alarms = standing()
    tell(alarms, fact())
    alarms.rings()
    alarms.shelve([fact().key], 60, NOW)
    tell(alarms, fact(turn="again"), after_s=10)
    assert rows_of(alarms, later(10)) == ()
    tell(alarms, fact(turn="graver", weight=90), after_s=20)
    assert len(rows_of(alarms, later(20))) == 1
    assert len(alarms.rings()) == 1


@pytest.mark.parametrize("minutes", [0, -5, 7, 61, 1440])
def test_there_is_no_shelf_without_one_of_the_ends(minutes: int) -> None:
    alarms = standing()
    tell(alarms, fact())
    with pytest.raises(ValueError, match="not a length"):
        alarms.shelve([fact().key], minutes, NOW)


def test_the_lost_connection_cannot_be_shelved() -> None:
    alarms = standing()
    lost = link_lost(NOW)
    tell(alarms, lost)
    assert alarms.shelve([lost.key], 5, NOW) == 0
    assert len(rows_of(alarms, NOW)) == 1


def test_a_snapshot_is_announced_by_one_sound_the_gravest() -> None:
    alarms = standing()
    found = {incident(n): (fact(n, place=f"3301040050{n:02d}", weight=n),) for n in range(40)}
    alarms.know_all(found, NOW)
    assert [each.weight for each in alarms.rings()] == [39]
    assert sum(row.count for row in rows_of(alarms, NOW)) == 40
    alarms.know_all({incident(1): found[incident(1)]}, later(60))
    assert sum(row.count for row in rows_of(alarms, later(60))) == 1
    assert alarms.rings() == ()


def test_a_snapshot_leaves_the_lost_connection_to_itself() -> None:
    alarms = standing()
    tell(alarms, link_lost(NOW))
    alarms.know_all({}, later(1))
    assert len(rows_of(alarms, later(1))) == 1


# --- at most 5 % critical ---


def test_at_most_five_percent_of_a_day_are_critical_and_those_are_the_gravest() -> None:
    alarms = standing()
    for number in range(100):
        grave = replace(fact(number, place=f"{number:012d}", weight=number), priority=Priority.CRITICAL)
        tell(alarms, grave, after_s=number * 120)
    rows = rows_of(alarms, later(12_000))
    assert sorted(row.fact.weight for row in rows if row.priority is Priority.CRITICAL) == [95, 96, 97, 98, 99]
    assert {row.priority for row in rows} == {Priority.CRITICAL, Priority.HIGH}


def test_of_a_few_alarms_the_one_gravest_is_critical() -> None:
    alarms = standing()
    tell(alarms, fact(1, place="a", priority=Priority.CRITICAL, weight=50), fact(2, place="b"))
    tell(alarms, fact(3, place="c", priority=Priority.CRITICAL, weight=90))
    assert [row.fact.weight for row in rows_of(alarms, NOW) if row.priority is Priority.CRITICAL] == [90]


def test_what_was_critical_yesterday_is_stale_today() -> None:
    alarms = standing()
    tell(alarms, fact(1, priority=Priority.CRITICAL, weight=50))
    (row,) = rows_of(alarms, later(86_500))
    assert (row.priority, row.is_stale) == (Priority.HIGH, True)
    assert alarms.day.count(later(86_500)) == 0
