"""Which grids have nobody: each has at least one worker or leader whose post is in force (domain model A.2)."""

from __future__ import annotations

from collections.abc import Iterable

from governance.people import Role, Worker

STAFF = frozenset({Role.GRID_WORKER, Role.GRID_LEADER})


def unstaffed(grids: Iterable[str], workers: Iterable[Worker]) -> tuple[str, ...]:
    """The codes of the grids that nobody is assigned to, in order; whether he is on duty now is another question."""
    staffed = {worker.grid for worker in workers if worker.role in STAFF}
    return tuple(sorted(set(grids) - staffed))
