"""Cameras as a tree: by place, by whose they are, and by whatever else they are gathered by; pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from governance.camera import Camera

STREET_DIGITS, COMMUNITY_DIGITS = 9, 12


@dataclass(frozen=True, slots=True)
class Group:
    """A branch: its name, the branches below it, and the ids of the cameras right in it."""

    name: str
    groups: tuple[Group, ...] = ()
    cameras: tuple[str, ...] = ()

    def all(self) -> tuple[str, ...]:
        """Every camera in it and below, each once, in the order of the tree."""
        below = [camera for group in self.groups for camera in group.all()]
        return tuple(dict.fromkeys([*below, *self.cameras]))

    def only(self, wanted: Collection[str]) -> Group | None:
        """The branch with those cameras alone; None where it has none of them."""
        groups = tuple(kept for group in self.groups if (kept := group.only(wanted)) is not None)
        cameras = tuple(camera for camera in self.cameras if camera in wanted)
        return replace(self, groups=groups, cameras=cameras) if groups or cameras else None


def by_place(cameras: Iterable[Camera], names: Mapping[str, str], elsewhere: str) -> tuple[Group, ...]:
    """Streets, and in them communities; `names` by code. What lies in no street with a name stands last, under `elsewhere`."""
    paths = []
    for camera in cameras:
        street, community = names.get(camera.grid[:STREET_DIGITS], ""), names.get(camera.grid[:COMMUNITY_DIGITS], "")
        paths.append((tuple(part for part in (street, community) if part) or (elsewhere,), camera))
    ordered = sorted(paths, key=lambda each: (each[0] == (elsewhere,), each[1].grid[:COMMUNITY_DIGITS], each[1].id))
    return of_paths((path, (camera.id,)) for path, camera in ordered)


def by_owner(cameras: Iterable[Camera], names: Mapping[str, str], elsewhere: str) -> tuple[Group, ...]:
    """Whose they are, and in that streets."""
    ordered = sorted(cameras, key=lambda camera: (camera.owner, camera.grid[:STREET_DIGITS], camera.id))
    return of_paths(
        ((each.owner or elsewhere, names.get(each.grid[:STREET_DIGITS], elsewhere)), (each.id,)) for each in ordered
    )


def of_paths(paths: Iterable[tuple[Sequence[str], Sequence[str]]]) -> tuple[Group, ...]:
    """A tree out of paths of names from the top down, each with the cameras right in it; branches stand as they first come."""
    root = _Branch()
    for path, cameras in paths:
        branch = root
        for name in path:
            branch = branch.below.setdefault(name, _Branch())
        branch.cameras.update(dict.fromkeys(cameras))
    return root.groups()


class _Branch:
    def __init__(self) -> None:
        self.below: dict[str, _Branch] = {}
        self.cameras: dict[str, None] = {}

    def groups(self) -> tuple[Group, ...]:
        return tuple(Group(name, branch.groups(), tuple(branch.cameras)) for name, branch in self.below.items())
