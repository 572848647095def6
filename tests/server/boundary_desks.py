"""GIS staff, an auditor and an administrator at their desks, and changes of boundaries drawn in the small district."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import shapely
from shapely.geometry import box

from governance.redivision import Stage
from server.boundaries.turning import Turner
from server.ledger import redivisions
from server.ledger.ledger import Ledger
from server.ledger.local_day import local_day
from server.ledger.redivisions import AreaStands
from tests.server.conftest import SOUTH, STEP, WEST, District
from tests.server.shift_desks import Desks
from wire import boundary_requests as asked
from wire.boundary_requests import BoundaryChangeIs, BoundaryChangesAre, DrawnArea, GridsHeld
from wire.requests import Refusal, Reply

DISTRICT = "990001"
A_STREET, B_STREET = "990001001", "990001002"
FIRST = "990001001001001"
"""The westernmost grid."""


def tile(left: float, right: float) -> shapely.Polygon:
    """Ground between two grids' edges, counted from the west end of the district; with the vertices its neighbours have."""
    return box(WEST + left * STEP, SOUTH, WEST + right * STEP, SOUTH + STEP)


class BoundaryDesks(Desks):
    """Desks that change boundaries."""

    def __init__(self, district: District) -> None:
        super().__init__(district)
        where = district.settings
        self.turner = Turner(district.ledger, lambda: Ledger(where.owner_url, district.keys.data_key, pool_size=1), where.packs)

    @property
    def today(self) -> date:
        """The day it is."""
        return local_day(datetime.now(UTC))

    def standing(self, day: date | None = None) -> dict[str, AreaStands]:
        """The areas in force on a day."""
        with self.district.ledger.transaction() as connection:
            return redivisions.in_force(connection, day or self.today)

    def opened(self, area: str, title: str = "网格调整") -> UUID:
        """A new draft."""
        change = uuid4()
        reply = self.ask("gis1", asked.OpenBoundaryChange(1, change, title, "人口增长", area, "民政〔2026〕1号"))
        assert isinstance(reply, BoundaryChangesAre), reply
        return change

    def stands_so(self, change: UUID) -> BoundaryChangeIs:
        """How a change stands."""
        reply = self.ask("gis1", asked.ReadBoundaryChanges(1))
        assert isinstance(reply, BoundaryChangesAre), reply
        return next(each for each in reply.changes if each.id == change)

    def draw(self, change: UUID, *drawn: DrawnArea, staffing: dict[UUID, str] | None = None) -> Reply:
        """Everything that is touched taken in hand, and drawn."""
        grids = {each.code for each in drawn if each.level == 1} | {each.was for each in drawn if len(each.was) == 15}
        held = self.ask("gis1", asked.HoldGrids(1, change, tuple(sorted(grids))))
        assert isinstance(held, GridsHeld), held
        return self.ask("gis1", asked.SaveBoundaries(1, change, drawn, staffing=tuple((staffing or {}).items())))

    def act(self, login: str, change: UUID, act: str, effective_on: date | None = None, version: int | None = None) -> Reply:
        """One more stage, of the version that stands."""
        seen = self.stands_so(change).version if version is None else version
        return self.ask(login, asked.ActOnBoundaries(1, change, seen, act, effective_on))

    def through(self, change: UUID, effective_on: date | None = None) -> None:
        """Checked, approved and published, by three people."""
        for login, act in (("gis1", "check"), ("audit1", "approve"), ("admin1", "publish")):
            reply = self.act(login, change, act, effective_on if act == "publish" else None)
            assert isinstance(reply, BoundaryChangesAre), (act, reply)

    def in_force(self, change: UUID) -> None:
        """Through, and turned by the clock."""
        self.through(change)
        assert self.turner.turn(datetime.now(UTC)) == 1, self.stands_so(change).trouble
        assert self.stands_so(change).stage == Stage.IN_FORCE


def split_first(where: dict[str, AreaStands]) -> tuple[DrawnArea, DrawnArea]:
    """The westernmost grid divided: its east half is a grid of its own, with the third number of its community."""
    first = where[FIRST]
    west, east = tile(0.0, 0.5), tile(0.5, 1.0)
    return (
        drawn(replace(first, shape=west), was=FIRST),
        drawn(replace(first, code="990001001001003", name="网格一东", shape=east)),
    )


def drawn(area: AreaStands, was: str = "") -> DrawnArea:
    """An area as a desk sends it."""
    shape = b"" if area.shape is None or area.level > 1 else shapely.to_wkb(area.shape)
    return DrawnArea(area.code, area.name, area.parent, int(area.level), area.kind, was, False, shape)


def refused(reply: Reply) -> str:
    """Why it was refused."""
    assert isinstance(reply, Refusal), reply
    return reply.code
