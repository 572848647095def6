"""A reason for looking at a track has an end in the table too, as governance/tracks.py measures it."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Holds for what is written from now on, and for all where nothing longer is there: that stays as it was written."""
    op.execute("ALTER TABLE track_access ADD CONSTRAINT ck_track_access_reason_short CHECK (length(reason) <= 200) NOT VALID")
    longer = op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM track_access WHERE length(reason) > 200)")
    if not longer.scalar():
        op.execute("ALTER TABLE track_access VALIDATE CONSTRAINT ck_track_access_reason_short")


def downgrade() -> None:
    """Take it back."""
    op.drop_constraint(op.f("ck_track_access_reason_short"), "track_access")
