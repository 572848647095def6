"""A registry of cameras: what each can do, its groups and its source, who turns it, and what was done to it by whom."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
STREAMS = (
    "stream ~ '^(((around|unclaimed|unchecked{})/)?([0-9]{{9}}|district)/[0-3]|(unit|person)/[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}"
    "-[0-9a-f]{{12}}|wall/[a-z0-9][a-z0-9_-]{{0,31}})$'"
)
SECTOR = "heading_deg, field_of_view_deg, range_m, height_m, coverage, version"
KINDS = "('gateway', 'rtsp', 'hikvision', 'dahua', 'http', 'onvif', 'gb28181')"
NEW = ("camera_source", "camera_group", "camera_membership", "camera_order", "camera_was", "camera_record")
LAST = ("camera_hold", "camera_sighting")


def _key(name: str, table: str, target: str, kind: sa.types.TypeEngine[Any]) -> tuple[sa.Column[Any], sa.Constraint]:
    """A column and the foreign key it is."""
    key = sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"))
    return sa.Column(name, kind, nullable=False), key


def _geometry(kind: str, nullable: bool) -> Geometry:
    """A shape of longitude and latitude."""
    return Geometry(
        kind, srid=4490, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry", nullable=nullable
    )


def _describe_cameras() -> None:
    """What a camera is beyond its place; those that are there are as old as the ledger."""
    for column in (
        sa.Column("is_ptz", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("height_m", sa.Double(), nullable=True),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("coverage", _geometry("POLYGON", nullable=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("since", MOMENT, nullable=False, server_default=sa.text("now()")),
        sa.Column("retired_at", MOMENT, nullable=True),
    ):
        op.add_column("camera", column)
    op.create_foreign_key(op.f("fk_camera_unit"), "camera", "unit", ["unit"], ["id"])
    op.execute("UPDATE camera SET since = coalesce((SELECT min(at) FROM change_log), now())")
    op.execute(f"GRANT UPDATE ({SECTOR}) ON camera TO {APP}")


def _make_groups_and_sources() -> None:
    """Where streams come from, and what cameras are gathered by."""
    op.create_table(
        "camera_source",
        *_key("camera", "camera_source", "camera.id", sa.Text()),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=False, server_default=sa.text("1")),
        *(sa.Column(name, sa.Text(), nullable=False, server_default="") for name in ("main_path", "sub_path", "device")),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_camera_source_kind_known")),
        sa.CheckConstraint("channel BETWEEN 1 AND 999", name=op.f("ck_camera_source_channel")),
        sa.CheckConstraint("address !~ '@'", name=op.f("ck_camera_source_secret_apart")),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_camera_source")),
    )
    op.create_table(
        "camera_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("parent", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('department', 'place', 'route', 'plan')", name=op.f("ck_camera_group_kind_known")),
        sa.CheckConstraint("parent <> id", name=op.f("ck_camera_group_a_tree")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_camera_group_named")),
        sa.ForeignKeyConstraint(["parent"], ["camera_group.id"], name=op.f("fk_camera_group_parent")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_group")),
        sa.UniqueConstraint(
            "kind", "parent", "name", name=op.f("uq_camera_group_kind_parent_name"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "camera_membership",
        *_key("camera_group", "camera_membership", "camera_group.id", sa.Uuid()),
        *_key("camera", "camera_membership", "camera.id", sa.Text()),
        sa.PrimaryKeyConstraint("camera_group", "camera", name=op.f("pk_camera_membership")),
    )
    op.create_index("ix_camera_membership_camera", "camera_membership", ["camera"])


def _make_records() -> None:
    """What was done to cameras, append-only; who turns one now; what desks say of their pictures."""
    json = JSONB()
    op.create_table(
        "camera_order",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        *_key("staff", "camera_order", "staff.id", sa.Uuid()),
        *_key("camera", "camera_order", "camera.id", sa.Text()),
        sa.Column("was", json, nullable=False),
        sa.Column("became", json, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_camera_order")),
    )
    op.create_table(
        "camera_was",
        *_key("camera", "camera_was", "camera.id", sa.Text()),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("grid_code", sa.Text(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=True),
        sa.Column("place", _geometry("POINT", nullable=False), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("retired_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_camera_was_unit")),
        sa.PrimaryKeyConstraint("camera", "until", name=op.f("pk_camera_was")),
    )
    op.create_table(
        "camera_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("account", sa.Uuid(), nullable=True),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("said", json, nullable=False),
        sa.CheckConstraint("act IN ('load', 'watched')", name=op.f("ck_camera_record_act_known")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_camera_record_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_record")),
    )
    op.create_table(
        "camera_hold",
        *_key("camera", "camera_hold", "camera.id", sa.Text()),
        *_key("session", "camera_hold", "desk_session.id", sa.Uuid()),
        *_key("staff", "camera_hold", "staff.id", sa.Uuid()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("camera", name=op.f("pk_camera_hold")),
    )
    op.create_table(
        "camera_sighting",
        *_key("camera", "camera_sighting", "camera.id", sa.Text()),
        *_key("staff", "camera_sighting", "staff.id", sa.Uuid()),
        *_key("session", "camera_sighting", "desk_session.id", sa.Uuid()),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("camera", "staff", name=op.f("pk_camera_sighting")),
    )


def upgrade() -> None:
    """New columns, new tables, their guards, the streams of cameras, and K34."""
    _describe_cameras()
    _make_groups_and_sources()
    _make_records()
    op.create_index("ix_video_session_at", "video_session", ["at"])
    for table in ("camera_order", "camera_was", "camera_record"):
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(f"GRANT SELECT ON camera_source, camera_group, camera_membership, camera_was TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON camera_order TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON camera_hold, camera_sighting TO {APP}")
    op.drop_constraint(op.f("ck_stream_counter_stream"), "stream_counter")
    op.create_check_constraint(op.f("ck_stream_counter_stream"), "stream_counter", STREAMS.format("|cameras"))
    op.execute(
        "INSERT INTO indicator SELECT 'K34', max(ord) + 1, '摄像机在线率', 'Cameras online' FROM indicator;"
        "INSERT INTO indicator_version VALUES ('K34', '2000-01-01', 'camera_online/1', 'percent', 'up', 0, NULL)"
    )


def downgrade() -> None:
    """Take it back."""
    op.execute("ALTER TABLE indicator_version DISABLE TRIGGER refuse_change")
    for table in ("indicator_version", "indicator"):
        op.execute(f"DELETE FROM {table} WHERE code = 'K34'")
    op.execute("ALTER TABLE indicator_version ENABLE TRIGGER refuse_change")
    op.drop_constraint(op.f("ck_stream_counter_stream"), "stream_counter")
    op.create_check_constraint(
        op.f("ck_stream_counter_stream"), "stream_counter", STREAMS.format(""), postgresql_not_valid=True
    )
    op.drop_index("ix_video_session_at", "video_session")
    for table in (*LAST, *reversed(NEW)):
        op.drop_table(table)
    op.execute(f"REVOKE UPDATE ON camera FROM {APP}")
    op.drop_constraint(op.f("fk_camera_unit"), "camera")
    for column in ("is_ptz", "height_m", "is_sensitive", "unit", "coverage", "version", "since", "retired_at"):
        op.drop_column("camera", column)
    op.execute(f"GRANT UPDATE (state) ON camera TO {APP}")
