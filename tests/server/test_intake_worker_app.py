"""The workers' phone app over real HTTPS on a real ledger: log on, report, and one order from dispatch to completion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from governance.commands import Dispatch, File, Recipient, Urge
from governance.people import Officer, Role
from server.handling.order_book import carry_out
from server.intake.channels.phone_positions import MOST_FIXES
from server.intake.limits import FIXES
from server.private_postgis import PrivatePostgis
from tests.fakes.small_town import corner
from tests.server.intake_world import World, body, new_key, world

JPEG = b"\xff\xd8\xff\xe0" + b"a photograph" * 40


@pytest.fixture(scope="module")
def field(postgis: PrivatePostgis, migrated_template: str) -> Iterator[World]:
    with world(postgis, migrated_template) as made:
        made.start("intake")
        yield made


@pytest.fixture
def phone(field: World) -> Iterator[httpx.Client]:
    with field.client() as client:
        yield client


def logged_on(field: World, phone: httpx.Client, worker: int = 0) -> dict[str, str]:
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


def reported(phone: httpx.Client, **changed: Any) -> httpx.Response:
    place = corner(0.3, 0.4)
    fields = {"text": "楼道堆放电动车，堵住消防通道", "lon": place.lon, "lat": place.lat, **changed}
    return phone.post("/v1/citizen/reports", json=fields)


def dispatched(field: World, phone: httpx.Client, worker: int = 0) -> str:
    """A fresh incident sent to a worker; the id of the assignment."""
    number = body(reported(phone))["number"]
    incident = field.one("SELECT id FROM incident WHERE number = %s", number)
    now = datetime.now(UTC)
    carry_out(field.ledger, uuid4(), incident, 0, File("09.01", title="堵塞消防通道"), officer(field, Role.DUTY_OFFICER), now)
    send = Dispatch(Recipient(field.seeded.devices[worker].worker), order_text="请到现场看看", reason="离得最近")
    carry_out(field.ledger, uuid4(), incident, 0, send, officer(field, Role.DISPATCHER), now)
    return str(field.one("SELECT id FROM assignment WHERE incident = %s", incident))


# ---- log on -----------------------------------------------------------------------------------------------------


def test_a_phone_logs_on_by_name_or_id_and_gets_a_token(field: World, phone: httpx.Client) -> None:
    device = field.seeded.devices[0]
    for name in (f"phone-{device.number}", str(device.device)):
        answer = phone.post("/v1/worker/log-on", json={"device": name, "secret": device.secret})
        assert answer.status_code == 200
        assert body(answer)["worker"] == device.number
        assert body(answer)["grid"] == device.grid


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer"}, {"Authorization": "Bearer AAAA"}, {"Authorization": "Basic x"}]
)
def test_without_a_valid_token_nothing_is_told(phone: httpx.Client, header: dict[str, str]) -> None:
    answer = phone.get("/v1/worker/tasks", headers=header)
    assert answer.status_code == 401
    assert body(answer)["code"] == "not_logged_on"
    assert body(answer)["zh"]


def test_a_token_with_one_letter_changed_is_worth_nothing(field: World, phone: httpx.Client) -> None:
    token = logged_on(field, phone)["Authorization"]
    for place in (7, 20, len(token) - 2):
        forged = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert phone.get("/v1/worker/tasks", headers={"Authorization": forged}).status_code == 401


def test_a_device_that_was_closed_is_out(field: World, phone: httpx.Client) -> None:
    device = field.seeded.devices[9]
    header = logged_on(field, phone, 9)
    field.change("UPDATE device SET is_open = false WHERE id = %s", device.device)
    assert phone.get("/v1/worker/tasks", headers=header).status_code == 401
    answer = phone.post("/v1/worker/log-on", json={"device": str(device.device), "secret": device.secret})
    assert body(answer)["code"] in ("wrong_secret", "too_often")


def test_guessing_a_secret_is_slowed_down(field: World, phone: httpx.Client) -> None:
    device = field.seeded.devices[10]
    answers = [
        phone.post("/v1/worker/log-on", json={"device": f"phone-{device.number}", "secret": f"guess {n}"}) for n in range(12)
    ]
    assert [body(a)["code"] for a in answers[:10]] == ["wrong_secret"] * 10
    assert body(answers[-1])["code"] == "too_often"
    assert int(answers[-1].headers["Retry-After"]) > 0


# ---- orders -----------------------------------------------------------------------------------------------------


def pressed(
    phone: httpx.Client, header: dict[str, str], assignment: str, action: str, key: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    return phone.post(f"/v1/worker/tasks/{assignment}/{action}", headers={**header, **(key or new_key())}, json=fields)


def test_a_worker_accepts_arrives_and_completes_with_a_photo(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 0)
    header = logged_on(field, phone, 0)
    (task,) = body(phone.get("/v1/worker/tasks", headers=header))["tasks"]
    assert task["assignment"] == assignment
    assert task["order_text"] == "请到现场看看"
    assert task["state"] == "sent"
    assert "phone" not in str(task)
    accepted = pressed(phone, header, assignment, "accept")
    assert body(accepted) == {"assignment": assignment, "state": "accepted", "incident_state": "handling"}
    place = corner(0.3, 0.4)
    assert body(pressed(phone, header, assignment, "arrive", lon=place.lon, lat=place.lat))["state"] == "arrived"
    assert pressed(phone, header, assignment, "progress", text="正在清理").status_code == 200
    done = phone.post(
        f"/v1/worker/tasks/{assignment}/complete",
        headers={**header, **new_key()},
        data={"text": "已清理完毕"},
        files={"photo": ("after.jpg", JPEG, "image/jpeg")},
    )
    assert body(done)["state"] == "done", done.text
    assert body(done)["incident_state"] == "resolved"
    assert body(phone.get("/v1/worker/tasks", headers=header))["tasks"] == []
    sha256 = field.one("SELECT sha256 FROM attachment WHERE owner = %s", UUID(assignment))
    assert (field.settings.attachments / sha256).read_bytes() == JPEG
    rows = [row for (row,) in field.all("SELECT row FROM incident_transition ORDER BY incident, seq")]
    assert [row for row in rows if row in ("E19", "E23", "E24", "E27")] == ["E19", "E23", "E24", "E27"]


def test_the_same_tap_sent_twice_counts_once_and_is_answered_the_same(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 1)
    header = logged_on(field, phone, 1)
    key = new_key()
    first, second = (pressed(phone, header, assignment, "accept", key) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    incident = field.one("SELECT incident FROM assignment WHERE id = %s", UUID(assignment))
    steps = field.all("SELECT row FROM incident_transition WHERE incident = %s AND row = 'E19'", incident)
    assert len(steps) == 1
    third = pressed(phone, header, assignment, "accept")
    assert third.status_code == 409


def test_a_worker_who_cannot_go_says_why(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 2)
    header = logged_on(field, phone, 2)
    assert body(pressed(phone, header, assignment, "decline", reason_code="because"))["about"] == "reason_code"
    assert body(pressed(phone, header, assignment, "decline", reason_code="other"))["code"] == "missing"
    assert body(pressed(phone, header, assignment, "decline", reason_code="far"))["state"] == "declined"
    assert field.one("SELECT declined FROM worker_live WHERE worker = %s", field.seeded.devices[2].worker) == 1


def test_nobody_touches_a_task_of_somebody_else(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 3)
    other = logged_on(field, phone, 4)
    for action in ("accept", "decline", "arrive", "complete"):
        answer = pressed(phone, other, assignment, action, text="x", reason_code="far")
        assert answer.status_code == 404
        assert body(answer)["code"] == "not_yours"
    assert pressed(phone, other, str(uuid4()), "accept").status_code == 404


def test_completing_without_the_photo_a_category_asks_for_is_refused_in_words(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 5)
    header = logged_on(field, phone, 5)
    pressed(phone, header, assignment, "accept")
    answer = pressed(phone, header, assignment, "complete", text="好了")
    assert answer.status_code == 409
    assert body(answer)["zh"]
    assert body(answer)["en"]


def test_a_worker_who_is_urged_finds_it_on_his_phone_and_the_gateway_is_told_again(field: World, phone: httpx.Client) -> None:
    assignment = dispatched(field, phone, 7)
    header = logged_on(field, phone, 7)
    (task,) = (
        each for each in body(phone.get("/v1/worker/tasks", headers=header))["tasks"] if each["assignment"] == assignment
    )
    assert (task["urged_at"], task["urged_text"], task["reminders"]) == (None, "", 0)
    token = body(phone.post("/v1/gateway/log-on", json={"device": "gateway-1", "secret": field.seeded.gateway_secret}))["token"]
    gateway = {"Authorization": f"Bearer {token}"}
    mark = body(phone.get("/v1/gateway/notices", headers=gateway))["mark"]
    incident, now = field.one("SELECT incident FROM assignment WHERE id = %s", UUID(assignment)), datetime.now(UTC)
    carry_out(field.ledger, uuid4(), incident, 0, Urge("请尽快接单"), officer(field, Role.DUTY_OFFICER), now)
    told = body(phone.get("/v1/gateway/notices", headers=gateway, params={"mark": mark, "wait": 20}))["orders"]
    assert [order["reminders"] for order in told if order["assignment"] == assignment] == [1]
    (task,) = (
        each for each in body(phone.get("/v1/worker/tasks", headers=header))["tasks"] if each["assignment"] == assignment
    )
    assert datetime.fromisoformat(task["urged_at"]) == now
    assert task["urged_text"] == "请尽快接单"


def test_a_gateway_is_told_which_orders_stand_as_soon_as_that_changes(field: World, phone: httpx.Client) -> None:
    token = body(phone.post("/v1/gateway/log-on", json={"device": "gateway-1", "secret": field.seeded.gateway_secret}))["token"]
    header = {"Authorization": f"Bearer {token}"}
    first = body(phone.get("/v1/gateway/notices", headers=header))
    quiet = body(phone.get("/v1/gateway/notices", headers=header, params={"mark": first["mark"], "wait": 0.5}))
    assert quiet["mark"] == first["mark"]
    assignment = dispatched(field, phone, 6)
    news = body(phone.get("/v1/gateway/notices", headers=header, params={"mark": first["mark"], "wait": 20}))
    told = {order["assignment"]: order for order in news["orders"]}
    assert told[assignment]["worker"] == field.seeded.devices[6].number
    assert set(told[assignment]) == {"assignment", "worker", "state", "reminders", "sent_at"}
    assert phone.get("/v1/worker/tasks", headers=header).status_code == 401
    assert phone.get("/v1/gateway/notices", headers=logged_on(field, phone, 6)).status_code == 401


# ---- reports ----------------------------------------------------------------------------------------------------


def test_a_worker_whose_post_was_closed_is_told_so(field: World, phone: httpx.Client) -> None:
    worker = 5
    mine = logged_on(field, phone, worker)
    assignment = dispatched(field, phone, worker)
    field.change(
        "DELETE FROM post_assignment WHERE staff = %s",
        field.seeded.devices[worker].worker,
    )
    place = corner(0.3, 0.4)
    answers = [
        phone.post(f"/v1/worker/tasks/{assignment}/accept", headers=mine | new_key(), json={}),
        phone.post("/v1/worker/reports", headers=mine, json={"text": "积水", "lon": place.lon, "lat": place.lat}),
    ]
    assert [(answer.status_code, body(answer)["code"]) for answer in answers] == [(403, "no_post")] * 2


def test_a_worker_reports_with_a_photo_and_the_report_is_active_discovery(field: World, phone: httpx.Client) -> None:
    place = corner(1.5, 0.5)
    answer = phone.post(
        "/v1/worker/reports",
        headers={**logged_on(field, phone, 7), **new_key()},
        data={"text": "井盖缺失", "lon": place.lon, "lat": place.lat, "category": "03.02", "place_text": "2号路"},
        files={"photo": ("p.jpg", JPEG, "image/jpeg")},
    )
    assert answer.status_code == 201, answer.text
    row = field.all(
        "SELECT i.grid, i.discovery, r.reporter_kind, r.reporter_worker FROM incident i JOIN report r ON r.incident = i.id "
        "WHERE i.number = %s",
        body(answer)["number"],
    )
    assert row == [("330104001001002", "active", "worker", field.seeded.devices[7].worker)]


def test_fixes_are_counted_however_many_come_in_one_request(field: World, phone: httpx.Client) -> None:
    mine, place = logged_on(field, phone, 8), corner(0.5, 0.5)
    batch = {"fixes": [{"lon": place.lon, "lat": place.lat, "src_crs": "GCJ02"}] * MOST_FIXES}
    most = int(FIXES.burst / MOST_FIXES) + 1
    answers = [phone.post("/v1/worker/positions", headers=mine, json=batch) for _ in range(most)]
    assert [answer.status_code for answer in answers] == [202] * (most - 1) + [429]
