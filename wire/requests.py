"""Requests of a desk and their replies: sign on, snapshot, order, replay, cameras, packs.

Every request is one frame of a DEALER, every reply one frame back: the protocol byte, then a MessagePack map with `type`.
Requests carry a number of the sender's choice that comes back in the reply.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.camera import Camera, StreamKind
from governance.incident import Case
from governance.people import Officer, Unit, Worker
from governance.places import LonLat
from governance.rules import Rules
from governance.shifts import UnitShifts
from governance.wall import WallStanding
from wire.archive_requests import ArchiveReply, ArchiveRequest
from wire.boundary_requests import BoundaryReply, BoundaryRequest
from wire.camera_requests import CameraReply, CameraRequest
from wire.dial_requests import AskDial, DialIs
from wire.indicator_requests import IndicatorReply, IndicatorRequest
from wire.leaving_requests import LeavingReply, LeavingRequest
from wire.message import Message
from wire.past_requests import PastReply, PastRequest
from wire.photo_requests import BringPhoto, PhotoBrought
from wire.publications import Numbered
from wire.rules_requests import RulesReply, RulesRequest
from wire.shift_requests import ShiftReply, ShiftRequest
from wire.visited_requests import VisitedReply, VisitedRequest
from wire.wall_requests import WallReply, WallRequest

# ---- requests ---------------------------------------------------------------------------------------------------


class SignOn(Message, frozen=True, tag="sign_on"):
    """Bind the key of this connection to an account in one of its posts, within the open shift."""

    login: str
    password: str
    post: UUID | None = None
    seat: str = ""


class SignOff(Message, frozen=True, tag="sign_off"):
    """End the session; its topics go silent at once."""


class AskSnapshot(Message, frozen=True, tag="snapshot"):
    """One consistent picture of all this session may see."""


class AskReplay(Message, frozen=True, tag="replay"):
    """The changes of one stream after a number."""

    stream: str
    after: int


class Caller(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who reported to the officer, and how to call back: of class 3, sealed on arrival, sent nowhere again by itself."""

    name: str = ""
    phone: str = ""
    address: str = ""


class Order(Message, frozen=True, tag="order"):
    """One command. The same order id sent twice is carried out once and answered the same."""

    order_id: UUID
    command: str
    """A word of governance.commands.COMMANDS."""
    body: msgspec.Raw
    incident: UUID | None = None
    version: int = 0
    client_at: datetime | None = None
    reporter: Caller | None = None
    """With `report` and `attach` only."""


class OpenCamera(Message, frozen=True, tag="open_camera"):
    """An address to watch one stream of one camera for a while; logged."""

    camera: str
    reason: str
    incident: UUID | None = None
    stream: StreamKind = StreamKind.SUB


class Reveal(Message, frozen=True, tag="reveal"):
    """One personal field of one report in clear; audited before it is sent."""

    report: UUID
    field: str
    """name, phone or address."""
    purpose: str


class FindCaller(Message, frozen=True, tag="find_caller"):
    """Where a number called from last; on record before it is answered."""

    phone: str


class AskBulk(Message, frozen=True, tag="bulk"):
    """A slice of a pack or attachment by its hash; sent on the bulk socket only."""

    sha256: str
    offset: int = 0
    length: int = 4_194_304


class Ping(Message, frozen=True, tag="ping"):
    """Are you there; keeps the session alive."""


Request = (
    SignOn
    | SignOff
    | AskSnapshot
    | AskReplay
    | Order
    | OpenCamera
    | Reveal
    | FindCaller
    | AskDial
    | AskBulk
    | BringPhoto
    | Ping
    | ShiftRequest
    | IndicatorRequest
    | ArchiveRequest
    | RulesRequest
    | VisitedRequest
    | LeavingRequest
    | PastRequest
    | WallRequest
    | CameraRequest
    | BoundaryRequest
)


# ---- replies ----------------------------------------------------------------------------------------------------


class PostOffer(msgspec.Struct, frozen=True):
    """One of the posts an account may sit in."""

    post: UUID
    role: str
    title: str
    area: str


class ChoosePost(Message, frozen=True, tag="choose_post"):
    """The account holds several posts: sign on again naming one."""

    posts: tuple[PostOffer, ...]


class SignedOn(Message, frozen=True, tag="signed_on"):
    """The session: who you are, where to listen, until when."""

    session: UUID
    officer: Officer
    account: str
    unit_name: str
    shift_name: str
    expires_at: datetime
    feed_endpoint: str
    lane_endpoint: str
    bulk_endpoint: str
    feed_topic: bytes
    lane_topic: bytes
    streams: tuple[str, ...]
    epoch: UUID
    """Changes when the ledger is restored or made anew: everything must be fetched again."""
    server_time: datetime
    must_change_password: bool = False


class TownManifest(msgspec.Struct, frozen=True):
    """The town a desk shows: packs by hash, fetched from the bulk socket."""

    name: str
    code: str
    attribution: str
    origin_lon: float
    origin_lat: float
    packs: dict[str, tuple[str, int]]
    """Layer -> (sha256 in hex, bytes)."""
    boundary_fit: float = 0.0


class Snapshot(Message, frozen=True, tag="snapshot_is"):
    """Everything the session may see, as of the numbers given."""

    epoch: UUID
    numbers: dict[str, int]
    at: datetime
    cases: tuple[Case, ...]
    workers: tuple[Worker, ...]
    units: tuple[Unit, ...]
    cameras: tuple[Camera, ...]
    rules: Rules
    town: TownManifest
    positions: bytes
    """Last known fixes, packed as in publications.POSITION."""
    shifts: tuple[UnitShifts, ...] = ()
    """How each unit stands that has a shift in force or a planned one."""
    walls: tuple[WallStanding, ...] = ()
    """How each wall stands that the session hears of."""


class Replay(Message, frozen=True, tag="replay_is"):
    """The changes asked for, in order; `complete` is false where a fresh snapshot is needed instead."""

    stream: str
    changes: tuple[Numbered, ...]
    complete: bool


class Committed(Message, frozen=True, tag="committed"):
    """The order became a fact: its change is (or will be) on the feed under this stream and number."""

    order_id: UUID
    incident: UUID
    version: int
    stream: str
    number: int


class Address(Message, frozen=True, tag="address"):
    """Where a camera's pictures come from, until when."""

    camera: str
    url: str
    expires_at: datetime


class Revealed(Message, frozen=True, tag="revealed"):
    """The field asked for; forget it after five minutes."""

    report: UUID
    field: str
    value: str


class KnownCaller(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The place of a number's last report, how many it made, and who works there; nothing of who it was."""

    number: str
    """Of the incident the last report belongs to."""
    place: LonLat
    place_text: str
    grid: str
    reports: int
    worker: UUID | None = None
    worker_name: str = ""
    is_on_duty: bool = False


class CallerIs(Message, frozen=True, tag="caller_is"):
    """What is known of a number; None where it never called, or nothing of it may be told."""

    known: KnownCaller | None = None


class Bulk(Message, frozen=True, tag="bulk_is"):
    """A slice of the bytes asked for."""

    sha256: str
    offset: int
    total: int
    data: bytes


class Pong(Message, frozen=True, tag="pong"):
    """Here, and this late."""

    server_time: datetime


class Done(Message, frozen=True, tag="done"):
    """Done, nothing to say."""


class Refusal(Message, frozen=True, tag="refused"):
    """A rule, the protocol or the load said no: a code with parameters."""

    code: str
    about: str = ""
    details: dict[str, str] = msgspec.field(default_factory=dict)
    order_id: UUID | None = None


Reply = (
    ChoosePost
    | SignedOn
    | Snapshot
    | Replay
    | Committed
    | Address
    | Revealed
    | DialIs
    | CallerIs
    | Bulk
    | PhotoBrought
    | Pong
    | Done
    | Refusal
    | ShiftReply
    | IndicatorReply
    | ArchiveReply
    | RulesReply
    | VisitedReply
    | LeavingReply
    | PastReply
    | WallReply
    | CameraReply
    | BoundaryReply
)
