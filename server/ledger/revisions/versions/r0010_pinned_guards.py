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


def upgrade() -> None:
    """Pin where the guards look for tables; take temporary tables away; compare state and log at the commit."""
    for name in FUNCTIONS:
        op.execute(f"ALTER FUNCTION {name} SET search_path = public, pg_temp")
    op.execute("DO $$ BEGIN EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database()); END $$")
    op.execute(STATE_GUARD)


def downgrade() -> None:
    """Take it back."""
    op.execute("DROP FUNCTION stand_where_the_log_says() CASCADE")
    op.execute("DO $$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC', current_database()); END $$")
    for name in FUNCTIONS:
        op.execute(f"ALTER FUNCTION {name} RESET search_path")
