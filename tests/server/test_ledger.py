"""The ledger keeps what it was told, refuses what must not be, and numbers everything."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from geoalchemy2 import alembic_helpers
from sqlalchemy import create_engine

from governance.commands import (
    Accept,
    Arrive,
    Complete,
    Decline,
    Dispatch,
    File,
    MakeReport,
    Recall,
    Recipient,
    Reject,
    SendFeedback,
)
from governance.incident import Attachment, State
from governance.people import Duty
from governance.places import LonLat
from governance.refusal import Refused
from server.ledger import change_log, incidents, people, reporters, step_chain, worker_duty
from server.ledger.ledger import Connection
from server.ledger.reporters import Reporter
from server.ledger.tables import METADATA
from wire.codec import decode_change

from .conftest import District, middle

LEAF = "03.01"


def test_the_revisions_make_what_the_tables_say(district: District) -> None:
    engine = create_engine(district.settings.owner_url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"include_object": alembic_helpers.include_object})
            found = [d for d in compare_metadata(context, METADATA) if "worker_position_" not in str(d)]
    finally:
        engine.dispose()
    assert found == []


def test_an_interrupt_amid_a_command_is_what_is_raised_and_costs_one_connection(district: District) -> None:
    def backend(connection: Connection) -> int:
        return connection.info.backend_pid

    with district.ledger.transaction() as one, district.ledger.transaction() as other:
        pids = {backend(one), backend(other)}
    lost: list[int] = []

    def be_struck() -> None:
        with district.ledger.transaction() as struck:
            lost.append(backend(struck))
            struck.pgconn.send_query(b"SELECT pg_sleep(600)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        be_struck()
    with district.ledger.transaction() as one, district.ledger.transaction() as other:
        assert {backend(one), backend(other)} & pids == pids - set(lost)
        assert one.execute("SELECT 1").fetchone() == (1,)


APPEND_ONLY = (
    "report", "report_person", "incident_transition", "attachment", "escalation", "change_log", "answered_order",
    "video_session", "pii_access", "duty_log", "worker_position",
)  # fmt: skip


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_application_cannot_change_what_is_append_only(district: District, table: str) -> None:
    for statement in (
        f"UPDATE {table} SET {_column(district, table)} = {_column(district, table)}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), district.ledger.transaction() as connection:
            connection.execute(statement)


def test_the_application_owns_nothing_and_deletes_nothing(district: District) -> None:
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM pg_class WHERE relowner = 'gridwarden_app'::regrole").fetchone() == (0,)
        rights = connection.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = 'gridwarden_app' AND privilege_type IN ('DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')"
        ).fetchall()
    assert rights == []
    for statement in (
        "CREATE TABLE mine (a int)",
        "ALTER TABLE incident ADD COLUMN a int",
        "DROP TABLE report",
        "ALTER TABLE change_log DISABLE TRIGGER ALL",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), district.ledger.transaction() as connection:
            connection.execute(statement)


def test_even_the_owner_does_not_rewrite_a_step(district: District) -> None:
    entered = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        district.owner_executes("UPDATE incident_transition SET reason = 'x' WHERE incident = %s", entered.incident)


def test_a_report_becomes_an_incident_of_its_grid_with_the_next_number_of_the_day(district: District) -> None:
    first = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    second = district.order(MakeReport("路灯不亮", middle(5)), "duty1")
    assert first.case
    assert second.case
    assert (first.case.incident.grid, second.case.incident.grid) == ("990001001001001", "990001002001002")
    assert first.case.incident.number.endswith("-0001")
    assert second.case.incident.number.endswith("-0002")
    assert (first.stream, first.number, second.stream, second.number) == ("990001001/0", 1, "990001002/0", 1)


def test_a_place_outside_the_district_is_refused_and_leaves_no_number_behind(district: District) -> None:
    with pytest.raises(Refused, match="outside_district"):
        district.order(MakeReport("垃圾堆积", LonLat(121.0, 30.0)), "duty1")
    entered = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    assert entered.case
    assert entered.case.incident.number.endswith("-0001")


@pytest.mark.parametrize(
    "command",
    [
        MakeReport("空\0字", middle(0)),
        MakeReport("精度", middle(0), accuracy_m=-1.0),
        MakeReport("照片", middle(0), attachments=(Attachment(uuid4(), "../../etc", "image/png", 5, "report"),)),
        MakeReport("照片", middle(0), attachments=(Attachment(uuid4(), "ab" * 32, "image/png", 2**40, "report"),)),
    ],
    ids=["nul", "accuracy", "hash", "size"],
)
def test_a_value_the_ledger_does_not_take_is_refused(district: District, command: MakeReport) -> None:
    with pytest.raises(Refused, match="bad_value"):
        district.order(command, "duty1")


def test_what_is_stored_is_what_was_decided(district: District) -> None:
    entered = _to_resolved(district)
    lead = district.officers["lead1"]
    with district.ledger.transaction() as connection:
        assert incidents.load(connection, entered.incident) == entered.case
        (same,) = incidents.visible(connection, lead, district.ledger.rules(connection), datetime.now(UTC))
        assert same == entered.case


def test_what_was_rejected_is_shown_until_its_reporter_was_told(district: District) -> None:
    long_after = datetime.now(UTC) + timedelta(days=30)
    entered = district.order(MakeReport("铁路噪声", middle(0)), "duty1")
    entered = district.order(Reject("not_ours", "属铁路部门"), "duty1", entered)
    lead = district.officers["lead1"]
    with district.ledger.transaction() as connection:
        rules = district.ledger.rules(connection)
        assert incidents.visible(connection, lead, rules, long_after) == (entered.case,)
    district.order(SendFeedback("已告知"), "duty1", entered)
    with district.ledger.transaction() as connection:
        assert incidents.visible(connection, lead, rules, long_after) == ()


def test_the_steps_are_chained_and_a_changed_byte_is_found(district: District) -> None:
    entered = _to_resolved(district)
    assert entered.case
    with district.ledger.transaction() as connection:
        assert step_chain.first_broken(connection, entered.incident, entered.case.steps) is None
        steps = list(entered.case.steps)
        steps[2] = replace(steps[2], reason="另有原因")
        assert step_chain.first_broken(connection, entered.incident, tuple(steps)) == 3


def test_a_step_tells_account_post_and_shift_and_its_hash_covers_them(district: District) -> None:
    officer = district.officers["duty1"]
    made = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    with district.ledger.transaction() as connection:
        (step,) = incidents.load(connection, made.incident).steps
        assert None not in (officer.account, officer.shift)
        assert (step.actor_account, step.actor_post, step.actor_shift) == (officer.account, officer.post, officer.shift)
        for other in (replace(step, actor_account=None), replace(step, actor_shift=None)):
            assert step_chain.first_broken(connection, made.incident, (other,)) == 1


def test_of_two_commands_on_one_version_exactly_one_wins(district: District) -> None:
    worker = Recipient(district.workers[0].id)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(50):
            filed = district.order(File(LEAF), "duty1", district.order(MakeReport("垃圾堆积", middle(0)), "duty1"))
            start = threading.Barrier(2)

            def one(login: str, filed: object = filed, start: threading.Barrier = start) -> str:
                start.wait()
                try:
                    district.order(Dispatch(worker), login, filed)  # type: ignore[arg-type]
                    return "won"
                except Refused as no:
                    return f"{no.code} {no.details['action']} {no.details['who']}"

            won, lost = sorted(zip(pool.map(one, ("duty1", "dispatch1")), ("duty1", "dispatch1"), strict=True), reverse=True)
            assert won[0] == "won"
            assert lost[0] == f"stale_version dispatch {district.officers[won[1]].name}"


def test_the_same_order_twice_is_carried_out_once(district: District) -> None:
    order_id, report = uuid4(), MakeReport("垃圾堆积", middle(0))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: replace(district.order(report, "duty1", order_id=order_id), case=None), range(8)))
    assert len(set(answers)) == 1
    with district.ledger.transaction() as connection:
        assert connection.execute("SELECT count(*) FROM incident").fetchone() == (1,)
    with pytest.raises(Refused, match="order_id_taken"):
        district.order(report, "duty2", order_id=order_id)


def test_numbers_have_no_holes_whoever_commits_when(district: District) -> None:
    def reports(n: int) -> None:
        for k in range(10):
            entered = district.order(MakeReport("垃圾堆积", middle((n + k) % 8)), "duty1")
            filed = district.order(File(LEAF), "duty1", entered)
            district.order(Dispatch(Recipient(district.workers[(n + k) % 16].id), reason="就近"), "duty1", filed)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(reports, range(4)))
    with district.ledger.transaction() as connection:
        rows = connection.execute(
            "SELECT stream, count(*), min(number), max(number) FROM change_log GROUP BY stream"
        ).fetchall()
        assert len(rows) == 4
        assert all((1, count) == (low, high) for _, count, low, high in rows)
        assert {s: h for s, _, _, h in rows} == change_log.heads(connection)
        changes = [decode_change(each) for each in change_log.read_beyond(connection, {}, 1000)]
    assert sum(stream.endswith("/0") for stream in (c.stream for c in changes)) == 120


def test_workers_count_their_tasks_and_refusals(district: District) -> None:
    worker = district.workers[0]
    filed = district.order(File(LEAF), "duty1", district.order(MakeReport("垃圾堆积", middle(0)), "duty1"))
    sent = district.order(Dispatch(Recipient(worker.id)), "duty1", filed)
    assert _seen(district, 0) == ("on_task", 1, 0)
    with pytest.raises(Refused, match="reason_unknown"):
        district.order(Decline("whim"), district.field_officer(worker), sent)
    back = district.order(Decline("sick"), district.field_officer(worker), sent)
    assert _seen(district, 0) == ("on_duty", 0, 1)
    again = district.order(Dispatch(Recipient(worker.id)), "duty1", back)
    district.order(Recall("另派"), "duty1", again)
    assert _seen(district, 0) == ("on_duty", 0, 1)


def test_who_is_on_call_can_be_sent_and_stands_by_again_afterwards(district: District) -> None:
    worker, now = district.workers[0], datetime.now(UTC)
    worker_duty.set_duty(district.ledger, {worker.id: Duty.ON_CALL}, now)
    filed = district.order(File(LEAF), "duty1", district.order(MakeReport("垃圾堆积", middle(0)), "duty1"))
    sent = district.order(Dispatch(Recipient(worker.id)), "duty1", filed)
    assert _seen(district, 0) == ("on_task", 1, 0)
    worker_duty.set_duty(district.ledger, {worker.id: Duty.LOST}, now)
    back = district.order(Recall("另派"), "duty1", sent)
    worker_duty.set_duty(district.ledger, {worker.id: Duty.ON_DUTY}, now)  # he is heard of again
    assert _seen(district, 0) == ("on_call", 0, 0)
    worker_duty.set_duty(district.ledger, {worker.id: Duty.OFF}, now)
    with pytest.raises(Refused, match="worker_off_duty"):
        district.order(Dispatch(Recipient(worker.id)), "duty1", back)


def test_a_reporter_is_sealed_shown_masked_and_opened_only_on_record(district: District) -> None:
    entered = district.order(MakeReport("家暴", middle(0)), "duty1", reporter=Reporter("张三", "13800001234", ""))
    assert entered.case
    report = entered.case.reports[0].id
    with district.ledger.transaction() as connection:
        rules = district.ledger.rules(connection)
        (kept,) = connection.execute("SELECT row(p.*)::text FROM report_person p").fetchone() or ("",)
        assert "13800001234" not in kept
        assert b"13800001234".hex() not in kept
        bodies = connection.execute("SELECT body FROM change_log").fetchall()
        assert all(b"13800001234" not in bytes(body) for (body,) in bodies)
    for login, code in (("check1", "no_such_report"), ("street2", "no_such_report"), ("audit1", "not_your_role")):
        with pytest.raises(Refused, match=code), district.ledger.transaction() as connection:
            reporters.log_reveal(connection, report, "phone", district.officers[login], rules, "回访", datetime.now(UTC))
    with pytest.raises(Refused, match="reason_needed"), district.ledger.transaction() as connection:
        reporters.log_reveal(connection, report, "phone", district.officers["duty1"], rules, " ", datetime.now(UTC))
    with district.ledger.transaction() as connection:
        reporters.log_reveal(connection, report, "phone", district.officers["duty1"], rules, "回访", datetime.now(UTC))
    with district.ledger.transaction() as connection:
        assert reporters.reveal(connection, district.ledger.seal, report, "phone") == "13800001234"
        assert connection.execute("SELECT field, purpose FROM pii_access").fetchall() == [("phone", "回访")]


def test_a_worker_who_reports_in_confidence_is_known_to_duty_officers_only(district: District) -> None:
    worker, now = district.workers[-1], datetime.now(UTC)
    assert worker.grid != district.workers[0].grid, "the worker of the grid is named, for he is told what came of it"
    told = MakeReport("家暴", middle(0), confidential=True, reporter_kind="worker", reporter_worker=worker.id)
    entered = district.order(told, district.field_officer(worker))
    assert entered.case
    report = entered.case.reports[0].id
    with district.ledger.transaction() as connection:
        rules = district.ledger.rules(connection)
        for (body,) in connection.execute("SELECT body FROM change_log").fetchall():
            assert worker.name.encode() not in bytes(body)
        reporters.log_reveal(connection, report, "name", district.officers["duty1"], rules, "回访", now)
        assert reporters.reveal(connection, district.ledger.seal, report, "name") == worker.name
    with pytest.raises(Refused, match="caller_confidential"), district.ledger.transaction() as connection:
        reporters.log_reveal(connection, report, "name", district.officers["street1"], rules, "回访", now)


def test_a_device_secret_is_known_by_its_hash_only(district: District) -> None:
    device = district.seeded.devices[3]
    with district.ledger.transaction() as connection:
        found = people.worker_of_device(connection, device.secret, datetime.now(UTC))
        assert found
        assert found.worker
        assert found.worker.number == device.number
        assert people.worker_of_device(connection, device.secret + "x", datetime.now(UTC)) is None


def test_the_application_makes_partitions_for_positions(district: District) -> None:
    with district.ledger.transaction() as connection:
        connection.execute("SELECT ensure_position_day('2026-01-05'), ensure_position_day('2026-01-05')")
        connection.execute(
            "INSERT INTO worker_position "
            "VALUES (1, '2026-01-05 23:59:59+00', ST_SetSRID(ST_MakePoint(120, 30), 4490), 5, 1, 90, 80)"
        )


def _to_resolved(district: District):  # type: ignore[no-untyped-def]
    """An incident reported, filed, sent, accepted, arrived at and finished with a photo."""
    worker = district.workers[0]
    officer = district.field_officer(worker)
    entered = district.order(MakeReport("垃圾堆积", middle(0)), "duty1")
    entered = district.order(File(LEAF), "duty1", entered)
    entered = district.order(Dispatch(Recipient(worker.id), (Recipient(district.workers[1].id),)), "duty1", entered)
    entered = district.order(Accept(), officer, entered)
    second = district.field_officer(district.workers[1])
    entered = district.order(Accept(), second, entered)
    entered = district.order(Arrive(middle(0)), officer, entered)
    photo = Attachment(uuid4(), "ab" * 32, "image/jpeg", 1000, "after", datetime.now(UTC))
    entered = district.order(Complete("已清", (photo,)), second, entered)
    entered = district.order(Complete("已清", (replace(photo, id=uuid4()),)), officer, entered, client_at=datetime.now(UTC))
    assert entered.case
    assert entered.case.incident.state is State.RESOLVED
    return entered


def _seen(district: District, row: int) -> tuple[str, int, int]:
    with district.ledger.transaction() as connection:
        found = people.workers(connection, "990001", datetime.now(UTC))[row]
    return found.duty.value, found.live_tasks, found.declined_today


def _column(district: District, table: str) -> str:
    with district.owner.transaction() as connection:
        row = connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attgenerated = '' "
            "AND attidentity = '' ORDER BY attnum DESC LIMIT 1",
            (table,),
        ).fetchone()
    assert row
    return f'"{row[0]}"'
