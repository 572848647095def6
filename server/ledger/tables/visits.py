"""Visits and patrols that workers told of."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from governance.visits import VisitKind
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, point, refers

visit = Table(
    "visit",
    METADATA,
    key(),
    refers("worker", "worker.staff"),
    Column("kind", Text, nullable=False),
    moment("began_at"),
    moment("ended_at"),
    moment("received_at"),
    point("place"),
    Column("grid", Text, nullable=False),
    Column("household", LargeBinary),
    Column("is_seen", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text),
    one_of("kind", VisitKind),
    holds("ended_at > began_at", "ends_after_it_begins"),
    holds("(kind = 'patrol') = (household IS NULL)", "household_but_on_patrol"),
    holds("octet_length(household) = 32", "household_marked"),
    holds("is_seen OR reason <> ''", "seen_or_why_not"),
    ExcludeConstraint(
        ("worker", "="),
        (sql("tstzrange(began_at, ended_at)"), "&&"),
        using="gist",
        name="ex_visit_one_at_a_time",
    ),
    Index("ix_visit_began_at", "began_at"),
)
"""`household`: a mark under the data key that tells one household from another and names none. Append-only."""
