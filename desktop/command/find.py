"""Finding anything: incidents, people, places and grids, cameras; ranked, Chinese by pairs of letters and by initials; plain.

What is looked through is what the situation holds: class 1 and below, so never who reported (domain model D.2).
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from desktop.dispatch.initials import spellings
from desktop.phrases import LANGUAGES, category_path, title_of
from desktop.seat import Seat
from desktop.situation.incidents import is_over
from governance.incident import Case
from governance.places import LonLat

GROUPS = ("incidents", "workers", "places", "cameras")
MOST = {"incidents": 9, "workers": 6, "places": 5, "cameras": 4}
"""So many of a group are shown; how many more there are is said."""
LONGEST = 600
"""Letters of a report's text that are looked through."""
WEIGHT = {"incidents": 15.0, "workers": 5.0, "places": 0.0, "cameras": -15.0}
"""Of things that fit alike: what an officer more likely means."""
AT_HOUSE, AT_ROAD = 95.0, 30.0
"""Of what an address leads to: the house comes before the incidents there, a road it merely names after them."""
MOST_WORDS, MOST_PAIRS = 6, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found."""

    group: str
    id: str
    name: str
    """As it is written."""
    names: str
    """All it is called by: number, name, code; lower case, one a line."""
    text: str
    """What else is said of it; lower case."""
    letters: str
    """Initials of its names, one a line."""
    place: LonLat | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found, how well it fits, and how many of its group there are."""

    entry: Entry
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in one group, the best first, and how many more there are."""

    group: str
    hits: tuple[Hit, ...]
    more: int


class FindIndex:
    """Keeps what can be found, brought up to date by what a batch touched. Main thread only."""

    def __init__(self, seat: Seat) -> None:
        """Nothing is kept yet; all of it is made when first asked for, or bit by bit by `catch_up`."""
        self._seat = seat
        self._cases: dict[UUID, Entry] = {}
        self._stale: dict[UUID, None] = {}
        self._rest: list[Entry] | None = None

    def touch(self, cases: Iterable[UUID], is_all: bool = False) -> None:
        """These cases changed; after a snapshot everything may have."""
        if is_all:
            self._cases.clear()
            self._rest = None
            cases = self._seat.situation.cases
        self._stale |= dict.fromkeys(cases)

    def forget_places(self) -> None:
        """The town came: people, places and cameras have names now, and cases their communities."""
        self.touch((), is_all=True)

    def catch_up(self, most: int) -> bool:
        """Bring so many cases up to date; whether any are left."""
        for case_id in list(self._stale)[:most]:
            del self._stale[case_id]
            case = self._seat.situation.cases.get(case_id)
            if case is None:
                self._cases.pop(case_id, None)
            else:
                self._cases[case_id] = _case_entry(self._seat, case)
        return bool(self._stale)

    def entries(self) -> Iterator[Entry]:
        """All that is looked through, as far as it is up to date."""
        yield from self._cases.values()
        yield from self._others()

    def find(self, text: str) -> tuple[Found, ...]:
        """What fits every word of a text, group by group; the group with the best hit comes first."""
        words = [_Word(word) for word in text.lower().split()[:MOST_WORDS]]
        if not words:
            return ()
        self.catch_up(len(self._stale))
        hits: dict[str, list[tuple[float, Entry]]] = {group: [] for group in GROUPS}
        for entry in self.entries():
            score = _score(words, entry)
            if score > 0:
                hits[entry.group].append((score + WEIGHT[entry.group], entry))
        named = self._seat.place_named(text)
        if named is not None and named[0] not in (entry.name for _, entry in hits["places"]):
            score = AT_ROAD if named[0] in self._seat.places else AT_HOUSE
            hits["places"].append((score, _entry("places", "", [named[0]], place=named[1])))
        found = [Found(group, tuple(_best(group, of)), max(len(of) - MOST[group], 0)) for group, of in hits.items() if of]
        return tuple(sorted(found, key=lambda each: -each.hits[0].score))

    def cameras(self, text: str) -> list[str]:
        """Ids of all cameras that fit every word of a text."""
        words = [_Word(word) for word in text.lower().split()[:MOST_WORDS]]
        return [each.id for each in self._others() if each.group == "cameras" and words and _score(words, each) > 0]

    def _others(self) -> list[Entry]:
        if self._rest is None:
            self._rest = [*_people(self._seat), *_places(self._seat), *_cameras(self._seat)]
        return self._rest


class _Word:
    """One word of a search, taken apart once."""

    __slots__ = ("alone", "begins", "ends", "is_ascii", "is_digits", "pairs", "word")

    def __init__(self, word: str) -> None:
        self.word = word
        self.begins, self.ends = f"\n{word}", f"{word}\n"
        self.is_ascii = word.isascii()
        self.is_digits = word.replace("-", "").isdecimal()
        self.alone = re.compile(rf"(?<!\d){re.escape(word)}(?!\d)") if self.is_digits else None
        self.pairs = tuple(dict.fromkeys(word[n : n + 2] for n in range(min(len(word) - 1, MOST_PAIRS))))


def _score(words: list[_Word], entry: Entry) -> float:
    """How well an entry fits; 0 where a word does not fit it at all."""
    total = 0.0
    for each in words:
        word, score = each.word, 0.0
        if word in entry.names:
            score = 60.0
            if entry.names.startswith(word):
                score = 90.0
            elif each.is_digits and each.ends in entry.names:
                score = 100.0
            elif each.alone is not None and each.alone.search(entry.names):
                score = 75.0
        elif each.is_ascii and not each.is_digits and word in entry.letters:
            score = 50.0 if each.begins in entry.letters or entry.letters.startswith(word) else 35.0
        elif word in entry.text:
            score = 20.0
        elif not each.is_ascii and len(word) > 2:
            score = 15.0 * _share_of(each.pairs, entry)
        if not score:
            return 0.0
        total += score
    return total - 10.0 * entry.is_over


def _share_of(pairs: tuple[str, ...], entry: Entry) -> float:
    """How many of the pairs of letters an entry has; 0 where fewer than half: then the rest is not looked for."""
    names, text = entry.names, entry.text
    may_lack = len(pairs) // 2
    lacks = 0
    for pair in pairs:
        if pair not in text and pair not in names:
            lacks += 1
            if lacks > may_lack:
                return 0.0
    return 1.0 - lacks / len(pairs)


def _best(group: str, hits: list[tuple[float, Entry]]) -> Iterator[Hit]:
    """The best of a group; of two that fit alike the one whose names come later: the newer incident."""
    for score, entry in heapq.nlargest(MOST[group], hits, key=lambda hit: (hit[0], hit[1].names)):
        yield Hit(entry, score)


def _entry(group: str, key: str, names: Iterable[str], text: Iterable[str] = (), place: LonLat | None = None) -> Entry:
    said = [name for name in dict.fromkeys(names) if name]
    letters = "\n".join(spellings(name) for name in said if not name.isascii())
    return Entry(group, key, said[0] if said else "", "\n".join(said).lower() + "\n", "\n".join(text).lower(), letters, place)


def _case_entry(seat: Seat, case: Case) -> Entry:
    """An incident: its number, what it is called, where it is; its text, who dealt with it, what was reported."""
    rules, incident = seat.situation.rules, case.incident
    names = [incident.number, title_of(seat.words, rules, case), incident.place_text]
    names += [category_path(each, rules, incident.category) for each in LANGUAGES if incident.category]
    names += [seat.area_names.get(incident.grid[:12], ""), incident.grid]
    people = {worker.worker_name for worker in case.assignments} | {step.actor_name for step in case.steps}
    text = [incident.text[:LONGEST], *(report.text[:LONGEST] for report in case.reports), *sorted(people), incident.floor]
    made = _entry("incidents", str(incident.id), names, text, incident.place)
    letters = "\n".join((made.letters, *(spellings(name) for name in people if name)))
    return replace(made, letters=letters, is_over=is_over(case))


def _people(seat: Seat) -> Iterator[Entry]:
    for worker in seat.situation.workers.people():
        unit = seat.situation.units.get(worker.unit)
        place = seat.place_line(worker.grid, "")
        yield _entry(
            "workers", str(worker.id), [worker.name, f"#{worker.number}"], [place, unit.name if unit else "", worker.grid]
        )


def _places(seat: Seat) -> Iterator[Entry]:
    """Areas by name and code, and whatever has a name on the map."""
    for code, name in seat.area_names.items():
        above = [seat.area_names.get(code[:digits], "") for digits in (9, 12) if digits < len(code)]
        yield _entry("places", code, [name, code], above)
    for name, place in seat.places.items():
        yield _entry("places", "", [name], place=place)


def _cameras(seat: Seat) -> Iterator[Entry]:
    for camera in seat.situation.cameras.all():
        names = [camera.name, camera.id]
        yield _entry("cameras", camera.id, names, [camera.owner, seat.place_line(camera.grid, "")], camera.place)
