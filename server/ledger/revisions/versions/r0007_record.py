"""Change log, answered orders, sessions, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "change_log",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind IN ('case', 'worker', 'camera', 'rules', 'edition')", name=op.f("ck_change_log_kind_known")),
        sa.PrimaryKeyConstraint("stream", "number", name=op.f("pk_change_log")),
    )
    op.create_table(
        "day_counter",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_counter")),
    )
    op.create_table(
        "stream_counter",
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("stream ~ '^([0-9]{9}|district)/[0-3]$'", name=op.f("ck_stream_counter_stream")),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_stream_counter")),
    )
    op.create_table(
        "answered_order",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_answered_order_incident")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_answered_order_staff")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_answered_order")),
    )
    op.create_table(
        "duty_log",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("post", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_duty_log_post")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_duty_log_staff")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_duty_log")),
    )
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Uuid(), nullable=False),
        sa.Column("shift", sa.Uuid(), nullable=True),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("feed_topic", sa.LargeBinary(), nullable=False),
        sa.Column("lane_topic", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("clearance", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "octet_length(feed_topic) = 16 AND octet_length(lane_topic) = 16", name=op.f("ck_desk_session_topics")
        ),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_desk_session_account")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_desk_session_post")),
        sa.ForeignKeyConstraint(["shift"], ["shift.id"], name=op.f("fk_desk_session_shift")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_session")),
        sa.UniqueConstraint("feed_topic", name=op.f("uq_desk_session_feed_topic")),
        sa.UniqueConstraint("lane_topic", name=op.f("uq_desk_session_lane_topic")),
    )
    op.create_index(
        "uq_desk_session_one_per_key", "desk_session", ["client_key"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "pii_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Uuid(), nullable=False),
        sa.Column("report", sa.Uuid(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("field IN ('name', 'phone', 'address')", name=op.f("ck_pii_access_field_known")),
        sa.CheckConstraint("purpose <> ''", name=op.f("ck_pii_access_purpose_given")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_pii_access_post")),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name=op.f("fk_pii_access_report")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_pii_access_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pii_access")),
    )
    op.create_index("ix_pii_access_staff_at", "pii_access", ["staff", "at"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("pii_access")
    op.drop_table("desk_session")
    op.drop_table("duty_log")
    op.drop_table("answered_order")
    op.drop_table("stream_counter")
    op.drop_table("day_counter")
    op.drop_table("change_log")
