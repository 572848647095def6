"""What a replay of the past needs: changes found by their time, how cameras stood, and who looked at whose track."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
STATES = "('online', 'offline', 'fault')"


def upgrade() -> None:
    """An index and two append-only tables."""
    op.create_index("ix_change_log_at", "change_log", ["at"])
    op.create_table(
        "camera_state",
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("was", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f("ck_camera_state_state_known")),
        sa.CheckConstraint(f"was IN {STATES}", name=op.f("ck_camera_state_was_known")),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_camera_state_camera")),
        sa.PrimaryKeyConstraint("camera", "at", name=op.f("pk_camera_state")),
    )
    op.create_table(
        "track_access",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("staff", "post", "worker")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("since", "until")),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("since < until", name=op.f("ck_track_access_ends_after_it_begins")),
        sa.CheckConstraint("staff = worker OR length(btrim(reason)) >= 4", name=op.f("ck_track_access_reason_given")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_track_access_staff")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_track_access_post")),
        sa.ForeignKeyConstraint(["worker"], ["worker.staff"], name=op.f("fk_track_access_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_access")),
    )
    op.create_index("ix_track_access_at", "track_access", ["at"])
    for table in ("camera_state", "track_access"):
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP}")


def downgrade() -> None:
    """Take them back."""
    op.drop_table("track_access")
    op.drop_table("camera_state")
    op.drop_index("ix_change_log_at", "change_log")
