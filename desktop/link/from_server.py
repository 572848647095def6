"""What the link puts on its queue for the desk's main thread; frozen values, in the order they count."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.camera import StreamKind
from governance.changes import Change
from governance.refusal import Refused
from wire.archive_requests import ArchiveReply
from wire.boundary_requests import BoundaryReply
from wire.camera_requests import CameraReply
from wire.dial_requests import DialIs
from wire.indicator_requests import IndicatorReply
from wire.leaving_requests import LeavingReply
from wire.past_requests import PastReply
from wire.publications import Positions
from wire.requests import KnownCaller, PostOffer, SignedOn, Snapshot
from wire.shift_requests import ShiftReply
from wire.visited_requests import VisitedReply
from wire.wall_requests import WallReply


@dataclass(frozen=True, slots=True)
class LoggedOn:
    """The session is open; a snapshot follows."""

    session: SignedOn


@dataclass(frozen=True, slots=True)
class PostsOffered:
    """The account holds several posts: log on again naming one."""

    posts: tuple[PostOffer, ...]


@dataclass(frozen=True, slots=True)
class LogOnRefused:
    """The server said no, or (code no_answer) said nothing."""

    refused: Refused


@dataclass(frozen=True, slots=True)
class SessionOver:
    """The session ended: logged off, expired, taken away. Orders not yet answered are kept."""

    reason: str


@dataclass(frozen=True, slots=True)
class SnapshotCame:
    """Start the situation from this."""

    snapshot: Snapshot


@dataclass(frozen=True, slots=True)
class ChangesCame:
    """Apply these, in this order; they follow one another without holes within each stream."""

    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Moved:
    """Newer positions, POSITION[k], read-only."""

    records: Positions


@dataclass(frozen=True, slots=True)
class OrderAnswered:
    """An order is over for the link: committed (its change is or will be on the feed), or refused."""

    order_id: UUID
    refused: Refused | None = None
    incident: UUID | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class BacklogStands:
    """How many orders wait for an answer, and the bytes to keep on disk so that none is lost (Link takes them back)."""

    count: int
    kept: bytes = field(repr=False)
    login: str = ""
    """Whose orders they are: the desk may be signing somebody else on by the time it hears this."""


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where the pictures of a camera's stream come from, until when; or why not."""

    camera: str
    url: str = field(default="", repr=False)
    expires_at: datetime | None = None
    refused: Refused | None = None
    stream: StreamKind = StreamKind.SUB


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A personal field in clear: forget it after five minutes; or why not."""

    report: UUID
    name: str
    """name, phone or address."""
    value: str = field(default="", repr=False)
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class LinkState:
    """Whether the server is heard, since when it is so, and how far the feed lags; once a second and on every change."""

    connected: bool
    since: datetime
    lag_s: float = 0.0
    offset_s: float = 0.0
    """Add to this machine's clock to get the server's."""
    round_trip_s: float = 0.0
    malformed: int = 0
    """Frames that were not what the protocol says, since the link started."""


@dataclass(frozen=True, slots=True)
class PackReceived:
    """A layer of the town, its hash verified."""

    layer: str
    sha256: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class PackFailed:
    """A layer could not be fetched."""

    layer: str
    reason: str


@dataclass(frozen=True, slots=True)
class BytesCame:
    """A photo or document, its hash verified; or (no data) why not. Nothing of it is kept on disk."""

    sha256: str
    data: bytes = field(default=b"", repr=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A photo is with the server, or why it is not."""

    sha256: str
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Enquired:
    """What came of an Enquire: the reply (None where there is nothing to say), or why not."""

    key: UUID
    reply: (
        ShiftReply
        | IndicatorReply
        | ArchiveReply
        | DialIs
        | VisitedReply
        | LeavingReply
        | PastReply
        | WallReply
        | CameraReply
        | BoundaryReply
        | None
    ) = field(default=None, repr=False)
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class CallerTold:
    """What is known of a number that was asked for; None where nothing is, or why it was not answered."""

    phone: str = field(repr=False)
    known: KnownCaller | None = None
    refused: Refused | None = None


FromServer = (
    LoggedOn
    | PostsOffered
    | LogOnRefused
    | SessionOver
    | SnapshotCame
    | ChangesCame
    | Moved
    | OrderAnswered
    | BacklogStands
    | CameraAddress
    | Uncovered
    | CallerTold
    | LinkState
    | PackReceived
    | PackFailed
    | BytesCame
    | Brought
    | Enquired
)
