"""Worker positions by day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "worker_position",
        sa.Column("worker", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
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
        sa.Column("accuracy_m", sa.REAL(), nullable=False),
        sa.Column("speed_m_s", sa.REAL(), nullable=False),
        sa.Column("heading_deg", sa.REAL(), nullable=False),
        sa.Column("battery_percent", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("worker", "at", name=op.f("pk_worker_position")),
        postgresql_partition_by="RANGE (at)",
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("worker_position")
