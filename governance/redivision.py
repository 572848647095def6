"""Redivision (区划调整): boundaries changed, from the draft to the day it is in force, and where all belongs afterwards.

One person drafts, another approves, a third publishes; what is published comes into force as one on its day, and is taken
back as one. What happened before keeps the areas it happened in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from governance.people import Officer, Role
from governance.places import CODE_DIGITS, Level, is_inside, level_of
from governance.refusal import Refused

LONGEST_REASON = 500
LONGEST_TITLE = 60
FURTHEST_DAYS = 5 * 366
"""A day further off is a slip of the pen."""


class Stage(StrEnum):
    """How far a change of boundaries has come."""

    DRAFT = "draft"
    CHECKED = "checked"
    """Nothing is wrong with it, and what would move is known; any edit makes it a draft again."""
    APPROVED = "approved"
    PUBLISHED = "published"
    """It comes into force on its day."""
    IN_FORCE = "in_force"
    WITHDRAWN = "withdrawn"
    TAKEN_BACK = "taken_back"
    """It was in force, and its inverse is."""


class Act(StrEnum):
    """What may be done with a change."""

    EDIT = "edit"
    CHECK = "check"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"
    COME_INTO_FORCE = "come_into_force"
    TAKE_BACK = "take_back"


@dataclass(frozen=True, slots=True)
class Rule:
    """From which stages an act leads where, and whose it is."""

    stages: frozenset[Stage]
    to: Stage
    roles: frozenset[Role]


_OPEN = frozenset({Stage.DRAFT, Stage.CHECKED})
RULES: dict[Act, Rule] = {
    Act.EDIT: Rule(_OPEN, Stage.DRAFT, frozenset({Role.GIS_STAFF})),
    Act.CHECK: Rule(_OPEN, Stage.CHECKED, frozenset({Role.GIS_STAFF})),
    Act.APPROVE: Rule(frozenset({Stage.CHECKED}), Stage.APPROVED, frozenset({Role.AUDITOR})),
    Act.SEND_BACK: Rule(frozenset({Stage.CHECKED, Stage.APPROVED}), Stage.DRAFT, frozenset({Role.AUDITOR})),
    Act.PUBLISH: Rule(frozenset({Stage.APPROVED}), Stage.PUBLISHED, frozenset({Role.ADMINISTRATOR})),
    Act.WITHDRAW: Rule(
        frozenset({Stage.DRAFT, Stage.CHECKED, Stage.APPROVED, Stage.PUBLISHED}),
        Stage.WITHDRAWN,
        frozenset({Role.GIS_STAFF, Role.ADMINISTRATOR}),
    ),
    Act.COME_INTO_FORCE: Rule(frozenset({Stage.PUBLISHED}), Stage.IN_FORCE, frozenset({Role.SYSTEM, Role.ADMINISTRATOR})),
    Act.TAKE_BACK: Rule(frozenset({Stage.IN_FORCE}), Stage.TAKEN_BACK, frozenset({Role.ADMINISTRATOR})),
}


READERS = frozenset({Role.GIS_STAFF, Role.AUDITOR, Role.ADMINISTRATOR})
"""Who sees changes of boundaries before they are in force."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change of boundaries as it stands."""

    id: UUID
    title: str
    reason: str
    document: str
    """Number of the paper that ordered it."""
    area: str
    """Within which everything changes: the outer boundary of this area stays."""
    edition: int
    """Number of the boundaries it was drawn over."""
    stage: Stage
    version: int
    effective_on: date | None
    editors: frozenset[UUID]
    """Accounts that have drawn in it."""
    approver: UUID | None = None
    publisher: UUID | None = None


def acted(change: Change, act: Act, officer: Officer, account: UUID, today: date, effective_on: date | None = None) -> Change:
    """The change after an act; Refused where the stage, the role or the person may not.

    The day of `effective_on` is said when it is published: not before today, nor further off than five years.
    """
    rule = RULES[act]
    if officer.role not in rule.roles:
        raise Refused("not_your_right", "role", act=act.value)
    if not is_inside(change.area, officer.scope):
        raise Refused("not_your_area", "area")
    if change.stage not in rule.stages:
        raise Refused("stage_wrong", "stage", stage=change.stage.value, act=act.value)
    _require_another(change, act, account)
    after = replace(change, stage=rule.to, version=change.version + 1)
    if act in (Act.EDIT, Act.CHECK):
        return replace(after, editors=change.editors | {account})
    if act is Act.APPROVE:
        return replace(after, approver=account)
    if act is Act.SEND_BACK:
        return replace(after, approver=None)
    if act is Act.PUBLISH:
        day = effective_on or today
        if not 0 <= (day - today).days <= FURTHEST_DAYS:
            raise Refused("day_out_of_range", "effective_on", today=today.isoformat())
        return replace(after, publisher=account, effective_on=day)
    return after


def _require_another(change: Change, act: Act, account: UUID) -> None:
    """Who drew does not approve, who approved does not publish."""
    if act is Act.APPROVE and account in change.editors:
        raise Refused("editor_approves", "approver")
    if act is Act.PUBLISH and (account in change.editors or account == change.approver):
        raise Refused("same_person_publishes", "publisher")


class Relation(StrEnum):
    """What became of an area (沿革)."""

    SPLIT = "split"
    MERGE = "merge"
    MOVE = "move"
    """It belongs to another area above."""
    RENAME = "rename"
    RECODE = "recode"
    RESHAPE = "reshape"
    ABOLISH = "abolish"


@dataclass(frozen=True, slots=True)
class Descent:
    """How much of an old area came to a new one."""

    old: str
    new: str
    of_old: float
    of_new: float


ALL_OF_IT = 0.999
"""A share from here on is the whole."""
A_PIECE = 0.001
"""A share up to here is a correction of a line, no piece."""


@dataclass(frozen=True, slots=True)
class Ancestry:
    """One line of the record of areas."""

    old: str
    new: str
    relation: Relation
    share: float
    """Of the old area, 0 to 1; the shares of one old area sum to 1."""


def ancestry(
    descents: Sequence[Descent], named: Mapping[str, tuple[str, str]], now_named: Mapping[str, tuple[str, str]]
) -> tuple[Ancestry, ...]:
    """What became of each old area, from the shares and (name, parent) of old and new codes; unchanged ones are left out."""
    found: list[Ancestry] = []
    for old in dict.fromkeys(each.old for each in descents):
        mine = [each for each in descents if each.old == old]
        pieces = [each for each in mine if each.of_old > A_PIECE] or mine
        total = sum(each.of_old for each in pieces)
        for each in pieces:
            relation = _relation(each, pieces, descents, named, now_named)
            if relation is not None:
                found.append(Ancestry(old, each.new, relation, round(each.of_old / total, 6)))
    known = {each.old for each in descents}
    found += [Ancestry(code, "", Relation.ABOLISH, 1.0) for code in named if code not in known]
    return tuple(found)


def _relation(
    each: Descent,
    pieces: Sequence[Descent],
    descents: Sequence[Descent],
    named: Mapping[str, tuple[str, str]],
    now_named: Mapping[str, tuple[str, str]],
) -> Relation | None:
    """What the piece is called; None where nothing changed."""
    others = [other for other in descents if other.new == each.new and other.old != each.old and other.of_new > A_PIECE]
    if len(pieces) > 1:
        return Relation.SPLIT
    if others:
        whole = all(other.of_old >= ALL_OF_IT for other in others) and each.of_old >= ALL_OF_IT
        return Relation.MERGE if whole else Relation.RESHAPE
    (name, parent), (now_name, now_parent) = named[each.old], now_named[each.new]
    if each.of_old < ALL_OF_IT or each.of_new < ALL_OF_IT:
        return Relation.RESHAPE
    if each.old != each.new:
        return Relation.RECODE if parent == now_parent else Relation.MOVE
    if parent != now_parent:
        return Relation.MOVE
    return Relation.RENAME if name != now_name else None


def heir_of(code: str, descents: Sequence[Descent], codes_now: frozenset[str]) -> str:
    """Which area a post, a queue or a person of an area belongs to afterwards: the same if it is there, else the largest share.

    An area above grids that is gone is followed by its grids: the area of that level in which most of them lie.
    """
    if not code or code in codes_now:
        return code
    mine = [each for each in descents if is_inside(each.old, code)]
    digits = CODE_DIGITS[level_of(code)]
    shares: dict[str, float] = {}
    for each in mine:
        shares[each.new[:digits]] = shares.get(each.new[:digits], 0.0) + each.of_old
    if not shares:
        raise Refused("no_heir", "area", area=code)
    return max(sorted(shares), key=lambda heir: shares[heir])


def homes_of_workers(
    workers: Sequence[tuple[UUID, str]], descents: Sequence[Descent], chosen: Mapping[UUID, str]
) -> dict[UUID, str]:
    """Which grid each worker (with the one he had) belongs to: the chosen one, else one worker to each piece of his old grid.

    The pieces that nobody was chosen for get one each, the largest first, in the order the workers are given; all others
    stay with the largest piece. A worker of a grid that came to no other keeps none.
    """
    homes = {worker: chosen[worker] for worker, _ in workers if chosen.get(worker)}
    for old in dict.fromkeys(code for _, code in workers):
        pieces = sorted((each for each in descents if each.old == old), key=lambda each: (-each.of_old, each.new))
        if not pieces:
            continue
        real = [each.new for each in pieces if each.of_old > A_PIECE] or [pieces[0].new]
        waiting = [code for code in real if code not in homes.values()]
        for worker, code in workers:
            if code == old and worker not in homes:
                homes[worker] = waiting.pop(0) if waiting else real[0]
    return homes


@dataclass(frozen=True, slots=True)
class Moved:
    """Something that belongs to another area afterwards."""

    kind: str
    """incident, camera, place, worker, post, duty, limit."""
    id: str
    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change would do, told before anybody approves it."""

    ancestry: tuple[Ancestry, ...]
    moved: tuple[Moved, ...]
    unstaffed: tuple[str, ...]
    """New grids without a worker: nothing is approved while there are any."""
    reckoned_at: datetime

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind move."""
        counts: dict[str, int] = {}
        for each in self.moved:
            counts[each.kind] = counts.get(each.kind, 0) + 1
        return counts


def require_staffed(outcome: Outcome) -> None:
    """Refused while a grid has nobody."""
    if outcome.unstaffed:
        raise Refused("grids_unstaffed", "grids", grids=", ".join(outcome.unstaffed[:8]), count=str(len(outcome.unstaffed)))


def levels_between(area: str) -> tuple[Level, ...]:
    """The levels of areas that a change within an area may draw anew: all below it."""
    return tuple(level for level in Level if level < level_of(area))
