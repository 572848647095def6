"""Assignments, timers, checks, feedback, supervision, escalations."""
# ruff: noqa: E501 -- a CHECK is one string

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "escalation",
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("from_level", sa.Integer(), nullable=False),
        sa.Column("to_level", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('handling', 'oversight')", name=op.f("ck_escalation_kind_known")),
        sa.CheckConstraint(
            "from_level BETWEEN 1 AND 4 AND to_level BETWEEN from_level AND 4", name=op.f("ck_escalation_rises")
        ),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_escalation_incident")),
        sa.PrimaryKeyConstraint("incident", "ord", name=op.f("pk_escalation")),
    )
    op.create_table(
        "supervision_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('issued', 'replied', 'rejected', 'closed')", name=op.f("ck_supervision_order_state_known")
        ),
        sa.CheckConstraint("grade IN (1, 2, 3, 4)", name=op.f("ck_supervision_order_grade_known")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_supervision_order_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision_order")),
    )
    op.create_index("uq_supervision_order_ord", "supervision_order", ["incident", "ord"], unique=True)
    op.create_index(
        "uq_supervision_order_one_open",
        "supervision_order",
        ["incident"],
        unique=True,
        postgresql_where=sa.text("state <> 'closed'"),
    )
    op.create_table(
        "verify_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checker", sa.Uuid(), nullable=True),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(result = '') = (done_at IS NULL)", name=op.f("ck_verify_task_done_has_result")),
        sa.CheckConstraint("kind IN ('verify', 'check')", name=op.f("ck_verify_task_kind_known")),
        sa.CheckConstraint("result IN ('', 'pass', 'fail', 'unable')", name=op.f("ck_verify_task_result_known")),
        sa.ForeignKeyConstraint(["checker"], ["staff.id"], name=op.f("fk_verify_task_checker")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_verify_task_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verify_task")),
    )
    op.create_index(
        "uq_verify_task_one_open", "verify_task", ["incident", "kind"], unique=True, postgresql_where=sa.text("result = ''")
    )
    op.create_index("uq_verify_task_ord", "verify_task", ["incident", "ord"], unique=True)
    op.create_table(
        "assignment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("worker_name", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("order_text", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_rule_reason", sa.Text(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.Column("result_text", sa.Text(), nullable=False),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column(
            "arrived_place",
            Geometry(
                geometry_type="POINT", srid=4490, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.CheckConstraint("role IN ('lead', 'assist')", name=op.f("ck_assignment_role_known")),
        sa.CheckConstraint("state <> 'done' OR done_at IS NOT NULL", name=op.f("ck_assignment_done_at")),
        sa.CheckConstraint(
            "state IN ('sent', 'delivered', 'acked', 'accepted', 'en_route', 'arrived', 'done', 'returned', 'recalled', 'expired', 'released', 'declined')",
            name=op.f("ck_assignment_state_known"),
        ),
        sa.CheckConstraint("reminders >= 0", name=op.f("ck_assignment_reminders")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_assignment_incident")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_assignment_unit")),
        sa.ForeignKeyConstraint(["worker"], ["worker.staff"], name=op.f("fk_assignment_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_live_worker",
        "assignment",
        ["worker"],
        unique=False,
        postgresql_where=sa.text("state IN ('accepted', 'acked', 'arrived', 'delivered', 'en_route', 'sent')"),
    )
    op.create_index(
        "uq_assignment_one_live_lead",
        "assignment",
        ["incident"],
        unique=True,
        postgresql_where=sa.text(
            "role = 'lead' AND state IN ('accepted', 'acked', 'arrived', 'delivered', 'en_route', 'sent')"
        ),
    )
    op.create_index("uq_assignment_ord", "assignment", ["incident", "ord"], unique=True)
    op.create_table(
        "feedback",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("report", sa.Uuid(), nullable=True),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        sa.Column("waived_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("state <> 'waived' OR waived_reason <> ''", name=op.f("ck_feedback_waived_why")),
        sa.CheckConstraint("state IN ('pending', 'sent', 'read', 'failed', 'waived')", name=op.f("ck_feedback_state_known")),
        sa.CheckConstraint("target IN ('reporter', 'worker')", name=op.f("ck_feedback_target_known")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("ck_feedback_satisfaction")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_feedback_incident")),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name=op.f("fk_feedback_report")),
        sa.ForeignKeyConstraint(["worker"], ["worker.staff"], name=op.f("fk_feedback_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(
        "uq_feedback_one_per_report",
        "feedback",
        ["report", "cycle"],
        unique=True,
    )
    op.create_index("uq_feedback_ord", "feedback", ["incident", "ord"], unique=True)
    op.create_index("ix_feedback_owed", "feedback", ["incident"], postgresql_where=sa.text("state = 'pending'"))
    op.create_table(
        "timer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_s", sa.Double(), nullable=False),
        sa.Column("consumed_s", sa.Double(), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.Uuid(), nullable=True),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('T1', 'T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'T8', 'T9', 'T10', 'T11', 'T12', 'T13', 'T14')",
            name=op.f("ck_timer_kind_known"),
        ),
        sa.CheckConstraint("state <> 'running' OR due_at IS NOT NULL", name=op.f("ck_timer_running_is_due")),
        sa.CheckConstraint("state IN ('running', 'paused', 'fired', 'cancelled')", name=op.f("ck_timer_state_known")),
        sa.CheckConstraint("fired >= 0 AND consumed_s >= 0 AND limit_s >= 0", name=op.f("ck_timer_counts")),
        sa.ForeignKeyConstraint(["assignment"], ["assignment.id"], name=op.f("fk_timer_assignment")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_timer_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timer")),
    )
    op.create_index("ix_timer_due", "timer", ["due_at"], unique=False, postgresql_where=sa.text("state = 'running'"))
    op.create_index(
        "uq_timer_one_running",
        "timer",
        ["incident", "kind", sa.literal_column("coalesce(assignment, '00000000-0000-0000-0000-000000000000'::uuid)")],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("uq_timer_ord", "timer", ["incident", "ord"], unique=True)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("timer")
    op.drop_table("feedback")
    op.drop_table("assignment")
    op.drop_table("verify_task")
    op.drop_table("supervision_order")
    op.drop_table("escalation")
