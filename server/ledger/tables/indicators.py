"""Indicators by date, months that are frozen, who did what with them, and what recomputing a past month takes."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from server.ledger.tables import incidents, work
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, point, refers

indicator = Table(
    "indicator",
    METADATA,
    Column("code", Text, primary_key=True),
    Column("ord", Integer, nullable=False, unique=True),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
)

indicator_version = Table(
    "indicator_version",
    METADATA,
    Column("code", Text, ForeignKey("indicator.code"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("formula", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("direction", Text, nullable=False),
    Column("weight", Numeric, nullable=False),
    Column("target", Numeric),
    one_of("unit", ("count", "percent", "hours", "minutes", "times", "per_100")),
    one_of("direction", ("up", "down", "none")),
    holds("weight >= 0", "weight"),
    holds("extract(day FROM since) = 1", "from_a_first"),
)
"""How a code is computed from a month on: the formula by its name, which way is better, what is aimed at. Append-only."""

cycle_frame = Table(
    "cycle_frame",
    METADATA,
    refers("incident", "incident.id", primary_key=True),
    Column("cycle", Integer, primary_key=True, autoincrement=False),
    Column("grid", Text, nullable=False),
    point("place"),
    Column("nature", Text, nullable=False),
    Column("magnitude", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("mode", Text, nullable=False),
)
"""How a cycle lay that is over: what incident_cycle does not say of it. A trigger writes it. Append-only."""

earlier_state = Table(
    "earlier_state",
    METADATA,
    Column("number", BigInteger, Identity(always=False), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    moment("until"),
    Column("body", JSONB, nullable=False),
    one_of("kind", ("feedback", "supervision_order", "assignment")),
    Index("ix_earlier_state_id_number", "id", "number"),
)
"""How a row of feedback, supervision_order or assignment stood until then, without words or names. Append-only."""

eval_period = Table(
    "eval_period",
    METADATA,
    Column("month", Date, primary_key=True),
    Column("state", Text, nullable=False),
    moment("frozen_at"),
    refers("frozen_by", "staff.id"),
    Column("digest", LargeBinary, nullable=False),
    moment("published_at", nullable=True),
    refers("published_by", "staff.id", nullable=True),
    one_of("state", ("frozen", "published")),
    holds("extract(day FROM month) = 1", "first_day"),
    holds("octet_length(digest) = 32", "digest"),
    holds("(state = 'published') = (published_at IS NOT NULL AND published_by IS NOT NULL)", "published_when"),
)
"""月测月评 of a month; one that has no row is open. `digest`: SHA-256 over all its values in order."""

eval_value = Table(
    "eval_value",
    METADATA,
    Column("month", Date, ForeignKey("eval_period.month"), primary_key=True),
    Column("boundaries", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("code", Text, ForeignKey("indicator.code"), primary_key=True),
    Column("num", Numeric),
    Column("den", Numeric),
    Column("raw", Numeric),
    Column("value", Numeric),
    Column("persons", Integer),
    Column("ids_hash", LargeBinary, nullable=False),
    one_of("boundaries", ("filing", "current")),
    holds("octet_length(ids_hash) = 32", "ids_hash"),
)
"""What a frozen month came to. `subject`: the code of an area, or the id of a unit; `raw`: the denominator before anything
was deducted; `ids_hash`: SHA-256 over the ids it was counted from. Append-only."""

eval_act = Table(
    "eval_act",
    METADATA,
    Column("number", BigInteger, Identity(always=False), primary_key=True),
    moment("at"),
    Column("act", Text, nullable=False),
    Column("month", Date, nullable=False),
    refers("staff", "staff.id", nullable=True),
    Column("os_user", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    one_of("act", ("freeze", "publish", "verify", "show")),
)
"""Who froze, published, verified or looked at a month from the command line. Append-only."""

export_log = Table(
    "export_log",
    METADATA,
    key(),
    moment("at"),
    refers("staff", "staff.id", nullable=True),
    refers("post", "post.id", nullable=True),
    Column("os_user", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("filter", JSONB, nullable=False),
    one_of("what", ("indicators", "map", "briefing", "list", "clip")),
    holds("rows >= 0", "rows"),
    Index("ix_export_log_at", "at"),
)
"""Whatever left the ledger or a desk as a file or a table: by whom, of what, how many rows. Append-only."""

DECIDED = "row IN ('E06', 'E07', 'E08', 'E10', 'E11', 'E17', 'E22', 'E38', 'E48')"
Index("ix_incident_reported_at", incidents.incident.c.reported_at)
Index("ix_incident_filed_at", incidents.incident.c.filed_at)
Index("ix_incident_cycle_ended_at", work.incident_cycle.c.ended_at)
Index("ix_incident_transition_decided_at", incidents.incident_transition.c.at, postgresql_where=text(DECIDED))
Index("ix_report_received_at", incidents.report.c.received_at)
Index("ix_feedback_due_at", work.feedback.c.due_at)
Index("ix_feedback_sent_at", work.feedback.c.sent_at)
Index("ix_assignment_sent_at", work.assignment.c.sent_at)
Index("ix_supervision_order_issued_at", work.supervision_order.c.issued_at)
Index("ix_verify_task_assigned_at", work.verify_task.c.assigned_at)
