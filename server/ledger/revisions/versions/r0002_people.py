"""Units, staff, workers, accounts, posts, shifts, devices."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("area_code", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), server_default="", nullable=False),
        sa.Column("is_backstop", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("'[2000-01-01,)'"), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("area_code"), "="),
            (sa.column("valid"), "&&"),
            where=sa.text("is_backstop"),
            using="gist",
            name="ex_unit_one_backstop",
        ),
        sa.CheckConstraint(
            "kind IN ('centre', 'street_centre', 'department', 'community_office', 'headquarters', 'team', 'contractor')",
            name=op.f("ck_unit_kind_known"),
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_unit_level")),
        sa.ForeignKeyConstraint(["parent"], ["unit.id"], name=op.f("fk_unit_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "post",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("clearance", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), server_default=sa.text("'[2000-01-01,)'"), nullable=False),
        sa.CheckConstraint(
            "role IN ('DO', 'SL', 'DP', 'OP', 'CR', 'GS', 'AU', 'AD', 'CK', 'DH', 'GL', 'GW', 'LD', 'VW', 'EXT', 'SYS')",
            name=op.f("ck_post_role_known"),
        ),
        sa.CheckConstraint("clearance BETWEEN 0 AND 3", name=op.f("ck_post_clearance")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_post_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_no", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_staff_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("staff_no", name=op.f("uq_staff_staff_no")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("failed_count", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("password_hash LIKE '$argon2id$%%'", name=op.f("ck_account_hashed")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_account_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
        sa.UniqueConstraint("staff", name=op.f("uq_account_staff")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind = 'gateway' OR staff IS NOT NULL", name=op.f("ck_device_has_owner")),
        sa.CheckConstraint("kind IN ('phone', 'terminal', 'gateway')", name=op.f("ck_device_kind_known")),
        sa.CheckConstraint("octet_length(secret_sha256) = 32", name=op.f("ck_device_secret_hashed")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_device_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("name", name=op.f("uq_device_name")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_device_secret_sha256")),
    )
    op.create_table(
        "grid_staffing",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("area"), "="),
            (sa.column("staff"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_grid_staffing_area_staff",
        ),
        sa.CheckConstraint(
            "duty IN ('leader', 'full_time', 'part_time', 'instructor', 'building', 'police', 'party')",
            name=op.f("ck_grid_staffing_duty_known"),
        ),
        sa.ForeignKeyConstraint(["area"], ["area.id"], name=op.f("fk_grid_staffing_area")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_grid_staffing_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grid_staffing")),
    )
    op.create_table(
        "post_assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("post"), "="),
            (sa.column("staff"), "="),
            (sa.column("valid"), "&&"),
            using="gist",
            name="ex_post_assignment_post_staff",
        ),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_post_assignment_post")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_post_assignment_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post_assignment")),
    )
    op.create_index("ix_post_assignment_staff", "post_assignment", ["staff"], unique=False)
    op.create_table(
        "shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("lead", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state <> 'open' OR lead IS NOT NULL", name=op.f("ck_shift_open_has_lead")),
        sa.CheckConstraint("state IN ('planned', 'open', 'handing_over', 'closed')", name=op.f("ck_shift_state_known")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_shift_ends_after_start")),
        sa.ForeignKeyConstraint(["lead"], ["staff.id"], name=op.f("fk_shift_lead")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_shift_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("uq_shift_one_open", "shift", ["unit"], unique=True, postgresql_where=sa.text("state = 'open'"))
    op.create_table(
        "worker",
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("skills", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.CheckConstraint(
            "role IN ('DO', 'SL', 'DP', 'OP', 'CR', 'GS', 'AU', 'AD', 'CK', 'DH', 'GL', 'GW', 'LD', 'VW', 'EXT', 'SYS')",
            name=op.f("ck_worker_role_known"),
        ),
        sa.CheckConstraint("number > 0", name=op.f("ck_worker_number")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_worker_staff")),
        sa.PrimaryKeyConstraint("staff", name=op.f("pk_worker")),
        sa.UniqueConstraint("number", name=op.f("uq_worker_number")),
    )
    op.create_index("ix_worker_grid_code", "worker", ["grid_code"], unique=False)
    op.create_table(
        "shift_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("shift", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("seat", sa.Text(), server_default="", nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("off_at IS NULL OR off_at >= on_at", name=op.f("ck_shift_member_off_after_on")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_shift_member_post")),
        sa.ForeignKeyConstraint(["shift"], ["shift.id"], name=op.f("fk_shift_member_shift")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_shift_member_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_member")),
        sa.UniqueConstraint("shift", "post", "staff", "on_at", name=op.f("uq_shift_member_shift_post_staff_on_at")),
    )
    op.create_table(
        "worker_live",
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("is_on_call", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("live_tasks", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("declined", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("declined_on", sa.Date(), nullable=True),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT", srid=4490, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.Column("fix_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("duty IN ('on_duty', 'on_task', 'off', 'lost', 'on_call')", name=op.f("ck_worker_live_duty_known")),
        sa.CheckConstraint("live_tasks >= 0", name=op.f("ck_worker_live_live_tasks")),
        sa.ForeignKeyConstraint(["worker"], ["worker.staff"], name=op.f("fk_worker_live_worker")),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_live")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("worker_live")
    op.drop_table("shift_member")
    op.drop_table("worker")
    op.drop_table("shift")
    op.drop_table("post_assignment")
    op.drop_table("grid_staffing")
    op.drop_table("device")
    op.drop_table("account")
    op.drop_table("staff")
    op.drop_table("post")
    op.drop_table("unit")
