"""The addresses of the workers' phone app: log-on, tasks, orders, reports, positions."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from governance.people import Worker
from server.intake import acceptance, tasks
from server.intake.answers import TurnedAway
from server.intake.channels import phone_positions, worker_app
from server.intake.enrolment import Bearer
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
    """The worker's live tasks."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    reception.pass_turnstile("look_up", str(bearer.device))
    live = await in_thread(tasks.tasks_of, reception.ledger, _worker(bearer).id)
    return JSONResponse({"tasks": [task.as_json() for task in live]})


async def order(request: Request) -> JSONResponse:
    """What the worker pressed: accept, decline, arrive, progress, complete."""
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
    Route("/v1/worker/reports", report, methods=["POST"]),
    Route("/v1/worker/positions", positions, methods=["POST"]),
]
