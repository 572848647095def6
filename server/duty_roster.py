"""Who may sit where: the posts of a person, the open shift that covers them, and what a post hears on the feed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.audience import case_streams
from governance.changes import DISTRICT_STREAM, around_of, cameras_of
from governance.people import Officer, Role
from governance.places import CODE_DIGITS, Level
from governance.roles import WITHOUT_DESKS, classes_around, share_shown
from governance.wall import wall_stream
from server.ledger.ledger import Connection
from server.ledger.local_day import local_day

_POSTS = (
    "SELECT p.id, p.role, p.title, p.scope, p.clearance, p.unit, u.name FROM post_assignment a JOIN post p ON p.id = a.post "
    "JOIN unit u ON u.id = p.unit WHERE a.staff = %s AND a.valid @> %s AND p.is_open AND p.valid @> %s ORDER BY p.role, p.id"
)
_OPEN_SHIFT = """
WITH RECURSIVE above AS (
    SELECT id, parent, 0 AS height FROM unit WHERE id = %s
    UNION ALL SELECT u.id, u.parent, above.height + 1 FROM unit u JOIN above ON u.id = above.parent WHERE above.height < 8
)
SELECT s.id, s.name FROM above JOIN shift s ON s.unit = above.id AND s.state IN ('open', 'handing_over')
ORDER BY above.height, s.state = 'open' DESC LIMIT 1
"""
DESK_LEVELS = tuple(CODE_DIGITS[level] for level in Level if level not in WITHOUT_DESKS)
"""A desk sits in the centre of a district or of a street; whoever covers less works with the phone."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post somebody holds today."""

    id: UUID
    role: Role
    title: str
    scope: str
    clearance: int
    unit: UUID
    unit_name: str

    @property
    def has_desk(self) -> bool:
        """Whether one signs on to a desk in it."""
        return len(self.scope) in DESK_LEVELS and self.role not in (Role.GRID_WORKER, Role.SYSTEM, Role.OUTSIDE, Role.WALL)


def posts_of(connection: Connection, staff: UUID, now: datetime) -> tuple[HeldPost, ...]:
    """The open posts a person holds today, by the local day."""
    return tuple(HeldPost(i, Role(r), *rest) for i, r, *rest in connection.execute(_POSTS, (staff, *[local_day(now)] * 2)))


def open_shift(connection: Connection, unit: UUID) -> tuple[UUID, str] | None:
    """The open shift of a unit, or of the nearest unit above that covers it (代管)."""
    row = connection.execute(_OPEN_SHIFT, (unit,)).fetchone()
    return None if row is None else (row[0], row[1])


def streams_of(officer: Officer, streets: Iterable[str], walls: Iterable[str] = ()) -> tuple[str, ...]:
    """The streams a post hears: of cases, of what surrounds them in its streets and in the district, of cameras, of walls.

    `walls`: the codes of those it hears of.
    """
    inside = [street for street in sorted(streets) if street.startswith(officer.scope)]
    around = [around_of(area, each) for area in (*inside, DISTRICT_STREAM) for each in classes_around(officer)]
    cameras = [cameras_of(area, each) for area in inside for each in range(share_shown(officer) + 1)]
    return (*case_streams(officer, inside), *around, *cameras, *map(wall_stream, walls))
