"""Incidents, reports, attachments, transitions."""
# ruff: noqa: E501 -- a CHECK is one string

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "incident",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
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
        sa.Column("place_text", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("known_category", sa.Text(), sa.Computed("NULLIF(category, ''::text)", persisted=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("magnitude", sa.Text(), nullable=False),
        sa.Column("nature", sa.Text(), nullable=False),
        sa.Column("discovery", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("floor", sa.Text(), nullable=False),
        sa.Column("confidentiality", sa.Integer(), nullable=False),
        sa.Column("handling_level", sa.Integer(), nullable=False),
        sa.Column("oversight_level", sa.Integer(), nullable=False),
        sa.Column("queue_unit", sa.Uuid(), nullable=True),
        sa.Column("first_unit", sa.Uuid(), nullable=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("limit_s", sa.Double(), nullable=False),
        sa.Column("used_s", sa.Double(), nullable=False),
        sa.Column("clock_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("rework_count", sa.Integer(), nullable=False),
        sa.Column("return_count", sa.Integer(), nullable=False),
        sa.Column("recall_count", sa.Integer(), nullable=False),
        sa.Column("reopen_count", sa.Integer(), nullable=False),
        sa.Column("suspend_count", sa.Integer(), nullable=False),
        sa.Column("decline_count", sa.Integer(), nullable=False),
        sa.Column("supervised", sa.Boolean(), nullable=False),
        sa.Column("close_type", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("county_version", sa.Uuid(), nullable=True),
        sa.Column("street_version", sa.Uuid(), nullable=True),
        sa.Column("community_version", sa.Uuid(), nullable=True),
        sa.Column("grid_version", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "close_type IN ('normal', 'overdue', 'error', 'special')", name=op.f("ck_incident_close_type_known")
        ),
        sa.CheckConstraint("close_type IS DISTINCT FROM 'normal' OR NOT overdue", name=op.f("ck_incident_normal_is_in_time")),
        sa.CheckConstraint("discovery IN ('passive', 'active', 'smart')", name=op.f("ck_incident_discovery_known")),
        sa.CheckConstraint("grid ~ '^[0-9]{15}$'", name=op.f("ck_incident_grid")),
        sa.CheckConstraint("magnitude IN ('minor', 'major', 'grave')", name=op.f("ck_incident_magnitude_known")),
        sa.CheckConstraint("mode IN ('normal', 'direct')", name=op.f("ck_incident_mode_known")),
        sa.CheckConstraint("nature IN ('service', 'regulation')", name=op.f("ck_incident_nature_known")),
        sa.CheckConstraint(
            "state IN ('reported', 'verifying', 'filed', 'dispatched', 'handling', 'suspended', 'resolved', 'checking', 'closed', 'archived', 'rejected', 'transferred', 'merged', 'voided')",
            name=op.f("ck_incident_state_known"),
        ),
        sa.CheckConstraint("confidentiality BETWEEN 0 AND 3", name=op.f("ck_incident_confidentiality")),
        sa.CheckConstraint(
            "handling_level BETWEEN 1 AND 4 AND oversight_level BETWEEN handling_level AND 4", name=op.f("ck_incident_levels")
        ),
        sa.CheckConstraint(
            "least(rework_count, return_count, recall_count, reopen_count, suspend_count, decline_count) >= 0",
            name=op.f("ck_incident_counts"),
        ),
        sa.CheckConstraint("limit_s >= 0 AND used_s >= 0", name=op.f("ck_incident_clock")),
        sa.CheckConstraint("severity IN (0, 1, 2, 3, 4)", name=op.f("ck_incident_severity_known")),
        sa.CheckConstraint("urgency IN (0, 1, 2)", name=op.f("ck_incident_urgency_known")),
        sa.CheckConstraint("version > 0 AND cycle > 0", name=op.f("ck_incident_counted_from_one")),
        sa.ForeignKeyConstraint(["county_version"], ["area_version.id"], name=op.f("fk_incident_county_version")),
        sa.ForeignKeyConstraint(["street_version"], ["area_version.id"], name=op.f("fk_incident_street_version")),
        sa.ForeignKeyConstraint(["community_version"], ["area_version.id"], name=op.f("fk_incident_community_version")),
        sa.ForeignKeyConstraint(["grid_version"], ["area_version.id"], name=op.f("fk_incident_grid_version")),
        sa.ForeignKeyConstraint(["first_unit"], ["unit.id"], name=op.f("fk_incident_first_unit")),
        sa.ForeignKeyConstraint(["queue_unit"], ["unit.id"], name=op.f("fk_incident_queue_unit")),
        sa.ForeignKeyConstraint(["known_category"], ["category.code"], name=op.f("fk_incident_known_category")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("number", name=op.f("uq_incident_number")),
    )
    op.create_index("ix_incident_changed_at", "incident", ["changed_at"], unique=False)
    op.create_index(
        "ix_incident_open",
        "incident",
        ["grid"],
        unique=False,
        postgresql_where=sa.text("state NOT IN ('archived', 'merged', 'rejected', 'transferred', 'voided')"),
    )
    op.create_index("ix_incident_place", "incident", ["place"], unique=False, postgresql_using="gist")
    op.create_table(
        "attachment",
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("owner_kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("owner_kind IN ('report', 'assignment')", name=op.f("ck_attachment_owner_kind_known")),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_attachment_sha256")),
        sa.CheckConstraint("stage IN ('report', 'before', 'during', 'after', 'check')", name=op.f("ck_attachment_stage_known")),
        sa.CheckConstraint("size > 0", name=op.f("ck_attachment_size")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_attachment_incident")),
        sa.PrimaryKeyConstraint("owner", "id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("owner", "ord", name=op.f("uq_attachment_owner_ord")),
    )
    op.create_index("ix_attachment_incident", "attachment", ["incident"], unique=False)
    op.create_index("ix_attachment_sha256", "attachment", ["sha256"], unique=False)
    op.create_table(
        "incident_transition",
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_staff", sa.Uuid(), nullable=True),
        sa.Column("actor_post", sa.Uuid(), nullable=True),
        sa.Column("actor_account", sa.Uuid(), nullable=True),
        sa.Column("actor_shift", sa.Uuid(), nullable=True),
        sa.Column("client_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level_before", sa.Integer(), nullable=True),
        sa.Column("level_after", sa.Integer(), nullable=True),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('user', 'timer', 'rule', 'external')", name=op.f("ck_incident_transition_actor_kind_known")
        ),
        sa.CheckConstraint(
            "from_state IN ('reported', 'verifying', 'filed', 'dispatched', 'handling', 'suspended', 'resolved', 'checking', 'closed', 'archived', 'rejected', 'transferred', 'merged', 'voided')",
            name=op.f("ck_incident_transition_from_state_known"),
        ),
        sa.CheckConstraint(
            "to_state IN ('reported', 'verifying', 'filed', 'dispatched', 'handling', 'suspended', 'resolved', 'checking', 'closed', 'archived', 'rejected', 'transferred', 'merged', 'voided')",
            name=op.f("ck_incident_transition_to_state_known"),
        ),
        sa.CheckConstraint(
            "octet_length(hash) = 32 AND octet_length(prev_hash) = 32", name=op.f("ck_incident_transition_hashes")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_incident_transition_seq")),
        sa.ForeignKeyConstraint(["actor_account"], ["account.id"], name=op.f("fk_incident_transition_actor_account")),
        sa.ForeignKeyConstraint(["actor_post"], ["post.id"], name=op.f("fk_incident_transition_actor_post")),
        sa.ForeignKeyConstraint(["actor_shift"], ["shift.id"], name=op.f("fk_incident_transition_actor_shift")),
        sa.ForeignKeyConstraint(["actor_staff"], ["staff.id"], name=op.f("fk_incident_transition_actor_staff")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_incident_transition_incident")),
        sa.PrimaryKeyConstraint("incident", "seq", name=op.f("pk_incident_transition")),
    )
    op.create_table(
        "report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("discovery", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "place",
            Geometry(
                geometry_type="POINT", srid=4490, dimension=2, spatial_index=False, from_text="ST_GeomFromEWKT", name="geometry"
            ),
            nullable=True,
        ),
        sa.Column("place_text", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accuracy_m", sa.Double(), nullable=False),
        sa.Column("reporter_kind", sa.Text(), nullable=False),
        sa.Column("reporter_worker", sa.Uuid(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("camera", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('desk', 'hotline', 'worker_app', 'citizen_app', 'camera', 'rule')",
            name=op.f("ck_report_channel_known"),
        ),
        sa.CheckConstraint("discovery IN ('passive', 'active', 'smart')", name=op.f("ck_report_discovery_known")),
        sa.CheckConstraint(
            "reporter_kind IN ('citizen', 'worker', 'officer', 'camera', 'rule')", name=op.f("ck_report_reporter_kind_known")
        ),
        sa.CheckConstraint("accuracy_m >= 0", name=op.f("ck_report_accuracy")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_report_incident")),
        sa.ForeignKeyConstraint(["reporter_worker"], ["staff.id"], name=op.f("fk_report_reporter_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("incident", "ord", name=op.f("uq_report_incident_ord")),
    )
    op.create_table(
        "report_person",
        sa.Column("report", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hmac", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["report"], ["report.id"], name=op.f("fk_report_person_report")),
        sa.PrimaryKeyConstraint("report", name=op.f("pk_report_person")),
    )
    op.create_index("ix_report_person_phone_hmac", "report_person", ["phone_hmac"], unique=False)


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("report_person")
    op.drop_table("report")
    op.drop_table("incident_transition")
    op.drop_table("attachment")
    op.drop_table("incident")
