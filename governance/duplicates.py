"""Open incidents that may be the same matter as another (domain model B.7): a list to look at; it merges nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from governance.incident import TERMINAL, Case, Incident
from governance.rules import Rules

MOST = 3
LEAST_ALIKE = 0.25
"""How like the words of a report without a category must be: of it nothing else says that it is the same kind."""
GROUP_LENGTH = 5
"""Letters of a code of the second level: 09.01."""


@dataclass(frozen=True, slots=True)
class Alike:
    """One that may be the same: how far away, how long before or after, and how alike its words are (0 to 1)."""

    incident: UUID
    distance_m: float
    apart_s: float
    likeness: float


def alike(incident: Incident, cases: Iterable[Case], rules: Rules, most: int = MOST) -> tuple[Alike, ...]:
    """Open incidents of the same kind near in place and time, the likeliest first; radius and window are the category's.

    A radius of 0 asks for the same house, said in the same words.
    """
    found = []
    for case in cases:
        other = case.incident
        if other.id == incident.id or other.state in TERMINAL:
            continue
        category = rules.categories.get(incident.category or other.category)
        if category is None:
            continue
        away_m = incident.place.distance_m(other.place)
        apart_s = abs((incident.reported_at - other.reported_at).total_seconds())
        is_same_house = bool(incident.place_text) and incident.place_text == other.place_text
        if (away_m > category.merge_radius_m and not is_same_house) or apart_s > category.merge_window_h * 3600:
            continue
        likeness = likeness_of(incident.text, other.text)
        if _is_same_kind(incident.category, other.category, likeness):
            unlikely = away_m / max(category.merge_radius_m, 1.0) + apart_s / (category.merge_window_h * 3600) - likeness
            found.append((unlikely, Alike(other.id, away_m, apart_s, likeness)))
    found.sort(key=lambda each: each[0])
    return tuple(each for _, each in found[:most])


def likeness_of(one: str, other: str) -> float:
    """Share of pairs of neighbouring letters that two texts have in common, 0 to 1: good for Chinese, which has no spaces."""
    pairs = [{text[n : n + 2] for n in range(len(text) - 1)} for text in ("".join(one.split()), "".join(other.split()))]
    everything = pairs[0] | pairs[1]
    return len(pairs[0] & pairs[1]) / len(everything) if everything else 0.0


def _is_same_kind(one: str, other: str, likeness: float) -> bool:
    """Whether two categories are of one group, or, where one is not known yet, the words are like enough."""
    if one and other:
        return one[:GROUP_LENGTH] == other[:GROUP_LENGTH]
    return likeness >= LEAST_ALIKE
