"""Whatever happens in whatever order: nothing that needs an answer is lost, every shelf ends, never two sounds at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop.alarms.day_count import CRITICAL_PERCENT, DayCount
from desktop.alarms.kinds import AlarmFact, AlarmKind, Key, Priority, Sound
from desktop.alarms.ringing import Ringer
from desktop.alarms.rows import rows_of
from desktop.alarms.standing import SHELF_MINUTES, StandingAlarms
from desktop.alarms.tones import LENGTHS_S
from tests.desktop.alarms.facts_made import fact, incident, later
from tests.fakes.situations import NOW

NUMBERS = st.integers(0, 25)
PLACES = st.sampled_from(["330104005051", "330104005052"])
CATEGORIES = st.sampled_from(["01", "05"])
KINDS = st.sampled_from([AlarmKind.URGENT, AlarmKind.OVERDUE])
PRIORITIES = st.sampled_from(list(Priority))
LONGEST = timedelta(minutes=max(SHELF_MINUTES))


class Desk(RuleBasedStateMachine):
    """An officer's desk in any weather."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.alarms = StandingAlarms(DayCount())
        self.stands: dict[Key, AlarmFact] = {}
        self.shelved_at: dict[Key, datetime] = {}
        self.ringer = Ringer(LENGTHS_S)
        self.silent_until = NOW

    @rule(number=NUMBERS, kind=KINDS, place=PLACES, category=CATEGORIES, priority=PRIORITIES, turn=st.sampled_from("ab"))
    def raise_one(self, number: int, kind: AlarmKind, place: str, category: str, priority: Priority, turn: str) -> None:
        told = fact(number, kind, self.now, place, category, priority, turn=turn)
        others = [each for each in self.stands.values() if each.incident == told.incident and each.key != told.key]
        self.stands[told.key] = told
        self.alarms.know(told.incident or "", (*others, told), self.now)

    @rule(number=NUMBERS)
    def end(self, number: int) -> None:
        self.stands = {key: each for key, each in self.stands.items() if each.incident != incident(number)}
        self.alarms.know(incident(number), (), self.now)

    @rule()
    def snapshot(self) -> None:
        found: dict[object, list[AlarmFact]] = {}
        for each in self.stands.values():
            found.setdefault(each.incident, []).append(each)
        self.alarms.know_all(found, self.now)

    @rule(seconds=st.sampled_from([0.2, 1, 7, 61, 400, 1900, 4000]))
    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.alarms.pass_time(self.now)

    @rule()
    def see(self) -> None:
        self.alarms.see()
        assert all(row.is_seen for row in rows_of(self.alarms, self.now))

    @rule(number=NUMBERS, kind=KINDS, minutes=st.sampled_from(SHELF_MINUTES))
    def shelve(self, number: int, kind: AlarmKind, minutes: int) -> None:
        if self.alarms.shelve([(kind, incident(number))], minutes, self.now):
            self.shelved_at[(kind, incident(number))] = self.now

    @rule(is_muted=st.booleans())
    def hear(self, is_muted: bool) -> None:
        for each in self.alarms.rings():
            self.ringer.ask(each, self.now)
        sound = self.ringer.next(self.now, is_muted)
        if sound is not None:
            assert not is_muted or sound is Sound.LINK
            assert self.now >= self.silent_until, "two at a time"
            self.silent_until = self.now + timedelta(seconds=LENGTHS_S[sound])

    @invariant()
    def nothing_that_needs_an_answer_is_lost(self) -> None:
        shown = [key for row in rows_of(self.alarms, self.now) for key in row.keys]
        put_aside = [alarm.fact.key for alarm, _ in self.alarms.shelved()]
        assert len(shown) == len(set(shown)), "each is shown once"
        assert set(self.stands) <= set(shown) | set(put_aside)
        assert not set(shown) & set(put_aside)

    @invariant()
    def every_shelf_ends(self) -> None:
        for alarm, until in self.alarms.shelved():
            assert self.now < until <= self.shelved_at[alarm.fact.key] + LONGEST

    @invariant()
    def few_are_critical(self) -> None:
        critical = [row for row in rows_of(self.alarms, self.now) if row.priority is Priority.CRITICAL]
        assert len(critical) <= max(1, self.alarms.day.count(self.now) * CRITICAL_PERCENT // 100)


TestDesk = Desk.TestCase
TestDesk.settings = settings(max_examples=150, stateful_step_count=60, deadline=None)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 600), min_size=200, max_size=200), st.sets(st.integers(12, 199), max_size=5))
def test_a_flood_of_two_hundred_reports_in_ten_minutes_rings_once(moments: list[float], seen_after: set[int]) -> None:
    """Whenever they come within the ten minutes, and however often the officer silences them once it is a flood."""
    alarms, rings = StandingAlarms(DayCount()), 0
    for number, moment in enumerate(sorted(moments)):
        alarms.pass_time(later(moment))
        alarms.know(incident(number), (fact(number, at=later(moment)),), later(moment))
        rings += len(alarms.rings())
        if number in seen_after:
            alarms.see()
    assert rings == 1
    assert sum(row.count for row in rows_of(alarms, later(600))) == 200


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 5), st.sampled_from(list(AlarmKind)), st.booleans()), max_size=60))
def test_there_is_never_more_than_one_sound_at_a_time(asks: list[tuple[float, AlarmKind, bool]]) -> None:
    ringer, now, free_at = Ringer(LENGTHS_S), NOW, NOW
    for pause_s, kind, hushes in asks:
        now += timedelta(seconds=pause_s)
        ringer.ask(fact(kind=kind), now)
        if hushes:
            ringer.hush()
            free_at = now
        sound = ringer.next(now)
        if sound is not None:
            assert now >= free_at
            free_at = now + timedelta(seconds=LENGTHS_S[sound])
