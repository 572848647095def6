"""Requests about display walls and their replies: of a display, and of the desks that control one.

Layouts name cameras by their ids; where the pictures come from a display asks for each by itself, as a desk does.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.wall import Layout, SlotShown, Stream, View, WallStanding
from governance.wall_board import WallFigures, WallIncident
from wire.message import Message


class SignOnWall(Message, frozen=True, tag="sign_on_wall"):
    """Bind the key of this connection to the read-only account of a wall: the key itself is what its machine is known by."""

    wall: str
    seat: str = ""


class ReadWalls(Message, frozen=True, tag="read_walls"):
    """The walls one's post may control, or the one this display shows."""


class ReadWall(Message, frozen=True, tag="read_wall"):
    """How a wall stands, and what its displays said a moment ago that they truly show."""

    wall: str


class TakeWall(Message, frozen=True, tag="take_wall"):
    """Control a wall from now on; `over` takes it from whoever has it, which a shift lead may."""

    wall: str
    over: bool = False


class GiveWall(Message, frozen=True, tag="give_wall"):
    """Control a wall no more."""

    wall: str


class PutLayout(Message, frozen=True, tag="put_layout"):
    """A wall is laid out so; `rev` is that of the layout one has seen."""

    wall: str
    rev: int
    layout: Layout


class PutScene(Message, frozen=True, tag="put_scene"):
    """A wall shows a saved scene, or one that comes ready."""

    wall: str
    rev: int
    scene: str


class PutBack(Message, frozen=True, tag="put_back"):
    """A wall shows again, as a new revision, what it showed at `to`; `rev` is that of the layout one has seen."""

    wall: str
    rev: int
    to: int


class KeepScene(Message, frozen=True, tag="keep_scene"):
    """The layout a wall has now is kept under a name."""

    wall: str
    rev: int
    scene: str


class PushSlot(Message, frozen=True, tag="push_slot"):
    """One slot shows something else: a word of governance.wall.Content, with a camera or a view of the map."""

    wall: str
    rev: int
    slot: int
    content: str
    camera: str = ""
    stream: Stream = Stream.AUTO
    view: View | None = None


class PopUpIncident(Message, frozen=True, tag="pop_up"):
    """The nearest cameras that see an incident come into reserved slots for a time."""

    wall: str
    incident: UUID
    seconds: int = 120


class ReportWall(Message, frozen=True, tag="report_wall"):
    """What a display truly shows, slot by slot; said once a second."""

    rev: int
    width: int
    height: int
    slots: tuple[SlotShown, ...]


class ReadWallBoard(Message, frozen=True, tag="read_wall_board"):
    """The open incidents and figures of the wall's area, as a wall may show them."""

    wall: str


WallRequest = (
    SignOnWall
    | ReadWalls
    | ReadWall
    | TakeWall
    | GiveWall
    | PutLayout
    | PutScene
    | PutBack
    | KeepScene
    | PushSlot
    | PopUpIncident
    | ReportWall
    | ReadWallBoard
)


class WallsAre(Message, frozen=True, tag="walls_are"):
    """The walls in the order of their codes."""

    walls: tuple[WallStanding, ...]


class DisplayShows(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The newest report of one display."""

    machine: str
    """What the display's machine is called."""
    at: datetime
    """When it was heard; how old that is says whether it still shows that."""
    rev: int
    width: int
    height: int
    slots: tuple[SlotShown, ...]


class WallIs(Message, frozen=True, tag="wall_is"):
    """How a wall stands; `displays` is empty where none of its machines was heard since the server began."""

    standing: WallStanding
    displays: tuple[DisplayShows, ...]
    scenes: tuple[str, ...]
    """Names of those that come ready and of those that were kept."""
    server_time: datetime


class WallDone(Message, frozen=True, tag="wall_done"):
    """It is a fact: how the wall stands now."""

    standing: WallStanding


class WallBoardIs(Message, frozen=True, tag="wall_board_is"):
    """Open incidents, the gravest first, and figures; as of a few seconds ago at most."""

    at: datetime
    incidents: tuple[WallIncident, ...]
    total: int
    """How many are open; of those only so many are told."""
    figures: WallFigures


WallReply = WallsAre | WallIs | WallDone | WallBoardIs
