"""Display walls: how each is laid out, its saved scenes, the machines bound to it, and who did what with it."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, refers

WALL_ACTS = (
    *("made", "lease_taken", "lease_given", "lease_lapsed", "layout", "scene", "slot", "pop_up", "scene_kept"),
    *("machine_bound", "machine_closed"),
)

wall = Table(
    "wall",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("area", Text, nullable=False),
    refers("account", "account.id", unique=True),
    Column("rev", Integer, nullable=False),
    Column("lease", JSONB),
    Column("pop_ups", JSONB, nullable=False, server_default=text("'[]'")),
    holds("code ~ '^[a-z0-9][a-z0-9_-]{0,31}$'", "code"),
    holds("rev > 0", "counted_from_one"),
)
"""`account`: the one its displays are signed on with; it has no password that anybody knows."""

wall_layout = Table(
    "wall_layout",
    METADATA,
    Column("wall", Text, ForeignKey("wall.code"), nullable=False),
    Column("rev", Integer, nullable=False),
    Column("layout", JSONB, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("wall", "rev"),
)
"""Every layout a wall ever had; append-only."""

wall_scene = Table(
    "wall_scene",
    METADATA,
    Column("wall", Text, ForeignKey("wall.code"), nullable=False),
    Column("name", Text, nullable=False),
    Column("layout", JSONB, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("wall", "name"),
    holds("length(name) BETWEEN 1 AND 20", "name"),
)

wall_machine = Table(
    "wall_machine",
    METADATA,
    key(),
    Column("wall", Text, ForeignKey("wall.code"), nullable=False),
    Column("client_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    moment("bound_at"),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    holds("client_key ~ '^[0-9a-f]{64}$'", "client_key"),
    Index("uq_wall_machine_one_per_key", "client_key", unique=True, postgresql_where=text("is_open")),
)
"""`client_key`: the public CURVE key of a display machine, by which alone it is let in."""

wall_log = Table(
    "wall_log",
    METADATA,
    key(),
    Column("wall", Text, ForeignKey("wall.code"), nullable=False),
    moment("at"),
    Column("act", Text, nullable=False),
    refers("staff", "staff.id", nullable=True),
    refers("post", "post.id", nullable=True),
    Column("rev", Integer, nullable=False),
    refers("incident", "incident.id", nullable=True),
    Column("detail", Text, nullable=False),
    one_of("act", WALL_ACTS),
    Index("ix_wall_log_wall_at", "wall", "at"),
)
"""Who did what with a wall; nobody where the server did it by itself or an administrator at the machine. Append-only."""
