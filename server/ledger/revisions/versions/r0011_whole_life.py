"""Every state, approval, link and cycle of an incident."""
# ruff: noqa: E501 -- a CHECK is one string

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"

APP = "gridwarden_app"


# Column -> its type and what rows that stand already get.
Kind = sa.types.TypeEngine[Any]

INCIDENT: tuple[tuple[str, Kind, str | None], ...] = (
    ("origin_worker", sa.Uuid(), None),
    ("origin_worker_name", sa.Text(), "''"),
    ("deadline", sa.DateTime(timezone=True), None),
    ("completed_at", sa.DateTime(timezone=True), None),
    ("extended", sa.Integer(), "0"),
    ("merged_count", sa.Integer(), "0"),
    ("highest_level", sa.Integer(), "1"),
    ("no_return", sa.Boolean(), "false"),
    ("backfill_owed", sa.Boolean(), "false"),
    ("suspended_from", sa.Text(), None),
    ("suspended_until", sa.DateTime(timezone=True), None),
    ("suspended_kind", sa.Text(), "''"),
    ("merged_into", sa.Uuid(), None),
    ("merged_at", sa.DateTime(timezone=True), None),
    ("merged_by", sa.Uuid(), None),
    ("split_from", sa.Uuid(), None),
    ("repeat_of", sa.Uuid(), None),
)
OTHERS: tuple[tuple[str, str, Kind, str | None], ...] = (
    ("account", "expires_on", sa.Date(), None),
    ("report", "origin", sa.Uuid(), None),
    ("incident_transition", "became", JSONB(), "'{}'"),
    ("incident_transition", "whole", sa.LargeBinary(), "decode(repeat('00', 144), 'hex')"),
    ("verify_task", "checker_name", sa.Text(), "''"),
    ("supervision_order", "issued_by_staff", sa.Uuid(), None),
    ("supervision_order", "reason", sa.Text(), "''"),
    ("supervision_order", "reply", sa.Text(), "''"),
    ("supervision_order", "replied_by", sa.Text(), "''"),
    ("supervision_order", "replied_at", sa.DateTime(timezone=True), None),
)
REFERS = (
    ("incident", "origin_worker", "worker", "staff"),
    ("incident", "merged_into", "incident", "id"),
    ("incident", "merged_by", "staff", "id"),
    ("incident", "split_from", "incident", "id"),
    ("incident", "repeat_of", "incident", "id"),
    ("report", "origin", "incident", "id"),
    ("supervision_order", "issued_by_staff", "staff", "id"),
)
CHECKS = (
    ("incident", "more_counts", "least(extended, merged_count) >= 0"),
    (
        "incident",
        "suspended_until_when",
        "(state = 'suspended') = (suspended_until IS NOT NULL AND suspended_from IS NOT NULL)",
    ),
    ("incident", "merged_into_what", "(state = 'merged') = (merged_into IS NOT NULL)"),
    ("incident", "not_into_itself", "merged_into <> id AND split_from <> id AND repeat_of <> id"),
    ("incident", "suspended_from_known", "suspended_from IN ('filed', 'handling')"),
    ("incident", "suspended_kind_known", "suspended_kind IN ('', 'suspend_defer', 'suspend_list')"),
)
CHANGED_CHECKS = (
    ("incident_transition", "hashes", "octet_length(hash) = 32 AND octet_length(prev_hash) = 32 AND octet_length(whole) = 144"),
    ("attachment", "owner_kind_known", "owner_kind IN ('report', 'assignment', 'verify_task')"),
    ("verify_task", "result_known", "result IN ('', 'pass', 'fail', 'unable', 'exist', 'not_exist')"),
    ("feedback", "target_known", "target IN ('reporter', 'worker', 'grid_worker')"),
    ("change_log", "kind_known", "kind IN ('case', 'gone', 'worker', 'camera', 'rules', 'edition')"),
)

GUARDS = """
CREATE OR REPLACE FUNCTION only_rise() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.version <= OLD.version OR NEW.number <> OLD.number THEN
        RAISE check_violation USING MESSAGE = format('incident %s: the version rises, and the number stays', OLD.number);
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION only_move() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'incident' - 'ord' IS DISTINCT FROM to_jsonb(OLD) - 'incident' - 'ord' THEN
        RAISE insufficient_privilege USING MESSAGE = format('report %s may go to another incident, but what it says stays', OLD.id);
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER refuse_change ON report;
CREATE TRIGGER refuse_change BEFORE DELETE ON report FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER only_move BEFORE UPDATE ON report FOR EACH ROW EXECUTE FUNCTION only_move();

CREATE OR REPLACE FUNCTION freeze_areas() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.filed_at IS NOT NULL AND NEW.filed_at = OLD.filed_at AND NEW.grid = OLD.grid THEN
        IF (NEW.county_version, NEW.street_version, NEW.community_version, NEW.grid_version) IS DISTINCT FROM
            (OLD.county_version, OLD.street_version, OLD.community_version, OLD.grid_version) THEN
            RAISE check_violation USING MESSAGE = format('the areas of incident %s were frozen when it was filed', OLD.number);
        END IF;
        RETURN NEW;
    END IF;
    SELECT (array_agg(id) FILTER (WHERE level = 4))[1], (array_agg(id) FILTER (WHERE level = 3))[1],
        (array_agg(id) FILTER (WHERE level = 2))[1], (array_agg(id) FILTER (WHERE level = 1))[1]
    INTO NEW.county_version, NEW.street_version, NEW.community_version, NEW.grid_version
    FROM area_version
    WHERE code IN (left(NEW.grid, 6), left(NEW.grid, 9), left(NEW.grid, 12), NEW.grid)
        AND valid @> (NEW.filed_at AT TIME ZONE 'Asia/Shanghai')::date;
    IF NEW.filed_at IS NOT NULL AND NEW.grid_version IS NULL THEN
        RAISE check_violation USING MESSAGE = format('no grid %s on the day incident %s is filed', NEW.grid, NEW.number);
    END IF;
    RETURN NEW;
END $$;
"""


def _added(table: str, name: str, kind: Kind, before: str | None) -> None:
    """Add a column; what stands already gets `before`, what comes has to say it."""
    default = None if before is None else sa.text(before)
    op.add_column(table, sa.Column(name, kind, nullable=before is None, server_default=default))
    if before is not None:
        op.alter_column(table, name, server_default=None)


def _asked() -> None:
    """The table of what was asked for and decided."""
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extend_s", sa.Double(), nullable=False),
        sa.Column("first_by", sa.Uuid(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("first_role", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('return', 'suspend_defer', 'suspend_list', 'extend', 'close_special', 'void', 'reopen')",
            name=op.f("ck_approval_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('pending', 'granted', 'denied', 'lapsed', 'dropped')", name=op.f("ck_approval_state_known")
        ),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_approval_level")),
        sa.CheckConstraint("extend_s >= 0", name=op.f("ck_approval_longer")),
        sa.CheckConstraint("asked_by IS DISTINCT FROM decided_by", name=op.f("ck_approval_decided_by_another")),
        sa.CheckConstraint("kind = 'reopen' OR asked_by IS DISTINCT FROM first_by", name=op.f("ck_approval_signed_by_another")),
        sa.CheckConstraint("first_by IS NULL OR first_by IS DISTINCT FROM decided_by", name=op.f("ck_approval_two_people")),
        sa.CheckConstraint("state <> 'granted' OR decided_by IS NOT NULL", name=op.f("ck_approval_granted_by_whom")),
        sa.CheckConstraint("(state = 'pending') = (decided_at IS NULL)", name=op.f("ck_approval_decided_when")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_approval_{column}"))
            for column, table in (
                ("incident", "incident"),
                ("asked_by", "staff"),
                ("first_by", "staff"),
                ("decided_by", "staff"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("uq_approval_ord", "approval", ["incident", "ord"], unique=True)
    op.create_index(
        "uq_approval_one_pending", "approval", ["incident"], unique=True, postgresql_where=sa.text("state = 'pending'")
    )


def _cycles() -> None:
    """The table of cycles that are over."""
    moments = ("filed_at", "deadline", "completed_at", "closed_at")
    op.create_table(
        "incident_cycle",
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("handling_level", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("close_type", sa.Text(), nullable=True),
        sa.Column("limit_s", sa.Double(), nullable=False),
        sa.Column("used_s", sa.Double(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("rework_count", "return_count", "recall_count", "extended")
        ),
        sa.Column("lead_unit", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "close_type IN ('normal', 'overdue', 'error', 'special')", name=op.f("ck_incident_cycle_close_type_known")
        ),
        sa.CheckConstraint("handling_level BETWEEN 1 AND 4", name=op.f("ck_incident_cycle_level")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_incident_cycle_incident")),
        sa.ForeignKeyConstraint(["lead_unit"], ["unit.id"], name=op.f("fk_incident_cycle_lead_unit")),
        sa.PrimaryKeyConstraint("incident", "ord", name=op.f("pk_incident_cycle")),
        sa.UniqueConstraint("incident", "cycle", name=op.f("uq_incident_cycle_incident_cycle")),
    )


def upgrade() -> None:
    """Add what the whole life of an incident needs, and let reports go with it where it is merged."""
    for name, kind, before in INCIDENT:
        _added("incident", name, kind, before)
    for table, name, kind, before in OTHERS:
        _added(table, name, kind, before)
    for table, column, to, key in REFERS:
        op.create_foreign_key(f"fk_{table}_{column}", table, to, [column], [key])
    for table, name, rule in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    for table, name, rule in CHANGED_CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    for column in ("merged_into", "split_from"):
        op.create_index(f"ix_incident_{column}", "incident", [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))
    op.drop_index("uq_feedback_one_per_report", "feedback")
    op.create_index("uq_feedback_one_per_report", "feedback", ["incident", "report", "cycle"], unique=True)
    _asked()
    _cycles()
    op.execute(GUARDS)
    op.execute(
        "CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON incident_cycle FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON approval TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON incident_cycle TO {APP}")
    op.execute(f"GRANT UPDATE (incident, ord) ON report TO {APP}")
    op.execute(f"GRANT UPDATE (incident) ON attachment TO {APP}")


def downgrade() -> None:
    """Take it back; the guards stay as they are now, for they allow more than the older ones."""
    for table in ("approval", "incident_cycle"):
        op.drop_table(table)
    for table, name, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table)
    for table, column, _, _ in REFERS:
        op.drop_constraint(f"fk_{table}_{column}", table)
    for table, name, *_ in OTHERS:
        op.drop_column(table, name)
    for name, *_ in INCIDENT:
        op.drop_column("incident", name)
