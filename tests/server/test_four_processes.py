"""The four server processes together: one incident from a desk to a phone and back, and all of them killed on the way."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import zmq

from governance.changes import CaseChanged
from governance.commands import Dispatch, File, MakeReport, Recipient
from governance.incident import State
from wire.codec import decode_change, decode_positions
from wire.publications import Changes, Publication
from wire.requests import AskReplay, AskSnapshot, Committed, Ping, Pong, Replay, Snapshot

from .conftest import District, RawDesk, middle

PROCESSES = ("desk", "intake", "positions", "clock")
LEAF = "03.01"


def state_heard(state: State) -> Callable[[Publication], bool]:
    """Whether a publication tells of an incident in a state."""

    def heard(said: Publication) -> bool:
        changes = said.changes if isinstance(said, Changes) else ()
        facts = [decode_change(each).fact for each in changes]
        return any(isinstance(fact, CaseChanged) and fact.incident.state is state for fact in facts)

    return heard


def test_one_incident_goes_round_and_a_kill_of_everything_loses_nothing(
    district: District, raw_desk: Callable[[], RawDesk]
) -> None:
    running = {name: district.start(name) for name in PROCESSES}
    desk, device = raw_desk(), district.seeded.devices[0]
    signed = desk.sign_on("duty1")
    lane = desk.connect(zmq.SUB, signed.lane_endpoint)
    lane.subscribe(signed.lane_topic)
    made = desk.order(MakeReport("井盖丢失", middle(0)))
    assert isinstance(made, Committed)
    filed = desk.order(File(LEAF), made.incident, made.version)
    assert isinstance(filed, Committed)
    sent = desk.order(Dispatch(Recipient(device.worker)), filed.incident, filed.version)
    assert isinstance(sent, Committed)

    with _phone(district) as phone:
        header = _logged_on(phone, device)
        (task,) = phone.get("/v1/worker/tasks", headers=header).json()["tasks"]
        assignment, key = task["assignment"], {"Idempotency-Key": str(uuid4())}
        accepted = phone.post(f"/v1/worker/tasks/{assignment}/accept", headers=header | key, json={})
        assert accepted.status_code == 200, accepted.text
        assert desk.hears(state_heard(State.HANDLING), 5.0)
        fix = {"lon": middle(0).lon, "lat": middle(0).lat, "at": datetime.now(UTC).isoformat()}
        assert phone.post("/v1/worker/positions", headers=header, json={"fixes": [fix]}).status_code == 202
    assert lane.poll(5_000)
    (seen,) = decode_positions(lane.recv_multipart()[1])
    assert (int(seen["worker"]), round(int(seen["lon"]) / 1e7, 5)) == (device.number, middle(0).lon)

    for process in running.values():
        process.kill()
    for process in running.values():
        process.wait()
    for name in PROCESSES:
        district.start(name)

    assert isinstance(desk.ask(Ping(0)), Pong)
    with _phone(district) as phone:
        header = _logged_on(phone, device)
        repeated = phone.post(f"/v1/worker/tasks/{assignment}/accept", headers=header | key, json={})
        assert repeated.status_code == 200, repeated.text
        arrive = phone.post(
            f"/v1/worker/tasks/{assignment}/arrive",
            headers=header | {"Idempotency-Key": str(uuid4())},
            json={"lon": middle(0).lon, "lat": middle(0).lat},
        )
        assert arrive.status_code == 200, arrive.text
    replay = desk.ask(AskReplay(0, "990001001/0", 0))
    assert isinstance(replay, Replay)
    assert [each.number for each in replay.changes] == [1, 2, 3, 4, 5]
    case = None
    for change in replay.changes:
        fact = decode_change(change).fact
        assert isinstance(fact, CaseChanged)
        case = fact.applied_to(case)
    snapshot = desk.ask(AskSnapshot(0))
    assert isinstance(snapshot, Snapshot)
    assert snapshot.cases == (case,)
    assert case is not None
    assert [step.row for step in case.steps] == ["E01", "E06", "E12", "E19", "E23"]


def _phone(district: District) -> httpx.Client:
    """An HTTPS client that trusts the certificate of this home and nothing else."""
    trust = ssl.create_default_context(cafile=str(district.keys.tls_certificate))
    url = f"https://{district.settings.intake_http_host}:{district.settings.intake_http_port}"
    return httpx.Client(base_url=url, verify=trust, timeout=20)


def _logged_on(phone: httpx.Client, device: object) -> dict[str, str]:
    """The header of a phone that has proved itself; waits for an intake that is just coming up."""
    said = {"device": f"phone-{device.number}", "secret": device.secret}  # type: ignore[attr-defined]
    until = time.monotonic() + 10
    while (answer := phone.post("/v1/worker/log-on", json=said)).status_code != 200:
        assert time.monotonic() < until, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}
