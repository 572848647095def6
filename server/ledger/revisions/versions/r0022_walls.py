"""Display walls: layouts by revision, saved scenes, bound machines, and a log of who did what with them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0020"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
CODE = "[a-z0-9][a-z0-9_-]{0,31}"
STREAM, KIND = "ck_stream_counter_stream", "ck_change_log_kind_known"
STREAMS = "((around|unclaimed|unchecked)/)?([0-9]{9}|district)/[0-3]|(unit|person)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
KINDS = "'case', 'gone', 'worker', 'camera', 'rules', 'edition', 'shift'"
ACTS = (
    "'made', 'lease_taken', 'lease_given', 'lease_lapsed', 'layout', 'scene', 'slot', 'pop_up', 'scene_kept', "
    "'machine_bound', 'machine_closed'"
)
APPEND_ONLY = ("wall_layout", "wall_log")


def upgrade() -> None:
    """Five tables, and a kind of stream and of fact for them."""
    op.create_table(
        "wall",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "title", "area")),
        sa.Column("account", sa.Uuid(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("lease", postgresql.JSONB(), nullable=True),
        sa.Column("pop_ups", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.CheckConstraint(f"code ~ '^{CODE}$'", name=op.f("ck_wall_code")),
        sa.CheckConstraint("rev > 0", name=op.f("ck_wall_counted_from_one")),
        sa.ForeignKeyConstraint(["account"], ["account.id"], name=op.f("fk_wall_account")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_wall")),
        sa.UniqueConstraint("account", name=op.f("uq_wall_account")),
    )
    for table, first, more in (("wall_layout", "rev", ()), ("wall_scene", "name", ("length(name) BETWEEN 1 AND 20",))):
        op.create_table(
            table,
            sa.Column("wall", sa.Text(), nullable=False),
            sa.Column(first, sa.Integer() if first == "rev" else sa.Text(), nullable=False),
            sa.Column("layout", postgresql.JSONB(), nullable=False),
            sa.Column("at", MOMENT, nullable=False),
            *(sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{first}")) for rule in more),
            sa.ForeignKeyConstraint(["wall"], ["wall.code"], name=op.f(f"fk_{table}_wall")),
            sa.PrimaryKeyConstraint("wall", first, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "wall_machine",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("wall", "client_key", "name")),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("is_open", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint("client_key ~ '^[0-9a-f]{64}$'", name=op.f("ck_wall_machine_client_key")),
        sa.ForeignKeyConstraint(["wall"], ["wall.code"], name=op.f("fk_wall_machine_wall")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_machine")),
    )
    op.create_index(
        "uq_wall_machine_one_per_key", "wall_machine", ["client_key"], unique=True, postgresql_where=sa.text("is_open")
    )
    op.create_table(
        "wall_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wall", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Uuid(), nullable=True) for name in ("staff", "post")),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("incident", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.CheckConstraint(f"act IN ({ACTS})", name=op.f("ck_wall_log_act_known")),
        sa.ForeignKeyConstraint(["wall"], ["wall.code"], name=op.f("fk_wall_log_wall")),
        *(
            sa.ForeignKeyConstraint([name], [f"{name}.id"], name=op.f(f"fk_wall_log_{name}"))
            for name in ("staff", "post", "incident")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall_log")),
    )
    op.create_index("ix_wall_log_wall_at", "wall_log", ["wall", "at"])
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP}")
    op.execute(f"GRANT SELECT ON wall, wall_machine TO {APP}")
    op.execute(f"GRANT UPDATE (rev, lease, pop_ups) ON wall TO {APP}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON wall_scene TO {APP}")
    _allow(f"{STREAMS}|wall/{CODE}", f"{KINDS}, 'wall'")


def downgrade() -> None:
    """Take them back; what was told of walls has to be gone."""
    _allow(STREAMS, KINDS)
    for table in ("wall_log", "wall_machine", "wall_scene", "wall_layout", "wall"):
        op.drop_table(table)


def _allow(streams: str, kinds: str) -> None:
    """Which streams and kinds of facts there may be."""
    op.execute(f"ALTER TABLE stream_counter DROP CONSTRAINT {STREAM}")
    op.execute(f"ALTER TABLE stream_counter ADD CONSTRAINT {STREAM} CHECK (stream ~ '^({streams})$')")
    op.execute(f"ALTER TABLE change_log DROP CONSTRAINT {KIND}")
    op.execute(f"ALTER TABLE change_log ADD CONSTRAINT {KIND} CHECK (kind IN ({kinds}))")
