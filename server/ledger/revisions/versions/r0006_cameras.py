"""Cameras and who watched them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "camera",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("heading_deg", sa.Double(), nullable=False),
        sa.Column("field_of_view_deg", sa.Double(), nullable=False),
        sa.Column("range_m", sa.Double(), nullable=False),
        sa.Column("share_level", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "id ~ '^[0-9]{20}$' AND substr(id, 11, 3) IN ('111', '118', '131', '132')", name=op.f("ck_camera_gb_28181")
        ),
        sa.CheckConstraint("state IN ('online', 'offline', 'fault')", name=op.f("ck_camera_state_known")),
        sa.CheckConstraint("share_level BETWEEN 0 AND 3", name=op.f("ck_camera_share_level")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera")),
    )
    op.create_index("ix_camera_grid_code", "camera", ["grid_code"], unique=False)
    op.create_table(
        "video_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("post", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("share_level", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("action IN ('live', 'ptz', 'playback', 'snapshot')", name=op.f("ck_video_session_action_known")),
        sa.CheckConstraint("share_level < 2 OR reason <> ''", name=op.f("ck_video_session_reason_given")),
        sa.ForeignKeyConstraint(["camera"], ["camera.id"], name=op.f("fk_video_session_camera")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_video_session_incident")),
        sa.ForeignKeyConstraint(["post"], ["post.id"], name=op.f("fk_video_session_post")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_video_session_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_video_session")),
    )
    op.create_index("ix_video_session_camera", "video_session", ["camera", sa.literal_column("at DESC")], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("video_session")
    op.drop_table("camera")
