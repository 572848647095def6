"""The small children of an incident: orders to workers, clocks, checks, echoes, supervision, escalations."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Double, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from governance.incident import LIVE_ASSIGNMENT, AssignmentState, FeedbackState, LeadRole, TimerKind, TimerState
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, point, refers

_LIVE = ", ".join(f"'{state.value}'" for state in sorted(LIVE_ASSIGNMENT))

assignment = Table(
    "assignment",
    METADATA,
    key(),
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("role", Text, nullable=False),
    refers("worker", "worker.staff"),
    Column("worker_name", Text, nullable=False),
    refers("unit", "unit.id", nullable=True),
    Column("state", Text, nullable=False),
    Column("order_text", Text, nullable=False),
    moment("sent_at"),
    Column("off_rule_reason", Text, nullable=False),
    moment("delivered_at", nullable=True),
    moment("acked_at", nullable=True),
    moment("accepted_at", nullable=True),
    moment("arrived_at", nullable=True),
    moment("done_at", nullable=True),
    Column("ended_reason", Text, nullable=False),
    Column("result_text", Text, nullable=False),
    Column("reminders", Integer, nullable=False),
    point("arrived_place", nullable=True),
    one_of("role", LeadRole),
    one_of("state", AssignmentState),
    holds("state <> 'done' OR done_at IS NOT NULL", "done_at"),
    holds("reminders >= 0", "reminders"),
    Index(
        "uq_assignment_one_live_lead", "incident", unique=True, postgresql_where=text(f"role = 'lead' AND state IN ({_LIVE})")
    ),
    Index("uq_assignment_ord", "incident", "ord", unique=True),
    Index("ix_assignment_live_worker", "worker", postgresql_where=text(f"state IN ({_LIVE})")),
)

timer = Table(
    "timer",
    METADATA,
    key(),
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("started_at"),
    moment("due_at", nullable=True),
    Column("limit_s", Double, nullable=False),
    Column("consumed_s", Double, nullable=False),
    Column("fired", Integer, nullable=False),
    refers("assignment", "assignment.id", nullable=True),
    Column("working", Boolean, nullable=False),
    one_of("kind", TimerKind),
    one_of("state", TimerState),
    holds("state <> 'running' OR due_at IS NOT NULL", "running_is_due"),
    holds("fired >= 0 AND consumed_s >= 0 AND limit_s >= 0", "counts"),
    Index("uq_timer_ord", "incident", "ord", unique=True),
    Index(
        "uq_timer_one_running",
        "incident",
        "kind",
        text("coalesce(assignment, '00000000-0000-0000-0000-000000000000'::uuid)"),
        unique=True,
        postgresql_where=text("state = 'running'"),
    ),
    Index("ix_timer_due", "due_at", postgresql_where=text("state = 'running'")),
)

verify_task = Table(
    "verify_task",
    METADATA,
    key(),
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    moment("assigned_at"),
    refers("checker", "staff.id", nullable=True),
    Column("result", Text, nullable=False),
    Column("note", Text, nullable=False),
    moment("done_at", nullable=True),
    one_of("kind", ("verify", "check")),
    one_of("result", ("", "pass", "fail", "unable")),
    holds("(result = '') = (done_at IS NULL)", "done_has_result"),
    Index("uq_verify_task_ord", "incident", "ord", unique=True),
    Index("uq_verify_task_one_open", "incident", "kind", unique=True, postgresql_where=text("result = ''")),
)

feedback = Table(
    "feedback",
    METADATA,
    key(),
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("target", Text, nullable=False),
    Column("state", Text, nullable=False),
    refers("report", "report.id", nullable=True),
    refers("worker", "worker.staff", nullable=True),
    moment("due_at", nullable=True),
    moment("sent_at", nullable=True),
    Column("text", Text, nullable=False),
    Column("satisfaction", Integer),
    Column("waived_reason", Text, nullable=False),
    one_of("target", ("reporter", "worker")),
    one_of("state", FeedbackState),
    holds("satisfaction BETWEEN 1 AND 5", "satisfaction"),
    holds("state <> 'waived' OR waived_reason <> ''", "waived_why"),
    Index("uq_feedback_ord", "incident", "ord", unique=True),
    Index("ix_feedback_owed", "incident", postgresql_where=text("state = 'pending'")),
    Index(
        "uq_feedback_one_per_report",
        "report",
        "cycle",
        unique=True,
    ),
)

supervision_order = Table(
    "supervision_order",
    METADATA,
    key(),
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("issued_at"),
    moment("reply_due", nullable=True),
    Column("issued_by", Text, nullable=False),
    one_of("grade", (1, 2, 3, 4)),
    one_of("state", ("issued", "replied", "rejected", "closed")),
    Index("uq_supervision_order_ord", "incident", "ord", unique=True),
    Index("uq_supervision_order_one_open", "incident", unique=True, postgresql_where=text("state <> 'closed'")),
)

escalation = Table(
    "escalation",
    METADATA,
    refers("incident", "incident.id"),
    Column("ord", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("from_level", Integer, nullable=False),
    Column("to_level", Integer, nullable=False),
    Column("cause", Text, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("incident", "ord"),
    one_of("kind", ("handling", "oversight")),
    holds("from_level BETWEEN 1 AND 4 AND to_level BETWEEN from_level AND 4", "rises"),
)
