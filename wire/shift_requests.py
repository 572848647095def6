"""Requests about shifts and their replies: hand a shift over, take one over, open, close and plan one, the duty log.

Whatever changes something carries an order id: the same one again is answered the same and done once. Nothing of a
hand-over's paper is on the feed; it is asked for, and each post gets the items it may see.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from governance.handover_paper import Carried, Flow, HandoverItem
from governance.shift_log import LogLine, Member
from governance.shift_plans import LeadOffer
from governance.shifts import Handover, Shift, UnitShifts
from wire.message import Message


class BeginHandover(Message, frozen=True, tag="begin_handover"):
    """The hand-over of the shift of one's unit runs from now on; the shift keeps its powers."""

    order_id: UUID


class TakeBackHandover(Message, frozen=True, tag="take_back_handover"):
    """Call a hand-over off that nobody has signed."""

    order_id: UUID
    handover: UUID


class HandIn(Message, frozen=True, tag="hand_in"):
    """What only this desk knows: its unfinished drafts and shelved alarms; the last word counts until both have signed."""

    handover: UUID
    items: tuple[Carried, ...]


class HandOver(Message, frozen=True, tag="hand_over"):
    """出班: the lead who goes signs, with a summary in his words."""

    order_id: UUID
    handover: UUID
    summary: str


class TakeOver(Message, frozen=True, tag="take_over"):
    """接班: the lead who comes signs, with his own session (no login), or with login and password at another's desk."""

    order_id: UUID
    handover: UUID
    login: str = ""
    password: str = ""
    post: UUID | None = None
    """Where the account holds several posts that may lead a shift of the unit."""
    remark: str = ""


class OpenShift(Message, frozen=True, tag="open_shift"):
    """One's unit has a shift again: the planned one, or one of this name until then."""

    order_id: UUID
    name: str = ""
    ends_at: datetime | None = None


class CloseShift(Message, frozen=True, tag="close_shift"):
    """The shift of one's unit ends without another; the level above covers it."""

    order_id: UUID
    reason: str


class PlanShift(Message, frozen=True, tag="plan_shift"):
    """The shift that comes next, of one's unit or of one below it, and who is to lead it."""

    order_id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    unit: UUID | None = None
    lead: UUID | None = None
    """Nobody: whoever signs for it."""
    ends_current: bool = False
    """Whether the shift in force is to end when this one begins."""


class ChangeShift(Message, frozen=True, tag="change_shift"):
    """Another shift comes next instead of the one that was planned."""

    order_id: UUID
    shift: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    lead: UUID | None = None
    ends_current: bool = False


class CancelShift(Message, frozen=True, tag="cancel_shift"):
    """The planned shift falls away."""

    order_id: UUID
    shift: UUID
    reason: str


class ChangeLead(Message, frozen=True, tag="change_lead"):
    """Somebody else leads the shift in force; by its lead or the level above, with the reason in the duty log."""

    order_id: UUID
    shift: UUID
    lead: UUID
    reason: str


class ReadPlans(Message, frozen=True, tag="read_plans"):
    """How a unit stands, who may lead its shifts, and what would come next; without one, of one's own."""

    unit: UUID | None = None


class WriteDutyLog(Message, frozen=True, tag="write_duty_log"):
    """A line into the log of one's shift: note, instruction, callback, or done (`closes` names the line that is)."""

    order_id: UUID
    kind: str
    text: str
    incident: UUID | None = None
    closes: int | None = None


class ReadHandover(Message, frozen=True, tag="read_handover"):
    """The paper of a hand-over; without one, of the one that runs, or as it would be now."""

    handover: UUID | None = None


class ReadDutyLog(Message, frozen=True, tag="read_duty_log"):
    """The log of one's shift, or of another of one's unit, with who sits in it."""

    shift: UUID | None = None


ShiftRequest = (
    BeginHandover
    | TakeBackHandover
    | HandIn
    | HandOver
    | TakeOver
    | OpenShift
    | CloseShift
    | PlanShift
    | ChangeShift
    | CancelShift
    | ChangeLead
    | ReadPlans
    | WriteDutyLog
    | ReadHandover
    | ReadDutyLog
)


class ShiftDone(Message, frozen=True, tag="shift_done"):
    """It is a fact: what was made (shift or hand-over), and where the change stands on the feed, if it made one."""

    order_id: UUID
    made: UUID | None = None
    stream: str = ""
    number: int = 0


class PastHandover(msgspec.Struct, frozen=True):
    """One of the last hand-overs, by its shifts."""

    handover: Handover
    out_name: str
    in_name: str


class HandoverIs(Message, frozen=True, tag="handover_is"):
    """The paper: how the unit stands, the items one may see with their marks, the flow, words, and the last ten hand-overs."""

    standing: UnitShifts
    unit_name: str
    handover: Handover | None
    at: datetime
    """The moment the paper is of."""
    since: datetime | None
    """When the shift before was handed over; what is new is new since then."""
    items: tuple[HandoverItem, ...]
    flow: tuple[Flow, ...]
    summary: str = ""
    remark: str = ""
    past: tuple[PastHandover, ...] = ()


class DutyLogIs(Message, frozen=True, tag="duty_log_is"):
    """The log of a shift, who sat in it, and the units it covers."""

    shift: Shift
    lines: tuple[LogLine, ...]
    members: tuple[Member, ...]
    covered: tuple[str, ...] = ()


class PlanUnit(msgspec.Struct, frozen=True):
    """A unit whose shifts one may plan."""

    unit: UUID
    name: str


class PlansAre(Message, frozen=True, tag="plans_are"):
    """How a unit stands, and what may be planned for it."""

    unit: UUID
    units: tuple[PlanUnit, ...]
    """Those one may plan for, one's own first."""
    standing: UnitShifts
    leads: tuple[LeadOffer, ...]
    next: Shift
    """What would come next by the templates, where nothing is planned."""
    is_above: bool = False
    """Whether the post is of the level above the unit."""


ShiftReply = ShiftDone | HandoverIs | DutyLogIs | PlansAre
