"""A worker's phone through the whole life: direct orders and their end, verifications, requests, own handling, echoes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from governance.commands import (
    Command,
    DirectOrder,
    Dispatch,
    File,
    MakeReport,
    Recall,
    Recipient,
    ReleaseAssist,
    SendFeedback,
    SendVerify,
    TimerFired,
    TransferOut,
)
from governance.incident import Case, TimerKind, Urgency
from governance.lifecycle import SYSTEM_OFFICER
from governance.people import Officer, Role
from server.handling.order_book import carry_out
from server.ledger import incidents
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, new_key, world

JPEG = b"\xff\xd8\xff\xe0" + b"a photograph" * 40
STALL = "03.02"


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake")
        yield made


@pytest.fixture
def phone(field: World) -> Iterator[httpx.Client]:
    with field.client() as client:
        yield client


def logged_on(field: World, phone: httpx.Client, worker: int) -> dict[str, str]:
    device = field.seeded.devices[worker]
    answer = phone.post("/v1/worker/log-on", json={"device": f"phone-{device.number}", "secret": device.secret})
    assert answer.status_code == 200, answer.text
    return {"Authorization": f"Bearer {body(answer)['token']}"}


def officer(field: World, role: Role) -> Officer:
    row = field.all(
        "SELECT s.id, s.name, p.id, p.role, p.scope, p.clearance, h.id, p.unit FROM post p "
        "JOIN post_assignment a ON a.post = p.id JOIN staff s ON s.id = a.staff CROSS JOIN shift h "
        "WHERE p.role = %s AND h.state = 'open' LIMIT 1",
        role.value,
    )[0]
    return Officer(row[0], row[1], row[2], Role(row[3]), row[4], row[5], row[6], row[7])


def order(field: World, command: Command, incident: UUID | None, by: Role | Officer = Role.DUTY_OFFICER, **more: Any) -> UUID:
    who = by if isinstance(by, Officer) else officer(field, by)
    return carry_out(field.ledger, uuid4(), incident, 0, command, who, more.pop("now", datetime.now(UTC))).incident


def urgent(field: World) -> UUID:
    return order(field, MakeReport("燃气味很重", corner(0.3, 0.4), urgency=Urgency.IMMEDIATE, category="09.01"), None)


def case_of(field: World, incident: UUID) -> Case:
    with field.ledger.transaction() as connection:
        return incidents.load(connection, incident)


def worker_of(field: World, number: int) -> Recipient:
    return Recipient(field.seeded.devices[number].worker)


def pressed(phone: httpx.Client, header: dict[str, str], path: str, photo: bool = False, **fields: Any) -> httpx.Response:
    headers = {**header, **new_key()}
    if photo:
        files = {"photo": ("a.jpg", JPEG, "image/jpeg")}
        return phone.post(f"/v1/worker/{path}", headers=headers, data=fields, files=files)
    return phone.post(f"/v1/worker/{path}", headers=headers, json=fields)


def asked(phone: httpx.Client, header: dict[str, str]) -> dict[str, Any]:
    return body(phone.get("/v1/worker/tasks", headers=header))


def test_a_direct_order_is_acknowledged_and_another_takes_the_lead(field: World, phone: httpx.Client) -> None:
    incident = urgent(field)
    order(field, DirectOrder(worker_of(field, 0), (worker_of(field, 1),), "立即到场"), incident)
    lead, assist = (next(a for a in case_of(field, incident).assignments if a.role == role) for role in ("lead", "assist"))
    header = logged_on(field, phone, 1)
    (task,) = asked(phone, header)["tasks"]
    assert (task["mode"], task["role"], task["order_text"]) == ("direct", "assist", "立即到场")
    early = pressed(phone, header, f"tasks/{assist.id}/take_lead")
    assert body(early)["code"] == "lead_has_time"
    timer = next(t for t in case_of(field, incident).timers if t.kind is TimerKind.T4_ACK and t.due_at)
    assert timer.due_at is not None
    order(
        field, TimerFired(timer.id, timer.kind, timer.fired), incident, SYSTEM_OFFICER, now=timer.due_at + timedelta(seconds=1)
    )
    assert body(pressed(phone, header, f"tasks/{assist.id}/ack"))["state"] == "acked"
    taken = pressed(phone, header, f"tasks/{assist.id}/take_lead")
    assert body(taken)["incident_state"] == "handling"
    now = case_of(field, incident)
    assert (now.lead.id if now.lead else None) == assist.id
    late = logged_on(field, phone, 0)
    assert body(pressed(phone, late, f"tasks/{lead.id}/take_lead"))["code"] in ("not_in_state", "lead_answered")


def the_gateway_hears(field: World, phone: httpx.Client, assignment: str) -> dict[str, Any]:
    """What the gateway is told once it hears, within a few looks of the intake at the ledger, that an order was stopped."""
    gateway = phone.post("/v1/gateway/log-on", json={"device": "gateway-1", "secret": field.seeded.gateway_secret})
    header = {"Authorization": f"Bearer {body(gateway)['token']}"}
    give_up_at = time.monotonic() + 20
    while True:
        told = _notices(phone, header)
        if assignment in {each["assignment"] for each in told["stopped"]}:
            return told
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def _notices(phone: httpx.Client, header: dict[str, str]) -> dict[str, Any]:
    return body(phone.get("/v1/gateway/notices", headers=header))


def test_a_direct_order_that_is_called_off_reaches_the_phone_and_its_gateway(field: World, phone: httpx.Client) -> None:
    incident = urgent(field)
    order(field, DirectOrder(worker_of(field, 2)), incident)
    (sent,) = (a for a in case_of(field, incident).assignments)
    header = logged_on(field, phone, 2)
    assert sent.id in {UUID(task["assignment"]) for task in asked(phone, header)["tasks"]}
    order(field, Recall("误报"), incident)
    told = asked(phone, header)
    assert str(sent.id) not in {task["assignment"] for task in told["tasks"]}
    stop = next(each for each in told["stopped"] if each["assignment"] == str(sent.id))
    assert (stop["reason"], stop["number"]) == ("误报", case_of(field, incident).incident.number)
    answer = the_gateway_hears(field, phone, str(sent.id))
    assert str(sent.id) not in {each["assignment"] for each in answer["orders"]}


@pytest.mark.parametrize(
    ("ends", "fields", "photo"),
    [("decline", {"reason_code": "far"}, False), ("complete", {"text": "已清走"}, True), ("", {}, False)],
    ids=["the lead cannot go", "the lead is done", "a dispatcher lets him go"],
)
def test_who_was_to_help_is_told_to_stop(
    field: World, phone: httpx.Client, ends: str, fields: dict[str, str], photo: bool
) -> None:
    incident = order(field, MakeReport("有人摆摊", corner(0.3, 0.4), category=STALL), None)
    order(field, File(STALL, reason="已核实"), incident)
    order(field, Dispatch(worker_of(field, 9), (worker_of(field, 10),), reason="就近"), incident, Role.DISPATCHER)
    lead, assist = (next(a for a in case_of(field, incident).assignments if a.role == role) for role in ("lead", "assist"))
    leads, helps = logged_on(field, phone, 9), logged_on(field, phone, 10)
    assert str(assist.id) not in {each["assignment"] for each in asked(phone, helps)["stopped"]}
    if ends == "complete":
        assert pressed(phone, leads, f"tasks/{lead.id}/accept").status_code == 200
    if ends:
        ended = pressed(phone, leads, f"tasks/{lead.id}/{ends}", photo, **fields)
        assert ended.status_code == 200, ended.text
    else:
        order(field, ReleaseAssist(worker_of(field, 10), "另有任务"), incident, Role.DISPATCHER)
    told = asked(phone, helps)
    assert str(assist.id) not in {task["assignment"] for task in told["tasks"]}
    assert str(assist.id) in {each["assignment"] for each in told["stopped"]}
    assert str(lead.id) not in {each["assignment"] for each in asked(phone, leads)["stopped"]}, "he ended it himself"
    the_gateway_hears(field, phone, str(assist.id))


@pytest.mark.parametrize(
    ("fields", "photo", "status"),
    [
        ({"result": "exist"}, True, 200),
        ({"result": "not_exist", "reason": "已经没有了"}, False, 200),
        ({"result": "unable"}, False, 400),
        ({"result": "perhaps", "reason": "x"}, False, 400),
    ],
)
def test_a_verification_is_told_and_answered(
    field: World, phone: httpx.Client, fields: dict[str, str], photo: bool, status: int
) -> None:
    incident = order(field, MakeReport("有人摆摊", corner(0.3, 0.4), category=STALL), None)
    order(field, SendVerify(worker_of(field, 3), "去看看还在不在"), incident)
    header = logged_on(field, phone, 3)
    number = case_of(field, incident).incident.number
    look = next(each for each in asked(phone, header)["checks"] if each["number"] == number)
    assert (look["order_text"], bool(look["due_at"])) == ("去看看还在不在", True)
    stranger = logged_on(field, phone, 4)
    assert pressed(phone, stranger, f"checks/{look['check']}", result="exist", reason="x").status_code == 404
    answered = pressed(phone, header, f"checks/{look['check']}", photo, **fields)
    assert answered.status_code == status, answered.text
    if status != 200:
        return
    assert body(answered)["incident_state"] == "reported"
    (task,) = case_of(field, incident).checks
    assert (task.result, task.note, len(task.attachments)) == (fields["result"], fields.get("reason", ""), int(photo))
    assert number not in {each["number"] for each in asked(phone, header)["checks"]}
    again = pressed(phone, header, f"checks/{look['check']}", result="exist", reason="x")
    assert again.status_code == 409


def test_a_worker_asks_for_a_return_and_for_what_is_no_request_in_vain(field: World, phone: httpx.Client) -> None:
    incident = order(field, MakeReport("有人摆摊", corner(0.3, 0.4), category=STALL), None)
    order(field, File(STALL, reason="已核实"), incident)
    order(field, Dispatch(worker_of(field, 5), reason="就近"), incident, Role.DISPATCHER)
    sent = case_of(field, incident).assignments[0]
    header = logged_on(field, phone, 5)
    assert pressed(phone, header, f"tasks/{sent.id}/request", kind="holiday", reason="x").status_code == 400
    assert pressed(phone, header, f"tasks/{sent.id}/request", kind="return").status_code == 400
    early = pressed(
        phone, header, f"tasks/{sent.id}/request", kind="suspend_defer", reason="等料", until="2999-01-01T00:00:00Z"
    )
    assert early.status_code == 400
    done = pressed(phone, header, f"tasks/{sent.id}/request", kind="return", reason="不归我们管")
    assert done.status_code == 200, done.text
    (approval,) = case_of(field, incident).approvals
    assert (approval.kind, approval.state, approval.reason) == ("return", "pending", "不归我们管")


def test_a_worker_settles_what_he_saw_and_reads_what_came_of_it(field: World, phone: httpx.Client) -> None:
    roles = dict(field.all("SELECT number, role FROM worker"))
    mine = next(n for n, each in enumerate(field.seeded.devices) if roles[each.number] in (Role.GRID_WORKER, Role.GRID_LEADER))
    device, header = field.seeded.devices[mine], logged_on(field, phone, mine)
    spots = [corner(x + 0.5, y + 0.5) for x in range(4) for y in range(4)]
    with field.ledger.transaction() as connection:
        grids = field.ledger.grids(connection, datetime.now(UTC))
        here = next(spot for spot in spots if grids.grid_of(spot) == device.grid)
    made = pressed(phone, header, "reports", True, text="一堆纸箱", lon=str(here.lon), lat=str(here.lat), category="03.01")
    assert made.status_code == 201, made.text
    incident = UUID(body(made)["incident"])
    other = logged_on(field, phone, mine - 1)
    assert pressed(phone, other, f"reports/{incident}/self-handle", True, text="我来").status_code == 404
    bare = pressed(phone, header, f"reports/{incident}/self-handle", text="已清走")
    assert body(bare)["code"] == "photo_needed"
    done = pressed(phone, header, f"reports/{incident}/self-handle", True, text="已清走")
    assert body(done)["incident_state"] in ("resolved", "closed", "archived"), done.text


def test_who_leads_is_told_which_colleagues_are_still_at_work(field: World, phone: httpx.Client) -> None:
    lead, *others = (logged_on(field, phone, n) for n in (8, 9, 10))
    workers = [field.seeded.devices[n].number for n in (8, 9, 10)]
    names = [
        field.all("SELECT s.name, s.id FROM worker w JOIN staff s ON s.id = w.staff WHERE w.number = %s", n)[0] for n in workers
    ]
    field.all("UPDATE worker_live SET duty = 'on_duty' WHERE worker = ANY(%s) RETURNING worker", [each[1] for each in names])
    incident = order(field, MakeReport("路边有人摆摊", corner(0.3, 0.4)), None)
    order(field, File(STALL), incident)
    number = case_of(field, incident).incident.number
    assists = tuple(Recipient(each[1]) for each in names[1:])
    order(field, Dispatch(Recipient(names[0][1]), assists, reason="就近"), incident)
    tasks = []
    for header in (lead, *others):
        task = next(t["assignment"] for t in asked(phone, header)["tasks"] if t["number"] == number)
        assert pressed(phone, header, f"tasks/{task}/accept").status_code == 200
        tasks.append(task)
    said = body(pressed(phone, lead, f"tasks/{tasks[0]}/complete", True, text="已劝离"))
    assert said["code"] == "assist_open"
    assert f"{names[1][0]}、{names[2][0]}" in said["zh"]
    assert f"{names[1][0]}、{names[2][0]}" in said["en"]
    pressed(phone, others[0], f"tasks/{tasks[1]}/complete", text="完")
    said = body(pressed(phone, lead, f"tasks/{tasks[0]}/complete", True, text="已劝离"))
    assert names[1][0] not in said["zh"]
    assert names[2][0] in said["zh"]


def test_an_echo_is_read_by_whom_it_was_for(field: World, phone: httpx.Client) -> None:
    header, stranger = logged_on(field, phone, 6), logged_on(field, phone, 7)
    spot = corner(0.3, 0.4)
    made = pressed(phone, header, "reports", text="路面塌陷", lon=spot.lon, lat=spot.lat)
    incident = UUID(body(made)["incident"])
    order(field, TransferOut("water", "属供水公司", "受理 0571-3"), incident)
    order(field, SendFeedback("已转供水公司，今天修复。"), incident)
    told = body(phone.get("/v1/worker/echoes", headers=header))["echoes"]
    mine = next(each for each in told if each["number"] == body(made)["number"])
    assert (mine["text"], mine["state"]) == ("已转供水公司，今天修复。", "sent")
    assert pressed(phone, stranger, f"echoes/{mine['echo']}/read").status_code == 404
    assert pressed(phone, header, f"echoes/{mine['echo']}/read").status_code == 200
    told = body(phone.get("/v1/worker/echoes", headers=header))["echoes"]
    assert next(each for each in told if each["echo"] == mine["echo"])["state"] == "read"


def test_a_gateway_is_told_who_is_asked_to_look(field: World, phone: httpx.Client) -> None:
    gateway = phone.post("/v1/gateway/log-on", json={"device": "gateway-1", "secret": field.seeded.gateway_secret})
    header = {"Authorization": f"Bearer {body(gateway)['token']}"}
    mark = body(phone.get("/v1/gateway/notices", headers=header))["mark"]
    incident = order(field, MakeReport("有人摆摊", corner(0.3, 0.4), category=STALL), None)
    order(field, SendVerify(worker_of(field, 8)), incident)
    news = body(phone.get("/v1/gateway/notices", headers=header, params={"mark": mark, "wait": 20}))
    check = case_of(field, incident).checks[0].id
    assert {(each["check"], each["worker"]) for each in news["checks"]} >= {(str(check), field.seeded.devices[8].number)}
