"""Clips of cameras that leave a desk are on record."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"

KNOWN = op.f("ck_export_log_what_known")


def upgrade() -> None:
    """One more word of what leaves."""
    op.drop_constraint(KNOWN, "export_log", type_="check")
    op.create_check_constraint(KNOWN, "export_log", "what IN ('indicators', 'map', 'briefing', 'list', 'clip')")


def downgrade() -> None:
    """Take it back; what was put on record of clips goes."""
    op.execute("ALTER TABLE export_log DISABLE TRIGGER refuse_change")
    op.execute("DELETE FROM export_log WHERE what = 'clip'")
    op.execute("ALTER TABLE export_log ENABLE TRIGGER refuse_change")
    op.drop_constraint(KNOWN, "export_log", type_="check")
    op.create_check_constraint(KNOWN, "export_log", "what IN ('indicators', 'map', 'briefing', 'list')")
