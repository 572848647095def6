"""What indicators are computed from, and months that are frozen."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """What indicators are computed from, and months that are frozen."""
    op.execute("SELECT 1")


def downgrade() -> None:
    """Take it back."""
    op.execute("SELECT 1")
