"""The addresses that are not the worker app's: citizens, OsmAnd devices, a telecom provider's gateway, the description."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server.intake import acceptance, tasks
from server.intake.answers import TurnedAway
from server.intake.channels import citizen_app, phone_positions
from server.intake.description import DESCRIPTION
from server.intake.fields import number
from server.intake.reception import Reception, address_of, in_thread, read

LONGEST_WAIT_S = 30.0


async def citizen_report(request: Request) -> JSONResponse:
    """Anybody reports something; the ticket is the only way back to it.

    The same key with the same content gets the same ticket, from whatever address it comes; who guesses a key learns nothing
    but that it was used, and changes nothing.
    """
    reception: Reception = request.app.state.reception
    reception.pass_turnstile("citizen", address_of(request))
    async with reception.body(request, address_of(request), "citizens") as body:
        handed_in = citizen_app.decode(body.fields, body.photos)
        named = reception.named(request, "", body.digest)
        accepted = await in_thread(acceptance.accept, reception.ledger, named, handed_in, None, reception.photos)
    reception.counted["citizen_report"] += 1
    answer = {
        "ticket": reception.enrolment.tokens.ticket(accepted.incident),
        "number": accepted.number,
        "received_at": accepted.received_at.isoformat(),
    }
    return JSONResponse(answer, status_code=201)


async def citizen_status(request: Request) -> JSONResponse:
    """How a report stands, for whoever holds its ticket."""
    reception: Reception = request.app.state.reception
    reception.pass_turnstile("look_up", address_of(request))
    incident = reception.enrolment.tokens.incident_of(request.path_params["ticket"])
    status = await in_thread(tasks.status_of, reception.ledger, incident) if incident else None
    if status is None:
        raise TurnedAway("no_such_report", "ticket")
    return JSONResponse(status)


async def osmand(request: Request) -> Response:
    """One fix as OsmAnd writes it, in the query or in a form."""
    reception: Reception = request.app.state.reception
    reception.pass_turnstile("unproven", address_of(request))
    fields = dict(request.query_params)
    if request.method == "POST":
        fields |= (await read(request)).fields
    sighting = phone_positions.decode_osmand(fields, datetime.now(UTC))
    bearer = await reception.proven(request, sighting.device, sighting.secret)
    if bearer.worker is None:
        raise TurnedAway("wrong_secret")
    reception.pass_turnstile("fixes", str(bearer.device))
    if not reception.forwarding.send([(bearer.worker.number, *sighting.fix[1:])]):
        raise TurnedAway("busy", retry_after_s=5)
    reception.counted["fixes"] += 1
    return PlainTextResponse("ok")


async def gateway_notices(request: Request) -> JSONResponse:
    """What stands for a gateway that wakes the phones: as soon as it differs from `mark`, within `wait` seconds."""
    reception: Reception = request.app.state.reception
    bearer = await reception.bearer(request)
    if bearer.kind != "gateway":
        raise TurnedAway("not_logged_on")
    reception.pass_turnstile("look_up", str(bearer.device))
    wait_s = number(request.query_params, "wait", 0, LONGEST_WAIT_S, 0)
    mark, standing = await reception.watch.after(request.query_params.get("mark", ""), wait_s)
    return JSONResponse({"mark": mark, **standing.as_json()})


async def description(_: Request) -> JSONResponse:
    """What can be asked here, as OpenAPI 3.1."""
    return JSONResponse(DESCRIPTION)


async def health(_: Request) -> JSONResponse:
    """Up; says nothing else to anybody."""
    return JSONResponse({"up": True})


ROUTES = [
    Route("/v1/citizen/reports", citizen_report, methods=["POST"]),
    Route("/v1/citizen/reports/{ticket}", citizen_status, methods=["GET"]),
    Route("/v1/osmand", osmand, methods=["GET", "POST"]),
    Route("/v1/gateway/notices", gateway_notices, methods=["GET"]),
    Route("/v1/openapi.json", description, methods=["GET"]),
    Route("/v1/health", health, methods=["GET"]),
]
