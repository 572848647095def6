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
