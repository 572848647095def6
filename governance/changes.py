"""The facts that go on the feed: what became true, numbered per stream, one frozen class each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from governance.camera import Camera, CameraState
from governance.incident import (
    Approval,
    Assignment,
    Case,
    CheckTask,
    Cycle,
    Escalation,
    Feedback,
    Incident,
    Report,
    Step,
    Supervision,
    Timer,
)
from governance.people import Duty
from governance.shifts import UnitShifts
from governance.wall import WallStanding

DISTRICT_STREAM = "district"


@dataclass(frozen=True, slots=True)
class CaseChanged:
    """An incident moved: its state now, its small children whole, and what came to and left its reports and steps."""

    incident: Incident
    assignments: tuple[Assignment, ...]
    timers: tuple[Timer, ...]
    checks: tuple[CheckTask, ...]
    feedback: tuple[Feedback, ...]
    supervision: tuple[Supervision, ...]
    escalations: tuple[Escalation, ...]
    reports_added: tuple[Report, ...]
    steps_added: tuple[Step, ...]
    approvals: tuple[Approval, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    reports_gone: tuple[UUID, ...] = ()
    """Reports that went to the incident it was merged into, or back from there."""

    @staticmethod
    def between(before: Case | None, after: Case) -> CaseChanged:
        """The change that leads from one version of a case (None: it did not exist) to the next."""
        known = {report.id for report in before.reports} if before else set()
        kept = {report.id for report in after.reports}
        return CaseChanged(
            after.incident,
            after.assignments,
            after.timers,
            after.checks,
            after.feedback,
            after.supervision,
            after.escalations,
            tuple(report for report in after.reports if report.id not in known),
            after.steps[len(before.steps) if before else 0 :],
            after.approvals,
            after.cycles,
            tuple(report.id for report in before.reports if report.id not in kept) if before else (),
        )

    @property
    def is_whole(self) -> bool:
        """Whether it holds all of the incident: a new one, or one that came into this stream from another."""
        return bool(self.steps_added) and self.steps_added[0].seq == 1

    def applied_to(self, before: Case | None) -> Case:
        """The case after this change; ValueError where `before` is not the version it was made from."""
        if self.is_whole:
            before = None
        reports = tuple(r for r in before.reports if r.id not in set(self.reports_gone)) if before else ()
        steps = before.steps if before else ()
        if self.steps_added and self.steps_added[0].seq != len(steps) + 1:
            raise ValueError(f"step {self.steps_added[0].seq} does not follow {len(steps)}")
        return Case(
            self.incident,
            reports + self.reports_added,
            self.assignments,
            self.timers,
            self.checks,
            self.feedback,
            self.supervision,
            self.escalations,
            steps + self.steps_added,
            self.approvals,
            self.cycles,
        )


@dataclass(frozen=True, slots=True)
class CaseGone:
    """An incident left this stream for another: its street, its confidentiality or who is to work on it is another now.

    Who hears the other stream too has it from there whole; a version known already that is as new or newer stays.
    """

    incident: UUID
    version: int
    """The version that it has in the other stream."""


@dataclass(frozen=True, slots=True)
class WorkerChanged:
    """A worker came on or off duty, got or finished a task, was lost or came back."""

    worker: UUID
    duty: Duty
    live_tasks: int
    declined_today: int


@dataclass(frozen=True, slots=True)
class CameraChanged:
    """A camera went off, came back or is faulty; it is new or described anew; or this stream tells no more of it.

    Who hears several streams keeps the newest version, whichever comes first.
    """

    camera: str
    state: CameraState
    version: int = 0
    """Of what is said here; a state is that of the version it names, and of any where it names none."""
    whole: Camera | None = None
    """The camera as it is now, where more than its state changed."""
    is_gone: bool = False
    """It was retired, or another stream has it from this version on."""


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """New rules are in force: fetch them with a fresh snapshot."""

    version: int


@dataclass(frozen=True, slots=True)
class EditionChanged:
    """A new boundary edition or town is in force: fetch its packs."""

    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class ShiftChanged:
    """A shift opened, began to hand over, was signed for or closed: how its unit stands now, whole."""

    standing: UnitShifts


@dataclass(frozen=True, slots=True)
class WallChanged:
    """A display wall shows something else, is controlled by another, or has something popped up: how it stands now, whole."""

    standing: WallStanding


Fact = CaseChanged | CaseGone | WorkerChanged | CameraChanged | RulesChanged | EditionChanged | ShiftChanged | WallChanged

FACTS: dict[str, type] = {
    "case": CaseChanged,
    "gone": CaseGone,
    "worker": WorkerChanged,
    "camera": CameraChanged,
    "rules": RulesChanged,
    "edition": EditionChanged,
    "shift": ShiftChanged,
    "wall": WallChanged,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One committed fact with its place in its stream."""

    stream: str
    """Named by `stream_of`, `around_of`, `cameras_of` or governance.audience."""
    number: int
    """1, 2, 3, ... within the stream, in commit order, without holes."""
    at: datetime
    order_id: UUID | None
    """The order that caused it, so that its sender can take 'pending' away."""
    fact: Fact


def stream_of(area: str, clearance: int) -> str:
    """The stream of the cases of an area code (a street or anything inside one; the district otherwise) and a clearance."""
    return f"{area[:9] if len(area) >= 9 else DISTRICT_STREAM}/{clearance}"


def cameras_of(area: str, share_level: int) -> str:
    """The stream of the cameras of an area code that are shared up to a level: for those alone who may see them."""
    return f"cameras/{stream_of(area, share_level)}"


def around_of(area: str, clearance: int) -> str:
    """The stream of what surrounds the cases of an area: workers, shifts, rules."""
    return f"around/{stream_of(area, clearance)}"
