"""Where workers were, a partition per day."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, PrimaryKeyConstraint, Table
from sqlalchemy.types import REAL

from server.ledger.tables.columns import METADATA, moment, point

BRIN = {"pages_per_range": 32, "autosummarize": "on"}
"""What arrived last is found without reading what came before, as soon as a stretch of it is full."""

worker_position = Table(
    "worker_position",
    METADATA,
    Column("worker", Integer, nullable=False),
    moment("at"),
    point("place"),
    Column("accuracy_m", REAL, nullable=False),
    Column("speed_m_s", REAL, nullable=False),
    Column("heading_deg", REAL, nullable=False),
    Column("battery_percent", Integer, nullable=False),
    PrimaryKeyConstraint("worker", "at"),
    Index(
        "ix_worker_position_at", "at", postgresql_using="brin", postgresql_with={"pages_per_range": 32, "autosummarize": "on"}
    ),
    postgresql_partition_by="RANGE (at)",
)
"""`worker` is Worker.number. `ensure_position_day(date)` makes a day's partition; the application may call it."""
