"""Rules that an administrator changes, by date: every version stands whole, and who loaded it is on record."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"

APP = "gridwarden_app"
STAGES = ("intake", "verify", "dispatch", "ack", "accept", "arrive", "resolve", "check", "feedback")
NEW_STAGES = ("backfill", "approval", "report_first", "report_written", "report_followup")
NEW_SETTINGS = (
    *("supervision_hours", "sample_percent", "widen_step", "widen_most", "suspend_days"),
    *("reopen_days", "reconsider_days", "unmerge_hours", "undo_merge_minutes", "plan_areas"),
)
FROZEN = ("rules_version", "rules_load", "rules_entered", "category_version", "category_sla", "duty_matrix", "work_calendar")

OF_A_CATEGORY = (
    "name_zh, name_en, nature, icon, platform, magnitude, first_level, check_mode, skills, evidence, sensitive, "
    "merge_radius_m, merge_window_h"
)

RECORDS = """
CREATE TABLE rules_load (
    version integer NOT NULL CONSTRAINT fk_rules_load_version REFERENCES rules_version,
    at timestamptz NOT NULL,
    account uuid CONSTRAINT fk_rules_load_account REFERENCES account,
    os_user text NOT NULL,
    base integer NOT NULL CONSTRAINT fk_rules_load_base REFERENCES rules_version,
    files jsonb NOT NULL,
    difference jsonb NOT NULL,
    CONSTRAINT pk_rules_load PRIMARY KEY (version)
);
CREATE TABLE rules_entered (
    version integer NOT NULL CONSTRAINT fk_rules_entered_version REFERENCES rules_version,
    at timestamptz NOT NULL,
    CONSTRAINT pk_rules_entered PRIMARY KEY (version)
);
INSERT INTO rules_entered SELECT version, since FROM rules_version;
UPDATE rules_version SET settings = '{
    "supervision_hours": [0, 24, 8, 4, 2], "sample_percent": 100, "widen_step": 2, "widen_most": 8,
    "suspend_days": {"defer": 30, "list": 180}, "reopen_days": 30, "reconsider_days": 7, "unmerge_hours": 24,
    "undo_merge_minutes": 5, "plan_areas": []
}'::jsonb || settings;
"""

CATEGORIES = f"""
CREATE TABLE category_version (
    version integer NOT NULL CONSTRAINT fk_category_version_version REFERENCES rules_version,
    code text NOT NULL CONSTRAINT fk_category_version_code REFERENCES category,
    ord integer NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    nature text NOT NULL,
    icon text NOT NULL,
    platform text NOT NULL,
    magnitude text NOT NULL,
    first_level integer NOT NULL,
    check_mode text NOT NULL,
    skills text[] NOT NULL,
    evidence boolean NOT NULL,
    sensitive boolean NOT NULL,
    merge_radius_m double precision NOT NULL,
    merge_window_h double precision NOT NULL,
    verify boolean NOT NULL,
    outside text[] NOT NULL,
    tell text[] NOT NULL,
    auto_dispatch boolean NOT NULL,
    merge_group text NOT NULL,
    filing_condition text NOT NULL,
    filing_condition_en text NOT NULL,
    closing_condition text NOT NULL,
    closing_condition_en text NOT NULL,
    card jsonb,
    CONSTRAINT pk_category_version PRIMARY KEY (version, code),
    CONSTRAINT uq_category_version_version_ord UNIQUE (version, ord),
    CONSTRAINT ck_category_version_check_mode_known CHECK (check_mode IN ('onsite', 'photo', 'sample', 'phone')),
    CONSTRAINT ck_category_version_magnitude_known CHECK (magnitude IN ('minor', 'major', 'grave')),
    CONSTRAINT ck_category_version_nature_known CHECK (nature IN ('service', 'regulation')),
    CONSTRAINT ck_category_version_first_level CHECK (first_level BETWEEN 1 AND 4)
);
INSERT INTO category_version SELECT v.version, code, ord, {OF_A_CATEGORY},
    false, '{{}}', '{{}}', false, '', '', '', '', '', NULL FROM rules_version v, category;
ALTER TABLE category {", ".join(f"DROP COLUMN {name.strip()}" for name in OF_A_CATEGORY.split(","))}, DROP COLUMN ord;
"""

BACK_TO_CATEGORIES = """
ALTER TABLE category ADD name_zh text, ADD name_en text, ADD nature text, ADD icon text, ADD platform text,
    ADD magnitude text, ADD first_level integer, ADD check_mode text, ADD skills text[], ADD evidence boolean,
    ADD sensitive boolean, ADD merge_radius_m double precision, ADD merge_window_h double precision, ADD ord integer;
UPDATE category c SET name_zh = v.name_zh, name_en = v.name_en, nature = v.nature, icon = v.icon, platform = v.platform,
    magnitude = v.magnitude, first_level = v.first_level, check_mode = v.check_mode, skills = v.skills, evidence = v.evidence,
    sensitive = v.sensitive, merge_radius_m = v.merge_radius_m, merge_window_h = v.merge_window_h, ord = v.place
FROM (SELECT *, row_number() OVER (ORDER BY code) - 1 AS place FROM (
    SELECT DISTINCT ON (code) * FROM category_version ORDER BY code, version DESC) newest) v WHERE v.code = c.code;
ALTER TABLE category ALTER name_zh SET NOT NULL, ALTER name_en SET NOT NULL, ALTER nature SET NOT NULL,
    ALTER icon SET NOT NULL, ALTER platform SET NOT NULL, ALTER magnitude SET NOT NULL, ALTER first_level SET NOT NULL,
    ALTER check_mode SET NOT NULL, ALTER skills SET NOT NULL, ALTER evidence SET NOT NULL, ALTER sensitive SET NOT NULL,
    ALTER merge_radius_m SET NOT NULL, ALTER merge_window_h SET NOT NULL, ALTER ord SET NOT NULL,
    ADD CONSTRAINT uq_category_ord UNIQUE (ord),
    ADD CONSTRAINT ck_category_check_mode_known CHECK (check_mode IN ('onsite', 'photo', 'sample', 'phone')),
    ADD CONSTRAINT ck_category_magnitude_known CHECK (magnitude IN ('minor', 'major', 'grave')),
    ADD CONSTRAINT ck_category_nature_known CHECK (nature IN ('service', 'regulation')),
    ADD CONSTRAINT ck_category_first_level CHECK (first_level BETWEEN 1 AND 4);
DROP TABLE category_version;
"""

TABLES = """
ALTER TABLE category_sla DROP CONSTRAINT ex_category_sla_one_limit, DROP CONSTRAINT fk_category_sla_known_category,
    DROP CONSTRAINT ck_category_sla_stage_known, DROP CONSTRAINT pk_category_sla, DROP COLUMN id,
    ADD version integer CONSTRAINT fk_category_sla_version REFERENCES rules_version;
UPDATE category_sla SET version = (SELECT min(version) FROM rules_version);
INSERT INTO category_sla (category, area, urgency, stage, amount, unit, ord, valid, version)
    SELECT category, area, urgency, stage, amount, unit, ord, valid, v.version FROM category_sla s, rules_version v
    WHERE v.version > s.version;
DELETE FROM category_sla s USING rules_version v
    WHERE v.version = s.version AND NOT s.valid @> (v.since AT TIME ZONE 'Asia/Shanghai')::date;
ALTER TABLE category_sla DROP COLUMN valid, ALTER version SET NOT NULL,
    ADD CONSTRAINT pk_category_sla PRIMARY KEY (version, category, area, urgency, stage),
    ADD CONSTRAINT fk_category_sla_version_known_category FOREIGN KEY (version, known_category) REFERENCES category_version;

ALTER TABLE duty_matrix DROP CONSTRAINT ex_duty_matrix_one_lead, DROP CONSTRAINT ex_duty_matrix_one_row,
    DROP CONSTRAINT pk_duty_matrix, DROP COLUMN id,
    ADD version integer CONSTRAINT fk_duty_matrix_version REFERENCES rules_version,
    ADD known_category text GENERATED ALWAYS AS (NULLIF(category, ''::text)) STORED;
UPDATE duty_matrix SET version = (SELECT min(version) FROM rules_version);
INSERT INTO duty_matrix (category, area, unit, duty, priority, valid, version)
    SELECT category, area, unit, duty, priority, valid, v.version FROM duty_matrix m, rules_version v
    WHERE v.version > m.version;
DELETE FROM duty_matrix m USING rules_version v
    WHERE v.version = m.version AND NOT m.valid @> (v.since AT TIME ZONE 'Asia/Shanghai')::date;
ALTER TABLE duty_matrix DROP COLUMN valid, ALTER version SET NOT NULL,
    ADD CONSTRAINT pk_duty_matrix PRIMARY KEY (version, category, area, unit, duty),
    ADD CONSTRAINT fk_duty_matrix_version_known_category FOREIGN KEY (version, known_category) REFERENCES category_version;
CREATE UNIQUE INDEX uq_duty_matrix_one_lead ON duty_matrix (version, category, area) WHERE duty = 'lead';

ALTER TABLE work_calendar DROP CONSTRAINT pk_work_calendar,
    ADD version integer CONSTRAINT fk_work_calendar_version REFERENCES rules_version,
    ADD am_start time, ADD am_end time, ADD pm_start time, ADD pm_end time;
UPDATE work_calendar SET version = (SELECT min(version) FROM rules_version);
DELETE FROM work_calendar WHERE version IS NULL OR (kind = 'rest') = (extract(isodow FROM day) > 5);
INSERT INTO work_calendar (day, kind, version)
    SELECT day, kind, v.version FROM work_calendar w, rules_version v WHERE v.version > w.version;
ALTER TABLE work_calendar ALTER version SET NOT NULL, ADD CONSTRAINT pk_work_calendar PRIMARY KEY (version, day),
    ADD CONSTRAINT ck_work_calendar_spans_whole
        CHECK ((am_start IS NULL) = (am_end IS NULL) AND (pm_start IS NULL) = (pm_end IS NULL)),
    ADD CONSTRAINT ck_work_calendar_rest_has_no_hours
        CHECK (kind <> 'rest' OR (am_start IS NULL AND pm_start IS NULL));
"""

BACK_TO_TABLES = """
DELETE FROM category_sla WHERE version < (SELECT max(version) FROM rules_version);
ALTER TABLE category_sla DROP CONSTRAINT fk_category_sla_version_known_category, DROP CONSTRAINT pk_category_sla,
    DROP COLUMN version, ADD id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD valid daterange NOT NULL DEFAULT '[2000-01-01,)';
ALTER TABLE category_sla ALTER id DROP DEFAULT, ADD CONSTRAINT pk_category_sla PRIMARY KEY (id),
    ADD CONSTRAINT fk_category_sla_known_category FOREIGN KEY (known_category) REFERENCES category,
    ADD CONSTRAINT ex_category_sla_one_limit
        EXCLUDE USING gist (category WITH =, area WITH =, urgency WITH =, stage WITH =, valid WITH &&);

DELETE FROM duty_matrix WHERE version < (SELECT max(version) FROM rules_version);
DROP INDEX uq_duty_matrix_one_lead;
ALTER TABLE duty_matrix DROP CONSTRAINT fk_duty_matrix_version_known_category, DROP CONSTRAINT pk_duty_matrix,
    DROP COLUMN version, DROP COLUMN known_category, ADD id uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD valid daterange NOT NULL DEFAULT '[2000-01-01,)';
ALTER TABLE duty_matrix ALTER id DROP DEFAULT, ADD CONSTRAINT pk_duty_matrix PRIMARY KEY (id),
    ADD CONSTRAINT ex_duty_matrix_one_row
        EXCLUDE USING gist (category WITH =, area WITH =, unit WITH =, duty WITH =, valid WITH &&),
    ADD CONSTRAINT ex_duty_matrix_one_lead
        EXCLUDE USING gist (category WITH =, area WITH =, valid WITH &&) WHERE (duty = 'lead');

DELETE FROM work_calendar WHERE version < (SELECT max(version) FROM rules_version);
ALTER TABLE work_calendar DROP CONSTRAINT pk_work_calendar, DROP CONSTRAINT ck_work_calendar_spans_whole,
    DROP CONSTRAINT ck_work_calendar_rest_has_no_hours, DROP COLUMN version,
    DROP COLUMN am_start, DROP COLUMN am_end, DROP COLUMN pm_start, DROP COLUMN pm_end,
    ADD CONSTRAINT pk_work_calendar PRIMARY KEY (day);
"""


def upgrade() -> None:
    """Every version gets rows of its own, which nobody changes; what was valid on its day is its own now."""
    for statements in (RECORDS, CATEGORIES, TABLES):
        op.execute(statements)
    _known_stages(STAGES + NEW_STAGES)
    for table in FROZEN:
        op.execute(
            f"CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.execute(f"GRANT SELECT ON category_version, rules_load TO {APP}")
    op.execute(f"GRANT SELECT, INSERT ON rules_entered TO {APP}")


def downgrade() -> None:
    """The newest version alone stays."""
    for table in FROZEN:
        op.execute(f"DROP TRIGGER refuse_change ON {table}")
    op.execute(f"DELETE FROM category_sla WHERE stage IN {NEW_STAGES!r}")
    op.execute("ALTER TABLE category_sla DROP CONSTRAINT ck_category_sla_stage_known")
    op.execute(BACK_TO_TABLES)
    op.execute(BACK_TO_CATEGORIES)
    _known_stages(STAGES)
    op.execute(f"UPDATE rules_version SET settings = settings - ARRAY{list(NEW_SETTINGS)!r}")
    op.execute("DROP TABLE rules_load")
    op.execute("DROP TABLE rules_entered")


def _known_stages(stages: tuple[str, ...]) -> None:
    """These are the stages a limit may have."""
    op.execute(f"ALTER TABLE category_sla ADD CONSTRAINT ck_category_sla_stage_known CHECK (stage IN {stages!r})")
