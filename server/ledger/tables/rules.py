"""What the rules are made of: categories, limits, duty matrix, calendar, and which version is in force."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, ExcludeConstraint

from governance.categories import CheckMode, Stage, TimeUnit
from governance.incident import Magnitude, Nature
from server.ledger.tables.columns import METADATA, holds, key, known_category, moment, one_of, refers, valid

category = Table(
    "category",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("parent", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("icon", Text, nullable=False),
    Column("platform", Text, nullable=False),
    Column("magnitude", Text, nullable=False),
    Column("first_level", Integer, nullable=False),
    Column("check_mode", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    Column("evidence", Boolean, nullable=False),
    Column("sensitive", Boolean, nullable=False),
    Column("merge_radius_m", Double, nullable=False),
    Column("merge_window_h", Double, nullable=False),
    Column("ord", Integer, nullable=False, unique=True),
    one_of("nature", Nature),
    one_of("magnitude", Magnitude),
    one_of("check_mode", CheckMode),
    holds("first_level BETWEEN 1 AND 4", "first_level"),
    holds("CASE WHEN parent = '' THEN code ~ '^[0-9]{2}$' ELSE starts_with(code, parent || '.') END", "under_parent"),
)

category_sla = Table(
    "category_sla",
    METADATA,
    key(),
    Column("category", Text, nullable=False),
    known_category(),
    Column("area", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("amount", Double, nullable=False),
    Column("unit", Text, nullable=False),
    Column("ord", Integer, nullable=False),
    one_of("urgency", (0, 1, 2)),
    one_of("stage", Stage),
    one_of("unit", TimeUnit),
    holds("amount > 0", "amount"),
    valid(),
    ExcludeConstraint(
        ("category", "="),
        ("area", "="),
        ("urgency", "="),
        ("stage", "="),
        ("valid", "&&"),
        using="gist",
        name="ex_category_sla_one_limit",
    ),
)

duty_matrix = Table(
    "duty_matrix",
    METADATA,
    key(),
    Column("category", Text, nullable=False),
    Column("area", Text, nullable=False),
    refers("unit", "unit.id"),
    Column("duty", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    one_of("duty", ("lead", "assist", "check")),
    valid(),
    ExcludeConstraint(
        ("category", "="),
        ("area", "="),
        ("unit", "="),
        ("duty", "="),
        ("valid", "&&"),
        using="gist",
        name="ex_duty_matrix_one_row",
    ),
    ExcludeConstraint(
        ("category", "="),
        ("area", "="),
        ("valid", "&&"),
        where=text("duty = 'lead'"),
        using="gist",
        name="ex_duty_matrix_one_lead",
    ),
)

work_calendar = Table(
    "work_calendar",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),
    one_of("kind", ("work", "rest", "makeup_work")),
)

rules_version = Table(
    "rules_version",
    METADATA,
    Column("version", Integer, primary_key=True),
    moment("since"),
    Column("settings", JSONB, nullable=False),
    holds("version > 0", "version"),
)
"""`settings` keeps what has no table of its own: working hours, ladder, reason codes, candidate weights."""
