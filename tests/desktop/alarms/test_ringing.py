"""The row of sounds: the gravest first, none long after its cause, a mute that lets the lost connection through."""

from __future__ import annotations

from desktop.alarms.facts import link_lost
from desktop.alarms.kinds import AlarmKind, Priority, Sound
from desktop.alarms.ringing import Ringer
from tests.desktop.alarms.facts_made import fact, later
from tests.fakes.situations import NOW

SECOND_EACH = dict.fromkeys(Sound, 1.0)


def test_the_gravest_is_heard_first_and_the_other_after_it() -> None:
    ringer = Ringer(SECOND_EACH)
    ringer.ask(fact(kind=AlarmKind.OVERDUE, priority=Priority.LOW), NOW)
    ringer.ask(fact(kind=AlarmKind.URGENT, priority=Priority.HIGH), NOW)
    assert ringer.next(NOW) is Sound.URGENT
    assert ringer.next(later(0.9)) is None
    assert ringer.next(later(1.4)) is Sound.OVERDUE
    assert ringer.next(later(9)) is None


def test_a_sound_that_waited_too_long_is_dropped() -> None:
    ringer = Ringer(SECOND_EACH)
    ringer.ask(fact(), NOW)
    assert ringer.next(later(9)) is None


def test_ten_of_a_sound_are_one() -> None:
    ringer = Ringer(SECOND_EACH)
    for _ in range(10):
        ringer.ask(fact(), NOW)
    assert [ringer.next(later(second)) for second in (0, 2, 4)] == [Sound.URGENT, None, None]


def test_a_mute_lets_only_the_lost_connection_through() -> None:
    ringer = Ringer(SECOND_EACH)
    ringer.ask(fact(priority=Priority.CRITICAL), NOW)
    ringer.ask(link_lost(NOW), NOW)
    assert ringer.next(NOW, is_muted=True) is Sound.LINK
    assert ringer.next(later(3), is_muted=False) is None, "what was muted is not heard later"


def test_silence_ends_what_waits_and_leaves_room_for_the_next() -> None:
    ringer = Ringer(SECOND_EACH)
    ringer.ask(fact(kind=AlarmKind.OVERDUE), NOW)
    ringer.ask(fact(), NOW)
    ringer.next(NOW)
    ringer.hush()
    assert ringer.next(later(0.1)) is None
    ringer.ask(fact(), later(0.2))
    assert ringer.next(later(0.2)) is Sound.URGENT
