"""Categories, limits, duty matrix, calendar."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "category",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("parent", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("magnitude", sa.Text(), nullable=False),
        sa.Column("first_level", sa.Integer(), nullable=False),
        sa.Column("check_mode", sa.Text(), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("evidence", sa.Boolean(), nullable=False),
        sa.Column("sensitive", sa.Boolean(), nullable=False),
        sa.Column("merge_radius_m", sa.Double(), nullable=False),
        sa.Column("merge_window_h", sa.Double(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN parent = '' THEN code ~ '^[0-9]{2}$' ELSE starts_with(code, parent || '.') END",
            name=op.f("ck_category_under_parent"),
        ),
        sa.CheckConstraint("check_mode IN ('onsite', 'photo', 'sample', 'phone')", name=op.f("ck_category_check_mode_known")),
        sa.CheckConstraint("magnitude IN ('minor', 'major', 'grave')", name=op.f("ck_category_magnitude_known")),
        sa.CheckConstraint("nature IN ('service', 'regulation')", name=op.f("ck_category_nature_known")),
        sa.CheckConstraint("first_level BETWEEN 1 AND 4", name=op.f("ck_category_first_level")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_category")),
        sa.UniqueConstraint("ord", name=op.f("uq_category_ord")),
    )
    op.create_table(
        "category_sla",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("known_category", sa.Text(), sa.Computed("NULLIF(category, ''::text)", persisted=True), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("amount", sa.Double(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('intake', 'verify', 'dispatch', 'ack', 'accept', 'arrive', 'resolve', 'check', 'feedback')",
            name=op.f("ck_category_sla_stage_known"),
        ),
        sa.CheckConstraint(
            "unit IN ('urgent_hour', 'work_hour', 'work_day', 'natural_day', 'minute', 'second')",
            name=op.f("ck_category_sla_unit_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_category_sla_amount")),
        sa.CheckConstraint("urgency IN (0, 1, 2)", name=op.f("ck_category_sla_urgency_known")),
        sa.ForeignKeyConstraint(["known_category"], ["category.code"], name=op.f("fk_category_sla_known_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_sla")),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("'[2000-01-01,)'"), nullable=False),
        postgresql.ExcludeConstraint(
            *[(sa.column(name), "=") for name in ("category", "area", "urgency", "stage")],
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_category_sla_one_limit",
        ),
    )
    op.create_table(
        "rules_version",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_rules_version_version")),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rules_version")),
    )
    op.create_table(
        "work_calendar",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('work', 'rest', 'makeup_work')", name=op.f("ck_work_calendar_kind_known")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_work_calendar")),
    )
    op.create_table(
        "duty_matrix",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.CheckConstraint("duty IN ('lead', 'assist', 'check')", name=op.f("ck_duty_matrix_duty_known")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_duty_matrix_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_matrix")),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("'[2000-01-01,)'"), nullable=False),
        postgresql.ExcludeConstraint(
            *[(sa.column(name), "=") for name in ("category", "area", "unit", "duty")],
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_duty_matrix_one_row",
        ),
        postgresql.ExcludeConstraint(
            *[(sa.column(name), "=") for name in ("category", "area")],
            (sa.column("valid"), "&&"),
            where=sa.text("duty = 'lead'"),
            using="gist",
            name="ex_duty_matrix_one_lead",
        ),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("duty_matrix")
    op.drop_table("work_calendar")
    op.drop_table("rules_version")
    op.drop_table("category_sla")
    op.drop_table("category")
