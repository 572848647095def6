"""Where an incident lies: the rungs of the ladder, the unit whose queue it is, and the one unit that leads."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.places import Level, at_level, is_inside
from governance.rules import DutyRow, Rules


@dataclass(frozen=True, slots=True)
class Routed:
    """The unit that leads, and whether only as the back-stop: then others may claim it (认领)."""

    unit: UUID
    is_backstop: bool


def on_ladder(rules: Rules, level: Level) -> Level:
    """The level itself, or the next above it that the district has."""
    return min((rung for rung in rules.ladder if rung >= level), default=max(rules.ladder))


def next_up(rules: Rules, level: Level) -> Level:
    """The rung above a level; the level itself at the top."""
    return min((rung for rung in rules.ladder if rung > level), default=level)


def below(rules: Rules, level: Level) -> Level:
    """The rung below a level; the level itself at the bottom."""
    return max((rung for rung in rules.ladder if rung < level), default=level)


def queue_unit_of(rules: Rules, grid: str, level: Level) -> UUID | None:
    """The unit in whose queue an incident of a grid lies at a level, or of the next level that has one."""
    units = (rules.queue_units.get(at_level(grid, rung)) for rung in sorted(rules.ladder) if rung >= level)
    return next((unit for unit in units if unit), None)


def first_level(rules: Rules, category: str) -> Level:
    """The rung at which an incident of a category is handled first; of the community where the rules do not know it."""
    known = rules.categories.get(category)
    return on_ladder(rules, known.first_level if known else Level.COMMUNITY)


def lead_unit(rules: Rules, category: str, grid: str) -> Routed | None:
    """The one unit that leads a category in a grid: by the duty matrix, else the named back-stop.

    None where the rules name neither; such rules are not let in (governance.rules_whole).
    """
    rows = closest(rules, category, grid, "lead")
    if rows:
        return Routed(min(row.unit for row in rows), False)  # the ledger keeps two of a place out; a value might have them
    unit = backstop_of(rules, grid)
    return None if unit is None else Routed(unit, True)


def units_on_duty(rules: Rules, category: str, grid: str, duty: str = "lead") -> frozenset[UUID]:
    """The units the duty matrix names for a category in a grid; the back-stop where it names none."""
    rows = closest(rules, category, grid, duty)
    if rows:
        return frozenset(row.unit for row in rows)
    unit = backstop_of(rules, grid)
    return frozenset() if unit is None else frozenset({unit})


def closest(rules: Rules, category: str, grid: str, duty: str) -> list[DutyRow]:
    """The rows of the duty matrix that count for a category in a grid.

    A row of an area holds for everything inside it, one of a root for its leaves, one of no category for all. The longest
    area code wins, then the closer category, then the higher priority (domain model A.1).
    """
    kinds = ("", category, category[:2])
    fits = [row for row in rules.duty_matrix if row.duty == duty and row.category in kinds and is_inside(grid, row.area)]
    best = max((_closeness(row) for row in fits), default=None)
    return [row for row in fits if _closeness(row) == best]


def backstop_of(rules: Rules, grid: str) -> UUID | None:
    """The unit that takes what nobody owns: that of the smallest area around the grid."""
    holders = [(len(area), unit) for area, unit in rules.backstop_units.items() if is_inside(grid, area)]
    return max(holders, key=lambda held: held[0])[1] if holders else None


def _closeness(row: DutyRow) -> tuple[int, int, int]:
    return len(row.area), len(row.category), row.priority


def is_unowned(rules: Rules, category: str, grid: str) -> bool:
    """Whether the duty matrix names no unit that leads for a category in a grid: then the back-stop has it."""
    return not closest(rules, category, grid, "lead")
