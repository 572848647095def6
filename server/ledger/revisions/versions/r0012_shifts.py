"""Shifts that are handed over, and the log of duty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

APP = "gridwarden_app"
ROLES = "'DO', 'SL', 'DP', 'OP', 'CR', 'GS', 'AU', 'AD', 'CK', 'DH', 'GL', 'GW', 'LD', 'VW', 'EXT', 'SYS'"
KINDS = "'case', 'gone', 'worker', 'camera', 'rules', 'edition'"
SECTIONS = "'urgent', 'supervised', 'late', 'approvals', 'callbacks', 'drafts', 'shelved', 'instructions'"
MOMENT = sa.DateTime(timezone=True)

SEALS = """
CREATE FUNCTION keep_signed_handover() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.signed_in_at IS NOT NULL OR OLD.taken_back_at IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = format('hand-over %s is over and stays as it is', OLD.id);
    END IF;
    IF OLD.signed_out_at IS NOT NULL AND (NEW.signed_out_by, NEW.signed_out_at, NEW.instead_of, NEW.summary) IS DISTINCT FROM
        (OLD.signed_out_by, OLD.signed_out_at, OLD.instead_of, OLD.summary) THEN
        RAISE insufficient_privilege USING MESSAGE = format('hand-over %s is signed by who goes', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_signed_handover BEFORE UPDATE OR DELETE ON handover
    FOR EACH ROW EXECUTE FUNCTION keep_signed_handover();

CREATE FUNCTION keep_signed_paper() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM handover WHERE id = NEW.handover AND signed_in_at IS NOT NULL) THEN
        RAISE insufficient_privilege USING MESSAGE = format('the paper of hand-over %s is signed', NEW.handover);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_signed_paper BEFORE INSERT ON handover_item FOR EACH ROW EXECUTE FUNCTION keep_signed_paper();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON handover_item FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_signed_paper BEFORE INSERT OR UPDATE ON handover_carried
    FOR EACH ROW EXECUTE FUNCTION keep_signed_paper();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON duty_log FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def _known(table: str, column: str, values: str) -> None:
    """The column of a table holds one of the values from now on."""
    name = f"ck_{table}_{column}_known"
    op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({column} IN ({values}))")


def _change_shifts() -> None:
    """Shifts know when they were, one of a unit is in force, one planned; members know the desk they sat at."""
    for column in ("opened_at", "closed_at", "told_at"):
        op.add_column("shift", sa.Column(column, MOMENT, nullable=True))
    op.execute("UPDATE shift SET opened_at = starts_at WHERE state <> 'planned'")
    op.drop_constraint(op.f("ck_shift_open_has_lead"), "shift")
    op.create_check_constraint(
        op.f("ck_shift_open_has_lead"), "shift", "state NOT IN ('open', 'handing_over') OR lead IS NOT NULL"
    )
    op.drop_index("uq_shift_one_open", "shift")
    for name, rule in (
        ("uq_shift_one_open", "state IN ('open', 'handing_over')"),
        ("uq_shift_one_planned", "state = 'planned'"),
    ):
        op.create_index(name, "shift", ["unit"], unique=True, postgresql_where=sa.text(rule))
    op.create_table(
        "shift_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("unit", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_shift_template_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_template")),
        sa.UniqueConstraint("unit", "starts_at", name=op.f("uq_shift_template_unit_starts_at")),
    )
    op.add_column("shift_member", sa.Column("session", sa.Uuid(), nullable=True))
    op.execute("UPDATE shift_member SET session = id")
    op.create_index("ix_shift_member_session", "shift_member", ["session"])


def _change_duty_log() -> None:
    """A line of the duty log belongs to a shift, may be about an incident, and may say that an earlier one is done."""
    for name, target in (("shift", "shift.id"), ("incident", "incident.id")):
        op.add_column("duty_log", sa.Column(name, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_duty_log_{name}"), "duty_log", target.split(".")[0], [name], ["id"])
    op.add_column("duty_log", sa.Column("closes", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_duty_log_closes"), "duty_log", "duty_log", ["closes"], ["number"])
    op.create_index("ix_duty_log_shift", "duty_log", ["shift", "number"])
    op.create_index(
        "ix_duty_log_to_do", "duty_log", ["number"], postgresql_where=sa.text("kind IN ('instruction', 'callback')")
    )
    op.create_index("uq_duty_log_closes", "duty_log", ["closes"], unique=True, postgresql_where=sa.text("closes IS NOT NULL"))


def _create_handover() -> None:
    staff = ("began_by", "signed_out_by", "signed_in_by")
    op.create_table(
        "handover",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("unit", "out_shift", "in_shift")),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("began_by", sa.Uuid(), nullable=False),
        sa.Column("signed_out_by", sa.Uuid(), nullable=True),
        sa.Column("signed_out_at", MOMENT, nullable=True),
        sa.Column("instead_of", sa.Text(), server_default="", nullable=False),
        sa.Column("signed_in_by", sa.Uuid(), nullable=True),
        sa.Column("signed_in_at", MOMENT, nullable=True),
        sa.Column("summary", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("taken_back_at", MOMENT, nullable=True),
        sa.Column("flow", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.CheckConstraint("out_shift <> in_shift", name=op.f("ck_handover_two_shifts")),
        sa.CheckConstraint("signed_in_by <> signed_out_by", name=op.f("ck_handover_two_people")),
        sa.CheckConstraint("(signed_out_by IS NULL) = (signed_out_at IS NULL)", name=op.f("ck_handover_signed_out_when")),
        sa.CheckConstraint("(signed_in_by IS NULL) = (signed_in_at IS NULL)", name=op.f("ck_handover_signed_in_when")),
        sa.CheckConstraint("signed_in_at IS NULL OR signed_out_at IS NOT NULL", name=op.f("ck_handover_out_before_in")),
        sa.CheckConstraint("taken_back_at IS NULL OR signed_out_at IS NULL", name=op.f("ck_handover_nobody_signed")),
        *(sa.ForeignKeyConstraint([name], ["staff.id"], name=op.f(f"fk_handover_{name}")) for name in staff),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_handover_{name}"))
            for name, table in (("unit", "unit"), ("out_shift", "shift"), ("in_shift", "shift"))
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    runs = sa.text("signed_in_at IS NULL AND taken_back_at IS NULL")
    op.create_index("uq_handover_one_runs", "handover", ["unit"], unique=True, postgresql_where=runs)
    op.create_index("ix_handover_signed", "handover", ["unit", "signed_in_at"])


def _create_papers() -> None:
    op.create_table(
        "handover_item",
        sa.Column("handover", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("section", "item", "title", "stands")),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("number", "grid")),
        sa.Column("confidentiality", sa.Integer(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("came_late", sa.Boolean(), nullable=False),
        sa.CheckConstraint("paper IN ('out', 'in')", name=op.f("ck_handover_item_paper_known")),
        sa.CheckConstraint(f"section IN ({SECTIONS})", name=op.f("ck_handover_item_section_known")),
        sa.CheckConstraint("mark IN ('new', 'changed', 'same', 'gone')", name=op.f("ck_handover_item_mark_known")),
        sa.ForeignKeyConstraint(["handover"], ["handover.id"], name=op.f("fk_handover_item_handover")),
        sa.ForeignKeyConstraint(["incident"], ["incident.id"], name=op.f("fk_handover_item_incident")),
        sa.PrimaryKeyConstraint("handover", "paper", "ord", name=op.f("pk_handover_item")),
    )
    op.create_table(
        "handover_carried",
        sa.Column("handover", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("items", sa.LargeBinary(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["handover"], ["handover.id"], name=op.f("fk_handover_carried_handover")),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_handover_carried_staff")),
        sa.PrimaryKeyConstraint("handover", "staff", name=op.f("pk_handover_carried")),
    )
    op.create_table(
        "shift_order",
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("made", sa.Uuid(), nullable=True),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff"], ["staff.id"], name=op.f("fk_shift_order_staff")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_shift_order")),
    )


def upgrade() -> None:
    """Shifts that are handed over, and the log of duty."""
    _known("change_log", "kind", f"{KINDS}, 'shift'")
    for table in ("post", "worker"):
        _known(table, "role", f"{ROLES}, 'NW'")
    _change_shifts()
    _change_duty_log()
    _create_handover()
    _create_papers()
    op.execute(SEALS)
    op.execute(f"GRANT SELECT ON shift_template TO {APP}")
    op.execute(f"GRANT INSERT, UPDATE (state, lead, ends_at, opened_at, closed_at, told_at) ON shift TO {APP}")
    op.execute(f"GRANT UPDATE (shift) ON desk_session TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON handover, handover_carried TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON handover_item, shift_order TO {APP}")


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP TRIGGER refuse_change ON duty_log")
    for table in ("shift_order", "handover_carried", "handover_item", "handover", "shift_template"):
        op.drop_table(table)
    for name in ("keep_signed_handover()", "keep_signed_paper()"):
        op.execute(f"DROP FUNCTION {name}")
    op.drop_index("ix_duty_log_to_do", "duty_log")
    for column in ("shift", "incident", "closes"):
        op.drop_column("duty_log", column)
    op.drop_column("shift_member", "session")
    op.drop_index("uq_shift_one_planned", "shift")
    op.drop_index("uq_shift_one_open", "shift")
    op.drop_constraint(op.f("ck_shift_open_has_lead"), "shift")
    op.create_check_constraint(op.f("ck_shift_open_has_lead"), "shift", "state <> 'open' OR lead IS NOT NULL")
    op.create_index("uq_shift_one_open", "shift", ["unit"], unique=True, postgresql_where=sa.text("state = 'open'"))
    for column in ("opened_at", "closed_at", "told_at"):
        op.drop_column("shift", column)
    op.execute(f"REVOKE INSERT, UPDATE ON shift FROM {APP}")
    op.execute(f"REVOKE UPDATE (shift) ON desk_session FROM {APP}")
    for table in ("post", "worker"):
        _known(table, "role", ROLES)
    _known("change_log", "kind", KINDS)
