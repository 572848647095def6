"""The alarms that stand at one desk: raised, seen, shelved, grouped in a flood, over; plain, now is an argument.

Nothing that needs an answer is lost: as long as the situation says the cause of an alarm stands, it is in `rows` or in
`shelved`, and what is shelved comes back by itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from desktop.alarms.day_count import DayCount
from desktop.alarms.flood import BEGINS_ABOVE, SPAN, FloodGauge
from desktop.alarms.kinds import AlarmFact, AlarmKind, Group, Key

SHELF_MINUTES = (5, 15, 30, 60)
"""How long an alarm may be shelved, or the sounds muted: never for ever."""
CHATTERS_AT = 3
"""Raised so often within CHATTER_SPAN a thing chatters: it is shown once, with a count, and not heard again."""
CHATTER_SPAN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm as it stands."""

    fact: AlarmFact
    raised_at: datetime
    """When it was last raised here."""
    times: int = 1
    """How often within the last minute; more than once only where it chatters."""
    is_seen: bool = False
    is_flood: bool = False
    """Whether it came in a flood, and lies together with what is like it."""
    is_over: bool = False
    """The cause is gone, but it chatters: it stands until it has been quiet for a minute."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """An alarm put aside by the officer until a moment."""

    until: datetime
    weight: int
    """How grave it was: a graver turn of the same thing does not wait."""


class StandingAlarms:
    """The alarms of one officer. Main thread only; `now` never goes back."""

    def __init__(self, day: DayCount, shelves: Mapping[Key, Shelf] | None = None) -> None:
        """Nothing stands yet; `shelves` and `day` go on from what was kept."""
        self.day, self.flood = day, FloodGauge()
        self.shelves: dict[Key, Shelf] = dict(shelves or {})
        self._alarms: dict[Key, Alarm] = {}
        self._keys_of: dict[Hashable, set[Key]] = {}
        self._raises: dict[Key, list[datetime]] = {}
        self._rang: dict[Group, tuple[datetime, tuple[int, int]]] = {}
        """When what rang for a group last came, and how grave it was."""
        self._rings: list[AlarmFact] = []

    # ---- what the situation says ---------------------------------------------------------------------------------

    def know(self, source: Hashable, facts: Iterable[AlarmFact], now: datetime) -> bool:
        """These are all the facts of one source now (an incident, the link, the hand-over); those of before are over.

        Returns whether anything may look different now.
        """
        told = tuple(facts)
        if not told and source not in self._keys_of:
            return False
        self.flood.pass_time(now)
        for fact in self._take(source, told, now):
            self._raise(fact, now)
        return True

    def know_all(self, found: Mapping[Hashable, Iterable[AlarmFact]], now: datetime) -> None:
        """These are the incidents of a snapshot, all of them: what is new is announced by one sound, the gravest.

        Other sources (the link, the hand-over) are named by a word and stay as they are.
        """
        self.flood.pass_time(now)
        for source in [each for each in self._keys_of if each not in found and not isinstance(each, str)]:
            self._take(source, (), now)
        new = [fact for source, facts in found.items() for fact in self._take(source, facts, now)]
        self.flood.note(now, sum(now - fact.at <= SPAN for fact in new))
        is_many = self.flood.is_on or len(new) > BEGINS_ABOVE
        announced: set[Hashable] = set()
        for fact in sorted(new, key=grave, reverse=True):
            is_flood = is_many and fact.group is not None
            self._stand(fact, now, is_flood)
            if fact.group not in announced or not is_flood:
                self.day.note(fact, now)
            announced.add(fact.group)
        heard = [fact for fact in new if fact.key not in self.shelves]
        if heard:
            self._ring(max(heard, key=grave), now)

    def _take(self, source: Hashable, facts: Iterable[AlarmFact], now: datetime) -> list[AlarmFact]:
        """End what a source says no more; returns what it says anew."""
        told = {fact.key: fact for fact in facts}
        for key in self._keys_of.get(source, set()) - told.keys():
            self._end(key, now)
        if told:
            self._keys_of[source] = set(told)
        else:
            self._keys_of.pop(source, None)
        new = []
        for key, fact in told.items():
            before = self._alarms.get(key)
            if before is None or before.is_over or before.fact.turn != fact.turn or grave(fact) > grave(before.fact):
                new.append(fact)
            elif before.fact != fact:
                self._alarms[key] = replace(before, fact=fact)
        return new

    def _raise(self, fact: AlarmFact, now: datetime) -> None:
        """One thing needs an answer that did not a moment ago, or more gravely, or again."""
        self.flood.note(now)
        before = self._alarms.get(fact.key)
        is_graver = before is not None and grave(fact) > grave(before.fact)
        is_quiet = self._is_heard_already(fact, now)
        is_flood = self.flood.is_on and fact.group is not None
        if is_flood:
            self._gather(fact, now)
            if is_quiet and fact.group in self._rang:
                self._rang[fact.group] = (now, self._rang[fact.group][1])
        alarm = self._stand(fact, now, is_flood)
        shelf = self.shelves.get(fact.key)
        if shelf is not None and fact.weight > shelf.weight:
            del self.shelves[fact.key]
        elif shelf is not None:
            return
        if alarm.times >= CHATTERS_AT and not is_graver:
            return
        if not (is_flood and is_quiet):
            self.day.note(fact, now)
        if not is_quiet:
            self._ring(fact, now)

    def _stand(self, fact: AlarmFact, now: datetime, is_flood: bool) -> Alarm:
        """The alarm as it stands from now on; chattering, it stays seen where it was."""
        recent = [at for at in self._raises.get(fact.key, ()) if now - at < CHATTER_SPAN]
        self._raises[fact.key] = [*recent, now]
        before, times = self._alarms.get(fact.key), len(recent) + 1
        is_seen = before is not None and before.is_seen and times >= CHATTERS_AT and grave(fact) <= grave(before.fact)
        is_flood = is_flood or (before is not None and before.is_flood)
        self._alarms[fact.key] = Alarm(fact, now, times, is_seen, is_flood)
        return self._alarms[fact.key]

    def _gather(self, fact: AlarmFact, now: datetime) -> None:
        """A flood: what is like this one and came within its time lies together with it, and counts as one, unless seen."""
        unseen = set[Key]()
        for key, alarm in self._alarms.items():
            if alarm.fact.group == fact.group and now - alarm.raised_at <= SPAN and not alarm.is_flood:
                self._alarms[key] = replace(alarm, is_flood=True)
                if not alarm.is_seen and key not in self.shelves:
                    unseen.add(key)
        self.day.gather(unseen, now - SPAN)

    def _is_heard_already(self, fact: AlarmFact, now: datetime) -> bool:
        """Whether a sound of at least this gravity calls to the same place already.

        So it is while one of the same place and group, or of the same incident, stands unseen; and in a flood as long as
        what is alike keeps coming, without ten minutes between.
        """
        for alarm in self._alarms.values():
            alike = fact.group is not None and alarm.fact.group == fact.group
            same = fact.incident is not None and alarm.fact.incident == fact.incident and alarm.fact.key != fact.key
            is_calling = not alarm.is_seen and not alarm.is_over and alarm.fact.key not in self.shelves
            if (alike or same) and is_calling and grave(alarm.fact) >= grave(fact):
                return True
        rang = self._rang.get(fact.group) if fact.group is not None and self.flood.is_on else None
        return rang is not None and now - rang[0] <= SPAN and rang[1] >= grave(fact)

    def _ring(self, fact: AlarmFact, now: datetime) -> None:
        if fact.group is not None:
            self._rang[fact.group] = (now, grave(fact))
        self._rings.append(fact)

    def _end(self, key: Key, now: datetime) -> None:
        """A cause is gone: no answer is needed any more; what chatters stands until it is quiet."""
        alarm = self._alarms.get(key)
        if alarm is None:
            return
        recent = [at for at in self._raises.get(key, ()) if now - at < CHATTER_SPAN]
        if len(recent) >= CHATTERS_AT:
            self._alarms[key] = replace(alarm, is_over=True)
        else:
            del self._alarms[key]

    # ---- what time does ------------------------------------------------------------------------------------------

    def pass_time(self, now: datetime) -> bool:
        """Let shelves end and what chattered fall quiet; True where what is to be seen changed."""
        self.flood.pass_time(now)
        ended = [key for key, shelf in self.shelves.items() if shelf.until <= now]
        for key in ended:
            del self.shelves[key]
            alarm = self._alarms.get(key)
            if alarm is not None and not alarm.is_over:
                self._alarms[key] = replace(alarm, is_seen=False, raised_at=now)
                self.day.note(alarm.fact, now)
                self._ring(alarm.fact, now)
        quiet = [key for key, raises in self._raises.items() if now - raises[-1] >= CHATTER_SPAN]
        changed = bool(ended)
        for key in quiet:
            del self._raises[key]
            alarm = self._alarms.get(key)
            if alarm is not None and alarm.is_over:
                del self._alarms[key]
                changed = True
            elif alarm is not None and alarm.times > 1:
                self._alarms[key] = replace(alarm, times=1)
                changed = True
        self._rang = {group: rang for group, rang in self._rang.items() if now - rang[0] <= SPAN}
        return changed

    def ring_again(self, now: datetime) -> None:
        """What came while nothing could be heard is announced by one sound, the gravest: a mute has ended."""
        unseen = [alarm.fact for alarm in self.visible() if not alarm.is_seen and not alarm.is_over]
        if unseen:
            self._ring(max(unseen, key=grave), now)

    def rings(self) -> tuple[AlarmFact, ...]:
        """The alarms that want to be heard since this was last asked."""
        rings, self._rings = tuple(self._rings), []
        return rings

    # ---- what the officer does -----------------------------------------------------------------------------------

    def see(self, keys: Iterable[Key] | None = None) -> int:
        """Mark alarms as seen, or all of them; returns how many were not."""
        wanted = set(self._alarms) - self.shelves.keys() if keys is None else set(keys) & self._alarms.keys()
        unseen = [key for key in wanted if not self._alarms[key].is_seen]
        for key in unseen:
            self._alarms[key] = replace(self._alarms[key], is_seen=True)
        return len(unseen)

    def shelve(self, keys: Iterable[Key], minutes: int, now: datetime) -> int:
        """Put alarms aside for SHELF_MINUTES; returns how many. The loss of the connection cannot be put aside.

        ValueError for any other length: there is no shelving without an end.
        """
        if minutes not in SHELF_MINUTES:
            raise ValueError(f"not a length of shelving: {minutes} minutes")
        wanted = [key for key in keys if key in self._alarms and key[0] is not AlarmKind.LINK]
        for key in wanted:
            self.shelves[key] = Shelf(now + timedelta(minutes=minutes), self._alarms[key].fact.weight)
        return len(wanted)

    def unshelve(self, keys: Iterable[Key]) -> None:
        """Take alarms back before their time: they stand again, seen."""
        for key in keys:
            if self.shelves.pop(key, None) is not None and key in self._alarms:
                self._alarms[key] = replace(self._alarms[key], is_seen=True)

    # ---- what is to be seen --------------------------------------------------------------------------------------

    def visible(self) -> list[Alarm]:
        """Every alarm that is not shelved."""
        return [alarm for key, alarm in self._alarms.items() if key not in self.shelves]

    def shelved(self) -> tuple[tuple[Alarm, datetime], ...]:
        """What is put aside and still stands, with when it comes back, the next first."""
        found = [(alarm, self.shelves[key].until) for key, alarm in self._alarms.items() if key in self.shelves]
        return tuple(sorted(found, key=lambda each: each[1]))


def grave(fact: AlarmFact) -> tuple[int, int]:
    """How grave an alarm is beside others."""
    return int(fact.priority), fact.weight
