"""What a form is opened with when more is known than its incident: the arguments of a line on the command line; plain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.incident import Severity, SupervisionGrade
from governance.places import Level, LonLat


@dataclass(frozen=True, slots=True)
class Filling:
    """Typed arguments of one action; what was not said is empty. A form takes what it has a field for."""

    action: str = ""
    """The word of the command (governance.commands.COMMANDS): where a form makes several, the one that was meant."""
    incident: UUID | None = None
    """What the action is about; of a merge the master."""
    sources: tuple[UUID, ...] = ()
    """Of a merge: the incidents that become part of the master."""
    workers: tuple[UUID, ...] = ()
    """Who is to go, the lead first."""
    rank: int = 0
    """Number of a candidate in the list, 1 the best; 0 where none was said."""
    unit: UUID | None = None
    grid: str = ""
    place: LonLat | None = None
    """Of going: where, by coordinates; then `text` is how they were written."""
    severity: Severity | None = None
    level: Level | None = None
    grade: SupervisionGrade | None = None
    target: str = ""
    """Who outside is told or takes over: 110, 119, 120, 122, gas, water, power."""
    kind: str = ""
    """Of a request (governance.incident.ApprovalKind) or an emergency report: first, written, followup, final."""
    code: str = ""
    """A reason code: far, busy, ... of a decline; not_ours, untrue, ... of a rejection."""
    category: str = ""
    """Code of a leaf."""
    until: datetime | None = None
    """Aware UTC."""
    span_s: float = 0.0
    stars: int | None = None
    layer: str = ""
    """A layer of the map (desktop.map.shown.LAYERS)."""
    edits: tuple[tuple[str, str], ...] = ()
    """Descriptive fields and what they are to become: title, place_text, floor."""
    reason: str = ""
    text: str = ""
