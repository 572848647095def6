"""The intake as an ASGI application: its addresses, its limits, and how each kind of problem is answered."""

from __future__ import annotations

from typing import cast

import psycopg
import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ExceptionHandler

from governance.refusal import Refused
from server.intake import open_routes, worker_routes
from server.intake.answers import TurnedAway, malformed, problem, refusal
from server.intake.limits import BodyLimit, TooLarge
from server.intake.reception import Reception
from wire.frames import Malformed

log = structlog.get_logger()


def application(reception: Reception) -> Starlette:
    """The intake on these parts."""
    handlers: dict[type[Exception], object] = {
        Malformed: _malformed,
        Refused: _refused,
        TurnedAway: _turned_away,
        TooLarge: _too_large,
        HTTPException: _http,
        ClientDisconnect: _gone,
        psycopg.OperationalError: _busy,
        OperationalError: _busy,
        PoolTimeout: _busy,
        Exception: _bug,
    }
    app = Starlette(
        routes=[*worker_routes.ROUTES, *open_routes.ROUTES],
        middleware=[Middleware(BodyLimit, refused=reception.refused)],
        exception_handlers={kind: cast("ExceptionHandler", handler) for kind, handler in handlers.items()},
    )
    app.state.reception = reception
    return app


async def _malformed(request: Request, wrong: Malformed) -> JSONResponse:
    _count(request, wrong.reason)
    return malformed(wrong)


async def _refused(request: Request, refused: Refused) -> JSONResponse:
    _count(request, refused.code)
    return refusal(refused)


async def _turned_away(request: Request, stop: TurnedAway) -> JSONResponse:
    _count(request, stop.code)
    return problem(stop.code, stop.about, retry_after_s=stop.retry_after_s)


async def _too_large(request: Request, wrong: TooLarge) -> JSONResponse:
    _count(request, "too_large")
    return problem("too_large", str(wrong))


async def _http(request: Request, wrong: HTTPException) -> JSONResponse:
    code = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}.get(wrong.status_code, "bad_form")
    _count(request, code)
    return problem(code, status=wrong.status_code)


async def _gone(request: Request, _: Exception) -> JSONResponse:
    """Nobody reads this any more."""
    _count(request, "gone")
    return problem("bad_form")


async def _busy(request: Request, wrong: Exception) -> JSONResponse:
    _count(request, "busy")
    log.info("ledger_unreachable", problem=type(wrong).__name__)
    return problem("busy", retry_after_s=2)


async def _bug(request: Request, _: Exception) -> JSONResponse:
    """The traceback is logged by the server around us; the sender learns only that it was not his fault."""
    _count(request, "bug")
    return problem("bug")


def _count(request: Request, reason: str) -> None:
    """One refusal more of its kind."""
    request.app.state.reception.refused[reason] += 1
