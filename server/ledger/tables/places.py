"""Areas with their effective-dated versions, and the town a desk shows."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, Table, Text
from sqlalchemy.dialects.postgresql import DATERANGE, JSONB, ExcludeConstraint

from server.ledger.tables.columns import METADATA, SRID, holds, key, moment, one_of, refers

area = Table(
    "area",
    METADATA,
    key(),
    Column("kind", Text, nullable=False),
    Column("first_code", Text, nullable=False),
    one_of("kind", ("county", "town", "community", "grid")),
)

area_version = Table(
    "area_version",
    METADATA,
    key(),
    refers("area", "area.id"),
    Column("valid", DATERANGE, nullable=False),
    Column("level", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("parent_code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind_name", Text, nullable=False),
    Column("boundary", Geometry("MULTIPOLYGON", srid=SRID, spatial_index=False), nullable=False),
    ExcludeConstraint(("area", "="), ("valid", "&&"), using="gist", name="ex_area_version_area"),
    ExcludeConstraint(("code", "="), ("valid", "&&"), using="gist", name="ex_area_version_code"),
    holds(
        "code ~ '^[0-9]+$' AND length(code) = CASE level WHEN 4 THEN 6 WHEN 3 THEN 9 WHEN 2 THEN 12 WHEN 1 THEN 15 END", "code"
    ),
    holds(
        "CASE WHEN level = 4 THEN parent_code = '' ELSE length(parent_code) = length(code) - 3 "
        "AND starts_with(code, parent_code) END",
        "inside_parent",
    ),
    holds("NOT isempty(valid)", "valid_some_day"),
    holds("ST_IsValid(boundary)", "boundary_valid"),
    Index("ix_area_version_boundary", "boundary", postgresql_using="gist"),
)

town_edition = Table(
    "town_edition",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("attribution", Text, nullable=False),
    Column("origin_lon", Double, nullable=False),
    Column("origin_lat", Double, nullable=False),
    Column("boundary_fit", Double, nullable=False),
    Column("manifest_sha256", Text, nullable=False),
    moment("since"),
)

town_pack = Table(
    "town_pack",
    METADATA,
    Column("edition", Integer, ForeignKey("town_edition.number"), primary_key=True),
    Column("layer", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    holds("sha256 ~ '^[0-9a-f]{64}$'", "sha256"),
)

setting = Table(
    "setting",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
)
"""Facts about this ledger as a whole: its epoch and the short code of the district."""
