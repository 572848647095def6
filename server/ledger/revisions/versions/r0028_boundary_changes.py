"""Boundaries are drafted, checked, approved, published and come into force as one, with what became of every area."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
STAGES = "'draft', 'checked', 'approved', 'published', 'in_force', 'withdrawn', 'taken_back'"
RELATIONS = "'split', 'merge', 'move', 'rename', 'recode', 'reshape', 'abolish'"
ACTS = "'edit', 'check', 'approve', 'send_back', 'publish', 'withdraw', 'come_into_force', 'take_back', 'open'"
TABLES = ("boundary_log", "area_lineage", "boundary_lock", "boundary_staffing", "boundary_draft", "unit_was", "boundary_change")


GUARDS = """
CREATE OR REPLACE FUNCTION boundaries_change() RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(current_setting('gridwarden.rehoming', true), '') = 'on' AND current_user <> '{app}'
$$;

CREATE OR REPLACE FUNCTION only_rise() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF boundaries_change()
        AND (NEW.version, NEW.number, NEW.state, NEW.grid) = (OLD.version, OLD.number, OLD.state, OLD.grid) THEN
        RETURN NEW;
    END IF;
    IF NEW.version <= OLD.version OR NEW.number <> OLD.number THEN
        RAISE check_violation USING MESSAGE = format('incident %s: the version rises, and the number stays', OLD.number);
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION freeze_areas() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND boundaries_change() THEN
        RETURN NEW;
    END IF;
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
"""An incident keeps the areas it was filed in when the boundaries change; only the ledger's owner changes them."""


def _refers(table: str, name: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [target], name=op.f(f"fk_{table}_{name}"))


def _text(*names: str, **more: object) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False, **more) for name in names]  # type: ignore[arg-type]


def upgrade() -> None:
    """Seven tables; the server drafts, only the owner of the ledger brings into force."""
    op.create_table(
        "boundary_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        *_text("title", "reason", "document", "area"),
        sa.Column("edition", sa.Integer(), nullable=False),
        *_text("stage"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=True),
        sa.Column("editors", postgresql.ARRAY(sa.Uuid()), nullable=False),
        sa.Column("approver", sa.Uuid(), nullable=True),
        sa.Column("publisher", sa.Uuid(), nullable=True),
        sa.Column("outcome", postgresql.JSONB(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        *_text("trouble", server_default=""),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"stage IN ({STAGES})", name=op.f("ck_boundary_change_stage_known")),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 60", name=op.f("ck_boundary_change_title")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_boundary_change_reason")),
        sa.CheckConstraint("version > 0", name=op.f("ck_boundary_change_counted_from_one")),
        sa.CheckConstraint(
            "stage NOT IN ('published', 'in_force', 'taken_back') OR effective_on IS NOT NULL",
            name=op.f("ck_boundary_change_has_its_day"),
        ),
        sa.CheckConstraint("approver IS NULL OR NOT approver = ANY(editors)", name=op.f("ck_boundary_change_another_approves")),
        _refers("boundary_change", "approver", "account.id"),
        _refers("boundary_change", "publisher", "account.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_change")),
    )
    op.create_table(
        "boundary_draft",
        sa.Column("change", sa.Uuid(), nullable=False),
        *_text("code"),
        *_text("was", server_default=""),
        sa.Column("level", sa.Integer(), nullable=False),
        *_text("name", "parent_code", "kind_name"),
        *(sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False) for name in ("is_gone", "is_left")),
        sa.Column("boundary", Geometry("MULTIPOLYGON", srid=4490, spatial_index=False), nullable=True),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name=op.f("ck_boundary_draft_level")),
        sa.CheckConstraint("is_gone OR level > 1 OR boundary IS NOT NULL", name=op.f("ck_boundary_draft_grid_has_boundary")),
        _refers("boundary_draft", "change", "boundary_change.id"),
        sa.PrimaryKeyConstraint("change", "code", name=op.f("pk_boundary_draft")),
    )
    op.create_table(
        "boundary_staffing",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("change", "worker")),
        *_text("code"),
        _refers("boundary_staffing", "change", "boundary_change.id"),
        _refers("boundary_staffing", "worker", "worker.staff"),
        sa.PrimaryKeyConstraint("change", "worker", name=op.f("pk_boundary_staffing")),
    )
    op.create_table(
        "boundary_lock",
        sa.Column("change", sa.Uuid(), nullable=False),
        *_text("code"),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("session", "staff")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("since", "until")),
        _refers("boundary_lock", "change", "boundary_change.id"),
        _refers("boundary_lock", "staff", "staff.id"),
        sa.PrimaryKeyConstraint("change", "code", name=op.f("pk_boundary_lock")),
    )
    _lineage()
    op.create_table(
        "boundary_log",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "change")),
        sa.Column("at", MOMENT, nullable=False),
        *_text("act"),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_text("detail", server_default=""),
        sa.CheckConstraint(f"act IN ({ACTS})", name=op.f("ck_boundary_log_act_known")),
        _refers("boundary_log", "change", "boundary_change.id"),
        _refers("boundary_log", "staff", "staff.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boundary_log")),
    )
    op.create_index("ix_boundary_log_change", "boundary_log", ["change", "at"])
    op.create_table(
        "unit_was",
        sa.Column("unit", sa.Uuid(), nullable=False),
        *_text("area_code"),
        sa.Column("until", sa.Date(), nullable=False),
        _refers("unit_was", "unit", "unit.id"),
        sa.PrimaryKeyConstraint("unit", "until", name=op.f("pk_unit_was")),
    )
    for table in ("area_lineage", "boundary_log"):
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(GUARDS.format(app=APP))
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON boundary_change TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON boundary_draft, boundary_staffing, boundary_lock TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON boundary_log TO {APP}")
    op.execute(f"GRANT SELECT ON area_lineage, unit_was TO {APP}")


def _lineage() -> None:
    """What became of areas."""
    op.create_table(
        "area_lineage",
        *(sa.Column(name, sa.Uuid(), nullable=name == "to_area") for name in ("change", "from_area", "to_area")),
        *_text("from_code", "to_code", "relation"),
        sa.Column("area_share", sa.Double(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("is_back", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint(f"relation IN ({RELATIONS})", name=op.f("ck_area_lineage_relation_known")),
        sa.CheckConstraint("area_share BETWEEN 0 AND 1", name=op.f("ck_area_lineage_share")),
        _refers("area_lineage", "change", "boundary_change.id"),
        _refers("area_lineage", "from_area", "area.id"),
        _refers("area_lineage", "to_area", "area.id"),
        sa.PrimaryKeyConstraint("change", "is_back", "from_code", "to_code", name=op.f("pk_area_lineage")),
    )
    for name in ("from_area", "to_area"):
        op.create_index(f"ix_area_lineage_{name}", "area_lineage", [name])


def downgrade() -> None:
    """They go; the guards stay as they are now, for they allow more than the older ones."""
    for table in TABLES:
        op.drop_table(table)
