"""Incidents of a past period are found by when they last changed and when they were reported, both in one index."""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """The index that knows one of the two goes."""
    op.create_index("ix_incident_changed_at_reported_at", "incident", ["changed_at", "reported_at"])
    op.drop_index("ix_incident_changed_at", "incident")


def downgrade() -> None:
    """It comes back."""
    op.create_index("ix_incident_changed_at", "incident", ["changed_at"])
    op.drop_index("ix_incident_changed_at_reported_at", "incident")
