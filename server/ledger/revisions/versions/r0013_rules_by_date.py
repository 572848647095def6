"""Rules that an administrator changes, by date."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Rules that an administrator changes, by date."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Take it back."""
    op.execute("SELECT 1")
