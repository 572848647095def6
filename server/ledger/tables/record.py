"""What was published, answered, logged on and looked at: mostly append-only."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, refers

change_log = Table(
    "change_log",
    METADATA,
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("at"),
    Column("order_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    PrimaryKeyConstraint("stream", "number"),
    Index("ix_change_log_at", "at"),
    one_of("kind", ("case", "gone", "worker", "camera", "rules", "edition", "shift", "wall")),
)

stream_counter = Table(
    "stream_counter",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
    holds(
        "stream ~ '^(((around|unclaimed|unchecked|cameras)/)?([0-9]{9}|district)/[0-3]|(unit|person)/[0-9a-f]{8}"
        "(-[0-9a-f]{4}){3}-[0-9a-f]{12}|wall/[a-z0-9][a-z0-9_-]{0,31})$'",
        "stream",
    ),
)

day_counter = Table(
    "day_counter",
    METADATA,
    Column("day", Text, primary_key=True),
    Column("number", Integer, nullable=False),
)
"""The running number of incidents of one local day (yyyymmdd)."""

answered_order = Table(
    "answered_order",
    METADATA,
    Column("order_id", Uuid, primary_key=True),
    refers("staff", "staff.id", nullable=True),
    refers("incident", "incident.id"),
    Column("version", Integer, nullable=False),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("at"),
    Column("digest", Text),
)
"""`digest`: MAC of what was ordered, where the sender chose the order's id himself and might use it again."""

desk_session = Table(
    "desk_session",
    METADATA,
    key(),
    Column("client_key", Text, nullable=False),
    refers("account", "account.id"),
    refers("post", "post.id"),
    refers("shift", "shift.id", nullable=True),
    Column("seat", Text, nullable=False),
    Column("feed_topic", LargeBinary, nullable=False, unique=True),
    Column("lane_topic", LargeBinary, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("clearance", Integer, nullable=False),
    moment("began_at"),
    moment("expires_at"),
    moment("ended_at", nullable=True),
    Column("ended_reason", Text, nullable=False, server_default=""),
    holds("octet_length(feed_topic) = 16 AND octet_length(lane_topic) = 16", "topics"),
    Index("uq_desk_session_one_per_key", "client_key", unique=True, postgresql_where=text("ended_at IS NULL")),
)
"""Role, scope and clearance as they were at sign-on: where the post differs later, the session ends."""

pii_access = Table(
    "pii_access",
    METADATA,
    key(),
    refers("staff", "staff.id"),
    refers("post", "post.id"),
    refers("report", "report.id"),
    Column("field", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    moment("at"),
    one_of("field", ("name", "phone", "address")),
    holds("purpose <> ''", "purpose_given"),
    Index("ix_pii_access_staff_at", "staff", "at"),
)

track_access = Table(
    "track_access",
    METADATA,
    key(),
    refers("staff", "staff.id"),
    refers("post", "post.id"),
    refers("worker", "worker.staff"),
    moment("since"),
    moment("until"),
    Column("reason", Text, nullable=False),
    moment("at"),
    holds("since < until", "ends_after_it_begins"),
    holds("staff = worker OR length(btrim(reason)) >= 4", "reason_given"),
    holds("length(reason) <= 200", "reason_short"),
    Index("ix_track_access_at", "at"),
)
"""Who replayed whose track, of which period, and why; written before the first fix is read."""

duty_log = Table(
    "duty_log",
    METADATA,
    Column("number", BigInteger, Identity(), primary_key=True),
    moment("at"),
    Column("kind", Text, nullable=False),
    refers("staff", "staff.id", nullable=True),
    refers("post", "post.id", nullable=True),
    Column("text", Text, nullable=False),
    refers("shift", "shift.id", nullable=True),
    refers("incident", "incident.id", nullable=True),
    Column("closes", BigInteger, ForeignKey("duty_log.number")),
    Index("ix_duty_log_shift", "shift", "number"),
    Index("ix_duty_log_to_do", "number", postgresql_where=text("kind IN ('instruction', 'callback')")),
    Index("uq_duty_log_closes", "closes", unique=True, postgresql_where=text("closes IS NOT NULL")),
)
"""值班日志: log-ons, failed log-ons, sessions ended, covers, hand-overs, and what officers write down.

`closes` names the instruction or promised call-back that a line says is done.
"""
