"""What cameras are gathered by: trees of departments, places, routes and plans; a camera is in many of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from governance.camera import GroupKind
from server.ledger.ids import new_id
from server.ledger.ledger import Connection

GroupPath = tuple[str, ...]
"""The names on the way down to a group."""


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group with what is in it, those under it included."""

    kind: GroupKind
    path: GroupPath
    cameras: int
    online: int


def memberships(connection: Connection) -> dict[tuple[str, GroupKind], tuple[GroupPath, ...]]:
    """Camera and kind -> the paths of the groups it is in, in their order."""
    paths = _paths(connection)
    found: dict[tuple[str, GroupKind], list[GroupPath]] = defaultdict(list)
    for group, camera in connection.execute("SELECT camera_group, camera FROM camera_membership").fetchall():
        kind, path = paths[group]
        found[camera, kind].append(path)
    return {key: tuple(sorted(of)) for key, of in found.items()}


def set_memberships(connection: Connection, wanted: Mapping[tuple[str, GroupKind], tuple[GroupPath, ...]]) -> None:
    """These cameras are in exactly these groups of these kinds; groups are made, and those nobody is in any more go."""
    known = {found: group for group, found in _paths(connection).items()}
    for (camera, kind), of in wanted.items():
        connection.execute(
            "DELETE FROM camera_membership m USING camera_group g WHERE g.id = m.camera_group AND m.camera = %s "
            "AND g.kind = %s",
            (camera, kind.value),
        )
        for path in of:
            group = _made(connection, known, kind, path)
            connection.execute("INSERT INTO camera_membership (camera_group, camera) VALUES (%s, %s)", (group, camera))
    _clear(connection)


def tree(connection: Connection, kind: GroupKind | None = None) -> list[GroupLine]:
    """Every group, from the top down by name, with how many cameras it gathers and how many of them are online."""
    paths = _paths(connection)
    gathered: dict[tuple[GroupKind, GroupPath], dict[str, bool]] = {found: {} for found in paths.values()}
    rows = connection.execute(
        "SELECT m.camera_group, c.id, c.state = 'online' FROM camera_membership m JOIN camera c ON c.id = m.camera "
        "WHERE c.retired_at IS NULL"
    )
    for group, camera, is_online in rows.fetchall():
        of, path = paths[group]
        for depth in range(1, len(path) + 1):
            gathered[of, path[:depth]][camera] = is_online
    lines = [GroupLine(of, path, len(cameras), sum(cameras.values())) for (of, path), cameras in gathered.items()]
    order = list(GroupKind)
    return sorted((line for line in lines if kind in (None, line.kind)), key=lambda line: (order.index(line.kind), line.path))


def _paths(connection: Connection) -> dict[UUID, tuple[GroupKind, GroupPath]]:
    """Every group with its kind and the names down to it."""
    rows = connection.execute(
        "WITH RECURSIVE down AS (SELECT id, kind, ARRAY[name] AS path FROM camera_group WHERE parent IS NULL UNION ALL "
        "SELECT g.id, g.kind, down.path || g.name FROM camera_group g JOIN down ON g.parent = down.id) "
        "SELECT id, kind, path FROM down"
    )
    return {group: (GroupKind(kind), tuple(path)) for group, kind, path in rows.fetchall()}


def _made(connection: Connection, known: dict[tuple[GroupKind, GroupPath], UUID], kind: GroupKind, path: GroupPath) -> UUID:
    """The group of a path, made with those above it where it was not there."""
    group = known.get((kind, path))
    if group is None:
        parent = _made(connection, known, kind, path[:-1]) if len(path) > 1 else None
        group = known[kind, path] = new_id()
        connection.execute(
            "INSERT INTO camera_group (id, kind, parent, name) VALUES (%s, %s, %s, %s)", (group, kind.value, parent, path[-1])
        )
    return group


def _clear(connection: Connection) -> None:
    """Groups with nobody in them and none under them go, from below."""
    while connection.execute(
        "DELETE FROM camera_group g WHERE NOT EXISTS (SELECT FROM camera_membership m WHERE m.camera_group = g.id) "
        "AND NOT EXISTS (SELECT FROM camera_group u WHERE u.parent = g.id)"
    ).rowcount:
        pass
