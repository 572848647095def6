"""A change of boundaries in words. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from desktop.phrases import moment_text
from desktop.words import Words
from governance.people import Role
from governance.redivision import RULES, Act, Stage
from wire.boundary_requests import AncestryIs, BoundaryChangeIs, MovedIs

ACTS = (Act.CHECK, Act.APPROVE, Act.PUBLISH, Act.SEND_BACK, Act.WITHDRAW, Act.TAKE_BACK)
"""Those that are buttons, in their order."""
ASKED_TWICE = frozenset({Act.PUBLISH, Act.WITHDRAW, Act.TAKE_BACK})
"""What concerns everybody is pressed twice."""
KINDS = ("incident", "camera", "worker", "post", "unit", "wall")


def may(change: BoundaryChangeIs, role: Role) -> tuple[Act, ...]:
    """What somebody of a role may do with a change as it stands, as far as the desk knows."""
    stage = Stage(change.stage)
    return tuple(act for act in ACTS if role in RULES[act].roles and stage in RULES[act].stages)


def line_of(change: BoundaryChangeIs, words: Words, named: Callable[[str], str]) -> tuple[str, str]:
    """The two lines of a change in the list."""
    day = change.effective_on or change.made_at.date()
    when = words("redivision.on" if change.effective_on else "redivision.since", day=day.isoformat())
    first = f"{words(f'redivision.stage.{change.stage}')}  {change.title}"
    return first, words("sep").join((named(change.area), when, ", ".join(change.editors)))


def facts_of(change: BoundaryChangeIs, words: Words, named: Callable[[str], str], now: datetime) -> list[tuple[str, str]]:
    """What is known of a change: what it is, and how it stands."""
    facts = [
        ("area", named(change.area)),
        ("reason", change.reason),
        ("document", change.document),
        ("made", f"{moment_text(change.made_at, now)}  {', '.join(change.editors)}"),
        ("approver", change.approver),
        ("publisher", change.publisher),
        ("effective", change.effective_on.isoformat() if change.effective_on else ""),
        ("moves", counted(change.counts, words)),
        ("unstaffed", ", ".join(change.unstaffed)),
        ("trouble", words(f"refused.{change.trouble}") if change.trouble and words.has(f"refused.{change.trouble}") else ""),
    ]
    return [(words(f"redivision.{name}"), value) for name, value in facts if value]


def counted(counts: Mapping[str, int], words: Words) -> str:
    """How many of each kind move."""
    return words("sep").join(f"{words(f'redivision.kind.{kind}')} {counts[kind]}" for kind in KINDS if counts.get(kind))


def ancestry_lines(ancestry: Sequence[AncestryIs], words: Words, named: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Each area that changes: what becomes of it, how much of it, from where and to where."""
    return [
        (
            words(f"redivision.relation.{each.relation}"),
            f"{each.share:.1%}",
            named(each.old),
            named(each.new) if each.new else "",
        )
        for each in ancestry
    ]


def moved_lines(moved: Sequence[MovedIs], words: Words, named: Callable[[str], str]) -> list[tuple[str, ...]]:
    """Each thing that belongs to another area afterwards."""
    return [(words(f"redivision.kind.{each.kind}"), each.name, named(each.old), named(each.new)) for each in moved]
