"""Shifts that are handed over, and the log of duty."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Shifts that are handed over, and the log of duty."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Take it back."""
    op.execute("SELECT 1")
