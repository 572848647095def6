"""What guards the ledger cannot be got round by the application, and what gets round it is found."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from governance.commands import File, MakeReport
from server.ledger import chain_watch
from server.ledger.chain_watch import Looked

from .conftest import District, middle

SHADOW = "CREATE TEMP TABLE incident_transition (LIKE public.incident_transition)"


def test_the_application_makes_no_temporary_table(district: District) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), district.ledger.transaction() as connection:
        connection.execute(SHADOW)


def test_every_function_of_ours_says_where_it_looks_for_tables(district: District) -> None:
    with district.owner.transaction() as connection:
        rows = connection.execute(
            "SELECT proname, proconfig FROM pg_proc WHERE proowner = 'gridwarden_owner'::regrole"
        ).fetchall()
    assert len(rows) >= 6
    assert {name for name, settings in rows if settings != ["search_path=public, pg_temp"]} == set()


def test_a_table_that_stands_before_the_real_one_does_not_fool_the_guard(district: District) -> None:
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    again = "INSERT INTO public.incident_transition SELECT t.* FROM public.incident_transition t WHERE incident = %s"
    with pytest.raises(psycopg.errors.CheckViolation):
        district.owner_executes(f"{SHADOW}; {again.replace('%s', repr(str(made.incident)))}")  # the owner may make such tables


def test_an_incident_cannot_leave_the_state_its_log_ends_in(district: District) -> None:
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    with pytest.raises(psycopg.errors.CheckViolation, match="its log"), district.ledger.transaction() as connection:
        connection.execute("UPDATE incident SET state = 'archived', version = version + 1 WHERE id = %s", (made.incident,))
    assert district.order(File("03.01"), "duty1", made).case


def test_a_step_changed_behind_the_ledgers_back_is_found(district: District) -> None:
    made = [district.order(MakeReport(f"事{n}", middle(n)), "duty1") for n in range(5)]
    begin = Looked(datetime.now(UTC) - timedelta(hours=1))
    assert chain_watch.look(district.ledger, begin, 100) == (None, {})
    with district.settings.postgis.superuser(district.settings.database) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("UPDATE incident_transition SET reason = 'x' WHERE incident = %s", (made[3].incident,))
    found: dict[object, int] = {}
    looked: Looked | None = begin
    while looked:
        looked, broken = chain_watch.look(district.ledger, looked, 2)
        found |= broken
    assert found == {made[3].incident: 1}


AN_ORDER = (
    "INSERT INTO supervision_order (id, incident, ord, grade, cause, state, issued_at, issued_by, reason, reply, replied_by) "
    "SELECT gen_random_uuid(), id, %s, %s, 'T1', %s, now(), '', '', '', '' FROM incident"
)
A_STEP = (
    "INSERT INTO incident_transition (incident, seq, row, action, from_state, to_state, actor_kind, at, actor_name, reason, "
    "detail, became, whole, prev_hash, hash) SELECT incident, seq + 1, 'E14', 'raise_level', to_state, to_state, 'user', "
    "now(), '', '', '{}', '{}', whole, hash, hash FROM incident_transition"
)
AN_ECHO = (
    "INSERT INTO feedback (id, incident, ord, cycle, target, state, report, text, waived_reason) "
    "SELECT gen_random_uuid(), incident, %s, 1, %s, 'pending', id, '', '' FROM report"
)
A_WATCH = (
    "INSERT INTO video_session (id, camera, staff, post, action, reason, share_level, at, expires_at) "
    "SELECT gen_random_uuid(), '99999999991320000001', a.staff, a.post, 'live', 'x', 0, now(), now() "
    "FROM post_assignment a LIMIT 1"
)
REFUSED_TO_THE_APPLICATION: list[tuple[type[psycopg.Error], list[tuple[str, tuple[object, ...]]]]] = [
    (psycopg.errors.UniqueViolation, [(AN_ORDER, (0, 1, "issued")), (AN_ORDER, (1, 2, "replied"))]),
    (psycopg.errors.CheckViolation, [(AN_ORDER, (0, 3, "issued")), ("UPDATE supervision_order SET grade = 2", ())]),
    (psycopg.errors.CheckViolation, [(A_STEP, ())]),
    (psycopg.errors.UniqueViolation, [(AN_ECHO, (0, "reporter")), (AN_ECHO, (1, "worker"))]),
    (psycopg.errors.ForeignKeyViolation, [("UPDATE incident SET category = '77.01', version = version + 1", ())]),
    (psycopg.errors.ForeignKeyViolation, [(A_WATCH, ())]),
    (psycopg.errors.InsufficientPrivilege, [("UPDATE account SET password_hash = password_hash", ())]),
]


@pytest.mark.parametrize(
    ("why", "statements"),
    REFUSED_TO_THE_APPLICATION,
    ids=["two orders", "a falling grade", "a step alone", "two echoes", "no category", "no camera", "a password"],
)
def test_the_database_refuses_what_no_rule_would_make(
    district: District, why: type[psycopg.Error], statements: list[tuple[str, tuple[object, ...]]]
) -> None:
    district.order(MakeReport("垃圾堆积", middle(0)), "duty1")

    def committed() -> None:
        with district.ledger.transaction() as connection:
            for statement, values in statements:
                connection.execute(statement, values or None)

    with pytest.raises(why):
        committed()


def test_an_order_that_was_closed_makes_room_for_another_and_a_grade_may_rise(district: District) -> None:
    district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    with district.ledger.transaction() as connection:
        connection.execute(AN_ORDER, (0, 1, "closed"))
        connection.execute(AN_ORDER, (1, 1, "issued"))
        connection.execute("UPDATE supervision_order SET grade = grade + 1")


SEEDED_WRONGLY = [
    (
        psycopg.errors.CheckViolation,
        "UPDATE area_version SET boundary = "
        "ST_Multi(ST_GeomFromText('POLYGON((0 0, 1 1, 1 0, 0 1, 0 0))', 4490)) WHERE level = 1",
    ),
    (
        psycopg.errors.ForeignKeyViolation,
        "INSERT INTO category_sla (version, category, area, urgency, stage, amount, unit, ord) "
        "VALUES (1, '77.01', '', 0, 'ack', 1, 'minute', 999)",
    ),
    (
        psycopg.errors.UniqueViolation,
        "INSERT INTO duty_matrix (version, category, area, unit, duty, priority) SELECT 1, m.category, m.area, u.id, 'lead', 9 "
        "FROM duty_matrix m, unit u WHERE m.duty = 'lead' AND u.kind = 'community_office' LIMIT 1",
    ),
    (
        psycopg.errors.UniqueViolation,
        "INSERT INTO category_sla (version, category, area, urgency, stage, amount, unit, ord) "
        "SELECT version, category, area, urgency, stage, amount, unit, ord FROM category_sla LIMIT 1",
    ),
    (psycopg.errors.InsufficientPrivilege, "UPDATE category_sla SET amount = 99"),
    (psycopg.errors.InsufficientPrivilege, "DELETE FROM rules_version"),
    (psycopg.errors.ExclusionViolation, "UPDATE unit SET is_backstop = true, area_code = '990001'"),
]


WRONG = (
    "a crossed boundary",
    "a limit of nothing",
    "two leads",
    "two limits",
    "a limit changed",
    "a version gone",
    "two back-stops",
)


@pytest.mark.parametrize(("why", "statement"), SEEDED_WRONGLY, ids=WRONG)
def test_the_database_refuses_what_was_seeded_wrongly(district: District, why: type[psycopg.Error], statement: str) -> None:
    with pytest.raises(why):
        district.owner_executes(statement)


AREAS_OF = (
    "SELECT array_agg(v.code || ' ' || v.name ORDER BY v.level DESC) FROM incident i JOIN area_version v "
    "ON v.id IN (i.county_version, i.street_version, i.community_version, i.grid_version) WHERE i.id = %s"
)


def test_the_areas_an_incident_was_filed_in_stay_whatever_they_are_called_later(district: District) -> None:
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    with district.ledger.transaction() as connection:
        assert connection.execute(AREAS_OF, (made.incident,)).fetchone() == (None,)
    district.order(File("03.01"), "duty1", made)
    filed_in = ["990001 试验区", "990001001 街道1", "990001001001 社区1", "990001001001001 网格1"]
    district.owner_executes(
        "WITH ended AS (UPDATE area_version SET valid = daterange(lower(valid), current_date + 1) WHERE level = 3 RETURNING *) "
        "INSERT INTO area_version SELECT gen_random_uuid(), area, daterange(current_date + 1, NULL), level, code, parent_code, "
        "'新' || name, kind_name, boundary FROM ended"
    )
    with district.ledger.transaction() as connection:
        assert connection.execute(AREAS_OF, (made.incident,)).fetchone() == (filed_in,)
    with pytest.raises(psycopg.errors.CheckViolation, match="frozen"), district.ledger.transaction() as connection:
        connection.execute("UPDATE incident SET grid_version = NULL, version = version + 1")
