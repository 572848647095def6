"""Visits and patrols that workers tell of, and what K30 says of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry

revision = "0016"
down_revision = "0015"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
DEFINITIONS = (
    ("K30a", "走访周达标率（8小时、2户）", "Visits: 8 hours, 2 households a week", "patrol_weeks/1"),
    ("K30b", "周六网格日到岗率", "Saturdays: half a day", "patrol_saturdays/1"),
    ("K30c", "月走访 30 户达标率", "Visits: 30 households a month", "patrol_households/1"),
    ("K30d", "核实任务零积压率", "No verification left open", "patrol_backlog/1"),
)


def upgrade() -> None:
    """The table, its guards, and the parts of K30."""
    op.create_table(
        "visit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("began_at", "ended_at", "received_at")),
        sa.Column(
            "place",
            Geometry(
                "POINT",
                srid=4490,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("household", sa.LargeBinary(), nullable=True),
        sa.Column("is_seen", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('patrol', 'routine', 'wednesday_night', 'saturday', 'campaign')", name=op.f("ck_visit_kind_known")
        ),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_visit_ends_after_it_begins")),
        sa.CheckConstraint("(kind = 'patrol') = (household IS NULL)", name=op.f("ck_visit_household_but_on_patrol")),
        sa.CheckConstraint("octet_length(household) = 32", name=op.f("ck_visit_household_marked")),
        sa.CheckConstraint("is_seen OR reason <> ''", name=op.f("ck_visit_seen_or_why_not")),
        sa.ForeignKeyConstraint(["worker"], ["worker.staff"], name=op.f("fk_visit_worker")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    op.execute(
        "ALTER TABLE visit ADD CONSTRAINT ex_visit_one_at_a_time EXCLUDE USING gist "
        "(worker WITH =, tstzrange(began_at, ended_at) WITH &&)"
    )
    op.create_index("ix_visit_began_at", "visit", ["began_at"])
    op.execute("CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON visit FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(f"GRANT SELECT, INSERT ON visit TO {APP}")
    for code, name_zh, name_en, formula in DEFINITIONS:
        op.execute(f"INSERT INTO indicator SELECT '{code}', max(ord) + 1, '{name_zh}', '{name_en}' FROM indicator")
        op.execute(f"INSERT INTO indicator_version VALUES ('{code}', '2000-01-01', '{formula}', 'percent', 'up', 0, 100)")


def downgrade() -> None:
    """Take it back."""
    codes = ", ".join(f"'{code}'" for code, *_ in DEFINITIONS)
    op.execute("ALTER TABLE indicator_version DISABLE TRIGGER refuse_change")
    for table in ("indicator_version", "indicator"):
        op.execute(f"DELETE FROM {table} WHERE code IN ({codes})")
    op.execute("ALTER TABLE indicator_version ENABLE TRIGGER refuse_change")
    op.drop_table("visit")
