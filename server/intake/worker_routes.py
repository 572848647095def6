"""The addresses of the workers' phone app: log-on, tasks, orders, reports, positions."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from governance.people import Worker
from server.evidence import Photo
from server.intake import acceptance, tasks
from server.intake.answers import TurnedAway
from server.intake.channels import phone_positions, worker_app
from server.intake.enrolment import Bearer
from server.intake.fields import Fields
from server.intake.reception import Reception, address_of, in_thread, read
from server.positions.register import enrol_key


async def log_on(request: Request) -> JSONResponse:
    """A device proves itself and gets a token."""
    reception: Reception = request.app.state.reception
    reception.pass_turnstile("unproven", address_of(request))
    said = worker_app.decode_log_on((await read(request)).fields)
    bearer = await reception.proven(request, said.device, said.secret)
    token, expires = reception.enrolment.tokens.issue(bearer.device, time.time())
    reception.counted["log_on"] += 1
    answer: dict[str, object] = {"token": token, "expires_at": datetime.fromtimestamp(expires, UTC).isoformat()}
    if bearer.worker:
        answer |= {"worker": bearer.worker.number, "name": bearer.worker.name, "grid": bearer.worker.grid}
    return JSONResponse(answer)


async def enrol_sender_key(request: Request) -> JSONResponse:
    """The CURVE key under which a device pushes packed fixes from now on, and where."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    reception.pass_turnstile("log_on", str(bearer.device))
    key = worker_app.decode_sender_key((await read(request)).fields)
    await in_thread(_enrol, reception, bearer, key)
    reception.counted["sender_key"] += 1
    return JSONResponse({"endpoint": reception.pull_door.endpoint, "server_key": reception.pull_door.server_key})


async def my_tasks(request: Request) -> JSONResponse:
    """The worker's live orders, what he is asked to look at, and what was stopped lately."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    reception.pass_turnstile("look_up", str(bearer.device))
    worker, now = _worker(bearer).id, datetime.now(UTC)
    live = await in_thread(tasks.tasks_of, reception.ledger, worker)
    looks = await in_thread(tasks.looks_of, reception.ledger, worker)
    stopped = await in_thread(tasks.stopped_of, reception.ledger, worker, now)
    answer = {
        "tasks": [task.as_json() for task in live],
        "checks": [look.as_json() for look in looks],
        "stopped": list(stopped),
    }
    return JSONResponse(answer)


async def check(request: Request) -> JSONResponse:
    """What the worker found who was asked to look."""
    return await _of_his_own(request, "check", worker_app.decode_check, acceptance.answer_check)


async def self_handle(request: Request) -> JSONResponse:
    """The worker settled what he reported."""
    return await _of_his_own(request, "incident", worker_app.decode_self_handle, acceptance.handle_himself)


async def my_echoes(request: Request) -> JSONResponse:
    """What came of the worker's reports, and of what happened in his grid."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    reception.pass_turnstile("look_up", str(bearer.device))
    echoes = await in_thread(tasks.echoes_of, reception.ledger, _worker(bearer).id, datetime.now(UTC))
    return JSONResponse({"echoes": list(echoes)})


async def echo_read(request: Request) -> JSONResponse:
    """The worker read one of them."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker = _worker(bearer)
    reception.pass_turnstile("orders", str(bearer.device))
    named = reception.named(request, str(bearer.device), (await read(request)).digest)
    echo = request.path_params["echo"]
    state = await in_thread(acceptance.mark_read, reception.ledger, named, worker, echo, reception.photos)
    reception.counted["echo_read"] += 1
    return JSONResponse({"echo": str(echo), "incident_state": state})


async def order(request: Request) -> JSONResponse:
    """What the worker pressed (worker_app.ACTIONS)."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker = _worker(bearer)
    reception.pass_turnstile("orders", str(bearer.device))
    async with reception.body(request, str(bearer.device), "proven") as body:
        ordered = worker_app.decode_order(request.path_params["action"], body.fields, body.photos)
        done = await in_thread(
            acceptance.carry_out_for,
            reception.ledger,
            reception.named(request, str(bearer.device), body.digest),
            worker,
            request.path_params["assignment"],
            ordered,
            reception.photos,
        )
    reception.counted[request.path_params["action"]] += 1
    answer = {
        "assignment": str(request.path_params["assignment"]),
        "state": done.assignment_state,
        "incident_state": done.incident_state,
    }
    return JSONResponse(answer)


async def report(request: Request) -> JSONResponse:
    """A worker reports what he sees."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker = _worker(bearer)
    reception.pass_turnstile("orders", str(bearer.device))
    async with reception.body(request, str(bearer.device), "proven") as body:
        handed_in = worker_app.decode_report(body.fields, body.photos)
        named = reception.named(request, str(bearer.device), body.digest)
        accepted = await in_thread(acceptance.accept, reception.ledger, named, handed_in, worker, reception.photos)
    reception.counted["worker_report"] += 1
    answer = {
        "incident": str(accepted.incident),
        "number": accepted.number,
        "received_at": accepted.received_at.isoformat(),
    }
    return JSONResponse(answer, status_code=201)


async def visit(request: Request) -> JSONResponse:
    """A worker tells of a visit or a round when it is over."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker = _worker(bearer)
    reception.pass_turnstile("orders", str(bearer.device))
    body = await read(request)
    told = worker_app.decode_visit(body.fields)
    named = reception.named(request, str(bearer.device), body.digest)
    stands = await in_thread(acceptance.enter_visit, reception.ledger, named, worker, told)
    reception.counted["visit"] += 1
    return JSONResponse({"visit": str(stands.id), "grid": stands.grid, "seen": stands.is_seen}, status_code=201)


async def positions(request: Request) -> JSONResponse:
    """A batch of fixes of the worker himself."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker = _worker(bearer)
    reception.pass_turnstile("fixes", str(bearer.device))
    fixes = phone_positions.decode_batch(worker.number, (await read(request)).fields, datetime.now(UTC))
    if len(fixes) > 1:
        reception.pass_turnstile("fixes", str(bearer.device), len(fixes) - 1)
    if not reception.forwarding.send(fixes):
        raise TurnedAway("busy", retry_after_s=5)
    reception.counted["fixes"] += len(fixes)
    return JSONResponse({"taken": len(fixes)}, status_code=202)


async def _of_his_own(
    request: Request,
    what: str,
    decode: Callable[[Fields, tuple[Photo, ...]], worker_app.Ordered],
    carry_out: Callable[..., str],
) -> JSONResponse:
    """Something a worker says of what belongs to him, named in the path; photos may come along."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    worker, named = _worker(bearer), request.path_params[what]
    reception.pass_turnstile("orders", str(bearer.device))
    async with reception.body(request, str(bearer.device), "proven") as body:
        ordered = decode(body.fields, body.photos)
        order_id = reception.named(request, str(bearer.device), body.digest)
        state = await in_thread(carry_out, reception.ledger, order_id, worker, named, ordered, reception.photos)
    reception.counted[what] += 1
    return JSONResponse({what: str(named), "incident_state": state})


def _enrol(reception: Reception, bearer: Bearer, key: str) -> None:
    with reception.ledger.transaction() as connection:
        enrol_key(connection, bearer.device, key, bearer.worker.id if bearer.worker else None)


def _worker(bearer: Bearer) -> Worker:
    """The worker behind a device; a gateway is none."""
    if bearer.worker is None:
        raise TurnedAway("not_logged_on")
    return bearer.worker


ROUTES = [
    Route("/v1/worker/log-on", log_on, methods=["POST"]),
    Route("/v1/gateway/log-on", log_on, methods=["POST"]),
    Route("/v1/sender-key", enrol_sender_key, methods=["POST"]),
    Route("/v1/worker/tasks", my_tasks, methods=["GET"]),
    Route("/v1/worker/tasks/{assignment:uuid}/{action}", order, methods=["POST"]),
    Route("/v1/worker/checks/{check:uuid}", check, methods=["POST"]),
    Route("/v1/worker/reports", report, methods=["POST"]),
    Route("/v1/worker/reports/{incident:uuid}/self-handle", self_handle, methods=["POST"]),
    Route("/v1/worker/echoes", my_echoes, methods=["GET"]),
    Route("/v1/worker/echoes/{echo:uuid}/read", echo_read, methods=["POST"]),
    Route("/v1/worker/visits", visit, methods=["POST"]),
    Route("/v1/worker/positions", positions, methods=["POST"]),
]
