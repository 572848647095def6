"""Devices that sign their own certificates are known by its fingerprint; who accepted it is on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ACTS = op.f("ck_camera_record_act_known")
FINGERPRINT = op.f("ck_camera_source_fingerprint")


def upgrade() -> None:
    """No device is known yet."""
    op.add_column("camera_source", sa.Column("fingerprint", sa.Text(), nullable=False, server_default=""))
    op.create_check_constraint(FINGERPRINT, "camera_source", "fingerprint ~ '^([0-9a-f]{64})?$'")
    op.drop_constraint(ACTS, "camera_record", type_="check")
    op.create_check_constraint(ACTS, "camera_record", "act IN ('load', 'watched', 'trust')")


def downgrade() -> None:
    """Forget them, and that somebody accepted them."""
    op.execute("ALTER TABLE camera_record DISABLE TRIGGER refuse_change")
    op.execute("DELETE FROM camera_record WHERE act = 'trust'")
    op.execute("ALTER TABLE camera_record ENABLE TRIGGER refuse_change")
    op.drop_constraint(ACTS, "camera_record", type_="check")
    op.create_check_constraint(ACTS, "camera_record", "act IN ('load', 'watched')")
    op.drop_column("camera_source", "fingerprint")
