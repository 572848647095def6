"""A draft of boundaries: the shapes of a mesh with what each area is called, edited together, undone together. One thread.

Every act either happens whole or raises NotAllowed and changes nothing. Steps are plain data, so that a journal can hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.editing import Editor
from gis_data.boundaries.edition import Area
from gis_data.boundaries.lattice import Lattice
from gis_data.boundaries.mesh import Mesh, NotAllowed, Patch, Point
from gis_data.boundaries.numbering import in_reading_order, numbered

_NOTHING = Patch({}, {})
SEQUENCE_DIGITS = 3
"""Digits of a grid's number within its community."""


@dataclass(frozen=True, slots=True)
class About:
    """What an area of a draft is called."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Step:
    """One act: what it did to the shapes and to what areas are called; None where an area was or is not there."""

    act: str
    patch: Patch = _NOTHING
    about: Mapping[int, tuple[About | None, About | None]] = field(default_factory=dict)

    @property
    def inverse(self) -> Step:
        """What takes it back."""
        return Step(self.act, self.patch.inverse, {area: (after, before) for area, (before, after) in self.about.items()})

    @property
    def touched(self) -> frozenset[int]:
        """Areas that are others now."""
        return self.patch.touched | frozenset(self.about)


class Draft:
    """An edition being drawn anew."""

    def __init__(self, areas: Sequence[Area], lattice: Lattice) -> None:
        """Begins with an edition whose areas cover theirs exactly; raises NotACoverage where they share no boundaries."""
        self.lattice = lattice
        shapes = np.array([area.shape for area in areas], dtype=object)
        self.mesh = Mesh.of(lattice.rounded(shapes))
        self.about = {k + 1: About(area.code, area.name, area.parent) for k, area in enumerate(areas)}
        self.done: list[Step] = []
        self.undone: list[Step] = []
        self._used = {about.code for about in self.about.values()}
        """Codes of areas there are and were: an area that is gone is not found again under its code as another."""
        self._own = _own_coordinates(shapes, lattice)
        self._editor = Editor(self.mesh)

    # ---- acts -----------------------------------------------------------------------------------------------------

    def move(self, arc: int, vertex: int, to: Point) -> Step:
        """Move a vertex."""
        return self._drawn("move", lambda: self._editor.move(arc, vertex, to))

    def insert(self, arc: int, after: int, at: Point) -> Step:
        """Put a vertex in."""
        return self._drawn("insert", lambda: self._editor.insert(arc, after, at))

    def delete(self, arc: int, vertex: int) -> Step:
        """Take a vertex out."""
        return self._drawn("delete", lambda: self._editor.delete(arc, vertex))

    def reshape(self, arc: int, inner: Sequence[Point]) -> Step:
        """Lead a boundary along other points, as along a road."""
        return self._drawn("reshape", lambda: self._editor.reshape(arc, inner))

    def divide(self, area: int, line: Sequence[Point], name: str = "") -> Step:
        """Divide an area; the part on the line's right gets the next free code of its community, and a name."""
        mine = self._about(area)
        code = self.free_code(mine.parent, mine.code)
        patch = self._editor.divide(area, line)
        (fresh,) = [number for number, (before, _) in patch.areas.items() if before is None]
        return self._did(Step("divide", patch, {fresh: (None, About(code, name or mine.name, mine.parent))}))

    def merge(self, area: int, other: int) -> Step:
        """Make one area of two of the same community; it keeps code and name of the first."""
        mine, its = self._about(area), self._about(other)
        if mine.parent != its.parent:
            raise NotAllowed("other_parent", area, other)
        return self._did(Step("merge", self._editor.merge(area, other), {other: (its, None)}))

    def call(self, area: int, code: str | None = None, name: str | None = None) -> Step:
        """Give an area another code or name; codes are each their own and begin with the parent's."""
        mine = self._about(area)
        wanted = replace(mine, code=mine.code if code is None else code, name=mine.name if name is None else name)
        if not wanted.name.strip():
            raise NotAllowed("no_name", area)
        if not wanted.code.startswith(wanted.parent) or not wanted.code.isdigit() or len(wanted.code) != len(mine.code):
            raise NotAllowed("code_wrong", area)
        if any(other != area and about.code == wanted.code for other, about in self.about.items()):
            raise NotAllowed("code_taken", area)
        return self._did(Step("call", _NOTHING, {area: (mine, wanted)}))

    def give_to(self, area: int, parent: str) -> Step:
        """Let an area belong to another community, with the next free code there."""
        mine = self._about(area)
        if parent == mine.parent:
            raise NotAllowed("itself", area)
        code = self.free_code(parent, mine.code)
        return self._did(Step("give", _NOTHING, {area: (mine, About(code, mine.name, parent))}))

    def renumber(self, parent: str) -> Step:
        """Number the areas of a community anew, in rows from north to south, in each from west to east."""
        areas = sorted(area for area, about in self.about.items() if about.parent == parent)
        if not areas:
            raise NotAllowed("no_area")
        shapes = self.mesh.polygons(areas)
        centres = shapely.get_coordinates(shapely.centroid(shapes)) / 1e3
        bounds = shapely.bounds(shapes) / 1e3
        order = in_reading_order(centres, float(np.median(bounds[:, 3] - bounds[:, 1])))
        codes = numbered(parent, order, SEQUENCE_DIGITS)
        pairs = {a: (self.about[a], replace(self.about[a], code=code)) for a, code in zip(areas, codes, strict=True)}
        changed = {area: pair for area, pair in pairs.items() if pair[0] != pair[1]}
        return self._did(Step("renumber", _NOTHING, changed))

    def undo(self) -> Step | None:
        """Take the last act back; None where nothing was done."""
        if not self.done:
            return None
        step = self.done.pop()
        self.apply(step.inverse)
        self.undone.append(step)
        return step.inverse

    def redo(self) -> Step | None:
        """Do again what was taken back last."""
        if not self.undone:
            return None
        step = self.undone.pop()
        self.apply(step)
        self.done.append(step)
        return step

    def replay(self, step: Step) -> None:
        """Do what a journal says was done."""
        self.apply(step)
        self.mesh.next_arc = max(self.mesh.next_arc, *(number + 1 for number in step.patch.arcs), 1)
        self.mesh.next_area = max(self.mesh.next_area, *(number + 1 for number in step.patch.areas), 1)
        self.done.append(step)
        self.undone.clear()

    # ---- what it is -----------------------------------------------------------------------------------------------

    def areas(self, only: Iterable[int] | None = None) -> list[Area]:
        """The areas, all of them or some, in the source's coordinates; vertices that were not moved are its own."""
        wanted = sorted(self.about if only is None else only)
        return [
            Area(self.about[area].code, self.about[area].name, self.about[area].parent, self._back(self.mesh.polygon(area)))
            for area in wanted
        ]

    def changed(self) -> frozenset[int]:
        """Areas that any act that still stands touched and that are there."""
        return frozenset().union(*(step.touched for step in self.done)) & frozenset(self.about)

    def free_code(self, parent: str, like: str) -> str:
        """The first code of a community that no area has or had, as long as another."""
        digits = len(like) - len(parent)
        if digits < 1 or not parent.isdigit():
            raise NotAllowed("code_wrong")
        for number in range(1, 10**digits):
            if (code := f"{parent}{number:0{digits}}") not in self._used:
                return code
        raise NotAllowed("no_code_left")

    def area_m2(self, area: int) -> float:
        """On the ellipsoid."""
        return self.lattice.area_m2(self.mesh.polygon(area))

    def apply(self, step: Step) -> None:
        """Make what a step says true."""
        self.mesh.apply(step.patch)
        for area, (_, after) in step.about.items():
            if after is None:
                self.about.pop(area, None)
            else:
                self.about[area] = after
                self._used.add(after.code)

    def _about(self, area: int) -> About:
        if area not in self.about:
            raise NotAllowed("no_area", area)
        return self.about[area]

    def _drawn(self, act: str, draw: Callable[[], Patch]) -> Step:
        return self._did(Step(act, draw()))

    def _did(self, step: Step) -> Step:
        """Note an act whose shapes are drawn already."""
        self.apply(replace(step, patch=_NOTHING))
        self.done.append(step)
        self.undone.clear()
        return step

    def _back(self, shape: shapely.Geometry) -> shapely.Geometry:
        def own(mm: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            there = self.lattice.source(mm)
            for k, point in enumerate(map(tuple, np.rint(mm).astype(np.int64).tolist())):
                if point in self._own:
                    there[k] = self._own[point]
            return there

        return shapely.transform(shape, own)


def _own_coordinates(shapes: npt.NDArray[np.object_], lattice: Lattice) -> dict[tuple[int, ...], tuple[float, ...]]:
    """The source's coordinates of each lattice point."""
    xy = shapely.get_coordinates(shapes)
    return dict(zip(map(tuple, lattice.whole(xy).tolist()), map(tuple, xy.tolist()), strict=True))
