"""What the rules are made of, version by version: categories, limits, duty matrix, calendar; and who loaded which version.

Each version stands whole: a row belongs to one version and is never changed. What becomes different takes a further one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Computed,
    Date,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from governance.categories import CheckMode, Stage, TimeUnit
from governance.incident import Magnitude, Nature
from server.ledger.tables.columns import METADATA, holds, moment, one_of, refers

rules_version = Table(
    "rules_version",
    METADATA,
    Column("version", Integer, primary_key=True),
    moment("since"),
    Column("settings", JSONB, nullable=False),
    holds("version > 0", "version"),
)
"""`since`: when it takes force. `settings`: what has no table of its own, working hours, ladder, reason codes and so on."""

rules_load = Table(
    "rules_load",
    METADATA,
    Column("version", Integer, ForeignKey("rules_version.version"), primary_key=True),
    moment("at"),
    refers("account", "account.id", nullable=True),
    Column("os_user", Text, nullable=False),
    Column("base", Integer, ForeignKey("rules_version.version"), nullable=False),
    Column("files", JSONB, nullable=False),
    Column("difference", JSONB, nullable=False),
)
"""Who loaded a version: by his account where he gave its password, else as the user of the machine; from which files by
name and sha256; and what became different from the version it was made from (`base`), line by line. Append-only."""

rules_entered = Table(
    "rules_entered",
    METADATA,
    Column("version", Integer, ForeignKey("rules_version.version"), primary_key=True),
    moment("at"),
)
"""Versions whose coming into force was told on the feed: once each. Append-only."""

category = Table(
    "category",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("parent", Text, nullable=False),
    holds("CASE WHEN parent = '' THEN code ~ '^[0-9]{2}$' ELSE starts_with(code, parent || '.') END", "under_parent"),
)
"""Every code there ever was; what a version says of it stands in category_version."""


def version() -> Column[Any]:
    """The version a row belongs to."""
    return Column("version", Integer, ForeignKey("rules_version.version"), nullable=False)


def category_or_any() -> tuple[Any, ...]:
    """A category's code, empty for any, and that this very version knows it."""
    return (
        Column("category", Text, nullable=False),
        Column("known_category", Text, Computed("NULLIF(category, ''::text)", persisted=True)),
        ForeignKeyConstraint(("version", "known_category"), ("category_version.version", "category_version.code")),
    )


category_version = Table(
    "category_version",
    METADATA,
    version(),
    Column("code", Text, ForeignKey("category.code"), nullable=False),
    Column("ord", Integer, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
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
    Column("verify", Boolean, nullable=False),
    Column("outside", ARRAY(Text), nullable=False),
    Column("tell", ARRAY(Text), nullable=False),
    Column("auto_dispatch", Boolean, nullable=False),
    Column("merge_group", Text, nullable=False),
    Column("filing_condition", Text, nullable=False),
    Column("filing_condition_en", Text, nullable=False),
    Column("closing_condition", Text, nullable=False),
    Column("closing_condition_en", Text, nullable=False),
    Column("card", JSONB),
    PrimaryKeyConstraint("version", "code"),
    UniqueConstraint("version", "ord"),
    one_of("nature", Nature),
    one_of("magnitude", Magnitude),
    one_of("check_mode", CheckMode),
    holds("first_level BETWEEN 1 AND 4", "first_level"),
)

category_sla = Table(
    "category_sla",
    METADATA,
    version(),
    *category_or_any(),
    Column("area", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("amount", Double, nullable=False),
    Column("unit", Text, nullable=False),
    Column("ord", Integer, nullable=False),
    PrimaryKeyConstraint("version", "category", "area", "urgency", "stage"),
    one_of("urgency", (0, 1, 2)),
    one_of("stage", Stage),
    one_of("unit", TimeUnit),
    holds("amount > 0", "amount"),
)

duty_matrix = Table(
    "duty_matrix",
    METADATA,
    version(),
    *category_or_any(),
    Column("area", Text, nullable=False),
    refers("unit", "unit.id"),
    Column("duty", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    PrimaryKeyConstraint("version", "category", "area", "unit", "duty"),
    one_of("duty", ("lead", "assist", "check")),
    Index("uq_duty_matrix_one_lead", "version", "category", "area", unique=True, postgresql_where=text("duty = 'lead'")),
)

work_calendar = Table(
    "work_calendar",
    METADATA,
    version(),
    Column("day", Date, nullable=False),
    Column("kind", Text, nullable=False),
    Column("am_start", Time),
    Column("am_end", Time),
    Column("pm_start", Time),
    Column("pm_end", Time),
    PrimaryKeyConstraint("version", "day"),
    one_of("kind", ("work", "rest", "makeup_work")),
    holds("(am_start IS NULL) = (am_end IS NULL) AND (pm_start IS NULL) = (pm_end IS NULL)", "spans_whole"),
    holds("kind <> 'rest' OR (am_start IS NULL AND pm_start IS NULL)", "rest_has_no_hours"),
)
"""Days that differ from Monday to Friday, or from the hours of every day; a day that is not named follows its weekday.
A span that ends no later than it starts ends on the next day."""
