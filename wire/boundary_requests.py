"""Changes of boundaries (区划调整): drafts, who has which grid in hand, what would move, and who says yes.

Boundaries are WKB in degrees of CGCS2000. A draft goes in slices, so that none is larger than a request or reply may be.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec

from wire.message import Message


class DrawnArea(msgspec.Struct, frozen=True):
    """One area of a draft that differs from what is in force."""

    code: str
    name: str
    parent: str
    level: int
    """1 grid, 2 community, 3 street, 4 district."""
    kind: str = ""
    was: str = ""
    """The code it had; empty for a new one."""
    is_gone: bool = False
    boundary: bytes = b""
    """A polygon or several; empty for an area above grids, which is what its grids are, and for one that is gone."""


class ReadBoundaryChanges(Message, frozen=True, tag="read_boundary_changes"):
    """All changes of boundaries within the area of the post, the newest first."""


class OpenBoundaryChange(Message, frozen=True, tag="open_boundary_change"):
    """A new change within an area whose outer boundary stays; the same order id opens it once, and is its id."""

    order_id: UUID
    title: str
    reason: str
    area: str
    document: str = ""


class ReadBoundaryDraft(Message, frozen=True, tag="read_boundary_draft"):
    """What is drawn in a change, of the codes after one."""

    change: UUID
    after: str = ""


class SaveBoundaries(Message, frozen=True, tag="save_boundaries"):
    """These areas are as drawn, those codes as in force; each grid that is touched is in this desk's hand."""

    change: UUID
    drawn: tuple[DrawnArea, ...] = ()
    undrawn: tuple[str, ...] = ()
    staffing: tuple[tuple[UUID, str], ...] = ()
    """Which grid some workers get; an empty code leaves it to the rule."""


class HoldGrids(Message, frozen=True, tag="hold_grids"):
    """These grids are in this desk's hand for two minutes more, or no more; answered with everybody's."""

    change: UUID
    take: tuple[str, ...] = ()
    let_go: tuple[str, ...] = ()


class ActOnBoundaries(Message, frozen=True, tag="act_on_boundaries"):
    """A change is checked, approved, sent back, published, withdrawn or taken back, of the version that was seen."""

    change: UUID
    version: int
    act: str
    """check, approve, send_back, publish, withdraw, take_back."""
    effective_on: date | None = None
    note: str = ""


class ReadBoundaryOutcome(Message, frozen=True, tag="read_boundary_outcome"):
    """What a checked change would move, from a position on."""

    change: UUID
    after: int = 0


BoundaryRequest = (
    ReadBoundaryChanges | OpenBoundaryChange | ReadBoundaryDraft | SaveBoundaries | HoldGrids | ActOnBoundaries
    | ReadBoundaryOutcome
)  # fmt: skip


class BoundaryChangeIs(msgspec.Struct, frozen=True):
    """How a change stands."""

    id: UUID
    title: str
    reason: str
    document: str
    area: str
    stage: str
    version: int
    made_at: datetime
    effective_on: date | None
    editors: tuple[str, ...]
    """Names."""
    approver: str
    publisher: str
    trouble: str
    """Why it did not come into force on its day: the code of a refusal; empty where nothing is wrong."""
    counts: dict[str, int]
    """What it would move, or moved, by kind; empty before it is checked."""
    unstaffed: tuple[str, ...]


class BoundaryChangesAre(Message, frozen=True, tag="boundary_changes_are"):
    """The changes."""

    changes: tuple[BoundaryChangeIs, ...]


class BoundaryDraftIs(Message, frozen=True, tag="boundary_draft_is"):
    """A slice of a draft, in the order of codes."""

    change: UUID
    version: int
    drawn: tuple[DrawnArea, ...]
    staffing: tuple[tuple[UUID, str], ...]
    """All of it, with the first slice."""
    more: bool


class GridInHand(msgspec.Struct, frozen=True):
    """A grid somebody has in hand."""

    code: str
    who: str
    since: datetime
    is_mine: bool


class GridsHeld(Message, frozen=True, tag="grids_held"):
    """Everybody's grids in hand, and the version of the draft."""

    change: UUID
    version: int
    held: tuple[GridInHand, ...]


class AncestryIs(msgspec.Struct, frozen=True):
    """What became of an area."""

    old: str
    new: str
    relation: str
    share: float


class MovedIs(msgspec.Struct, frozen=True):
    """Something that belongs to another area afterwards."""

    kind: str
    id: str
    name: str
    old: str
    new: str


class BoundaryOutcomeIs(Message, frozen=True, tag="boundary_outcome_is"):
    """What a change moves: a slice of it, with the whole record of areas in the first."""

    change: UUID
    version: int
    reckoned_at: datetime
    ancestry: tuple[AncestryIs, ...]
    unstaffed: tuple[str, ...]
    moved: tuple[MovedIs, ...]
    more: bool


BoundaryReply = BoundaryChangesAre | BoundaryDraftIs | GridsHeld | BoundaryOutcomeIs
