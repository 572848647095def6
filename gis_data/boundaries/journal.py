"""A draft's steps on disk, one line each, so that a draft survives whatever happens to the program or the machine.

A line is written and flushed to the disk before the next act. The last line may be half written when the machine stops: it
is left out, and the rest is there.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gis_data.boundaries.drafting import About, Draft, Step
from gis_data.boundaries.mesh import Arc, Patch

UNDO, REDO = "undo", "redo"


class BadJournal(ValueError):
    """A journal that belongs to other boundaries, or that is damaged before its last line: `line` counts from 1."""

    def __init__(self, reason: str, line: int) -> None:
        """One reason and where."""
        super().__init__(f"line {line}: {reason}")
        self.reason, self.line = reason, line


@dataclass(slots=True)
class Journal:
    """A file of steps; one writer."""

    path: Path

    def begin(self, basis: str) -> None:
        """A new journal over boundaries that are called so, such as the digest of an edition."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and b"\n" not in self.path.read_bytes():
            self.path.unlink()  # the machine stopped before its first line was whole
        with self.path.open("xb") as file:
            _put(file, {"basis": basis})

    def write(self, step: Step | str) -> None:
        """Add a step, UNDO or REDO; OSError where the disk takes none, and then the journal is as it was."""
        with self.path.open("ab", buffering=0) as file:
            _put(file, {"act": step} if isinstance(step, str) else as_json(step))

    def read_into(self, draft: Draft, basis: str) -> int:
        """Do all that is written with a fresh draft; how many lines there were. Raises BadJournal."""
        raw = self.path.read_bytes()
        lines = raw.split(b"\n")
        whole = lines[:-1]
        if not whole:
            raise BadJournal("no_beginning", 1)
        if len(raw) and lines[-1]:
            with self.path.open("rb+") as file:  # half a line: the machine stopped in the middle of it
                file.truncate(len(raw) - len(lines[-1]))
        for number, line in enumerate(whole, start=1):
            try:
                self._do(draft, json.loads(line), basis, number)
            except (ValueError, KeyError, TypeError, IndexError, AttributeError) as problem:
                if isinstance(problem, BadJournal):
                    raise
                raise BadJournal("damaged", number) from problem
        return len(whole)

    @staticmethod
    def _do(draft: Draft, said: dict[str, Any], basis: str, number: int) -> None:
        if number == 1:
            if said["basis"] != basis:
                raise BadJournal("other_boundaries", number)
        elif said["act"] == UNDO:
            draft.undo()
        elif said["act"] == REDO:
            draft.redo()
        else:
            draft.replay(of_json(said))


def _put(file: Any, said: dict[str, Any]) -> None:
    before = file.seek(0, os.SEEK_END)
    try:
        file.write(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    except OSError:
        os.truncate(file.fileno(), before)  # a disk that is full leaves no half a line for the next one to go on
        raise


def as_json(step: Step) -> dict[str, Any]:
    """A step as plain data."""
    return {
        "act": step.act,
        "arcs": {str(number): [_arc(before), _arc(after)] for number, (before, after) in step.patch.arcs.items()},
        "areas": {str(area): [before, after] for area, (before, after) in step.patch.areas.items()},
        "about": {str(area): [_called(before), _called(after)] for area, (before, after) in step.about.items()},
    }


def of_json(said: dict[str, Any]) -> Step:
    """The step of plain data; KeyError, ValueError or TypeError where it is none."""
    arcs = {int(number): (_of_arc(pair[0]), _of_arc(pair[1])) for number, pair in said["arcs"].items()}
    areas = {int(area): (_of_rings(pair[0]), _of_rings(pair[1])) for area, pair in said["areas"].items()}
    about = {int(area): (_of_called(pair[0]), _of_called(pair[1])) for area, pair in said["about"].items()}
    return Step(str(said["act"]), Patch(arcs, areas), about)


def _arc(arc: Arc | None) -> list[Any] | None:
    return None if arc is None else [arc.left, arc.right, [coordinate for point in arc.points for coordinate in point]]


def _of_arc(said: list[Any] | None) -> Arc | None:
    if said is None:
        return None
    left, right, flat = said
    points = tuple((int(x), int(y)) for x, y in zip(flat[::2], flat[1::2], strict=True))
    return Arc(points, int(left), int(right))


def _of_rings(said: list[Any] | None) -> tuple[tuple[int, ...], ...] | None:
    return None if said is None else tuple(tuple(int(signed) for signed in ring) for ring in said)


def _called(about: About | None) -> list[str] | None:
    return None if about is None else [about.code, about.name, about.parent]


def _of_called(said: list[str] | None) -> About | None:
    if said is None:
        return None
    code, name, parent = said
    return About(code, name, parent)
