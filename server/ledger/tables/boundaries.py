"""Changes of boundaries: their drafts, who has which grid in hand, what became of areas, and who did what."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Date, Double, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from governance.redivision import Act, Relation, Stage
from server.ledger.tables.columns import METADATA, SRID, holds, key, moment, one_of, refers

boundary_change = Table(
    "boundary_change",
    METADATA,
    key(),
    Column("title", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("area", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("effective_on", Date),
    Column("editors", ARRAY(Uuid), nullable=False),
    refers("approver", "account.id", nullable=True),
    refers("publisher", "account.id", nullable=True),
    Column("outcome", JSONB),
    Column("back_on", Date),
    Column("trouble", Text, nullable=False, server_default=""),
    moment("made_at"),
    one_of("stage", Stage),
    holds("length(title) BETWEEN 1 AND 60", "title"),
    holds("length(reason) BETWEEN 1 AND 500", "reason"),
    holds("version > 0", "counted_from_one"),
    holds("stage NOT IN ('published', 'in_force', 'taken_back') OR effective_on IS NOT NULL", "has_its_day"),
    holds("approver IS NULL OR NOT approver = ANY(editors)", "another_approves"),
)
"""`edition`: the boundaries it was drawn over. `back_on`: the day from which it is to be taken back. `trouble`: why it did not
come into force on its day.
"""

boundary_draft = Table(
    "boundary_draft",
    METADATA,
    refers("change", "boundary_change.id"),
    Column("code", Text, nullable=False),
    Column("was", Text, nullable=False, server_default=""),
    Column("level", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("parent_code", Text, nullable=False),
    Column("kind_name", Text, nullable=False),
    Column("is_gone", Boolean, nullable=False, server_default=text("false")),
    Column("is_left", Boolean, nullable=False, server_default=text("false")),
    Column("boundary", Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False)),
    PrimaryKeyConstraint("change", "code"),
    holds("level BETWEEN 1 AND 4", "level"),
    holds("is_gone OR level > 1 OR boundary IS NOT NULL", "grid_has_boundary"),
)
"""Only what differs: grids with their boundary; an area above only by its name, since it is what its grids are. `is_left`: it
was drawn, and is as in force again.
"""

boundary_staffing = Table(
    "boundary_staffing",
    METADATA,
    refers("change", "boundary_change.id"),
    refers("worker", "worker.staff"),
    Column("code", Text, nullable=False),
    PrimaryKeyConstraint("change", "worker"),
)
"""Which grid of a draft a worker gets; empty where the rule says it."""

boundary_lock = Table(
    "boundary_lock",
    METADATA,
    refers("change", "boundary_change.id"),
    Column("code", Text, nullable=False),
    Column("session", Uuid, nullable=False),
    refers("staff", "staff.id"),
    moment("since"),
    moment("until"),
    PrimaryKeyConstraint("change", "code"),
)
"""A grid that one editor has in hand: no other draws it until he lets go, or is not heard of any more."""

area_lineage = Table(
    "area_lineage",
    METADATA,
    refers("change", "boundary_change.id"),
    refers("from_area", "area.id"),
    refers("to_area", "area.id", nullable=True),
    Column("from_code", Text, nullable=False),
    Column("to_code", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("area_share", Double, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("is_back", Boolean, nullable=False, server_default=text("false")),
    PrimaryKeyConstraint("change", "is_back", "from_code", "to_code"),
    one_of("relation", Relation),
    holds("area_share BETWEEN 0 AND 1", "share"),
    Index("ix_area_lineage_from_area", "from_area"),
    Index("ix_area_lineage_to_area", "to_area"),
)
"""What became of an area, for good; `is_back`: when the change was taken back."""

boundary_log = Table(
    "boundary_log",
    METADATA,
    key(),
    refers("change", "boundary_change.id"),
    moment("at"),
    Column("act", Text, nullable=False),
    refers("staff", "staff.id"),
    Column("version", Integer, nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    one_of("act", (*Act, "open")),
    Index("ix_boundary_log_change", "change", "at"),
)
"""Who did what with a change; append-only."""

unit_was = Table(
    "unit_was",
    METADATA,
    Column("unit", Uuid, ForeignKey("unit.id"), nullable=False),
    Column("area_code", Text, nullable=False),
    Column("until", Date, nullable=False),
    PrimaryKeyConstraint("unit", "until"),
)
"""Which area a unit had until a day, that day excluded: rules of the past name queues of the past."""
