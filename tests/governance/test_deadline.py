"""Deadlines are pure functions of start, limit, unit and calendar; the vectors are those of domain model B.4."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.attempt import Attempt
from governance.categories import Limit, Stage, TimeUnit
from governance.clocks import resolve_clock_started
from governance.commands import CheckFail, SendCheck, TimerFired
from governance.deadline import (
    CHINA,
    clock_of,
    due_at,
    elapsed_s,
    has_missed,
    hours_of,
    is_late,
    is_overdue,
    late_since,
    later,
    limit_for,
    limit_of_stage,
    remaining_s,
    seconds_of,
    warnings,
)
from governance.incident import TimerKind, TimerState, Urgency
from governance.lifecycle import SYSTEM_OFFICER, after
from governance.rules import Calendar, FormerLimits
from tests.governance.field import CK, DO, GRID, NOON, RULES, STREET, TO_DISPATCHED, TO_FILED, TO_HANDLING, reported, walk
from tests.governance.ways import TO_RESOLVED

CALENDAR = Calendar(rest_days=frozenset(date(2017, 10, day) for day in range(1, 9)), makeup_days=frozenset({date(2017, 9, 30)}))


def local(text: str) -> datetime:
    """2017, in Hangzhou."""
    return datetime.strptime(f"2017-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


VECTORS = [
    ("06-30 16:30", 4, TimeUnit.WORK_HOUR, "07-03 11:30"),
    ("06-30 16:30", 4, TimeUnit.URGENT_HOUR, "06-30 20:30"),
    ("06-30 16:30", 5, TimeUnit.NATURAL_DAY, "07-05 16:30"),
    ("06-30 16:30", 5, TimeUnit.WORK_DAY, "07-07 16:30"),
    ("09-30 15:00", 1, TimeUnit.WORK_DAY, "10-09 15:00"),
    ("06-30 12:30", 2, TimeUnit.WORK_HOUR, "06-30 15:30"),
    ("07-01 03:00", 2, TimeUnit.WORK_HOUR, "07-03 10:30"),
    ("06-30 16:30", 90, TimeUnit.SECOND, "06-30 16:31"),
    ("06-30 16:30", 30, TimeUnit.MINUTE, "06-30 17:00"),
    ("06-30 12:00", 0, TimeUnit.WORK_HOUR, "06-30 13:30"),
]


@pytest.mark.parametrize(("start", "amount", "unit", "due"), VECTORS)
def test_a_limit_runs_out_when_the_calendar_says(start: str, amount: float, unit: TimeUnit, due: str) -> None:
    assert due_at(local(start), amount, unit, CALENDAR).replace(second=0) == local(due)


moments = st.integers(0, 353 * 86400).map(lambda seconds: local("01-01 00:00") + timedelta(seconds=seconds))


@given(moments, st.integers(0, 200 * 3600), st.booleans())
def test_what_elapses_until_a_deadline_is_the_limit(start: datetime, seconds: int, working: bool) -> None:
    due = later(start, seconds, working, CALENDAR)
    assert elapsed_s(start, due, working, CALENDAR) == pytest.approx(seconds, abs=1e-3)


@given(moments, moments, moments)
def test_working_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    whole = elapsed_s(first, last, True, CALENDAR)
    parts = elapsed_s(first, middle, True, CALENDAR) + elapsed_s(middle, last, True, CALENDAR)
    assert whole == pytest.approx(parts, abs=1e-3)
    assert whole <= (last - first).total_seconds() + 1e-6


NIGHT = (time(22, 0), time(6, 0))
CALENDARS = {
    "office": CALENDAR,
    "night": replace(CALENDAR, hours=(*CALENDAR.hours, NIGHT)),
    "overlapping": replace(CALENDAR, hours=((time(20, 0), time(9, 0)), *CALENDAR.hours)),
    "round the clock": Calendar(hours=((time(), time()),)),
    "own hours": replace(CALENDAR, day_hours=((date(2017, 6, 30), (NIGHT,)), (date(2017, 7, 3), ((time(9), time(10)),)))),
}
calendars = st.sampled_from(list(CALENDARS.values()))


@given(moments, st.integers(0, 60 * 3600), st.integers(1, 60 * 3600), st.booleans(), calendars)
def test_a_limit_in_two_parts_ends_when_the_whole_does(
    start: datetime, first: int, second: int, working: bool, calendar: Calendar
) -> None:
    parted = later(later(start, first, working, calendar), second, working, calendar)
    assert parted == later(start, first + second, working, calendar)


@given(moments, st.integers(1, 60 * 3600), calendars)
def test_a_working_limit_ends_while_people_work_and_what_elapsed_is_all_of_it(
    start: datetime, seconds: int, calendar: Calendar
) -> None:
    due = later(start, seconds, True, calendar)
    assert elapsed_s(start, due, True, calendar) == pytest.approx(seconds, abs=1e-3)
    assert elapsed_s(due - timedelta(seconds=1), due, True, calendar) == pytest.approx(1.0, abs=1e-3)


@given(moments, st.integers(0, 60 * 3600), st.integers(1, 3600), calendars)
def test_who_starts_later_is_never_due_earlier(start: datetime, seconds: int, wait: int, calendar: Calendar) -> None:
    assert later(start, seconds, True, calendar) <= later(start + timedelta(seconds=wait), seconds, True, calendar)


SPECIAL = [
    ("over midnight", "night", "06-29 23:00", 8, "06-30 09:30"),  # seven hours until 06:00, the eighth from 08:30
    ("begun in the night before", "night", "06-30 03:00", 4, "06-30 09:30"),
    ("in the night of a Friday", "night", "07-01 05:00", 2, "07-03 09:30"),  # the last hour of Friday's night is Saturday's
    ("a moment of two spans counts once", "overlapping", "06-29 21:00", 14, "06-30 11:00"),
    ("a whole day", "round the clock", "06-30 16:30", 24, "07-03 16:30"),  # Friday's until midnight, then Monday's
    ("hours of a single day", "own hours", "06-30 16:30", 8, "07-01 06:00"),
    ("one hour of a Monday", "own hours", "07-01 06:00", 2, "07-04 09:30"),
    ("a holiday", "office", "09-30 17:00", 1, "10-09 09:00"),
    ("the year's end", "office", "12-29 17:00", 1, "01-01 09:00"),
]


@pytest.mark.parametrize(("which", "start", "hours", "due"), [row[1:] for row in SPECIAL], ids=[row[0] for row in SPECIAL])
def test_working_hours_are_those_of_the_day(which: str, start: str, hours: int, due: str) -> None:
    found = due_at(local(start), hours, TimeUnit.WORK_HOUR, CALENDARS[which]).astimezone(CHINA)
    assert found.strftime("%m-%d %H:%M") == due


@pytest.mark.parametrize("day", [date(2017, 3, 26), date(2017, 10, 29), date(2026, 3, 29), date(2026, 4, 12)])
def test_no_clock_is_put_forward_or_back(day: date) -> None:
    midnight = datetime.combine(day, time(), CHINA)
    assert due_at(midnight, 1, TimeUnit.NATURAL_DAY, CALENDAR) == midnight + timedelta(days=1)
    assert due_at(midnight, 24, TimeUnit.URGENT_HOUR, CALENDAR).astimezone(CHINA).time() == time()


def test_every_day_of_the_next_four_hundred_has_its_hours_named_or_not() -> None:
    named = replace(CALENDARS["own hours"], rest_days=frozenset({date(2017, 7, 4)}), makeup_days=frozenset({date(2017, 7, 8)}))
    days = [date(2017, 6, 30) + timedelta(days=ahead) for ahead in range(400)]
    found = {day: hours_of(day, named) for day in days}
    assert found[date(2017, 6, 30)] == (NIGHT,)
    assert found[date(2017, 7, 3)] == ((time(9), time(10)),)
    assert found[date(2017, 7, 4)] == ()
    assert found[date(2017, 7, 8)] == CALENDAR.hours
    others = set(days) - {date(2017, 6, 30), date(2017, 7, 3), date(2017, 7, 4), date(2017, 7, 8)}
    assert all(found[day] == (CALENDAR.hours if day.weekday() < 5 else ()) for day in others)


def test_a_limit_over_the_turn_of_the_year_counts_the_days_of_both() -> None:
    new_year = replace(
        CALENDAR, rest_days=frozenset({date(2026, 1, 1), date(2026, 1, 2)}), makeup_days=frozenset({date(2026, 1, 4)})
    )
    start = datetime(2025, 12, 31, 16, 30, tzinfo=CHINA)
    assert due_at(start, 1, TimeUnit.WORK_DAY, new_year) == datetime(2026, 1, 4, 16, 30, tzinfo=CHINA)
    assert due_at(start, 1, TimeUnit.WORK_DAY, CALENDAR) == datetime(2026, 1, 1, 16, 30, tzinfo=CHINA)


def test_time_does_not_run_backwards() -> None:
    assert elapsed_s(local("06-30 16:30"), local("06-30 16:00"), False, CALENDAR) == 0


def test_a_limit_no_calendar_can_meet_is_said_to_be_one() -> None:
    with pytest.raises(ValueError, match="no end"):
        later(local("06-30 16:30"), 1, True, Calendar(hours=()))


def test_the_closest_limit_wins() -> None:
    def limit(category: str, area: str, amount: float) -> Limit:
        return Limit(category, area, Urgency.NORMAL, Stage.RESOLVE, amount, TimeUnit.MINUTE)

    limits = [
        limit("", "", 1),
        limit("03", "", 2),
        limit("03.02", "", 3),
        limit("03.02", STREET, 4),
        limit("03.02", "330999", 5),
    ]
    for count, amount in ((1, 1), (2, 2), (3, 3), (4, 4), (5, 4)):
        found = limit_for(limits[:count], "03.02", GRID, Urgency.NORMAL, Stage.RESOLVE)
        assert found is not None
        assert found.amount == amount
    assert limit_for(limits, "03.02", GRID, Urgency.URGENT, Stage.RESOLVE) is None
    assert limit_for(limits, "03.02", GRID, Urgency.NORMAL, Stage.CHECK) is None


def test_what_was_filed_keeps_the_limits_of_its_day_for_every_clock() -> None:
    oldest, old, new = (
        tuple(Limit("", "", urgency, stage, amount, TimeUnit.MINUTE) for urgency in Urgency for stage in Stage)
        for amount in (1.0, 2.0, 3.0)
    )
    months = [NOON + timedelta(days=days) for days in (30, 60)]
    rules = replace(RULES, limits=new, former_limits=(FormerLimits(months[0], oldest), FormerLimits(months[1], old)))
    filed = walk(reported(), *TO_FILED).incident
    for at, minutes in (
        (NOON, 1.0),
        (months[0] - timedelta(microseconds=1), 1.0),
        (months[0], 2.0),
        (months[1], 3.0),
        (None, 3.0),  # not filed yet: what is in force
    ):
        incident = replace(filed, filed_at=at)
        for stage in Stage:
            assert limit_of_stage(incident, stage, rules) == (minutes * 60, False)


def test_what_is_opened_again_gets_the_limits_of_that_day() -> None:
    slow = tuple(replace(limit, amount=limit.amount * 2) for limit in RULES.limits)
    turn = NOON + timedelta(minutes=30)
    rules = replace(RULES, version=2, limits=slow, former_limits=(FormerLimits(turn, RULES.limits),))
    archived = replace(walk(reported(), *TO_HANDLING), steps=())
    first = clock_of(archived)
    assert first is not None
    again = resolve_clock_started(
        Attempt(archived, None, DO, rules, turn), replace(archived, incident=replace(archived.incident, filed_at=turn))
    )
    second = clock_of(again)
    assert second is not None
    assert second.limit_s == 2 * first.limit_s


def test_remaining_falls_while_the_clock_runs_and_stands_while_it_is_paused() -> None:
    handling, resolved = walk(reported(), *TO_HANDLING), walk(reported(), *TO_RESOLVED)
    week = NOON + timedelta(days=7)
    assert remaining_s(reported(), NOON, CALENDAR) is None
    assert remaining_s(handling, NOON + timedelta(days=1), CALENDAR) == pytest.approx(4 * 86400 + 60)
    assert remaining_s(resolved, week, CALENDAR) == remaining_s(resolved, NOON + timedelta(hours=1), CALENDAR)
    assert (is_overdue(handling, week, CALENDAR), is_overdue(resolved, week, CALENDAR)) == (True, False)


@pytest.mark.parametrize(("days", "count"), [(2.0, 0), (2.6, 1), (3.9, 1), (4.1, 2), (4.9, 2), (5.1, 0)])
def test_officers_are_warned_at_half_and_at_most_of_the_resolve_limit(days: float, count: int) -> None:
    handling, at = walk(reported(), *TO_HANDLING), NOON + timedelta(days=days)
    assert warnings(handling, at, CALENDAR) == count
    assert warnings(walk(reported(), *TO_RESOLVED), at, CALENDAR) == 0, "it stands"
    assert warnings(replace(handling, incident=replace(handling.incident, overdue=True)), at, CALENDAR) == 0


def test_a_working_day_is_as_long_as_its_hours() -> None:
    assert seconds_of(2, TimeUnit.WORK_DAY, CALENDAR) == 2 * 7.5 * 3600


@pytest.mark.parametrize("kind", [TimerKind.T1_INTAKE, TimerKind.T3_DISPATCH, TimerKind.T4_ACK])
def test_a_missed_limit_is_late_before_its_clock_fired_and_after_it_started_again(kind: TimerKind) -> None:
    way = {TimerKind.T1_INTAKE: (), TimerKind.T3_DISPATCH: TO_FILED}.get(kind, TO_DISPATCHED)
    case = walk(reported(), *way)
    (clock,) = (t for t in case.timers if t.kind is kind and t.state is TimerState.RUNNING)
    assert clock.due_at is not None
    assert not is_late(case, clock.due_at - timedelta(seconds=1))
    assert is_late(case, clock.due_at)
    assert late_since(case, clock.due_at, CALENDAR) == clock.due_at
    fired = after(case, TimerFired(clock.id, kind, 0), SYSTEM_OFFICER, RULES, clock.due_at + timedelta(seconds=3))
    soon = clock.due_at + timedelta(seconds=4)
    assert is_late(fired, soon)
    assert late_since(fired, soon, CALENDAR) == clock.due_at


def test_what_was_missed_is_late_no_longer_once_it_is_done() -> None:
    case = reported()
    (clock,) = case.timers
    assert clock.due_at is not None
    missed = after(case, TimerFired(clock.id, clock.kind, 0), SYSTEM_OFFICER, RULES, clock.due_at)
    done = walk(missed, *TO_FILED, at=clock.due_at)
    assert (is_late(missed, clock.due_at), is_late(done, clock.due_at + timedelta(minutes=2))) == (True, False)
    assert late_since(done, clock.due_at + timedelta(minutes=2), CALENDAR) is None


def test_the_resolve_limit_once_missed_stays_so_while_its_clock_stands_and_runs_again() -> None:
    resolved_at = NOON + timedelta(days=9)
    resolved = walk(walk(reported(), *TO_RESOLVED[:-1]), TO_RESOLVED[-1], at=resolved_at)
    assert late_since(resolved, resolved_at + timedelta(minutes=2), CALENDAR) == resolved_at + timedelta(minutes=1)
    again = walk(resolved, (SendCheck(), DO), (CheckFail("still there"), CK), at=resolved_at + timedelta(minutes=2))
    assert late_since(again, resolved_at + timedelta(minutes=5), CALENDAR) == resolved_at + timedelta(minutes=1)
    handling = walk(reported(), *TO_HANDLING)
    due = handling.incident.due_at
    assert due is not None
    assert is_late(handling, due)
    arrived = replace(handling, timers=tuple(t for t in handling.timers if t.kind is TimerKind.T7_RESOLVE))
    assert late_since(arrived, due + timedelta(days=1), CALENDAR) == due


def test_a_report_whose_intake_limit_was_missed_counts_as_late_until_somebody_takes_it_up() -> None:
    case = reported()
    assert not has_missed(case)
    rang = replace(case, timers=tuple(replace(timer, fired=1) for timer in case.timers))
    assert has_missed(rang)
    stopped = replace(rang, timers=tuple(replace(timer, state=TimerState.CANCELLED) for timer in rang.timers))
    assert not has_missed(stopped)
    assert has_missed(replace(stopped, incident=replace(case.incident, overdue=True)))
