"""What is sent while a process is frozen or dead is pending, sent again under the same id, and done once."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import time
from collections.abc import Callable
from urllib.parse import urlparse
from uuid import uuid4

import httpx
import pytest

from governance.commands import MakeReport
from tests.together.at_work import ServerAtWork, spot, until
from tests.together.headless import Examiner, HeadlessDesk, equals_fresh_snapshot
from tests.together.phones import Phone

FROZEN_S = 0.6


def test_orders_sent_while_the_desk_process_is_down_are_pending_and_then_carried_out_once(
    work: ServerAtWork, desk_of: Callable[[str], HeadlessDesk], examiner_of: Callable[[str], Examiner]
) -> None:
    duty, other = desk_of("duty1"), desk_of("lead1")
    examiner = examiner_of("duty1")
    cases = set(duty.situation.cases)
    os.kill(work.pid("desk"), signal.SIGSTOP)  # what it is sent from here on dies with it, unread
    sent = [duty.order(MakeReport(f"断线 {n}", spot(0.5, 0.5))) for n in range(5)]
    until_s = time.monotonic() + FROZEN_S
    while time.monotonic() < until_s:
        duty.turn()
        time.sleep(0.01)
    assert all(duty.orders.knows(order_id) for order_id in sent)
    assert (duty.outcomes, duty.acknowledged, set(duty.situation.cases)) == ({}, {}, cases)
    killed_at = work.kill("desk")
    sent.append(duty.order(MakeReport("断线 5", spot(0.5, 0.5))))

    def both_turn() -> None:
        duty.turn()
        other.turn()

    until(lambda: work.is_back("desk", killed_at), "the desk process is back", 30, both_turn)
    until(lambda: duty.outcomes.keys() == set(sent), "all orders ended", 30, both_turn)
    assert duty.orders.count() == 0
    made = {outcome.incident for outcome in duty.outcomes.values()}
    assert len(made) == len(sent)
    assert {str(row) for (row,) in work.rows("SELECT order_id FROM answered_order")} >= {str(order_id) for order_id in sent}
    texts = [text for (text,) in work.rows("SELECT text FROM incident WHERE text LIKE '断线 %%' ORDER BY text")]
    assert texts == [f"断线 {n}" for n in range(6)]
    until(lambda: made <= other.situation.cases.keys(), "the other desk sees them", 30, both_turn)
    equals_fresh_snapshot(duty, examiner)
    assert (len(duty.sessions), duty.overs, len(other.sessions), other.overs) == (1, [], 1, [])


@pytest.fixture
def phone(work: ServerAtWork) -> Phone:
    """A worker's phone, hung up by its user."""
    return Phone(work, 8, timeout_s=1.0)


def test_a_report_whose_answer_died_with_the_intake_is_one_when_sent_again(work: ServerAtWork, phone: Phone) -> None:
    key, text = str(uuid4()), f"答复丢失 {uuid4()}"
    place = spot(0.3, 0.6)
    _post_without_listening(work, phone, key, {"text": text, "lon": place.lon, "lat": place.lat})
    ((number,),) = until(lambda: work.rows("SELECT number FROM incident WHERE text = %s", text), "it is in the ledger")
    killed_at = work.kill("intake")
    answer = _until_taken(phone, text, key)
    assert answer.json()["number"] == number
    assert work.rows("SELECT count(*) FROM incident WHERE text = %s", text) == [(1,)]
    until(lambda: work.is_back("intake", killed_at), "the intake is back")
    phone.close()


def test_a_report_sent_to_a_frozen_intake_that_is_killed_is_one_when_sent_again(work: ServerAtWork, phone: Phone) -> None:
    key, text = str(uuid4()), f"没有答复 {uuid4()}"
    os.kill(work.pid("intake"), signal.SIGSTOP)
    with pytest.raises(httpx.TimeoutException):
        phone.report(text, spot(0.3, 0.6), key)
    assert work.rows("SELECT count(*) FROM incident WHERE text = %s", text) == [(0,)]
    killed_at = work.kill("intake")
    answer = _until_taken(phone, text, key)
    again = phone.report(text, spot(0.3, 0.6), key)
    assert again.json()["number"] == answer.json()["number"]
    assert work.rows("SELECT count(*) FROM incident WHERE text = %s", text) == [(1,)]
    until(lambda: work.is_back("intake", killed_at), "the intake is back")
    phone.close()


def _until_taken(phone: Phone, text: str, key: str) -> httpx.Response:
    """The answer to a report that is sent again and again under one key."""

    def taken() -> httpx.Response | None:
        try:
            answer = phone.report(text, spot(0.3, 0.6), key)
        except httpx.TransportError:
            return None
        return answer if answer.status_code == 201 else None

    answer: httpx.Response = until(taken, "the report is taken", 30)
    return answer


def _post_without_listening(work: ServerAtWork, phone: Phone, key: str, said: dict[str, object]) -> None:
    """A report goes out whose answer nobody reads."""
    address = urlparse(work.url)
    body = httpx.Request("POST", work.url, json=said).content  # the very bytes the phone sends again
    lines = [
        "POST /v1/worker/reports HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: {phone.header['Authorization']}",
        f"Idempotency-Key: {key}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    trusting = ssl.create_default_context(cafile=str(work.settings.keys / "tls.crt"))
    with (
        socket.create_connection((str(address.hostname), address.port), 10) as plain,
        trusting.wrap_socket(plain, server_hostname=address.hostname) as channel,
    ):
        channel.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        until(lambda: work.rows("SELECT 1 FROM incident WHERE text = %s", str(said["text"])), "it was taken")
