"""Positions are found by their time, and maps, briefings and lists that leave a desk are on record."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"

KNOWN = op.f("ck_export_log_what_known")


def upgrade() -> None:
    """A few bytes of index for each day, and further words of what was exported."""
    op.execute(
        "CREATE INDEX ix_worker_position_at ON worker_position USING brin (at) WITH (pages_per_range = 32, autosummarize = on)"
    )
    op.drop_constraint(KNOWN, "export_log", type_="check")
    op.create_check_constraint(KNOWN, "export_log", "what IN ('indicators', 'map', 'briefing', 'list')")


def downgrade() -> None:
    """Take it back; what was put on record of maps and lists goes."""
    op.execute("ALTER TABLE export_log DISABLE TRIGGER refuse_change")
    op.execute("DELETE FROM export_log WHERE what <> 'indicators'")
    op.execute("ALTER TABLE export_log ENABLE TRIGGER refuse_change")
    op.drop_constraint(KNOWN, "export_log", type_="check")
    op.create_check_constraint(KNOWN, "export_log", "what IN ('indicators')")
    op.drop_index("ix_worker_position_at", "worker_position")
