"""What a file of grids would make of those in force: told before anything changes, and drawn where it is wanted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from gis_data.boundaries.check import Report, check
from gis_data.boundaries.crs import SHIFTED, SourceCrs
from gis_data.boundaries.edition import Area, Difference, difference
from gis_data.boundaries.files import BoundaryFile
from governance.places import CODE_DIGITS, Level, is_inside
from governance.refusal import Refused
from server.boundaries.checking import CRS, grids_in
from server.ledger.redivisions import AreaStands, Drawn

GRID = CODE_DIGITS[Level.GRID]


@dataclass(frozen=True, slots=True)
class Plan:
    """What bringing a file in would do."""

    area: str
    """Within which its grids lie."""
    report: Report
    """What is wrong with the file."""
    difference: Difference | None
    """None where something is wrong."""
    drawn: tuple[Drawn, ...]
    moved_m2: float
    """Ground that belongs to another grid afterwards."""


def plan(file: BoundaryFile, names: Sequence[str], before: Mapping[str, AreaStands], area: str) -> Plan:
    """The plan of a file whose features are grids with their codes; Refused where the codes are none of the area's.

    `names`: of the features; empty where the file has none, then known grids keep theirs. `area`: empty for the smallest area
    in which all codes of the file lie.
    """
    report = check(file.layer)
    codes = file.layer.codes
    wrong = [code for code in codes if len(code) != GRID or not code.isdecimal()]
    if wrong:
        raise Refused("codes_wrong", "code", grid=wrong[0][:20] or "-", count=str(len(wrong)))
    within = area or area_of_all(codes)
    if within not in before or not all(is_inside(code, within) for code in codes):
        raise Refused("codes_elsewhere", "area", area=within or "-")
    if report.defects:
        return Plan(within, report, None, (), 0.0)
    shapes = in_ledger(file.layer.shapes, file.layer.crs)
    old = grids_in(before, within)
    known = {each.code: each for each in old}
    new = [
        Area(
            code,
            name.strip() or (known[code].name if code in known else code[-3:]),
            code[: CODE_DIGITS[Level.COMMUNITY]],
            shape,
        )
        for code, name, shape in zip(codes, names or [""] * len(codes), shapes, strict=True)
    ]
    found = difference(
        [Area(each.code, each.name, each.parent, each.shape) for each in old if each.shape is not None], new, CRS
    )
    moved_m2 = sum(each.gained_m2 for each in found.reshaped)
    return Plan(within, report, found, tuple(_drawn(found, known, {each.code: each for each in new})), moved_m2)


def area_of_all(codes: Sequence[str]) -> str:
    """The smallest community, street or district in which all of these codes lie; empty where there is none."""
    first, last = min(codes, default=""), max(codes, default="")  # what these two share all between them share
    return next((first[:digits] for digits in (12, 9, 6) if len(first) >= digits and first[:digits] == last[:digits]), "")


def in_ledger(shapes: npt.NDArray[np.object_], crs: SourceCrs) -> list[shapely.Geometry]:
    """The same shapes in degrees of CGCS2000."""
    if crs.definition == CRS.definition and crs.name not in SHIFTED:
        return list(shapes)
    turned = np.asarray(shapely.transform(shapes, crs.to_wgs84 if crs.name in SHIFTED else crs.way_to(CRS)), dtype=object)
    return list(turned)


def _drawn(found: Difference, known: Mapping[str, AreaStands], new: Mapping[str, Area]) -> list[Drawn]:
    """Only what differs: the others keep their boundary to the last digit."""
    was = {fresh: code for code, fresh in found.recoded}
    touched = {*found.added, *(each.code for each in found.reshaped), *(code for code, _, _ in found.renamed), *was}
    touched |= {code for code, _, _ in found.moved}
    reshaped = {each.code for each in found.reshaped}
    drawn = []
    for code in sorted(touched):
        area, old = new[code], known.get(was.get(code, code))
        shape = area.shape if old is None or code in reshaped or old.shape is None else old.shape
        kind = old.kind if old is not None else next(iter(known.values())).kind
        drawn.append(Drawn(AreaStands(code, area.name, area.parent, Level.GRID, kind, shape), old.code if old else ""))
    gone = [Drawn(replace(known[code], shape=None), is_gone=True) for code in found.removed]
    return [*drawn, *gone]
