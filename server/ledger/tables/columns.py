"""The metadata all tables hang on, and the columns that many of them have."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Column, Computed, DateTime, ForeignKey, MetaData, Text, Uuid, text
from sqlalchemy.dialects.postgresql import DATERANGE

SRID = 4490
"""CGCS2000, longitude before latitude."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[Any]:
    """The primary key of most tables."""
    return Column("id", Uuid, primary_key=True)


def known_category() -> Column[str]:
    """The category a code names, none where it is empty: what the foreign key hangs on."""
    return Column("known_category", Text, Computed("NULLIF(category, ''::text)", persisted=True), ForeignKey("category.code"))


def valid() -> Column[Any]:
    """The local days on which a row holds, the last one excluded; for good unless told otherwise."""
    return Column("valid", DATERANGE, nullable=False, server_default=text("'[2000-01-01,)'"))


def moment(name: str, **options: Any) -> Column[Any]:
    """A point in time, UTC; not null unless told otherwise."""
    return Column(name, DateTime(timezone=True), nullable=options.pop("nullable", False), **options)


def refers(name: str, target: str, **options: Any) -> Column[Any]:
    """A foreign key to the id of another table; not null unless told otherwise."""
    nullable = options.pop("nullable", False)
    return Column(name, Uuid, ForeignKey(target), nullable=nullable, **options)


def point(name: str, nullable: bool = False) -> Column[Any]:
    """A point of longitude and latitude; indexed only where a table says so itself."""
    return Column(name, Geometry("POINT", srid=SRID, spatial_index=False), nullable=nullable)


def one_of(column: str, values: Iterable[object]) -> CheckConstraint:
    """The column holds one of the values (of an Enum, or plain)."""
    plain = [v.value if isinstance(v, Enum) else v for v in values]
    listed = ", ".join(f"'{v}'" if isinstance(v, str) else str(v) for v in plain)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def holds(rule: str, name: str) -> CheckConstraint:
    """The rule is true in every row."""
    return CheckConstraint(rule, name=name)
