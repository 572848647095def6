"""What the desk asks of the link; frozen, handed over by Link.submit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.camera import StreamKind
from governance.commands import Command
from wire.archive_requests import ArchiveRequest
from wire.boundary_requests import BoundaryRequest
from wire.camera_requests import CameraRequest
from wire.dial_requests import AskDial
from wire.indicator_requests import IndicatorRequest
from wire.leaving_requests import LeavingRequest
from wire.past_requests import PastRequest
from wire.requests import Caller
from wire.shift_requests import ShiftRequest
from wire.visited_requests import VisitedRequest
from wire.wall_requests import WallRequest


@dataclass(frozen=True, slots=True)
class LogOn:
    """Sign on with a fresh key pair; what was open before is closed. `post` where the account holds several.

    `kept` are the bytes of this account's last BacklogStands, so that orders not yet answered go out again.
    """

    login: str
    password: str = field(repr=False)
    post: UUID | None = None
    seat: str = ""
    kept: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class LogOnWall:
    """Sign on as the display of a wall, with the one key pair its machine is known by."""

    wall: str
    public_key: bytes
    """CURVE, Z85."""
    secret_key: bytes = field(repr=False)
    seat: str = ""


@dataclass(frozen=True, slots=True)
class LogOff:
    """End the session."""


@dataclass(frozen=True, slots=True)
class Send:
    """One command. It is resent under its order id until it is answered, over lost connections too."""

    order_id: UUID
    command: Command
    incident: UUID | None = None
    version: int = 0
    client_at: datetime | None = None
    reporter: Caller | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Watch:
    """An address of one stream of a camera, for a reason that is logged."""

    camera: str
    reason: str
    incident: UUID | None = None
    stream: StreamKind = StreamKind.SUB


@dataclass(frozen=True, slots=True)
class Uncover:
    """One personal field of a report in clear: name, phone or address."""

    report: UUID
    name: str
    """name, phone or address."""
    purpose: str


@dataclass(frozen=True, slots=True)
class Resync:
    """The situation fell out of step: fetch a fresh snapshot."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Fetch:
    """The bytes of a photo or document by their hash; answered once, by BytesCame."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Bring:
    """A photo goes to the server, before the order that names it; answered once, by Brought. Never kept on disk."""

    sha256: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AskCaller:
    """Where a number called from last; answered once, by CallerTold."""

    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enquire:
    """A request that is no order, whatever number it has; answered once, by Enquired with the same key.

    Never kept on disk.
    """

    key: UUID
    request: (
        ShiftRequest
        | IndicatorRequest
        | ArchiveRequest
        | AskDial
        | VisitedRequest
        | LeavingRequest
        | PastRequest
        | WallRequest
        | CameraRequest
        | BoundaryRequest
    ) = field(repr=False)
    """It may hold a password."""


ToServer = LogOn | LogOnWall | LogOff | Send | Watch | Uncover | AskCaller | Resync | Fetch | Bring | Enquire
