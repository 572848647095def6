"""Cameras beyond their pictures: what they cover, how their pictures are, who turns them, what they are gathered by."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.places import LonLat
from wire.message import Message


class EditSector(Message, frozen=True, tag="edit_sector"):
    """What a camera covers, of one version of it. The same order id is carried out once; old values take it back."""

    order_id: UUID
    camera: str
    version: int
    heading_deg: float
    field_of_view_deg: float
    range_m: float
    height_m: float | None = None
    coverage: tuple[LonLat, ...] = ()
    """A ring drawn by hand where the sector is not it; not closed."""
    place: LonLat | None = None
    """Where it stands, if that is said anew; its grid follows from it."""


class ReportHealth(Message, frozen=True, tag="camera_health"):
    """How the pictures of a camera are that this desk has open; believed of two officers at two desks, not of one."""

    camera: str
    is_live: bool
    since: datetime


class HoldCamera(Message, frozen=True, tag="hold_camera"):
    """Turning a camera is this desk's for a while; on record. `take_over`: also where somebody of lower rank has it."""

    camera: str
    reason: str
    incident: UUID | None = None
    take_over: bool = False


class TurnCamera(Message, frozen=True, tag="turn_camera"):
    """The camera moves for a moment, speeds from -1 to 1, or stops where all are nought; the desk holds it a while longer."""

    camera: str
    pan: float
    tilt: float
    zoom: float
    seconds: float = 1.0


class GoToPreset(Message, frozen=True, tag="go_to_preset"):
    """The camera turns to a view it remembers."""

    camera: str
    preset: str


class LetGoCamera(Message, frozen=True, tag="let_go_camera"):
    """Somebody else may turn the camera."""

    camera: str


class ReadCameraGroups(Message, frozen=True, tag="read_camera_groups"):
    """What the cameras this session may see are gathered by."""


class RecordViewing(Message, frozen=True, tag="record_viewing"):
    """What this desk itself holds of a camera is about to be shown, or taken out as a picture: on record before it is."""

    camera: str
    doing: str
    """look_back (the last minutes of what it has open), playback (of a clip) or snapshot."""
    reason: str
    incident: UUID | None = None
    clip: UUID | None = None
    """With playback: the number under which the clip left the desk that recorded it."""


CameraRequest = (
    EditSector | ReportHealth | HoldCamera | TurnCamera | GoToPreset | LetGoCamera | ReadCameraGroups | RecordViewing
)


class SectorEdited(Message, frozen=True, tag="sector_edited"):
    """It became a fact: its change is (or will be) on the feed under this stream and number."""

    order_id: UUID
    camera: str
    version: int
    stream: str
    number: int


class PresetIs(msgspec.Struct, frozen=True):
    """A view a camera remembers."""

    token: str
    name: str


class CameraHeld(Message, frozen=True, tag="camera_held"):
    """The camera is this desk's to turn until then, unless a higher rank takes it over."""

    camera: str
    until: datetime
    presets: tuple[PresetIs, ...] = ()
    """With `hold_camera` only, and where the device tells."""


class CameraGroupIs(msgspec.Struct, frozen=True):
    """A group: what it gathers by, its names from the top down, and the cameras right in it."""

    kind: str
    path: tuple[str, ...]
    cameras: tuple[str, ...]


class CameraGroupsAre(Message, frozen=True, tag="camera_groups_are"):
    """All groups with a camera this session may see."""

    groups: tuple[CameraGroupIs, ...]


CameraReply = SectorEdited | CameraHeld | CameraGroupsAre
