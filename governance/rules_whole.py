"""Whether rules hold together as a whole: every limit set, every category known, one lead for every leaf in every grid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from governance.mistakes import Mistake
from governance.places import Level, at_level, is_inside
from governance.routing import lead_unit
from governance.rules import Rules
from governance.rules_text import incomplete


def mistakes_of(rules: Rules, grids: Iterable[str]) -> list[Mistake]:
    """What is wrong with rules that are right line by line. `grids`: codes of all grids; none where nobody knows them."""
    found = incomplete(rules.limits)
    known = rules.categories.keys() | {""}
    for code, kind in (
        *((limit.category, "limit") for limit in rules.limits),
        *((row.category, "duty") for row in rules.duty_matrix),
    ):
        if code not in known and Mistake((), f"{kind}_of_unknown", {"category": code}) not in found:
            found.append(Mistake((), f"{kind}_of_unknown", {"category": code}))
    grids = list(grids)
    return [*found, *_without_queue(rules, grids), *_without_lead(rules, grids)]


def _without_queue(rules: Rules, grids: list[str]) -> list[Mistake]:
    """Areas of the ladder's top that have no queue: what is raised so far lies nowhere."""
    top = max(rules.ladder, default=Level.DISTRICT)
    areas = sorted({at_level(grid, top) for grid in grids} - rules.queue_units.keys())
    return [Mistake((), "no_queue", {"area": area}) for area in areas]


def _without_lead(rules: Rules, grids: list[str]) -> list[Mistake]:
    """Leaves that nobody leads in some grids, those of the same grids together."""
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    alike = _alike(rules, grids)
    for leaf in (code for code, category in rules.categories.items() if category.is_leaf):
        unled = [of_a_kind for of_a_kind in alike if lead_unit(rules, leaf, of_a_kind[0]) is None]
        gaps = sorted(grid for of_a_kind in unled for grid in of_a_kind)
        if gaps:
            together[tuple(gaps)].append(leaf)
    return [
        Mistake((), "no_lead", {"categories": _some(codes), "count": str(len(gaps)), "grids": _some(list(gaps))})
        for gaps, codes in together.items()
    ]


def _alike(rules: Rules, grids: list[str]) -> list[list[str]]:
    """The grids, those together that lie in the same areas of the duty matrix and the back-stops: they are led alike."""
    areas = {row.area for row in rules.duty_matrix} | rules.backstop_units.keys()
    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for grid in grids:
        together[tuple(area for area in sorted(areas) if is_inside(grid, area))].append(grid)
    return list(together.values())


def _some(codes: list[str], most: int = 5) -> str:
    """The first of many codes."""
    return ", ".join(codes[:most]) + (" …" if len(codes) > most else "")
