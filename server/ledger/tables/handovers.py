"""Hand-overs of shifts: the two signatures, the paper they stand under, what desks handed in for it, and shift orders."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, PrimaryKeyConstraint, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from governance.handover_paper import Mark, Section
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, refers

handover = Table(
    "handover",
    METADATA,
    key(),
    refers("unit", "unit.id"),
    refers("out_shift", "shift.id"),
    refers("in_shift", "shift.id"),
    moment("began_at"),
    refers("began_by", "staff.id"),
    refers("signed_out_by", "staff.id", nullable=True),
    moment("signed_out_at", nullable=True),
    Column("instead_of", Text, nullable=False, server_default=""),
    refers("signed_in_by", "staff.id", nullable=True),
    moment("signed_in_at", nullable=True),
    Column("summary", Text, nullable=False, server_default=""),
    Column("remark", Text, nullable=False, server_default=""),
    moment("taken_back_at", nullable=True),
    Column("flow", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    holds("out_shift <> in_shift", "two_shifts"),
    holds("signed_in_by <> signed_out_by", "two_people"),
    holds("(signed_out_by IS NULL) = (signed_out_at IS NULL)", "signed_out_when"),
    holds("(signed_in_by IS NULL) = (signed_in_at IS NULL)", "signed_in_when"),
    holds("signed_in_at IS NULL OR signed_out_at IS NOT NULL", "out_before_in"),
    holds("taken_back_at IS NULL OR signed_out_at IS NULL", "nobody_signed"),
    Index(
        "uq_handover_one_runs",
        "unit",
        unique=True,
        postgresql_where=text("signed_in_at IS NULL AND taken_back_at IS NULL"),
    ),
    Index("ix_handover_signed", "unit", "signed_in_at"),
)
"""`summary` is what the one who goes says, `remark` what the one who comes adds. Signed by both, nothing of it changes."""

handover_item = Table(
    "handover_item",
    METADATA,
    refers("handover", "handover.id"),
    Column("paper", Text, nullable=False),
    Column("ord", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("stands", Text, nullable=False),
    moment("at", nullable=True),
    Column("who", Text, nullable=False),
    refers("incident", "incident.id", nullable=True),
    Column("number", Text, nullable=False),
    Column("grid", Text, nullable=False),
    Column("confidentiality", Integer, nullable=False),
    Column("mark", Text, nullable=False),
    Column("came_late", Boolean, nullable=False),
    PrimaryKeyConstraint("handover", "paper", "ord"),
    one_of("paper", ("out", "in")),
    one_of("section", Section),
    one_of("mark", Mark),
)
"""The paper as it was at the first signature (out) and at the second (in), which is the one that counts; append-only."""

handover_carried = Table(
    "handover_carried",
    METADATA,
    refers("handover", "handover.id"),
    refers("staff", "staff.id"),
    Column("items", LargeBinary, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("handover", "staff"),
)
"""Drafts and shelved alarms of one officer's desk, as MessagePack; the newest word of each counts."""

shift_order = Table(
    "shift_order",
    METADATA,
    Column("order_id", Uuid, primary_key=True),
    refers("staff", "staff.id"),
    Column("act", Text, nullable=False),
    Column("made", Uuid),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("at"),
)
"""What was answered to an order about shifts, so that a repeat gets the same; `made`: the shift or hand-over it made."""
