"""Areas with versions, and the town a desk shows."""
# ruff: noqa: E501 -- a CHECK is one string

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("first_code", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('county', 'town', 'community', 'grid')", name=op.f("ck_area_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "town_edition",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("origin_lon", sa.Double(), nullable=False),
        sa.Column("origin_lat", sa.Double(), nullable=False),
        sa.Column("boundary_fit", sa.Double(), nullable=False),
        sa.Column("manifest_sha256", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_town_edition")),
    )
    op.create_table(
        "area_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("area", sa.Uuid(), nullable=False),
        sa.Column("valid", postgresql.DATERANGE(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind_name", sa.Text(), nullable=False),
        sa.Column(
            "boundary",
            Geometry(
                geometry_type="MULTIPOLYGON",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        postgresql.ExcludeConstraint(
            (sa.column("area"), "="), (sa.column("valid"), "&&"), using="gist", name="ex_area_version_area"
        ),
        postgresql.ExcludeConstraint(
            (sa.column("code"), "="), (sa.column("valid"), "&&"), using="gist", name="ex_area_version_code"
        ),
        sa.CheckConstraint(
            "CASE WHEN level = 4 THEN parent_code = '' ELSE length(parent_code) = length(code) - 3 AND starts_with(code, parent_code) END",
            name=op.f("ck_area_version_inside_parent"),
        ),
        sa.CheckConstraint(
            "code ~ '^[0-9]+$' AND length(code) = CASE level WHEN 4 THEN 6 WHEN 3 THEN 9 WHEN 2 THEN 12 WHEN 1 THEN 15 END",
            name=op.f("ck_area_version_code"),
        ),
        sa.CheckConstraint("NOT isempty(valid)", name=op.f("ck_area_version_valid_some_day")),
        sa.CheckConstraint("ST_IsValid(boundary)", name=op.f("ck_area_version_boundary_valid")),
        sa.ForeignKeyConstraint(["area"], ["area.id"], name=op.f("fk_area_version_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area_version")),
    )
    op.create_index("ix_area_version_boundary", "area_version", ["boundary"], unique=False, postgresql_using="gist")
    op.create_table(
        "town_pack",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("layer", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_town_pack_sha256")),
        sa.ForeignKeyConstraint(["edition"], ["town_edition.number"], name=op.f("fk_town_pack_edition")),
        sa.PrimaryKeyConstraint("edition", "layer", name=op.f("pk_town_pack")),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("town_pack")
    op.drop_table("area_version")
    op.drop_table("town_edition")
    op.drop_table("setting")
    op.drop_table("area")
