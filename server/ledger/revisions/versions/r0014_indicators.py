"""What indicators are computed from, and months that are frozen."""
# ruff: noqa: E501 -- a CHECK is one string

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"

APP = "gridwarden_app"
MOMENT = sa.DateTime(timezone=True)
SINCE = "2000-01-01"

# Code, name, formula, unit, direction, weight, target. Targets and weights are a district's own choice; K21d is of the founding texts.
DEFINITIONS: tuple[tuple[str, str, str, str, str, str, str, str | None], ...] = (
    ("K01", "上报数", "Reported", "reported/1", "count", "none", "0", None),
    ("K02", "立案率", "Filing rate", "filing_rate/1", "percent", "none", "0", None),
    ("K03", "按时受理率", "Intake in time", "intake_in_time/1", "percent", "up", "5", "95"),
    ("K04", "按时核实率", "Verified in time", "verify_in_time/1", "percent", "up", "5", "95"),
    ("K05", "准确派遣率", "Dispatch accuracy", "dispatch_accuracy/1", "percent", "up", "5", "95"),
    ("K06", "应处置数", "Should be handled", "should_handle/1", "count", "none", "0", None),
    ("K07", "处置率", "Handling rate", "handled/1", "percent", "up", "10", "98"),
    ("K08", "按期处置率", "Handled in time", "handled_in_time/1", "percent", "up", "15", "95"),
    ("K09", "应结案数", "Should be closed", "should_close/1", "count", "none", "0", None),
    ("K10", "结案率", "Closing rate", "closed/1", "percent", "up", "10", "98"),
    ("K11", "按期结案率", "Closed in time", "closed_in_time/1", "percent", "up", "15", "95"),
    ("K12a", "特急结案率", "Immediate: closed", "urgent_closed/1", "percent", "up", "5", "100"),
    ("K12b", "特急按期结案率", "Immediate: closed in time", "urgent_closed_in_time/1", "percent", "up", "5", "98"),
    ("K13", "问题解决率", "Solved", "solved/1", "percent", "up", "5", "98"),
    ("K14", "实时办结率", "Completed to date", "completed_to_date/1", "percent", "up", "0", "99"),
    ("K15a", "返工率", "Rework rate", "rework_rate/1", "percent", "down", "5", "2"),
    ("K15b", "返工次数", "Reworks", "rework_total/1", "count", "down", "0", None),
    ("K16", "推诿率", "Return rate", "return_rate/1", "percent", "down", "5", "5"),
    ("K17a", "延期率", "Extended", "extended_rate/1", "percent", "down", "0", "5"),
    ("K17b", "缓办率", "Deferred", "deferred_rate/1", "percent", "down", "0", "3"),
    ("K17c", "挂账率", "Parked", "listed_rate/1", "percent", "down", "0", "1"),
    ("K18a", "平均处置用时", "Handling time, mean", "used_mean/1", "hours", "down", "0", None),
    ("K18b", "处置用时中位数", "Handling time, median", "used_median/1", "hours", "down", "0", None),
    ("K18c", "处置用时九成位", "Handling time, 90 %", "used_p90/1", "hours", "down", "0", None),
    ("K18d", "平均历时", "Elapsed, mean", "wall_mean/1", "hours", "down", "0", None),
    ("K18e", "历时中位数", "Elapsed, median", "wall_median/1", "hours", "down", "0", None),
    ("K18f", "历时九成位", "Elapsed, 90 %", "wall_p90/1", "hours", "down", "0", None),
    ("K19", "超时倍数", "Overtime multiple", "overtime_mean/1", "times", "down", "0", None),
    ("K20a", "签收用时中位数", "Time to acknowledge", "ack_median/1", "minutes", "down", "0", "15"),
    ("K20b", "接单用时中位数", "Time to accept", "accept_median/1", "minutes", "down", "0", "30"),
    ("K20c", "到场用时中位数", "Time to arrive", "arrive_median/1", "minutes", "down", "0", "120"),
    ("K21a", "小事就地化解率", "Minor: contained", "contained_minor/1", "percent", "up", "0", "90"),
    ("K21b", "大事就地化解率", "Major: contained", "contained_major/1", "percent", "up", "0", "90"),
    ("K21c", "重大就地化解率", "Grave: contained", "contained_grave/1", "percent", "up", "0", "100"),
    ("K21d", "矛盾网格化解率", "Disputes settled in the grid", "contained_disputes/1", "percent", "up", "5", "90"),
    ("K22", "百件自动升级数", "Escalations per 100", "auto_escalations/1", "per_100", "down", "0", "10"),
    ("K23a", "督办单数", "Supervision orders", "supervision_issued/1", "count", "down", "0", None),
    ("K23b", "督办按时回复率", "Supervision answered in time", "supervision_in_time/1", "percent", "up", "0", "95"),
    ("K23c", "红牌督办数", "Red supervision", "supervision_red/1", "count", "down", "0", "0"),
    ("K23d", "百件督办数", "Supervision per 100", "supervision_per_100/1", "per_100", "down", "0", "5"),
    ("K24", "按时反馈率", "Feedback in time", "feedback_in_time/1", "percent", "up", "5", "98"),
    ("K25a", "满意率", "Satisfied", "satisfied/1", "percent", "up", "0", "90"),
    ("K25b", "评价率", "Rated", "rated/1", "percent", "up", "0", None),
    ("K26", "重复发生率", "Repeated", "repeated/1", "percent", "down", "0", "5"),
    ("K27a", "被动发现占比", "Discovered passively", "share_passive/1", "percent", "none", "0", None),
    ("K27b", "主动发现占比", "Discovered actively", "share_active/1", "percent", "none", "0", None),
    ("K27c", "智慧发现占比", "Discovered smartly", "share_smart/1", "percent", "none", "0", None),
    ("K28a", "服务类占比", "Service: share", "share_service/1", "percent", "none", "0", None),
    ("K28b", "管制类占比", "Regulation: share", "share_regulation/1", "percent", "none", "0", None),
    ("K28c", "服务类解决率", "Service: solved", "solved_service/1", "percent", "up", "0", "98"),
    ("K28d", "管制类解决率", "Regulation: solved", "solved_regulation/1", "percent", "up", "0", "98"),
    ("K29", "有效上报率", "Valid reports of workers", "valid_reports/1", "percent", "up", "0", "90"),
    ("K30", "8630 巡查达标率", "Patrol compliance (8630)", "patrol/1", "percent", "up", "0", "100"),
)

ARITHMETIC = """
CREATE FUNCTION percent_of(part numeric, whole numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = public, pg_temp AS
'SELECT CASE WHEN whole > 0 THEN round(100 * part / whole, 2) END';

CREATE FUNCTION rules_in_force(at timestamptz) RETURNS integer LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT version FROM rules_version ORDER BY since > at, CASE WHEN since <= at THEN since END DESC,
        CASE WHEN since <= at THEN version END DESC, since, version LIMIT 1
$$;

CREATE FUNCTION work_later(start timestamptz, seconds double precision, rules integer) RETURNS timestamptz
LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    zone CONSTANT text := 'Asia/Shanghai';
    first CONSTANT date := (start AT TIME ZONE 'Asia/Shanghai')::date - 1;
    daily CONSTANT jsonb := (SELECT settings -> 'hours' FROM rules_version WHERE version = rules);
    worked_until timestamptz := first::timestamp AT TIME ZONE zone;
    left_s double precision := greatest(seconds, 0);
    day date;
    own work_calendar%ROWTYPE;
    hours jsonb;
    span record;
    begins timestamptz;
BEGIN
    FOR n IN 0..3999 LOOP
        day := first + n;
        SELECT * INTO own FROM work_calendar w WHERE w.version = rules AND w.day = first + n;
        CONTINUE WHEN own.kind = 'rest' OR (own.kind IS NULL AND extract(isodow FROM day) > 5);
        hours := CASE WHEN own.am_start IS NULL AND own.pm_start IS NULL THEN daily ELSE jsonb_path_query_array(
            jsonb_build_array(jsonb_build_array(own.am_start, own.am_end), jsonb_build_array(own.pm_start, own.pm_end)),
            '$[*] ? (@[0] != null)') END;
        FOR span IN
            SELECT (day + o) AT TIME ZONE zone AS opens,
                (CASE WHEN c > o THEN day ELSE day + 1 END + c) AT TIME ZONE zone AS closes
            FROM (SELECT (h ->> 0)::time AS o, (h ->> 1)::time AS c FROM jsonb_array_elements(hours) h) x ORDER BY o, c
        LOOP
            CONTINUE WHEN span.closes <= worked_until;
            begins := greatest(span.opens, worked_until, start);
            worked_until := span.closes;
            CONTINUE WHEN span.closes <= start;
            IF extract(epoch FROM span.closes - begins) >= left_s THEN
                RETURN begins + make_interval(secs => left_s);
            END IF;
            left_s := left_s - extract(epoch FROM span.closes - begins);
        END LOOP;
    END LOOP;
    RAISE EXCEPTION 'no end of % working seconds', seconds;
END $$;

CREATE FUNCTION check_due(due timestamptz, filed timestamptz, of_category text, of_grid text, of_urgency integer, of_mode text)
RETURNS timestamptz LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    rules CONSTANT integer := rules_in_force(filed);
    found record;
BEGIN
    SELECT s.amount, s.unit INTO found FROM category_sla s WHERE s.version = rules AND s.stage = 'check'
        AND s.urgency = CASE of_mode WHEN 'direct' THEN 2 ELSE of_urgency END
        AND s.category IN ('', of_category, left(of_category, 2)) AND starts_with(of_grid, s.area)
    ORDER BY length(s.category) DESC, length(s.area) DESC LIMIT 1;
    RETURN CASE found.unit
        WHEN 'second' THEN due + make_interval(secs => found.amount)
        WHEN 'minute' THEN due + make_interval(secs => found.amount * 60)
        WHEN 'urgent_hour' THEN due + make_interval(secs => found.amount * 3600)
        WHEN 'natural_day' THEN due + make_interval(secs => found.amount * 86400)
        WHEN 'work_hour' THEN work_later(due, found.amount * 3600, rules)
        WHEN 'work_day' THEN work_later(due, found.amount * (
            SELECT sum(extract(epoch FROM CASE WHEN c > o THEN c - o ELSE c - o + interval '1 day' END))
            FROM (SELECT (h ->> 0)::time AS o, (h ->> 1)::time AS c FROM rules_version v, jsonb_array_elements(v.settings -> 'hours') h
                WHERE v.version = rules) x)::double precision, rules)
        ELSE due END;
END $$;
"""

KEPT = """
CREATE FUNCTION frame_cycle() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO cycle_frame (incident, cycle, grid, place, nature, magnitude, urgency, mode)
    SELECT NEW.incident, NEW.cycle, i.grid, i.place, i.nature, i.magnitude, i.urgency,
        CASE WHEN EXISTS (SELECT 1 FROM incident_transition t WHERE t.incident = i.id AND t.row = 'E48'
            AND t.at BETWEEN NEW.filed_at AND NEW.ended_at) THEN 'direct' ELSE 'normal' END
    FROM incident i WHERE i.id = NEW.incident;
    RETURN NULL;
END $$;
CREATE TRIGGER frame_cycle AFTER INSERT ON incident_cycle FOR EACH ROW EXECUTE FUNCTION frame_cycle();

CREATE FUNCTION keep_earlier_state() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO earlier_state (kind, id, until, body)
    SELECT TG_TABLE_NAME, OLD.id, i.changed_at, (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(OLD))
        WHERE key IN ('role', 'state', 'grade', 'cause', 'reply_due', 'replied_at', 'sent_at', 'satisfaction'))
    FROM incident i WHERE i.id = NEW.incident;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_earlier_state AFTER UPDATE ON feedback FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_earlier_state();
CREATE TRIGGER keep_earlier_state AFTER UPDATE ON supervision_order FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION keep_earlier_state();
CREATE TRIGGER keep_earlier_state AFTER UPDATE ON assignment FOR EACH ROW
    WHEN (OLD.role <> NEW.role OR (OLD.state <> NEW.state AND NEW.state IN ('returned', 'recalled')))
    EXECUTE FUNCTION keep_earlier_state();

CREATE FUNCTION only_published() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.state <> 'frozen' OR NEW.state <> 'published'
        OR to_jsonb(NEW) - 'state' - 'published_at' - 'published_by' <> to_jsonb(OLD) - 'state' - 'published_at' - 'published_by' THEN
        RAISE insufficient_privilege USING MESSAGE = format('the month %s is frozen; it may only be published', OLD.month);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_published BEFORE UPDATE ON eval_period FOR EACH ROW EXECUTE FUNCTION only_published();
CREATE TRIGGER refuse_change BEFORE DELETE ON eval_period FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
FROZEN = ("indicator_version", "cycle_frame", "earlier_state", "eval_value", "eval_act", "export_log")
DECIDED = "row IN ('E06', 'E07', 'E08', 'E10', 'E11', 'E17', 'E22', 'E38', 'E48')"


def _names(table: str, *columns: str, to: str = "staff") -> list[sa.ForeignKeyConstraint]:
    """Columns that refer to another table."""
    return [sa.ForeignKeyConstraint([each], [f"{to}.id"], name=op.f(f"fk_{table}_{each}")) for each in columns]


def _definitions() -> None:
    """What each indicator is, by date."""
    op.create_table(
        "indicator",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("ord", sa.Integer(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicator")),
        sa.UniqueConstraint("ord", name=op.f("uq_indicator_ord")),
    )
    op.create_table(
        "indicator_version",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("formula", "unit", "direction")),
        sa.Column("weight", sa.Numeric(), nullable=False),
        sa.Column("target", sa.Numeric(), nullable=True),
        sa.CheckConstraint(
            "unit IN ('count', 'percent', 'hours', 'minutes', 'times', 'per_100')", name=op.f("ck_indicator_version_unit_known")
        ),
        sa.CheckConstraint("direction IN ('up', 'down', 'none')", name=op.f("ck_indicator_version_direction_known")),
        sa.CheckConstraint("weight >= 0", name=op.f("ck_indicator_version_weight")),
        sa.CheckConstraint("extract(day FROM since) = 1", name=op.f("ck_indicator_version_from_a_first")),
        sa.ForeignKeyConstraint(["code"], ["indicator.code"], name=op.f("fk_indicator_version_code")),
        sa.PrimaryKeyConstraint("code", "since", name=op.f("pk_indicator_version")),
    )
    for ordinal, (code, name_zh, name_en, formula, unit, direction, weight, target) in enumerate(DEFINITIONS):
        goal = "NULL" if target is None else target
        op.execute(f"INSERT INTO indicator VALUES ('{code}', {ordinal}, '{name_zh}', '{name_en}')")
        op.execute(
            f"INSERT INTO indicator_version VALUES ('{code}', '{SINCE}', '{formula}', '{unit}', '{direction}', {weight}, {goal})"
        )


def _kept() -> None:
    """What the tables of the incident do not keep for long: how a cycle lay, and how a row stood before."""
    op.create_table(
        "cycle_frame",
        sa.Column("incident", sa.Uuid(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
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
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("nature", "magnitude")),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        *_names("cycle_frame", "incident", to="incident"),
        sa.PrimaryKeyConstraint("incident", "cycle", name=op.f("pk_cycle_frame")),
    )
    op.create_table(
        "earlier_state",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("kind IN ('feedback', 'supervision_order', 'assignment')", name=op.f("ck_earlier_state_kind_known")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_earlier_state")),
    )
    op.create_index("ix_earlier_state_id_number", "earlier_state", ["id", "number"])


def _periods() -> None:
    """Months that are frozen, and who did what."""
    op.create_table(
        "eval_period",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("frozen_at", MOMENT, nullable=False),
        sa.Column("frozen_by", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state IN ('frozen', 'published')", name=op.f("ck_eval_period_state_known")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_eval_period_first_day")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_eval_period_digest")),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL AND published_by IS NOT NULL)",
            name=op.f("ck_eval_period_published_when"),
        ),
        *_names("eval_period", "frozen_by", "published_by"),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_eval_period")),
    )
    op.create_table(
        "eval_value",
        sa.Column("month", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("boundaries", "subject", "code")),
        *(sa.Column(name, sa.Numeric(), nullable=True) for name in ("num", "den", "raw", "value")),
        sa.Column("persons", sa.Integer(), nullable=True),
        sa.Column("ids_hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("boundaries IN ('filing', 'current')", name=op.f("ck_eval_value_boundaries_known")),
        sa.CheckConstraint("octet_length(ids_hash) = 32", name=op.f("ck_eval_value_ids_hash")),
        sa.ForeignKeyConstraint(["month"], ["eval_period.month"], name=op.f("fk_eval_value_month")),
        sa.ForeignKeyConstraint(["code"], ["indicator.code"], name=op.f("fk_eval_value_code")),
        sa.PrimaryKeyConstraint("month", "boundaries", "subject", "code", name=op.f("pk_eval_value")),
    )
    op.create_table(
        "eval_act",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("detail", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("act IN ('freeze', 'publish', 'verify', 'show')", name=op.f("ck_eval_act_act_known")),
        *_names("eval_act", "staff"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_eval_act")),
    )
    op.create_table(
        "export_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("staff", sa.Uuid(), nullable=True),
        sa.Column("post", sa.Uuid(), nullable=True),
        sa.Column("os_user", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("filter", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("what IN ('indicators')", name=op.f("ck_export_log_what_known")),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_export_log_rows")),
        *_names("export_log", "staff"),
        *_names("export_log", "post", to="post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_log")),
    )
    op.create_index("ix_export_log_at", "export_log", ["at"])


def upgrade() -> None:
    """What indicators are computed from, and months that are frozen."""
    _definitions()
    _kept()
    _periods()
    for statements in (ARITHMETIC, KEPT):
        op.execute(statements)
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.create_index("ix_incident_reported_at", "incident", ["reported_at"])
    op.create_index("ix_incident_filed_at", "incident", ["filed_at"])
    op.create_index("ix_incident_cycle_ended_at", "incident_cycle", ["ended_at"])
    op.create_index("ix_incident_transition_decided_at", "incident_transition", ["at"], postgresql_where=sa.text(DECIDED))
    for table, column in (
        ("report", "received_at"),
        ("feedback", "due_at"),
        ("feedback", "sent_at"),
        ("assignment", "sent_at"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])
    op.create_index("ix_supervision_order_issued_at", "supervision_order", ["issued_at"])
    op.create_index("ix_verify_task_assigned_at", "verify_task", ["assigned_at"])
    op.execute(f"GRANT SELECT ON indicator, indicator_version TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON {', '.join(FROZEN[1:])}, eval_period TO {APP}")
    op.execute(f"GRANT UPDATE (state, published_at, published_by) ON eval_period TO {APP}")


def downgrade() -> None:
    """Take it back."""
    for table, column in (
        ("incident", "reported_at"),
        ("incident", "filed_at"),
        ("incident_cycle", "ended_at"),
        ("incident_transition", "decided_at"),
        ("report", "received_at"),
        ("feedback", "due_at"),
        ("feedback", "sent_at"),
        ("assignment", "sent_at"),
        ("supervision_order", "issued_at"),
        ("verify_task", "assigned_at"),
    ):
        op.drop_index(f"ix_{table}_{column}", table)
    op.execute("DROP TRIGGER frame_cycle ON incident_cycle")
    for table in ("feedback", "supervision_order", "assignment"):
        op.execute(f"DROP TRIGGER keep_earlier_state ON {table}")
    for table in ("export_log", "eval_act", "eval_value", "eval_period", "earlier_state", "cycle_frame"):
        op.drop_table(table)
    for table in ("indicator_version", "indicator"):
        op.drop_table(table)
    for name in (
        "only_published()",
        "keep_earlier_state()",
        "frame_cycle()",
        "check_due(timestamptz, timestamptz, text, text, integer, text)",
        "work_later(timestamptz, double precision, integer)",
        "rules_in_force(timestamptz)",
        "percent_of(numeric, numeric)",
    ):
        op.execute(f"DROP FUNCTION {name}")
