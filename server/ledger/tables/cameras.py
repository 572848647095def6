"""Cameras, what they are gathered by and where their streams come from, who watched and turned them."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from governance.camera import CameraState, GroupKind
from server.ledger.tables.columns import METADATA, SRID, holds, key, moment, one_of, point, refers

camera = Table(
    "camera",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    point("place"),
    Column("grid_code", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("heading_deg", Double, nullable=False),
    Column("field_of_view_deg", Double, nullable=False),
    Column("range_m", Double, nullable=False),
    Column("share_level", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("is_ptz", Boolean, nullable=False, server_default=text("false")),
    Column("height_m", Double),
    Column("is_sensitive", Boolean, nullable=False, server_default=text("false")),
    refers("unit", "unit.id", nullable=True),
    Column("coverage", Geometry("POLYGON", srid=SRID, spatial_index=False)),
    Column("version", Integer, nullable=False, server_default=text("1")),
    moment("since", server_default=text("now()")),
    moment("retired_at", nullable=True),
    holds("id ~ '^[0-9]{20}$' AND substr(id, 11, 3) IN ('111', '118', '131', '132')", "gb_28181"),
    holds("share_level BETWEEN 0 AND 3", "share_level"),
    one_of("state", CameraState),
    Index("ix_camera_grid_code", "grid_code"),
)
"""One that is retired (撤除) stays: whoever watched it is on record."""

camera_source = Table(
    "camera_source",
    METADATA,
    Column("camera", Text, ForeignKey("camera.id"), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("channel", Integer, nullable=False, server_default=text("1")),
    Column("main_path", Text, nullable=False, server_default=""),
    Column("sub_path", Text, nullable=False, server_default=""),
    Column("device", Text, nullable=False, server_default=""),
    Column("fingerprint", Text, nullable=False, server_default=""),
    Column("secret", LargeBinary),
    moment("set_at"),
    one_of("kind", ("gateway", "rtsp", "hikvision", "dahua", "http", "onvif", "gb28181")),
    holds("channel BETWEEN 1 AND 999", "channel"),
    holds("address !~ '@'", "secret_apart"),
    holds("fingerprint ~ '^([0-9a-f]{64})?$'", "fingerprint"),
)
"""Where the streams of a camera come from; `secret` holds user and password, sealed. None: the district's own gateway."""

camera_group = Table(
    "camera_group",
    METADATA,
    key(),
    Column("kind", Text, nullable=False),
    refers("parent", "camera_group.id", nullable=True),
    Column("name", Text, nullable=False),
    one_of("kind", GroupKind),
    holds("parent <> id", "a_tree"),
    holds("name <> ''", "named"),
    UniqueConstraint("kind", "parent", "name", postgresql_nulls_not_distinct=True),
)

camera_membership = Table(
    "camera_membership",
    METADATA,
    refers("camera_group", "camera_group.id"),
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    PrimaryKeyConstraint("camera_group", "camera"),
    Index("ix_camera_membership_camera", "camera"),
)

camera_order = Table(
    "camera_order",
    METADATA,
    Column("order_id", Uuid, primary_key=True),
    refers("staff", "staff.id"),
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    Column("was", JSONB, nullable=False),
    Column("became", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    Column("stream", Text, nullable=False),
    Column("number", BigInteger, nullable=False),
    moment("at"),
)
"""What an officer said a camera covers; append-only."""

camera_was = Table(
    "camera_was",
    METADATA,
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    moment("until"),
    Column("grid_code", Text, nullable=False),
    refers("unit", "unit.id", nullable=True),
    point("place"),
    moment("since"),
    moment("retired_at", nullable=True),
    PrimaryKeyConstraint("camera", "until"),
)
"""Where a camera stood and whose it was before that changed: a month that is over is reckoned by it; append-only."""

camera_record = Table(
    "camera_record",
    METADATA,
    key(),
    moment("at"),
    refers("account", "account.id", nullable=True),
    Column("os_user", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("said", JSONB, nullable=False),
    one_of("act", ("load", "watched", "trust")),
)
"""What was done from the command line: cameras loaded, the log of who watched read; append-only."""

camera_hold = Table(
    "camera_hold",
    METADATA,
    Column("camera", Text, ForeignKey("camera.id"), primary_key=True),
    refers("session", "desk_session.id"),
    refers("staff", "staff.id"),
    Column("rank", Integer, nullable=False),
    Column("name", Text, nullable=False),
    moment("since"),
    moment("until"),
)
"""Who turns a camera now, or did last."""

camera_sighting = Table(
    "camera_sighting",
    METADATA,
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    refers("staff", "staff.id"),
    refers("session", "desk_session.id"),
    Column("is_live", Boolean, nullable=False),
    moment("since"),
    moment("at"),
    PrimaryKeyConstraint("camera", "staff"),
)
"""What the desk of an officer said last of the pictures of a camera."""

camera_state = Table(
    "camera_state",
    METADATA,
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    moment("at"),
    Column("was", Text, nullable=False),
    Column("state", Text, nullable=False),
    PrimaryKeyConstraint("camera", "at"),
    one_of("state", CameraState),
    one_of("was", CameraState),
)
"""What became of a camera, and how it had stood before; append-only."""

video_session = Table(
    "video_session",
    METADATA,
    key(),
    Column("camera", Text, ForeignKey("camera.id"), nullable=False),
    refers("staff", "staff.id"),
    refers("post", "post.id"),
    refers("incident", "incident.id", nullable=True),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("share_level", Integer, nullable=False),
    moment("at"),
    moment("expires_at"),
    one_of("action", ("live", "ptz", "look_back", "playback", "snapshot")),
    holds("share_level < 2 OR reason <> ''", "reason_given"),
    Index("ix_video_session_camera", "camera", text("at DESC")),
    Index("ix_video_session_at", "at"),
)
