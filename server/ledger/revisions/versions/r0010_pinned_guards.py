"""Guards that nobody can shadow, and an incident that stands where its log says."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"

FUNCTIONS = ("follow_last_step()", "follow_last_change()", "only_rise()", "refuse_change()")

STATE_GUARD = """
CREATE FUNCTION stand_where_the_log_says() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stands text;
    logged text;
BEGIN
    SELECT state INTO stands FROM incident WHERE id = NEW.id;
    SELECT to_state INTO logged FROM incident_transition WHERE incident = NEW.id ORDER BY seq DESC LIMIT 1;
    IF stands IS DISTINCT FROM logged THEN
        RAISE check_violation USING MESSAGE = format('incident %s stands in %s, its log in %s', NEW.id, stands, logged);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stand_where_the_log_says AFTER INSERT OR UPDATE ON incident
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stand_where_the_log_says();
"""

STEP_GUARD = """
CREATE FUNCTION be_followed_by_the_incident() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    stands text;
    reached int;
    logged text;
BEGIN
    SELECT state, version INTO stands, reached FROM incident WHERE id = NEW.incident;
    SELECT to_state INTO logged FROM incident_transition WHERE incident = NEW.incident ORDER BY seq DESC LIMIT 1;
    IF reached < NEW.seq OR stands IS DISTINCT FROM logged THEN
        RAISE check_violation USING MESSAGE = format('incident %s did not follow step %s of its log', NEW.incident, NEW.seq);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER be_followed_by_the_incident AFTER INSERT ON incident_transition
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION be_followed_by_the_incident();
"""

AREA_SNAPSHOT = """
CREATE FUNCTION freeze_areas() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.filed_at IS NOT NULL THEN
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
CREATE TRIGGER freeze_areas BEFORE INSERT OR UPDATE ON incident FOR EACH ROW EXECUTE FUNCTION freeze_areas();
"""

GRADE_GUARD = """
CREATE FUNCTION rise_in_grade() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.grade < OLD.grade THEN
        RAISE check_violation USING MESSAGE = format('the grade of supervision order %s only rises', OLD.id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rise_in_grade BEFORE UPDATE ON supervision_order FOR EACH ROW EXECUTE FUNCTION rise_in_grade();
"""


def upgrade() -> None:
    """Pin where the guards look for tables; take temporary tables away; compare state and log at the commit."""
    for name in FUNCTIONS:
        op.execute(f"ALTER FUNCTION {name} SET search_path = public, pg_temp")
    op.execute("DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$")
    for guard in (STATE_GUARD, STEP_GUARD, GRADE_GUARD, AREA_SNAPSHOT):
        op.execute(guard)


def downgrade() -> None:
    """Take it back."""
    for name in ("stand_where_the_log_says()", "be_followed_by_the_incident()", "rise_in_grade()", "freeze_areas()"):
        op.execute(f"DROP FUNCTION {name} CASCADE")
    op.execute("DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$")
    for name in FUNCTIONS:
        op.execute(f"ALTER FUNCTION {name} RESET search_path")
