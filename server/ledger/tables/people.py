"""Units, staff, workers, accounts, posts, shifts and devices."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, Table, Text, Time, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, ExcludeConstraint

from governance.people import Duty, Role
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, point, refers, valid

UNIT_KINDS = ("centre", "street_centre", "department", "community_office", "headquarters", "team", "contractor")

unit = Table(
    "unit",
    METADATA,
    key(),
    Column("code", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("area_code", Text, nullable=False),
    Column("platform", Text, nullable=False, server_default=""),
    Column("is_backstop", Boolean, nullable=False, server_default=text("false")),
    refers("parent", "unit.id", nullable=True),
    valid(),
    one_of("kind", UNIT_KINDS),
    holds("level BETWEEN 1 AND 4", "level"),
    ExcludeConstraint(
        ("area_code", "="), ("valid", "&&"), where=text("is_backstop"), using="gist", name="ex_unit_one_backstop"
    ),
)

staff = Table(
    "staff",
    METADATA,
    key(),
    Column("staff_no", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    refers("unit", "unit.id"),
)

worker = Table(
    "worker",
    METADATA,
    refers("staff", "staff.id", primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("grid_code", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    one_of("role", Role),
    holds("number > 0", "number"),
    Index("ix_worker_grid_code", "grid_code"),
)

worker_live = Table(
    "worker_live",
    METADATA,
    refers("worker", "worker.staff", primary_key=True),
    Column("duty", Text, nullable=False),
    Column("is_on_call", Boolean, nullable=False, server_default=text("false")),
    Column("live_tasks", Integer, nullable=False, server_default=text("0")),
    Column("declined", Integer, nullable=False, server_default=text("0")),
    Column("declined_on", Date),
    point("place", nullable=True),
    moment("fix_at", nullable=True),
    one_of("duty", Duty),
    holds("live_tasks >= 0", "live_tasks"),
)

account = Table(
    "account",
    METADATA,
    key(),
    refers("staff", "staff.id", unique=True),
    Column("login", Text, nullable=False, unique=True),
    Column("password_hash", Text, nullable=False),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),
    Column("failed_count", Integer, nullable=False, server_default=text("0")),
    moment("locked_until", nullable=True),
    moment("last_login", nullable=True),
    Column("expires_on", Date),
    holds("password_hash LIKE '$argon2id$%'", "hashed"),
)

post = Table(
    "post",
    METADATA,
    key(),
    refers("unit", "unit.id"),
    Column("role", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("clearance", Integer, nullable=False),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    valid(),
    one_of("role", Role),
    holds("clearance BETWEEN 0 AND 3", "clearance"),
)

post_assignment = Table(
    "post_assignment",
    METADATA,
    key(),
    refers("post", "post.id"),
    refers("staff", "staff.id"),
    Column("valid", DATERANGE, nullable=False),
    ExcludeConstraint(("post", "="), ("staff", "="), ("valid", "&&"), using="gist", name="ex_post_assignment_post_staff"),
    Index("ix_post_assignment_staff", "staff"),
)

grid_staffing = Table(
    "grid_staffing",
    METADATA,
    key(),
    refers("area", "area.id"),
    refers("staff", "staff.id"),
    Column("duty", Text, nullable=False),
    Column("valid", DATERANGE, nullable=False),
    one_of("duty", ("leader", "full_time", "part_time", "instructor", "building", "police", "party")),
    ExcludeConstraint(("area", "="), ("staff", "="), ("valid", "&&"), using="gist", name="ex_grid_staffing_area_staff"),
)

device = Table(
    "device",
    METADATA,
    key(),
    refers("staff", "staff.id", nullable=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("secret_sha256", LargeBinary, nullable=False, unique=True),
    Column("is_open", Boolean, nullable=False, server_default=text("true")),
    moment("last_seen", nullable=True),
    one_of("kind", ("phone", "terminal", "gateway")),
    holds("octet_length(secret_sha256) = 32", "secret_hashed"),
    holds("kind = 'gateway' OR staff IS NOT NULL", "has_owner"),
)

shift_template = Table(
    "shift_template",
    METADATA,
    key(),
    refers("unit", "unit.id"),
    Column("name", Text, nullable=False),
    Column("starts_at", Time, nullable=False),
    Column("ends_at", Time, nullable=False),
    UniqueConstraint("unit", "starts_at"),
)
"""The shifts of a unit through a day, in local time; one that ends before it starts ends the next day."""

shift = Table(
    "shift",
    METADATA,
    key(),
    refers("unit", "unit.id"),
    Column("name", Text, nullable=False),
    moment("starts_at"),
    moment("ends_at"),
    Column("state", Text, nullable=False),
    refers("lead", "staff.id", nullable=True),
    moment("opened_at", nullable=True),
    moment("closed_at", nullable=True),
    moment("told_at", nullable=True),
    one_of("state", ("planned", "open", "handing_over", "closed")),
    holds("ends_at > starts_at", "ends_after_start"),
    holds("state NOT IN ('open', 'handing_over') OR lead IS NOT NULL", "open_has_lead"),
    Index("uq_shift_one_open", "unit", unique=True, postgresql_where=text("state IN ('open', 'handing_over')")),
    Index("uq_shift_one_planned", "unit", unique=True, postgresql_where=text("state = 'planned'")),
)
"""One shift of a unit is in force at any time: the outgoing one hands over to one that is only planned."""

shift_member = Table(
    "shift_member",
    METADATA,
    key(),
    refers("shift", "shift.id"),
    refers("post", "post.id"),
    refers("staff", "staff.id"),
    Column("session", Uuid),
    Column("seat", Text, nullable=False, server_default=""),
    moment("on_at"),
    moment("off_at", nullable=True),
    UniqueConstraint("shift", "post", "staff", "on_at"),
    holds("off_at IS NULL OR off_at >= on_at", "off_after_on"),
    Index("ix_shift_member_session", "session"),
)
"""Who sat in a shift, from when to when; `session` is the desk he was signed on with."""
