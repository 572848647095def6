"""Cameras and who watched them."""

from __future__ import annotations

from sqlalchemy import Column, Double, ForeignKey, Index, Integer, PrimaryKeyConstraint, Table, Text, text

from governance.camera import CameraState
from server.ledger.tables.columns import METADATA, holds, key, moment, one_of, point, refers

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
    holds("id ~ '^[0-9]{20}$' AND substr(id, 11, 3) IN ('111', '118', '131', '132')", "gb_28181"),
    holds("share_level BETWEEN 0 AND 3", "share_level"),
    one_of("state", CameraState),
    Index("ix_camera_grid_code", "grid_code"),
)

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
    one_of("action", ("live", "ptz", "playback", "snapshot")),
    holds("share_level < 2 OR reason <> ''", "reason_given"),
    Index("ix_video_session_camera", "camera", text("at DESC")),
)
