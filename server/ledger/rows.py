"""Frozen values of governance as rows: which column holds which field, and how to read and write them.

Columns carry the names of the fields. Points are PostGIS geometries, dictionaries JSON, enums their values; attachments
are rows of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

from psycopg.types.json import Jsonb

from governance.places import LonLat

_POINT = "ST_SetSRID(ST_MakePoint(%s::float8, %s::float8), 4490)"


@dataclass(frozen=True, slots=True)
class RowShape:
    """How the values of one class lie in their table."""

    table: str
    columns: tuple[str, ...]
    points: frozenset[str]
    reads_attachments: bool

    @staticmethod
    def of(kind: type, table: str) -> RowShape:
        """The shape of a dataclass; fields typed LonLat become points, `attachments` is left to its own table."""
        items = [item for item in fields(kind) if item.name != "attachments"]
        points = frozenset(item.name for item in items if "LonLat" in str(item.type))
        return RowShape(table, tuple(item.name for item in items), points, len(items) != len(fields(kind)))

    def selected(self, alias: str) -> str:
        """The columns as a SELECT list whose row_to_json is what msgspec decodes into the class."""
        listed = [self._read(alias, column) for column in self.columns]
        if self.reads_attachments:
            found = f"(SELECT coalesce(json_agg(y ORDER BY y.ord), '[]') FROM attachment y WHERE y.owner = {alias}.id)"
            listed.append(f"{found} AS attachments")
        return ", ".join(listed)

    def placeholders(self) -> str:
        """What stands for the columns in VALUES."""
        return ", ".join(_POINT if column in self.points else "%s" for column in self.columns)

    def values(self, value: object) -> list[Any]:
        """The parameters for the placeholders."""
        found: list[Any] = []
        for column in self.columns:
            item = getattr(value, column)
            if column in self.points:
                found += [item.lon, item.lat] if isinstance(item, LonLat) else [None, None]
            else:
                found.append(_plain(item))
        return found

    def insert(self, *extra: str) -> str:
        """INSERT with the extra columns first."""
        names = ", ".join((*extra, *(f'"{column}"' for column in self.columns)))
        marks = ", ".join((*("%s" for _ in extra), self.placeholders()))
        return f"INSERT INTO {self.table} ({names}) VALUES ({marks})"

    def upsert(self, *extra: str) -> str:
        """INSERT, or UPDATE of the row with the same id."""
        changed = ", ".join(f'"{column}" = excluded."{column}"' for column in self.columns if column != "id")
        return f"{self.insert(*extra)} ON CONFLICT (id) DO UPDATE SET {changed}"

    def assignments(self) -> str:
        """`column = value, ...` of an UPDATE, the id left out; its parameters are `values` without the first."""
        return ", ".join(
            f'"{column}" = {_POINT if column in self.points else "%s"}' for column in self.columns if column != "id"
        )

    def _read(self, alias: str, column: str) -> str:
        source = f'{alias}."{column}"'
        if column not in self.points:
            return source
        point = f"json_build_object('lon', ST_X({source}), 'lat', ST_Y({source}))"
        return f'CASE WHEN {source} IS NOT NULL THEN {point} END AS "{column}"'


def _plain(item: object) -> Any:
    if isinstance(item, Enum):
        return item.value
    if isinstance(item, dict):
        return Jsonb(item)
    return item
