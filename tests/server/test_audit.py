"""One altered byte anywhere in an incident, its log or what belongs to it is found, and where it is is named."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from governance import commands as c
from governance.incident import ApprovalKind, Severity, SupervisionGrade
from server.audit.verify import read_anchor, verify, write_anchor
from server.ledger.entry import Entered
from tests.server.conftest import REPOSITORY, District
from tests.server.test_whole_life import WHY, handled, onward, reported, shift_lead

OF_CHILDREN = {
    "report": "reports",
    "assignment": "assignments",
    "timer": "timers",
    "verify_task": "checks",
    "feedback": "feedback",
    "supervision_order": "supervision",
    "escalation": "escalations",
    "approval": "approvals",
}
NOT_SAID = {
    "incident": {"id", "known_category", "changed_at", "county_version", "street_version", "community_version", "grid_version"},
    "incident_transition": {"incident"},
} | {table: {"id", "incident", "ord"} for table in OF_CHILDREN}
"""Ids and orders, by which the rows are found, and what follows from other columns."""
OTHERWISE = {
    "text": "CASE WHEN {0} IS NULL THEN 'x' ELSE {0} || 'x' END",
    "uuid": "gen_random_uuid()",
    "integer": "CASE WHEN {0} IS NULL THEN 1 ELSE {0} + 1000 END",
    "double precision": "coalesce({0}, 0) + 1",
    "boolean": "NOT {0}",
    "timestamp with time zone": "coalesce({0}, now()) + interval '1 microsecond'",
    "bytea": "set_byte({0}, 0, 255 - get_byte({0}, 0))",
    "jsonb": '{0} || \'{{"x": "1"}}\'',
    "USER-DEFINED": "coalesce(ST_Translate({0}, 0.0000001, 0), ST_SetSRID(ST_MakePoint(0, 0), 4490))",
}
"""Another value of each type of column, a byte away where there is one."""


@pytest.fixture
def busy(district: District) -> Entered:
    """An incident that has something of everything."""
    entered, officer = handled(district)
    onward(district, entered, c.Ask(ApprovalKind.SUSPEND_DEFER, WHY, datetime.now(UTC) + timedelta(days=1)), officer)
    onward(district, entered, c.SetSeverity(Severity.III, WHY), "duty1")
    looked = onward(district, reported(district, 1), c.SendVerify(), "duty1")
    onward(district, entered, c.Supervise(SupervisionGrade.NOTICE, WHY), shift_lead(district))
    onward(district, reported(district, 2), c.Reject("not_ours", WHY), "duty1")
    assert looked.incident
    assert verify(district.ledger).findings == []
    return entered


@contextmanager
def behind_its_back(district: District) -> Iterator[Any]:
    """A superuser whom no trigger stops."""
    with district.settings.postgis.superuser(district.settings.database) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def columns(connection: Any, table: str) -> list[tuple[str, str]]:
    """Names and types."""
    return [
        (name, kind)
        for name, kind in connection.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s ORDER BY 1", (table,)
        )
        if name not in NOT_SAID[table]
    ]


@pytest.mark.parametrize("table", ["incident", "incident_transition", *OF_CHILDREN])
def test_another_value_in_any_column_is_found_and_named(district: District, busy: Entered, table: str) -> None:
    missed, wrongly_named = [], []
    with behind_its_back(district) as connection:
        row = connection.execute(f"SELECT ctid FROM {table} LIMIT 1").fetchone()
        assert row is not None, f"nothing in {table}"
        connection.execute(f"CREATE TABLE kept AS SELECT * FROM {table}")
        for check in connection.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'", (table,)
        ).fetchall():
            connection.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{check[0]}"')
        for name, kind in columns(connection, table):
            first = f"ctid = (SELECT min(ctid) FROM {table})"
            changed = connection.execute(
                f'UPDATE {table} SET "{name}" = {OTHERWISE[kind].format(chr(34) + name + chr(34))} WHERE {first}'
            )
            assert changed.rowcount == 1
            found = verify(district.ledger).findings
            if not found:
                missed.append(name)
            elif not named(found, table, name):
                wrongly_named.append((name, found))
            connection.execute(f"DELETE FROM {table}")
            listed = ", ".join(f'"{column}"' for column in insertable(connection, table))
            connection.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM kept")
        assert verify(district.ledger).findings == []
    assert (missed, wrongly_named) == ([], [])


def insertable(connection: Any, table: str) -> list[str]:
    """Columns that are not computed."""
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_generated = 'NEVER'"
    return [name for (name,) in connection.execute(asked, (table,))]


def named(found: list[Any], table: str, column: str) -> bool:
    """Whether the first finding says where it is."""
    codes = {finding.code for finding in found}
    if "unreadable" in codes:
        return True
    if table == "incident":
        return any(f.code == "field" and f.what == column for f in found) or (column == "number" and "number_missing" in codes)
    if table == "incident_transition":
        return "step" in codes
    return any(f.code == "belongings" and f.what == OF_CHILDREN[table] for f in found)


def test_what_is_taken_away_is_found(district: District, busy: Entered) -> None:
    with behind_its_back(district) as connection:
        connection.execute(
            "DELETE FROM incident_transition WHERE incident = %s AND seq = (SELECT max(seq) FROM incident_transition "
            "WHERE incident = %s)",
            (busy.incident, busy.incident),
        )
        assert {f.code for f in verify(district.ledger).findings} >= {"field"}
        for table in ("incident_transition", *OF_CHILDREN, "answered_order", "incident"):
            key = "id" if table == "incident" else "incident"
            connection.execute(f"DELETE FROM {table} WHERE {key} = %s", (busy.incident,))
        (missing,) = (f for f in verify(district.ledger).findings if f.code == "number_missing")
        assert missing.where.endswith("-0001")
        connection.execute("DELETE FROM change_log WHERE number = 2")
        assert "stream" in {f.code for f in verify(district.ledger).findings}


def test_a_log_written_anew_with_all_its_hashes_is_found_by_an_anchor(
    district: District, busy: Entered, tmp_path: Path
) -> None:
    path = tmp_path / "anchor.csv"
    write_anchor(path, verify(district.ledger))
    onward(district, busy, c.NotifyOut("119", "赵"), "duty1")
    assert verify(district.ledger, read_anchor(path)).findings == []
    with behind_its_back(district) as connection:
        connection.execute("UPDATE incident_transition SET hash = sha256(hash) WHERE incident = %s", (busy.incident,))
    codes = {finding.code for finding in verify(district.ledger, read_anchor(path)).findings}
    assert "anchor_changed" in codes
    path.write_text("incident,number,seq,hash\nnonsense\n")
    with pytest.raises(ValueError, match=":2:"):
        read_anchor(path)


def test_the_command_says_what_it_looked_at_and_what_is_wrong(district: District, busy: Entered, tmp_path: Path) -> None:
    def said(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "main.py", "audit", "verify", "--home", str(district.settings.home), *more]
        return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=False)

    fine = said("--write-anchor", str(tmp_path / "a.csv"))
    assert (fine.returncode, fine.stderr) == (0, "")
    assert "全部相符" in fine.stdout
    with behind_its_back(district) as connection:
        connection.execute("UPDATE incident SET title = title || '。' WHERE id = %s", (busy.incident,))
    wrong = said("--json")
    assert wrong.returncode == 1
    (finding,) = json.loads(wrong.stdout)["findings"]
    assert (finding["code"], finding["what"]) == ("field", "title")
    assert "title" in said().stdout
    nowhere = said("--anchor", str(tmp_path / "none.csv"))
    assert nowhere.returncode == 2
    assert "none.csv" in nowhere.stderr
