"""A wall as the server tells of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from governance.kinds import Severity, State, Urgency
from governance.people import Officer, Role
from governance.wall import Content, Layout, Lease, PopUp, Slot, Wall, WallStanding
from governance.wall_board import DayCount, PostsOnDuty, WallFigures, WallIncident
from tests.fakes import situations
from wire.wall_requests import WallBoardIs

EYES = tuple(camera.id for camera in situations.cameras(4))


def standing(*slots: Slot, rev: int = 3, by: Officer | None = None, scene: str = "") -> WallStanding:
    """A wall `main` with these slots, side by side where they say nothing else; a clock where there are none."""
    laid = slots or (Slot(0, 0, 1, 1, Content.CLOCK),)
    columns = max(slot.left + slot.width for slot in laid)
    rows = max(slot.top + slot.height for slot in laid)
    lease = Lease(by.staff, by.post, "值班长", situations.NOW) if by is not None else None
    return WallStanding(Wall("main", "主屏", situations.DISTRICT), Layout(columns, rows, laid, scene, rev), lease)


def eye(number: int, left: int, top: int = 0) -> Slot:
    """A slot that shows a camera of the made-up district."""
    return Slot(left, top, 1, 1, Content.CAMERA, EYES[number])


def popped(stands: WallStanding, slot: int, camera: str, seconds: float = 60.0) -> WallStanding:
    """The same wall with a camera that came up."""
    until = situations.NOW + timedelta(seconds=seconds)
    return replace(stands, pop_ups=(PopUp(slot, camera, uuid4(), "01.01", "330104005051001", until),))


def board(count: int = 12) -> WallBoardIs:
    """Open incidents and the figures of a day."""
    leaves = [code for code, *_ in situations.LEAVES]
    communities = list(situations.COMMUNITIES)
    incidents = tuple(
        WallIncident(
            f"{communities[n % 6]}{n % 7 + 1:03d}",
            leaves[n % len(leaves)],
            Urgency(2 - min(n, 2)),
            Severity(n % 5),
            (State.REPORTED, State.DISPATCHED, State.HANDLING)[n % 3],
            3 + n % 2,
            situations.CENTRE,
            situations.NOW - timedelta(hours=n),
            situations.NOW + timedelta(minutes=40 * (n - 1)),
            n == 0,
        )
        for n in range(count)
    )
    today = situations.NOW.date()
    trend = tuple(DayCount(today - timedelta(days=6 - n), 30 + 7 * n, 28 + 5 * n) for n in range(7))
    posts = (PostsOnDuty(Role.DUTY_OFFICER, 2), PostsOnDuty(Role.LEADER, 1), PostsOnDuty(Role.SHIFT_LEAD, 1))
    figures = WallFigures(72, 58, 4, 1, count, 1421, 1600, 3702, 3790, posts, trend)
    return WallBoardIs(0, situations.NOW, incidents, count + 9, figures)
