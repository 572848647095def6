"""Open incidents that may be the same matter as another (domain model B.7): a list to look at; it merges nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from heapq import nsmallest
from uuid import UUID

from governance.incident import Case, Incident, State
from governance.joining import OPEN_MASTER
from governance.places import LonLat
from governance.rules import Rules

MOST = 3
LEAST_ALIKE = 0.4
"""How much of the shorter text the other must hold where a category is not known: nothing else says it is the same kind."""
LEAST_REPEATED = 0.6
"""The same of a matter that is over: there is more time for another one to happen at the same place."""
LEAST_SHARED = 2
"""Pairs of letters two texts must share where nothing else says that they are of one kind."""
REPEAT_DAYS = 30.0
"""So long after it was closed a matter that comes again is the same one, repeated (B.7, indicator K26)."""
RADIUS_M, WINDOW_H = 30.0, 24.0
"""Of reports whose category nobody knows yet."""
HOUSE_M = 300.0
"""The same words for a place mean the same house only this near: every quarter has a building 12."""
METRES_A_DEGREE = 111_195.0
MOST_READ = 200
"""So many of the nearest have their words compared: more than a person looks at, and cheap at every key."""
READ_LETTERS = 300
OVER = frozenset({State.CLOSED, State.ARCHIVED})

KindOf = Callable[[str], str]
"""The code of the category a text speaks for; empty where it speaks for none."""


def _unknown(_text: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Alike:
    """One that may be the same: how far away, how long before or after, and how alike its words are (0 to 1)."""

    incident: UUID
    distance_m: float
    apart_s: float
    likeness: float


@dataclass(frozen=True, slots=True)
class _Said:
    """What is compared: a report that stands, or one that is being typed."""

    text: str
    place: LonLat
    place_text: str
    category: str
    at: datetime


def alike(incident: Incident, cases: Iterable[Case], rules: Rules, most: int = MOST) -> tuple[Alike, ...]:
    """Open incidents of the same kind near in place and time, the likeliest first; radius and window are the category's.

    Categories of one group are one kind. A radius of 0 asks for the same house, said in the same words.
    """
    said = _Said(incident.text, incident.place, incident.place_text, incident.category, incident.reported_at)
    return _found(said, cases, rules, most, lambda other: other.id != incident.id and other.state in OPEN_MASTER)


def alike_to_draft(
    text: str,
    place: LonLat | None,
    category: str,
    at: datetime,
    cases: Iterable[Case],
    rules: Rules,
    place_text: str = "",
    most: int = MOST,
    kind_of: KindOf = _unknown,
) -> tuple[Alike, ...]:
    """The same for a report that is being typed: text and category may be empty; none without a place. `at` is aware.

    `kind_of` says which category the words of an open report speak for, where nobody has named one yet.
    """
    if place is None or not (text.strip() or category):
        return ()
    said = _Said(text, place, place_text, category, at)
    return _found(said, cases, rules, most, lambda other: other.state in OPEN_MASTER, kind_of=kind_of)


def repeated_by(
    text: str, place: LonLat | None, category: str, at: datetime, cases: Iterable[Case], rules: Rules, place_text: str = ""
) -> Alike | None:
    """The closed matter that a report says is there again, closed no more than thirty days before; None where there is none."""
    if place is None or not (text.strip() or category):
        return None
    said = _Said(text, place, place_text, category, at)
    return next(iter(_found(said, cases, rules, 1, lambda other: is_repeatable(other, at), repeats=True)), None)


def is_repeatable(incident: Incident, at: datetime) -> bool:
    """Whether a matter is over, and so lately that one more report of it says that it is there again."""
    ended = incident.closed_at
    return incident.state in OVER and ended is not None and timedelta(0) <= at - ended <= timedelta(days=REPEAT_DAYS)


def is_one_kind(one: str, other: str, rules: Rules) -> bool:
    """Whether two categories, both known, are of one group."""
    groups = [rules.categories[code].group if code in rules.categories else code for code in (one, other)]
    return groups[0] == groups[1]


def likeness_of(one: str, other: str) -> float:
    """How many pairs of neighbouring letters two texts share, 0 to 1: good for Chinese, which has no spaces.

    Shared pairs over the geometric mean of both counts, so that the beginning of a text is like the whole of it.
    """
    mine, theirs = _pairs(one[:READ_LETTERS]), _pairs(other[:READ_LETTERS])
    if not mine or not theirs:
        return 0.0
    return min(len(mine & theirs) / math.sqrt(len(mine) * len(theirs)), 1.0)


@lru_cache(maxsize=1024)
def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring letters and figures of a text, without spaces and stops."""
    letters = "".join(letter for letter in text.lower() if letter.isalnum())
    return frozenset(letters[n : n + 2] for n in range(len(letters) - 1))


def _found(
    said: _Said,
    cases: Iterable[Case],
    rules: Rules,
    most: int,
    wanted: Callable[[Incident], bool],
    repeats: bool = False,
    kind_of: KindOf = _unknown,
) -> tuple[Alike, ...]:
    """What may be the same, the likeliest first: by place and time first, then by the words of the nearest."""
    near = nsmallest(MOST_READ, _near(said, cases, rules, wanted, repeats), key=lambda each: each[0])
    found = []
    for far, other, away_m, apart_s in near:
        likeness = likeness_of(said.text, other.text)
        if _is_same_kind(said, other, rules, repeats, kind_of):
            found.append((far - likeness, Alike(other.id, away_m, apart_s, likeness)))
    found.sort(key=lambda each: each[0])
    return tuple(each for _, each in found[:most])


def _near(
    said: _Said, cases: Iterable[Case], rules: Rules, wanted: Callable[[Incident], bool], repeats: bool
) -> Iterable[tuple[float, Incident, float, float]]:
    """Incidents within radius and window of their category: how far in all, the incident, metres, seconds."""
    reach_m = max((c.merge_radius_m for c in rules.categories.values()), default=RADIUS_M)
    reach_deg = max(reach_m, HOUSE_M) / METRES_A_DEGREE
    wide_deg = reach_deg / max(math.cos(math.radians(said.place.lat)), 0.01)
    lon, lat = said.place.lon, said.place.lat
    for case in cases:
        other = case.incident
        place = other.place
        if abs(place.lat - lat) > reach_deg or abs(place.lon - lon) > wide_deg or not wanted(other):
            continue
        radius_m, window_s = _limits(said.category, other.category, rules)
        away_m = said.place.distance_m(place)
        is_same_house = bool(said.place_text) and said.place_text == other.place_text and away_m <= HOUSE_M
        if away_m > radius_m and not is_same_house:
            continue
        apart_s = abs((said.at - other.reported_at).total_seconds())
        if not repeats and apart_s > window_s:
            continue
        window_s = REPEAT_DAYS * 86_400 if repeats else window_s
        yield away_m / max(radius_m, 1.0) + apart_s / window_s, other, away_m, apart_s


def _limits(one: str, other: str, rules: Rules) -> tuple[float, float]:
    """Radius in metres and window in seconds within which two may be one: the wider of the two categories."""
    known = [rules.categories[code] for code in (one, other) if code in rules.categories]
    radius_m = max((c.merge_radius_m for c in known), default=RADIUS_M)
    return radius_m, max((c.merge_window_h for c in known), default=WINDOW_H) * 3600


def _is_same_kind(said: _Said, other: Incident, rules: Rules, repeats: bool, kind_of: KindOf) -> bool:
    """Whether two categories are of one group, or, where one is not known yet, the words are like enough."""
    if said.category and other.category:
        return is_one_kind(said.category, other.category, rules)
    if said.category and is_one_kind(said.category, kind_of(other.text), rules):
        return True
    return speak_alike(said.text, other.text, LEAST_REPEATED if repeats else LEAST_ALIKE)


@lru_cache(maxsize=16_384)
def speak_alike(one: str, other: str, least: float = LEAST_ALIKE) -> bool:
    """Whether two texts share enough for one kind of matter where nobody has named a category."""
    mine, theirs = _pairs(one[:READ_LETTERS]), _pairs(other[:READ_LETTERS])
    shared, shorter = len(mine & theirs), min(len(mine), len(theirs))
    return shared >= LEAST_SHARED and shared / shorter >= least
