"""The drill against the real intake and positions processes: it reports, walks, and carries orders out, unaided."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from governance.commands import DirectOrder, Dispatch, File, MakeReport, Recipient, SendVerify
from governance.incident import Urgency
from governance.people import Officer, Role
from server.handling.order_book import carry_out
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import ROOT, World, until, world


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.seeded.write(made.settings.home)
        made.start("intake")
        made.start("positions")
        yield made


@pytest.fixture(scope="module")
def drill(field: World) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "main.py", "drill", "--home", str(field.settings.home), "--seed", "4", "--eager", "--pace", "10"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ})
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], 30)
    line = process.stdout.readline() if readable else b""
    if line != b"ready\n":
        process.kill()
        raise AssertionError(f"the drill did not start: {line!r} {process.communicate()[1].decode()}")
    yield process
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 0, errors.decode()
    assert b"Traceback" not in errors, errors.decode()


def officer(field: World, role: Role) -> Officer:
    row = field.all(
        "SELECT s.id, s.name, p.id, p.role, p.scope, p.clearance, h.id, p.unit FROM post p "
        "JOIN post_assignment a ON a.post = p.id JOIN staff s ON s.id = a.staff CROSS JOIN shift h "
        "WHERE p.role = %s AND h.state = 'open' LIMIT 1",
        role.value,
    )[0]
    return Officer(row[0], row[1], row[2], Role(row[3]), row[4], row[5], row[6], row[7])


def test_reporters_fill_the_intake_queue_with_places_in_the_district(field: World, drill: subprocess.Popen[bytes]) -> None:
    until(lambda: field.one("SELECT count(*) FROM incident") >= 12, "a dozen reports", 40)
    channels = {channel for (channel,) in field.all("SELECT DISTINCT channel FROM report")}
    assert channels == {"citizen_app", "worker_app"}
    assert field.one("SELECT count(*) FROM attachment") > 0


def test_everybody_is_on_the_map_and_moves(field: World, drill: subprocess.Popen[bytes]) -> None:
    until(lambda: field.one("SELECT count(DISTINCT worker) FROM worker_position") == 12, "all workers", 30)
    moved = (
        "SELECT count(*) FROM (SELECT worker FROM worker_position GROUP BY worker "
        "HAVING max(ST_Distance(place::geography, (SELECT place FROM worker_position p WHERE p.worker = worker_position.worker "
        "ORDER BY at LIMIT 1)::geography)) > 3) AS walkers"
    )
    until(lambda: field.one(moved) >= 4, "a third of them moving", 40)


def test_an_order_is_accepted_reached_and_completed_with_a_photo(field: World, drill: subprocess.Popen[bytes]) -> None:
    incident, grid = until(
        lambda: (field.all("SELECT id, grid FROM incident WHERE state = 'reported' LIMIT 1") or [None])[0], "a report"
    )
    worker = next(device.worker for device in field.seeded.devices if device.grid == grid)
    now = datetime.now(UTC)
    carry_out(field.ledger, uuid4(), incident, 0, File("03.01"), officer(field, Role.DUTY_OFFICER), now)
    order = Dispatch(Recipient(worker), order_text="请处置", reason="就近")
    carry_out(field.ledger, uuid4(), incident, 0, order, officer(field, Role.DISPATCHER), now)
    until(lambda: state_of(field, incident) == "resolved", "completed", 60)
    rows = [row for (row,) in field.all("SELECT row FROM incident_transition WHERE incident = %s ORDER BY seq", incident)]
    assert rows[:4] == ["E01", "E06", "E12", "E19"]
    assert "E23" in rows
    assert rows[-1] == "E27"
    arrived = (
        "SELECT ST_Distance(a.arrived_place::geography, i.place::geography) FROM assignment a "
        "JOIN incident i ON i.id = a.incident WHERE i.id = %s"
    )
    assert field.one(arrived, incident) < 100
    photo = "SELECT count(*) FROM attachment x JOIN assignment a ON a.id = x.owner WHERE a.incident = %s AND x.stage = 'after'"
    assert field.one(photo, incident) == 1


def test_what_is_to_be_verified_is_looked_at_and_answered(field: World, drill: subprocess.Popen[bytes]) -> None:
    duty, device = officer(field, Role.DUTY_OFFICER), field.seeded.devices[2]
    report = MakeReport("有人占道摆摊", corner(0.4, 0.5), category="03.02")
    incident = carry_out(field.ledger, uuid4(), None, 0, report, duty, datetime.now(UTC)).incident
    asked = SendVerify(Recipient(device.worker), "去看看")
    carry_out(field.ledger, uuid4(), incident, 0, asked, duty, datetime.now(UTC))
    until(lambda: state_of(field, incident) == "reported", "looked at", 60)
    assert field.one("SELECT result FROM verify_task WHERE incident = %s", incident) == "exist"
    seen = "SELECT count(*) FROM attachment WHERE incident = %s AND stage = 'check'"
    assert field.one(seen, incident) == 1


def test_a_direct_order_is_acknowledged_at_once(field: World, drill: subprocess.Popen[bytes]) -> None:
    duty, devices = officer(field, Role.DUTY_OFFICER), field.seeded.devices[4:6]
    report = MakeReport("燃气味很重", corner(0.6, 0.5), category="09.01", urgency=Urgency.IMMEDIATE)
    incident = carry_out(field.ledger, uuid4(), None, 0, report, duty, datetime.now(UTC)).incident
    order = DirectOrder(Recipient(devices[0].worker), (Recipient(devices[1].worker),), "立即到场")
    carry_out(field.ledger, uuid4(), incident, 0, order, duty, datetime.now(UTC))
    acked = "SELECT count(*) FROM assignment WHERE incident = %s AND acked_at IS NOT NULL"
    until(lambda: field.one(acked, incident) == 2, "both acknowledged", 60)
    until(lambda: state_of(field, incident) in ("handling", "resolved"), "taken up", 60)
    rows = [row for (row,) in field.all("SELECT row FROM incident_transition WHERE incident = %s ORDER BY seq", incident)]
    assert "E18" in rows
    assert "E49" not in rows


def test_the_field_force_goes_on_after_both_server_processes_were_killed(field: World, drill: subprocess.Popen[bytes]) -> None:
    for part in ("intake", "positions"):
        field.processes[part].kill()
        field.processes.pop(part).communicate()
    for part in ("intake", "positions"):
        field.start(part)
    again = datetime.now(UTC)
    fresh = "SELECT count(DISTINCT worker) FROM worker_position WHERE at > %s"
    until(lambda: field.one(fresh, again) >= 6, "fixes after the restart", 40)


def state_of(field: World, incident: UUID) -> str:
    return str(field.one("SELECT state FROM incident WHERE id = %s", incident))
