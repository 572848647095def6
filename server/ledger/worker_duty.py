"""What workers are doing now: live tasks follow assignments, duty follows sign-on, positions and silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from governance.changes import Fact, WorkerChanged, around_of
from governance.incident import Assignment, AssignmentState, Case
from governance.people import Duty
from server.ledger import change_log
from server.ledger.ledger import Connection, Ledger
from server.ledger.local_day import local_day

WORKER_CLEARANCE = 1
"""The class of a worker's name and duty: internal."""

_COUNTED = (
    "UPDATE worker_live l SET live_tasks = l.live_tasks + %(tasks)s, "
    "duty = CASE WHEN l.duty NOT IN ('on_duty', 'on_task', 'on_call') THEN l.duty "
    "WHEN l.live_tasks + %(tasks)s > 0 THEN 'on_task' WHEN l.is_on_call THEN 'on_call' ELSE 'on_duty' END, "
    "declined = CASE WHEN %(declined)s = 0 THEN l.declined WHEN l.declined_on = %(day)s THEN l.declined + %(declined)s "
    "ELSE %(declined)s END, "
    "declined_on = CASE WHEN %(declined)s = 0 THEN l.declined_on ELSE %(day)s END "
    "FROM worker w WHERE w.staff = l.worker AND l.worker = %(worker)s "
    "RETURNING l.duty, l.live_tasks, CASE WHEN l.declined_on = %(day)s THEN l.declined ELSE 0 END, w.grid_code"
)
_SET = (
    "UPDATE worker_live l SET duty = CASE WHEN %(duty)s NOT IN ('on_duty', 'on_call') THEN %(duty)s "
    "WHEN l.live_tasks > 0 THEN 'on_task' WHEN l.is_on_call THEN 'on_call' ELSE %(duty)s END, "
    "is_on_call = l.is_on_call AND %(duty)s <> 'off' OR %(duty)s = 'on_call' "
    "FROM worker w WHERE w.staff = l.worker AND l.worker = %(worker)s AND l.duty <> %(duty)s "
    "AND NOT (%(duty)s = 'on_duty' AND l.duty IN ('on_task', 'on_call')) "
    "RETURNING l.duty, l.live_tasks, CASE WHEN l.declined_on = %(day)s THEN l.declined ELSE 0 END, w.grid_code"
)


def follow(connection: Connection, moved: Sequence[tuple[Case | None, Case]], now: datetime) -> list[tuple[str, Fact]]:
    """Workers count their live tasks and refusals as the cases left them; the facts that tell of it, by stream.

    The cases of one order all at once, before and after: workers are locked in one order for all, or two orders would
    wait for each other.
    """
    tasks: dict[UUID, int] = {}
    declined: dict[UUID, int] = {}
    for before, after in moved:
        old = {a.id: a for a in before.assignments} if before else {}
        for new in after.assignments:
            earlier = old.get(new.id)
            tasks[new.worker] = tasks.get(new.worker, 0) + _live(new) - _live(earlier)
            was_declined = earlier is not None and earlier.state is AssignmentState.DECLINED
            if new.state is AssignmentState.DECLINED and not was_declined:
                declined[new.worker] = declined.get(new.worker, 0) + 1
    wanted = [
        {"tasks": tasks[worker], "declined": declined.get(worker, 0), "day": local_day(now), "worker": worker}
        for worker in sorted(tasks)
        if tasks[worker] or worker in declined
    ]
    return _told(connection, _COUNTED, wanted)


def set_duty(ledger: Ledger, duties: Mapping[UUID, Duty], now: datetime) -> int:
    """Workers sign on or off, are lost or found again, in one transaction; how many changed."""
    with ledger.transaction() as connection:
        day = local_day(now)
        wanted = [{"duty": duties[worker].value, "day": day, "worker": worker} for worker in sorted(duties)]
        facts = _told(connection, _SET, wanted)
        change_log.append(connection, facts, None, now)
        return len(facts)


def _live(assignment: Assignment | None) -> int:
    return int(assignment is not None and assignment.is_live)


def _told(connection: Connection, statement: str, wanted: Sequence[Mapping[str, Any]]) -> list[tuple[str, Fact]]:
    """The facts of the rows a statement changed, one run for each set of values; in a pipeline they go out together."""
    sent = [(values["worker"], connection.execute(statement, values)) for values in wanted]
    return [
        (around_of(grid, WORKER_CLEARANCE), WorkerChanged(worker, Duty(duty), live, declined))
        for worker, cursor in sent
        for duty, live, declined, grid in cursor.fetchall()
    ]
