"""Triggers that keep logs contiguous and chained, and the rights of the application's role."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"

APP = "gridwarden_app"

GUARDS = """
CREATE FUNCTION follow_last_step() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last incident_transition%ROWTYPE;
BEGIN
    SELECT * INTO last FROM incident_transition WHERE incident = NEW.incident ORDER BY seq DESC LIMIT 1;
    IF last.seq IS NULL THEN
        IF NEW.seq <> 1 OR NEW.from_state IS NOT NULL OR NEW.prev_hash <> decode(repeat('00', 32), 'hex') THEN
            RAISE check_violation USING MESSAGE = 'the first step has seq 1, no state before it and an empty chain';
        END IF;
    ELSIF NEW.seq <> last.seq + 1 OR NEW.from_state IS DISTINCT FROM last.to_state OR NEW.prev_hash <> last.hash THEN
        RAISE check_violation USING MESSAGE = format('step %s of %s does not follow step %s', NEW.seq, NEW.incident, last.seq);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_last_step BEFORE INSERT ON incident_transition FOR EACH ROW EXECUTE FUNCTION follow_last_step();

CREATE FUNCTION follow_last_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> coalesce((SELECT max(number) FROM change_log WHERE stream = NEW.stream), 0) + 1 THEN
        RAISE check_violation USING MESSAGE = format('change %s leaves a hole in stream %s', NEW.number, NEW.stream);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_last_change BEFORE INSERT ON change_log FOR EACH ROW EXECUTE FUNCTION follow_last_change();

CREATE FUNCTION only_rise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.version <= OLD.version OR NEW.number <> OLD.number OR NEW.reported_at <> OLD.reported_at
        OR NEW.discovery <> OLD.discovery THEN
        RAISE check_violation USING MESSAGE = format('incident %s: the version rises, and the origin stays', OLD.number);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_rise BEFORE UPDATE ON incident FOR EACH ROW EXECUTE FUNCTION only_rise();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = format('%s is append-only', TG_TABLE_NAME);
END $$;

CREATE FUNCTION ensure_position_day(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE part text := 'worker_position_' || to_char(day, 'YYYYMMDD');
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext(part));
    IF to_regclass('public.' || part) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF worker_position FOR VALUES FROM (%L) TO (%L)', part,
            day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    END IF;
END $$;
REVOKE ALL ON FUNCTION ensure_position_day(date) FROM PUBLIC;
"""

APPEND_ONLY = (
    "report",
    "report_person",
    "incident_transition",
    "attachment",
    "escalation",
    "change_log",
    "answered_order",
    "video_session",
    "pii_access",
    "duty_log",
    "worker_position",
)
READ_ONLY = (
    "area",
    "area_version",
    "town_edition",
    "town_pack",
    "setting",
    "unit",
    "staff",
    "worker",
    "post",
    "post_assignment",
    "grid_staffing",
    "category",
    "category_sla",
    "duty_matrix",
    "work_calendar",
    "rules_version",
    "shift",
)
MOVING = (
    "incident",
    "assignment",
    "timer",
    "verify_task",
    "feedback",
    "supervision_order",
    "stream_counter",
    "day_counter",
)
COLUMNS = {
    "account": "must_change, failed_count, locked_until, last_login",
    "camera": "state",
    "device": "last_seen",
    "worker_live": "duty, is_on_call, live_tasks, declined, declined_on, place, fix_at",
    "shift_member": "off_at",
    "desk_session": "expires_at, ended_at, ended_reason",
}
INSERTED = ("shift_member", "desk_session")


def upgrade() -> None:
    """Guard the logs; give the application exactly what it needs. The role exists before the first revision."""
    op.execute(GUARDS)
    for table in APPEND_ONLY:
        op.execute(f"GRANT SELECT, INSERT ON {table} TO {APP}")
    for table in ("incident_transition", "change_log", "report", "escalation", "pii_access", "video_session"):
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    for table in READ_ONLY:
        op.execute(f"GRANT SELECT ON {table} TO {APP}")
    for table in MOVING:
        op.execute(f"GRANT SELECT, INSERT, UPDATE ON {table} TO {APP}")
    for table, columns in COLUMNS.items():
        op.execute(f"GRANT SELECT ON {table} TO {APP}")
        op.execute(f"GRANT UPDATE ({columns}) ON {table} TO {APP}")
    for table in INSERTED:
        op.execute(f"GRANT INSERT ON {table} TO {APP}")
    op.execute(f"GRANT EXECUTE ON FUNCTION ensure_position_day(date) TO {APP}")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP}")


def downgrade() -> None:
    """Take the guards and rights away."""
    for table in (*APPEND_ONLY, *READ_ONLY, *MOVING, *COLUMNS):
        op.execute(f"REVOKE ALL ON {table} FROM {APP}")
    for name in ("follow_last_step()", "follow_last_change()", "only_rise()", "refuse_change()", "ensure_position_day(date)"):
        op.execute(f"DROP FUNCTION {name} CASCADE")
