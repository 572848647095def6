"""What the intake offers, as OpenAPI 3.1: written by hand, and compared with the routes by a test."""

from __future__ import annotations

from typing import Any

from governance.looking import RESULTS
from governance.visits import VisitKind
from server.intake.answers import WORDS
from server.intake.channels.phone_positions import MOST_FIXES
from server.intake.channels.worker_app import ACTIONS, DECLINE_REASONS, REQUESTS
from server.intake.fields import DATUMS, TEXT_LIMIT

Json = dict[str, Any]

TEXT: Json = {"type": "string", "maxLength": TEXT_LIMIT}
REASON: Json = {"type": "string", "maxLength": 500}
TIME: Json = {"description": "ISO 8601 with zone, or seconds or milliseconds since 1970", "type": ["string", "number"]}
PLACE: Json = {
    "lon": {"type": "number", "minimum": -180, "maximum": 180},
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "src_crs": {"type": "string", "enum": list(DATUMS), "default": "WGS84"},
    "accuracy": {"type": "number", "description": "metres"},
}
REPORT: Json = {
    "text": TEXT,
    **PLACE,
    "place_text": {"type": "string", "maxLength": 200},
    "category": {"type": "string", "maxLength": 20, "description": "code of a category, if the reporter knows it"},
    "floor": {"type": "string", "maxLength": 40},
    "occurred_at": TIME,
    "confidential": {"type": "boolean"},
}
PHOTO: Json = {"photo": {"type": "string", "format": "binary", "description": "JPEG, PNG or WebP, at most 10 MB; up to three"}}
FIX: Json = {
    **PLACE,
    "at": TIME,
    "speed": {"type": "number", "description": "metres a second"},
    "bearing": {"type": "number", "description": "degrees clockwise from north"},
    "battery": {"type": "number", "description": "percent"},
}
IDEMPOTENCY: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A UUID, or 22 random characters or more, new for each order. The same key with the same content is "
    "carried out once and answered the same, from whatever address it comes; with other content it is refused",
    "schema": {"type": "string", "maxLength": 200},
}


def _body(properties: Json, required: list[str], photos: bool = False) -> Json:
    """A request body: JSON, and a multipart form where photos may come along."""
    content: Json = {"application/json": {"schema": {"type": "object", "properties": properties, "required": required}}}
    if photos:
        form = {"type": "object", "properties": {**properties, **PHOTO}, "required": required}
        content["multipart/form-data"] = {"schema": form}
    return {"required": bool(required), "content": content}


def _path(name: str, summary: str = "", schema: Json | None = None, where: str = "path") -> Json:
    """A parameter in the path or the query."""
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "description": summary,
        "schema": schema or {"type": "string"},
    }


def _operation(summary: str, status: int = 200, proven: bool = True, **more: Any) -> Json:
    """One thing that can be asked."""
    answers = {str(status): {"description": "Done"}, "default": {"$ref": "#/components/responses/Problem"}}
    return {"summary": summary, "responses": answers, **({} if proven else {"security": []}), **more}


ASSIGNMENT = _path("assignment", "id of the order", {"type": "string", "format": "uuid"})
ORDER_FIELDS: Json = {
    "at": TIME,
    "text": {**TEXT, "description": "progress, complete"},
    "reason_code": {"type": "string", "enum": list(DECLINE_REASONS), "description": "decline"},
    "reason": {**REASON, "description": "decline (other), arrive from further away than 100 m, request"},
    "kind": {"type": "string", "enum": list(REQUESTS), "description": "request"},
    "until": {**TIME, "description": "request of a suspension: its end"},
    "extend_s": {"type": "number", "description": "request of an extension: seconds of its kind of time"},
    **PLACE,
}
OSMAND = [
    _path(name, summary, {"type": kind}, "query")
    for name, summary, kind in (
        ("id", "the enrolled device", "string"),
        ("secret", "its secret", "string"),
        ("lat", "degrees", "number"),
        ("lon", "degrees", "number"),
        ("timestamp", "seconds or milliseconds since 1970, or ISO 8601", "string"),
        ("speed", "metres a second", "number"),
        ("bearing", "degrees", "number"),
        ("altitude", "metres; not used", "number"),
        ("accuracy", "metres", "number"),
        ("batt", "percent", "number"),
    )
]
LOG_ON_BODY = _body({"device": {"type": "string"}, "secret": {"type": "string"}}, ["device", "secret"])
ACTION = _path("action", "", {"type": "string", "enum": list(ACTIONS)})
CHECK = _path("check", "id of what is to be looked at", {"type": "string", "format": "uuid"})
INCIDENT = _path("incident", "id of what the worker reported", {"type": "string", "format": "uuid"})
ECHO = _path("echo", "id of the echo", {"type": "string", "format": "uuid"})
CHECK_BODY = _body(
    {"at": TIME, "result": {"type": "string", "enum": sorted(RESULTS)}, "reason": REASON}, ["result"], photos=True
)
SELF_HANDLE = {"at": TIME, "text": TEXT, "category": {"type": "string", "maxLength": 20}}
NOTICE_PARAMETERS = [
    _path("mark", "the mark of the last answer", None, "query"),
    _path("wait", "seconds, at most 30", {"type": "number"}, "query"),
]
POSITIONS_BODY = _body(
    {"fixes": {"type": "array", "maxItems": MOST_FIXES, "items": {"type": "object", "properties": FIX}}}, ["fixes"]
)
CITIZEN = {
    **REPORT,
    "name": {"type": "string", "maxLength": 40},
    "phone": {"type": "string", "maxLength": 24, "description": "kept sealed"},
    "address": {"type": "string", "maxLength": 200},
    "anonymous": {"type": "boolean", "description": "name, phone and address are not kept"},
}
WORKER_REPORT = {**REPORT, "urgency": {"type": "integer", "enum": [0, 1, 2]}}
REPORTED = ["text", "lon", "lat"]
VISIT: Json = {
    "kind": {"type": "string", "enum": [kind.value for kind in VisitKind]},
    "began_at": TIME,
    "ended_at": TIME,
    "lon": PLACE["lon"],
    "lat": PLACE["lat"],
    "src_crs": PLACE["src_crs"],
    "household": {"type": "string", "maxLength": 200, "description": "as it is on the door; kept as a mark that names none"},
    "reason": {**REASON, "description": "why no position of the phone lies within 100 m"},
}

PATHS: Json = {
    "/v1/worker/log-on": {"post": _operation("A device proves itself and gets a token", proven=False, requestBody=LOG_ON_BODY)},
    "/v1/gateway/log-on": {"post": _operation("The same for a provider's gateway", proven=False, requestBody=LOG_ON_BODY)},
    "/v1/sender-key": {
        "post": _operation(
            "From now on this device pushes packed fixes (24 bytes each, see PROTOCOL.md) under this CURVE key: a phone or "
            "terminal for its own worker, a gateway for all; answers with the endpoint and the server's key",
            requestBody=_body({"public_key": {"type": "string", "description": "Z85, 40 characters"}}, ["public_key"]),
        )
    },
    "/v1/worker/tasks": {"get": _operation("My live orders, what I am asked to look at, and what was stopped lately")},
    "/v1/worker/tasks/{assignment}/{action}": {
        "post": _operation(
            "Acknowledge or accept in one tap, decline with a reason, arrive, report progress, complete with a photo; take the "
            "lead of a direct order over; ask for return, suspension, extension",
            parameters=[ASSIGNMENT, ACTION, IDEMPOTENCY],
            requestBody=_body(ORDER_FIELDS, [], photos=True),
        )
    },
    "/v1/worker/visits": {
        "post": _operation(
            "Tell of a visit or a round when it is over; answers whether a position showed me there",
            201,
            parameters=[IDEMPOTENCY],
            requestBody=_body(VISIT, ["kind", "began_at", "ended_at", "lon", "lat"]),
        )
    },
    "/v1/worker/reports": {
        "post": _operation(
            "Report what I see",
            201,
            parameters=[IDEMPOTENCY],
            requestBody=_body(WORKER_REPORT, REPORTED, photos=True),
        )
    },
    "/v1/worker/checks/{check}": {
        "post": _operation("What I found, with a photo or a reason", parameters=[CHECK, IDEMPOTENCY], requestBody=CHECK_BODY)
    },
    "/v1/worker/reports/{incident}/self-handle": {
        "post": _operation(
            "I settled a minor matter of my own grid that I reported with a photo; a photo of how it is now comes along",
            parameters=[INCIDENT, IDEMPOTENCY],
            requestBody=_body(SELF_HANDLE, ["text"], photos=True),
        )
    },
    "/v1/worker/echoes": {"get": _operation("What came of my reports, and of what happened in my grid")},
    "/v1/worker/echoes/{echo}/read": {"post": _operation("I read it", parameters=[ECHO, IDEMPOTENCY])},
    "/v1/worker/positions": {"post": _operation("Where I was: a batch of fixes", 202, requestBody=POSITIONS_BODY)},
    "/v1/citizen/reports": {
        "post": _operation(
            "Anybody reports; answers with a ticket",
            201,
            proven=False,
            parameters=[IDEMPOTENCY],
            requestBody=_body(CITIZEN, REPORTED, photos=True),
        )
    },
    "/v1/citizen/reports/{ticket}": {"get": _operation("How it stands", proven=False, parameters=[_path("ticket")])},
    "/v1/osmand": {
        "get": _operation("One fix as OsmAnd writes it", proven=False, parameters=OSMAND),
        "post": _operation("The same in a form", proven=False, parameters=OSMAND),
    },
    "/v1/gateway/notices": {
        "get": _operation(
            "For the gateway of a telecom provider that wakes phones: which orders stand for which worker numbers, who is "
            "asked to look at something, whose order was stopped; "
            "answers as soon as that differs from the mark given",
            parameters=NOTICE_PARAMETERS,
        )
    },
    "/v1/openapi.json": {"get": _operation("This description", proven=False)},
    "/v1/health": {"get": _operation("Whether the intake is up", proven=False)},
}

DESCRIPTION: Json = {
    "openapi": "3.1.0",
    "info": {"title": "Gridwarden intake / 网格指挥受理接口", "version": "1"},
    "paths": PATHS,
    "security": [{"bearer": []}],
    "components": {
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        "responses": {
            "Problem": {
                "description": "What was wrong",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {
                                "code": {"type": "string", "description": f"{', '.join(WORDS)}, or the code of a rule"},
                                "about": {"type": "string"},
                                "zh": {"type": "string"},
                                "en": {"type": "string"},
                            },
                        }
                    }
                },
            }
        },
    },
}
